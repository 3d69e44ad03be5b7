"""The map under the events: Natural Earth vectors that ship with the package, and names, for its area."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy

    from gazetteer.place import Place

Box = tuple[float, float, float, float]
"""west, south, east, north in degrees. East may pass 180 for a map across the antimeridian."""

STEP = {"near": 0.001, "mid": 0.005, "far": 0.02}
"""Degrees of one step of the coordinates at each level of detail, as scripts/make_basemap.py wrote them."""

MERCATOR_LIMIT = 85.0
WIDE = 30.0
"""An area wider than this is drawn with the middle level of detail."""
WIDEST = 75.0
"""In an area wider than this, the borders of regions and small rivers would only be noise."""
SETTLEMENTS = 600
"""So many towns get a name, the largest first; zooming in shows more of them."""
VILLAGES = {"spots": 24, "radius_m": 16_000.0, "limit": 14}
"""Round so many places of events, the nearest villages are named too."""
LEAST_RIVER = 4
"""Rank of the smallest river on a wide map."""


class Source(Protocol):
    """What the basemap asks of a gazetteer (gazetteer.store.Gazetteer has it)."""

    def features(self, feature: str, bbox: Box | None = None, limit: int = 1000) -> list[Place]:
        """Places of one kind in a box, the more important first."""
        ...

    def near(
        self,
        lat: float,
        lon: float,
        radius_m: float,
        features: Collection[str] | None = None,
        limit: int = 50,
    ) -> list[tuple[Place, float]]:
        """Places within a radius, the nearest first."""
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
    south, north = max(-MERCATOR_LIMIT, south), min(MERCATOR_LIMIT, north)
    return (_whole(west), _whole(south), _whole(east), _whole(north))


def _whole(value: float) -> float:
    return round(round(value / 0.005) * 0.005, 6)


def build(
    box: Box,
    gazetteer: Source | None,
    spots: Sequence[tuple[float, float]] = (),
    *,
    detailed: bool = True,
) -> dict[str, Any]:
    """The vectors and labels of a box, and the coarse outline of the world round it, as JSON values.

    Parameters
    ----------
    box
        The area that gets full detail.
    gazetteer
        For the names of towns; without it there are none.
    spots
        (lat, lon) of events, where villages are named too; the first ones count.
    detailed
        False leaves only the outline of the world (an online basemap draws the rest).
    """
    far = _Paths("far", "land")
    world = {"quantum": STEP["far"], "paths": [[far.code(n), far.flat(n, 0.0)] for n in range(far.count)]}
    base: dict[str, Any] = {"box": list(box), "world": world, "labels": []}
    if not detailed:
        return base
    width = box[2] - box[0]
    level = "mid" if width > WIDE else "near"
    base["quantum"] = STEP[level]
    land = _Paths(level, "land")
    base["land"] = [[land.code(n), flat] for n, flat in land.rings(box)]
    for kind in ("coast", "borders", "regions", "rivers"):
        paths = _Paths(level, kind)
        found = paths.lines(box) if kind != "regions" or width <= WIDEST else ()
        if kind == "rivers":
            ranks = [rank for _, _, rank in owners()["rivers"]]
            least = LEAST_RIVER if width > WIDE else 0
            base[kind] = [[ranks[n], flat] for n, flat in found if ranks[n] >= least]
        else:
            base[kind] = [flat for _, flat in found]
    base["labels"] = [*_labels(box, land), *_towns(gazetteer, box, spots)]
    return base


@cache
def _arrays() -> Any:
    import numpy

    path = resources.files("mapper").joinpath("data", "basemap", "basemap.npz")
    return numpy.load(io.BytesIO(path.read_bytes()), allow_pickle=False)


@cache
def owners() -> dict[str, list[Any]]:
    """What the paths belong to: countries, regions, rivers and waters with their names and points."""
    found: dict[str, list[Any]] = json.loads(_arrays()["owners"].tobytes())
    return found


@cache
def outlined() -> frozenset[str]:
    """The codes of the countries that the outline of the world holds."""
    far = _Paths("far", "land")
    return frozenset(far.code(number) for number in range(far.count))


class _Paths:
    """The paths of one kind at one level: lines of coasts and borders, or the rings of countries."""

    def __init__(self, level: str, kind: str) -> None:
        import numpy

        arrays, name = _arrays(), f"{level}_{kind}"
        self.step = STEP[level]
        self.owner, self.first = arrays[f"{name}_owner"], arrays[f"{name}_first"]
        self.boxes, self.steps = arrays[f"{name}_box"], arrays[f"{name}_steps"]
        self.ends = numpy.cumsum(arrays[f"{name}_size"] - 1)
        self.count = len(self.owner)

    def code(self, number: int) -> str:
        """The ISO code of the country that a ring belongs to."""
        return str(owners()["countries"][int(self.owner[number])][0])

    def _steps(self, number: int) -> numpy.ndarray[Any, Any]:
        start = self.ends[number - 1] if number else 0
        found: numpy.ndarray[Any, Any] = self.steps[:, start : self.ends[number]]
        return found

    def flat(self, number: int, shift: float) -> list[int]:
        """First point, then differences, in steps; longitudes moved by ``shift`` degrees."""
        x, y = self.first[number].tolist()
        flat: list[int] = [x + round(shift / self.step), y, *self._steps(number).T.ravel().tolist()]
        return flat

    def lines(self, box: Box) -> Iterator[tuple[int, list[int]]]:
        """(owner, flat) of the paths that reach into a box. They are short, so that none needs clipping."""
        for number, shift, _ in self._near(box):
            yield int(self.owner[number]), self.flat(number, shift)

    def rings(self, box: Box) -> Iterator[tuple[int, list[int]]]:
        """(number, flat) of the rings in a box, clipped to it."""
        for number, shift, piece in self._near(box):
            west, south, east, north = self.boxes[number].tolist()
            if west >= piece[0] and south >= piece[1] and east <= piece[2] and north <= piece[3]:
                yield number, self.flat(number, shift)
            else:
                for flat in self._clipped(number, shift, piece):
                    yield number, flat

    def _clipped(self, number: int, shift: float, piece: Any) -> Iterator[list[int]]:
        import numpy
        import shapely

        steps = numpy.concatenate([self.first[number][:, None], self._steps(number)], axis=1)
        ring = shapely.Polygon(numpy.cumsum(steps, axis=1, dtype=numpy.int64).T)
        part = shapely.clip_by_rect(ring, *piece)
        for polygon in getattr(part, "geoms", [part]):
            if polygon.geom_type == "Polygon" and not polygon.is_empty:
                points = numpy.rint(numpy.asarray(polygon.exterior.coords)).astype(numpy.int64)
                points[:, 0] += round(shift / self.step)
                yield numpy.diff(points, axis=0, prepend=0 * points[:1]).ravel().tolist()

    def _near(self, box: Box) -> Iterator[tuple[int, float, Any]]:
        """(number, shift in degrees, piece of the box in steps) of every path whose box meets the box."""
        for piece, shift in _pieces(box):
            west, south, east, north = (value / self.step for value in piece)
            boxes = self.boxes
            meets = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
            meets &= (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
            for number in meets.nonzero()[0].tolist():
                yield number, shift, (west, south, east, north)


def _pieces(box: Box) -> Iterator[tuple[Box, float]]:
    """The box cut at the antimeridian, each piece with the degrees to add to its longitudes."""
    west, south, east, north = box
    if west < -180.0:
        yield (west + 360.0, south, 180.0, north), -360.0
    yield (max(west, -180.0), south, min(east, 180.0), north), 0.0
    if east > 180.0:
        yield (-180.0, south, east - 360.0, north), 360.0


def _labels(box: Box, land: _Paths) -> Iterator[list[Any]]:
    """[kind, name, lat, lon, rank] with the more important first; rank grows with importance, 0 to 9."""
    yield from _country_labels(box, land)
    table = owners()
    for piece, shift in _pieces(box):

        def inside(lat: float, lon: float, piece: Box = piece) -> bool:
            return piece[1] <= lat <= piece[3] and piece[0] <= lon <= piece[2]

        for name, lat, lon, radius in table["waters"]:
            if inside(lat, lon):
                yield ["water", name, round(lat, 3), round(lon + shift, 3), min(9, radius // 50_000)]
        if box[2] - box[0] <= WIDEST:
            for _, _, name, lat, lon, radius in table["regions"]:
                if inside(lat, lon):
                    yield ["region", name, round(lat, 3), round(lon + shift, 3), radius]
    yield from _river_labels(box)


def _towns(gazetteer: Source | None, box: Box, spots: Sequence[tuple[float, float]]) -> Iterator[list[Any]]:
    """Labels of the box's large towns, and of the villages round the events."""
    if gazetteer is None:
        return
    found: dict[str, Place] = {}
    for piece, _ in _pieces(box):
        for place in gazetteer.features("settlement", bbox=piece, limit=SETTLEMENTS):
            found[place.id] = place
    for lat, lon in spots[: int(VILLAGES["spots"])]:
        near = gazetteer.near(lat, lon, VILLAGES["radius_m"], ("settlement",), int(VILLAGES["limit"]))
        found.update((place.id, place) for place, _ in near)
    for place in sorted(found.values(), key=lambda place: (-place.population, place.id)):
        for piece, shift in _pieces(box):
            if piece[1] <= place.lat <= piece[3] and piece[0] <= place.lon <= piece[2]:
                lat, lon = round(place.lat, 4), round(place.lon + shift, 4)
                yield ["settlement", place.name, lat, lon, _rank(place.population)]


def _country_labels(box: Box, land: _Paths) -> Iterator[list[Any]]:
    """Each country where its own point is, or in the largest part of it that the box shows."""
    import shapely

    largest: dict[int, Any] = {}
    for number, flat in land.rings(box):
        ring = shapely.Polygon(_points(flat))
        owner = int(land.owner[number])
        if owner not in largest or ring.area > largest[owner].area:
            largest[owner] = ring
    table = owners()["countries"]
    for owner, ring in sorted(largest.items(), key=lambda item: (-item[1].area, item[0])):
        _, _, name, lat, lon = table[owner]
        spot = shapely.Point(lon / land.step, lat / land.step)
        if not ring.contains(spot):
            whole = shapely.maximum_inscribed_circle(ring, tolerance=60) if ring.is_valid else ring
            point = whole.centroid
            lat, lon = point.y * land.step, point.x * land.step
        yield ["country", name, round(lat, 3), round(lon, 3), min(9, int(ring.area**0.5 * land.step))]


def _river_labels(box: Box) -> Iterator[list[Any]]:
    """Each river in the middle of the longest stretch that the box shows."""
    rivers = _Paths("mid", "rivers")
    west, south, east, north = (value / rivers.step for value in box)
    longest: dict[int, list[tuple[int, int]]] = {}
    for owner, flat in rivers.lines(box):
        seen = [(x, y) for x, y in _points(flat) if west <= x <= east and south <= y <= north]
        if len(seen) > len(longest.get(owner, ())):
            longest[owner] = seen
    for owner, seen in sorted(longest.items()):
        _, name, rank = owners()["rivers"][owner]
        lon, lat = (value * rivers.step for value in seen[len(seen) // 2])
        yield ["river", name, round(lat, 3), round(lon, 3), rank]


def _points(flat: list[int]) -> list[tuple[int, int]]:
    points, x, y = [], 0, 0
    for step_x, step_y in zip(flat[::2], flat[1::2], strict=True):
        x, y = x + step_x, y + step_y
        points.append((x, y))
    return points


def _rank(population: int) -> int:
    """About the number of digits of a population, one more from 5 on."""
    digits = len(str(population)) - 1 + (str(population)[0] >= "5")
    return min(9, digits) if population else 0
