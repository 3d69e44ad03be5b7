"""The gazetteer as a geopy geocoder, with geopy's own tools and geopandas."""

from __future__ import annotations

import pytest
from geopy.exc import GeocoderQueryError
from geopy.extra.rate_limiter import RateLimiter
from names_helper import gazetteer

from mapper.geocoder import LocalGeocoder


@pytest.fixture(scope="module")
def geocoder() -> LocalGeocoder:
    return LocalGeocoder(gazetteer())


def test_geocode(geocoder: LocalGeocoder) -> None:
    location = geocoder.geocode("Lviv")
    assert abs(location.latitude - 49.84) < 0.05
    assert location.raw["country"] == "UA"
    assert geocoder.geocode("Qwxzvzkq Jjqxzv") is None


def test_parts_after_commas_choose(geocoder: LocalGeocoder) -> None:
    assert geocoder.geocode("Paris, Texas").raw["country"] == "US"
    assert geocoder.geocode("Paris, France").raw["country"] == "FR"
    assert geocoder.geocode({"city": "Cambridge", "state": "Massachusetts"}).raw["admin1"] == "Massachusetts"


def test_lists_countries_and_boxes(geocoder: LocalGeocoder) -> None:
    many = geocoder.geocode("Springfield", exactly_one=False, limit=4)
    assert len(many) == 4
    british = geocoder.geocode("Richmond", exactly_one=False, country_codes="gb")
    assert {p.raw["country"] for p in british} == {"GB"}
    texas = [(25.8, -106.6), (36.5, -93.5)]
    inside = geocoder.geocode("Paris", viewbox=texas, bounded=True)
    assert 25.8 < inside.latitude < 36.5
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode("Paris", viewbox=[(1, 2)])
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode("  ")


def test_reverse(geocoder: LocalGeocoder) -> None:
    assert geocoder.reverse((48.8566, 2.3522)).raw["country"] == "FR"
    assert geocoder.reverse("0, -140") is None
    near = geocoder.reverse((48.8566, 2.3522), exactly_one=False, limit=3)
    assert [p.raw["distance_m"] for p in near] == sorted(p.raw["distance_m"] for p in near)


def test_names_in_a_language(geocoder: LocalGeocoder) -> None:
    location = geocoder.geocode("Kyiv", namedetails=True)
    assert "Київ" in {n["name"] for n in location.raw["namedetails"]}


def test_geopandas_and_rate_limiter(geocoder: LocalGeocoder) -> None:
    from geopandas.tools import geocode

    frame = geocode(["Lviv", "Odesa"], provider=LocalGeocoder, gazetteer=geocoder.gazetteer)
    assert list(frame.geometry.x.round()) == [24.0, 31.0]
    limited = RateLimiter(geocoder.geocode, min_delay_seconds=0)
    assert limited("Odesa").raw["country"] == "UA"
