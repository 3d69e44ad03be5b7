"""A real Chromium with the network cut. Without one these tests are skipped; on the CI that is a failure."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mapper import layers
from mapper.page.render import render

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SUDAN = Path(__file__).with_name("sudan.jsonl")


def draw(records: list[dict[str, Any]], **options: Any) -> str:
    """A page as the command line draws it, with no gazetteer for the basemap."""
    kinds = sorted({event["type"] for record in records for event in record.get("events", ())})
    return render(
        records, {}, layers.features(records), names=layers.names(),
        styles={kind: layers.style(kind) for kind in kinds}, codes=layers.codes(), **options,
    )  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        words = f"no browser: install Chromium (looked for {', '.join(NAMES)})"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(words)
        pytest.skip(words)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


class Watched:
    """An open page, with all that it should not have done: requests, console words, errors, dialogs."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.faults: list[str] = []
        page.on(
            "request", lambda r: r.url.startswith(("file:", "data:", "blob:")) or self.faults.append(r.url)
        )
        page.on("console", lambda message: self.faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def open(self, fragment: str = "") -> Any:
        self.page.goto("about:blank")
        self.page.goto(self.address + fragment)
        self.page.wait_for_selector('html[data-mapper-ready="true"]', timeout=20_000)
        return self.page


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Draws records, opens the page offline, and at the end fails on anything it should not have done."""
    contexts = []
    pages: list[Watched] = []

    def open_page(
        records: list[dict[str, Any]], fragment: str = "", width: int = 1400, height: int = 900
    ) -> Any:
        file = tmp_path / f"page{len(pages)}.html"
        file.write_text(draw(records), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, reduced_motion="reduce"
        )
        context.set_offline(True)
        contexts.append(context)
        pages.append(Watched(context.new_page(), file.as_uri()))
        page = pages[-1].open(fragment)
        page.reopen, page.watched = pages[-1].open, pages[-1]
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [fault for page in pages for fault in page.faults] == []


@pytest.fixture
def drawn() -> Any:
    """Draws records to the text of a page."""
    return draw


@pytest.fixture
def sudan() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SUDAN.read_text(encoding="utf-8").splitlines()]
