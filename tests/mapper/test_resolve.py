"""Which place a name means, in the light of the whole document."""

from __future__ import annotations

import pytest
from names_helper import gazetteer, placed, read

from mapper import language, mentions
from mapper.resolve import resolve
from mapper.types import Document, Pin


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("Police in Cambridge, Massachusetts, closed a road.", "Cambridge", "US"),
        ("The train from London to Cambridge was late, Norwich police said.", "Cambridge", "GB"),
        ("Fires burn near Athens, Georgia, west of Augusta.", "Athens", "US"),
        ("Ferries left Athens for Crete; Greece was hot.", "Athens", "GR"),
        ("Talks between Georgia and Armenia were held in Tbilisi.", "Georgia", "GE"),
        ("Georgia and Alabama voters went to the polls; Atlanta was calm.", "Georgia", "US"),
    ],
)
def test_the_document_is_the_context(text: str, name: str, meant: str) -> None:
    assert placed(text)[name].endswith(meant)


@pytest.mark.parametrize(
    ("text", "name", "inside"),
    [
        ("He drove from the Texas town of Paris to the fair.", "Paris", "US"),
        ("The Yorkshire village of Haworth was cut off.", "Haworth", "GB"),
        ("The bus stopped at Moose Jaw, Swift Current and Regina.", "Moose Jaw", "CA"),
        ("In Texas, a truck overturned near Paris.", "Paris", "US"),
        ("In Ontario, police searched homes near London.", "London", "CA"),
        ("In Texas, as in London, a truck overturned near Paris.", "London", "GB"),
        ("In Kenya, the president spoke of the talks in London.", "London", "GB"),
        ("In Rome, U.S. officials said little.", "Rome", "IT"),
        ("Ukraine\nFighting went on near Marinka.\n\nSudan\nA market was bombed.\n", "Marinka", "UA"),
        ("Ukraine\nFighting went on.\n\nSudan\nTwo men died in Tina.\n", "Tina", "SD"),
        ("They meet the Netherlands in Hyderabad on Monday.", "Netherlands", "Netherlands, NL"),
        ("She was born at Peru in Illinois.", "Peru", "US"),
        ("A bomb damaged the consulate in Komotini (Eastern Macedonia and Thrace).", "Komotini", "GR"),
        ("Gunmen attacked a post near Koro (Koro, Mopti). People fled to Koro town.", "Koro", "ML"),
        ("In 1990 a quake on Luzon killed thousands.", "Luzon", "PH"),
        ("A flight from Houston to Cologne, Minnesota papers say, was late.", "Houston", "US"),
        ("He lives in Minnesota and spoke to German doctors in Cologne.", "Cologne", "DE"),
    ],
)
def test_what_the_text_puts_inside_what(text: str, name: str, inside: str) -> None:
    assert placed(text)[name].endswith(inside)


def test_what_is_built_ends_in_small_letters() -> None:
    by_text = {r.mention.text: r for r in read("Shells hit the Zaporizhzhia nuclear power plant on Friday.")}
    plant = by_text["Zaporizhzhia"].place
    assert plant is not None and plant.feature == "facility"
    (city,) = read("Shells hit Zaporizhzhia on Friday, and a power plant.")
    assert city.place is not None and city.place.feature == "settlement"


def test_region_and_city_of_one_name() -> None:
    by_text = {r.mention.text: r for r in read("Fighting spread through the Luhansk and Donetsk regions.")}
    assert {r.place.feature for r in by_text.values() if r.place} == {"region"}
    (city,) = read("He was born in the city of Luhansk.")
    assert city.place is not None and city.place.feature == "settlement"


def test_scores_rivals_and_reasons_are_kept() -> None:
    (resolution,) = [
        r for r in read("Snow fell in Springfield, Illinois.") if r.mention.text == "Springfield"
    ]
    assert resolution.place is not None and resolution.place.admin1 == "Illinois"
    assert 0 < resolution.score <= 1
    assert len(resolution.rivals) >= 2
    assert all(a.score >= b.score for a, b in zip(resolution.rivals, resolution.rivals[1:], strict=False))
    assert "Illinois" in resolution.reason


def test_an_unknown_name_is_unresolved_and_says_so() -> None:
    parsed = language.parse(Document("a", "He lives in Qwxzvania."))
    from mapper.types import Mention

    mention = Mention("m1", 12, 21, "Qwxzvania", "settlement")
    (resolution,) = resolve(parsed, [mention], (), gazetteer())
    assert resolution.place is None
    assert resolution.reason


def test_a_garbled_name_goes_to_the_place_near_its_neighbours() -> None:
    text = "Shells hit Vuhledar and Marinka. Shelling of Avdeyefka went on all night in Donetsk region."
    by_text = {r.mention.text: r for r in read(text)}
    place = by_text["Avdeyefka"].place
    assert place is not None
    assert abs(place.lat - 48.14) < 0.1 and abs(place.lon - 37.74) < 0.1


def test_pins_win() -> None:
    text = "Rain fell in Paris and in Oldburyville."
    resolutions = {
        r.mention.text: r
        for r in read(
            text,
            Pin(surface="Paris", point=(33.66, -95.55), name="Paris, Texas", line=1),
            Pin(surface="Oldburyville", point=(10.0, 20.0), line=2),
        )
    }
    assert resolutions["Paris"].match == "pin"
    assert resolutions["Paris"].place is not None and resolutions["Paris"].place.lat == 33.66
    assert resolutions["Oldburyville"].place is not None and resolutions["Oldburyville"].place.lon == 20.0
    assert "Paris" not in {r.mention.text for r in read(text, Pin(surface="Paris", not_a_place=True))}


def test_a_pin_by_place_id_and_span() -> None:
    text = "Rain fell in Paris."
    (before,) = read(text)
    assert before.place is not None
    other = before.rivals[0].place
    (after,) = read(text, Pin(document="text", start=13, end=18, place=other.id))
    assert after.place == other
    assert after.score == 1.0


def test_the_same_text_gives_the_same_answer() -> None:
    text = "Troops moved from Izyum toward Sloviansk; officials in Kyiv and Kharkiv confirmed it."
    assert read(text) == read(text)


def test_nothing_in_nothing_out() -> None:
    parsed = language.parse(Document("a", ""))
    assert mentions.find(parsed, gazetteer()) == ()
    assert resolve(parsed, (), (), gazetteer()) == ()


def test_a_world_city_that_bears_the_name_as_a_second_one_dwarfs_no_town() -> None:
    text = "Rebels ambushed a truck on the Mambasa-Komanda road (Irumu, Ituri), local officials said."
    assert {r.mention.text: r.place and r.place.country for r in read(text)}["Mambasa"] == "CD"


def test_what_only_sounds_alike_lies_where_the_text_puts_it_and_is_what_it_asks_for() -> None:
    text = "A bomb went off at a cafe in Agouza neighborhood, Giza, Egypt. "
    found = {r.mention.text: r.place for r in read(text + "Rockets fell near Zormak base in Bashiqa.")}
    assert found.get("Agouza") is None
    assert found.get("Zormak") is None
