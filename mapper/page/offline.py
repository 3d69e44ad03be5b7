"""Everything a page needs, inside the page: assets of dependencies, and the policy that forbids the rest."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import metadata, resources
from pathlib import Path

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
    "opening.js", "detail.js", "list.js", "filters.js", "legend.js", "inset.js", "pick.js", "article.js",
    "download.js", "main.js",
)  # fmt: skip
"""Our scripts in the order in which they are joined: a later one may use what an earlier one defines."""

WEB_STYLES = ("base.css", "layout.css", "parts.css")

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


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
