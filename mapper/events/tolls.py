"""How many people a sentence says were killed or injured: whom a word of harm speaks of, and their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events import grammar
from mapper.events.lexicon import lemma_of, lexicon
from mapper.events.quantities import MOST_PEOPLE, VAGUE, number, qualified, widen
from mapper.types import Casualties, Count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Doc, Token

    from mapper.events.triggers import Trigger

_DIES = ("die", "perish")
_PEOPLE = ("people", "relatives", "fallen", "opponents", "crowds")
"""Lists of words for people."""
_TOLL_REACH = 14
_ONE = Count(1, 1, 1)


def casualties(killed: Iterable[Token], injured: Iterable[Token]) -> Casualties:
    """Return who was killed and injured, from the words that say so; several sentences widen the bounds."""
    return Casualties(_joined(killed), _joined(injured))


def is_deadly(trigger: Trigger) -> bool:
    """Whether a word of harm speaks of deaths, not of injuries."""
    rules = lexicon().casualty
    return trigger.form == "phrase" or trigger.lemma in rules["killed"] | rules["killed_nouns"]


def slain(trigger: Trigger) -> list[Token]:
    """Return the words of a deed that say that people died of it: "shot dead", "the massacre of"."""
    rules = lexicon().casualty
    said = trigger.token.doc[trigger.start : trigger.end].text.lower().split()
    deed = trigger.lemma in rules["killed"] | rules["deeds"] or not rules["to_death"].isdisjoint(said)
    bodies = trigger.lemma in rules["uncovered"] and trigger.form != "noun"
    return [trigger.token] if trigger.type == "civilian_attack" and (deed or bodies) else []


def _joined(words: Iterable[Token]) -> Count | None:
    found: Count | None = None
    seen: list[int] = []
    for word in sorted(set(words), key=lambda t: t.i):
        sentence = word.sent.start
        count = _sane(victims(word))
        if count is None:
            continue
        if sentence not in seen:
            seen.append(sentence)
            found = widen(found, count)
        elif _further(word):
            found = _sum([c for c in (found, count) if c is not None])
    return found


def _sane(count: Count | None) -> Count | None:
    if count is None:
        return None
    values = [v for v in (count.low, count.best, count.high) if v is not None]
    return count if values and max(values) <= MOST_PEOPLE else None


def _sum(counts: Sequence[Count]) -> Count:
    """Add counts up; a bound that one of them lacks is unknown, but a least number holds for the whole."""
    lows = [c.low if c.low is not None else 0 for c in counts]
    bests = [c.best for c in counts if c.best is not None]
    highs = [c.high for c in counts if c.high is not None]
    all_best, all_high = len(bests) == len(counts), len(highs) == len(counts)
    low = sum(lows) if any(c.low is not None for c in counts) else None
    return Count(low, sum(bests) if all_best else None, sum(highs) if all_high else None)


def victims(word: Token) -> Count | None:
    """Return the number of people that one word of harm speaks of: "killed two women and a child" is 3."""
    if word.pos_ in ("NOUN", "PROPN") or word.lower_ in ("dead", "casualties", "deaths"):
        return _of_noun(word)
    lives = next((t for t in grammar.objects(word) if t.lemma_ == "life"), None)
    if lives is not None:
        return _lives(word, lives)
    start, end = word.sent.start, word.sent.end
    counts: list[Count] = []
    for thing in _harmed(word):
        count = _group(thing, start) if start <= thing.i < end else None
        if count is not None and (not counts or thing.doc[thing.i - 1].dep_ == "cc"):
            counts.append(count)  # "the director and three of his staff", which the parser did not join
    if counts:
        return _sum(counts)
    if lemma_of(word, lexicon()) == "lose" or any(_is_beast(t) for t in _harmed(word)):
        return None
    return _by_neighbours(word.doc, start, end, word)


def _harmed(verb: Token) -> list[Token]:
    """Return the heads of what a verb of harm acts on, most direct first."""
    deps = ("nsubjpass", "dobj", "nsubj") if verb.lemma_ in _DIES else ("nsubjpass", "dobj")
    found = [c for c in verb.children if c.dep_ in deps]
    found += [t for c in verb.children if c.dep_ == "conj" and not found for t in _harmed(c)[:1]]
    lost = lemma_of(verb, lexicon()) == "lose"
    if lost:
        return [t for t in found if lemma_of(t, lexicon()) in lexicon().lists["fallen"] and _stated(t)]
    if not found and grammar.is_passive(verb):
        thing = grammar.passive_subject(verb)
        found = [_first_of(thing, verb)] if thing is not None else []
    return found


def _first_of(noun: Token, verb: Token) -> Token:
    """Return the first of a list of people whom a participle after it describes: "six soldiers and six
    militants killed".
    """
    while verb.dep_ == "acl" and noun.dep_ == "conj" and _is_people(noun.head):
        noun = noun.head
    return noun if noun.dep_ != "dobj" else verb.head


def _lives(verb: Token, lives: Token) -> Count | None:
    """Return the number of "lost their lives", "claimed the lives of 14 people", "claimed 14 lives"."""
    if lemma_of(verb, lexicon()) == "lose":
        who = grammar.subject(verb)
        return _group(who, verb.sent.start) if who is not None else None
    whose = grammar.prepositional(lives, "of")
    return _group(whose[0], lives.i) if whose else _explicit(lives, verb.i + 1)


def _group(noun: Token, floor: int) -> Count | None:
    """Return the number of the people of a noun and of what is coordinated with it."""
    counts: list[Count] = []
    last = floor
    for member in _members(noun):
        count = _one(member, max(floor, last))
        last = member.i + 1
        if count is not None:
            counts.append(count)
    if not counts:
        return None
    first, rest = counts[0], counts[1:]
    if rest and first.best is not None and first.best == _sum(rest).best and first.best > 1:
        return first  # "three people, two women and a child"
    return _sum(counts)


def _members(noun: Token) -> list[Token]:
    """Return a noun, the people coordinated with it, and those "with" it: "a mother with two sons"."""
    found, last = [noun], noun
    while True:
        joined = [c for c in last.children if c.i > last.i and (c.dep_ == "conj" or _listed(c))]
        if not joined:
            break
        last = joined[0]
        if not _other_harm(last) and _is_people(last):
            found.append(last)
    beside = grammar.prepositional(noun, "with")
    return found + [t for t in beside if t not in found and _is_people(t) and (_stated(t) or _owned(t))]


def _listed(noun: Token) -> bool:
    """Whether the parser took the next of a list for an apposition: "a father, a mother and a child"."""
    return noun.dep_ == "appos" and any(c.dep_ == "conj" for c in noun.children)


def _one(noun: Token, floor: int) -> Count | None:
    """Return the number of one noun: "at least five civilians", "a family of four", "another"."""
    lower = noun.lower_
    if lower in ("nobody", "none") or (lower == "one" and noun.i and noun.nbor(-1).lower_ == "no"):
        return Count(0, 0, 0)
    if _is_beast(noun):
        return None
    parts = grammar.prepositional(noun, "of") if noun.lemma_ in lexicon().lists["totals"] else []
    if parts:
        inner = _explicit(parts[0], noun.i + 1)
        if inner is not None or noun.lemma_ in ("total", "number"):
            return inner
    if noun.lemma_ in ("couple", "pair", "twin") and not parts:
        before = _stated(noun)
        return None if before else Count(2, 2, 2)
    found = _explicit(noun, floor)
    if found is not None:
        return found
    if lower in ("another", "third") or (noun.tag_ in ("NN", "NNP") and noun.pos_ in ("NOUN", "PROPN")):
        return _ONE
    return None


def _explicit(noun: Token, floor: int) -> Count | None:
    """Return the quantity of a noun phrase: "at least five other civilians", or of a bare number."""
    doc = noun.doc
    if number(noun) is not None or noun.lower_ in VAGUE:
        got = qualified(doc, noun.i + 1, floor)
        return got[0] if got else None
    counted = [c for c in noun.lefts if c.dep_ == "nummod" and number(c) is not None and c.i >= floor]
    if counted and not _is_age(counted[-1]):
        got = qualified(doc, counted[-1].i + 1, floor)
        return got[0] if got else None
    for i in range(noun.i, max(floor, noun.i - 6), -1):
        token = doc[i - 1]
        if _is_age(token):
            continue
        if number(token) is not None or token.lower_ in VAGUE or token.lower_ in ("no", "a", "an", "another"):
            got = qualified(doc, i, floor)
            return got[0] if got else None
        if token.pos_ not in ("ADJ", "NOUN", "PROPN", "ADV", "PUNCT", "ADP", "DET", "VERB"):
            break
    return None


def _is_age(token: Token) -> bool:
    """Whether a number tells years: "a 68-year-old man"."""
    after = [t.lower_ for t in token.doc[token.i + 1 : token.i + 3]]
    return number(token) is not None and bool({"year", "years", "month", "months"} & set(after))


def _stated(noun: Token) -> bool:
    """Whether a number stands before a noun."""
    return any(c.pos_ == "NUM" or number(c) is not None for c in noun.lefts)


def _owned(noun: Token) -> bool:
    return any(c.dep_ == "poss" for c in noun.lefts) and noun.tag_ in ("NN", "NNP")


def _is_people(noun: Token) -> bool:
    lex = lexicon()
    lemma = lemma_of(noun, lex)
    known = any(lemma in lex.lists[name] for name in _PEOPLE)
    number_alone = noun.pos_ == "NUM" or noun.lower_ in ("another", "third", "other", "others")
    return known or number_alone or noun.ent_type_ == "NORP"


def _is_beast(noun: Token) -> bool:
    return lemma_of(noun, lexicon()) in lexicon().lists["herds"]


def _other_harm(noun: Token) -> bool:
    """Whether a coordinated noun tells of other harm: "killing two people and 15 others injured"."""
    lex = lexicon()
    words = lex.casualty["injured"] | lex.lists["lighter"]
    after = noun.doc[noun.right_edge.i + 1 : noun.right_edge.i + 3]
    return any(lemma_of(t, lex) in words for t in [*noun.subtree, *after])


def _further(word: Token) -> bool:
    """Whether a second word of harm in a sentence speaks of more people: "and another died later"."""
    lead = {t.lower_ for thing in _harmed(word)[:1] for t in [thing, *thing.lefts]}
    return bool(lead & {"another", "other", "others", "further", "third", "second", "more"})


def _of_noun(word: Token) -> Count | None:
    """Return the number of "12 dead", "a death toll of 46", "the killing of five farmers"."""
    doc, start, end = word.doc, word.sent.start, word.sent.end
    if any(doc[j].lower_ == "unknown" for j in range(word.i, min(end, word.i + 5))):
        return None
    got = _explicit(word, start) if word.lemma_ not in lexicon().casualty["deeds"] else None
    if got is not None and not (got == _ONE and doc[word.i - 1].lower_ == "a" and word.i + 1 < end):
        return got
    toll = word.i + 1 < end and doc[word.i + 1].lower_ in ("of", "toll")
    if not toll:
        return got
    whose = grammar.prepositional(word, "of")
    if whose and number(whose[0]) is None:
        return _group(whose[0], word.i + 1) if _is_people(whose[0]) else got
    numbers = [j for j in range(word.i + 2, min(end, word.i + _TOLL_REACH)) if number(doc[j]) is not None]
    numbers = [j for j in numbers if not _is_date(doc, j)]
    last = next((j for j in numbers if doc[j - 1].lower_ == "to"), numbers[0] if numbers else None)
    if last is None:
        return got
    found = qualified(doc, last + 1, last if doc[last - 1].lower_ == "to" else start)
    return found[0] if found else got


def _is_date(doc: Doc, i: int) -> bool:
    """Whether a number stands beside a month."""
    beside = doc[max(0, i - 1) : i + 2]
    return any(t.pos_ == "PROPN" and t.ent_type_ == "DATE" for t in beside)


def _by_neighbours(doc: Doc, start: int, end: int, word: Token) -> Count | None:
    """Fall back on word order: "killing at least 5", "5 killed", "another wounded"."""
    for j in range(word.i + 1, min(end, word.i + 5)):
        if number(doc[j]) is not None or doc[j].lower_ in VAGUE:
            stop = j + 1
            while stop < end and number(doc[stop]) is not None:
                stop += 1
            if stop < end and doc[stop].lower_ in (
                "km",
                "%",
                "percent",
                "kilometers",
                "kilometres",
                "january",
                "june",
            ):
                return None
            found = qualified(doc, stop, word.i + 1)
            return found[0] if found else None
        if doc[j].pos_ in ("VERB", "PUNCT", "CCONJ") or doc[j].ent_type_ in ("DATE", "TIME"):
            break
    for j in range(word.i - 1, max(start - 1, word.i - 6), -1):
        if doc[j].ent_type_ in ("DATE", "TIME"):
            break
        if number(doc[j]) is not None or doc[j].lower_ in VAGUE or doc[j].lower_ == "another":
            found = qualified(doc, j + 1, start)
            return found[0] if found else None
        if doc[j].dep_ == "punct" or (doc[j].pos_ == "VERB" and doc[j].dep_ != "aux"):
            break
    return None
