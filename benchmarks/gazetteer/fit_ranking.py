"""Fit the weights of ``gazetteer/ranking.toml`` on respelt names, and measure them on held-out names.

    python -m benchmarks.gazetteer.fit_ranking [--gazetteer FILE] [--names 60]

The names are those of ``benchmarks.gazetteer.orthographies``. The weights are those under which the true
place is likeliest among all that were found (conditional logit), for all queries and for each context.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np

from benchmarks.gazetteer.orthographies import MODES, sample
from gazetteer import compile as gazetteer_compile
from gazetteer.names import fold
from gazetteer.ranking import NEAR_SCALE_M, PARTS, Heard, Ranking, metres_between
from gazetteer.schema import importance_of
from gazetteer.search import Filters, Query, Search
from gazetteer.store import Gazetteer

FIELDS = (*PARTS, "importance", "distance", "other")
Table = tuple[str, np.ndarray, np.ndarray]


def tables(gazetteer: Gazetteer, count: int, seed: int) -> list[Table]:
    """Return for each query its mode, the rows of what was heard, and which of them are right."""
    search, made = Search(gazetteer), []
    for mode in MODES:
        near_too = mode.endswith("near")
        for query, name, country, lat, lon, near in sample(gazetteer, mode, count, seed):
            filters = Filters(country=None if mode == "alone" else country, near=near if near_too else None)
            ranking = Ranking(Heard.of(fold(query)))
            rows = search.heard(Query(ranking), filters)
            if len(rows) < 2:
                continue
            keys = sorted(set(rows.values()))
            similar = dict(zip(keys, np.stack(ranking.parts(keys)[0], axis=1).tolist(), strict=True))
            places = dict(gazetteer.places_by_key(rows))
            matrix, right = [], []
            point = near if near_too else None
            for key, heard in rows.items():
                place = places[key]
                away = metres_between(*point, place.lat, place.lon) / NEAR_SCALE_M if point else 0.0
                other = -float(fold(place.name) != heard)
                parts = (importance_of(key) / 100, -math.log1p(away**2), other)
                matrix.append((*similar[heard], *parts))
                close = metres_between(place.lat, place.lon, lat, lon) <= 10_000
                right.append(close or (mode == "country" and heard == fold(name)))
            made.append((mode, np.array(matrix), np.array(right)))
    return made


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


def measured(data: list[Table], mode: str, weights: np.ndarray) -> str:
    """Return the shares of right places at the top and among the first five."""
    ranks = [
        int(np.argmax(right[np.argsort(-(x @ weights), kind="stable")])) if right.any() else 99
        for of, x, right in data
        if of == mode
    ]
    one, five = np.mean(np.array(ranks) == 0), np.mean(np.array(ranks) < 5)
    return f"{mode}: top1 {100 * one:.1f} top5 {100 * five:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--names", type=int, default=60, help="names of each country")
    args = parser.parse_args()
    with Gazetteer.open(gazetteer_compile.ensure(args.gazetteer)) as gazetteer:
        train = tables(gazetteer, args.names, 101)
        test = tables(gazetteer, args.names // 2, 202)
    for wanted in (MODES, *((mode,) for mode in MODES)):
        some = [(x, right) for mode, x, right in train if mode in wanted and right.any()]
        weights = fit_choice([x for x, _ in some], [right for _, right in some])
        print(", ".join(wanted))
        print("  " + "  ".join(f"{name} {value:.2f}" for name, value in zip(FIELDS, weights, strict=True)))
        for mode in wanted:
            print(f"  held out, {measured(test, mode, weights)}")


if __name__ == "__main__":
    main()
