"""Fit the weights of the place-name classifier on annotated texts.

    fit_mentions.py CORPUS.jsonl[:nodemonyms] ... [-o mapper/mentions/weights.json] [--l2 1.0]

Every line of a corpus has "text" and "toponyms" with "start" and "end" ("gold": false marks spans to leave
out). ":nodemonyms" after a file name says that its annotators left adjectives and peoples out.
Only numbers are written: one weight for each named feature. The corpora are news; what ``make_notes.py``
writes (villages all over the world, in the style of analysts' notes) belongs in every fit: without it rare
names are lost. A corpus given twice counts twice: what ships is the mean of two fits, with TR-News once
(--l2 1.2) and twice. So does ``tests/data/news.jsonl``, articles of our own.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer.compile import ensure
from gazetteer.store import Gazetteer
from mapper import language
from mapper.mentions import classify, kinds, lattice
from mapper.mentions.context import context
from mapper.mentions.features import features
from mapper.types import Document

Row = tuple[dict[str, float], int, float]
L2 = 2.0
"""How strongly weights are held to zero, or to their prior."""
PRIOR = {"flat_city": 3.0, "kind_fits": 1.5, "dateline": 1.5, "after=score": 1.5, "before=party": 2.0,
         "lies_in": 1.5, "apposed": 2.0}  # fmt: skip
"""Weights that the corpora can hardly teach: they hold few headlines in capitals, rivers and games."""


class Text:
    """One document with its spans, which of them are places, and which are to be learnt from."""

    def __init__(
        self, parsed: language.Parsed, gold: list[dict[str, Any]], gazetteer: Any, demonyms: bool
    ) -> None:
        self.text = lattice.Text(parsed)
        self.spans = lattice.build(self.text, lattice.Names(gazetteer))
        self.doc = context(self.text, self.spans)
        right = {(t["start"], t["end"]) for t in gold if t.get("gold", True)}
        skip = [(t["start"], t["end"]) for t in gold if not t.get("gold", True)]
        self.labels = [int((s.start, s.end) in right) for s in self.spans]
        self.counts = [
            bool(hit)
            or not (
                any(a < s.end and s.start < b for a, b in skip)
                or (not demonyms and (kinds.is_demonym(s) or _people(self, s) or _inside(self, s)))
                or _plural(self, s)
            )
            for s, hit in zip(self.spans, self.labels, strict=True)
        ]

    def first(self) -> list[Row]:
        """Give the features of the first look."""
        rows = [features(self.text, s, self.doc) for s in self.spans]
        return [(r, y, 1.0) for r, y, use in zip(rows, self.labels, self.counts, strict=True) if use]

    def second(self, weights: dict[str, float]) -> list[Row]:
        """Give the features of the second look, after a first one by these weights."""
        rows = classify.look_twice(self.text, self.spans, self.doc, {"first": weights})
        return [(r, y, 1.0) for r, y, use in zip(rows, self.labels, self.counts, strict=True) if use]


def _people(text: Text, span: lattice.Span) -> bool:
    entity = text.doc.entity_of.get(text.text.pieces[span.first].token)
    return entity is not None and entity.label_ == "NORP" and not span.candidates


def _plural(text: Text, span: lattice.Span) -> bool:
    """Whether a span is a people ("Cubans") that was left out: annotators of one corpus differ on them."""
    return kinds.is_demonym(span) and text.text.token(span.last).tag_ in ("NNS", "NNPS")


def _inside(text: Text, span: lattice.Span) -> bool:
    """Whether a span is part of an organisation's name: these annotators leave such names out."""
    entity = text.doc.entity_of.get(text.text.pieces[span.first].token)
    longer = entity is not None and len(entity.text) > len(span.text) + 2
    return longer and entity.label_ == "ORG" and bool(span.candidates)


def fit_twice(texts: list[Text], l2: float) -> dict[str, dict[str, float]]:
    """Fit the first look on all texts; the second on first looks that were fitted on the other half."""
    halves = [texts[0::2], texts[1::2]]
    rows: list[Row] = []
    for own, other in (halves, halves[::-1]):
        weights = fit([row for text in other for row in text.first()], l2)
        rows += [row for text in own for row in text.second(weights)]
    first = fit([row for text in texts for row in text.first()], l2)
    return {"first": first, "second": fit(rows, l2)}


def _flat(doc: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Give a copy of every fourth text in capitals, and of another fourth in small letters, cut short."""
    change = {0: str.upper, 2: str.lower}.get(number % 4)
    text = doc["text"][:1200]
    if change is None or len(change(text)) != len(text):
        return []
    toponyms = [t for t in doc["toponyms"] if t["end"] <= len(text)]
    return [{"id": f"{doc['id']}-flat", "text": change(text), "toponyms": toponyms}]


def read(path: Path, flat: bool = False) -> list[dict[str, Any]]:
    """Read a corpus; with ``flat`` the copies of a share of its texts in capitals and in small letters."""
    docs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [copy for i, d in enumerate(docs) for copy in _flat(d, i)] if flat else docs


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
    prior = np.array([PRIOR.get(name, 0.0) for name in names])
    w = prior.copy()
    ridge = np.array([30 * l2 if name in PRIOR else l2 for name in names])
    ridge[index["bias"]] = 1e-3
    for _ in range(8):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ ((p - y) * importance) + ridge * (w - prior)
        hessian = (x * (p * (1 - p) * importance)[:, None]).T @ x + np.diag(ridge)
        w -= np.linalg.solve(hessian, gradient)
    return {name: round(float(w[i]), 4) for name, i in index.items() if abs(w[i]) > 0.02}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("-o", "--output", type=Path, default=Path("mapper/mentions/weights.json"))
    parser.add_argument("--l2", type=float, default=L2)
    parser.add_argument("--cache", type=Path, help="folder for the parsed corpora")
    args = parser.parse_args()
    gazetteer = Gazetteer.open(ensure())
    texts = []
    for entry in args.corpus:
        name, _, option = entry.partition(":")
        for flat in (False, True):
            for doc, text in zip(*cached(Path(name), args.cache, flat), strict=True):
                texts.append(Text(text, doc["toponyms"], gazetteer, option != "nodemonyms"))
    weights = fit_twice(texts, args.l2)
    args.output.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{sum(len(t.spans) for t in texts)} spans, {sum(sum(t.labels) for t in texts)} places")


def cached(
    path: Path, folder: Path | None, flat: bool = False
) -> tuple[list[dict[str, Any]], list[language.Parsed]]:
    """Read and parse a corpus; the parses are kept in ``folder``, in spaCy's own format."""
    from spacy.tokens import DocBin

    docs = read(path, flat)
    documents = [Document(str(d["id"]), d["text"]) for d in docs]
    file = folder / f"{path.stem}{'-flat' if flat else ''}.spacy" if folder else None
    if file is None or not file.is_file():
        parsed = list(language.parse_many(documents))
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            DocBin(docs=[p.doc for p in parsed], store_user_data=True).to_disk(file)
        return docs, parsed
    vocab = language.trained(language.DEFAULT_PIPELINE).vocab
    words = language.dictionary(language.DEFAULT_PIPELINE)
    read_back = DocBin().from_disk(file).get_docs(vocab)
    return docs, [
        language.Parsed(document, doc, "en", True, *words)
        for document, doc in zip(documents, read_back, strict=True)
    ]


if __name__ == "__main__":
    main()
