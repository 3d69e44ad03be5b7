"""Whole pieces of text with the points that their names mean: garbled reports and local news."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from names_helper import read

from gazetteer.distance import great_circle_m

DATA = Path(__file__).parent.parent / "data"
MARK = re.compile(r"\[([^\[\]=]{1,60})=(-?[\d.]{1,8}),(-?[\d.]{1,8}),(\d{1,4})\]")


def pieces(file: str) -> list[tuple[str, list[tuple[int, int, float, float, float]]]]:
    """Give the texts without their marks, and the marked spans with point and tolerance in metres."""
    found = []
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, spans, last = "", [], 0
        for mark in MARK.finditer(line):
            text += line[last : mark.start()]
            point = float(mark[2]), float(mark[3]), float(mark[4]) * 1000
            spans.append((len(text), len(text) + len(mark[1]), *point))
            text += mark[1]
            last = mark.end()
        found.append((text + line[last:], spans))
    return found


def score(file: str) -> tuple[float, float, list[str]]:
    """Give the share of marked names at the right point, the share of right pins, and what is wrong."""
    right = total = good = pins = 0
    wrong = []
    for text, spans in pieces(file):
        placed = [r for r in read(text) if r.place is not None]
        for start, end, lat, lon, tolerance in spans:
            over = [r.place for r in placed if r.mention.start < end and start < r.mention.end]
            ok = any(p and great_circle_m(p.lat, p.lon, lat, lon) <= tolerance for p in over)
            total, right = total + 1, right + ok
            if not ok:
                wrong.append(f"{text[start:end]}: {[(p.name, p.country) for p in over if p]}")
        for r in placed:
            if r.mention.pinned and r.place is not None and r.place.feature != "country":
                inside = [s for s in spans if r.mention.start < s[1] and s[0] < r.mention.end]
                container = r.place.feature == "region"  # a state beside its town is no wrong pin
                ok = container or any(
                    great_circle_m(r.place.lat, r.place.lon, s[2], s[3]) <= s[4] for s in inside
                )
                pins, good = pins + 1, good + ok
                if not ok and not inside:
                    wrong.append(f"pin on {r.mention.text}: {r.place.name}, {r.place.country}")
    return right / total, good / pins, wrong


@pytest.mark.parametrize(
    ("file", "places", "pins"), [("names_garbled.txt", 0.8, 0.9), ("names_local.txt", 0.95, 0.95)]
)
def test_texts(file: str, places: float, pins: float) -> None:
    found, precise, wrong = score(file)
    assert found >= places, wrong
    assert precise >= pins, wrong


def test_a_province_with_its_kind_in_small_letters_holds_what_stands_before() -> None:
    found = {r.mention.text: r for r in read("An IED exploded in Daman district, Kandahar province.")}
    region = found["Kandahar"].place
    assert region is not None and (region.country, region.feature) == ("AF", "region")
    assert found["Daman"].mention.inside == found["Kandahar"].mention.id
    assert found["Daman"].place is None  # those of the name that are known lie in India


def test_names_of_one_kind_are_a_list() -> None:
    found = read("Troops left Idlib province, Aleppo province and the town of Saraqib.")
    assert [r.mention.inside for r in found] == [None] * 3


def test_a_town_in_brackets_may_be_the_region_that_bears_its_name() -> None:
    text = "Drones struck a car on the road between Qamishli and Amuda (Al-Hasakeh), killing two men."
    found = {r.mention.text: r.place for r in read(text)}
    place = found["Qamishli"]
    assert place is not None and abs(place.lat - 37.05) < 0.05


def test_what_is_itself_not_of_the_kind_asked_for_rules_nothing_out() -> None:
    found = {r.mention.text: r.place for r in read("Teachers rallied in Oruro city, Cercado province.")}
    place = found["Oruro"]
    assert place is not None and place.country == "BO"
