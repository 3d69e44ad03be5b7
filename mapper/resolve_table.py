"""The candidates of all names of one document as arrays, so that every name can look at every other.

A *group* is one name with one meaning: all mentions of the document that are written alike and asked for
alike. Rows of the arrays are candidates; ``group[i]`` is the group of row i.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gazetteer.distance import great_circle_m
from gazetteer.names import fold
from gazetteer.place import Candidate, Place
from mapper.likeness import likeness
from mapper.types import Mention

EARTH_M = 6_371_008.8
EDGE_M = 20_000.0
"""Scale on which a place beyond the radius of another stops to lie in it, in metres."""
EDGES = 3.0
"""So many times that scale a place of the right name may lie outside, and still be meant."""
SEAT_ALIKE = 0.8
"""A town so alike in name to its region gives it the name."""
Array = NDArray[np.float64]
LARGE = frozenset({"country", "region", "continent", "area", "water"})


@dataclass(slots=True)
class Group:
    """Mentions with one meaning, and the places that they may mean."""

    name: str
    mentions: list[Mention]
    candidates: list[Candidate] = field(default_factory=list)
    asked: tuple[str, ...] = ()
    inside: set[int] = field(default_factory=set)
    """Groups that the text says contain this one."""
    stem: str = ""
    """The name behind an adjective ("Odeska oblast"), or ""."""
    sounded: bool = False
    """Whether names that sound alike were added to the candidates."""

    @property
    def weight(self) -> float:
        """How much the group counts in the focus of the document."""
        return math.sqrt(min(len(self.mentions), 3)) * max(m.certainty for m in self.mentions)


@dataclass(slots=True)
class Table:
    """Arrays over all candidates: unit vectors, groups, and which places contain which."""

    groups: list[Group]
    candidates: list[Candidate]
    group: NDArray[np.int64]
    distance_m: Array
    same_country: Array
    same_region: Array
    names_country: Array
    """[i, j] 1 when j is the country of i, and not i itself."""
    names_region: Array
    large: Array
    """1 for countries, regions and the like, whose point says little of where they are."""
    contains: Array
    """[i, j] 1 when place j may be said to contain place i."""
    text_gap: Array
    """Between groups: the least number of characters between their mentions."""
    weight: Array

    @property
    def others(self) -> Array:
        """[i, j] 1 when rows are of different groups."""
        return np.asarray(self.group[:, None] != self.group[None, :], dtype=float)


def build(groups: Sequence[Group]) -> Table:
    """Lay out the groups' candidates as arrays."""
    rows = [(g, c) for g, group in enumerate(groups) for c in group.candidates]
    places = [c.place for _, c in rows]
    group = np.array([g for g, _ in rows], dtype=np.int64)
    distance = _distances(places)
    country = _codes([p.country for p in places])
    region = _codes([p.admin1_code for p in places])
    same_country = _equal(country)
    same_region = _equal(region)
    is_country = np.array([p.feature == "country" for p in places], dtype=float)
    is_region = np.array([p.feature == "region" for p in places], dtype=float)
    names_country = same_country * is_country[None, :] * (1 - is_country[:, None])
    names_region = same_region * is_region[None, :] * (1 - is_region[:, None])
    # A region's codes tell better than its radius what lies in it, where both places have them.
    coded = np.maximum(is_country, is_region * np.outer(region >= 0, region >= 0).astype(float))
    reach = np.array([p.radius_m for p in places])
    close = np.exp(-np.maximum(distance - reach[None, :], 0.0) / EDGE_M) * (1 - coded)
    return Table(
        groups=list(groups),
        candidates=[c for _, c in rows],
        group=group,
        distance_m=distance,
        same_country=same_country,
        same_region=same_region,
        names_country=names_country,
        names_region=names_region,
        large=np.array([p.feature in LARGE for p in places], dtype=float),
        contains=np.maximum(np.maximum(names_country, names_region), close),
        text_gap=_text_gaps(groups),
        weight=np.array([g.weight for g in groups], dtype=float),
    )


def may_contain(outer: Place, inner: Place, edges: float = EDGES) -> bool:
    """Whether a place can lie in another, by their codes and, for smaller places, by distance.

    ``edges`` says how many times ``EDGE_M`` it may lie outside.
    """
    if outer.country and inner.country and outer.country != inner.country:
        return False
    if outer.feature in ("country", "continent"):
        return True
    if outer.feature == "region" and outer.admin1_code and inner.admin1_code:
        return outer.admin1_code == inner.admin1_code
    if is_seat(outer) and outer.admin1_code == inner.admin1_code:
        return True  # "X (Homs)": the governorate of the city
    if outer.admin1_code and inner.admin1_code and outer.admin1_code != inner.admin1_code:
        edges = min(edges, 1.0)
    away = float(great_circle_m(outer.lat, outer.lon, inner.lat, inner.lon))
    return away < outer.radius_m + edges * EDGE_M


def is_seat(place: Place) -> bool:
    """Whether a town gives its region its name."""
    named = place.feature == "settlement" and place.admin1_code and place.admin1
    return bool(named) and likeness(place.name, place.admin1) >= SEAT_ALIKE


def _distances(places: Sequence[Place]) -> Array:
    """Great-circle distances in metres between all places."""
    if not places:
        return np.zeros((0, 0))
    lat = np.radians([p.lat for p in places])
    lon = np.radians([p.lon for p in places])
    unit = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    cosine = np.clip(unit @ unit.T, -1.0, 1.0)
    return np.asarray(np.arccos(cosine) * EARTH_M)


def _codes(values: Sequence[str]) -> NDArray[np.int64]:
    known: dict[str, int] = {}
    return np.array([known.setdefault(v, len(known)) if v else -1 for v in values], dtype=np.int64)


def _equal(codes: NDArray[np.int64]) -> Array:
    return np.asarray((codes[:, None] == codes[None, :]) & (codes[:, None] >= 0), dtype=float)


def _text_gaps(groups: Sequence[Group]) -> Array:
    gaps = np.full((len(groups), len(groups)), 1e9)
    spans = [(g, m.start, m.end) for g, group in enumerate(groups) for m in group.mentions]
    if spans:
        owner, start, end = (np.array(column) for column in zip(*spans, strict=True))
        between = np.maximum(start[None, :] - end[:, None], start[:, None] - end[None, :]).astype(float)
        np.minimum.at(gaps, (owner[:, None], owner[None, :]), np.maximum(between, 0.0))
    return gaps


def strangers(table: Table) -> Array:
    """[i, j] 1 when i and j are candidates of different names: a name repeated is no evidence for itself."""
    known: dict[str, int] = {}
    names = np.array([known.setdefault(fold(g.name), len(known)) for g in table.groups])[table.group]
    return np.asarray(names[:, None] != names[None, :], dtype=float)


def same_level(table: Table) -> Array:
    """[i, j]: both are countries, or both are regions or districts of one country."""
    features = [c.place.feature for c in table.candidates]
    country = np.array([f == "country" for f in features], dtype=float)
    same = np.outer(country, country)
    for level in ("region", "district"):
        of_level = np.array([f == level for f in features], dtype=float)
        same += np.outer(of_level, of_level) * table.same_country
    return np.asarray(same)


def lone(table: Table) -> Array:
    """Give how alike a region's name is, 0 where a town of the same name in it is meant as likely.

    It is not where the text asks for a region.
    """
    settled = np.array([c.place.feature == "settlement" for c in table.candidates], dtype=float)
    seated = np.minimum(np.equal.outer(table.group, table.group) * table.same_region @ settled, 1.0)
    rows = zip(table.group, table.candidates, strict=True)
    asked = np.array([c.place.feature in table.groups[g].asked for g, c in rows], dtype=float)
    similar = np.array([c.similarity for c in table.candidates])
    return np.asarray(similar * np.maximum(1.0 - seated, asked))


def smallness(table: Table, counted: Sequence[bool]) -> Array:
    """Give how much smaller than the largest of its namesakes a settlement is, in sevenths of the decades.

    ``counted`` says which candidates are settlements that have the name.
    """
    people = np.array([c.place.population + 100.0 for c in table.candidates])
    settled = np.array(counted, dtype=bool)
    largest = np.ones(len(table.groups))
    np.maximum.at(largest, table.group[settled], people[settled])
    return np.where(settled, np.log10(largest[table.group] / people), 0.0) / 7
