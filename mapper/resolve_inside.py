"""Where the text puts a name: what it says holds it, and whether it has anything to do with the country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from gazetteer.distance import great_circle_m
from gazetteer.names import fold
from gazetteer.place import Candidate, Place
from mapper import resolve_table
from mapper.home import Home
from mapper.resolve_features import SETTLED, heard
from mapper.resolve_table import Array, Group, Table

DISTRICT_EDGES = 6.0
"""How far outside the known part of a district a place may lie when the text tells their region, in edges."""
BORDER = 1.5
"""How many radii of a region from its point a place beside it lies at most."""
INSIDE = 0.8
"""Probability of a namesake where the text puts the name, when the others speak for one elsewhere."""
LITTLE, SMALL, OTHERS = 5_000, 100_000, 2
"""Population under which a town by its own name, or by another, is not believed where the text names at least
so many other places and none of its country."""
SURE = 0.6
"""Probability from which a place that is said to contain another can rule out what lies elsewhere."""


def misplaced(g: int, table: Table, p: Array, best: Sequence[Candidate | None], depth: int = 3) -> str:
    """Give the place that the text says holds a name of which no namesake lies there; "" if all is well."""
    top, outer = best[g], []
    if top is None or top.kind == "demonym":
        return ""
    if top.place.feature in resolve_table.LARGE and top.match in ("exact", "folded"):
        return ""  # "Idaho, Delaware" is a list: no region lies in another
    edges = 1.0 if heard(top) else resolve_table.EDGES
    for h in sorted(table.groups[g].inside):
        around = best[h]
        if around is None and depth:
            return _outside_all(h, top, table, p, best)
        if around is None or _sure(h, around.place, table, p) < SURE:
            return ""
        asked = table.groups[h].asked
        if asked and around.place.feature not in asked and not resolve_table.is_seat(around.place):
            return ""  # a town where the text says "province" is likely the wrong place itself
        # what is itself in the wrong place rules nothing out
        beyond = misplaced(h, table, p, best, depth - 1) if depth else ""
        alike = fold(table.groups[h].name) == fold(table.groups[g].name)
        if beyond:
            further = beyond if alike else _outside_all(h, top, table, p, best)
            if further:
                return further
            continue
        # "X, Mopti" may be in the region where the city of that name is the likelier by itself
        rows = np.flatnonzero(table.group == h)
        namesakes = [around.place] if alike else [table.candidates[i].place for i in rows]
        if any(resolve_table.may_contain(place, top.place, edges) for place in namesakes):
            return ""
        if _border(around.place, g, top, table):
            return ""
        if _beside(h, around.place, top, table, best):
            return ""
        outer.append(around.place)
    return outer[0].name if outer else ""


def alone(g: int, groups: Sequence[Group], best: Sequence[Candidate | None], home: Home | None) -> bool:
    """Whether a small town lies in a country of which the text names nothing else: hardly the one meant."""
    top = best[g]
    if top is None or heard(top) or top.place.feature not in SETTLED or groups[g].inside:
        return False
    if top.place.population >= (LITTLE if top.kind == "preferred" else SMALL):
        return False
    name, theatres = groups[g].name, home.theatres if home else ()
    others = [c for h, c in enumerate(best) if c is not None and groups[h].name != name]
    sounds = Counter(c.place.country for c in others if heard(c))
    known = {c.place.country for c in others if not heard(c) or sounds[c.place.country] > 1}
    known |= {*theatres, home.country if home else ""}
    return len(others) + OTHERS * bool(theatres) >= OTHERS and top.place.country not in known


def placed_inside(g: int, table: Table, p: Array, best: Sequence[Candidate | None]) -> int | None:
    """Give the likeliest namesake where the text puts a name: "Santa Ana, California" in news of Mexico."""
    rows = [int(i) for i in np.flatnonzero(table.group == g) if not heard(table.candidates[i])]
    known = [c for c in (best[h] for h in sorted(table.groups[g].inside)) if c is not None]
    if not known or any(heard(around) for around in known):
        return None
    for around in known:
        rows = [i for i in rows if resolve_table.may_contain(around.place, table.candidates[i].place, 1.0)]
    fit = [i for i in rows if table.candidates[i].kind not in ("demonym", "code")]
    return max(fit, key=lambda i: p[i], default=None)


def believed(row: int, rows: Any, p: Array) -> Array:
    """Give the probabilities with one row of a group made likely, and the rest of the group less so."""
    changed = p.copy()
    changed[rows] *= (1.0 - INSIDE) / max(float(p[rows].sum()), 1e-9)
    changed[row] = INSIDE
    return changed


def _sure(h: int, around: Place, table: Table, p: Array) -> float:
    """Give how likely what is said to hold a name is, with the region or the city of the same name."""
    rows = np.flatnonzero(table.group == h)
    same = [i for i in rows if (q := table.candidates[i].place).country == around.country
            and (q.admin1_code == around.admin1_code or q.id == around.id)]  # fmt: skip
    return float(p[same].sum())


def _border(region: Place, g: int, top: Candidate, table: Table) -> bool:
    """Whether a name that one place of the country bears lies beside the region that the text names.

    Regions are redrawn, and a village on the border is given to either.
    """
    place = top.place
    if region.feature != "region" or region.country != place.country or top.match not in ("exact", "folded"):
        return False
    rows = np.flatnonzero(table.group == g)
    namesakes = [c for c in (table.candidates[i] for i in rows) if c.place.country == place.country]
    away = float(great_circle_m(region.lat, region.lon, place.lat, place.lon))
    return len([c for c in namesakes if not heard(c)]) == 1 and away < BORDER * region.radius_m


def _outside_all(h: int, top: Candidate, table: Table, p: Array, best: Sequence[Candidate | None]) -> str:
    """Give what holds a place that nobody knows, where ``top`` does not lie in it: "X (unknown, Z)"."""
    for outer in sorted(table.groups[h].inside):
        around = best[outer]
        if around is None or _sure(outer, around.place, table, p) < SURE:
            continue
        if not resolve_table.may_contain(around.place, top.place):
            return around.place.name
    return ""


def _beside(h: int, around: Place, top: Candidate, table: Table, best: Sequence[Candidate | None]) -> bool:
    """Whether what only has a point holds a place after all, a large district, as the region of both is told.

    "X (Y, Z)": X lies in the region Z, not far from Y.
    """
    if heard(top) or not resolve_table.may_contain(around, top.place, DISTRICT_EDGES):
        return False
    told = (best[outer] for outer in sorted(table.groups[h].inside))
    return any(c is not None and resolve_table.may_contain(c.place, top.place) for c in told)
