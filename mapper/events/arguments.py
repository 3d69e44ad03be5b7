"""Which places a trigger takes, and in which role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mapper.events import grammar, pruning
from mapper.events.lexicon import lexicon
from mapper.events.places import words

if TYPE_CHECKING:
    from spacy.tokens import Token

    from mapper.events.places import PlaceArg
    from mapper.events.triggers import Trigger
    from mapper.types import Role


_BESIDE = re.compile(r"-(?:bound|led|born|made|[a-z]{3,12}ed)\b")
"""What follows a name that only says whose people or things are meant: "X-backed rebels"."""
_NOT_WHERE = ("dobj", "nsubj", "amod", "compound", "nmod", "poss")
_NO_LAUNCH = ("casualty", "civilian_attack", "infrastructure_damage", "explosion", "interception")


def attach(args: list[PlaceArg], triggers: list[Trigger]) -> None:
    """Give every place of one sentence its trigger, by the parse first and by nearness where it says
    nothing.
    """
    if not triggers:
        return
    loose = _owned(args, triggers)
    for arg in loose:
        if arg.speaker or arg.dateline or arg.coarse and any(a.owner for a in args):
            continue
        if arg.size > 2 and arg.token.dep_ in _NOT_WHERE:
            continue  # "to involve Belarus", "US envoys": of another verb, or whose people
        if arg.size > 2 and arg.token.dep_ == "pobj" and arg.token.head.lower_ == "of":
            continue  # "a provocation of Russia": an actor, not a place
        free = [
            t for t in triggers if all(pruning.is_front(a) for a in args if a is not arg and a.owner is t)
        ]
        free = free or [t for t in triggers if any(a in loose and a.owner is t for a in args)]
        free = [t for t in free if not _supposes(t.token) or t.token.is_ancestor(arg.token)]
        free = [t for t in free if not _parted(arg, t) or any(a.owner is t for a in args)]
        if free:
            arg.owner = min(free, key=lambda t: (_distance(arg, t), t.start))
    if not any(a.owner for a in args):
        spoken = [a for a in args if a.speaker and not a.coarse and not a.blamed]
        if spoken:
            spoken[0].owner = triggers[0]


def _owned(args: list[PlaceArg], triggers: list[Trigger]) -> list[PlaceArg]:
    """Give every place the trigger that the parse puts above it; return the places without one."""
    heads = {t.i: trigger for trigger in reversed(triggers) for t in trigger.heads}
    for trigger in triggers:
        for i in range(trigger.start, trigger.end):
            heads.setdefault(i, trigger)
        if _taken_for_adjective(trigger):
            heads.setdefault(trigger.token.head.i, trigger)
    for arg in args:
        arg.blamed = _addressed(arg, heads) or _on_the_way(arg, heads) or _beside(arg, args)
        arg.blamed |= _of_doer(arg, args, heads)
        arg.owner = None if arg.blamed else _own_side(arg, _climb(arg, heads), triggers)
        acts = arg.owner is not None and _acts(arg, arg.owner)
        arg.owner = None if acts else arg.owner
        arg.speaker = arg.speaker or arg.blamed or acts
    return [a for a in args if a.owner is None]


def _parted(arg: PlaceArg, trigger: Trigger) -> bool:
    """Whether a semicolon stands between a place and a trigger: "rebels inside X; protests in Y"."""
    low, high = sorted((arg.token.i, trigger.token.i))
    return any(t.text == ";" for t in arg.token.doc[low:high])


def _supposes(verb: Token) -> bool:
    """Whether a verb stands in an "if" clause: "if they seize X, they will cut off Y"."""
    return verb.dep_ == "advcl" and any(
        c.dep_ == "mark" and c.lower_ in ("if", "unless") for c in verb.children
    )


def _taken_for_adjective(trigger: Trigger) -> bool:
    """Whether the parser took a verb for an adjective: "the HTS targeted positions in X" as its positions."""
    token = trigger.token
    past = trigger.form == "verb" and trigger.type != "casualty" and token.tag_ in ("VBD", "VBN", "JJ")
    return past and token.dep_ == "amod" and token.head.i > token.i


def _addressed(arg: PlaceArg, heads: dict[int, Trigger]) -> bool:
    """Whether a place stands for the people who are spoken to or blamed: "accused X of shelling"."""
    token, verb = arg.token, arg.token.head
    if arg.expression is None and token.dep_ == "nsubj" and verb.i not in heads:
        return verb.lemma_ in lexicon().lists["wills"]
    if arg.expression is not None or token.dep_ not in ("dobj", "dative", "nsubjpass") or verb.i in heads:
        return False
    return verb.lemma_ in lexicon().lists["address"]


def _beside(arg: PlaceArg, args: list[PlaceArg]) -> bool:
    """Whether a place gives way to the others of its sentence: the label of a paragraph, an office."""
    others = [a for a in args if a is not arg and a.resolution is not None and a.resolution.place is not None]
    return bool(others) and (_of_office(arg) or pruning.is_label(arg))


def _of_doer(arg: PlaceArg, args: list[PlaceArg], heads: dict[int, Trigger]) -> bool:
    """Whether a place only tells more of the doers: "the army, which was sent to X, withdrew from Y"."""
    token = arg.token
    for head in [token, *grammar.ancestors(token)]:
        if head.i in heads:
            return False
        if head.dep_ == "relcl":
            doers = head.head.dep_ == "nsubj" and head.head.head.i in heads
            others = [a for a in args if a.resolution is not None and not head.is_ancestor(a.token)]
            return doers and any(head.head.head.is_ancestor(a.token) for a in others)
    return False


def _of_office(arg: PlaceArg) -> bool:
    """Whether a place only says whose governor or council is meant: "the X governor was killed in Y"."""
    token = arg.token
    if arg.size >= 3 and token.dep_ in ("pobj", "conj") and arg.prep == "of":
        above = next((h for h in grammar.ancestors(token) if h.dep_ != "conj" and h.lower_ != "of"), None)
        return above is not None and above.lemma_ in ("embassy", "consulate", "ambassador", "diplomat")
    noun = token.head if token.dep_ in ("compound", "nmod", "poss") and token.head.i > token.i else None
    return arg.expression is None and noun is not None and noun.lemma_.lower() in lexicon().lists["offices"]


def _on_the_way(arg: PlaceArg, heads: dict[int, Trigger]) -> bool:
    """Whether people of whom it is told came from or go to a place, or have it behind them: "troops
    returning to X", "X-bound", "X-backed".
    """
    if _BESIDE.match(grammar.full_text(arg.token.doc), arg.end):
        return True
    if arg.prep not in ("to", "from", "for"):
        return False
    for head in grammar.ancestors(arg.token):
        if head.i in heads:
            return False
        if head.pos_ == "VERB" or head.dep_ == "ROOT":
            people = head.dep_ in ("acl", "relcl") and head.head.pos_ in ("NOUN", "PROPN", "PRON")
            due = head.dep_ == "xcomp" and head.head.lower_ in ("due", "set", "scheduled", "bound")
            return head.lemma_ in lexicon().lists["travel"] and (people and head.head.i not in heads or due)
    return False


def antecedents(trigger: Trigger, args: list[PlaceArg]) -> list[PlaceArg]:
    """Return the places that "where" stands for in the clause of a trigger: "X, where a strike hit ..."."""
    noun = _antecedent(trigger)
    same = grammar.conjuncts(noun) if noun is not None else []
    return [
        a
        for a in args
        if any(a.start <= t.idx < a.end for t in same) or (a.token.head in same and a.token.i < trigger.start)
    ]


def _antecedent(trigger: Trigger) -> Token | None:
    for head in [trigger.token, *grammar.ancestors(trigger.token)]:
        if head.dep_ == "relcl":
            return head.head if any(c.lower_ == "where" for c in head.children) else None
        if head.dep_ in ("conj", "ccomp", "advcl"):
            break
    return None


def _own_side(arg: PlaceArg, owner: Trigger | None, triggers: list[Trigger]) -> Trigger | None:
    """Keep a place on its side of a semicolon, where a trigger of its own stands there."""
    if owner is None:
        return None
    doc = arg.token.doc
    low, high = sorted((arg.token.i, owner.token.i))
    cuts = [i for i in range(low, high) if doc[i].text == ";"]
    if not cuts:
        return owner
    near = [t for t in triggers if (t.token.i > cuts[-1]) == (arg.token.i > cuts[-1]) and t is not owner]
    return min(near, key=lambda t: abs(t.token.i - arg.token.i)) if near else owner


def _acts(arg: PlaceArg, trigger: Trigger) -> bool:
    """Whether a country or region is the doer ("Russia fired"), not the place."""
    if arg.expression is not None or arg.size < 2 or arg.anaphor:
        return False
    token = arg.token
    if token.dep_ == "poss":
        return True
    if trigger.type == "capture" and arg.size >= 3 and arg.prep == "to":
        return True  # "ceded to X": X takes it
    return token.dep_ in ("nsubj", "agent") or (token.dep_ == "pobj" and token.head.lower_ == "by")


def _distance(arg: PlaceArg, trigger: Trigger) -> int:
    gap = abs(arg.token.i - trigger.token.i)
    low, high = sorted((arg.token.i, trigger.token.i))
    breaks = sum(t.is_punct and t.text != "-" or t.dep_ == "mark" for t in arg.token.doc[low:high])
    return gap + 4 * breaks


def _climb(arg: PlaceArg, heads: dict[int, Trigger]) -> Trigger | None:
    token = arg.token
    if token.i in heads:
        return heads[token.i]
    below = token
    for head in grammar.ancestors(token):
        if head.dep_ == "relcl" and below.dep_ == "conj" and below.pos_ == "ADP":
            continue  # "in X, where they fought, and in Y", hung on what they did
        if (
            head.lemma_ in grammar.SPEECH
            and head.i not in heads
            and below.dep_ in ("nsubj", "nsubjpass", "agent")
        ):
            arg.speaker = True
            return None
        if _other_clause(head) and head.i not in heads:
            return None
        if head.dep_ == "relcl" and head.head.pos_ == "PROPN" and head.i not in heads:
            arg.blamed = True  # "X, which lies near Y", "X, where troops crossed the Y"
            return None
        if head.lower_ == "according":
            arg.speaker = True
            return None
        if head.i in heads:
            trigger = heads[head.i]
            speaker = (
                trigger.light is not None and head.i == trigger.light.i and head.lemma_ in grammar.SPEECH
            )
            if speaker and below.dep_ in ("nsubj", "agent"):
                arg.speaker = True
                return None
            return trigger
        below = head
    return None


def _other_clause(head: Token) -> bool:
    """Whether a verb begins a clause of its own: "three were killed, and it would move its base to X"."""
    own = any(c.dep_ in ("nsubj", "nsubjpass") for c in head.children)
    return head.pos_ == "VERB" and head.dep_ == "conj" and (own or bool(grammar.objects(head)))


def role(arg: PlaceArg, trigger: Trigger) -> Role:
    """Return the part that a place plays in the event of `trigger`."""
    lists = words()["preps"]
    info = lexicon().types[trigger.type]
    prep = arg.prep
    expression = arg.expression
    if trigger.type == "return":
        return "return"
    if expression is not None and expression.type == "toward" and info.movement:
        return "destination"
    if expression is not None and (
        expression.part == "approach" or expression.line or expression.type == "between"
    ):
        return "route" if info.movement and expression.part != "approach" else "target"
    if info.movement:
        return _movement_role(arg, trigger, lists)
    if trigger.type == "launch":
        if prep in lists["to"] or prep in ("at",) or _aimed_at(arg, trigger):
            return "target"
        return "launch" if prep else "target"
    if trigger.type in _NO_LAUNCH:
        return "target"
    if info.family == "strike" and _from_craft(arg, trigger):
        return "launch"
    if info.family in ("strike", "interception") and prep in lists["from"] and not _so_far(arg):
        return "launch" if _governs(arg, trigger) else "target"
    if info.family in ("ground", "control", "detain") and prep in lists["from"]:
        return "origin" if info.family == "ground" else "target"
    return "target"


def _so_far(arg: PlaceArg) -> bool:
    """Whether "from" only belongs to a distance: "an attack 40 km from X", not "from 5 km north of X"."""
    measured = arg.expression is not None and arg.expression.type in ("offset", "distance")
    return measured and not grammar.full_text(arg.token.doc)[: arg.start].rstrip().endswith("from")


def _from_craft(arg: PlaceArg, trigger: Trigger) -> bool:
    """Whether a place tells where the aircraft or ships were that fired: "from bombers over X"."""
    for head in grammar.ancestors(arg.token):
        if head in trigger.heads:
            return False
        if head.lower_ == "from" and head.pos_ == "ADP":
            return any(t.lemma_ in lexicon().lists["platforms"] for t in head.children)
    return False


def _aimed_at(arg: PlaceArg, trigger: Trigger) -> bool:
    """Whether a place tells where the thing is that was fired at: "at a boat near X"."""
    if arg.prep in words()["preps"]["from"]:
        return False
    return any(
        h.lower_ in ("at", "on", "into", "toward", "towards") and h.head in trigger.heads
        for h in grammar.ancestors(arg.token)
    )


def fired_from(args: list[tuple[PlaceArg, str]], trigger: Trigger) -> list[tuple[PlaceArg, str]]:
    """Let a place of the doers be where they fired from: "positions in X shelled Y"."""
    who = grammar.subject(trigger.token) if trigger.form == "verb" else None
    family = lexicon().types[trigger.type].family
    if who is None or family != "strike" or trigger.type == "casualty" or len(args) < 2:
        return args
    theirs = [who.is_ancestor(a.token) and r == "target" for a, r in args]
    if all(theirs):
        return args
    if trigger.type in _NO_LAUNCH:
        return [pair for pair, own in zip(args, theirs, strict=True) if not own]
    return [(a, "launch" if own else r) for (a, r), own in zip(args, theirs, strict=True)]


def struck(arg: PlaceArg, part: str) -> str:
    """Return the role of a place of a launch that turned out to be a strike: "fired at a post in X"."""
    return "target" if part == "launch" and arg.prep not in words()["preps"]["from"] else part


def _governs(arg: PlaceArg, trigger: Trigger) -> bool:
    """Whether the preposition hangs on the trigger itself or on a weapon, not on people ("a man from X")."""
    token = arg.token
    for _ in range(5):
        if token.pos_ == "ADP":
            head = token.head
            if token.lower_ == "of" and head.pos_ == "NOUN" and head not in trigger.heads:
                token = head  # "from the territory of X"
                continue
            arms = lexicon().lists["munitions"]
            if (
                head.dep_ in ("relcl", "acl")
                and head.head.lemma_ not in arms
                and head.head not in trigger.heads
            ):
                return head in trigger.heads  # "a train that was going from X"
            return head in trigger.heads or head.pos_ == "VERB" or head.lemma_ in arms
        token = token.head
    return False


def _movement_role(arg: PlaceArg, trigger: Trigger, lists: dict[str, list[str]]) -> Role:
    prep = arg.prep
    if trigger.form == "phrase" and "refuge" in trigger.token.doc[trigger.start : trigger.end].text.lower():
        return "destination" if prep not in lists["from"] else "origin"
    if prep in lists["from"] or (prep == "of" and trigger.end - trigger.start > 1):
        return "origin"
    if prep in ("to", "into", "toward", "towards", "onto", "for"):
        return "destination"
    if prep in lists["through"]:
        return "route"
    if trigger.type in ("withdrawal", "evacuation"):
        return "origin"
    if trigger.type == "advance":
        return "destination"
    return "target" if trigger.type == "deployment" else "destination"
