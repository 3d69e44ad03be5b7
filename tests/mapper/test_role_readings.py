"""The second reading of the event verbs: numbers of letters, found again in any version of a text."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mapper import language
from mapper.events.role_names import candidates
from mapper.types import Document
from scripts import role_readings

TEXT = "Gunmen shot a mayor in Gossi, and police arrested a trader in Mopti."


def rows(text: str, verb: str) -> list[dict[str, object]]:
    doc = language.parse(Document(id="t", text=text)).doc
    names = candidates(doc)
    token = next(t for t in doc if t.text == verb)
    number = role_readings.sentence_number(text)
    return [{"doc": doc, "verb": token, "names": names, "facts": [None] * len(names), "fold": number}]


def letters(text: str, word: str) -> tuple[int, int]:
    before = role_readings.letters_before(text)
    start = text.index(word)
    return before[start], before[start + len(word)]


def test_the_file_holds_numbers_alone() -> None:
    with role_readings.FILE.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert len(lines) > 5000
    assert all(not set("".join(line.values())) - set("0123456789- ") for line in lines)


def test_readings_are_found_again_whatever_the_blanks(tmp_path: Path) -> None:
    number = role_readings.sentence_number(TEXT)
    path = tmp_path / "readings.csv"
    lines = ["sentence,word,places"]
    for word, place in (("shot", "Gossi"), ("arrested", "Mopti")):
        first, last = letters(TEXT, place)
        lines.append(f"{number},{letters(TEXT, word)[0]},{first}-{last}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    given_rows = rows(TEXT.replace(" ", "  "), "shot")
    others = role_readings.add(given_rows, path)
    assert given_rows[0]["read"] == [True, False]
    assert [(r["verb"].text, r["read"]) for r in others] == [("arrested", [False, True])]


def test_a_sentence_that_nobody_read_has_no_answers() -> None:
    given_rows = rows(TEXT, "shot")
    assert role_readings.add(given_rows) == []
    assert given_rows[0]["read"] is None


@given(st.text(max_size=60))
def test_letters_are_counted_once(text: str) -> None:
    before = role_readings.letters_before(text)
    assert len(before) == len(text) + 1
    assert all(0 <= b - a <= 1 for a, b in zip(before, before[1:], strict=False))
    assert role_readings.sentence_number(text) == role_readings.sentence_number(f" {text}. ")
