"""Analysis records -> what stands on the map: features in named layers, one schema for all.

:func:`features` gives plain values (no heavy import; the page draws from these), :func:`build` the same
as GeoDataFrames (the exports write these). Coordinates are WGS84; geometries are GeoJSON, longitude first.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import geopandas

Record = Mapping[str, Any]
GeoJson = dict[str, Any]
Shape = Literal["point", "area", "zone", "circle", "line", "arrow", "flight", "return"]
"""How a feature is drawn. ``area`` is a region or country as a whole, ``zone`` a sector, ring or corridor,
``circle`` the uncertainty round a point, ``flight`` and ``return`` join a launch with targets and base."""

AREA_FEATURES = frozenset(
    {"country", "region", "district", "municipality", "area", "continent", "water", "river", "road"}
)
"""Places too large for a pin: an event that names nothing finer keeps their whole shape."""

AREA_RADIUS_M = 30_000.0
"""With no shape known, a place this large is drawn as a circle of its size, not as a pin."""

VAGUE_RADIUS_M = 60_000.0
"""The same for a settlement, whose radius says how well its point is known and not how large it is."""

LINE_RADIUS_M = 150_000.0
"""No line is drawn to a place larger than this."""

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """The layer, the label and the symbol of one type of event."""

    layer: str
    label: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map.

    ``event`` and ``mention`` are the ids in the record at index ``record``, or "". ``lat``, ``lon`` and
    ``radius_m`` are the point and its uncertainty in metres; ``geometry`` is None when the point (or, for
    a circle, point and radius) says it all.
    """

    layer: str
    shape: Shape
    record: int
    event: str
    mention: str
    role: str
    lat: float
    lon: float
    radius_m: float
    geometry: GeoJson | None = None


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("mapper").joinpath("layers.toml").read_text(encoding="utf-8"))


def names() -> dict[str, str]:
    """The layers in drawing order: id -> label."""
    return dict(_table()["layers"])


def style(kind: str) -> TypeStyle:
    """The style of an event type; one that is not in the table is an "other" event under its own name."""
    row = _table()["types"].get(kind)
    if row is None:
        return TypeStyle("other", kind.replace("_", " ").capitalize() or "Event", "dot")
    return TypeStyle(**row)


@cache
def codes() -> dict[str, dict[str, str]]:
    """Event type -> its ACLED and PLOVER codes, under the names of the columns."""
    path = resources.files("mapper").joinpath("events", "codes.toml")
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {}
    for kind, row in rows.items():
        event, sub_event = row.get("acled", ["", ""])
        found[kind] = {
            "acled_event": event, "acled_sub_event": sub_event,
            "plover": row.get("plover", ""), "plover_mode": row.get("plover_mode", ""),
        }  # fmt: skip
    return found


def features(records: Sequence[Record]) -> dict[str, list[Feature]]:
    """What stands on the map, by layer, in the order of the records.

    Parameters
    ----------
    records
        Analysis records as CONTRACT.md gives them; failed ones (``error``) are passed over.

    Returns
    -------
    dict
        One list for each of :func:`names`, empty ones too.
    """
    found: dict[str, list[Feature]] = {name: [] for name in names()}
    for number, record in enumerate(records):
        if "error" in record:
            continue
        places = {m["id"]: m["place"] for m in record.get("mentions", ()) if m.get("place")}
        for event in record.get("events", ()):
            for feature in _once(_of_event(number, event, places)):
                found[feature.layer].append(feature)
        found["places"].extend(_of_places(number, record))
    return found


def _once(drawn: Iterator[Feature]) -> Iterator[Feature]:
    """Without the second of two that look the same: a place may be named twice for one event."""
    seen: dict[tuple[Any, ...], list[GeoJson | None]] = {}
    for one in drawn:
        alike = seen.setdefault((one.layer, one.shape, one.role, one.lat, one.lon, one.radius_m), [])
        if one.geometry not in alike:
            alike.append(one.geometry)
            yield one


def _of_places(number: int, record: Record) -> Iterator[Feature]:
    seen: set[str] = set()
    for mention in record.get("mentions", ()):
        place = mention.get("place")
        if not place or not mention.get("pinned", True) or place["id"] in seen or not _sound(place):
            continue
        seen.add(place["id"])
        shape: Shape = "area" if place.get("feature") in AREA_FEATURES else "point"
        yield Feature(
            "places",
            shape,
            number,
            "",
            mention["id"],
            "",
            place["lat"],
            place["lon"],
            float(place["radius_m"]),
        )


def _of_event(number: int, event: Record, places: Mapping[str, Any]) -> Iterator[Feature]:
    layer = style(event["type"]).layer
    locations = [place for place in event.get("locations", ()) if _sound(place)]
    drawn_line = False
    flown = any(place["role"] == "launch" for place in locations)
    for place in locations:
        for feature in _of_location(number, event["id"], layer, place, places, flown):
            drawn_line = drawn_line or feature.shape == "arrow"
            yield feature
    by_role: dict[str, list[Any]] = {}
    for place in locations:
        by_role.setdefault(place["role"], []).append(place)
    yield from _flights(number, event["id"], by_role)
    if not drawn_line and by_role.get("origin"):
        start = by_role["origin"][0]
        for end in _narrow(by_role.get("destination", by_role.get("target", []))):
            yield _joined("arrow", layer, number, event["id"], start, end)


def _flights(number: int, event: str, by_role: Mapping[str, list[Any]]) -> Iterator[Feature]:
    for start in by_role.get("launch", []):
        for end in _narrow(by_role.get("target", []) + by_role.get("destination", [])):
            yield _joined("flight", "launches", number, event, start, end)
        for end in _narrow(by_role.get("return", [])):
            yield _joined("return", "launches", number, event, start, end)


def _narrow(places: list[Any]) -> list[Any]:
    """Places small enough for a line to end in: one to the middle of a large country would be a lie."""
    return [
        place
        for place in places
        if place["radius_m"] <= LINE_RADIUS_M and not _has_line(place)  # its own line is drawn already
    ]


def _has_line(place: Any) -> bool:
    return any(part["type"].endswith("LineString") for part in _parts(place.get("geometry")))


def _joined(shape: Shape, layer: str, number: int, event: str, start: Any, end: Any) -> Feature:
    line = [[start["lon"], start["lat"]], [end["lon"], end["lat"]]]
    return Feature(
        layer, shape, number, event, end.get("mention") or "", end["role"], end["lat"], end["lon"],
        float(end["radius_m"]), {"type": "LineString", "coordinates": line},
    )  # fmt: skip


def _of_location(
    number: int, event: str, layer: str, place: Any, places: Mapping[str, Any], flown: bool
) -> Iterator[Feature]:
    """The features of one location: its geometry, its point and the circle of its uncertainty."""
    role, relation, mention = place["role"], place["relation"], place.get("mention") or ""
    radius = float(place["radius_m"])
    named = places.get(mention) or {}
    layer = "launches" if role in ("launch", "return") else layer

    def feature(of: str, shape: Shape, geometry: GeoJson | None = None) -> Feature:
        return Feature(of, shape, number, event, mention, role, place["lat"], place["lon"], radius, geometry)

    parts = list(_parts(place.get("geometry")))
    polygons = [part for part in parts if part["type"].endswith("Polygon")]
    lines = [part for part in parts if part["type"].endswith("LineString")]
    plain = relation["type"] in ("at", "within", "near")
    most = VAGUE_RADIUS_M if named.get("feature") == "settlement" else AREA_RADIUS_M
    if plain and not lines and (named.get("feature") in AREA_FEATURES or radius >= most):
        # A region or country is shaded as a whole: a pin would claim to know more than the text says.
        if polygons:
            yield from (feature(layer, "area", polygon) for polygon in polygons)
        else:
            yield feature(layer, "area")
        return
    for line in lines:
        if flown and role in ("target", "destination", "return"):
            yield feature("launches", "return" if role == "return" else "flight", line)
            continue
        moves = layer in ("advances", "withdrawals") and relation["type"] not in (
            "between",
            "along",
            "distance",
        )
        yield feature(layer if moves else "distances", "arrow" if moves else "line", line)
    zones = () if plain else polygons
    for zone in zones:
        yield feature("distances", "zone", zone)
    if role == "reference":
        return
    if not lines and relation.get("part") == "approach" and relation.get("bearing_deg") is not None:
        yield feature(layer, "arrow", _approach(place, relation["bearing_deg"]))
    yield feature(layer, "point")
    if not zones and not (lines and relation["type"] in ("along", "between", "distance")):
        yield feature("uncertainty", "circle")


def _approach(place: Any, bearing_deg: float) -> GeoJson:
    """A short arrow into the place from the side that the text names ("from the south")."""
    far = max(2.5 * float(place["radius_m"]), 6_000.0)
    outer = destination(place["lat"], place["lon"], bearing_deg, far)
    inner = destination(place["lat"], place["lon"], bearing_deg, far * 0.18)
    return {"type": "LineString", "coordinates": [[outer[1], outer[0]], [inner[1], inner[0]]]}


def destination(lat: float, lon: float, bearing_deg: float, distance_m: float) -> tuple[float, float]:
    """(lat, lon) reached on a sphere; for drawing only (0.5% off the ellipsoid at most)."""
    arc, course, phi = distance_m / EARTH_RADIUS_M, math.radians(bearing_deg), math.radians(lat)
    up = math.sin(phi) * math.cos(arc) + math.cos(phi) * math.sin(arc) * math.cos(course)
    phi2 = math.asin(max(-1.0, min(1.0, up)))
    turn = math.atan2(
        math.sin(course) * math.sin(arc) * math.cos(phi), math.cos(arc) - math.sin(phi) * math.sin(phi2)
    )
    return math.degrees(phi2), (lon + math.degrees(turn) + 540.0) % 360.0 - 180.0


def circle(lat: float, lon: float, radius_m: float, corners: int = 48) -> GeoJson:
    """The polygon of a circle on the sphere, counter-clockwise, radius in metres."""
    ring = [destination(lat, lon, -360.0 * step / corners, radius_m) for step in range(corners)]
    path = [[round(x, 6), round(y, 6)] for y, x in ring]
    return {"type": "Polygon", "coordinates": [[*path, path[0]]]}


def _parts(geometry: Any) -> Iterator[GeoJson]:
    if not isinstance(geometry, Mapping):
        return
    if geometry.get("type") == "GeometryCollection":
        for part in geometry.get("geometries", ()):
            yield from _parts(part)
    elif geometry.get("coordinates"):
        yield dict(geometry)


def _sound(place: Any) -> bool:
    try:
        return all(math.isfinite(place[key]) for key in ("lat", "lon", "radius_m"))
    except (KeyError, TypeError):
        return False


def build(
    records: Sequence[Record], codes: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, geopandas.GeoDataFrame]:
    """The layers as GeoDataFrames (EPSG:4326), all of one schema; see :mod:`mapper.layers_table`.

    Parameters
    ----------
    records
        Analysis records.
    codes
        Event type -> its ACLED and PLOVER codes, under the names of the columns; :func:`codes` by default.
    """
    from mapper import layers_table

    return layers_table.build(records, codes)
