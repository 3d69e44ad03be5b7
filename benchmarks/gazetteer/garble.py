"""Garbles place names as transliteration, hearing and machine translation do, by rule, with a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Callable

# Each pair is one confusion; the first is replaced by the second.
SWAPS = [
    ("kh", "h"),
    ("kh", "g"),
    ("kh", "k"),
    ("h", "g"),
    ("h", "kh"),
    ("g", "h"),
    ("g", "k"),
    ("k", "g"),
    ("k", "kh"),
    ("t", "d"),
    ("d", "t"),
    ("t", "th"),
    ("b", "p"),
    ("p", "b"),
    ("v", "w"),
    ("w", "v"),
    ("v", "f"),
    ("f", "v"),
    ("s", "z"),
    ("z", "s"),
    ("s", "sh"),
    ("sh", "s"),
    ("ch", "sh"),
    ("sh", "ch"),
    ("zh", "j"),
    ("zh", "z"),
    ("zh", "sh"),
    ("ch", "c"),
    ("ch", "ts"),
    ("ts", "c"),
    ("ts", "s"),
    ("shch", "sch"),
    ("j", "dj"),
    ("c", "k"),
    ("r", "l"),
    ("l", "r"),
    ("m", "n"),
    ("n", "m"),
    ("b", "v"),
    ("v", "b"),
    ("q", "k"),
    ("x", "ks"),
    ("f", "p"),
    ("iv", "ov"),
    ("ka", "ga"),
    ("nk", "ng"),
]
VOWEL_SWAPS = [
    ("a", "o"),
    ("o", "a"),
    ("i", "y"),
    ("y", "i"),
    ("e", "i"),
    ("i", "e"),
    ("u", "o"),
    ("o", "u"),
    ("yi", "i"),
    ("ii", "i"),
    ("iy", "y"),
    ("ye", "e"),
    ("e", "ye"),
    ("ya", "ia"),
    ("ia", "ya"),
    ("yu", "iu"),
    ("a", "aa"),
    ("i", "ee"),
    ("u", "oo"),
    ("ai", "ay"),
    ("ou", "u"),
    ("o", "ou"),
    ("a", "e"),
    ("ie", "e"),
    ("yo", "e"),
]
ENDINGS = [
    ("a", ""),
    ("e", ""),
    ("y", "i"),
    ("ivka", "ovka"),
    ("yi", "y"),
    ("sk", "ski"),
    ("sk", "nsk"),
    ("e", "oye"),
    ("iv", "ov"),
    ("", "a"),
    ("", "e"),
    ("ets", "ec"),
    ("ka", "k"),
    ("ne", "noe"),
    ("i", "iy"),
    ("k", "g"),
]
LETTERS = "abdefghiklmnoprstuvyz"


def garbled(name: str, rng: random.Random, steps: int) -> str:
    """Return a name after ``steps`` confusions."""
    text = name.lower()
    for _ in range(steps):
        text = _step(text, rng)
    return " ".join(word.capitalize() for word in text.split(" "))


def _step(text: str, rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.40:
        return _swap(text, SWAPS, rng)
    if kind < 0.68:
        return _swap(text, VOWEL_SWAPS, rng)
    if kind < 0.78:
        fitting = [(old, new) for old, new in ENDINGS if text.endswith(old)]
        old, new = fitting[rng.randrange(len(fitting))]
        return text[: len(text) - len(old)] + new
    at = rng.randrange(len(text))
    if kind < 0.92 and len(text) > 4:
        return text[:at] + text[at + 1 :]
    if kind < 0.96:
        return text[:at] + LETTERS[rng.randrange(len(LETTERS))] + text[at + 1 :]
    return text[:at] + text[at] + text[at:]


def _swap(text: str, swaps: list[tuple[str, str]], rng: random.Random) -> str:
    fitting = [(old, new) for old, new in swaps if old in text]
    if not fitting:
        return text
    old, new = fitting[rng.randrange(len(fitting))]
    places = [i for i in range(len(text)) if text.startswith(old, i)]
    at = places[rng.randrange(len(places))]
    return text[:at] + new + text[at + len(old) :]


RESPELT = [
    ("g", "h"),
    ("h", "g"),
    ("kh", "h"),
    ("h", "kh"),
    ("kh", "k"),
    ("j", "dj"),
    ("j", "zh"),
    ("zh", "j"),
    ("zh", "g"),
    ("g", "j"),
    ("w", "v"),
    ("v", "w"),
    ("w", "u"),
    ("ou", "w"),
    ("y", "i"),
    ("i", "y"),
    ("y", "j"),
    ("j", "y"),
    ("c", "k"),
    ("k", "c"),
    ("ts", "c"),
    ("c", "ts"),
    ("ch", "tch"),
    ("sh", "ch"),
    ("sh", "sch"),
    ("q", "k"),
    ("q", "g"),
    ("k", "q"),
    ("u", "ou"),
    ("oo", "u"),
    ("ee", "i"),
    ("a", "e"),
    ("e", "a"),
    ("dh", "z"),
    ("th", "s"),
    ("ph", "f"),
    ("x", "kh"),
]
"""What machine translation and writers of other languages make of sounds."""
OCR = [
    ("rn", "m"),
    ("m", "rn"),
    ("l", "i"),
    ("i", "l"),
    ("h", "b"),
    ("e", "c"),
    ("c", "e"),
    ("o", "c"),
    ("u", "n"),
    ("n", "u"),
    ("cl", "d"),
    ("d", "cl"),
    ("vv", "w"),
    ("w", "vv"),
    ("a", "o"),
    ("s", "5"),
    ("o", "0"),
    ("t", "f"),
    ("f", "t"),
    ("ii", "n"),
]
"""What a machine misreads."""


def _drop(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text))
    return text[:at] + text[at + 1 :]


def _insert(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text))
    return text[:at] + LETTERS[rng.randrange(len(LETTERS))] + text[at:]


def _transpose(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _respell(text: str, rng: random.Random) -> str:
    return _swap(_swap(text, RESPELT, rng), RESPELT, rng)


STRESS: dict[str, Callable[[str, random.Random], str]] = {
    "drop": _drop,
    "insert": _insert,
    "transpose": _transpose,
    "respell": _respell,
    "first": lambda text, rng: text[1:],
    "ocr": lambda text, rng: _swap(_swap(text, OCR, rng), OCR, rng),
    "double": lambda text, rng: _step(_step(_step(text, rng), rng), rng),
    "vowels": lambda text, rng: _swap(
        _swap(_swap(text, VOWEL_SWAPS, rng), VOWEL_SWAPS, rng), VOWEL_SWAPS, rng
    ),
}
"""Harder garblings, each by name; they take a name in lower case."""


def stressed(name: str, mode: str, rng: random.Random) -> str:
    """Return a name after one of the garblings of ``STRESS``."""
    text = STRESS[mode](name.lower(), rng)
    return " ".join(word.capitalize() for word in text.split(" "))
