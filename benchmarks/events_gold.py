"""How well the gold sentences are read: a table of shares, the tuned sets and the one held back apart.

    python -m benchmarks.events_gold [--misses]

The sentences are in ``tests/data/events_gold.txt``; the places are given, so this measures events alone.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "mapper"))

import events_gold

PARTS = ("type", "place", "modality", "outcome", "actor", "when")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--misses", action="store_true", help="print every sentence that is read wrongly")
    options = parser.parse_args()
    print(f"{'set':<12}{'lines':>6}" + "".join(f"{part:>10}" for part in PARTS))
    for name, rows in events_gold.sets().items():
        right, total = Counter[str](), Counter[str]()
        for row in rows:
            got = events_gold.score(row)
            right.update(part for part, ok in got.items() if ok)
            total.update(list(got))
            if options.misses and not all(got.values()):
                print(f"  {[part for part, ok in got.items() if not ok]} {row.text}")
        shares = "".join(f"{100 * right[part] / max(1, total[part]):>10.1f}" for part in PARTS)
        print(f"{name:<12}{len(rows):>6}{shares}")


if __name__ == "__main__":
    main()
