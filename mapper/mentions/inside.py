"""In what other place the text puts a name: "X, Y", "X in Y" and "X (Y)" put X inside Y; lists do not."""

from __future__ import annotations

from mapper.mentions import heads, kinds
from mapper.mentions.lattice import Span, Text
from mapper.mentions.second import holds
from mapper.mentions.words import words

JOINTS = (",", "and", ", and", "or")
"""What stands between the names of a list."""
SIZES = {"municipality": 1, "district": 1, "region": 2}
"""Kinds of places that hold others, and which of them hold which."""
LISTING = frozenset({"country", "continent", "area"})
"""Features of a name whose bracket lists what lies in it: "Mali (Gao, Kidal)"."""
CHAIN = 12
"""Pieces at most from a name in a bracket to its ends."""


def containers(text: Text, spans: list[Span]) -> list[Span | None]:
    """Give for each span the one that the text says contains it; a list shares what its last name has.

    "A, B and C in D": all three lie in D.
    """
    outers = [inside(text, span, spans) for span in spans]
    holding = {id(outer) for outer in outers if outer is not None}
    for i in range(len(spans) - 2, -1, -1):
        if outers[i] is not None or id(spans[i]) in holding or kinds.is_demonym(spans[i]):
            continue
        between = text.text[spans[i].end : spans[i + 1].start].strip()
        if between in JOINTS and kinds.finer(spans[i]) and kinds.finer(spans[i + 1]):
            outers[i] = _shared(spans[i], outers[i + 1])
            if outers[i] is not None and _own_state(text, spans[i + 1], outers[i]):
                outers[i] = None
    return heads.ruled(text, spans, outers)


def _own_state(text: Text, span: Span, outer: Span | None) -> bool:
    """Whether a comma puts one name into a state: "Chicago and Toledo, Ohio" says nothing of Chicago."""
    if outer is None or text.text[span.end : outer.start].strip() != ",":
        return False
    return bool(outer.candidates) and outer.candidates[0].place.feature != "country"


def _shared(span: Span, outer: Span | None) -> Span | None:
    """Give what contains the next name of a list, if it can hold this one too."""
    if outer is None or span.found == "sound" or not outer.candidates:
        return outer
    return outer if holds(outer.candidates, span.candidates) else None


def inside(text: Text, span: Span, spans: list[Span]) -> Span | None:
    """Give the span that the text says contains this one: "X, Y", "X (Y)", "X in Y", "X's Y"."""
    following = next((s for s in spans if s.start >= span.end), None)
    if following is not None and following.first - span.last in (2, 3, 4, 5, 6):
        if text.word(following.first - 1) == "of" and _cardinal(text.word(following.first - 2)):
            return None
        if heads.holds_next(text, span, following) or _begins_clause(text, span, following):
            return None
        chained = _in_chain(text, span, following, spans)
        if not chained and _too_large(span, following):
            return None
        between = _joining(text, span.last + 1, following.first)
        island = between in ("on", "on the") and _is_island(following)
        if island or between in (",", "(", "in", "in the", ", in", ", in the", "of"):
            listed = (
                between == ","
                and not chained
                and (
                    not (_said_to_hold(text, span, following) or _is_container(following, span))
                    or _goes_on(text, span, following, spans)
                )
            )
            return None if kinds.is_demonym(following) or listed else following
    before = next((s for s in reversed(spans) if s.end <= span.start), None)
    if before is not None and text.text[before.end : span.start].strip() in ("'s", "’s"):
        return before
    if before is not None and not kinds.is_demonym(before) and heads.holds_next(text, before, span):
        return before
    return None


def _is_island(span: Span) -> bool:
    """Whether the name is an island's or the like's: "X on Y"."""
    return any(c.place.feature in ("area", "region") for c in span.candidates[:3])


def _in_chain(text: Text, span: Span, following: Span, spans: list[Span]) -> bool:
    """Whether the form says that a comma leads to what is larger: "X (Y, Z)", "Barangay Y, Z"."""
    if text.word(span.first - 1) in words().classes["spot_before"] or kinds.is_quarter(text, span):
        return True
    opening = span.first - 1
    while opening > 0 and span.first - opening < CHAIN and text.word(opening) not in ("(", ")", "and"):
        opening -= 1
    closing = following.last + 1
    while closing - following.last < CHAIN and text.word(closing) not in ("(", ")", "and", ""):
        closing += 1
    if text.word(opening) != "(" or text.word(closing) != ")":
        return False
    before = opening - 1
    while before > 0 and (text.word(before) in words().kind or text.word(before) in ("area", "countryside")):
        before -= 1
    if before < 0 or not text.pieces[before].capital:
        return False
    head = next((s for s in spans if s.last == before), None)
    return head is None or not head.candidates or head.candidates[0].place.feature not in LISTING


def _too_large(span: Span, following: Span) -> bool:
    """Whether a country cannot lie in what follows: "They meet the Netherlands in Hyderabad"."""
    if following.found == "short" or not (span.candidates and following.candidates):
        return False
    if span.candidates[0].place.feature != "country":
        return False
    large = ("country", "region", "continent", "area", "district")
    return following.candidates[0].place.feature not in large


def _begins_clause(text: Text, span: Span, following: Span) -> bool:
    """Whether a country after a comma begins the clause: "in Rome, U.S. officials said"."""
    if text.text[span.end : following.start].strip() != "," or not text.parsed.reads_grammar:
        return False
    if not following.candidates or following.candidates[0].place.feature != "country":
        return False
    if kinds.before_actor(text, following):
        return True
    return text.token(following.last).dep_ == "nsubj" and text.word(following.last + 1) != ","


def _goes_on(text: Text, span: Span, following: Span, spans: list[Span]) -> bool:
    """Whether a comma parts names of a list that goes on: "Niger, Nigeria and Togo", towns likewise."""
    if following.found == "short" or not (span.candidates and following.candidates):
        return False
    countries = all(s.candidates[0].place.feature == "country" for s in (span, following))
    if not countries and not (_may_be_town(span) and _may_be_town(following)):
        return False
    third = next((s for s in spans if s.start >= following.end), None)
    if third is None or third.found == "short":
        return False
    if text.text[following.end : third.start].strip() not in JOINTS:
        return False
    return countries or not holds(third.candidates, following.candidates)


def _may_be_town(span: Span) -> bool:
    """Whether the name is a town's, or a town's with its district; not first of all a region's."""
    first = span.candidates[0].place.feature
    return first in ("settlement", "district", "municipality") and any(
        c.place.feature == "settlement" and c.match == "exact" for c in span.candidates[:3]
    )


def _cardinal(word: str) -> bool:
    """Whether a word is "north", "south-east" and so on: "a village north of X" does not lie in X."""
    return word in words().classes["direction"] and word.endswith(("north", "south", "east", "west"))


def _said_to_hold(text: Text, span: Span, following: Span) -> bool:
    """Whether the kinds of two names say that the second holds the first: "X district, Y province"."""
    one, other = (words().kind.get(text.word(s.last + 1), "") for s in (span, following))
    plural = text.word(following.last + 1).endswith("s")
    if other not in SIZES or plural or (not one and _maybe_region(span)):
        return False
    return SIZES.get(one, 0) < SIZES[other]


def _maybe_region(span: Span) -> bool:
    return any(c.place.feature in ("region", "country") and c.match != "fuzzy" for c in span.candidates[:3])


def _is_container(span: Span, inner: Span) -> bool:
    """Whether a name after a comma is rather what contains the name before it than the next of a list."""
    if span.found == "short":
        return True
    if _both_regions(span, inner):
        return False
    features = ("country", "region", "district", "area", "continent")
    large = bool(span.candidates) and span.candidates[0].place.feature in features
    return (large and not _well_known(inner)) or holds(span.candidates, inner.candidates)


def _well_known(span: Span) -> bool:
    """Whether a name is a city's as it stands: where no namesake lies in what follows, it is a list."""
    return any(
        c.place.population >= (100_000 if c.match == "exact" else 500_000) and c.kind != "demonym"
        for c in span.candidates[:3]
    )


def _both_regions(one: Span, other: Span) -> bool:
    """Whether both names are regions of one country: "Georgia, Oklahoma and Texas" is a list."""
    codes = [
        {c.place.country for c in s.candidates[:5] if c.place.feature == "region" and c.match == "exact"}
        for s in (one, other)
    ]
    return bool(codes[0] & codes[1])


def _joining(text: Text, first: int, stop: int) -> str:
    """Give the words between two names, without kind words and directions ("district in southern")."""
    table = words()
    return " ".join(
        word
        for word in (text.word(i) for i in range(first, stop))
        if word not in table.kind and word not in table.classes["direction"] and word not in kinds.ADJECTIVES
    )
