"""Place or not: a logistic regression over named features, and the choice among overlapping spans."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files

from mapper.mentions.context import Context, Features
from mapper.mentions.features import features
from mapper.mentions.lattice import Span, Text
from mapper.mentions.second import second_look, standing
from mapper.mentions.words import words

Weights = dict[str, float]
SOMEWHERE = 7.5
"""How much likelier a name that the gazetteer has is a place where a text has no other: tells captions and
notes about a single village from sentences about people, companies and teams."""
CALAMITY = 16.0
"""The same where the text tells of violence or disaster, which people and companies are seldom told of."""
UNLIKELY = 0.05
"""A name that is so unlikely a place somewhere in such a text is none elsewhere in it."""


@lru_cache(maxsize=1)
def weights() -> dict[str, Weights]:
    """Load the weights of the first and the second look, which ``scripts/fit_mentions.py`` fitted."""
    raw = files("mapper.mentions").joinpath("weights.json").read_text(encoding="utf-8")
    loaded: dict[str, Weights] = json.loads(raw)
    return loaded


def probability(row: Features, table: Weights) -> float:
    """Give the probability, 0..1, that a span with these features is a place name."""
    weight = table.get
    odds = 0.0
    for name, value in row.items():
        odds += value * weight(name, 0.0)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def look_twice(text: Text, spans: list[Span], doc: Context, tables: dict[str, Weights]) -> list[Features]:
    """Set the probability of every span by a first look, and by a second that knows the first's results.

    Gives the features of the second look.
    """
    rows = [features(text, span, doc) for span in spans]
    for span, row in zip(spans, rows, strict=True):
        span.probability = probability(row, tables["first"])
    state = standing(spans)
    rows = [second_look(row, text, span, doc, state) for span, row in zip(spans, rows, strict=True)]
    if tables.get("second"):
        for span, row in zip(spans, rows, strict=True):
            span.probability = probability(row, tables["second"])
    return rows


def choose(text: Text, spans: list[Span], doc: Context, threshold: float = 0.5) -> list[Span]:
    """Keep the spans that are places, best first where they overlap; give them in text order.

    A report plays somewhere: when nothing in it is a likely place, less evidence makes one.
    """
    look_twice(text, spans, doc, weights())
    if not any(_is_named(span) and span.probability >= threshold for span in spans):
        told = not words().classes["calamity"].isdisjoint(text.lower_words)
        never = {span.text.lower() for span in spans if span.probability < UNLIKELY}
        for span in spans:
            lower = span.text.lower()
            if span.candidates and lower not in never and lower not in words().ordinary:
                span.probability = _likelier(span.probability, CALAMITY if told else SOMEWHERE)
    ranked = sorted(spans, key=lambda s: (-s.probability, -(s.end - s.start), s.start))
    whole = [s for s in spans if s.probability >= threshold and "-" in s.text and s.candidates]
    ranked = [s for s in ranked if not any(_half(s, name) for name in whole)]
    kept: list[Span] = []
    taken: set[int] = set()
    for span in ranked:
        if span.probability < threshold:
            break
        pieces = range(span.first, span.last + 1)
        if taken.isdisjoint(pieces):
            taken.update(pieces)
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)


def _is_named(span: Span) -> bool:
    """Whether a span names a place, not a people ("the Russians")."""
    return not span.candidates or span.candidates[0].kind != "demonym"


def _likelier(probability: float, odds: float) -> float:
    """Multiply the odds of a probability."""
    return probability * odds / (probability * odds + 1.0 - probability)


def _half(span: Span, whole: Span) -> bool:
    """Whether a span is one side of the hyphen of a longer name: "Guinea" in "Guinea-Bissau"."""
    if span is whole or not (whole.start <= span.start and span.end <= whole.end):
        return False
    spelt = whole.candidates[0].match in ("exact", "folded", "alternate")
    return spelt and (
        whole.text[span.end - whole.start :].startswith("-")
        or whole.text[: span.start - whole.start].endswith("-")
    )
