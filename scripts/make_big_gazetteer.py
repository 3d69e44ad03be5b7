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
from pathlib import Path

from gazetteer import compile as gazetteer_compile

CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiouy"


def changed(name: str, rng: random.Random) -> str:
    """Change one to three letters of a name, vowels to vowels and consonants to consonants."""
    letters = list(name)
    for _ in range(rng.randint(1, 3)):
        i = rng.randrange(len(letters))
        kind = (
            VOWELS if letters[i].lower() in VOWELS else CONSONANTS if letters[i].lower() in CONSONANTS else ""
        )
        if kind:
            new = kind[rng.randrange(len(kind))]
            letters[i] = new.upper() if letters[i].isupper() else new
    return "".join(letters)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("output", type=Path)
    parser.add_argument("--rows", type=int, default=12_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--gazetteer", type=Path, help="the compiled gazetteer to start from")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    db = sqlite3.connect(f"file:{gazetteer_compile.ensure(args.gazetteer)}?mode=ro", uri=True)
    real = db.execute(
        "SELECT name, lat, lon, country, admin1, population FROM place WHERE feature < 2 ORDER BY id"
    ).fetchall()
    number, round_ = 500_000_000, 0
    with args.output.open("w", encoding="utf-8", newline="\n") as file:
        while number - 500_000_000 < args.rows:
            round_ += 1
            for name, lat, lon, country, admin1, population in real[: args.rows - (number - 500_000_000)]:
                number += 1
                new = changed(name, rng)
                lat = min(max(lat + rng.uniform(-0.5, 0.5), -89.9), 89.9)
                lon = (lon + rng.uniform(-0.5, 0.5) + 180) % 360 - 180
                region = admin1.partition(".")[2]
                people = population // 20 if round_ < 3 else 0
                row = (
                    number,
                    new,
                    new,
                    changed(new, rng),
                    f"{lat:.5f}",
                    f"{lon:.5f}",
                    "P",
                    "PPL",
                    country,
                    "",
                    region,
                    "",
                    "",
                    "",
                    people,
                    "",
                    "",
                    "",
                    "2020-01-01",
                )
                file.write("\t".join(map(str, row)) + "\n")


if __name__ == "__main__":
    main()
