"""Who acts and who suffers, and which state or organisation stands behind the words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from mapper.events import grammar
from mapper.events.lexicon import lemma_of, lexicon, load
from mapper.events.places import words
from mapper.events.triggers import Trigger
from mapper.types import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Span, Token

_NO_ACTOR = ("flood", "quake", "fire", "accident")
_LONGEST = 6
_EFFORTS = ("attack", "assault", "attempt", "offensive", "advance", "raid", "counterattack", "push", "effort")
_ABSTRACT = ("control", "command", "fire", "operation", "strike", "combat", "fighting")
"""Words that an action noun or verb takes and that nobody aims at."""
_SUFFERS = ("die", "perish", "lose")
_PRONOUNS = ("they", "it", "he", "she", "them", "who", "which", "we")


@dataclass(frozen=True, slots=True)
class Sides:
    """Words of sides, and what "the enemy" means in this document."""

    names: dict[str, str]
    foes: frozenset[str]
    enemies: dict[str, str]
    speakers: dict[str, str]
    own: tuple[str, ...]
    states: frozenset[str]
    armies: frozenset[str]
    weak: frozenset[str]
    army_of: dict[str, str]


@cache
def sides() -> Sides:
    """Return the sides of ``sides.toml``, indexed by lower-case words."""
    data = load("sides.toml")
    names: dict[str, str] = {}
    for table in ("states", "organisations"):
        for side, texts in data[table].items():
            for text in texts:
                names[_norm(text)] = side
    speakers = {_norm(text): side for side, texts in data["speakers"].items() for text in texts}
    return Sides(
        names,
        frozenset(data["foe"]["words"]),
        data["enemy"],
        speakers,
        tuple(data["own"]["words"]),
        frozenset(data["states"]),
        frozenset(data["army"]["words"]),
        frozenset(data["army"]["not"]),
        data["army"]["of"],
    )


def _norm(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").replace("-", " - ").replace("'s", "").split())


def side_of(tokens: Sequence[Token], perspective: str = "") -> str:
    """Return the side that a noun phrase names, or "".

    `perspective` is the side of whoever speaks: "the enemy" is that side's foe. The longest name wins,
    then the
    first ("Syrian Democratic Forces" is the SDF, not Syria). "us" counts only in capitals.
    """
    table = sides()
    words = [t.lower_.replace("’", "'") for t in tokens]
    best: tuple[int, int, str] | None = None
    behind = ""
    for i in range(len(words)):
        for size in range(min(_LONGEST, len(words) - i), 0, -1):
            if (
                words[i] in ("us", "is", "car", "un", "ap", "pdf", "sac", "rf", "azov")
                and size == 1
                and not tokens[i].is_upper
            ):
                continue
            key = " ".join(w for w in words[i : i + size] if w != "'s")
            side = table.names.get(key)
            if side and _only_behind(words[i + size : i + size + 2]):
                behind = behind or side
                break
            if side and (best is None or size > best[0]):
                best = (size, i, side)
                break
    if best is not None or behind:
        return best[2] if best is not None else behind
    if any(w in table.foes or w.rstrip("s") in table.foes for w in words):
        return table.enemies.get(perspective, "")
    text = f" {' '.join(words)} "
    return perspective if any(f" {own} " in text for own in table.own) else ""


def _only_behind(words: Sequence[str]) -> bool:
    """Whether the words after a name tell that it stands behind those who act: "Rwanda-backed M23"."""
    return len(words) == 2 and words[0] == "-" and words[1].endswith(("ed", "led", "run"))


@lru_cache(maxsize=4096)
def is_foe(text: str) -> bool:
    """Whether the words speak of the foe of whoever writes: "the enemy", "the occupiers"."""
    return any(word.strip(".,") in sides().foes for word in text.casefold().split())


def speaker_side(text: str, tokens: Sequence[Token]) -> str:
    """Return the side of a speaker by name, office or adjective."""
    key = _norm(text)
    for name, side in sides().speakers.items():
        if name in key:
            return side
    return side_of(tokens)


def text_of(token: Token, sent: Span) -> tuple[str, list[Token]]:
    """Return the noun phrase round a head without its articles, and its tokens."""
    start, end = grammar.phrase(token, sent)
    tokens = list(token.doc[start:end])
    while len(tokens) > 1 and (
        tokens[0].dep_ == "det"
        or tokens[0].is_punct
        or (tokens[0].pos_ in ("ADP", "SCONJ") and tokens[1].lower_ != "to")
        or tokens[0].ent_type_ == "DATE"
    ):
        tokens = tokens[1:]
    if not tokens:
        tokens = [token]
    return token.doc[tokens[0].i : tokens[-1].i + 1].text, tokens


def _actor(token: Token | None, perspective: str, places: frozenset[int], *, anyone: bool) -> Actor | None:
    """Return the actor headed by `token`, if it can act: armed, a side, an organisation; with `anyone`,
    anybody.
    """
    if token is None or token.lower_ in _PRONOUNS or token.pos_ == "NUM":
        return None
    text, tokens = text_of(token, token.sent)
    side = side_of(tokens, perspective)
    if not side:
        wider = _wider(token, tokens)
        side = side_of(wider, perspective)
        text = token.doc[wider[0].i : wider[-1].i + 1].text if side else text
    if not side and token.i in places:
        return None
    lex = lexicon()
    lemma = lemma_of(token, lex)
    armed = lemma in lex.lists["armed"] or token.lower_ in sides().foes
    if side or armed or (anyone and token.pos_ in ("NOUN", "PROPN", "ADJ", "NUM")):
        return Actor(text, side)
    return Actor(text, "") if token.ent_type_ in ("ORG", "NORP") and token.pos_ == "PROPN" else None


def _wider(token: Token, tokens: list[Token]) -> list[Token]:
    """Return the phrase with the capitalised words beside it that the parser left out ("IS | militants")."""
    first, last = tokens[0].i, tokens[-1].i
    sent = token.sent
    while first > sent.start and token.doc[first - 1].text[:1].isupper() and tokens[0].i - first < 3:
        first -= 1
    while last + 1 < sent.end and token.doc[last + 1].pos_ == "PROPN" and last - tokens[-1].i < 4:
        last += 1
    return list(token.doc[first : last + 1])


def _modifiers(noun: Token) -> list[Token]:
    """Return words before an action noun that say whose it is: "Russian shelling", "Israel's attack"."""
    return [c for c in noun.lefts if c.dep_ in ("amod", "poss", "compound", "nmod", "npadvmod")]


def initiator(trigger: Trigger, perspective: str, places: frozenset[int], last: Actor | None) -> Actor | None:
    """Return who did it, or None. `last` is the last actor named, for pronouns."""
    family = lexicon().types[trigger.type].family
    if family in _NO_ACTOR:
        return None
    anyone = family in ("protest", "detain", "evacuate", "peace") or trigger.type in (
        "civilian_attack",
        "casualty",
    )
    blamed = claimant(trigger, perspective, places)
    if blamed is not None and blamed.side:
        return blamed
    for token in doers(trigger):
        if token.lower_ in ("they", "it", "them", "he", "who", "which"):
            speaker = _speaker(trigger.token)
            told = _actor(speaker, perspective, places, anyone=False) if speaker is not None else None
            if told is not None and token.lower_ in ("it", "they"):
                return told
            if last is not None:
                return last
        if (
            token.head.lemma_ in grammar.SPEECH
            and token.dep_ in ("nsubj", "agent")
            and token.head not in (trigger.token,)
            and not (trigger.token.dep_ == "xcomp" and trigger.token.head == token.head)
        ):
            continue  # but "X claimed to have shot down", "X denied firing"
        if token.i == trigger.token.i or _is_weapon(token):
            named = next((m for m in _modifiers(token) if side_of([m], perspective)), None)
            if named is not None:
                return Actor(named.text, side_of([named], perspective))
            user = _user(token)
            told = _actor(user, perspective, places, anyone=False)
            if told is not None:
                return told
            continue
        if lemma_of(token, lexicon()) in lexicon().casualty["natural"]:
            continue  # floods displace people
        actor = _actor(token, perspective, places, anyone=anyone)
        if actor is not None and token.dep_ in ("amod", "compound", "nmod") and not actor.side:
            continue
        if actor is not None:
            return _of_speaker(actor, token, trigger, perspective)
    return None


def _of_speaker(actor: Actor, token: Token, trigger: Trigger, perspective: str) -> Actor:
    """Give "its forces" the side of the government that speaks of them."""
    theirs = any(c.dep_ == "poss" and c.lower_ in ("its", "their") for c in token.children)
    who = _speaker(trigger.token) if theirs and not actor.side else None
    told = _actor(who, perspective, frozenset(), anyone=False)
    return Actor(actor.text, told.side) if told is not None else actor


def _speaker(token: Token) -> Token | None:
    """Return who says the clause of `token`: "Hezbollah said it fired"."""
    for head in grammar.ancestors(token):
        if head.lemma_ in grammar.SPEECH and head.pos_ == "VERB":
            who = grammar.subject(head)
            return who if who is not None and who.i < token.i and who.pos_ in ("NOUN", "PROPN") else None
    return None


def _is_weapon(token: Token) -> bool:
    return lemma_of(token, lexicon()) in lexicon().lists["munitions"] | {
        "strike",
        "attack",
        "shelling",
        "airstrike",
        "fire",
        "weapon",
        "weaponry",
    }


def claimant(trigger: Trigger, perspective: str, places: frozenset[int]) -> Actor | None:
    """Return who took, or was given, the blame: "X claimed responsibility for", "accused X of"."""
    for head in grammar.ancestors(trigger.token):
        if head.lower_ == "responsibility":
            return _actor(grammar.subject(head.head), perspective, places, anyone=False)
        if head.lemma_ in ("accuse", "blame") and head.pos_ == "VERB":
            passive = grammar.passive_subject(head) if grammar.is_passive(head) else None
            blamed = [passive] if passive is not None else grammar.objects(head)
            return _actor(blamed[0], perspective, places, anyone=False) if blamed else None
    return None


def fights(actor: Actor) -> bool:
    """Whether the words name armed people who are not called the foe."""
    words = {w.strip(".,").rstrip("s") for w in actor.text.casefold().split()}
    return bool(words & lexicon().lists["armed"]) and not is_foe(actor.text) and not words & sides().weak


def army(actor: Actor, home: str, last: Actor | None) -> Actor:
    """Give "the army" or "government troops" of no stated side that of the last state, or of the country."""
    words = set(actor.text.casefold().split())
    if actor.side or not words & sides().armies:
        return actor
    if last is not None and last.side in sides().states:
        return Actor(actor.text, last.side)
    return Actor(actor.text, sides().army_of.get(home, home))


def _user(weapon: Token) -> Token | None:
    """Return who used a weapon: "an IED planted by X", "a drone strike conducted by X"."""
    for child in weapon.children:
        if child.dep_ == "acl" and child.tag_ in ("VBN", "VBD"):
            return grammar.agent(child)
    owners = grammar.prepositional(weapon, "of") if weapon.lemma_ in lexicon().lists["munitions"] else []
    return next((t for t in owners if lemma_of(t, lexicon()) in lexicon().lists["armed"]), None)


def doers(trigger: Trigger) -> Iterable[Token]:
    """Yield the tokens that may be the doer, most direct first."""
    yield from _takers(trigger)
    for head in [trigger.token, *trigger.parts]:
        led = head.pos_ == "ADP" and head.head.pos_ == "VERB"  # "responded with artillery"
        if led or head.pos_ in ("VERB", "AUX"):
            yield from _verb_doers(head.head if led else head, trigger.type)
            continue
        yield from grammar.prepositional(head, "by", "between")
        used = _user(head)
        if used is not None:
            yield used
        yield from (m for m in _modifiers(head) if m.pos_ in ("ADJ", "PROPN", "NOUN"))
        if trigger.type in ("advance", "withdrawal", "deployment", "evacuation", "assault_repelled"):
            yield from grammar.prepositional(head, "of")
    verb = trigger.token.head
    if trigger.light is None and trigger.token.dep_ == "dobj" and verb.lemma_ in words()["modality"]["plan"]:
        yield from _verb_doers(verb, trigger.type)  # "is preparing an assault"
    if trigger.light is not None:
        light = trigger.light
        who = grammar.agent(light) if grammar.is_passive(light) else grammar.subject(light)
        if who is not None and who.i != trigger.token.i and light.lemma_ not in grammar.SPEECH:
            yield who


def _verb_doers(verb: Token, kind: str) -> Iterable[Token]:
    """Yield the subject of an active verb or the agent of a passive one; who is deployed moves himself."""
    thing = grammar.passive_subject(verb)
    if kind in ("casualty", "capture") and lemma_of(verb, lexicon()) in _SUFFERS:
        return  # who dies, or loses soldiers, did not do it
    if not grammar.is_passive(verb):
        who = grammar.subject(verb) or (thing if kind == "withdrawal" else None)
        if who is not None:
            yield who
        return
    who = grammar.agent(verb)
    if who is not None and not (who.lower_ in lexicon().lists["carriers"] and who.i == who.left_edge.i):
        yield who  # not "by bus"
    moved = kind in ("deployment", "withdrawal", "advance", "evacuation")
    if thing is not None and (_is_weapon(thing) or (who is None and moved)):
        yield thing


def _takers(trigger: Trigger) -> Iterable[Token]:
    """Yield who takes a place that "fell to", "was ceded to" or "came under the control of" someone."""
    if trigger.type == "capture" and trigger.form == "phrase":
        # "fell to X", "ceded to X", "came under X's control"
        if trigger.lemma in ("fall", "cede"):
            yield from grammar.prepositional(trigger.token, "to")
        elif trigger.lemma == "come":
            yield from (
                t for t in trigger.token.doc[trigger.start : trigger.end] if t.pos_ in ("ADJ", "PROPN")
            )


def target(trigger: Trigger, perspective: str, places: frozenset[int]) -> Actor | None:
    """Return who or what was aimed at, unless it is only a place."""
    family = lexicon().types[trigger.type].family
    if family in (*_NO_ACTOR, "protest", "leave", "ground_move", "deploy", "evacuate"):
        return None
    for token in sufferers(trigger):
        if token.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM") or token.i == trigger.token.i:
            continue
        if token.i in places or lemma_of(token, lexicon()) in _ABSTRACT:
            continue
        if lemma_of(token, lexicon()) in _EFFORTS and trigger.type != "assault_repelled":
            continue  # "attempted to launch an attack": nobody attacks the attack
        if family == "strike" and _is_weapon(token):
            continue
        if trigger.type == "assault_repelled" and lemma_of(token, lexicon()) in _EFFORTS:
            token = next((m for m in _modifiers(token) if side_of([m], perspective)), token)
            if lemma_of(token, lexicon()) in _EFFORTS:
                continue
        text, tokens = text_of(token, token.sent)
        side = side_of(tokens, perspective)
        place_like = any(t.i in places for t in tokens)
        if token.pos_ == "ADJ" and not side or place_like and not side:
            continue
        if token.ent_type_ in ("DATE", "TIME", "CARDINAL", "QUANTITY"):
            continue
        return Actor(text, side)
    return None


def sufferers(trigger: Trigger) -> Iterable[Token]:
    """Yield the tokens that may be what was aimed at, most direct first."""
    for head in [trigger.token, *trigger.parts]:
        if head.pos_ in ("VERB", "AUX"):
            if grammar.is_passive(head):
                thing = grammar.passive_subject(head)
                if thing is not None:
                    yield thing
            else:
                yield from grammar.objects(head)
            yield from grammar.prepositional(head, "on", "at", "against", "with")
        else:
            found = grammar.prepositional(head, "on", "against", "with", "of", "at", "upon")
            between = grammar.prepositional(head, "between")
            yield from between[1:]
            yield from found
    if trigger.light is not None:
        yield from grammar.prepositional(trigger.light, "on", "against", "at", "with")
        if trigger.light.lemma_ in ("hit", "strike", "target", "kill", "damage", "destroy"):
            yield from grammar.objects(trigger.light)
