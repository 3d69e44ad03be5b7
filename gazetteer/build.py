"""Columns of places and names -> the tables of the file, in bounded memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from gazetteer.place import SourcePlace
from gazetteer.schema import (
    BASE_IMPORTANCE,
    FEATURE_NUMBER,
    FEATURES,
    POPULATION_WEIGHT,
    REST,
    STAGING,
    TABLES,
    WORLD,
    WORLD_KEPT,
    WORLD_RANK,
)
from gazetteer.spell import Names, Spelled, Speller

BATCH = 50_000
_MIN_RADIUS_M = {
    "settlement": 1500.0,
    "suburb": 1000.0,
    "airport": 2000.0,
    "airbase": 3000.0,
    "facility": 1000.0,
}


@dataclass(slots=True)
class Batch:
    """Places and their names as columns. ``name_place`` is the row of the place within the batch."""

    sid: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    radius: list[float] = field(default_factory=list)
    feature: list[str] = field(default_factory=list)
    country: list[str] = field(default_factory=list)
    admin1: list[str] = field(default_factory=list)
    admin2: list[str] = field(default_factory=list)
    population: list[int] = field(default_factory=list)
    parent: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    name_place: list[int] = field(default_factory=list)
    name_text: list[str] = field(default_factory=list)
    name_kind: list[str] = field(default_factory=list)
    name_language: list[str] = field(default_factory=list)
    shapes: list[tuple[int, bytes]] = field(default_factory=list)

    def append(self, place: SourcePlace) -> None:
        """Add one place with its names."""
        row = len(self.sid)
        self.sid.append(place.id)
        self.name.append(place.name)
        self.lat.append(place.lat)
        self.lon.append(place.lon)
        self.radius.append(place.radius_m)
        self.feature.append(place.feature)
        self.country.append(place.country)
        self.admin1.append(place.admin1)
        self.admin2.append(place.admin2)
        self.population.append(place.population)
        self.parent.append(place.parent)
        self.source.append(place.source)
        for name in place.names:
            self.name_place.append(row)
            self.name_text.append(name.text)
            self.name_kind.append(name.kind)
            self.name_language.append(name.language)
        if place.geometry is not None:
            self.shapes.append((row, place.geometry))


def importance(features: Sequence[str], population: Sequence[int]) -> Any:
    """Return the importance (0..999) of places: a base by feature and a share by population."""
    base = np.array([BASE_IMPORTANCE[f] for f in FEATURES], np.float64)
    number = np.array([FEATURE_NUMBER[f] for f in features], np.int64)  # type: ignore[index]
    people = np.log10(np.maximum(np.array(population, np.float64), 1.0))
    settled = (number == FEATURE_NUMBER["settlement"]) | (number == FEATURE_NUMBER["suburb"])
    weight = np.where(settled, POPULATION_WEIGHT, POPULATION_WEIGHT / 10)
    return np.clip(base[number] + weight * people, 0, 999).astype(np.int64)


class Builder:
    """Takes batches, then `finish` sorts them into the final tables. One builder writes one file."""

    def __init__(self, connection: sqlite3.Connection, stage: Path) -> None:
        self.db = connection
        self.places = 0
        self.names = 0
        self.admin1: dict[str, str] = {}
        """Names of first-level regions by code, for those that are no places themselves."""
        self._sources: dict[str, int] = {}
        self._stage = stage
        self._speller = Speller()
        self._spelling = False
        self.db.execute("ATTACH ? AS stage", (str(stage),))
        for name in ("main", "stage"):
            self.db.executescript(
                f"PRAGMA {name}.journal_mode=OFF; PRAGMA {name}.synchronous=OFF;"
                f"PRAGMA {name}.locking_mode=EXCLUSIVE; PRAGMA {name}.cache_size=-65536;"
            )
        self.db.executescript("PRAGMA temp_store=FILE; PRAGMA threads=2;" + TABLES + STAGING)

    def source_number(self, source: str) -> int:
        """Return the number of a source, new or known."""
        return self._sources.setdefault(source, len(self._sources))

    @property
    def sources(self) -> dict[str, int]:
        """The sources met so far with their numbers."""
        return dict(self._sources)

    def add_places(self, places: Iterable[SourcePlace]) -> None:
        """Add single places, gathered into batches."""
        batch = Batch()
        for place in places:
            batch.append(place)
            if len(batch.sid) >= BATCH:
                self.add(batch)
                batch = Batch()
        self.add(batch)

    def add(self, batch: Batch) -> None:
        """Stage one batch."""
        count = len(batch.sid)
        if not count:
            return
        rank = 1000 - importance(batch.feature, batch.population)
        ids = ((rank << 32) | np.arange(self.places, self.places + count)).tolist()
        self.places += count
        radius = [
            r if r > 0 else _MIN_RADIUS_M.get(f, 1000.0)
            for r, f in zip(batch.radius, batch.feature, strict=True)
        ]
        features = [FEATURE_NUMBER[f] for f in batch.feature]  # type: ignore[index]
        self._spell(batch, ids, features)
        sources = [self.source_number(s) for s in batch.source]
        self.db.executemany(
            "INSERT INTO stage.place VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            zip(
                ids,
                batch.sid,
                batch.name,
                batch.lat,
                batch.lon,
                radius,
                features,
                batch.country,
                batch.admin1,
                batch.admin2,
                batch.population,
                batch.parent,
                sources,
                strict=True,
            ),
        )
        self._add_shapes(batch, ids)

    def add_names(self, batch: Batch, ids: list[int]) -> None:
        """Stage further names of places that are staged already; ``ids`` are the places' ids in the file."""
        features = [FEATURE_NUMBER[f] for f in batch.feature]  # type: ignore[index]
        self._spell(batch, ids, features, own_names=False)

    def _spell(self, batch: Batch, ids: list[int], features: list[int], own_names: bool = True) -> None:
        """Have the names of a batch spelt; meanwhile write those of the batch before."""
        before = self._speller.take() if self._spelling else None
        self._speller.start(
            Names(
                ids,
                batch.name,
                batch.lat,
                batch.lon,
                features,
                batch.country,
                batch.name_place,
                batch.name_text,
                batch.name_kind,
                batch.name_language,
                own_names,
            )
        )
        self._spelling = True
        if before:
            self._add_spelled(before)

    def _add_spelled(self, spelled: Spelled) -> None:
        columns, cells = spelled
        if columns:
            self.names += len(columns[0])
            self.db.executemany("INSERT INTO stage.name VALUES (?,?,?,?,?,?,?,?)", zip(*columns, strict=True))
        self.db.executemany("INSERT INTO stage.cell VALUES (?,?,?,?)", cells)

    def close(self) -> None:
        """End the second process, if there is one."""
        self._speller.close()

    def _add_shapes(self, batch: Batch, ids: list[int]) -> None:
        if not batch.shapes:
            return
        import shapely

        for row, wkb in batch.shapes:
            west, south, east, north = shapely.bounds(shapely.from_wkb(wkb)).tolist()
            self.db.execute("INSERT INTO shape VALUES (?,?)", (ids[row], wkb))
            self.db.execute("INSERT INTO shape_box VALUES (?,?,?,?,?)", (ids[row], west, east, south, north))

    def finish(self, step: Any = lambda text: None) -> None:
        """Sort what was staged into the final tables. ``step`` is called with a word before each part."""
        if self._spelling:
            self._add_spelled(self._speller.take())
            self._spelling = False
        self.close()
        run = self.db.execute
        # From here on the stage is only read, by two connections at once.
        if self.db.in_transaction:
            run("COMMIT")
            run("BEGIN")
        with closing(self._listing()) as listing, ThreadPoolExecutor(1) as second:
            sounds = second.submit(_list_sounds, listing)
            try:
                self._finish_names(step)
                step("sounds")
                sounds.result()
            except BaseException:
                listing.interrupt()
                raise
            self._copy_sounds(listing)
        step("cells")
        self.db.executemany("INSERT INTO cell VALUES (?,?,?,?)", self._cells())

    def _finish_names(self, step: Any) -> None:
        run = self.db.execute
        step("places")
        run("INSERT INTO main.place SELECT * FROM stage.place ORDER BY id")
        run("CREATE INDEX place_sid ON place (sid)")
        settlement = FEATURE_NUMBER["settlement"]
        run(f"CREATE INDEX place_feature ON place (feature) WHERE feature <> {settlement}")
        run(
            "INSERT OR IGNORE INTO admin1 SELECT admin1, name FROM place "
            f"WHERE feature = {FEATURE_NUMBER['region']} AND admin1 <> '' ORDER BY id"
        )
        self.db.executemany("INSERT OR IGNORE INTO admin1 VALUES (?,?)", sorted(self.admin1.items()))
        step("names")
        run(
            "INSERT OR IGNORE INTO main.name SELECT key, place, text, kind, language, country, sound"
            " FROM stage.name ORDER BY key, place, text IS NOT NULL, kind"
        )
        run("CREATE INDEX name_place ON name (place, sound, key)")

    def _copy_sounds(self, listing: sqlite3.Connection) -> None:
        first = 0
        for country, rows in groupby(
            listing.execute("SELECT country, skeleton, keys, ranks FROM sound ORDER BY country, skeleton"),
            lambda row: row[0],
        ):
            skeletons: list[int] = []
            self.db.executemany("INSERT INTO sound VALUES (?,?,?)", _numbered(rows, first, skeletons))
            packed = np.array(skeletons, "<u8").tobytes()
            self.db.execute("INSERT INTO listing VALUES (?,?,?)", (country, first, packed))
            first += len(skeletons)

    def _listing(self) -> sqlite3.Connection:
        """Open the stage a second time, without locks: nobody writes to it any more."""
        uri = f"file:{quote(str(self._stage.resolve()))}?mode=ro&immutable=1"
        listing = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        listing.executescript("PRAGMA cache_size=-32768; PRAGMA temp_store=FILE;")
        return listing

    def _cells(self) -> Iterator[tuple[int, bytes, bytes, bytes]]:
        reader = self.db.cursor().execute("SELECT * FROM stage.cell ORDER BY cell, rowid")
        for cell, parts in groupby(reader, lambda row: row[0]):
            _, skeletons, symbols, rows = zip(*parts, strict=True)
            yield cell, b"".join(skeletons), b"".join(symbols), b"".join(rows)


def _numbered(
    rows: Iterable[tuple[str, int, str, str]], first: int, skeletons: list[int]
) -> Iterator[tuple[int, str, bytes]]:
    """Give rows of ``sound`` with their ids from ``first`` on; their skeletons are put into ``skeletons``."""
    for number, (_, skeleton, keys, ranks) in enumerate(rows, first):
        skeletons.append(skeleton)
        yield number, keys, ranks.encode("utf-16-le")


def _list_sounds(stage: sqlite3.Connection) -> None:
    """List the names of each skeleton in each country, and of the world in two parts, by importance."""
    columns = "country TEXT, skeleton INTEGER, keys TEXT, ranks TEXT, PRIMARY KEY (country, skeleton)"
    stage.execute(f"CREATE TEMP TABLE sound ({columns}) WITHOUT ROWID")
    # The letter of a rank has the rank as its code; no code below 1001 is half of a pair.
    listed = "skeleton, group_concat(key, char(10)), group_concat(char(place >> 32), '')"
    stage.execute(
        f"INSERT INTO sound SELECT country, {listed} FROM"
        " (SELECT skeleton, country, key, min(place) AS place FROM name WHERE skeleton IS NOT NULL"
        " GROUP BY country, skeleton, key ORDER BY country, skeleton, place, key)"
        " GROUP BY country, skeleton"
    )
    stage.execute(
        f"INSERT INTO sound SELECT part, {listed} FROM (SELECT skeleton, key, place,"
        f" iif(place < {WORLD_RANK << 32} AND n <= {WORLD_KEPT}, '{WORLD}', '{REST}') AS part FROM"
        " (SELECT skeleton, key, place,"
        " row_number() OVER (PARTITION BY skeleton ORDER BY place, key) AS n FROM"
        " (SELECT skeleton, key, min(place) AS place FROM name WHERE skeleton IS NOT NULL"
        " GROUP BY skeleton, key)) ORDER BY part, skeleton, place, key)"
        " GROUP BY part, skeleton"
    )
