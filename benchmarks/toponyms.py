"""How well place names are found and placed: across corpora, and at what cost.

    PYTHONPATH=scripts python -m benchmarks.toponyms cross A.jsonl[:nodemonyms] B.jsonl[:nodemonyms] ...
    PYTHONPATH=scripts python -m benchmarks.toponyms cost A.jsonl

``cross`` measures the weights that ship on each corpus, then on each those fitted on all others: exact F1 of
spans, share of all names placed within 161 km, and the share of placed names that are right. ":names" marks a
corpus to fit recognition on, and no more (what ``make_notes.py`` writes). ``cost`` compares the road from
text to places with the bare language pipeline.
The ablation of resolution's features is ``scripts/fit_resolve.py --ablate``.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from fit_scores import Corpus, leaving_out, load

from gazetteer.compile import ensure
from gazetteer.distance import great_circle_m
from gazetteer.store import Gazetteer
from mapper import language, mentions, resolve
from mapper.space import constraints, phrases
from mapper.types import Document, Resolution

FAR_M = 161_000.0


def read(parsed: language.Parsed, gazetteer: Gazetteer) -> tuple[Resolution, ...]:
    """Find and place the names of one text."""
    found = mentions.find(parsed, gazetteer)
    expressions = phrases.find(parsed.document.text, found)
    return resolve.resolve(parsed, found, expressions, gazetteer, constraint=constraints.penalty)


def measure(corpus: Corpus, gazetteer: Gazetteer) -> str:
    """Give exact F1, the share of names placed within 161 km, and the share of placed names that are."""
    docs, parsed, option = corpus
    demonyms = option != "nodemonyms"
    gold = exact = made = located = right = placed = placed_right = 0
    for doc, text in zip(docs, parsed, strict=True):
        names = [t for t in doc["toponyms"] if t.get("gold", True)]
        ignored = [t for t in doc["toponyms"] if not t.get("gold", True)]
        gold += len(names)
        located += sum(t.get("lat") is not None for t in names)
        for r in read(text, gazetteer):
            m = r.mention
            over = [t for t in names if t["start"] < m.end and m.start < t["end"]]
            skip = any(t["start"] < m.end and m.start < t["end"] for t in ignored)
            if not over and (skip or (m.kind == "demonym" and not demonyms)):
                continue
            made += 1
            exact += any((t["start"], t["end"]) == (m.start, m.end) for t in over)
            near = [t for t in over if t.get("lat") is not None]
            if r.place is None or not near:
                continue
            ok = any(
                float(great_circle_m(r.place.lat, r.place.lon, t["lat"], t["lon"])) <= FAR_M
                or r.place.id == f"geonames:{t.get('geonameid')}"
                for t in near
            )
            placed, placed_right, right = placed + 1, placed_right + ok, right + ok
    f1 = 2 * exact / max(gold + made, 1)
    return (
        f"exact F1 {100 * f1:.1f}, placed within 161 km {100 * right / max(located, 1):.1f}, "
        f"of the placed {100 * placed_right / max(placed, 1):.1f}"
    )


def cross(entries: list[str], folder: Path | None) -> None:
    """Print the figures of weights fitted on the other corpora, and of those that ship."""
    gazetteer = Gazetteer.open(ensure())
    corpora = [load(entry, folder) for entry in entries]
    for entry, corpus in zip(entries, corpora, strict=True):
        if corpus[2] == "names":
            continue
        print(f"{entry}, weights that ship: {measure(corpus, gazetteer)}", flush=True)
    for i in leaving_out(corpora, gazetteer):
        print(f"{entries[i]}, fitted on the others: {measure(corpora[i], gazetteer)}", flush=True)


def cost(entry: str) -> None:
    """Print the time of the language pipeline alone, and of recognition and resolution, on the same texts."""
    gazetteer = Gazetteer.open(ensure())
    lines = Path(entry.partition(":")[0]).read_text(encoding="utf-8").splitlines()
    documents = [Document(str(d["id"]), d["text"]) for d in map(json.loads, lines)]
    nlp = language.trained(language.DEFAULT_PIPELINE)
    list(nlp.pipe(d.text for d in documents[:5]))
    for parsed in language.parse_many(documents[:5]):
        read(parsed, gazetteer)
    start = time.process_time()
    list(nlp.pipe(d.text for d in documents))
    bare = time.process_time() - start
    parsed_all = list(language.parse_many(documents))
    start = time.process_time()
    for parsed in parsed_all:
        read(parsed, gazetteer)
    ours = time.process_time() - start
    print(f"pipeline {bare:.1f} s, names found and placed {ours:.1f} s: {ours / bare:.2f} of it")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["cross", "cost"])
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args()
    if args.what == "cost":
        cost(args.corpus[0])
    else:
        cross(args.corpus, args.cache)


if __name__ == "__main__":
    main()
