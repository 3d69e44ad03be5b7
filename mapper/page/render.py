"""Records -> one HTML page that asks nothing of any network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mapper.page import basemap, payload
from mapper.page.offline import policy
from mapper.page.shells import shell

if TYPE_CHECKING:
    from mapper.layers import Feature, TypeStyle

ATTRIBUTION = (
    "Place names and points: GeoNames (CC BY 4.0)",
    "Airports: OurAirports (public domain)",
    "Borders, coasts and rivers: Natural Earth (public domain)",
    "Curated places: mapper, each with its source",
    "Map engine: Leaflet 1.9.4 (BSD 2-Clause)",
)

TITLE_LENGTH = 70

_DATA_MARK = '<script type="application/json" id="mapper-data"></script>'


def render(
    records: Sequence[Mapping[str, Any]],
    texts: Mapping[str, str | None],
    layers: Mapping[str, Sequence[Feature]],
    gazetteer: basemap.Source | None = None,
    *,
    title: str = "",
    names: Mapping[str, str],
    styles: Mapping[str, TypeStyle],
    codes: Mapping[str, Mapping[str, str]] | None = None,
    tiles: str | None = None,
    attribution: Sequence[str] = ATTRIBUTION,
) -> str:
    """Draw a page.

    The same input gives the same text. Everything that comes from outside stands in one block of JSON,
    put in after the policy was made and after folium's templates ran; the page reads it as text only.

    Parameters
    ----------
    records
        Analysis records.
    texts
        Record id -> the article, or None; a record's own ``text`` serves where there is none.
    layers
        Layer -> its features, as ``mapper.layers.features`` gives them.
    gazetteer
        For the basemap and its labels; without it only the world's outline is drawn.
    title
        Of the page; without it the article's title, or the number of documents.
    names, styles
        ``mapper.layers.names()``, and ``mapper.layers.style`` of each event type that occurs.
    codes
        Event type -> its ACLED and PLOVER codes, for the page's own exports.
    tiles
        The name of an online basemap. With it, and only then, the page asks its host for images.

    Raises
    ------
    PageError
        An asset is missing, or the online basemap is not known.
    """
    html, hosts, credit = shell(tiles)
    data = payload.build(records, texts, layers, codes or {}, basemap.outlined())
    data["title"] = title or _title(records)
    data["layers"] = [[name, label] for name, label in names.items()]
    data["types"] = {
        kind: {"layer": style.layer, "label": style.label, "symbol": style.symbol}
        for kind, style in sorted(styles.items())
    }
    data["attribution"] = [*attribution, *([credit] if credit else [])]
    data["tiles"] = bool(tiles)
    spots = _spots(layers.values())
    box = basemap.area(spots)
    often = Counter((round(lat, 2), round(lon, 2)) for lat, lon, _ in spots).most_common()
    data["basemap"] = basemap.build(box, gazetteer, [spot for spot, _ in often], detailed=not tiles)
    data["turned"] = box[2] > 180.0
    csp = f'<meta http-equiv="Content-Security-Policy" content="{policy(html, hosts)}">'
    html = html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{csp}', 1)
    filled = f'<script type="application/json" id="mapper-data">{payload.embed(data)}</script>'
    before, after = html.split(_DATA_MARK)
    return before + filled + after


def _title(records: Sequence[Mapping[str, Any]]) -> str:
    if len(records) == 1:
        record = records[0]
        return str(record.get("title") or _first_line(str(record.get("text") or "")) or record["id"])
    return f"{len(records)} documents"


def _first_line(text: str) -> str:
    """The first line that says something, cut at a word."""
    line = next((line.strip() for line in text[:5000].splitlines() if line.strip()), "")
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[:TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:.–—-")
    return f"{cut}…"


def _spots(layers: Iterable[Iterable[Feature]]) -> list[tuple[float, float, float]]:
    """The points that decide the map's area: of events if any has one, else of whole regions and places."""
    found = [feature for features in layers for feature in features]
    exact = [f for f in found if f.event and f.shape in ("point", "zone", "line", "arrow")]
    exact = exact or [f for f in found if f.event] or found
    return [(f.lat, f.lon, f.radius_m) for f in exact]
