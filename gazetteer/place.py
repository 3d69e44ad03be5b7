"""The values of the gazetteer: places, their names, and candidates for a name."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, make_dataclass
from typing import Any, Literal

Feature = Literal[
    "settlement",
    "suburb",
    "country",
    "region",
    "district",
    "municipality",
    "river",
    "water",
    "airport",
    "airbase",
    "facility",
    "road",
    "bridge",
    "area",
    "continent",
]
"""What a place is. ``region`` is a first-level division, ``district`` a second-level one, ``municipality``
a third-level one (a hromada), ``water`` a sea, lake or reservoir, ``facility`` a plant, base, dam, border
crossing or the like, ``area`` a named area with no administration of its own (Donbas, West Bank)."""

NameKind = Literal["preferred", "alternate", "demonym", "former", "short", "transliteration", "code"]

Match = Literal["exact", "folded", "alternate", "phonetic", "fuzzy", "coordinate", "pin"]


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a place. ``demonym`` covers adjectives and demonyms ("Syrian", "Syrians")."""

    text: str
    kind: NameKind = "alternate"
    language: str = ""


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """One place as a source gives it, before it is compiled.

    Latitude and longitude are WGS84 degrees. ``radius_m`` is the radius in metres of a circle round the
    point that covers the feature. ``admin1`` is the GeoNames code of the first-level region
    ("UA.05"), ``admin1_name`` its name where the source has no code. ``geometry`` is WKB (EPSG:4326,
    longitude first) of the polygon or line, if any. ``priority`` decides which source wins when two rows
    are the same place: the higher wins.
    """

    id: str
    name: str
    lat: float
    lon: float
    feature: Feature
    country: str = ""
    admin1: str = ""
    admin1_name: str = ""
    admin2: str = ""
    population: int = 0
    radius_m: float = 0.0
    names: tuple[Name, ...] = ()
    geometry: bytes | None = None
    parent: str = ""
    source: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the compiled gazetteer. WGS84 degrees; ``radius_m`` in metres, never 0.

    ``country`` is the ISO 3166-1 alpha-2 code, ``admin1`` the name and ``admin1_code`` the GeoNames code
    ("UA.05") of the first-level region, ``admin2`` the name of the second-level one; each "" when unknown.
    ``parent`` is the id of the place that administers this one, or "".
    """

    id: str
    name: str
    lat: float
    lon: float
    radius_m: float
    feature: Feature
    country: str = ""
    admin1: str = ""
    admin1_code: str = ""
    admin2: str = ""
    population: int = 0
    parent: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may mean.

    ``similarity`` is 0..1 and says how well the *name* fits (1 for an exact match); it knows nothing of
    context. ``name`` is the name of the place that matched; ``kind`` its kind.
    """

    place: Place
    name: str
    kind: NameKind
    match: Match
    similarity: float
    score: float = 0.0
    """0..1: the probability that this place is meant, as far as name, size and the filters given can tell."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What ``mapper gazetteer info`` prints of one source."""

    source: str
    version: str
    licence: str
    attribution: str
    url: str
    rows: int
    extra: dict[str, str] = field(default_factory=dict)


def _twin(cls: type[Any]) -> type[Any]:
    """Return a class with the slots of a frozen dataclass whose fields can be set.

    A frozen dataclass sets every field through ``object.__setattr__``, which is slow. Look-ups make thousands
    of places: they fill a twin and then make it one of the class (``made.__class__ = Place``), as Python
    allows between classes of the same slots; that takes a quarter of the time.
    """
    return make_dataclass(cls.__name__, [one.name for one in fields(cls)], slots=True)


OpenPlace = _twin(Place)
OpenCandidate = _twin(Candidate)
