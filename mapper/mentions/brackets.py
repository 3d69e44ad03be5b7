"""Brackets that say where a name lies: "in X village (Y, Z)", "X (Y LGA, Z state)".

Reports by analysts name a place with its district and region in brackets. That form tells of names that
nobody knows as well that they are places; the classifier, which looks at one name at a time, misses them.
"""

from __future__ import annotations

from collections.abc import Sequence

from gazetteer.place import Candidate
from mapper.mentions.context import Context, org_class
from mapper.mentions.lattice import STEMMED, Names, Span, Text, by_stem
from mapper.mentions.told import CERTAIN, LONGEST, Part, is_name, less, run_to, within
from mapper.mentions.words import words

MOST_PARTS = 4
"""Names at most in one bracket."""
HOLDING = frozenset({"region", "district", "country", "municipality", "area"})


def add(text: Text, chosen: list[Span], doc: Context, names: Names) -> list[Span]:
    """Add to the chosen spans those that brackets tell to be places; in the order of the text."""
    kept = list(chosen)
    for opening in (i for i, piece in enumerate(text.pieces) if piece.text == "("):
        parts = _parts(text, opening)
        spans = [_span(text, part, names) for part in parts]
        if not spans or not any(_holds(span, kept) for span in spans):
            continue
        head = _head(text, opening, len(spans) > 1)
        spelt = any(s.last == opening - 1 or s.last == _end(text, opening) for s in kept)
        if head is None and not spelt:
            continue
        if len(spans) == 1 and (head is None or not _single(text, head, doc)):
            continue
        found = [*([_span(text, head, names)] if head is not None else []), *spans]
        kept = _merged(kept, found)
    return sorted(kept, key=lambda s: s.start)


def _parts(text: Text, opening: int) -> list[Part]:
    """Give the first and last pieces of the names between brackets; nothing where other words are."""
    parts: list[Part] = []
    first = opening + 1
    for index in range(first, min(opening + (LONGEST + 1) * MOST_PARTS, len(text.pieces))):
        word = text.word(index)
        if text.breaks(index - 1):
            return []
        if word in (",", ")"):
            if not is_name(text, first, index - 1):
                return []
            parts.append((first, index - 1))
            first = index + 1
            if word == ")":
                return parts if len(parts) <= MOST_PARTS else []
    return []


def _span(text: Text, part: Part, names: Names) -> Span:
    """Make a span of a name without the kind word behind it; one in capitals is part of the name."""
    first, last = part
    kind = words().kind.get(text.word(last), "")
    if last > first and kind and not text.pieces[last].capital:
        last -= 1
    span = text.span(first, last, "entity")
    span.candidates = names.lookup(span.text)
    if not span.candidates and last > first and kind in STEMMED:
        span.found = "facility"
        span.candidates = by_stem(text, span, names)
    span.probability = CERTAIN
    return span


def _holds(span: Span, chosen: Sequence[Span]) -> bool:
    """Whether a name of a bracket is a place, or one that may hold others."""
    taken = any(s.first <= span.last and span.first <= s.last for s in chosen)
    return taken or span.found == "facility" or any(_large(c) for c in span.candidates[:8])


def _large(candidate: Candidate) -> bool:
    return candidate.place.feature in HOLDING and candidate.kind not in ("demonym", "code")


def _end(text: Text, opening: int) -> int:
    """Give the piece before a bracket, without kind words: "X village (Y)"."""
    end = opening - 1
    while end > 0 and _is_kind(text, end):
        end -= 1
    return end


def _is_kind(text: Text, index: int) -> bool:
    word = text.word(index)
    return (word in words().kind or word in ("area", "countryside")) and not text.pieces[index].capital


def _head(text: Text, opening: int, listed: bool) -> Part | None:
    """Give the name before a bracket, when the words before it want a place or, in a list, follow a name."""
    run = run_to(text, _end(text, opening))
    if run is None:
        return None
    first, last = run
    before = text.word(first - 1)
    if before == "the" and last < opening - 1:
        before = text.word(first - 2)  # "shelled the X area (Y)"
    kind = words().kind.get(before)
    if before == "of":
        two = text.word(first - 2)
        telling = ("dwellers", "direction", "spot_of", "holding")
        placed = words().kind.get(two) or any(two in words().classes[name] for name in telling)
        return (first, last) if placed else None
    listed = listed and before in ("and", ",") and first > 1 and text.pieces[first - 2].capital
    return (first, last) if listed or before in words().classes["in"] or kind == "settlement" else None


def _single(text: Text, head: Part, doc: Context) -> bool:
    """Whether a name before a bracket with one name may be a place: no firm's and no office's."""
    if text.word(head[0] - 1) == "of":
        return True
    if any(org_class(text.word(i)) for i in range(head[0], head[1] + 1)):
        return False
    entity = doc.entity_of.get(text.pieces[head[0]].token)
    return entity is None or entity.label_ not in ("ORG", "PERSON")


def _merged(chosen: list[Span], found: Sequence[Span]) -> list[Span]:
    """Add spans that overlap none; one that the gazetteer knows as it stands replaces its parts."""
    kept = list(chosen)
    for span in found:
        across = [s for s in kept if s.overlaps(span)]
        if not across:
            kept.append(span)
        elif all(less(s, (span.first, span.last)) for s in across) or (
            span.candidates and not span.query and all(within(s, span) for s in across)
        ):
            kept = [*(s for s in kept if s not in across), span]
    return kept
