"""What a reader of an analysis would notice: who, where, when, whether, and who says so."""

from __future__ import annotations

from datetime import date

import pytest
from events_helper import read, where
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.events import codes, times
from mapper.events.lexicon import inflections, lexicon


def test_two_sides_that_contradict_make_one_disputed_event():
    text = (
        "A missile struck the town of [Tokmak|UA] on Monday, the Russian Defence Ministry said. "
        "Ukrainian officials denied the report."
    )
    events, places, _ = read(text, "2023-05-16")
    assert [e.type for e in events] == ["missile_strike"]
    assert where(events[0], places) == ["Tokmak"]
    assert events[0].status == "disputed"
    assert {(c.side, c.stance) for c in events[0].claims} == {("Russia", "asserts"), ("Ukraine", "denies")}


def test_a_launch_keeps_its_origin_its_targets_and_the_way_home():
    text = (
        "Four Tu-95MS bombers fired 8 Kh-101 cruise missiles from the air above [Engels district|region|RU]. "
        "Then they returned to [Olenya air base|facility|RU]. The strike hit [Poltava|UA] and [Lutsk|UA]."
    )
    events, places, _ = read(text, "2023-05-16")
    assert [e.type for e in events] == ["launch", "missile_strike"]
    assert where(events[1], places, "target") == ["Poltava", "Lutsk"]
    assert where(events[0], places, "launch") == ["Engels district"]
    assert where(events[0], places, "return") == ["Olenya air base"]
    assert where(events[0], places, "target") == ["Poltava", "Lutsk"]
    assert (8, "missile") in {(w.count, w.cls) for w in events[0].weapons}


def test_a_movement_has_its_own_length():
    events, places, _ = read("The army advanced 3 km as it approached [Soledar|UA].", "2023-05-16")
    assert events[0].type == "advance"
    assert where(events[0], places, "destination") == ["Soledar"]
    assert events[0].movement is not None
    assert events[0].movement.distance_m == 3000


def test_definite_words_refer_back():
    text = "[Izium|UA] was quiet. Then Russian artillery shelled the city. Two shells hit the city again."
    events, places, _ = read(text, "2023-05-16")
    assert {name for e in events for name in where(e, places)} == {"Izium"}


def test_an_event_at_an_unknown_place_goes_to_what_holds_it():
    events, places, _ = read(
        "Gunmen shot dead three people in [Kolmane|unknown] village ([Dori|BF], [Sahel|region|BF])."
    )
    assert "Dori" in where(events[0], places)
    assert "Sahel" not in where(events[0], places)


def test_a_place_far_from_what_it_is_said_to_be_near_gives_way_to_it():
    near, places, _ = read("Rebels attacked [Arish|XA] area, 15 km east of [Taiz|YE].")
    assert where(near[0], places) == ["Taiz"]
    assert near[0].places[0].expression is not None
    kept, places, _ = read("Rebels attacked [Arish|YE] area, 15 km east of [Taiz|YE].")
    assert where(kept[0], places) == ["Arish"]


def test_brackets_tell_where_a_name_lies_and_overrule_a_namesake_abroad():
    events, places, _ = read("Militants raided [Palma|ES] ([Nangade|MZ], [Cabo Delgado|region|MZ]).")
    assert where(events[0], places) == ["Nangade"]


def test_the_names_of_a_list_stay_together():
    events, places, _ = read(
        "Artillery hit troops near [Kreminna|UA], [Yampil|UA] ([Donetsk|region|UA]) and [Dibrova|UA]."
    )
    assert where(events[0], places) == ["Kreminna", "Yampil", "Dibrova"]


def test_a_russian_report_calls_ukraine_the_enemy():
    text = (
        "The armed forces continue the special military operation. "
        "Artillery of the Vostok Group of Forces hit enemy troops near [Uroshaine|UA]."
    )
    events, _, _ = read(text)
    assert events[0].initiator is not None and events[0].initiator.side == "Russia"


def test_no_sentence_crosses_a_blank_line():
    text = "Russian forces attacked [Avdiivka|UA] and [Marinka|UA]\n\nauthorities in [Kerch|UA] said nothing."
    events, places, _ = read(text)
    assert [where(e, places) for e in events] == [["Avdiivka", "Marinka"]]


@pytest.mark.parametrize(
    ("words", "killed"),
    [
        ("killing at least 3 people", (3, 3, None)),
        ("killing up to 80 fighters", (None, 80, 80)),
        ("killing dozens of people", (24, None, None)),
        ("killing 5 to 7 people", (5, None, 7)),
        ("killing twenty-one people", (21, 21, 21)),
        ("killing 99,999,999 people", None),
    ],
)
def test_casualties_keep_their_bounds(words, killed):
    events, _, _ = read(
        f"A missile hit the town of [Lviv|UA] and {words.replace('killing', 'killed')}, as the mayor said.",
        "2023-05-16",
    )
    count = events[0].casualties.killed
    assert (None if count is None else (count.low, count.best, count.high)) == killed


def test_unknown_casualties_are_not_zero():
    events, _, _ = read("Russian forces shelled [Lviv|UA]. Casualties unknown.", "2023-05-16")
    assert events[0].casualties.killed is None
    assert events[0].casualties.injured is None


def test_without_a_date_relative_times_stay_words():
    events, _, _ = read("A missile hit [Lviv|UA] on Saturday.")
    assert events[0].when is not None
    assert (events[0].when.start, events[0].when.text) == (None, "on Saturday")


def test_the_enemy_is_the_foe_of_who_speaks():
    events, _, _ = read("The enemy shelled [Sumy|UA], the Ukrainian General Staff said.", "2023-05-16")
    assert events[0].initiator is not None
    assert events[0].initiator.side == "Russia"


@pytest.mark.parametrize(
    ("text", "start", "precision"),
    [
        ("on 3 March 2022", "2022-03-03", "day"),
        ("on Friday", "2023-05-12", "day"),
        ("yesterday", "2023-05-15", "day"),
        ("in the past 24 hours", "2023-05-15", "range"),
        ("last week", "2023-05-08", "range"),
        ("in March 2022", "2022-03-01", "month"),
        ("on 16 May at 04:30 UTC", "2023-05-16T04:30+00:00", "minute"),
        ("on 31 February", None, None),
    ],
)
def test_times(text, start, precision):
    found = times.find(text, 0, date(2023, 5, 16))
    assert [(t.when.start, t.when.precision) for t in found] == ([(start, precision)] if start else [])


def test_every_type_has_codes():
    events, _, _ = read("Israeli warplanes bombed [Tyre|LB].", "2023-05-16")
    assert codes.acled(events[0]) == ("Explosions/Remote violence", "Air/drone strike")
    assert codes.plover(events[0])[0] == "ASSAULT"
    named = set(lexicon().types) - {"strike", "casualty", "return"}
    assert named <= set(codes._codes())


def test_forms_of_a_verb():
    assert {"seize", "seized", "seizing", "seizes"} <= inflections("seize", {})


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="ab [].,'\"\n-5kmÜ“”struck shelled 2022 on in", max_size=200))
def test_any_text_is_read_without_a_crash_and_spans_slice_it(text):
    events, _, parsed = read(text.replace("[", "").replace("]", ""), "2023-05-16")
    for event in events:
        assert parsed.document.text[event.start : event.end] == event.quote


@pytest.mark.parametrize(
    ("marked", "kind", "place"),
    [
        ("Rebels are winning. [Namtu|MM], the old mining town, fell on Sunday.", "capture", "Namtu"),
        ("Artillery of the army fell on a school in [Namtu|MM].", "shelling", "Namtu"),
        ("[Agdara|AZ] received four hundred shells in one night.", "shelling", "Agdara"),
        ("Shooting was heard at [Hlaingbwe|MM] all night.", "clash", "Hlaingbwe"),
        ("Soldiers abandoned nine bases near [Monekoe|MM].", "withdrawal", "Monekoe"),
        ("They had taken [Agdara|AZ] earlier this month.", "capture", "Agdara"),
        ("The army pushed the rebels back two kilometres near [Hpasawng|MM].", "advance", "Hpasawng"),
        ("Fighters control most of [Demoso|MM].", "capture", "Demoso"),
        ("[Agdara|AZ] was shelled with rockets. A clinic was hit too.", "shelling", "Agdara"),
        (
            "Some 30 strikes were counted in [Izium|UA], which was left without power.",
            "missile_strike",
            "Izium",
        ),
        ("Gunmen blocked roads and killed two people in [Tepic|MX].", "civilian_attack", "Tepic"),
        ("Armed men fired at a village near [Tamei|IN] on Sunday.", "civilian_attack", "Tamei"),
        ("A cloudburst washed away a bridge in [Manali|IN].", "flood", "Manali"),
        ("Rebels swept into [Bassin|SY] on Friday night.", "advance", "Bassin"),
        ("Gunfire rang out near the prison in [Delmas|HT].", "clash", "Delmas"),
        ("Two buses were hijacked in [Delmas|HT].", "detention", "Delmas"),
        ("Another raid hit a textile factory in [Adwa|ET].", "air_strike", "Adwa"),
        ("Pirates seized three sailors off [Brass|NG].", "detention", "Brass"),
        ("An air force strike hit a wedding in [Zurmi|NG].", "air_strike", "Zurmi"),
        ("Soldiers backed by a jet later raided camps in [Damboa|NG].", "ground_assault", "Damboa"),
        ("Truckers marched in [Pasto|CO] on Monday.", "protest", "Pasto"),
        ("Flames destroyed houses in [Mandra|GR].", "fire", "Mandra"),
    ],
)
def test_how_plain_words_put_it(marked, kind, place):
    events, places, _ = read(marked)
    assert (kind, [place]) in [(e.type, where(e, places)) for e in events]


def test_an_attack_in_a_town_of_its_own_is_an_event_of_its_own():
    events, places, _ = read(
        "Jets bombed [Tyre|LB] at noon. In [Zahle|LB], two people died in an attack on a car."
    )
    assert [where(e, places) for e in events] == [["Tyre"], ["Zahle"]]


def test_a_name_that_nobody_knows_is_not_put_at_the_place_told_before():
    text = (
        "Rebels captured [Paung|MM], people said on Monday. The town is empty. Smoke was seen. Police left. "
    )
    events, places, _ = read(text + "The navy shelled Kyauktoh from the sea.")
    assert [(e.type, where(e, places)) for e in events if e.type == "shelling"] in ([], [("shelling", [])])


def test_a_war_that_enters_its_third_week_advances_nowhere():
    events, _, _ = read(
        "Two people were killed near [Tepic|MX] as the war of the gangs entered its third week."
    )
    assert [e.type for e in events] == ["civilian_attack"]


def test_the_same_district_is_that_of_the_town_told_before():
    text = (
        "Police in [Manipur|region|IN] said that rebels burned a house in [Tamei|IN]. "
        "A soldier was killed in an ambush in the same district."
    )
    events, places, _ = read(text)
    assert where(events[-1], places) == ["Tamei"]


def test_coordinated_clauses_keep_their_dead_and_their_weapons_apart():
    text = (
        "A sniper killed a child in [Taiz|YE], medics said, and a mine exploded under a bus near [Mocha|YE]."
    )
    events, places, _ = read(text)
    assert [(e.type, where(e, places)) for e in events] == [
        ("civilian_attack", ["Taiz"]),
        ("explosion", ["Mocha"]),
    ]


def test_two_deeds_with_a_thing_of_their_own_are_two_events():
    text = "Militants blew up the track in [Mach|PK] on Tuesday and fired rockets at a train in [Sibi|PK]."
    events, places, _ = read(text)
    assert ("explosion", ["Mach"]) in [(e.type, where(e, places)) for e in events]


def test_strikes_told_after_planes_are_air_strikes_elsewhere():
    text = (
        "Warplanes hit a radar in [Salif|YE], said the channel, which also reported four raids on [Bajil|YE]."
    )
    events, places, _ = read(text)
    assert [(e.type, where(e, places)) for e in events] == [
        ("air_strike", ["Salif"]),
        ("air_strike", ["Bajil"]),
    ]


def test_what_was_burned_elsewhere_is_not_what_the_bomb_did():
    text = "A car bomb went off in [Jamundi|CO] on Sunday, and rebels burned two trucks near [Caloto|CO]."
    events, places, _ = read(text)
    assert [(e.type, where(e, places)) for e in events] == [
        ("explosion", ["Jamundi"]),
        ("infrastructure_damage", ["Caloto"]),
    ]


def test_a_wildfire_that_advances_is_no_army():
    events, _, _ = read("Firefighters fought a wildfire advancing on [Nea Makri|GR] on Thursday.")
    assert "advance" not in [e.type for e in events]


def test_one_doer_two_deeds_two_towns():
    events, places, _ = read("The RSF looted the market of [Nyala|SD] and shelled [Zalingei|SD].")
    assert [(e.type, where(e, places)) for e in events] == [
        ("infrastructure_damage", ["Nyala"]),
        ("shelling", ["Zalingei"]),
    ]
