"""How far a place may be believed whose name only sounds like the one that the text writes.

The gazetteer lacks many places, and something sounds like every word. A logistic regression says how often
such a choice is right; ``scripts/fit_heard.py`` fits it on garbled texts some of whose places are hidden.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np

from gazetteer.place import Candidate
from mapper.likeness import likeness
from mapper.resolve_features import SETTLED
from mapper.resolve_table import Array, Table

FEATURES = (
    "bias", "probability", "recognition", "company", "alike", "similarity", "population", "unpeopled", "near",
    "middle",
)  # fmt: skip
ENOUGH, FEW, CLEAN = 8, 0.15, 0.45
"""In a text of so many names at least, of which so small a share only sounds like places, such a choice must
be that sure."""
CLEAR = 0.4
"""Probability from which the choice of another name tells where the text plays."""
NEAR_M, MIDDLE_M = 50_000.0, 300_000.0
"""Scales of the distance to the nearest of the other places, and to the middlemost of them."""
SAME_M = 15_000.0
"""Candidates of a name that lie so near each other are one place."""
MOST_PEOPLE = 2.5
"""Decades above a thousand people that count."""
FAR_M = 5e6
"""Where a text names no other place."""
SIMILAR, ALIKE = 0.6, 0.9
"""What similarity and likeness are measured from, so that the bias stands for a usual choice."""


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Load the fitted weights, and ``least``: a choice less sure than this is left unresolved."""
    loaded: dict[str, float] = json.loads(files("mapper").joinpath("heard.json").read_text(encoding="utf-8"))
    return loaded


def least(best: Sequence[Candidate | None]) -> float:
    """Give how sure a choice must be to be shown: in a clean text what only sounds alike is seldom meant.

    ``best`` are the choices of all names.
    """
    known = [c for c in best if c is not None]
    odd = sum(c.match in ("phonetic", "fuzzy") for c in known)
    clean = len(known) >= ENOUGH and odd <= FEW * len(known)
    return max(CLEAN, weights()["least"]) if clean else weights()["least"]


def logit(p: float) -> float:
    """Give the log odds of a probability, cut off at 1% and 99%."""
    p = min(max(p, 0.01), 0.99)
    return math.log(p / (1 - p))


def tops(table: Table, p: Array) -> Array:
    """Give for each group the row of its likeliest candidate, -1 for one that has none."""
    order = np.lexsort((-p, table.group))
    best = np.full(len(table.groups), -1)
    first = np.ones(len(order), dtype=bool)
    first[1:] = table.group[order][1:] != table.group[order][:-1]
    best[table.group[order[first]]] = order[first]
    return best


def row(table: Table, p: Array, beside: Array, top: int, best: Array, certainty: float) -> Array:
    """Give the features of a choice, in the order of ``FEATURES``.

    ``top`` is the row of the choice, ``best`` the choices of all groups, ``beside`` how far other names speak
    for each candidate, ``certainty`` how sure recognition is of the mention.
    """
    candidate, entry = table.candidates[top], table.groups[table.group[top]]
    others = best[(best >= 0) & (best != top)]
    others = others[(p[others] > CLEAR) & (table.large[others] == 0.0)]
    # a town and the district named after it are one choice
    same = (table.group == table.group[top]) & (table.distance_m[top] < SAME_M)
    away = np.sort(table.distance_m[top, others])
    away = away[away > 0.0] if (away > 0.0).any() else np.array([FAR_M])
    if table.large[top]:
        away = np.maximum(away - candidate.place.radius_m, 0.0)  # what lies in a region is near it
    settled = float(candidate.place.feature in SETTLED)
    return np.array([
        1.0,
        logit(float(p[same].sum())),
        logit(certainty),
        float(beside[top]),
        max(likeness(name, candidate.name) for name in (entry.name, entry.stem) if name) - ALIKE,
        candidate.similarity - SIMILAR,
        min(max(0.0, math.log10(candidate.place.population + 10) - 3), MOST_PEOPLE) * settled,
        1.0 - settled,
        math.exp(-away[0] / NEAR_M),
        math.exp(-away[len(away) // 2] / MIDDLE_M),
    ])  # fmt: skip


def chance(features: Array) -> float:
    """Give the chance that a choice with these features is right."""
    x = float(features @ np.array([weights()[name] for name in FEATURES]))
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x)))), 4)
