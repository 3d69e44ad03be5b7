"""Names that hold a place's and mean none: weapons, armed groups, roads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mapper.mentions.words import words

if TYPE_CHECKING:
    from mapper.mentions.lattice import Text


def find(text: Text) -> Iterator[tuple[int, int]]:
    """Give the first and last pieces of names that hold a place's and mean none: weapons, armed groups."""
    classes = words().classes
    for i in range(len(text.pieces) - 1):
        if not text.pieces[i].capital:
            continue
        if text.word(i + 1).isdigit() and text.word(i) in words().abbreviations:
            yield i, i + 1  # "U.S. 41" is a road
        if text.pieces[i].text.isupper() and text.word(i) in classes["force"] and not text.is_caps(i):
            yield i, i
        if text.word(i) in classes["arms"] and text.word(i + 1) in classes["arms_noun"]:
            yield i, i
        name = text.word(i)
        for last in range(i + 1, min(i + 4, len(text.pieces))):
            name = f"{name} {text.word(last)}"
            if name.replace(" - ", "-") in classes["group"]:
                yield i, last
