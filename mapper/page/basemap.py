"""The map under the events: Natural Earth vectors and names from the gazetteer, clipped to the map's area."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

from mapper.page.payload import deltas

if TYPE_CHECKING:
    from gazetteer.place import Place

Box = tuple[float, float, float, float]
"""west, south, east, north in degrees. East may pass 180 for a map across the antimeridian."""

QUANTUM = 0.001
"""Degrees of one step: 110 m, finer than Natural Earth's 1:10m."""

MERCATOR_LIMIT = 85.0
WIDE = 50.0
"""An area wider than this is seen from so far that regions and rivers would only be noise."""

LABELS = {"country": 60, "region": 90, "settlement": 160, "river": 40}


class Source(Protocol):
    """What the basemap asks of a gazetteer (gazetteer.store.Gazetteer has it)."""

    def features(self, feature: str, bbox: Box | None = None, limit: int = 1000) -> list[Place]:
        """Places of one kind in a box."""
        ...

    def geometry(self, place_id: str) -> bytes | None:
        """WKB of the place's polygon or line."""
        ...


def area(points: Iterable[tuple[float, float, float]]) -> Box:
    """The box round (lat, lon, radius_m) with a generous margin; the whole world when there is nothing."""
    spots = list(points)
    if not spots:
        return (-180.0, -60.0, 180.0, MERCATOR_LIMIT)
    lons = [lon for _, lon, _ in spots]
    if max(lons) - min(lons) > 180.0:
        turned = [lon + 360.0 if lon < 0 else lon for lon in lons]
        lons = turned if max(turned) - min(turned) < max(lons) - min(lons) else lons
    lats = [lat for lat, _, _ in spots]
    reach = min(max(radius for _, _, radius in spots) / 111_000.0, 6.0)
    margin_x = max(2.5, 0.7 * (max(lons) - min(lons)), reach)
    margin_y = max(1.8, 0.6 * (max(lats) - min(lats)), reach)
    # A phone is high and a screen is wide: the shorter side grows to three quarters of the longer.
    wide, high = max(lons) - min(lons) + 2 * margin_x, max(lats) - min(lats) + 2 * margin_y
    margin_x += max(0.0, 0.75 * high - wide) / 2
    margin_y += max(0.0, 0.75 * wide - high) / 2
    west, east = min(lons) - margin_x, max(lons) + margin_x
    if east - west >= 340.0:
        west, east = -180.0, 180.0
    south, north = min(lats) - margin_y, max(lats) + margin_y
    return (_step(west), _step(max(-MERCATOR_LIMIT, south)), _step(east), _step(min(MERCATOR_LIMIT, north)))


def _step(value: float) -> float:
    return round(round(value / QUANTUM) * QUANTUM, 6)


def build(box: Box, gazetteer: Source | None) -> dict[str, Any]:
    """The vectors and labels of a box, and the coarse outline of the world round it, as JSON values."""
    world = json.loads(
        resources.files("mapper").joinpath("data", "basemap", "world.json").read_text(encoding="utf-8")
    )
    base: dict[str, Any] = {"box": list(box), "quantum": QUANTUM, "world": world, "labels": []}
    if gazetteer is None:
        return base
    wide = box[2] - box[0] > WIDE
    base["countries"] = _polygons(gazetteer, "country", box)
    base["water"] = _polygons(gazetteer, "water", box)
    base["regions"] = [] if wide else _borders(gazetteer, "region", box)
    base["rivers"] = [] if wide else _lines(gazetteer, "river", box)
    base["labels"] = list(_labels(gazetteer, box, wide))
    return base


def _pieces(box: Box) -> Iterator[tuple[Box, float]]:
    """The box cut at the antimeridian, each piece with the degrees to add to its longitudes."""
    west, south, east, north = box
    if west < -180.0:
        yield (west + 360.0, south, 180.0, north), -360.0
    yield (max(west, -180.0), south, min(east, 180.0), north), 0.0
    if east > 180.0:
        yield (-180.0, south, east - 360.0, north), 360.0


def _shapes(gazetteer: Source, feature: str, box: Box) -> Iterator[tuple[Any, float]]:
    """The geometries of one kind that reach into the box, clipped to it, with their shift in degrees."""
    import shapely

    for piece, shift in _pieces(box):
        for place in gazetteer.features(feature, bbox=piece, limit=3000):
            raw = gazetteer.geometry(place.id)
            if raw is None:
                continue
            shape = shapely.from_wkb(raw)
            west, south, east, north = shape.bounds
            if west > piece[2] or east < piece[0] or south > piece[3] or north < piece[1]:
                continue
            clipped = shapely.clip_by_rect(shape, *piece)
            if not clipped.is_empty:
                yield clipped, shift


def _tolerance(box: Box) -> float:
    return min(0.05, max(0.002, max(box[2] - box[0], box[3] - box[1]) / 5000.0))


def _polygons(gazetteer: Source, feature: str, box: Box) -> list[list[int]]:
    paths: list[list[int]] = []
    tolerance = _tolerance(box)
    for shape, shift in _shapes(gazetteer, feature, box):
        light = shape.simplify(tolerance, preserve_topology=False)
        for polygon in _of_type(light, "Polygon"):
            if polygon.area > tolerance * tolerance:
                for ring in (polygon.exterior, *polygon.interiors):
                    paths.append(_path(ring.coords, shift))
    return paths


def _borders(gazetteer: Source, feature: str, box: Box) -> list[list[int]]:
    """Borders once each, though two neighbours share them; the edges of the clip are left out."""
    import shapely

    paths: list[list[int]] = []
    by_shift: dict[float, list[Any]] = {}
    for shape, shift in _shapes(gazetteer, feature, box):
        by_shift.setdefault(shift, []).append(shape.boundary)
    for shift, lines in by_shift.items():
        merged = shapely.line_merge(shapely.union_all(lines)).simplify(
            3 * _tolerance(box), preserve_topology=False
        )
        paths += [_path(line.coords, shift) for line in _of_type(merged, "LineString")]
    return paths


def _lines(gazetteer: Source, feature: str, box: Box) -> list[list[int]]:
    return [
        _path(line.coords, shift)
        for shape, shift in _shapes(gazetteer, feature, box)
        for line in _of_type(shape.simplify(_tolerance(box), preserve_topology=False), "LineString")
    ]


def _of_type(shape: Any, kind: str) -> Iterator[Any]:
    if shape.geom_type == kind:
        if not shape.is_empty:
            yield shape
    elif hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _of_type(part, kind)


def _path(coordinates: Iterable[Sequence[float]], shift: float) -> list[int]:
    return deltas(((point[0] + shift, point[1]) for point in coordinates), QUANTUM)


def _labels(gazetteer: Source, box: Box, wide: bool) -> Iterator[list[Any]]:
    """[kind, name, lat, lon, rank] with the more important first; rank grows with importance, 0 to 9."""
    kinds = ("country", "settlement") if wide else ("country", "region", "settlement", "river")
    for kind in kinds:
        for piece, shift in _pieces(box):
            for place in gazetteer.features(kind, bbox=piece, limit=LABELS[kind]):
                spot = _label_point(gazetteer, place, piece) if kind in ("country", "river") else None
                lat, lon = spot or (place.lat, place.lon)
                if piece[1] <= lat <= piece[3] and piece[0] <= lon <= piece[2]:
                    yield [kind, place.name, round(lat, 4), round(lon + shift, 4), _rank(place.population)]


def _label_point(gazetteer: Source, place: Place, box: Box) -> tuple[float, float] | None:
    """Where to write the name of something that is only partly in the box: inside the part that is."""
    import shapely

    if place.feature == "country" and box[0] < place.lon < box[2] and box[1] < place.lat < box[3]:
        return None
    raw = gazetteer.geometry(place.id)
    if raw is None:
        return None
    part = shapely.clip_by_rect(shapely.from_wkb(raw), *box)
    if part.is_empty:
        return None
    point = part.representative_point() if part.area else part.interpolate(0.5, normalized=True)
    return point.y, point.x


def _rank(population: int) -> int:
    return (
        min(9, max(0, len(str(population)) - 1)) + (1 if str(population)[0] >= "5" else 0)
        if population
        else 0
    )
