"""How many were killed or injured, by the words that say it."""

from __future__ import annotations

import pytest
from events_helper import read


@pytest.mark.parametrize(
    ("text", "kind", "killed"),
    [
        ("A rocket killed two women and three children in [Orikhiv|UA].", "missile_strike", 5),
        ("A man and his two daughters were killed in a strike on [Sumy|UA].", "missile_strike", 3),
        ("An airstrike in [Saada|YE] killed a father, a mother and their four children.", "air_strike", 6),
        ("Shelling of [Nikopol|UA] killed an elderly couple and wounded four others.", "shelling", 2),
        ("Four soldiers and 11 militants were killed in clashes in [Bannu|PK].", "clash", 15),
        ("The bombing in [Quetta|PK] claimed the lives of 14 people.", "air_strike", 14),
        ("Eleven people lost their lives in an air strike on [Adwa|ET].", "air_strike", 11),
        ("The death toll from the strike in [Dnipro|UA] rose from 40 to 46.", "missile_strike", 46),
        ("Gunmen shot dead five farmers in [Zurmi|NG].", "civilian_attack", 5),
        ("Militants gunned down seven labourers in [Gwadar|PK].", "civilian_attack", 7),
        ("Fighters beheaded some 70 villagers in a church in [Mangina|CD].", "civilian_attack", 70),
        ("Shelling of [Izium|UA] killed one civilian, and another died in hospital.", "shelling", 2),
        ("No one was killed when a drone crashed into a tower in [Kazan|RU].", "drone_strike", 0),
        ("The brigade lost 107 soldiers near [Avdiivka|UA].", "clash", 107),
        ("The raid on [Yelwata|NG] killed 20 people and 40 cows.", "civilian_attack", 20),
        ("An attack in [Djibo|BF] killed three people, two women and a child.", "civilian_attack", 3),
        ("Shelling in [Toretsk|UA] killed two people and 15 others were injured.", "shelling", 2),
    ],
)
def test_the_dead_of_a_sentence_are_added_up(text, kind, killed):
    events, _, _ = read(text, "2024-06-15")
    assert events[0].type == kind
    count = events[0].casualties.killed
    assert count is not None and count.best == killed


def test_who_loses_soldiers_did_not_kill_them():
    events, _, _ = read("The Ukrainian brigade lost 30 soldiers near [Avdiivka|UA].", "2024-06-15")
    assert events[0].initiator is None
    assert events[0].target is not None and "soldiers" in events[0].target.text


def test_people_who_died_elsewhere_died_of_the_strikes_told_before():
    text = "Rockets hit a house in [Tyre|LB] on Monday. Three journalists died sleeping in [Hasbaya|LB]."
    events, _, _ = read(text, "2024-06-15")
    assert [e.type for e in events] == ["missile_strike", "missile_strike"]
    assert events[1].casualties.killed is not None and events[1].casualties.killed.best == 3


def test_the_day_before_counts_from_the_day_that_was_told():
    text = "Rebels walked into [Bukavu|CD] on 14 February. [Kavumu|CD] had fallen to M23 the day before."
    events, _, _ = read(text, "2025-02-16")
    assert [e.when.start for e in events if e.when] == ["2025-02-14", "2025-02-13"]
    assert events[1].initiator is not None and events[1].initiator.side == "M23"


def test_who_stands_behind_a_group_is_neither_its_side_nor_a_place():
    text = "[Rwanda|country|RW]-backed M23 fighters have entered [Bukavu|CD]."
    events, places, _ = read(text, "2025-02-16")
    assert [e.initiator.side for e in events if e.initiator] == ["M23"]
    assert {p.mention for e in events for p in e.places} == {places[1].mention.id}
