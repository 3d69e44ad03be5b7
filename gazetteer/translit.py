"""Romanisation of place names by the official tables, and by a library where there is none.

Ukrainian follows the resolution of the Cabinet of Ministers no. 55 of 27 January 2010 (KMU 2010), Russian
and Belarusian the BGN/PCGN systems of 1947 and 1979 without diacritics, Bulgarian the act of 2009.
"""

from __future__ import annotations

import re

# One row of letters over one row of what they become; "-" is nothing.
_LETTERS_UK = "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я '"
_LATIN_UK = "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch - iu ia -"
_LETTERS_RU = "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я"
_LATIN_RU = "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"


def _table(letters: str, latin: str) -> dict[str, str]:
    return {a: b.strip("-") for a, b in zip(letters.split(), latin.split(), strict=True)}


_UKRAINIAN = _table(_LETTERS_UK, _LATIN_UK)
_UKRAINIAN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_RUSSIAN = _table(_LETTERS_RU, _LATIN_RU)
_BELARUSIAN = {**_RUSSIAN, "г": "h", "і": "i", "ў": "w", "'": ""}
_BULGARIAN = {**_RUSSIAN, "щ": "sht", "ъ": "a", "ь": "y", "х": "h", "ж": "zh"}
_TABLES = {"UA": _UKRAINIAN, "RU": _RUSSIAN, "BY": _BELARUSIAN, "BG": _BULGARIAN}
_VOWELS = frozenset("аеёиоуыэюяіїєўйьъ")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(r"[\u0400-\u04ff']+")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'", "′": "'"})


def romanise(text: str, country: str = "") -> str:
    """Return a name in Latin letters, by the official table of its country where there is one.

    >>> romanise("Згурівка", "UA"), romanise("Розкішне", "UA"), romanise("Щёлково", "RU")
    ('Zghurivka', 'Rozkishne', 'Shchyolkovo')
    """
    text = text.translate(_APOSTROPHES)
    if _CYRILLIC.search(text) and country in _TABLES:
        text = _WORD.sub(lambda match: _word(match.group(), country), text)
    if text.isascii():
        return text
    from anyascii import anyascii

    return text if _is_latin(text) else str(anyascii(text)).strip()


def russian_spelling(text: str) -> str:
    """Return a guess at the Russian spelling of a Ukrainian place name, "" when it would be no help.

    Only the regular endings and letters are replaced: -івка -овка, -ське -ское, і -> и, є -> е. The result
    is a way to find the name, never its name.

    >>> russian_spelling("Новоолександрівка"), russian_spelling("Олександропіль")
    ('Новоалександровка', 'Александрополь')
    """
    word = text.translate(_APOSTROPHES).lower()
    for pattern, new in _TO_RUSSIAN:
        word = pattern.sub(new, word)
    return "".join(part.capitalize() for part in re.split(r"([- ])", word))


_TO_RUSSIAN = [
    (re.compile(pattern), new)
    for pattern, new in (
        (r"олександр", "александр"),
        (r"олексі", "алексе"),
        (r"микола", "никола"),
        (r"антоні", "антони"),
        (r"володимир", "владимир"),
        (r"катерин", "екатерин"),
        (r"єлизавет", "елизавет"),
        (r"костянтин", "константин"),
        (r"ївк", "евк"),
        (r"(?<=[жчшщц])івк", "евк"),
        (r"івк", "овк"),
        (r"івц", "овц"),
        (r"івськ", "овск"),
        (r"ївськ", "евск"),
        (r"ськ", "ск"),
        (r"цьк", "цк"),
        (r"піль\b", "поль"),
        (r"пілл", "поль"),
        (r"піль", "поль"),
        (r"кам'ян", "камен"),
        (r"\bкріпен", "крепен"),
        (r"біл", "бел"),
        (r"\bліс", "лес"),
        (r"річ", "реч"),
        (r"сірк", "серк"),
        (r"\bпівнічн", "северн"),
        (r"\bпівденн", "южн"),
        (r"\bсівер", "север"),
        (r"(?<=[нлтдсзц])(?P<c>[нлтдсзц])я\b", r"ье"),
        (r"(?<=[нврдтлмпбзс])ий\b", "ый"),
        (r"(?<=н)е\b", "ое"),
        (r"(?<=ск)е\b", "ое"),
        (r"(?<=[цв])е\b", "о"),
        (r"і", "и"),
        (r"ї", "и"),
        (r"є", "е"),
        (r"ґ", "г"),
        (r"'", "ъ"),
    )
]


def is_cyrillic(text: str) -> bool:
    """Tell whether a name has a Cyrillic letter."""
    return _CYRILLIC.search(text) is not None


def _is_latin(text: str) -> bool:
    return all(ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x1F00 for letter in text if letter.isalpha())


def _word(word: str, country: str) -> str:
    table = _TABLES[country]
    lower = word.lower()
    parts = [_letter(lower, place, country, table) for place in range(len(lower))]
    out = "".join(parts)
    if word.isupper() and len(word) > 1:
        return out.upper()
    return out[:1].upper() + out[1:] if word[:1].isupper() else out


def _letter(word: str, place: int, country: str, table: dict[str, str]) -> str:
    letter, before = word[place], word[place - 1] if place else ""
    if country == "UA":
        if not place and letter in _UKRAINIAN_FIRST:
            return _UKRAINIAN_FIRST[letter]
        if letter == "г" and before == "з":
            return "gh"
    elif country in ("RU", "BY"):
        if letter == "е" and (not before or before in _VOWELS):
            return "ye"
        if country == "BY" and letter == "ё":
            return "yo"
    return table.get(letter, letter)
