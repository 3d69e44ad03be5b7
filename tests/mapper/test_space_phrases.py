"""The grammar of words about space: a table of phrases that a person can read and extend, and its laws."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.space.phrases import find, movements
from mapper.types import Mention, SpatialExpression

_MARK = re.compile(r"\[(?:(\w+):)?([^\]]+)\]")


def read_case(marked: str) -> tuple[str, list[Mention]]:
    """Text with its mentions from a marked text, "near [Toretsk]"."""
    text, mentions, position = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        name = match.group(2)
        mention_id = f"m{len(mentions)}"
        kind = match.group(1) or "settlement"
        mentions.append(Mention(mention_id, len(text), len(text) + len(name), name, kind))  # type: ignore[arg-type]
        text += name
        position = match.end()
    return text + marked[position:], mentions


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def describe(expression: SpatialExpression, names: dict[str, str]) -> str:
    words = [expression.type, "+".join(names[a] for a in expression.anchors) or "-"]
    if expression.distance_m is not None:
        ends = (expression.distance_min_m, expression.distance_max_m)
        plain = ends == (None, None)
        words.append(number(expression.distance_m) + ("" if plain else ":" + ":".join(map(number, ends))))
    if expression.bearing_deg is not None:
        words.append(f"{expression.bearing_deg:g}°")
    words += [expression.part] * bool(expression.part) + ["line"] * expression.line
    if expression.subject:
        words.append(f"<{names[expression.subject]}")
    return " ".join(words)


def cases() -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / "space_phrases.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.rsplit(" | ", 1) for line in lines if line.strip() and not line.startswith("#"))
    return [(text, expected.strip()) for text, expected in rows]


@pytest.mark.parametrize(("marked", "expected"), cases())
def test_phrase(marked: str, expected: str) -> None:
    text, mentions = read_case(marked)
    found = find(text, mentions)
    assert [describe(e, {m.id: m.text for m in mentions}) for e in found] == (
        [] if expected == "-" else expected.split("; ")
    )
    assert all(text[e.start : e.end] == e.text for e in found)


def test_movements_are_told_apart_from_places() -> None:
    text, mentions = read_case("They advanced 1 km as they approached [Sumy].")
    found = find(text, mentions)
    assert [m.distance_m for m in movements(found)] == [1000.0]


SALAD = (
    "20 3-5 km north of from the city road [X] [Y] between and to near , . ( ) advanced within a half"
    " south-east outskirts border left bank 'S ’ s ? – up to less than in direction \n\n"
)


@given(st.lists(st.sampled_from(SALAD.split(" ")), max_size=40))
def test_any_word_salad_is_read_and_spans_hold(words: list[str]) -> None:
    text, mentions = read_case(" ".join(words))
    ids = {m.id for m in mentions}
    for expression in find(text, mentions):
        assert text[expression.start : expression.end] == expression.text
        assert set(expression.anchors) <= ids
        assert expression.subject not in expression.anchors
        assert expression.distance_m is None or expression.distance_m > 0


HOSTILE = [
    "20 km north of the ", "the city ", "near ", "between [X] and ", "the road from [X] to ", "1,000",
    "twenty-", "north-", "[X], ", "'s ", "a half ", "up to ", "[X]-", "5 km from the highway. ", "\n\n",
    "a dozen ", "(", "of the ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:
        text, mentions = read_case("[Z] " + piece * times)
        begin = time.perf_counter()
        find(text, mentions)
        return time.perf_counter() - begin

    short, long = min(seconds(500) for _ in range(3)), min(seconds(4000) for _ in range(2))
    assert long < max(40 * short, 1.0)
