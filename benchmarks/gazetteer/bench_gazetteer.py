"""Measure look-ups, beside SQLite's FTS5 trigram index and rapidfuzz over all names, in one run.

    python -m benchmarks.gazetteer.bench_gazetteer [--gazetteer FILE] [--names 300] [--rivals]

Names are drawn from the gazetteer with a fixed seed and garbled by rule. Times are of this process (CPU), so
that other work on the machine counts little; "wall" says so.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.gazetteer.garble import garbled
from gazetteer import compile as gazetteer_compile
from gazetteer.names import fold
from gazetteer.store import Gazetteer


def timed(name: str, call: Callable[[Any], Any], queries: Sequence[Any]) -> None:
    """Print median and 99th percentile of a call, in milliseconds."""
    call(queries[0])
    times = []
    for query in queries:
        start = time.process_time_ns()
        call(query)
        times.append((time.process_time_ns() - start) / 1e6)
    times.sort()
    median, p99 = statistics.median(times), times[int(len(times) * 0.99)]
    print(f"{name:<52} median {median:9.3f} ms   99% {p99:9.3f} ms")


def sample(gazetteer: Gazetteer, count: int) -> list[tuple[str, str, str, tuple[float, float], int]]:
    """Return (name, garbled, country, near, key) of places drawn with a fixed seed."""
    rng = random.Random(5)
    total = gazetteer.counts()["places"]
    rows = gazetteer.execute(
        "SELECT name, country, lat, lon, id FROM place WHERE feature < 2"
        " ORDER BY (id * 2654435761) % 1000003, id"
        " LIMIT ?",
        (min(total, count * 3),),
    ).fetchall()
    good = [row for row in rows if row[0].isascii() and len(row[0]) > 4][:count]
    return [
        (name, garbled(name, rng, rng.choice([1, 1, 2])), country, (lat + 0.5, lon), key)
        for name, country, lat, lon, key in good
    ]


def rate(gazetteer: Gazetteer, names: Sequence[str]) -> float:
    """Return how many of the names are looked up in a second."""
    start = time.process_time_ns()
    for name in names:
        gazetteer.lookup(name)
    return len(names) * 1e9 / (time.process_time_ns() - start)


def evenly(gazetteer: Gazetteer, count: int) -> list[str]:
    """Return folded names, each as likely as any other, drawn with a fixed seed.

    A name of a place that is drawn is a common one more often; it has some six bearers.
    """
    keys = [row[0] for row in gazetteer.execute("SELECT DISTINCT key FROM name")]
    return random.Random(6).sample(keys, min(count, len(keys)))


def rivals(gazetteer: Gazetteer, queries: Sequence[tuple[str, str, str, tuple[float, float], int]]) -> None:
    """Time FTS5's trigram index and rapidfuzz over all names; count what each finds."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract

    keys = [row[0] for row in gazetteer.execute("SELECT DISTINCT key FROM name")]
    start = time.process_time()
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(key, tokenize='trigram', detail=none)")
    db.executemany("INSERT INTO t VALUES (?)", ((key,) for key in keys))
    print(f"FTS5 trigram index of {len(keys)} names built in {time.process_time() - start:.0f} s")

    def trigrams(text: str) -> list[str]:
        folded = fold(text)
        parts = {folded[i : i + 3] for i in range(len(folded) - 2)}
        query = " OR ".join('"' + part.replace('"', "") + '"' for part in sorted(parts))
        rows = (
            db.execute("SELECT key FROM t WHERE t MATCH ? ORDER BY rank LIMIT 50", (query,)) if parts else []
        )
        return [row[0] for row in extract(folded, [row[0] for row in rows], scorer=ratio, limit=10)]

    def brute(text: str) -> list[str]:
        return [row[0] for row in extract(fold(text), keys, scorer=ratio, limit=10)]

    def ours(text: str) -> list[str]:
        return [fold(candidate.name) for candidate in gazetteer.candidates(text)]

    few = [query[1] for query in queries[:40]]
    for name, call in (
        ("by sound, no country", ours),
        ("FTS5 trigram", trigrams),
        ("rapidfuzz over all names", brute),
    ):
        timed(name, call, few)
        found = sum(fold(query[0]) in call(query[1]) for query in queries[:40])
        print(f"{name:<52} finds {found} of {len(few)} among the first 10")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--names", type=int, default=300)
    parser.add_argument("--rivals", action="store_true")
    args = parser.parse_args()
    path = gazetteer_compile.ensure(args.gazetteer)
    start = time.perf_counter()
    gazetteer = Gazetteer.open(path)
    print(f"opening: {(time.perf_counter() - start) * 1e3:.1f} ms wall; {gazetteer.counts()}")
    queries = sample(gazetteer, args.names)
    timed("exact", lambda q: gazetteer.lookup(q[0]), queries)
    timed("prefix", lambda q: gazetteer.has_prefix(fold(q[0])), queries)
    many = sample(gazetteer, 10 * args.names)
    for what in ("each name once", "again"):
        print(
            f"exact, {what}, names of places: {rate(gazetteer, [query[0] for query in many]):,.0f} a second"
        )
    timed("by sound, no country", lambda q: gazetteer.candidates(q[1]), queries)
    timed("by sound, country", lambda q: gazetteer.candidates(q[1], country=q[2]), queries)
    timed(
        "by sound, country and near", lambda q: gazetteer.candidates(q[1], country=q[2], near=q[3]), queries
    )
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    names = evenly(gazetteer, len(many))
    print(f"exact, each name once, of all names: {rate(gazetteer, names):,.0f} a second")
    if args.rivals:
        rivals(gazetteer, queries)


if __name__ == "__main__":
    main()
