"""Which triggers of one sentence report the same event, and what of it each of them tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events import grammar, places, pruning, tolls
from mapper.events.lexicon import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Token

    from mapper.events.drafts import Draft
    from mapper.events.triggers import Trigger

_CALAMITIES = ("quake", "flood", "accident")
_GENERIC = ("strike", "explosion", "casualty", "infrastructure_damage", "civilian_attack")


def rivals(drafts: list[Draft]) -> list[Draft]:
    """Let a protest swallow its clash, a strike the wreck it made, and what was shot down its launch."""
    crowds = {key for d in drafts if d.type == "protest" for key in d.keys}
    if any(d.type == "protest" for d in drafts):
        drafts = [
            d
            for d in drafts
            if d.type != "clash" or (d.keys and not d.inherited and d.keys.isdisjoint(crowds))
        ]
    lit = {t.i for d in drafts if d.type != "fire" for h in d.trigger.heads for t in grammar.objects(h)}
    causes = ("cause", "spark", "start", "ignite", "trigger")
    lit |= {
        t.i for d in drafts for h in [d.trigger.token.head] if h.lemma_ in causes for t in grammar.objects(h)
    }
    lit |= {t.i for d in drafts if d.family == "strike" for t in grammar.objects(d.trigger.token.head)}
    drafts = [
        d
        for d in drafts
        if d.type != "fire"
        or not any(t.i in lit for t in d.trigger.token.doc[d.trigger.start : d.trigger.end])
    ]
    drafts = _with_bodies(drafts)
    meant = [d for d in drafts if d.family in ("strike", "interception") and not weak(d)]
    for wreck in [d for d in drafts if d.type == "accident"] if meant else []:
        drafts.remove(wreck)  # a blast that derails a train is no accident
        if meant[0].inherited:
            meant[0].args, meant[0].inherited = wreck.args, wreck.inherited
    shot = {t.i: d for d in drafts if d.type == "interception" for t in grammar.objects(d.trigger.token)}
    kept = []
    for item in drafts:
        verb = item.trigger.token
        other = shot.get(verb.head.i) if item.type == "launch" and verb.dep_ == "acl" else None
        harm = [d for d in drafts if d.trigger.type == "infrastructure_damage"]
        if other is None and item.type == "launch" and verb.dep_ == "acl":
            other = next((d for d in harm if d.trigger.token.is_ancestor(verb)), None)
        if other is None:
            kept.append(item)
        elif other.inherited:
            other.args, other.inherited = item.args, item.inherited
    return kept


def _with_bodies(drafts: list[Draft]) -> list[Draft]:
    """Let bodies that are found after a wreck, a flood or a quake be its dead, and no deed of somebody's."""
    calamity = next((d for d in drafts if d.family in _CALAMITIES), None)
    if calamity is None:
        return drafts
    uncovered = lexicon().casualty["uncovered"]
    found = [d for d in drafts if d.type == "civilian_attack" and d.trigger.lemma in uncovered]
    for item in found:
        calamity.killed += tolls.slain(item.trigger)
    return [d for d in drafts if all(d is not f for f in found)]


def weak(item: Draft) -> bool:
    """Whether a draft only tells what an event did: dead, wounded, damage."""
    if item.trigger.type == "casualty":
        return True
    if item.type == "interception":
        return False
    return item.trigger.type == "infrastructure_damage" and item.trigger.lemma in (
        "damage", "destroy", "destruction", "collapse", "loot", "raze", "wreck", "disable", "burn", "leave")  # fmt: skip  # noqa: E501


def fuse(drafts: list[Draft]) -> list[Draft]:
    """Join the triggers of one sentence that report the same event; the more specific type stays."""
    kept: list[Draft] = []
    for item in drafts:
        for other in kept:
            if _one_event(other, item):
                if _rank(item) > _rank(other) and not weak(item) and not _does(other, item):
                    other.type = item.type
                own = [d for d in (other, item) if not d.inherited]
                _absorb(other, item, own)
                break
        else:
            kept.append(item)
    return kept


def _rank(item: Draft) -> int:
    """Return how specific the type of a draft is: what a bare "hit" was is a guess without a weapon."""
    guessed = item.trigger.type == "strike" and not item.weapons
    return lexicon().types["strike" if guessed else item.type].rank


def _absorb(other: Draft, item: Draft, own: list[Draft]) -> None:
    args = [pair for d in own for pair in d.args] or other.args
    seen: set[str] = set()
    other.args = []
    for arg, role in sorted(args, key=lambda p: p[0].start):
        if (arg.key + role) not in seen:
            seen.add(arg.key + role)
            other.args.append((arg, role))
    other.inherited = not own
    other.trigger.parts += [item.trigger.token, *item.trigger.parts]
    if item.trigger.light is not None and item.trigger.light.pos_ == "VERB":
        other.trigger.parts.append(item.trigger.light)
    other.weapons += [w for w in item.weapons if w not in other.weapons]
    other.background = other.background and item.background


def _one_event(a: Draft, b: Draft) -> bool:
    if not (weak(a) or weak(b)) and (_does(a, b) or _does(b, a)):
        return True
    if weak(a) or weak(b) or a.family != b.family:
        return False
    if "assault_repelled" in (a.type, b.type) and a.type != b.type:
        repelled, other = (a, b) if a.type == "assault_repelled" else (b, a)
        # "repelled seven attacks near X": the attacks are what was repelled
        noun = other.trigger.token
        if _attempts(repelled.trigger):
            return repelled.trigger.token.is_ancestor(noun)  # "stopped 21 attempts to dislodge units"
        acts = noun.dep_ in ("nsubj", "ROOT") and noun.head not in repelled.trigger.heads
        return other.trigger.form == "noun" and repelled.trigger.token.is_ancestor(noun) and not acts
    if (
        a.type != b.type
        and a.weapons
        and b.weapons
        and {w.cls for w in a.weapons}.isdisjoint(w.cls for w in b.weapons)
    ):
        return False
    if (
        a.type != b.type
        and not {a.trigger.type, b.trigger.type} & {*_GENERIC, "launch"}
        and a.family == "strike"
    ):
        return False
    if a.family in ("control", "leave", "encircle") and a.type != b.type:
        return False
    if {a.trigger.type, b.trigger.type} == {"explosion", "launch"} and _both_act(a, b):
        return False
    if "launch" in (a.trigger.type, b.trigger.type) and (_each_aims(a, b) or _of_two(a, b)):
        return False
    if (
        a.type != b.type
        and "strike" not in (a.type, b.type)
        and two_clauses(a.trigger.token, b.trigger.token)
    ):
        return False
    if _together(a, b) or _together(b, a):
        return True
    if {a.type, b.type} == {"launch"} and a.args and b.args and a.keys != b.keys:
        return True
    return (
        a.inherited
        or b.inherited
        or not a.args
        or not b.args
        or a.keys <= b.keys
        or b.keys <= a.keys
        or ("launch" in (a.type, b.type) and {r for _, r in a.args} != {r for _, r in b.args})
        or _way_and_goal(a, b)
    )


def _way_and_goal(a: Draft, b: Draft) -> bool:
    """Whether one tells where things were fired, the other where they fell: "shells from X fell near Y"."""
    roles = [{r for _, r in d.args} for d in (a, b)]
    parts = {"launch"} in roles and {"target"} in roles and a.type == b.type and a.family == "strike"
    return parts and not two_clauses(a.trigger.token, b.trigger.token)


def _does(noun: Draft, verb: Draft) -> bool:
    """Whether a noun is the doer of a verb that says no more: "a suicide attack targeted a funeral"."""
    token = noun.trigger.token
    bare = verb.trigger.type == "strike" and verb.trigger.form == "verb"
    return noun.family == "strike" and bare and token.dep_ == "nsubj" and token.head == verb.trigger.token


def _both_act(a: Draft, b: Draft) -> bool:
    """Whether each has a thing of its own: "blew up the track and fired at the train"."""
    return all(grammar.objects(d.trigger.token) for d in (a, b))


def _each_aims(a: Draft, b: Draft) -> bool:
    """Whether a launch has a target of its own: "a drone attack on X, and fired rockets at Y"."""
    targets = [{arg.key for arg, r in d.args if r == "target" and not d.inherited} for d in (a, b)]
    return all(targets) and targets[0].isdisjoint(targets[1])


def _of_two(a: Draft, b: Draft) -> bool:
    """Whether two launches only tell of which weapons two clauses speak: "a rocket fired from X hit Y and
    a missile fired by Z hit W".
    """
    tokens = [d.trigger.token for d in (a, b)]
    led = [t.head if t.dep_ == "acl" else t for t in tokens]
    return led != tokens and two_clauses(led[0], led[1])


def _together(a: Draft, b: Draft) -> bool:
    """Whether `b` is named in one breath with `a`: "air strikes and artillery fire hit X"."""
    noun, heads = b.trigger.token, {a.trigger.token.i, *(t.i for t in a.trigger.heads)}
    if (
        b.trigger.form == "verb"
        or noun.dep_ not in ("conj", "nsubj", "nsubjpass", "dobj")
        or noun.head.i not in heads
    ):
        return False
    return not any(noun.is_ancestor(arg.token) for arg, _ in b.args)


def two_clauses(a: Token, b: Token) -> bool:
    """Whether two verbs are coordinated ("X did, they say, and Y did") and each has a subject of its own."""
    a, b = _verb(a), _verb(b)
    first, second = sorted((_reported(a), _reported(b)), key=lambda t: t.i)
    coordinated = second.dep_ == "conj" and second.head.i == first.i
    coordinated |= any(t.text == ";" for t in a.doc[first.i : second.i])
    return coordinated and _has_subject(a) and _has_subject(b)


def _two_things(a: Token, b: Token) -> bool:
    """Whether two coordinated verbs of one subject act on a thing each: "looted X and shelled Y"."""
    first, second = sorted((a, b), key=lambda t: t.i)
    coordinated = second.dep_ == "conj" and second.head.i == first.i
    return coordinated and bool(grammar.objects(first)) and bool(grammar.objects(second))


def _verb(token: Token) -> Token:
    """Return the verb of a word's clause, or the word itself."""
    above = [t for t in [token, *grammar.ancestors(token)] if not grammar.is_month(t)]
    return next((t for t in above if t.pos_ in ("VERB", "AUX")), token)


def _reported(verb: Token) -> Token:
    """Return the verb of saying that reports a verb, or the verb itself."""
    return verb.head if verb.dep_ == "ccomp" and verb.head.lemma_ in grammar.SPEECH else verb


def _has_subject(verb: Token) -> bool:
    return any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children)


def _attempts(trigger: Trigger) -> bool:
    nouns = places.words()["modality"]["attempt_nouns"]
    return any(t.lemma_ in nouns for t in trigger.token.doc[trigger.start : trigger.end])


def apart(item: Draft, host: Draft) -> bool:
    """Whether something else was hit elsewhere: "X was destroyed near A and Y was hit near B"."""
    token = item.trigger.token
    if item.inherited or host.inherited:
        return False
    low, high = sorted((token.i, host.trigger.token.i))
    if any(t.text == ";" for t in token.doc[low:high]) and host.keys.isdisjoint(item.keys) and item.args:
        return True
    acts = item.trigger.type == "casualty" and grammar.objects(token) and token.i < host.trigger.token.i
    if all(pruning.fronted(a) for a, _ in item.args) and not (acts and host.args):
        return False
    if item.trigger.type == "casualty":
        return two_clauses(token, host.trigger.token) and not host.keys & item.keys
    own = grammar.passive_subject(token) is not None and not host.trigger.token.is_ancestor(token)
    own |= two_clauses(token, host.trigger.token) or _two_things(token, host.trigger.token)
    return own and not host.keys & item.keys and all(not a.coarse for a, _ in item.args)
