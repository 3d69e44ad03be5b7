"""The one normaliser of names: used when the gazetteer is compiled and when a name is looked up.

Three forms, each coarser than the one before:

``fold``      case, accents, apostrophes and punctuation gone; the script stays
``sound``     romanised; consonants merged to ten classes, vowels to three
``skeleton``  the consonant classes alone, with a mark for a vowel at the start

Every function has a ``_many`` twin that works on a whole list at once: the names are joined by line feeds
and each step runs over the joined text, which is some ten times faster than a call for each name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MAX_SYMBOLS = 15
"""Skeletons and sounds are compared over this many symbols: 15 symbols of 4 bits fit a signed 64-bit key."""

SYMBOLS = "AKTPSWLMNRDaiu"
"""The alphabet of ``sound`` and ``skeleton``; the code of a symbol is its place in it, from 1 on."""

_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ŧ": "t",
    "ŋ": "n", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ə": "a", "ɛ": "e", "ɔ": "o", "ɩ": "i", "ƴ": "y", "ŀ": "l",
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ھ": "ه", "ہ": "ه", "ە": "ه", "ґ": "г", "ѣ": "е",
}  # fmt: skip
_QUOTES = "'`´‘’‚‛“”„′″‵‹›«»\"¨¸˙ـ\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad"
_EDGES = re.compile(r"^ +| +$", re.MULTILINE)
_SPACES = re.compile(r"[^\S\n]+")
_WORD = re.compile(r"\S+")
_LATIN = re.compile(r"[a-z]")


def _ascii_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for code in range(128):
        char = chr(code)
        if char in "'`\"":
            table[code] = None
        elif not char.isalnum() and char not in "\n&+":
            table[code] = " "
    return table


class _FoldTable(dict[int, str | None]):
    """What becomes of each character after decomposition; filled in as characters are met."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        category = unicodedata.category(char)
        value: str | None = char
        if char in _QUOTES or category in ("Lm", "Cf", "Sk") or unicodedata.combining(char):
            value = None
        elif char in _LETTERS:
            value = _LETTERS[char]
        elif char != "\n" and (category[0] in "ZPC" or category == "So"):
            value = " "
        self[code] = value
        return value


_ASCII = _ascii_table()
_FOLD = _FoldTable(_ASCII)


def fold(text: str) -> str:
    """Fold a name so that spellings of the same letters become equal.

    Case, accents, apostrophes and modifier letters vanish; hyphens, dots and slashes become spaces. The
    script stays, so that a name is found in any script it is known in; letters of another script inside a
    Latin word are romanised. ``fold(fold(x)) == fold(x)``.
    """
    folded = _fold_block(text.replace("\n", " "))
    return folded


def fold_many(names: Sequence[str]) -> list[str]:
    """Fold every name of a list."""
    ascii_rows = [i for i, name in enumerate(names) if name.isascii()]
    other_rows = [i for i, name in enumerate(names) if not name.isascii()]
    folded = [""] * len(names)
    for rows in (ascii_rows, other_rows):
        if rows:
            block = _fold_block("\n".join([names[i].replace("\n", " ") for i in rows]))
            for i, value in zip(rows, block.split("\n"), strict=True):
                folded[i] = value
    return folded


def _fold_block(text: str) -> str:
    if text.isascii():
        text = text.lower().translate(_ASCII)
    else:
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        # NFKD may bring letters whose case or marks need another round.
        text = text.translate(_FOLD).casefold().translate(_FOLD)
        if not text.isascii():
            text = _WORD.sub(_one_script, text)
    if "  " in text or not text.isascii() or "\t" in text:
        text = _SPACES.sub(" ", text)
    return _EDGES.sub("", text)


def _one_script(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() or not _LATIN.search(word):
        return word
    latin = sum(char.isascii() for char in word)
    return romanise(word) if latin * 2 >= len(word) else word


def romanise(text: str) -> str:
    """Write a text of any script in lower-case ASCII letters, digits and spaces."""
    if text.isascii():
        return text
    from anyascii import anyascii

    latin: str = anyascii(text)
    return latin.lower().translate(_ASCII).strip()


# Spellings of one sound, longest first; each step sees what the steps before it left.
_SPELLINGS = [
    ("shch", "S"), ("stch", "S"), ("tsch", "S"), ("szcz", "S"), ("sch", "S"), ("tch", "S"), ("dzh", "S"),
    ("sh", "S"), ("ch", "S"), ("zh", "S"), ("cz", "S"), ("cs", "S"), ("sz", "S"), ("ts", "S"), ("tz", "S"),
    ("tc", "S"), ("dz", "S"), ("dj", "S"), ("ck", "K"), ("kh", "K"), ("gh", "K"), ("qu", "K"), ("ph", "W"),
    ("th", "T"), ("dh", "T"), ("bh", "P"), ("rh", "R"), ("wh", "W"), ("x", "KS"),
    ("ce", "Se"), ("ci", "Si"), ("cy", "Sy"),
]  # fmt: skip
_CLASSES = str.maketrans("kgqhctdpbszvwflmnraoeiyu0123456789", "KKKKKTTPPSSWWWLMNRaaiiiuDDDDDDDDDD", "&+")
_SOFT_J = re.compile(r"(?<=[aeiouy])j")
_SILENT_H = re.compile(r"(?<=[aeiouy])h(?![a-zS-W])")
_DOUBLE = re.compile(r"([A-Za-z])\1+")
_LATER_VOWELS = re.compile(r"(?<!^)[aiu]+", re.MULTILINE)
_FIRST_VOWEL = re.compile(r"^[aiu]", re.MULTILINE)


def sound(text: str) -> str:
    """Give the sound of a name: consonant classes in capitals, vowel classes small, no spaces.

    Merged are k g h kh q, t d th, p b, s z sh zh ch ts c(e), v w f, the vowels a o and e i y, and doubled
    letters: what transliteration, hearing and machine translation confuse.
    """
    return _sound_block(romanise(fold(text)))


def skeleton(text: str) -> str:
    """Give the consonant skeleton of a name; a vowel at the very start is kept as "A"."""
    return _skeleton_block(sound(text))


def sound_many(folded: Sequence[str]) -> list[str]:
    """Give the sounds of names that are already folded."""
    if not folded:
        return []
    return _sound_block("\n".join([n if n.isascii() else romanise(n) for n in folded])).split("\n")


def skeleton_many(sounds: Sequence[str]) -> list[str]:
    """Give the skeletons of sounds that ``sound_many`` made."""
    return _skeleton_block("\n".join(sounds)).split("\n") if sounds else []


def pack_one(symbols: str) -> int:
    """Pack one skeleton or sound into a 60-bit key, four bits a symbol, the first symbol highest."""
    packed = 0
    for symbol in symbols[:MAX_SYMBOLS].ljust(MAX_SYMBOLS):
        packed = packed << 4 | SYMBOLS.find(symbol) + 1
    return packed


def _sound_block(latin: str) -> str:
    for spelling, value in _SPELLINGS:
        if spelling in latin:
            latin = latin.replace(spelling, value)
    latin = _SILENT_H.sub("", _SOFT_J.sub("i", latin)).replace("j", "S").replace(" ", "")
    return _DOUBLE.sub(r"\1", latin.translate(_CLASSES))


def _skeleton_block(sounds: str) -> str:
    return _LATER_VOWELS.sub("", _FIRST_VOWEL.sub("A", sounds))
