"""The gazetteer as a geopy geocoder: no network, no key, no rate limit.

``LocalGeocoder().geocode("Lviv").latitude`` is 49.84.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from gazetteer.compile import ensure
from gazetteer.names import fold
from gazetteer.place import Candidate, Place
from gazetteer.store import Gazetteer

NEAREST_M = 50_000.0
"""How far from a point ``reverse`` looks for a place, in metres."""
_WIDER = 50
"""Candidates that are read before boxes and parts of the query are compared."""


class LocalGeocoder(Geocoder):  # type: ignore[misc]
    """Geocode place names with the local gazetteer.

    Accepted by ``geopandas.tools.geocode`` and ``geopy.extra.rate_limiter.RateLimiter``. Names may be
    misspelt or in any script. "Name, region, country" is read from the left; the later parts choose among
    the candidates of the first.

    Parameters
    ----------
    gazetteer : path or Gazetteer, optional
        Default: the gazetteer that ships with mapper, compiled on first use.
    """

    def __init__(
        self,
        gazetteer: Gazetteer | Path | str | None = None,
        *,
        timeout: Any = DEFAULT_SENTINEL,
        proxies: Any = DEFAULT_SENTINEL,
        user_agent: str | None = None,
        ssl_context: Any = DEFAULT_SENTINEL,
        adapter_factory: Any = None,
    ) -> None:
        super().__init__(
            scheme="https",
            timeout=timeout,
            proxies=proxies,
            user_agent=user_agent,
            ssl_context=ssl_context,
            adapter_factory=adapter_factory,
        )
        self.gazetteer = gazetteer if isinstance(gazetteer, Gazetteer) else Gazetteer.open(ensure(gazetteer))

    def geocode(
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        country_codes: str | Sequence[str] | None = None,
        viewbox: Sequence[Any] | None = None,
        bounded: bool = False,
        language: str | None = None,
        namedetails: bool = False,
    ) -> Location | list[Location] | None:
        """Find a place by its name.

        Parameters
        ----------
        query
            The name, perhaps with region and country after commas; or a mapping with "city", "state",
            "country" (and "county").
        exactly_one
            Give one location, or a list.
        limit
            The longest list, 10 by default.
        country_codes
            ISO 3166-1 alpha-2 code or codes to keep.
        viewbox
            Two opposite corners (points in geopy's forms: latitude first); places within come first, and
            with ``bounded`` no others are given.
        language
            Preferred language of the name given (ISO 639-1), where the gazetteer knows one.
        namedetails
            Add all names to ``raw["namedetails"]``.

        Returns
        -------
        Location, list of Location, or None when nothing was found.
        """
        name, context = _parts(query)
        if not name:
            raise GeocoderQueryError("The query is empty: give a place name.")
        codes = _codes(country_codes)
        found = self._candidates(name, codes)
        found = sorted(found, key=lambda c: -self._context_fit(c.place, context))
        if viewbox is not None:
            box = _box(viewbox)
            inside = [c for c in found if _within(c.place, box)]
            found = inside if bounded else inside + [c for c in found if not _within(c.place, box)]
        locations = [
            self._location(c.place, language, namedetails, {"match": c.match, "score": c.score})
            for c in found[: 1 if exactly_one else limit or 10]
        ]
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        language: str | None = None,
        namedetails: bool = False,
    ) -> Location | list[Location] | None:
        """Find the settlements nearest to a point, at most 50 km away.

        ``query`` is a point in any of geopy's forms: a geopy Point, (latitude, longitude), or text.
        """
        point = Point(query)
        found = self.gazetteer.near(
            point.latitude, point.longitude, NEAREST_M, features=("settlement",),
            limit=1 if exactly_one else limit or 10,
        )  # fmt: skip
        locations = [
            self._location(place, language, namedetails, {"distance_m": round(metres, 1)})
            for place, metres in found
        ]
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    def _candidates(self, name: str, codes: Sequence[str]) -> list[Candidate]:
        if not codes:
            return self.gazetteer.candidates(name, limit=_WIDER)
        found = [c for code in codes for c in self.gazetteer.candidates(name, country=code, limit=_WIDER)]
        return sorted(found, key=lambda c: -c.score)

    def _context_fit(self, place: Place, context: Sequence[str]) -> int:
        """Count the later parts of a query that name the place's region or country."""
        if not context:
            return 0
        country = {c.place.country for part in context for c in self.gazetteer.lookup(part)
                   if c.place.feature == "country"}  # fmt: skip
        regions = {fold(part) for part in context}
        own = {fold(place.admin1), fold(place.admin2), fold(place.country)}
        region_codes = {c.place.admin1_code for part in context for c in self.gazetteer.lookup(part)
                        if c.place.feature == "region"}  # fmt: skip
        return (
            (place.country in country)
            + bool(regions & own - {""})
            + (bool(place.admin1_code) and place.admin1_code in region_codes)
        )

    def _location(
        self, place: Place, language: str | None, namedetails: bool, extra: Mapping[str, Any]
    ) -> Location:
        names = self.gazetteer.names(place.id) if language or namedetails else []
        shown = next((n.text for n in names if language and n.language == language), place.name)
        address = ", ".join(dict.fromkeys(part for part in (shown, place.admin1, place.country) if part))
        raw: dict[str, Any] = {
            "id": place.id,
            "name": place.name,
            "feature": place.feature,
            "country": place.country,
            "admin1": place.admin1,
            "population": place.population,
            "radius_m": place.radius_m,
            **extra,
        }
        if namedetails:
            raw["namedetails"] = [{"name": n.text, "kind": n.kind, "language": n.language} for n in names]
        return Location(address, (place.lat, place.lon), raw)


def _parts(query: str | Mapping[str, str]) -> tuple[str, list[str]]:
    """Split a query into the name and what it is said to lie in."""
    if isinstance(query, Mapping):
        parts = [query.get(key, "") for key in ("city", "county", "state", "country")]
    else:
        parts = str(query).split(",")
    parts = [part.strip() for part in parts if part and part.strip()]
    return (parts[0], parts[1:]) if parts else ("", [])


def _codes(country_codes: str | Sequence[str] | None) -> list[str]:
    if not country_codes:
        return []
    codes = country_codes.split(",") if isinstance(country_codes, str) else country_codes
    return [code.strip().upper() for code in codes if code.strip()]


def _box(viewbox: Sequence[Any]) -> tuple[float, float, float, float]:
    """Give (south, west, north, east) of two opposite corners."""
    if len(viewbox) != 2:
        raise GeocoderQueryError("A viewbox is two opposite corners, each latitude first.")
    a, b = Point(viewbox[0]), Point(viewbox[1])
    south, north = sorted((a.latitude, b.latitude))
    west, east = sorted((a.longitude, b.longitude))
    return south, west, north, east


def _within(place: Place, box: tuple[float, float, float, float]) -> bool:
    south, west, north, east = box
    return south <= place.lat <= north and west <= place.lon <= east and not math.isnan(place.lat)
