"""Sources -> one SQLite file: atomically, with progress, found again by the hash of what it was made of."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gazetteer.add import Adding, AddReport
from gazetteer.build import BATCH, Batch, Builder
from gazetteer.errors import GazetteerBuildError, GazetteerError, GazetteerNotFound
from gazetteer.place import SourceInfo
from gazetteer.schema import APPLICATION_ID, VERSION
from gazetteer.sources import extracts
from gazetteer.store import Gazetteer

Progress = Callable[[str, int, int], None]
"""Called with a word for the step, what is done and what there is to do (0 when unknown)."""


def default_path() -> Path:
    """Return where the compiled default gazetteer lies: in the user's cache, named by its content."""
    from platformdirs import user_cache_dir

    folder = Path(user_cache_dir("mapper", appauthor=False))
    return folder / f"gazetteer-v{VERSION}-{extracts.fingerprint()[:16]}.sqlite"


def resolve_path(explicit: Path | str | None = None) -> Path:
    """Return the gazetteer to use: ``explicit``, else ``MAPPER_GAZETTEER``, else the default.

    Raises
    ------
    GazetteerNotFound
        When a file was named that does not exist.
    """
    named = explicit or os.environ.get("MAPPER_GAZETTEER")
    if not named:
        return default_path()
    path = Path(named).expanduser()
    if not path.is_file():
        raise GazetteerNotFound(
            f"There is no gazetteer at {path}: mend the path, or leave it out to use mapper's own."
        )
    return path


def ensure(path: Path | str | None = None, progress: Progress | None = None) -> Path:
    """Return a compiled gazetteer, compiling the default one when it is not there yet."""
    found = resolve_path(path)
    return found if found.is_file() else build(found, progress)


def build(path: Path | None = None, progress: Progress | None = None) -> Path:
    """Compile the extracts that ship with the package into ``path`` (the default path when None)."""
    path = path or default_path()
    report = progress or bar()
    with writing(path) as builder:
        tables = extracts.read_extracts()
        total = tables.places.num_rows
        for batch in batches(tables):
            builder.add(batch)
            report("reading places", builder.places, total)
        finish(builder, extracts.source_infos(), report)
    return path


def add(path: Path | str, files: Sequence[Path | str], progress: Progress | None = None) -> AddReport:
    """Add files of places to the compiled gazetteer at ``path``.

    The old file stays whole until the new one is done.

    Parameters
    ----------
    path
        A compiled gazetteer; it is replaced by one that holds the new places too.
    files
        GeoNames dumps (places, alternateNamesV2, hierarchy, admin2Codes; .txt or .zip), OSM extracts, CSV,
        GeoJSON, GeoPackage. Files that belong together (a dump and its alternate names) go in one call.

    Raises
    ------
    GazetteerNotFound, GazetteerFormatError, GazetteerBuildError
        When a file is missing, is of no known kind, or the gazetteer cannot be written. Broken rows raise
        nothing: they are in the report.
    """
    path = Path(path)
    report = progress or bar()
    with Gazetteer.open(path) as old, writing(path) as builder:
        run = Adding(builder, old, report)
        run.run([Path(file) for file in files])
        finish(builder, run.infos(), report)
        return AddReport(path, run.rows, run.merged, run.names, tuple(run.broken.rows), run.broken.count)


def bar() -> Progress:
    """Return a progress bar on stderr."""
    from tqdm import tqdm

    state: dict[str, Any] = {}

    def report(step: str, done: int, total: int) -> None:
        if state.get("step") != step:
            if state:
                state["bar"].close()
            state.update(
                step=step,
                bar=tqdm(desc=f"gazetteer: {step}", total=total or None, unit=" places", leave=False),
            )
        state["bar"].n = done
        state["bar"].refresh()

    return report


@contextmanager
def writing(path: Path) -> Iterator[Builder]:
    """Give a builder on a temporary file beside ``path`` and rename it at the end.

    Whatever interrupts the work, the file that stood at ``path`` stays whole.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise GazetteerBuildError(
            f"The gazetteer cannot be written to {path.parent} ({error.strerror}): name another file."
        ) from error
    part = Path(name)
    try:
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            connection.execute("PRAGMA page_size=8192")
            builder = Builder(connection)
            connection.execute("BEGIN")
            yield builder
            connection.execute("COMMIT")
        finally:
            connection.close()
        os.replace(part, path)
    except GazetteerError:
        raise
    except (sqlite3.Error, OSError) as error:
        raise GazetteerBuildError(f"The gazetteer could not be written to {path}: {error}.") from error
    finally:
        part.unlink(missing_ok=True)


def finish(builder: Builder, sources: Sequence[SourceInfo], report: Progress) -> None:
    """Sort the tables, write the sources and the seal."""
    steps = iter(range(1, 100))
    builder.finish(lambda step: report(f"sorting {step}", next(steps), 0))
    numbers = builder.sources
    known = {info.source: info for info in sources}
    counts = dict(builder.db.execute("SELECT source, count(*) FROM place GROUP BY source"))
    for number, source in enumerate([*numbers, *(s for s in known if s not in numbers)]):
        info = known.get(source) or SourceInfo(source, "", "", "", "", 0)
        rows = counts.get(number, 0) if source in numbers else info.rows
        extra = json.dumps(info.extra, sort_keys=True)
        builder.db.execute(
            "INSERT INTO source VALUES (?,?,?,?,?,?,?,?)",
            (number, source, info.version, info.licence, info.attribution, info.url, rows, extra),
        )
    names = builder.db.execute("SELECT count(*) FROM name").fetchone()[0]
    meta = {"places": str(builder.places), "names": str(names), "version": str(VERSION)}
    builder.db.executemany("INSERT INTO meta VALUES (?,?)", sorted(meta.items()))
    builder.db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    builder.db.execute(f"PRAGMA user_version={VERSION}")


def batches(tables: extracts.Extracts) -> Iterator[Batch]:
    """Cut the extracts into batches of columns."""
    import numpy as np

    names = tables.names
    place = names["place"].to_numpy()
    if len(place) > 1 and (place[1:] < place[:-1]).any():
        order = np.argsort(place, kind="stable")
        names, place = names.take(order), place[order]
    shapes = tables.geometry
    shape_place = shapes["place"].to_numpy()
    for start in range(0, tables.places.num_rows, BATCH):
        part = tables.places.slice(start, BATCH)
        low, high = np.searchsorted(place, [start, start + BATCH])
        some = names.slice(low, high - low)
        column = {name: part[name].to_pylist() for name in part.column_names}
        inside = np.flatnonzero((shape_place >= start) & (shape_place < start + BATCH))
        yield Batch(
            sid=column["id"],
            name=column["name"],
            lat=column["lat"],
            lon=column["lon"],
            radius=_filled(column["radius_m"], 0.0),
            feature=column["feature"],
            country=_filled(column["country"], ""),
            admin1=_filled(column["admin1"], ""),
            admin2=_filled(column["admin2"], ""),
            population=_filled(column["population"], 0),
            parent=_filled(column["parent"], ""),
            source=_filled(column["source"], ""),
            name_place=(place[low:high] - start).tolist(),
            name_text=some["text"].to_pylist(),
            name_kind=some["kind"].to_pylist(),
            name_language=_filled(some["language"].to_pylist(), ""),
            shapes=[(int(shape_place[i]) - start, shapes["wkb"][int(i)].as_py()) for i in inside],
        )


def _filled(values: list[Any], empty: Any) -> list[Any]:
    return [empty if value is None else value for value in values]
