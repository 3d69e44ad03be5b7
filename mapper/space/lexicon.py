"""The words and the measured numbers of this stage, read once from ``words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Measured numbers: ``shape`` for what is drawn, ``fit`` for what is scored. Metres and degrees."""

    shape: Mapping[str, float]
    fit: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PhraseSet:
    """Word sequences, found by their first word, the longest first."""

    by_first: Mapping[str, tuple[Phrase, ...]]

    @classmethod
    def of(cls, phrases: Iterable[str]) -> PhraseSet:
        """Group phrases such as ``"in the area of"``."""
        groups: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            words = tuple(phrase.split())
            groups.setdefault(words[0], []).append(words)
        return cls({first: tuple(sorted(group, key=len, reverse=True)) for first, group in groups.items()})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The word lists of ``words.toml``; see there for what each holds."""

    units: Mapping[str, float]
    directions: Mapping[str, float]
    codes: Mapping[str, float]
    numbers: Mapping[str, float]
    vague: Mapping[Phrase, tuple[float, float, float]]
    vague_phrases: PhraseSet
    anaphora: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, PhraseSet]
    openers: frozenset[str]
    """Every word that can begin an expression, so that all others are passed over at once."""


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(files("mapper.space").joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def calibration() -> Calibration:
    """The measured numbers."""
    raw = _raw()
    return Calibration(raw["calibration"], raw["fit"])


@cache
def lexicon() -> Lexicon:
    """The words, with the plurals of units."""
    raw = _raw()
    units = dict(raw["units"])
    units.update({f"{word}s": length for word, length in raw["units"].items() if len(word) > 3})
    lists = raw["words"]
    rules = ("approx", "at_most", "at_least", "near", "between", "toward", "within")
    opening = (*rules, "outskirts", "centre", "banks", "articles", "road")
    firsts = [phrase.split()[0] for name in opening for phrase in lists[name]]
    cardinals = [d + end for d in raw["directions"] for end in ("", "ern", "ernmost", "ward", "wards")]
    plain = [
        "from",
        "along",
        "astride",
        "down",
        "up",
        "central",
        "downtown",
        "inner",
        "left",
        "right",
        "banks",
        "shores",
    ]
    plurals = [f"{noun}s" for noun in lists["outskirts"]]
    vague = [words.split()[0] for words in raw["vague"]]
    codes = [code.lower() for code in raw["direction_codes"]]
    openers = frozenset([*firsts, *cardinals, *plain, *plurals, *vague, *codes, *raw["numbers"]])
    return Lexicon(
        units=units,
        directions=raw["directions"],
        codes=raw["direction_codes"],
        numbers=raw["numbers"],
        vague={tuple(words.split()): tuple(ends) for words, ends in raw["vague"].items()},
        vague_phrases=PhraseSet.of(raw["vague"]),
        anaphora={noun: tuple(kinds) for noun, kinds in raw["anaphora"].items()},
        words={name: frozenset(words) for name, words in raw["words"].items()},
        phrases={name: PhraseSet.of(words) for name, words in raw["words"].items()},
        openers=openers,
    )
