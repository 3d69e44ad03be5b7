"""Where a publisher is at home, as far as the address of an article tells: a prior for its place names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from mapper.types import Document

WORLDWIDE = frozenset(
    {"ac", "ai", "cc", "co", "fm", "gg", "io", "is", "la", "ly", "me", "nu", "sh", "to", "tv"}
)
"""Country domains that anyone takes, whatever the country."""


@dataclass(frozen=True, slots=True)
class Home:
    """The publisher's country (ISO 3166-1 alpha-2, or "") and city (latitude, longitude, or None)."""

    country: str
    point: tuple[float, float] | None = None


@lru_cache(maxsize=1)
def _known() -> dict[str, Home]:
    """Load the well-known publishers of ``homes.csv`` by their domain."""
    known = {}
    for row in files("mapper").joinpath("homes.csv").read_text(encoding="utf-8").splitlines()[1:]:
        domain, country, lat, lon = row.split(",")
        known[domain] = Home(country, (float(lat), float(lon)) if lat else None)
    return known


def home_of(document: Document) -> Home | None:
    """Tell the publisher's home from the document's address, or None.

    A known domain gives its city or country; otherwise a country domain (".co.uk") gives the country.
    """
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
