"""What the map shows first, and how it shows what is crowded, large, or across the antimeridian."""

from __future__ import annotations

import copy
import json
import re
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

BOUNDS = "(({ _southWest: a, _northEast: b }) => [a.lat, a.lng, b.lat, b.lng])(map.getBounds())"


def moved(event, name, lat, lon, radius_m=4000.0):
    """A copy of an event at one plain place."""
    event = copy.deepcopy(event)
    place = event["locations"][0]
    place.update(
        lat=lat,
        lon=lon,
        radius_m=radius_m,
        geometry={"type": "Point", "coordinates": [lon, lat]},
        role="target",
    )
    place["relation"].update(type="at", text=name, part="")
    return {**event, "id": name, "locations": [place]}


def test_the_map_opens_on_the_precise_places_and_not_on_one_far_away(opened, sudan):
    strike = sudan[0]["events"][0]
    near = [moved(strike, f"n{i}", 13.0 + i / 5, 30.0 + i / 5) for i in range(12)]
    page = opened([{**sudan[0], "events": [*near, moved(strike, "far", 52.0, -100.0)]}])
    south, west, north, east = page.evaluate(BOUNDS)
    assert 5 < south < 13 and 15.2 < north < 25 and 20 < west < 30 and 32.2 < east < 45
    assert page.inner_text("[data-shown]") == "13"


def test_a_launch_is_shown_with_its_targets(opened, sudan):
    page = opened(sudan)
    south, west, north, east = page.evaluate(BOUNDS)
    for place in sudan[0]["events"][4]["locations"]:
        assert south < place["lat"] < north and west < place["lon"] < east


def test_a_country_is_drawn_whole_only_when_it_is_chosen(opened, sudan):
    page = opened(sudan, "#event=e12")
    south, west, north, east = page.evaluate(BOUNDS)
    assert south < 9 and north > 21 and west < 22.5 and east > 38
    assert east - west < 60


def test_many_events_at_one_place_are_one_badge_with_a_list(opened, sudan):
    strike = sudan[0]["events"][0]
    here = [moved(strike, f"n{i:02}", 15.0, 30.0) for i in range(14)]
    page = opened([{**sudan[0], "events": here}], "#view=9/15/30")
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.locator("[data-pick-event]").count() == 14
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "event=n01" in page.evaluate("location.hash")
    assert page.locator("[data-pick]").is_hidden()


def test_a_crowd_is_magnified_and_a_click_goes_there(opened, sudan):
    strike = sudan[0]["events"][0]
    crowd = [moved(strike, f"n{i}", 15.0 + i / 30, 30.0 + (i % 3) / 20) for i in range(9)]
    corners = [(20.0, 24.0), (20.0, 36.0), (10.0, 24.0)]
    around = [moved(strike, f"c{i}", *spot) for i, spot in enumerate(corners)]
    page = opened([{**sudan[0], "events": [*crowd, *around]}], "#view=5.5/15/30", width=1700, height=1000)
    assert page.locator("[data-inset]").is_visible()
    before = page.evaluate("map.getZoom()")
    page.click("[data-inset]")
    assert page.evaluate("map.getZoom()") > before + 1
    south, west, north, east = page.evaluate(BOUNDS)
    assert south < 15 < north and west < 30 < east and east - west < 4


def test_the_whole_choice_is_in_the_link(opened, sudan):
    page = opened(
        sudan, "#event=e2&off=type:clash&hide=places&from=2026-03-01&to=2026-03-05&view=8/15.5/32.5"
    )
    for _ in range(2):
        assert page.get_attribute('[data-event="e2"]', "aria-selected") == "true"
        assert not page.is_checked('[data-filter="type:clash"]') and not page.is_checked(
            '[data-layer="places"]'
        )
        assert page.input_value('[data-time="from"]') == "2026-03-01"
        assert page.evaluate("map.getZoom()") == 8
        assert page.evaluate("map.getCenter().lat") == pytest.approx(15.5, abs=0.01)
        assert page.inner_text("[data-shown]") == "11"
        page.reopen(page.evaluate("location.hash"))


@pytest.mark.parametrize("spots", [[(-17.7, 178.0), (-16.8, -179.9)], [(64.7, 177.5), (66.2, -169.8)]])
def test_no_line_runs_across_a_map_at_the_antimeridian(opened, sudan, spots):
    strike = sudan[0]["events"][0]
    events = [moved(strike, f"n{i}", *spot) for i, spot in enumerate(spots)]
    page = opened([{**sudan[0], "mentions": [], "events": events}])
    south, west, north, east = page.evaluate(BOUNDS)
    assert east - west < 60
    # A border drawn back round the world would be one colour along most of a row.
    longest = page.evaluate(
        "(() => { const c = document.querySelector('#map canvas');"
        " const pen = new OffscreenCanvas(c.width, c.height).getContext('2d', { willReadFrequently: true });"
        " pen.drawImage(c, 0, 0); const d = pen.getImageData(0, 0, c.width, c.height).data;"
        " const css = getComputedStyle(document.documentElement);"
        " const plain = ['--sea', '--land', '--land-far'].map((n) => parseInt(css.getPropertyValue(n).trim()"
        ".slice(1), 16)); let most = 0;"
        " for (let y = 0; y < c.height; y += 1) { let n = 0; for (let x = 0; x < c.width; x += 1) {"
        " const i = 4 * (y * c.width + x);"
        " if (!plain.includes(d[i] << 16 | d[i + 1] << 8 | d[i + 2])) n += 1; }"
        " most = Math.max(most, n / c.width); } return most; })()"
    )
    assert longest < 0.6


def test_online_tiles_are_asked_of_their_host_alone(browser, drawn, sudan, tmp_path):
    file = tmp_path / "tiles.html"
    file.write_text(drawn(sudan, tiles="OpenStreetMap.Mapnik"), encoding="utf-8")
    context = browser.new_context()
    asked = []
    context.route(re.compile("^https?:"), lambda route: (asked.append(route.request.url), route.abort()))
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector('html[data-mapper-ready="true"]')
    page.wait_for_timeout(200)
    page.evaluate("new Image().src = 'https://example.org/x.png'")
    page.wait_for_timeout(50)
    assert {urlsplit(url).hostname for url in asked} == {"tile.openstreetmap.org"}
    context.close()


def test_the_list_holds_only_the_rows_in_view(opened, sudan):
    event = sudan[0]["events"][0]
    events = [{**event, "id": f"n{i}"} for i in range(3000)]
    page = opened([{**sudan[0], "events": events}])
    assert page.inner_text("[data-shown]") == "3000"
    assert page.locator("[data-event]").count() < 60
    page.evaluate("document.querySelector('[data-list]').scrollTop = 1e9")
    page.wait_for_selector('[data-event="n2999"]')
    assert page.locator("[data-event]").count() < 60
    assert json.loads(page.get_attribute('[data-event="n2999"]', "aria-posinset")) == 3000
