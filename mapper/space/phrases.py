"""The grammar of words about space: text and mention spans in, :class:`SpatialExpression` values out.

The rules read tokens from left to right; each rule looks a bounded number of tokens ahead and back, so
the time is linear in the length of the text. No language model is needed: ``mapper geocode`` reads "20 km
north of X" with the same rules as the events do. The words are data (``words.toml``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from mapper.space import rules_measure, rules_place
from mapper.space.anchors import Context
from mapper.space.lexicon import lexicon
from mapper.space.tokens import tokenize
from mapper.types import Mention, SpatialExpression

Rule = Callable[[Context, int], int]

_BESIDE = 12
"""So many characters at most between the words for a road and the distance along it."""
_RULES: tuple[Rule, ...] = (
    rules_place.between,
    rules_measure.measured,
    rules_place.direction,
    rules_place.preposition,
    rules_place.named_line,
    rules_place.after_name,
)


def find(text: str, mentions: Sequence[Mention]) -> tuple[SpatialExpression, ...]:
    """Read the words about space in a text.

    Parameters
    ----------
    text : str
        The whole text, as it was given.
    mentions : sequence of Mention
        The place names in it. Only their spans and guessed kinds are used; what they mean is not known yet.

    Returns
    -------
    tuple of SpatialExpression
        In the order of the text. Anaphoric anchors ("the city") are replaced by the mentions they refer to.
        A ``toward`` expression without anchors is a measure of movement ("advanced 1 km"): see
        :func:`movements`. Bare "in X" gives none: a mention without an expression is "at".
    """
    context = Context(text, tokenize(text, mentions))
    openers, at = lexicon().openers, 0
    while at < len(context.tokens):
        token = context.tokens[at]
        if token.low not in openers and token.mention is None and not token.text[0].isdecimal():
            at += 1
            continue
        for rule in _RULES:
            end = rule(context, at)
            if end > at:
                at = end
                break
        else:
            at += 1
    found = _measured_roads(sorted(context.found, key=lambda e: (e.start, e.end)), context)
    return tuple(sorted([*found, *_on_fronts(found, context)], key=lambda e: (e.start, e.end)))


def _on_fronts(found: Sequence[SpatialExpression], context: Context) -> list[SpatialExpression]:
    """The names that follow "In the X direction, ..." in its paragraph, as places within X's reach."""
    fronts = {
        e.start: e
        for e in found
        if e.type == "toward"
        and len(e.anchors) == 1
        and e.text.split()[-1].lower() in lexicon().words["fronts"]
    }
    if not fronts:
        return []
    placed: list[SpatialExpression] = []
    front: SpatialExpression | None = None
    paragraph = -1
    for at in (i for i, t in enumerate(context.tokens) if t.mention is not None or t.start in fronts):
        token = context.tokens[at]
        front = fronts.get(token.start, front if token.paragraph == paragraph else None)
        paragraph = token.paragraph
        mention = token.mention
        if front is None or mention is None or mention.end <= front.end or not mention.pinned:
            continue
        if mention.kind in ("settlement", "other") and mention.id not in front.anchors:
            placed.append(
                SpatialExpression(
                    "toward", mention.start, mention.end, mention.text, front.anchors, subject=mention.id
                )
            )
    return placed


def _measured_roads(found: list[SpatialExpression], context: Context) -> tuple[SpatialExpression, ...]:
    """Join "on the A-B road" with "20 km from A" beside it: so far along the road from A."""
    kept: list[SpatialExpression] = []
    for expression in found:
        joined = _along(kept[-1], expression, context) if kept else None
        if joined is not None:
            kept[-1] = joined
        else:
            kept.append(expression)
    return tuple(kept)


def _along(a: SpatialExpression, b: SpatialExpression, context: Context) -> SpatialExpression | None:
    """The two words as one, or None: ``anchors`` begin with the place from which the distance counts."""
    road, reach = (a, b) if a.line else (b, a)
    if not road.line or road.type != "along" or len(road.anchors) < 2 or reach.line:
        return None
    if reach.type not in ("distance", "offset") or len(reach.anchors) != 1 or reach.distance_min_m == 0.0:
        return None
    between = context.text[a.end : b.start]
    if len(between) > _BESIDE or set(between) & set(".;:"):
        return None
    start = context.mentions[reach.anchors[0]].text.casefold()
    names = [context.mentions[i].text.casefold() for i in road.anchors]
    if start not in (names[0], names[-1]):
        return None
    ordered = road.anchors if start == names[0] else road.anchors[::-1]
    return replace(
        road,
        start=a.start,
        end=b.end,
        text=context.text[a.start : b.end],
        anchors=(reach.anchors[0], *ordered[1:]),
        distance_m=reach.distance_m,
        distance_min_m=reach.distance_min_m,
        distance_max_m=reach.distance_max_m,
    )


def movements(expressions: Sequence[SpatialExpression]) -> tuple[SpatialExpression, ...]:
    """The measures of movement among ``expressions``: how far someone moved, not how far from a place.

    Each has ``type`` "toward", no anchors, ``distance_m`` with the ends of a range, and ``bearing_deg``
    where the words say it ("pushed 2 km north").
    """
    return tuple(e for e in expressions if e.type == "toward" and not e.anchors)
