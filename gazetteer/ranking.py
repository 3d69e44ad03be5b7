"""How well a name fits, and how likely a place is meant: the model whose weights are in ``ranking.toml``."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

import numpy as np
from rapidfuzz.distance import JaroWinkler, Levenshtein
from rapidfuzz.process import cdist

from gazetteer.names import romanise, skeleton_many, sound_many, without_articles
from gazetteer.place import Candidate, Match
from gazetteer.readings import readings
from gazetteer.schema import importance_of

PARTS = ("edit", "start", "sound", "skeleton")
"""The four similarities of 0..1: edits and shared start of folded names, edits of sounds and of skeletons."""

Context = Literal["alone", "country", "near"]
"""What is known besides the name. The more is known, the less the size of a place says."""

NEAR_SCALE_M = 120_000.0
"""Nearness says little among places well within this distance, and ever more beyond it."""


@lru_cache(maxsize=1)
def weights() -> dict[str, dict[str, float]]:
    """Return the fitted weights."""
    text = resources.files("gazetteer").joinpath("ranking.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class Heard:
    """A query: ``latin`` is the romanised name without articles; then its readings, the plain one first."""

    latin: str
    sounds: tuple[str, ...]
    skeletons: tuple[str, ...]

    @classmethod
    def of(cls, folded: str) -> Heard:
        """Return the forms of a folded name."""
        latin = romanise(folded)
        sounds, skeletons = readings(latin)
        return cls(without_articles(latin), tuple(sounds), tuple(skeletons))


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one name fits: log-odds, the same as 0..1, how it matched, and the similarities behind."""

    logit: float
    similarity: float
    match: Match
    parts: tuple[float, ...]


class Ranking:
    """Fits names to one query; every name is compared once."""

    def __init__(self, heard: Heard, context: Context = "alone") -> None:
        self.heard = heard
        self._known: dict[str, Fit] = {}
        self._importance = weights()["importance"][context]

    def fit(self, keys: Sequence[str]) -> dict[str, Fit]:
        """Return how well each folded name fits."""
        new = list(dict.fromkeys(key for key in keys if key not in self._known))
        if new:
            latin = without_articles(romanise("\n".join(new))).split("\n")
            sounds = sound_many(latin)
            skeletons = skeleton_many(sounds)
            heard = self.heard
            parts = np.stack(
                [
                    alike(Levenshtein, [heard.latin], latin),
                    alike(JaroWinkler, [heard.latin], latin),
                    alike(Levenshtein, heard.sounds, sounds),
                    alike(Levenshtein, heard.skeletons, skeletons),
                ],
                axis=1,
            )
            model = weights()["similarity"]
            logits = parts @ np.array([model[part] for part in PARTS]) + model["bias"]
            fits = 1 / (1 + np.exp(-logits))
            rows = zip(new, skeletons, parts.tolist(), logits.tolist(), fits.tolist(), strict=True)
            for key, skeleton, row, logit, similarity in rows:
                match: Match = "phonetic" if skeleton in heard.skeletons else "fuzzy"
                self._known[key] = Fit(logit, similarity, match, tuple(row))
        return self._known

    def sizes(self, ranks: Any) -> Any:
        """Return what importance adds to log-odds; ``ranks`` are 1000 - importance."""
        return self._importance * (1000 - ranks.astype(np.float64)) / 100

    def size(self, place: int) -> float:
        """Return what the importance of a place adds to its log-odds."""
        return self._importance * importance_of(place) / 100


def alike(scorer: Any, queries: Sequence[str], names: Sequence[str]) -> Any:
    """Return for each name how alike it is to the query that it is most alike to, 0..1."""
    table = cdist(queries, names, scorer=scorer.normalized_similarity, dtype=np.float32)
    return table.max(axis=0).astype(np.float64)


def log_odds(
    key: int, candidate: Candidate, context: Context, near: tuple[float, float] | None = None
) -> float:
    """Return the log-odds that a candidate is meant, as far as name, importance and nearness tell."""
    prior = weights()["prior"]
    if candidate.match in ("phonetic", "fuzzy"):
        name = min(max(candidate.similarity, 1e-6), 1 - 1e-6)
        value = math.log(name / (1 - name))
        if candidate.name != candidate.place.name:
            value -= prior["other"]
    else:
        value = prior["exact"] - prior["slip"] * (1 - candidate.similarity)
    value += weights()["importance"][context] * importance_of(key) / 100
    if near is not None:
        away = metres_between(*near, candidate.place.lat, candidate.place.lon) / NEAR_SCALE_M
        value -= prior["distance"] * math.log1p(away**2)
    return value


def probabilities(odds: Sequence[float]) -> list[float]:
    """Return the probability of each candidate: a softmax of log-odds in which one place more takes part.

    That one stands for all places that are not among the candidates.
    """
    prior = weights()["prior"]
    if not odds:
        return []
    scaled = np.array([*odds, prior["none"]]) / prior["temperature"]
    shares = np.exp(scaled - scaled.max())
    rounded: list[float] = np.round(shares / shares.sum(), 4)[:-1].tolist()
    return rounded


def metres_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance in metres of two points in degrees."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((p2 - p1) / 2) ** 2
    half += math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(half)))
