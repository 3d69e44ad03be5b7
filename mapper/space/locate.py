"""Events -> events with locations: every place of an event gets a point, a geometry and a radius."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mapper.space import geodesy, geometry
from mapper.space.arrows import Arrow, arrow_to
from mapper.space.drawing import Drawn, draw, draw_link, draw_place
from mapper.space.ground import Ground, Places
from mapper.space.lexicon import lexicon
from mapper.types import (
    Event,
    EventPlace,
    Location,
    Movement,
    Resolution,
    Role,
    SpatialExpression,
)

if TYPE_CHECKING:
    from gazetteer.place import Place

_DEFAULT_ROLE: Role = "target"


def locate(
    events: Sequence[Event], resolutions: Sequence[Resolution], gazetteer: Places
) -> tuple[Event, ...]:
    """Fill ``locations`` and, where it follows from the places, the bearing of ``movement``.

    Parameters
    ----------
    events : sequence of Event
        With ``places`` as the text gives them.
    resolutions : sequence of Resolution
        What every mention of the document means.
    gazetteer : Gazetteer
        For outlines, rivers, roads and the towns between two towns.

    Returns
    -------
    tuple of Event
        In the same order. A place whose mentions were all left unresolved gives no location. Regions and
        countries keep their outline and a radius that covers it; they never become a precise point.
    """
    ground = Ground(gazetteer)
    by_id = {resolution.mention.id: resolution for resolution in resolutions}
    return tuple(_locate_event(event, by_id, ground) for event in events)


def locate_expression(
    expression: SpatialExpression,
    resolutions: Sequence[Resolution],
    gazetteer: Places,
    role: Role = _DEFAULT_ROLE,
) -> Location | None:
    """Where the words of one expression are, for geocoding; None when no anchor was resolved."""
    by_id = {resolution.mention.id: resolution for resolution in resolutions}
    drawn = draw(expression, _places(expression, by_id), Ground(gazetteer))
    return _location(EventPlace(role, None, expression), expression, drawn) if drawn else None


def locate_mention(resolution: Resolution, gazetteer: Places, role: Role = _DEFAULT_ROLE) -> Location | None:
    """Where the place of one mention is; None when it was not resolved."""
    if resolution.place is None:
        return None
    expression = _at(resolution)
    drawn = draw_place(resolution.place, Ground(gazetteer))
    return _location(EventPlace(role, resolution.mention.id), expression, drawn)


def _locate_event(event: Event, by_id: Mapping[str, Resolution], ground: Ground) -> Event:
    located: list[Location] = []
    arrow: Arrow | None = None
    for item in event.places:
        named = by_id.get(item.mention or "")
        expression = item.expression or (_at(named) if named else None)
        if expression is None:
            continue
        places = _places(expression, by_id)
        if _is_arrow(event, item, expression) and places:
            found = arrow_to(places[0], event, by_id, expression)
            arrow = arrow or found
            located.append(_location(item, expression, found.drawn))
            continue
        drawn = _drawn(item, expression, places, by_id, ground)
        if drawn:
            located.append(_location(item, expression, drawn))
    located = _linked(located)
    return replace(event, locations=tuple(located), movement=_movement(event, located, arrow))


def _drawn(
    item: EventPlace,
    expression: SpatialExpression,
    places: list[Place],
    by_id: Mapping[str, Resolution],
    ground: Ground,
) -> Drawn | None:
    subject = by_id.get(expression.subject or "")
    if item.role == "reference" and subject:  # the event is at the subject; only a distance is worth a line
        measured = expression.distance_m is not None and subject.place and places
        return draw_link(subject.place, expression, places, ground) if measured and subject.place else None
    return draw(expression, places, ground)


def _is_arrow(event: Event, item: EventPlace, expression: SpatialExpression) -> bool:
    """Whether a place is where a movement heads: "toward X", or X when the text says how far they moved."""
    if event.type not in lexicon().words["arrow_events"] or item.role not in (
        "destination",
        "target",
        "route",
    ):
        return False
    return expression.type == "toward"


def _places(expression: SpatialExpression, by_id: Mapping[str, Resolution]) -> list[Place]:
    found = (by_id[anchor].place for anchor in expression.anchors if anchor in by_id)
    return [place for place in found if place is not None]


def _at(resolution: Resolution) -> SpatialExpression:
    mention = resolution.mention
    return SpatialExpression("at", mention.start, mention.end, mention.text, (mention.id,))


def _location(item: EventPlace, expression: SpatialExpression, drawn: Drawn) -> Location:
    mention = item.mention or (expression.anchors[0] if expression.anchors else None)
    return Location(
        role=item.role,
        mention=mention,
        relation=expression,
        lat=drawn.at[0],
        lon=drawn.at[1],
        radius_m=max(1.0, drawn.radius_m),
        geometry=drawn.geometry,
        method=drawn.method,
    )


def _linked(located: list[Location]) -> list[Location]:
    """Join what belongs together: launch to targets and return, origin to destination."""
    launch = next((at for at in located if at.role == "launch"), None)
    origin = next((at for at in located if at.role == "origin"), None)
    found: list[Location] = []
    for at in located:
        start = None
        if at.role in ("target", "return"):
            start = launch
        elif at.role == "destination":
            start = origin or launch
        found.append(_joined(start, at) if start else at)
    return found


def _joined(start: Location, end: Location) -> Location:
    """``end`` with the line from ``start`` as its geometry, if it is a plain point elsewhere."""
    a, b = (start.lat, start.lon), (end.lat, end.lon)
    if end.geometry["type"] != "Point" or geodesy.measure(a, b)[0] < 1.0:
        return end
    return replace(end, geometry=geometry.line([a, b]), method=f"{end.method}, reached from the {start.role}")


def _movement(event: Event, located: Sequence[Location], arrow: Arrow | None) -> Movement | None:
    """The movement with its bearing, where the places tell it."""
    stated = event.movement
    if stated and stated.bearing_deg is not None:
        return stated
    bearing = arrow.bearing_deg if arrow else None
    origin = next((at for at in located if at.role == "origin"), None)
    end = next((at for at in located if at.role == "destination"), None)
    if bearing is None and origin and end:
        length, toward = geodesy.measure((origin.lat, origin.lon), (end.lat, end.lon))
        bearing = round(toward, 1) if length > 1.0 else None
    if bearing is None:
        return stated
    return Movement(stated.distance_m if stated else None, bearing)
