"""The record: it has the form of its schema, survives JSON, and says which field is wrong."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.place import Place
from mapper.errors import RecordError
from mapper.record import check_record, dumps, schema, to_record
from mapper.types import (
    Actor,
    Analysis,
    Casualties,
    Claim,
    Count,
    Document,
    Event,
    Location,
    Mention,
    Movement,
    Resolution,
    Rival,
    SpatialExpression,
    Weapon,
    When,
)

TEXT = "Drones hit the port of Hodeida, 3 km west of the old town, on Monday, killing four. A\u2028B"
PLACE = Place(
    "geonames:79415", "Al Hudaydah", 14.797811234, 42.954521234, 8000.04, "settlement", "YE", "Hudaydah"
)


def analysis() -> Analysis:
    mention = Mention("m1", 23, 30, "Hodeida", "settlement")
    lost = Mention("m2", TEXT.index("old"), TEXT.index("old") + 8, "old town", "other")
    words = SpatialExpression("offset", 32, 53, TEXT[32:53], ("m1",), distance_m=3000.0, bearing_deg=270.0)
    ring = {"type": "Polygon", "coordinates": (((42.9, 14.7), (42.95, 14.7), (42.95, 14.8), (42.9, 14.7)),)}
    event = Event(
        "e1", "drone_strike", 0, len(TEXT), TEXT, (7, 10), "actual", "success", Actor("Drones", ""), None,
        (Weapon("Drones", "drone", None),), Casualties(Count(4, 4, 4)),
        When("2024-07-01", "2024-07-01", "day", "Monday"),
        (), (Location("target", "m1", words, 14.8, 42.92, 3000.0, ring, "offset"),), Movement(None, 90.0),
        (Claim("the army", "Yemen", "asserts", 0, 10),), "claimed", 0.81234567,
    )  # fmt: skip
    document = Document("a", TEXT, date(2024, 7, 2), "T", "a.txt", "https://a.example")
    found = Resolution(mention, PLACE, "alternate", 0.93, (Rival(PLACE, 0.1),), "the only one")
    return Analysis(document, "en", (found, Resolution(lost, None)), (event,), ("w",))


def test_a_record_has_the_form_of_the_schema() -> None:
    record = json.loads(dumps(to_record(analysis())))
    jsonschema.Draft202012Validator(schema()).validate(record)
    check_record(record, "x")
    assert record["unresolved"] == ["m2"]
    assert record["mentions"][0]["place"]["lat"] == 14.797811
    assert all(record["text"][m["start"] : m["end"]] == m["text"] for m in record["mentions"])


def test_a_line_stays_one_line() -> None:
    assert len(dumps(to_record(analysis())).splitlines()) == 1


def test_failed_documents_are_records_too() -> None:
    record = to_record(Analysis(Document("a", ""), "", (), (), error="broken"))
    assert record["error"] == "broken" and "mentions" not in record
    check_record(record, "x")


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


PATHS: list[tuple[list[Any], Any, str]] = [
    (["mentions", 0, "start"], -1, "mentions.0.start"),
    (["mentions", 0, "end"], 5000, "mentions.0.start"),
    (["mentions", 0, "kind"], "planet", "mentions.0.kind"),
    (["mentions", 0, "place", "lat"], 91, "mentions.0.place.lat"),
    (["mentions", 0, "place", "radius_m"], 0, "mentions.0.place.radius_m"),
    (["events", 0, "modality"], "maybe", "events.0.modality"),
    (["events", 0, "trigger"], [1], "events.0.trigger"),
    (["events", 0, "locations", 0, "geometry"], None, "events.0.locations.0.geometry"),
    (["events", 0, "confidence"], 1.5, "events.0.confidence"),
    (["unresolved"], None, "unresolved"),
    (["date"], "July", "date"),
]


@pytest.mark.parametrize(("path", "value", "field"), PATHS)
def test_a_wrong_field_is_named_with_its_line(path: list[Any], value: Any, field: str) -> None:
    record = copy.deepcopy(json.loads(dumps(to_record(analysis()))))
    inner = record
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(RecordError, match="out.jsonl line 3") as caught:
        check_record(record, "out.jsonl line 3")
    assert field in str(caught.value) and "\n" not in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_json_is_accepted_or_refused_in_words(value: Any) -> None:
    record = value if isinstance(value, dict) else {"id": "a", "mentions": value}
    with pytest.raises(RecordError):
        check_record({**record, "events": value, "unresolved": 3}, "x line 1")
