"""The closed word lists of ``role_words.json``, and what the role features share of grammar."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

PLACE_LABELS = ("GPE", "LOC", "FAC")


@cache
def tables() -> dict[str, dict[str, int]]:
    """Return the closed lists, each word with its number; 0 is any other word."""
    text = resources.files(__package__).joinpath("role_words.json").read_text(encoding="utf-8")
    return {name: {word: i + 1 for i, word in enumerate(words)} for name, words in json.loads(text).items()}


def governor(token: Token) -> Token:
    """Return the nearest verb above a token, or the root of its tree."""
    while token.head.i != token.i:
        token = token.head
        if token.pos_ in ("VERB", "AUX"):
            break
    return token
