"""Measure location phrases whose points are known: ``python -m benchmarks.gazetteer.phrases [--misses]``.

``phrases.csv`` holds phrases with the country that is told ("" for none), the point (WGS84 degrees) and how
many kilometres an answer may be off.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gazetteer import compile as gazetteer_compile
from gazetteer.ranking import metres_between
from gazetteer.store import Gazetteer
from mapper.phrase import Query, geocode_phrase


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase with the point that it means; ``km`` is how far off an answer may be."""

    text: str
    country: str
    lat: float
    lon: float
    km: float
    kind: str


def read() -> list[Phrase]:
    """Return the phrases of ``phrases.csv``."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return [
            Phrase(
                row["phrase"],
                row["country"],
                float(row["lat"]),
                float(row["lon"]),
                float(row["km"]),
                row["kind"],
            )
            for row in csv.DictReader(file)
        ]


def answered(gazetteer: Gazetteer) -> Iterator[tuple[Phrase, list[float], list[str]]]:
    """Give each phrase with how far off its candidates are, in km, and their names."""
    for phrase in read():
        answer = geocode_phrase(Query("", phrase.text, phrase.country or None), gazetteer)
        found = answer["candidates"]
        away = [metres_between(one["lat"], one["lon"], phrase.lat, phrase.lon) / 1000 for one in found]
        yield (
            phrase,
            away,
            [f"{one['name']} ({one['feature']} {one['lat']:.2f} {one['lon']:.2f})" for one in found],
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--misses", action="store_true", help="print what is not right first")
    args = parser.parse_args()
    tally: dict[str, list[int]] = {}
    with Gazetteer.open(gazetteer_compile.ensure(args.gazetteer)) as gazetteer:
        for phrase, away, names in answered(gazetteer):
            right = [km <= phrase.km for km in away]
            for key in (phrase.kind, "all"):
                row = tally.setdefault(key, [0, 0, 0])
                row[:] = row[0] + 1, row[1] + any(right[:1]), row[2] + any(right[:5])
            if args.misses and not any(right[:1]):
                best = ", ".join(f"{name} {km:.0f} km" for name, km in zip(names[:3], away, strict=False))
                print(f"  {phrase.text!r} ({phrase.lat}, {phrase.lon}): {best}")
    for kind, (total, first, five) in tally.items():
        print(f"{kind:<10}{total:4} phrases  top1 {100 * first / total:5.1f}  top5 {100 * five / total:5.1f}")


if __name__ == "__main__":
    main()
