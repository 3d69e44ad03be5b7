"""Search by sound and by edit distance, and the ranking of what is found.

Two roads lead to the names that may be meant:

- Round a point: all names of the cells near it are compared, by the edit distance of their sounds and
  skeletons (packed into 64-bit keys, one vectorised pass).
- Anywhere: the skeletons within one edit of the query's are looked up, some 150 probes of an index at any
  size of gazetteer; in a country that has none that fits, all within two edits.

What they return is ranked by the similarity of folded names, sounds and skeletons, size and nearness.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from rapidfuzz.distance import Levenshtein

from gazetteer.cells import Near, cells_near
from gazetteer.distance import (
    great_circle_m,
    lengths,
    levenshtein,
    mask_of,
    symbols_in,
    within_length,
    within_symbols,
)
from gazetteer.names import MAX_SYMBOLS, SYMBOLS, fold, pack_one, romanise
from gazetteer.place import Candidate, Match
from gazetteer.ranking import Context, Fit, Heard, Odds, Ranking, alike, metres_between, probabilities
from gazetteer.schema import FEATURE_NUMBER, FEATURES, KIND_NUMBER, REST, WORLD
from gazetteer.store import BEARERS, NAMED_BEARERS, Bearer, how_exact

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

NEAR_M = 180_000.0
"""How far from ``near`` names are compared one by one when no radius is given."""
NEAR_BUDGET = 60_000
NEAR_KEEP = 32
NEAR_READINGS = 3
NEAR_SURE = 0.85
"""A name that fits so well near by ends the search."""
ROUGH_KEEP = 80
ROUGH_WEIGHT = 12.0
"""About what an edit weighs in the model, when many names are thinned out before they are fitted."""
KEYS_KEEP = 20
KEYS_KEEP_FAR = 15
PLACES_PER_KEY = 20
FOUND = 0.4
"""When no name fits so well, those farther off are compared too."""
WIDE_LEAST = 4
"""Two edits make nearly any skeleton of one that is shorter than this."""
LEAST = 0.03
"""Names that fit worse than this are not offered."""
EXACT_KEEP = 3000
AFTER_LATIN = "{"
"""Sorts behind every folded name that starts with an ASCII letter or digit."""
_CONSONANTS = [i + 1 for i, symbol in enumerate(SYMBOLS) if symbol.isupper()]
_IS_HEARD = f"kind NOT IN ({KIND_NUMBER['demonym']}, {KIND_NUMBER['code']})"
QUERIES_KEPT = 64
"""What was heard of so many names is kept."""
LISTINGS_KEPT = 32
"""The skeletons of so many countries are kept (some 8 MB at the most, with the shipped places)."""
CELLS_KEPT = 4
"""The names round so many points are kept (each at most some 4 MB)."""
T = TypeVar("T")


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

    def passes(self, row: tuple[Any, ...]) -> bool:
        """Tell whether a row of `BEARERS` is what was asked for."""
        if self.country and row[9] != self.country:
            return False
        if self.region and row[10] != self.region:
            return False
        if self.features is not None and FEATURES[row[8]] not in self.features:
            return False
        if self.near is not None and self.radius_m is not None:
            return metres_between(*self.near, row[5], row[6]) <= self.radius_m
        return True


def neighbours(skeleton: int, size: int) -> list[int]:
    """Return every packed skeleton within one edit of a packed one of ``size`` symbols, itself first.

    Two neighbouring symbols that change places are one edit here.
    """
    found = {skeleton: None}
    full = size == MAX_SYMBOLS
    for i in range(size + (not full)):
        shift = 4 * (MAX_SYMBOLS - 1 - i)
        head, tail = skeleton >> (shift + 4) << (shift + 4), skeleton & ((1 << shift + 4) - 1)
        rest = skeleton & ((1 << shift) - 1)
        if i < size:
            found[head | rest << 4] = None
            other, more = head | rest, head | tail >> 4
            for symbol in _CONSONANTS:
                found[other | symbol << shift] = None
                found[more | symbol << shift] = None
            if i:
                last = skeleton >> (shift + 4) & 0xF
                this = skeleton >> shift & 0xF
                found[head >> (shift + 8) << (shift + 8) | this << (shift + 4) | last << shift | rest] = None
        else:
            found.update(dict.fromkeys([head | tail >> 4 | symbol << shift for symbol in _CONSONANTS]))
    found.pop(0, None)
    return list(found)


@dataclass(frozen=True, slots=True)
class Query:
    """A name that is looked for: how well names fit it, and what was heard of it by (country, context)."""

    ranking: Ranking
    anywhere: dict[tuple[str | None, Context], list[tuple[int, str]]] = field(default_factory=dict)


class Search:
    """Finds and ranks the candidates for a name in one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._execute = gazetteer.execute
        # One text asks for the same names and round the same points again, with other filters.
        self._queries: dict[str, Query] = {}
        self._cells: dict[tuple[float, float, float], Near] = {}
        self._listings: dict[str, tuple[int, Any]] = {}
        self._symbols: dict[str, Any] = {}

    def find(self, name: str, filters: Filters, limit: int, by_sound: bool) -> list[Candidate]:
        """Return the best ``limit`` candidates, the likeliest first."""
        key = fold(name)
        if not key or limit < 1:
            return []
        odds = Odds(filters.context, filters.near)
        rows = self._by_key(key, filters)
        if not rows and not key.isascii():
            rows = self._by_key(fold(romanise(key)), filters)
        ranked: list[tuple[float, int, Match, float, Bearer]] = []
        for row in rows:
            if filters.passes(row):
                match, similarity = how_exact(name, row)
                value = odds.of(row[2], row[5], row[6], similarity, heard=False, other=False)
                ranked.append((-value, row[2], match, similarity, row))
        if by_sound:
            query = self._queries.get(key)
            if query is None:
                query = _keep(self._queries, key, Query(Ranking(Heard.of(key))), QUERIES_KEPT)
            known = {row[2] for row in rows}
            for row, (_, similarity, match) in self._heard_rows(known, query, odds, filters, limit):
                if filters.passes(row):
                    value = odds.of(row[2], row[5], row[6], similarity, heard=True, other=row[0] is not None)
                    ranked.append((-value, row[2], match, similarity, row))
        ranked.sort(key=itemgetter(0, 1))
        scores = probabilities([-value for value, *_ in ranked])
        bearer = self._gazetteer.bearer
        return [
            bearer(row, match, similarity, score)
            for (_, _, match, similarity, row), score in zip(ranked[:limit], scores, strict=False)
        ]

    def _by_key(self, key: str, filters: Filters) -> list[Bearer]:
        where, values = "n.key = ?", [key]
        if filters.country:
            where, values = where + " AND n.country = ?", [*values, filters.country]
        if filters.region:
            where, values = where + " AND p.admin1 = ?", [*values, filters.region]
        return self._execute(
            f"{BEARERS} WHERE {where} ORDER BY n.place LIMIT {EXACT_KEEP}", tuple(values)
        ).fetchall()

    def _heard_rows(
        self, known: set[int], query: Query, odds: Odds, filters: Filters, limit: int
    ) -> Iterator[tuple[Bearer, Fit]]:
        """Give the rows of places that may be meant by sound, and how well their names fit."""
        heard = self.heard(query, filters)
        fit = query.ranking.fit(sorted(set(heard.values())))
        # Far more places are heard than returned: only those that could still win are read from the file.
        rough = [
            (-fit[key][0] - odds.size(place), place)
            for place, key in heard.items()
            if place not in known and fit[key][1] >= LEAST
        ]
        rough = heapq.nsmallest(2 * limit + 15, rough)
        if not rough:
            return
        marks = ",".join(["(?,?)"] * len(rough))
        wanted = [value for _, place in rough for value in (place, heard[place])]
        named = self._execute(f"WITH heard(place, key) AS (VALUES {marks}) {NAMED_BEARERS}", tuple(wanted))
        for row in named:
            yield row, fit[heard[row[2]]]

    def heard(self, query: Query, filters: Filters) -> dict[int, str]:
        """Return the file's ids of places that may be meant by sound, with the folded name that was heard."""
        found: dict[int, str] = {}
        if not any(query.ranking.heard.skeletons):
            return found
        if filters.near is not None:
            found = self._round(query.ranking, filters)
            if filters.radius_m is not None or self._sure(query.ranking, found):
                return found
        asked = filters.country, filters.context
        if asked not in query.anywhere:
            query.anywhere[asked] = self._anywhere(query.ranking, *asked)
        for place, key in query.anywhere[asked]:
            found.setdefault(place, key)
        return found

    @staticmethod
    def _sure(ranking: Ranking, found: dict[int, str]) -> bool:
        """Tell whether what was heard near by fits so well that nobody looks farther."""
        fit = ranking.fit(sorted(set(found.values())))
        return any(fit[key][1] >= NEAR_SURE for key in found.values())

    def _round(self, ranking: Ranking, filters: Filters) -> dict[int, str]:
        """Compare all names round ``filters.near``."""
        assert filters.near is not None
        lat, lon = filters.near
        reach = filters.radius_m if filters.radius_m is not None else NEAR_M
        near = self._cells.get((lat, lon, reach))
        if near is None:
            near = cells_near(self._execute, lat, lon, reach, NEAR_BUDGET)
            _keep(self._cells, (lat, lon, reach), near, CELLS_KEPT)
        likest: dict[tuple[int, int], float] = {}
        readings = list(zip(ranking.heard.sounds, ranking.heard.skeletons, strict=True))[:NEAR_READINGS]
        for sound, skeleton in readings:
            if not skeleton:
                continue
            rows, unlike = _compared(near, sound, skeleton, filters)
            few = rows[np.argsort(unlike, kind="stable")[:NEAR_KEEP]]
            unlike.sort()
            for one in zip(few["place"].tolist(), few["sound"].tolist(), unlike.tolist(), strict=False):
                likest[one[:2]] = min(likest.get(one[:2], np.inf), one[2])
        return self._best_names(
            ranking, heapq.nsmallest(NEAR_KEEP, likest, key=lambda one: (likest[one], one))
        )

    def _best_names(self, ranking: Ranking, heard: Sequence[tuple[int, int]]) -> dict[int, str]:
        """Return for each place of ``heard`` (place, sound) the name of that sound that fits best."""
        if not heard:
            return {}
        marks = ",".join([f"({place},{sound})" for place, sound in heard])
        names = self._execute(
            f"WITH heard(place, sound) AS (VALUES {marks}) SELECT n.place, n.key FROM heard h"
            " CROSS JOIN name n INDEXED BY name_place ON n.place = h.place AND n.sound = h.sound"
        ).fetchall()
        fit = ranking.fit([key for _, key in names])
        best: dict[int, str] = {}
        for place, key in names:
            # A romanised query is compared with Latin names; a place that has none offers what it has.
            if place not in best or _suits(fit, key) > _suits(fit, best[place]):
                best[place] = key
        return best

    def _anywhere(self, ranking: Ranking, country: str | None, context: Context) -> list[tuple[int, str]]:
        """Look up all skeletons within one edit; in a country that has no such name, within two."""
        likely = self._likely(ranking, self._close(ranking.heard, country), context)
        if (
            context == "country"
            and country
            and not any(ranking.fit([key])[key][1] >= FOUND for key in likely)
        ):
            likely = self._likely(ranking, self._wide(ranking.heard, country), context) or likely
        values = (country,) if country else ()
        sql = f"SELECT place, key FROM name WHERE key = ?{' AND country = ?' if country else ''}"
        sql += f" AND {_IS_HEARD} ORDER BY place LIMIT {PLACES_PER_KEY}"
        rows: list[tuple[int, str]] = []
        for key in likely[: KEYS_KEEP_FAR if context == "near" else KEYS_KEEP]:
            rows += self._execute(sql, (key, *values))
        return rows

    def _likely(self, ranking: Ranking, ids: list[int], context: Context) -> list[str]:
        """Return the likeliest names of some rows of ``sound``, the likeliest first."""
        if not ids:
            return []
        wanted = ",".join(map(str, ids))
        groups = self._execute(f"SELECT keys, ranks FROM sound WHERE id IN ({wanted})").fetchall()
        keys = "\n".join([keys for keys, _ in groups]).split("\n")
        sizes = Odds(context).sizes(np.frombuffer(b"".join([ranks for _, ranks in groups]), "<u2"))
        if len(keys) > ROUGH_KEEP:
            rough = ROUGH_WEIGHT * alike(Levenshtein, [ranking.heard.latin], keys) + sizes
            few = np.argsort(-rough, kind="stable")[:ROUGH_KEEP].tolist()
            keys, sizes = [keys[i] for i in few], sizes[few]
        fit = ranking.fit(keys)
        size_of: dict[str, float] = {}
        for key, size in zip(keys, sizes.tolist(), strict=True):
            size_of[key] = max(size, size_of.get(key, size))
        return [key for _, key in sorted((-fit[key][0] - size, key) for key, size in size_of.items())]

    def _close(self, heard: Heard, country: str | None) -> list[int]:
        """Return the ids of the skeletons within one edit."""
        spelt = [skeleton for skeleton in heard.skeletons if skeleton]
        own = [pack_one(skeleton) for skeleton in spelt]
        probes: set[int] = set()
        for packed, skeleton in zip(own, spelt, strict=True):
            probes.update(neighbours(packed, min(len(skeleton), MAX_SYMBOLS)))
        found = self._ids(country or WORLD, sorted(probes))
        return found if country else found + self._ids(REST, own)

    def _wide(self, heard: Heard, country: str) -> list[int]:
        """Return the ids of the skeletons of a country within two edits of the plain reading."""
        first, known = self._listing(country)
        skeleton = heard.skeletons[0]
        if len(skeleton) < WIDE_LEAST:
            return []
        if country not in self._symbols:
            _keep(self._symbols, country, symbols_in(known), LISTINGS_KEPT)
        size, packed = min(len(skeleton), MAX_SYMBOLS), pack_one(skeleton)
        some = np.flatnonzero(within_symbols(mask_of(packed), self._symbols[country], 2))
        some = some[within_length(known[some], size - 2, size + 2)]
        close = levenshtein(packed, known[some], 2) <= 2
        ids: list[int] = (first + some[close]).tolist()
        return ids

    def _ids(self, country: str, skeletons: list[int]) -> list[int]:
        """Return the ids in ``sound`` of those skeletons that a country has."""
        first, known = self._listing(country)
        if not len(known):
            return []
        asked = np.array(skeletons, "<u8")
        at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        ids: list[int] = (first + at[known[at] == asked]).tolist()
        return ids

    def _listing(self, country: str) -> tuple[int, Any]:
        """Return the skeletons of a country in order, and the id of the first."""
        listing = self._listings.get(country)
        if listing is None:
            sql = "SELECT first, skeletons FROM listing WHERE country = ?"
            first, packed = self._execute(sql, (country,)).fetchone() or (0, b"")
            listing = first, np.frombuffer(packed, "<u8")
            _keep(self._listings, country, listing, LISTINGS_KEPT)
        return listing


def _suits(fit: dict[str, Fit], key: str) -> tuple[bool, float]:
    return key < AFTER_LATIN, fit[key][0]


def _compared(near: Near, sound: str, skeleton: str, filters: Filters) -> tuple[Any, Any]:
    """Return the rows whose skeleton is within a few edits of a reading's, and how unlike they are."""
    assert filters.near is not None
    packed = pack_one(skeleton)
    size = min(len(skeleton), MAX_SYMBOLS)
    allowed = 1 if size <= 2 else 2 if size <= 6 else 3
    keep = np.flatnonzero(within_symbols(mask_of(packed), near.symbols, allowed))
    if filters.country:
        keep = keep[near.rows["country"][keep] == int.from_bytes(filters.country.encode(), "little")]
    if filters.features is not None:
        keep = keep[np.isin(near.rows["feature"][keep], _numbers(filters.features))]
    skeletons = near.skeletons[keep]
    fits = np.flatnonzero(within_length(skeletons, size - allowed, size + allowed))
    keep, skeletons = keep[fits], skeletons[fits]
    far = levenshtein(packed, skeletons, allowed)
    close = np.flatnonzero(far <= allowed)
    rows, far = near.rows[keep[close]], far[close]
    metres = great_circle_m(*filters.near, rows["lat"].astype(np.float64), rows["lon"].astype(np.float64))
    if filters.radius_m is not None:
        inside = np.flatnonzero(metres <= filters.radius_m)
        rows, far, metres = rows[inside], far[inside], metres[inside]
    sounds = np.ascontiguousarray(rows["sound"])
    loud = levenshtein(pack_one(sound), sounds) / np.maximum(lengths(sounds), len(sound))
    return rows, far / (size + allowed / 2) + loud + 0.1 * metres / NEAR_M


def _keep(kept: dict[Any, T], key: Any, value: T, most: int) -> T:
    """Keep a value, and return it; forget all others when there are too many."""
    if len(kept) >= most:
        kept.clear()
    kept[key] = value
    return value


def _numbers(features: Collection[str]) -> list[int]:
    numbers = {str(feature): number for feature, number in FEATURE_NUMBER.items()}
    return [numbers[feature] for feature in sorted(features) if feature in numbers]
