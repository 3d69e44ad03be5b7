"""Columns of places and names -> the tables of the file, in bounded memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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
    cell_of,
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

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.db = connection
        self.places = 0
        self.names = 0
        self._sources: dict[str, int] = {}
        self.db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
            "PRAGMA cache_size=-200000; PRAGMA temp_store=FILE;" + TABLES + STAGING
        )

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
            "INSERT INTO staged_place VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
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
        own_rows = len(ids) if own_names else 0
        rows = list(range(own_rows)) + batch.name_place
        texts = batch.name[:own_rows] + batch.name_text
        kinds = [0] * own_rows + [KIND_NUMBER[k] for k in batch.name_kind]  # type: ignore[index]
        languages = [""] * own_rows + batch.name_language
        keys = fold_many(texts)
        names: dict[tuple[int, str], tuple[str | None, int, str]] = {}
        own = batch.name
        for row, key, text, kind, language in zip(rows, keys, texts, kinds, languages, strict=True):
            if key and (row, key) not in names:
                names[row, key] = (None if text == own[row] else text, kind, language)
        self.names += len(names)
        skeletons = self._add_sounds(batch, ids, features, names)
        country = batch.country
        self.db.executemany(
            "INSERT INTO staged_name VALUES (?,?,?,?,?,?,?)",
            [
                (key, ids[row], *name, country[row], skeletons.get((row, key)))
                for (row, key), name in names.items()
            ],
        )

    def _add_sounds(
        self,
        batch: Batch,
        ids: list[int],
        features: list[int],
        names: dict[tuple[int, str], tuple[str | None, int, str]],
    ) -> dict[tuple[int, str], int]:
        """Stage the sounds of names, cell by cell, and return the skeletons under which names are listed."""
        pairs = [pair for pair, name in names.items() if name[1] not in _UNHEARD]
        if not pairs:
            return {}
        # Names in other scripts are heard through their romanisation, and only where it adds a sound.
        pairs.sort(key=lambda pair: not pair[1].isascii())
        sounds = sound_many([key for _, key in pairs])
        skeletons = skeleton_many(sounds)
        packed_skeletons, packed_sounds = pack(skeletons), pack(sounds)
        seen: set[tuple[int, str]] = set()
        heard: list[int] = []
        listed: dict[tuple[int, str], int] = {}
        packed: list[int] = packed_skeletons.tolist()
        for i, (pair, heard_as) in enumerate(zip(pairs, sounds, strict=True)):
            new = (pair[0], heard_as) not in seen
            if new:
                seen.add((pair[0], heard_as))
                heard.append(i)
            if packed[i] and (new or pair[1].isascii()):
                listed[pair] = packed[i]
        place_rows = np.array([pairs[i][0] for i in heard])
        cells = np.zeros(len(heard), CELL_DTYPE)
        cells["place"] = np.array(ids)[place_rows]
        cells["skeleton"], cells["sound"] = packed_skeletons[heard], packed_sounds[heard]
        cells["symbols"] = symbols_in(cells["skeleton"])
        cells["lat"], cells["lon"] = np.array(batch.lat)[place_rows], np.array(batch.lon)[place_rows]
        cells["feature"] = np.array(features)[place_rows]
        cells["country"] = np.array(batch.country, "S2")[place_rows]
        numbers = np.array([cell_of(a, o) for a, o in zip(batch.lat, batch.lon, strict=True)])[place_rows]
        order = np.argsort(numbers, kind="stable")
        cells, numbers = cells[order], numbers[order]
        starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])
        ends = np.r_[starts[1:], len(numbers)]
        self.db.executemany(
            "INSERT INTO staged_cell VALUES (?,?)",
            ((int(numbers[a]), cells[a:b].tobytes()) for a, b in zip(starts, ends, strict=True)),
        )
        return listed

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
        run("INSERT INTO place SELECT * FROM staged_place ORDER BY id")
        run("DROP TABLE staged_place")
        run("CREATE INDEX place_sid ON place (sid)")
        settlement = FEATURE_NUMBER["settlement"]
        run(f"CREATE INDEX place_feature ON place (feature) WHERE feature <> {settlement}")
        run(
            "INSERT OR IGNORE INTO admin1 SELECT admin1, name FROM place "
            f"WHERE feature = {FEATURE_NUMBER['region']} AND admin1 <> '' ORDER BY id"
        )
        step("names")
        run(
            "INSERT OR IGNORE INTO name SELECT key, place, text, kind, language, country FROM staged_name"
            " ORDER BY key, place, text IS NOT NULL, kind"
        )
        run("CREATE INDEX name_place ON name (place, key, kind)")
        step("sounds")
        run(
            "INSERT INTO sound SELECT skeleton, country, group_concat(key, char(10)) FROM "
            "(SELECT DISTINCT skeleton, country, key FROM staged_name WHERE skeleton IS NOT NULL"
            " ORDER BY skeleton, country, key) GROUP BY skeleton, country"
        )
        run("DROP TABLE staged_name")
        step("cells")
        self._finish_cells()
        run("DROP TABLE staged_cell")

    def _finish_cells(self) -> None:
        cell, parts = -1, list[bytes]()
        reader = self.db.cursor()
        for number, row in reader.execute("SELECT cell, row FROM staged_cell ORDER BY cell, rowid"):
            if number != cell and parts:
                self.db.execute("INSERT INTO cell VALUES (?,?)", (cell, b"".join(parts)))
                parts = []
            cell = number
            parts.append(row)
        if parts:
            self.db.execute("INSERT INTO cell VALUES (?,?)", (cell, b"".join(parts)))
