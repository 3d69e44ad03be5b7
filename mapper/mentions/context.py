"""What a whole document says about its names: its people, organisations, diseases and countries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.mentions.lattice import Span, Text, touches
from mapper.mentions.words import words

if TYPE_CHECKING:
    from spacy.tokens import Span as Entity

Features = dict[str, float]
ORGANISATIONS = ("gov", "press", "edu", "health", "company", "sport", "body")
PLACE_BEFORE = frozenset({"in", "at", "near", "towards", "toward", "outside", "around", "inside"})
"""Words before a capitalised run that speak against a person, whatever the model reads in it."""


@dataclass(slots=True)
class Context:
    """What the whole document says about names: its people, its labels and its countries."""

    people: Counter[str] = field(default_factory=Counter)
    """Words of full person names, with how often they were seen."""
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    """Label counts of every entity surface."""
    countries: Counter[str] = field(default_factory=Counter)
    """Countries that the clear names of the text speak for."""
    entity_of: dict[int, Entity] = field(default_factory=dict)
    """The entity that holds a token."""
    counts: Counter[str] = field(default_factory=Counter)
    """How often each surface occurs among the spans."""
    orgs: Counter[str] = field(default_factory=Counter)
    """First words of organisations' names that do not govern a place."""
    diseases: frozenset[str] = frozenset()
    """Surfaces that stand before "virus", "fever" and the like somewhere in the text."""
    persons: frozenset[str] = frozenset()
    """Words of names that a title, an age or a verb of saying shows to be a person's."""
    surnames: frozenset[str] = frozenset()
    """Words that end a run of two or three capitalised words which may be a person's name."""
    placed: frozenset[str] = frozenset()
    """Surfaces that stand after "in", "near" and the like somewhere in the text."""
    governed: frozenset[str] = frozenset()
    """Surfaces that somewhere begin the name of an office or a hospital ("Troy Police")."""
    starts: dict[int, list[Span]] = field(default_factory=dict)
    """The spans that begin with a piece."""
    at: dict[int, list[Span]] = field(default_factory=dict)
    """The spans that begin or end with a piece."""
    longer: dict[int, list[Span]] = field(default_factory=dict)
    """The spans of several pieces that hold a piece."""


def context(text: Text, spans: list[Span]) -> Context:
    """Gather the evidence that the whole document gives."""
    found = Context()
    _read_entities(text, spans, found)
    known = {(s.first, s.last) for s in spans if s.last > s.first and s.found == "gazetteer" and s.candidates}
    strong = list(_persons(text, known))
    found.people.update(strong)
    found.persons = frozenset(strong)
    found.surnames = frozenset(_surnames(text, known))
    found.placed = frozenset(s.text.lower() for s in spans if _placed(text, s))
    found.governed = frozenset(s.text.lower() for s in spans if _governed(text, s))
    sick = words().classes["disease"]
    found.diseases = frozenset(s.text.lower() for s in spans if text.word(s.last + 1) in sick)
    found.orgs = +found.orgs
    for span in spans:
        found.counts[span.text.lower()] += 1
        found.starts.setdefault(span.first, []).append(span)
        for index in {span.first, span.last}:
            found.at.setdefault(index, []).append(span)
        for index in range(span.first, span.last + 1) if span.last > span.first else ():
            found.longer.setdefault(index, []).append(span)
        if span.candidates and span.found in ("gazetteer", "short"):
            best = span.candidates[0]
            big = best.place.feature in ("country", "region") or best.place.population >= 200_000
            if big and best.place.country:
                found.countries[best.place.country] += 1
    return found


def _read_entities(text: Text, spans: list[Span], found: Context) -> None:
    """Note the labels of the model's entities, and the words of people's and organisations' names."""
    peoples = {text.pieces[s.last].token for s in spans if s.candidates and s.candidates[0].kind == "demonym"}
    spelt = {(s.start, s.end) for s in spans if s.candidates and s.candidates[0].match in ("exact", "folded")}
    for entity in text.doc.ents:
        for token in entity:
            found.entity_of[token.i] = entity
        found.labels.setdefault(_bare(entity.text), Counter())[entity.label_] += 1
        if len(entity) < 2:
            continue
        if entity.label_ == "PERSON" and not _verb_in(text, entity):
            before = text.doc[entity.start - 1].lower_ if entity.start else ""
            odd = any(token.i in peoples or _kind_or_org(token.lower_) for token in entity)
            # "Wad Madani", "El Fasher": two words that are no first name and surname
            odd |= (entity.start_char, entity.end_char) in spelt
            odd |= entity[0].lower_ in words().classes["particle"]
            odd |= words().kind.get(entity[-1].lower_.removesuffix("s")) == "road"
            if before in PLACE_BEFORE or odd:
                continue
            found.people.update(t.lower_ for t in entity if t.is_alpha and t.text[0].isupper())
        elif entity.label_ == "ORG" and entity[0].text[:1].isupper():
            governs = org_class(entity[-1].lower_) in ("gov", "edu", "health")
            found.orgs[entity[0].lower_] += not governs


def _verb_in(text: Text, entity: Entity) -> bool:
    """Whether a "person" ends with a verb form or a word that the text writes small elsewhere."""
    last = entity[-1].lower_
    verb = last.endswith(("ed", "ing")) and text.dictionary(last) == "common"
    return verb or last in text.lower_words


def _bare(surface: str) -> str:
    bare = surface.lower().removeprefix("the ")
    for tail in ("'s", "’s"):
        bare = bare.removesuffix(tail)
    return bare.strip()


def _placed(text: Text, span: Span) -> bool:
    """Whether the words before a span want a place: "in X", "the town of X"."""
    before = text.word(span.first - 1)
    if before == "of":
        return words().kind.get(text.word(span.first - 2)) in ("settlement", "region", "district")
    if before in words().classes["direction"]:
        before = text.word(span.first - 2)
    return before in PLACE_BEFORE or before == "from"


def _governed(text: Text, span: Span) -> bool:
    """Whether an office or a hospital is named after the span; schools bear the names of people."""
    after = span.last + 1
    if after >= len(text.pieces) or not text.pieces[after].capital or text.breaks(span.last):
        return False
    return org_class(text.word(after)) in ("gov", "health")


def org_class(word: str) -> str:
    """Say what kind of organisation a word of its name makes it: "gov", "press", ..., or ""."""
    table = words().classes
    return next((name for name in ORGANISATIONS if word in table[name]), "")


def _persons(text: Text, known: set[tuple[int, int]]) -> Iterator[str]:
    """Give the words of runs of capitalised words that only a person's name is: titled, aged or speaking."""
    for first, last in runs(text):
        start = first
        while start <= last and _stripped(text, start):
            start += 1
        if start > last or last - start > 3 or (start, last) in known:
            continue
        names = [p.lower for p in text.pieces[start : last + 1]]
        titled = start > 0 and text.word(start - 1) in words().classes["title"]
        noun = start > 0 and last > start and text.word(start - 1) in words().classes["person_noun"]
        capital_title = (titled and (start > first or last > start)) or noun
        aged = _aged(text, last)
        if not (capital_title or aged or (last > start and _speaks(text, start, last))):
            continue
        odd = names[:-1] if aged else names  # "Ann Lane, 39," is a person in spite of her name
        if not any(n in text.lower_words or _kind_or_org(n) for n in odd):
            yield from names


def _surnames(text: Text, known: set[tuple[int, int]]) -> Iterator[str]:
    """Give the last words of short capitalised runs that neither the gazetteer nor a kind word explains."""
    for first, last in runs(text):
        start = first
        while start < last and _stripped(text, start):
            start += 1
        if not 1 <= last - start <= 2 or (start, last) in known or (last - 1, last) in known:
            continue
        before = text.word(last - 1)
        if before in words().classes["direction"] or _kind_or_org(before) or _kind_or_org(text.word(last)):
            continue
        yield text.word(last)


def runs(text: Text) -> Iterator[tuple[int, int]]:
    """Give the longest rows of capitalised words that touch, as their first and last pieces."""
    first = -1
    for index, piece in enumerate(text.pieces):
        named = piece.capital and piece.text.replace(".", "").replace("'", "").isalpha()
        named = named and not text.is_caps(index)
        if first >= 0 and not (named and touches(text, index - 1)):
            yield first, index - 1
            first = -1
        if named and first < 0:
            first = index
    if first >= 0:
        yield first, len(text.pieces) - 1


def _stripped(text: Text, index: int) -> bool:
    """Whether a capitalised word before a name is none of its own: a title, an office, a common word."""
    word = text.word(index)
    table = words()
    return word in table.classes["title"] or word in table.classes["never"] or _kind_or_org(word)


def _kind_or_org(word: str) -> bool:
    return word in words().kind or bool(org_class(word))


def _aged(text: Text, last: int) -> bool:
    """Whether an age follows: "Ann Hill, 39, ..."."""
    age = text.word(last + 2)
    return (
        text.word(last + 1) == ","
        and age.isdigit()
        and len(age) < 3
        and text.word(last + 3) in (",", ".", "of")
    )


def _speaks(text: Text, first: int, last: int) -> bool:
    labels = {text.token(i).ent_type_ for i in range(first, last + 1)}
    if labels & {"GPE", "LOC", "FAC", "NORP"}:
        return False
    if text.word(last + 1) == "," and text.word(last + 2) == "who":
        return True
    return "ORG" not in labels and text.word(last + 1) in words().classes["speech"]
