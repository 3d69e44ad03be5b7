"""Make mapper/data/basemap/basemap.npz: land, coasts, borders and rivers at three levels of detail.

Usage: python scripts/make_basemap.py
The shapes are those of the compiled gazetteer (Natural Earth, public domain). Neighbours are simplified
together, so that they still share their borders; every border is kept once, as a line.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy
import shapely

from gazetteer.compile import ensure
from gazetteer.store import Gazetteer

TARGET = Path(__file__).parents[1] / "mapper" / "data" / "basemap" / "basemap.npz"
LEVELS = {"near": (0.0045, 0.001), "mid": (0.025, 0.005), "far": (0.16, 0.02)}
"""Name -> tolerance of the simplification and step of the coordinates, in degrees."""
LONGEST = 300
"""A line is cut after so many corners, so that the box of each part is small."""
SOUTHMOST = -60.0
SEAM = 179.99
"""Shapes are cut at the antimeridian; the cut is no coast."""


def main():
    gazetteer = Gazetteer.open(ensure())
    countries = shapes(gazetteer, "country")
    regions = shapes(gazetteer, "region")
    rivers = shapes(gazetteer, "river")
    waters = sorted(gazetteer.features("water", limit=2000), key=lambda place: place.id)
    arrays = {"owners": as_bytes(owners(countries, regions, rivers, waters))}
    for level, (tolerance, step) in LEVELS.items():
        simple = shapely.coverage_simplify([shape for _, shape in countries], tolerance)
        rings = [rings_of(shape, step, tolerance) for shape in simple]
        put(arrays, f"{level}_land", [(n, ring) for n, found in enumerate(rings) for ring in found])
        if level == "far":
            continue
        coast, borders = split(rings, [""] * len(rings), step)
        put(arrays, f"{level}_coast", coast)
        put(arrays, f"{level}_borders", borders)
        simple = shapely.coverage_simplify([shape for _, shape in regions], 1.5 * tolerance)
        inside = [place.country for place, _ in regions]
        rings = [rings_of(shape, step, tolerance) for shape in simple]
        put(arrays, f"{level}_regions", split(rings, inside, step)[1])
        lines = []
        for n, (_, shape) in enumerate(rivers):
            light = shapely.line_merge(shape).simplify(tolerance, preserve_topology=False)
            for part in getattr(light, "geoms", [light]):
                lines += [(n, piece) for piece in pieces(whole(part.coords, step))]
        put(arrays, f"{level}_rivers", lines)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    numpy.savez_compressed(TARGET, **arrays)
    for name, array in arrays.items():
        print(f"{name:22}{array.size:10,}")
    print(f"{TARGET.stat().st_size:,} bytes")


def shapes(gazetteer, feature):
    """(place, shape) of everything of a kind that has a shape, in the order of the ids."""
    found = []
    for place in sorted(gazetteer.features(feature, limit=10_000), key=lambda place: place.id):
        raw = gazetteer.geometry(place.id)
        if raw is not None and place.lat > SOUTHMOST:
            found.append((place, shapely.from_wkb(raw)))
    return found


def owners(countries, regions, rivers, waters):
    """What each path belongs to, with names and points; radius (km) of regions, (m) of waters."""
    return {
        "countries": [[p.country, p.id, p.name, p.lat, p.lon] for p, _ in countries],
        "regions": [[p.country, p.id, p.name, p.lat, p.lon, round(p.radius_m / 1000)] for p, _ in regions],
        "waters": [[p.name, p.lat, p.lon, round(p.radius_m)] for p in waters],
        "rivers": [[p.id, p.name, min(9, int(shape.length**0.5 * 1.5))] for p, shape in rivers],
    }


def as_bytes(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return numpy.frombuffer(text.encode(), dtype=numpy.uint8)


def whole(points, step):
    """Points in whole steps, those that do not move left out."""
    path = numpy.rint(numpy.asarray(points)[:, :2] / step).astype(numpy.int64)
    keep = numpy.ones(len(path), dtype=bool)
    keep[1:] = (path[1:] != path[:-1]).any(axis=1)
    return path[keep]


def rings_of(shape, step, tolerance):
    """The rings of a shape in whole steps, without islands too small to see."""
    found = []
    for polygon in getattr(shape, "geoms", [shape]):
        if polygon.is_empty or polygon.area < tolerance * tolerance or polygon.bounds[3] < SOUTHMOST:
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            path = whole(ring.coords, step)
            if len(path) > 3:
                found.append(path)
    return found


def split(rings_by_owner, groups, step):
    """Outer lines, and lines that two owners of the same group share, each once."""
    owners_of = {}
    for n, rings in enumerate(rings_by_owner):
        for a, b in (pair for ring in rings for pair in pairwise(map(tuple, ring.tolist()))):
            owners_of.setdefault((min(a, b), max(a, b)), set()).add(n)
    outer, inner, done = [], [], set()
    for n, rings in enumerate(rings_by_owner):
        for ring in rings:
            run, before = [], None
            for a, b in pairwise(map(tuple, ring.tolist())):
                key = (min(a, b), max(a, b))
                mine = owners_of[key]
                kind = outer if len(mine) == 1 else inner if len({groups[m] for m in mine}) == 1 else None
                seam = a[0] == b[0] and abs(a[0]) * step >= SEAM
                kind = None if seam or key in done else kind
                done.add(key)
                if kind is not before:
                    flush(before, run, n)
                    run = [a]
                run.append(b)
                before = kind
            flush(before, run, n)
    return outer, inner


def flush(kind, run, owner):
    if kind is not None and len(run) > 1:
        kind.extend((owner, piece) for piece in pieces(numpy.array(run)))


def pieces(path):
    """A path cut into parts of at most LONGEST corners that share their ends."""
    return [path[at : at + LONGEST + 1] for at in range(0, len(path) - 1, LONGEST)]


def put(arrays, name, paths):
    """Paths one after the other: the owner, size, first point and box of each, and all the differences."""
    steps = [numpy.diff(path, axis=0) for _, path in paths]
    arrays[f"{name}_owner"] = numpy.array([owner for owner, _ in paths], dtype=numpy.int16)
    arrays[f"{name}_size"] = numpy.array([len(path) for _, path in paths], dtype=numpy.int32)
    arrays[f"{name}_first"] = numpy.array([path[0] for _, path in paths], dtype=numpy.int32)
    arrays[f"{name}_box"] = numpy.array([[*p.min(axis=0), *p.max(axis=0)] for _, p in paths], numpy.int32)
    arrays[f"{name}_steps"] = numpy.concatenate(steps).astype(numpy.int16).T.copy()


if __name__ == "__main__":
    main()
