"""Which places a trigger takes, and in which role."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from mapper.events import grammar
from mapper.events.lexicon import lexicon, load
from mapper.types import EventPlace, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from mapper.events.triggers import Trigger
    from mapper.types import Mention, Resolution, SpatialExpression

_SIZES = {"district": 1, "municipality": 1, "region": 2, "area": 2, "country": 3, "continent": 4}
_FAR_BACK = 900


@cache
def words() -> dict[str, Any]:
    """Return the closed word lists of ``words.toml``."""
    return load("words.toml")


@dataclass(slots=True)
class PlaceArg:
    """A place phrase that can be an argument: a mention, an expression, or words that refer back to a
    mention.

    ``token`` is its head; ``prep`` the preposition that governs it ("" for an object or subject).
    """

    start: int
    end: int
    token: Token
    prep: str
    mention: str | None
    expression: SpatialExpression | None
    resolution: Resolution | None
    anaphor: bool = False
    references: tuple[SpatialExpression, ...] = ()
    owner: Trigger | None = None
    speaker: bool = False
    several: bool = False

    @property
    def key(self) -> str:
        """What makes two arguments the same place: the gazetteer's id, else the name."""
        near = self.expression
        if near is not None and near.type not in ("near", "at", "within", "toward"):
            return f"{near.type}:{near.distance_m}:{near.bearing_deg}:{place_key(self.resolution)}"
        return place_key(self.resolution)

    @property
    def coarse(self) -> bool:
        """Whether this is a country or region, which may only say where the real place lies."""
        return self.size > 0

    @property
    def size(self) -> int:
        """0 a point on a map, 1 a district, 2 a region or area, 3 a country, 4 a continent."""
        near = self.expression
        if self.resolution is None or (
            near is not None and (near.type != "direction" or near.part == "outside")
        ):
            return 0
        place = self.resolution.place
        name = place.feature if place is not None else self.resolution.mention.kind
        return _SIZES.get(name, 0)


def place_key(resolution: Resolution | None) -> str:
    """Return the identity of a resolved mention, or its folded text."""
    if resolution is None:
        return ""
    if resolution.place is not None:
        return resolution.place.id
    return (resolution.mention.query or resolution.mention.text).casefold()


def is_place(mention: Mention) -> bool:
    """Whether a mention can be where something happens."""
    return mention.pinned and mention.kind != "demonym"


def collect(
    doc: Doc, resolutions: Sequence[Resolution], expressions: Sequence[SpatialExpression]
) -> list[PlaceArg]:
    """Return every place phrase of the document in the order of the text."""
    by_id = {r.mention.id: r for r in resolutions}
    found: list[PlaceArg] = []
    covered: set[str] = set()
    references: dict[str, list[SpatialExpression]] = {}
    for expression in expressions:
        if not expression.anchors:
            continue
        if expression.subject is not None:
            references.setdefault(expression.subject, []).append(expression)
            covered |= {a for a in expression.anchors if a != expression.subject}
            continue
        anchors = [by_id[a] for a in expression.anchors if a in by_id]
        covered |= {r.mention.id for r in anchors if _within(r.mention, expression)}
        arg = _arg(doc, expression.start, expression.end)
        if arg is not None:
            first = anchors[0] if anchors else None
            arg.expression = None if expression.type == "at" and len(anchors) == 1 else expression
            arg.mention, arg.resolution = (first.mention.id if first else None), first
            arg.several = len(anchors) > 1
            found.append(arg)
    for resolution in resolutions:
        mention = resolution.mention
        if not is_place(mention) or mention.id in covered:
            continue
        arg = _arg(doc, mention.start, mention.end)
        if arg is not None:
            arg.mention, arg.resolution = mention.id, resolution
            found.append(arg)
    for arg in found:
        if arg.mention is not None and not arg.several:
            arg.references = tuple(references.get(arg.mention, ()))
    taken = [(a.start, a.end) for a in found]
    found += _anaphors(doc, [r for r in resolutions if is_place(r.mention)], taken)
    return sorted(found, key=lambda a: (a.start, a.end))


def _within(mention: Mention, expression: SpatialExpression) -> bool:
    return expression.start <= mention.start and mention.end <= expression.end


def _arg(doc: Doc, start: int, end: int) -> PlaceArg | None:
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or not len(span):
        return None
    token = span.root
    return PlaceArg(start, end, token, _preposition(token, span.start), None, None, None)


def _preposition(token: Token, first: int) -> str:
    """Return the preposition that governs a noun, through names, appositions and coordination."""
    if token.dep_ == "prep" or (token.pos_ == "ADP" and token.dep_ != "pobj"):
        return token.lower_
    for _ in range(6):
        if token.dep_ in ("pobj", "pcomp"):
            head = token.head
            if head.lower_ == "of" and head.head.pos_ in ("NOUN", "PROPN") and head.head.dep_ != "ROOT":
                token = head.head
                continue
            return head.lower_
        if token.dep_ in ("conj", "appos", "compound", "nmod", "amod", "poss"):
            token = token.head
            continue
        break
    before = token.doc[first - 1] if first else None
    return before.lower_ if before is not None and before.pos_ == "ADP" else ""


def _anaphors(doc: Doc, resolutions: list[Resolution], taken: list[tuple[int, int]]) -> list[PlaceArg]:
    """Find "the city", "the plant", "there" and resolve them to the last mention of that kind."""
    lists = words()["anaphora"]
    kinds = {noun: kind for kind in ("settlement", "facility", "region", "country") for noun in lists[kind]}
    found = []
    for token in doc:
        kind = kinds.get(token.lower_)
        start = token.idx
        if token.lower_ in lists["there"]:
            if token.dep_ == "expl" or token.tag_ == "EX" or token.i == 0:
                continue
        elif kind is None or not _is_definite(token) or _named(token, taken):
            continue
        if any(a <= start < b for a, b in taken):
            continue
        referent = _last(resolutions, kind, token.lower_, start)
        if referent is not None:
            arg = _arg(doc, start, start + len(token))
            if arg is not None:
                arg.mention, arg.resolution, arg.anaphor = referent.mention.id, referent, True
                found.append(arg)
    return found


def _is_definite(token: Token) -> bool:
    return any(
        c.dep_ in ("det", "poss") and c.lower_ in ("the", "this", "that", "their", "its")
        for c in token.children
    )


def _named(token: Token, taken: list[tuple[int, int]]) -> bool:
    """Whether the noun is named itself: "the city of X", "the X plant", "the eastern city X"."""
    end, text = token.idx + len(token), token.doc.text
    for a, b in taken:
        if token.left_edge.idx <= a < token.idx and text[b : token.idx].strip() == "":
            return True
        if a >= end and text[end:a].strip(" ,\"“'") in ("", "of"):
            return True
    return any(c.dep_ in ("amod", "compound") and c.text[:1].isupper() for c in token.children)


def _last(resolutions: list[Resolution], kind: str | None, noun: str, before: int) -> Resolution | None:
    best = None
    for resolution in resolutions:
        mention = resolution.mention
        if mention.end > before or mention.end < before - _FAR_BACK:
            continue
        fits = (
            kind is None or mention.kind == kind or (kind == "region" and mention.kind in ("region", "area"))
        )
        if kind == "facility" and mention.kind in ("facility", "other"):
            fits = noun in mention.text.casefold() or mention.kind == "facility"
        if kind == "settlement" and mention.kind == "other":
            fits = resolution.place is None or resolution.place.feature in ("settlement", "suburb")
        if kind == "region" and noun == "area" and mention.kind == "settlement":
            fits = True
        if fits:
            best = resolution
    return best


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
        arg.owner = _climb(arg, heads)
        if arg.owner is not None and _acts(arg, arg.owner):
            arg.owner, arg.speaker = None, True
        if arg.owner is None:
            loose.append(arg)
    for arg in loose:
        if arg.speaker or arg.coarse and any(a.owner for a in args):
            continue
        free = [t for t in triggers if not any(a.owner is t for a in args if a is not arg)]
        if free:
            arg.owner = min(free, key=lambda t: (_distance(arg, t), t.start))
    if not any(a.owner for a in args):
        spoken = [a for a in args if a.speaker and not a.coarse]
        if spoken:
            spoken[0].owner = triggers[0]


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


def _governs(arg: PlaceArg, trigger: Trigger) -> bool:
    """Whether the preposition hangs on the trigger itself or on a weapon, not on people ("a man from X")."""
    token = arg.token
    for _ in range(5):
        if token.pos_ == "ADP":
            head = token.head
            return head in trigger.heads or head.pos_ == "VERB" or head.lemma_ in lexicon().lists["munitions"]
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
    inside = {a.resolution.mention.inside for a in args if a.resolution is not None and not a.anaphor}
    seen: set[tuple[str, str]] = set()
    for arg in args:
        if arg.mention in inside and arg.expression is None:
            continue
        if arg.coarse and any(_contains(arg, other) for other in args):
            continue
        if (arg.key, arg.prep) in seen or (arg.anaphor and any(arg.key == other.key for other in kept)):
            continue
        seen.add((arg.key, arg.prep))
        kept.append(arg)
    return kept


def _contains(big: PlaceArg, small: PlaceArg) -> bool:
    if big.resolution is None or big is small or big.size <= small.size:
        return False
    if big.prep in ("from", "to", "into", "toward", "towards") and big.prep != small.prep:
        return big.expression is None and 0 <= big.start - small.end <= 2
    if big.start >= small.end:
        between = big.token.doc.text[small.end : big.start].strip().lower()
        if between in ("in", ",", "(", "in the", "of"):
            return True  # "X in Y": the text says so, whatever X was resolved to
    outer = big.resolution.place
    inner = small.resolution.place if small.resolution is not None else None
    if outer is None or inner is None:
        return 0 <= big.start - small.end <= 12
    if outer.country and inner.country and outer.country != inner.country:
        return False
    return (
        outer.feature in ("country", "area")
        or not outer.admin1_code
        or outer.admin1_code == inner.admin1_code
    )


def event_places(args: list[PlaceArg], trigger: Trigger) -> list[EventPlace]:
    """Return the event's places with their roles, and the expressions that refine them as references."""
    found: list[EventPlace] = []
    for arg in prune(args):
        part = role(arg, trigger)
        place = EventPlace(part, arg.mention, arg.expression)
        if place not in found:
            found.append(place)
        for reference in arg.references:
            if reference.type == "within" or reference.type == "at":
                continue
            mention = reference.anchors[0] if reference.anchors else None
            found.append(EventPlace("reference", mention, reference))
    return found
