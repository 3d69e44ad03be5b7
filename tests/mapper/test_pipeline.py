"""One document through all stages."""

from __future__ import annotations

from datetime import date

import pytest

from gazetteer.store import Gazetteer
from mapper.pipeline import analyse
from mapper.record import check_record, to_record
from mapper.types import Analysis, Document


def read(text: str, gazetteer: Gazetteer) -> Analysis:
    return analyse(Document("d", text, date(2024, 11, 16)), gazetteer)


@pytest.mark.parametrize("written", ["15.4512 N, 36.4003 E", "37P BT 2099 0978", "15°27'04\"N 36°24'01\"E"])
def test_coordinates_are_places_of_their_own(gazetteer: Gazetteer, written: str) -> None:
    text = f"Drones struck a column at {written} near Kassala on Friday."
    found = {r.mention.text: r for r in read(text, gazetteer).resolutions}
    assert "Kassala" in found
    point = found[written]
    assert point.mention.kind == "coordinate" and point.match == "coordinate" and point.place
    assert abs(point.place.lat - 15.45) < 0.01 and abs(point.place.lon - 36.4) < 0.01


def test_a_record_can_be_read_again_and_its_spans_slice_the_text(gazetteer: Gazetteer) -> None:
    text = "Shells 🎯 hit Omdurman, Sudan. Nothing was heard from 15.4512, 36.4003 or Atbara’s airport."
    record = to_record(read(text, gazetteer))
    check_record(record, "here")
    assert all(text[m["start"] : m["end"]] == m["text"] for m in record["mentions"])
    assert len({m["id"] for m in record["mentions"]}) == len(record["mentions"])


@pytest.mark.parametrize("text", ["...", "12.345", "\u202e\u0000", "N E S W " * 50, "Ω" * 2000])
def test_a_text_with_no_place_has_none(gazetteer: Gazetteer, text: str) -> None:
    assert read(text, gazetteer).error is None
