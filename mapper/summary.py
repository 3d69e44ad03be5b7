"""What a run found, in a few lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mapper.record import Record

_SHOWN = 12
ALL_PLACED = (
    "Every word that was read as a place name has a place; a name read as something else is not counted."
)
NONE_FOUND = "No word was read as a place name."


def summary(records: Sequence[Record]) -> list[str]:
    """Say what was found, what stayed unresolved and which documents failed.

    Parameters
    ----------
    records
        Analysis records, failed ones included.
    """
    read = [record for record in records if "error" not in record]
    mentions = [mention for record in read for mention in record["mentions"]]
    placed = sum(mention["place"] is not None for mention in mentions)
    events = [event for record in read for event in record["events"]]
    located = sum(bool(event["locations"]) for event in events)
    lines = [
        f"{_count(len(read), 'document')}: {_count(len(mentions), 'place name')}, {placed} placed; "
        f"{_count(len(events), 'event')}, {located} located."
    ]
    kinds = Counter(event["type"].replace("_", " ") for event in events)
    if kinds:
        lines.append("Events: " + ", ".join(f"{n} {kind}" for kind, n in _ranked(kinds)) + ".")
    lines += unresolved_lines(read)
    lines += sorted({warning for record in read for warning in record["warnings"]})
    lines += [f"Failed: {record['id']}: {record['error']}" for record in records if "error" in record]
    return [printable(line) for line in lines]


def unresolved_lines(records: Sequence[Record]) -> list[str]:
    """Name the names that no place was found for."""
    names = Counter(
        mention["text"] for record in records for mention in record["mentions"] if mention["place"] is None
    )
    if not names:
        found = any(record["mentions"] for record in records)
        return [ALL_PLACED if found else NONE_FOUND]
    shown = [name for name, _ in _ranked(names)[:_SHOWN]]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return [f"Unresolved ({len(names)}): {', '.join(shown)}{more}. See `mapper explain`, mend with --pins."]


def printable(text: str) -> str:
    """Text on one line of a terminal, without control characters."""
    return "".join(c if c.isprintable() else " " for c in text)


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
