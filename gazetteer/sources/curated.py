"""The curated facts: tables of places that no package holds, and of names for places that one holds.

``data/curated/places/*.csv``
    name, feature, lat, lon, radius_m, country, admin1, names ("|" between them), source.
``data/curated/lines/*.geojson``
    LineStrings (named roads, rivers) with the same properties but lat and lon.
``data/curated/names.csv``
    place (country code, first-level code or id), kind, names ("|"), source: demonyms, short and former names.
    "preferred" gives the place the name that readers know; the name that it had stays as an alternate.
``data/curated/points/settlements.csv``
    place (id), name (for the reader), lat, lon, radius_m, source: a better point than a package has, such as
    that of a village of which the official list says no more than its community.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from gazetteer.errors import GazetteerFormatError
from gazetteer.place import Feature, Name, NameKind, SourcePlace

PRIORITY = 85


def curated_places(folder: Path) -> Iterator[SourcePlace]:
    """Give the curated places, in a fixed order.

    Raises
    ------
    GazetteerFormatError
        When a row lacks a column or its numbers are not numbers; the message names file and line.
    """
    for path in sorted((folder / "places").glob("*.csv")):
        for number, line in _lines(path):
            try:
                yield _place(line, float(line["lat"]), float(line["lon"]))
            except (KeyError, TypeError, ValueError) as error:
                raise GazetteerFormatError(f"{path.name}, line {number}: {error!r}; mend the row.") from error
    for path in sorted((folder / "lines").glob("*.geojson")):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            yield _line(feature)


def curated_names(folder: Path) -> Iterator[tuple[str, NameKind, list[str]]]:
    """Give (country code, first-level code or place id; kind; names)."""
    path = folder / "names.csv"
    if path.exists():
        for _, line in _lines(path):
            texts = [text.strip() for text in line["names"].split("|") if text.strip()]
            yield line["place"], cast(NameKind, line["kind"]), texts


def curated_points(folder: Path) -> dict[str, tuple[float, float, float]]:
    """Give (latitude, longitude, radius in metres) by place id.

    Raises
    ------
    GazetteerFormatError
        When a row lacks a column or its numbers are not numbers; the message names file and line.
    """
    points: dict[str, tuple[float, float, float]] = {}
    path = folder / "points" / "settlements.csv"
    for number, line in _lines(path) if path.exists() else ():
        try:
            points[line["place"]] = float(line["lat"]), float(line["lon"]), float(line["radius_m"])
        except (KeyError, TypeError, ValueError) as error:
            raise GazetteerFormatError(f"{path.name}, line {number}: {error!r}; mend the row.") from error
    return points


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from enumerate(csv.DictReader(stream), 2)


def _place(line: dict[str, str], lat: float, lon: float, geometry: bytes | None = None) -> SourcePlace:
    texts = [text.strip() for text in line.get("names", "").split("|")]
    return SourcePlace(
        id=_id(line),
        name=line["name"].strip(),
        lat=lat,
        lon=lon,
        feature=cast(Feature, line["feature"].strip()),
        country=line["country"].strip(),
        admin1=line.get("admin1", "").strip(),
        radius_m=float(line["radius_m"]),
        names=tuple(Name(text) for text in texts if text),
        geometry=geometry,
        source="curated",
        priority=PRIORITY,
    )


def _id(line: dict[str, str]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", line["name"].lower()).strip("-")
    return f"curated:{line['country'].lower() or 'xx'}:{line['feature']}:{slug}"


def _line(feature: dict[str, Any]) -> SourcePlace:
    import shapely
    from shapely.geometry import shape

    from gazetteer.extract_rows import covering_radius_m

    line = shape(feature["geometry"])
    middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
    properties = {**feature["properties"]}
    properties.setdefault("radius_m", str(covering_radius_m(line, middle.y, middle.x)))
    return _place(properties, round(middle.y, 5), round(middle.x, 5), shapely.to_wkb(line, byte_order=1))
