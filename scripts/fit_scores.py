"""Fit the calibration of resolution's scores on documents that the other weights have not seen.

    fit_scores.py CORPUS.jsonl[:nodemonyms|:names] ... [-o mapper/weights.json] [--cache FOLDER]

Every corpus is read with weights of recognition and resolution that were fitted on all others; on those
answers a logistic regression learns how often a place is right (Platt scaling), and its reliability is
printed. Only the numbers of the calibration are written. ":names" marks a corpus for recognition alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import fit_mentions
import fit_resolve
import numpy as np

from gazetteer.compile import ensure
from gazetteer.store import Gazetteer
from mapper import language, resolve
from mapper.mentions import classify

Corpus = tuple[list[dict[str, Any]], list[language.Parsed], str]
"""Documents, their parses, and the option that followed the file name."""


def load(entry: str, folder: Path | None) -> Corpus:
    """Read and parse a corpus."""
    name, _, option = entry.partition(":")
    docs, parsed = fit_mentions.cached(Path(name), folder)
    return docs, parsed, option


def cases(corpus: Corpus, gazetteer: Gazetteer) -> list[fit_resolve.Case]:
    """Read the documents of a corpus for the fit of resolution."""
    docs, parsed, _ = corpus
    return [
        fit_resolve.Case(p, [t for t in d["toponyms"] if t.get("gold", True)], gazetteer)
        for d, p in zip(docs, parsed, strict=True)
    ]


def fitted(corpora: list[Corpus], gazetteer: Gazetteer) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fit recognition, then resolution, on some corpora."""
    texts = [
        fit_mentions.Text(p, d["toponyms"], gazetteer, option != "nodemonyms")
        for docs, parsed, option in corpora
        for d, p in zip(docs, parsed, strict=True)
    ]
    found = fit_mentions.fit_twice(texts, fit_mentions.L2)
    with patch.object(classify, "weights", lambda: found):
        read = [case for corpus in corpora if corpus[2] != "names" for case in cases(corpus, gazetteer)]
        placed = fit_resolve.fit(read, fit_resolve.L2)
    placed["calibration"] = resolve.weights()["calibration"]
    return found, placed


def unseen(corpora: list[Corpus], gazetteer: Gazetteer) -> list[tuple[Any, Any]]:
    """Give for each corpus what calibration learns from, by weights fitted on all others."""
    return [fit_resolve.answers(cases(corpora[i], gazetteer)) for i in leaving_out(corpora, gazetteer)]


def leaving_out(corpora: list[Corpus], gazetteer: Gazetteer) -> Iterator[int]:
    """Give the number of each corpus while the weights in force are those fitted on all others."""
    for left_out, corpus in enumerate(corpora):
        if corpus[2] == "names":
            continue
        found, placed = fitted([c for i, c in enumerate(corpora) if i != left_out], gazetteer)
        with (
            patch.object(classify, "weights", lambda f=found: f),
            patch.object(resolve, "weights", lambda p=placed: p),
        ):
            yield left_out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("-o", "--output", type=Path, default=Path("mapper/weights.json"))
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args()
    gazetteer = Gazetteer.open(ensure())
    rows = unseen([load(entry, args.cache) for entry in args.corpus], gazetteer)
    x, y = np.vstack([a for a, _ in rows]), np.concatenate([b for _, b in rows])
    weights = json.loads(args.output.read_text(encoding="utf-8"))
    weights["calibration"] = fit_resolve.platt(x, y)
    args.output.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
