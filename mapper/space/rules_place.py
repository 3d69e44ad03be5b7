"""Rules without a distance: directions, prepositions, "between", named roads and what follows a name."""

from __future__ import annotations

from dataclasses import replace

from mapper.space.anchors import (
    Anchor,
    Context,
    coordinated,
    last_mention,
    read_anchor,
    read_line,
    subject_before,
)
from mapper.space.lexicon import lexicon
from mapper.space.measures import read_direction, read_measure
from mapper.space.rules_measure import Part, anchor_apart, emit
from mapper.space.tokens import match_phrase
from mapper.types import Mention, RelationType


def _low(context: Context, at: int) -> str:
    return context.tokens[at].low if 0 <= at < len(context.tokens) else ""


def between(context: Context, at: int) -> int:
    """Read "between A and B", "between A, B and C"."""
    tokens = context.tokens
    length = match_phrase(tokens, at, lexicon().phrases["between"])
    first = read_anchor(context, at + length) if length else None
    if not first:
        return at
    mentions, end = list(first.mentions), first.end
    if len(mentions) < 2 or not first.line:
        for _ in range(5):
            comma, joint = _low(context, end) == ",", _low(context, end) in ("and", "&", "to")
            if not (comma or joint):
                break
            following = read_anchor(context, end + 1)
            if not following:
                break
            mentions.extend(following.mentions)
            end = following.end
            if joint:
                break
    # Countries and metonyms have relations between them, not a place.
    if len(mentions) < 2 or any(m.kind in ("country", "demonym") or not m.pinned for m in mentions):
        return at
    subject = subject_before(tokens, at)
    return emit(context, "between", at, end, tuple(mentions), line=True, subject=subject)


def direction(context: Context, at: int) -> int:
    """Read "south of X", "in the north of X", "northern outskirts of X", "from the south", "eastern X"."""
    found = read_direction(context.tokens, at, adjective=True)
    if not found:
        return at
    bearing, end = found
    for rule in (_of_place, _part_of, _approach, _adjective):
        done = rule(context, at, bearing, end)
        if done > at:
            return done
    return at


def _of_place(context: Context, at: int, bearing: float, end: int) -> int:
    """Read "south of X" (beyond it), "in the south of X" (inside), "from the south of X" (approach)."""
    if _low(context, end) not in ("of", "from") or context.tokens[at].low.endswith("ern"):
        return at
    if _low(context, end) == "from" and _low(context, at - 1) == "the":
        return at
    found = anchor_apart(context, end + 1, at)
    anchor = found[0] if found else None
    if not anchor or (anchor.line and _low(context, end) == "from"):
        return at
    start = at
    part: Part = "outside"
    if _low(context, at - 1) == "the":
        lead = _low(context, at - 2)
        start = at - 2 if lead in ("in", "to", "from", "on") else at - 1
        part = "outside" if lead == "to" else "approach" if lead == "from" else "inside"
    measure = read_measure(context.tokens, anchor.end + 1) if _low(context, anchor.end) == "by" else None
    if measure and part == "outside":  # "north of X by 20 km"
        subject = subject_before(context.tokens, start)
        return emit(
            context, "offset", start, measure.end, anchor.mentions,
            measure=measure, bearing_deg=bearing, line=anchor.line, subject=subject,
        )  # fmt: skip
    return _emit_list(context, "direction", start, anchor, bearing, part)


def _emit_list(
    context: Context, kind: RelationType, start: int, anchor: Anchor, bearing: float | None, part: Part
) -> int:
    """Emit the expression, and one for each further name of a list ("near A, B and C")."""
    inside = part == "inside" and context.tokens[start].low in ("in", "within", "inside")
    placed = inside or (part in ("", "outside") and kind != "toward")
    subject = subject_before(context.tokens, start, inside=inside) if placed else None
    end = emit(
        context, kind, start, anchor.end, anchor.mentions,
        bearing_deg=bearing, part=part, line=anchor.line, subject=subject,
    )  # fmt: skip
    for mention, first, end in coordinated(context.tokens, anchor):
        emit(context, kind, first, end, (mention,), bearing_deg=bearing, part=part)
    return end


def _part_of(context: Context, at: int, bearing: float | None, end: int) -> int:
    """Read "northern outskirts of X", "the southern part of the city", "X's eastern suburbs"."""
    words = lexicon().words
    noun = (
        _low(context, end).removesuffix("es") if _low(context, end).endswith("ches") else _low(context, end)
    )
    noun = noun.removesuffix("s")
    bank = noun in words["banks"] and noun != "side"
    if noun not in words["outskirts"] and noun not in words["parts"] and not bank:
        return at
    if not context.tokens[end].text.islower():
        return at  # "Southern District of X" is an organisation
    part: Part = "bank" if bank else "outskirts" if noun in words["outskirts"] else "inside"
    if _low(context, end + 1) == "of":
        anchor = read_anchor(context, end + 2)
    else:
        owner = _owner(context, at)
        anchor = Anchor((owner,), end + 1, part == "bank") if owner else None
    if not anchor:
        return at
    kind: RelationType = "within" if part == "bank" else "direction"
    return emit(
        context, kind, at, anchor.end, anchor.mentions,
        bearing_deg=bearing, part=part, line=anchor.line if part == "bank" else False,
    )  # fmt: skip


def _owner(context: Context, at: int) -> Mention | None:
    """The mention of "X's northern suburbs", else of "its northern suburbs" the last settlement."""
    tokens = context.tokens
    if at >= 3 and tokens[at - 1].low == "s" and tokens[at - 2].text in "'’":
        return tokens[at - 3].mention
    if at >= 1 and tokens[at - 1].mention and tokens[at - 1].text.endswith(("'s", "’s")):
        return tokens[at - 1].mention
    if _low(context, at - 1) in ("its", "the"):
        return last_mention(context, at, ("settlement",))
    return None


def _approach(context: Context, at: int, bearing: float, end: int) -> int:
    """Read "from the south [and the east]": where someone comes from, seen from the place named nearest."""
    the = _low(context, at - 1) == "the"
    start = at - 2 if the else at - 1
    if (
        _low(context, start) != "from"
        or context.tokens[at].low.endswith("ern")
        or _low(context, end) in ("of", "to")
    ):
        return at
    sentence = context.tokens[at].sentence
    before = [t.mention for t in context.before(at)[:6] if t.sentence == sentence and t.mention]
    target = next((m for m in before if m.kind in ("settlement", "facility", "other") and m.pinned), None)
    target = target or next((m for m in before if m.kind in ("region", "area") and m.pinned), None)
    for token in context.tokens[end : end + 12]:
        if target or token.sentence != sentence:
            break
        target = token.mention if token.mention and token.mention.kind == "settlement" else None
    target = target or last_mention(context, at, ("settlement",))
    if not target:
        return at
    done = emit(context, "direction", start, end, (target,), bearing_deg=bearing, part="approach")
    second = done + 2 if _low(context, done + 1) == "the" else done + 1
    more = read_direction(context.tokens, second) if _low(context, done) in ("and", "or") else None
    if more and _low(context, more[1]) != "of":
        done = emit(context, "direction", done + 1, more[1], (target,), bearing_deg=more[0], part="approach")
    return done


def _adjective(context: Context, at: int, bearing: float, end: int) -> int:
    """Read "eastern X", "south-east X": inside X. Not "the eastern city of X"."""
    if end >= len(context.tokens):
        return at
    mention = context.tokens[end].mention
    if not mention or mention.kind in ("demonym", "coordinate", "river", "road"):
        return at
    if not context.tokens[end].text[0].isupper() or read_line(context.tokens, end):
        return at
    subject = subject_before(context.tokens, at, inside=True) if _low(context, at - 1) == "in" else None
    return emit(
        context, "direction", at, end + 1, (mention,), bearing_deg=bearing, part="inside", subject=subject
    )


def preposition(context: Context, at: int) -> int:
    """Read "near X", "towards X", "across X", "along the river", "on the outskirts of X"."""
    tokens, phrases = context.tokens, lexicon().phrases
    length = match_phrase(tokens, at, phrases["near"])
    if length:
        return _near(context, at, length)
    length = match_phrase(tokens, at, phrases["toward"])
    if length:
        anchor = read_anchor(context, at + length)
        anchor = _last_of_way(context, anchor) if anchor else None
        named = anchor and not (tokens[at].low == "approaches" and anchor.line)
        return _emit_list(context, "toward", at, anchor, None, "") if anchor and named else at
    length = match_phrase(tokens, at, phrases["within"])
    if length:
        anchor = read_anchor(context, at + length)
        if anchor and anchor.line:
            return emit(context, "along", at, anchor.end, anchor.mentions, line=True)
        return _emit_list(context, "within", at, anchor, None, "") if anchor else at
    if tokens[at].low in ("along", "astride", "down", "up") and at + 1 < len(tokens):
        anchor = read_anchor(context, at + 1)
        return (
            emit(context, "along", at, anchor.end, anchor.mentions, line=True)
            if anchor and anchor.line
            else at
        )
    return _part_noun(context, at)


def _last_of_way(context: Context, anchor: Anchor) -> Anchor:
    """Return Y of "in the direction of X - Y", as daily reports write where an attack led from X."""
    following = anchor.end + 1
    if anchor.line or _low(context, anchor.end) not in ("-", "–", "—") or following >= len(context.tokens):
        return anchor
    mention = context.tokens[following].mention
    return Anchor((mention,), following + 1) if mention is not None and mention.pinned else anchor


def _near(context: Context, at: int, length: int) -> int:
    anchor = read_anchor(context, at + length)
    if not anchor:
        return at
    kind = anchor.mentions[0].kind
    if _low(context, at) == "around" and kind in ("country", "region", "area") and not anchor.line:
        return _emit_list(context, "within", at, anchor, None, "")
    if kind in ("country", "demonym") and not anchor.line:
        return at
    area = _low(context, at + length - 2) in ("area", "areas") or _low(context, at) in ("area", "areas")
    if area and kind in ("region", "area"):
        return _emit_list(context, "within", at, anchor, None, "")
    return _narrowed(context, at, anchor) or _emit_list(context, "near", at, anchor, None, "")


def _narrowed(context: Context, at: int, anchor: Anchor) -> int:
    """Read "northeast of X near Y, Z and W": near Y, Z and W, which lie northeast of X; else 0."""
    wider = context.found[-1] if context.found else None
    if (
        wider is None
        or wider.end != context.tokens[at - 1].end
        or wider.type not in ("direction", "offset")
        or wider.part not in ("", "outside")
        or wider.subject is not None
    ):
        return 0
    end = emit(context, "near", at, anchor.end, anchor.mentions, line=anchor.line)
    context.found[-2] = replace(wider, subject=anchor.mentions[0].id)
    for mention, first, end in coordinated(context.tokens, anchor):
        emit(context, "near", first, end, (mention,))
        context.found.append(replace(wider, subject=mention.id))
    return end


def _part_noun(context: Context, at: int) -> int:
    """Read "outskirts of X", "the centre of X", "central X", "the left bank of the river"."""
    words, word = lexicon().words, _low(context, at)
    if word in ("central", "downtown", "inner") and at + 1 < len(context.tokens):
        mention = context.tokens[at + 1].mention
        if mention and mention.kind in ("settlement", "other", "region", "country"):
            lead = _low(context, at - 1) == "in"
            subject = subject_before(context.tokens, at, inside=True) if lead else None
            return emit(context, "within", at, at + 2, (mention,), part="inside", subject=subject)
    if word in ("left", "right") and _low(context, at + 1) in ("bank", "shore"):
        return _bank(context, at, at + 2)
    plain = word.removesuffix("s")
    if plain in words["outskirts"] and plain != "approach" and _low(context, at + 1) == "of":
        anchor = read_anchor(context, at + 2)
        return (
            _emit_list(context, "within", at, anchor, None, "outskirts") if anchor and not anchor.line else at
        )
    whose = _low(context, at - 1) in ("the", "in", "city", "town", "very")
    if word in words["centre"] and whose and _low(context, at + 1) == "of":
        anchor = read_anchor(context, at + 2)
        return _emit_list(context, "within", at, anchor, None, "inside") if anchor and not anchor.line else at
    if word in ("bank", "banks", "shore", "shores") and _low(context, at + 1) == "of":
        return _bank(context, at, at + 1)
    return at


def _bank(context: Context, at: int, end: int) -> int:
    anchor = read_anchor(context, end + 1) if _low(context, end) == "of" else None
    if not anchor and _low(context, at - 1) == "the":
        river = last_mention(context, at, ("river",))
        anchor = Anchor((river,), end, True) if river else None
    if not anchor:
        return at
    return emit(context, "within", at, anchor.end, anchor.mentions, part="bank", line=True)


def named_line(context: Context, at: int) -> int:
    """Read "the road from A to B", "the A-B highway", with the preposition before it."""
    token = context.tokens[at]
    if not (
        token.mention or token.low in lexicon().words["articles"] or token.low in lexicon().words["road"]
    ):
        return at
    line = read_line(context.tokens, at)
    if not line or line.border:
        return at
    start = at - 1 if _low(context, at - 1) in lexicon().words["along"] else at
    return emit(context, "along", start, line.end, line.mentions, line=True)


def _listed_before(context: Context, at: int, kind: RelationType) -> None:
    """Let the earlier names of "the X, Y and Z directions" share the last word."""
    i = at
    while i >= 2:
        while i > 0 and (context.tokens[i - 1].text in ",/" or _low(context, i - 1) in ("and", "or")):
            i -= 1
        mention = context.tokens[i - 1].mention if i > 0 else None
        if mention is None or i == at or any(mention.id in e.anchors for e in context.found):
            return
        emit(context, kind, i - 1, i, (mention,))
        at, i = i - 1, i - 1


def after_name(context: Context, at: int) -> int:
    """Read what a name is followed by: "the X direction", "in the X area", "X's outskirts"."""
    mention = context.tokens[at].mention
    if not mention or mention.kind in ("demonym", "coordinate"):
        return at
    words, end = lexicon().words, at + 1
    start = at - 2 if _low(context, at - 1) == "the" and _low(context, at - 2) in ("in", "on", "from") else at
    following = _low(context, end)
    if following in words["toward_after"]:
        if following in words["plural"]:
            _listed_before(context, at, "toward")
        return emit(context, "toward", start, end + 1, (mention,))
    if following in words["near_after"] and mention.kind in ("settlement", "facility", "other"):
        return emit(context, "near", start, end + 1, (mention,))
    if following in ("'", "’") and _low(context, end + 1) == "s":
        end, following = end + 2, _low(context, end + 2)
    if following.removesuffix("s") in words["outskirts"] and following not in ("approach", "entrance"):
        return emit(context, "within", at, end + 1, (mention,), part="outskirts")
    return at
