"""Check that every populated place lies in, or within 5 km of, the polygon of its first-level region.

Usage: ``python scripts/check_hierarchy.py [--list N]``. Prints counts by country and the worst offenders.
The causes: the region has no polygon; the polygon is too coarse (coast or border); the point is wrong; the
polygons are older than the codes. Exit status 1 when more than one place in a hundred lies outside.
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
KM_PER_DEGREE = 111.195


def polygons(extracts: Any) -> dict[str, Any]:
    """Return first-level code -> polygon."""
    columns = (extracts.geometry[name].to_pylist() for name in ("place", "wkb"))
    shapes = dict(zip(*columns, strict=True))
    feature = extracts.places["feature"].to_pylist()
    code = extracts.places["admin1"].to_pylist()
    return {code[n]: shapely.from_wkb(wkb) for n, wkb in shapes.items() if feature[n] == "region"}


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


def main() -> int:
    """Print the result; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", type=int, default=40, help="how many of the worst places to print")
    arguments = parser.parse_args()
    extracts = read_extracts()
    shapes = polygons(extracts)
    columns = ["name", "lat", "lon", "feature", "country", "admin1", "source"]
    table = extracts.places.select(columns).to_pandas()
    table = table[table["feature"].isin(["settlement", "suburb"]) & (table["source"] != "curated")]
    bare = table[(table["admin1"] == "") | ~table["admin1"].isin(list(shapes))]
    worst: list[tuple[float, str, str, str, str]] = []
    near = 0
    for code, group in table.groupby("admin1"):
        if code not in shapes:
            continue
        away = outside_km(shapes[code], group["lat"].to_numpy(), group["lon"].to_numpy())
        near += int(((away > 0) & (away <= LIMIT_KM)).sum())
        for km, name, source in zip(away, group["name"], group["source"], strict=True):
            if km > LIMIT_KM:
                worst.append((float(km), str(code), str(name), str(source), ""))
    inside = len(table) - len(bare) - near - len(worst)
    print(f"{len(table):,} populated places: {inside:,} inside, {near:,} within {LIMIT_KM:.0f} km,")
    print(f"{len(worst):,} farther;")
    print(f"{len(bare):,} have no first-level polygon: {Counter(bare['country']).most_common(25)}")
    print(f"farther, by country: {Counter(row[1][:2] for row in worst).most_common(40)}")
    print(f"farther, by source: {Counter(row[3] for row in worst).most_common()}")
    for km, code, name, source, _ in sorted(worst, reverse=True)[: arguments.list]:
        print(f"{km:8.0f} km  {code:7} {name} ({source})")
    return int(len(worst) > len(table) / 100)


if __name__ == "__main__":
    sys.exit(main())
