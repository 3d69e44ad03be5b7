"""Word classes, short forms and kind words, loaded once from ``words.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of ``words.toml``, turned round for look-up by a lower-case word."""

    classes: dict[str, frozenset[str]]
    ordinary: frozenset[str]
    abbreviations: dict[str, str]
    after_comma: dict[str, str]
    institutions: dict[str, str]
    kind: dict[str, str]
    asks: dict[str, tuple[str, ...]]

    def has(self, word_class: str, word: str) -> bool:
        """Whether a word, in any case, is of a class."""
        return word.lower() in self.classes[word_class]


@lru_cache(maxsize=1)
def words() -> Words:
    """Load the tables; the same object every time."""
    data = tomllib.loads(files("mapper.mentions").joinpath("words.toml").read_text(encoding="utf-8"))
    kind: dict[str, str] = {}
    for name, members in data["asked"].items():
        for member in members:
            kind.setdefault(member, name)
    return Words(
        classes={name: frozenset(members) for name, members in data["classes"].items()},
        ordinary=frozenset(data["ordinary"]["words"]),
        abbreviations=data["abbreviations"],
        after_comma=data["after_comma"],
        institutions=data["institutions"],
        kind=kind,
        asks={name: tuple(features) for name, features in data["asks"].items()},
    )
