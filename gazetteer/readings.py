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


def readings(latin: str) -> tuple[list[str], list[str]]:
    """Return the sounds and the skeletons of a folded, romanised query; the plain reading comes first."""
    spellings = [latin]
    for rules in _rules():
        text = latin
        for pattern, written in rules:
            text = pattern.sub(written, text)
        if text != latin:
            spellings.append(text)
    sounds = list(dict.fromkeys(sound_many(spellings)))[:MOST]
    return sounds, skeleton_many(sounds)
