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
from gazetteer.place import Match
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


Fit = tuple[float, float, Match]
"""How well one name fits: log-odds, the same as 0..1, and how it matched."""


class Ranking:
    """Fits names to one query; every name is compared once."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self._known: dict[str, Fit] = {}

    def fit(self, keys: Sequence[str]) -> dict[str, Fit]:
        """Return how well each folded name fits, these and all that were asked for before."""
        known = self._known
        new = [key for key in dict.fromkeys(keys) if key not in known]
        if new:
            parts, skeletons = self.parts(new)
            model = weights()["similarity"]
            # Summed in one order whatever else is in the batch, so that a name fits equally to the last bit.
            logits = np.full(len(new), model["bias"])
            for part, column in zip(PARTS, parts, strict=True):
                logits += model[part] * column
            same = self.heard.skeletons
            matches: list[Match] = ["phonetic" if skeleton in same else "fuzzy" for skeleton in skeletons]
            fits = (1 / (1 + np.exp(-logits))).tolist()
            known.update(zip(new, zip(logits.tolist(), fits, matches, strict=True), strict=True))
        return known

    def parts(self, keys: Sequence[str]) -> tuple[tuple[Any, ...], list[str]]:
        """Return the similarities of ``PARTS``, one array each, and the skeletons of the names."""
        heard, query = self.heard, [self.heard.latin]
        latin, sounds, skeletons = spoken(keys)
        parts = (
            alike(Levenshtein, query, latin),
            alike(JaroWinkler, query, latin),
            alike(Levenshtein, heard.sounds, sounds),
            alike(Levenshtein, heard.skeletons, skeletons),
        )
        return parts, skeletons


_spoken: dict[str, tuple[str, str, str]] = {}
SPOKEN_KEPT = 30_000
"""The sounds of so many names are kept (some 8 MB): the names of one country are compared again and again."""


def spoken(keys: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the romanised forms of folded names without articles, their sounds and their skeletons."""
    new = [key for key in keys if key not in _spoken]
    if new:
        if len(_spoken) + len(new) > SPOKEN_KEPT:
            _spoken.clear()
            new = list(keys)
        latin = without_articles(romanise("\n".join(new))).split("\n")
        sounds = sound_many(latin)
        _spoken.update(zip(new, zip(latin, sounds, skeleton_many(sounds), strict=True), strict=True))
    rows = [_spoken[key] for key in keys]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


ONE_BY_ONE = 90
"""So few pairs of names are compared one by one: a call for all of them takes longer to set up. Only where
both give the same to the last bit, which Jaro and Winkler's similarity does not."""


def alike(scorer: Any, queries: Sequence[str], names: Sequence[str]) -> Any:
    """Return for each name how alike it is to the query that it is most alike to, 0..1."""
    score = scorer.normalized_similarity
    if scorer is JaroWinkler or len(names) * len(queries) > ONE_BY_ONE:
        return cdist(queries, names, scorer=score, dtype=np.float64).max(axis=0)
    if len(queries) == 1:
        query = queries[0]
        return np.array([score(query, name) for name in names])
    return np.array([max([score(query, name) for query in queries]) for name in names])


class Odds:
    """The log-odds that a place is meant, as far as name, importance and nearness tell."""

    def __init__(self, context: Context, near: tuple[float, float] | None = None) -> None:
        prior = weights()["prior"]
        self._exact, self._slip, self._other = prior["exact"], prior["slip"], prior["other"]
        self._distance, self._near = prior["distance"], near
        self._importance = weights()["importance"][context]

    def sizes(self, ranks: Any) -> Any:
        """Return what importance adds; ``ranks`` are 1000 - importance."""
        return self._importance * (1000 - ranks.astype(np.float64)) / 100

    def size(self, place: int) -> float:
        """Return what the importance of a place adds, by the file's id."""
        return self._importance * importance_of(place) / 100

    def of(self, place: int, lat: float, lon: float, similarity: float, heard: bool, other: bool) -> float:
        """Return the log-odds of a place whose name was ``heard``, or else found as it is written.

        ``other`` says that a name was heard that is not the place's own.
        """
        if heard:
            name = min(max(similarity, 1e-6), 1 - 1e-6)
            value = math.log(name / (1 - name))
            if other:
                value -= self._other
        else:
            value = self._exact - self._slip * (1 - similarity)
        value += self._importance * importance_of(place) / 100
        if self._near is not None:
            away = metres_between(*self._near, lat, lon) / NEAR_SCALE_M
            value -= self._distance * math.log1p(away**2)
        return value


def probabilities(odds: Sequence[float]) -> list[float]:
    """Return the probability of each candidate: a softmax of log-odds in which one place more takes part.

    That one stands for all places that are not among the candidates.
    """
    prior = weights()["prior"]
    if not odds:
        return []
    most, warmth = max(*odds, prior["none"]), prior["temperature"]
    shares = [math.exp((value - most) / warmth) for value in (*odds, prior["none"])]
    whole = sum(shares)
    return [round(share / whole, 4) for share in shares[:-1]]


def metres_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance in metres of two points in degrees."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((p2 - p1) / 2) ** 2
    half += math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(half)))
