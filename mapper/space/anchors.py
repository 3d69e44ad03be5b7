"""What words about space are measured from: a named place, a road between two, or "the city"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from mapper.space.lexicon import lexicon
from mapper.space.tokens import Token
from mapper.types import Mention, SpatialExpression

_DASHES = frozenset("-–—‑−")
_PLACED = frozenset({"settlement", "facility", "other"})
_INSIDE = _PLACED | {"region", "area"}
_LOOK_BACK = 80


@dataclass(slots=True)
class Context:
    """The text as tokens, its mentions, and the expressions found so far, in order."""

    text: str
    tokens: tuple[Token, ...]
    found: list[SpatialExpression] = field(default_factory=list)
    mentions: dict[str, Mention] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Index the mentions."""
        for i, token in enumerate(self.tokens):
            if token.mention:
                self.mentions[token.mention.id] = token.mention
                self.places.append(i)

    def before(self, at: int) -> list[Token]:
        """The tokens of the last mentions before token ``at``, nearest first."""
        end = bisect_left(self.places, at)
        return [self.tokens[i] for i in reversed(self.places[max(0, end - _LOOK_BACK) : end])]

    def lines_before(self, at: int) -> list[SpatialExpression]:
        """The expressions about lines before token ``at``, nearest first."""
        recent = self.found[-_LOOK_BACK:]
        return [e for e in reversed(recent) if e.line and e.end <= self.tokens[at].start]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Mentions to measure from and the token where their words end. ``line``: the line through them."""

    mentions: tuple[Mention, ...]
    end: int
    line: bool = False
    border: bool = False


def read_anchor(context: Context, at: int) -> Anchor | None:
    """The anchor whose words begin at ``at``: a line, a place or a definite noun that refers back."""
    tokens = context.tokens
    return read_line(tokens, at) or read_place(tokens, at) or read_anaphor(context, at)


def read_place(tokens: Sequence[Token], at: int) -> Anchor | None:
    """A mention with the words round it: "the village of X", "the eastern city of X", "X village"."""
    words = lexicon().words
    heads = words["kind"] | words["parts"] | words["outskirts"] | words["centre"]
    i, previous = at, ""
    while i < len(tokens) and i - at <= 8:
        token = tokens[i]
        if token.mention:
            if token.mention.kind == "demonym" and not _stands_alone(tokens, i, at):
                previous, i = "", i + 1
                continue
            return _place_end(tokens, i)
        if token.text == "." and previous not in words["kind"] and not 0 < len(previous) <= 2:
            return None  # the end of a sentence, not of an abbreviation ("the village. X", "m. X")
        if token.text in "?.-,\"“'‘" or token.low in words["articles"]:
            broken = token.text == "," and previous != "capital"
            if broken or (
                token.low in words["articles"] and i > at and previous not in ("of", "?", "border")
            ):
                return None
        elif token.low == "of":
            if previous.removesuffix("s") not in heads and previous not in heads:
                return None
        elif not token.text[0].islower() or token.low in words["stop"] or token.low in words["not_modifiers"]:
            return None
        previous, i = token.low, i + 1
    return None


def _stands_alone(tokens: Sequence[Token], i: int, at: int) -> bool:
    """Whether an adjective of a country is itself the anchor: "the Polish border", "north of the Poles"."""
    words = lexicon().words
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if following is None or following.mention or not following.text[0].isalpha():
        return i > at and following is None or bool(following and following.text in ".,;:)")
    if following.low == "border":
        return True
    if following.low in words["kind"]:
        return not (i + 2 < len(tokens) and (tokens[i + 2].mention or tokens[i + 2].low == "of"))
    return following.low in words["stop"]


def _place_end(tokens: Sequence[Token], i: int) -> Anchor:
    """The anchor of the mention at ``i``, with the kind words behind it."""
    mention = tokens[i].mention
    assert mention is not None
    words, end, border = lexicon().words, i + 1, False
    if end + 1 < len(tokens) and tokens[end].text in "'’" and tokens[end + 1].low == "s":
        return Anchor((mention,), end, mention.kind in ("road", "river"))
    while end < len(tokens) and end - i < 3 and tokens[end].low in words["kind"]:
        if end + 1 < len(tokens) and tokens[end + 1].low == "of":
            break
        border = border or tokens[end].low == "border"
        end += 1
    return Anchor((mention,), end, border or mention.kind in ("road", "river"), border)


def read_line(tokens: Sequence[Token], at: int) -> Anchor | None:
    """A road named by its ends ("the main road from A to B", "the A-B highway") or a border."""
    words = lexicon().words
    i = at + 1 if at < len(tokens) and tokens[at].low in words["articles"] else at
    if i < len(tokens) and tokens[i].mention:
        return _hyphenated(tokens, i) if _low(tokens, at) not in ("a", "an") else None
    head = _head(tokens, i, words["road"] | {"border"})
    if head is None:
        return None
    noun = tokens[head].low
    i = head + 1
    if noun == "border":
        if i < len(tokens) and tokens[i].low in ("with", "between", "of"):
            place = read_place(tokens, i + 1)
            return Anchor(place.mentions, place.end, True, True) if place else None
        return None
    for _ in range(2):
        if i < len(tokens) and tokens[i].low in (
            "that",
            "which",
            "leading",
            "running",
            "connecting",
            "linking",
        ):
            i += 1
    if i < len(tokens) and tokens[i].low in ("runs", "leads", "connects", "links"):
        i += 1
    return _ends(tokens, i)


def _low(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].low if at < len(tokens) else ""


def _head(tokens: Sequence[Token], at: int, nouns: frozenset[str] | set[str]) -> int | None:
    """Index of the first of ``nouns`` within three lower-case words from ``at``."""
    for i in range(at, min(at + 4, len(tokens))):
        if tokens[i].low in nouns and not (i + 1 < len(tokens) and tokens[i + 1].low in nouns):
            return i
        if tokens[i].mention or not (tokens[i].text[0].islower() or tokens[i].text in _DASHES):
            return None
        if tokens[i].low in lexicon().words["not_modifiers"] | lexicon().words["stop"]:
            return None
    return None


def _ends(tokens: Sequence[Token], i: int) -> Anchor | None:
    """Read the ends: "from A to B", "between A and B", "connecting A with B" after a road noun."""
    if i < len(tokens) and tokens[i].low in ("from", "between"):
        i += 1
    elif not (i > 0 and tokens[i - 1].low in ("connecting", "linking", "connects", "links")):
        return None
    first = read_place(tokens, i)
    if not first or first.end >= len(tokens):
        return None
    joint = tokens[first.end]
    if joint.low in ("to", "and", "with", "through", "towards", "toward") or joint.text in _DASHES:
        second = read_place(tokens, first.end + 1)
        if second and second.mentions[0].id != first.mentions[0].id:
            return Anchor(first.mentions + second.mentions, second.end, True)
    return None


def _hyphenated(tokens: Sequence[Token], i: int) -> Anchor | None:
    """Read a named road: "A-B road", "A–B highway", "A to B road", "A highway"."""
    words = lexicon().words
    first = tokens[i].mention
    assert first is not None
    chain, end = [first], i + 1
    while end + 1 < len(tokens) and len(chain) < 6:
        following = tokens[end + 1].mention
        if not following or not (tokens[end].text in _DASHES or tokens[end].low == "to"):
            break
        chain.append(following)
        end += 2
    if end < len(tokens) and tokens[end].low in ("main", "supply", "rail", "federal", "ring"):
        end += 1
    if end < len(tokens) and tokens[end].low in words["road"] - {
        "street",
        "line",
        "section",
        "corridor",
        "stretch",
    }:
        named = len(chain) == 1 and chain[0].kind not in ("settlement", "road", "other")
        return None if named else Anchor(tuple(chain), end + 1, True)
    if len(chain) > 1 and end < len(tokens) and tokens[end].low in ("line", "section", "corridor", "stretch"):
        return Anchor(tuple(chain), end + 1, True)
    return None


def read_anaphor(context: Context, at: int) -> Anchor | None:
    """Read "the city", "that village", "the coastal highway": the last mention it can mean.

    What kind a place is is not known yet, so the mention's guessed kind decides, and a name that words
    about space already measured from counts as a place whatever its kind.
    """
    words, tokens = lexicon().words, context.tokens
    if at >= len(tokens) or tokens[at].low not in words["definite"]:
        return None
    head = _head(tokens, at + 1, frozenset(lexicon().anaphora))
    if head is None or head - at > 3:
        return None
    noun, end = tokens[head].low, head + 1
    if end < len(tokens) and (tokens[end].mention or tokens[end].low == "of"):
        return None
    if noun == "border":
        return _border(context, at, end)
    kinds = lexicon().anaphora[noun]
    if "road" in kinds or "river" in kinds:
        for expression in context.lines_before(at):
            if _is_road(expression) == ("road" in kinds):
                return Anchor(tuple(context.mentions[a] for a in expression.anchors), end, True)
    mention = last_mention(context, at, kinds)
    if mention and mention.kind == "facility" and _other_facility(context, mention, noun):
        return None
    return Anchor((mention,), end, mention.kind in ("road", "river")) if mention else None


def _other_facility(context: Context, mention: Mention, noun: str) -> bool:
    """Whether the text calls the facility something else: "the airport" is not the refinery named before."""
    said = context.text[mention.start : mention.end + 16].casefold()
    names = (word for word, kinds in sorted(lexicon().anaphora.items()) if "facility" in kinds)
    return noun not in said and any(word in said for word in names)


def _is_road(expression: SpatialExpression) -> bool:
    return len(expression.anchors) > 1 or not lexicon().words["road"].isdisjoint(
        expression.text.lower().split()
    )


def _border(context: Context, at: int, end: int) -> Anchor | None:
    """Read "the border" after "the Polish border"; else the country named last in the paragraph."""
    for expression in context.lines_before(at):
        if "border" in expression.text.lower():
            return Anchor(tuple(context.mentions[a] for a in expression.anchors), end, True, True)
    for token in context.before(at):
        if token.paragraph != context.tokens[at].paragraph:
            return None
        if token.mention and token.mention.kind == "country":
            return Anchor((token.mention,), end, True, True)
    return None


def last_mention(context: Context, at: int, kinds: Sequence[str], skip: str | None = None) -> Mention | None:
    """The mention before ``at`` that a noun for ``kinds`` refers to; ``skip`` is the id of one that is not.

    Of the same paragraph first a mention of those kinds, then a name of unknown kind that words about
    space were measured from; then the last one of the kinds in the text before.
    """
    anchors = {anchor for expression in context.found[-_LOOK_BACK:] for anchor in expression.anchors}
    before = [t for t in context.before(at) if t.mention and t.mention.id != skip]
    here = [t.mention for t in before if t.paragraph == context.tokens[at].paragraph and t.mention]
    fitting = (m for m in here if m.kind in kinds and m.pinned)
    measured = (m for m in here if m.id in anchors and m.kind in ("other", "demonym", *kinds))
    earlier = (t.mention for t in before if t.mention and t.mention.kind in kinds and t.mention.pinned)
    return next(fitting, None) or next(measured, None) or next(earlier, None)


def subject_before(tokens: Sequence[Token], at: int, *, inside: bool = False) -> Mention | None:
    """The place that an apposition at ``at`` describes: "X, 20 km north of Y", "X (which lies near Y)".

    With ``inside``, the container may follow: "X in the south of Y", and X may be a region too.
    """
    words, depth = lexicon().words, 0
    link = words["link"] | words["kind"] | words["near_after"] | ({"in", "the"} if inside else set())
    first = max(-1, at - 9)
    i = at
    while i - 1 > first:
        i -= 1
        token = tokens[i]
        if token.low in words["kind"] and depth == 0:
            i = _apposed(tokens, i)
            token = tokens[i]
        if token.sentence != tokens[at].sentence:
            return None
        depth += (token.text == ")") - (token.text == "(" and depth > 0)
        if depth or token.text == "(" and i < at - 1:
            continue  # "X (another name), north of Y"
        if token.mention:
            called = tokens[i + 1].low in words["near_after"]  # "the X area, north of Y"
            placed = token.mention.kind in (_INSIDE if inside or called else _PLACED) and token.mention.pinned
            return token.mention if placed else None
        if token.low not in link and token.text not in ",(–—-":
            return None
    return None


def _apposed(tokens: Sequence[Token], at: int) -> int:
    """The comma before "a small border town", whose noun stands at ``at``; else ``at``."""
    words = lexicon().words
    for i in range(at - 1, max(0, at - 5), -1):
        if tokens[i].low in words["articles"]:
            return i - 1 if tokens[i - 1].text == "," else at
        if not tokens[i].text[0].islower() or tokens[i].low in words["stop"]:
            return at
    return at


def _after_brackets(tokens: Sequence[Token], at: int) -> int:
    """The token after "(Y region)" that begins at ``at``, or ``at``."""
    if at >= len(tokens) or tokens[at].text != "(":
        return at
    closing = (i for i in range(at + 1, min(at + 10, len(tokens))) if tokens[i].text == ")")
    return next(closing, at - 1) + 1


def _lists(tokens: Sequence[Token], at: int) -> bool:
    """Whether a further name of a list may begin here, not a clause: "near A and took B"."""
    if at >= len(tokens):
        return False
    words, token = lexicon().words, tokens[at]
    known = words["articles"] | words["kind"] | words["listed"] | words["parts"] | words["outskirts"]
    plain = token.low.removesuffix("ern")
    return (
        bool(token.mention)
        or not token.text[0].islower()
        or token.low in known
        or plain in lexicon().directions
    )


def coordinated(tokens: Sequence[Token], anchor: Anchor) -> list[tuple[Mention, int, int]]:
    """Further anchors of a list, "near A, B and C": (mention, first token, end). Lists end in "and"."""
    if anchor.line:
        return []
    kind, i = anchor.mentions[0].kind, anchor.end
    pending: list[tuple[Mention, int, int]] = []
    for _ in range(30):
        i = _after_brackets(tokens, i)
        comma = i < len(tokens) and tokens[i].text in ",;"
        i += comma
        joint = i < len(tokens) and tokens[i].low in ("and", "or")
        i += joint
        if not (comma or joint):
            return []
        place = read_place(tokens, i) if _lists(tokens, i) else None
        if not place or place.mentions[0].kind != kind or kind in ("country", "demonym"):
            return []
        pending.append((place.mentions[0], i, place.end))
        i = place.end
        if joint:
            return pending
    return []
