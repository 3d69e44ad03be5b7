"""Places whose names sound like a written one: one way to ask the gazetteer, with a memory.

A search by sound costs milliseconds, and the texts of one theatre ask for the same names again and again;
points are rounded so that neighbours share an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from gazetteer.names import fold, romanise, skeleton
from gazetteer.place import Candidate, Place
from gazetteer.readings import readings

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

MOST = 8
"""Candidates that one question gives."""
RADIUS_M = 275_000.0
"""How far from a point places are looked for, in metres."""
MOST_COUNTRIES = 400
LEAST_LETTERS = 4
"""Letters of the shortest name of a country that is told by its consonants."""
LANGUAGES = frozenset({"", "en", "ru", "uk", "de", "fr", "es", "tr", "pl", "pt"})
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


def countries(gazetteer: Gazetteer, name: str) -> list[tuple[str, Place]]:
    """Give the names of countries that have the consonants of a name, which costs no search."""
    _, skeletons = readings(romanise(fold(name)))
    return [found for key in dict.fromkeys(skeletons) for found in _countries(gazetteer).get(key, ())]


@lru_cache(maxsize=2)
def _countries(gazetteer: Gazetteer) -> dict[str, list[tuple[str, Place]]]:
    """Load the names of all countries, in languages that reports are translated from, by skeleton."""
    found: dict[str, list[tuple[str, Place]]] = {}
    for place in gazetteer.features("country", limit=MOST_COUNTRIES):
        for name in gazetteer.names(place.id):
            spelt = name.kind in ("preferred", "alternate") and len(name.text) >= LEAST_LETTERS
            if spelt and name.language in LANGUAGES:
                found.setdefault(skeleton(name.text), []).append((name.text, place))
    return found


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
