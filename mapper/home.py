"""Where a publisher is at home: a prior for its place names, from the article's address or from its words."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from mapper.types import Document

WORLDWIDE = frozenset(
    {"ac", "ai", "cc", "co", "fm", "gg", "io", "is", "la", "ly", "me", "nu", "sh", "to", "tv"}
)
"""Country domains that anyone takes, whatever the country."""
LEAST_WORDS, LEAD = 1.0, 2.0
"""So many words must tell the country, and so many times those of the next country."""
SURE_WORDS = 2.0
"""So many words more than the next country's are as good as the publisher's address."""
SUREST = 1.5
"""How much better at most: papers of one country's address write of all others too."""
_PHONE = re.compile(r"(?<![\d-])\(?([2-9]\d\d)\)?[ ./-]{1,2}\d{3}[ .-]\d{4}(?!\d)")
"""A telephone number of North America; the area code tells the state or province."""


@dataclass(frozen=True, slots=True)
class Home:
    """The publisher's country (ISO 3166-1 alpha-2, or "") and city (latitude, longitude, or None).

    ``region`` is the code of the state or province, or ""; ``sure`` how far to believe it, 1 as an address.
    ``theatres`` are the countries where the armed groups that the text names are at war, or that have the
    divisions it names.
    """

    country: str
    point: tuple[float, float] | None = None
    region: str = ""
    sure: float = 1.0
    theatres: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def _known() -> dict[str, Home]:
    """Load the well-known publishers of ``homes.csv`` by their domain."""
    known = {}
    for row in files("mapper").joinpath("homes.csv").read_text(encoding="utf-8").splitlines()[1:]:
        domain, country, lat, lon = row.split(",")
        known[domain] = Home(country, (float(lat), float(lon)) if lat else None)
    return known


def home_of(document: Document) -> Home | None:
    """Tell the publisher's home from the document's address or from what only local news says, or None.

    Where the text names armed groups, the countries of their wars come with it.
    """
    home = _of_address(document) or of_words(document.text)
    theatres = _theatres(document.text)
    return replace(home or Home(""), theatres=theatres) if theatres else home


def of_words(text: str) -> Home | None:
    """Tell a local paper's country from its offices, courts and schools, its state from telephone numbers."""
    votes = _votes(text, "words")
    regions = Counter(code for code in map(_area_codes().get, _PHONE.findall(text)) if code)
    region, times = regions.most_common(1)[0] if regions else ("", 0)
    if region and 2 * times > sum(regions.values()):
        return Home(region[:2], region=region)
    ranked = [(country, n / 1000) for country, n in votes.most_common(2)]
    first, second = [*ranked, ("", 0.0), ("", 0.0)][:2]
    if first[1] < LEAST_WORDS or first[1] < LEAD * second[1]:
        return None
    return Home(first[0], sure=min(SUREST, (first[1] - second[1]) / SURE_WORDS))


def _theatres(text: str) -> tuple[str, ...]:
    """Give the countries that the armed groups and divisions of a text speak for, most first."""
    ranked = _votes(text, "theatres").most_common()
    return tuple(country for country, n in ranked if 2 * n >= ranked[0][1])


def _votes(text: str, table: str) -> Counter[str]:
    """Count the words of a table that a text has: each 1000, shared by its countries."""
    lower = text.lower()
    votes: Counter[str] = Counter()
    for word, countries in _words(table).items():
        for country in countries if _has(text if word != word.lower() else lower, word) else ():
            votes[country] += 1000 // len(countries)
    return votes


def _has(text: str, word: str) -> bool:
    """Whether a text has a word that is not a part of another."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not text[max(at - 1, 0) : at].isalnum() and not text[end : end + 1].isalnum():
            return True
        at = text.find(word, end)
    return False


@lru_cache(maxsize=2)
def _words(name: str) -> dict[str, list[str]]:
    """Load the words of a table of ``home.toml`` with the countries that each tells."""
    loaded = tomllib.loads(files("mapper").joinpath("home.toml").read_text(encoding="utf-8"))
    table: dict[str, list[str]] = {}
    for country, found in loaded[name].items():
        for word in found:
            table.setdefault(word, []).append(country)
    return table


@lru_cache(maxsize=1)
def _area_codes() -> dict[str, str]:
    """Load the state or province of each telephone area code of North America."""
    rows = files("mapper").joinpath("area_codes.csv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(row.split(",") for row in rows)


def _of_address(document: Document) -> Home | None:
    """Tell the home from the address: a known domain's city or country, or the country of ".co.uk"."""
    host = _host(document.url) or _host(document.source)
    labels = host.split(".")
    known = _known()
    for first in range(len(labels) - 1):
        found = known.get(".".join(labels[first:]))
        if found is not None:
            return found
    top = labels[-1]
    if len(labels) < 2 or len(top) != 2 or not top.isalpha() or top in WORLDWIDE:
        return None
    return Home("GB" if top == "uk" else top.upper())


def _host(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        return ""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
