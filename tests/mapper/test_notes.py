"""Short notes, as analysts and captions write them: from the text to the pin."""

from __future__ import annotations

import pytest

from gazetteer.distance import great_circle_m
from gazetteer.store import Gazetteer
from mapper.pipeline import analyse
from mapper.types import Analysis, Document


def read(text: str, gazetteer: Gazetteer) -> Analysis:
    return analyse(Document("n", text), gazetteer)


NOTES = [
    # the type, where it was, and how near the pin must be (km)
    (
        "A destroyed T-72 on the road into Irpin, northwest of Kyiv.",
        "infrastructure_damage",
        (50.52, 30.25),
        10,
    ),
    ("Rubble of a school in Saltivka, a district of Kharkiv.", "infrastructure_damage", (50.03, 36.33), 10),
    ("Assailants opened fire on a checkpoint in Kirkuk, Iraq.", "clash", (35.47, 44.39), 15),
    ("Houses hit by shelling in Siversk.", "shelling", (48.87, 38.10), 10),
    (
        "The bridge over the Siverskyi Donets in Lysychansk was destroyed.",
        "infrastructure_damage",
        (48.92, 38.43),
        15,
    ),
    (
        "Militants ambushed a truck on the road between Deir ez Zor and Palmyra near Al Mayadin, Syria.",
        "clash",
        (35.02, 40.45),
        15,
    ),
    (
        "Militants fired anti-tank missiles at a post in Naqoura, Lebanon.",
        "missile_strike",
        (33.12, 35.14),
        10,
    ),
    ("A glide bomb attack on the town of Kupiansk wounded four.", "air_strike", (49.71, 37.62), 10),
    ("A column of tanks was seen moving from Belgorod towards Kharkiv.", "deployment", (49.99, 36.23), 25),
]


@pytest.mark.parametrize(("text", "kind", "point", "km"), NOTES)
def test_a_note_has_its_event_at_its_place(
    gazetteer: Gazetteer, text: str, kind: str, point: tuple[float, float], km: float
) -> None:
    event = read(text, gazetteer).events[0]
    assert event.type == kind
    spots = [s for s in event.locations if s.role in ("target", "destination")]
    assert spots and float(great_circle_m(*point, spots[0].lat, spots[0].lon)) < km * 1000


def test_a_long_report_does_not_count_what_is_only_left_behind(gazetteer: Gazetteer) -> None:
    text = "The rubble in Kharkiv was cleared. " + "Trams ran again. Shops opened. " * 4
    assert read(text, gazetteer).events == ()


def test_who_is_blamed_is_no_second_attack(gazetteer: Gazetteer) -> None:
    text = "Gunmen attacked a checkpoint in Kirkuk, Iraq. Sources attributed the attack to the Levant group."
    assert len(read(text, gazetteer).events) == 1


def test_a_name_is_looked_for_where_the_text_puts_it(gazetteer: Gazetteer) -> None:
    found = {
        r.mention.text: r
        for r in read("A bomb exploded near Bisham, Shangla district.", gazetteer).resolutions
    }
    place = found["Bisham"].place
    assert place is not None and place.country == "PK"


def test_a_namesake_elsewhere_is_refused_and_the_pin_goes_to_what_holds_it(gazetteer: Gazetteer) -> None:
    analysis = read("A man was killed by a sniper in Kherson's Ostriv district.", gazetteer)
    found = {r.mention.text: r for r in analysis.resolutions}
    assert found["Ostriv"].place is None and "Kherson" in found["Ostriv"].reason
    spot = analysis.events[0].locations[0]
    assert float(great_circle_m(46.64, 32.61, spot.lat, spot.lon)) < 10_000


def test_a_list_of_states_is_no_containment(gazetteer: Gazetteer) -> None:
    found = read("Storms crossed Idaho, Delaware, Vermont and Rhode Island.", gazetteer).resolutions
    assert len(found) == 4 and all(r.place is not None for r in found)


def test_a_garbled_name_that_acts_is_no_person(gazetteer: Gazetteer) -> None:
    text = (
        "Nyala fell in May. El Fashir is the only large city that the army still holds. Residents of "
        "Al-Facher said the RSF had shelled the camp for the displaced. Fighters came to Zamzam, south of "
        "El Fasheer."
    )
    analysis = read(text, gazetteer)
    found = {r.mention.text: r.place.name for r in analysis.resolutions if r.place is not None}
    assert {found.get(name) for name in ("El Fashir", "Al-Facher", "El Fasheer")} == {"El Fasher"}
    assert "evacuation" not in {event.type for event in analysis.events}


def test_a_heading_does_not_speak(gazetteer: Gazetteer) -> None:
    text = (
        "Shops opened in Kassala.\n\nColumns of smoke\n\nThe Sudanese army said it struck a depot in Melit."
    )
    speakers = {claim.speaker for event in read(text, gazetteer).events for claim in event.claims}
    assert speakers and not any("smoke" in speaker for speaker in speakers)


def test_the_wounded_and_the_dead_of_one_sentence_belong_together(gazetteer: Gazetteer) -> None:
    text = "Troops entered Bahri. Three were killed and 12 wounded when shells fell on a market in Karari."
    tolls = [
        e.casualties for e in read(text, gazetteer).events if e.casualties.killed or e.casualties.injured
    ]
    assert len(tolls) == 1 and tolls[0].killed.best == 3 and tolls[0].injured.best == 12
