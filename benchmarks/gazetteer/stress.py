"""Measure the search on harder garblings: ``python -m benchmarks.gazetteer.stress [--half a|b] [--misses]``.

Places of many languages are drawn from the gazetteer, each is garbled in every way of
`benchmarks.gazetteer.garble.STRESS` and looked up with nothing (cities of 100,000 people and more), with its
country, and with its country and a point 20 to 150 km away. Right is a place within 10 km, or one of the same
name in the country where no point is given. The halves hold different names: one to look at, one to measure.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.gazetteer.garble import STRESS, stressed
from benchmarks.gazetteer.orthographies import MODES, is_right
from gazetteer import compile as gazetteer_compile
from gazetteer.names import fold
from gazetteer.store import Gazetteer

COUNTRIES = [
    *("AF", "BF", "CD", "CO", "DE", "ET", "FR", "GE", "HT", "ID", "IN", "IQ", "IR", "KZ", "LB", "LY", "ML"),
    *("MM", "MX", "NE", "NG", "PH", "PK", "PL", "PS", "RU", "SD", "SO", "SY", "TR", "UA", "VE", "VN", "YE"),
]
BIG, TOWN = 100_000, 3_000
Asked = tuple[str, str, str, str, float, float, tuple[float, float]]


def sample(gazetteer: Gazetteer, context: str, half: str, count: int) -> Iterator[Asked]:
    """Give (mode, query, name, country, lat, lon, near)."""
    rng = random.Random(f"{context} {half}")
    for country in COUNTRIES:
        rows = gazetteer.execute(
            "SELECT name, lat, lon FROM place WHERE feature = 0 AND country = ? AND population >= ?"
            " ORDER BY id",
            (country, BIG if context == "alone" else TOWN),
        ).fetchall()
        rows = [row for row in rows if fold(row[0]).isascii() and len(row[0]) > 4][half == "b" :: 2]
        for name, lat, lon in rng.sample(rows, min(count, len(rows))):
            bearing, metres = rng.uniform(0, 2 * math.pi), rng.uniform(20, 150) * 1000
            north, east = metres * math.cos(bearing), metres * math.sin(bearing)
            near = lat + north / 111_000, lon + east / 111_000 / math.cos(math.radians(lat))
            for mode in STRESS:
                query = stressed(fold(name), mode, rng)
                if fold(query) != fold(name):
                    yield mode, query, name, country, lat, lon, near


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--half", choices=("a", "b"), default="a")
    parser.add_argument("--names", type=int, default=6, help="names of each country")
    parser.add_argument("--misses", action="store_true", help="print what is not among the first five")
    args = parser.parse_args()
    with Gazetteer.open(gazetteer_compile.ensure(args.gazetteer)) as gazetteer:
        for context in MODES:
            tally: dict[str, list[int]] = {}
            for mode, query, name, country, lat, lon, near in sample(
                gazetteer, context, args.half, args.names
            ):
                found = gazetteer.candidates(
                    query,
                    country=None if context == "alone" else country,
                    near=near if context.endswith("near") else None,
                )
                right = [is_right(c, name, lat, lon, country, context.endswith("near")) for c in found]
                for key in (mode, "all"):
                    row = tally.setdefault(key, [0, 0, 0])
                    row[:] = row[0] + 1, row[1] + any(right[:1]), row[2] + any(right[:5])
                if args.misses and not any(right[:5]):
                    best = ", ".join(f"{c.name} {c.score:.2f}" for c in found[:3])
                    at = right.index(True) + 1 if any(right) else 0
                    print(f"  {context} {mode}: {query} for {name} ({country}), at {at}: {best}")
            for mode, (total, first, five) in tally.items():
                shares = f"top1 {100 * first / total:5.1f}  top5 {100 * five / total:5.1f}"
                print(f"{context:<18}{mode:<11}{total:5} queries  {shares}")


if __name__ == "__main__":
    main()
