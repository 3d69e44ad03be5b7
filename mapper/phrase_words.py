"""The names of a location phrase, and what the words beside each of them say of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

_TOKEN = re.compile(r"[^\W\d_](?:[\w'’ʼ`\-]{0,60}\w)?|\d+(?:[.,]\d+)?|[^\w\s]", re.UNICODE)
_POSSESSIVE = ("'s", "’s", "`s", "ʼs")
_BACK = 6
"""How many words before a name are looked at for how it hangs on the one before."""

Link = Literal["", "near", "inside"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A name within a phrase: what the words next to it ask for, and how it hangs on those before it."""

    start: int
    end: int
    text: str
    asked: str = ""
    link: Link = ""
    joins: bool = False
    """Whether the word after it joins two places: "the X-Y road"."""
    longer: tuple[str, ...] = ()
    """The name with words after it that may belong to it ("X refugee camp"), the longest first."""


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str

    @property
    def low(self) -> str:
        return self.text.lower()


@cache
def data() -> dict[str, Any]:
    """Return the words and weights of phrases (``phrase.toml``)."""
    return tomllib.loads(resources.files("mapper").joinpath("phrase.toml").read_text(encoding="utf-8"))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(data()["words"][name])


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind, words in data()["kinds"].items() for word in words}


def read_chunks(text: str) -> list[Chunk]:
    """Find the names of a phrase: runs of words that are neither small words nor words for a kind of place.

    Written with capitals, a name's words have them; in a text without capitals every other word counts.
    """
    tokens = _without_compass([_token(m) for m in _TOKEN.finditer(text)])
    capitals = any(t.text[:1].isupper() for t in tokens)
    chunks: list[Chunk] = []
    at = 0
    while at < len(tokens):
        last = _name_end(tokens, at, capitals)
        if last == at:
            at += 1
            continue
        start, end = tokens[at].start, tokens[last - 1].end
        longer = tuple(text[start:token_end] for token_end in _longer_ends(tokens, last))
        asked, link = _asked(tokens, at, last), _link(tokens, at)
        joins = last < len(tokens) and tokens[last].low in _words("joining")
        chunks.append(Chunk(start, end, text[start:end], asked, link, joins, longer))
        at = last
    return chunks


def _without_compass(tokens: list[_Token]) -> list[_Token]:
    """Leave out directions of one to three letters: "30 km SE of X" is not about a place SE."""
    return [
        token
        for at, token in enumerate(tokens)
        if token.low not in _words("compass")
        or not (
            (at and tokens[at - 1].low in _words("unit"))
            or (at + 1 < len(tokens) and tokens[at + 1].low == "of")
        )
    ]


def _longer_ends(tokens: Sequence[_Token], last: int) -> list[int]:
    ends: list[int] = []
    while last < len(tokens) and tokens[last].low in _words("ending") and len(ends) < 3:
        ends.insert(0, tokens[last].end)
        last += 1
    return ends


def _token(match: re.Match[str]) -> _Token:
    """One word without the ending of a possessive, which belongs to no name."""
    text = match.group()
    cut = 2 if len(text) > 3 and text.lower().endswith(_POSSESSIVE) else 0
    return _Token(match.start(), match.end() - cut, text[: len(text) - cut])


def _name_end(tokens: Sequence[_Token], at: int, capitals: bool) -> int:
    end = at
    first = tokens[at]
    if first.low in _words("prefix") and first.text[0].isupper() and capitals and at + 1 < len(tokens):
        end += _in_name(tokens[at + 1], capitals)
    while end < len(tokens) and not _apart(tokens, at, end):
        step = 1 + (end > at and tokens[end].text in _words("particle"))  # "Ras al Ain", "Mocimboa da Praia"
        if end + step > len(tokens) or not _in_name(tokens[end + step - 1], capitals):
            break
        end += step
    return end


def _apart(tokens: Sequence[_Token], first: int, at: int) -> bool:
    """Tell whether a possessive stands between a word and the one before: "Kassala's Aroma"."""
    return at > first and tokens[at].start - tokens[at - 1].end > 2


def _in_name(token: _Token, capitals: bool) -> bool:
    if not token.text[0].isalpha() or token.low in _words("stop") or token.low in _kinds():
        return False
    return not capitals or not token.text.islower()


def _asked(tokens: Sequence[_Token], first: int, last: int) -> str:
    """The kind that the words beside a name give it: "X district", "village of X", "pos. X"."""
    before = first - 1
    while before >= 0 and tokens[before].low in ("of", "the", "."):
        before -= 1
    if before >= 0 and _kinds().get(tokens[before].low) == "mouth":
        return "mouth"
    if last < len(tokens) and tokens[last].low in _kinds():
        return _kinds()[tokens[last].low]
    if before < 0 or (
        before and tokens[before - 1].text[0].isupper() and tokens[before - 1].low not in _kinds()
    ):
        return ""  # The word belongs to the name before it: "X district of Y".
    return _kinds().get(tokens[before].low, "")


def _link(tokens: Sequence[_Token], first: int) -> Link:
    """How a name hangs on the one before: "near", "inside", or "" after a comma or nothing."""
    for at in range(first - 1, max(-1, first - 1 - _BACK), -1):
        token = tokens[at]
        before = tokens[at - 1].low if at else ""
        if token.low == "of" and (before in _kinds() or before in _words("beside")):
            if before in _words("beside"):
                return "inside" if _article(tokens, at - 2) else "near"
            continue
        if token.low in _words("near"):
            return "near"
        if token.low in _words("inside"):
            return "inside"
        if not token.text[0].isalpha() and token.text != ".":
            return ""
    return ""


def _article(tokens: Sequence[_Token], at: int) -> bool:
    """Tell whether "the" stands there: "in the north of X" lies in X, "north of X" beside it."""
    return at >= 0 and tokens[at].low == "the" and tokens[at + 1].low not in _words("edges")
