"""Garbles place names as transliteration, hearing and machine translation do, by rule, with a fixed seed."""

from __future__ import annotations

import random

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
