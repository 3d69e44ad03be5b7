"""Check that every populated place lies in, or within 5 km of, the polygon of its first-level region.

Usage: ``python scripts/check_hierarchy.py [--list N]``. Prints how many do, and for those that do not a table
of causes, each place under the first that fits:

disputed        two states claim the land, and the sources side with different ones
coast           it lies on no land that is drawn: an island, or a coast that is drawn too roughly
gap             it lies in its country, but in no region's polygon: a division that is not drawn
other division  the polygons' regions are not those of the codes: most places of its code lie outside too
border          it lies in a neighbouring region, but no farther from its own than the lines are coarse
postal area     a postal point in another region: its area reaches over the border, or it is wrong
other country   it lies in another country than its source says
other code      a place of another source that lies in another region: an outdated code or a wrong point

Exit status 1 when more than one place in a hundred lies outside.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import Any

import numpy as np
import shapely

from gazetteer.sources.extracts import read_extracts

LIMIT_KM = 5.0
COARSE_KM = 12.0
"""The polygons are drawn for 1:10 million: so far their lines may be off in places."""
MOSTLY = 0.25
"""A region of which so many places lie outside is not the one that is drawn."""
KM_PER_DEGREE = 111.195
DISPUTED = {
    frozenset(pair.split("-"))
    for pair in ("UA-RU", "IN-CN", "IN-PK", "EH-MA", "IL-PS", "IL-SY", "CY-TR", "RS-XK", "SD-SS", "SO-XS",
                 "GE-RU", "AM-AZ", "MD-RU", "SD-EG", "KR-KP", "JP-RU", "TW-CN", "EH-MR", "NC-CY", "SO-SL")
}  # fmt: skip
CAUSES = (
    "disputed",
    "coast",
    "gap",
    "other division",
    "border",
    "postal area",
    "other country",
    "other code",
)


def polygons(extracts: Any, wanted: str = "region") -> dict[str, Any]:
    """Return first-level code (or country code) -> polygon."""
    columns = (extracts.geometry[name].to_pylist() for name in ("place", "wkb"))
    shapes = dict(zip(*columns, strict=True))
    feature = extracts.places["feature"].to_pylist()
    code = extracts.places["admin1" if wanted == "region" else "country"].to_pylist()
    return {code[n]: shapely.from_wkb(wkb) for n, wkb in shapes.items() if feature[n] == wanted}


def outside_km(polygon: Any, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return how far points lie outside of a polygon, in km: 0 for those inside.

    The nearest point is found in a plane that is stretched to the polygon's latitude band.
    """
    shapely.prepare(polygon)
    points = shapely.points(lon, lat)
    out = np.zeros(len(lat))
    stray = np.flatnonzero(~shapely.contains(polygon, points))
    for number in stray:
        scale = max(0.02, np.cos(np.radians(lat[number])))
        flat = shapely.transform(polygon, lambda xy, s=scale: xy * [s, 1.0])
        out[number] = shapely.distance(flat, shapely.Point(lon[number] * scale, lat[number])) * KM_PER_DEGREE
    return out


def farther(table: Any, shapes: dict[str, Any]) -> tuple[list[dict[str, Any]], int, dict[str, float]]:
    """Return the places beyond the limit, how many lie just outside, and the share outside by region."""
    worst: list[dict[str, Any]] = []
    near = 0
    share: dict[str, float] = {}
    for code, group in table.groupby("admin1"):
        if code not in shapes:
            continue
        away = outside_km(shapes[code], group["lat"].to_numpy(), group["lon"].to_numpy())
        near += int(((away > 0) & (away <= LIMIT_KM)).sum())
        share[code] = float((away > LIMIT_KM).mean())
        for km, row in zip(away, group.to_dict("records"), strict=True):
            if km > LIMIT_KM:
                worst.append({**row, "km": float(km)})
    return worst, near, share


def holders(worst: list[dict[str, Any]], shapes: dict[str, Any]) -> list[str]:
    """Return the code of the region in whose polygon each place lies, "" when in none."""
    codes = sorted(shapes)
    tree = shapely.STRtree([shapes[code] for code in codes])
    points = shapely.points([row["lon"] for row in worst], [row["lat"] for row in worst])
    found = [""] * len(worst)
    for place, number in tree.query(points, predicate="intersects").T.tolist():
        found[place] = codes[number]
    return found


def cause_of(row: dict[str, Any], holder: str, country: str, share: float) -> str:
    """Return why a place lies outside of its region; ``holder`` and ``country`` are those it lies in."""
    if holder and frozenset((row["admin1"][:2], holder[:2])) in DISPUTED:
        return "disputed"
    if not holder:
        return "gap" if country else "coast"
    if share >= MOSTLY:
        return "other division"
    if row["km"] <= COARSE_KM:
        return "border"
    if row["source"] == "postal":
        return "postal area"
    return "other country" if row["admin1"][:2] != holder[:2] else "other code"


def main() -> int:
    """Print the result; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", type=int, default=5, help="how many of the worst of each cause to print")
    arguments = parser.parse_args()
    extracts = read_extracts()
    shapes = polygons(extracts)
    columns = ["name", "lat", "lon", "feature", "country", "admin1", "source"]
    table = extracts.places.select(columns).to_pandas()
    table = table[table["feature"].isin(["settlement", "suburb"]) & (table["source"] != "curated")]
    bare = table[(table["admin1"] == "") | ~table["admin1"].isin(list(shapes))]
    worst, near, share = farther(table.astype({"admin1": str}), shapes)
    inside = len(table) - len(bare) - near - len(worst)
    print(f"{len(table):,} populated places: {inside:,} inside, {near:,} within {LIMIT_KM:.0f} km,")
    print(f"{len(bare):,} have no first-level polygon: {Counter(bare['country']).most_common(12)}")
    print(f"{len(worst):,} farther, by cause:")
    causes: dict[str, list[tuple[dict[str, Any], str]]] = {cause: [] for cause in CAUSES}
    countries = holders(worst, polygons(extracts, "country"))
    for row, holder, country in zip(worst, holders(worst, shapes), countries, strict=True):
        causes[cause_of(row, holder, country, share[row["admin1"]])].append((row, holder))
    for cause, rows in causes.items():
        where = Counter(row["admin1"][:2] for row, _ in rows).most_common(6)
        print(f"{len(rows):7,}  {cause:15}" + ", ".join(f"{country} {count}" for country, count in where))
    print(f"{sum(map(len, causes.values())):7,}  in all")
    for cause, rows in causes.items():
        for row, holder in sorted(rows, key=lambda pair: -pair[0]["km"])[: arguments.list]:
            there = f"{row['admin1']} lies in {holder or 'no polygon'}"
            print(f"{row['km']:8.0f} km  {cause:15}{row['name']} ({row['source']}): {there}")
    return int(len(worst) > len(table) / 100)


if __name__ == "__main__":
    sys.exit(main())
