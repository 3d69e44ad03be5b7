"""Which spans of a text are place names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from names_helper import gazetteer, read

from mapper import language, mentions
from mapper.types import Document, Mention


def found(text: str) -> list[Mention]:
    return [r.mention for r in read(text)]


def names(text: str) -> list[str]:
    return [m.text for m in found(text) if m.kind != "demonym"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Troops left Odesa's port for Izmail on Monday.", ["Odesa", "Izmail"]),
        ("KHARTOUM, Sudan (AP) — Fighting went on in Omdurman.", ["KHARTOUM", "Sudan", "Omdurman"]),
        ("She moved from Salem, Ore., to Boise, Idaho.", ["Salem", "Ore.", "Boise", "Idaho"]),
        ("The governor of the Vinnytsia and Zhytomyr regions spoke.", ["Vinnytsia", "Zhytomyr"]),
        ("A U.S. envoy flew to the UAE.", ["U.S.", "UAE"]),
        ("The Paris–Brussels train stopped in Lille.", ["Paris", "Brussels", "Lille"]),
        ("He studied at the University of Michigan.", ["Michigan"]),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Reading is fun, and the mobile phone is a nice toy.",
        "Gen. Warren Houston said on Friday that he would not resign.",
        "Paris Hilton waved. Hilton left soon.",
        "Apple and Amazon reported earnings in April.",
        "They may march in May.",
    ],
)
def test_people_companies_and_words_are_no_places(text: str) -> None:
    assert names(text) == []


def test_adjectives_are_found_but_not_pinned() -> None:
    mentions_found = found("Syrian forces and Lebanese villagers met near Homs.")
    assert [(m.text, m.kind, m.pinned) for m in mentions_found if m.kind == "demonym"] == [
        ("Syrian", "demonym", False),
        ("Lebanese", "demonym", False),
    ]


@pytest.mark.parametrize("text", ["Moscow said the talks had failed.", "Tehran officials denied the report."])
def test_governments_are_not_pinned(text: str) -> None:
    assert [m.pinned for m in found(text)] == [False]


def test_kind_words_and_containment() -> None:
    text = "The village of Bakhtin in Poltava region lies far from Lviv airport."
    by_name = {m.text: m for m in found(text)}
    assert by_name["Poltava"].asked[0] == "region"
    assert by_name["Lviv"].asked[0] == "airport"
    if "Bakhtin" in by_name:
        assert by_name["Bakhtin"].asked[0] == "settlement"
        assert by_name["Bakhtin"].inside == by_name["Poltava"].id


def test_a_garbled_name_is_heard() -> None:
    text = "Shelling went on in Zaporizhzhia and Melitopol on Friday. Troops entered Nikopoll at night."
    assert "Nikopoll" in names(text)


def test_letters_of_another_script_inside_a_name() -> None:
    text = "Kharkiv was hit again. Rockets fell in the city of Chuhக்uiv as well."
    assert "Chuhக்uiv" in names(text)


def test_capitals_throughout() -> None:
    assert "BEIRUT" in names("EXPLOSION SHAKES BEIRUT AS THOUSANDS GATHER IN THE CENTRE")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(["Kyiv", "the", "New", "York", "-", "’s", "said", ",", "of", "\n", "É", "U.S."]))
)
def test_spans_slice_the_text_and_never_overlap(pieces: list[str]) -> None:
    text = " ".join(pieces)
    spans = mentions.find(language.parse(Document("a", text)), gazetteer())
    assert all(text[m.start : m.end] == m.text for m in spans)
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))
    assert len({m.id for m in spans}) == len(spans)


def test_weapons_and_armed_groups_that_bear_names_of_places_are_none() -> None:
    found = {
        r.mention.text for r in read("Grad rockets of the Arakan Army hit Siversk, and IS Sahel denied it.")
    }
    assert "Siversk" in found and found.isdisjoint({"Grad", "Arakan", "Sahel"})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Drone hits fuel depot in Millerovo, footage shows", "Millerovo"),
        ("Flash flood sweeps through Barmal after night of rain; two bridges collapse", "Barmal"),
        ("Rebels take Goundam barracks without a fight", "Goundam"),
        ("Landslide buries bus near Pasto; rescue teams at work", "Pasto"),
        ("Ka-52 shot down over Robotyne", "Robotyne"),
    ],
)
def test_a_caption_plays_at_the_one_place_it_names(text: str, place: str) -> None:
    assert place in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Senator Clinton and Mrs. Jackson clashed over the budget.",
        "Lincoln was shot by an actor while he watched a play.",
        "Mobile phone sales fell for the third quarter in a row, the company said.",
        "General Milley met Secretary Austin before the strike.",
    ],
)
def test_a_text_without_places_gets_none(text: str) -> None:
    assert names(text) == []
