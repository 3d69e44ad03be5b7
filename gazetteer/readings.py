"""The ways in which a query may be meant by its writer: the readings of ``readings.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

from gazetteer.names import skeleton_many, sound_many

MOST = 5
"""So many readings of one query are heard."""


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[tuple[re.Pattern[str], str], ...], ...]:
    text = resources.files("gazetteer").joinpath("readings.toml").read_text(encoding="utf-8")
    return tuple(
        tuple((re.compile(pattern), written) for pattern, written in reading["rules"])
        for reading in tomllib.loads(text)["reading"]
    )


def spellings(latin: str) -> list[str]:
    """Return a folded, romanised query as each reading writes it in English letters; itself first."""
    found = [latin]
    for rules in _rules():
        text = latin
        for pattern, written in rules:
            text = pattern.sub(written, text)
        if text not in found:
            found.append(text)
    return found


def readings(latin: str) -> tuple[list[str], list[str]]:
    """Return the sounds and the skeletons of a folded, romanised query; the plain reading comes first."""
    sounds = list(dict.fromkeys(sound_many(spellings(latin))))[:MOST]
    return sounds, skeleton_many(sounds)
