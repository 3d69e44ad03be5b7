"""Search by sound and by edit distance, and the ranking of what is found.

Two roads lead to the names that may be meant:

- Round a point: all names of the cells near it are compared, by the edit distance of their sounds and
  skeletons (packed into 64-bit keys, one vectorised pass).
- Anywhere: the skeletons within one edit of the query's are looked up one by one, some 150 probes of an
  index, which costs the same at any size of gazetteer.

What they return is ranked by the similarity of folded names, sounds and skeletons, size and nearness.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from gazetteer.cells import Near, cells_near
from gazetteer.distance import great_circle_m, lengths, levenshtein, within_length, within_symbols
from gazetteer.names import MAX_SYMBOLS, SYMBOLS, fold, pack_one, romanise
from gazetteer.place import Candidate
from gazetteer.ranking import Context, Heard, Ranking, alike, log_odds, probabilities
from gazetteer.schema import FEATURE_NUMBER, KIND_NUMBER, KINDS, WORLD

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

NEAR_M = 250_000.0
"""How far from ``near`` names are compared one by one when no radius is given."""
NEAR_BUDGET = 60_000
NEAR_KEEP = 45
NEAR_READINGS = 3
NEAR_SURE = 0.9
"""A name that fits so well near by ends the search."""
ROUGH_KEEP = 80
ROUGH_WEIGHT = 12.0
"""About what an edit weighs in the model, when many names are thinned out before they are fitted."""
KEYS_KEEP = 20
KEYS_KEEP_FAR = 15
PLACES_PER_KEY = 20
LEAST = 0.03
"""Names that fit worse than this are not offered."""
EXACT_KEEP = 3000
AFTER_LATIN = "{"
"""Sorts behind every folded name that starts with an ASCII letter or digit."""
_CONSONANTS = [i + 1 for i, symbol in enumerate(SYMBOLS) if symbol.isupper()]
_UNHEARD = (KIND_NUMBER["demonym"], KIND_NUMBER["code"])
Row = tuple[str, int]
"""The folded name that was heard and its kind."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a place must be (country, region, features, radius_m) and where it is likely to be (near)."""

    country: str | None = None
    region: str | None = None
    features: frozenset[str] | None = None
    near: tuple[float, float] | None = None
    radius_m: float | None = None

    @property
    def context(self) -> Context:
        """What is known besides the name."""
        return "near" if self.near else "country" if self.country or self.region else "alone"

    def passes(self, candidate: Candidate) -> bool:
        """Tell whether a candidate is what was asked for."""
        place = candidate.place
        if self.country and place.country != self.country:
            return False
        if self.region and place.admin1_code != self.region:
            return False
        if self.features is not None and place.feature not in self.features:
            return False
        if self.near is not None and self.radius_m is not None:
            return float(great_circle_m(*self.near, place.lat, place.lon)) <= self.radius_m
        return True


def neighbours(skeleton: int, size: int) -> list[int]:
    """Return every packed skeleton within one edit of a packed one of ``size`` symbols, itself first."""
    found = {skeleton: None}
    full = size == MAX_SYMBOLS
    for i in range(size + (not full)):
        shift = 4 * (MAX_SYMBOLS - 1 - i)
        head, tail = skeleton >> (shift + 4) << (shift + 4), skeleton & ((1 << shift + 4) - 1)
        rest = skeleton & ((1 << shift) - 1)
        if i < size:
            found.setdefault(head | rest << 4)
        for symbol in _CONSONANTS:
            if i < size:
                found.setdefault(head | symbol << shift | rest)
            found.setdefault(head | symbol << shift | tail >> 4)
    found.pop(0, None)
    return list(found)


class Search:
    """Finds and ranks the candidates for a name in one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._execute = gazetteer.execute

    def find(self, name: str, filters: Filters, limit: int, by_sound: bool) -> list[Candidate]:
        """Return the best ``limit`` candidates, the likeliest first."""
        key = fold(name)
        if not key or limit < 1:
            return []
        found = self._by_key(name, key, filters)
        if not found and not key.isascii():
            found = self._by_key(name, fold(romanise(key)), filters)
        if by_sound:
            heard = Heard.of(key)
            if any(heard.skeletons):
                self._add_heard(found, Ranking(heard, filters.context), filters, limit)
        near, context = filters.near, filters.context
        ranked = [(log_odds(key, c, context, near), key, c) for key, c in found.items() if filters.passes(c)]
        ranked.sort(key=lambda row: (-row[0], row[1]))
        scores = probabilities([value for value, _, _ in ranked])
        return [replace(c, score=p) for (_, _, c), p in zip(ranked[:limit], scores, strict=False)]

    def _by_key(self, name: str, key: str, filters: Filters) -> dict[int, Candidate]:
        where, values = "n.key = ?", [key]
        if filters.country:
            where, values = where + " AND n.country = ?", [*values, filters.country]
        if filters.region:
            where, values = where + " AND p.admin1 = ?", [*values, filters.region]
        join = " JOIN place p ON p.id = n.place" if filters.region else ""
        rows = self._execute(
            f"SELECT n.text, n.kind, n.place FROM name n{join} WHERE {where}"
            f" ORDER BY n.place LIMIT {EXACT_KEEP}",
            tuple(values),
        ).fetchall()
        exact = self._gazetteer.exact(name, rows)
        return {row[2]: candidate for row, candidate in zip(rows, exact, strict=True)}

    def _add_heard(self, found: dict[int, Candidate], ranking: Ranking, filters: Filters, limit: int) -> None:
        """Add the places that may be meant by sound to ``found``."""
        rows = self.heard(ranking, filters)
        fit = ranking.fit(sorted({row[0] for row in rows.values()}))
        # Far more places are heard than returned: only those that could still win are read from the file.
        rough = [p for p in rows if p not in found and fit[rows[p][0]].similarity >= LEAST]
        rough.sort(key=lambda place: (-fit[rows[place][0]].logit - ranking.size(place), place))
        rough = rough[: 2 * limit + 15]
        if not rough:
            return
        marks = ",".join("(?,?)" for _ in rough)
        wanted = [value for place in rough for value in (place, rows[place][0])]
        columns = self._gazetteer.columns
        named = self._execute(
            f"WITH heard(place, key) AS (VALUES {marks}) SELECT h.key, n.text, {columns} FROM heard h"
            " CROSS JOIN name n ON n.key = h.key AND n.place = h.place CROSS JOIN place p ON p.id = h.place",
            tuple(wanted),
        )
        for key, text, *columns_of in named:
            place, one = self._gazetteer.place(tuple(columns_of)), fit[key]
            kind = KINDS[rows[columns_of[0]][1]]
            found[columns_of[0]] = Candidate(place, text or place.name, kind, one.match, one.similarity)

    def heard(self, ranking: Ranking, filters: Filters) -> dict[int, Row]:
        """Return the file's ids of places that may be meant by sound, with the name that was heard."""
        found: dict[int, Row] = {}
        if filters.near is not None:
            found.update(self._round(ranking, filters))
            if filters.radius_m is not None or self._sure(ranking, found):
                return found
        for place, matched, kind in self._anywhere(ranking, filters):
            found.setdefault(place, (matched, kind))
        return found

    @staticmethod
    def _sure(ranking: Ranking, found: dict[int, Row]) -> bool:
        """Tell whether what was heard near by fits so well that nobody looks farther."""
        fit = ranking.fit(sorted({row[0] for row in found.values()}))
        return any(one.similarity >= NEAR_SURE for one in fit.values())

    def _round(self, ranking: Ranking, filters: Filters) -> dict[int, Row]:
        """Compare all names round ``filters.near``."""
        assert filters.near is not None
        lat, lon = filters.near
        reach = filters.radius_m if filters.radius_m is not None else NEAR_M
        near = cells_near(self._execute, lat, lon, reach, NEAR_BUDGET)
        likest: dict[int, float] = {}
        readings = list(zip(ranking.heard.sounds, ranking.heard.skeletons, strict=True))[:NEAR_READINGS]
        for sound, skeleton in readings:
            if not skeleton:
                continue
            rows, unlike = _compared(near, sound, skeleton)
            keep = np.ones(len(rows), bool)
            if filters.country:
                keep &= rows["country"] == filters.country.encode()
            if filters.features is not None:
                keep &= np.isin(rows["feature"], _numbers(filters.features))
            metres = great_circle_m(lat, lon, rows["lat"].astype(np.float64), rows["lon"].astype(np.float64))
            if filters.radius_m is not None:
                keep &= metres <= filters.radius_m
            unlike = np.where(keep, unlike + 0.1 * metres / NEAR_M, np.inf)
            for i in np.argsort(unlike, kind="stable")[:NEAR_KEEP].tolist():
                if np.isfinite(unlike[i]):
                    place = int(rows["place"][i])
                    likest[place] = min(likest.get(place, np.inf), float(unlike[i]))
        places = heapq.nsmallest(NEAR_KEEP, likest, key=lambda place: (likest[place], place))
        return self._best_names(ranking, sorted(places))

    def _best_names(self, ranking: Ranking, places: Sequence[int]) -> dict[int, Row]:
        """Return for each place the name of it that fits best."""
        wanted = ",".join(map(str, places))
        sql = f"SELECT place, key, kind FROM name INDEXED BY name_place WHERE place IN ({wanted})"
        # A romanised query is compared with Latin names; a place that has none offers what it has.
        names = self._execute(sql + " AND key < ?", (AFTER_LATIN,)).fetchall()
        bare = set(places).difference(row[0] for row in names)
        if bare:
            others = sql.replace(wanted, ",".join(map(str, sorted(bare))))
            names += self._execute(others).fetchall()
        names = [row for row in names if row[2] not in _UNHEARD]
        fit = ranking.fit([row[1] for row in names])
        best: dict[int, Row] = {}
        for place, key, kind in names:
            if place not in best or fit[key].logit > fit[best[place][0]].logit:
                best[place] = key, kind
        return best

    def _anywhere(self, ranking: Ranking, filters: Filters) -> list[tuple[int, str, int]]:
        """Look up all skeletons within one edit."""
        keys, ranks = self._listed(ranking.heard, filters.country)
        if not keys:
            return []
        sizes = ranking.sizes(ranks)
        if len(keys) > ROUGH_KEEP:
            rough = ROUGH_WEIGHT * alike(Levenshtein, [ranking.heard.latin], keys) + sizes
            few = np.argsort(-rough, kind="stable")[:ROUGH_KEEP].tolist()
            keys, sizes = [keys[i] for i in few], sizes[few]
        fit = ranking.fit(keys)
        size_of: dict[str, float] = {}
        for key, size in zip(keys, sizes.tolist(), strict=True):
            size_of[key] = max(size, size_of.get(key, size))
        likely = sorted((-fit[key].logit - size, key) for key, size in size_of.items())
        country = (filters.country,) if filters.country else ()
        sql = "SELECT place, key, kind FROM name WHERE key = ?" + (" AND country = ?" if country else "")
        sql += f" ORDER BY place LIMIT {PLACES_PER_KEY}"
        rows: list[tuple[int, str, int]] = []
        for _, key in likely[: KEYS_KEEP if filters.near is None else KEYS_KEEP_FAR]:
            rows.extend(row for row in self._execute(sql, (key, *country)) if row[2] not in _UNHEARD)
        return rows

    def _listed(self, heard: Heard, country: str | None) -> tuple[list[str], Any]:
        """Return the names under the skeletons within one edit, and the ranks of their foremost places."""
        own = [pack_one(skeleton) for skeleton in heard.skeletons if skeleton]
        probes: dict[int, None] = {}
        for packed, skeleton in zip(own, (s for s in heard.skeletons if s), strict=True):
            probes.update(dict.fromkeys(neighbours(packed, min(len(skeleton), MAX_SYMBOLS))))
        sql = "SELECT keys, ranks FROM sound WHERE skeleton IN ({}) AND country {} ?"
        wanted = ",".join(map(str, probes))
        groups = self._execute(sql.format(wanted, "="), (country or WORLD,)).fetchall()
        if not country:
            wanted = ",".join(map(str, own))
            groups += self._execute(sql.format(wanted, "<>"), (WORLD,)).fetchall()
        if not groups:
            return [], None
        keys = "\n".join([keys for keys, _ in groups]).split("\n")
        ranks = np.frombuffer("".join([ranks for _, ranks in groups]).encode("utf-32-le"), "<u4") - 32
        return keys, ranks


def _compared(near: Near, sound: str, skeleton: str) -> tuple[Any, Any]:
    """Return the rows whose skeleton is within a few edits of a reading's, and how unlike they are."""
    packed = pack_one(skeleton)
    size = min(len(skeleton), MAX_SYMBOLS)
    allowed = 1 if size <= 2 else 2 if size <= 6 else 3
    mask = sum({1 << (packed >> shift & 0xF) for shift in range(0, 60, 4)}) & 0xFFFE
    keep = np.flatnonzero(within_symbols(mask, near.symbols, allowed))
    skeletons = near.skeletons[keep]
    fits = np.flatnonzero(within_length(skeletons, size - allowed, size + allowed))
    keep, skeletons = keep[fits], skeletons[fits]
    far = levenshtein(packed, skeletons)
    close = np.flatnonzero(far <= allowed)
    rows, far = near.rows[keep[close]], far[close]
    sounds = np.ascontiguousarray(rows["sound"])
    loud = levenshtein(pack_one(sound), sounds) / np.maximum(lengths(sounds), len(sound))
    return rows, far / (size + allowed / 2) + loud


def _numbers(features: Collection[str]) -> list[int]:
    numbers = {str(feature): number for feature, number in FEATURE_NUMBER.items()}
    return [numbers[feature] for feature in sorted(features) if feature in numbers]
