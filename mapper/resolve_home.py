"""How far the publisher's home, or the war that a text is about, speaks for a place."""

from __future__ import annotations

import math

import numpy as np

from mapper.home import Home
from mapper.resolve_table import Array, Table

THEATRE = 0.6
"""How much a country counts in whose war the groups fight that the text names; the publisher's is 0.5."""


def nearness(table: Table, home: Home | None) -> Array:
    """Give 0..1: how near the publisher's city a candidate lies; half for its country, more for its state.

    More than half, too, for a country in whose war the groups fight that the text names.
    """
    if home is None:
        return np.zeros(len(table.candidates))
    places = [c.place for c in table.candidates]
    national = np.array([0.5 * (p.country == home.country != "") for p in places])
    theatre = np.array([THEATRE * (p.country in home.theatres) for p in places])
    if home.region:
        national += [0.75 * (p.admin1_code == home.region) for p in places]
    if home.point is None:
        return np.asarray(np.maximum(national * home.sure, theatre))
    lat, lon = home.point
    flat = [
        math.hypot(c.place.lat - lat, (c.place.lon - lon) * math.cos(math.radians(lat))) * 111_195
        for c in table.candidates
    ]
    return np.asarray(np.maximum(np.maximum(national, theatre), np.exp(-np.array(flat) / 150_000.0)))
