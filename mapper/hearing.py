"""Places whose names sound like a written one: one way to ask the gazetteer, with a memory.

A search by sound costs milliseconds, and the texts of one theatre ask for the same names again and again;
points are rounded so that neighbours share an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from gazetteer.place import Candidate

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

MOST = 8
"""Candidates that one question gives."""
RADIUS_M = 275_000.0
"""How far from a point places are looked for, in metres."""
CELL_DEG = 0.5
"""Points are rounded to this many degrees."""


def in_country(
    gazetteer: Gazetteer, name: str, country: str, features: Sequence[str] = ()
) -> tuple[Candidate, ...]:
    """Give the places of a country (ISO 3166-1 alpha-2) that sound like a name, of some features or any."""
    return _ask(gazetteer, name, country, tuple(features), None)


def around(gazetteer: Gazetteer, name: str, lat: float, lon: float) -> tuple[Candidate, ...]:
    """Give the places within about ``RADIUS_M`` of a point that sound like a name."""
    cell = round(lat / CELL_DEG) * CELL_DEG, round(lon / CELL_DEG) * CELL_DEG
    return _ask(gazetteer, name, "", (), cell)


@lru_cache(maxsize=2048)
def _ask(
    gazetteer: Gazetteer,
    name: str,
    country: str,
    features: tuple[str, ...],
    near: tuple[float, float] | None,
) -> tuple[Candidate, ...]:
    return tuple(
        gazetteer.candidates(
            name,
            country=country or None,
            features=features or None,
            near=near,
            radius_m=RADIUS_M if near else None,
            limit=MOST,
        )
    )
