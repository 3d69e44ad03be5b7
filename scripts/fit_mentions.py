"""Fit the weights of the place-name classifier on annotated texts.

    fit_mentions.py CORPUS.jsonl[:nodemonyms] ... [-o mapper/mentions/weights.json] [--l2 1.0]

Every line of a corpus has "text" and "toponyms" with "start" and "end" ("gold": false marks spans to leave
out). ":nodemonyms" after a file name says that its annotators left adjectives and peoples out.
Only numbers are written: one weight for each named feature.
"""

from __future__ import annotations

import argparse
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer.compile import ensure
from gazetteer.store import Gazetteer
from mapper import language
from mapper.mentions import kinds, lattice
from mapper.mentions.features import context, features
from mapper.types import Document

Row = tuple[dict[str, float], int, float]


def rows_of(parsed: language.Parsed, gold: list[dict[str, Any]], gazetteer: Any, demonyms: bool) -> list[Row]:
    """Give the features and the label of every span of one document."""
    text = lattice.Text(parsed)
    spans = lattice.build(text, lattice.Names(gazetteer))
    doc = context(text, spans)
    right = {(t["start"], t["end"]) for t in gold if t.get("gold", True)}
    skip = [(t["start"], t["end"]) for t in gold if not t.get("gold", True)]
    rows = []
    for span in spans:
        hit = (span.start, span.end) in right
        if not hit and any(a < span.end and span.start < b for a, b in skip):
            continue
        if not demonyms and not hit and kinds.is_demonym(span):
            continue
        rows.append((features(text, span, doc), int(hit), 1.0))
    return rows


def read(path: Path) -> tuple[list[dict[str, Any]], list[language.Parsed]]:
    """Read a corpus, parsed."""
    docs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    parsed = list(language.parse_many(Document(str(d["id"]), d["text"]) for d in docs))
    return docs, parsed


def fit(rows: list[Row], l2: float, least: int = 4) -> dict[str, float]:
    """Fit a logistic regression by Newton's method; features seen less than ``least`` times are dropped."""
    seen: dict[str, int] = {}
    for row, _, _ in rows:
        for name in row:
            seen[name] = seen.get(name, 0) + 1
    names = sorted(name for name, n in seen.items() if n >= least)
    index = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for i, (row, _, _) in enumerate(rows):
        for name, value in row.items():
            if name in index:
                x[i, index[name]] = value
    y = np.array([label for _, label, _ in rows], dtype=float)
    importance = np.array([weight for _, _, weight in rows])
    w = np.zeros(len(names))
    ridge = np.full(len(names), l2)
    ridge[index["bias"]] = 1e-3
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ ((p - y) * importance) + ridge * w
        hessian = (x * (p * (1 - p) * importance)[:, None]).T @ x + np.diag(ridge)
        w -= np.linalg.solve(hessian, gradient)
    return {name: round(float(w[i]), 4) for name, i in index.items() if abs(w[i]) > 0.02}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("-o", "--output", type=Path, default=Path("mapper/mentions/weights.json"))
    parser.add_argument("--l2", type=float, default=1.0)
    parser.add_argument("--cache", type=Path, help="folder for the parsed corpora (pickles of our own)")
    args = parser.parse_args()
    gazetteer = Gazetteer.open(ensure())
    rows: list[Row] = []
    for entry in args.corpus:
        name, _, option = entry.partition(":")
        docs, parsed = cached(Path(name), args.cache)
        for doc, text in zip(docs, parsed, strict=True):
            rows += rows_of(text, doc["toponyms"], gazetteer, option != "nodemonyms")
    weights = fit(rows, args.l2)
    args.output.write_text(
        json.dumps({"weights": weights}, indent=0, sort_keys=True) + "\n", encoding="utf-8"
    )
    print(f"{len(rows)} spans, {sum(label for _, label, _ in rows)} places, {len(weights)} weights")


def cached(path: Path, folder: Path | None) -> tuple[list[dict[str, Any]], list[language.Parsed]]:
    """Read a corpus through a cache of parsed texts."""
    if folder is None:
        return read(path)
    file = folder / (path.stem + ".parsed")
    if not file.is_file():
        docs, parsed = read(path)
        file.write_bytes(pickle.dumps((docs, [(p.document, p.doc.to_bytes(), p.language) for p in parsed])))
    docs, packed = pickle.loads(file.read_bytes())
    from spacy.tokens import Doc

    nlp = language._trained(language.DEFAULT_PIPELINE)
    return docs, [
        language.Parsed(document, Doc(nlp.vocab).from_bytes(raw), lang, True)
        for document, raw, lang in packed
    ]


if __name__ == "__main__":
    main()
