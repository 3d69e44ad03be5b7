"""Codes of other schemes, and how exact a place is in their scales."""

from __future__ import annotations

import pytest
from events_helper import read

from gazetteer.place import Place
from mapper.events import codes
from mapper.types import Event, Location, Mention, Resolution, SpatialExpression

# The sub-event types of ACLED's codebook, by event type, and the events and modes of PLOVER.
ACLED = {
    "Battles": {"Armed clash", "Government regains territory", "Non-state actor overtakes territory"},
    "Violence against civilians": {"Sexual violence", "Attack", "Abduction/forced disappearance"},
    "Explosions/Remote violence": {
        "Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED", "Grenade",
    },
    "Riots": {"Violent demonstration", "Mob violence"},
    "Protests": {"Peaceful protest", "Protest with intervention", "Excessive force against protesters"},
    "Strategic developments": {
        "Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use",
        "Headquarters or base established", "Looting/property destruction",
        "Non-violent transfer of territory", "Other",
    },
}  # fmt: skip
PLOVER = {
    "ASSAULT": {
        "", "unconventional", "suicide-attack", "aerial", "drone", "heavy-weapons", "firearms", "explosives",
        "abduct", "torture", "sexual", "destroy", "primitive", "beat", "crowd-control",
    },
    "COERCE": {"seize", "restrict", "arrest", "deport", "curfew", "martial-law"},
    "MOBILIZE": {"", "troops", "weapons", "police", "militia"},
    "RETREAT": {"withdraw", "release", "return", "disarm", "ceasefire", "access"},
    "PROTEST": {"demo", "riot", "strike", "hunger", "boycott", "obstruct"},
    "": {""},
}  # fmt: skip


def test_every_code_is_one_of_the_scheme():
    for kind, row in codes._codes().items():
        pairs = [v for k, v in row.items() if k.startswith("acled")] + list(row.get("words", {}).values())
        for first, second in pairs:
            assert (first, second) == ("", "") or second in ACLED[first], (kind, first, second)
        modes = [(row["plover"], row.get("plover_mode", ""))]
        modes += [tuple(v) for k, v in row.items() if k in ("plover_nonstate", "plover_violent")]
        for event, mode in modes:
            assert mode in PLOVER[event], (kind, event, mode)


@pytest.mark.parametrize(
    ("text", "acled", "plover"),
    [
        ("M23 rebels seized [Sake|CD].", "Non-state actor overtakes territory", ("COERCE", "seize")),
        ("Ukrainian marines liberated [Robotyne|UA].", "Government regains territory", ("COERCE", "seize")),
        ("Police arrested four men in [Gao|ML].", "Arrests", ("COERCE", "arrest")),
        ("JNIM abducted four men in [Gao|ML].", "Abduction/forced disappearance", ("ASSAULT", "abduct")),
        ("A suicide bomber blew himself up in [Kabul|AF].", "Suicide bomb", ("ASSAULT", "explosives")),
        ("Israeli warplanes bombed [Tyre|LB].", "Air/drone strike", ("ASSAULT", "aerial")),
        ("Floods killed 30 people in [Garissa|KE].", "", ("", "")),
    ],
)  # fmt: skip
def test_codes_follow_the_words_and_the_initiator(text, acled, plover):
    events, _, _ = read(text, "2024-05-14")
    assert codes.acled(events[0])[1] == acled
    assert codes.plover(events[0]) == plover


@pytest.mark.parametrize(
    ("feature", "relation", "radius_m", "acled", "ucdp"),
    [
        ("settlement", "at", 3_000, 1, 1),
        ("settlement", "near", 12_000, 2, 2),
        ("district", "at", 25_000, 2, 3),
        ("region", "at", 120_000, 3, 4),
        ("country", "at", 600_000, 3, 6),
        ("water", "at", 40_000, 2, 7),
    ],
)
def test_precision_follows_from_what_the_place_is(feature, relation, radius_m, acled, ucdp):
    mention = Mention("m1", 0, 4, "Name", "other")
    place = Place("test:1", "Name", 10.0, 20.0, radius_m, feature)
    expression = SpatialExpression(relation, 0, 4, "Name", ("m1",))
    point = {"type": "Point", "coordinates": [20.0, 10.0]}
    location = Location("target", "m1", expression, 10.0, 20.0, radius_m, point, "")
    event = Event("e1", "shelling", 0, 4, "Name", (0, 4), locations=(location,))
    found = [Resolution(mention, place, "exact", 1.0)]
    assert (codes.geo_precision(event, found), codes.where_prec(event, found)) == (acled, ucdp)
