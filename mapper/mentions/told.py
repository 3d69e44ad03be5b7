"""Names that the words beside them tell to be places: "X village", "the hamlet of X", "in X, west of Y".

Nobody knows all villages. The classifier, which weighs many signs of a name, is shy of one that neither the
gazetteer nor the model knows; a word for what it is tells enough.
"""

from __future__ import annotations

from gazetteer.place import Candidate
from mapper.mentions.context import Context, org_class
from mapper.mentions.lattice import Names, Span, Text
from mapper.mentions.words import words

CERTAIN = 0.9
"""How sure a name is that only the words beside it tell to be a place."""
LONGEST = 5
"""Pieces at most in such a name."""
ACRONYM = 5
"""Letters of a short form in capitals, which names a party or a group rather than a place."""
TOWN = 20_000
"""Population from which a name before "herders" is a town's."""
GREAT = 300_000
"""Population of a city whose sides bear its name: "North London"."""
LARGE = frozenset({"country", "region", "continent", "area"})
Part = tuple[int, int]


def add(text: Text, chosen: list[Span], doc: Context, names: Names) -> list[Span]:
    """Add to the chosen spans the names that the words beside them tell, and drop those of tribes.

    Gives them in the order of the text.
    """
    chosen = [span for span in chosen if not _is_people(text, span)]
    kept = list(chosen)
    for part in _told(text):
        across = [s for s in kept if s.first <= part[1] and part[0] <= s.last]
        if not all(less(s, part) for s in across) or not _new(text, part, doc):
            continue
        kept = [s for s in kept if s not in across]
        span = text.span(*part, "entity")
        span.candidates = names.lookup(span.text)
        if text.word(part[0]) in words().classes["direction"] and not span.candidates:
            span.query = text.span(part[0] + 1, part[1], "entity").text  # "North London"
            span.candidates = names.lookup(span.query)
            if not any(_great(c) for c in span.candidates[:3]):
                continue
        if span.candidates and span.candidates[0].kind == "demonym":
            continue
        span.probability = CERTAIN
        kept.append(span)
    return sorted(kept, key=lambda s: s.start)


def within(span: Span, whole: Span) -> bool:
    """Whether a span is a proper part of another."""
    return whole.start <= span.start and span.end <= whole.end and len(span.text) < len(whole.text)


def less(span: Span, part: Part) -> bool:
    """Whether a chosen span, no region's nor town's name, is only a part of a name."""
    whole = part[0] <= span.first and span.last <= part[1] and span.last - span.first < part[1] - part[0]
    known = (c.place for c in span.candidates[:5])
    return whole and not any(p.feature in LARGE or p.population >= TOWN for p in known)


def _is_people(text: Text, span: Span) -> bool:
    """Whether "tribesmen", "herders" or the like follow a name that is hardly a place's own."""
    if text.word(span.last + 1) not in words().classes["folk"] or not span.candidates:
        return False
    own = (c for c in span.candidates[:5] if c.match == "exact" and c.kind in ("preferred", "demonym"))
    return not any(c.kind == "demonym" or c.place.feature in LARGE or c.place.population >= TOWN for c in own)


def _told(text: Text) -> list[Part]:
    """Give the first and last pieces of the names that stand beside a telling word."""
    table, found = words(), []
    for index, piece in enumerate(text.pieces):
        if piece.lower in table.classes["spot"]:
            if not piece.capital:
                found.append(_before(text, index - 1))
            elif text.word(index) in table.classes["spot_before"]:
                found.append(_after(text, index + 1))
        if piece.capital and piece.lower in table.classes["direction"]:
            found.append(_side(text, index))
        if piece.capital and piece.lower in table.classes["spot_end"]:
            found.append(_natural(text, index))
        if piece.lower == "of" and text.word(index - 1) in table.classes["spot_of"]:
            found.append(_after(text, index + 1))
        if piece.lower == "," and _apposed(text, index):
            found.append(_before(text, index - 1))
    return [part for part in found if part is not None]


def _before(text: Text, last: int) -> Part | None:
    """Give the name that ends with a piece, where the word before it wants a place."""
    part = run_to(text, last)
    if part is None:
        return None
    before = part[0] - 1
    if text.word(before) in ("and", "or") and before:
        listed = text.pieces[before - 1].capital or text.word(before - 1) in words().kind
        return part if listed else None
    if text.word(before) in words().classes["direction"]:
        before -= 1  # "in eastern X countryside"
    return part if text.word(before) in words().classes["in"] else None


def _side(text: Text, first: int) -> Part | None:
    """Give a city's side: "in North London"."""
    part = _after(text, first)
    alone = part is None or part[0] == part[1] or text.pieces[part[1]].lower in words().kind
    if alone or first == 0 or text.pieces[first - 1].capital:
        return None
    return part if text.word(first - 1) in words().classes["in"] else None


def _great(candidate: Candidate) -> bool:
    return candidate.kind == "preferred" and candidate.place.population >= GREAT


def _natural(text: Text, last: int) -> Part | None:
    """Give the name that ends with a word of nature: "at Salt Lake", "in the Kara Valley"."""
    part = run_to(text, last)
    if part is None or part[0] == last or text.pieces[last - 1].lower in words().kind:
        return None
    if last + 1 < len(text.pieces) and text.pieces[last + 1].capital and not text.breaks(last):
        return None
    before = text.word(part[0] - 1)
    if before == "the":
        before = text.word(part[0] - 2)
    return part if before in words().classes["in"] else None


def _after(text: Text, first: int) -> Part | None:
    """Give the name that begins with a piece, unless a noun goes on with it: "the town of Ford workers"."""
    last = first
    while last + 1 < len(text.pieces) and last - first + 1 < LONGEST and _goes_on(text, last):
        last += 1
    while last > first and not text.pieces[last].capital:
        last -= 1
    if first >= len(text.pieces) or text.breaks(first - 1) or not is_name(text, first, last):
        return None
    if last + 1 < len(text.pieces) and not text.pieces[last + 1].capital:
        after = text.word(last + 1)
        if text.token(last + 1).pos_ in ("NOUN", "ADJ") and after.isalpha() and after not in words().kind:
            return None
    return first, last


def _goes_on(text: Text, last: int) -> bool:
    piece = text.pieces[last + 1]
    if piece.start - text.pieces[last].end > 1 or text.breaks(last):
        return False
    return piece.capital or piece.text in ("-", "'", "’") or particle(text, last + 1)


def _apposed(text: Text, comma: int) -> bool:
    """Whether a comma is followed by where a place is: ", west of Y", ", 5 km from Y", ", a village"."""
    table, index = words(), comma + 1
    if text.word(index) in ("a", "the", "another"):
        near = (text.word(index + step) for step in (1, 2, 3))
        return any(word in table.classes["spot"] for word in near)
    if text.word(index).isdigit():
        index += 2
    return text.word(index) in table.classes["direction"] and text.word(index + 1) in ("of", "from")


def _new(text: Text, part: Part, doc: Context) -> bool:
    """Whether a run of words may be a place's name: no firm's, no person's that the text shows elsewhere."""
    inside = [text.word(index) for index in range(part[0], part[1] + 1)]
    if any(org_class(word) or word in doc.persons for word in inside):
        return False
    return text.text[text.pieces[part[0]].start : text.pieces[part[1]].end].lower() not in words().ordinary


def run_to(text: Text, last: int) -> Part | None:
    """Give the capitalised name that ends with a piece."""
    if last < 1 or not text.pieces[last].capital or text.breaks(last):
        return None
    first = last
    while first > 0 and last - first + 1 < LONGEST and _joins(text, first):
        first -= 1
    return (first, last) if is_name(text, first, last) else None


def _joins(text: Text, first: int) -> bool:
    """Whether the piece before belongs to the same name."""
    before, piece = text.pieces[first - 1], text.pieces[first]
    if piece.start - before.end > 1 or text.breaks(first - 1):
        return False
    return before.capital or before.text in ("-", "'", "’") or particle(text, first - 1)


def is_name(text: Text, first: int, last: int) -> bool:
    """Whether pieces are the words of one name, with a kind word at the end perhaps."""
    table = words()
    if not 0 <= last - first < LONGEST or not (text.pieces[first].capital or particle(text, first)):
        return False
    for index in range(first, last + 1):
        piece = text.pieces[index]
        small = piece.lower in table.kind or piece.lower in ("and", "of") or particle(text, index)
        if not (piece.capital or small or piece.text in ("-", "'", "’")):
            return False
        if piece.lower in table.classes["weekday_month"] or org_class(piece.lower) in ("press", "company"):
            return False
    whole = text.text[text.pieces[first].start : text.pieces[last].end]
    return not (whole.isupper() and len(whole) <= ACRONYM) and text.word(first) not in table.classes["never"]


def particle(text: Text, index: int) -> bool:
    """Whether a small word may be part of a name: "al", not "at"."""
    word, classes = text.word(index), words().classes
    return word in classes["particle"] and word not in classes["in"]
