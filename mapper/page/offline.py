"""Everything a page needs, inside the page: assets of dependencies, and the policy that forbids the rest."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from branca.element import CssLink, Element, Figure, JavascriptLink

from mapper.errors import PageError

LEAFLET_DISTRIBUTION = "django-js-lib-leaflet"
LEAFLET_FOLDER = "js_lib_leaflet/static/js_lib_leaflet"
LEAFLET_SHA256 = {
    "leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
    "leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
}
"""Of Leaflet 1.9.4 as npm carries it. A test compares the installed files with these."""

WEB_SCRIPTS = (
    "util.js", "geometry.js", "symbols.js", "store.js", "canvas.js", "basemap.js", "shapes.js", "points.js",
    "detail.js", "list.js", "filters.js", "legend.js", "article.js", "download.js", "main.js",
)  # fmt: skip
"""Our scripts in the order in which they are joined: a later one may use what an earlier one defines."""

WEB_STYLES = ("base.css", "layout.css", "parts.css")

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
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


@cache
def _leaflet_folder() -> Path:
    try:
        distribution = metadata.distribution(LEAFLET_DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise PageError(
            f"Leaflet is missing; install it with `pip install {LEAFLET_DISTRIBUTION}`."
        ) from error
    return Path(str(distribution.locate_file(LEAFLET_FOLDER)))


def leaflet(file: str) -> bytes:
    """A file of Leaflet, found in the dependency without importing it (that would need Django)."""
    try:
        return (_leaflet_folder() / file).read_bytes()
    except OSError as error:
        raise PageError(
            f"Leaflet's {file} is missing; run `pip install --force-reinstall {LEAFLET_DISTRIBUTION}`."
        ) from error


@cache
def web(file: str) -> str:
    """One of our own files under web/."""
    return resources.files("mapper.page").joinpath("web", file).read_text(encoding="utf-8")


def own_script() -> str:
    """Our scripts joined into one strict function, so that nothing but ``mapperPage`` is global."""
    return '(() => {\n"use strict";\n' + "\n".join(web(file) for file in WEB_SCRIPTS) + "\n})();\n"


def own_style() -> str:
    """Our styles joined."""
    return "\n".join(web(file) for file in WEB_STYLES)


def script(code: str) -> str:
    """A script element that its own text cannot close. Source maps are named by no page."""
    code = re.sub(r"^//# sourceMappingURL=.*$", "", _lines(code), flags=re.MULTILINE)
    safe = code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return f"<script>{safe}</script>"


def style(code: str) -> str:
    """A style element that its own text cannot close."""
    safe = _lines(code).replace("</style", "<\\/style")
    return f"<style>{safe}</style>"


def _lines(code: str) -> str:
    """Line ends as the HTML parser leaves them, since that is what a hash in the policy is of."""
    return code.replace("\r\n", "\n").replace("\r", "\n")


def policy(shell: str, image_hosts: tuple[str, ...] = ()) -> str:
    """The Content-Security-Policy of a shell without data: its scripts and styles by hash, no more."""
    scripts = " ".join(sorted({_hash(code) for code in _SCRIPT.findall(shell)}))
    styles = " ".join(sorted({_hash(code) for code in _STYLE.findall(shell)}))
    images = " ".join(("data:", *image_hosts))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src {images}; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def _hash(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode('utf-8')).digest()).decode('ascii')}'"
