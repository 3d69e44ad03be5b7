"""Numbers as texts give them: qualified counts, casualties, lengths of movements.

Conventions. "3" is low, best and high 3. "at least 3", "more than 3": low and best 3, high None.
"up to 80", "as many as 80": low None, best 80, high 80. "about 20": best 20, low and high None. "5 to 7"
and "5-7":
low 5, best None, high 7. "dozens": low 24, "scores" 40, "hundreds" 200, "thousands" 2000 with best and
high None; "several" is
low 3. "no", "none", "without": 0. "unknown" is None. Numbers that no event has (more than `MOST_PEOPLE`)
are refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mapper.types import Count

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MOST_PEOPLE = 300_000
MOST_WEAPONS = 5_000
_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,  # noqa: E501
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
VAGUE = {
    "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2_000, "several": 3, "many": 3, "multiple": 2,
    "few": 3, "some": None, "numerous": 3, "couple": 2, "various": 2,
}  # fmt: skip
_ABOVE = ("more than", "over", "upwards of", "in excess of", "exceeding")
_LEAST = ("at least", "no fewer than", "no less than", "not less than", "a minimum of")
_MOST = ("up to", "as many as", "at most", "no more than", "a maximum of")
_BELOW = ("fewer than", "less than", "under")
_ABOUT = (
    "about",
    "around",
    "approximately",
    "roughly",
    "some",
    "nearly",
    "almost",
    "an estimated",
    "circa",
    "~",
)
_NUMBER = re.compile(r"\d{1,3}(?:[,\u00a0\u202f]\d{3}){1,3}|\d{1,9}(?:\.\d{1,3})?")
_LENGTH = re.compile(
    r"(\d{1,4}(?:[.,]\d{1,3})?|a|one|two|three|four|five|six|seven|eight|nine|ten|a dozen|half a|several|a few)"  # noqa: E501
    r"(?:\s?(?:-|–|to)\s?(\d{1,4}(?:[.,]\d{1,3})?))?[\s-]?"
    r"(kilomet(?:er|re)s?|kms?|met(?:er|re)s?|m|miles?)\b",
    re.IGNORECASE,
)
_METRES = {"k": 1000.0, "mi": 1609.344, "m": 1.0}


def number(token: Token) -> int | None:
    """Return the whole number that one token writes, or None."""
    text = token.lower_
    if text in _UNITS:
        return _UNITS[text]
    if text in _SCALES:
        return _SCALES[text]
    match = _NUMBER.fullmatch(text)
    if not match or "." in text:
        return None
    return int(re.sub(r"\D", "", text))


def read_number(doc: Doc, end: int, floor: int) -> tuple[int, int] | None:
    """Return (value, first token) of the number whose last token is ``doc[end - 1]``, not reaching below
    `floor`.
    """
    total, scale, i, seen = 0, 1, end - 1, False
    while i >= floor:
        token = doc[i]
        if token.lower_ in ("-", "and") and seen and i > floor and number(doc[i - 1]) is not None:
            if token.lower_ == "and" and number(doc[i - 1]) not in _SCALES.values():
                break
            i -= 1
            continue
        value = number(token)
        if value is None:
            break
        if token.lower_ in _SCALES or (token.lower_ == "dozen"):
            scale, seen = scale * value, True
            if i == floor or number(doc[i - 1]) is None:
                total += scale
        elif token.text[:1].isdigit() and seen and scale == 1:
            break
        else:
            total, seen = total + value * scale, True
        i -= 1
    return (total, i + 1) if seen else None


def qualified(doc: Doc, end: int, floor: int) -> tuple[Count, int] | None:
    """Return (count, first token) for the quantity that ends before token `end`, with its qualifier."""
    got = read_number(doc, end, floor)
    if got is None:
        word = doc[end - 1].lower_ if end > floor else ""
        if word in VAGUE:
            return Count(VAGUE[word], None, None), end - 1
        if word in ("of", "other", "others") and end - 2 >= floor and doc[end - 2].lower_ in VAGUE:
            return Count(VAGUE[doc[end - 2].lower_], None, None), end - 2
        if word in ("no", "none", "nobody"):
            return Count(0, 0, 0), end - 1
        if word in ("a", "an", "another"):
            return Count(1, 1, 1), end - 1
        return None
    value, first = got
    before = " ".join(doc[j].lower_ for j in range(max(floor, first - 3), first))
    if before.endswith(_ABOVE):
        return Count(value, value, None), first - 2
    if before.endswith(_LEAST):
        return Count(value, value, None), first - 2
    if before.endswith(_MOST):
        return Count(None, value, value), first - 2
    if before.endswith(_BELOW):
        return Count(None, None, max(0, value - 1)), first - 2
    if before.endswith(_ABOUT):
        return Count(None, value, None), first - 1
    if before.endswith((" to", "-", "–")) or before in ("-", "–", "to"):
        low = read_number(doc, first - 1, floor)
        if low and low[0] < value:
            return Count(low[0], None, value), low[1]
    return Count(value, value, value), first


def count_before(doc: Doc, head: int, floor: int) -> int | None:
    """Return the stated number of what begins at token `head` ("six Tu-22M3"), skipping adjectives."""
    i = head
    for _ in range(4):
        if i <= floor:
            return None
        got = qualified(doc, i, floor)
        if got is not None and doc[i - 1].lower_ not in ("a", "an", "another", "no"):
            count = got[0]
            value = count.best if count.best is not None else None
            return value if value is not None and 0 < value <= MOST_WEAPONS else None
        if doc[i - 1].lower_ in ("a", "an", "another"):
            return 1
        if doc[i - 1].pos_ not in ("ADJ", "NOUN", "PROPN"):
            return None
        i -= 1
    return None


def widen(a: Count | None, b: Count | None) -> Count | None:
    """Join two counts of the same thing: the first exact value stands, the bounds take in both."""
    if a is None or b is None:
        return a if a is not None else b
    lows = [v for v in (a.low, b.low) if v is not None]
    highs = [v for v in (a.high, b.high) if v is not None]
    exact = [c.best for c in (a, b) if c.best is not None and c.low is not None]
    rough = [c.best for c in (a, b) if c.best is not None]
    return Count(min(lows, default=None), next(iter(exact or rough), None), max(highs, default=None))


def movement_length(text: str) -> tuple[float, int, int] | None:
    """Return (metres, start, end) of the first length in `text` that can be a length of a movement.

    A length followed by a direction or by "from", "of", "away", "outside" is a distance to a place and is not
    returned: "advanced 1 km" is a movement, "12 km north of X" is not.
    """
    for match in _LENGTH.finditer(text):
        after = text[match.end() :].lstrip().lower()
        before = text[: match.start()].rstrip().lower()
        if after.startswith(("from", "away", "outside", "off")) or before.endswith(("within", "by road")):
            continue
        words = after.split(maxsplit=4)
        if (
            len(words) > 1
            and words[0].rstrip("wardly")
            and _is_direction(words[0])
            and words[1] in ("of", "from")
        ):
            continue
        if words[:1] and words[0] in (
            "of",
            "square",
            "long",
            "wide",
            "range",
            "radius",
            "front",
            "frontline",
        ):
            continue
        return _metres(match), match.start(), match.end()
    return None


def _is_direction(word: str) -> bool:
    return word.startswith(("north", "south", "east", "west")) or word in (
        "n",
        "s",
        "e",
        "w",
        "ne",
        "nw",
        "se",
        "sw",
    )


def _metres(match: re.Match[str]) -> float:
    unit = match[3].lower()
    factor = _METRES["k" if unit.startswith("k") else "mi" if unit.startswith("mi") else "m"]
    word = match[1].lower()
    words = {"a": 1.0, "half a": 0.5, "a dozen": 12.0, "several": 3.0, "a few": 3.0}
    low = words.get(word) or float(_UNITS.get(word, 0)) or float(word.replace(",", "."))
    high = float(match[2].replace(",", ".")) if match[2] else low
    return (low + high) / 2 * factor
