"""Fit the three looks at unknown words, which find garbled names, on annotated texts.

    python -m scripts.fit_sounds CORPUS.jsonl ... [-o mapper/mentions/sounds.json] [--cache FOLDER]

The corpora are those of ``fit_mentions.py``, each once as it is (its unknown words are people, firms and rare
places) and once garbled by ``garble_corpus.py``. The weights of recognition must be fitted first.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gazetteer.compile import ensure
from gazetteer.store import Gazetteer
from mapper.mentions import classify, lattice, sounds
from mapper.mentions.context import context
from scripts import fit_mentions
from scripts.fit_mentions import Row, cached, fit

L2 = 2.0
PRIOR = {
    "before=misplaced": 4.5,
    "foreign": 3.0,
    "after=kind later": 2.0,
    "start|capital": -1.0,
    "done to": 1.5,
}
"""Weights that the corpora can hardly teach: what stands so is rare."""


@dataclass
class Case:
    """One document with its unknown words, and which of them are places."""

    scene: sounds.Scene
    words: list[sounds.Word]
    labels: list[int]


def case(parsed: Any, gold: list[dict[str, Any]], gazetteer: Gazetteer) -> Case | None:
    """Prepare one document; None where the text gives no place to start from."""
    text, names = lattice.Text(parsed), lattice.Names(gazetteer)
    spans = lattice.build(text, names)
    doc = context(text, spans)
    chosen = classify.choose(text, spans, doc)
    scene = sounds.scene_of(text, chosen, names)
    if not scene.focus or not parsed.reads_grammar:
        return None
    right = {(t["start"], t["end"]) for t in gold}
    words = sounds.unknown(scene, spans, doc)
    return Case(scene, words, [int((w.span.start, w.span.end) in right) for w in words])


def first_rows(cases: list[Case]) -> list[Row]:
    return [(w.row, y, 1.0) for c in cases for w, y in zip(c.words, c.labels, strict=True)]


def second_rows(cases: list[Case], table: dict[str, float]) -> list[Row]:
    rows = []
    for c in cases:
        c.scene.asked.clear()
        sounds.look(c.scene, c.words, table)
        sounds.search(c.scene, c.words)
        for word, y in zip(c.words, c.labels, strict=True):
            if word.candidates:
                rows.append((sounds.heard(c.scene, word), y, 1.0))
    return rows


def third_rows(cases: list[Case], table: dict[str, float]) -> list[Row]:
    rows = []
    for c in cases:
        sounds.hear(c.scene, c.words, table)
        for word, row, y in zip(c.words, sounds.together(c.scene, c.words), c.labels, strict=True):
            if word.candidates:
                rows.append((row, y, 1.0))
    return rows


def fit_thrice(cases: list[Case], l2: float) -> sounds.Weights:
    """Fit each look on all cases, the later ones on looks before that were fitted on the other half."""
    halves = [cases[0::2], cases[1::2]]
    seconds: list[Row] = []
    thirds: list[Row] = []
    for own, other in (halves, halves[::-1]):
        first = fit(first_rows(other), l2)
        second = fit(second_rows(other, first), l2)
        seconds += second_rows(own, first)
        thirds += third_rows(own, second)
    return {"first": fit(first_rows(cases), l2), "second": fit(seconds, l2), "third": fit(thirds, l2)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("mapper/mentions/sounds.json"))
    parser.add_argument("--l2", type=float, default=L2)
    parser.add_argument("--cache", type=Path, help="folder for the parsed corpora")
    args = parser.parse_args()
    fit_mentions.PRIOR = PRIOR
    # Every case is searched more than once.
    sounds.search_places = lru_cache(maxsize=None)(sounds.search_places)
    gazetteer = Gazetteer.open(ensure())
    found = [
        case(parsed, doc["toponyms"], gazetteer)
        for path in args.corpus
        for doc, parsed in zip(*cached(path, args.cache), strict=True)
    ]
    cases = [c for c in found if c is not None]
    weights = fit_thrice(cases, args.l2)
    args.output.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(
        f"{len(cases)} texts, {sum(map(len, (c.words for c in cases)))} words,"
        f" {sum(sum(c.labels) for c in cases)} places"
    )


if __name__ == "__main__":
    main()
