"""Which of the places that belong to a trigger only say where the others lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events import grammar
from mapper.events.lexicon import lemma_of, lexicon

if TYPE_CHECKING:
    from spacy.tokens import Token

    from mapper.events.places import PlaceArg

_OVER = ("over", "across", "of", "on", "in", "into", "off", "along")
_FRONTS = ("direction", "directions", "front", "axis", "axes", "sector", "sectors")
"""Nouns of parts of a front, as daily reports name them."""


def prune(args: list[PlaceArg]) -> list[PlaceArg]:
    """Drop what only says in which region or country the other places of the event lie."""
    kept: list[PlaceArg] = []
    inside = {
        a.resolution.mention.inside
        for a in args
        if a.resolution is not None and not a.anaphor and not _is_way(a) and a.resolution.place is not None
    } - {b.mention for b in args for a in args if b.size == a.size and _again(b.token.head, {a.token.head.i})}
    seen: set[tuple[str, str]] = set()
    everything, args = args, [a for a in args if not any(_bracketed(a, other) for other in args)]
    for arg in args:
        if arg.mention in inside and arg.expression is None:
            continue
        if arg.dateline and len(args) > 1:
            continue
        if arg.coarse and any(_contains(arg, other) for other in args):
            continue
        if _round_country(arg) and any(_stands(other) and other is not arg for other in args):
            continue  # "outside the US Capitol in X"
        if arg.size > 2 and any(_far_from(arg, other) for other in args):
            continue  # "rallied in X in support of the junta in Y"
        if _opens_brackets(arg) and any(_stands(other) and not _opens_brackets(other) for other in args):
            continue  # "A, B and C (region)" with C unknown
        if _topic(arg) and any(not _topic(other) for other in args):
            continue
        if _whose(arg) and any(_stands(o) or fronted(o) or _unknown_spot(o) for o in args):
            continue  # the event is at the other place
        if fronted(arg) and any(_stands(other) and other.size <= arg.size for other in args):
            continue
        if (arg.key, arg.prep) in seen or (arg.anaphor and any(arg.key == other.key for other in kept)):
            continue
        seen.add((arg.key, arg.prep))
        kept.append(arg)
    return kept or sorted(everything, key=lambda a: (a.size, a.start))[:1]


def _round_country(arg: PlaceArg) -> bool:
    """Whether words put it near or outside a whole country, as no town is."""
    place = arg.resolution.place if arg.resolution is not None else None
    return (
        arg.expression is not None
        and arg.expression.type == "near"
        and place is not None
        and place.feature == "country"
    )


def _far_from(arg: PlaceArg, other: PlaceArg) -> bool:
    """Whether a country does not hold the town that is named before it, and is not named beside it."""
    if other.size or other.start > arg.start or arg.prep not in ("in", "of", "") or other.prep != "in":
        return False
    big = arg.resolution.place if arg.resolution is not None else None
    small = other.resolution.place if other.resolution is not None else None
    apart = big is not None and small is not None and bool(small.country) and small.country != big.country
    return apart and arg.token not in grammar.conjuncts(other.token)


def with_lists(kept: list[PlaceArg], owned: list[PlaceArg]) -> list[PlaceArg]:
    """Return `kept` with those of `owned` that stand in one list with a kept place: "A, B and C"."""
    ids = {id(a) for a in kept}
    listed = {t.i for a in kept for t in grammar.conjuncts(_first(_noun(a.token)))}
    phrases = {a.token.head.i for a in kept if a.token.head.pos_ == "ADP"}
    return [
        a
        for a in owned
        if id(a) in ids
        or _noun(a.token).dep_ == "conj"
        and _noun(a.token).i in listed
        or _again(a.token.head, phrases)
    ]


def _again(prep: Token, phrases: set[int]) -> bool:
    """Whether a preposition goes on with a list of them: "in A, in B and in C"."""
    same = [c.i for c in prep.children if c.dep_ == "conj"] + ([prep.head.i] if prep.dep_ == "conj" else [])
    return prep.pos_ == "ADP" and any(i in phrases for i in same)


def _noun(token: Token) -> Token:
    """Return the noun that a name stands before, "the X island", "X region", or the name itself."""
    return token.head if token.dep_ in ("compound", "nmod") and token.head.i == token.i + 1 else token


def _first(token: Token) -> Token:
    """Return the first noun of the list in which `token` stands."""
    while token.dep_ == "conj" and token.head.pos_ in ("NOUN", "PROPN"):
        token = token.head
    return token


def fronted(arg: PlaceArg) -> bool:
    """Whether a place opens its sentence, "In X, ...": it sets the scene for what follows."""
    sent = arg.token.sent
    last = _noun(arg.token).right_edge.i
    after = arg.token.doc[last + 1 : last + 2]
    first = arg.token.left_edge.i
    if first - sent.start > 3 and arg.token.doc[first - 1].lower_ == "of":
        first -= 2  # "In the region of X, ..."
    opens = arg.expression is None and first - sent.start <= 2 and not arg.anaphor
    return opens and after.text == "," and arg.prep == "in" or is_label(arg)


def is_label(arg: PlaceArg) -> bool:
    """Whether a place heads what is told of it: "Daraa: an IED hit ...", "Idlib countryside: ..."."""
    if arg.expression is not None or arg.anaphor or arg.token.left_edge.i - arg.token.sent.start > 2:
        return False
    said = grammar.full_text(arg.token.doc)[arg.end : arg.end + 24].partition(":")
    return bool(said[1]) and len(said[0].split()) < 3 and not set(said[0]) & set(".,;()")


def _stands(arg: PlaceArg) -> bool:
    """Whether a place is known and does not only set the scene."""
    known = arg.resolution is not None and arg.resolution.place is not None
    start = arg.prep == "from" and arg.owner is not None and arg.owner.type != "withdrawal"
    return known and not start and not fronted(arg) and not _whose(arg) and not _topic(arg)


def _unknown_spot(arg: PlaceArg) -> bool:
    """Whether a place of no known point is where something happened: "killed X traders in Y"."""
    told = arg.resolution is not None and arg.resolution.place is None
    return told and arg.prep in ("in", "at", "near") and arg.expression is None


def _topic(arg: PlaceArg) -> bool:
    """Whether a place is only what people march about: "protested in X against the fall of Y"."""
    if arg.owner is None or arg.owner.type != "protest" or arg.prep == "in":
        return False
    for head in grammar.ancestors(arg.token):
        if head.i in {t.i for t in arg.owner.heads}:
            return False
        if head.pos_ == "ADP" and head.lower_ in ("against", "over", "about", "for"):
            return True
    return False


def _whose(arg: PlaceArg) -> bool:
    """Whether a place only says where people are from: "killed three farmers from X", "two X traders"."""
    lex, prep = lexicon(), arg.token.head
    noun = prep.i > arg.token.i and prep.dep_ not in ("compound", "nmod")
    if arg.expression is None and arg.token.dep_ in ("compound", "nmod") and noun:
        return lemma_of(prep, lex) in lex.lists["people"] | lex.lists["armed"]
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
    moves = big.owner is None or lexicon().types[big.owner.type].movement or big.owner.type == "launch"
    ways = ("from", "to", "into", "toward", "towards") if moves else ("from",)
    if big.prep in ways and big.prep != small.prep:
        return big.expression is None and 0 <= big.start - small.end <= 2
    text = grammar.full_text(big.token.doc)
    if 0 <= small.start - big.end < 3 and small.prep == "near" and small.size == 0:
        return True  # "in X region, near Y"
    if text[min(big.end, small.end) : max(big.start, small.start)].strip() in ("and", ", and", "or", "&"):
        return False  # named side by side
    if _side_by_side(*sorted((big, small), key=lambda a: a.start)):
        return False
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


def _side_by_side(a: PlaceArg, b: PlaceArg) -> bool:
    """Whether "and" joins two places: "the port of X, north of Y, and the Z island"."""
    joined = _noun(b.token)
    direct = joined.dep_ == "conj" and joined.head == _noun(a.token)
    return direct and any(c.dep_ == "cc" for c in joined.head.children)


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
    if near is not None and near.type == "within" and near.part == "bank":
        return True  # "X, on the shore of the lake"
    if near is not None and near.type in ("along", "between"):
        return near.distance_m is None
    river = place is not None and place.feature in ("river", "water", "road")
    return river and near is None and arg.prep in _OVER


def without_fronts(args: list[tuple[PlaceArg, str]]) -> list[tuple[PlaceArg, str]]:
    """Drop "in the X direction", the name of a part of the front, where the places there are told."""
    rest = [(a, r) for a, r in args if not is_front(a)]
    return rest or args


def is_front(arg: PlaceArg) -> bool:
    """Whether words name a part of the front: "in the X direction"."""
    near = arg.expression
    if near is None or not near.text.lower().rstrip(" ,").endswith(_FRONTS):
        return False
    said = near.text.lower().startswith(("in the", "on the", "at the"))
    return said or near.type == "toward" and arg.prep in ("in", "on", "at")
