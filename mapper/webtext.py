"""The article of a web page: its text, title, day and address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_SHORT = 250
"""Fewer characters than this, and the extractor may have lost a page that is short by nature."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page says. Offsets in records count in ``text``."""

    text: str
    title: str = ""
    date: date | None = None
    url: str = ""


def page_text(html: str) -> PageText:
    """Extract the article of a page; of a page too short for that, all its visible text."""
    import trafilatura
    from trafilatura.settings import Document

    found = trafilatura.bare_extraction(
        html,
        include_comments=False,
        favor_recall=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    text = title = url = ""
    day: date | None = None
    if isinstance(found, Document):
        text, title, url = found.text or "", found.title or "", found.url or ""
        day = _day(found.date)
    if len(text) < _SHORT:
        whole = visible_text(html)
        text = whole if len(whole) > len(text) else text
    return PageText(text, title, day, url)


def visible_text(html: str) -> str:
    """All text of a page in its order, one block a line, without scripts and styles."""
    from lxml import etree
    from lxml import html as parser

    try:
        root = parser.document_fromstring(html.encode("utf-8"), parser=parser.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return ""
    etree.strip_elements(
        root, "script", "style", "noscript", "template", "head", etree.Comment, with_tail=False
    )
    parts: list[str] = []
    for action, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BLOCKS:
            parts.append("\n")
        parts.append(_flat(element.text if action == "start" else element.tail))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


_BLOCKS = frozenset(
    ["address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "footer"]
    + ["h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"]
    + ["table", "td", "th", "title", "tr", "ul"]
)


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
