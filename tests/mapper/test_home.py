"""The publisher's home from the address of an article, and what it does to names."""

from __future__ import annotations

import pytest
from names_helper import gazetteer

from mapper import language, mentions
from mapper.home import Home, home_of
from mapper.resolve import resolve
from mapper.types import Document


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://www.denverpost.com/2024/05/01/fire", "US"),
        ("https://news.example.co.uk/a", "GB"),
        ("http://example.ca/b", "CA"),
        ("https://example.io/c", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_address(url: str, country: str) -> None:
    found = home_of(Document("a", "text", url=url))
    assert (found.country if found else "") == country


def test_home_decides_between_namesakes() -> None:
    text = "The library in Lancaster will open late on Monday."
    parsed = language.parse(Document("a", text))
    found = mentions.find(parsed, gazetteer())
    for home, country in ((Home("GB", (53.96, -1.08)), "GB"), (Home("US", (40.27, -76.88)), "US")):
        (resolution,) = resolve(parsed, found, (), gazetteer(), home=home)
        assert resolution.place is not None and resolution.place.country == country
