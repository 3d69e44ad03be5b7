"""The second look at every span: how it fits with what the first look has made likely elsewhere."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gazetteer.place import Candidate, Place
from mapper.mentions.context import Context, Features
from mapper.mentions.lattice import Span, Text

LISTED = frozenset({",", "and", "or", "&", "/", "-", "–"})
"""What stands between the names of a list."""
MOST_SURE = 60
"""So many clear names at most tell where a text plays."""
LARGE = frozenset({"country", "region", "district", "area"})
EDGE_M = 30_000.0
"""How far outside the radius of a district a place may stand and still lie in it, in metres."""


@dataclass(slots=True)
class Standing:
    """What a first look at all spans has made likely, for a second look at each."""

    best: dict[str, float] = field(default_factory=dict)
    """The highest probability of a surface."""
    shares: dict[str, float] = field(default_factory=dict)
    """The share of each country among the clear names."""
    sure: list[str] = field(default_factory=list)
    """Clear names that are smaller than a country."""
    points: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    """Latitude and longitude of each of these."""
    at_first: dict[int, list[Span]] = field(default_factory=dict)
    """The spans that begin with a piece."""
    at_last: dict[int, list[Span]] = field(default_factory=dict)
    """The spans that end with a piece."""


def standing(spans: list[Span]) -> Standing:
    """Gather what the first look has made likely."""
    found = Standing()
    countries: Counter[str] = Counter()
    points = []
    for span in spans:
        lower = span.text.lower()
        found.best[lower] = max(found.best.get(lower, 0.0), span.probability)
        found.at_first.setdefault(span.first, []).append(span)
        found.at_last.setdefault(span.last, []).append(span)
        if span.probability < 0.75 or not span.candidates:
            continue
        place = span.candidates[0].place
        countries[place.country] += 1
        if place.feature not in ("country", "continent"):
            found.sure.append(lower)
            points.append((place.lat, place.lon))
    found.sure, found.points = found.sure[:MOST_SURE], np.array(points[:MOST_SURE]).reshape(-1, 2)
    total = sum(countries.values())
    found.shares = {country: n / (total + 1) for country, n in countries.items() if country}
    return found


def second_look(row: Features, text: Text, span: Span, doc: Context, state: Standing) -> Features:
    """Add to a span's features how it fits with the clear names of the document."""
    lower = span.text.lower()
    p = min(max(span.probability, 1e-4), 1 - 1e-4)
    row["first_look"] = math.log(p / (1 - p)) / 4
    repeated = doc.counts[lower] > 1
    best = state.best.get(lower, 0.0)
    if repeated:
        row["best_elsewhere"] = best
        if best > 0.9:
            row["sure_elsewhere"] = 1.0
    if span.candidates:
        row["country_share"] = max(state.shares.get(c.place.country, 0.0) for c in span.candidates[:20])
        away = _away_km(span.candidates[:12], state.points[[name != lower for name in state.sure]])
        row["near_sure"] = math.exp(-away / 100)
        row["near_sure_300"] = math.exp(-away / 300)
    _beside(row, text, span, state)
    return row


def _beside(row: Features, text: Text, span: Span, state: Standing) -> None:
    """Add how likely the names before and after in a list are, and whether the next one contains this one."""
    joint = text.word(span.last + 1)
    after = state.at_first.get(span.last + 2, ()) if joint in LISTED or joint == "(" else ()
    joint_before = text.word(span.first - 1)
    before = state.at_last.get(span.first - 2, ()) if joint_before in LISTED or joint_before == "(" else ()
    if after:
        row["next_name"] = max(s.probability for s in after)
    if before:
        row["name_before"] = max(s.probability for s in before)
    if joint in (",", "(") and any(holds(o.candidates, span.candidates) for o in after):
        row["held_by_next"] = 1.0
    if joint_before in (",", "(") and any(holds(span.candidates, i.candidates) for i in before):
        row["holds_before"] = 1.0


def holds(outer: Sequence[Candidate], inner: Sequence[Candidate]) -> bool:
    """Whether a likely place of the outer name is the region or country of some place of the inner."""
    for big in (c.place for c in outer[:5] if c.place.feature in LARGE and c.kind != "demonym"):
        for small in (c.place for c in inner[:40] if c.place.feature != "country"):
            if small.id == big.id or not big.country:
                continue
            if small.country != big.country or small.feature == big.feature:
                continue
            region = big.feature == "country" or small.admin1_code == big.admin1_code != ""
            if region and (big.feature != "district" or _within(big, small)):
                return True
    return False


def _within(big: Place, small: Place) -> bool:
    """Whether a place may lie in a district, which has only its radius to say so."""
    east = (small.lon - big.lon) * math.cos(math.radians(big.lat))
    return 111_195 * math.hypot(small.lat - big.lat, east) < big.radius_m + EDGE_M


def _away_km(candidates: Sequence[Candidate], points: NDArray[np.float64]) -> float:
    """Least distance in kilometres on a flat map: enough to tell near from far."""
    if not len(points):
        return 1e5
    lat, lon = np.array([(c.place.lat, c.place.lon) for c in candidates]).T[:, :, None]
    east = (lon - points[:, 1] + 180) % 360 - 180
    return float(
        111.195 * np.hypot(lat - points[:, 0], east * np.cos(np.radians((lat + points[:, 0]) / 2))).min()
    )
