"""Edit distances and great-circle distances over whole arrays."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from gazetteer.names import MAX_SYMBOLS, SYMBOLS

EARTH_M = 6_371_008.8
SKELETON_BITS = sum(map(str.isupper, SYMBOLS)) + 1
"""The symbols of skeletons are the first of the alphabet, so masks of them have so few bits."""
_BITS = np.array([number.bit_count() for number in range(1 << 16)], np.uint8)
_PAIRS: Any = np.array([byte >> 4 | (byte & 15) << 8 for byte in range(256)], "<u2")
"""The two symbols of a byte as two bytes."""


def great_circle_m(lat: float, lon: float, lats: Any, lons: Any) -> Any:
    """Return great-circle distances in metres from one point to arrays of points (degrees WGS84)."""
    p1, p2 = np.radians(lat), np.radians(lats)
    half = np.sin((p2 - p1) / 2) ** 2 + np.cos(p1) * np.cos(p2) * np.sin(np.radians(lons - lon) / 2) ** 2
    return 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


def lengths(packed: Any) -> Any:
    """Return how many symbols each packed key holds."""
    # The lowest bit that is set stands in the last symbol.
    lowest = np.frexp((packed & (~packed + np.uint64(1))).astype(np.float64))[1] - 1
    return np.where(packed == 0, 0, MAX_SYMBOLS - lowest // 4).astype(np.uint8)


def symbols_in(packed: Any) -> Any:
    """Return for each packed key a mask with bit n set when the symbol of code n occurs."""
    mask = np.zeros(len(packed), np.uint16)
    for column in range(MAX_SYMBOLS):
        mask |= np.uint16(1) << ((packed >> np.uint64(4 * column)).astype(np.uint16) & np.uint16(0xF))
    return mask & np.uint16(0xFFFE)


def mask_of(packed: int) -> int:
    """Return the same mask of one packed key."""
    return sum({1 << (packed >> shift & 0xF) for shift in range(0, 60, 4)}) & 0xFFFE


@lru_cache(maxsize=256)
def _few_symbols(query: int, allowed: int) -> Any:
    masks = np.arange(1 << SKELETON_BITS, dtype=np.uint16)
    missing, surplus = _BITS[np.uint16(query) & ~masks], _BITS[masks & ~np.uint16(query)]
    return (missing <= allowed) & (surplus <= allowed)


def within_symbols(query: int, masks: Any, allowed: int) -> Any:
    """Return which keys differ from a query's mask by so few symbols that ``allowed`` edits could do.

    The masks are those of skeletons, below ``1 << SKELETON_BITS``.
    """
    return _few_symbols(query, allowed)[masks]


def within_length(packed: Any, low: int, high: int) -> Any:
    """Return a mask of the packed keys that hold at least ``low`` and at most ``high`` symbols."""
    keep = packed != 0
    if low > 1:
        keep &= (packed >> np.uint64(4 * (MAX_SYMBOLS - min(low, MAX_SYMBOLS)))) & np.uint64(0xF) != 0
    if high < MAX_SYMBOLS:
        keep &= packed & np.uint64((1 << 4 * (MAX_SYMBOLS - high)) - 1) == 0
    return keep


def levenshtein(query: int, packed: Any, most: int = MAX_SYMBOLS) -> Any:
    """Return the Levenshtein distances from one packed key to many; those above ``most`` as ``most + 1``."""
    if not len(packed):
        return np.zeros(0, np.uint8)
    one = _strings(np.array([query], np.uint64))
    return cdist(one, _strings(packed), scorer=Levenshtein.distance, score_cutoff=most, dtype=np.uint8)[0]


def _strings(packed: Any) -> list[bytes]:
    """Return a byte string of each packed key, behind one zero byte for the four bits that are not used."""
    strings: list[bytes] = _PAIRS[packed.astype(">u8").view(np.uint8)].view("S16").tolist()
    return strings
