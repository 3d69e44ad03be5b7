"""Fit how far a place may be believed whose name only sounds like the one of the text.

    fit_heard.py CORPUS.jsonl[:hide] ... [-o mapper/heard.json] [--cache FOLDER] [--hidden 0.12]

The corpora are garbled texts, and texts as they are: there, what only sounds alike is mostly wrong. ":hide"
marks those that ``garble_corpus.py`` wrote: a share of their names is read as if the gazetteer lacked the
places, as it lacks many villages. The weights of recognition, of the three looks and of resolution must be
fitted first.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from fit_mentions import cached
from fit_resolve import logistic

from gazetteer.compile import ensure
from gazetteer.distance import great_circle_m
from gazetteer.names import fold
from gazetteer.place import Candidate
from gazetteer.store import Gazetteer
from mapper import hearing, mentions, resolve, resolve_candidates, resolve_heard
from mapper.language import Parsed
from mapper.resolve_features import heard
from mapper.space import constraints, phrases

RIGHT_M = 40_000.0
LEAST = 0.25
"""A choice less sure than this is left unresolved."""
Points = dict[str, list[tuple[float, float]]]


def hidden_places(doc: dict[str, Any], share: float, rng: random.Random) -> Points:
    """Choose names of a document whose places are to be missing."""
    found: Points = {}
    for t in doc["toponyms"]:
        if t.get("lat") is not None and rng.random() < share:
            found.setdefault(fold(doc["text"][t["start"] : t["end"]]), []).append((t["lat"], t["lon"]))
    return found


def without(places: Points) -> Any:
    """Give the search by sound, blind to some places under the names that mean them."""
    ask = hearing._ask

    def blind(gazetteer: Gazetteer, name: str, *rest: Any) -> tuple[Candidate, ...]:
        points = places.get(fold(name), [])
        return tuple(
            c
            for c in ask(gazetteer, name, *rest)
            if all(float(great_circle_m(c.place.lat, c.place.lon, *at)) > RIGHT_M for at in points)
        )

    return patch.object(hearing, "_ask", blind)


def choices(parsed: Parsed, gold: list[dict[str, Any]], gazetteer: Gazetteer) -> Iterator[tuple[Any, float]]:
    """Give the features of every choice that only sounds alike, and whether it is right."""
    found = mentions.find(parsed, gazetteer)
    expressions = phrases.find(parsed.document.text, found)
    groups = resolve_candidates.group(found, gazetteer)
    table, p, features = resolve.settle(groups, gazetteer, expressions, constraints.penalty)
    if not len(p):
        return
    best, beside = resolve_heard.tops(table, p), resolve.company(features, p)
    for top in (int(i) for i in best if i >= 0 and heard(table.candidates[i])):
        place = table.candidates[top].place
        for m in table.groups[table.group[top]].mentions:
            over = [t for t in gold if t["start"] < m.end and m.start < t["end"]]
            if any(t.get("lat") is None for t in over):
                continue
            away = [float(great_circle_m(place.lat, place.lon, t["lat"], t["lon"])) for t in over]
            row = resolve_heard.row(table, p, beside, top, best, m.certainty)
            yield row, float(min(away, default=np.inf) <= RIGHT_M)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("-o", "--output", type=Path, default=Path("mapper/heard.json"))
    parser.add_argument("--cache", type=Path, help="folder for the parsed corpora")
    parser.add_argument(
        "--hidden", type=float, default=0.12, help="share of the names whose places are missing"
    )
    args = parser.parse_args()
    gazetteer = Gazetteer.open(ensure())
    rows: list[tuple[Any, float]] = []
    for entry in args.corpus:
        name, _, option = entry.partition(":")
        share = args.hidden if option == "hide" else 0.0
        for doc, parsed in zip(*cached(Path(name), args.cache), strict=True):
            missing = hidden_places(doc, share, random.Random(f"hidden {doc['id']}"))
            with without(missing):
                rows += choices(parsed, doc["toponyms"], gazetteer)
    x, y = np.array([row for row, _ in rows]), np.array([right for _, right in rows])
    fitted = {n: round(float(w), 4) for n, w in zip(resolve_heard.FEATURES, logistic(x, y), strict=True)}
    args.output.write_text(json.dumps({**fitted, "least": LEAST}, indent=1) + "\n", encoding="utf-8")
    print(f"{len(y)} choices, {100 * y.mean():.0f}% right")


if __name__ == "__main__":
    main()
