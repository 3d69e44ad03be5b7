"""Measure the search on names as writers of other languages spell them, and how true its scores are.

    python -m benchmarks.gazetteer.orthographies [--gazetteer FILE] [--names 100] [--seed 3] [--misses]

A name is spelt in another orthography (``orthographies.toml``), and one time in three one letter is changed
besides. It is looked up with nothing (towns of 50,000 people and more), with its country, and with its
country and a point 20 to 150 km away. Right is a place within 10 km, or of the same name in the country where
no point is given. At the end stands how often the first candidate was right, by its score.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import tomllib
from pathlib import Path

from benchmarks.gazetteer.garble import garbled
from gazetteer import compile as gazetteer_compile
from gazetteer.names import fold
from gazetteer.place import Candidate
from gazetteer.ranking import metres_between
from gazetteer.store import Gazetteer

Query = tuple[str, str, str, float, float, tuple[float, float]]
MODES = ("alone", "country", "country and near")
BIG = 50_000


def respelt(name: str, rules: list[list[str]], rng: random.Random) -> str:
    """Spell a name by the rules of one orthography."""
    text = fold(name)
    for pattern, written in rules:
        if rng.random() < 0.8:
            text = re.sub(pattern, written, text)
    return " ".join(word.capitalize() for word in text.split(" "))


def sample(gazetteer: Gazetteer, mode: str, count: int, seed: int) -> list[Query]:
    """Return (query, name, country, lat, lon, near) of places drawn from each country."""
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    rng = random.Random(f"{seed} {mode}")
    queries = []
    for country, kinds in tables["country"].items():
        least = BIG if mode == "alone" else 0
        rows = gazetteer.execute(
            "SELECT name, lat, lon FROM place"
            " WHERE feature = 0 AND country = ? AND population >= ? ORDER BY id",
            (country, least),
        ).fetchall()
        rows = [row for row in rows if fold(row[0]).isascii() and len(row[0]) > 3]
        for name, lat, lon in rng.sample(rows, min(count, len(rows))):
            query = respelt(name, tables["orthography"][rng.choice(kinds)], rng)
            if rng.random() < 1 / 3:
                query = garbled(query, rng, 1)
            bearing, metres = rng.uniform(0, 2 * math.pi), rng.uniform(20, 150) * 1000
            near = (
                lat + metres * math.cos(bearing) / 111_000,
                lon + metres * math.sin(bearing) / 111_000 / math.cos(math.radians(lat)),
            )
            if fold(query) != fold(name) and len(fold(query)) > 2:
                queries.append((query, name, country, lat, lon, near))
    return queries


def is_right(candidate: Candidate, name: str, lat: float, lon: float, country: str, exactly: bool) -> bool:
    place = candidate.place
    if metres_between(place.lat, place.lon, lat, lon) <= 10_000:
        return True
    return not exactly and place.country == country and fold(name) in (fold(place.name), fold(candidate.name))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--names", type=int, default=100, help="names of each country")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--misses", action="store_true", help="print what is not first")
    args = parser.parse_args()
    scored: list[tuple[float, bool]] = []
    with Gazetteer.open(gazetteer_compile.ensure(args.gazetteer)) as gazetteer:
        for mode in MODES:
            tally: dict[str, list[int]] = {}
            for query, name, country, lat, lon, near in sample(gazetteer, mode, args.names, args.seed):
                found = gazetteer.candidates(
                    query,
                    country=None if mode == "alone" else country,
                    near=near if mode.endswith("near") else None,
                )
                right = [is_right(c, name, lat, lon, country, mode.endswith("near")) for c in found]
                one, five = any(right[:1]), any(right[:5])
                for key in (country, "all"):
                    row = tally.setdefault(key, [0, 0, 0])
                    row[0], row[1], row[2] = row[0] + 1, row[1] + one, row[2] + five
                if found:
                    scored.append((found[0].score, one))
                if args.misses and not one:
                    best = ", ".join(f"{c.name} {c.place.country} {c.score:.2f}" for c in found[:3])
                    at = right.index(True) + 1 if any(right) else 0
                    print(f"  {mode}: {query} for {name} ({country}), at {at}: {best}")
            for key, (total, first, top) in sorted(tally.items()):
                shares = f"top1 {100 * first / total:5.1f}  top5 {100 * top / total:5.1f}"
                print(f"{mode:<18}{key:<5}{total:6} names  {shares}")
    print("score      candidates  right")
    for low in range(10):
        rows = [right for score, right in scored if low <= min(score * 10, 9.999) < low + 1]
        if rows:
            print(f"{low / 10:.1f}-{low / 10 + 0.1:.1f} {len(rows):9}  {sum(rows) / len(rows):8.2f}")


if __name__ == "__main__":
    main()
