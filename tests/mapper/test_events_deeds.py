"""Which deeds a text tells, and which of its words are none: daily reports and lists of incidents."""

from __future__ import annotations

import pytest
from events_helper import read, where


def _told(text: str) -> list[tuple[str, list[str]]]:
    events, places, _ = read(text, "2024-06-15")
    return [(e.type, where(e, places)) for e in events]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[Bukavu|CD] was taken by M23 rebels.", [("capture", ["Bukavu"])]),
        ("A plane fell near [Kaluga|RU] on Friday.", [("accident", ["Kaluga"])]),
        (
            "The army, which was sent to relieve [Kisangani|CD], withdrew from [Kavumu|CD].",
            [("withdrawal", ["Kavumu"])],
        ),
        ("Thousands of families crossed the border at [Rusizi|RW].", [("evacuation", ["Rusizi"])]),
        ("Soldiers fled from [Minova|CD].", [("withdrawal", ["Minova"])]),
        ("Israeli fire killed two Palestinians in [Jenin|PS].", [("civilian_attack", ["Jenin"])]),
        ("The enemy used helicopters near [Vershyna|UA].", [("air_strike", ["Vershyna"])]),
        ("[Orikhiv|UA] and [Stepove|UA] suffered from fire.", [("shelling", ["Orikhiv", "Stepove"])]),
        ("Hand grenade thrown into a bar in [Bujumbura|BI], 3 dead.", [("explosion", ["Bujumbura"])]),
        ("Protesters stormed the UN base in [Butembo|CD] and looted it.", [("protest", ["Butembo"])]),
        ("Militants attacked a gendarmerie school in [Koro|ML].", [("ground_assault", ["Koro"])]),
        (
            "The RSF downed a jet over [Kutum|SD] and captured the pilot.",
            [("interception", ["Kutum"]), ("detention", ["Kutum"])],
        ),
        (
            "The embassy of [Jordan|country|JO] in [Khartoum|SD] was ransacked.",
            [("civilian_attack", ["Khartoum"])],
        ),
        ("Up to 20 soldiers and two tanks were eliminated near [Lyman|UA].", [("clash", ["Lyman"])]),
        ("Bombs Fall on [Khartoum|SD]", [("air_strike", ["Khartoum"])]),
        ("A ferry sank off [Zanzibar|TZ]; 12 bodies were recovered.", [("accident", ["Zanzibar"])]),
        ("Barrel bombs killed a family of six in [Saraqib|SY].", [("air_strike", ["Saraqib"])]),
        (
            "Six shells fired from [Lebanon|country|LB] fell near [Nahariya|IL].",
            [("shelling", ["Nahariya", "Lebanon"])],
        ),
        (
            "A base in [Attock|PK] came under attack by gunmen with rocket-propelled grenades.",
            [("ground_assault", ["Attock"])],
        ),
        ("The presidents called for an immediate end of hostilities in [Homs|SY].", []),
        ("The firing of rockets from [Tyre|LB] continued.", [("launch", ["Tyre"])]),
        (
            "Troops repelled three attacks near [Robotyne|UA] and advanced toward [Tokmak|UA].",
            [("assault_repelled", ["Robotyne"]), ("advance", ["Tokmak"])],
        ),
        (
            "The RSF entered [Singa|SD], looted the market and detained 20 traders.",
            [("advance", ["Singa"]), ("infrastructure_damage", ["Singa"]), ("detention", ["Singa"])],
        ),
    ],
)
def test_deeds_of_a_sentence(text, told):
    assert _told(text) == told


def test_what_was_repelled_is_not_the_advance():
    events, _, _ = read(
        "Troops repelled an attack near [Orly|UA] and advanced toward [Tokmak|UA].", "2024-06-15"
    )
    assert [e.outcome for e in events] == ["repelled", "success"]


def test_a_heading_is_not_who_acts():
    text = (
        "Ukrainian Operations\n"
        "Russian forces attacked positions near [Hlyboke|UA] and [Starytsia|UA] on Friday, a spokesman of "
        "the brigade that holds the sector said in the evening, and five of its soldiers were wounded."
    )
    events, _, _ = read(text, "2024-06-15")
    assert {e.initiator.text for e in events if e.initiator} == {"Russian forces"}


def test_who_claims_to_have_done_it_did_it():
    events, _, _ = read("The RSF claimed to have shot down a jet over [Nyala|SD].", "2024-06-15")
    assert events[0].initiator is not None and events[0].initiator.side == "RSF"


def test_a_fear_is_no_attack():
    events, _, _ = read("The UN fears an attack on [El Fasher|SD].", "2024-06-15")
    assert [e.modality for e in events] == ["hypothetical"]


def test_a_way_in_daily_reports_leads_to_its_last_place():
    text = "The enemy tried to advance in the direction of [Dovhenke|UA] - [Dolyna|UA]."
    events, places, _ = read(text, "2022-07-10")
    goal = [p for p in events[0].places if p.expression is not None and p.expression.type == "toward"]
    names = {r.mention.id: r.mention.text for r in places}
    assert [names[p.mention or ""] for p in goal] == ["Dolyna"]
