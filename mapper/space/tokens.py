"""Text -> words with their spans, where a mention is one word of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mapper.space.lexicon import PhraseSet
from mapper.types import Mention

# Each alternative consumes one class of characters and no two can share a character: linear time.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?(?:[.,]\d{3})?|[^\W\d_]+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Token:
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
        stop = mention.start if mention else len(text)
        for match in _TOKEN.finditer(text, position, stop):
            word = match.group()
            gap = text[tokens[-1].end : match.start()] if tokens else ""
            if gap.count("\n") > 1 or (gap and "\n" in gap and _ends(tokens)):
                paragraph, sentence = paragraph + 1, sentence + 1
            elif gap and _ends(tokens) and not word[0].islower():
                sentence += 1
            tokens.append(Token(match.start(), match.end(), word, word.lower(), None, paragraph, sentence))
        if mention:
            gap = text[tokens[-1].end : mention.start] if tokens else ""
            if gap.count("\n") > 1 or (gap and "\n" in gap and _ends(tokens)):
                paragraph, sentence = paragraph + 1, sentence + 1
            elif gap and _ends(tokens):
                sentence += 1
            tokens.append(
                Token(
                    mention.start,
                    mention.end,
                    text[mention.start : mention.end],
                    "",
                    mention,
                    paragraph,
                    sentence,
                )
            )
            position = mention.end
    return tuple(tokens)


def _ends(tokens: Sequence[Token]) -> bool:
    """Whether a sentence may have ended before the gap: a stop, perhaps with a quote behind it."""
    last = [token.text for token in tokens[-2:]]
    return bool(last) and (last[-1] in ".!?…;" or (last[-1] in "”\"'’»)" and last[0] in ".!?…"))


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
