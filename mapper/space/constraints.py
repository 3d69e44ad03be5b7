"""How well a candidate place fits words about space: of sixty villages the right one lies 5 km from the road.

Pure functions of coordinates, so that resolution can score every candidate of every name. Points are
(lat, lon) in WGS84 degrees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mapper.space.lexicon import calibration
from mapper.space.sphere import LatLon, bearing_deg, distance_m, distance_to_line_m, turn_deg
from mapper.types import SpatialExpression


def penalty(expression: SpatialExpression, candidate: LatLon, anchors: Sequence[LatLon]) -> float:
    """How badly ``candidate`` fits as the thing that ``expression`` places.

    Parameters
    ----------
    expression : SpatialExpression
        The words, for instance "about 5 km from the highway". With a ``subject``, the candidate is a
        place which the subject may mean.
    candidate : tuple of float
        Latitude and longitude in degrees.
    anchors : sequence of tuple of float
        Latitude and longitude of each anchor, in the order of ``expression.anchors``.

    Returns
    -------
    float
        0 when it fits perfectly; otherwise in units of the calibrated standard deviation, so that
        ``exp(-penalty ** 2 / 2)`` is a likelihood relative to the best. 0 without anchors.
    """
    if not anchors:
        return 0.0
    rule = _RULES.get(expression.type)
    return rule(expression, candidate, anchors) if rule else 0.0


def _away_m(expression: SpatialExpression, candidate: LatLon, anchors: Sequence[LatLon]) -> float:
    if expression.line:
        return distance_to_line_m(candidate, anchors)
    return min(distance_m(candidate, anchor) for anchor in anchors)


def _distance(expression: SpatialExpression, candidate: LatLon, anchors: Sequence[LatLon]) -> float:
    fit = calibration().fit
    stated = expression.distance_m or 0.0
    low = stated if expression.distance_min_m is None else expression.distance_min_m
    high = stated if expression.distance_max_m is None else expression.distance_max_m
    away = _away_m(expression, candidate, anchors)
    off = low - away if away < low else max(0.0, away - high)
    sigma = math.hypot(fit["distance_sigma_m"], fit["distance_sigma_ratio"] * max(stated, high))
    if expression.line:  # the road itself bends away from the line through the towns that name it
        sigma = math.hypot(sigma, fit["line_sigma_ratio"] * _length_m(anchors))
    return off / sigma


def _offset(expression: SpatialExpression, candidate: LatLon, anchors: Sequence[LatLon]) -> float:
    return math.hypot(
        _distance(expression, candidate, anchors), _bearing(expression, candidate, anchors[0], 0.0)
    )


def _bearing(expression: SpatialExpression, candidate: LatLon, anchor: LatLon, free_deg: float) -> float:
    """Penalty of the bearing from the anchor; within ``free_deg`` of the stated one it costs nothing."""
    away = distance_m(anchor, candidate)
    if expression.bearing_deg is None or away < 1.0:
        return 0.0
    fit = calibration().fit
    # Close to the anchor the bearing says little: a village 1 km off its own town's centre has none.
    blur = math.degrees(math.atan2(fit["centre_sigma_m"], away))
    off = turn_deg(bearing_deg(anchor, candidate), expression.bearing_deg)
    return max(0.0, off - free_deg) / math.hypot(fit["bearing_sigma_deg"], blur)


def _direction(expression: SpatialExpression, candidate: LatLon, anchors: Sequence[LatLon]) -> float:
    fit = calibration().fit
    if expression.part == "approach":
        return 0.0
    inside = expression.part in ("inside", "outskirts")
    bearing = _bearing(expression, candidate, anchors[0], fit["inside_free_deg"] if inside else 0.0)
    free_m = fit["inside_free_m"] if inside else fit["direction_free_m"]
    return math.hypot(bearing, _beyond(distance_m(candidate, anchors[0]), free_m))


def _beyond(away_m: float, free_m: float) -> float:
    """0 up to ``free_m``, then one for every ``free_m`` more."""
    return max(0.0, away_m - free_m) / free_m


def _near(expression: SpatialExpression, candidate: LatLon, anchors: Sequence[LatLon]) -> float:
    return _beyond(_away_m(expression, candidate, anchors), calibration().fit["near_free_m"])


def _between(expression: SpatialExpression, candidate: LatLon, anchors: Sequence[LatLon]) -> float:
    fit = calibration().fit
    sigma = fit["line_sigma_m"] + fit["line_sigma_ratio"] * _length_m(anchors)
    return distance_to_line_m(candidate, anchors) / sigma


def _length_m(line: Sequence[LatLon]) -> float:
    return sum(distance_m(a, b) for a, b in zip(line, line[1:], strict=False))


def _within(expression: SpatialExpression, candidate: LatLon, anchors: Sequence[LatLon]) -> float:
    return _beyond(_away_m(expression, candidate, anchors), calibration().fit["inside_free_m"])


def _front(expression: SpatialExpression, candidate: LatLon, anchors: Sequence[LatLon]) -> float:
    """What stands under "In the X direction": a part of a front, named after the town it heads for."""
    fit = calibration().fit
    away = _away_m(expression, candidate, anchors)
    return max(0.0, away - fit["front_free_m"]) / fit["front_sigma_m"]


_RULES = {
    "near": _near,
    "at": _near,
    "offset": _offset,
    "distance": _distance,
    "direction": _direction,
    "between": _between,
    "along": _between,
    "toward": _front,
    "within": _within,
}
