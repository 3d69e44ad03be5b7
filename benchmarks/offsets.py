"""Measure the geometry of "N km DIRECTION of X" against true end points.

    python -m benchmarks.offsets OFFSETS.jsonl [--fit]

Every row has ``text``, ``lat``, ``lon`` (the true end point) and ``ref`` with ``name``, ``lat``, ``lon`` (the
anchor's true point), so that only grammar and geometry are measured, not the resolution of names. With
``--fit`` it prints, for each share of covered points, the parameters of words.toml that give the smallest
median radius.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

from gazetteer.place import Place
from mapper.space import geodesy
from mapper.space.drawing import Drawn, draw
from mapper.space.ground import Ground
from mapper.space.phrases import find
from mapper.space.sphere import turn_deg
from mapper.types import Mention, SpatialExpression


class NoPlaces:
    """A gazetteer that knows nothing: the anchor comes from the row."""

    def geometry(self, place_id: str) -> None:
        return None

    def near(self, *args: object, **kwargs: object) -> list[object]:
        return []

    def features(self, *args: object, **kwargs: object) -> list[Place]:
        return []


def read(row: dict[str, object]) -> tuple[SpatialExpression, Drawn] | None:
    """The expression of a row and what is drawn for it, or None when the grammar found none."""
    text, ref = str(row["text"]), row["ref"]
    assert isinstance(ref, dict)
    start = text.find(ref["name"])
    mention = Mention("m0", start, start + len(ref["name"]), ref["name"], "settlement")
    anchor = Place("x:1", ref["name"], ref["lat"], ref["lon"], 3_000.0, "settlement")
    offsets = [e for e in find(text, (mention,)) if e.type == "offset"]
    if start < 0 or len(offsets) != 1:
        return None
    drawn = draw(offsets[0], [anchor], Ground(NoPlaces()))  # type: ignore[arg-type]
    return (offsets[0], drawn) if drawn else None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--fit", action="store_true", help="search the parameters of the radius")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines() if line]
    read_rows = [(row, found) for row in rows if (found := read(row))]
    report(rows, read_rows)
    if options.fit:
        fit(read_rows)


def report(
    rows: list[dict[str, object]], found: list[tuple[dict[str, object], tuple[SpatialExpression, Drawn]]]
) -> None:
    from shapely.geometry import Point, shape

    covered = within = near = 0
    radii, stated = [], []
    for row, (expression, drawn) in found:
        away = geodesy.measure(drawn.at, (row["lat"], row["lon"]))[0]  # type: ignore[arg-type]
        covered += away <= drawn.radius_m
        near += away <= 25_000
        within += shape(drawn.geometry).intersects(Point(row["lon"], row["lat"]))
        radii.append(drawn.radius_m)
        stated.append(expression.distance_m or 0.0)
    total = len(rows)
    print(
        f"texts {total}   not read {total - len(found)}   "
        f"median stated distance {statistics.median(stated) / 1000:.1f} km"
    )
    print(
        f"covered {100 * covered / total:.1f} %   within geometry {100 * within / total:.1f} %   "
        f"median radius {statistics.median(radii) / 1000:.2f} km   within 25 km {100 * near / total:.1f} %"
    )


def fit(found: list[tuple[dict[str, object], tuple[SpatialExpression, Drawn]]]) -> None:
    """Print the best (point ratio, radius_m, radius_ratio) for several shares of covered points."""
    import math

    samples = []
    for row, (expression, _) in found:
        ref = row["ref"]
        assert isinstance(ref, dict)
        true, bearing = geodesy.measure((ref["lat"], ref["lon"]), (row["lat"], row["lon"]))  # type: ignore[arg-type]
        samples.append((expression.distance_m or 1.0, true, turn_deg(bearing, expression.bearing_deg or 0.0)))
    for share in (0.90, 0.92, 0.95, 0.97):
        best = None
        for ratio in (0.86, 0.88, 0.90, 0.92, 0.94, 0.96, 1.0):
            errors = [
                (
                    d,
                    math.sqrt(
                        max(0.0, r * r + (ratio * d) ** 2 - 2 * r * ratio * d * math.cos(math.radians(a)))
                    ),
                )
                for d, r, a in samples
            ]
            for base in range(0, 4_000, 250):
                slopes = sorted(max(0.0, e - base) / d for d, e in errors)
                slope = slopes[min(len(slopes) - 1, math.ceil(share * len(slopes)) - 1)]
                median = statistics.median(base + slope * d for d, _ in errors)
                if best is None or median < best[0]:
                    best = (median, ratio, base, slope)
        assert best is not None
        print(
            f"cover {share:.0%}: median radius {best[0] / 1000:.2f} km with point ratio {best[1]}, "
            f"radius {best[2]} m + {best[3]:.3f} x stated"
        )


if __name__ == "__main__":
    main()
