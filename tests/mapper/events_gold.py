"""The gold sentences of ``tests/data/events_gold.txt`` and how they are scored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from events_helper import read, where

GOLD = Path(__file__).parents[1] / "data" / "events_gold.txt"


@dataclass(frozen=True)
class Row:
    """One gold line."""

    day: str
    types: tuple[str, ...]
    places: frozenset[str]
    modality: str
    outcome: str
    actor: str
    when: str
    text: str


def sets() -> dict[str, list[Row]]:
    """Return the gold lines of the file by set; a part of the second set, and the third, were held back."""
    found: dict[str, list[Row]] = {
        n: [] for n in ("first", "second", "held back", "third", "fourth", "fifth")
    }
    name = "first"
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        if line.startswith("# ==="):
            name = next(n for n in ("fifth", "fourth", "third", "held back", "second") if n in line)
        if line.strip() and not line.startswith("#"):
            found[name].append(_row(line))
    return found


def rows() -> list[Row]:
    """Return all gold lines of the file."""
    return [row for group in sets().values() for row in group]


def _row(line: str) -> Row:
    day, kinds, spots, mode, outcome, actor, when, text = (p.strip() for p in line.split(" | ", 7))
    names = frozenset() if spots == "-" else frozenset(spots.split("+"))
    return Row(day, tuple(kinds.split("/")), names, mode, outcome, actor, when, text)


def score(row: Row) -> dict[str, bool]:
    """Return what is right of the first event of one line; what the line does not tell is left out."""
    events, resolutions, _ = read(row.text, row.day)
    if row.types == ("none",):
        return {"type": not events}
    if not events:
        return dict.fromkeys(("type", "place", "modality", "actor", "when"), False)
    event = events[0]
    got = {"type": event.type in row.types, "place": set(where(event, resolutions)) == set(row.places)}
    if row.modality != "~":
        got["modality"] = event.modality == row.modality
    if row.outcome != "~":
        got["outcome"] = event.outcome == row.outcome
    if row.actor != "~":
        side = event.initiator.side or event.initiator.text if event.initiator else "-"
        got["actor"] = side in row.actor.split("/")
    got["when"] = (event.when.start or "" if event.when else "-").startswith(row.when)
    return got
