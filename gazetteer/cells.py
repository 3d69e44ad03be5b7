"""The grid of half-degree cells: the places round a point as arrays."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from gazetteer.distance import great_circle_m
from gazetteer.schema import CELL_DTYPE, FEATURE_NUMBER, cell_ranges

Execute = Callable[[str, tuple[Any, ...]], sqlite3.Cursor]
DTYPE = np.dtype([(name, "<u2" if name == "country" else kind) for name, kind in CELL_DTYPE])
"""CELL_DTYPE with the two letters of the country as one number, which is compared more quickly."""


@dataclass(frozen=True, slots=True)
class Near:
    """The rows of some cells: ``skeletons`` (u8) and ``symbols`` (u2) as arrays, ``rows`` of CELL_DTYPE."""

    skeletons: Any
    symbols: Any
    rows: Any


def cells_near(execute: Execute, lat: float, lon: float, radius_m: float, budget: int) -> Near:
    """Return the rows of the cells that a circle touches; stop early once ``budget`` rows are read."""
    found: list[tuple[bytes, bytes, bytes]] = []
    count = 0
    for low, high in cell_ranges(lat, lon, radius_m):
        cells = execute("SELECT skeletons, symbols, rows FROM cell WHERE cell BETWEEN ? AND ?", (low, high))
        for cell in cells:
            found.append(cell)
            count += len(cell[1]) // 2
        if count > budget:
            break
    return Near(
        np.frombuffer(b"".join([cell[0] for cell in found]), "<u8"),
        np.frombuffer(b"".join([cell[1] for cell in found]), "<u2"),
        np.frombuffer(b"".join([cell[2] for cell in found]), DTYPE),
    )


def nearest(
    execute: Execute,
    lat: float,
    lon: float,
    radius_m: float,
    features: Collection[str] | None,
    limit: int,
) -> list[tuple[int, float]]:
    """Return the file's ids of the places within ``radius_m`` metres with their distances, nearest first."""
    cells = [
        cell
        for low, high in cell_ranges(lat, lon, radius_m)
        for (cell,) in execute("SELECT rows FROM cell WHERE cell BETWEEN ? AND ?", (low, high))
    ]
    rows = np.frombuffer(b"".join(cells), DTYPE)
    if features is not None:
        wanted = [FEATURE_NUMBER[f] for f in features if f in FEATURE_NUMBER]
        rows = rows[np.isin(rows["feature"], wanted)]
    metres = great_circle_m(lat, lon, rows["lat"].astype(np.float64), rows["lon"].astype(np.float64))
    inside = np.flatnonzero(metres <= radius_m)
    places, first = np.unique(rows["place"][inside], return_index=True)
    metres = metres[inside][first]
    order = np.lexsort((places, metres))[:limit]
    return [(int(places[i]), float(metres[i])) for i in order]
