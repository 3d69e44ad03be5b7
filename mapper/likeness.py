"""How alike two names are, by spelling and by sound: a plain measure, the same whoever found the names."""

from __future__ import annotations

from functools import lru_cache

from gazetteer.names import fold, romanise, skeleton, skeleton_many, sound, sound_many
from gazetteer.readings import spellings

LIQUID = 0.04
"""What it costs to take l and r for one, as languages that have only one of them do."""


@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, str, str]:
    return romanise(fold(name)).replace(" ", ""), sound(name), skeleton(name)


@lru_cache(maxsize=4096)
def _one_liquid(name: str) -> tuple[str, ...]:
    return tuple(form.replace("l", "r") for form in _forms(name))


@lru_cache(maxsize=2048)
def _heard(name: str) -> tuple[tuple[str, str, str], ...]:
    """Give spelling, sound and skeleton of a name as writers of several languages mean its letters."""
    written = spellings(romanise(fold(name)))
    sounds = sound_many(written)
    plain = [spelling.replace(" ", "") for spelling in written]
    return tuple(zip(plain, sounds, skeleton_many(sounds), strict=True))


def likeness(a: str, b: str) -> float:
    """Give how alike two names are, 0..1: the mean of the edit ratios of spelling, sound and skeleton.

    Consonants weigh most, since the skeleton holds nothing else: transliteration and machine translation
    keep them better than vowels. ``a`` is the name of a text: its best reading counts.
    """
    from rapidfuzz.distance import Indel

    alike = Indel.normalized_similarity
    forms = _forms(b)
    best = max(
        sum(alike(read, form) for read, form in zip(reading, forms, strict=True)) for reading in _heard(a)
    )
    if "l" not in _forms(a)[0] + forms[0]:
        return best / 3
    liquid = sum(alike(x, y) for x, y in zip(_one_liquid(a), _one_liquid(b), strict=True))
    return max(best / 3, liquid / 3 - LIQUID)
