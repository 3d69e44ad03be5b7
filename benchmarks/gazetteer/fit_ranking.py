"""Fit the weights of ``gazetteer/ranking.toml`` on garbled names, and measure them on held-out names.

    python -m benchmarks.gazetteer.fit_ranking [--names 3000] [--country UA RU ...]

A name of the gazetteer is garbled by one to three confusions and looked up with its country and a point 20 to
150 km away. The weights are those under which the true place is likeliest among all that were found
(conditional logit); the bias of the similarity is then fitted so that it is the share of right names.
"""

from __future__ import annotations

import argparse
import math
import random

import numpy as np

from benchmarks.gazetteer.garble import garbled
from gazetteer import compile as gazetteer_compile
from gazetteer.names import fold
from gazetteer.ranking import PARTS, Fit, Heard, Ranking, metres_between
from gazetteer.schema import importance_of
from gazetteer.search import Filters, Search
from gazetteer.store import Gazetteer

FIELDS = (*PARTS, "importance", "distance")


def rows_of(search: Search, ranking: Ranking, filters: Filters) -> list[tuple[int, Fit]]:
    """Return (place, name fit) of all that is heard."""
    rows = search.heard(ranking, filters)
    fit = ranking.fit(sorted({row[0] for row in rows.values()}))
    return [(place, fit[row[0]]) for place, row in sorted(rows.items())]


def sample(gazetteer: Gazetteer, count: int, countries: list[str], rng: random.Random) -> list[tuple]:
    """Return (query, country, near, key of the true place, lat, lon)."""
    marks = ",".join("?" * len(countries))
    rows = gazetteer.execute(
        f"SELECT id, name, country, lat, lon FROM place"
        f" WHERE feature < 2 AND country IN ({marks}) ORDER BY id",
        tuple(countries),
    ).fetchall()
    queries = []
    while len(queries) < count:
        key, name, country, lat, lon = rows[rng.randrange(len(rows))]
        if not name.isascii() or len(name) < 4:
            continue
        bearing, metres = rng.uniform(0, 2 * math.pi), rng.uniform(20, 150) * 1000
        near = (
            lat + metres * math.cos(bearing) / 111_000,
            lon + metres * math.sin(bearing) / 111_000 / math.cos(math.radians(lat)),
        )
        query = garbled(name, rng, rng.choice([1, 1, 1, 2, 2, 3]))
        queries.append((query, country, near, key, lat, lon))
    return queries


def tables(gazetteer: Gazetteer, queries: list[tuple]) -> tuple[list[np.ndarray], list[np.ndarray], int]:
    """Return for each query the rows of its candidates and which of them are right; and how many had none."""
    search, matrices, rights, lost = Search(gazetteer), [], [], 0
    for query, country, near, _, lat, lon in queries:
        ranking = Ranking(Heard.of(fold(query)))
        found = (
            rows_of(search, ranking, Filters(country=country, near=near)) if ranking.heard.skeleton else []
        )
        places = dict(gazetteer.places_by_key([key for key, _ in found]))
        points = [(places[key].lat, places[key].lon) for key, _ in found]
        right = [
            metres_between(a, o, lat, lon) <= 10_000 and fit.parts[0] > 0.3
            for (a, o), (_, fit) in zip(points, found, strict=True)
        ]
        lost += not any(right)
        if any(right) and len(found) > 1:
            matrices.append(
                np.array(
                    [
                        (
                            *fit.parts,
                            importance_of(key) / 100,
                            -math.log1p((metres_between(*near, a, o) / 120_000) ** 2),
                        )
                        for (key, fit), (a, o) in zip(found, points, strict=True)
                    ]
                )
            )
            rights.append(np.array(right))
    return matrices, rights, lost


def fit_choice(matrices: list[np.ndarray], rights: list[np.ndarray]) -> np.ndarray:
    """Conditional logit by gradient ascent (Adam), weights kept at or above 0."""
    groups = np.repeat(np.arange(len(matrices)), [len(m) for m in matrices])
    x, right = np.concatenate(matrices), np.concatenate(rights)
    weights, m, v = np.ones(x.shape[1]), np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for step in range(1, 1501):
        value = x @ weights
        value -= np.maximum.reduceat(value, np.searchsorted(groups, np.arange(len(matrices))))[groups]
        p = np.exp(value)
        all_, good = (np.bincount(groups, p * mask) for mask in (np.ones(len(x)), right))
        gradient = ((right * p / np.maximum(good, 1e-12)[groups] - p / all_[groups]) @ x) / len(
            matrices
        ) - 0.0005 * weights
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        weights = np.maximum(
            weights + 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8), 0.0
        )
    return weights


def ranks(matrices: list[np.ndarray], rights: list[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Return the rank (0 first) of the right place for each query."""
    return np.array(
        [
            int(np.argmax(right[np.argsort(-(x @ weights), kind="stable")]))
            for x, right in zip(matrices, rights, strict=True)
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--names", type=int, default=2000)
    parser.add_argument(
        "--country", nargs="+", default=["UA", "RU", "BY", "SY", "SD", "IQ", "ET", "MM", "YE", "LB"]
    )
    args = parser.parse_args()
    with Gazetteer.open(gazetteer_compile.ensure()) as gazetteer:
        queries = sample(gazetteer, args.names, args.country, random.Random(11))
        half = len(queries) // 2
        train, test = tables(gazetteer, queries[:half]), tables(gazetteer, queries[half:])
    weights = fit_choice(train[0], train[1])
    for name, (matrices, rights, lost) in (("train", train), ("held out", test)):
        rank = ranks(matrices, rights, weights)
        total = len(rank) + lost
        one, five = 100 * (rank == 0).sum() / total, 100 * (rank < 5).sum() / total
        print(f"{name}: top1 {one:.1f} top5 {five:.1f} not found {lost}")
    names = len(PARTS)
    logits = np.concatenate([m[:, :names] @ weights[:names] for m in test[0]])
    right = np.concatenate(test[1])
    # The bias under which the mean similarity of all that is found is the share of right ones.
    low, high = -60.0, 60.0
    for _ in range(60):
        middle = (low + high) / 2
        mean = (1 / (1 + np.exp(-(logits + middle)))).mean()
        low, high = (middle, high) if mean < right.mean() else (low, middle)
    print(f"bias = {low:.2f}")
    for field, weight in zip(FIELDS, weights, strict=True):
        print(f"{field} = {weight:.2f}")


if __name__ == "__main__":
    main()
