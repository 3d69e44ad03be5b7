"""Edit distances and great-circle distances over whole arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from gazetteer.names import MAX_SYMBOLS

EARTH_M = 6_371_008.8
_BITS = np.array([number.bit_count() for number in range(1 << 16)], np.uint8)


def great_circle_m(lat: float, lon: float, lats: Any, lons: Any) -> Any:
    """Return great-circle distances in metres from one point to arrays of points (degrees WGS84)."""
    p1, p2 = np.radians(lat), np.radians(lats)
    half = np.sin((p2 - p1) / 2) ** 2 + np.cos(p1) * np.cos(p2) * np.sin(np.radians(lons - lon) / 2) ** 2
    return 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


def lengths(packed: Any) -> Any:
    """Return how many symbols each packed key holds."""
    count = np.zeros(len(packed), np.uint8)
    for column in range(MAX_SYMBOLS):
        count += (packed & np.uint64(0xF << 4 * column)) != 0
    return count


def symbols_in(packed: Any) -> Any:
    """Return for each packed key a mask with bit n set when the symbol of code n occurs."""
    mask = np.zeros(len(packed), np.uint16)
    for column in range(MAX_SYMBOLS):
        mask |= np.uint16(1) << ((packed >> np.uint64(4 * column)).astype(np.uint16) & np.uint16(0xF))
    return mask & np.uint16(0xFFFE)


def within_symbols(query: int, masks: Any, allowed: int) -> Any:
    """Return which keys differ from a query's mask by so few symbols that ``allowed`` edits could do."""
    counts = _BITS
    missing = counts[np.uint16(query) & ~masks]
    surplus = counts[masks & ~np.uint16(query)]
    return (missing <= allowed) & (surplus <= allowed)


def within_length(packed: Any, low: int, high: int) -> Any:
    """Return a mask of the packed keys that hold at least ``low`` and at most ``high`` symbols."""
    keep = packed != 0
    if low > 1:
        keep &= (packed >> np.uint64(4 * (MAX_SYMBOLS - min(low, MAX_SYMBOLS)))) & np.uint64(0xF) != 0
    if high < MAX_SYMBOLS:
        keep &= packed & np.uint64((1 << 4 * (MAX_SYMBOLS - high)) - 1) == 0
    return keep


def levenshtein(query: int, packed: Any) -> Any:
    """Return the Levenshtein distances from one packed key to many.

    Bit-parallel over the query and vectorised over the keys: G. Myers, "A fast bit-vector algorithm for
    approximate string matching based on dynamic programming", J. ACM 46 (1999), in Hyyrö's form.
    """
    symbols = [query >> 4 * (MAX_SYMBOLS - 1 - i) & 0xF for i in range(MAX_SYMBOLS)]
    size = sum(symbol != 0 for symbol in symbols)
    if size == 0:
        return lengths(packed)
    equal = np.zeros(16, np.uint16)
    for i, symbol in enumerate(symbols[:size]):
        equal[symbol] |= np.uint16(1 << i)
    one, top = np.uint16(1), np.uint16(size - 1)
    plus = np.full(len(packed), (1 << size) - 1, np.uint16)
    minus = np.zeros(len(packed), np.uint16)
    score = np.full(len(packed), size, np.int8)
    for column in range(MAX_SYMBOLS):
        text = (packed >> np.uint64(4 * (MAX_SYMBOLS - 1 - column))).astype(np.uint8) & 0xF
        live = (text != 0).view(np.int8)
        if not live.any():
            break
        same = equal[text]
        vertical = same | minus
        cross = (((same & plus) + plus) ^ plus) | same
        up, down = minus | ~(cross | plus), plus & cross
        score += (((up >> top) & one).astype(np.int8) - ((down >> top) & one).astype(np.int8)) * live
        up = (up << one) | one
        plus, minus = (down << one) | ~(vertical | up), up & vertical
    return score
