"""Location phrases: the most specific place wins, and words that lead away from it give a geometry."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.store import Gazetteer
from mapper.phrase import Query, geocode_phrase
from mapper.phrase_words import read_chunks


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        (
            "near the village of Tabit, North Darfur state",
            [("Tabit", "settlement"), ("North Darfur", "region")],
        ),
        ("city of Atbara in River Nile State", [("Atbara", "settlement"), ("River Nile", "region")]),
        ("Karari district of Omdurman", [("Karari", "district"), ("Omdurman", "")]),
        ("the road between Kosti and Rabak", [("Kosti", ""), ("Rabak", "")]),
        ("el obeid", [("el obeid", "")]),
        (
            "in Kassala Region's Aroma village",
            [("Kassala", "region"), ("Aroma", "settlement")],
        ),
        ("Dongola direction", [("Dongola", "axis")]),
    ],
)
def test_names_of_a_phrase(phrase: str, names: list[tuple[str, str]]) -> None:
    assert [(chunk.text, chunk.asked) for chunk in read_chunks(phrase)] == names


@given(st.text(max_size=200))
def test_spans_slice_their_text(text: str) -> None:
    for chunk in read_chunks(text):
        assert text[chunk.start : chunk.end] == chunk.text


@pytest.mark.parametrize(
    ("phrase", "country", "lat", "lon"),
    [
        ("city of Atbara in River Nile State", "SD", 17.70, 33.98),
        ("in the town of Idlib, Idlib province", "SY", 35.93, 36.63),
        ("near Deir ez-Zor", "SY", 35.34, 40.14),
    ],
)
def test_the_most_specific_place_wins(
    gazetteer: Gazetteer, phrase: str, country: str, lat: float, lon: float
) -> None:
    best = geocode_phrase(Query("1", phrase, country), gazetteer)["candidates"][0]
    assert math.dist((best["lat"], best["lon"]), (lat, lon)) < 0.15, best


@pytest.mark.parametrize(
    ("phrase", "country", "lat", "lon"),
    [
        ("12 km SSE of Sennar", "SD", 13.45, 33.67),
        ("a hamlet 7 km east of Marib", "YE", 15.46, 45.39),
        ("midway between Homs and Palmyra", "SY", 34.65, 37.50),
        ("the Sennar-Kosti road", "SD", 13.36, 33.14),
        ("Mosul International Airport", "IQ", 36.31, 43.15),
        ("Jenin refugee camp", "PS", 32.46, 35.29),
        ("Damboa Local Government Area, Borno State", "NG", 11.16, 12.76),
        ("the mouth of the Vistula", "PL", 54.36, 18.95),
        ("estuary of the Senegal river", None, 15.9, -16.5),
    ],
)
def test_words_of_many_kinds(
    gazetteer: Gazetteer, phrase: str, country: str | None, lat: float, lon: float
) -> None:
    best = geocode_phrase(Query("1", phrase, country), gazetteer)["candidates"][0]
    assert math.dist((best["lat"], best["lon"]), (lat, lon)) < 0.15, best


def test_distance_and_direction_give_a_point_beside_the_anchor_with_its_shape(gazetteer: Gazetteer) -> None:
    answer = geocode_phrase(Query("1", "20 km north of Kassala"), gazetteer)
    first, anchor = answer["candidates"][:2]
    assert 0.1 < first["lat"] - anchor["lat"] < 0.25 and abs(first["lon"] - anchor["lon"]) < 0.05
    assert answer["geometry"]["type"] == "Polygon"


@pytest.mark.parametrize(
    ("phrase", "links"),
    [
        ("Karima, west of Merowe", ["", "near"]),
        ("Soba in the south of Khartoum", ["", "inside"]),
        ("a village on the outskirts of Nyala", ["near"]),
        ("Tabit near El Fasher", ["", "near"]),
    ],
)
def test_how_a_name_hangs_on_the_one_before(phrase: str, links: list[str]) -> None:
    assert [chunk.link for chunk in read_chunks(phrase)] == links


@pytest.mark.parametrize(
    ("phrase", "lat", "lon"),
    [
        ("15.4500, 36.4000", 15.45, 36.4),
        ("15°27'00\"N 36°24'00\"E", 15.45, 36.4),
        ("a column at 37P BT 20990 09786", 15.45, 36.4),
    ],
)
def test_coordinates_are_answered_as_they_stand(
    gazetteer: Gazetteer, phrase: str, lat: float, lon: float
) -> None:
    best = geocode_phrase(Query("1", phrase), gazetteer)["candidates"][0]
    assert best["match"] == "coordinate" and best["radius_m"] > 0
    assert math.dist((best["lat"], best["lon"]), (lat, lon)) < 0.01


def test_a_distance_may_count_from_coordinates(gazetteer: Gazetteer) -> None:
    answer = geocode_phrase(Query("1", "10 km north of 15.450, 36.400"), gazetteer)
    assert 0.05 < answer["candidates"][0]["lat"] - 15.45 < 0.13 and answer["geometry"]["type"] == "Polygon"


def test_names_side_by_side_are_told_apart(gazetteer: Gazetteer) -> None:
    best = geocode_phrase(Query("1", "Atbara River Nile state", "SD"), gazetteer)["candidates"][0]
    assert math.dist((best["lat"], best["lon"]), (17.70, 33.98)) < 0.15, best


def test_what_lies_near_a_city_is_not_the_city(gazetteer: Gazetteer) -> None:
    best = geocode_phrase(Query("1", "Bucha, northwest of Kyiv", "UA"), gazetteer)["candidates"][0]
    assert "Bucha" in best["name"], best


def test_a_village_that_nobody_knows_falls_back_to_its_region(gazetteer: Gazetteer) -> None:
    best = geocode_phrase(Query("1", "village of Xqwzzurk, North Darfur state", "SD"), gazetteer)[
        "candidates"
    ][0]
    assert best["feature"] == "region" and best["radius_m"] > 100_000, best


def test_nonsense_finds_nothing_or_little_and_never_fails(gazetteer: Gazetteer) -> None:
    for text in ("", " ", "???", "the of near", "\x00", "a" * 3000, "km " * 500):
        assert "candidates" in geocode_phrase(Query("1", text), gazetteer)


def test_a_bare_name_means_the_town_before_its_region(gazetteer: Gazetteer) -> None:
    first = geocode_phrase(Query("q", "Menakah", "ML"), gazetteer)["candidates"][0]
    assert first["feature"] == "settlement"
    region = geocode_phrase(Query("q", "Menakah region", "ML"), gazetteer)["candidates"][0]
    assert region["feature"] == "region"


def test_small_words_inside_a_name_belong_to_it(gazetteer: Gazetteer) -> None:
    first = geocode_phrase(Query("q", "Ras al Aïn", "SY"), gazetteer)["candidates"][0]
    assert abs(first["lat"] - 36.85) < 0.1 and abs(first["lon"] - 40.07) < 0.1


@pytest.mark.parametrize(
    ("phrase", "country", "feature", "name"),
    [
        ("Karrada district of Baghdad", "IQ", "suburb", "Karrada"),
        ("the Saltivskyi district, Kharkiv", "UA", "suburb", "Saltivka"),
    ],
)
def test_a_district_of_a_city_is_meant_before_the_city(
    gazetteer: Gazetteer, phrase: str, country: str, feature: str, name: str
) -> None:
    first = geocode_phrase(Query("q", phrase, country), gazetteer)["candidates"][0]
    assert (first["feature"], first["name"]) == (feature, name)


@pytest.mark.parametrize(("district", "lon"), [("Chernivtsi", 25.94), ("Vyzhnytsia", 25.53)])
def test_of_namesakes_the_one_in_the_named_district_is_meant(
    gazetteer: Gazetteer, district: str, lon: float
) -> None:
    query = Query("q", f"Voloka village, {district} district, Chernivtsi region", "UA")
    assert abs(geocode_phrase(query, gazetteer)["candidates"][0]["lon"] - lon) < 0.02
