"""Names that the words beside them tell to be places, and what brackets say of where they lie."""

from __future__ import annotations

import pytest
from names_helper import placed, read

from mapper.home import home_of
from mapper.types import Document


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Gunmen attacked Gidan Tsabo village on Monday.", ["Gidan Tsabo"]),
        ("Three died in the hamlet of Mbatsoro, elders say.", ["Mbatsoro"]),
        ("Shells fell on the outskirts of Kafr Zunbul at dawn.", ["Kafr Zunbul"]),
        ("The rebels left Tobani (Segou, Segou) in May.", ["Tobani", "Segou", "Segou"]),
        ("He was shot in Ungwan Riko (Kaura LGA, Kaduna state).", ["Ungwan Riko", "Kaura LGA", "Kaduna"]),
        ("A mine went off in Kharoba, west of Kirkuk.", ["Kharoba", "Kirkuk"]),
        ("Sumy Oblast was shelled. Drones came from Bryansk Oblast.", ["Sumy Oblast", "Bryansk Oblast"]),
        ("Shells fell on houses in southern Kafr Zunbul countryside.", ["Kafr Zunbul"]),
        ("A quarrel began in North London on Friday.", ["North London"]),
        ("Berta youths burned a shop.", []),
        ("He spoke (on Monday, as ever) of nothing.", []),
        ("He works at Tarkin Holdings (London, Ltd) and left.", ["London"]),
    ],
)
def test_told_by_the_words_beside(text: str, names: list[str]) -> None:
    assert [r.mention.text for r in read(text)] == names


def test_a_bracket_is_a_chain() -> None:
    village, district, region = read("An ambush near Tobani (Niono, Segou) killed two.")
    assert village.mention.inside == district.mention.id
    assert district.mention.inside == region.mention.id
    assert district.place is not None and district.place.country == "ML"


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("A fire broke out at Moria refugee camp on Lesbos.", "Moria", "GR"),
        ("Clan del Golfo gunmen shot a man in San Pablo.", "San Pablo", "CO"),
        ("A ship was hit in the Red Sea.", "Red Sea", ""),
        ("Acapulco and Iguala are quiet, Tixtla too. She moved to Santa Ana, California.", "Santa Ana", "US"),
        (
            "Pullman and Colfax have lost farms, as has all of Washington; Spokane has not.",
            "Washington",
            "US",
        ),
    ],
)
def test_what_is_meant(text: str, name: str, meant: str) -> None:
    assert placed(text)[name].endswith(f", {meant}")


def test_a_state_peopled_by_the_text_is_no_city_elsewhere() -> None:
    text = "Pullman and Colfax have lost farms, as has all of Washington; Spokane has not."
    found = {r.mention.text: r.place for r in read(text)}
    assert found["Washington"] is not None and found["Washington"].feature == "region"


def test_an_oblast_is_the_region() -> None:
    (found,) = read("Fires burn in Zaporizhzhia Oblast.")
    assert found.place is not None and found.place.feature == "region"


def test_a_small_town_of_a_country_that_nothing_speaks_for() -> None:
    assert placed("Militiamen attacked Karida near Djugu and Mahagi.")["Karida"] == ""
    assert placed("A fair was held at Bulle in Switzerland.")["Bulle"] == "Bulle, CH"


def test_a_neighborhood_lies_in_its_city() -> None:
    part, city = read("A mine went off in Bab Riyan neighborhood of Taizz.")
    assert part.mention.inside == city.mention.id
    city, part = read("He lives in the Brooklyn neighborhood of Bushwick.")
    assert part.mention.inside == city.mention.id


def test_groups_tell_the_theatre() -> None:
    home = home_of(Document("a", "VDP and JNIM men met."))
    assert home is not None and home.theatres == ("BF",)
    assert home_of(Document("a", "The ministers met.")) is None
