"""The rows that the extractors make, and small geometry that they share. For maintainers: see `extract`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gazetteer.place import Feature, Name, NameKind

EARTH_M = 6_371_008.8
KM_PER_DEGREE = 111.195


@dataclass(slots=True)
class Row:
    """One place while it is being put together; the fields are those of `gazetteer.place.SourcePlace`.

    ``names`` maps (text, kind) to language. ``derived`` says that the id is made of the source and the point.
    """

    id: str
    name: str
    lat: float
    lon: float
    feature: Feature
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    population: int = 0
    radius_m: float = 0.0
    parent: str = ""
    source: str = ""
    priority: int = 0
    names: dict[str, tuple[NameKind, str]] = field(default_factory=dict)
    geometry: Any = None

    def add(self, text: str, kind: NameKind = "alternate", language: str = "") -> None:
        """Add a name, unless it is empty, too long, or there already."""
        text = " ".join(text.split())
        if text and len(text) <= 90 and text != self.name and text not in self.names:
            self.names[text] = (kind, language)

    def add_all(self, texts: Iterable[str], kind: NameKind = "alternate", language: str = "") -> None:
        """Add several names of one kind and language."""
        for text in texts:
            self.add(text, kind, language)

    def take_names(self, other: Row) -> None:
        """Take the names of a row that is the same place."""
        self.add(other.name)
        for text, (kind, language) in other.names.items():
            self.add(text, kind, language)

    def as_names(self) -> list[Name]:
        """Return the names in a fixed order."""
        return [Name(text, kind, lang) for text, (kind, lang) in sorted(self.names.items())]


@dataclass(frozen=True, slots=True)
class Packages:
    """The unpacked source packages: name to folder."""

    folders: dict[str, Path]

    def path(self, package: str, inside: str) -> Path:
        """Return a file of a package."""
        return self.folders[package] / inside


def distance_m(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance in metres (haversine)."""
    p, q = math.radians(lat), math.radians(lat2)
    h = math.sin((q - p) / 2) ** 2
    h += math.cos(p) * math.cos(q) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(h)))


def covering_radius_m(geometry: Any, lat: float, lon: float) -> float:
    """Return the distance in metres from a point to the farthest vertex of a geometry."""
    import numpy as np
    import shapely

    xy = np.radians(shapely.get_coordinates(geometry))
    if not len(xy):
        return 0.0
    p, q = math.radians(lat), xy[:, 1]
    h = np.sin((q - p) / 2) ** 2 + math.cos(p) * np.cos(q) * np.sin((xy[:, 0] - math.radians(lon)) / 2) ** 2
    return float(2 * EARTH_M * np.arcsin(np.sqrt(np.clip(h, 0, 1))).max())


def settlement_radius_m(population: int) -> float:
    """Return a radius in metres that covers a settlement of that many people.

    The built-up area grows with population to the power .85 or so (Angel et al. 2011); a village of unknown
    size gets 1,500 m.
    """
    if population <= 0:
        return 1_500.0
    return float(round(min(40_000.0, max(1_000.0, 33.0 * population**0.45)), -2))


def mean_point(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean of (lat, lon) points, right across the antimeridian, 5 decimals."""
    x = y = z = 0.0
    for lat, lon in points:
        p, q = math.radians(lat), math.radians(lon)
        x, y, z = x + math.cos(p) * math.cos(q), y + math.cos(p) * math.sin(q), z + math.sin(p)
    return (
        round(math.degrees(math.atan2(z, math.hypot(x, y))), 5),
        round(math.degrees(math.atan2(y, x)), 5),
    )
