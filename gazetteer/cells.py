"""The grid of half-degree cells: the places round a point as arrays."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from gazetteer.distance import great_circle_m
from gazetteer.schema import CELL_DTYPE, FEATURE_NUMBER, cell_ranges

Execute = Callable[[str, tuple[Any, ...]], sqlite3.Cursor]
DTYPE = np.dtype(CELL_DTYPE)


def rows_near(execute: Execute, lat: float, lon: float, radius_m: float, budget: int = 0) -> Any:
    """Return the rows of the cells that a circle touches; stop early once ``budget`` rows are read."""
    parts: list[bytes] = []
    size = 0
    for low, high in cell_ranges(lat, lon, radius_m):
        for (blob,) in execute("SELECT rows FROM cell WHERE cell BETWEEN ? AND ?", (low, high)):
            parts.append(blob)
            size += len(blob)
        if budget and size > budget * DTYPE.itemsize:
            break
    return np.frombuffer(b"".join(parts), DTYPE)


def nearest(
    execute: Execute,
    lat: float,
    lon: float,
    radius_m: float,
    features: Collection[str] | None,
    limit: int,
) -> list[tuple[int, float]]:
    """Return the file's ids of the places within ``radius_m`` metres with their distances, nearest first."""
    rows = rows_near(execute, lat, lon, radius_m)
    if features is not None:
        wanted = [FEATURE_NUMBER[f] for f in features if f in FEATURE_NUMBER]
        rows = rows[np.isin(rows["feature"], wanted)]
    metres = great_circle_m(lat, lon, rows["lat"].astype(np.float64), rows["lon"].astype(np.float64))
    inside = np.flatnonzero(metres <= radius_m)
    places, first = np.unique(rows["place"][inside], return_index=True)
    metres = metres[inside][first]
    order = np.lexsort((places, metres))[:limit]
    return [(int(places[i]), float(metres[i])) for i in order]
