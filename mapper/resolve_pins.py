"""The user's corrections: they name what a mention means before anything is weighed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gazetteer.names import fold
from gazetteer.place import Place
from mapper.types import Document, Mention, Pin, Resolution

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer


def apply(
    document: Document, mentions: Sequence[Mention], pins: Sequence[Pin], gazetteer: Gazetteer
) -> tuple[list[Mention], dict[str, Resolution]]:
    """Give the mentions as corrected, and the resolutions that the corrections decide.

    A name that recognition had not found is added wherever the text has it as a whole word. "Not a place"
    takes the mention away. The last pin that fits a mention wins.
    """
    corrected = list(mentions)
    for pin in pins:
        if not pin.not_a_place:
            corrected += _missing(document, corrected, pin)
    kept: list[Mention] = []
    decided: dict[str, Resolution] = {}
    for mention in corrected:
        pin_of = next((pin for pin in reversed(pins) if matches(pin, document, mention)), None)
        if pin_of is None:
            kept.append(mention)
        elif not pin_of.not_a_place:
            resolution = _pinned(mention, pin_of, gazetteer)
            kept.append(resolution.mention)
            decided[mention.id] = resolution
    return kept, decided


def matches(pin: Pin, document: Document, mention: Mention) -> bool:
    """Whether a correction is about a mention."""
    if pin.document and pin.document != document.id:
        return False
    if pin.start is not None and pin.end is not None:
        return mention.start < pin.end and pin.start < mention.end
    return fold(pin.surface) == fold(mention.text)


def unmatched(pins: Iterable[Pin], found: Iterable[tuple[Document, Sequence[Resolution]]]) -> list[Pin]:
    """Give the corrections that met no mention in any document of a run.

    ``found`` are the documents with the resolutions made under these pins. A pin "not a place" counts as
    met when its document's text holds the surface, or when the span lies in the text.
    """
    documents = list(found)
    return [pin for pin in pins if not any(_met(pin, d, resolutions) for d, resolutions in documents)]


def _met(pin: Pin, document: Document, resolutions: Sequence[Resolution]) -> bool:
    if pin.document and pin.document != document.id:
        return False
    if pin.not_a_place:
        return bool(_occurrences(document.text, pin))
    return any(r.match == "pin" and matches(pin, document, r.mention) for r in resolutions)


def _occurrences(text: str, pin: Pin) -> list[tuple[int, int]]:
    if pin.start is not None and pin.end is not None:
        return [(pin.start, pin.end)] if pin.end <= len(text) else []
    found = []
    at = text.find(pin.surface) if pin.surface else -1
    while at >= 0:
        end = at + len(pin.surface)
        if not text[max(at - 1, 0) : at].isalnum() and not text[end : end + 1].isalnum():
            found.append((at, end))
        at = text.find(pin.surface, end)
    return found


def _missing(document: Document, mentions: Sequence[Mention], pin: Pin) -> list[Mention]:
    """Make mentions of a pinned name where recognition has none."""
    if pin.document and pin.document != document.id:
        return []
    return [
        Mention(f"p{pin.line}-{start}", start, end, document.text[start:end], "other")
        for start, end in _occurrences(document.text, pin)
        if not any(m.start < end and start < m.end for m in mentions)
    ]


def _pinned(mention: Mention, pin: Pin, gazetteer: Gazetteer) -> Resolution:
    """Resolve a mention as the user says."""
    reason = f"the user's correction (row {pin.line})" if pin.line else "the user's correction"
    if pin.point is not None:
        lat, lon = pin.point
        name = pin.name or mention.text
        place: Place | None = Place(
            f"pin:{lat:.5f},{lon:.5f}", name, lat, lon, max(pin.radius_m, 1.0), "area", source="pin"
        )
    else:
        place = gazetteer.by_id(pin.place)
    if place is None:
        return Resolution(mention, None, "pin", 0.0, (), f"{reason}: no place {pin.place} in the gazetteer")
    return Resolution(replace(mention, pinned=True), place, "pin", 1.0, (), reason)
