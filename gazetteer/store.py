"""The compiled gazetteer, read-only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gazetteer.errors import GazetteerFormatError, GazetteerNotFound
from gazetteer.names import fold, romanise
from gazetteer.place import (
    Candidate,
    Match,
    Name,
    NameKind,
    OpenCandidate,
    OpenPlace,
    Place,
    SourceInfo,
)
from gazetteer.schema import APPLICATION_ID, FEATURE_NUMBER, FEATURES, KINDS, VERSION

PLACE_COLUMNS = (
    "p.id, p.sid, p.name, p.lat, p.lon, p.radius, p.feature, p.country, p.admin1, p.admin2, p.population,"
    " p.parent, p.source"
)
LOOKUP_LIMIT = 100
"""`Gazetteer.lookup` returns at most this many places; `Gazetteer.candidates` filters all of them."""

MAPPED_WHOLE, MAPPED_PART = 1 << 29, 1 << 28
"""A file of up to so many bytes is mapped into memory, of a larger one this part: what is mapped and was
looked at counts as memory of the process."""

NAMES_KEPT = 4_000
"""The candidates of so many names that were looked up are kept."""

BEARERS = f"SELECT n.text, n.kind, {PLACE_COLUMNS} FROM name n CROSS JOIN place p ON p.id = n.place"
"""The names with their places; what is wanted of them, and the order, follow."""
NAMED_BEARERS = (
    f"SELECT n.text, n.kind, {PLACE_COLUMNS} FROM heard h"
    " CROSS JOIN name n ON n.key = h.key AND n.place = h.place CROSS JOIN place p ON p.id = h.place"
)
"""The same for the rows of a table of (place, key) that stands before."""
Bearer = tuple[Any, ...]
"""A row of `BEARERS`: text (None for the place's own name), kind, then ``PLACE_COLUMNS``."""
_LOOKUP = f"{BEARERS} WHERE n.key = ? ORDER BY n.place LIMIT {LOOKUP_LIMIT}"
_SIMILARITY: dict[NameKind, float] = {"preferred": 0.99, "former": 0.96, "demonym": 0.96}
"""How well a folded name fits when it is not the place's own name, letter for letter."""
_OTHER: list[tuple[Match, float]] = [("alternate", _SIMILARITY.get(kind, 0.98)) for kind in KINDS]
_SAME: tuple[Match, float] = ("exact", 1.0)
_FOLDED: tuple[Match, float] = ("folded", _SIMILARITY["preferred"])
_AS_ALTERNATE: tuple[Match, float] = ("alternate", 1.0)
_PREFERRED, _DEMONYM = KINDS.index("preferred"), KINDS.index("demonym")


class Gazetteer:
    """Place names and places of one compiled file. Opens read-only; not shared between threads.

    Coordinates are WGS84 degrees, latitude before longitude in points; boxes are (west, south, east, north).
    """

    columns = PLACE_COLUMNS

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self.path = path
        self._regions: dict[str, str] | None = None
        self._sources: dict[int, str] = {}
        self._search: Any = None
        self._looked_up: dict[str, tuple[Candidate, ...]] = {}

    @classmethod
    def open(cls, path: Path | str) -> Gazetteer:
        """Open a compiled gazetteer.

        Raises
        ------
        GazetteerNotFound
            When there is no such file.
        GazetteerFormatError
            When the file is no gazetteer, or one of another version.
        """
        path = Path(path)
        if not path.is_file():
            raise GazetteerNotFound(
                f"There is no gazetteer at {path}: run `mapper gazetteer build`, or mend the path."
            )
        try:
            uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None)
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error as error:
            raise GazetteerFormatError(
                f"{path} is not a compiled gazetteer ({error}): import it with `mapper gazetteer add`."
            ) from error
        if application != APPLICATION_ID or version != VERSION:
            connection.close()
            what = "not a compiled gazetteer" if application != APPLICATION_ID else f"of version {version}"
            raise GazetteerFormatError(
                f"{path} is {what}, this mapper reads version {VERSION}: run `mapper gazetteer build`."
            )
        mapped = MAPPED_WHOLE if path.stat().st_size <= MAPPED_WHOLE else MAPPED_PART
        connection.executescript(f"PRAGMA cache_size=-32768; PRAGMA mmap_size={mapped}; PRAGMA query_only=1;")
        return cls(connection, path)

    def close(self) -> None:
        """Close the file. The gazetteer cannot be used afterwards."""
        self._db.close()

    def __enter__(self) -> Gazetteer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def lookup(self, name: str) -> list[Candidate]:
        """Return the places that bear this name in some spelling, the most important first.

        Exact, folded and alternate names count, demonyms and former names too; nothing is guessed by sound. A
        name in another script that nobody wrote down is tried once more in Latin letters.
        """
        known = self._looked_up.get(name)
        if known is not None:
            return list(known)
        key = fold(name)
        if not key:
            return []
        rows = self._db.execute(_LOOKUP, (key,)).fetchall()
        if not rows and not key.isascii():
            rows = self._db.execute(_LOOKUP, (fold(romanise(key)),)).fetchall()
        found = self._bearers(name, rows)
        if len(self._looked_up) >= NAMES_KEPT:
            self._looked_up.clear()
        self._looked_up[name] = tuple(found)
        return found

    def _bearers(self, name: str, rows: Iterable[Bearer]) -> list[Candidate]:
        """Make candidates of rows of `BEARERS` that were found by the folded ``name``.

        The loop that decides how many exact look-ups are done in a second.
        """
        found = []
        for row in rows:
            match, similarity = how_exact(name, row)
            found.append(self.bearer(row, match, similarity, similarity))
        return found

    def bearer(self, row: Bearer, match: Match, similarity: float, score: float) -> Candidate:
        """Make a candidate of a row of `BEARERS`."""
        text, kind = row[0], row[1]
        place = self.place(row[2:])
        made: Any = OpenCandidate(place, text or place.name, KINDS[kind], match, similarity, score)
        made.__class__ = Candidate
        candidate: Candidate = made
        return candidate

    def has_prefix(self, folded: str) -> bool:
        """Tell whether some folded name is, or starts with, these words."""
        run = self._db.execute
        if run("SELECT 1 FROM name WHERE key = ? LIMIT 1", (folded,)).fetchone():
            return True
        low = folded + " "
        return (
            run("SELECT 1 FROM name WHERE key >= ? AND key < ? LIMIT 1", (low, folded + "!")).fetchone()
            is not None
        )

    def candidates(
        self,
        name: str,
        *,
        country: str | None = None,
        region: str | None = None,
        features: Collection[str] | None = None,
        near: tuple[float, float] | None = None,
        radius_m: float | None = None,
        limit: int = 10,
        sound: bool = True,
    ) -> list[Candidate]:
        """Return the places that a name, perhaps misspelt, may mean, the likeliest first.

        Parameters
        ----------
        name
            As it is written, in any script.
        country, region, features
            Keep only places of this country (ISO 3166-1 alpha-2), of this first-level region (GeoNames code,
            "UA.05"), of these features.
        near, radius_m
            (lat, lon) that the place is likely near to; with ``radius_m`` it must be within that distance.
        limit
            How many to return.
        sound
            Whether to look beyond exact, folded and alternate names.
        """
        from gazetteer.search import Filters, Search

        if self._search is None:
            self._search = Search(self)
        filters = Filters(
            country or None, region or None, frozenset(features) if features else None, near, radius_m
        )
        found: list[Candidate] = self._search.find(name, filters, limit, sound)
        return found

    def by_id(self, place_id: str) -> Place | None:
        """Return the place of an id ("geonames:706483"), or None."""
        found = self._places("WHERE p.sid = ? LIMIT 1", (place_id,))
        return found[0] if found else None

    def near(
        self,
        lat: float,
        lon: float,
        radius_m: float,
        features: Collection[str] | None = None,
        limit: int = 50,
    ) -> list[tuple[Place, float]]:
        """Return the places within ``radius_m`` metres with their distances in metres, the nearest first."""
        from gazetteer.cells import nearest

        found = nearest(self.execute, lat, lon, radius_m, features, limit)
        places = {key: place for key, place in self.places_by_key([key for key, _ in found])}
        return [(places[key], metres) for key, metres in found]

    def geometry(self, place_id: str) -> bytes | None:
        """Return the WKB (EPSG:4326, longitude first) of a place's polygon or line, or None."""
        row = self._db.execute(
            "SELECT s.wkb FROM shape s JOIN place p ON p.id = s.place WHERE p.sid = ?", (place_id,)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def features(
        self, feature: str, bbox: tuple[float, float, float, float] | None = None, limit: int = 1000
    ) -> list[Place]:
        """Return the places of a feature, the most important first.

        ``bbox`` is (west, south, east, north); a place counts when its shape's box touches it, or its point
        lies in it when it has no shape. With west > east the box crosses the antimeridian.
        """
        number = FEATURE_NUMBER.get(feature, -1)  # type: ignore[call-overload]
        settlement = FEATURE_NUMBER["settlement"]
        # Only words that repeat the condition of the partial index let SQLite use it.
        wanted = "p.feature = ?" + (f" AND p.feature <> {settlement}" if number != settlement else "")
        if bbox is None:
            return self._places(f"WHERE {wanted} ORDER BY p.id LIMIT ?", (number, limit))
        west, south, east, north = bbox
        boxes = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        found: dict[str, Place] = {}
        for low, high in boxes:
            shaped = self._places(
                "JOIN shape_box b ON b.place = p.id WHERE b.west <= ? AND b.east >= ?"
                " AND b.south <= ? AND b.north >= ?"
                f" AND {wanted} ORDER BY p.id LIMIT ?",
                (high, low, north, south, number, limit),
            )
            pointed = self._places(
                f"WHERE {wanted} AND p.lat BETWEEN ? AND ? AND p.lon BETWEEN ? AND ? ORDER BY p.id LIMIT ?",
                (number, south, north, low, high, limit),
            )
            found.update((place.id, place) for place in [*shaped, *pointed])
        return sorted(found.values(), key=lambda place: (-place.population, place.id))[:limit]

    def names(self, place_id: str) -> list[Name]:
        """Return all names of a place, its own first."""
        rows = self._db.execute(
            "SELECT coalesce(n.text, p.name), n.kind, n.language FROM place p JOIN name n ON n.place = p.id"
            " WHERE p.sid = ? ORDER BY n.text IS NOT NULL, n.kind, n.key",
            (place_id,),
        )
        return [Name(text, KINDS[kind], language) for text, kind, language in rows]

    def info(self) -> list[SourceInfo]:
        """Return the sources with version, licence, attribution and rows."""
        rows = self._db.execute(
            "SELECT source, version, licence, attribution, url, rows, extra FROM source ORDER BY n"
        )
        return [
            SourceInfo(source, version, licence, attribution, url, count, json.loads(extra or "{}"))
            for source, version, licence, attribution, url, count, extra in rows
        ]

    def counts(self) -> dict[str, int]:
        """Return how many places and names the file holds."""
        rows = self._db.execute("SELECT key, value FROM meta WHERE key IN ('places', 'names') ORDER BY key")
        return {key: int(value) for key, value in rows}

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """Run a query on the file; for the modules of this package."""
        return self._db.execute(sql, values)

    def places_by_key(self, keys: Iterable[int]) -> list[tuple[int, Place]]:
        """Return places by the file's own integer ids (not the ids that users see)."""
        wanted = ",".join(map(str, keys))
        rows = self._db.execute(f"SELECT {PLACE_COLUMNS} FROM place p WHERE p.id IN ({wanted})")
        return [(row[0], self.place(row)) for row in rows]

    def _places(self, rest: str, values: tuple[Any, ...]) -> list[Place]:
        rows = self._db.execute(f"SELECT {PLACE_COLUMNS} FROM place p {rest}", values)
        return [self.place(row) for row in rows]

    def place(self, row: tuple[Any, ...]) -> Place:
        """Make a Place of a row of ``PLACE_COLUMNS``."""
        if self._regions is None:
            self._regions = dict(self._db.execute("SELECT code, name FROM admin1"))
            self._sources = dict(self._db.execute("SELECT n, source FROM source"))
        _, sid, name, lat, lon, radius, feature, country, region, admin2, population, parent, source = row
        made: Any = OpenPlace(
            sid,
            name,
            lat,
            lon,
            radius,
            FEATURES[feature],
            country,
            self._regions.get(region, ""),
            region,
            admin2,
            population,
            parent,
            self._sources.get(source, ""),
        )
        made.__class__ = Place
        place: Place = made
        return place


def how_exact(name: str, row: Bearer) -> tuple[Match, float]:
    """Tell how a row of `BEARERS` that was found by the folded ``name`` matches, and its similarity."""
    text, kind = row[0], row[1]
    if text is None or kind == _PREFERRED:
        return _SAME if name == (text or row[4]) else _FOLDED
    return _AS_ALTERNATE if text == name and kind != _DEMONYM else _OTHER[kind]
