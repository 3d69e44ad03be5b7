"""Second-level regions: names from lists, points from the places inside. For maintainers: see `extract`."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from functools import cache

from gazetteer.extract_postal import Post
from gazetteer.extract_rows import Packages, Row, distance_m, mean_point
from gazetteer.extract_towns import second_level_codes, second_level_names
from gazetteer.names import fold, skeleton
from gazetteer.translit import is_cyrillic, romanise

ID_IS_GEONAMES = re.compile(r"\d{5,8}")
_GENERIC = re.compile(
    r"\b(?:raion|rayon|raionul|district|municipality|county|provincia|province|gorod|city|urban|okrug|distrito|"
    r"municipio|departamento|department|de|of|du|the|kreis|landkreis|powiat|obec|okres|municipiul|comuna|oras|"
    r"mantaqah|markaz|nahiyat|qada|qism|caza|cercle|arrondissement|township|shahrestan|khoroshunu|il|ilce)\b"
)
_ADJECTIVE = re.compile(r"(?:s?(?:k|ts)(?:iy|yy|yi|ii|i|y)|skaya|ska|ckij|skij|skoye)$")


@cache
def stem(name: str) -> str:
    """Return what is left of a district's name without its kind and adjective ending, folded."""
    text = " ".join(_GENERIC.sub(" ", fold(name)).split())
    return _ADJECTIVE.sub("", text) or text


def districts(packages: Packages, towns: list[Row], posts: list[tuple[Post, str]]) -> list[Row]:
    """Make the second-level regions of all countries but Ukraine, whose official list is better."""
    names = second_level_names(packages)
    members = _town_members(packages, towns)
    local = _post_members(posts)
    by_region: dict[str, list[Row]] = defaultdict(list)
    for town in towns:
        by_region[town.admin1].append(town)
    rows = []
    for code, name in sorted(names.items()):
        if code.startswith("UA."):
            continue
        admin1, own = code.rsplit(".", 1)
        points = [*members.get(code, ()), *local.pop((admin1, _key(name)), ())]
        if not points:
            points = _seat(name, by_region[admin1])
        if points:
            known = ID_IS_GEONAMES.fullmatch(own) and code[:2] in ("BY", "RU", "KZ")
            place_id = f"geonames:{own}" if known else f"admin2:{code}"
            rows.append(_row(place_id, name, admin1, points, "geonames-admin"))
    for (admin1, key), points in sorted(local.items()):
        if key and len(points) > 1 and not admin1.startswith("UA."):
            rows.append(_row(f"admin2:{admin1}:{key}", points[0].name, admin1, points, "postal-regions"))
    return rows


def joined(districts: list[Row], shaped: list[Row]) -> list[Row]:
    """Return the districts with polygons, and the others that are none of them by name and region."""
    by_key: dict[tuple[str, str], Row] = {}
    for row in shaped:
        for name in (row.name, *row.names):
            by_key.setdefault((row.admin1, _key(name)), row)
    kept = []
    for row in districts:
        same = by_key.get((row.admin1, _key(row.name)))
        if same is not None and distance_m(row.lat, row.lon, same.lat, same.lon) <= same.radius_m + 20_000.0:
            same.take_names(row)
        else:
            kept.append(row)
    return kept + shaped


class Point(tuple[float, float]):
    """A (lat, lon) with the name of its district as the list writes it."""

    name = ""


def _town_members(packages: Packages, towns: list[Row]) -> dict[str, list[Point]]:
    codes = second_level_codes(packages)
    members: dict[str, list[Point]] = defaultdict(list)
    for town in towns:
        code = codes.get((town.name, town.country, round(town.lat, 4), round(town.lon, 4)))
        if code and town.admin1:
            members[f"{town.admin1}.{code}"].append(Point((town.lat, town.lon)))
    return members


def _post_members(posts: list[tuple[Post, str]]) -> dict[tuple[str, str], list[Point]]:
    members: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for post, code in posts:
        if code and post.district:
            point = Point((post.lat, post.lon))
            point.name = post.district
            members[code, _key(post.district)].append(point)
    return members


@cache
def _key(name: str) -> str:
    return skeleton(stem(name)) or fold(name)


def _seat(name: str, towns: list[Row]) -> list[Point]:
    """Return the point of the town that a district is named after, if its region has one."""
    wanted = stem(name)
    if len(wanted) < 4:
        return []
    sound = skeleton(wanted)
    found = [t for t in towns if stem(t.name)[:4] == wanted[:4] and _key(t.name)[:4] == sound[:4]]
    if not found:
        found = [t for t in towns if len(sound) >= 3 and _key(t.name) == sound]
    if not found:
        return []
    best = min(found, key=lambda t: (abs(len(_key(t.name)) - len(sound)), -t.population, t.id))
    return [Point((best.lat, best.lon))]


def _row(place_id: str, name: str, admin1: str, points: list[Point], source: str) -> Row:
    lat0, lon0 = statistics.median(p[0] for p in points), statistics.median(p[1] for p in points)
    near = [p for p in points if distance_m(lat0, lon0, *p) < 150_000.0] or points
    lat, lon = mean_point(near)
    spread = sorted(distance_m(lat, lon, *p) for p in near)[int(len(near) * 0.95)] if len(near) > 1 else 0.0
    latin = romanise(name, admin1[:2]) if is_cyrillic(name) else name
    row = Row(
        id=place_id,
        name=latin,
        lat=lat,
        lon=lon,
        feature="district",
        country=admin1[:2],
        admin1=admin1,
        radius_m=max(8_000.0, 1.2 * spread) if len(near) > 1 else 20_000.0,
        source=source,
        priority=60,
    )
    row.add(name)
    row.add_all(district_names(latin, admin1[:2]))
    return row


def district_names(name: str, country: str) -> list[str]:
    """Return the ways in which a text may call a district: with and without its kind, and as "X district"."""
    bare = re.sub(r"\s*\b(?:Raion|Rayon|District|Municipality|County|Urban Okrug)\b\s*", " ", name).strip()
    if bare == name and country not in ("RU", "BY", "KZ", "MD", "UA"):
        return []
    town = re.sub(
        r"(?:ivs|evs|ovs|awts|ivts|s|ts|ows|aws)k(?:iy|yy|yi|ii|y|aya|i)$",
        lambda m: m[0][: -_cut(m[0])],
        bare,
    )
    return [f"{bare} district", *([f"{town} district"] if town != bare else []), bare]


def _cut(ending: str) -> int:
    """Return how many letters of an adjective's ending are not the town's."""
    tail = re.search(r"sk\w+$|tsk\w+$", ending)
    return len(tail[0]) if tail else len(ending)
