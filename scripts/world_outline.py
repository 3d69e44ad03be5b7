"""Make mapper/data/basemap/world.json: the world's countries in outline, for what lies beyond a map's area.

Usage: python scripts/world_outline.py countries-110m.json
The input is a file of the npm package world-atlas 2.0.2 (Natural Earth 1:110m, public domain).
"""

import json
import sys
from pathlib import Path

QUANTUM = 0.01
TARGET = Path(__file__).parents[1] / "mapper" / "data" / "basemap" / "world.json"


def arcs(topology):
    """Each arc of a quantised TopoJSON as (longitude, latitude) pairs."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        path = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            path.append((x * scale_x + move_x, y * scale_y + move_y))
        yield path


def main(source):
    topology = json.loads(Path(source).read_text())
    lines = list(arcs(topology))
    paths = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            path = []
            for index in ring:
                path += (lines[index] if index >= 0 else lines[~index][::-1])[1 if path else 0 :]
            if min(y for _, y in path) < -85:  # Antarctica runs round the pole, where no map goes
                continue
            flat, last, before = [], (0, 0), path[0][0]
            for x, y in path:
                # A ring across the antimeridian goes on beyond 180 degrees instead of back across the world.
                x += 360 * round((before - x) / 360)
                before = x
                step = (round(x / QUANTUM), round(y / QUANTUM))
                if not flat or step != last:
                    flat += (step[0] - last[0], step[1] - last[1])
                last = step
            paths.append(flat)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps({"quantum": QUANTUM, "paths": paths}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
