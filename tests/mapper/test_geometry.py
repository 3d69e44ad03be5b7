"""Laws of the geometry: walking and measuring, shapes and what they contain, the antimeridian and poles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from mapper.space import geodesy, geometry, sphere

latitudes = st.floats(-89.5, 89.5)
longitudes = st.floats(-180, 180)
bearings = st.floats(0, 360, exclude_max=True)
distances = st.floats(10, 500_000)
places = st.tuples(latitudes, longitudes)


def contains(area: dict[str, object], at: tuple[float, float]) -> bool:
    drawn = shape(area)
    return any(drawn.intersects(Point(at[1] + turn, at[0])) for turn in (-360.0, 0.0, 360.0))


def well_formed(area: dict[str, object]) -> None:
    drawn = shape(area)
    assert drawn.is_valid and not drawn.is_empty
    west, south, east, north = drawn.bounds
    assert -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    for part in getattr(drawn, "geoms", [drawn]):
        if part.geom_type == "Polygon":
            assert part.exterior.is_ccw


@given(places, bearings, distances)
def test_walk_and_measure_back(start: tuple[float, float], bearing: float, distance: float) -> None:
    end = geodesy.walk(start, bearing, distance)
    away, back = geodesy.measure(start, end)
    assert away == pytest.approx(distance, rel=1e-7)
    assert sphere.turn_deg(back, bearing) < 1e-3


@given(places, bearings, distances)
def test_the_sphere_is_within_six_thousandths(
    start: tuple[float, float], bearing: float, distance: float
) -> None:
    end = geodesy.walk(start, bearing, distance)
    assert sphere.distance_m(start, end) == pytest.approx(distance, rel=0.006)


@settings(max_examples=60, deadline=None)
@given(places, bearings, st.floats(1_000, 400_000))
def test_a_sector_contains_its_middle_and_not_its_anchor(
    anchor: tuple[float, float], bearing: float, distance: float
) -> None:
    area = geometry.sector(anchor, 0.7 * distance, 1.2 * distance, bearing, 40)
    well_formed(area)
    assert contains(area, geodesy.walk(anchor, bearing, distance))
    assert not contains(area, anchor)
    assert not contains(area, geodesy.walk(anchor, bearing + 180, distance))


@settings(max_examples=60, deadline=None)
@given(places, bearings, st.floats(1_000, 400_000))
def test_a_ring_contains_all_points_at_its_distance(
    anchor: tuple[float, float], bearing: float, distance: float
) -> None:
    area = geometry.ring(anchor, 0.7 * distance, 1.2 * distance)
    well_formed(area)
    assert contains(area, geodesy.walk(anchor, bearing, distance))
    assert not contains(area, anchor)
    assert not contains(area, geodesy.walk(anchor, bearing, 1.3 * distance))


@settings(max_examples=60, deadline=None)
@given(places, bearings, st.floats(1_000, 400_000))
def test_a_circle_contains_its_centre(centre: tuple[float, float], bearing: float, radius: float) -> None:
    area = geometry.circle(centre, radius)
    well_formed(area)
    assert contains(area, centre)
    assert contains(area, geodesy.walk(centre, bearing, 0.97 * radius))
    assert not contains(area, geodesy.walk(centre, bearing, 1.03 * radius))


@settings(max_examples=40, deadline=None)
@given(st.tuples(st.floats(-75, 75), longitudes), bearings, st.floats(5_000, 600_000))
def test_a_corridor_holds_its_line(start: tuple[float, float], bearing: float, length: float) -> None:
    end = geodesy.walk(start, bearing, length)
    area = geometry.corridor([start, end], 3_000)
    well_formed(area)
    middle = geodesy.walk(start, bearing, length / 2)
    assert contains(area, middle)
    side = geodesy.measure(middle, end)[1] + 90
    assert contains(area, geodesy.walk(middle, side, 2_900))
    assert not contains(area, geodesy.walk(middle, side, 3_100))


@settings(max_examples=60, deadline=None)
@given(places, bearings, st.floats(200, 200_000))
def test_an_arrow_has_its_length_and_ends_where_it_should(
    end: tuple[float, float], bearing: float, length: float
) -> None:
    start, drawn = geometry.arrow(end, bearing, length)
    assert geodesy.measure(start, end)[0] == pytest.approx(length, rel=1e-7)
    vertices = geometry.vertices(drawn)
    assert min(geodesy.measure(end, vertex)[0] for vertex in vertices) < 1


def test_shapes_at_the_antimeridian_are_split() -> None:
    circle = geometry.circle((-17.0, 179.9), 50_000)
    assert circle["type"] == "MultiPolygon"
    assert len(circle["coordinates"]) == 2
    line = geometry.line([(-17.0, 179.0), (-17.0, -179.0)])
    assert line["type"] == "MultiLineString"
    assert all(-180 <= lon <= 180 for part in line["coordinates"] for lon, _ in part)
    # the two halves meet at the same latitude on the two sides of the line
    (left, right) = line["coordinates"]
    assert left[-1] == [180.0, pytest.approx(right[0][1])] and right[0][0] == -180.0


def test_a_circle_round_the_pole_is_closed_over_it() -> None:
    circle = geometry.circle((89.0, 20.0), 300_000)
    well_formed(circle)
    assert contains(circle, (89.99, -160.0))
    assert not contains(circle, (85.0, -160.0))
    south = geometry.ring((-89.0, 20.0), 300_000, 500_000)
    well_formed(south)
    assert not contains(south, (-89.9, 0.0))


def test_the_nearest_point_of_a_line() -> None:
    line = [(10.0, 20.0), (11.0, 20.0)]
    nearest = geodesy.nearest_on(line, (10.5, 20.1))
    assert nearest == (pytest.approx(10.5, abs=0.001), pytest.approx(20.0, abs=1e-5))


MILE = 1609.344


@pytest.mark.parametrize(
    ("distance", "uncertainty", "angle", "expected"),
    [
        # the check value of the method's paper, 9 km NE, which was computed with rounded terms
        (9.0, 4.119, 22.5, 5.918),
        # "10 mi E (by air)": extent 2 mi, distance precision 10 mi, datum 79 m, coordinates 40 m
        (10.0, 2 + 5 + 119 / MILE, 45.0, 12.254),
        # "10 mi ENE (by air)": extent 2 mi, distance precision 10 mi, 12 m, 40 m, reading 0.007 mi
        (10.0, 2 + 5 + 52 / MILE + 0.007, 11.25, 7.491),
        # distance along a path, no angle: the sum of what is uncertain
        (13.0, 2.712, 0.0, 2.712),
        # a named place only, 3 km of extent and 119 m of datum and coordinates
        (0.0, 3.119, 0.0, 3.119),
    ],
)
def test_the_radius_formula_gives_the_published_calculators_values(
    distance: float, uncertainty: float, angle: float, expected: float
) -> None:
    """Expected values from the regression tests of the Georeferencing Calculator (VertNet, examples)."""
    assert geometry.point_radius_m(distance, uncertainty, angle) == pytest.approx(expected, abs=0.008)


def test_the_calculators_coordinates_of_ten_miles_east() -> None:
    """Its regression test gives 35.3733333, -118.6717921, by one step of plane geometry on the ellipsoid."""
    lat, lon = geodesy.walk((35 + 22 / 60 + 24 / 3600, -(118 + 50 / 60 + 56 / 3600)), 90, 10 * MILE)
    assert lat == pytest.approx(35.3733333, abs=0.001)
    assert lon == pytest.approx(-118.6717921, abs=0.0001)
