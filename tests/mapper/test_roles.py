"""Which names are the places of a verb's event."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper import language
from mapper.events import roles
from mapper.types import Document


@cache
def parse(text: str):
    return language.parse(Document(id="t", text=text)).doc


def places(text: str, verb: str) -> list[str]:
    doc = parse(text)
    token = next(t for t in doc if t.text == verb)
    return [s.text for s in roles.place_spans(doc, token)]


@pytest.mark.parametrize(
    ("text", "verb", "expected"),
    [
        ("Rebels captured Tessalit on Monday.", "captured", ["Tessalit"]),
        ("Three farmers were killed in Djibo, the mayor said in Ouagadougou.", "killed", ["Djibo"]),
        ("The president praised the army on Tuesday.", "praised", []),
        ("A car bomb detonated near a market in Baidoa, killing four people.", "detonated", ["Baidoa"]),
        ("Hundreds of students marched in Conakry to demand elections.", "marched", ["Conakry"]),
    ],
)
def test_places_of_a_verb(text: str, verb: str, expected: list[str]) -> None:
    assert places(text, verb) == expected


def test_each_verb_has_its_own_place() -> None:
    text = "Soldiers shot two men in Gao, and militants bombed a bridge in Mopti."
    assert places(text, "shot") == ["Gao"]
    assert places(text, "bombed") == ["Mopti"]


def test_scores_are_probabilities_in_the_order_of_the_names() -> None:
    doc = parse("The army shelled Kidal after it left Menaka in the east of Mali.")
    names = roles.candidates(doc)
    assert [s.text for s in names] == ["Kidal", "Menaka", "Mali"]
    scores = roles.place_scores(doc, next(t for t in doc if t.text == "shelled"), names)
    assert len(scores) == 3
    assert all(0 < p < 1 for p in scores)
    assert scores[0] == max(scores)


def test_no_names_no_scores() -> None:
    doc = parse("They shot at the convoy.")
    assert roles.place_scores(doc, doc[1], []) == []


def test_weights_are_small_and_hold_numbers_only() -> None:
    path = Path(roles.__file__).with_name("role_model.npz")
    assert path.stat().st_size < 2_000_000
    with zipfile.ZipFile(path) as archive:
        assert all(name.endswith(".npy") for name in archive.namelist())
    with np.load(path, allow_pickle=False) as arrays:
        assert all(np.isfinite(arrays[key]).all() and arrays[key].dtype == np.float16 for key in arrays)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Gao", "shot", "in", ",", "-", "'s", "and", "Mali", "(", "killed", "the", ".", "\n"]
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_text_gets_names_that_do_not_overlap(words: list[str]) -> None:
    doc = parse(" ".join(words))
    names = roles.candidates(doc)
    assert all(a.end <= b.start for a, b in zip(names, names[1:], strict=False))
    for token in doc:
        scores = roles.place_scores(doc, token, names)
        assert len(scores) == len(names)
        assert all(0 <= p <= 1 for p in scores)
