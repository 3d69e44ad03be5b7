"""Geodesic shapes as GeoJSON: circles, rings, sectors, lines, corridors, arrows.

Points go in as (lat, lon); GeoJSON comes out longitude first, rings closed and counter-clockwise, split at
the antimeridian as RFC 7946 asks (section 3.1.9) and closed over a pole that they contain.

**How the drawn shape, the point and the radius relate.** Words such as "20 km north of X" are drawn as
the annular sector that they describe, +-40 degrees and 0.70 to 1.20 times the stated distance. The point
lies on the stated bearing at 0.92 of the stated distance, because writers give road distances and round
up. ``radius_m`` is the radius round that point which holds 95 % of the true points (``words.toml``,
measured). It is smaller than the circle round the sector's corners, which are the least likely places:
the sector says what the words mean, the circle how far from the point the truth may be. For what was not
measured (a direction alone, an anchor of great extent) the radius follows :func:`point_radius_m`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mapper.space import sphere
from mapper.space.geodesy import arc, flatten, measure, path, unflatten, walk, wrap
from mapper.space.sphere import LatLon
from mapper.types import GeoJson

_STEP_DEG = 6.0
_SIDE_M = 20_000.0


def point_radius_m(distance_m: float, uncertainty_m: float, half_angle_deg: float) -> float:
    """Radius that covers a distance at a heading, by the point-radius method.

    ``U = sqrt((d + D - d cos a)^2 + (d sin a)^2)`` with d the distance, D the sum of all uncertainties of
    distance (the anchor's extent, the precision of the number) and a half the angle that the direction
    leaves open. Source: Wieczorek, Guo and Hijmans, "The point-radius method for georeferencing locality
    descriptions and calculating associated uncertainty", Int. J. GIS 18 (2004); Chapman and Wieczorek,
    "Georeferencing Best Practices" (GBIF, 2020).
    """
    angle = math.radians(half_angle_deg)
    return math.hypot(distance_m + uncertainty_m - distance_m * math.cos(angle), distance_m * math.sin(angle))


def point(at: LatLon) -> GeoJson:
    """A GeoJSON Point."""
    return {"type": "Point", "coordinates": [wrap(at[1]), at[0]]}


def circle(centre: LatLon, radius_m: float) -> GeoJson:
    """All points within ``radius_m`` of ``centre``."""
    return _filled(arc(centre, radius_m, 0.0, 360.0, _STEP_DEG))


def ring(centre: LatLon, low_m: float, high_m: float) -> GeoJson:
    """All points between ``low_m`` and ``high_m`` from ``centre``."""
    outer = arc(centre, high_m, 0.0, 360.0, _STEP_DEG)
    if low_m <= 0.0:
        return _filled(outer)
    inner = arc(centre, low_m, 0.0, 360.0, _STEP_DEG)
    if _is_plain(outer) and _is_plain(inner):
        return {"type": "Polygon", "coordinates": [_lonlat(outer[::-1]), _lonlat(inner)]}
    return _geojson(_area(outer).difference(_area(inner)))


def sector(centre: LatLon, low_m: float, high_m: float, bearing_deg: float, half_deg: float) -> GeoJson:
    """The part of a ring within ``half_deg`` to either side of a bearing; a wedge when ``low_m`` is 0."""
    start, end = bearing_deg - half_deg, bearing_deg + half_deg
    outer = arc(centre, high_m, start, end, _STEP_DEG)
    inner = arc(centre, low_m, start, end, _STEP_DEG) if low_m > 0.0 else [centre]
    inner.reverse()
    back, forth = path([outer[-1], inner[0]], _SIDE_M), path([inner[-1], outer[0]], _SIDE_M)
    return _filled([*outer, *back[1:-1], *inner, *forth[1:]])


def line(points: Sequence[LatLon]) -> GeoJson:
    """The geodesics through two points or more, as a LineString, cut at the antimeridian.

    Raises
    ------
    ValueError
        With fewer than two points.
    """
    if len(points) < 2:
        raise ValueError("a line needs two points")
    parts: list[list[list[float]]] = [[]]
    for lon, lat in _unwrapped(path(points)):
        sheet = math.floor((lon + 180.0) / 360.0)
        if parts[-1] and sheet != parts[-1][-1][2]:
            last_lon, last_lat, last_sheet = parts[-1][-1]
            edge = 360.0 * max(sheet, last_sheet) - 180.0
            share = (edge - last_lon) / (lon - last_lon)
            lat_edge = last_lat + share * (lat - last_lat)
            parts[-1].append([edge, lat_edge, last_sheet])
            parts.append([[edge, lat_edge, sheet]])
        parts[-1].append([lon, lat, float(sheet)])
    lines = [[[x - 360.0 * sheet, y] for x, y, sheet in part] for part in parts]
    lines = [part for part in lines if len(part) > 1 and any(p != part[0] for p in part)] or lines[:1]
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def lines(parts: Sequence[Sequence[LatLon]]) -> GeoJson:
    """Several lines as one MultiLineString."""
    found: list[Any] = []
    for part in parts:
        drawn = line(part)
        found += [drawn["coordinates"]] if drawn["type"] == "LineString" else drawn["coordinates"]
    return {"type": "MultiLineString", "coordinates": found}


def corridor(points: Sequence[LatLon], half_width_m: float, beyond_m: float = 0.0) -> GeoJson:
    """All points within ``half_width_m`` of the line through ``points`` and farther than ``beyond_m``.

    Buffered on the azimuthal equidistant plane round the middle of the line: off by less than 0.3 % of the
    width for lines up to 1,000 km.
    """
    from shapely.geometry import LineString, Point

    middle = points[len(points) // 2] if len(points) > 2 else _middle(points)
    dense = [flatten(middle, p) for p in path(points)]
    flat = LineString(dense) if len(dense) > 1 else Point(dense[0])
    area = _area(_outline(middle, flat.buffer(half_width_m, quad_segs=12)))
    if beyond_m > 0.0:
        area = area.difference(_area(_outline(middle, flat.buffer(beyond_m, quad_segs=12))))
    return _geojson(area)


def arrow(end: LatLon, from_deg: float, length_m: float) -> tuple[LatLon, GeoJson]:
    """An arrow of ``length_m`` that comes from bearing ``from_deg`` and ends at ``end``: (start, line)."""
    start = walk(end, from_deg, length_m)
    return start, line([start, end])


def reach_m(origin: LatLon, geometry: GeoJson) -> float:
    """Distance from ``origin`` to the farthest vertex of a GeoJSON geometry."""
    # A geodesic costs 0.4 ms and an outline has 1,500 vertices: the sphere, wrong by at most 0.56 %,
    # says which few can be the farthest.
    found = vertices(geometry)
    if not found:
        return 0.0
    rough = sphere.distances_m(origin, found)
    far = (rough >= 0.985 * rough.max()).nonzero()[0].tolist()
    return max(measure(origin, found[i])[0] for i in far)


def vertices(geometry: GeoJson) -> list[LatLon]:
    """All vertices of a GeoJSON geometry as (lat, lon)."""
    found: list[LatLon] = []
    stack: list[Any] = [geometry.get("coordinates", [])]
    stack += [part.get("coordinates", []) for part in geometry.get("geometries", [])]
    while stack:
        top = stack.pop()
        if top and isinstance(top[0], int | float):
            found.append((float(top[1]), float(top[0])))
        else:
            stack.extend(top)
    return found


def _middle(points: Sequence[LatLon]) -> LatLon:
    length, bearing = measure(points[0], points[-1])
    return walk(points[0], bearing, length / 2)


def _outline(middle: LatLon, flat: Any) -> list[LatLon]:
    # A long straight edge would be drawn straight in degrees, kilometres away from the geodesic.
    flat = flat.segmentize(max(10_000.0, flat.length / 400.0))
    return [unflatten(middle, (x, y)) for x, y in flat.exterior.coords]


def _filled(outline: list[LatLon]) -> GeoJson:
    """The polygon inside a clockwise outline."""
    if _is_plain(outline):
        outline[-1] = outline[0]
        return {"type": "Polygon", "coordinates": [_lonlat(outline[::-1])]}
    return _geojson(_area(outline))


def _lonlat(outline: Sequence[LatLon]) -> list[list[float]]:
    return [[lon, lat] for lat, lon in outline]


def _is_plain(outline: Sequence[LatLon]) -> bool:
    """Whether the outline neither crosses the antimeridian nor goes round a pole."""
    unwrapped = _unwrapped(outline)
    inside = all(-180.0 <= lon <= 180.0 for lon, _ in unwrapped)
    return inside and abs(unwrapped[-1][0] - unwrapped[0][0]) < 180.0


def _unwrapped(points: Sequence[LatLon]) -> list[tuple[float, float]]:
    """(lon, lat) with longitudes that go on beyond +-180 instead of jumping."""
    found: list[tuple[float, float]] = []
    for lat, lon in points:
        if found:
            lon = found[-1][0] + wrap(lon - found[-1][0])
        found.append((lon, lat))
    return found


def _area(outline: Sequence[LatLon]) -> Any:
    """The area inside an outline, as shapely geometry with longitudes in -180..180."""
    from shapely.affinity import translate
    from shapely.geometry import Polygon, box
    from shapely.ops import unary_union

    unwrapped = _unwrapped(outline)
    turn = unwrapped[-1][0] - unwrapped[0][0]
    if abs(turn) > 180.0:  # once round a pole: close the outline over it
        pole = math.copysign(90.0, sum(lat for _, lat in unwrapped))
        unwrapped += [(unwrapped[-1][0], pole), (unwrapped[0][0], pole)]
    whole = Polygon(unwrapped).buffer(0)
    sheets = range(-2, 3)
    parts = (whole.intersection(box(360.0 * k - 180.0, -90.0, 360.0 * k + 180.0, 90.0)) for k in sheets)
    return unary_union(
        [translate(part, -360.0 * k) for k, part in zip(sheets, parts, strict=True) if not part.is_empty]
    )


def _geojson(area: Any) -> GeoJson:
    """A shapely area as a GeoJSON Polygon or MultiPolygon with counter-clockwise outer rings."""
    from shapely.geometry import mapping
    from shapely.geometry.polygon import orient

    polygons = [orient(part) for part in getattr(area, "geoms", [area]) if part.geom_type == "Polygon"]
    rings = [_lists(mapping(polygon)["coordinates"]) for polygon in polygons]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value
