"""The place phrases of a document: mentions, expressions, and words that refer back to them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from gazetteer.distance import great_circle_m
from mapper.events import grammar
from mapper.events.lexicon import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from gazetteer.place import Place
    from mapper.events.triggers import Trigger
    from mapper.types import Mention, Resolution, SpatialExpression

_SIZES = {"district": 1, "municipality": 1, "region": 2, "area": 2, "country": 3, "continent": 4}
_FAR_BACK = 900
_HEARD_FAR_M = 35_000.0
"""The same for a place found by its sound alone."""
_STRAY_M = 60_000.0
"""So far from all places found by name such a one is none of a note's."""
_ROUND = 600
_FAR_M = 100_000.0
"""So far from a place nothing is near it or "east of" it."""
_OWN_KIND = ("hospital", "prison", "dam", "crossing", "bridge")
"""Facilities that no other word stands for: "the hospital" is not the crossing named before."""
_DATELINE = re.compile(r"(?:, [^\W\d][\w .]{1,24})?(?: \([\w .]{2,24}\))? ?[—–-]{1,2} ")


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
    dateline: bool = False
    blamed: bool = False

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
    ends = {a for e in expressions if e.type in ("along", "between") for a in e.anchors}
    stand_ins = {i for i, e in enumerate(expressions) if _stands_for(e, by_id)}
    lost = {expressions[i].subject or "" for i in sorted(stand_ins)}
    covered |= lost
    for i, expression in enumerate(expressions):
        if lost.issuperset(expression.anchors):
            continue
        describes = expression.subject is not None and i not in stand_ins
        # "the road from X to Y near Z": Z is a place on the road, it does not tell where Y lies
        if describes and expression.subject and (expression.subject not in ends or expression.type != "near"):
            references.setdefault(expression.subject, []).append(expression)
            covered |= {
                a
                for a in expression.anchors
                if a != expression.subject and a in by_id and _within(by_id[a].mention, expression)
            }
            continue
        anchors = [by_id[a] for a in expression.anchors if a in by_id]
        named = resolutions if expression.line else anchors
        covered |= {r.mention.id for r in named if _within(r.mention, expression)}
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
            arg.dateline = _is_dateline(grammar.full_text(doc), mention)
            found.append(arg)
    found = _without_misplaced(grammar.full_text(doc), sorted(found, key=lambda a: (a.start, a.end)))
    for arg in found:
        if arg.mention is not None and not arg.several:
            arg.references = tuple(references.get(arg.mention, ()))
    taken = [(a.start, a.end) for a in found]
    found += _anaphors(doc, [r for r in resolutions if is_place(r.mention)], taken)
    return sorted(found, key=lambda a: (a.start, a.end))


def _without_misplaced(text: str, args: list[PlaceArg]) -> list[PlaceArg]:
    """Drop places that cannot lie where the brackets after them say: "X (Y, Z)" with X in another country."""
    lost: set[int] = set()
    for i, arg in enumerate(args):
        if _elsewhere(text, arg, args[i + 1 : i + 2]):
            lost.add(id(arg))
        between = text[arg.end : arg.end + 24]
        opening = between.find("(")
        if opening < 0 or len(between[:opening].split()) > 2 or set(between[:opening]) & set(".,;:"):
            continue
        closing = text.find(")", arg.end + opening)
        inner = [a for a in args[i + 1 : i + 5] if a.expression is None and a.end <= closing]
        known = [
            a.resolution.place for a in inner if a.resolution is not None and a.resolution.place is not None
        ]
        if known:
            chain = [a for a in (arg, *inner) if _misplaced(a, known[-1])]
            lost |= {id(a) for a in chain}
    return [a for a in args if id(a) not in lost]


def _elsewhere(text: str, arg: PlaceArg, following: list[PlaceArg]) -> bool:
    """Whether a name, above all one found by its sound, lies away from the region that the text adds."""
    named = arg.resolution
    if not following or named is None or (arg.expression is not None and arg.expression.type != "near"):
        return False
    far = _HEARD_FAR_M if _heard(named) else _FAR_M
    outer = following[0].resolution
    said = text[arg.end : following[0].start].strip().lower().rstrip(" ,")
    if outer is None or outer.place is None or named.place is None or not following[0].coarse:
        return False
    if arg.size >= following[0].size:
        return False  # "over A, B and C regions"
    beside = len(said.split()) < 2 and "," in text[arg.end : following[0].start]
    codes = {named.place.admin1_code, outer.place.admin1_code} - {""}
    if beside and outer.place.feature == "region" and len(codes) > 1:
        return _apart_m(named.place, outer.place) > _FAR_M
    return beside and _apart_m(named.place, outer.place) > far + 1.5 * outer.place.radius_m


def without_strays(args: list[PlaceArg]) -> list[PlaceArg]:
    """Drop from a note what was found by its sound only and lies far from every place found by its name."""
    sure = [
        r.place
        for a in args
        if (r := a.resolution) is not None and r.place is not None and not _heard(r) and a.size < 3
    ]
    if not sure:
        return args
    return [
        a
        for a in args
        if a.resolution is None
        or a.resolution.place is None
        or not _heard(a.resolution)
        or any(_apart_m(a.resolution.place, b) < _STRAY_M + 1.5 * b.radius_m for b in sure)
    ]


def without_far(args: list[PlaceArg]) -> list[PlaceArg]:
    """Drop from a longer text what was found by its sound only, far from all that is named round it."""
    kept = []
    states_of = Counter(
        r.place.country for a in args if (r := a.resolution) is not None and r.place is not None
    )
    for arg in args:
        heard = arg.resolution.place if arg.resolution is not None and _heard(arg.resolution) else None
        if heard is not None:
            beside = [a for a in args if abs(a.start - arg.start) < _ROUND and a.resolution is not None]
            near = [(a.size, r.place) for a in beside if (r := a.resolution) and r.place and not _heard(r)]
            away = [_apart_m(heard, b) > 3 * _FAR_M + 1.5 * b.radius_m for size, b in near if size < 3]
            if away and all(away) and states_of[heard.country] < 2:
                continue
        kept.append(arg)
    return kept


def _heard(resolution: Resolution) -> bool:
    return resolution.match in ("phonetic", "fuzzy")


def _misplaced(arg: PlaceArg, outer: Place) -> bool:
    """Whether a plain place lies in another country than `outer`, or far from it."""
    plain = arg.expression is None or arg.expression.type == "near"
    place = arg.resolution.place if arg.resolution is not None and plain else None
    if place is None or place.id == outer.id:
        return False
    if place.country and outer.country and place.country != outer.country:
        return True
    # a town in brackets may stand for the region of its name
    far = 0.6 * _FAR_M if _SIZES.get(outer.feature, 0) else 2.5 * _FAR_M
    return _apart_m(place, outer) > far + 1.5 * outer.radius_m


def _stands_for(expression: SpatialExpression, by_id: dict[str, Resolution]) -> bool:
    """Whether "X, 20 km north of Y" must do without X: no such place is known, or only one far from Y."""
    named = by_id.get(expression.subject or "")
    if named is None or expression.type not in ("offset", "distance", "direction", "near") or expression.line:
        return False
    anchors = [r.place for a in expression.anchors if (r := by_id.get(a)) and r.place is not None]
    if not anchors or any(p.feature in ("region", "country", "area") for p in anchors):
        return False
    if named.place is None:
        return is_place(named.mention)
    stated = expression.distance_max_m or expression.distance_m or 0.0
    heard = _heard(named)
    far = _HEARD_FAR_M if heard else _FAR_M
    return all(_apart_m(named.place, a) > far + 3.0 * stated + 1.5 * a.radius_m for a in anchors)


def _apart_m(a: Place, b: Place) -> float:
    """Distance of two places in metres."""
    return float(great_circle_m(a.lat, a.lon, b.lat, b.lon))


def _is_dateline(text: str, mention: Mention) -> bool:
    """Whether a name opens a report ("BEIRUT (Agency) - ..."): where it was written, not what happened."""
    if text[: mention.start].strip() and not text[: mention.start].rstrip(" ").endswith("\n"):
        return False
    after = text[mention.end : mention.end + 60]
    return bool(_DATELINE.match(after)) and (mention.text.isupper() or "(" in after[:40])


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
    if token.dep_ == "dobj" and token.head.i == first - 1:
        token = grammar.listed_before(token.head) or token
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
    led = before is not None and (before.pos_ == "ADP" or before.lower_ == "to")
    return before.lower_ if before is not None and led else ""


def _anaphors(doc: Doc, resolutions: list[Resolution], taken: list[tuple[int, int]]) -> list[PlaceArg]:
    """Find "the city", "the plant", "there" and resolve them to the last mention of that kind."""
    lists = words()["anaphora"]
    kinds = {noun: kind for kind in ("settlement", "facility", "region", "country") for noun in lists[kind]}
    found = []
    text = grammar.full_text(doc)
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
        referent = _called(text, resolutions, token) or _last(resolutions, kind, token.lower_, start, text)
        if referent is not None:
            arg = _arg(doc, start, start + len(token))
            if arg is not None:
                arg.mention, arg.resolution, arg.anaphor = referent.mention.id, referent, True
                found.append(arg)
    return found


def _called(text: str, resolutions: list[Resolution], noun: Token) -> Resolution | None:
    """Return the last place that the text called by this noun: "the town of X ... the town"."""
    for resolution in reversed(resolutions):
        mention = resolution.mention
        if mention.end > noun.idx or mention.start < noun.idx - _FAR_BACK:
            continue
        before = text[max(0, mention.start - 24) : mention.start].lower()
        if before.endswith((f"{noun.lower_} of ", f"the {noun.lower_} ")):
            return resolution
    return None


def _is_definite(token: Token) -> bool:
    return any(
        c.dep_ in ("det", "poss") and c.lower_ in ("the", "this", "that", "their", "its")
        for c in token.children
    )


def _named(token: Token, taken: list[tuple[int, int]]) -> bool:
    """Whether the noun is named itself: "the city of X", "the X plant", "the eastern city X"."""
    end, text = token.idx + len(token), grammar.full_text(token.doc)
    for a, b in taken:
        if token.left_edge.idx <= a < token.idx and text[b : token.idx].strip() == "":
            return True
        if a >= end and text[end:a].strip(" ,\"“'") in ("", "of"):
            return True
    return any(c.dep_ in ("amod", "compound") and c.text[:1].isupper() for c in token.children)


def _last(
    resolutions: list[Resolution], kind: str | None, noun: str, before: int, text: str
) -> Resolution | None:
    best = None
    for resolution in resolutions:
        mention = resolution.mention
        if mention.end > before or mention.end < before - _FAR_BACK:
            continue
        fits = (
            kind is None or mention.kind == kind or (kind == "region" and mention.kind in ("region", "area"))
        )
        if kind == "facility" and mention.kind in ("facility", "other"):
            said = text[mention.start : mention.end + 16].casefold()
            other = any(word in said for word in words()["anaphora"]["facility"] if word not in noun)
            fits = noun in said or (mention.kind == "facility" and not other and noun not in _OWN_KIND)
        if kind == "settlement" and mention.kind == "other":
            fits = resolution.place is None or resolution.place.feature in ("settlement", "suburb")
        if kind == "region" and noun in ("area", "district") and mention.kind == "settlement":
            fits = True
        if fits:
            best = resolution
    return best
