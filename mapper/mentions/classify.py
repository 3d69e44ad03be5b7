"""Place or not: a logistic regression over named features, and the choice among overlapping spans."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files

from mapper.mentions.features import Context, Features, features
from mapper.mentions.lattice import Span, Text


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Load the weights that ``scripts/fit_mentions.py`` fitted."""
    raw = files("mapper.mentions").joinpath("weights.json").read_text(encoding="utf-8")
    loaded: dict[str, float] = json.loads(raw)["weights"]
    return loaded


def log_odds(row: Features) -> float:
    """Give the log odds that a span with these features is a place name."""
    table = weights()
    return sum(value * table.get(name, 0.0) for name, value in row.items())


def probability(row: Features) -> float:
    """Give the probability, 0..1."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds(row)))))


def choose(text: Text, spans: list[Span], doc: Context, threshold: float = 0.5) -> list[Span]:
    """Keep the spans that are places, best first where they overlap; give them in text order."""
    for span in spans:
        span.probability = probability(features(text, span, doc))
    ranked = sorted(spans, key=lambda s: (-s.probability, -(s.end - s.start), s.start))
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
