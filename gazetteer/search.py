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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from gazetteer.cells import rows_near
from gazetteer.distance import great_circle_m, lengths, levenshtein, within_length, within_symbols
from gazetteer.names import MAX_SYMBOLS, SYMBOLS, fold, pack_one, romanise
from gazetteer.place import Candidate
from gazetteer.ranking import Heard, Ranking, score
from gazetteer.schema import FEATURE_NUMBER, KIND_NUMBER, KINDS

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

NEAR_M = 250_000.0
"""How far from ``near`` names are compared one by one when no radius is given."""
NEAR_BUDGET = 60_000
NEAR_KEEP = 90
ROUGH_KEEP = 200
KEYS_KEEP = 40
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
            if heard.skeleton:
                self._add_heard(found, Ranking(heard), filters, limit)
        ranked = [(score(key, c, filters.near), key, c) for key, c in found.items() if filters.passes(c)]
        ranked.sort(key=lambda row: (-row[0], row[1]))
        return [replace(c, score=round(1 / (1 + math.exp(-value)), 4)) for value, _, c in ranked[:limit]]

    def _by_key(self, name: str, key: str, filters: Filters) -> dict[int, Candidate]:
        where, values = "n.key = ?", [key]
        if filters.country:
            where, values = where + " AND n.country = ?", [*values, filters.country]
        if filters.region:
            where, values = where + " AND p.admin1 = ?", [*values, filters.region]
        rows = self._execute(
            f"SELECT n.text, n.kind, {self._gazetteer.columns} FROM name n JOIN place p ON p.id = n.place"
            f" WHERE {where} ORDER BY n.place LIMIT {EXACT_KEEP}",
            tuple(values),
        )
        return {row[2]: self._gazetteer.exact(name, row) for row in rows}

    def _add_heard(self, found: dict[int, Candidate], ranking: Ranking, filters: Filters, limit: int) -> None:
        """Add the places that may be meant by sound to ``found``."""
        rows = self.heard(ranking, filters)
        fit = ranking.fit(sorted({row[0] for row in rows.values()}))
        # Far more places are heard than returned: only those that could still win are read from the file.
        rough = [p for p in rows if p not in found and fit[rows[p][0]].similarity >= LEAST]
        rough.sort(key=lambda place: (-fit[rows[place][0]].logit - ranking.size(place), place))
        rough = rough[: 3 * limit + 20]
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
        if filters.near is None or filters.radius_m is None:
            for place, matched, kind in self._anywhere(ranking, filters):
                found.setdefault(place, (matched, kind))
        return found

    def _round(self, ranking: Ranking, filters: Filters) -> dict[int, Row]:
        """Compare all names round ``filters.near``."""
        assert filters.near is not None
        lat, lon = filters.near
        reach = filters.radius_m if filters.radius_m is not None else NEAR_M
        rows = rows_near(self._execute, lat, lon, reach, NEAR_BUDGET)
        sound, skeleton = pack_one(ranking.heard.sound), pack_one(ranking.heard.skeleton)
        size = min(len(ranking.heard.skeleton), MAX_SYMBOLS)
        allowed = 1 if size <= 2 else 2 if size <= 6 else 3
        mask = sum({1 << (skeleton >> shift & 0xF) for shift in range(0, 60, 4)}) & 0xFFFE
        keep = within_symbols(mask, rows["symbols"], allowed)
        keep &= within_length(rows["skeleton"], size - allowed, size + allowed)
        if filters.country:
            keep &= rows["country"] == filters.country.encode()
        if filters.features is not None:
            numbers = {str(feature): number for feature, number in FEATURE_NUMBER.items()}
            keep &= np.isin(rows["feature"], [numbers[f] for f in sorted(filters.features) if f in numbers])
        rows = rows[np.flatnonzero(keep)]
        far = levenshtein(skeleton, np.ascontiguousarray(rows["skeleton"]))
        close = np.flatnonzero(far <= allowed)
        rows, far = rows[close], far[close]
        sounds = np.ascontiguousarray(rows["sound"])
        loud = levenshtein(sound, sounds) / np.maximum(lengths(sounds), len(ranking.heard.sound))
        metres = great_circle_m(lat, lon, rows["lat"].astype(np.float64), rows["lon"].astype(np.float64))
        unlike = far / (size + allowed / 2) + loud + 0.1 * metres / NEAR_M
        if filters.radius_m is not None:
            unlike[metres > filters.radius_m] = np.inf
        order = np.argsort(unlike, kind="stable")[:NEAR_KEEP]
        return self._best_names(
            ranking, sorted({int(rows["place"][i]) for i in order if np.isfinite(unlike[i])})
        )

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
        heard = ranking.heard
        probes = neighbours(pack_one(heard.skeleton), min(len(heard.skeleton), MAX_SYMBOLS))
        sql = f"SELECT keys FROM sound WHERE skeleton IN ({','.join(map(str, probes))})"
        country = (filters.country,) if filters.country else ()
        groups = self._execute(sql + (" AND country = ?" if country else ""), country)
        blocks = [row[0] for row in groups]
        if not blocks:
            return []
        keys = list(dict.fromkeys("\n".join(blocks).split("\n")))
        if len(keys) > ROUGH_KEEP:
            rough = cdist([heard.latin], keys, scorer=Levenshtein.normalized_similarity, dtype=np.float32)[0]
            few = np.argsort(-rough, kind="stable")[:ROUGH_KEEP]
            keys = [keys[i] for i in few.tolist()]
        fit = ranking.fit(keys)
        keys.sort(key=lambda key: -fit[key].logit)
        sql = "SELECT place, key, kind FROM name WHERE key = ?" + (" AND country = ?" if country else "")
        sql += f" ORDER BY place LIMIT {PLACES_PER_KEY}"
        rows: list[tuple[int, str, int]] = []
        for key in keys[: KEYS_KEEP if filters.near is None else KEYS_KEEP_FAR]:
            rows.extend(row for row in self._execute(sql, (key, *country)) if row[2] not in _UNHEARD)
        return rows


def rows_of(search: Search, ranking: Ranking, filters: Filters) -> list[tuple[int, Any]]:
    """Return (place, name fit) of all that is heard: what the ranking is fitted on."""
    rows = search.heard(ranking, filters)
    fit = ranking.fit(sorted({row[0] for row in rows.values()}))
    return [(place, fit[row[0]]) for place, row in sorted(rows.items())]
