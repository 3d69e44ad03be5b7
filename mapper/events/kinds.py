"""What a bare "attack", "strike" or "hit" was: the weapon decides, then the word, then who or what was
hit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events import actors, grammar
from mapper.events.lexicon import lemma_of, lexicon
from mapper.events.triggers import Trigger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Span, Token

    from mapper.events.places import PlaceArg
    from mapper.types import Weapon

_AIMS = ("target", "strike", "hit", "attack", "engage")
_DRIVEN = ("ram", "drive", "plough", "plow")
_PLANTED = ("ied", "mine")
_HEAVY = ("drone", "missile", "artillery")


def settle(
    kind: str, trigger: Trigger, args: Sequence[tuple[PlaceArg, str]], arms: Sequence[Weapon], sentence: Span
) -> str:
    """Return the type of an event whose trigger says `kind`."""
    if kind == "launch":
        return _launch(trigger, args, arms)
    if kind == "strike":
        return _strike(trigger, arms, sentence)
    table = lexicon().weapon_types
    if kind == "infrastructure_damage" and trigger.lemma == "destroy" and _in_the_air(trigger, args):
        return "interception"
    if kind == "accident":
        doer = grammar.subject(trigger.token)
        who, lists = lemma_of(doer, lexicon()) if doer is not None else "", lexicon().lists
        if who in lists["blasts"]:
            return "explosion"
        meant = who in lists["armed"] and bool(grammar.objects(trigger.token))  # "armed men derailed a train"
        return ("explosion" if arms else "infrastructure_damage") if meant else kind
    if kind == "ground_assault" and trigger.lemma == "assault" and trigger.token.pos_ == "VERB":
        hurt = {lemma_of(t, lexicon()) for t in actors.sufferers(trigger)}
        return "civilian_attack" if hurt & lexicon().lists["people"] else kind
    if kind == "air_strike" and trigger.lemma == "drop" and any(w.cls == "drone" for w in arms):
        return "drone_strike"
    if kind == "clash" and trigger.lemma == "open":
        return _opened_fire(trigger, sentence)
    if kind == "air_strike" and trigger.lemma == "bombing" and not arms and trigger.form == "noun":
        prosecuted = {lemma_of(t, lexicon()) for t in sentence} & lexicon().lists["prosecuted"]
        return "explosion" if prosecuted else kind
    if kind == "infrastructure_damage" and trigger.token.pos_ == "VERB":
        return _damage(trigger, arms)
    if kind == "evacuation" and trigger.lemma == "flee" and _by(trigger, "troops"):
        return "withdrawal"
    if kind == "explosion" and trigger.lemma in ("explode", "blast"):
        found = [table.get(w.cls, "") for w in arms]
        return next((k for k in found if k in ("missile_strike", "drone_strike")), kind)
    return _on_people(trigger, arms) if kind == "civilian_attack" else kind


def _on_people(trigger: Trigger, arms: Sequence[Weapon]) -> str:
    """Return what an attack on people was by its weapon; a truck full of explosives is a bomb."""
    lex = lexicon()
    if trigger.lemma in _DRIVEN:
        laden = {lemma_of(t, lex) for t in trigger.token.subtree} & lex.lists["planted"]
        return "explosion" if laden else "civilian_attack"
    if trigger.lemma in ("execution", "execute"):
        return "civilian_attack"
    found = (lex.weapon_types[w.cls] for w in arms if w.cls in _HEAVY)
    return next(found, "civilian_attack")


def is_means(kind: str, weapon: Token, trigger: Trigger) -> bool:
    """Whether a weapon is what the blow came from, neither what was hit nor what only helped."""
    hit = trigger.type == "strike" and trigger.form == "verb" and trigger.lemma in _AIMS
    things = grammar.objects(trigger.token) if hit and not grammar.is_passive(trigger.token) else []
    struck = kind not in ("ied", "mine") and any(t in (weapon, weapon.head) for t in things)
    return not struck and not _suffers(weapon, trigger) and not _supports(weapon)


def _suffers(weapon: Token, trigger: Trigger) -> bool:
    """Whether a weapon is itself destroyed or shot at: "eliminated a launcher", "at a helicopter"."""
    noun = weapon.head if weapon.dep_ in ("compound", "nmod") else weapon
    verb = noun.head
    if noun.dep_ in ("dobj", "nsubjpass") and verb.pos_ == "VERB":
        return lemma_of(verb, lexicon()) in lexicon().lists["undone"]
    aimed = noun.dep_ == "pobj" and verb.lower_ in ("at", "on", "against")
    return aimed and (verb.head in trigger.heads or verb.head.lemma_ in ("fire", "shoot"))


def _supports(weapon: Token) -> bool:
    """Whether a weapon only helps the doers: "supported by aviation, they attacked near X"."""
    support = lexicon().lists["support"]
    heads = [h for h, _ in zip(grammar.ancestors(weapon), range(4), strict=False)]
    return weapon.dep_ in ("pobj", "conj", "compound") and any(
        h.lemma_ in support and (h.pos_ == "NOUN" or h.tag_ == "VBN") for h in heads
    )


def _opened_fire(trigger: Trigger, sentence: Span) -> str:
    """Return what "opened fire" is: an attack where people were hit and nobody told of could shoot back."""
    lex = lexicon()
    doer = grammar.subject(trigger.token)
    own = {t.i for t in doer.subtree} if doer is not None else set()
    others = {lemma_of(t, lex) for t in sentence if t.i not in own}
    hurt = lex.lists["people"] | lex.lists["infrastructure"] | lex.casualty["alone"]
    alone = others & hurt and not others & (lex.lists["military"] | lex.lists["armed"])
    return str(lex.fallback["gunfire_people"]) if alone and doer is not None else "clash"


def _damage(trigger: Trigger, arms: Sequence[Weapon]) -> str:
    """Return what did the damage where the text makes a weapon the doer: "a missile set a tanker ablaze"."""
    lex = lexicon()
    passive = grammar.is_passive(trigger.token)
    doer = grammar.agent(trigger.token) if passive else grammar.subject(trigger.token)
    lit = {lemma_of(t, lex) for t in trigger.token.subtree} & lex.lists["barricades"]
    if lit and _by(trigger, "rioters"):
        return "protest"
    if doer is None or lemma_of(doer, lex) not in lex.lists["munitions"]:
        return "infrastructure_damage"
    return next((lex.weapon_types[w.cls] for w in arms if w.cls in _HEAVY), "infrastructure_damage")


def _hand_held(weapon: Weapon) -> bool:
    """Whether infantry carries a weapon that is called a rocket."""
    return weapon.text.lower().startswith(("rpg", "rocket-propelled", "rocket propelled"))


def _by(trigger: Trigger, name: str) -> bool:
    """Whether a word of the list `name` is the doer."""
    who = grammar.subject(trigger.token)
    return who is not None and lemma_of(who, lexicon()) in lexicon().lists[name]


def _in_the_air(trigger: Trigger, args: Sequence[tuple[PlaceArg, str]]) -> bool:
    """Whether something was destroyed "over" a place: a drone, or "four" of what was told before."""
    thing = grammar.passive_subject(trigger.token)
    lex = lexicon()
    flies = thing is not None and (thing.pos_ == "NUM" or lemma_of(thing, lex) in lex.lists["flying"])
    return flies and any(a.prep == "over" for a, _ in args)


def _launch(trigger: Trigger, args: Sequence[tuple[PlaceArg, str]], arms: Sequence[Weapon]) -> str:
    """Return what "fired at X" is: X was struck by what was fired; at a country it stays a launch."""
    roles = {role for _, role in args}
    lex = lexicon()
    found = [lex.weapon_types[w.cls] for w in arms if w.cls in lex.weapon_types]
    struck = "target" in roles and "launch" not in roles and any(a.size < 3 for a, _ in args)
    aimed = {lemma_of(t, lex) for t in grammar.prepositional(trigger.token, "at", "on", "into")}
    things = [t for t in grammar.prepositional(trigger.token, "at", "on", "into") if t.pos_ == "NOUN"]
    struck = struck or bool(things) and any(r == "target" for _, r in args)
    struck = struck or bool(
        aimed & (lex.lists["military"] | lex.lists["infrastructure"] | lex.lists["people"])
    )
    thing = grammar.passive_subject(trigger.token)
    fired = {
        lemma_of(t, lex) for t in [*grammar.objects(trigger.token), *([thing] if thing is not None else [])]
    }
    doer = grammar.subject(trigger.token)  # "Shots fired at a car"
    fired |= {lemma_of(doer, lex)} if doer is not None else set()
    live = any(c.lower_ in ("live", "warning") for t in grammar.objects(trigger.token) for c in t.lefts)
    if fired & lex.lists["bullets"] or live or arms and all(_hand_held(w) for w in arms):
        return str(lex.fallback["gunfire_type" if aimed & lex.lists["military"] else "gunfire_people"])
    return found[0] if struck and found else "launch"


def _strike(trigger: Trigger, arms: Sequence[Weapon], sentence: Span) -> str:
    lex = lexicon()
    verb = trigger.token if trigger.token.pos_ == "VERB" else None
    doer = grammar.subject(verb) if verb is not None else None
    if trigger.lemma in ("blast", "explosion") or (doer is not None and lemma_of(doer, lex) == "blast"):
        return "explosion"
    fired = "fire" in trigger.token.doc[trigger.start : trigger.end].text.lower()
    for weapon in arms:
        planted = fired and weapon.cls in _PLANTED
        if weapon.cls in lex.weapon_types and not planted and not _hand_held(weapon):
            return lex.weapon_types[weapon.cls]
    if verb is not None and _by(trigger, "rioters"):
        return "protest"
    rules = lex.fallback
    if trigger.lemma == "raid" and any(lemma_of(t, lex) in rules["gunfire"] for t in actors.doers(trigger)):
        return str(rules["military"])  # by soldiers or police, not from the air
    if trigger.lemma in rules["blows"] or trigger.lemma in rules["bombs"]:
        return _blow(trigger, doer)
    if trigger.lemma == "inflict":
        return str(rules["shot_type"])
    hit = {lemma_of(t, lex) for thing in _hit(trigger) for t in [thing, *_kind_words(thing)]}
    shots = [*grammar.objects(trigger.token), grammar.passive_subject(trigger.token)]
    if fired and any(t is not None and lemma_of(t, lex) in lex.lists["bullets"] for t in shots):
        return str(rules["gunfire_type" if hit & lex.lists["military"] else "gunfire_people"])
    told = {lemma_of(t, lex) for t in sentence}
    if fired and doer is not None and lemma_of(doer, lex) in rules["gunfire"]:
        return str(rules["gunfire_type" if hit & lex.lists["military"] else "gunfire_people"])
    if hit & lex.lists["people"]:
        return str(rules["people"])
    if trigger.lemma in rules["shots"] or fired:
        return str(rules["shot_type"])
    return _attack(trigger, doer, hit, told)


def _attack(trigger: Trigger, doer: Token | None, hit: set[str], told: set[str]) -> str:
    """Return what an "attack" on `hit` was, of which the sentence's words `told` name no weapon."""
    lex = lexicon()
    rules = lex.fallback
    who = lemma_of(doer, lex) if doer is not None else ""
    place = who in lex.lists["troops"] and hit & lex.lists["settlements"] and not told & lex.lists["people"]
    if hit & lex.lists["military"] or place:
        return str(rules["military"])
    if trigger.lemma in rules["aims"] and actors.sides().names.get(who) in actors.sides().states:
        return str(rules["shot_type"])  # "Russia targeted 16 settlements"
    if hit & lex.lists["infrastructure"] or told & lex.lists["people"]:
        return str(rules["infrastructure"])
    return str(rules["nothing"])


def _kind_words(noun: Token) -> list[Token]:
    """Return the words that tell of what kind a thing is: "a gendarmerie school", "the military airport"."""
    army = lexicon().lists["military"]
    before = [c for c in noun.lefts if c.dep_ in ("compound", "amod")]
    return [c for c in before if c.text.islower() or c.lower_ in army]


def _blow(trigger: Trigger, doer: Token | None) -> str:
    """Return what a "hit" without a weapon was: from guns when a unit did it, else by whose blow it was."""
    rules = lexicon().fallback
    if trigger.lemma in rules["bombs"]:
        shot = str(rules["shot_type"])
    else:
        by_unit = doer is not None and lemma_of(doer, lexicon()) in rules["gunners"]
        if by_unit:
            return str(rules["shot_type"])
        shot = str(rules["blow_type"])
    who = actors.initiator(trigger, "", frozenset(), None)
    return str(rules["blow_aerial"]) if who is not None and who.side in rules["aerial"] else shot


def _hit(trigger: Trigger) -> list[Token]:
    found = [
        *grammar.objects(trigger.token),
        *grammar.prepositional(trigger.token, "on", "against", "at", "of"),
    ]
    passive = grammar.passive_subject(trigger.token)
    return [*found, passive] if passive is not None else found
