"""Rules that begin with a distance: offsets, distances, zones and measures of movement.

A rule takes the context and the index of a token. It appends what it finds to ``context.found`` and
returns the index where it ended, or the index it was given when it does not apply.
"""

from __future__ import annotations

from typing import Literal

from mapper.space.anchors import Anchor, Context, last_mention, read_anchor, subject_before
from mapper.space.lexicon import lexicon
from mapper.space.measures import Measure, read_direction, read_measure
from mapper.space.tokens import match_phrase
from mapper.types import Mention, RelationType, SpatialExpression

Part = Literal["", "outskirts", "inside", "outside", "approach", "bank"]


def emit(
    context: Context,
    kind: RelationType,
    start: int,
    end: int,
    anchors: tuple[Mention, ...],
    *,
    measure: Measure | None = None,
    bearing_deg: float | None = None,
    part: Part = "",
    line: bool = False,
    subject: Mention | None = None,
) -> int:
    """Append the expression of the tokens ``start`` to ``end`` and return ``end``."""
    first, last = context.tokens[start].start, context.tokens[end - 1].end
    if subject and subject.id in {anchor.id for anchor in anchors}:
        subject = None
    context.found.append(
        SpatialExpression(
            type=kind,
            start=first,
            end=last,
            text=context.text[first:last],
            anchors=tuple(anchor.id for anchor in anchors),
            subject=subject.id if subject else None,
            distance_m=measure.distance_m if measure else None,
            distance_min_m=measure.low_m if measure else None,
            distance_max_m=measure.high_m if measure else None,
            bearing_deg=bearing_deg,
            part=part,
            line=line,
        )
    )
    return end


def measured(context: Context, at: int) -> int:
    """Read what begins with a distance: "20 km north of X", "within 2 km of X", "advanced 1 km"."""
    token = context.tokens[at]
    if token.mention:
        return at
    measure = read_measure(context.tokens, at)
    if not measure:
        return at
    for rule in (_zone, _offset, _distance, _deep):
        end = rule(context, at, measure)
        if end > at:
            return end
    return _moved(context, at, measure)


def _low(context: Context, at: int) -> str:
    return context.tokens[at].low if at < len(context.tokens) else ""


def anchor_apart(context: Context, at: int, start: int) -> tuple[Anchor, Mention | None] | None:
    """The anchor at ``at`` and the subject before ``start``, which cannot be the same place.

    In "X, 20 km north of the city" the city is one named before X.
    """
    subject = subject_before(context.tokens, start)
    anchor = read_anchor(context, at)
    if not anchor:
        return None
    if subject and not anchor.line and anchor.mentions[0].id == subject.id:
        other = last_mention(context, at, ("settlement",), skip=subject.id)
        if not other or _low(context, anchor.end - 1) not in lexicon().anaphora:
            return anchor, None
        anchor = Anchor((other,), anchor.end)
    return anchor, subject


def _away(context: Context, at: int) -> int:
    """Skip "away", "the road", "as the crow flies" and the like between a distance and its anchor."""
    for _ in range(2):
        length = match_phrase(context.tokens, at, lexicon().phrases["away"])
        if not length:
            break
        at += length
    return at


def _bearing_after(context: Context, at: int) -> tuple[float, int] | None:
    """The direction after a distance: "north", "NE", "to the north", "due east"."""
    for words in (
        ("to", "the"),
        ("in", "the"),
        ("to",),
        ("due",),
        ("further",),
        ("farther",),
        ("further", "to", "the"),
    ):
        if tuple(_low(context, at + i) for i in range(len(words))) == words:
            found = read_direction(context.tokens, at + len(words))
            if found:
                return found
    return read_direction(context.tokens, at)


def _offset(context: Context, at: int, measure: Measure) -> int:
    away = _away(context, measure.end)
    direction = _bearing_after(context, away)
    if not direction:
        return at
    bearing, end = direction
    code = context.tokens[end - 1].text in lexicon().codes
    joint = _low(context, end) in lexicon().words["of_from"]
    found = anchor_apart(context, end + joint, at) if joint or code else None
    if found:
        anchor, subject = found
        return emit(
            context, "offset", at, anchor.end, anchor.mentions,
            measure=measure, bearing_deg=bearing, line=anchor.line, subject=subject,
        )  # fmt: skip
    if _verb_before(context, at):
        return emit(context, "toward", at, end, (), measure=measure, bearing_deg=bearing)
    return _implied(context, at, end, measure, bearing)


def _implied(context: Context, at: int, end: int, measure: Measure, bearing: float) -> int:
    """Read "X, 20 km to the north": from the place named before X, or from X if there is none near."""
    named = subject_before(context.tokens, at)
    earlier = last_mention(context, at, ("settlement",), skip=named.id if named else None)
    sentence = context.tokens[at].sentence
    here = {t.mention.id for t in context.before(at)[:6] if t.mention and t.sentence >= sentence - 1}
    subject = named if named and earlier and earlier.id in here else None
    anchor = earlier if subject or not named else named
    if not anchor:
        return at
    return emit(
        context, "offset", at, end, (anchor,), measure=measure, bearing_deg=bearing, subject=subject
    )  # fmt: skip


def _distance(context: Context, at: int, measure: Measure) -> int:
    end = _away(context, measure.end)
    length = match_phrase(context.tokens, end, lexicon().phrases["from_here"])
    if not length or (_low(context, end) == "of" and measure.low_m is None):
        return at  # "5 km of road" is no distance; "within 5 km of X" is one
    if _verb_before(context, at) and _low(context, at - 1) != "to" and measure.low_m != 0.0:
        return at  # "retreated 5 km from X" tells how far they moved
    found = anchor_apart(context, end + length, at)
    if not found:
        return at
    anchor, subject = found
    return emit(
        context, "distance", at, anchor.end, anchor.mentions,
        measure=measure, line=anchor.line, subject=subject,
    )  # fmt: skip


def _zone(context: Context, at: int, measure: Measure) -> int:
    """Read "a 30 km radius of X", "a 5-km zone around X": everything up to that distance."""
    end = measure.end
    end += _low(context, end) in ("wide", "deep", "exclusion", "security", "buffer")
    if _low(context, end) not in lexicon().words["radius"] or _low(context, end + 1) not in (
        "of",
        "from",
        "around",
    ):
        return at
    anchor = read_anchor(context, end + 2)
    if not anchor:
        return at
    reach = Measure(measure.end, measure.distance_m, 0.0, measure.high_m or measure.distance_m)
    return emit(context, "distance", at, anchor.end, anchor.mentions, measure=reach, line=anchor.line)


def _deep(context: Context, at: int, measure: Measure) -> int:
    """Read "10 km into X", "5 km deep inside X": within X, and a movement if a verb says so."""
    length = match_phrase(context.tokens, measure.end, lexicon().phrases["into"])
    anchor = read_anchor(context, measure.end + length) if length else None
    if not anchor or anchor.line or _low(context, measure.end) == "in":
        return at
    if _verb_before(context, at):
        emit(context, "toward", at, measure.end, (), measure=measure)
        return emit(context, "within", measure.end, anchor.end, anchor.mentions, part="inside")
    return emit(context, "within", at, anchor.end, anchor.mentions, measure=measure, part="inside")


def _verb_before(context: Context, at: int) -> bool:
    """Whether a word of movement stands in the few words before, with no name between."""
    words = lexicon().words
    for i in range(at - 1, max(-1, at - 7), -1):
        token = context.tokens[i]
        if token.mention or token.sentence != context.tokens[at].sentence or token.text in ",;:":
            return False
        if token.low in words["movement"] or token.low in words["movement_noun"]:
            return True
    return False


def _moved(context: Context, at: int, measure: Measure) -> int:
    """Read "advanced 1 km", "a 3-km advance", "pushed back 3-5 km": a movement, not a place."""
    noun = _low(context, measure.end)
    if not _verb_before(context, at) and noun not in lexicon().words["movement_noun"]:
        return at
    if noun in ("long", "wide", "high", "tall"):
        return at
    end = measure.end
    direction = _bearing_after(context, end)
    if direction and _low(context, direction[1]) not in lexicon().words["of_from"]:
        return emit(context, "toward", at, direction[1], (), measure=measure, bearing_deg=direction[0])
    return emit(context, "toward", at, end, (), measure=measure)
