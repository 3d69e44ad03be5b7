"""The default gazetteer and short ways to read a text with it."""

from __future__ import annotations

import re
from functools import cache

from gazetteer.compile import ensure
from gazetteer.names import fold
from gazetteer.store import Gazetteer
from mapper import language, mentions
from mapper.resolve import resolve
from mapper.space import phrases
from mapper.space.constraints import penalty
from mapper.types import Document, Pin, Resolution

MARK = re.compile(r"\[([^\[\]=|]{1,60})=([^\[\]|]{1,60})\|([A-Z]{2})\]")


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer.open(ensure())


def read(text: str, *pins: Pin) -> tuple[Resolution, ...]:
    parsed = language.parse(Document("text", text))
    found = mentions.find(parsed, gazetteer())
    expressions = phrases.find(text, found)
    return resolve(parsed, found, expressions, gazetteer(), pins, constraint=penalty)


def placed(text: str, *pins: Pin) -> dict[str, str]:
    """Give every name that was found with the name and country of its place."""
    return {
        r.mention.text: f"{r.place.name}, {r.place.country}" if r.place else "" for r in read(text, *pins)
    }


def marked(line: str) -> tuple[str, list[tuple[int, int, str, str]]]:
    """Give a line without its marks, and the spans, names and countries that they tell."""
    text, spans, last = "", [], 0
    for mark in MARK.finditer(line):
        text += line[last : mark.start()]
        spans.append((len(text), len(text) + len(mark[1]), mark[2], mark[3]))
        text += mark[1]
        last = mark.end()
    return text + line[last:], spans


def is_place(resolution: Resolution, name: str, country: str) -> bool:
    place = resolution.place
    if place is None or place.country != country:
        return False
    return fold(name) in {fold(n.text) for n in gazetteer().names(place.id)}
