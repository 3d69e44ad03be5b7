"""The folium map that hosts the page: folium's templates see constants and generated ids, no news text."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import folium
from branca.element import MacroElement
from folium.template import Template

from mapper.errors import PageError
from mapper.page.figure import Inline, OfflineFigure
from mapper.page.offline import own_script, own_style, script, style, web

MAX_ZOOM = 17
MIN_ZOOM = 2


class HostMap(folium.Map):  # type: ignore[misc, unused-ignore]
    """A folium map in our own page: ``#map`` is the Leaflet map, Leaflet is all it links.

    folium's own template would forbid pinch zoom and cover the whole page.
    """

    _template = Template(
        "{% macro header(this, kwargs) %}"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "{% endmacro %}"
        "{% macro html(this, kwargs) %}{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        "var map = L.map({{ this.get_name()|tojson }}, "
        "{center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}});"
        "{% endmacro %}"
    )
    default_js = [("leaflet", "leaflet.js")]
    default_css = [("leaflet_css", "leaflet.css")]

    def get_name(self) -> str:
        """The id of the element and the name of the variable, the same in every page."""
        return "map"


class EventLayer(MacroElement):  # type: ignore[misc, unused-ignore]
    """Hands the map to our script, which draws the page's one block of data on it."""

    _template = Template(
        "{% macro script(this, kwargs) %}mapperPage.start({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call, unused-ignore]
        self._name, self._id = "EventLayer", "events"


def shell(tiles: str | None = None) -> tuple[str, tuple[str, ...], str]:
    """The page without its data.

    Parameters
    ----------
    tiles
        The name of an online basemap as xyzservices knows it, or None for none (no request to anywhere).

    Returns
    -------
    tuple
        The HTML, the hosts that images may come from, and the basemap's attribution as plain text.
    """
    figure = OfflineFigure(style(own_style()) + script(own_script()))
    host = HostMap(
        location=[20.0, 10.0], zoom_start=MIN_ZOOM, tiles=None, max_zoom=MAX_ZOOM, min_zoom=MIN_ZOOM,
        zoom_control=False, attribution_control=False, world_copy_jump=False, zoom_snap=0.25, zoom_delta=1,
    )  # fmt: skip
    host._id = "map"
    figure.add_child(host, name="map")
    hosts: tuple[str, ...] = ()
    attribution = ""
    if tiles:
        layer, hosts, attribution = _tile_layer(tiles)
        host.add_child(layer, name="tiles")
    host.add_child(EventLayer(), name="events")
    figure.html.add_child(Inline(web("page.html"), "page"), name="page")
    return figure.render(), hosts, attribution


def _tile_layer(name: str) -> tuple[Any, tuple[str, ...], str]:
    import xyzservices.providers  # type: ignore[import-untyped]

    try:
        provider = xyzservices.providers.query_name(name)
    except ValueError as error:
        raise PageError(
            f"No online basemap is called {name!r}; try OpenStreetMap.Mapnik or CartoDB.Positron."
        ) from error
    if provider.requires_token():
        raise PageError(f"The basemap {name!r} needs an API key; choose one that is free to use.")
    url = provider.build_url(scale_factor="@2x") if "{r}" in provider["url"] else provider.build_url()
    layer = folium.TileLayer(
        tiles=url, attr=re.sub(r"[^\w .,()-]", "", provider["attribution"]), name="tiles",
        max_zoom=provider.get("max_zoom", MAX_ZOOM), min_zoom=0, subdomains=provider.get("subdomains", "abc"),
    )  # fmt: skip
    layer._id = "tiles"
    parts = urlsplit(url)
    domain = parts.netloc.replace("{s}", "*")
    return layer, (f"{parts.scheme}://{domain}",), provider["attribution"]
