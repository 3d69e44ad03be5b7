"""Which names are the places of a verb's event."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.place import Place
from mapper import language
from mapper.events import extract, role_names, roles
from mapper.types import Document, Mention, Resolution


@cache
def parse(text: str):
    return language.parse(Document(id="t", text=text)).doc


def places(text: str, verb: str, *towns: str) -> list[str]:
    doc = parse(text)
    token = next(t for t in doc if t.text == verb)
    known = [resolution(text, town, "settlement", f"m{i}") for i, town in enumerate(towns)]
    return [s.text for s in roles.place_spans(doc, token, resolutions=known)]


@pytest.mark.parametrize(
    ("text", "verb", "towns", "expected"),
    [
        ("Rebels captured Tessalit on Monday.", "captured", ["Tessalit"], ["Tessalit"]),
        (
            "Three farmers were killed in Djibo, the mayor said in Ouagadougou.",
            "killed",
            ["Djibo", "Ouagadougou"],
            ["Djibo"],
        ),
        ("The president praised the army on Tuesday.", "praised", [], []),
        (
            "A car bomb detonated near a market in Baidoa, killing four people.",
            "killing",
            ["Baidoa"],
            ["Baidoa"],
        ),
        ("Hundreds of students marched in Conakry to demand elections.", "marched", ["Conakry"], ["Conakry"]),
        ("The attack on Kidal came a day after talks in Algiers.", "attack", ["Kidal", "Algiers"], ["Kidal"]),
        (
            "Gunmen shot a trader in Gossi, 160 kilometers southwest of Gao.",
            "shot",
            ["Gossi", "Gao"],
            ["Gossi"],
        ),
    ],
)
def test_places_of_a_word(text: str, verb: str, towns: list[str], expected: list[str]) -> None:
    assert places(text, verb, *towns) == expected


def test_each_verb_has_its_own_place() -> None:
    text = "Soldiers shot two men in Gao, and militants bombed a bridge in Mopti."
    assert places(text, "shot", "Gao", "Mopti") == ["Gao"]
    assert places(text, "bombed", "Gao", "Mopti") == ["Mopti"]


def test_scores_are_probabilities_in_the_order_of_the_names() -> None:
    text = "The army shelled Kidal after it left Menaka in the east of Mali."
    doc = parse(text)
    names = role_names.candidates(doc)
    assert [s.text for s in names] == ["Kidal", "Menaka", "Mali"]
    known = [resolution(text, s.text, "settlement", f"m{i}") for i, s in enumerate(names[:2])]
    known.append(resolution(text, "Mali", "country", "m2"))
    scores = roles.place_scores(doc, next(t for t in doc if t.text == "shelled"), names, known)
    assert len(scores) == 3
    assert all(0 < p < 1 for p in scores)
    assert scores[0] == max(scores)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels shelled al-Hajeb and ‘Arbin on Sunday.", ["al-Hajeb", "‘Arbin"]),
        ("Ships patrolled the Gulf of Guinea.", ["Gulf of Guinea"]),
        ("Thousands marched through Bamako Friday.", ["Bamako"]),
    ],
)
def test_names_are_whole(text: str, expected: list[str]) -> None:
    names = [s.text for s in role_names.candidates(parse(text))]
    assert [n for n in names if n in expected] == expected


def resolution(text: str, name: str, kind: str, number: str, inside: str | None = None) -> Resolution:
    start = text.index(name)
    mention = Mention(id=number, start=start, end=start + len(name), text=name, kind=kind, inside=inside)
    place = Place(id=number, name=name, lat=0.0, lon=0.0, radius_m=1.0, feature="settlement", population=9999)
    return Resolution(mention, place, "exact", 0.9)


def test_what_is_known_of_a_name_is_read_from_the_resolutions() -> None:
    text = "Police shot a man in Koulikoro, Mali, said Oumar Keita."
    doc = parse(text)
    names = role_names.candidates(doc)
    found = [
        resolution(text, "Koulikoro", "settlement", "m1", inside="m2"),
        resolution(text, "Mali", "country", "m2"),
    ]
    facts = dict(zip([s.text for s in names], role_names.known(doc, names, found), strict=True))
    assert facts["Oumar Keita"] is None
    town = facts["Koulikoro"]
    assert town is not None
    assert (town.kind, town.feature, town.size, town.exact) == ("settlement", "settlement", 4.0, True)
    assert town.inside == [s.text for s in names].index("Mali")
    verb = next(t for t in doc if t.text == "shot")
    assert [s.text for s in roles.place_spans(doc, verb, resolutions=found)] == ["Koulikoro"]


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
    names = role_names.candidates(doc)
    assert all(a.end <= b.start for a, b in zip(names, names[1:], strict=False))
    for token in doc:
        scores = roles.place_scores(doc, token, names)
        assert len(scores) == len(names)
        assert all(0 <= p <= 1 for p in scores)


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("The army bombed a camp in Menaka used by fighters from Libya.", ("Menaka", "Libya"), ["m0"]),
        (
            "Rebels from Gao killed three farmers in Djenne near the border with Togo, a week after Mali "
            "signed a truce.",
            ("Gao", "Djenne", "Togo", "Mali"),
            ["m1"],
        ),
        (
            "Gunmen shot a mayor in Gossi on Monday, while envoys were discussing a truce in Algiers.",
            ("Gossi", "Algiers"),
            ["m0"],
        ),
    ],
)
def test_an_event_drops_places_where_it_surely_did_not_happen(
    text: str, names: tuple[str, ...], expected: list[str]
) -> None:
    found = [resolution(text, name, "settlement", f"m{i}") for i, name in enumerate(names)]
    events = extract.extract(language.parse(Document(id="t", text=text)), found, [])
    assert [[p.mention for p in e.places] for e in events] == [expected]
