"""All spans of a text that may name a place: the gazetteer's matches and the model's entities together.

Nothing is decided here. Every span carries the candidates that its name has in the gazetteer, so that the
classifier can weigh them, and spans may overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gazetteer.names import fold
from gazetteer.place import Candidate
from mapper.mentions import other_names
from mapper.mentions.words import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from gazetteer.store import Gazetteer
    from mapper.language import Parsed

LONGEST = 8
"""Pieces in the longest name that is looked for."""
PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
STEMMED = frozenset({"region", "district", "municipality", "river", "water", "area"})
"""Kinds whose word may be left out when a name is looked up."""
TAIL = 4
"""Small words at most that end a name of what is built: "nuclear power plant"."""
_JOINTS = re.compile(r"[-–—/‑]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A token, or a part of one that hyphens or slashes join. ``token`` is the token's index."""

    start: int
    end: int
    text: str
    token: int
    sentence: int
    lower: str
    """The piece in lower case."""
    capital: bool
    """Whether it starts with a capital letter."""


@dataclass(slots=True)
class Span:
    """Pieces ``first`` to ``last`` (inclusive) that may name a place.

    ``query`` is what to look up if not the text itself. ``found`` says where it comes from: "gazetteer",
    "short" (an abbreviation), "entity" (the model alone), "facility" (a capitalised run that ends with a
    kind word) or "sound".
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    found: str
    query: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    probability: float = 0.0

    def overlaps(self, other: Span) -> bool:
        """Whether two spans share a character."""
        return self.start < other.end and other.start < self.end


class Text:
    """The pieces of one parsed document, and what stands round a span."""

    def __init__(self, parsed: Parsed) -> None:
        self.doc: Doc = parsed.doc
        self.text: str = parsed.document.text
        self.parsed = parsed
        self.pieces: list[Piece] = list(_pieces(parsed.doc))
        letters = [p for p in self.pieces if _LETTER.match(p.text)]
        capitals = sum(p.capital for p in letters)
        self.lower_case = len(letters) >= 4 and capitals <= 0.01 * len(letters)
        self.caps_sentences = _caps_sentences(self.pieces)
        self.named: list[tuple[int, int]] = []
        self.lower_words = frozenset(p.text for p in letters if p.text.islower())

    def token(self, index: int) -> Token:
        """Give the token that a piece belongs to."""
        return self.doc[self.pieces[index].token]

    def word(self, index: int) -> str:
        """Give a piece's text in lower case, or "" outside the text."""
        return self.pieces[index].lower if 0 <= index < len(self.pieces) else ""

    def breaks(self, index: int) -> bool:
        """Whether a line ends between a piece and the next."""
        return "\n" in self.text[self.pieces[index].end : self.pieces[index + 1].start]

    def dictionary(self, word: str) -> str:
        """Say what a word is in the dictionary: "common" (verb, adjective, adverb), "noun", or ""."""
        lower = word.lower()
        stems = [lower]
        for ending in ("s", "es", "d", "ed", "ing"):
            if lower.endswith(ending):
                stems.append(lower[: -len(ending)])
        if any(stem in self.parsed.common for stem in stems):
            return "common"
        return "noun" if any(stem in self.parsed.nouns for stem in stems[:3]) else ""

    def in_other_name(self, span: Span) -> bool:
        """Whether a span lies in the name of a weapon, an armed group or the like."""
        return any(a <= span.first and span.last <= b for a, b in self.named)

    def is_caps(self, index: int) -> bool:
        """Whether the piece stands in a sentence written in capitals throughout."""
        return self.pieces[index].sentence in self.caps_sentences

    def span(self, first: int, last: int, found: str, query: str = "") -> Span:
        """Make a span of pieces, without a possessive at its end."""
        start, end = self.pieces[first].start, self.pieces[last].end
        text = self.text[start:end]
        for tail in ("'s", "’s", "'", "’"):
            if text.endswith(tail) and len(text) > len(tail) + 1:
                end -= len(tail)
                break
        return Span(first, last, start, end, self.text[start:end], found, query)


def _pieces(doc: Doc) -> Iterator[Piece]:
    sentence = -1
    for token in doc:
        if token.is_sent_start or sentence < 0:
            sentence += 1
        if token.is_space:
            continue
        start = 0
        for joint in _JOINTS.finditer(token.text):
            if joint.start() > start:
                yield _piece(token, start, joint.start(), sentence)
            yield _piece(token, joint.start(), joint.end(), sentence)
            start = joint.end()
        if start < len(token.text):
            yield _piece(token, start, len(token.text), sentence)


def _piece(token: Token, start: int, end: int, sentence: int) -> Piece:
    text = token.text[start:end]
    return Piece(
        token.idx + start, token.idx + end, text, token.i, sentence, text.lower(), text[:1].isupper()
    )


def _caps_sentences(pieces: list[Piece]) -> frozenset[int]:
    upper: dict[int, int] = {}
    total: dict[int, int] = {}
    for piece in pieces:
        if len(piece.text) > 2 and piece.text.isalpha():
            total[piece.sentence] = total.get(piece.sentence, 0) + 1
            upper[piece.sentence] = upper.get(piece.sentence, 0) + piece.text.isupper()
    return frozenset(s for s, n in total.items() if n >= 4 and upper[s] > 0.8 * n)


class Names:
    """The gazetteer with a memory for one document: every name is looked up once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._found: dict[str, list[Candidate]] = {}

    def lookup(self, name: str) -> list[Candidate]:
        """Give the candidates of a name, best first."""
        found = self._found.get(name)
        if found is None:
            found = list(self.gazetteer.lookup(name))
            if not name.isupper():
                found = [c for c in found if c.kind != "code"]  # "Gao" is no airport's code
            self._found[name] = found
        return found


def build(text: Text, names: Names) -> list[Span]:
    """Give every span that may name a place, in the order of the text."""
    spans: dict[tuple[int, int], Span] = {}
    for span in _matches(text, names):
        spans.setdefault((span.start, span.end), span)
    if text.parsed.reads_grammar:
        for span in (*_entities(text), *_facilities(text)):
            if (span.start, span.end) not in spans and span.text:
                span.candidates = names.lookup(span.text) or by_stem(text, span, names)
                spans[span.start, span.end] = span
    text.named = list(other_names.find(text))
    kept = [s for s in spans.values() if not text.in_other_name(s)]
    return sorted(kept, key=lambda s: (s.start, s.end))


def by_stem(text: Text, span: Span, names: Names) -> list[Candidate]:
    """Give the places that a name means with its kind word left out: "Orne Province", "River Orne".

    Those of the kind that is asked for; for a valley, a bay and the like the place that gave its name.
    """
    kind, table = words().kind, words()
    last, first = kind.get(text.word(span.last), ""), kind.get(text.word(span.first), "")
    if span.last == span.first or not (last in STEMMED or first in STEMMED):
        return []
    begin = text.pieces[span.first + (last not in STEMMED)].start
    end = text.pieces[span.last - (last in STEMMED)].end
    stem = text.text[begin:end].removeprefix("of ")
    if not stem[:1].isupper() or stem.lower() in table.classes["never"]:
        return []
    found = [c for c in names.lookup(stem) if c.kind != "demonym"]
    asked = table.asks[last if last in STEMMED else first]
    wanted = [c for c in found if c.place.feature in asked]
    near = found if asked[0] in ("water", "area") and len(stem) > 3 else []
    if wanted or near:
        span.query = stem
    return wanted or near


def _may_start(text: Text, index: int) -> bool:
    piece = text.pieces[index]
    if not _LETTER.search(piece.text) or piece.lower in words().classes["never"]:
        return piece.capital and index + 1 < len(text.pieces) and text.pieces[index + 1].capital
    if piece.capital or not piece.text.isascii() and piece.text == piece.text.upper():
        return True
    return text.lower_case or piece.lower in ("al", "el", "as", "ad", "ash", "ar", "an")


def _matches(text: Text, names: Names) -> Iterator[Span]:
    """Give the gazetteer's matches at every piece, longest first, and short forms."""
    for first in range(len(text.pieces)):
        short = _short_form(text, first)
        if short:
            span = text.span(first, short[1], "short", short[0])
            span.candidates = names.lookup(span.query)
            if span.candidates:
                yield span
        if not _may_start(text, first):
            continue
        for last in reversed(_reach(text, names, first)):
            span = text.span(first, last, "gazetteer")
            if first == last and span.text.lower() in words().classes["never"]:
                continue
            if last > first and _state_of_office(text, last):
                continue
            span.candidates = names.lookup(span.text)
            if span.candidates:
                yield span


def touches(text: Text, index: int) -> bool:
    """Whether the next piece follows after one blank at most, in the same sentence."""
    piece, after = text.pieces[index], text.pieces[index + 1]
    abbreviated = piece.text.endswith(".")
    return after.start - piece.end <= 1 and (after.sentence == piece.sentence or abbreviated)


def _state_of_office(text: Text, last: int) -> bool:
    """Whether a kind word belongs to an office, not to the name before it: "Kansas State Police"."""
    after = last + 1
    if text.word(last) not in words().classes["of_office"] or after >= len(text.pieces):
        return False
    return text.pieces[last].capital and text.pieces[after].capital and touches(text, last)


def _reach(text: Text, names: Names, first: int) -> list[int]:
    """Give the last pieces of all runs from ``first`` that begin some name."""
    ends = []
    sentence = text.pieces[first].sentence
    start = text.pieces[first].start
    for last in range(first, min(first + LONGEST, len(text.pieces))):
        piece = text.pieces[last]
        if last > first:
            before = text.pieces[last - 1]
            gap = text.text[before.end : piece.start]
            if piece.sentence != sentence and before.text not in ("St.", "Ft.", "Mt.") or "\n\n" in gap:
                break
            if piece.text in (",", "(", ")", ";", ":", '"', "“", "”"):
                break
        if not _LETTER.search(piece.text) and not piece.text.isdigit():
            continue
        ends.append(last)
        if not names.gazetteer.has_prefix(fold(text.text[start : piece.end])):
            break
    return [last for last in ends if last == first or text.lower_case or _capital_end(text, last)]


def _capital_end(text: Text, last: int) -> bool:
    """A name of several words ends with a capital letter or a digit ("Ceamurlia de Jos")."""
    piece = text.pieces[last]
    hyphen = last > 0 and _JOINTS.match(text.pieces[last - 1].text) is not None
    return piece.capital or piece.text.isdigit() or hyphen or not piece.text.islower()


def _short_form(text: Text, first: int) -> tuple[str, int] | None:
    """Give the full name behind an abbreviation at a piece, and its last piece."""
    piece = text.pieces[first]
    lower = piece.lower
    table = words()
    full = table.abbreviations.get(lower)
    if not full and not (piece.capital and lower.rstrip(".") in table.after_comma):
        return None
    if "$" in (text.word(first - 1)[-1:], text.word(first + 1)[:1]):
        return None
    if full and (piece.text.isupper() or text.lower_case and "." in lower):
        return full, first
    bare = lower.rstrip(".")
    full = table.after_comma.get(bare)
    if not full or not piece.capital:
        return None
    before = text.word(first - 1)
    named = first >= 2 and text.pieces[first - 2].capital
    if before not in (",", "(") or not named:
        return None
    dotted = "." in piece.text or text.word(first + 1) == "."
    if not (piece.text.isupper() or dotted):
        return None
    if "." not in piece.text and dotted and not piece.text.isupper():
        touching = text.pieces[first + 1].start == piece.end
        return (full, first + 1) if touching else None
    return full, first


def complete(text: Text, span: Span, names: Names) -> None:
    """Let a name that goes on in small words mean the whole: the plant in "X nuclear power plant"."""
    last, kind = span.last, words().kind
    while last - span.last < TAIL and text.word(last + 1).isalpha() and touches(text, last):
        last += 1
        if text.pieces[last].capital:
            return
        if last - span.last < 2 or kind.get(text.word(last)) != "facility":
            continue
        whole = text.text[span.start : text.pieces[last].end]
        found = [c for c in names.lookup(whole) if c.place.feature == "facility"]
        if found:
            span.query, span.candidates = whole, found
            return


def _entities(text: Text) -> Iterator[Span]:
    """Give the model's place entities, without an article before or a possessive behind."""
    starts = {p.start: i for i, p in enumerate(text.pieces)}
    ends = {p.end: i for i, p in enumerate(text.pieces)}
    for entity in text.doc.ents:
        if entity.label_ not in PLACE_LABELS | {"NORP", "ORG", "PERSON"}:
            continue
        first, last = starts.get(entity.start_char), ends.get(entity.end_char)
        if first is None or last is None:
            continue
        while first < last and (
            text.word(first) in ("the", "a", "an")
            or not _LETTER.search(text.word(first))
            or (text.pieces[first].text.islower() and text.word(first) in words().classes["direction"])
        ):
            first += 1
        while first < last and text.word(last) in ("'s", "’s", "'", "’", ",", ".", "-", '"', "”"):
            last -= 1
        if "\n" in text.text[text.pieces[first].start : text.pieces[last].end]:
            continue
        if entity.label_ in PLACE_LABELS or last == first:
            yield text.span(first, last, "entity")


def _facilities(text: Text) -> Iterator[Span]:
    """Give capitalised runs that end with a kind word: "Salem General Hospital", "Mill Road"."""
    kind = words().kind
    for last in range(1, len(text.pieces)):
        piece = text.pieces[last]
        if not piece.capital or piece.lower not in kind or text.is_caps(last):
            continue
        first = last
        while first > 0 and last - first < 5 and _joins(text, first):
            first -= 1
        while first < last and text.word(first) in words().classes["never"]:
            first += 1
        if first < last and not _state_of_office(text, last):
            yield text.span(first, last, "facility")


def _joins(text: Text, index: int) -> bool:
    """Whether the piece before ``index`` belongs to the same capitalised run."""
    before, piece = text.pieces[index - 1], text.pieces[index]
    if before.sentence != piece.sentence or piece.start - before.end > 1:
        return False
    return before.capital or before.text in ("'s", "’s") or before.text.isdigit()
