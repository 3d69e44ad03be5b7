"""Coordinates in text: what is read, how exact it is, and what must not be taken for coordinates."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.coordinates import find

READ = [
    ("48.5, 38.0", 48.5, 38.0),
    ("-33.8568, 151.2153", -33.8568, 151.2153),
    ("hit at 15.55012, 32.53241 on Monday", 15.55012, 32.53241),
    ("(36.2021, 37.1343)", 36.2021, 37.1343),
    ("48.5N 38.0E", 48.5, 38.0),
    ("48.5°N, 38.0°E", 48.5, 38.0),
    ("at 12.65 S 8.0 W.", -12.65, -8.0),
    ("48°N 38°E", 48.0, 38.0),
    ("N48.5 E38.25", 48.5, 38.25),
    ("48°30′36″N 38°00′18″E", 48.51, 38.005),
    ("48°30'36\"N, 38°0'18\"E", 48.51, 38.005),
    ("15°36'N 32°32'E", 15.6, 32.5333333),
    ("15°36.5'S 32°32.25'W", -15.6083333, -32.5375),
    ("N 48 30 36 E 38 00 18", 48.51, 38.005),
    ("48.5012°, 38.1204°", 48.5012, 38.1204),
    ("37U 412345 5367890", 48.458037, 37.814386),
    ("37UDQ1234567890", 49.357421, 37.792919),
    ("grid 37U DQ 12345 67890 was hit", 49.357421, 37.792919),
]


@pytest.mark.parametrize(("text", "lat", "lon"), READ)
def test_coordinates_are_read(text: str, lat: float, lon: float) -> None:
    ((start, end, found_lat, found_lon, radius),) = find(text)
    assert (found_lat, found_lon) == (pytest.approx(lat, abs=2e-5), pytest.approx(lon, abs=2e-5))
    assert radius > 0 and text[start:end].strip() == text[start:end]


NOT = [
    "rose 48.5, 38.0 percent",
    "between 48.500, 38.100% and more",
    "On 12.05.2024, 30 people",
    "1,500, 2,300 and 4.123 km",
    "version 3.11.2, 4.123.1",
    "48.512,38.123,17.456",
    "killed 12, injured 38",
    "scores of 8.512, 8.123, 7.456",
    "99.1234, 38.1234",
    "48°75'N 38°10'E",
    "the 4Q 2022 results, part 12ABC",
    "a Kh-22 and 3M-54 missile",
    "phone 050 123 45 67",
    "12 N and 13 people",
    "$48.512, $38.123",
]


@pytest.mark.parametrize("text", NOT)
def test_other_numbers_are_not_coordinates(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "radius"),
    [
        ("35°22'24\"N 119°1'4\"W", 40),
        ("35.373N 119.018W", 143),
        ("35.37N 119.02W", 1434),
        ("35°26.1'N 118°48.1'W", 239),
    ],
)
def test_precision_is_that_of_the_published_calculator(text: str, radius: float) -> None:
    """The figures of the Georeferencing Calculator's examples, in metres."""
    ((*_, found),) = find(text)
    assert found == pytest.approx(radius, rel=0.02)


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_any_decimal_pair_comes_back(lat: float, lon: float) -> None:
    ((*_, found_lat, found_lon, _radius),) = find(f"seen at {lat:.5f}, {lon:.5f} today")
    assert (found_lat, found_lon) == (float(f"{lat:.5f}"), float(f"{lon:.5f}"))


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "48.5 ", "48°", "48°30'", "N 48 30 ", "37U ", "37UDQ1", "-", "48.512, "]
)
def test_long_hostile_numbers_take_linear_time(piece: str) -> None:
    begin = time.perf_counter()
    find(piece * 20_000)
    assert time.perf_counter() - begin < 3
