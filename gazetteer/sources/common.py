"""What the importers share: rows that could not be used, feature names, and numbers from text."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, cast

from gazetteer.place import Feature

KEPT = 1000
"""So many broken rows are kept with their reasons; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not be used. ``line`` counts from 1 (the number of the feature in a GeoPackage)."""

    file: str
    line: int
    reason: str


@dataclass(slots=True)
class Broken:
    """Gathers broken rows."""

    count: int = 0
    rows: list[BrokenRow] = field(default_factory=list)

    def add(self, file: str, line: int, reason: str) -> None:
        """Count a broken row, and keep it while there are few."""
        self.count += 1
        if len(self.rows) < KEPT:
            self.rows.append(BrokenRow(file, line, reason))


@lru_cache(maxsize=1)
def tables() -> dict[str, dict[str, Any]]:
    """Return the tables of ``features.toml``."""
    text = resources.files("gazetteer.sources").joinpath("features.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def feature_of_words(words: str) -> Feature:
    """Return the feature of a word or GeoNames code in a "type" column; settlement when it says nothing."""
    known = tables()
    found = known["words"].get(words.strip().lower()) or known["geonames"].get(words.strip().upper())
    return cast(Feature, found or "settlement")


def degrees(lat: str | float, lon: str | float) -> tuple[float, float]:
    """Return (lat, lon) as numbers.

    Raises
    ------
    ValueError
        When one is no number or lies outside -90..90 or -180..180.
    """
    try:
        north, east = float(lat), float(lon)
        if -90 <= north <= 90 and -180 <= east <= 180:
            return north, east
    except (TypeError, ValueError):
        pass
    try:
        numbers = tuple(float(v.strip().replace(",", ".") if isinstance(v, str) else v) for v in (lat, lon))
    except (TypeError, ValueError):
        raise ValueError(f"latitude {str(lat)[:40]!r} or longitude {str(lon)[:40]!r} is no number") from None
    if not all(map(math.isfinite, numbers)) or not (-90 <= numbers[0] <= 90 and -180 <= numbers[1] <= 180):
        raise ValueError(f"latitude {str(lat)[:40]}, longitude {str(lon)[:40]} lies outside the earth")
    return numbers[0], numbers[1]


def whole(text: Any) -> int:
    """Return a count, 0 when the text holds none."""
    try:
        number = float(str(text).strip().replace(" ", "").replace("\u00a0", "") or 0)
    except ValueError:
        return 0
    return int(number) if math.isfinite(number) and 0 < number < 1e11 else 0
