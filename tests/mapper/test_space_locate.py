"""Locations of events, on a small real gazetteer file: points, shapes, radii and how they were made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from shapely.geometry import LineString, Point, box, shape

from gazetteer.compile import finish, writing
from gazetteer.place import SourcePlace
from gazetteer.store import Gazetteer
from mapper.space import geodesy
from mapper.space.constraints import penalty
from mapper.space.locate import locate, locate_expression, locate_mention
from mapper.space.phrases import find
from mapper.types import Event, EventPlace, Location, Mention, Movement, Resolution, Role

TOWN = {"feature": "settlement", "country": "UA", "source": "test"}
PLACES = [
    SourcePlace("t:sumy", "Sumy", 50.9216, 34.8003, radius_m=9000, population=268000, **TOWN),  # type: ignore[arg-type]
    SourcePlace("t:romny", "Romny", 50.7505, 33.4746, radius_m=4000, population=41000, **TOWN),  # type: ignore[arg-type]
    SourcePlace("t:nedr", "Nedryhailiv", 50.8330, 33.8780, radius_m=2500, population=6000, **TOWN),  # type: ignore[arg-type]
    SourcePlace("t:konotop", "Konotop", 51.2403, 33.2026, radius_m=5000, population=90000, **TOWN),  # type: ignore[arg-type]
    SourcePlace("t:korenevo", "Korenevo", 51.4150, 34.9060, radius_m=2000, population=6000, **TOWN),  # type: ignore[arg-type]
    SourcePlace("t:vilne", "Vilne", 50.8600, 34.1000, radius_m=1500, population=300, **TOWN),  # type: ignore[arg-type]
    SourcePlace(
        "t:oblast", "Sumy Oblast", 51.0, 34.0, "region", country="UA", radius_m=120000, source="test",
        geometry=box(33.0, 50.1, 35.6, 52.3).wkb,
    ),
    SourcePlace(
        "t:psel", "Psel", 50.9, 34.8, "river", radius_m=50000, source="test",
        geometry=LineString([(34.9, 51.1), (34.8, 50.9), (34.3, 50.4)]).wkb,
    ),
    SourcePlace(
        "t:r60", "R60", 51.0, 33.8, "road", radius_m=60000, source="test",
        geometry=LineString([(33.20, 51.24), (33.7, 51.12), (34.3, 50.98), (34.80, 50.92), (35.3, 51.0)]).wkb,
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    path: Path = tmp_path_factory.mktemp("gazetteer") / "small.sqlite"
    with writing(path) as builder:
        builder.add_places(PLACES)
        finish(builder, [], lambda *_: None)
    opened = Gazetteer.open(path)
    yield opened
    opened.close()


def resolved(text: str, gazetteer: Gazetteer) -> list[Resolution]:
    """A resolution for every known name that stands in ``text``."""
    found = []
    kinds = {"region": "region", "river": "river", "road": "road"}
    for place in sorted(PLACES, key=lambda p: -len(p.name)):
        start = text.find(place.name)
        if start < 0 or any(r.mention.start <= start < r.mention.end for r in found):
            continue
        kind = kinds.get(place.feature, "settlement")
        mention = Mention(place.id, start, start + len(place.name), place.name, kind)  # type: ignore[arg-type]
        found.append(Resolution(mention, gazetteer.by_id(place.id)))
    return sorted(found, key=lambda r: r.mention.start)


def phrase(text: str, gazetteer: Gazetteer) -> Location:
    resolutions = resolved(text, gazetteer)
    expressions = find(text, [r.mention for r in resolutions])
    located = locate_expression(expressions[-1], resolutions, gazetteer)
    assert located is not None
    return located


def event(
    text: str,
    gazetteer: Gazetteer,
    places: dict[str, Role],
    kind: str = "shelling",
    movement: Movement | None = None,
) -> Event:
    """An event whose places are expressions or names, given by a part of their words."""
    resolutions = resolved(text, gazetteer)
    expressions = find(text, [r.mention for r in resolutions])
    items = []
    for words, role in places.items():
        said = next((e for e in expressions if words in e.text), None)
        named = next((r.mention.id for r in resolutions if r.mention.text == words), None)
        items.append(EventPlace(role, None if said else named, said))
    raw = Event("e1", kind, 0, len(text), text, (0, 1), places=tuple(items), movement=movement)
    (found,) = locate([raw], resolutions, gazetteer)
    return found


SUMY, ROMNY, KONOTOP = (50.9216, 34.8003), (50.7505, 33.4746), (51.2403, 33.2026)


def at(location: Location) -> tuple[float, float]:
    return location.lat, location.lon


def test_an_offset_lies_on_its_bearing_in_its_sector(gazetteer: Gazetteer) -> None:
    found = phrase("20 km north of Sumy", gazetteer)
    away, bearing = geodesy.measure(SUMY, at(found))
    assert 17_000 < away < 20_000
    assert bearing == pytest.approx(0, abs=0.01)
    assert shape(found.geometry).contains(Point(found.lon, found.lat))
    assert shape(found.geometry).contains(Point(reversed(geodesy.walk(SUMY, 30, 20_000))))
    assert not shape(found.geometry).contains(Point(reversed(geodesy.walk(SUMY, 90, 20_000))))
    assert 10_000 < found.radius_m < 13_000


def test_a_range_widens_the_sector_and_the_radius(gazetteer: Gazetteer) -> None:
    narrow, wide = phrase("15 km west of Sumy", gazetteer), phrase("10-20 km west of Sumy", gazetteer)
    assert wide.radius_m > narrow.radius_m
    assert shape(wide.geometry).area > shape(narrow.geometry).area


def test_a_distance_is_a_ring_and_within_is_a_disc(gazetteer: Gazetteer) -> None:
    ring, disc = phrase("10 km from Sumy", gazetteer), phrase("within 10 km of Sumy", gazetteer)
    centre = Point(SUMY[1], SUMY[0])
    assert not shape(ring.geometry).contains(centre) and shape(disc.geometry).contains(centre)
    for bearing in (0, 100, 200):
        assert shape(ring.geometry).contains(Point(reversed(geodesy.walk(SUMY, bearing, 10_000))))
    assert ring.radius_m >= 10_000


def test_a_region_keeps_its_outline_and_a_radius_that_covers_it(gazetteer: Gazetteer) -> None:
    resolutions = resolved("shelling in Sumy Oblast", gazetteer)
    found = locate_mention(resolutions[0], gazetteer)
    assert found is not None and found.geometry["type"] == "Polygon"
    assert (
        max(geodesy.measure(at(found), (y, x))[0] for y in (50.1, 52.3) for x in (33.0, 35.6))
        <= found.radius_m + 1
    )


def test_the_north_of_a_region_is_its_northern_part(gazetteer: Gazetteer) -> None:
    found = phrase("in the north of Sumy Oblast", gazetteer)
    part = shape(found.geometry)
    assert box(33.0, 50.1, 35.6, 52.3).buffer(0.001).contains(part)
    assert found.lat > 51.0 and part.bounds[1] > 50.9


def test_between_is_a_corridor_with_both_ends_and_the_middle(gazetteer: Gazetteer) -> None:
    found = phrase("between Sumy and Romny", gazetteer)
    for place in (SUMY, ROMNY, at(found)):
        assert shape(found.geometry).intersects(Point(place[1], place[0]))
    assert geodesy.measure(SUMY, at(found))[0] == pytest.approx(
        geodesy.measure(ROMNY, at(found))[0], rel=0.01
    )


def test_an_unknown_road_goes_through_the_towns_between_and_says_so(gazetteer: Gazetteer) -> None:
    found = phrase("along the road from Romny to Sumy", gazetteer)
    assert found.geometry["type"] == "LineString"
    assert "Nedryhailiv" in found.method and "not in the gazetteer" in found.method
    assert shape(found.geometry).distance(Point(33.8780, 50.8330)) < 1e-9


def test_a_known_road_is_used_between_its_two_towns_only(gazetteer: Gazetteer) -> None:
    found = phrase("the Konotop-Sumy highway", gazetteer)
    line = shape(found.geometry)
    assert "R60" in found.method
    assert line.distance(Point(33.7, 51.12)) < 1e-6
    assert line.bounds[2] < 34.9


def test_a_river_keeps_its_line(gazetteer: Gazetteer) -> None:
    found = phrase("on the left bank of the Psel", gazetteer)
    assert found.geometry["type"] == "LineString" and found.relation.part == "bank"


def test_a_village_near_a_road_gets_the_distance_drawn(gazetteer: Gazetteer) -> None:
    text = "near Vilne, about 5 km from the road from Romny to Sumy"
    found = event(text, gazetteer, {"near Vilne": "target", "about 5 km": "reference"})
    target, reference = found.locations
    assert geodesy.measure(at(target), (50.86, 34.1))[0] < 1
    assert reference.geometry["type"] == "MultiLineString"
    assert reference.geometry["coordinates"][0][0] == [34.1, 50.86]


def test_an_arrow_has_the_length_of_the_movement_and_ends_short(gazetteer: Gazetteer) -> None:
    text = "They advanced 1 km as they approached Romny. Konotop was quiet."
    found = event(text, gazetteer, {"approached": "destination"}, "advance", Movement(1000.0, None))
    (location,) = found.locations
    assert location.geometry["type"] == "LineString"
    ends = [(lat, lon) for lon, lat in location.geometry["coordinates"]]
    assert geodesy.length_m(ends) == pytest.approx(1000, abs=1)
    assert min(geodesy.measure(ROMNY, end)[0] for end in ends) == pytest.approx(4000, abs=1)
    assert "Konotop" in location.method and "assumption" in location.method
    assert found.movement == Movement(1000.0, None)  # an assumed side is no stated bearing


def test_an_arrow_comes_from_the_origin(gazetteer: Gazetteer) -> None:
    text = "They moved from Konotop towards Sumy."
    found = event(text, gazetteer, {"Konotop": "origin", "towards": "destination"}, "advance")
    origin, destination = found.locations
    start, *_, end = [(lat, lon) for lon, lat in destination.geometry["coordinates"]]
    assert geodesy.measure(start, at(origin))[0] < 1
    assert geodesy.measure(end, SUMY)[0] == pytest.approx(9000, abs=1)
    assert found.movement is not None and found.movement.bearing_deg == pytest.approx(107, abs=3)


def test_an_approach_is_an_arrow_from_that_side(gazetteer: Gazetteer) -> None:
    found = event(
        "They entered Romny from the south", gazetteer, {"from the south": "target"}, "ground_assault"
    )
    (location,) = found.locations
    assert at(location) == pytest.approx(ROMNY)
    assert location.geometry["coordinates"][0][1] < ROMNY[0]


def test_launch_targets_and_return_are_joined(gazetteer: Gazetteer) -> None:
    found = event(
        "From Korenevo they fired at Sumy, Romny and flew back to Konotop", gazetteer,
        {"Korenevo": "launch", "Sumy": "target", "Romny": "target", "Konotop": "return"}, "launch",
    )  # fmt: skip
    launch, *ends = found.locations
    assert launch.geometry["type"] == "Point"
    for location in ends:
        assert location.geometry["coordinates"][0] == [launch.lon, launch.lat]
        assert location.geometry["coordinates"][-1] == [location.lon, location.lat]


def test_origin_to_destination_is_a_line_and_gives_the_bearing(gazetteer: Gazetteer) -> None:
    found = event(
        "moved from Konotop into Romny", gazetteer, {"Konotop": "origin", "Romny": "destination"}, "advance"
    )
    assert found.locations[1].geometry["type"] == "LineString"
    assert found.movement is not None and found.movement.bearing_deg == pytest.approx(161, abs=3)


def test_unresolved_anchors_give_no_location_but_one_end_of_a_line_does(gazetteer: Gazetteer) -> None:
    resolutions = [Resolution(r.mention, None) for r in resolved("5 km from Sumy", gazetteer)]
    (words,) = find("5 km from Sumy", [r.mention for r in resolutions])
    assert locate_expression(words, resolutions, gazetteer) is None
    both = resolved("between Sumy and Romny", gazetteer)
    (words,) = find("between Sumy and Romny", [r.mention for r in both])
    half = locate_expression(words, [both[0], Resolution(both[1].mention, None)], gazetteer)
    assert half is not None and "only end" in half.method


@pytest.mark.parametrize(
    "text",
    ["near Sumy", "south of Sumy", "outskirts of Sumy", "northern outskirts of Sumy", "central Sumy",
     "across Sumy Oblast", "along the Psel", "5 km from the Psel", "towards Sumy",
     "eastern Sumy Oblast", "10 km into Sumy Oblast",
     "half a kilometre east of Vilne", "5 km from the R60"],
)  # fmt: skip
def test_every_relation_has_a_valid_shape_that_its_radius_reaches(text: str, gazetteer: Gazetteer) -> None:
    found = phrase(text, gazetteer)
    assert shape(found.geometry).is_valid and not shape(found.geometry).is_empty
    assert found.radius_m >= 100 and found.method
    assert -90 <= found.lat <= 90 and -180 <= found.lon <= 180


def test_the_right_one_of_many_villages_fits_best() -> None:
    text = "near Vilne, about 5 km from the road from Romny to Sumy"
    mentions = [
        Mention(n, text.find(n), text.find(n) + len(n), n, "settlement") for n in ("Vilne", "Romny", "Sumy")
    ]
    words = next(e for e in find(text, mentions) if e.subject)
    right = penalty(words, (50.86, 34.10), (ROMNY, SUMY))
    wrong = penalty(words, (48.30, 33.10), (ROMNY, SUMY))
    assert right < 1.5 and wrong > 10


def test_a_bearing_tells_candidates_apart() -> None:
    text = "Vilne, 20 km north of Sumy"
    mentions = [Mention(n, text.find(n), text.find(n) + len(n), n, "settlement") for n in ("Vilne", "Sumy")]
    (words,) = find(text, mentions)
    north = penalty(words, geodesy.walk(SUMY, 5, 19_000), (SUMY,))
    south = penalty(words, geodesy.walk(SUMY, 180, 20_000), (SUMY,))
    assert north < 0.6 and south > 5


def test_a_distance_along_a_road_is_measured_from_the_named_end(gazetteer: Gazetteer) -> None:
    text = "on the Romny-Sumy road"
    resolutions = resolved(text, gazetteer)
    (road,) = find(text, [r.mention for r in resolutions])
    at = locate_expression(replace(road, distance_m=30_000.0), resolutions, gazetteer)
    assert at is not None
    away, bearing = geodesy.measure((50.7505, 33.4746), (at.lat, at.lon))
    assert 24_000 < away < 30_000
    assert 60 < bearing < 90
    assert at.geometry["type"] == "Polygon"


def test_the_edge_of_a_large_city_lies_inside_its_uncertainty(gazetteer: Gazetteer) -> None:
    at = phrase("the southern suburbs of Sumy", gazetteer)
    assert geodesy.measure((50.9216, 34.8003), (at.lat, at.lon))[0] < 8_000
