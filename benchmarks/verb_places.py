"""Event verbs and the names of the places where the events took place: token precision and recall.

    python -m benchmarks.verb_places CORPUS.jsonl             measure the shipped weights
    python -m benchmarks.verb_places CORPUS.jsonl --folds 5   fit and measure by cross-validation
    python -m benchmarks.verb_places CORPUS.jsonl --fit       fit on everything and write the weights

Every line of the corpus has "text", "verb": [start, end] and "places": [[start, end], ...] in characters.
"""

from __future__ import annotations

import argparse
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from mapper.events import roles
from mapper.language import DEFAULT_PIPELINE

WEIGHTS = Path(roles.__file__).with_name("role_weights.json")


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows with their parse, candidates and features."""
    import spacy

    nlp = spacy.load(DEFAULT_PIPELINE)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    for row, doc in zip(rows, nlp.pipe([r["text"] for r in rows]), strict=True):
        verb = doc.char_span(*row["verb"], alignment_mode="expand").root
        spans = roles.candidates(doc)
        row["gold"] = tokens(doc, row["places"])
        row["cands"] = [{t.i for t in s} for s in spans]
        row["feats"] = [roles.features(doc, verb, s, spans) for s in spans]
        row["fold"] = zlib.crc32(row["text"].encode())
    return rows


def tokens(doc: Any, places: list[list[int]]) -> set[int]:
    """Return the tokens of the gold places."""
    found: set[int] = set()
    for start, end in places:
        span = doc.char_span(start, end, alignment_mode="expand") if end > start else None
        found |= {t.i for t in span} if span is not None else set()
    return found


def fit(rows: list[dict[str, Any]], decay: float = 2.0, rounds: int = 400) -> dict[str, float]:
    """Return weights by regularised logistic regression, from zero, by gradient descent: the same every
    time.
    """
    names = sorted({k for row in rows for f in row["feats"] for k in f})
    index = {name: i for i, name in enumerate(names)}
    flat = [(f, c, row["gold"]) for row in rows for f, c in zip(row["feats"], row["cands"], strict=True)]
    x = np.zeros((len(flat), len(names)))
    y = np.zeros(len(flat))
    for i, (f, c, gold) in enumerate(flat):
        for k, v in f.items():
            x[i, index[k]] = v
        y[i] = float(len(c & gold) * 2 > len(c))
    w = np.zeros(len(names))
    for _ in range(30):  # Newton's method
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + decay * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + decay * np.eye(len(names))
        w -= np.linalg.solve(hessian, gradient)
    return {name: round(float(v), 4) for name, v in zip(names, w, strict=True)}


def measure(rows: list[dict[str, Any]], table: dict[str, float], threshold: float) -> tuple[int, int, int]:
    """Return (right, predicted, gold) tokens."""
    right = predicted = gold = 0
    for row in rows:
        got: set[int] = set()
        for f, c in zip(row["feats"], row["cands"], strict=True):
            if roles.score(f, table) >= threshold:
                got |= c
        right, predicted, gold = right + len(got & row["gold"]), predicted + len(got), gold + len(row["gold"])
    return right, predicted, gold


def report(right: int, predicted: int, gold: int) -> str:
    """Return precision, recall and F1 as words."""
    p, r = right / max(1, predicted), right / max(1, gold)
    return f"precision {p:.3f} recall {r:.3f} f1 {2 * p * r / max(1e-9, p + r):.3f} ({gold} gold tokens)"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--fit", action="store_true")
    args = parser.parse_args()
    rows = read(args.corpus)
    covered = sum(len(set().union(*r["cands"], set()) & r["gold"]) for r in rows)
    print(f"candidates cover {covered / max(1, sum(len(r['gold']) for r in rows)):.3f} of the gold tokens")
    if args.folds:
        for threshold in (0.4, 0.45, 0.5, 0.55):
            total = [0, 0, 0]
            for k in range(args.folds):
                if threshold == 0.4:
                    for r in rows:
                        r.setdefault("tables", {})
                table = TABLES.setdefault(k, fit([r for r in rows if r["fold"] % args.folds != k]))
                parts = measure([r for r in rows if r["fold"] % args.folds == k], table, threshold)
                total = [a + b for a, b in zip(total, parts, strict=True)]
            print(threshold, report(*total))
    elif args.fit:
        WEIGHTS.write_text(json.dumps(fit(rows), indent=0, sort_keys=True) + "\n", encoding="utf-8")
        print(report(*measure(rows, json.loads(WEIGHTS.read_text()), 0.5)), "on the fitted rows themselves")
    else:
        print(report(*measure(rows, roles.weights(), 0.5)))


TABLES: dict[int, dict[str, float]] = {}

if __name__ == "__main__":
    main()
