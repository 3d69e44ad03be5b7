"""How alike two names are, by spelling and by sound: a plain measure, the same whoever found the names."""

from __future__ import annotations

from functools import lru_cache

from gazetteer.names import fold, romanise, skeleton, sound


@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, str, str]:
    return romanise(fold(name)), sound(name), skeleton(name)


def likeness(a: str, b: str) -> float:
    """Give how alike two names are, 0..1: the mean of the edit ratios of spelling, sound and skeleton.

    Consonants weigh most, since the skeleton holds nothing else: transliteration and machine translation
    keep them better than vowels.
    """
    from rapidfuzz.distance import Indel

    pairs = zip(_forms(a), _forms(b), strict=True)
    return sum(Indel.normalized_similarity(x, y) for x, y in pairs) / 3
