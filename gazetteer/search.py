"""Search by sound and by edit distance, and the ranking of what is found.

Two roads lead to the names that may be meant:

- Round a point: all names of the cells near it are compared, by the edit distance of their sounds and
  skeletons (packed into 64-bit keys, one vectorised pass).
- Anywhere: the skeletons within one edit of the query's are looked up one by one, some 150 probes of an
  index, which costs the same at any size of gazetteer.

What they return is ranked by the similarity of folded names, sounds and skeletons, size and nearness.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz.distance import JaroWinkler, Levenshtein
from rapidfuzz.process import cdist

from gazetteer.build import pack
from gazetteer.cells import rows_near
from gazetteer.distance import great_circle_m, lengths, levenshtein
from gazetteer.names import MAX_SYMBOLS, SYMBOLS, fold, romanise, skeleton_many, sound_many
from gazetteer.place import Candidate, Match
from gazetteer.schema import FEATURE_NUMBER, KIND_NUMBER, KINDS, importance_of

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

NEAR_M = 250_000.0
"""How far from ``near`` names are compared one by one when no radius is given."""
NEAR_BUDGET = 60_000
NEAR_KEEP = 160
KEYS_KEEP = 60
PLACES_PER_KEY = 25
_CONSONANTS = [i + 1 for i, symbol in enumerate(SYMBOLS) if symbol.isupper()]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a place must be (country, region, features, radius_m) and where it is likely to be (near)."""

    country: str | None
    region: str | None
    features: frozenset[str] | None
    near: tuple[float, float] | None
    radius_m: float | None


@dataclass(frozen=True, slots=True)
class _Heard:
    """A name with its three forms; ``latin`` is the folded name, romanised."""

    key: str
    latin: str
    sound: str
    skeleton: str


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    text = resources.files("gazetteer").joinpath("ranking.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def neighbours(skeleton: int, size: int) -> list[int]:
    """Return every packed skeleton within one edit of a packed one of ``size`` symbols, itself first."""
    symbols = [skeleton >> 4 * (MAX_SYMBOLS - 1 - i) & 0xF for i in range(size)]
    found = {skeleton: None}

    def keep(changed: list[int]) -> None:
        packed = 0
        for i, symbol in enumerate(changed[:MAX_SYMBOLS]):
            packed |= symbol << 4 * (MAX_SYMBOLS - 1 - i)
        found.setdefault(packed)

    for i in range(size):
        if size > 1:
            keep(symbols[:i] + symbols[i + 1 :])
        for symbol in _CONSONANTS:
            keep([*symbols[:i], symbol, *symbols[i + 1 :]])
    for i in range(size + 1):
        for symbol in _CONSONANTS:
            keep([*symbols[:i], symbol, *symbols[i:]])
    return list(found)


class Search:
    """Finds and ranks the candidates for a name in one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._db = gazetteer._db

    def find(self, name: str, filters: Filters, limit: int, by_sound: bool) -> list[Candidate]:
        """Return the best ``limit`` candidates, the likeliest first."""
        key = fold(name)
        if not key or limit < 1:
            return []
        exact = self._by_key(name, key, filters)
        if not exact and not key.isascii():
            exact = self._by_key(name, fold(romanise(key)), filters)
        rows: dict[int, tuple[str, str | None, int]] = {}
        if by_sound:
            latin = romanise(key)
            sound = sound_many([latin])[0]
            heard = _Heard(key, latin, sound, skeleton_many([sound])[0])
            if heard.skeleton:
                rows = self._heard(heard, filters)
                similarity = self._similarities(heard, rows)
                return self._ranked(exact, rows, similarity, filters, limit)
        return self._ranked(exact, {}, {}, filters, limit)

    def _by_key(self, name: str, key: str, filters: Filters) -> dict[int, Candidate]:
        from gazetteer.store import PLACE_COLUMNS

        where, values = "n.key = ?", [key]
        if filters.country:
            where, values = where + " AND n.country = ?", [*values, filters.country]
        if filters.region:
            where, values = where + " AND p.admin1 = ?", [*values, filters.region]
        rows = self._db.execute(
            f"SELECT n.text, n.kind, {PLACE_COLUMNS} FROM name n JOIN place p ON p.id = n.place WHERE {where}"
            " ORDER BY n.place LIMIT 3000", values,
        )  # fmt: skip
        return {row[2]: self._gazetteer._exact(name, row) for row in rows}

    def _heard(self, heard: _Heard, filters: Filters) -> dict[int, tuple[str, str | None, int]]:
        """Return the file's ids of places that may be meant, with the key, text and kind that was heard."""
        found: dict[int, tuple[str, str | None, int]] = {}
        anywhere = filters.radius_m is None
        if filters.near is not None:
            found.update(self._round(heard, filters))
        if anywhere:
            for row in self._anywhere(heard, filters):
                found.setdefault(row[0], row[1:])
        return found

    def _round(self, heard: _Heard, filters: Filters) -> dict[int, tuple[str, str | None, int]]:
        assert filters.near is not None
        lat, lon = filters.near
        reach = filters.radius_m if filters.radius_m is not None else NEAR_M
        rows = rows_near(self._db, lat, lon, reach, NEAR_BUDGET)
        keep = np.ones(len(rows), bool)
        if filters.country:
            keep &= rows["country"] == filters.country.encode()
        if filters.features is not None:
            wanted = [FEATURE_NUMBER[f] for f in sorted(filters.features) if f in FEATURE_NUMBER]  # type: ignore[index]
            keep &= np.isin(rows["feature"], wanted)
        rows = rows[keep]
        if not len(rows):
            return {}
        sound, skeleton = pack([heard.sound, heard.skeleton]).tolist()
        skeletons, sounds = np.ascontiguousarray(rows["skeleton"]), np.ascontiguousarray(rows["sound"])
        far = levenshtein(skeleton, skeletons)
        size = np.maximum(lengths(skeletons), min(len(heard.skeleton), MAX_SYMBOLS))
        close = np.flatnonzero(far <= np.maximum(1, (size + 1) // 3))
        rows, far, size = rows[close], far[close], size[close]
        loud = levenshtein(sound, sounds[close])
        loud_size = np.maximum(lengths(sounds[close]), min(len(heard.sound), MAX_SYMBOLS))
        unlike = far / np.maximum(size, 1) + loud / np.maximum(loud_size, 1)
        metres = great_circle_m(lat, lon, rows["lat"].astype(np.float64), rows["lon"].astype(np.float64))
        unlike += 0.1 * metres / NEAR_M
        if filters.radius_m is not None:
            unlike[metres > filters.radius_m] = np.inf
        best = (
            np.argpartition(unlike, NEAR_KEEP)[:NEAR_KEEP] if len(rows) > NEAR_KEEP else np.arange(len(rows))
        )
        ids = sorted({int(rows["place"][i]) for i in best if np.isfinite(unlike[i])})
        return self._best_names(heard, ids)

    def _best_names(self, heard: _Heard, ids: Iterable[int]) -> dict[int, tuple[str, str | None, int]]:
        wanted = ",".join(map(str, ids))
        rows = self._db.execute(
            f"SELECT place, key, text, kind FROM name INDEXED BY name_place WHERE place IN ({wanted}) AND kind NOT IN (?, ?)",
            (KIND_NUMBER["demonym"], KIND_NUMBER["code"]),
        ).fetchall()
        if not rows:
            return {}
        fit = self._fit(heard, [row[1] for row in rows])
        best: dict[int, tuple[float, tuple[str, str | None, int]]] = {}
        for value, (place, *rest) in zip(fit.tolist(), rows, strict=True):
            if place not in best or value > best[place][0]:
                best[place] = value, (rest[0], rest[1], rest[2])
        return {place: row for place, (_, row) in best.items()}

    def _anywhere(self, heard: _Heard, filters: Filters) -> list[tuple[int, str, str | None, int]]:
        size = min(len(heard.skeleton), MAX_SYMBOLS)
        probes = ",".join(map(str, neighbours(int(pack([heard.skeleton])[0]), size)))
        where = f"SELECT keys FROM sound WHERE skeleton IN ({probes})"
        if filters.country:
            groups = self._db.execute(where + " AND country = ?", (filters.country,))
        else:
            groups = self._db.execute(where)
        keys = list(dict.fromkeys("\n".join([row[0] for row in groups]).split("\n")))
        if keys == [""]:
            return []
        rough = cdist([heard.latin], keys, scorer=Levenshtein.normalized_similarity, dtype=np.float32)[0]
        if len(keys) > 4 * KEYS_KEEP:
            few = np.argpartition(-rough, 4 * KEYS_KEEP)[: 4 * KEYS_KEEP]
            keys = [keys[i] for i in np.sort(few)]
        fit = self._fit(heard, keys)
        order = np.argsort(-fit, kind="stable")[:KEYS_KEEP]
        rows: list[tuple[int, str, str | None, int]] = []
        sql = "SELECT place, key, text, kind FROM name WHERE key = ?"
        if filters.country:
            sql += " AND country = ?"
        sql += f" ORDER BY place LIMIT {PLACES_PER_KEY}"
        for i in order.tolist():
            values = (keys[i], filters.country) if filters.country else (keys[i],)
            rows.extend(self._db.execute(sql, values))
        return rows

    def _fit(self, heard: _Heard, keys: list[str]) -> Any:
        """Return how well each folded name fits the query, 0..1: the model of ``ranking.toml``."""
        weights = _weights()["similarity"]
        latin = [key if key.isascii() else romanise(key) for key in keys]
        sounds = sound_many(latin)
        skeletons = skeleton_many(sounds)
        parts = (
            (heard.latin, latin, Levenshtein.normalized_similarity, "edit"),
            (heard.latin, latin, JaroWinkler.normalized_similarity, "start"),
            (heard.sound, sounds, Levenshtein.normalized_similarity, "sound"),
            (heard.skeleton, skeletons, Levenshtein.normalized_similarity, "skeleton"),
        )
        total = np.full(len(keys), weights["bias"], np.float64)
        for query, texts, scorer, weight in parts:
            total += weights[weight] * cdist([query], texts, scorer=scorer, dtype=np.float32)[0]
        return 1 / (1 + np.exp(-total))

    def _similarities(self, heard: _Heard, rows: dict[int, tuple[str, str | None, int]]) -> dict[int, float]:
        keys = sorted({row[0] for row in rows.values()})
        if not keys:
            return {}
        fit = dict(zip(keys, self._fit(heard, keys).tolist(), strict=True))
        return {place: fit[row[0]] for place, row in rows.items()}

    def _ranked(
        self,
        exact: dict[int, Candidate],
        rows: dict[int, tuple[str, str | None, int]],
        similarity: dict[int, float],
        filters: Filters,
        limit: int,
    ) -> list[Candidate]:
        prior = _weights()["prior"]
        # Far more places are heard than returned: only those that could still win are read from the file.
        rough = sorted(
            (p for p in rows if p not in exact),
            key=lambda p: (-similarity[p] - prior["importance"] * importance_of(p) / 20, p),
        )[: 4 * limit + 40]
        found = dict(exact)
        for key, place in self._gazetteer.places_by_key(sorted(rough)):
            matched, text, kind = rows[key]
            same = sound_many([matched]) == sound_many([romanise(fold(matched))])
            match: Match = "phonetic" if same and similarity[key] >= prior["phonetic"] else "fuzzy"
            found[key] = Candidate(place, text or place.name, KINDS[kind], match, similarity[key])
        scored = [
            (self._score(key, c, filters, prior), key, c) for key, c in found.items() if _passes(c, filters)
        ]
        scored.sort(key=lambda row: (-row[0], row[1]))
        return [replace(c, score=round(1 / (1 + math.exp(-score)), 4)) for score, _, c in scored[:limit]]

    def _score(self, key: int, candidate: Candidate, filters: Filters, prior: dict[str, float]) -> float:
        name = min(max(candidate.similarity, 1e-6), 1 - 1e-6)
        score = math.log(name / (1 - name))
        if candidate.match in ("exact", "folded", "alternate"):
            score = prior["exact"] * candidate.similarity
        score += prior["importance"] * importance_of(key) / 100 + prior["bias"]
        if filters.near is not None:
            lat, lon = filters.near
            metres = float(great_circle_m(lat, lon, candidate.place.lat, candidate.place.lon))
            score -= prior["distance"] * math.log1p(metres / 50_000)
        return score


def _passes(candidate: Candidate, filters: Filters) -> bool:
    place = candidate.place
    if filters.country and place.country != filters.country:
        return False
    if filters.region and place.admin1_code != filters.region:
        return False
    if filters.features is not None and place.feature not in filters.features:
        return False
    if filters.near is not None and filters.radius_m is not None:
        return float(great_circle_m(*filters.near, place.lat, place.lon)) <= filters.radius_m
    return True
