"""From the triggers and places of a sentence to drafts of events: gather, settle the type, fuse, share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.events import (
    actors,
    arguments,
    fusing,
    grammar,
    kinds,
    needs,
    pruning,
    role_judge,
    tolls,
    weapons,
)
from mapper.events.lexicon import lemma_of, lexicon
from mapper.events.triggers import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Token

    from mapper.events.places import PlaceArg
    from mapper.events.segments import Segment
    from mapper.types import Casualties, Weapon

_HARMED = ("strike", "ground", "protest", "quake", "flood", "fire", "accident", "control", "ground_move")
_NATURAL = ("quake", "flood", "fire", "accident")
_WEAPON_REACH = 14
_HABITS = frozenset({"only", "always", "never", "often", "usually", "regularly"})
_MAIN = frozenset({"ROOT", "nsubj", "nsubjpass"})
_SCENE = ("after", "following", "amid", "since", "despite", "during", "before")
_KINDS = ("missile_strike", "air_strike", "drone_strike", "shelling")


@dataclass(slots=True)
class Draft:
    """An event in the making. ``args`` are (place, role) pairs in the order of the text."""

    trigger: Trigger
    segment: Segment
    args: list[tuple[PlaceArg, str]] = field(default_factory=list)
    type: str = ""
    inherited: bool = False
    killed: list[Token] = field(default_factory=list)
    injured: list[Token] = field(default_factory=list)
    weapons: list[Weapon] = field(default_factory=list)
    casualties: Casualties | None = None
    background: bool = False
    harm: bool = False
    """Whether words of damage belong to it."""
    last: int = 0
    """The last sentence that speaks of it, and its paragraph."""
    paragraph: int = 0

    @property
    def family(self) -> str:
        """The family of the draft's type."""
        return lexicon().types[self.type].family

    @property
    def keys(self) -> set[str]:
        """The places it happens at, by identity."""
        return {arg.key for arg, _ in self.args}


def draft(
    segment: Segment, triggers: list[Trigger], args: list[PlaceArg], context: list[Draft]
) -> list[Draft]:
    """Return the drafts of one segment. `context` holds the drafts before it, nearest last."""
    arms = weapons.find(segment.span.doc, segment.span.start, segment.span.end)
    arguments.attach(args, triggers)
    drafts = []
    for trigger in triggers:
        owned = [a for a in args if a.owner is trigger]
        known = _backgrounded(trigger) and told_before(trigger)
        told = [] if known else arguments.antecedents(trigger, args)
        own = pruning.prune(told or pruning.with_lists(role_judge.happened_at(args, trigger), owned))
        roles = arguments.fired_from([(a, arguments.role(a, trigger)) for a in own], trigger)
        item = Draft(trigger, segment, roles, trigger.type)
        item.background = _backgrounded(trigger)
        item.last, item.paragraph = segment.index, segment.paragraph
        drafts.append(item)
    _share(drafts)
    for item in drafts:
        item.weapons = [w for a, b, w in arms if _near(item, a, b, drafts)]
        doc = segment.span.doc
        means = [
            w for _, b, w in arms if w in item.weapons and kinds.is_means(w.cls, doc[b - 1], item.trigger)
        ]
        item.type = kinds.settle(item.type, item.trigger, item.args, means, segment.span)
        if item.trigger.type == "launch" and item.type != "launch":
            item.args = [(a, arguments.struck(a, r)) for a, r in item.args]
    _alike(drafts)
    drafts = [d for d in drafts if needs.met(d)]
    drafts = _casualties(fusing.fuse(fusing.rivals(drafts)), segment, context)
    for item in drafts:
        item.args = pruning.without_fronts(item.args)
        item.args = pruning.without_ways(item.args, lexicon().types[item.type].movement)
        item.args.sort(key=lambda pair: pair[0].size > 1)  # towns first, then in which regions
    return [d for d in drafts if not _vague(d)]


def _alike(drafts: list[Draft]) -> None:
    """Let a bare "raids" or "strikes" be of the kind of strike that its sentence names."""
    named = [d.type for d in drafts if d.type in _KINDS and (d.weapons or d.trigger.type in _KINDS)]
    for item in drafts:
        if named and item.trigger.type == "strike" and item.trigger.form == "noun" and not item.weapons:
            item.type = named[0]


def _backgrounded(trigger: Trigger) -> bool:
    """Whether the trigger stands after "after", "following", "amid" ...: it sets the scene for the main
    event.
    """
    token = trigger.light or trigger.token
    for head in [token, *grammar.ancestors(token)][:5]:
        if head.dep_ in ("pobj", "pcomp") and head.head.lower_ in _SCENE:
            return True
        if head.dep_ == "advcl" and any(
            c.dep_ in ("mark", "advmod") and c.lower_ in ("after", "as", "while", "since")
            for c in head.children
        ):
            return True
        if head.dep_ == "ROOT":
            break
    return False


def _near(item: Draft, a: int, b: int, drafts: list[Draft]) -> bool:
    """Whether a weapon belongs to this draft: no other trigger that uses weapons stands nearer."""
    rivals = [
        d for d in drafts if d.family in ("strike", "interception", "ground") and d.trigger.type != "casualty"
    ]
    if item not in rivals:
        return False
    here = _gap(item, a, b)
    if any(_elsewhere(d, item) and _last_before(a, d, item) is d for d in rivals if d is not item):
        return False
    return here <= _WEAPON_REACH and all(_gap(d, a, b) >= here or d.family == item.family for d in rivals)


def _elsewhere(a: Draft, b: Draft) -> bool:
    """Whether two verbs of one family have each their place: "bombed X and hit Y with a rocket"."""
    verbs = a.trigger.form == b.trigger.form == "verb" and a.family == b.family
    own = bool(a.args and b.args) and not (a.inherited or b.inherited)
    return verbs and own and a.keys.isdisjoint(b.keys)


def _last_before(at: int, a: Draft, b: Draft) -> Draft | None:
    """Return the later of the two whose trigger stands before the token `at`."""
    before = [d for d in (a, b) if d.trigger.start < at]
    return max(before, key=lambda d: d.trigger.start, default=None)


def _gap(item: Draft, a: int, b: int) -> int:
    t = item.trigger
    return max(a - t.end, t.start - b, 0)


def _share(drafts: list[Draft]) -> None:
    """Let a trigger without place take the places of the nearest trigger of its sentence that has some."""
    placed = [d for d in drafts if d.args and d.type != "return"]
    for item in drafts:
        near = next((d for d in drafts if _finer(d, item)), None)
        if near is not None:
            item.args, item.inherited = list(near.args), True
    for item in drafts:
        # "killed at X by an air strike": the verb's place is the noun's own
        by = next((d for d in placed if d.trigger.type == "casualty" and _blamed(item, d)), None)
        if by is not None:
            item.args = list(by.args)
        if item.args or not placed or item.background and told_before(item.trigger):
            continue
        family = [d for d in placed if d.family == item.family] or placed
        if item.family != "evacuate":  # people fled to X: what drove them out was elsewhere
            family = [d for d in family if d.family != "evacuate" or any(r == "origin" for _, r in d.args)]
        if not family:
            continue
        near = min(family, key=lambda d: (abs(d.trigger.token.i - item.trigger.token.i), d.trigger.start))
        origin_like = ("origin", "destination", "launch", "return", "route")
        goal = [a for a, r in near.args if r == "destination"]
        goal = goal or [a for a, r in near.args if r not in ("launch", "return")]
        item.args = [(a, r) for a, r in near.args if r not in origin_like] or [
            (a, "target") for a in goal[:1]
        ]
        item.inherited = True


def _blamed(item: Draft, harm: Draft) -> bool:
    """Whether a noun without a place is what did the harm: "killed at X by an air strike"."""
    noun = item.trigger.token
    return not item.args and noun.head.dep_ == "agent" and noun.head.head == harm.trigger.token


def _finer(a: Draft, b: Draft) -> bool:
    """Whether `a` tells the town where `b` tells only the region that opens the sentence."""
    wide = bool(b.args) and all(arg.size > 1 and pruning.fronted(arg) for arg, _ in b.args)
    towns = [arg for arg, role in a.args if role == "target" and arg.size == 0 and not pruning.fronted(arg)]
    same = a.family == b.family and towns and len(towns) == len(a.args)
    linked = a.trigger.token.head == b.trigger.token or b.trigger.token.head == a.trigger.token
    return bool(wide and same and linked)


def told_before(trigger: Trigger) -> bool:
    """Whether "the quake" or "the attack" is one that the reader knows."""
    definite = (c.lower_ in ("the", "this", "that") for c in trigger.token.children if c.dep_ == "det")
    return trigger.form == "noun" and any(definite)


def _vague(item: Draft) -> bool:
    """Whether a word only speaks of violence at large: "attacks against the country", "it only attacks Y"."""
    if item.inherited and item.trigger.token.tag_ in ("VBZ", "VBP"):
        habits = [c.lower_ for c in item.trigger.token.children if c.dep_ == "advmod"]
        if _HABITS.intersection(habits):
            return True
    far = bool(item.args) and all(a.size >= 3 for a, _ in item.args)
    if (
        item.segment.heading
        and item.trigger.lemma in ("hostility", "violence", "conflict", "fighting")
        and far
    ):
        return True  # "Escalation of hostilities in X" heads a report
    if item.trigger.form != "noun" or item.killed or item.injured or item.harm or item.segment.heading:
        return False
    if item.family in _NATURAL:
        return False
    first = item.trigger.token.doc[item.trigger.start]
    if item.trigger.light is not None or _MAIN & {item.trigger.token.dep_, first.dep_}:
        return False
    if any(w.count for w in item.weapons) or any(not a.coarse for a, _ in item.args if not item.inherited):
        return False
    return (
        not item.args or item.inherited or all(a.size >= 3 or a.expression is not None for a, _ in item.args)
    )


def _casualties(drafts: list[Draft], segment: Segment, context: list[Draft]) -> list[Draft]:
    """Give words of death and damage to the event that caused them, or let them be an event of their own."""
    strong = [d for d in drafts if not fusing.weak(d)]
    for item in strong:
        item.killed.extend(tolls.slain(item.trigger))
    own: list[Draft] = []
    # first the words that tell where: the others of the sentence join them
    for item in sorted((d for d in drafts if fusing.weak(d)), key=lambda d: d.inherited or not d.args):
        host = _host(item, [d for d in strong if d.family in _HARMED], own, segment, context)
        if host is None:
            told = _of_strikes(item, segment, context)
            if not item.args or item.trigger.form == "noun" or not (told or _stands_alone(item)):
                continue
            item.type = told or _own_type(item)
            own.append(item)
            host = item
        finer = [(a, r) for a, r in item.args if not a.coarse and not item.inherited]
        only_from = host.args and all(r in ("launch", "origin") for _, r in host.args)
        if host is not item and finer and host.args and (only_from or all(a.size > 1 for a, _ in host.args)):
            host.args = host.args + finer
        # "four people died in an attack": the place of the words of harm is the attack's own
        if host is not item and host.inherited and not item.inherited:
            host.args, host.inherited = item.args, False
        if item.trigger.type != "casualty":
            host.harm |= host is not item
            continue
        (host.killed if tolls.is_deadly(item.trigger) else host.injured).append(item.trigger.token)
    return sorted(strong + own, key=lambda d: d.trigger.start)


def _host(
    item: Draft, hosts: list[Draft], own: list[Draft], segment: Segment, context: list[Draft]
) -> Draft | None:
    """Return the event that did the harm of which a word speaks, or None."""
    able = [h for h in hosts if not _another_deed(item, h)]
    if able:

        def far(other: Draft) -> tuple[bool, bool, bool, int]:
            gap = abs(other.trigger.token.i - item.trigger.token.i)
            # "fired at X, killing two, and hit Y": they died where it was fired
            led = item.trigger.token.dep_ == "advcl" and item.trigger.token.head in other.trigger.heads
            return other.background and len(able) > 1, not led, other.type == "infrastructure_damage", gap

        host = min(able, key=far)
        return None if fusing.apart(item, host) else host
    if own and item.trigger.type == "casualty" and own[-1].trigger.type == "casualty":
        return None if fusing.apart(item, own[-1]) else own[-1]
    if not hosts and _continues(item, segment, context):
        return next(d for d in reversed(context) if d.family in _HARMED)
    return None


def _another_deed(item: Draft, host: Draft) -> bool:
    """Whether the doers killed people and burned something, or took a place and sacked it: two deeds."""
    verb, deed = item.trigger.token, host.trigger.token
    if item.trigger.type == "infrastructure_damage" and host.family in ("control", "ground_move"):
        return verb.lemma_ in ("loot", "burn", "raze") and _by_armed(verb)
    if host.type != "infrastructure_damage" or item.trigger.type != "casualty" or verb.pos_ != "VERB":
        return False
    joined = deed.dep_ == "conj" and deed.head == verb or verb.dep_ == "conj" and verb.head == deed
    return joined and _by_armed(verb)


def _by_armed(verb: Token) -> bool:
    """Whether armed people do something to something."""
    who = grammar.subject(verb)
    if who is None or not grammar.objects(verb) or grammar.is_passive(verb):
        return False
    return lemma_of(who, lexicon()) in lexicon().lists["armed"] or bool(actors.side_of([who]))


def _of_strikes(item: Draft, segment: Segment, context: list[Draft]) -> str:
    """Return the kind of strikes told just before, of which people died elsewhere too: "three died in X"."""
    last = context[-1] if context else None
    if last is None or last.type not in _KINDS or segment.index - last.last > 2 or item.inherited:
        return ""
    count = tolls.victims(item.trigger.token)
    died = item.trigger.lemma in ("die", "perish") and count is not None and count.best
    return last.type if died and not any(a.coarse for a, _ in item.args) else ""


def _stands_alone(item: Draft) -> bool:
    """Whether a casualty word reports an attack by itself: somebody killed, nothing natural told."""
    if item.trigger.type != "casualty":
        return True
    rules = lexicon().casualty
    count = tolls.victims(item.trigger.token)
    if count is not None and count.high == 0:
        return False  # "nobody was hurt"
    if item.segment.peaceful and not any(True for _ in actors.doers(item.trigger)):
        return False
    told = {t.lower_ for t in item.segment.span} | {lemma_of(t, lexicon()) for t in item.segment.span}
    span = item.segment.span
    shot = item.trigger.lemma in rules["alone"] or bool(weapons.find(span.doc, span.start, span.end))
    return shot and not told & rules["natural"]


def _own_type(item: Draft) -> str:
    """Return what a bare "killed" or "destroyed" is when no other event is told."""
    if item.trigger.type == "infrastructure_damage":
        return item.type
    lex = lexicon()
    span = item.segment.span
    doers = list(actors.doers(item.trigger))
    told_by = item.trigger.token.head
    if any(t.pos_ == "PRON" for t in doers) and told_by.lemma_ in grammar.SPEECH:
        doers += [t for t in (grammar.subject(told_by),) if t is not None]  # "the army said it killed"
    doer = {lemma_of(t, lex) for t in doers}
    arms = weapons.find(span.doc, span.start, span.end)
    if doer & lex.lists["planted"]:
        dropped = [w.cls for a, b, w in arms if b - a > 1 and any(a <= t.i < b for t in doers)]
        return "air_strike" if "bomb" in dropped else "explosion"  # barrel bombs, glide bombs
    hurt = {lemma_of(t, lex) for t in actors.sufferers(item.trigger)}
    if doer & lex.lists["armed"] and hurt & lex.lists["opponents"] and item.trigger.lemma == "kill":
        return "clash"
    shot = any(t.lower_ in ("one", "another", "others", "some", "two") for t in doers)  # "one of them"
    fallen = {t for thing in actors.sufferers(item.trigger) for t in grammar.conjuncts(thing)}
    arms = [a for a in arms if span.doc[a[1] - 1] not in fallen]
    told = [w for i, _, w in arms if shot or _same_clause(item, span.doc[i])]
    used = [w for w in item.weapons if any(w == a[2] for a in arms)]
    for weapon in used or told:
        if weapon.cls in lex.weapon_types:
            return lex.weapon_types[weapon.cls]
    return "clash" if item.trigger.lemma in lex.casualty["losses"] else "civilian_attack"


def _same_clause(item: Draft, token: Token) -> bool:
    """Whether a word stands in the trigger's clause or above it, not in one that is coordinated with it."""
    return not any(
        fusing.two_clauses(item.trigger.token, head) for head in [token, *grammar.ancestors(token)]
    )


def _continues(item: Draft, segment: Segment, context: list[Draft]) -> bool:
    """Whether a casualty word speaks of the event told just before."""
    hosts = [d for d in context if d.family in _HARMED]
    if not hosts:
        return False
    last = hosts[-1]
    near = segment.index - last.segment.index <= 2
    more = _more(item) and segment.paragraph == last.segment.paragraph and all(a.coarse for a, _ in item.args)
    return near and (not item.args or item.inherited or more or bool(item.keys & last.keys))


def _more(item: Draft) -> bool:
    """Whether words of harm go on counting: "another six were injured in the region"."""
    hurt = actors.sufferers(item.trigger)
    return any(c.lower_ in ("another", "other", "further", "more") for t in hurt for c in [t, *t.lefts])


def toll(item: Draft) -> Casualties:
    """Return the casualties of a draft, read sentence by sentence."""
    return tolls.casualties(item.killed, item.injured)
