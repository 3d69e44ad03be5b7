"""Names that rule what follows: "In Texas, ... near Paris", "the Texas town of Paris", headings."""

from __future__ import annotations

from collections.abc import Sequence

from mapper.mentions.lattice import Span, Text
from mapper.mentions.second import holds
from mapper.mentions.words import words

RULING = frozenset({"country", "region"})
"""Features of a name that may say where all that follows lies."""
LONGEST = 3
"""Pieces in the longest heading beside the name itself: "Northern Region:", "News from Kenya"."""
GREAT = 300_000
"""Population of a city that is meant by its name alone, though a region has the same."""
TURNS = frozenset({"while", "whereas", "elsewhere", "meanwhile", "unlike", "as", "but", ";"})
"""Words after which a sentence may go elsewhere."""


def ruled(text: Text, spans: Sequence[Span], outers: list[Span | None]) -> list[Span | None]:
    """Put names into the country or region that the sentence begins with or the section is headed by.

    Only names that have a namesake there and that the text puts nowhere else; the first name of a sentence
    that has none ends what "In X, ..." rules.
    """
    found = list(outers)
    inner = {id(span) for span, outer in zip(spans, outers, strict=True) if outer is not None}
    holders = {id(outer) for outer in outers if outer is not None}
    heading: Span | None = None
    for i, span in enumerate(spans):
        if _heads(text, span):
            heading = span if _large(span) else None
            continue
        if _opens(text, span):
            _rule_sentence(text, span, i, spans, found, holders)
        if heading is None or found[i] is not None or id(span) in holders or id(span) in inner:
            continue
        if _may_lie(span, heading):
            found[i] = heading
    return found


def holds_next(text: Text, span: Span, following: Span) -> bool:
    """Whether the text says that the next name lies in this one: "the Texas town of X", "Leeds suburb X"."""
    word = text.word(span.last + 1)
    if words().kind.get(word) != "settlement" or not span.candidates:
        return False
    if word in words().classes["part_of"] and text.word(span.first - 1) != "the":
        return False  # "X neighborhood of Y", not "the Y neighborhood of X"
    joint = 1 + (text.word(span.last + 2) == "of")
    return following.first == span.last + joint + 1


def _rule_sentence(
    text: Text, head: Span, number: int, spans: Sequence[Span], found: list[Span | None], holders: set[int]
) -> None:
    sentence = text.pieces[head.first].sentence
    last = head.last
    for i in range(number + 1, len(spans)):
        span = spans[i]
        if text.pieces[span.first].sentence != sentence:
            return
        if any(text.word(k) in TURNS for k in range(last + 1, span.first)):
            return
        last = span.last
        if not _may_lie(span, head):
            if span.candidates and span.candidates[0].kind != "demonym":
                return
            continue
        before = text.word(span.first - 1)
        if found[i] is None and id(span) not in holders and before in words().classes["in"]:
            found[i] = head


def _large(span: Span) -> bool:
    """Whether a name is a country's or region's, and no great city's as well ("In New York, ...")."""
    first = [c for c in span.candidates[:3] if c.kind != "demonym"]
    if any(c.place.feature == "settlement" and c.place.population >= GREAT for c in first):
        return False
    return any(c.place.feature in RULING and c.match in ("exact", "folded") for c in first)


def _may_lie(span: Span, head: Span) -> bool:
    """Whether the name has a namesake in the country or region, and is no country itself."""
    if not span.candidates or span.candidates[0].place.feature in ("country", "continent"):
        return False
    return span.candidates[0].kind != "demonym" and holds(head.candidates, span.candidates)


def _opens(text: Text, span: Span) -> bool:
    """Whether a sentence begins with "In X," or "Across X,"."""
    before = span.first - 1
    if before < 0 or text.word(before) not in words().classes["in"] or not _large(span):
        return False
    if before and text.pieces[before - 1].sentence == text.pieces[before].sentence:
        return False
    after = span.last + 1
    while text.word(after) in words().kind:
        after += 1
    return text.word(after) == ","


def _heads(text: Text, span: Span) -> bool:
    """Whether a line holds the name and little else, no whole sentence: "UKRAINE", "Northern Region:"."""
    start = text.text.rfind("\n", 0, span.start) + 1
    end = text.text.find("\n", span.end)
    if end < 0:
        return False  # the last line heads nothing
    if text.text[start : span.start].strip(" *#-–—•\t") or not text.text[end:].strip():
        return False
    rest = text.text[span.end : end].strip().rstrip(":").split()
    return not rest or (len(rest) < LONGEST and all(w.lower() in words().kind for w in rest))
