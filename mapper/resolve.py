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

from gazetteer.place import Candidate, Feature, Place
from mapper import (
    resolve_candidates,
    resolve_heard,
    resolve_inside,
    resolve_pins,
    resolve_reason,
    resolve_table,
)
from mapper.home import Home, home_of
from mapper.resolve_features import CONTEXT, Constraint, ContextFeatures, LatLon, heard, matrix
from mapper.resolve_heard import logit
from mapper.resolve_table import Array, Group, Table
from mapper.types import Mention, MentionKind, Pin, Resolution, Rival, SpatialExpression

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer
    from mapper.language import Parsed

ROUNDS = 4
RIVALS = 5
DISTRICT_M = 25_000.0
"""Radius of a district that is only known by its seat, in metres."""
CLEARLY = 0.85
"""Similarity from which a region is believed where a town is asked for: "the chief city of X"."""
NEIGHBOURS = 4
"""Names beside a name in the text, round whose places its namesakes are looked for."""

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
    home: Home | None = None,
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
        Where the publisher is; by default what the document's address tells.

    Returns
    -------
    tuple of Resolution
        One for every mention, in the order of the text; ``place`` is None when no place was found.
    """
    corrected, decided = resolve_pins.apply(parsed.document, mentions, pins, gazetteer)
    open_mentions = [m for m in corrected if m.id not in decided]
    groups = resolve_candidates.group(open_mentions, gazetteer)
    home = home or home_of(parsed.document)
    table, p, features = settle(groups, gazetteer, expressions, constraint, home)
    found = dict(decided)
    beside = company(features, p) if len(p) else p
    best, _ = _standing(table, p) if len(p) else ([None] * len(groups), [])
    tops = resolve_heard.tops(table, p)
    least = resolve_heard.least(best)
    doubted = _doubted(table, p, beside, tops, least)
    firm = [None if h in doubted else c for h, c in enumerate(best)]
    for g, entry in enumerate(groups):
        rows = np.flatnonzero(table.group == g)
        known = [*firm[:g], best[g], *firm[g + 1 :]]
        outside = resolve_inside.misplaced(g, table, p, known)
        row = resolve_inside.placed_inside(g, table, p, known) if outside else None
        if row is not None:
            found.update(
                _resolutions(entry, table, rows, resolve_inside.believed(row, rows, p), beside, tops, least)
            )
            continue
        alone = not outside and resolve_inside.alone(g, groups, best, home)
        found.update(_resolutions(entry, table, rows, p, beside, tops, least, outside, alone))
    for mention in open_mentions:
        if mention.id not in found:
            found[mention.id] = resolve_reason.coordinate(mention)
    return tuple(found[m.id] for m in sorted(corrected, key=lambda m: (m.start, m.end)) if m.id in found)


def settle(
    groups: list[Group],
    gazetteer: Gazetteer,
    expressions: Sequence[SpatialExpression] = (),
    constraint: Constraint | None = None,
    home: Home | None = None,
) -> tuple[Table, Array, ContextFeatures]:
    """Weigh all candidates; give the table, their probabilities and what they were weighed by.

    When names have no candidate where the document plays, places there that sound alike are added and all
    is weighed again.
    """
    table, p, features = _weigh(groups, expressions, constraint, home)
    best, near = _standing(table, p)
    if resolve_candidates.widen(groups, best, gazetteer, near, home.theatres if home else ()):
        return _weigh(groups, expressions, constraint, home)
    return table, p, features


def _weigh(
    groups: list[Group],
    expressions: Sequence[SpatialExpression],
    constraint: Constraint | None,
    home: Home | None,
) -> tuple[Table, Array, ContextFeatures]:
    data = weights()
    names = {name: i for i, name in enumerate(data["static"])}
    table = resolve_table.build(groups)
    fixed = matrix(table, names) @ np.array(list(data["static"].values()))
    context = np.array([data["context"][name] for name in CONTEXT])
    features = ContextFeatures(table, expressions, constraint, home)
    p = softmax(fixed, table)
    for _ in range(ROUNDS if len(table.candidates) else 0):
        p = softmax(fixed + features(p) @ context, table)
    return table, p, features


def softmax(raw: Array, table: Table) -> Array:
    """Turn scores into probabilities within each group."""
    top = np.full(len(table.groups), -np.inf)
    np.maximum.at(top, table.group, raw)
    e = np.exp(raw - top[table.group])
    return np.asarray(e / np.bincount(table.group, e, len(table.groups))[table.group])


def _standing(table: Table, p: Array) -> tuple[list[Candidate | None], list[list[LatLon]]]:
    """Give each group's likeliest candidate, and the points of its nearest neighbours in the text."""
    best: list[Candidate | None] = []
    for g in range(len(table.groups)):
        rows = np.flatnonzero(table.group == g)
        best.append(table.candidates[int(rows[np.argmax(p[rows])])] if len(rows) else None)
    near: list[list[LatLon]] = []
    local = ("settlement", "suburb", "district", "region", "municipality", "airport", "facility")
    for g in range(len(table.groups)):
        order = sorted(
            (h for h in range(len(best)) if h != g and best[h] and best[h].place.feature in local),  # type: ignore[union-attr]
            key=lambda h: table.text_gap[g, h],
        )
        neighbours = [best[h] for h in order[:NEIGHBOURS]]
        near.append([(c.place.lat, c.place.lon) for c in neighbours if c is not None])
    return best, near


def _doubted(table: Table, p: Array, beside: Array, tops: Array, least: float) -> set[int]:
    """Give the groups whose likeliest place only sounds alike, too unsure to show: they hold nothing."""
    found = set()
    for g, top in enumerate(tops):
        if top < 0 or not heard(table.candidates[top]):
            continue
        certainty = max(m.certainty for m in table.groups[g].mentions)
        features = resolve_heard.row(table, p, beside, int(top), tops, certainty)
        if resolve_heard.chance(features) < least:
            found.add(g)
    return found


def _resolutions(
    entry: Group,
    table: Table,
    rows: Any,
    p: Array,
    beside: Array,
    tops: Array,
    least_heard: float,
    outside: str = "",
    alone: bool = False,
) -> dict[str, Resolution]:
    """Give the resolution of each mention of a group; None for a choice too unsure to show.

    ``outside`` is the place in which the text puts the name and the likeliest candidate does not lie;
    ``alone`` says that the text has nothing to do with the country of the likeliest.
    """
    if not len(rows):
        reason = "no place of this name in the gazetteer"
        return {m.id: Resolution(m, None, reason=reason) for m in entry.mentions}
    order = sorted(rows, key=lambda i: (-p[i], table.candidates[i].place.id))
    top = table.candidates[order[0]]
    rivals = tuple(Rival(table.candidates[i].place, round(float(p[i]), 4)) for i in order[: RIVALS + 1])
    reason = resolve_reason.reason(entry, top, table, p, order)
    least = least_heard if heard(top) else weights()["calibration"]["least"]
    found = {}
    for mention in entry.mentions:
        if heard(top):
            believed = resolve_heard.row(table, p, beside, order[0], tops, mention.certainty)
            score = resolve_heard.chance(believed)
        else:
            score = _calibrated(float(p[order[0]]), float(beside[order[0]]), mention)
        evidence = (
            ("probability", round(float(p[order[0]]), 4)),
            ("name", round(top.similarity, 4)),
            ("recognition", round(mention.certainty, 4)),
            ("company", round(float(beside[order[0]]), 4)),
        )
        unasked = _unasked(mention, top)
        if score < least or unasked or alone or (outside and mention.inside):
            reason_not = f"no place of this name fits the text; the likeliest was {top.place.name}"
            if unasked:
                reason_not = f"no {mention.asked[0]} sounds like it; the likeliest was {top.place.name}"
            if outside and mention.inside:
                reason_not = f"the text puts it in {outside}, where no place of this name is known"
            found[mention.id] = Resolution(mention, None, None, score, rivals, reason_not, evidence)
            continue
        found[mention.id] = Resolution(
            _final(mention, top), _meant(mention, top), top.match, score, rivals[1:], reason, evidence
        )
    return found


def _calibrated(probability: float, beside: float, mention: Mention) -> float:
    """Give the chance that the place is right, from the choice, its company and recognition."""
    c = weights()["calibration"]
    x = (
        c["bias"]
        + c["probability"] * logit(probability)
        + c["recognition"] * logit(mention.certainty)
        + c["company"] * beside
    )
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x)))), 4)


def company(features: ContextFeatures, p: Array) -> Array:
    """Give for each candidate how far other names speak for its country or its neighbourhood, 0..1."""
    seen = features(p)
    named = [CONTEXT.index(name) for name in ("country_share", "country_named", "near_300km", "holds")]
    return np.asarray(np.minimum(seen[:, named].max(axis=1), 1.0))


def _final(mention: Mention, top: Candidate) -> Mention:
    """Give the mention with the kind that its place has."""
    if mention.kind == "demonym":
        return mention
    if top.kind == "demonym":
        return replace(mention, kind="demonym", pinned=False)
    if _is_seat(mention, top.place):
        return replace(mention, kind="region")
    return replace(mention, kind=KIND_OF.get(top.place.feature, "other"))


def _meant(mention: Mention, top: Candidate) -> Place:
    """Give the place; the seat of a district that the gazetteer lacks stands for all of it."""
    place = top.place
    if not _is_seat(mention, place):
        return place
    return replace(place, radius_m=max(place.radius_m, DISTRICT_M))


def _unasked(mention: Mention, top: Candidate) -> bool:
    """Whether a region or a country only sounds like, or is also called, what is asked for as a spot."""
    large = top.place.feature in resolve_table.LARGE
    besides = top.match == "alternate" and mention.asked[:1] == ("settlement",)
    doubtful = besides or (heard(top) and top.similarity < CLEARLY)
    return doubtful and bool(mention.asked) and large and resolve_table.LARGE.isdisjoint(mention.asked)


def _is_seat(mention: Mention, place: Place) -> bool:
    return mention.asked[:1] == ("district",) and place.feature == "settlement"
