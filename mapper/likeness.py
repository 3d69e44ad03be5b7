"""How alike two names are, by spelling and by sound: a plain measure, the same whoever found the names."""

from __future__ import annotations

from functools import lru_cache

from gazetteer.names import fold, romanise, skeleton, sound
from gazetteer.readings import readings

LIQUID = 0.04
"""What it costs to take l and r for one, as languages that have only one of them do."""


@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, str, str]:
    return romanise(fold(name)).replace(" ", ""), sound(name), skeleton(name)


@lru_cache(maxsize=4096)
def _one_liquid(name: str) -> tuple[str, ...]:
    return tuple(form.replace("l", "r") for form in _forms(name))


@lru_cache(maxsize=2048)
def _heard(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the sounds and the skeletons of a name as writers of several languages mean its letters."""
    sounds, skeletons = readings(romanise(fold(name)))
    return tuple(sounds), tuple(skeletons)


def likeness(a: str, b: str) -> float:
    """Give how alike two names are, 0..1: the mean of the edit ratios of spelling, sound and skeleton.

    Consonants weigh most, since the skeleton holds nothing else: transliteration and machine translation
    keep them better than vowels. ``a`` is the name of a text: its best reading counts.
    """
    from rapidfuzz.distance import Indel

    alike = Indel.normalized_similarity
    written, heard_sound, heard_skeleton = _forms(b)
    sounds, skeletons = _heard(a)
    best = max(
        [alike(s, heard_sound) + alike(k, heard_skeleton) for s, k in zip(sounds, skeletons, strict=True)]
    )
    plain = (alike(_forms(a)[0], written) + best) / 3
    if "l" not in _forms(a)[0] + written:
        return plain
    liquid = sum(alike(x, y) for x, y in zip(_one_liquid(a), _one_liquid(b), strict=True))
    return max(plain, liquid / 3 - LIQUID)
