"""Which places a name may mean: groups of mentions, and their candidates from the gazetteer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gazetteer.names import fold
from gazetteer.place import Candidate, Place
from mapper import hearing
from mapper.likeness import likeness
from mapper.resolve_table import Group, may_contain
from mapper.types import Mention

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

LatLon = tuple[float, float]
Key = tuple[str, tuple[str, ...], bool]
"""What mentions of one meaning share: the name, what is asked, and whether the text puts a place inside."""
FINE = frozenset({"settlement", "facility", "other"})
"""Kinds of mentions that lie in a region rather than hold one."""
MOST = 40
"""Candidates that are weighed for one name."""
ROUND_M = 150_000.0
"""How far round their neighbours in the text namesakes are looked for, in metres."""
ADJECTIVAL = ("skaya", "skoye", "skyi", "skyy", "skiy", "skoi", "ska", "ske", "sky", "ski")
"""Endings of Slavic adjectives in Latin letters."""
MOST_SOUNDED = 40
"""Names of one document for which places that sound alike are looked up."""
SIMILAR = 0.76
"""The least similarity of a name by sound."""
NEAR_DEG, ABOUT_DEG, ALIKE = 1.0, 4.0, 0.9
"""A candidate so near a neighbour in the text, and so alike, spares a search round the neighbour."""
GARBLED, GARBLED_LEAST = 0.2, 4
"""So great a share of a text's names, and so many, that only sound like places: the text is garbled."""
SOUNDS = 0.3
"""How much a name that only sounds like a place tells of the country of a text, beside one spelt so."""
SEAT = 50_000
"""Least population of a city that shares the names of its region."""
BUILT_M = 80_000.0
"""How far from a town what bears its name is built, in metres."""
WELL_KNOWN = 100_000
"""Population from which a place outside the focus is believed without a look at names that sound alike."""


def group(mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Group]:
    """Put mentions with one meaning together: alike in name, in what is asked, and in holding others or not.

    "Makiivka in Donetsk ... in Donetsk": the first Donetsk holds a town, and may be the region.
    """
    found: dict[Key, Group] = {}
    key_of: dict[str, Key] = {}
    holders = {m.inside for m in mentions if m.inside and m.kind in FINE}
    usual = _usual_asked(mentions)
    for mention in mentions:
        if mention.point is not None:
            continue
        name = mention.query or mention.text
        folded = fold(name)
        key = folded, mention.asked or usual.get(folded, ()), mention.id in holders
        key_of[mention.id] = key
        entry = found.get(key)
        if entry is None:
            found[key] = Group(name, [mention], asked=key[1])
        else:
            entry.mentions.append(mention)
    groups = list(found.values())
    index = {key: i for i, key in enumerate(found)}
    for i, entry in enumerate(groups):
        for mention in entry.mentions:
            outer = index.get(key_of.get(mention.inside or "", ("", (), False)))
            if outer is not None and outer != i:
                entry.inside.add(outer)
        entry.candidates = _lookup(entry, gazetteer)
    return groups


def _usual_asked(mentions: Sequence[Mention]) -> dict[str, tuple[str, ...]]:
    """Give what is asked of a name by its kind words, when all of its kind words agree.

    "The village of Hope ... in Hope": the second means the village as well. A region is not spread: "the
    Kharkiv region ... in Kharkiv" are two places.
    """
    asked: dict[str, set[tuple[str, ...]]] = {}
    for mention in mentions:
        if mention.asked:
            asked.setdefault(fold(mention.query or mention.text), set()).add(mention.asked)
    spread = ("settlement", "river", "facility", "airport", "water")
    return {
        name: next(iter(kinds))
        for name, kinds in asked.items()
        if len(kinds) == 1 and next(iter(kinds))[0] in spread
    }


def _lookup(entry: Group, gazetteer: Gazetteer) -> list[Candidate]:
    found = gazetteer.lookup(entry.name)
    if not entry.name.isupper():
        found = [c for c in found if c.kind != "code"]  # "Gao" is no airport's code
    found = found + _twins(found, gazetteer)
    if len(found) <= MOST:
        return found
    wanted = [c for c in found[MOST // 2 :] if c.place.feature in entry.asked]
    kept = {id(c) for c in (*found[: MOST // 2], *wanted[: MOST // 2])}
    for candidate in found:
        if len(kept) == MOST:
            break
        kept.add(id(candidate))
    return [c for c in found if id(c) in kept]


def _twins(found: Sequence[Candidate], gazetteer: Gazetteer) -> list[Candidate]:
    """Give the cities whose regions were found by a name that the gazetteer knows for the region alone."""
    regions = [c for c in found[:3] if c.place.feature == "region" and c.match == "alternate"]
    known = {c.place.id for c in found}
    return [
        replace(twin, name=c.name, kind=c.kind, match=c.match, similarity=c.similarity)
        for c in regions
        if c.kind != "demonym"
        for twin in gazetteer.lookup(c.place.name)[:10]
        if twin.place.feature == "settlement" and twin.place.id not in known
        and twin.place.admin1_code == c.place.admin1_code and twin.place.population >= SEAT
    ]  # fmt: skip


def widen(
    groups: Sequence[Group],
    best: Sequence[Candidate | None],
    gazetteer: Gazetteer,
    near: Sequence[Sequence[LatLon]],
    theatres: Sequence[str] = (),
) -> bool:
    """Add candidates of the focus to the groups that have none there; True when any were added.

    Parameters
    ----------
    groups
        All groups of the document.
    best
        The likeliest candidate of each group so far.
    near
        For each group the points (lat, lon) of its neighbours in the text, the nearest first.
    theatres
        The countries where the text plays when its names do not tell.
    """
    shares, names = _shares(groups, best), [fold(entry.name) for entry in groups]
    odd = sum(any(m.heard for m in entry.mentions) for entry in groups)
    garbled = odd >= GARBLED_LEAST and odd >= GARBLED * len(groups)
    added = False
    sounded = 0
    for i, entry in enumerate(groups):
        top = best[i]
        # a name repeated is no evidence for itself
        strange = [share for share, name in zip(shares, names, strict=True) if name != names[i]]
        focus = _focus(strange) or list(theatres[:2])
        if not focus:
            continue
        if len(entry.candidates) >= MOST:
            added |= _add_homonyms(entry, near[i], focus, gazetteer)
        outer = [c for c in (best[g] for g in sorted(entry.inside)) if c is not None]
        outside = bool(outer) and top is not None and all(not may_contain(c.place, top.place) for c in outer)
        if sounded >= MOST_SOUNDED or not (outside or _needs_sound(entry, top, focus, near[i], garbled)):
            continue
        sounded += 1
        entry.sounded = True
        countries = [c.place.country for c in outer if c.place.country] + focus[:2]
        added |= _add_sounds(entry, list(dict.fromkeys(countries)), near[i], gazetteer)
    for entry in groups:
        added |= _add_built(entry, gazetteer)
    return added


def _shares(groups: Sequence[Group], best: Sequence[Candidate | None]) -> list[tuple[str, float]]:
    """Give which country each name speaks for, and how much: one that fits as it stands, most.

    What recognition heard counts too: in a garbled text the names that fit may all be namesakes elsewhere.
    """
    shares = []
    for entry, candidate in zip(groups, best, strict=True):
        heard = next((m.heard[0] for m in entry.mentions if m.heard), None)
        if candidate is not None:
            spelt = candidate.match in ("exact", "folded", "alternate")
            shares.append((candidate.place.country, entry.weight * (1.0 if spelt else SOUNDS)))
        elif heard is not None:
            shares.append((heard.place.country, entry.weight * SOUNDS))
        else:
            shares.append(("", 0.0))
    return shares


def _focus(shares: Sequence[tuple[str, float]]) -> list[str]:
    """Give the countries that at least a sixth of the names speak for, most first."""
    countries: Counter[str] = Counter()
    for country, share in shares:
        if country and share:
            countries[country] += round(1000 * share)
    total = sum(countries.values())
    return [country for country, n in countries.most_common(4) if n * 6 >= total]


def _needs_sound(
    entry: Group, top: Candidate | None, focus: Sequence[str], near: Sequence[LatLon], garbled: bool
) -> bool:
    if len(fold(entry.name)) < 3 or (entry.asked == ("road",) and " " in entry.name):
        return False  # a street's name ("Main Street") says nothing of a town that sounds alike
    if top is None:
        return True
    place = top.place
    if top.kind == "demonym":
        return entry.mentions[0].kind != "demonym" and place.country not in focus
    if place.feature in ("country", "continent"):
        return False
    if entry.asked and place.feature not in entry.asked:
        return True
    if place.feature in ("region", "water", "area") or _beside(place, near):
        return False
    # in a garbled text a second name of a city abroad is likely a first name of a place at home, misspelt
    known = place.population >= WELL_KNOWN and not (garbled and top.match == "alternate")
    stray = garbled and bool(near) and not _beside(place, near, ABOUT_DEG)
    return (stray or place.country not in focus) and not known


def _beside(place: Place, near: Sequence[LatLon], reach: float = NEAR_DEG) -> bool:
    """Whether a place lies close to a neighbour in the text, be it across a border; ``reach`` in degrees."""
    east = math.cos(math.radians(place.lat))
    return any(math.hypot(place.lat - lat, (place.lon - lon) * east) < reach for lat, lon in near)


def _add_built(entry: Group, gazetteer: Gazetteer) -> bool:
    """Add the plant, dam or base that bears the name of a town near it: "the Kakhovka dam", misspelt too."""
    known = {c.place.id: c.place for c in entry.candidates}
    towns = [place for place in known.values() if place.feature == "settlement"]
    if entry.asked[:1] != ("facility",) or not towns or any(p.feature == "facility" for p in known.values()):
        return False
    town = max(towns, key=lambda place: (place.population, place.id))
    said = {word for mention in entry.mentions for word in mention.built}
    found: list[tuple[int, Candidate]] = []
    for place, _ in gazetteer.near(town.lat, town.lon, BUILT_M, ("facility",), MOST):
        first = " ".join(place.name.split()[: len(town.name.split())])
        if likeness(town.name, first) >= ALIKE:
            fitting = len(said.intersection(fold(place.name).split()))
            found.append((fitting, Candidate(place, first, "alternate", "phonetic", ALIKE)))
    most = max((fitting for fitting, _ in found), default=0)
    entry.candidates += [candidate for fitting, candidate in found if fitting == most > 0]
    return len(entry.candidates) > len(known)


def _add_homonyms(entry: Group, near: Sequence[LatLon], focus: Sequence[str], gazetteer: Gazetteer) -> bool:
    """Add namesakes near the neighbours in the text, or in its countries, that the cut had left out."""
    known = {c.place.id for c in entry.candidates}
    before = len(known)
    countries = {c.place.country for c in entry.candidates}
    for country in focus[:2]:
        if country not in countries:
            entry.candidates += gazetteer.candidates(entry.name, country=country, sound=False, limit=4)
    known |= {c.place.id for c in entry.candidates}
    for point in near:
        for candidate in gazetteer.candidates(entry.name, near=point, radius_m=ROUND_M, sound=False, limit=4):
            if candidate.place.id not in known:
                known.add(candidate.place.id)
                entry.candidates.append(candidate)
    return len(known) > before


def _stem(entry: Group) -> str:
    """Give the name behind a Slavic adjective where a region is asked for: "Odeska oblast" -> "Ode"."""
    if not entry.asked or entry.asked[0] not in ("region", "district"):
        return ""
    for ending in ADJECTIVAL:
        if entry.name.lower().endswith(ending) and len(entry.name) >= len(ending) + 4:
            return entry.name[: -len(ending)]
    return ""


def _settled(entry: Group, heard: Sequence[Candidate], near: LatLon, about: float = ABOUT_DEG) -> bool:
    """Whether places that sound alike need not be looked for elsewhere: one is both alike and near a point.

    One that is farther away, ``about`` degrees at most, will do where the answer of its country was not full:
    no other there is as alike.
    """
    alike = [c for c in heard if likeness(entry.name, c.name) >= ALIKE]
    reach = NEAR_DEG if len(alike) >= hearing.MOST else about
    lat, lon = near
    east = math.cos(math.radians(lat))
    return any(math.hypot(c.place.lat - lat, (c.place.lon - lon) * east) < reach for c in alike)


def _add_sounds(entry: Group, countries: Sequence[str], near: Sequence[LatLon], gazetteer: Gazetteer) -> bool:
    """Add places of some countries whose names sound alike, those near the neighbours in the text too."""
    known = {c.place.id for c in entry.candidates}
    found = [candidate for mention in entry.mentions for candidate in mention.heard]
    stem = entry.stem = _stem(entry)
    for number, country in enumerate(countries):
        if number and near and _settled(entry, found, near[0], NEAR_DEG):
            break
        heard = hearing.in_country(gazetteer, entry.name, country)
        found += heard
        if entry.asked and not any(c.place.feature in entry.asked for c in heard):
            found += hearing.in_country(gazetteer, entry.name, country, entry.asked)[:4]
        if stem:
            found += hearing.in_country(gazetteer, stem, country, entry.asked)[:4]
    for lat, lon in near[:1]:
        if not _settled(entry, found, (lat, lon)):
            found += hearing.around(gazetteer, entry.name, lat, lon)
    before = len(entry.candidates)
    for candidate in found:
        alike = max(likeness(entry.name, candidate.name), likeness(stem, candidate.name) if stem else 0.0)
        if candidate.place.id not in known and alike >= SIMILAR:
            known.add(candidate.place.id)
            entry.candidates.append(candidate)
    return len(entry.candidates) > before
