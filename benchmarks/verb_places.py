"""Event verbs and the names of the places where the events took place: precision and recall.

    python -m benchmarks.verb_places CORPUS.jsonl                 measure the shipped weights
    python -m benchmarks.verb_places CORPUS.jsonl --folds 5       cross-validate (needs torch)

Every line of the corpus has "text", "verb": [start, end] and "places": [[start, end], ...]. Most places are
characters; some (those of zero length, and those that begin or end inside a word) can only be the numbers of
the first and the last token, as the same sentences annotated twice show. They are read as such. A row whose
places can be read neither way is left out. The shipped weights were fitted on the same corpus, so only
the figures of ``--folds`` say how well new sentences are read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__" and not __package__:
    # run as a file: this folder would hide the package `gazetteer` behind benchmarks/gazetteer
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from mapper.events import roles
from mapper.language import DEFAULT_PIPELINE

THRESHOLDS = (0.2, 0.3, 0.35, 0.4, roles.THRESHOLD, 0.5, 0.6, 0.7)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows with their parse ("doc"), verb, candidate spans ("names") and gold spans."""
    import spacy

    nlp = spacy.load(DEFAULT_PIPELINE)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = []
    for row, doc in zip(rows, nlp.pipe([r["text"] for r in rows]), strict=True):
        gold = [gold_span(doc, start, end) for start, end in row["places"]]
        if None in gold:
            continue
        words = doc.char_span(*row["verb"], alignment_mode="expand")
        row["doc"], row["gold"] = doc, gold
        row["verb"] = next((t for t in words if t.pos_ in ("VERB", "AUX")), words.root)
        row["names"] = roles.candidates(doc)
        # the same sentence stands in several rows, with other blanks: never in two folds
        row["fold"] = zlib.crc32(re.sub(r"\W+", "", row["text"]).lower().encode())
        found.append(row)
    print(f"{len(found)} rows, {len(rows) - len(found)} left out", file=sys.stderr)
    return found


def gold_span(doc: Any, start: int, end: int) -> tuple[int, int] | None:
    """Return the tokens of an annotated place: [first, end)."""
    text = doc.text
    whole = end - start >= 3 and end <= len(text)
    if whole and not _inside_word(text, start) and not _inside_word(text, end):
        span = doc.char_span(start, end, alignment_mode="expand")
        tokens = [t.i for t in span if not t.is_space]
        return (tokens[0], tokens[-1] + 1) if tokens else None
    if start <= end < len(doc) and end - start < 8 and any(not t.is_lower for t in doc[start : end + 1]):
        return start, end + 1
    span = doc.char_span(start, end, alignment_mode="expand") if whole else None
    return (span.start, span.end) if span is not None else None


def _inside_word(text: str, i: int) -> bool:
    return 0 < i < len(text) and text[i - 1].isalnum() and text[i].isalnum()


def tokens(spans: Iterable[tuple[int, int]]) -> set[int]:
    """Return the tokens of spans."""
    return {i for start, end in spans for i in range(start, end)}


def report(rows: Sequence[dict[str, Any]], scores: Sequence[Sequence[float]], threshold: float) -> str:
    """Return token, exact-span and overlap figures as words."""
    counts = dict.fromkeys(("right", "said", "gold", "exact", "touch", "found", "spans", "names"), 0)
    for row, probabilities in zip(rows, scores, strict=True):
        said = [(s.start, s.end) for s, p in zip(row["names"], probabilities, strict=True) if p >= threshold]
        gold, mine = tokens(row["gold"]), tokens(said)
        counts["right"] += len(gold & mine)
        counts["said"] += len(mine)
        counts["gold"] += len(gold)
        counts["exact"] += len(set(said) & set(row["gold"]))
        counts["touch"] += sum(bool(tokens([s]) & gold) for s in said)
        counts["found"] += sum(bool(tokens([s]) & mine) for s in row["gold"])
        counts["names"] += len(said)
        counts["spans"] += len(row["gold"])
    c = counts
    return " | ".join(
        f"{name} P {a / max(1, b):.3f} R {d / max(1, e):.3f}"
        for name, a, b, d, e in (
            ("tokens", c["right"], c["said"], c["right"], c["gold"]),
            ("exact spans", c["exact"], c["names"], c["exact"], c["spans"]),
            ("overlapping spans", c["touch"], c["names"], c["found"], c["spans"]),
        )
    )


def agreement(rows: Sequence[dict[str, Any]]) -> str:
    """Return how far annotators agree on sentences that stand in the corpus twice with the same verb."""
    groups: dict[str, list[set[str]]] = {}
    for row in rows:
        doc, verb = row["doc"], row["verb"]
        squeezed = [re.sub(r"\W+", "", doc[: t.i].text).lower() for t in doc]
        key = re.sub(r"\W+", "", doc.text).lower() + f" {len(squeezed[verb.i])}"
        words = {f"{len(squeezed[i])}{doc[i].lower_}" for i in tokens(row["gold"])}
        groups.setdefault(key, []).append(words)
    pairs = [(a, b) for g in groups.values() for i, a in enumerate(g) for b in g[:i]]
    both, total = sum(len(a & b) for a, b in pairs), sum(len(a) + len(b) for a, b in pairs)
    f1 = 2 * both / max(1, total)
    return f"{len(pairs)} pairs of annotations of the same verb agree with a token F1 of {f1:.3f}"


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--networks", type=int, default=1, help="networks averaged in every fold")
    args = parser.parse_args()
    rows = read(args.corpus)
    gold = sum(len(tokens(r["gold"])) for r in rows)
    covered = sum(len(tokens((s.start, s.end) for s in r["names"]) & tokens(r["gold"])) for r in rows)
    print(f"candidates cover {covered / max(1, gold):.3f} of {gold} gold tokens")
    print(f"{sum(not r['gold'] for r in rows) / len(rows):.3f} of the rows have no place")
    print(agreement(rows))
    if args.folds:
        from scripts.fit_roles import cross_validate

        scores = cross_validate(rows, args.folds, args.networks)
        for k in range(args.folds):
            part = [i for i, r in enumerate(rows) if r["fold"] % args.folds == k]
            print(f"fold {k}:", report([rows[i] for i in part], [scores[i] for i in part], roles.THRESHOLD))
    else:
        scores = [roles.place_scores(r["doc"], r["verb"], r["names"]) for r in rows]
        print("in-sample: the shipped weights were fitted on these rows")
    for threshold in THRESHOLDS:
        print(f"{threshold:.2f}", report(rows, scores, threshold))


if __name__ == "__main__":
    main()
