"""Resolution: which place every name means, decided for the whole document at once.

Every name starts from what its candidates are by themselves (name, size, kind). Then, for a few rounds,
the candidates of all names support each other: the same country and region, nearness, containment that the
text states, and words about space as constraints. The weights are data, fitted by ``scripts/fit_resolve.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from gazetteer.place import Candidate, Feature
from mapper import resolve_candidates, resolve_pins, resolve_reason, resolve_table
from mapper.likeness import likeness
from mapper.resolve_features import CONTEXT, Constraint, ContextFeatures, LatLon, heard, matrix
from mapper.resolve_table import Array, Group, Table
from mapper.types import Mention, MentionKind, Pin, Resolution, Rival, SpatialExpression

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer
    from mapper.language import Parsed

ROUNDS = 4
RIVALS = 5

KIND_OF: Mapping[Feature, MentionKind] = {
    "settlement": "settlement",
    "suburb": "settlement",
    "municipality": "region",
    "country": "country",
    "region": "region",
    "district": "region",
    "river": "river",
    "water": "water",
    "airport": "facility",
    "airbase": "facility",
    "facility": "facility",
    "bridge": "facility",
    "road": "road",
    "area": "area",
    "continent": "area",
}


@lru_cache(maxsize=1)
def weights() -> dict[str, Any]:
    """Load the fitted weights: ``static``, ``context`` and ``calibration``."""
    loaded: dict[str, Any] = json.loads(files("mapper").joinpath("weights.json").read_text(encoding="utf-8"))
    return loaded


def resolve(
    parsed: Parsed,
    mentions: Sequence[Mention],
    expressions: Sequence[SpatialExpression],
    gazetteer: Gazetteer,
    pins: Sequence[Pin] = (),
    *,
    constraint: Constraint | None = None,
    home: LatLon | None = None,
) -> tuple[Resolution, ...]:
    """Say of every mention which place it means.

    Parameters
    ----------
    parsed
        The document.
    mentions
        What recognition found.
    expressions
        Words about space; with ``constraint`` they bear on the choice.
    pins
        Corrections by the user; they win over everything else.
    constraint
        ``penalty(expression, candidate, anchors)``, 0 for a perfect fit, in standard deviations.
    home
        Latitude and longitude of the publisher, if known.

    Returns
    -------
    tuple of Resolution
        One for every mention, in the order of the text; ``place`` is None when no place was found.
    """
    corrected, decided = resolve_pins.apply(parsed.document, mentions, pins, gazetteer)
    open_mentions = [m for m in corrected if m.id not in decided]
    groups = resolve_candidates.group(open_mentions, gazetteer)
    table, p, score = settle(groups, gazetteer, expressions, constraint, home)
    found = dict(decided)
    for g, entry in enumerate(groups):
        rows = np.flatnonzero(table.group == g)
        found.update(_resolutions(entry, table, rows, p, score))
    for mention in open_mentions:
        if mention.id not in found:
            found[mention.id] = resolve_reason.coordinate(mention)
    return tuple(found[m.id] for m in sorted(corrected, key=lambda m: (m.start, m.end)) if m.id in found)


def settle(
    groups: list[Group],
    gazetteer: Gazetteer,
    expressions: Sequence[SpatialExpression] = (),
    constraint: Constraint | None = None,
    home: LatLon | None = None,
) -> tuple[Table, Array, Array]:
    """Weigh all candidates; give the table, their probabilities and the raw scores.

    When names have no candidate where the document plays, places there that sound alike are added and all
    is weighed again.
    """
    table, p, raw = _weigh(groups, expressions, constraint, home)
    best, near = _standing(table, p)
    if resolve_candidates.widen(groups, best, gazetteer, near):
        table, p, raw = _weigh(groups, expressions, constraint, home)
    return table, p, raw


def _weigh(
    groups: list[Group],
    expressions: Sequence[SpatialExpression],
    constraint: Constraint | None,
    home: LatLon | None,
) -> tuple[Table, Array, Array]:
    data = weights()
    names = {name: i for i, name in enumerate(data["static"])}
    table = resolve_table.build(groups)
    fixed = matrix(table, names) @ np.array(list(data["static"].values()))
    context = np.array([data["context"][name] for name in CONTEXT])
    features = ContextFeatures(table, expressions, constraint, home)
    raw = fixed
    p = softmax(raw, table)
    for _ in range(ROUNDS if len(table.candidates) else 0):
        raw = fixed + features(p) @ context
        p = softmax(raw, table)
    return table, p, raw


def softmax(raw: Array, table: Table) -> Array:
    """Turn scores into probabilities within each group."""
    p = np.zeros(len(raw))
    for g in range(len(table.groups)):
        rows = table.group == g
        if rows.any():
            e = np.exp(raw[rows] - raw[rows].max())
            p[rows] = e / e.sum()
    return p


def _standing(table: Table, p: Array) -> tuple[list[Candidate | None], list[LatLon | None]]:
    """Give each group's likeliest candidate, and the point of its nearest sure neighbour in the text."""
    best: list[Candidate | None] = []
    for g in range(len(table.groups)):
        rows = np.flatnonzero(table.group == g)
        best.append(table.candidates[int(rows[np.argmax(p[rows])])] if len(rows) else None)
    near: list[LatLon | None] = []
    local = ("settlement", "suburb", "district", "region", "municipality", "airport", "facility")
    for g in range(len(table.groups)):
        order = sorted(
            (h for h in range(len(best)) if h != g and best[h] and best[h].place.feature in local),  # type: ignore[union-attr]
            key=lambda h: table.text_gap[g, h],
        )
        candidate = best[order[0]] if order else None
        near.append((candidate.place.lat, candidate.place.lon) if candidate else None)
    return best, near


def _resolutions(entry: Group, table: Table, rows: Any, p: Array, raw: Array) -> dict[str, Resolution]:
    """Give the resolution of each mention of a group."""
    if not len(rows):
        reason = "no place of this name in the gazetteer"
        return {m.id: Resolution(m, None, reason=reason) for m in entry.mentions}
    order = sorted(rows, key=lambda i: (-p[i], table.candidates[i].place.id))
    top = table.candidates[order[0]]
    margin = raw[order[0]] - (raw[order[1]] if len(order) > 1 else raw[order[0]] - 5.0)
    rivals = tuple(Rival(table.candidates[i].place, round(float(p[i]), 4)) for i in order[1 : RIVALS + 1])
    reason = resolve_reason.reason(entry, top, table, p, order)
    found = {}
    for mention in entry.mentions:
        score = _calibrated(float(p[order[0]]), float(margin), top, mention)
        found[mention.id] = Resolution(
            _final(mention, top), top.place, top.match, score, rivals, reason,
            (("probability", round(float(p[order[0]]), 4)), ("name", round(top.similarity, 4)),
             ("recognition", round(mention.certainty, 4))),
        )  # fmt: skip
    return found


def _calibrated(probability: float, margin: float, top: Candidate, mention: Mention) -> float:
    """Give the chance that the place is right, from the choice and from recognition."""
    c = weights()["calibration"]
    alike = likeness(mention.query or mention.text, top.name) if heard(top) else 1.0
    x = (
        c["bias"]
        + c["probability"] * _logit(probability)
        + c["recognition"] * _logit(mention.certainty)
        + c["similarity"] * (alike - 1.0)
    )
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x)))), 4)


def _logit(p: float) -> float:
    p = min(max(p, 0.01), 0.99)
    return math.log(p / (1 - p))


def _final(mention: Mention, top: Candidate) -> Mention:
    """Give the mention with the kind that its place has."""
    if mention.kind == "demonym":
        return mention
    if top.kind == "demonym":
        return replace(mention, kind="demonym", pinned=False)
    return replace(mention, kind=KIND_OF.get(top.place.feature, "other"))
