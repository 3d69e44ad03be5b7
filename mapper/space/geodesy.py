"""Walking on the WGS84 ellipsoid. Points are (lat, lon) in degrees, lengths metres, bearings degrees."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from mapper.space.sphere import LatLon

if TYPE_CHECKING:
    from pyproj import Geod


@lru_cache(maxsize=1)
def _earth() -> Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")


def walk(start: LatLon, bearing_deg: float, distance_m: float) -> LatLon:
    """The point ``distance_m`` from ``start`` along the geodesic that leaves at ``bearing_deg``."""
    return walks(start, [bearing_deg], [distance_m])[0]


def walks(start: LatLon, bearings_deg: Sequence[float], distances_m: Sequence[float]) -> list[LatLon]:
    """The points reached from ``start``, one for each pair of bearing and distance."""
    many = len(bearings_deg)
    lons, lats, _ = _earth().fwd([start[1]] * many, [start[0]] * many, list(bearings_deg), list(distances_m))
    return [(lat, wrap(lon)) for lat, lon in zip(lats, lons, strict=True)]


def measure(a: LatLon, b: LatLon) -> tuple[float, float]:
    """Length of the geodesic from ``a`` to ``b`` and its bearing at ``a`` (0 <= bearing < 360)."""
    bearing, _, length = _earth().inv(a[1], a[0], b[1], b[0])
    return length, bearing % 360.0


def wrap(lon: float) -> float:
    """Longitude in -180..180."""
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0


def arc(centre: LatLon, radius_m: float, start_deg: float, end_deg: float, step_deg: float) -> list[LatLon]:
    """Points at ``radius_m`` from ``centre``, clockwise from bearing ``start_deg`` to ``end_deg``."""
    steps = max(1, math.ceil((end_deg - start_deg) / step_deg))
    turn = (end_deg - start_deg) / steps
    return walks(centre, [start_deg + i * turn for i in range(steps + 1)], [radius_m] * (steps + 1))


def path(points: Sequence[LatLon], step_m: float = 50_000.0) -> list[LatLon]:
    """The geodesics through ``points``, with a point at least every ``step_m``."""
    dense = list(points[:1])
    for a, b in zip(points, points[1:], strict=False):
        length, bearing = measure(a, b)
        pieces = min(400, max(1, math.ceil(length / step_m)))
        dense += walks(a, [bearing] * (pieces - 1), [length * i / pieces for i in range(1, pieces)])
        dense.append(b)
    return dense


def along(points: Sequence[LatLon], distance_m: float) -> LatLon:
    """The point ``distance_m`` along the geodesics through ``points``, at most their end."""
    for a, b in zip(points, points[1:], strict=False):
        length, bearing = measure(a, b)
        if distance_m <= length:
            return walk(a, bearing, max(0.0, distance_m))
        distance_m -= length
    return points[-1]


def length_m(points: Sequence[LatLon]) -> float:
    """Length of the geodesics through ``points``."""
    return sum(measure(a, b)[0] for a, b in zip(points, points[1:], strict=False))


def nearest_on(points: Sequence[LatLon], to: LatLon) -> LatLon:
    """The point of the line through ``points`` that is nearest to ``to`` (azimuthal equidistant plane).

    Exact to better than a thousandth of the distance for the tens of kilometres that words speak of.
    """
    flat = [flatten(to, point) for point in points]
    best = min(flat, key=lambda p: math.hypot(*p))
    for (x1, y1), (x2, y2) in zip(flat, flat[1:], strict=False):
        dx, dy = x2 - x1, y2 - y1
        square = dx * dx + dy * dy
        if square > 0.0:
            t = min(1.0, max(0.0, -(x1 * dx + y1 * dy) / square))
            best = min(best, (x1 + t * dx, y1 + t * dy), key=lambda p: math.hypot(*p))
    return unflatten(to, best)


def flatten(origin: LatLon, point: LatLon) -> tuple[float, float]:
    """East and north of ``point`` in metres on the azimuthal equidistant plane round ``origin``."""
    away, bearing = measure(origin, point)
    return away * math.sin(math.radians(bearing)), away * math.cos(math.radians(bearing))


def unflatten(origin: LatLon, flat: tuple[float, float]) -> LatLon:
    """The inverse of :func:`flatten`."""
    return walk(origin, math.degrees(math.atan2(flat[0], flat[1])), math.hypot(*flat))
