"""Adds files of places to a compiled gazetteer: a new file is written and takes the old one's place.

The new rows are read first. One that the gazetteer knows by its id replaces the old row, which lends it its
names; one with the name of a place of the same kind close by is that place, and lends its names to it, unless
the new one has a GeoNames id and the old one has none. Then follow the old places that were not replaced.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

import numpy as np

from gazetteer.build import BATCH, Batch, Builder
from gazetteer.errors import GazetteerFormatError, GazetteerNotFound
from gazetteer.names import fold, fold_many
from gazetteer.place import Name, SourceInfo, SourcePlace
from gazetteer.schema import FEATURES, KINDS
from gazetteer.sources import geonames_dump, osm, table
from gazetteer.sources.common import Broken, BrokenRow
from gazetteer.store import Gazetteer

SAME_PLACE_M = {
    "settlement": 5_000.0,
    "suburb": 3_000.0,
    "airport": 8_000.0,
    "airbase": 8_000.0,
    "region": 300_000.0,
    "district": 60_000.0,
    "municipality": 20_000.0,
    "country": 2_000_000.0,
}
"""Within this distance a place of the same name and kind is the same place."""
SAME_PLACE_ELSE_M = 3_000.0
READ_AHEAD = 5_000
_ALIKE = {"suburb": "settlement", "airbase": "airport"}
_TABLES = {
    ".csv": table.read_csv,
    ".tsv": table.read_csv,
    ".geojson": table.read_geojson,
    ".json": table.read_geojson,
    ".geojsonl": table.read_geojson,
    ".ndjson": table.read_geojson,
    ".gpkg": table.read_layers,
    ".shp": table.read_layers,
    ".fgb": table.read_layers,
}

Progress = Callable[[str, int, int], None]
Reader = Callable[[Path, Broken], Iterator[SourcePlace]]


@dataclass(frozen=True, slots=True)
class AddReport:
    """What was added. ``rows`` are places read, ``merged`` those that the gazetteer knew, ``names`` the
    alternate names given to known places, ``broken`` the first rows that could not be used, of
    ``broken_count``.
    """

    path: Path
    rows: int
    merged: int
    names: int
    broken: tuple[BrokenRow, ...]
    broken_count: int


@dataclass(slots=True)
class _Plan:
    """The files by what they hold."""

    places: list[tuple[Path, Reader]] = field(default_factory=list)
    alternates: list[Path] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    admin1: dict[str, str] = field(default_factory=dict)
    admin2: dict[str, str] = field(default_factory=dict)


def plan(files: Sequence[Path], broken: Broken) -> _Plan:
    """Tell what each file is.

    Raises
    ------
    GazetteerNotFound
        When a file does not exist.
    GazetteerFormatError
        When a file is of no kind that can be added.
    """
    made = _Plan()
    for path in files:
        if not path.is_file():
            raise GazetteerNotFound(f"There is no file {path}: mend the path.")
        name = path.name.lower()
        if name.endswith((".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")):
            made.places.append((path, osm.read))
            continue
        if path.suffix.lower() in _TABLES:
            made.places.append((path, _TABLES[path.suffix.lower()]))
            continue
        kind = geonames_dump.kind_of(path)
        if kind == "alternates":
            made.alternates.append(path)
        elif kind == "hierarchy":
            made.parents.update(geonames_dump.read_hierarchy(path, broken))
        elif kind == "admin1":
            made.admin1.update(geonames_dump.read_admin(path, kind, broken))
        elif kind == "admin2":
            made.admin2.update(geonames_dump.read_admin(path, kind, broken))
        elif kind == "places":
            made.places.append((path, lambda p, b: geonames_dump.read_places(p, b, made.admin2)))
        elif kind is None:
            raise GazetteerFormatError(
                f"{path} is no file that can be added: give a GeoNames dump (.txt, .zip), .osm.pbf, .csv,"
                " .geojson or .gpkg."
            )
    return made


class Adding:
    """One run of `add`: the state shared by its passes."""

    def __init__(self, builder: Builder, old: Gazetteer, progress: Progress) -> None:
        self.builder = builder
        self.old = old
        self.progress = progress
        self.broken = Broken()
        self.rows = self.merged = self.names = 0
        self._replaced: set[int] = set()
        self._seen_numbers = bytearray(1 << 16)
        self._seen: set[str] = set()
        self._regions: dict[tuple[str, str], set[str]] | None = None
        texts = chain(old.execute("SELECT DISTINCT key FROM name"), old.execute("SELECT sid FROM place"))
        self._hashes = np.fromiter((hash(row[0]) for row in texts), np.int64)
        self._hashes.sort()
        run = builder.db.execute
        run("CREATE TABLE stage.alternate (sid TEXT, text TEXT, kind TEXT, language TEXT)")
        run("CREATE TABLE stage.parent (sid TEXT PRIMARY KEY, parent TEXT) WITHOUT ROWID")

    def run(self, files: Sequence[Path]) -> None:
        """Read the files, then the old places, then the names that come on their own."""
        made = plan(files, self.broken)
        # Regions that are no places keep the names they have, or get those of admin1CodesASCII.txt.
        self.builder.admin1 = {**made.admin1, **dict(self.old.execute("SELECT code, name FROM admin1"))}
        for path, reader in made.places:
            self.builder.add_places(self._new(path, reader))
        self._old_places()
        for path in made.alternates:
            self._stage(geonames_dump.read_alternates(path, self.broken))
        self.builder.db.executemany("INSERT OR IGNORE INTO stage.parent VALUES (?,?)", made.parents.items())
        self._finish_names()

    def _new(self, path: Path, reader: Reader) -> Iterator[SourcePlace]:
        """Give the places of a file that are not known under another id."""
        places = reader(path, self.broken)
        while part := list(islice(places, READ_AHEAD)):
            self.rows += len(part)
            self.progress(f"reading {path.name}", self.rows, 0)
            part = [self._with_region(place) if place.admin1_name else place for place in part]
            keys = fold_many([place.name for place in part])
            for place, key, maybe in zip(part, keys, self._maybe_known(part, keys), strict=True):
                if self._again(place.id):
                    self.merged += 1
                    self._stage_names(place.id, place.names)
                    continue
                known = self._known(place, key) if maybe else None
                if known is None:
                    yield place
                    continue
                self.merged += 1
                old, sid = known
                if sid == place.id or (place.id.startswith("geonames:") and not sid.startswith("geonames:")):
                    self._replaced.add(old)
                    self._stage_names(place.id, self.old.names(sid))
                    yield place
                else:
                    self._stage_names(sid, (Name(place.name), *place.names))

    def _with_region(self, place: SourcePlace) -> SourcePlace:
        """Give a place that names its region the region's code, when only one region bears that name."""
        if self._regions is None:
            self._regions = {}
            rows = self.old.execute(
                "SELECT p.country, p.admin1, n.key FROM place p JOIN name n INDEXED BY name_place"
                " ON n.place = p.id WHERE p.feature = ? AND p.admin1 <> '' ORDER BY p.id, n.key",
                (FEATURES.index("region"),),
            )
            for country, code, key in rows:
                for known in ((country, key), ("", key)):
                    self._regions.setdefault(known, set()).add(code)
        codes = self._regions.get((place.country, fold(place.admin1_name)), set())
        return place if place.admin1 or len(codes) != 1 else replace(place, admin1=min(codes))

    def _maybe_known(self, places: list[SourcePlace], keys: list[str]) -> list[bool]:
        """Tell quickly which places the gazetteer cannot know: neither id nor name is among the hashes."""
        count = len(places)
        hashes = np.fromiter(map(hash, [*keys, *(place.id for place in places)]), np.int64, 2 * count)
        at = np.minimum(np.searchsorted(self._hashes, hashes), max(len(self._hashes) - 1, 0))
        hit = self._hashes[at] == hashes if len(self._hashes) else np.zeros(2 * count, bool)
        maybe: list[bool] = (hit[:count] | hit[count:]).tolist()
        return maybe

    def _again(self, sid: str) -> bool:
        """Tell whether the new files have held this id before. A bit for each GeoNames number."""
        number = sid.removeprefix("geonames:")
        if number is sid or not number.isdigit() or len(number) > 9:
            known = sid in self._seen
            self._seen.add(sid)
            return known
        byte, bit = divmod(int(number), 8)
        if byte >= len(self._seen_numbers):
            self._seen_numbers.extend(bytes(byte + 1))
        known = bool(self._seen_numbers[byte] >> bit & 1)
        self._seen_numbers[byte] |= 1 << bit
        return known

    def _known(self, place: SourcePlace, folded: str) -> tuple[int, str] | None:
        """Return (key, id) of the old place that this one is, or None."""
        run = self.old.execute
        row = run("SELECT id, sid FROM place WHERE sid = ?", (place.id,)).fetchone()
        if row is not None:
            return None if row[0] in self._replaced else (row[0], row[1])
        reach = SAME_PLACE_M.get(place.feature, SAME_PLACE_ELSE_M)
        kind = _ALIKE.get(place.feature, place.feature)
        lat_reach = reach / 111_000
        lon_reach = lat_reach / max(0.01, math.cos(math.radians(place.lat)))
        rows = run(
            "SELECT p.id, p.sid, p.feature FROM name n JOIN place p ON p.id = n.place WHERE n.key = ?"
            " AND abs(p.lat - ?) <= ? AND min(abs(p.lon - ?), 360 - abs(p.lon - ?)) <= ?"
            " ORDER BY p.id LIMIT 20",
            (folded, place.lat, lat_reach, place.lon, place.lon, lon_reach),
        ).fetchall()
        geonames = place.id.startswith("geonames:")
        for key, sid, feature in rows:
            same = _ALIKE.get(FEATURES[feature], FEATURES[feature]) == kind
            # Two different GeoNames ids are two different places.
            if same and key not in self._replaced and not (geonames and sid.startswith("geonames:")):
                return key, sid
        return None

    def _stage_names(self, sid: str, names: Iterable[Name]) -> None:
        self._stage((sid, name) for name in names)

    def _stage(self, names: Iterable[tuple[str, Name]]) -> None:
        self.builder.db.executemany(
            "INSERT INTO stage.alternate VALUES (?,?,?,?)",
            ((s, n.text, n.kind, n.language) for s, n in names),
        )

    def _old_places(self) -> None:
        """Give the old places that were not replaced to the builder, with names and shapes."""
        total = self.old.counts()["places"]
        sources = dict(self.old.execute("SELECT n, source FROM source"))
        columns = (
            "id, sid, name, lat, lon, radius, feature, country, admin1, admin2, population, parent, source"
        )
        reader = self.old.execute(f"SELECT {columns} FROM place ORDER BY id")
        done = 0
        while rows := reader.fetchmany(BATCH):
            low, high = rows[0][0], rows[-1][0]
            done += len(rows)
            kept = [row for row in rows if row[0] not in self._replaced]
            batch = Batch()
            at: dict[int, int] = {}
            for (
                key,
                sid,
                name,
                lat,
                lon,
                radius,
                feature,
                country,
                admin1,
                admin2,
                people,
                parent,
                source,
            ) in kept:
                at[key] = len(batch.sid)
                batch.append(
                    SourcePlace(
                        sid,
                        name,
                        lat,
                        lon,
                        FEATURES[feature],
                        country,
                        admin1,
                        "",
                        admin2,
                        people,
                        radius,
                        parent=parent,
                        source=sources.get(source, ""),
                    )
                )
            names = self.old.execute(
                "SELECT place, text, kind, language FROM name INDEXED BY name_place"
                " WHERE place BETWEEN ? AND ?"
                " AND text IS NOT NULL",
                (low, high),
            )
            for key, text, kind, language in names:
                if key in at:
                    batch.name_place.append(at[key])
                    batch.name_text.append(text)
                    batch.name_kind.append(KINDS[kind])
                    batch.name_language.append(language)
            shapes = self.old.execute("SELECT place, wkb FROM shape WHERE place BETWEEN ? AND ?", (low, high))
            batch.shapes = [(at[key], bytes(wkb)) for key, wkb in shapes if key in at]
            self.builder.add(batch)
            self.progress("keeping what was there", done, total)

    def _finish_names(self) -> None:
        """Give the names and parents that came on their own to the places they belong to."""
        db = self.builder.db
        db.execute("CREATE INDEX stage.staged_sid ON place (sid)")
        db.execute(
            "UPDATE stage.place AS p SET parent ="
            " (SELECT parent FROM stage.parent t WHERE t.sid = p.sid)"
            " WHERE parent = '' AND sid IN (SELECT sid FROM stage.parent)"
        )
        reader = db.cursor().execute(
            "SELECT p.id, p.name, p.lat, p.lon, p.feature, p.country, a.text, a.kind, a.language"
            " FROM stage.alternate a JOIN stage.place p ON p.sid = a.sid ORDER BY p.id, a.rowid"
        )
        ids: list[int] = []
        batch = Batch()
        for key, name, lat, lon, feature, country, text, kind, language in reader:
            if not ids or ids[-1] != key:
                if len(ids) >= BATCH:
                    self.builder.add_names(batch, ids)
                    ids, batch = [], Batch()
                ids.append(key)
                batch.append(SourcePlace("", name, lat, lon, FEATURES[feature], country))
            batch.name_place.append(len(ids) - 1)
            batch.name_text.append(text)
            batch.name_kind.append(kind)
            batch.name_language.append(language)
            self.names += 1
        if ids:
            self.builder.add_names(batch, ids)
        for thing in ("INDEX stage.staged_sid", "TABLE stage.alternate", "TABLE stage.parent"):
            db.execute(f"DROP {thing}")

    def infos(self) -> list[SourceInfo]:
        """Return what is known of the sources, old and new."""
        known = {info.source: info for info in self.old.info()}
        known.setdefault(
            "geonames",
            SourceInfo(
                "geonames",
                "dump",
                "CC BY 4.0",
                "GeoNames (https://www.geonames.org)",
                "https://www.geonames.org",
                0,
            ),
        )
        known.setdefault(
            "osm",
            SourceInfo(
                "osm",
                "extract",
                "ODbL 1.0",
                "© OpenStreetMap contributors",
                "https://www.openstreetmap.org",
                0,
            ),
        )
        return [info for name, info in known.items() if name in self.builder.sources or info.rows]
