"""What speaks for an unknown capitalised word being a garbled place name, as named features."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from gazetteer.names import fold, skeleton
from gazetteer.place import Candidate, Place
from mapper.likeness import likeness
from mapper.mentions.context import Context, Features
from mapper.mentions.lattice import PLACE_LABELS, Span, Text
from mapper.mentions.words import words

if TYPE_CHECKING:
    from spacy.tokens import Token

ENDS = frozenset({"", ".", "!", "?", ";", ":", ")", '"', "”", "»"})
SLOTS = frozenset({
    "in", "in the", "settlement", "kind", "listed", "misplaced", "dwellers of", "direction", "and place",
})  # fmt: skip
"""What before a word wants a place."""
DOUBTS = frozenset({"english", "noun", "short", "person_known", "lower_elsewhere"})
"""What speaks against a place, less so where the text wants one."""
NEAR_M = 150_000.0
"""Nearness to the names already found says much within this distance, and ever less beyond it."""


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """Load ``sounds.toml``: limits and words."""
    raw = files("mapper.mentions").joinpath("sounds.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)


@lru_cache(maxsize=1)
def place_verbs() -> frozenset[str]:
    """Verbs, as lemmas, whose object is often a place."""
    return frozenset(tables()["words"]["place_verbs"])


@lru_cache(maxsize=1)
def generic() -> frozenset[str]:
    """Words of many languages for hills, wells and houses, with which names of places begin."""
    return frozenset(tables()["words"]["generic"])


def logit(p: float) -> float:
    """Give the log odds of a probability, bounded."""
    p = min(max(p, 1e-3), 1 - 1e-3)
    return math.log(p / (1 - p))


def written_row(
    text: Text, span: Span, doc: Context, chosen_at: dict[int, Span], seen: Span | None
) -> Features:
    """Name what the text alone says of a word: its own form, its grammar, and the words round it.

    ``chosen_at`` gives the place name that holds a piece; ``seen`` is the same span as recognition saw it.
    """
    row: Features = {"bias": 1.0}
    label = _label(text, span, doc)
    before, after = _before(text, span, chosen_at), _after(text, span, chosen_at)
    head = _head(text, span)
    row[f"label={label}"] = 1.0
    row[f"before={before}"] = 1.0
    row[f"after={after}"] = 1.0
    row[f"before={before}&label={label[:3]}"] = 1.0
    row[f"dep={head.dep_}"] = 1.0
    row[f"tag={head.tag_}"] = 1.0
    row[f"words={min(span.last - span.first + 1, 4)}"] = 1.0
    if head.dep_ in ("nsubj", "nsubjpass"):
        row["undergoes" if _undergoes(head) else f"acts&before={before}"] = 1.0
    if head.dep_ == "nsubjpass" and head.head.lemma_.lower() in place_verbs():
        row["done to"] = 1.0
    if head.dep_ == "dobj" and head.head.lemma_.lower() in place_verbs():
        row["object"] = 1.0
    row[f"{before}|{after}"] = 1.0
    row[f"{head.dep_}|{after}"] = 1.0
    slot = before in SLOTS or after.startswith("kind")
    for name in _form(text, span, doc):
        row[f"{name}&slot" if slot and name in DOUBTS else name] = 1.0
    if slot:
        row["slot"] = 1.0
    if span.last > span.first and opens(text, span.first):
        row["particle"] = 1.0
    if span.last > span.first and text.word(span.first) in generic():
        row["generic"] = 1.0
    if seen is not None:
        row["seen"] = logit(seen.probability) / 4
        best = seen.candidates[0] if seen.candidates else None
        if best is not None:
            spelt = best.match in ("exact", "folded") or best.kind == "demonym"
            row[f"known{'' if spelt else '_otherwise'}{'&slot' if slot else ''}"] = 1.0
    return row


def opens(text: Text, index: int) -> bool:
    """Whether a piece is the particle that begins a name: "El Fasher", "Al-Hol"."""
    piece = text.pieces[index]
    return piece.capital and not piece.text.isupper() and piece.lower in words().classes["particle"]


def _head(text: Text, span: Span) -> Token:
    """Give the token of a span that the others depend on."""
    tokens = [text.token(index) for index in range(span.first, span.last + 1)]
    inside = {token.i for token in tokens}
    return next((t for t in tokens if t.head.i not in inside or t.head is t), tokens[-1])


def _label(text: Text, span: Span, doc: Context) -> str:
    first, last = text.token(span.first).i, text.token(span.last).i
    entity = doc.entity_of.get(first) or doc.entity_of.get(last)
    if entity is None:
        return "none"
    label = "GPE" if entity.label_ in PLACE_LABELS else entity.label_
    label = label if label in ("GPE", "PERSON", "ORG", "NORP") else "OTHER"
    return f"{label}{'' if entity.start >= first and entity.end - 1 <= last else '>'}"


def _form(text: Text, span: Span, doc: Context) -> Iterator[str]:
    lower = span.text.lower()
    if lower in doc.people or any(p.lower in doc.persons for p in text.pieces[span.first : span.last + 1]):
        yield "person_known"
    if lower in doc.persons:
        yield "person_shown"
    if lower in doc.placed:
        yield "placed"
    if lower in text.lower_words:
        yield "lower_elsewhere"
    kind = text.dictionary(lower)
    if kind == "common" or lower in words().ordinary:
        yield "english"
    elif kind == "noun":
        yield "noun"
    if not lower.isascii() and any(c.isascii() and c.isalpha() for c in lower) and _foreign(lower):
        yield "foreign"
    if len(lower) <= 3:
        yield "short"
    if text.is_caps(span.first):
        yield "caps"
    if doc.counts[lower] > 1:
        yield "repeats"


def _foreign(word: str) -> bool:
    """Whether letters or marks of a script other than Latin stand inside the word."""
    return any(ord(c) > 0x36F and not 0x1E00 <= ord(c) <= 0x20FF for c in word)


def _undergoes(subject: Token) -> bool:
    """Whether the verb of a subject is one that places take too: "X was hit", "X is ...", "X fell"."""
    verb = subject.head
    if subject.dep_ == "nsubjpass":
        return True
    return verb.pos_ == "AUX" or verb.lemma_.lower() in words().classes["undergo"]


def odd_place(text: Text, first: int) -> bool:
    """Whether the words before a piece want a place after them: "north of (the)", "near"."""
    before = [text.word(first - k) for k in (1, 2, 3)]
    if before[0] == "the":
        before = before[1:]
    if before[0] == "of":
        return before[1] in words().classes["direction"]
    return before[0] in ("near", "towards", "toward")


def _before(text: Text, span: Span, chosen_at: dict[int, Span]) -> str:
    """Give the class of the word before a span."""
    index = span.first - 1
    if index < 0 or text.pieces[index].sentence != text.pieces[span.first].sentence:
        return "start"
    table, article = words(), text.word(index) in ("the", "a", "an")
    if article:
        if odd_place(text, span.first):
            return "misplaced"
        index -= 1
    before = text.word(index)
    kind = table.kind.get(before, "")
    if before == "of":
        return _before_of(text, index)
    if before in ("and", ",", "or", "&"):
        return _before_joint(text, index, chosen_at)
    if before in table.classes["in"]:
        return "in the" if article else "in"
    if before in table.classes["direction"]:
        return "direction"
    if kind and not text.pieces[index].capital:
        return "settlement" if kind == "settlement" else "kind"
    if before in table.classes["title"]:
        return "title"
    if article:
        return "the"
    if text.pieces[index].capital:
        return "place" if index in chosen_at else "capital"
    if not before[:1].isalnum():
        return "punct"
    return text.token(index).pos_


def _before_of(text: Text, index: int) -> str:
    table, earlier = words(), text.word(index - 1)
    if any(earlier in table.classes[name] for name in ("direction", "dwellers")):
        return "dwellers of"
    kind = table.kind.get(earlier, "")
    return "settlement" if kind == "settlement" else "kind" if kind else "of"


def _before_joint(text: Text, index: int, chosen_at: dict[int, Span]) -> str:
    if _listed(text, index):
        return "listed"
    if index - 1 in chosen_at:
        return "and place"
    return "and capital" if index and text.pieces[index - 1].capital else text.word(index)


def _listed(text: Text, index: int) -> bool:
    """Whether the piece at ``index`` joins a list that opens as places do: "in A, B", "villages of A, B"."""
    sentence = text.pieces[index].sentence
    steps = 0
    while index >= 0 and text.pieces[index].sentence == sentence and steps < 24:
        piece = text.pieces[index]
        if piece.lower in words().classes["in"]:
            return steps > 1
        if piece.lower == "of" and _before_of(text, index) != "of":
            return steps > 1
        if words().kind.get(piece.lower) and not piece.capital:
            return steps > 1
        if not (piece.capital or piece.lower in ("and", ",") or piece.lower in words().classes["particle"]):
            return False
        index, steps = index - 1, steps + 1
    return False


def _after(text: Text, span: Span, chosen_at: dict[int, Span]) -> str:
    """Give the class of the word after a span."""
    index = span.last + 1
    table, after = words(), text.word(index)
    if index >= len(text.pieces) or after in ENDS:
        return "end"
    capital = text.pieces[index].capital
    if text.pieces[index].sentence != text.pieces[span.last].sentence:
        return "end"
    if table.kind.get(after):
        return "kind^" if capital else "kind"
    if after in ("of", "in", "from") and _kind_ahead(text, index):
        return "kind that holds"
    if not capital and text.token(index).pos_ in ("ADJ", "NOUN") and table.kind.get(text.word(index + 1)):
        return "kind later"
    if after in table.classes["speech"]:
        return "speech"
    if after in ("'s", "’s"):
        return "possessive"
    if after in (",", "and", "or"):
        if index + 1 in chosen_at:
            return "and place"
        return after
    if capital:
        return "place" if index in chosen_at else "capital"
    if after in table.classes["actor_noun"]:
        return "actor"
    return text.token(index).pos_


def _kind_ahead(text: Text, index: int) -> bool:
    """Whether a name and its kind follow a preposition: "X of the Y province"."""
    last = index + 1 + (text.word(index + 1) == "the")
    first = last
    while last < min(first + 4, len(text.pieces)):
        piece = text.pieces[last]
        if not (piece.capital or piece.lower in words().classes["particle"]):
            break
        last += 1
    return last > first and words().kind.get(text.word(last)) in ("region", "district", "municipality")


def heard_row(
    span: Span, first: float, candidates: Sequence[Candidate], local: Sequence[Place], focus: Sequence[str]
) -> Features:
    """Name how well the places that sound like a span fit, beside the ``first`` probability of the text."""
    best, near = _best(span, candidates, local)
    alike, size = likeness(span.text, best.name), math.log10(best.place.population + 1)
    length = min(len(skeleton(span.text)), 7)
    row: Features = {"bias": 1.0, "first": logit(first) / 4}
    row["alike"] = 10 * (alike - 0.85)
    row["alike_long"] = 10 * (alike - 0.85) * (length - 4)
    row["very_alike"] = 10 * max(0.0, alike - 0.93)
    row["similar"] = 2 * (max(best.similarity, 0.3) - 0.6)
    row["populous"] = max(0.0, size - 3)
    row["near"] = near
    row[f"length={length}"] = 1.0
    row[f"length={length}&first"] = logit(first) / 4
    if best.match in ("exact", "folded", "alternate"):
        row["spelt"] = 1.0
        row["spelt&first"] = logit(first) / 4
    if focus and best.place.country == focus[0]:
        row["focus"] = 1.0
    if _cut_short(span.text, best.name):
        row["cut_short"] = 1.0
    if best.place.feature not in ("settlement", "region", "district", "country"):
        row["odd_feature"] = 1.0
    return row


def _cut_short(word: str, name: str) -> bool:
    """Whether a word is the beginning of a name, as Oleksandr is of Oleksandriia: people's names are."""
    return len(name) > len(word) + 1 and fold(name).startswith(fold(word))


def _best(span: Span, candidates: Sequence[Candidate], local: Sequence[Place]) -> tuple[Candidate, float]:
    """Give the candidate that fits best by name, size and nearness, and its nearness of 0..1."""

    def worth(candidate: Candidate) -> tuple[float, float]:
        place = candidate.place
        near = math.exp(-away_m(place, local) / NEAR_M)
        size = max(0.0, math.log10(place.population + 1) - 3)
        return 14 * likeness(span.text, candidate.name) + 0.5 * size + near, near

    valued = [(worth(candidate), -number) for number, candidate in enumerate(candidates)]
    (_, near), number = max(valued)
    return candidates[-number], near


def text_row(
    span: Span, second: float, others: tuple[float, float], known: frozenset[str], beside: float
) -> Features:
    """Name how a span fits with the rest of the text, beside its ``second`` probability.

    ``others`` is how many other unknown words are likely places, and their share; ``known`` are skeletons of
    names of the text; ``beside`` is the probability of the name before or after it in a list.
    """
    row: Features = {"bias": 1.0, "second": logit(second) / 4}
    row["others"] = math.log1p(others[0])
    row["share"] = others[1]
    row["share&second"] = others[1] * logit(second) / 4
    row["beside"] = beside
    if len(span.text) > 4 and skeleton(span.text) in known:
        row["repeated"] = 1.0
    if span.candidates and span.candidates[0].match in ("exact", "folded", "alternate"):
        row["share&spelt"] = others[1]
    return row


def away_m(place: Place, others: Sequence[Place]) -> float:
    """Give how far the nearest of some places is, in metres on a flat map: enough to tell near from far."""
    return min((_flat_m(place.lat, place.lon, p.lat, p.lon) for p in others), default=1e7)


def _flat_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance in metres, flat: enough to tell near from far."""
    east = (lon1 - lon2 + 180) % 360 - 180
    return 111_195 * math.hypot(lat1 - lat2, east * math.cos(math.radians((lat1 + lat2) / 2)))
