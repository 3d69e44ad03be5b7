"""Movement toward a place: an arrow of the stated length that ends short of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper.space import geodesy, geometry, sphere
from mapper.space.drawing import AREAS, Drawn
from mapper.space.lexicon import calibration
from mapper.types import Event, Resolution, SpatialExpression

if TYPE_CHECKING:
    from gazetteer.place import Place


@dataclass(frozen=True, slots=True)
class Arrow:
    """What is drawn, and the bearing of the movement when the text tells it (else None)."""

    drawn: Drawn
    bearing_deg: float | None


@dataclass(frozen=True, slots=True)
class _Side:
    """From where someone comes: the bearing seen from the place, how it is known, how far the start is."""

    bearing_deg: float
    words: str
    known: bool
    away_m: float | None = None


def arrow_to(
    place: Place, event: Event, by_id: Mapping[str, Resolution], expression: SpatialExpression
) -> Arrow:
    """Draw a movement toward ``place``.

    The arrow ends at the edge of the place, never in it, and has the stated length; a distance of movement
    is not the distance to the place. It comes from the stated side, else from the origin, else from the
    side of the place named nearest in the text, which is an assumption that ``method`` tells.
    """
    at = (place.lat, place.lon)
    edge = min(max(place.radius_m, 1_000.0), 15_000.0)
    side = _stated_side(event, place, by_id) or _origin_side(event, place, by_id) or _assumed_side(
        event, place, by_id
    )  # fmt: skip
    stated = event.movement.distance_m if event.movement else None
    stated = stated or expression.distance_m
    rule = calibration().shape
    length = stated or (side.away_m - edge if side.away_m else 0.0) or rule["arrow_m"]
    if side.away_m is not None:
        length = min(length, max(side.away_m - edge, 0.1 * side.away_m))
    end, start = geodesy.walk(at, side.bearing_deg, edge), geodesy.walk(at, side.bearing_deg, edge + length)
    slack = length if stated else rule["near_m"]
    radius = edge + slack if side.known else 2 * edge + slack
    words = f"an arrow of {length / 1000:.3g} km" if stated else "an arrow"
    method = f"{words} that ends short of {place.name}, {side.words}"
    drawn = Drawn(end, radius, geometry.line([start, end]), method)
    return Arrow(drawn, round((side.bearing_deg + 180.0) % 360.0, 1) if side.known else None)


def _stated_side(event: Event, place: Place, by_id: Mapping[str, Resolution]) -> _Side | None:
    if event.movement and event.movement.bearing_deg is not None:
        return _Side((event.movement.bearing_deg + 180.0) % 360.0, "on the stated bearing", True)
    for item in event.places:
        words = item.expression
        if words and words.part == "approach" and words.bearing_deg is not None:
            return _Side(words.bearing_deg, f"coming {words.text}", True)
    return None


def _origin_side(event: Event, place: Place, by_id: Mapping[str, Resolution]) -> _Side | None:
    for item in event.places:
        if item.role not in ("origin", "launch"):
            continue
        anchors = item.expression.anchors if item.expression else (item.mention or "",)
        for anchor in anchors:
            origin = by_id[anchor].place if anchor in by_id else None
            if origin and origin.id != place.id:
                away, bearing = geodesy.measure((place.lat, place.lon), (origin.lat, origin.lon))
                far = away if away > 1.0 and origin.feature not in AREAS else None
                return _Side(bearing, f"coming from {origin.name}", True, far)
    return None


def _assumed_side(event: Event, place: Place, by_id: Mapping[str, Resolution]) -> _Side:
    """The side of the place that is named nearest in the text, within reach of a ground movement."""
    rule, at = calibration().shape, (place.lat, place.lon)
    best: tuple[int, str, Place] | None = None
    for resolution in by_id.values():
        near, mention = resolution.place, resolution.mention
        if near is None or not mention.pinned or near.feature in AREAS or near.id == place.id:
            continue
        away = sphere.distance_m(at, (near.lat, near.lon))
        if not place.radius_m < away <= rule["arrow_context_m"]:
            continue
        gap = max(event.start - mention.end, mention.start - event.end, 0)
        if best is None or (gap, mention.id) < best[:2]:
            best = (gap, mention.id, near)
    if best is None:
        return _Side(0.0, "from a side that the text does not tell", False)
    near = best[2]
    bearing = geodesy.measure(at, (near.lat, near.lon))[1]
    return _Side(bearing, f"drawn from the side of {near.name}, which is an assumption", False)
