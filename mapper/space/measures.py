"""Distances and directions in words: "some 3-5 km", "half a mile", "to the north-northwest"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mapper.space.lexicon import lexicon
from mapper.space.tokens import Token, match_phrase

_DASHES = frozenset("-–—‑−")
_LONGEST_M = 5_000_000.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A stated distance in metres and the token where it ends. ``low_m`` and ``high_m`` for a range."""

    end: int
    distance_m: float
    low_m: float | None = None
    high_m: float | None = None
    unit: str = "km"


def read_measure(tokens: Sequence[Token], at: int) -> Measure | None:
    """The distance that begins at token ``at``: a qualifier, a number or a range, a unit. Else None."""
    lex = lexicon()
    limit, i = "", at
    for _ in range(3):
        length = match_phrase(tokens, i, lex.phrases["at_most"])
        if length and not limit:
            limit, i = "most", i + length
            continue
        length = match_phrase(tokens, i, lex.phrases["at_least"])
        if length and not limit:
            limit, i = "least", i + length
            continue
        length = match_phrase(tokens, i, lex.phrases["approx"])
        if not length:
            break
        i += length
    found = _quantity(tokens, i)
    if not found:
        return None
    low, middle, high, i = found
    unit = _unit(tokens, i)
    if not unit:
        return None
    i, length_m, name = unit
    if not 0 < high * length_m <= _LONGEST_M:
        return None
    return _measured(low * length_m, middle * length_m, high * length_m, i, limit, name)


def _measured(low: float, middle: float, high: float, end: int, limit: str, unit: str) -> Measure:
    if limit == "most":
        return Measure(end, high, 0.0, high, unit)
    if limit == "least":
        return Measure(end, low, low, None, unit)
    return Measure(end, middle, low, high, unit) if low < high else Measure(end, middle, unit=unit)


def _unit(tokens: Sequence[Token], at: int) -> tuple[int, float, str] | None:
    """The unit at ``at``: its end, its length in metres, its word."""
    lex = lexicon()
    i = at + 1 if _is_dash(tokens, at) else at  # "a 3-km advance"
    if i < len(tokens) and tokens[i].low == "nautical":
        return (i + 2, 1852.0, "nm") if i + 1 < len(tokens) and tokens[i + 1].low.startswith("mile") else None
    if i < len(tokens) and tokens[i].low in lex.units and tokens[i].text not in ("M", "MI", "FT"):
        end = i + 1
        dotted = tokens[i].low in ("km", "mi", "m") and end + 1 < len(tokens) and tokens[end].text == "."
        if dotted and tokens[end].start == tokens[i].end and tokens[end + 1].text[:1].islower():
            end += 1
        return end, lex.units[tokens[i].low], tokens[i].low
    return None


def _is_dash(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].text in _DASHES


def _quantity(tokens: Sequence[Token], at: int) -> tuple[float, float, float, int] | None:
    """Lowest, middle and highest number at ``at``, and where it ends."""
    between = at < len(tokens) and tokens[at].low in ("between", "from")
    first = _number(tokens, at + 1 if between else at)
    if first and at > 0 and tokens[at - 1].low in lexicon().words["magnitude"]:
        return None
    if first:
        value, i = first
        second = _range_end(tokens, i)
        if second and second[0] > value:
            high, i = second
            return value, (value + high) / 2, high, i
        if between:
            return None
        if [token.low for token in tokens[i : i + 3]] == ["and", "a", "half"]:
            return value + 0.5, value + 0.5, value + 0.5, i + 3
        vague = _vague(tokens, at)
        return vague if vague and vague[3] > i else (value, value, value, i)
    return _vague(tokens, at)


def _range_end(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    """The second number of "3-5 km", "3 to 5 km", "3 km to 5 km", "between 3 and 5 km"."""
    i = at + 1 if at < len(tokens) and tokens[at].low in lexicon().units else at
    if _is_dash(tokens, i) or (i < len(tokens) and tokens[i].low in ("to", "or", "and")):
        return _number(tokens, i + 1)
    return None


def _vague(tokens: Sequence[Token], at: int) -> tuple[float, float, float, int] | None:
    lex = lexicon()
    length = match_phrase(tokens, at, lex.vague_phrases)
    if not length:
        return None
    low, middle, high = lex.vague[tuple(token.low for token in tokens[at : at + length])]
    return low, middle, high, at + length


def _number(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    """A number in digits ("1,500", "2.5", "2,5") or words ("twenty-five", "a hundred")."""
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if text[0].isdecimal():
        # A number glued to a word or to a further number ("B52", "12.5.2024") measures nothing.
        glued = (
            at > 0
            and tokens[at - 1].end == tokens[at].start
            and tokens[at - 1].text[-1] not in "-–—‑−(~≈\"“'‘,"
        )
        value = parse_number(text)
        return None if glued or value is None else (value, at + 1)
    return _number_words(tokens, at)


def _number_words(tokens: Sequence[Token], at: int) -> tuple[float, int] | None:
    numbers = lexicon().numbers
    total, i, seen = 0.0, at, False
    for _ in range(6):
        if i >= len(tokens):
            break
        word = tokens[i].low
        if word in numbers:
            value = numbers[word]
            total = max(total, 1.0) * value if value >= 100 else total + value
            i, seen = i + 1, True
        elif i + 1 < len(tokens) and _joins(tokens, i, seen):
            i += 1
        else:
            break
    return (total, i) if seen else None


def _joins(tokens: Sequence[Token], at: int, seen: bool) -> bool:
    """Whether the token at ``at`` only ties number words together: "a" hundred, twenty "-" five."""
    following = tokens[at + 1].low
    if seen:
        return _is_dash(tokens, at) and following in lexicon().numbers
    return tokens[at].low == "a" and following in ("hundred", "thousand")


def parse_number(text: str) -> float | None:
    """``"1,500"`` -> 1500, ``"2,5"`` and ``"2.5"`` -> 2.5; None for what is too long to be a distance."""
    if len(text) > 12:
        return None
    head, comma, tail = text.rpartition(",")
    if comma and len(tail) == 3 and "." not in head and not head.startswith("0"):
        return float((head + tail).replace(",", ""))
    parts = text.replace(",", ".").split(".")
    if len(parts) > 2:
        return float("".join(parts)) if all(len(part) == 3 for part in parts[1:]) else None
    return float(".".join(parts))


def read_direction(tokens: Sequence[Token], at: int, *, adjective: bool = False) -> tuple[float, int] | None:
    """The bearing that begins at ``at`` ("north", "north-northwest", "SE") and where it ends.

    With ``adjective``, also "northern" and "southeastern"; "northward(s)" is always read. Codes count only
    in capitals.
    """
    if at >= len(tokens) or tokens[at].mention:
        return None
    codes = lexicon().codes
    if tokens[at].text in codes:
        return codes[tokens[at].text], at + 1
    bearings: list[float] = []
    i, end = at, at
    while i < len(tokens) and len(bearings) < 3:
        bearing = _cardinal(tokens[i], adjective)
        if bearing is None:
            break
        bearings.append(bearing)
        i = end = i + 1
        if _is_dash(tokens, i):
            i += 1
    return (_mean_bearing(bearings), end) if bearings else None


def _cardinal(token: Token, adjective: bool) -> float | None:
    directions = lexicon().directions
    word = token.low
    for ending in ("wards", "ward", *(("ernmost", "ern") if adjective else ())):
        if word.endswith(ending) and word[: -len(ending)] in directions:
            return directions[word[: -len(ending)]]
    return directions.get(word)


def _mean_bearing(bearings: Sequence[float]) -> float:
    """North and east make north-east; north and north-west make what lies halfway between."""
    x = sum(math.sin(math.radians(b)) for b in bearings)
    y = sum(math.cos(math.radians(b)) for b in bearings)
    if math.hypot(x, y) < 1e-6:
        return bearings[0]
    if len(bearings) == 3:  # north + north + west: the pair "north-west" first, then halfway to "north"
        return _mean_bearing((bearings[0], _mean_bearing(bearings[1:])))
    return round(math.degrees(math.atan2(x, y)) % 360.0, 6) % 360.0
