"""Sources -> one SQLite file: atomically, with progress, found again by the hash of what it was made of."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gazetteer import additions
from gazetteer.add import Adding, AddReport
from gazetteer.build import BATCH, Batch, Builder
from gazetteer.errors import GazetteerBuildError, GazetteerError, GazetteerNotFound
from gazetteer.lock import held
from gazetteer.place import SourceInfo
from gazetteer.schema import APPLICATION_ID, VERSION
from gazetteer.sources import extracts
from gazetteer.store import Gazetteer

Progress = Callable[[str, int, int], None]
"""Called with a word for the step, what is done and what there is to do (0 when unknown)."""


UNUSED_S = 3600.0
"""A compiled default of other data or another version is removed when no program has asked for it so long."""


def default_path(call: str = "") -> Path:
    """Return where the compiled default gazetteer lies: in the user's cache, named by its content.

    ``call`` is the name of a call of ``add`` whose files are not kept yet.
    """
    from platformdirs import user_cache_dir

    folder = Path(user_cache_dir("mapper", appauthor=False))
    added = additions.fingerprint(call)
    name = f"gazetteer-v{VERSION}-{extracts.fingerprint()[:16]}" + (f"-{added[:12]}" if added else "")
    return folder / f"{name}.sqlite"


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
    """Return a compiled gazetteer, compiling the default one when it is not there yet.

    When another program is compiling it, wait for that.
    """
    found = resolve_path(path)
    if found.is_file():
        if found == default_path():
            with suppress(OSError):
                os.utime(found)
        return found
    with held(found, _say_waiting):
        return found if found.is_file() else build(found, progress)


def build(path: Path | None = None, progress: Progress | None = None) -> Path:
    """Compile the extracts that ship with the package into ``path``.

    Without a path the default gazetteer is compiled: the extracts, with the files that were added to it.
    """
    default = default_path()
    path = path or default
    report = progress or bar("Compiling the gazetteer, once for this version")
    kept = additions.files() if path == default else []
    # Without its additions a file must not bear the default's name, not even for a moment.
    target = path.with_name(f".{path.name}.part-base") if kept else path
    with writing(target) as builder:
        tables = extracts.read_extracts()
        total = tables.places.num_rows
        for batch in batches(tables):
            builder.add(batch)
            report("reading places", builder.places, total)
        del tables
        finish(builder, extracts.source_infos(), report)
    if kept:
        try:
            _rewrite(target, path, kept, report)
        finally:
            target.unlink(missing_ok=True)
    else:
        report("", builder.places, builder.places)
    if path == default:
        tidy(path)
    return path


def add(path: Path | str, files: Sequence[Path | str], progress: Progress | None = None) -> AddReport:
    """Add files of places to the compiled gazetteer at ``path``.

    The old file stays whole until the new one is done. Additions to the default gazetteer are kept and
    outlive its updates (see `gazetteer.additions`); its name changes with them: the report has the new path.

    Parameters
    ----------
    path
        A compiled gazetteer; it is replaced by one that holds the new places too.
    files
        GeoNames dumps (places, alternateNamesV2, hierarchy, admin1Codes, admin2Codes; .txt or .zip), OSM
        extracts, CSV, GeoJSON, GeoPackage. Files that belong together (a dump and its alternate names) go in
        one call.

    Raises
    ------
    GazetteerNotFound, GazetteerFormatError, GazetteerBuildError
        When a file is missing, is of no known kind, or the gazetteer cannot be written. Broken rows raise
        nothing: they are in the report.
    """
    path = Path(path)
    paths = [Path(file) for file in files]
    report = progress or bar("Adding to the gazetteer")
    if path != default_path():
        with held(path, _say_waiting):
            return _rewrite(path, path, paths, report)
    with held(path, _say_waiting), additions.keeping(paths) as call:
        return _rewrite(path, default_path(call), paths, report)


def _rewrite(old_path: Path, path: Path, files: Sequence[Path], report: Progress) -> AddReport:
    with Gazetteer.open(old_path) as old, writing(path) as builder:
        run = Adding(builder, old, report)
        run.run(files)
        finish(builder, run.infos(), report)
    report("", builder.places, builder.places)
    return AddReport(path, run.rows, run.merged, run.names, tuple(run.broken.rows), run.broken.count)


def tidy(path: Path) -> None:
    """Remove the compiled defaults beside ``path`` that nobody uses, and what broken runs left behind."""
    now = time.time()
    for other in [*path.parent.glob("gazetteer-v*.sqlite*"), *path.parent.glob(".gazetteer-v*.part*")]:
        with suppress(OSError):
            if not other.name.startswith(path.name) and now - other.stat().st_mtime > UNUSED_S:
                other.unlink()


def _say_waiting() -> None:
    print("Another program is compiling the gazetteer; waiting for it.", file=sys.stderr, flush=True)


def bar(title: str) -> Progress:
    """Return a progress bar on stderr; without a terminal, a line at the start and one at the end.

    A step of "" ends it.
    """
    if not sys.stderr.isatty():
        print(f"{title} ...", file=sys.stderr, flush=True)

        def say(step: str, done: int, total: int) -> None:
            if not step:
                print(f"{title}: done, {done:,} places.", file=sys.stderr, flush=True)

        return say
    from tqdm import tqdm

    state: dict[str, Any] = {}

    def report(step: str, done: int, total: int) -> None:
        if state.get("step") != step:
            if state:
                state["bar"].close()
            state["step"] = step
            if step:
                state["bar"] = tqdm(desc=f"{title}: {step}", total=total or None, unit=" places", leave=False)
        if step:
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
    part, stage = Path(name), Path(f"{name}.stage")
    try:
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            connection.execute("PRAGMA page_size=8192")
            builder = Builder(connection, stage)
            connection.execute("BEGIN")
            try:
                yield builder
            finally:
                builder.close()
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
        stage.unlink(missing_ok=True)


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
