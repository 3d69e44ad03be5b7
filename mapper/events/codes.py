"""Codes of other schemes for an event: ACLED, PLOVER, ACLED geo-precision and UCDP where_prec."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from mapper.events.actors import sides
from mapper.events.lexicon import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.types import Event, Resolution

_MAIN = ("target", "destination", "launch", "origin", "route", "reference", "return", "waypoint")


@cache
def _codes() -> dict[str, dict[str, Any]]:
    return load("codes.toml")


@cache
def _states() -> frozenset[str]:
    return frozenset(load("sides.toml")["states"]) | {"SAF"}


def acled(event: Event) -> tuple[str, str]:
    """Return ACLED's (event type, sub-event type); ("", "") for disasters, which ACLED does not code.

    The words of the report decide first (a suicide bomb, a mob), then whether the initiator is a state.
    """
    row = _codes().get(event.type, {})
    said = event.quote.casefold()
    for word, codes in row.get("words", {}).items():
        if word in said:
            return str(codes[0]), str(codes[1])
    return _pair(event, "acled", row.get("acled", ["", ""]))


def plover(event: Event) -> tuple[str, str]:
    """Return PLOVER's (event, mode), the mode "" when it is left open; ("", "") when there is none."""
    row = _codes().get(event.type, {})
    return _pair(event, "plover", [row.get("plover", ""), row.get("plover_mode", "")])


def _pair(event: Event, scheme: str, usual: list[str]) -> tuple[str, str]:
    """Return the codes of a scheme, by the kind of initiator where the scheme asks for it."""
    row = _codes().get(event.type, {})
    side = event.initiator.side if event.initiator else ""
    violent = bool(event.casualties.killed) or "riot" in event.quote.casefold()
    found = usual
    if side and side in _states():
        found = row.get(f"{scheme}_state", usual)
    elif side:
        found = row.get(f"{scheme}_nonstate", usual)
    if violent:
        found = row.get(f"{scheme}_violent", found)
    return str(found[0]), str(found[1])


def geo_precision(event: Event, resolutions: Sequence[Resolution]) -> int:
    """Return ACLED's geo-precision: 1 a named town, 2 near a town or a part of a region, 3 a larger region.

    By rule from the main location: its relation, its radius and what the place is.
    """
    main, feature = _main(event, resolutions)
    if main is None:
        return 3
    if feature in ("region", "country", "area", "continent") or main.radius_m > 50_000:
        return 3
    if feature == "district" or main.relation.type not in ("at", "within") or main.radius_m > 15_000:
        return 2
    return 1


def where_prec(event: Event, resolutions: Sequence[Resolution]) -> int:
    """Return UCDP GED's where_prec, 1 (exact) to 7 (international waters or air).

    1 exact place, 2 within about 25 km of it, 3 second-level region, 4 first-level region, 5 a line or
    fuzzy area,
    6 country, 7 sea.
    """
    main, feature = _main(event, resolutions)
    if main is None:
        return 6
    if feature == "water":
        return 7
    if feature in ("country", "continent"):
        return 6
    if (
        main.relation.line
        or main.relation.type in ("between", "along")
        or feature in ("area", "river", "road")
    ):
        return 5
    if feature == "region":
        return 4
    if feature in ("district", "municipality"):
        return 3
    if main.relation.type != "at" or main.radius_m > 15_000:
        return 2 if main.radius_m <= 35_000 else 5
    return 1


def _main(event: Event, resolutions: Sequence[Resolution]) -> tuple[Any, str]:
    if not event.locations:
        return None, ""
    main = min(event.locations, key=lambda loc: _MAIN.index(loc.role))
    place = next((r.place for r in resolutions if r.mention.id == main.mention), None)
    return main, place.feature if place is not None else ""


def is_known_side(name: str) -> bool:
    """Whether `name` is a side that the data knows."""
    return name in set(sides().names.values())
