"""Event verbs and the names of the places where the events took place: precision and recall.

    python -m benchmarks.verb_places CORPUS.jsonl                 cross-validate what ships (needs torch)
    python -m benchmarks.verb_places CORPUS.jsonl --shipped       only run the shipped weights (in-sample)

Every line of the corpus has "text", "verb": [start, end] and "places": [[start, end], ...]. Most places are
characters; some (those of zero length, and those that begin or end inside a word) can only be the numbers of
the first and the last token, as the same sentences annotated twice show. They are read as such. A row whose
places can be read neither way is left out. Recognition and resolution run as in ``mapper extract``; the
candidates are found, not given. The shipped weights were fitted on the same corpus, so the figures are
those of networks, fitted the same way, that never saw the sentence in any of its rows.

The annotators left out many places, and two of them agree no better than what is asked of a program here. So
a reader's answers for the same sentences (``scripts/role_readings.py``, blind to the annotation) are measured
against the annotation too, and the networks' second answer against the reader.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__" and not __package__:
    # run as a file: this folder would hide the package `gazetteer` behind benchmarks/gazetteer
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from gazetteer.compile import ensure
from gazetteer.store import Gazetteer
from mapper import language, mentions, resolve
from mapper.events import roles
from mapper.events.role_names import candidates, known
from mapper.space import constraints, phrases
from mapper.types import Document
from scripts import role_readings

THRESHOLDS = (0.2, 0.3, 0.35, 0.4, roles.THRESHOLD, 0.5, 0.6, 0.7)
FOLDS = 5
Pair = tuple[set[str], set[str]]


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows with their parse ("doc"), verb, candidates ("names"), their "facts", and gold spans."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    gazetteer = Gazetteer.open(ensure())
    found = []
    documents = [Document(id=str(row["id"]), text=row["text"]) for row in rows]
    for row, parsed in zip(rows, language.parse_many(documents), strict=True):
        doc = parsed.doc
        gold = [gold_span(doc, start, end) for start, end in row["places"]]
        if None in gold or not parsed.reads_grammar:
            continue
        first, last = row["verb"]
        words: Any = doc.char_span(first, last, alignment_mode="expand")
        row["doc"], row["gold"] = doc, gold
        row["verb"] = next((t for t in words if t.pos_ in ("VERB", "AUX")), words.root)
        row["names"] = candidates(doc)
        row["facts"] = known(doc, row["names"], _resolutions(parsed, gazetteer))
        # the same sentence stands in several rows, with other blanks: never in two folds
        row["fold"] = zlib.crc32(re.sub(r"\W+", "", row["text"]).lower().encode())
        found.append(row)
    print(f"{len(found)} rows, {len(rows) - len(found)} left out", file=sys.stderr)
    return found


def _resolutions(parsed: language.Parsed, gazetteer: Gazetteer) -> Sequence[Any]:
    names = mentions.find(parsed, gazetteer)
    expressions = phrases.find(parsed.document.text, names)
    return resolve.resolve(parsed, names, expressions, gazetteer, (), constraint=constraints.penalty)


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


def pairs(rows: Sequence[dict[str, Any]]) -> list[Pair]:
    """Return the gold words of every two annotations of the same verb of the same sentence."""
    groups: dict[str, list[set[str]]] = {}
    for row in rows:
        doc, verb = row["doc"], row["verb"]
        squeezed = [re.sub(r"\W+", "", doc[: t.i].text).lower() for t in doc]
        key = re.sub(r"\W+", "", doc.text).lower() + f" {len(squeezed[verb.i])}"
        words = {f"{len(squeezed[i])}{doc[i].lower_}" for i in tokens(row["gold"])}
        groups.setdefault(key, []).append(words)
    return [(a, b) for g in groups.values() for i, a in enumerate(g) for b in g[:i]]


def agreement(two: Sequence[Pair]) -> tuple[float, float]:
    """Return how well one annotation foretells another, and how well all that either marks does.

    The first is precision and recall alike, since either annotation may be the answer. The second is the
    precision, at a recall of 1, of a system that says every word that at least one of the two marks: it has
    no error but that annotators leave out what others mark.
    """
    both = sum(len(a & b) for a, b in two)
    said = sum(len(a) + len(b) for a, b in two)
    union = sum(len(a | b) for a, b in two)
    return 2 * both / max(1, said), said / max(1, 2 * union)


def ceiling(rows: Sequence[dict[str, Any]]) -> str:
    """Return how far annotators agree, with the 95% interval of a bootstrap over the pairs."""
    two = pairs(rows)
    rng = random.Random(0)
    drawn = [agreement(rng.choices(two, k=len(two))) for _ in range(1000)]
    f1, best = agreement(two)
    parts = [
        f"{name} {value:.3f} ({low[25]:.3f} to {low[975]:.3f})"
        for name, value, low in (
            ("one annotation against another has precision = recall =", f1, sorted(d[0] for d in drawn)),
            ("a system that finds all that either marks has precision", best, sorted(d[1] for d in drawn)),
        )
    ]
    return f"{len(two)} pairs of annotations of one verb, by token: " + "; ".join(parts)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--shipped", action="store_true", help="the shipped weights, in-sample")
    args = parser.parse_args()
    rows = read(args.corpus)
    gold = sum(len(tokens(r["gold"])) for r in rows)
    covered = sum(len(tokens((s.start, s.end) for s in r["names"]) & tokens(r["gold"])) for r in rows)
    print(f"candidates cover {covered / max(1, gold):.3f} of {gold} gold tokens")
    print(f"{sum(not r['gold'] for r in rows) / len(rows):.3f} of the rows have no place")
    print(ceiling(rows))
    others = role_readings.add(rows)
    again = [r for r in rows if r["read"] is not None]
    for label, some in _parts(again):
        print(f"a reader against the annotation, {label}:", report(some, [_as_scores(r) for r in some], 0.5))
    if args.shipped:
        print("in-sample: the shipped weights were fitted on these rows")
        scores = [_shipped(r) for r in [*rows, *others]]
    else:
        from scripts.fit_roles import NETWORKS, cross_validate

        scores = cross_validate([*rows, *others], FOLDS, NETWORKS)
    for row, found in zip([*rows, *others], scores, strict=True):
        row["scores"] = dict(zip(roles.ANSWERS, found, strict=True))
    for label, some in _parts(rows):
        _table(f"the networks against the annotation, {label}", some, "marked")
    for row in again + others:
        row["gold"] = [(s.start, s.end) for s, there in zip(row["names"], row["read"], strict=True) if there]
    nouns = [r for r in others if r["verb"].pos_ == "NOUN"]
    verbs = [r for r in others if r["verb"].pos_ != "NOUN"]
    for label, some in (("the same verbs", again), ("other verbs", verbs), ("nouns", nouns)):
        _table(f"the networks against the reader, {label}", some, "read")


def _parts(rows: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    return [("all rows", list(rows)), ("rows with a place", [r for r in rows if r["gold"]])]


def _as_scores(row: dict[str, Any]) -> list[float]:
    return [float(there) for there in row["read"]]


def _shipped(row: dict[str, Any]) -> list[list[float]]:
    parts = row["doc"], row["verb"], row["names"], row["facts"]
    return [roles.scores_of(*parts, answer=answer) for answer in roles.ANSWERS]


def _table(label: str, rows: Sequence[dict[str, Any]], answer: str) -> None:
    print(f"{label} ({len(rows)})")
    for threshold in THRESHOLDS:
        print(f"  {threshold:.2f}", report(rows, [r["scores"][answer] for r in rows], threshold))


if __name__ == "__main__":
    main()
