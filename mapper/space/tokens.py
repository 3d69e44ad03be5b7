"""Text -> words with their spans, where a mention is one word of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mapper.space.lexicon import PhraseSet
from mapper.types import Mention

# Each alternative consumes one class of characters and no two can share a character: linear time.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?(?:[.,]\d{3})?|[^\W\d_]+|[^\w\s]|_")


class Token(NamedTuple):
    """One word, number or sign; ``low`` is its lower case, "" for a mention. Spans as in Mention."""

    start: int
    end: int
    text: str
    low: str
    mention: Mention | None = None
    paragraph: int = 0
    sentence: int = 0


def tokenize(text: str, mentions: Sequence[Mention]) -> tuple[Token, ...]:
    """Split ``text`` into tokens; of overlapping mentions the longest becomes the token."""
    tokens: list[Token] = []
    paragraph = sentence = position = 0
    for mention in (*_disjoint(mentions), None):
        spans = [
            match.span() for match in _TOKEN.finditer(text, position, mention.start if mention else len(text))
        ]
        if mention:
            spans.append((mention.start, mention.end))
            position = mention.end
        for start, end in spans:
            word = text[start:end]
            named = mention if mention and start == mention.start else None
            if tokens and start > tokens[-1].end:
                broken = _breaks(
                    text[tokens[-1].end : start], tokens, named is not None or not word[0].islower()
                )
                paragraph, sentence = paragraph + (broken == "paragraph"), sentence + (broken != "")
            tokens.append(Token(start, end, word, "" if named else word.lower(), named, paragraph, sentence))
    return tuple(tokens)


_STOPS, _QUOTES = frozenset(".!?…;"), frozenset("”\"'’»)")


def _breaks(gap: str, tokens: Sequence[Token], opens: bool) -> str:
    """What ends in the gap after ``tokens``: "paragraph", "sentence" or ""."""
    last = tokens[-1].text
    ends = last in _STOPS or (last in _QUOTES and len(tokens) > 1 and tokens[-2].text in _STOPS)
    if "\n" in gap and (ends or gap.count("\n") > 1):
        return "paragraph"
    return "sentence" if ends and opens else ""


def _disjoint(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions in the order of the text, of overlapping ones the longest."""
    chosen: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, m.start - m.end, m.id)):
        if chosen and mention.start < chosen[-1].end:
            if mention.end - mention.start > chosen[-1].end - chosen[-1].start:
                chosen[-1] = mention
        else:
            chosen.append(mention)
    return chosen


def match_phrase(tokens: Sequence[Token], at: int, phrases: PhraseSet) -> int:
    """Length in tokens of the longest of ``phrases`` that stands at ``at``, or 0."""
    if at >= len(tokens) or tokens[at].mention:
        return 0
    for words in phrases.by_first.get(tokens[at].low, ()):
        if at + len(words) <= len(tokens) and all(tokens[at + i].low == word for i, word in enumerate(words)):
            return len(words)
    return 0
