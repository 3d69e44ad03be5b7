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


@pytest.mark.parametrize(
    ("text", "country", "region"),
    [
        ("The sheriff's deputies took him to the county jail, the school board heard.", "US", ""),
        ("Magistrates heard that the parish council had met at the village hall.", "GB", ""),
        ("Gardai are looking for witnesses, a GAA club in the county said.", "IE", ""),
        ("To enter the parade, call 903-555-0143 by Friday.", "US", "US.TX"),
        ("Call (519) 555-0188 for tickets.", "CA", "CA.08"),
        ("The ministry said on Friday that talks would go on.", "", ""),
        ("An order of 519-5550188 units.", "", ""),
    ],
)
def test_words_of_local_papers(text: str, country: str, region: str) -> None:
    home = home_of(Document("a", text))
    assert ((home.country, home.region) if home else ("", "")) == (country, region)


def test_a_local_paper_means_the_town_of_its_country() -> None:
    text = "Gardai in Newport want witnesses. Cllr Pat Moran of Fianna Fail met them at a club in Castlebar."
    parsed = language.parse(Document("a", text))
    found = mentions.find(parsed, gazetteer())
    places = {r.mention.text: r.place for r in resolve(parsed, found, (), gazetteer())}
    newport = places["Newport"]
    assert newport is not None and newport.country == "IE"


def test_a_town_that_is_called_as_a_capital() -> None:
    text = (
        "London police say opioids are here. Const. Ann Reed, who speaks for London police, met the health "
        "unit and the township council in St. Thomas. Coun. Bob Hall of Strathroy thanked them."
    )
    parsed = language.parse(Document("a", text))
    found = mentions.find(parsed, gazetteer())
    places = {r.mention.text: r.place for r in resolve(parsed, found, (), gazetteer())}
    london = places["London"]
    assert london is not None and london.country == "CA"
