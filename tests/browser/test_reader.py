"""What a reader does with a page: look, select, filter, switch layers, read, save."""

from __future__ import annotations

import copy
import csv
import io
import json

import pytest

from mapper.events.across import merge_documents

pytestmark = pytest.mark.browser


def shown(page):
    return int(page.inner_text("[data-shown]"))


def test_the_page_opens_offline_and_shows_every_event(opened, sudan):
    page = opened(sudan)
    assert page.title() == sudan[0]["title"]
    assert shown(page) == len(sudan[0]["events"])
    assert page.locator("#map canvas").count() == 2
    assert page.evaluate("typeof map.getZoom()") == "number"
    assert "GeoNames" in page.text_content("[data-attribution]")
    assert "Kasbuna" in page.text_content("[data-notes]")


def test_a_row_selects_its_event_and_the_map_goes_there(opened, sudan):
    page = opened(sudan)
    page.click('[data-event="e4"]')
    assert "event=e4" in page.evaluate("location.hash")
    center = page.evaluate(
        "(({ _southWest: a, _northEast: b }) => [a.lat, a.lng, b.lat, b.lng])(map.getBounds())"
    )
    spot = sudan[0]["events"][3]["locations"][0]
    assert center[0] < spot["lat"] < center[2] and center[1] < spot["lon"] < center[3]
    assert page.evaluate("map.getZoom()") > 6
    card = page.inner_text("[data-detail]")
    for words in (
        "Attack on civilians",
        "Disputed",
        "a local official",
        "denies it",
        "within 20 km",
        "5 Mar 2026",
    ):
        assert words in card


def test_a_link_with_an_event_selects_it_at_once(opened, sudan):
    page = opened(sudan, "#event=e5")
    assert page.get_attribute('[data-event="e5"]', "aria-selected") == "true"
    assert "Launched from" in page.inner_text("[data-detail]")
    assert page.locator('[data-quote="e5"].chosen').count() == 1
    page.reopen("#event=nobody")
    assert page.locator("[data-detail]").is_hidden()


def test_filters_change_the_count_the_list_and_the_hash(opened, sudan):
    page = opened(sudan)
    page.uncheck('[data-filter="type:air_strike"]')
    assert shown(page) == 11
    assert page.locator('[data-event="e1"]').count() == 0
    page.uncheck('[data-filter="status:disputed"]')
    assert shown(page) == 9
    fragment = page.evaluate("location.hash")
    page.reopen(fragment)
    assert shown(page) == 9
    assert not page.is_checked('[data-filter="status:disputed"]')
    page.click("[data-reset]")
    assert shown(page) == 13 and page.is_checked('[data-filter="type:air_strike"]')
    page.uncheck('[data-filter="side:RSF"]')
    assert shown(page) == 10


def test_time_window_and_search(opened, sudan):
    page = opened(sudan)
    page.fill('[data-time="to"]', "2026-03-04")
    # The events of 4 March, those that began by then, and those without a date.
    assert shown(page) == 5
    assert "to=2026-03-04" in page.evaluate("location.hash")
    page.fill('[data-time="to"]', "")
    page.fill("[data-search]", "port sudan")
    assert shown(page) == 2


def test_layers_can_be_switched_off_and_stay_off_in_the_link(opened, sudan):
    page = opened(sudan)

    def ink():  # the names of the basemap are grey, events are not
        return page.evaluate(
            "(() => { const c = document.querySelectorAll('#map canvas')[1];"
            " const copy = new OffscreenCanvas(c.width, c.height)"
            ".getContext('2d', { willReadFrequently: true });"
            " copy.drawImage(c, 0, 0); const d = copy.getImageData(0, 0, c.width, c.height).data;"
            " let n = 0; for (let i = 0; i < d.length; i += 4)"
            " n += Math.max(d[i], d[i + 1], d[i + 2]) - Math.min(d[i], d[i + 1], d[i + 2]) > 78;"
            " return n; })()"
        )

    before = ink()
    for layer in (
        "strikes",
        "launches",
        "advances",
        "withdrawals",
        "other",
        "distances",
        "places",
        "uncertainty",
    ):
        page.uncheck(f'[data-layer="{layer}"]')
    page.wait_for_timeout(60)
    assert ink() < before * 0.02
    page.reopen(page.evaluate("location.hash"))
    assert not page.is_checked('[data-layer="launches"]')
    assert shown(page) == 13


def test_a_sentence_selects_its_event_and_the_event_marks_its_sentence(opened, sudan):
    page = opened(sudan)
    assert page.text_content("[data-article]") == sudan[0]["text"]
    page.locator('[data-quote="e7"]').click(position={"x": 5, "y": 5})
    assert "event=e7" in page.evaluate("location.hash")
    page.click('[data-event="e2"]')
    assert page.locator('[data-quote="e2"]').first.get_attribute("class").split()[-1] == "chosen"
    for mention in sudan[0]["mentions"]:
        assert page.text_content(f'mark[data-mention="{mention["id"]}"]') == mention["text"]
    for event in sudan[0]["events"]:
        assert "".join(page.locator(f'[data-quote="{event["id"]}"]').all_text_contents()) == event["quote"]


def test_a_click_on_the_map_selects(opened, sudan):
    page = opened(sudan, "#view=9/13.6279/25.3494")
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "event=e3" in page.evaluate("location.hash")
    page.mouse.click(box["x"] + box["width"] / 2 + 200, box["y"] + 30)
    assert "event=e11" in page.evaluate("location.hash")  # the region is a shape, and answers as one


def test_keyboard_alone(opened, sudan):
    page = opened(sudan)
    page.focus('[data-event="e1"]')
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "event=e3" in page.evaluate("location.hash")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert "event=e13" in page.evaluate("location.hash")
    page.keyboard.press("Escape")
    assert "event=" not in page.evaluate("location.hash")
    assert page.locator("[data-detail]").is_hidden()
    page.focus('[data-quote="e9"]')
    page.keyboard.press("Enter")
    assert "event=e9" in page.evaluate("location.hash")


def saved(page, form):
    with page.expect_download() as waiting:
        page.click(f'[data-export="{form}"]')
    return waiting.value.path().read_text(encoding="utf-8-sig")


def test_what_is_shown_can_be_saved(opened, sudan):
    records = copy.deepcopy(sudan)
    records[0]["events"][0]["initiator"]["text"] = '=HYPERLINK("http://x")'
    page = opened(records)
    page.uncheck('[data-filter="type:clash"]')
    rows = list(csv.DictReader(io.StringIO(saved(page, "csv"))))
    assert [row["id"] for row in rows] == [f"e{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13)]
    assert rows[0]["initiator"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["acled_sub_event"] == "Air/drone strike"
    whole = json.loads(saved(page, "geojson"))
    assert {f["properties"]["id"] for f in whole["features"]} == {row["id"] for row in rows}
    sector = next(f for f in whole["features"] if f["properties"]["shape"] == "zone")
    assert sector["geometry"]["type"] == "Polygon"
    first = sudan[0]["events"][3]["locations"][0]["geometry"]["coordinates"][0][0]
    assert sector["geometry"]["coordinates"][0][0] == pytest.approx(first, abs=1e-5)


def test_a_phone_needs_no_sideways_scrolling(opened, sudan):
    page = opened(sudan, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator('[data-event="e2"]').click()
    assert page.locator("[data-detail]").is_visible()
    assert page.locator("[data-article]").inner_text()
    page.locator("[data-filters] summary").click()
    page.locator('[data-filter="type:launch"]').uncheck()
    assert shown(page) == 12


def test_several_documents_keep_their_events_apart(opened, sudan):
    second = copy.deepcopy(sudan[0])
    second["id"], second["title"] = "other", "Another report"
    failed = {"id": "broken", "date": None, "title": "", "source": "broken.pdf", "error": "It holds no text."}
    page = opened([sudan[0], second, failed])
    assert shown(page) == 26
    assert page.locator("[data-article] *").count() == 0
    page.click('[data-event="nile-post:e1"]')
    assert "event=nile-post:e1" in page.evaluate("location.hash")
    assert "It holds no text." in page.text_content("body")


def test_reports_of_other_documents_stand_on_the_card(opened, sudan):
    second = copy.deepcopy(sudan[0])
    second["id"], second["title"] = "other", "Another <b>report</b>"
    records = merge_documents([sudan[0], second])
    folded = next(event for event in records[0]["events"] if event.get("reports"))
    page = opened(records, f"#event={folded['id']}")
    words = page.locator("[data-reports]").inner_text()
    assert "Another <b>report</b>" in words and folded["reports"][0]["quote"][:40] in words


def test_a_country_is_saved_with_its_outline(opened, sudan):
    page = opened(sudan)
    saved_features = json.loads(saved(page, "geojson"))["features"]
    areas = [f for f in saved_features if f["properties"].get("shape") == "area"]
    assert areas and all(f["geometry"]["type"].endswith("Polygon") for f in areas)
