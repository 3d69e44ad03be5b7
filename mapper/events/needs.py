"""Whether a trigger's conditions hold: a weapon, armed people, a place of its own, the right object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events import actors, grammar
from mapper.events.lexicon import Lexicon, lemma_of, lexicon

if TYPE_CHECKING:
    from spacy.tokens import Token

    from mapper.events.drafts import Draft
    from mapper.events.triggers import Trigger

_DIRECT = ("", "of", "on", "upon", "near", "against", "for", "over")
_WHO_BACK = 30
"""So many words before its sentence stands whom "it" means."""
_HELD = ("control", "leave", "ground_move", "deploy", "encircle")
"""Families whose words peace uses as much as war ("enter", "seize", "leave"): the doer must be armed."""


def met(item: Draft) -> bool:
    """Whether the conditions of the draft's trigger hold in its sentence."""
    lex = lexicon()
    info = lex.types[item.trigger.type]
    if not info.needs:
        return True
    words = {lemma_of(t, lex) for t in item.segment.span}
    if item.segment.peaceful and item.trigger.type == "strike" and not item.weapons:
        return False
    if info.family == "strike" and item.args and not item.inherited and words & _deadly(lex):
        return True
    for need in info.needs:
        if need == "weapon" and (item.weapons or words & lex.lists["munitions"]):
            return True
        if need == "place" and not item.segment.peaceful and _own_place(item, info.family):
            return True
        if need == "armed" and _armed(item, info.family, words):
            return True
        if need.startswith("object:"):
            if need == "object:flying" and _counted(item):
                return True
            wanted = lex.lists[need[7:]]
            if _objects(item.trigger) & wanted or (item.trigger.form == "phrase" and words & wanted):
                return True
    return False


def _deadly(lex: Lexicon) -> frozenset[str]:
    return (lex.casualty["killed"] | lex.casualty["killed_nouns"]) - lex.casualty["natural"]


def _own_place(item: Draft, family: str) -> bool:
    if item.inherited:
        return bool(item.args) and family not in _HELD
    if family in ("control", "encircle"):
        # "seized X", "the capture of X"; not "seized goods in X"
        return any(_object_place(a.token, item.trigger) or a.prep in ("of", "to") for a, _ in item.args)
    if item.trigger.form == "verb" and family == "strike":
        return any(a.prep in _DIRECT for a, _ in item.args) and not _peaceful(item.trigger)
    return bool(item.args)


def _object_place(token: Token, trigger: Trigger) -> bool:
    """Whether a place, or the noun it names ("the town of X"), is what the trigger acts on."""
    for head in [token, *grammar.ancestors(token)][:4]:
        if head.dep_ in ("dobj", "nsubjpass", "nsubj", "ROOT", "attr"):
            return head.head in trigger.heads or head.dep_ == "ROOT"
        if head.dep_ == "prep" and head.lower_ != "of":
            return False
    return False


def _peaceful(trigger: Trigger) -> bool:
    """Whether something that no shot can hit, or people at work, is hit."""
    thing = grammar.passive_subject(trigger.token)
    lex = lexicon()
    return thing is not None and lemma_of(thing, lex) in lex.lists["goods"]


def _armed(item: Draft, family: str, words: set[str]) -> bool:
    """Whether armed people, or a side, take part: in the clause, or for words of peace as the doer itself."""
    lex = lexicon()
    if family not in _HELD:
        return bool(words & lex.lists["armed"]) or bool(actors.side_of(list(item.segment.span), "Ukraine"))
    who = [*actors.doers(item.trigger), *actors.sufferers(item.trigger)]
    for token in who:
        _, phrase = actors.text_of(token, token.sent)
        if lemma_of(token, lex) in lex.lists["armed"] or token.lower_ in actors.sides().foes:
            return True
        if token.lower_ in ("they", "it", "he", "we", "who"):
            named = [t for t in token.sent if t.i < token.i and t.pos_ == "PROPN"]
            before = token.doc[max(0, token.sent.start - _WHO_BACK) : token.sent.start]
            words = words | {lemma_of(t, lex) for t in before if t.dep_ == "nsubj"}
            return bool(words & lex.lists["armed"]) or any(actors.side_of([t], "Ukraine") for t in named)
        if token.pos_ == "PROPN" and actors.side_of(phrase, "Ukraine"):
            return True
        if token.is_upper and 2 < len(token) < 8 and words & lex.lists["armed"]:
            return True  # letters of a group or a mission that no list has
        if any(t.lower_ in ("armed", "masked") for t in phrase):
            return True
        if any(actors.side_of([t]) or lemma_of(t, lex) in lex.lists["armed"] for t in phrase):
            return token.pos_ != "NOUN" or lemma_of(token, lex) not in lex.lists["people"]
    if not who and item.segment.heading:
        return bool(words & lex.lists["armed"])
    # no doer that the parse tells: the sentence as a whole must be about armed people
    return not any(t.pos_ in ("NOUN", "PROPN") for t in actors.doers(item.trigger)) and bool(
        words & lex.lists["armed"]
    )


def _counted(item: Draft) -> bool:
    """Whether a mere number of what was told before was brought down: "of these, 25 were shot down"."""
    thing = grammar.passive_subject(item.trigger.token)
    return thing is not None and thing.pos_ == "NUM" and item.trigger.form == "phrase"


def _objects(trigger: Trigger) -> set[str]:
    """Return the lemmas of what the trigger acts on, by the parse and within a few words."""
    lex = lexicon()
    found: set[str] = set()
    for head in trigger.heads:
        for thing in grammar.objects(head):
            found.add(lemma_of(thing, lex))
            found |= {lemma_of(c, lex) for c in thing.children if c.dep_ in ("compound", "nmod", "amod")}
            found |= {lemma_of(t, lex) for t in grammar.prepositional(thing, "of")}
        found |= {lemma_of(t, lex) for t in grammar.prepositional(head, "of", "on", "with")}
        sent_off = head.head if head.dep_ == "acl" and head.tag_ == "VBN" else None  # "missiles fired from X"
        subjects = (grammar.passive_subject(head), grammar.subject(head), sent_off)
        for thing in (t for t in subjects if t is not None):
            found |= {lemma_of(t, lex) for t in [thing, *thing.lefts]}
            found |= {lemma_of(t, lex) for t in grammar.prepositional(thing, "with", "of")}
        found |= {lemma_of(c, lex) for c in head.children if c.dep_ in ("compound", "amod", "nmod")}
    sent = trigger.token.sent
    doc = trigger.token.doc
    found |= {
        lemma_of(doc[i], lex)
        for i in range(trigger.end, min(sent.end, trigger.end + 7))
        if doc[i].pos_ in ("NOUN", "PROPN")
    }
    return found
