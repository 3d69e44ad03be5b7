"""What stands on the map, and how honestly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from mapper import layers

SUDAN = Path(__file__).parents[1] / "browser" / "sudan.jsonl"
DEGREES = st.floats(-179.0, 179.0)


@pytest.fixture(scope="module")
def records():
    return [json.loads(line) for line in SUDAN.read_text(encoding="utf-8").splitlines()]


def of(found, event):
    return [
        (one.layer, one.shape, one.role) for group in found.values() for one in group if one.event == event
    ]


def test_a_strike_is_a_point_with_its_uncertainty(records):
    assert of(layers.features(records), "e2") == [
        ("strikes", "point", "target"),
        ("uncertainty", "circle", "target"),
    ]


def test_a_region_or_country_is_an_area_and_never_a_point(records):
    found = layers.features(records)
    assert of(found, "e11") == [("strikes", "area", "target")]
    assert of(found, "e12") == [("other", "area", "target")]


def test_a_large_place_without_a_shape_is_a_circle_of_its_size(records):
    record = json.loads(json.dumps(records[0]))
    place = record["events"][10]["locations"][0]
    place["geometry"] = {"type": "Point", "coordinates": [place["lon"], place["lat"]]}
    (one,) = [f for group in layers.features([record]).values() for f in group if f.event == "e11"]
    assert one.shape == "area" and one.geometry is None
    frame = layers.build([record])["strikes"]
    shape = frame[frame["id"] == "e11"].geometry.iloc[0]
    assert shape.geom_type == "Polygon" and shape.area > 20


def test_words_of_distance_are_drawn_as_their_zone(records):
    assert of(layers.features(records), "e4") == [
        ("other", "point", "target"),
        ("distances", "zone", "target"),
    ]


def test_a_launch_is_joined_with_every_target_and_the_way_back(records):
    found = layers.features(records)["launches"]
    assert [one.shape for one in found if one.shape in ("flight", "return")] == ["flight"] * 3 + ["return"]
    start = records[0]["events"][4]["locations"][0]
    for one in found:
        if one.geometry:
            assert one.geometry["coordinates"][0] == [start["lon"], start["lat"]]


def test_an_advance_keeps_its_own_arrow(records):
    (arrow,) = [one for one in layers.features(records)["advances"] if one.shape == "arrow"]
    assert arrow.geometry == records[0]["events"][6]["locations"][1]["geometry"]


def test_origin_and_destination_make_an_arrow(records):
    record = json.loads(json.dumps(records[0]))
    for place in record["events"][6]["locations"]:
        place["geometry"] = {"type": "Point", "coordinates": [place["lon"], place["lat"]]}
        place["relation"]["type"] = "at"
    arrows = [one for one in layers.features([record])["advances"] if one.shape == "arrow"]
    assert [one.role for one in arrows] == ["destination"]


def test_every_layer_has_one_schema(records):
    frames = layers.build(records)
    assert list(frames) == list(layers.names())
    for frame in frames.values():
        assert list(frame.columns) == [*layers_columns(), "geometry"]
        assert frame.crs.to_epsg() == 4326
        assert frame.geometry.is_valid.all()
    strike = frames["strikes"].set_index("id").loc["e2"]
    assert strike["killed_low"] == 12 and strike["acled_event"] == "Explosions/Remote violence"


def layers_columns():
    from mapper.layers_table import COLUMNS

    return COLUMNS


def test_failed_records_and_broken_places_are_passed_over(records):
    record = json.loads(json.dumps(records[0]))
    record["events"][1]["locations"][0]["lat"] = float("nan")
    found = layers.features([{"id": "x", "error": "no text"}, record])
    assert of(found, "e2") == []
    assert of(found, "e1")
    assert all(one.record == 1 for group in found.values() for one in group)


def test_a_type_that_nobody_knows_is_another_event():
    assert layers.style("volcanic_eruption").layer == "other"
    assert layers.style("volcanic_eruption").label == "Volcanic eruption"


@given(st.floats(-80, 80), DEGREES, st.floats(0, 360), st.floats(1, 500_000))
def test_walking_there_and_measuring_back_gives_the_distance(lat, lon, bearing, metres):
    assert great_circle((lat, lon), layers.destination(lat, lon, bearing, metres)).m == pytest.approx(
        metres, rel=1e-3
    )
