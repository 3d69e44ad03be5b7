"""One event in several documents: type, place, day and actors decide, never the name."""

from __future__ import annotations

from mapper.events.across import merge_documents


def record(number, **changes):
    place = {"role": "target", "lat": 50.0, "lon": 36.2, "radius_m": 8000.0}
    place.update({k: changes.pop(k) for k in ("lat", "lon", "radius_m") if k in changes})
    event = {
        "id": "e1",
        "type": "missile_strike",
        "quote": f"report {number}",
        "modality": "actual",
        "initiator": {"text": "Russian", "side": "Russia"},
        "target": None,
        "casualties": {"killed": {"low": 3, "best": 3, "high": 3}, "injured": None},
        "when": {"start": "2023-05-16", "end": "2023-05-16", "precision": "day", "text": "on Tuesday"},
        "locations": [place],
        "claims": [{"speaker": "mayor", "side": "Ukraine", "stance": "asserts", "start": 0, "end": 5}],
        "status": "claimed",
        "confidence": 0.8,
    }
    event.update(changes)
    return {"id": f"d{number}", "mentions": [], "events": [event], "unresolved": [], "warnings": []}


def counts(*records):
    return [len(r["events"]) for r in merge_documents(records)]


def test_two_reports_of_one_strike_become_one_with_both():
    merged = merge_documents([record(1), record(2, lat=50.05)])
    assert [len(r["events"]) for r in merged] == [1, 0]
    event = merged[0]["events"][0]
    assert event["reports"] == [{"document": "d2", "event": "e1", "quote": "report 2"}]
    assert event["casualties"]["killed"]["best"] == 3


def test_a_denial_in_another_document_makes_it_disputed():
    denial = [{"speaker": "ministry", "side": "Russia", "stance": "denies", "start": 0, "end": 5}]
    assert merge_documents([record(1), record(2, claims=denial)])[0]["events"][0]["status"] == "disputed"


def test_what_contradicts_keeps_them_apart():
    assert counts(record(1), record(2, lat=50.5)) == [1, 1]
    assert counts(record(1), record(2, type="capture")) == [1, 1]
    assert counts(record(1), record(2, modality="planned")) == [1, 1]
    assert counts(record(1), record(2, initiator={"text": "Ukrainian", "side": "Ukraine"})) == [1, 1]
    other_day = {"start": "2023-05-18", "end": "2023-05-18", "precision": "day", "text": ""}
    assert counts(record(1), record(2, when=other_day)) == [1, 1]
    toll = {"killed": {"low": 30, "best": 30, "high": 30}, "injured": None}
    assert counts(record(1), record(2, casualties=toll)) == [1, 1]


def test_regions_and_events_without_a_day_are_left_alone():
    assert counts(record(1, radius_m=90_000.0), record(2, radius_m=90_000.0)) == [1, 1]
    assert counts(record(1, when=None), record(2)) == [1, 1]


def test_the_antimeridian_is_no_border():
    assert counts(record(1, lon=179.98, lat=0.0), record(2, lon=-179.98, lat=0.0)) == [1, 0]


def test_a_document_that_failed_stays():
    assert merge_documents([{"id": "x", "error": "no text"}]) == [{"id": "x", "error": "no text"}]
