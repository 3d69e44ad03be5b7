"""What speaks for a candidate: its name and size alone, and how it fits with the rest of the document."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from gazetteer.names import fold
from gazetteer.place import Candidate, Place
from mapper.home import Home
from mapper.likeness import likeness
from mapper.resolve_gap import Sounding, gap, sounding
from mapper.resolve_home import nearness
from mapper.resolve_table import LARGE, Array, Group, Table, lone, same_level, smallness, strangers
from mapper.types import SpatialExpression

LatLon = tuple[float, float]
Constraint = Callable[[SpatialExpression, LatLon, Sequence[LatLon]], float]

CONTEXT = (
    "country_share",
    "region_share",
    "country_named",
    "region_named",
    "near_50km",
    "near_300km",
    "near_in_text",
    "near_in_sentence",
    "near_in_list",
    "local",
    "small_afar",
    "alike_in_list",
    "heard_far",
    "inside",
    "holds",
    "constraint",
    "home",
    "peopled",
)
"""The features that depend on what the other names of the document mean."""


SEAT = 5_000
"""Least population of a town that may stand for the district named after it."""
HAMLET, WORLD_CITY = 1_000, 500_000
"""A place below the one hardly is meant where a city above the other has the name."""
EXONYM = 100_000
"""Population from which a city, if the largest, is well known by another name than its own ("Cologne")."""
OWN_ALIKE = 0.85
"""A place so alike by its own name speaks against those that are so by another of their names."""
DWARFS = 50
"""How many times larger than those that have the name for their own such a city is."""
AKIN = 0.7
"""How alike the other name of such a city is at least to its own."""
NAMED = 0.75
"""How far a country that the text names makes up for names nearby, where a small namesake is weighed."""
LARGE_TOO = 0.5
"""How much of a small namesake's nearness to the other names a region or country has as well."""
INDIRECT = 0.5
"""How much it counts that a place lies in what holds the place that is said to hold it."""
FEW, MANY = 0.15, 0.25
"""From which share of a text's names that lie in a region its name may mean it rather than a city elsewhere,
and how much more leaves no doubt."""
SETTLED = frozenset({"settlement", "suburb", "municipality"})
BUILT = frozenset({"facility", "airport", "airbase", "bridge", "road"})
"""Features that a text names by a kind word, as a rule: "X airport", "the X plant"."""


@lru_cache(maxsize=1)
def capitals() -> frozenset[str]:
    """Load the ids of the capitals of countries (GeoNames)."""
    rows = files("mapper").joinpath("capitals.csv").read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(row.partition(",")[2] for row in rows)


def heard(candidate: Candidate) -> bool:
    """Whether the name was only found by its sound or its spelling, not as it stands."""
    return candidate.match in ("phonetic", "fuzzy")


@dataclass(frozen=True, slots=True)
class Namesakes:
    """What the candidates of one name have in common."""

    folded: str
    """The name, folded."""
    largest: int
    """Population of the largest settlement."""
    largest_own: int
    """Population of the largest settlement that has the name for its own."""
    rival: float
    """0..1: how large the largest settlement is that has the name for its own."""
    states: bool
    """Whether one of the first is a country or a continent that has the name for its own."""
    own_alike: float
    """How alike the name is to the likest of the own names of places that only sound alike."""
    soundings: list[Sounding]
    """The settlements, with how alike their names are, where any only sounds alike."""
    levels: dict[str, list[Place]]
    """The regions, districts and settlements."""


def namesakes(group: Group) -> Namesakes:
    """Look at all candidates of a name at once."""
    folded = fold(group.name)
    settled = [c for c in group.candidates if c.place.feature in SETTLED]
    largest = max((c.place.population for c in settled), default=0)
    own = max((c.place.population for c in settled if c.kind == "preferred"), default=0)
    states = any(
        c.place.feature in ("country", "continent") and c.kind != "demonym" and fold(c.place.name) == folded
        for c in group.candidates[:6]
    )
    levels: dict[str, list[Place]] = {"region": [], "district": [], "settlement": []}
    for candidate in group.candidates:
        if candidate.place.feature in levels:
            levels[candidate.place.feature].append(candidate.place)
    rival = max(0.0, math.log10(own + 10) - 4) / 3
    own_alike = max((likeness(group.name, c.place.name) for c in group.candidates if heard(c)), default=0.0)
    alike = [sounding(c, _alike(group, c) if heard(c) else 1.0) for c in settled] if own_alike else []
    return Namesakes(folded, largest, own, rival, states, own_alike, alike, levels)


def static(group: Group, candidate: Candidate, shared: Namesakes) -> dict[str, float]:
    """Name what can be said of a candidate without the rest of the document."""
    place = candidate.place
    feature = place.feature
    largest = shared.largest
    row = {
        "population": math.log10(place.population + 10) / 7,
        f"feature={feature}": 1.0,
        f"match={candidate.match}": 1.0,
    }
    if heard(candidate):
        row.update(_sounding(group, candidate, shared))
    else:
        row[f"kind={candidate.kind}"] = 1.0
    if feature in SETTLED:
        row["settlement_population"] = row["population"]
        row["population_gap"] = _overshadowed(candidate, shared, row) / 7
        if place.population == largest >= max(EXONYM, DWARFS * shared.largest_own) and _exonym(candidate):
            row["exonym"] = 1.0
        if place.population < HAMLET and shared.largest_own >= WORLD_CITY:
            row["dwarfed"] = 1.0
    row.update(_own_name(place, shared))
    if group.candidates[0] is candidate and not heard(candidate):
        row["first"] = 1.0
    if feature in BUILT and BUILT.isdisjoint(group.asked) and (group.asked or candidate.kind != "preferred"):
        row["unasked_facility"] = 1.0
    if place.id in capitals() and candidate.match == "exact":
        row["capital"] = 1.0
    if candidate.kind == "demonym" and group.mentions[0].kind != "demonym":
        row["people_not_place"] = 1.0
    twin = _twin(place, shared)
    if twin and not group.asked:
        row[twin] = 1.0
    if feature in ("region", "district") and not twin and not group.asked:
        row["city_elsewhere"] = shared.rival
    if feature not in ("country", "continent", *group.asked[:1]) and shared.states:
        row["beside_country"] = 0.3 if feature == "region" else 1.0
    if place.id in capitals():
        row["capital_acts"] = sum(not m.pinned for m in group.mentions) / len(group.mentions)
    if group.asked:
        base = feature == "airbase" and "airport" in group.asked  # news seldom tells the two apart
        row["asked_best"] = float(feature == group.asked[0] or base)
        row["asked_other"] = float(feature in group.asked[1:] and not base)
        seat = group.asked[0] == "district" and feature == "settlement" and not heard(candidate)
        row["asked_seat"] = float(seat and place.population >= SEAT)
        row["asked_not"] = float(feature not in group.asked and not row["asked_seat"])
        row["not_built"] = float(group.asked[0] in BUILT and feature in LARGE)
        row["asked_not_heard"] = float(row["asked_not"] and heard(candidate))
    return row


def _overshadowed(candidate: Candidate, shared: Namesakes, row: Mapping[str, float]) -> float:
    """Give by how many decades of people larger places of the name outdo a settlement."""
    if heard(candidate):
        return max(0.0, gap(sounding(candidate, 1.0 - row["dissimilar"]), shared.soundings))
    return math.log10((shared.largest + 100) / (candidate.place.population + 100))


def _sounding(group: Group, candidate: Candidate, shared: Namesakes) -> dict[str, float]:
    """Say how far a name that only sounds like the one of the text is from it."""
    row = {"dissimilar": 1.0 - _alike(group, candidate), "doubt": 1.0 - candidate.similarity}
    if shared.own_alike >= OWN_ALIKE:
        row["other_name"] = max(0.0, shared.own_alike - likeness(group.name, candidate.place.name))
    return row


def _own_name(place: Place, shared: Namesakes) -> dict[str, float]:
    """Say whether the name is the place's own, or would be but for "City"."""
    own = fold(place.name)
    if own == shared.folded:
        state = place.feature == "region" and place.country == "US" and not shared.states
        return {"own_name": 1.0, "us_state": max(0.0, 1.0 - 2 * shared.rival)} if state else {"own_name": 1.0}
    if own == f"{shared.folded} city" and shared.largest == place.population >= WORLD_CITY:
        return {"but_for_city": 1.0}
    return {}


def _exonym(candidate: Candidate) -> bool:
    """Whether the name is the place's own in another language ("Cologne"), not just another of its names."""
    return candidate.kind == "alternate" and likeness(candidate.name, candidate.place.name) >= AKIN


def _alike(group: Group, candidate: Candidate) -> float:
    """Give how alike the names are; the stem of an adjective counts as a name of its own."""
    alike = likeness(group.name, candidate.name)
    return max(alike, likeness(group.stem, candidate.name)) if group.stem else alike


def _twin(place: Place, shared: Namesakes) -> str:
    """Tell a region from the city in it that bears the same name, and the other way round."""
    if place.feature not in shared.levels:
        return ""
    wanted = ("region", "district") if place.feature == "settlement" else ("settlement",)
    for other in (p for level in wanted for p in shared.levels[level] if p.country == place.country):
        same = place.admin1_code and other.admin1_code == place.admin1_code
        if same or math.hypot(other.lat - place.lat, other.lon - place.lon) < 1.0:
            return f"twin={place.feature}"
    return ""


def statics(table: Table) -> Iterator[dict[str, float]]:
    """Give the static features of every candidate of a table, in its order."""
    shared = [namesakes(group) for group in table.groups]
    for g, candidate in zip(table.group, table.candidates, strict=True):
        yield static(table.groups[g], candidate, shared[g])


def matrix(table: Table, names: Mapping[str, int]) -> Array:
    """Lay out the static features as rows of a matrix with the columns ``names``."""
    rows = np.zeros((len(table.candidates), len(names)))
    for i, features in enumerate(statics(table)):
        for name, value in features.items():
            column = names.get(name)
            if column is not None:
                rows[i, column] = value
    return rows


class ContextFeatures:
    """The features of ``CONTEXT`` for one table, as a function of the current probabilities."""

    def __init__(
        self,
        table: Table,
        expressions: Sequence[SpatialExpression] = (),
        constraint: Constraint | None = None,
        home: Home | None = None,
    ) -> None:
        self.table = table
        others = table.others
        apart_named = others * strangers(table)
        self._country = table.same_country * apart_named
        self._region = table.same_region * apart_named
        self._names_country = table.names_country * others
        self._names_region = table.names_region * others
        near = np.minimum(table.distance_m, 5e6)
        points = apart_named * np.outer(1.0 - table.large, 1.0 - table.large)
        gap = table.text_gap[table.group[:, None], table.group[None, :]]
        self._near_50 = np.exp(-near / 50_000.0) * points
        self._near_300 = np.exp(-near / 300_000.0) * points
        self._near_100 = np.exp(-near / 100_000.0) * points
        self._heard = np.array([float(heard(c)) for c in table.candidates])
        # a region has no neighbours: how alike its name is, and its country, must do
        self._lone = lone(table)
        # a list that names a place does not mean it again by a name that only sounds like it
        apart = points * (1.0 - np.outer(self._heard, np.ones_like(self._heard)) * (near == 0.0))
        self._near_text = np.exp(-near / 150_000.0 - gap / 150.0) * points
        self._near_sentence = np.exp(-near / 40_000.0 - gap / 80.0) * apart
        self._near_list = np.exp(-near / 20_000.0 - np.maximum(gap - 5.0, 0.0) / 10.0) * apart
        listed = np.exp(-np.maximum(gap - 5.0, 0.0) / 10.0) * others
        self._alike_list = same_level(table) * listed
        self._small = smallness(
            table, [c.place.feature in SETTLED and not heard(c) for c in table.candidates]
        )
        # no country lies in "Mo." or "Ont.", however well known it is
        self._harder = np.array([1.0 + (c.place.feature == "country") for c in table.candidates])
        self._inside = self._containment()
        self._spatial = _Spatial(table, expressions, constraint) if constraint and expressions else None
        self._home = nearness(table, home)
        self._elsewhere = _elsewhere(table)

    def _containment(self) -> Array:
        """[i, j]: j's group is said to contain i's, and place j can."""
        table = self.table
        said = np.zeros((len(table.groups), len(table.groups)))
        for inner, group in enumerate(table.groups):
            for outer in group.inside:
                said[inner, outer] = 1.0
        said = np.maximum(said, INDIRECT * (said @ said > 0.0))  # "X (Y, Z)": X in Z as well
        ids = np.array([c.place.id for c in table.candidates])
        other = ids[:, None] != ids[None, :]  # no place holds itself
        return np.asarray(table.contains * other * said[table.group[:, None], table.group[None, :]])

    def __call__(self, p: Array) -> Array:
        """Give one column for every feature of ``CONTEXT``; ``p`` are the candidates' probabilities."""
        table = self.table
        weighted = p * table.weight[table.group]
        total = weighted.sum() - np.bincount(table.group, weighted, len(table.groups))[table.group]
        total = np.maximum(total, 1e-9)
        smooth = total / (total + 1.0)
        said = np.array([1.0 if g.inside else 0.0 for g in table.groups])[table.group]
        inside = self._inside @ p
        near_300 = -np.expm1(-(self._near_300 @ weighted) / 2)
        local = self._local(weighted)
        in_named = np.minimum(self._names_country @ p, 1.0)
        share = self._country @ weighted / total * smooth
        at_home = self._lone * np.maximum(in_named, share)
        columns = [
            share,
            self._region @ weighted / total * smooth,
            in_named,
            np.minimum(self._names_region @ p, 1.0),
            -np.expm1(-self._near_50 @ weighted),
            near_300,
            -np.expm1(-self._near_text @ weighted),
            -np.expm1(-2 * (self._near_sentence @ weighted)),
            -np.expm1(-2 * (self._near_list @ weighted)),
            local,
            self._small * (1.0 - np.maximum(local, NAMED * in_named)),
            -np.expm1(-2 * (self._alike_list @ weighted)),
            self._heard * (1.0 - np.where(table.large > 0.0, at_home, near_300)),
            (np.minimum(inside, 1.0) - said) * self._harder,
            np.minimum(self._inside.T @ p, 1.0),
            self._spatial(p) if self._spatial else np.zeros(len(p)),
            self._home,
            self._elsewhere * np.clip((self._region @ weighted / total - FEW) / MANY, 0.0, 1.0),
        ]
        return np.stack(columns, axis=1)

    def _local(self, weighted: Array) -> Array:
        """Give the share of the other names that are near; a region or country has half of its namesakes'."""
        table = self.table
        points = weighted * (1.0 - table.large)
        points = points.sum() - np.bincount(table.group, points, len(table.groups))[table.group]
        local = self._near_100 @ weighted / (points + 1.0)
        most = np.zeros(len(table.groups))
        np.maximum.at(most, table.group, local)
        return np.asarray(np.maximum(local, LARGE_TOO * table.large * most[table.group]))


def _elsewhere(table: Table) -> Array:
    """Give for each region how large the city abroad or in another region is that has its name."""
    rivals = np.array([namesakes(group).rival for group in table.groups])
    twins = np.array([c.place.feature == "region" for c in table.candidates], dtype=float)
    return np.asarray(twins * rivals[table.group]) if len(table.candidates) else np.zeros(0)


class _Spatial:
    """How well candidates fit the words about space, given the likeliest places of the anchors."""

    def __init__(
        self, table: Table, expressions: Sequence[SpatialExpression], constraint: Constraint
    ) -> None:
        self.table = table
        self.constraint = constraint
        self.known: dict[tuple[int, tuple[LatLon, ...]], Array] = {}
        self.group_of = {m.id: g for g, group in enumerate(table.groups) for m in group.mentions}
        self.expressions = [
            e
            for e in expressions
            if e.subject in self.group_of and e.anchors and all(a in self.group_of for a in e.anchors)
        ]

    def __call__(self, p: Array) -> Array:
        fit = np.zeros(len(p))
        for number, expression in enumerate(self.expressions):
            assert expression.subject is not None
            subject = self.group_of[expression.subject]
            anchors = [self._best(self.group_of[a], p) for a in expression.anchors]
            if subject in {self.group_of[a] for a in expression.anchors} or None in anchors:
                continue
            points = tuple(a for a in anchors if a is not None)
            if (number, points) not in self.known:
                self.known[number, points] = self._misfit(expression, subject, points)
            fit[self.table.group == subject] -= self.known[number, points]
        return np.maximum(fit, -8.0)

    def _misfit(self, expression: SpatialExpression, subject: int, anchors: Sequence[LatLon]) -> Array:
        """Give half the squared deviation, at most 8, of each candidate of the subject."""
        places = [self.table.candidates[row].place for row in np.flatnonzero(self.table.group == subject)]
        worse = [min(self.constraint(expression, (p.lat, p.lon), anchors), 4.0) for p in places]
        return np.array(worse) ** 2 / 2

    def _best(self, group: int, p: Array) -> LatLon | None:
        """Give the likeliest point of an anchor; None for one too large to measure from its point."""
        rows = np.flatnonzero(self.table.group == group)
        if not len(rows):
            return None
        place = self.table.candidates[int(rows[np.argmax(p[rows])])].place
        if place.feature in LARGE:
            return None
        return place.lat, place.lon
