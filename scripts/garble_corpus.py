"""Write an annotated corpus with its place names garbled, as machine translation to and fro garbles them.

    python -m scripts.garble_corpus CORPUS.jsonl ... -o garbled.jsonl [--seed 3] [--share 0.7]

Every line of a corpus has "text" and "toponyms" with "start", "end", "lat" and "lon". A name is respelt by
the rules of ``benchmarks/gazetteer/garble.py``, not twice alike; the names of countries and peoples stay, and
so does a share of the others: without them nothing says where a text is set.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

from benchmarks.gazetteer.garble import garbled, stressed
from gazetteer.compile import ensure
from gazetteer.store import Gazetteer

FEATURES = frozenset({"settlement", "suburb", "region", "district", "river", "area", "municipality", "water"})
MODES = ("respell", "double", "vowels", "drop")


def respelt(name: str, rng: random.Random) -> str:
    """Give a garbled spelling of a name: two words joined, one split, or some sounds confused."""
    words = name.split(" ")
    chance = rng.random()
    if chance < 0.08 and len(words) == 1 and len(name) > 6:
        cut = rng.randrange(3, len(name) - 2)
        return name[:cut] + rng.choice([" ", "-"]) + name[cut:].capitalize()
    if chance < 0.12 and len(words) == 2:
        return "".join(words).capitalize()
    if chance < 0.14 and not name.lower().startswith(("al", "el")):
        name = rng.choice(["Al-", "Al ", "El "]) + name[:1].upper() + name[1:]
    if chance < 0.6:
        return garbled(name, rng, rng.choice((1, 2, 2, 3)))
    return stressed(name, rng.choice(MODES), rng)


def garble(doc: dict[str, Any], gazetteer: Gazetteer, rng: random.Random, share: float) -> dict[str, Any]:
    """Give a copy of a document with a share of its place names garbled."""
    text, out, moved, at = doc["text"], "", [], 0
    chosen: dict[str, bool] = {}
    before: dict[str, str] = {}
    share = rng.uniform(share - 0.3, min(1.0, share + 0.3))
    for span in sorted(doc["toponyms"], key=lambda t: t["start"]):
        if span["start"] < at:
            continue
        surface = text[span["start"] : span["end"]]
        if surface not in chosen:
            chosen[surface] = rng.random() < share and _may_be(surface, gazetteer)
        out += text[at : span["start"]]
        new = surface
        if chosen[surface]:
            again = surface in before and rng.random() < 0.5
            new = before[surface] if again else _unlike(surface, gazetteer, rng)
            before[surface] = new
        moved.append({**span, "start": len(out), "end": len(out) + len(new), "text": new})
        out, at = out + new, span["end"]
    return {**doc, "id": f"{doc['id']}-garbled", "text": out + text[at:], "toponyms": moved}


def _may_be(surface: str, gazetteer: Gazetteer) -> bool:
    """Whether a name is long enough to be known again, and one of a place smaller than a country."""
    if len(surface) < 5 or not surface.isascii() or not surface.replace(" ", "").replace("-", "").isalpha():
        return False
    if surface.isupper() or surface.islower():
        return False
    best = next(iter(gazetteer.lookup(surface)), None)
    return best is not None and best.kind != "demonym" and best.place.feature in FEATURES


def _unlike(surface: str, gazetteer: Gazetteer, rng: random.Random) -> str:
    """Give a spelling that the gazetteer has not, or seldom another that it has; else the name itself."""
    if rng.random() < 0.15:
        others = _others(surface, gazetteer)
        if others:
            return rng.choice(others)
    for _ in range(6):
        new = " ".join(word[:1].upper() + word[1:] for word in respelt(surface, rng).split(" "))
        if new.isascii() and len(new) > 3 and not gazetteer.lookup(new):
            return new
    return surface


def _others(surface: str, gazetteer: Gazetteer) -> list[str]:
    """Give the other Latin spellings of the foremost place of a name."""
    best = gazetteer.lookup(surface)[0]
    texts = {name.text for name in gazetteer.names(best.place.id) if name.kind not in ("demonym", "code")}
    return sorted(
        t
        for t in texts
        if t.isascii()
        and t[:1].isupper()
        and len(t) > 4
        and t != surface
        and t.replace(" ", "").replace("-", "").isalpha()
        and not t.isupper()
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.7)
    args = parser.parse_args()
    gazetteer = Gazetteer.open(ensure())
    lines = []
    for path in args.corpus:
        for line in path.read_text(encoding="utf-8").splitlines():
            doc = json.loads(line)
            rng = random.Random(f"{args.seed} {doc['id']}")
            lines.append(json.dumps(garble(doc, gazetteer, rng, args.share), ensure_ascii=False))
    args.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
