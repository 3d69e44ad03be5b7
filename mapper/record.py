"""The analysis record of the contract: one JSON object a document, and its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, cast

from gazetteer.place import Place
from mapper.errors import RecordError
from mapper.types import Actor, Analysis, Count, Event, Location, Resolution

Record = dict[str, Any]

_DEGREES = 6
"""Decimals of a coordinate: 0.1 m, finer than any place is known."""


def to_record(analysis: Analysis) -> Record:
    """Turn an analysis into the record of the contract: JSON values only, the same bytes every time."""
    document = analysis.document
    head: Record = {
        "id": document.id,
        "date": document.date.isoformat() if document.date else None,
        "title": document.title,
        "source": document.source,
    }
    if document.url:
        head["url"] = document.url
    if analysis.error is not None:
        return {**head, "error": analysis.error}
    return {
        **head,
        "language": analysis.language,
        "text": document.text,
        "mentions": [_mention(r) for r in analysis.resolutions],
        "events": [_event(e) for e in analysis.events],
        "unresolved": [r.mention.id for r in analysis.resolutions if r.place is None],
        "warnings": list(analysis.warnings),
    }


def _mention(found: Resolution) -> Record:
    mention = found.mention
    return {
        "id": mention.id,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "kind": mention.kind,
        "pinned": mention.pinned,
        "place": place_record(found.place) if found.place else None,
        "match": found.match,
        "score": _unit(found.score),
        "rivals": [
            {
                "id": rival.place.id,
                "name": rival.place.name,
                "lat": _degrees(rival.place.lat),
                "lon": _degrees(rival.place.lon),
                "score": _unit(rival.score),
            }
            for rival in found.rivals
        ],
        "reason": found.reason,
    }


def place_record(place: Place) -> Record:
    """A place as records and geocoding answers show it."""
    return {
        "id": place.id,
        "name": place.name,
        "lat": _degrees(place.lat),
        "lon": _degrees(place.lon),
        "radius_m": _radius(place.radius_m),
        "country": place.country,
        "admin1": place.admin1,
        "feature": place.feature,
    }


def _event(event: Event) -> Record:
    movement, when = event.movement, event.when
    return {
        "id": event.id,
        "type": event.type,
        "start": event.start,
        "end": event.end,
        "quote": event.quote,
        "trigger": list(event.trigger),
        "modality": event.modality,
        "outcome": event.outcome,
        "initiator": _actor(event.initiator),
        "target": _actor(event.target),
        "weapons": [{"text": w.text, "class": w.cls, "count": w.count} for w in event.weapons],
        "casualties": {
            "killed": _count(event.casualties.killed),
            "injured": _count(event.casualties.injured),
        },
        "when": {"start": when.start, "end": when.end, "precision": when.precision, "text": when.text}
        if when
        else None,
        "locations": [_location(place) for place in event.locations],
        "movement": {"distance_m": movement.distance_m, "bearing_deg": movement.bearing_deg}
        if movement
        else None,
        "claims": [
            {"speaker": c.speaker, "side": c.side, "stance": c.stance, "start": c.start, "end": c.end}
            for c in event.claims
        ],
        "status": event.status,
        "confidence": _unit(event.confidence),
        "mentioned": [list(span) for span in event.mentioned],
    }


def _location(place: Location) -> Record:
    words = place.relation
    return {
        "role": place.role,
        "mention": place.mention,
        "relation": {
            "type": words.type,
            "distance_m": words.distance_m,
            "bearing_deg": words.bearing_deg,
            "text": words.text,
            "start": words.start,
            "end": words.end,
            "anchors": list(words.anchors),
            "part": words.part,
            "line": words.line,
        },
        "lat": _degrees(place.lat),
        "lon": _degrees(place.lon),
        "radius_m": _radius(place.radius_m),
        "geometry": rounded(place.geometry),
        "method": place.method,
    }


def _actor(actor: Actor | None) -> Record | None:
    return {"text": actor.text, "side": actor.side} if actor else None


def _count(count: Count | None) -> Record | None:
    return {"low": count.low, "best": count.best, "high": count.high} if count else None


def _degrees(value: float) -> float:
    return round(float(value), _DEGREES)


def _radius(value: float) -> float:
    return max(1.0, round(float(value), 1))


def _unit(value: float) -> float:
    return round(min(1.0, max(0.0, float(value))), 4)


def rounded(geometry: Any) -> Any:
    """A GeoJSON geometry with coordinates of six decimals, as plain lists."""
    if isinstance(geometry, dict):
        return {key: rounded(value) for key, value in geometry.items()}
    if isinstance(geometry, list | tuple):
        return [rounded(value) for value in geometry]
    return _degrees(geometry) if isinstance(geometry, float) else geometry


def dumps(record: Record) -> str:
    """One line of JSON; a line separator inside a string stays escaped, so lines stay lines."""
    line = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


# Reading back


def schema() -> Record:
    """The JSON Schema (2020-12) of one record."""
    text = resources.files("mapper").joinpath("schema.json").read_text(encoding="utf-8")
    return cast(Record, json.loads(text))


@cache
def _validator() -> Any:
    import fastjsonschema

    # The library knows drafts up to 7; the schema uses no keyword that changed since.
    return fastjsonschema.compile(
        {**schema(), "$schema": "http://json-schema.org/draft-07/schema#"}, use_default=False
    )


def check_record(record: Record, where: str) -> Record:
    """Return the record when it has the form of the contract.

    Parameters
    ----------
    record
        The row as it was read.
    where
        What to call it in a message ("out.jsonl line 3").

    Raises
    ------
    RecordError
        A field is missing or wrong; the message names the row and the field.
    """
    import fastjsonschema

    try:
        _validator()(record)
    except fastjsonschema.JsonSchemaValueException as error:
        field = ".".join(str(part) for part in error.path[1:]) or "the record"
        words = str(error.message).removeprefix(str(error.name)).strip()
        raise RecordError(f"{where}: {field} {words[:120]}; write it as `mapper schema` says.") from error
    if "error" not in record:
        for span, name in _spans(record):
            if not 0 <= span[0] <= span[1] <= len(record.get("text", "")) and "text" in record:
                raise RecordError(f"{where}: {name} lies outside the text; extract the document again.")
    return record


def _spans(record: Record) -> Iterator[tuple[tuple[int, int], str]]:
    for number, mention in enumerate(record["mentions"]):
        yield (mention["start"], mention["end"]), f"mentions.{number}.start"
    for number, event in enumerate(record["events"]):
        yield (event["start"], event["end"]), f"events.{number}.start"
        yield tuple(event["trigger"]), f"events.{number}.trigger"
