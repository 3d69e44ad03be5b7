"""The one SQLite file: its tables, its numbers for features and kinds, and its grid of cells.

A place's id in the file is ``(1000 - importance) << 32 | n``: it sorts the important places first, so every
list of places that the file holds is already in order of importance, which can be read from the id.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, get_args

import numpy as np

from gazetteer.place import Feature, NameKind

APPLICATION_ID = 0x6D617067
"""Written into the header of the SQLite file ("mapg"), so that another database is told apart."""

VERSION = 7
"""Raised whenever a table or one of the forms of ``names`` changes: older files are then compiled anew."""

FEATURES: tuple[Feature, ...] = get_args(Feature)
FEATURE_NUMBER = {feature: number for number, feature in enumerate(FEATURES)}
KINDS: tuple[NameKind, ...] = get_args(NameKind)
KIND_NUMBER = {kind: number for number, kind in enumerate(KINDS)}

BASE_IMPORTANCE: dict[Feature, int] = {
    "continent": 940,
    "country": 950,
    "region": 520,
    "district": 330,
    "municipality": 200,
    "area": 450,
    "river": 330,
    "water": 450,
    "airport": 150,
    "airbase": 220,
    "facility": 200,
    "road": 100,
    "bridge": 120,
    "settlement": 60,
    "suburb": 30,
}
POPULATION_WEIGHT = 100.0
"""Importance per factor of ten of population, for settlements; a third of it for what is not a settlement."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE source (n INTEGER PRIMARY KEY, source TEXT, version TEXT, licence TEXT, attribution TEXT,
    url TEXT, rows INTEGER, extra TEXT);
CREATE TABLE place (id INTEGER PRIMARY KEY, sid TEXT NOT NULL, name TEXT NOT NULL, lat REAL NOT NULL,
    lon REAL NOT NULL, radius REAL NOT NULL, feature INTEGER NOT NULL, country TEXT, admin1 TEXT, admin2 TEXT,
    population INTEGER, parent TEXT, source INTEGER);
CREATE TABLE name (key TEXT, place INTEGER, text TEXT, kind INTEGER, language TEXT, country TEXT,
    sound INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE sound (id INTEGER PRIMARY KEY, keys TEXT, ranks BLOB);
CREATE TABLE listing (country TEXT PRIMARY KEY, first INTEGER, skeletons BLOB) WITHOUT ROWID;
CREATE TABLE cell (cell INTEGER PRIMARY KEY, skeletons BLOB, symbols BLOB, rows BLOB);
CREATE TABLE admin1 (code TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
CREATE TABLE shape (place INTEGER PRIMARY KEY, wkb BLOB);
CREATE VIRTUAL TABLE shape_box USING rtree(place, west, east, south, north);
"""
"""A row of ``sound`` holds the names of one skeleton in one country, one a line in the order of ``ranks``
(u2): for each name 1000 - the importance of its foremost place. A row of ``listing`` holds the skeletons of
one country (u8) in order; their names have the ids from ``first`` on. ``name.sound`` is the packed sound of a
name that is heard."""

STAGING = """
CREATE TABLE stage.place (id INTEGER, sid TEXT, name TEXT, lat REAL, lon REAL, radius REAL, feature INTEGER,
    country TEXT, admin1 TEXT, admin2 TEXT, population INTEGER, parent TEXT, source INTEGER);
CREATE TABLE stage.name (key TEXT, place INTEGER, text TEXT, kind INTEGER, language TEXT, country TEXT,
    skeleton INTEGER, sound INTEGER);
CREATE TABLE stage.cell (cell INTEGER, skeletons BLOB, symbols BLOB, rows BLOB);
"""
"""What is read is staged in a file of its own, so that the final file is written in order, without holes."""

CELL_DTYPE = [
    ("place", "<i8"),
    ("sound", "<u8"),
    ("lat", "<f4"),
    ("lon", "<f4"),
    ("feature", "u1"),
    ("country", "S2"),
]
"""A row of a cell: one (place, sound) pair. Degrees WGS84. Skeletons (u8) and masks of the symbols in them
(u2) are kept apart, since every search runs over all of them and few rows pass."""

WORLD = "*"
"""Stands for the country in the listing of the most important names of all countries."""

REST = "+"
"""Stands for the country in the listing of all other names of all countries."""

WORLD_KEPT = 48
"""So many names of one skeleton are in the listing of the world."""

WORLD_RANK = 1000 - BASE_IMPORTANCE["settlement"]
"""Settlements of unknown population are not in the listing of the world."""

CELL_DEG = 0.5
_COLUMNS = int(360 / CELL_DEG)
_ROWS = int(180 / CELL_DEG)


def cell_of(lat: float, lon: float) -> int:
    """Return the number of the half-degree cell that holds a point."""
    row = min(int((lat + 90) / CELL_DEG), _ROWS - 1)
    return row * _COLUMNS + int(((lon + 180) % 360) / CELL_DEG)


def cells_of(lats: Any, lons: Any) -> Any:
    """Return the numbers of the cells that hold an array of points."""
    rows = np.minimum(((lats + 90) / CELL_DEG).astype(np.int64), _ROWS - 1)
    return rows * _COLUMNS + (((lons + 180) % 360) / CELL_DEG).astype(np.int64)


def cell_ranges(lat: float, lon: float, radius_m: float) -> Iterator[tuple[int, int]]:
    """Give the inclusive ranges of cells that a circle may touch, nearest row first.

    The circle is on the sphere; at the antimeridian a row is given as two ranges, near a pole whole rows.
    """
    reach = math.degrees(radius_m / 6_371_008.8)
    south, north = max(lat - reach, -90.0), min(lat + reach, 90.0)
    first, last = int((south + 90) / CELL_DEG), min(int((north + 90) / CELL_DEG), _ROWS - 1)
    widest = min(max(abs(south), abs(north)), 90.0)
    spread = 180.0
    if widest + 1e-9 < 90 and reach < 90:
        sine = math.sin(math.radians(reach)) / math.cos(math.radians(lat))
        spread = math.degrees(math.asin(sine)) if sine < 1 else 180.0
    rows = sorted(range(first, last + 1), key=lambda row: abs((row + 0.5) * CELL_DEG - 90 - lat))
    for row in rows:
        base = row * _COLUMNS
        if spread >= 180 - CELL_DEG:
            yield base, base + _COLUMNS - 1
            continue
        west = int(((lon - spread + 180) % 360) / CELL_DEG)
        east = int(((lon + spread + 180) % 360) / CELL_DEG)
        if west <= east:
            yield base + west, base + east
        else:
            yield base + west, base + _COLUMNS - 1
            yield base, base + east


def importance_of(place: int) -> int:
    """Return the importance (0..1000) that a place's id in the file carries."""
    return 1000 - (place >> 32)
