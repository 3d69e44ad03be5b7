"""Garbled names: found by sound where the text wants a place, and not where it names people or groups."""

from __future__ import annotations

import pytest
from names_helper import placed, read

FRONT = "Ukrainian forces repelled attacks near Kupiansk in the Kharkiv region and held Lyman on Monday. "
SUDAN = "The army shelled Khartoum on Sunday, and people fled from Omdurman to Kosti in Sudan. "


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        (FRONT + "Zaborijia was shelled twice.", "Zaborijia", "Zaporizhzhia, UA"),
        (FRONT + "Artillery fell on Volchanks and Isyum.", "Isyum", "Izium, UA"),
        (FRONT + "Residents of Balaklija said a school burned.", "Balaklija", "Balakliia, UA"),
        (SUDAN + "In Um Rawaaba, shops were closed.", "Um Rawaaba", "Umm Ruwaba, SD"),
        (SUDAN + "Drones struck Wad-madany and Senar.", "Senar", "Sennar, SD"),
    ],
)
def test_garbled_names_are_found(text: str, name: str, place: str) -> None:
    assert placed(text).get(name) == place, placed(text)


@pytest.mark.parametrize("name", ["Hesbollah", "Al-Kaida", "Talibaan"])
def test_garbled_groups_are_no_places(name: str) -> None:
    assert name not in placed(
        f"Missiles fell on Tyre and Nabatieh in Lebanon. Fighters of {name} fired back."
    )


def test_people_with_names_like_towns_are_no_places() -> None:
    found = placed(FRONT + "Oleksandr Kovalenko, the mayor, and Mykola Sumenko thanked them.")
    assert {"Oleksandr", "Mykola", "Sumenko", "Kovalenko"}.isdisjoint(found)


def test_a_sure_place_that_nothing_sounds_like_is_listed() -> None:
    found = read(FRONT + "Two people died in the village of Qwrtbxdfgol.")
    assert [(r.place, r.mention.kind) for r in found if r.mention.text == "Qwrtbxdfgol"] == [
        (None, "settlement")
    ]
    assert all(r.reason for r in found if r.place is None)


def test_the_country_of_the_paragraph_leads_the_search() -> None:
    found = placed(
        "Shells fell on Tyre, Nabatieh and Baalbek in Lebanon, and people left Sidon for Beirut.\n\n"
        "In the Gaza Strip, south of Gaza City, the camp of Nusayrat was hit. Drones struck Khaan Yunus."
    )
    assert found.get("Khaan Yunus") == "Khān Yūnis, PS", found


@pytest.mark.parametrize(("name", "place"), [("Merefa", "Merefa"), ("Melefa", "Merefa")])
def test_l_and_r_are_nearly_one(name: str, place: str) -> None:
    found = placed(FRONT + f"Two people were wounded in {name}, south of Kharkiv.")
    assert found.get(name, "").startswith(place), found


def test_what_hardly_sounds_alike_is_not_believed() -> None:
    found = read(SUDAN + "In the village of Kerghanutto, nobody was hurt.")
    assert [r.place for r in found if r.mention.text == "Kerghanutto"] in ([], [None])


def test_towns_of_a_misspelt_country_are_sought_there() -> None:
    found = placed("In Etyopiya, the army entered Makale on Monday after its planes bombed Adigratt.")
    assert found.get("Etyopiya", "").startswith("Ethiopia"), found
    assert found.get("Adigratt") == "Ādīgrat, ET", found


def test_a_word_that_leads_to_a_name_makes_nobody_of_it() -> None:
    found = placed(FRONT + "Near Zmiyif two people were wounded, and a house in Zmiyif burned.")
    assert found.get("Zmiyif") == "Zmiiv, UA", found


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Zaporijia nuclear power plant", "Zaporizhzhia Nuclear Power Plant, UA"),
        ("Zaporijia thermal power plant", "Zaporizhzhia Thermal Power Plant, UA"),
    ],
)
def test_a_plant_is_known_by_its_misspelt_town(name: str, place: str) -> None:
    assert placed(FRONT + f"Workers left the {name} near Enerhodar.").get("Zaporijia") == place


def test_weapons_before_their_kind_are_no_places() -> None:
    found = placed("Shells fell on Tyre in Lebanon. Merkhava tanks came near Markaba and Kfar Kila.")
    assert "Merkhava" not in found, found
