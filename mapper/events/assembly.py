"""The parts of an event that follow from its draft: places, status, confidence, and whose home it is."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from mapper.events import claims, grammar, places
from mapper.events.lexicon import load
from mapper.types import EventPlace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from spacy.tokens import Doc, Token

    from mapper.events.claims import Saying
    from mapper.events.drafts import Draft
    from mapper.events.places import PlaceArg
    from mapper.types import Claim, Event, Resolution, Role, Status

_NOT_PLACED = ("peace", "return", "evacuate", "deploy", "leave")
"""Families of events that people do to themselves."""
_WHERE = ("at", "in", "near", "around", "on", "outside", "off")
_NO_PLACES = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "CARDINAL", "ORDINAL", "NORP"})
"""What the model never calls a place whose name it does not know."""
_PLACES = frozenset({"GPE", "LOC", "FAC", ""})
_AT_PEOPLE = ("civilian_attack", "detention", "interception", "protest", "accident")
"""Types that people suffer: a name that is their object is no place."""


def home_of(resolutions: Sequence[Resolution]) -> str:
    """Return the state in which most of the document's places lie, or ""."""
    states = load_countries()
    counts = Counter(
        states[r.place.country]
        for r in resolutions
        if r.place is not None and r.place.country in states and r.mention.pinned
    )
    return min(counts, key=lambda s: (-counts[s], s)) if counts else ""


@cache
def _narrators() -> dict[str, tuple[str, ...]]:
    return {side: tuple(said) for side, said in load("sides.toml")["narrator"].items()}


def narrator(doc: Doc) -> str:
    """Return the side that the writer takes by his words, or ""."""
    text = grammar.full_text(doc).casefold()
    return next((side for side, said in _narrators().items() if any(words in text for words in said)), "")


def home_near(doc: Doc, resolutions: Sequence[Resolution], home: str) -> Callable[[int], str]:
    """Return a function that gives the state whose places stand in or just before the sentence at a
    character; `home` where none does.
    """
    states = load_countries()
    spots = sorted(
        (r.mention.start, states[r.place.country])
        for r in resolutions
        if r.place is not None and r.place.country in states and r.mention.pinned
    )

    ends = {s.start_char: s.end_char for s in doc.sents}

    def home_at(start: int) -> str:
        end = ends.get(start, start)
        inside = Counter(state for at, state in spots if start <= at < end)
        if inside:
            return min(inside, key=lambda s: (-inside[s], s != home, s))
        return home

    return home_at


@cache
def load_countries() -> dict[str, str]:
    """Return the states of ``sides.toml`` by ISO country code."""
    return dict(load("sides.toml")["countries"])


def place_tokens(doc: Doc, resolutions: Sequence[Resolution]) -> frozenset[int]:
    """Return the tokens of the places, countries left out: a country can act."""
    found: set[int] = set()
    for resolution in resolutions:
        mention = resolution.mention
        if places.is_place(mention) and mention.kind != "country":
            span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is not None:
                found |= set(range(span.start, span.end))
    return frozenset(found)


def spots(args: list[tuple[PlaceArg, str]]) -> tuple[EventPlace, ...]:
    """Return the places of a draft with their roles, and what refines them as references."""
    found: list[EventPlace] = []
    seen: set[tuple[str, str]] = set()
    for arg, role in args:
        part: Role = role  # type: ignore[assignment]
        if arg.expression is None and (arg.key, role) in seen:
            continue
        seen.add((arg.key, role))
        for place in (EventPlace(part, arg.mention, arg.expression), *_references(arg)):
            if place not in found:
                found.append(place)
    return tuple(found)


def only_named(resolutions: Iterable[Resolution]) -> tuple[EventPlace, ...]:
    """Return the town of a note that names no other place, though it may tell only whose people."""
    named = [
        r.mention
        for r in resolutions
        if r.place is not None and r.place.feature in ("settlement", "suburb") and r.mention.kind != "demonym"
    ]
    return tuple(EventPlace("target", m.id, None) for m in named[:1])


def refines(earlier: list[tuple[PlaceArg, str]], own: list[tuple[PlaceArg, str]]) -> bool:
    """Whether new places say more exactly where something happened of which only the country was known."""
    sizes = [a.size for a, _ in earlier]
    if not sizes or not own or min(sizes) < 2 or max(a.size for a, _ in own) >= min(sizes):
        return False
    if {r for _, r in earlier} != {r for _, r in own}:
        return False
    countries = {country(a) for a, _ in earlier} | {country(a) for a, _ in own}
    return len(countries - {""}) == 1


def vast(arg: PlaceArg) -> bool:
    """Whether a place is a country, or larger than one."""
    place = arg.resolution.place if arg.resolution is not None else None
    return arg.size >= 3 or (place is not None and not place.country and place.feature == "area")


def finest(args: Sequence[PlaceArg]) -> list[PlaceArg]:
    """Return the places of the smallest size among them: villages before districts before regions."""
    smallest = min((a.size for a in args), default=0)
    return [a for a in args if a.size == smallest]


def has_doer(draft: Draft) -> bool:
    """Whether a verb names who does it, not by a pronoun."""
    who = grammar.subject(draft.trigger.token) if draft.trigger.form == "verb" else None
    return who is not None and who.pos_ in ("NOUN", "PROPN")


def attributed(draft: Draft) -> bool:
    """Whether the words only say who is held to have done it: "attributed the attack to X", "claimed it"."""
    token = draft.trigger.token
    verb = token.head
    return (
        draft.trigger.form == "noun"
        and token.dep_ in ("dobj", "nsubjpass", "pobj")
        and any(c.dep_ == "det" and c.lower_ in ("the", "this", "that") for c in token.children)
        and any(t.lemma_ in places.words()["attribution"] for t in (verb, verb.head) if t.pos_ == "VERB")
    )


def state_of(arg: PlaceArg) -> str:
    """Return the state in which a place lies, or ""."""
    return load_countries().get(country(arg), "")


def country(arg: PlaceArg) -> str:
    """Return the code of the country in which a place lies, or ""."""
    place = arg.resolution.place if arg.resolution is not None else None
    return place.country if place is not None else ""


def _references(arg: PlaceArg) -> list[EventPlace]:
    return [
        EventPlace("reference", e.anchors[0] if e.anchors else None, e)
        for e in arg.references
        if e.type not in ("at", "within", "toward") and e.part != "inside"
    ]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of a piece of text without the blanks at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def status(said: Sequence[Claim], sayings: Sequence[Saying]) -> Status:
    """Return what the claims amount to."""
    return claims.status(
        said, assessed=any(s.assessed for s in sayings), confirmed=any(s.confirmed for s in sayings)
    )


def confidence(draft: Draft, mode: str) -> float:
    """Return how sure the reading of an event is, 0..1, by rule."""
    value = 0.85
    if draft.inherited or not draft.args:
        value -= 0.2
    if draft.trigger.type in ("strike", "casualty"):
        value -= 0.05
    if mode in ("hypothetical", "planned"):
        value -= 0.1
    if draft.args and all(a.coarse for a, _ in draft.args):
        value -= 0.1
    return round(value, 2)


def worth(event: Event, draft: Draft) -> bool:
    """Whether an event that no place is told of still says something: who did what, as a fact."""
    if event.modality not in ("actual", "attempted") or draft.segment.heading:
        return False
    side = event.initiator is not None and bool(event.initiator.side)
    return bool(draft.killed or draft.injured) or (side and draft.trigger.form == "verb")


def names_unknown(draft: Draft, known: frozenset[int]) -> bool:
    """Whether a trigger without a place of its own names one that nobody knows: "shelled X", "near X".

    ``known`` are the tokens of places.
    """
    if draft.family in _NOT_PLACED or (draft.args and not draft.inherited):
        return False
    heads = {draft.trigger.token, *draft.trigger.heads}
    struck = [t for head in heads if head.pos_ == "VERB" for t in _things(head)]
    where = [t for head in (*heads, *struck) for t in grammar.prepositional(head, *_WHERE)]
    names = [t for t in where if t.ent_type_ not in _NO_PLACES]
    names += [
        t for head in (*heads, *struck) for t in grammar.prepositional(head, "of") if t.ent_type_ in _PLACES
    ]
    if draft.type not in _AT_PEOPLE:
        names += [t for t in struck if t.ent_type_ not in (*_NO_PLACES, "ORG")]
    names = [t for t in names if t.pos_ == "PROPN" and t.text[:1].isupper()]
    return bool(names) and not any(t.i in known for name in names for t in name.subtree)


def _things(verb: Token) -> list[Token]:
    """Return what a verb acts on, in the active or the passive."""
    passive = grammar.passive_subject(verb) if grammar.is_passive(verb) else None
    return [*grammar.objects(verb), *([passive] if passive is not None else [])]
