"""Coordinates that stand in a text are places of their own, with no name to look up."""

from __future__ import annotations

from dataclasses import replace

from mapper.coordinates import find
from mapper.types import Mention


def add(names: tuple[Mention, ...], text: str) -> tuple[Mention, ...]:
    """Put the coordinates of a text among its names; a name that overlaps them gives way."""
    points = tuple(
        Mention(f"c{number}", start, end, text[start:end], "coordinate", point=(lat, lon))
        for number, (start, end, lat, lon, _) in enumerate(find(text), start=1)
    )
    if not points:
        return names
    kept = [m for m in names if not any(m.start < p.end and p.start < m.end for p in points)]
    ids = {mention.id for mention in kept}
    named = [m if m.inside in ids else replace(m, inside=None) for m in kept]
    return tuple(sorted([*named, *points], key=lambda m: m.start))
