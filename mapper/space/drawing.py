"""One spatial expression with its anchors -> point, geometry and radius.

See :mod:`mapper.space.geometry` for how the three relate. All lengths are metres.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mapper.space import geodesy, geometry
from mapper.space.ground import Ground, Way, as_geojson
from mapper.space.lexicon import calibration
from mapper.space.sphere import LatLon
from mapper.types import GeoJson, SpatialExpression

if TYPE_CHECKING:
    from gazetteer.place import Place

AREAS = frozenset({"country", "region", "district", "municipality", "area", "continent", "water"})
LEAST_RADIUS_M = 100.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where: (lat, lon), the radius of its uncertainty in metres, the shape, and how it was made."""

    at: LatLon
    radius_m: float
    geometry: GeoJson
    method: str


def draw(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn | None:
    """Draw what ``expression`` says about its resolved anchors; None without any.

    Anchors that were not resolved are simply missing from ``places``; a line with one end left becomes
    "near" that end.
    """
    if not places:
        return None
    if len(places) < 2 and len(expression.anchors) > 1:
        found = _near(replace(expression, line=False), places, ground)
        return replace(found, method=f"near {places[0].name}, the only end that could be placed")
    return _DRAW[expression.type](expression, places, ground)


def draw_place(place: Place, ground: Ground) -> Drawn:
    """Draw a place itself: areas keep their polygon, lines their line, the rest is a point."""
    at, radius = (place.lat, place.lon), max(place.radius_m, LEAST_RADIUS_M)
    if place.feature in AREAS:
        outline = ground.outline(place)
        if outline:
            area, reach = outline
            return Drawn(at, max(radius, reach), area, f"the area of {place.name}")
        if place.feature != "water" or radius > 5_000:
            return Drawn(at, radius, geometry.circle(at, radius), f"a circle that covers {place.name}")
    if place.feature in ("river", "road"):
        way = ground.way([place])
        if len(way.lines[0]) > 1:
            return _draw_way(way)
    return Drawn(at, radius, geometry.point(at), f"the point of {place.name}")


def _draw_way(way: Way) -> Drawn:
    at = way.middle()
    parts = [line for line in way.lines if len(line) > 1]
    shape = geometry.line(parts[0]) if len(parts) == 1 else geometry.lines(parts)
    return Drawn(at, max(LEAST_RADIUS_M, geometry.reach_m(at, shape)), shape, way.method)


def _extra(place: Place, stated_m: float) -> float:
    """The anchor's extent as far as the measured radii do not hold it already.

    They were measured from towns of every size, so a town adds only what reaches beyond the stated
    distance; anything else adds all that is larger than an ordinary town.
    """
    free = calibration().shape["town_radius_m"]
    if place.feature in ("settlement", "suburb"):
        free = max(free, stated_m)
    return max(0.0, place.radius_m - free)


def _offset(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn | None:
    if expression.bearing_deg is None or expression.distance_m is None:
        return _near(expression, places, ground)
    rule, place = calibration().shape, places[0]
    stated, bearing = expression.distance_m, expression.bearing_deg
    least = stated if expression.distance_min_m is None else expression.distance_min_m
    most = max(stated, expression.distance_max_m or 0.0)
    anchor, extra = (place.lat, place.lon), _extra(place, stated)
    if expression.line:
        anchor = ground.way(places).nearest(geodesy.walk(anchor, bearing, 1.0))
    middle = (least + most) / 2
    margin = rule["sector_min_m"] + extra
    low = min(rule["sector_low"] * least, least - margin)
    high = max(rule["sector_high"] * most, most + margin)
    at = geodesy.walk(anchor, bearing, rule["offset_point_ratio"] * middle)
    radius = rule["offset_radius_m"] + rule["offset_radius_ratio"] * middle
    radius = math.hypot(radius, extra) + (most - least) / 2
    shape = geometry.sector(anchor, max(0.0, low), high, bearing, rule["sector_half_deg"])
    return Drawn(at, radius, shape, f"sector measured from the centre of {place.name}")


def _distance(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn | None:
    if expression.distance_m is None:
        return _near(expression, places, ground)
    rule, stated = calibration().shape, expression.distance_m
    least = stated if expression.distance_min_m is None else expression.distance_min_m
    most = max(stated, expression.distance_max_m or 0.0)
    low, high = rule["ring_low"] * least, max(rule["ring_high"] * most, most + 500.0)
    if expression.line:
        way = ground.way(places)
        if any(place.feature in AREAS for place in places) or len(way.lines[0]) < 2:
            found = draw_place(places[0], ground)
            return replace(found, method=f"{found.method}; the place on its border is not stated")
        longest = max(way.lines, key=len)
        shape = geometry.corridor(longest, high, low)
        at = way.middle()
        return Drawn(at, geometry.reach_m(at, shape), shape, f"both sides of {way.method}")
    place = places[0]
    at, extra = (place.lat, place.lon), _extra(place, stated)
    shape = geometry.ring(at, max(0.0, low - extra), high + extra)
    return Drawn(at, high + extra, shape, f"ring round the centre of {place.name}")


def _direction(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn | None:
    place, bearing = places[0], expression.bearing_deg
    if bearing is None:
        return _within(expression, places, ground)
    if expression.part == "approach":
        return _approach(place, bearing, ground)
    rule, at = calibration().shape, (place.lat, place.lon)
    half, size = rule["direction_half_deg"], max(place.radius_m, 1_000.0)
    built = _built(place)
    if expression.part == "inside":
        return _inside(place, bearing, ground)
    if expression.part == "outskirts":
        low, high, words = 0.5 * built, 1.4 * built, "edge of"
    else:
        reach = max(rule["direction_reach_m"], rule["direction_reach_ratio"] * size)
        low, high, words = 0.5 * size, size + reach, "wedge beyond"
    middle, depth = (low + high) / 2, (high - low) / 2
    return Drawn(
        geodesy.walk(at, bearing, middle),
        geometry.point_radius_m(middle, depth, half),
        geometry.sector(at, low, high, bearing, half),
        f"{words} {place.name} on that side",
    )


def _built(place: Place) -> float:
    """How far a town's houses reach: of a large city less than the radius of its uncertainty."""
    size = max(place.radius_m, 1_000.0)
    return min(size, 6_000.0 + 0.2 * size) if place.feature == "settlement" else size


def _inside(place: Place, bearing: float, ground: Ground) -> Drawn:
    """The part of a place on one side of its centre: of its outline if known, else of its circle."""
    at, size = (place.lat, place.lon), _built(place)
    wedge = geometry.sector(at, 0.0, size, bearing, 67.5)
    shape = ground.shape(place)
    if shape is not None and shape.geom_type.endswith("Polygon"):
        from shapely.geometry import shape as read

        part = read(wedge).buffer(0).intersection(shape.buffer(0))
        if not part.is_empty and part.area > 0.02 * shape.area:
            inner = part.representative_point()
            middle = part.centroid if part.contains(part.centroid) else inner
            centre = (middle.y, middle.x)
            drawn = as_geojson(part)
            if drawn is not None:
                return Drawn(centre, geometry.reach_m(centre, drawn), drawn, f"that part of {place.name}")
    centre = geodesy.walk(at, bearing, size / 2)
    radius = geometry.point_radius_m(size / 2, size / 2, 67.5)
    return Drawn(centre, min(radius, size), wedge, f"that part of {place.name}")


def _approach(place: Place, bearing: float, ground: Ground) -> Drawn:
    """Into a place from one side: the place itself, with an arrow that comes from there."""
    found = draw_place(place, ground)
    if place.feature in AREAS:
        return found
    at, length = (place.lat, place.lon), max(2 * place.radius_m, calibration().shape["arrow_m"])
    _, shape = geometry.arrow(at, bearing, length)
    return Drawn(at, found.radius_m, shape, f"into {place.name} from that side; the length says nothing")


def _near(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn:
    place, reach = places[0], calibration().shape["near_m"]
    if expression.line:
        way = ground.way(places)
        if len(way.lines[0]) > 1 and place.feature not in AREAS:
            shape = geometry.corridor(max(way.lines, key=len), reach)
            at = way.middle()
            return Drawn(at, geometry.reach_m(at, shape), shape, f"beside {way.method}")
    if place.feature in AREAS:
        found = draw_place(place, ground)
        return replace(found, radius_m=found.radius_m + reach, method=f"in or near {place.name}")
    at, radius = (place.lat, place.lon), place.radius_m + reach
    return Drawn(at, radius, geometry.circle(at, radius), f"{place.name} and what lies near it")


def _line(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn | None:
    if len(places) == 1 and places[0].feature in AREAS and "border" not in expression.text.lower():
        return draw_place(places[0], ground)
    if expression.distance_m and not expression.bearing_deg:
        return _along(expression, places, ground)
    way = ground.way(places)
    if len(way.lines[0]) < 2:
        return replace(_near(replace(expression, line=False), places, ground), method=way.method)
    return _draw_way(way)


def _along(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn | None:
    """So far along the road from its first place; a ring where the other end is not known."""
    if len(places) < 2 or expression.distance_m is None:
        return _distance(replace(expression, line=False), places, ground)
    rule, stated = calibration().shape, expression.distance_m
    least = stated if expression.distance_min_m is None else expression.distance_min_m
    most = max(stated, expression.distance_max_m or 0.0)
    way = ground.way(places)
    line, middle = max(way.lines, key=len), (least + most) / 2
    start, end = (places[0].lat, places[0].lon), line[-1]
    if geodesy.measure(start, line[0])[0] > geodesy.measure(start, end)[0]:
        line = line[::-1]
    at = geodesy.along(line, rule["offset_point_ratio"] * middle)
    radius = rule["offset_radius_m"] + rule["offset_radius_ratio"] * middle + (most - least) / 2
    low, high = rule["sector_low"] * least, rule["sector_high"] * most
    piece = [geodesy.along(line, low + (high - low) * i / 4) for i in range(5)]
    shape = geometry.corridor(piece, rule["corridor_m"])
    return Drawn(at, radius, shape, f"measured from {places[0].name} along the {way.method}")


def _between(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn | None:
    if len(places) < 2:
        return _near(expression, places, ground)
    rule = calibration().shape
    ends = [(place.lat, place.lon) for place in places]
    length = geodesy.length_m(ends)
    half_width = max(rule["corridor_m"], rule["corridor_ratio"] * length)
    shape = geometry.corridor(ends, half_width)
    at = geodesy.along(ends, length / 2)
    names = " and ".join(place.name for place in places)
    return Drawn(at, math.hypot(length / 2, half_width), shape, f"between {names}")


def _within(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn | None:
    place = places[0]
    at, size = (place.lat, place.lon), max(place.radius_m, 1_000.0)
    if expression.part == "bank":
        return _line(expression, places, ground)
    if place.feature in AREAS:
        return draw_place(place, ground)
    if expression.part == "outskirts":
        shape = geometry.ring(at, 0.5 * size, 1.4 * size)
        return Drawn(at, 1.4 * size, shape, f"the edge of {place.name}")
    if expression.part == "inside" and expression.distance_m is None:
        return Drawn(at, 0.6 * size, geometry.circle(at, 0.6 * size), f"the middle of {place.name}")
    return Drawn(at, size, geometry.circle(at, size), f"anywhere in {place.name}")


def _at(expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn | None:
    return draw_place(places[0], ground)


_DRAW: dict[str, Callable[[SpatialExpression, list[Place], Ground], Drawn | None]] = {
    "at": _at,
    "near": _near,
    "toward": _near,
    "offset": _offset,
    "direction": _direction,
    "distance": _distance,
    "between": _between,
    "along": _line,
    "within": _within,
}


def draw_link(subject: Place, expression: SpatialExpression, places: list[Place], ground: Ground) -> Drawn:
    """Draw the words that place ``subject``, "X, 5 km from the highway": a line from X to its anchor.

    The point is the nearest point of the road, or the anchor's centre; a road is drawn as well.
    """
    at = (subject.lat, subject.lon)
    if expression.line and len(places) >= 1 and places[0].feature not in AREAS:
        way = ground.way(places)
        foot = way.nearest(at)
        parts = [line for line in way.lines if len(line) > 1]
        radius = max(LEAST_RADIUS_M, subject.radius_m)
        if geodesy.measure(at, foot)[0] > 1.0:
            parts.insert(0, (at, foot))
        if parts:
            return Drawn(foot, radius, geometry.lines(parts), f"from {subject.name} to {way.method}")
    anchor = (places[0].lat, places[0].lon)
    if geodesy.measure(at, anchor)[0] <= 1.0:
        return draw_place(places[0], ground)
    radius = max(LEAST_RADIUS_M, places[0].radius_m)
    return Drawn(anchor, radius, geometry.line([anchor, at]), f"from {places[0].name} to {subject.name}")
