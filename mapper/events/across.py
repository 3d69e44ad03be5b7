"""Reports of one event in several documents become one event with all its reports."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from mapper.events import claims as claim_rules
from mapper.events.lexicon import lexicon
from mapper.events.merge import GENERIC
from mapper.events.quantities import widen
from mapper.types import Claim, Count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Record = dict[str, Any]
_MAIN = ("target", "destination", "launch", "origin", "route", "reference", "return", "waypoint")
_LARGEST_M = 30_000.0
"""Events that are placed more roughly than this are never taken for one event of another document."""
_DEGREE_M = 111_195.0


def merge_documents(records: Sequence[Record]) -> list[Record]:
    """Return the records with every event that an earlier document already reports folded into that one.

    Two events of different documents are one when their types agree, their main places lie within the sum
    of their radii, their days overlap, and nothing in actors or death tolls contradicts it. Names play no
    part. An event without a day, or whose place is a region, is left alone.

    Parameters
    ----------
    records : sequence of dict
        Analysis records as ``mapper extract`` writes them; they are not changed.

    Returns
    -------
    list of dict
        As many records in the same order. An event that stands for several has
        ``reports: [{"document", "event", "quote"}]``, wider casualties, and the status of all
        claims together.
    """
    merged = [deepcopy(record) for record in records]
    index: dict[tuple[str, int, int], list[tuple[int, Record]]] = {}
    for number, record in enumerate(merged):
        kept = []
        for event in record.get("events", []):
            same = next((e for n, e in _near(index, event) if n != number and same_event(e, event)), None)
            if same is None:
                kept.append(event)
                spot = _main(event)
                if spot is not None and _days(event) is not None:
                    index.setdefault(_cell(event, spot), []).append((number, event))
            else:
                _fold(same, event, str(record.get("id", "")))
        if "events" in record:
            record["events"] = kept
    return merged


def same_event(a: Record, b: Record) -> bool:
    """Whether two event records of different documents report the same thing."""
    types = lexicon().types
    if types[a["type"]].family != types[b["type"]].family or a["modality"] != b["modality"]:
        return False
    if a["type"] != b["type"] and not {a["type"], b["type"]} & GENERIC:
        return False
    first, second, days, others = _main(a), _main(b), _days(a), _days(b)
    if first is None or second is None or days is None or others is None:
        return False
    if days[0] > others[1] or others[0] > days[1]:
        return False
    if _apart_m(first, second) > first["radius_m"] + second["radius_m"]:
        return False
    sides = [(e.get("initiator") or {}).get("side") for e in (a, b)]
    if all(sides) and sides[0] != sides[1]:
        return False
    killed, others_killed = _killed(a), _killed(b)
    if killed is None or others_killed is None:
        return True
    return abs(killed - others_killed) <= max(2, 0.2 * max(killed, others_killed))


def _killed(event: Record) -> int | None:
    count: Record = (event.get("casualties") or {}).get("killed") or {}
    return count.get("best")


def _main(event: Record) -> Record | None:
    """Return the main location, if it is a place on the map and not a region."""
    spots = [at for at in event.get("locations", []) if at.get("lat") is not None]
    if not spots:
        return None
    main: Record = min(spots, key=lambda at: _MAIN.index(at["role"]) if at["role"] in _MAIN else len(_MAIN))
    return main if main["radius_m"] <= _LARGEST_M else None


def _days(event: Record) -> tuple[str, str] | None:
    """Return the first and last day of an event, or None when it has none or the span says too little."""
    when = event.get("when") or {}
    start = when.get("start")
    if not start or when.get("precision") not in ("minute", "day", "range"):
        return None
    end = when.get("end") or start
    return (start[:10], end[:10]) if start[:7] == end[:7] or when["precision"] != "range" else None


def _cell(event: Record, spot: Record) -> tuple[str, int, int]:
    return lexicon().types[event["type"]].family, math.floor(spot["lat"]), math.floor(spot["lon"])


def _near(
    index: dict[tuple[str, int, int], list[tuple[int, Record]]], event: Record
) -> Iterator[tuple[int, Record]]:
    """Yield the earlier events in the cells round the main location, in the order they were read."""
    spot = _main(event)
    if spot is None:
        return
    family, row, column = _cell(event, spot)
    wide = min(180, max(1, math.ceil(0.55 / max(0.01, math.cos(math.radians(spot["lat"]))))))
    for r in (row - 1, row, row + 1):
        for c in range(column - wide, column + wide + 1):
            yield from index.get((family, r, (c + 180) % 360 - 180), ())


def _apart_m(a: Record, b: Record) -> float:
    """Distance in metres on a plane that touches the earth there: enough for less than 100 km."""
    east = (a["lon"] - b["lon"] + 180.0) % 360.0 - 180.0
    east *= math.cos(math.radians((a["lat"] + b["lat"]) / 2))
    return math.hypot(east, a["lat"] - b["lat"]) * _DEGREE_M


def _fold(event: Record, other: Record, document: str) -> None:
    """Add what `other`, of another document, tells to `event`."""
    report = {"document": document, "event": other.get("id", ""), "quote": other.get("quote", "")}
    event.setdefault("reports", []).append(report)
    mine, theirs = event.get("casualties") or {}, other.get("casualties") or {}
    event["casualties"] = {
        what: _widened(mine.get(what), theirs.get(what)) for what in sorted({*mine, *theirs})
    }
    for part in ("initiator", "target"):
        if not (event.get(part) or {}).get("side") and other.get(part):
            event[part] = other[part]
    said = [
        Claim(c["speaker"], c["side"], c["stance"], c["start"], c["end"])
        for c in (*event.get("claims", ()), *other.get("claims", ()))
    ]
    statuses = {event.get("status"), other.get("status")}
    event["status"] = claim_rules.status(
        said, assessed="assessed" in statuses, confirmed="confirmed" in statuses
    )
    event["confidence"] = min(0.98, round(max(event["confidence"], other["confidence"]) + 0.03, 2))


def _widened(a: Record | None, b: Record | None) -> Record | None:
    both = [Count(x.get("low"), x.get("best"), x.get("high")) if x else None for x in (a, b)]
    joined = widen(both[0], both[1])
    return {"low": joined.low, "best": joined.best, "high": joined.high} if joined else None
