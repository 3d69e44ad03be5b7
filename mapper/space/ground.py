"""What the gazetteer knows about the ground: outlines, rivers, roads, and the towns between two towns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from mapper.space import geodesy, geometry
from mapper.space.lexicon import calibration
from mapper.space.sphere import LatLon
from mapper.types import GeoJson

if TYPE_CHECKING:
    from collections.abc import Collection

    from gazetteer.place import Place

_MOST_VERTICES = 1500
_KEPT = 64
"""Shapes that a process keeps: texts name the same countries and regions again and again."""


class Places(Protocol):
    """The part of :class:`gazetteer.store.Gazetteer` that geometry needs."""

    def geometry(self, place_id: str) -> bytes | None:
        """WKB of a place's polygon or line, or None."""

    def near(
        self,
        lat: float,
        lon: float,
        radius_m: float,
        features: Collection[str] | None = None,
        limit: int = 50,
    ) -> list[tuple[Place, float]]:
        """Places within a radius, with their distances in metres."""

    def features(
        self, feature: str, bbox: tuple[float, float, float, float] | None = None, limit: int = 1000
    ) -> list[Place]:
        """Places of a feature in a box (west, south, east, north)."""


@dataclass(frozen=True, slots=True)
class Way:
    """A road, river or border as one line or more, and how it is known."""

    lines: tuple[tuple[LatLon, ...], ...]
    method: str

    def nearest(self, to: LatLon) -> LatLon:
        """The point of the way that is nearest to ``to``."""
        found = [geodesy.nearest_on(line, to) for line in self.lines]
        return min(found, key=lambda point: geodesy.measure(to, point)[0])

    def middle(self) -> LatLon:
        """The point halfway along the longest line."""
        longest = max(self.lines, key=geodesy.length_m)
        return geodesy.along(longest, geodesy.length_m(longest) / 2)


@dataclass(slots=True)
class Ground:
    """A gazetteer with the shapes already read from it, as WKB."""

    gazetteer: Places
    _shapes: dict[str, bytes | None] = field(default_factory=dict)

    def shape(self, place: Place) -> Any | None:
        """The outline or line of a place as shapely geometry, simplified if large, or None."""
        wkb = self._wkb(place)
        return None if wkb is None else _simplified(wkb)

    def outline(self, place: Place) -> tuple[GeoJson, float] | None:
        """The polygon of a place and how far it reaches from the place's point in metres, or None.

        The polygon is shared by all who ask for it: not to be changed.
        """
        wkb = self._wkb(place)
        return None if wkb is None else _outline(wkb, (place.lat, place.lon))

    def _wkb(self, place: Place) -> bytes | None:
        if place.id not in self._shapes:
            self._shapes[place.id] = self.gazetteer.geometry(place.id)
        return self._shapes[place.id]

    def way(self, places: list[Place]) -> Way:
        """The line that ``places`` name: a river or border, a known road, or the line through towns."""
        if len(places) == 1:
            lines = _lines(self.shape(places[0]))
            if lines:
                return Way(lines, f"the line of {places[0].name}")
            return Way((((places[0].lat, places[0].lon),),), f"{places[0].name}, whose line is not known")
        road = self._road(places[0], places[-1])
        if road:
            return road
        points: list[LatLon] = [(places[0].lat, places[0].lon)]
        names: list[str] = []
        for a, b in zip(places, places[1:], strict=False):
            for town in self._towns_between(a, b):
                points.append((town.lat, town.lon))
                names.append(town.name)
            points.append((b.lat, b.lon))
        via = f" and {', '.join(names)} between them" if names else ""
        ends = " and ".join(place.name for place in places)
        return Way((tuple(points),), f"line through {ends}{via}; the road itself is not in the gazetteer")

    def _towns_between(self, a: Place, b: Place) -> list[Place]:
        """Known towns that a road from ``a`` to ``b`` can hardly miss, in order: close to the direct line."""
        rule = calibration().shape
        start, end = (a.lat, a.lon), (b.lat, b.lon)
        length, bearing = geodesy.measure(start, end)
        if not rule["via_least_m"] <= length <= rule["via_most_m"]:
            return []
        middle = geodesy.walk(start, bearing, length / 2)
        found: list[tuple[float, Place]] = []
        for town, _ in self.gazetteer.near(*middle, length / 2, features=("settlement",), limit=400):
            if town.population < rule["via_population"]:
                continue
            at = (town.lat, town.lon)
            foot = geodesy.nearest_on((start, end), at)
            aside, done = geodesy.measure(foot, at)[0], geodesy.measure(start, foot)[0] / length
            if aside <= rule["via_aside_ratio"] * length and 0.12 <= done <= 0.88:
                found.append((done, town))
        largest = sorted(found, key=lambda item: (-item[1].population, item[1].id))[: int(rule["via_towns"])]
        return [town for _, town in sorted(largest, key=lambda item: item[0])]

    def _road(self, a: Place, b: Place) -> Way | None:
        """The stretch of a road in the gazetteer that passes both towns."""
        from shapely.geometry import LineString
        from shapely.ops import substring

        margin = 0.1
        box = (min(a.lon, b.lon) - margin, min(a.lat, b.lat) - margin)
        box_end = (max(a.lon, b.lon) + margin, max(a.lat, b.lat) + margin)
        if box_end[0] - box[0] > 180:
            return None
        for road in self.gazetteer.features("road", (*box, *box_end), limit=50):
            for line in _lines(self.shape(road)):
                if len(line) < 2:
                    continue
                ends = [geodesy.nearest_on(line, (p.lat, p.lon)) for p in (a, b)]
                away = [geodesy.measure(e, (p.lat, p.lon))[0] for e, p in zip(ends, (a, b), strict=True)]
                if max(away) > calibration().shape["road_passes_m"]:
                    continue
                flat = LineString([(lon, lat) for lat, lon in line])
                cut = substring(flat, *(flat.project(_shapely_point(e)) for e in ends))
                points = tuple((lat, lon) for lon, lat in cut.coords)
                if len(points) > 1:
                    return Way((points,), f"the line of {road.name}")
        return None


def _shapely_point(at: LatLon) -> Any:
    from shapely.geometry import Point

    return Point(at[1], at[0])


@lru_cache(maxsize=_KEPT)
def _outline(wkb: bytes, at: LatLon) -> tuple[GeoJson, float] | None:
    outline = as_geojson(_simplified(wkb))
    return None if outline is None else (outline, geometry.reach_m(at, outline))


@lru_cache(maxsize=_KEPT)
def _simplified(wkb: bytes) -> Any:
    from shapely import wkb as reader

    shape = reader.loads(wkb)
    west, south, east, north = shape.bounds
    tolerance = max(east - west, north - south) / 2000.0
    for _ in range(8):
        if _count(shape) <= _MOST_VERTICES:
            break
        shape, tolerance = shape.simplify(tolerance, preserve_topology=True), tolerance * 2
    return shape


def _count(shape: Any) -> int:
    from shapely import get_num_coordinates

    return int(get_num_coordinates(shape))


def _lines(shape: Any | None) -> tuple[tuple[LatLon, ...], ...]:
    """The lines of a shape, or the rings of its outline, as (lat, lon)."""
    if shape is None:
        return ()
    if shape.geom_type.endswith("Polygon"):
        shape = shape.boundary
    if shape.geom_type == "MultiLineString":
        from shapely.ops import linemerge

        shape = linemerge(shape)
    parts = getattr(shape, "geoms", [shape])
    return tuple(
        tuple((lat, lon) for lon, lat, *_ in part.coords) for part in parts if part.geom_type != "Point"
    )


def as_geojson(shape: Any) -> GeoJson | None:
    """A shapely Polygon or MultiPolygon as GeoJSON; None of any other shape."""
    from shapely import get_coordinates

    if not shape.geom_type.endswith("Polygon"):
        return None
    parts: list[list[list[list[float]]]] = [
        [get_coordinates(ring).tolist() for ring in (part.exterior, *part.interiors)]
        for part in getattr(shape, "geoms", [shape])
    ]
    coordinates: Any = parts if shape.geom_type == "MultiPolygon" else parts[0]
    return {"type": shape.geom_type, "coordinates": coordinates}
