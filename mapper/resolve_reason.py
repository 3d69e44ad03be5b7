"""Why a place won, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gazetteer.place import Candidate, Place
from mapper.resolve_table import Array, Group, Table
from mapper.types import Mention, Resolution

_MATCH = {
    "exact": "the name fits",
    "folded": "the name fits but for accents or signs",
    "alternate": "one of its other names fits",
    "phonetic": "the name sounds like it",
    "fuzzy": "the name is spelt nearly so",
    "coordinate": "coordinates stand in the text",
    "pin": "the user said so",
}


def coordinate(mention: Mention) -> Resolution:
    """Resolve coordinates that stand in the text."""
    if mention.point is None:
        return Resolution(mention, None, reason="nothing to look up")
    lat, lon = mention.point
    place = Place(f"point:{lat:.5f},{lon:.5f}", mention.text, lat, lon, 100.0, "area", source="text")
    return Resolution(mention, place, "coordinate", 1.0, (), _MATCH["coordinate"])


def reason(entry: Group, top: Candidate, table: Table, p: Array, order: Sequence[int]) -> str:
    """Say in one sentence what spoke for the winner."""
    place = top.place
    said = [f"{_MATCH[top.match]} ({top.name})" if top.name != entry.name else _MATCH[top.match]]
    if len(order) == 1:
        said.append("no other place has it")
    elif place.population and place.population == max(c.place.population for c in entry.candidates):
        said.append("the largest of that name")
    if entry.asked and place.feature in entry.asked:
        said.append(f"the text asks for a {entry.asked[0]}")
    said += _company(entry, table, p, order[0])
    return ", ".join(said)


def _company(entry: Group, table: Table, p: Array, row: int) -> list[str]:
    """Name the other places of the document that speak for a candidate."""
    said = []
    others = [int(j) for j in np.flatnonzero((p >= 0.5) & (table.group != table.group[row]))]
    for j in others:
        if table.group[j] in entry.inside and table.contains[row, j] > 0.3:
            said.append(f"the text puts it in {table.candidates[j].place.name}")
            break
    close = sorted(
        (table.distance_m[row, j], table.candidates[j].place.name)
        for j in others
        if table.candidates[j].place.feature not in ("country", "continent", "region")
    )
    if close and close[0][0] < 150_000:
        said.append(f"{close[0][0] / 1000:.0f} km from {close[0][1]}")
    elif any(table.names_country[row, j] or table.names_region[row, j] for j in others):
        said.append("the text names its country or region")
    return said
