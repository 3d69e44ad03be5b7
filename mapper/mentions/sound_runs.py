"""Runs of capitalised words that nobody knows: what may be a garbled name, as far as the letters tell."""

from __future__ import annotations

from collections.abc import Iterator

from mapper.mentions.lattice import Span, Text
from mapper.mentions.sound_cues import odd_place, opens
from mapper.mentions.words import words


def runs(text: Text, chosen: list[Span], focus: list[str]) -> Iterator[Span]:
    """Give capitalised words, and runs of them, that no chosen span covers but those that nobody knows."""
    sure = (s for s in chosen if (s.candidates or s.found != "entity") and not _odd_people(text, s, focus))
    taken = {i for s in sure for i in range(s.first, s.last + 1)}
    free = [i not in taken and _nameable(text, i) for i in range(len(text.pieces))]
    opened = -1
    for first in range(len(free)):
        opening = first not in taken and opens(text, first)
        if not (free[first] or opening or (first not in taken and _fore(text, free, first))):
            continue
        last = first
        while last - first < 5 and (step := _step(text, free, taken, last)):
            last += step
        if last > first and not (first and free[first - 1] and _beside(text, first - 1)):
            yield text.span(first, last, "sound")
        if opening:
            opened = last
        elif free[first] and first > opened:
            yield text.span(first, first, "sound")


def _fore(text: Text, free: list[bool], index: int) -> bool:
    """Whether a short capitalised piece opens a run: "Um Ruwaba", "Wad Madani", whatever else it may be."""
    piece = text.pieces[index]
    if not (piece.capital and 2 <= len(piece.text) <= 4 and piece.text.isalpha()) or piece.text.isupper():
        return False
    if text.token(index).pos_ in ("ADP", "CCONJ", "DET", "PRON", "SCONJ") or _leads(piece.lower):
        return False  # "In Kassala", "The Sennar"
    return index + 1 < len(free) and free[index + 1] and _beside(text, index)


def _step(text: Text, free: list[bool], taken: set[int], last: int) -> int:
    """Give how many pieces a run goes on: 1 for a name beside, more over "-", "al-", 0 at its end."""
    for ahead in (1, 2, 3, 4):
        index = last + ahead
        if index >= len(free) or not _beside(text, index - 1):
            return 0
        piece = text.pieces[index]
        if free[index] or (index not in taken and _after_hyphen(text, index)):
            return ahead
        short = piece.capital and len(piece.text) == 2 and piece.text[1].islower() and index not in taken
        if short and piece.text.isalpha():
            return ahead
        if piece.lower not in words().classes["particle"] and piece.lower not in ("a", "an"):
            return 0
    return 0


def _after_hyphen(text: Text, index: int) -> bool:
    """Whether a small word is the second half of a name: "Tar-tar"."""
    piece, joint = text.pieces[index], text.pieces[index - 1]
    joined = (
        joint.text in ("-", "‑") and joint.end == piece.start and text.pieces[index - 2].end == joint.start
    )
    if not joined or len(piece.text) < 3 or not piece.text.isalpha():
        return False
    return piece.lower == text.word(index - 2) or not text.dictionary(piece.lower)


def _nameable(text: Text, index: int) -> bool:
    """Whether a piece may be (part of) a name: capitalised, and no word that never names a place."""
    piece, table = text.pieces[index], words()
    if not piece.capital or len(piece.text) < 3 or piece.text.isupper():
        return False
    if not any(c.isalpha() for c in piece.text[1:3]):
        return False
    lower = piece.lower
    if _leads(lower):
        return False
    if text.word(index + 1) in words().classes["arms_noun"] and text.word(index + 1).endswith("s"):
        return text.word(index - 1) in words().classes["in"]  # "Merkava tanks"
    classes = ("never", "title", "weekday_month", "org")
    return lower not in table.kind and not any(lower in table.classes[name] for name in classes)


def _leads(word: str) -> bool:
    """Whether a word only leads to a name, at the beginning of a sentence too: "Near Kosti", "At Kosti"."""
    return word in words().classes["in"]


def _beside(text: Text, index: int) -> bool:
    """Whether the next piece stands right behind this one, in the same sentence."""
    piece, after = text.pieces[index], text.pieces[index + 1]
    return after.start - piece.end <= 1 and after.sentence == piece.sentence


def _odd_people(text: Text, span: Span, focus: list[str]) -> bool:
    """A people where a place must stand: "north of the Danes" in a text about another country."""
    if not span.candidates or span.candidates[0].kind != "demonym":
        return False
    if span.candidates[0].place.country in focus:
        return False
    return odd_place(text, span.first)
