"""The vocabulary: plain frozen values that every stage takes and returns.

Spans are half-open character offsets (Unicode code points) into the document's text as it was given, so
``text[start:end]`` is the text of the span, always. Coordinates are WGS84 degrees, latitude first in
signatures; GeoJSON geometries are longitude first. Lengths are metres, bearings degrees clockwise from
north. An empty tuple means "looked and found none"; None means "did not look" or "not known".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from gazetteer.place import Candidate, Match, Place

MentionKind = Literal[
    "settlement",
    "region",
    "country",
    "river",
    "road",
    "facility",
    "area",
    "water",
    "demonym",
    "coordinate",
    "other",
]
RelationType = Literal[
    "at", "near", "offset", "direction", "distance", "between", "along", "within", "toward"
]
Role = Literal["target", "origin", "destination", "route", "launch", "return", "reference", "waypoint"]
Modality = Literal["actual", "attempted", "planned", "hypothetical", "negated", "historical"]
Outcome = Literal["success", "repelled", "partial", "ongoing", "unknown"]
Stance = Literal["asserts", "denies", "doubts", "reports"]
Status = Literal["claimed", "confirmed", "disputed", "denied", "assessed", "unknown"]
Precision = Literal["minute", "day", "range", "month", "unknown"]
GeoJson = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be read. ``date`` is the date of publication, from which relative times count."""

    id: str
    text: str
    date: date | None = None
    title: str = ""
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names, or may name, a place.

    ``query`` is the name to look up when it is not the text itself (a possessive or a foreign letter
    removed, "the Black and Azov Seas" split), else "". ``asked`` holds the gazetteer features that the
    words round the name ask for ("village of X" -> settlement, "X district" -> district). ``inside`` is
    the id of the mention that the text says contains this one ("X in Y", "X, Y oblast"). ``pinned`` is
    False for metonyms, organisations and demonyms: resolved, but not a location on the map.
    ``certainty`` is 0..1: how sure recognition is that this is a place name at all.
    ``point`` is (lat, lon) for a coordinate mention. ``heard`` are the places that recognition has found to
    sound like a garbled name. ``built`` are the words behind it that say what is built there ("power",
    "plant"), in lower case.
    """

    id: str
    start: int
    end: int
    text: str
    kind: MentionKind
    query: str = ""
    asked: tuple[str, ...] = ()
    inside: str | None = None
    pinned: bool = True
    certainty: float = 1.0
    point: tuple[float, float] | None = None
    heard: tuple[Candidate, ...] = ()
    built: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pin:
    """A correction by the user: what a name, or one span of one document, means.

    ``surface`` is the name as the text writes it, or "" when ``document``, ``start`` and ``end`` give a
    span; ``document`` with a surface limits it to that document. Then either ``place`` is the id of a
    gazetteer place, or ``point`` is (lat, lon) with ``radius_m`` in metres and an optional ``name``, or
    ``not_a_place`` is True. ``line`` is the row of the pins file, for messages.
    """

    surface: str = ""
    document: str = ""
    start: int | None = None
    end: int | None = None
    place: str = ""
    point: tuple[float, float] | None = None
    radius_m: float = 1000.0
    name: str = ""
    not_a_place: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rival:
    """A place that the mention could have meant, and did not win."""

    place: Place
    score: float


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a mention means: a place, or None with the reason why none was found."""

    mention: Mention
    place: Place | None
    match: Match | None = None
    score: float = 0.0
    rivals: tuple[Rival, ...] = ()
    reason: str = ""
    features: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class SpatialExpression:
    """Words that place something relative to anchors.

    ``anchors`` are mention ids, in the order of the text; two or more for "between A and B" and for "the
    road from A to B" (then ``line`` is True and the anchor is the line through them). An anaphoric anchor
    ("20 km north of the city", "from the highway") is already replaced by the mentions it refers to.
    ``subject`` is the mention that the expression places ("X, about 5 km from the highway"), or None when
    it places the event itself. ``distance_m`` is the stated distance (the middle of a range, whose ends
    are ``distance_min_m`` and ``distance_max_m``). ``part`` refines a direction: "outskirts" and
    "inside" lie within the anchor, "outside" beyond it ("south of X"), "approach" is where someone comes
    from ("from the south").
    """

    type: RelationType
    start: int
    end: int
    text: str
    anchors: tuple[str, ...] = ()
    subject: str | None = None
    distance_m: float | None = None
    distance_min_m: float | None = None
    distance_max_m: float | None = None
    bearing_deg: float | None = None
    part: Literal["", "outskirts", "inside", "outside", "approach", "bank"] = ""
    line: bool = False


@dataclass(frozen=True, slots=True)
class EventPlace:
    """A place that takes part in an event, before geometry: a mention, an expression, or both."""

    role: Role
    mention: str | None = None
    expression: SpatialExpression | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where: point, geometry and uncertainty together. ``radius_m`` is never 0."""

    role: Role
    mention: str | None
    relation: SpatialExpression
    lat: float
    lon: float
    radius_m: float
    geometry: GeoJson
    method: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or suffers, in the words of the text, and the state or organisation behind, or ""."""

    text: str
    side: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A number as the text gives it: "more than 40" is low 40, best 40, high None."""

    low: int | None = None
    best: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Weapon:
    """A weapon with its class (missile, artillery, drone, aircraft, ...) and count, if stated."""

    text: str
    cls: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Casualties:
    """Killed and injured; None means that the text gives no number."""

    killed: Count | None = None
    injured: Count | None = None


@dataclass(frozen=True, slots=True)
class When:
    """An ISO 8601 interval and the words it was read from. ``start`` is None when only words are known."""

    start: str | None
    end: str | None
    precision: Precision
    text: str


@dataclass(frozen=True, slots=True)
class Movement:
    """How far and where to someone moved."""

    distance_m: float | None
    bearing_deg: float | None


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says so. ``start`` and ``end`` are the span of the clause or quotation."""

    speaker: str
    side: str
    stance: Stance
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. ``places`` is what the text says; ``locations`` is filled by space.locate."""

    id: str
    type: str
    start: int
    end: int
    quote: str
    trigger: tuple[int, int]
    modality: Modality = "actual"
    outcome: Outcome = "unknown"
    initiator: Actor | None = None
    target: Actor | None = None
    weapons: tuple[Weapon, ...] = ()
    casualties: Casualties = Casualties()
    when: When | None = None
    places: tuple[EventPlace, ...] = ()
    locations: tuple[Location, ...] = ()
    movement: Movement | None = None
    claims: tuple[Claim, ...] = ()
    status: Status = "unknown"
    confidence: float = 0.5
    mentioned: tuple[tuple[int, int], ...] = ()
    """Spans of further sentences that report the same event (evidence)."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that was found in one document."""

    document: Document
    language: str
    resolutions: tuple[Resolution, ...]
    events: tuple[Event, ...]
    warnings: tuple[str, ...] = ()
    error: str | None = None
