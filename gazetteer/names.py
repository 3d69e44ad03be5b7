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
from functools import lru_cache
from itertools import compress

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


REMEMBERED = 16_384
"""The forms of so many names are remembered: a text asks for the same ones again and again."""
_ASCII = _ascii_table()
_FOLD = _FoldTable(_ASCII)


@lru_cache(maxsize=REMEMBERED)
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
    plain = [name.isascii() for name in names]
    folded = {
        is_plain: iter(_fold_block(_joined(list(compress(names, chosen)))).split("\n"))
        for is_plain, chosen in ((True, plain), (False, [not one for one in plain]))
    }
    return [next(folded[one]) for one in plain]


def _joined(names: Sequence[str]) -> str:
    text = "\n".join(names)
    if text.count("\n") != len(names) - 1:
        text = "\n".join([name.replace("\n", " ") for name in names])
    return text


def _fold_block(text: str) -> str:
    if text.isascii():
        text = text.lower().translate(_ASCII)
    else:
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        # NFKD may bring letters whose case or marks need another round.
        text = text.translate(_FOLD).casefold().translate(_FOLD)
        if not text.isascii():
            text = _WORD.sub(_one_script, text)
    while "  " in text:
        text = text.replace("  ", " ")
    return f"\n{text}\n".replace("\n ", "\n").replace(" \n", "\n")[1:-1]


def _one_script(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() or not _LATIN.search(word):
        return word
    latin = sum(char.isascii() for char in word)
    return romanise(word) if latin * 2 >= len(word) else word


class _RomanTable(dict[int, str]):
    """The Latin letters of each character; filled in as characters are met."""

    def __missing__(self, code: int) -> str:
        from anyascii import anyascii

        value: str = chr(code) if code < 128 else anyascii(chr(code)).lower().translate(_ROMAN_ASCII)
        self[code] = value
        return value


_ROMAN = _RomanTable()
_ROMAN_ASCII = {**_ASCII, 10: " "}


def romanise(text: str) -> str:
    """Write a text of any script in lower-case ASCII letters, digits and spaces."""
    return text if text.isascii() else text.translate(_ROMAN).strip(" ")


# Spellings of one sound, longest first; each step sees what the steps before it left. Line feeds stand before
# and after every name, spaces between words.
_SPELLINGS = [
    ("shch", "S"), ("stch", "S"), ("tsch", "S"), ("dsch", "S"), ("szcz", "S"), ("sch", "S"), ("tch", "S"),
    ("dzh", "S"), ("sh", "S"), ("ch", "S"), ("zh", "S"), ("cz", "S"), ("cs", "S"), ("sz", "S"), ("ts", "S"),
    ("tz", "S"), ("tc", "S"), ("dz", "S"), ("dj", "S"), ("ck", "K"), ("kh", "K"), ("gh", "K"), ("qu", "K"),
    ("ph", "W"), ("th", "T"), ("dh", "T"), ("bh", "P"), ("rh", "R"), ("wh", "W"), ("x", "KS"),
    ("ce", "Se"), ("ci", "Si"), ("cy", "Sy"), ("np", "mp"), ("nb", "mb"), ("jj", "S"),
    ("bj", "bi"), ("pj", "pi"), ("mj", "mi"), ("vj", "vi"), ("wj", "wi"), ("fj", "fi"), ("lj", "li"),
    ("kj", "ki"),
]  # fmt: skip
_ARTICLES = [
    (before + article + " ", before) for article in ("al", "el", "il", "ul") for before in (" ", "\n")
]
_SUN_ARTICLE = re.compile(r"(?<![^ \n])[aeiu](dh|sh|th|ch|[dnrstzj]) (?=\1)")
_SILENT_H = [(vowel + "h" + after, vowel + after) for vowel in "aeiouy" for after in " \n"]
_SOFT_J = re.compile(r"(?<=[aeiouy])j(?![aeiouyj])")
_CLASSES = str.maketrans("kgqhctdpbszvwflmnraoeiyu0123456789", "KKKKKTTPPSSWWWLMNRaaiiiuDDDDDDDDDD", "&+ ")
_DOUBLES = [(symbol * 2, symbol) for symbol in SYMBOLS if symbol != "A"]
_NO_VOWELS = str.maketrans("", "", "aiu")


def sound(text: str) -> str:
    """Give the sound of a name: consonant classes in capitals, vowel classes small, no spaces.

    Merged are k g h kh q, t d th, p b, s z sh zh ch ts c(e), v w f, the vowels a o and e i y, and doubled
    letters: what transliteration, hearing and machine translation confuse. The Arabic article (al, el; as,
    ad, en before the same letter) is not heard.
    """
    return sound_many([fold(text)])[0]


@lru_cache(maxsize=REMEMBERED)
def skeleton(text: str) -> str:
    """Give the consonant skeleton of a name; a vowel at the very start is kept as "A"."""
    return _skeleton_block(sound(text))


def sound_many(folded: Sequence[str]) -> list[str]:
    """Give the sounds of names that are already folded."""
    if not folded:
        return []
    return _sound_block(romanise("\n".join(folded))).split("\n")


def skeleton_many(sounds: Sequence[str]) -> list[str]:
    """Give the skeletons of sounds that ``sound_many`` made."""
    return _skeleton_block("\n".join(sounds)).split("\n") if sounds else []


def pack_one(symbols: str) -> int:
    """Pack one skeleton or sound into a 60-bit key, four bits a symbol, the first symbol highest."""
    packed = 0
    for symbol in symbols[:MAX_SYMBOLS].ljust(MAX_SYMBOLS):
        packed = packed << 4 | SYMBOLS.find(symbol) + 1
    return packed


def without_articles(latin: str) -> str:
    """Take the Arabic articles out of romanised names, one a line; a name that is nothing else keeps it."""
    text = f"\n{latin}\n"
    for spelling, value in _ARTICLES:
        text = text.replace(spelling, value)
    return _SUN_ARTICLE.sub("", text)[1:-1]


def _sound_block(latin: str) -> str:
    text = f"\n{without_articles(latin)}\n"
    for spelling, value in _SPELLINGS:
        if spelling in text:
            text = text.replace(spelling, value)
    for spelling, value in _SILENT_H:
        text = text.replace(spelling, value)
    if "j" in text:
        text = _SOFT_J.sub("i", text).replace("j", "S")
    text = text.translate(_CLASSES)
    for double, single in _DOUBLES:
        while double in text:
            text = text.replace(double, single)
    return text[1:-1]


def _skeleton_block(sounds: str) -> str:
    text = "\n" + sounds
    for vowel in "aiu":
        text = text.replace("\n" + vowel, "\nA")
    return text.translate(_NO_VOWELS)[1:]
