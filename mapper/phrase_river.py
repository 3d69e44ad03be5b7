"""Where a river ends: the place that "the mouth of the X river" means."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

LatLon = tuple[float, float]
COAST_DEG = 0.8
"""The mouth of a river lies so near to the sea, the lines of both being drawn roughly."""
ROUND_DEG = 1.2
"""How far round an end land and other rivers are looked at."""


def mouth(river: str, gazetteer: Gazetteer) -> LatLon | None:
    """Return (lat, lon) of the mouth of a river that the gazetteer has as a line, by its id.

    Of the ends of its line the one that is nearest to the sea; when none is near it, the one that is nearest
    to another river.
    """
    import shapely

    wkb = gazetteer.geometry(river)
    line = shapely.from_wkb(wkb) if wkb else None
    ends = _ends(line)
    if not ends:
        return None
    to_sea = [_to_sea_deg(lat, lon, gazetteer) for lat, lon in ends]
    if min(to_sea) <= COAST_DEG:
        return ends[to_sea.index(min(to_sea))]
    to_river = [_to_river_deg(lat, lon, river, gazetteer) for lat, lon in ends]
    return ends[to_river.index(min(to_river))]


def _ends(line: Any) -> list[LatLon]:
    """Return the two ends that lie farthest apart; a line has others where reservoirs interrupt it."""
    import shapely

    if line is None or "LineString" not in line.geom_type:
        return []
    points: list[LatLon] = []
    for part in shapely.get_parts(line):
        points += [(lat, lon) for lon, lat in (part.coords[0], part.coords[-1])]
    return list(max(combinations(points, 2), key=lambda pair: math.dist(*pair)))


def _box(lat: float, lon: float) -> tuple[float, float, float, float]:
    return lon - ROUND_DEG, lat - ROUND_DEG, lon + ROUND_DEG, lat + ROUND_DEG


def _to_sea_deg(lat: float, lon: float, gazetteer: Gazetteer) -> float:
    import shapely

    box = shapely.box(*_box(lat, lon))
    lands = [gazetteer.geometry(place.id) for place in gazetteer.features("country", _box(lat, lon))]
    sea = shapely.difference(
        box, shapely.union_all([shapely.intersection(shapely.from_wkb(wkb), box) for wkb in lands if wkb])
    )
    # Slivers between neighbours are no sea.
    sea = shapely.buffer(shapely.buffer(sea, -0.03), 0.03)
    return float("inf") if sea.is_empty else float(shapely.distance(sea, shapely.Point(lon, lat)))


def _to_river_deg(lat: float, lon: float, river: str, gazetteer: Gazetteer) -> float:
    import shapely

    others = [place.id for place in gazetteer.features("river", _box(lat, lon)) if place.id != river]
    lines = [gazetteer.geometry(other) for other in others]
    point = shapely.Point(lon, lat)
    return min((float(shapely.distance(shapely.from_wkb(wkb), point)) for wkb in lines if wkb), default=9e9)
