"""Articles of our own, local and world news: names found, names placed, and what gets no name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from names_helper import placed, read

from gazetteer.distance import great_circle_m

NEWS = Path(__file__).parent.parent / "data" / "news.jsonl"
FAR_M = 161_000.0


def count(doc: dict[str, Any]) -> tuple[int, int, int, int]:
    """Give how many names were found as written, how many spans were made, and names placed right, of all."""
    names = [t for t in doc["toponyms"] if t.get("gold", True)]
    ignored = [t for t in doc["toponyms"] if not t.get("gold", True)]
    found = made = 0
    right = set()
    for r in read(doc["text"]):
        m = r.mention
        over = [t for t in names if t["start"] < m.end and m.start < t["end"]]
        if not over and any(t["start"] < m.end and m.start < t["end"] for t in ignored):
            continue
        made += 1
        found += any((t["start"], t["end"]) == (m.start, m.end) for t in over)
        for t in over:
            near = r.place and t["lat"] is not None
            if near and great_circle_m(r.place.lat, r.place.lon, t["lat"], t["lon"]) <= FAR_M:  # type: ignore[union-attr]
                right.add(t["start"])
    return found, made, len(right), len(names)


def test_names_of_news() -> None:
    docs = [json.loads(line) for line in NEWS.read_text(encoding="utf-8").splitlines()]
    found, made, right, names = (sum(column) for column in zip(*map(count, docs), strict=True))
    assert len(docs) >= 100
    assert 2 * found / (made + names) >= 0.93
    assert right >= 0.88 * names


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("Kansas State Police closed a road near Wichita.", "Kansas", "Kansas, US"),
        ("Shops in Gary, Indiana, Toledo, Ohio, and Richmond, Virginia, closed.", "Richmond", "Richmond, US"),
        ("Rain fell on Chicago and Toledo, Ohio, all day.", "Chicago", "Chicago, US"),
        ("The pair met in Mexico, Mo., and moved to Utah.", "Mexico", "Mexico, US"),
        ("She was born in London, Ont., and died in Utah.", "London", "London, CA"),
        ("Shares fell in Frankfurt, Hong Kong and New York.", "Frankfurt", "Frankfurt am Main, DE"),
        ("Aid came from Mali. A bomb went off near Gao.", "Gao", "Gao, ML"),
        ("The outbreak reached Ohio, Georgia, Indiana and Utah.", "Georgia", "Georgia, US"),
        ("Washington urged restraint. Damascus condemned the strikes.", "Washington", "Washington, US"),
        ("The Merrimack River rose near Concord, N.H.", "Merrimack River", "Merrimack, "),
        ("Troops shelled Makiivka in Donetsk, and a hall in Donetsk burned.", "Makiivka", "Makiivka, UA"),
    ],
)
def test_what_stands_beside_a_name(text: str, name: str, place: str) -> None:
    assert placed(text)[name] == place


def test_the_town_meant_is_the_one_near_the_others() -> None:
    text = (
        "Deputies in Albert Lea arrested a man from Alden. A truck overturned near Hayward, and crews from "
        "Clarks Grove and Glenville closed the road to Austin."
    )
    (found,) = (r.place for r in read(text) if r.mention.text == "Hayward")
    assert found is not None and found.admin1 == "Minnesota"


def test_results_of_games_are_of_towns() -> None:
    text = (
        "Kirksville, Mo., hosts Hannibal next week. Moberly beat Marshall 35-7, and Boonville 28, "
        "Fulton 3; Mexico was idle."
    )
    assert {"Hannibal", "Moberly", "Marshall", "Boonville", "Fulton"} <= {r.mention.text for r in read(text)}


def test_a_road_number_is_no_country() -> None:
    assert "U.S." not in placed("A truck overturned on U.S. 20 near Galena, Illinois.")


def test_a_list_of_states_is_no_chain_of_places_in_each_other() -> None:
    regions = [r.place.feature for r in read("Cases rose in Ohio, Washington, Indiana and Utah.") if r.place]
    assert regions == ["region"] * 4


def test_a_region_that_holds_a_town_is_not_its_city() -> None:
    found = read("Troops shelled Kostiantynivka in Donetsk. Earlier, a market in Donetsk burned.")
    assert [r.place and r.place.feature for r in found] == ["settlement", "region", "settlement"]


def test_a_garbled_name_may_begin_a_sentence_as_its_subject() -> None:
    found = placed(
        "In Sudan, the army left Nyala and moved towards Kutum. El Jenaina is under siege. "
        "Drones were shot down."
    )
    assert found.get("El Jenaina", "").endswith("SD")
    assert "Drones" not in found


def test_people_shown_by_age_or_title_are_no_places() -> None:
    found = placed(
        "Savannah Hill, 39, was jailed in Augusta, Georgia. Sheriff Dale Houston said so. "
        "Houston was pleased."
    )
    assert "Savannah" not in found
    assert "Houston" not in found
