"""Quick geometry on a sphere, for scoring thousands of candidates. What is drawn uses the ellipsoid.

Points are (lat, lon) in WGS84 degrees, lengths metres, bearings degrees clockwise from north. The sphere
is wrong by at most 0.56 % of a length, far less than what words about distance leave open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8

LatLon = tuple[float, float]


def distance_m(a: LatLon, b: LatLon) -> float:
    """Great-circle distance between two points (haversine formula)."""
    lat1, lat2 = math.radians(a[0]), math.radians(b[0])
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def distances_m(origin: LatLon, points: Sequence[LatLon]) -> NDArray[np.float64]:
    """Great-circle distances from ``origin`` to each of ``points``, in their order."""
    import numpy as np

    lat, lon = np.radians(np.array(points, dtype=np.float64).reshape(-1, 2)).T
    lat1, lon1 = math.radians(origin[0]), math.radians(origin[1])
    half = np.sin((lat - lat1) / 2) ** 2
    half += math.cos(lat1) * np.cos(lat) * np.sin((lon - lon1) / 2) ** 2
    found: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return found


def bearing_deg(a: LatLon, b: LatLon) -> float:
    """Initial bearing from ``a`` to ``b``, 0 <= bearing < 360."""
    lat1, lat2 = math.radians(a[0]), math.radians(b[0])
    east = math.radians(b[1] - a[1])
    y = math.sin(east) * math.cos(lat2)
    x = math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(east)
    return math.degrees(math.atan2(y, x)) % 360.0


def turn_deg(a: float, b: float) -> float:
    """Smallest angle between two bearings, 0..180."""
    return abs((a - b + 180.0) % 360.0 - 180.0)


def _offset_m(origin: LatLon, point: LatLon) -> tuple[float, float]:
    """East and north of ``point`` seen from ``origin``, in metres (azimuthal equidistant)."""
    away = distance_m(origin, point)
    bearing = math.radians(bearing_deg(origin, point))
    return away * math.sin(bearing), away * math.cos(bearing)


def distance_to_line_m(point: LatLon, line: Sequence[LatLon]) -> float:
    """Distance from ``point`` to the polyline through ``line`` (one point or more).

    Exact near the point, where it matters; a line thousands of kilometres away is only roughly so far.

    Raises
    ------
    ValueError
        If ``line`` is empty.
    """
    if not line:
        raise ValueError("a line needs at least one point")
    flat = [_offset_m(point, vertex) for vertex in line]
    best = min(math.hypot(*vertex) for vertex in flat)
    for (x1, y1), (x2, y2) in zip(flat, flat[1:], strict=False):
        dx, dy = x2 - x1, y2 - y1
        square = dx * dx + dy * dy
        if square > 0.0:
            t = min(1.0, max(0.0, -(x1 * dx + y1 * dy) / square))
            best = min(best, math.hypot(x1 + t * dx, y1 + t * dy))
    return best
