"""Which places a trigger takes, and in which role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events import grammar
from mapper.events.lexicon import lemma_of, lexicon
from mapper.events.places import words

if TYPE_CHECKING:
    from spacy.tokens import Token

    from mapper.events.places import PlaceArg
    from mapper.events.triggers import Trigger
    from mapper.types import Role


_OVER = ("over", "across", "of", "on", "in", "into", "off", "along")
_FRONTS = ("direction", "directions", "front", "axis", "axes", "sector", "sectors")
"""Nouns of parts of a front, as daily reports name them."""


def attach(args: list[PlaceArg], triggers: list[Trigger]) -> None:
    """Give every place of one sentence its trigger, by the parse first and by nearness where it says
    nothing.
    """
    if not triggers:
        return
    heads = {t.i: trigger for trigger in reversed(triggers) for t in trigger.heads}
    for trigger in triggers:
        for i in range(trigger.start, trigger.end):
            heads.setdefault(i, trigger)
    loose: list[PlaceArg] = []
    for arg in args:
        arg.owner = _own_side(arg, _climb(arg, heads), triggers)
        if arg.owner is not None and _acts(arg, arg.owner):
            arg.owner, arg.speaker = None, True
        if arg.owner is None:
            loose.append(arg)
    for arg in loose:
        if arg.speaker or arg.dateline or arg.coarse and any(a.owner for a in args):
            continue
        if arg.size > 2 and arg.token.dep_ in ("dobj", "nsubj"):
            continue  # "to involve Belarus": of another verb
        if arg.size > 2 and arg.token.dep_ == "pobj" and arg.token.head.lower_ == "of":
            continue  # "a provocation of Russia": an actor, not a place
        free = [t for t in triggers if all(_is_front(a) for a in args if a is not arg and a.owner is t)]
        free = free or [t for t in triggers if any(a in loose and a.owner is t for a in args)]
        if free:
            arg.owner = min(free, key=lambda t: (_distance(arg, t), t.start))
    if not any(a.owner for a in args):
        spoken = [a for a in args if a.speaker and not a.coarse]
        if spoken:
            spoken[0].owner = triggers[0]


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
        if (
            head.lemma_ in grammar.SPEECH
            and head.i not in heads
            and below.dep_ in ("nsubj", "nsubjpass", "agent")
        ):
            arg.speaker = True
            return None
        if _other_clause(head) and head.i not in heads:
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
    return (
        head.pos_ == "VERB"
        and head.dep_ == "conj"
        and any(c.dep_ in ("nsubj", "nsubjpass") for c in head.children)
    )


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
        if prep in lists["to"] or prep in ("at",):
            return "target"
        return "launch" if prep else "target"
    if info.family in ("strike", "interception") and prep in lists["from"]:
        return "launch" if _governs(arg, trigger) else "target"
    if info.family in ("ground", "control", "detain") and prep in lists["from"]:
        return "origin" if info.family == "ground" else "target"
    return "target"


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


def prune(args: list[PlaceArg]) -> list[PlaceArg]:
    """Drop what only says in which region or country the other places of the event lie."""
    kept: list[PlaceArg] = []
    inside = {
        a.resolution.mention.inside
        for a in args
        if a.resolution is not None and not a.anaphor and not _is_way(a) and a.resolution.place is not None
    }
    seen: set[tuple[str, str]] = set()
    everything, args = args, [a for a in args if not any(_bracketed(a, other) for other in args)]
    for arg in args:
        if arg.mention in inside and arg.expression is None:
            continue
        if arg.dateline and len(args) > 1:
            continue
        if arg.coarse and any(_contains(arg, other) for other in args):
            continue
        if _opens_brackets(arg) and any(_stands(other) and not _opens_brackets(other) for other in args):
            continue  # "A, B and C (region)" with C unknown
        if _whose(arg) and any(_stands(other) or _fronted(other) for other in args):
            continue  # the event is at the other place
        if _fronted(arg) and any(_stands(other) and other.size <= arg.size for other in args):
            continue
        if (arg.key, arg.prep) in seen or (arg.anaphor and any(arg.key == other.key for other in kept)):
            continue
        seen.add((arg.key, arg.prep))
        kept.append(arg)
    return kept or sorted(everything, key=lambda a: (a.size, a.start))[:1]


def with_lists(kept: list[PlaceArg], owned: list[PlaceArg]) -> list[PlaceArg]:
    """Return `kept` with those of `owned` that stand in one list with a kept place: "A, B and C"."""
    ids = {id(a) for a in kept}
    listed = {t.i for a in kept for t in grammar.conjuncts(_first(a.token))}
    return [a for a in owned if id(a) in ids or a.token.dep_ == "conj" and a.token.i in listed]


def _first(token: Token) -> Token:
    """Return the first noun of the list in which `token` stands."""
    while token.dep_ == "conj" and token.head.pos_ in ("NOUN", "PROPN"):
        token = token.head
    return token


def _fronted(arg: PlaceArg) -> bool:
    """Whether a place opens its sentence, "In X, ...": it sets the scene for what follows."""
    sent = arg.token.sent
    after = arg.token.doc[arg.token.right_edge.i + 1 : arg.token.right_edge.i + 2]
    opens = arg.expression is None and arg.prep == "in" and arg.token.left_edge.i - sent.start <= 2
    return opens and not arg.anaphor and after.text == ","


def _stands(arg: PlaceArg) -> bool:
    """Whether a place is known and does not only set the scene."""
    known = arg.resolution is not None and arg.resolution.place is not None
    return known and not _fronted(arg) and not _whose(arg)


def _whose(arg: PlaceArg) -> bool:
    """Whether a place only says where people are from: "killed three farmers from X"."""
    lex, prep = lexicon(), arg.token.head
    moves = arg.owner is not None and lex.types[arg.owner.type].movement
    if arg.prep != "from" or moves or prep.i == 0:
        return False
    return lemma_of(prep.nbor(-1), lex) in lex.lists["people"] | lex.lists["armed"]


def _opens_brackets(arg: PlaceArg) -> bool:
    """Whether a place is the first word in brackets: it says where the name before it lies."""
    text = grammar.full_text(arg.token.doc)
    return arg.expression is None and text[max(0, arg.start - 1) : arg.start] == "("


def _bracketed(arg: PlaceArg, other: PlaceArg) -> bool:
    """Whether `arg` stands in brackets after `other`, "X (Y, Z)": where X lies; or as Z after Y."""
    text = grammar.full_text(arg.token.doc)
    between = text[other.end : arg.start]
    if other.end > arg.start or len(between) > 60 or ")" in between:
        return False
    if "(" in between:
        words = between[: between.index("(")].split()
        return len(words) < 3 and all(w.islower() for w in words)
    opened = text.rfind("(", max(0, other.start - 40), other.start)
    named = any(w[:1].isupper() for w in text[max(0, opened - 40) : opened].split()[-2:])
    return opened >= 0 and named and ")" not in text[opened : arg.start] and _only_kind(between)


def _only_kind(between: str) -> bool:
    """Whether only a comma, and a word or two for what the first place is, stands between two names."""
    words = between.strip().removesuffix(",").split()
    return between.strip().endswith(",") and len(words) < 3 and all(w.islower() for w in words)


def _contains(big: PlaceArg, small: PlaceArg) -> bool:
    if big.resolution is None or big is small or big.size <= small.size:
        return False
    if big.prep in ("from", "to", "into", "toward", "towards") and big.prep != small.prep:
        return big.expression is None and 0 <= big.start - small.end <= 2
    text = grammar.full_text(big.token.doc)
    if text[min(big.end, small.end) : max(big.start, small.start)].strip() in ("and", ", and", "or", "&"):
        return False  # named side by side
    if small.expression is not None and small.expression.type in ("offset", "distance"):
        return True  # "in the X Sea 60 km off Y"
    known = small.resolution is None or small.resolution.place is not None
    if big.start >= small.end and known:
        between = grammar.full_text(big.token.doc)[small.end : big.start].strip().lower()
        if between in ("in", ",", "(", "in the", "of"):
            return True  # "X in Y": the text says so, whatever X was resolved to
    outer = big.resolution.place
    inner = small.resolution.place if small.resolution is not None else None
    if outer is None:
        return 0 <= big.start - small.end <= 12
    if inner is None:
        return False  # where it lies is all that is known of it
    if outer.country and inner.country and outer.country != inner.country:
        return False
    return (
        outer.feature in ("country", "area")
        or not outer.admin1_code
        or outer.admin1_code == inner.admin1_code
    )


def without_ways(args: list[tuple[PlaceArg, str]], movement: bool) -> list[tuple[PlaceArg, str]]:
    """Drop the road, or the river under a bridge, where the text also names a place on it.

    "On the road between X and Y near Z" is at Z, "the bridge over the R in Z" too.
    """
    if movement:
        return args
    exact = [(a, r) for a, r in args if r == "target" and a.size == 0 and not _is_way(a)]
    if exact:
        return [(a, r) for a, r in args if r != "target" or not _is_way(a)]
    # "on the highway N between X and Y": the stretch, not the whole of it
    stretch = [(a, r) for a, r in args if r != "target" or a.expression is not None]
    return stretch if any(r == "target" for _, r in stretch) and all(_is_way(a) for a, _ in args) else args


def _is_way(arg: PlaceArg) -> bool:
    near, place = arg.expression, arg.resolution.place if arg.resolution is not None else None
    if near is not None and near.type in ("along", "between"):
        return near.distance_m is None
    river = place is not None and place.feature in ("river", "water", "road")
    return river and near is None and arg.prep in _OVER


def without_fronts(args: list[tuple[PlaceArg, str]]) -> list[tuple[PlaceArg, str]]:
    """Drop "in the X direction", the name of a part of the front, where the places there are told."""
    rest = [(a, r) for a, r in args if not _is_front(a)]
    return rest or args


def _is_front(arg: PlaceArg) -> bool:
    near = arg.expression
    if near is None or not near.text.lower().rstrip(" ,").endswith(_FRONTS):
        return False
    said = near.text.lower().startswith(("in the", "on the", "at the"))
    return said or near.type == "toward" and arg.prep in ("in", "on", "at")
