"""Columns of places and names -> the tables of the file, in bounded memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer.distance import symbols_in
from gazetteer.names import MAX_SYMBOLS, SYMBOLS, fold_many, skeleton_many, sound_many
from gazetteer.place import SourcePlace
from gazetteer.schema import (
    BASE_IMPORTANCE,
    CELL_DTYPE,
    FEATURE_NUMBER,
    FEATURES,
    KIND_NUMBER,
    POPULATION_WEIGHT,
    STAGING,
    TABLES,
    WORLD,
    WORLD_KEPT,
    WORLD_RANK,
    cells_of,
)

BATCH = 50_000
_CODES = np.zeros(256, np.uint64)
for _number, _symbol in enumerate(SYMBOLS):
    _CODES[ord(_symbol)] = _number + 1
_UNHEARD = (KIND_NUMBER["demonym"], KIND_NUMBER["code"])
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


def pack(symbols: Sequence[str]) -> Any:
    """Pack skeletons or sounds into unsigned 64-bit keys, four bits a symbol, the first symbol highest."""
    matrix = np.array(symbols, dtype=f"S{MAX_SYMBOLS}").view(np.uint8).reshape(len(symbols), MAX_SYMBOLS)
    packed = np.zeros(len(symbols), np.uint64)
    for column in range(MAX_SYMBOLS):
        packed |= _CODES[matrix[:, column]] << np.uint64(4 * (MAX_SYMBOLS - 1 - column))
    return packed


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
        self._add_names(batch, ids, features)
        self._add_shapes(batch, ids)

    def add_names(self, batch: Batch, ids: list[int]) -> None:
        """Stage further names of places that are staged already; ``ids`` are the places' ids in the file."""
        features = [FEATURE_NUMBER[f] for f in batch.feature]  # type: ignore[index]
        self._add_names(batch, ids, features, own_names=False)

    def _add_names(self, batch: Batch, ids: list[int], features: list[int], own_names: bool = True) -> None:
        own_keys = fold_many(batch.name)
        other_keys = fold_many(batch.name_text) if batch.name_text else []
        # Only what differs from the place's own name; other doubles fall out when the names are sorted.
        other = [i for i, (row, key) in enumerate(zip(batch.name_place, other_keys, strict=True))
                 if key and key != own_keys[row]]  # fmt: skip
        own = [i for i, key in enumerate(own_keys) if key] if own_names else []
        keys = [own_keys[i] for i in own] + [other_keys[i] for i in other]
        if not keys:
            return
        rows = own + [batch.name_place[i] for i in other]
        kinds = [0] * len(own) + [KIND_NUMBER[batch.name_kind[i]] for i in other]  # type: ignore[index]
        texts = [None] * len(own) + [batch.name_text[i] for i in other]
        languages = [""] * len(own) + [batch.name_language[i] for i in other]
        self.names += len(keys)
        skeletons = self._add_sounds(batch, np.array(ids), features, np.array(rows), keys, kinds)
        places, countries = [ids[row] for row in rows], [batch.country[row] for row in rows]
        self.db.executemany(
            "INSERT INTO stage.name VALUES (?,?,?,?,?,?,?)",
            zip(keys, places, texts, kinds, languages, countries, skeletons, strict=True),
        )

    def _add_sounds(
        self, batch: Batch, ids: Any, features: list[int], rows: Any, keys: list[str], kinds: list[int]
    ) -> list[int | None]:
        """Stage the sounds of names, cell by cell; return the skeletons under which the names are listed."""
        sounds = sound_many(keys)
        packed, heard_as = pack(skeleton_many(sounds)), pack(sounds)
        plain = np.fromiter(map(str.isascii, keys), bool, len(keys))
        unheard = np.isin(np.array(kinds), _UNHEARD)
        # Names in other scripts are heard through their romanisation, and only where it adds a sound.
        order = np.lexsort((np.arange(len(keys)), ~plain, heard_as, rows, unheard))
        first = np.r_[True, (np.diff(rows[order]) != 0) | (np.diff(heard_as[order]) != 0)]
        new = np.zeros(len(keys), bool)
        new[order] = first
        new &= ~unheard
        self._add_cells(batch, ids, features, rows[new], packed[new], heard_as[new])
        listed = (packed != 0) & ~unheard & (new | plain)
        return [key if good else None for key, good in zip(packed.tolist(), listed.tolist(), strict=True)]

    def _add_cells(
        self, batch: Batch, ids: Any, features: list[int], rows: Any, skeletons: Any, sounds: Any
    ) -> None:
        """Stage one row of a cell for each (place, sound) pair."""
        numbers = cells_of(np.array(batch.lat), np.array(batch.lon))[rows]
        order = np.argsort(numbers, kind="stable")
        rows, numbers, skeletons = rows[order], numbers[order], skeletons[order]
        symbols = symbols_in(skeletons)
        cells = np.zeros(len(rows), CELL_DTYPE)
        cells["place"], cells["sound"] = ids[rows], sounds[order]
        cells["lat"], cells["lon"] = np.array(batch.lat)[rows], np.array(batch.lon)[rows]
        cells["feature"] = np.array(features)[rows]
        cells["country"] = np.array(batch.country, "S2")[rows]
        starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])[: len(rows)]
        ends = np.r_[starts[1:], len(numbers)]
        self.db.executemany(
            "INSERT INTO stage.cell VALUES (?,?,?,?)",
            (
                (int(numbers[a]), skeletons[a:b].tobytes(), symbols[a:b].tobytes(), cells[a:b].tobytes())
                for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
            ),
        )

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
        run = self.db.execute
        step("places")
        run("INSERT INTO main.place SELECT * FROM stage.place ORDER BY id")
        run("DROP TABLE stage.place")
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
            "INSERT OR IGNORE INTO main.name SELECT key, place, text, kind, language, country FROM stage.name"
            " ORDER BY key, place, text IS NOT NULL, kind"
        )
        run("CREATE INDEX name_place ON name (place, key, kind)")
        step("sounds")
        self._finish_sounds()
        run("DROP TABLE stage.name")
        step("cells")
        self.db.executemany("INSERT INTO cell VALUES (?,?,?,?)", self._cells())
        run("DROP TABLE stage.cell")

    def _finish_sounds(self) -> None:
        """List the names of each skeleton in each country, and the foremost of the world, by importance."""
        listed = "group_concat(key, char(10)), group_concat(char(32 + (place >> 32)), '')"
        self.db.execute(
            f"INSERT INTO sound SELECT skeleton, country, {listed} FROM"
            " (SELECT skeleton, country, key, min(place) AS place FROM stage.name WHERE skeleton IS NOT NULL"
            " GROUP BY skeleton, country, key ORDER BY skeleton, country, place, key)"
            " GROUP BY skeleton, country"
        )
        self.db.execute(
            f"INSERT INTO sound SELECT skeleton, '{WORLD}', {listed} FROM"
            " (SELECT skeleton, key, place,"
            " row_number() OVER (PARTITION BY skeleton ORDER BY place, key) AS n FROM"
            " (SELECT skeleton, key, min(place) AS place FROM stage.name"
            f" WHERE skeleton IS NOT NULL AND place < {WORLD_RANK << 32} GROUP BY skeleton, key))"
            f" WHERE n <= {WORLD_KEPT} GROUP BY skeleton"
        )

    def _cells(self) -> Iterator[tuple[int, bytes, bytes, bytes]]:
        reader = self.db.cursor().execute("SELECT * FROM stage.cell ORDER BY cell, rowid")
        for cell, parts in groupby(reader, lambda row: row[0]):
            _, skeletons, symbols, rows = zip(*parts, strict=True)
            yield cell, b"".join(skeletons), b"".join(symbols), b"".join(rows)
