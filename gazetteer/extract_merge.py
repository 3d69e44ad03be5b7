"""Merges rows of several sources that are the same place. For maintainers: see `extract`."""

from __future__ import annotations

import math
from collections import defaultdict

from gazetteer.extract_rows import Row, distance_m
from gazetteer.names import fold

CELL = 10  # cells of 0.1 degrees


class Index:
    """Rows by folded name and place on a grid."""

    def __init__(self, rows: list[Row], reach_m: float) -> None:
        self.reach_m = reach_m
        self.cells: dict[tuple[str, int, int], list[Row]] = defaultdict(list)
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """Index a row under all its names."""
        x, y = round(row.lat * CELL), round(row.lon * CELL)
        keys = {fold(row.name), *(fold(n) for n, (kind, _) in row.names.items() if kind != "code")}
        for key in keys:
            self.cells[key, x, y].append(row)

    def find(self, row: Row) -> Row | None:
        """Return the nearest row that shares a name and lies within reach, or None."""
        x, y = round(row.lat * CELL), round(row.lon * CELL)
        high = 1 + int(self.reach_m // 11_119)
        wide = min(10 * high, 1 + int(high / max(0.1, math.cos(math.radians(row.lat)))))
        best: tuple[float, str, Row] | None = None
        keys = {fold(row.name), *(fold(n) for n, (k, _) in row.names.items() if k == "alternate")}
        for key in keys:
            for i in range(-high, high + 1):
                for j in range(-wide, wide + 1):
                    for other in self.cells.get((key, x + i, y + j), ()):
                        metres = distance_m(row.lat, row.lon, other.lat, other.lon)
                        if metres <= self.reach_m and (best is None or (metres, other.id) < best[:2]):
                            best = (metres, other.id, other)
        return best[2] if best else None


def merge(better: list[Row], other: list[Row], reach_m: float) -> list[Row]:
    """Return ``better`` and those of ``other`` that are no place of it, and take over the others' names."""
    index = Index(better, reach_m)
    kept = []
    for row in other:
        same = index.find(row)
        if same is None or same.country != row.country:
            kept.append(row)
            continue
        same.take_names(row)
        same.admin2 = same.admin2 or row.admin2
    return better + kept
