"""The features of a GeoJSON file one by one, in bounded memory.

A FeatureCollection is read in pieces with the standard library's decoder, so that no more than one feature
(and what stands before the features) is held at a time; so are objects that follow one another, one a line
(GeoJSON text sequences, RFC 8142) or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

PIECE = 1 << 20
"""So many characters are read at a time."""
LONGEST_WORD = 64
"""No number or word of JSON that is cut off is longer than this."""
_BETWEEN = " \t\r\n\x1e,"
_DECODER = json.JSONDecoder()


class NoJson(ValueError):
    """What stands here is no JSON."""


class _Reader:
    """A text that is read as far as it is looked at."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._ended = False

    def more(self) -> bool:
        """Read on, at least as much again as is held; False at the end of the file."""
        piece = "" if self._ended else self._file.read(max(PIECE, len(self._text) - self._at))
        self._ended = not piece
        self._text, self._at = self._text[self._at :] + piece, 0
        return not self._ended

    def peek(self) -> str:
        """Return the next character that is no space and no comma, "" at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _BETWEEN:
                    return self._text[self._at]
                self._at += 1
            if not self.more():
                return ""

    def skip(self, wanted: str) -> None:
        """Go past one character, which must be ``wanted``."""
        if self.peek() != wanted:
            raise NoJson(f"no {wanted!r} where one must be")
        self._at += 1

    def line(self) -> None:
        """Go to the next line, where the next object may begin."""
        while (end := self._text.find("\n", self._at)) < 0:
            self._at = len(self._text)
            if not self.more():
                return
        self._at = end + 1

    def value(self) -> Any:
        """Return the next value."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise NoJson("too deep") from None
            except json.JSONDecodeError as error:
                if self._is_cut(error) and self.more():
                    continue
                raise NoJson(str(error)) from None
            length = end - self._at
            # A number near the end of what is held may go on.
            if end + LONGEST_WORD <= len(self._text) or not self.more():
                self._at += length
                return found

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Tell whether a value may only be incomplete: the fault is at the end of what is held."""
        return error.msg.startswith("Unterminated string") or error.pos > len(self._text) - LONGEST_WORD


def features(file: TextIO) -> Iterator[Any]:
    """Give the features of a file, or `NoJson` values in the place of what cannot be read.

    Every object that is no collection counts as a feature, whatever it is.
    """
    reader = _Reader(file)
    while reader.peek():
        try:
            if reader.peek() == "{":
                yield from _object(reader)
            else:
                reader.value()
                yield NoJson("no object")
        except NoJson as error:
            yield error
            reader.line()


def _object(reader: _Reader) -> Iterator[Any]:
    """Give the features of a collection, or the object itself."""
    reader.skip("{")
    held: dict[str, Any] = {}
    collection = False
    while (mark := reader.peek()) != "}":
        if mark != '"':
            raise NoJson("an object that does not end")
        key = reader.value()
        reader.skip(":")
        if key == "features":
            collection = True
            if reader.peek() == "[":
                yield from _array(reader)
                continue
        held[key] = reader.value()
    reader.skip("}")
    if not collection:
        yield held


def _array(reader: _Reader) -> Iterator[Any]:
    reader.skip("[")
    while (mark := reader.peek()) != "]":
        if not mark:
            raise NoJson("a list that does not end")
        yield reader.value()
    reader.skip("]")
