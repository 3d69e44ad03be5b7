"""The page without its data, kept in the user's cache: folium draws it once for each version of its parts.

Importing folium (with pandas) takes longer than reading an article, and what it renders here is constant.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata, resources
from pathlib import Path

from mapper.page.offline import LEAFLET_SHA256, leaflet, own_script, own_style, web

Shell = tuple[str, tuple[str, ...], str]
"""The HTML, the hosts that images may come from, and the online basemap's attribution as plain text."""


def shell(tiles: str | None = None, folder: Path | None = None) -> Shell:
    """The page without its data, from the cache or newly rendered.

    Parameters
    ----------
    tiles
        The name of an online basemap as xyzservices knows it, or None for none (no request to anywhere).
    folder
        Of the cache; the user's own by default. One that cannot be written is done without.

    Raises
    ------
    PageError
        An asset is missing, or the online basemap is not known.
    """
    folder = folder or _cache_folder()
    version = _digest(_parts())
    path = folder / f"page-{version}-{_digest([tiles.encode() if tiles else b''])}.json"
    kept = _read(path)
    if kept:
        return kept
    from mapper.page.map import shell as render

    made = render(tiles)
    _write(path, made, version)
    return made


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("mapper", appauthor=False)


def _parts() -> Iterator[bytes]:
    """All that the shell is made of: its own files, Leaflet's, and the versions of what renders it."""
    yield from (text.encode() for text in (own_script(), own_style(), web("page.html")))
    yield from (leaflet(file) for file in LEAFLET_SHA256)
    for module in ("map.py", "figure.py", "offline.py"):
        yield resources.files("mapper.page").joinpath(module).read_bytes()
    for name in ("folium", "branca", "jinja2", "xyzservices"):
        yield f"{name} {metadata.version(name)}".encode()


def _digest(parts: Iterator[bytes] | list[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(hashlib.sha256(part).digest())
    return found.hexdigest()[:16]


def _read(path: Path) -> Shell | None:
    """What an earlier run kept, if it is whole."""
    try:
        digest, text = path.read_text(encoding="utf-8").split("\n", 1)
        html, hosts, credit = json.loads(text)
    except (OSError, ValueError):
        return None
    return (html, tuple(hosts), credit) if digest == _digest([text.encode()]) else None


def _write(path: Path, made: Shell, version: str) -> None:
    text = json.dumps(made)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(f"{_digest([text.encode()])}\n{text}", encoding="utf-8")
        os.replace(temporary, path)
        for old in path.parent.glob("page-*.json"):
            if not old.name.startswith(f"page-{version}-"):
                old.unlink(missing_ok=True)
