"""How fast a page of many events is built and shown, against one folium Marker an event.

Usage: python -m benchmarks.page [EVENTS] [MARKERS]      (50000 and 3000 by default; needs Chromium)
Both are measured in one run: seconds of processor time to build, and until the browser has drawn.
"""

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from mapper import layers
from mapper.page.render import render

KINDS = ("missile_strike", "air_strike", "shelling", "clash", "advance", "interception", "withdrawal")
QUOTE = "Forces struck {} during the night, and officials said that buildings were damaged near the station."


def records(number, size=25):
    """Documents of so many events each, at 3,000 made-up towns."""
    dice = random.Random(7)
    towns = [(round(dice.uniform(44, 52), 5), round(dice.uniform(23, 40), 5)) for _ in range(3000)]
    return [_record(dice, towns, n, size) for n in range(number // size)]


def _record(dice, towns, n, size):
    mentions, events = [], []
    for k in range(size):
        town = dice.randrange(len(towns))
        (lat, lon), name, day = towns[town], f"Town {town}", f"2024-{1 + n % 12:02}-{1 + k:02}"
        place = {
            "id": f"t:{town}", "name": name, "lat": lat, "lon": lon, "radius_m": 3000.0, "country": "UA",
            "admin1": "", "feature": "settlement",
        }  # fmt: skip
        mentions.append({
            "id": f"m{k}", "start": 0, "end": 4, "text": name, "kind": "settlement", "pinned": True,
            "place": place, "match": "exact", "score": 0.9, "rivals": [], "reason": "",
        })  # fmt: skip
        relation = {"type": "at", "distance_m": None, "bearing_deg": None, "text": name}
        spot = {
            "role": "target", "mention": f"m{k}", "relation": relation, "lat": lat, "lon": lon,
            "radius_m": 3000.0, "geometry": {"type": "Point", "coordinates": [lon, lat]},
        }  # fmt: skip
        events.append({
            "id": f"d{n}e{k}", "type": dice.choice(KINDS), "start": 0, "end": 50, "quote": QUOTE.format(name),
            "trigger": [0, 5], "modality": "actual", "outcome": "unknown",
            "initiator": {"text": "forces", "side": dice.choice(("Russia", "Ukraine"))}, "target": None,
            "weapons": [], "casualties": {"killed": None, "injured": None},
            "when": {"start": day, "end": day, "precision": "day", "text": ""}, "locations": [spot],
            "movement": None, "claims": [], "status": "claimed", "confidence": 0.7,
        })  # fmt: skip
    return {
        "id": f"d{n}", "date": None, "title": "", "source": "", "language": "en", "mentions": mentions,
        "events": events, "unresolved": [], "warnings": [],
    }  # fmt: skip


def ours(found):
    styles = {kind: layers.style(kind) for kind in KINDS}
    return render(found, {}, layers.features(found), names=layers.names(), styles=styles)


def markers(found):
    """The same as folium does it: one Marker with a tooltip an event, Leaflet inlined so that it can open."""
    import folium

    from mapper.page.offline import leaflet

    page = folium.Map(location=[48, 31], zoom_start=6, tiles=None)
    for event in (event for record in found for event in record["events"]):
        spot = event["locations"][0]
        folium.Marker([spot["lat"], spot["lon"]], tooltip=event["quote"]).add_to(page)
    html = page.get_root().render()
    head = (
        f"<script>{leaflet('leaflet.js').decode()}</script><style>{leaflet('leaflet.css').decode()}</style>"
    )
    return html.replace("<head>", f"<head>{head}", 1)


def ready_after(html, folder, drawn):
    """Seconds from opening a page to the first idle moment after it is drawn."""
    from playwright.sync_api import sync_playwright

    file = Path(folder) / "page.html"
    file.write_text(html, encoding="utf-8")
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        context.route(
            "**/*", lambda route: route.continue_() if "file:" in route.request.url else route.abort()
        )
        page = context.new_page()
        start = time.perf_counter()
        page.goto(file.as_uri(), wait_until="commit", timeout=110_000)
        page.locator(drawn).wait_for(state="attached", timeout=110_000)
        page.evaluate("new Promise((done) => requestIdleCallback(done))")
        took = time.perf_counter() - start
        browser.close()
    return took


def main(events=50_000, least=3_000):
    rows = []
    for name, number, draw, drawn in (
        ("mapper", events, ours, 'html[data-mapper-ready="true"]'),
        ("mapper", least, ours, 'html[data-mapper-ready="true"]'),
        ("folium Markers", least, markers, f".leaflet-marker-icon >> nth={least - 1}"),
    ):
        found = records(number)
        start = time.process_time()
        html = draw(found)
        built = time.process_time() - start
        with tempfile.TemporaryDirectory() as folder:
            rows.append((name, number, built, ready_after(html, folder, drawn), len(html) / 1e6))
    print(f"{'':16}{'events':>8}{'build s':>9}{'ready s':>9}{'MB':>7}")
    for name, number, built, ready, weight in rows:
        print(f"{name:16}{number:8,}{built:9.2f}{ready:9.2f}{weight:7.1f}")
    _, small, marked = rows
    print(
        f"At {least:,} events: {marked[2] / small[2]:.1f} x the build, {marked[3] / small[3]:.1f} x the wait."
    )


if __name__ == "__main__":
    main(*(int(value) for value in sys.argv[1:3]))
