"""The grammar of words about space: text and mention spans in, :class:`SpatialExpression` values out.

The rules read tokens from left to right; each rule looks a bounded number of tokens ahead and back, so
the time is linear in the length of the text. No language model is needed: ``mapper geocode`` reads "20 km
north of X" with the same rules as the events do. The words are data (``words.toml``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mapper.space import rules_measure, rules_place
from mapper.space.anchors import Context
from mapper.space.lexicon import lexicon
from mapper.space.tokens import tokenize
from mapper.types import Mention, SpatialExpression

Rule = Callable[[Context, int], int]

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
    return tuple(sorted(context.found, key=lambda e: (e.start, e.end)))


def movements(expressions: Sequence[SpatialExpression]) -> tuple[SpatialExpression, ...]:
    """The measures of movement among ``expressions``: how far someone moved, not how far from a place.

    Each has ``type`` "toward", no anchors, ``distance_m`` with the ends of a range, and ``bearing_deg``
    where the words say it ("pushed 2 km north").
    """
    return tuple(e for e in expressions if e.type == "toward" and not e.anchors)
