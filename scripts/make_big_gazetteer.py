"""Write a big file in the GeoNames dump format, made of the places of a compiled gazetteer.

Every place of the gazetteer is written again and again with a changed name and a shifted point until the
file has the rows that were asked for. The same seed gives the same bytes.

    python scripts/make_big_gazetteer.py big.txt --rows 12000000
    mapper gazetteer add big.txt
"""

from __future__ import annotations

import argparse
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from gazetteer import compile as gazetteer_compile

FIRST_ID = 500_000_000
CHANGES = 1 << 16
"""So many changes are drawn; each row uses the next ones."""
CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiouy"
REST = "\t\t\t\t{}\t\t\t\t2020-01-01\n"


def changes(rng: random.Random) -> list[tuple[str, str, str, str, float, float]]:
    """Draw changes of a name (two letters and what becomes of them) and shifts of a point, in degrees."""
    drawn = []
    for _ in range(CHANGES):
        pairs = [rng.choice((CONSONANTS, VOWELS)) for _ in range(2)]
        old = [rng.choice(letters) for letters in pairs]
        new = [rng.choice(letters) for letters in pairs]
        drawn.append((old[0], new[0], old[1], new[1], rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)))
    return drawn


def rows(real: list[tuple[str, float, float, str, str, int]], count: int, seed: int) -> Iterator[str]:
    """Give ``count`` lines of a dump."""
    rng = random.Random(seed)
    drawn = changes(rng)
    number = 0
    while number < count:
        # A step that has no divisor in common with the number of changes meets all of them.
        at, step = rng.randrange(CHANGES), rng.randrange(1, CHANGES, 2)
        few_people = number < 3 * len(real)
        for name, lat, lon, country, region, people in real[: count - number]:
            number += 1
            at = (at + step) % CHANGES
            old, new, old2, new2, north, east = drawn[at]
            changed = name.replace(old, new, 1).replace(old2, new2, 1)
            other = changed.replace(new, old2, 1)
            lat = min(max(lat + north, -89.9), 89.9)
            lon = (lon + east + 180) % 360 - 180
            start = f"{FIRST_ID + number}\t{changed}\t{changed}\t{other}\t{lat:.5f}\t{lon:.5f}"
            yield f"{start}\tP\tPPL\t{country}\t\t{region}" + REST.format(people // 20 if few_people else 0)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("output", type=Path)
    parser.add_argument("--rows", type=int, default=12_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--gazetteer", type=Path, help="the compiled gazetteer to start from")
    args = parser.parse_args()
    db = sqlite3.connect(f"file:{gazetteer_compile.ensure(args.gazetteer)}?mode=ro", uri=True)
    real = db.execute(
        "SELECT name, lat, lon, country, substr(admin1, 4), population FROM place"
        " WHERE feature < 2 ORDER BY id"
    ).fetchall()
    with args.output.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(rows(real, args.rows, args.seed))


if __name__ == "__main__":
    main()
