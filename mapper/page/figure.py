"""A branca Figure whose links stand inside the page. Importing branca costs time; see mapper.page.shells."""

from __future__ import annotations

import base64
import re
from typing import Any

from branca.element import CssLink, Element, Figure, JavascriptLink

from mapper.errors import PageError
from mapper.page.offline import leaflet, script, style

_CSS_URL = re.compile(r"url\(([^)\"']{1,200})\)")


class Inline(Element):  # type: ignore[misc, unused-ignore]
    """Constant text put into the page as it is. It never passes through jinja2, unlike branca's Element."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__()
        self._name, self._id, self.text = "Inline", name, text

    def render(self, **kwargs: Any) -> str:
        """The text itself."""
        return self.text


class OfflineFigure(Figure):  # type: ignore[misc, unused-ignore]
    """A branca Figure that puts every linked script and style into the page, and refuses other links.

    ``late`` is constant HTML for the end of the head: our styles and script, which need Leaflet's.
    """

    def __init__(self, late: str = "") -> None:
        super().__init__()
        self._id, self.late = "page", late
        del self.header._children["meta_http"]

    def render(self, **kwargs: Any) -> str:
        """The shell of the page: constants only, no data, no link.

        Raises
        ------
        PageError
            An element of the map links something that no dependency carries.
        """
        for child in self._children.values():
            child.render(**kwargs)
        for name, child in list(self.header._children.items()):
            if isinstance(child, JavascriptLink | CssLink):
                self.header._children[name] = Inline(_inlined(child.url), name)
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f"{self.header.render(**kwargs)}\n{self.late}\n</head>\n<body>\n{self.html.render(**kwargs)}\n"
            f"<script>{self.script.render(**kwargs)}</script>\n</body>\n</html>\n"
        )


def _inlined(url: str) -> str:
    file = url.rsplit("/", 1)[-1]
    if file == "leaflet.js":
        return script(leaflet(file).decode("utf-8"))
    if file == "leaflet.css":
        return style(_CSS_URL.sub(_data_uri, leaflet(file).decode("utf-8")))
    raise PageError(f"The page would need {url}, and no dependency carries it; use a map element without it.")


def _data_uri(found: re.Match[str]) -> str:
    file = found.group(1)
    if file.startswith("#"):
        return found.group(0)
    return f"url(data:image/png;base64,{base64.b64encode(leaflet(file)).decode('ascii')})"
