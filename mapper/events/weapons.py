"""Weapons: class, model and number, read from ``weapons.toml``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mapper.events.lexicon import lexicon, load, plural
from mapper.events.quantities import count_before
from mapper.types import Weapon

if TYPE_CHECKING:
    from spacy.tokens import Doc

_MOST_WORDS = 4


@cache
def _index() -> dict[str, str]:
    """Map every written weapon, words joined by one space, to its class."""
    index: dict[str, str] = {}
    for cls, words in load("weapons.toml")["classes"].items():
        for word in words:
            spaced = " ".join(word.replace("-", " - ").split())
            for form in (word, plural(word), spaced, spaced + "s"):
                index.setdefault(form, cls)
    return index


@cache
def _first_words() -> frozenset[str]:
    return frozenset(key.split()[0] for key in _index())


@cache
def _kept(name: str) -> frozenset[str]:
    return frozenset(load("weapons.toml")[name])


def find(doc: Doc, start: int, end: int) -> list[tuple[int, int, Weapon]]:
    """Return (first token, end token, weapon) for the weapons in ``doc[start:end]``, longest match first.

    "12 Kh-22 cruise missiles" is one weapon: a model that stands before a common noun of its class takes
    it in.
    """
    index, starters = _index(), _first_words()
    lower = [doc[i].lower_ for i in range(start, end)]
    found: list[tuple[int, int, str]] = []
    i = 0
    while i < len(lower):
        match = None
        if lower[i] in starters or _model_head(lower[i]):
            for size in range(min(6, len(lower) - i), 0, -1):
                text = " ".join(lower[i : i + size])
                cls = index.get(text) or index.get(text.replace(" - ", "-"))
                if cls:
                    match = (i, i + size, cls)
                    break
        beside = lower[match[1] : match[1] + 1] if match is not None else []
        if match is None or (i and lower[i - 1] in _kept("not_after")) or set(beside) & _kept("not_before"):
            i += 1
            continue
        if found and found[-1][1] == match[0]:
            # "Kh-22 cruise missiles", "Grad rockets": one weapon, whose model names the class
            found[-1] = (found[-1][0], match[1], found[-1][2])
        else:
            found.append(match)
        i = match[1]
    return [
        (
            start + a,
            start + b,
            Weapon(
                doc[start + a : start + b].text,
                "ied" if cls == "bomb" and _planted(doc, start + a, start + b) else cls,
                count_before(doc, start + a, start),
            ),
        )
        for a, b, cls in found
    ]


def _planted(doc: Doc, start: int, end: int) -> bool:
    """Whether nobody dropped a plain bomb: "a bomb planted in a bin", "a bomb on a motorcycle"."""
    if end - start > 1 or (start and doc[start - 1].lower_ in _words("wings")):
        return False
    near = doc[max(doc[start].sent.start, start - 4) : min(doc[start].sent.end, end + 8)]
    said = {word for t in near for word in (t.lower_, t.lemma_)}
    beside = {t.lower_ for t in doc[end : end + 5]}
    stands = bool(said & _words("plants")) or (
        bool(beside & _words("carriers"))
        and doc[end : end + 1].text in ("on", "in", "under", "inside", "attached")
    )
    return stands and not said & _words("wings")


def _words(name: str) -> frozenset[str]:
    return lexicon().lists[name]


def _model_head(word: str) -> bool:
    return any(c.isdigit() for c in word)
