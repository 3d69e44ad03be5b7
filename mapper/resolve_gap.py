"""How far a place is overshadowed by larger ones whose names sound like the same written name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gazetteer.names import fold
from gazetteer.place import Candidate

DECADES_PER_LIKENESS = 25.0
"""So many decades of people make up for a name that is unlike by all; a village that is alike is meant."""
NAMESAKE, OTHER = 1.0, 0.5
"""How much a larger place of the same name or a liker one counts, and one whose name is less alike."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A settlement with its size in decades of people, and how alike its name is to the written one."""

    decades: float
    alike: float
    folded: str


def sounding(candidate: Candidate, alike: float) -> Sounding:
    """Make the entry of a candidate."""
    return Sounding(math.log10(candidate.place.population + 100), alike, fold(candidate.name))


def gap(own: Sounding, others: Sequence[Sounding]) -> float:
    """Give by how many decades a settlement is smaller than the one that overshadows it most."""
    return max(
        (
            (NAMESAKE if other.folded == own.folded or other.alike > own.alike else OTHER)
            * (other.decades - own.decades - DECADES_PER_LIKENESS * (own.alike - other.alike))
            for other in others
            if other.decades > own.decades
        ),
        default=0.0,
    )
