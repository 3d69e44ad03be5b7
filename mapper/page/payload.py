"""Records and features -> the one block of data of a page, and its escaping."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mapper.page import article

if TYPE_CHECKING:
    from mapper.layers import Feature

Record = Mapping[str, Any]

QUANTUM = 1e-5
"""Degrees of one step in an encoded geometry, about 1 m."""

MAX_CORNERS = 4000
"""A geometry with more corners (a country) is simplified for the page; the exports keep it whole."""

SHAPES = ("point", "area", "zone", "circle", "line", "arrow", "flight", "return")
"""The order in which the page numbers the shapes of features."""

COLUMNS = (
    "id", "doc", "type", "quote", "modality", "outcome", "status", "confidence", "who", "whom", "when",
    "move", "killed", "injured", "weapons", "claims", "where", "reports", "f",
)  # fmt: skip
"""What the page is told of each event."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def embed(payload: Any) -> str:
    """JSON that is safe inside ``<script type="application/json">``, whatever the text holds."""
    text = json.dumps(
        payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False
    )
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def event_ids(records: Sequence[Record]) -> list[dict[str, str]]:
    """For each record: event id -> its id in the page, which no other record's event has."""
    count = Counter(event["id"] for record in records for event in record.get("events", ()))
    taken: set[str] = set()
    found: list[dict[str, str]] = []
    for number, record in enumerate(records):
        names: dict[str, str] = {}
        for event in record.get("events", ()):
            name = event["id"] if count[event["id"]] == 1 else f"{record['id']}:{event['id']}"
            name = name if name not in taken else f"{name}#{number}"
            taken.add(name)
            names[event["id"]] = name
        found.append(names)
    return found


def build(
    records: Sequence[Record],
    texts: Mapping[str, str | None],
    features: Mapping[str, Iterable[Feature]],
    codes: Mapping[str, Mapping[str, str]],
    outlined: Collection[str] = (),
) -> dict[str, Any]:
    """Documents, events with their features, and places, as JSON values.

    Events are columns (:data:`COLUMNS`); what many events share (an actor, a place, a time, a word) stands
    once in ``parts``, and its cells hold the index there, -1 for none, or a list of indices.
    ``outlined`` holds the codes of the countries that the basemap draws: their own shapes are not needed.
    """
    ids = event_ids(records)
    drawn: dict[tuple[int, str], list[Feature]] = {}
    places: list[Any] = []
    mentions = [{m["id"]: m for m in record.get("mentions", ())} for record in records]
    shapes = _Shapes()
    for found in features.values():
        for one in found:
            if one.event:
                drawn.setdefault((one.record, one.event), []).append(one)
            else:
                places.append(_place(one, mentions[one.record]))
    good = [record for record in records if "error" not in record]
    order = {layer: number for number, layer in enumerate(features)}
    parts = _Parts()
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for number, record in enumerate(records):
        countries = _countries(record, outlined)
        for event in record.get("events", ()):
            row = _event(event, number, ids[number][event["id"]], record, mentions[number], parts)
            shown = _drawn(drawn.get((number, event["id"]), ()), event, order, shapes, countries)
            for name, cell in zip(COLUMNS, (*row, parts.add(tuple(shown))), strict=True):
                columns[name].append(cell)
    return {
        "docs": [
            _document(r, texts, ids[n], len(good) == 1 and "error" not in r) for n, r in enumerate(records)
        ],
        "events": columns,
        "parts": parts.table,
        "places": _merged(places),
        "shapes": shapes.table,
        "codes": {key: dict(value) for key, value in sorted(codes.items())},
    }


def _document(record: Record, texts: Mapping[str, str | None], ids: Mapping[str, str], alone: bool) -> Any:
    if "error" in record:
        return _kept({"id": record["id"], "error": record["error"]})
    mentions = {m["id"]: m for m in record["mentions"]}
    missing = [mentions[name]["text"] for name in record.get("unresolved", ()) if name in mentions]
    head = {
        "id": record["id"], "title": record.get("title"), "date": record.get("date"),
        "source": _file_name(record.get("source")), "url": _web_address(record.get("url")),
        "unresolved": list(dict.fromkeys(missing)), "warnings": list(record.get("warnings", ())),
    }  # fmt: skip
    text = texts.get(record["id"]) or record.get("text")
    if alone and text:
        head["article"] = article.tree(text, article.spans(record, ids))
        head["mentions"] = {m["id"]: _mention(m) for m in record["mentions"]}
    return _kept(head)


def _file_name(source: Any) -> str | None:
    """The name of the file alone: where it lay is nobody's business."""
    return source if not source or "://" in source else re.split(r"[/\\\\]", source)[-1] or source


def _mention(mention: Record) -> Any:
    place = mention.get("place")
    if not place:
        return _kept({"reason": mention.get("reason")})
    return _kept(
        {
            "name": place["name"], "in": _inside(place), "lat": place["lat"], "lon": place["lon"],
            "r": round(place["radius_m"]), "match": mention.get("match"), "score": mention.get("score"),
            "pinned": mention.get("pinned", True), "feature": place.get("feature"),
        }
    )  # fmt: skip


def _inside(place: Record) -> str:
    return ", ".join(part for part in (place.get("admin1"), place.get("country")) if part)


def _web_address(url: Any) -> str | None:
    """The address when it is one of the web; a javascript: or data: address is dropped."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def _event(
    event: Record, number: int, name: str, record: Record, mentions: Mapping[str, Any], parts: _Parts
) -> tuple[Any, ...]:
    """The cells of one event, in the order of :data:`COLUMNS`, without the last."""
    add = parts.add
    casualties = event.get("casualties") or {}
    when = event.get("when") or {}
    return (
        name, number, add(event["type"]), event["quote"], add(event["modality"]), add(event["outcome"]),
        add(event["status"]), event["confidence"],
        add(_actor(event.get("initiator"))), add(_actor(event.get("target"))),
        add(_kept(dict(when)) if when.get("start") or when.get("text") else None),
        add(_kept(event.get("movement") or {})),
        add(_kept(casualties.get("killed") or {})), add(_kept(casualties.get("injured") or {})),
        [add(_kept(dict(weapon))) for weapon in event.get("weapons", ())],
        [add(_claim(claim, record)) for claim in event.get("claims", ())],
        [add(_where(place, mentions)) for place in event.get("locations", ()) if _finite(place)],
        [add({"doc": one["document"], "quote": one["quote"]}) for one in event.get("reports", ())],
    )  # fmt: skip


def _actor(actor: Any) -> Any:
    return _kept({"text": actor.get("text"), "side": actor.get("side")}) if actor else None


def _claim(claim: Record, record: Record) -> Any:
    said = {key: claim.get(key) for key in ("speaker", "side", "stance")}
    text = record.get("text")
    if text and claim.get("end"):
        said["text"] = text[claim["start"] : claim["end"]][:400]
    return _kept(said)


def _where(place: Record, mentions: Mapping[str, Any]) -> Any:
    relation = place["relation"]
    mention = mentions.get(place.get("mention") or "")
    named = (mention or {}).get("place") or {}
    name, said, text = named.get("name"), (mention or {}).get("text"), relation.get("text")
    return _kept(
        {
            "role": place["role"], "name": name, "in": _inside(named) if named else None,
            "code": named.get("country") if named.get("feature") == "country" else None,
            "said": _unless(said, name), "relation": relation["type"], "text": _unless(text, said),
            "lat": round(place["lat"], 5), "lon": round(place["lon"], 5), "r": round(place["radius_m"]),
            "method": _unless(place.get("method"), f"the point of {name}"),
        }
    )  # fmt: skip


def _unless(value: Any, usual: Any) -> Any:
    """The value, or None where the page knows it without being told."""
    return None if value == usual else value


def _finite(place: Record) -> bool:
    return all(
        isinstance(place.get(k), int | float) and math.isfinite(place[k]) for k in ("lat", "lon", "radius_m")
    )


def _kept(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing: a page of many events is mostly such fields."""
    return {key: value for key, value in fields.items() if value is not None and value not in ("", [], {})}


def _countries(record: Record, outlined: Collection[str]) -> frozenset[str]:
    """The mentions of countries that the basemap draws."""
    return frozenset(
        m["id"]
        for m in record.get("mentions", ())
        if m.get("place") and m["place"].get("feature") == "country" and m["place"]["country"] in outlined
    )


def _drawn(
    found: Iterable[Feature],
    event: Record,
    order: Mapping[str, int],
    shapes: _Shapes,
    countries: frozenset[str],
) -> list[int]:
    """For each feature three numbers: layer and shape, its place in ``where``, its geometry or -1."""
    spots = [place for place in event.get("locations", ()) if _finite(place)]
    index = {(p["role"], p["lat"], p["lon"]): n for n, p in reversed(list(enumerate(spots)))}
    flat: list[int] = []
    for one in found:
        own = None if one.shape == "area" and one.mention in countries else one.geometry
        kind = order[one.layer] * len(SHAPES) + SHAPES.index(one.shape)
        flat += (kind, index[one.role, one.lat, one.lon], shapes.add(own) if own else -1)
    return flat


def _place(one: Feature, mentions: Mapping[str, Any]) -> list[Any]:
    place = mentions[one.mention]["place"]
    return [
        place["id"],
        place["name"],
        round(one.lat, 5),
        round(one.lon, 5),
        one.shape == "area",
        one.mention,
    ]


def _merged(places: list[Any]) -> list[Any]:
    """Each place once, with the number of documents that name it."""
    count = Counter(place[0] for place in places)
    first = {place[0]: place for place in reversed(places)}
    return [[*first[name][1:], count[name]] for name in count]


class _Parts:
    """What events share, each once."""

    def __init__(self) -> None:
        self.table: list[Any] = []
        self._index: dict[Any, int] = {}

    def add(self, part: Any) -> int:
        """The index of a word, a flat dict or a tuple; -1 for nothing."""
        if not part:
            return -1
        key = tuple(part.items()) if isinstance(part, dict) else part
        index = self._index.get(key)
        if index is None:
            index = self._index[key] = len(self.table)
            self.table.append(part)
        return index


class _Shapes:
    """The geometries of a page, each kept once (a country may carry a thousand events)."""

    def __init__(self) -> None:
        self.table: list[Any] = []
        self._index: dict[str, int] = {}

    def add(self, geometry: Mapping[str, Any]) -> int:
        """The index of a GeoJSON geometry."""
        key = json.dumps(geometry, sort_keys=True)
        if key not in self._index:
            self._index[key] = len(self.table)
            self.table.append(encode(_light(geometry)))
        return self._index[key]


def _light(geometry: Mapping[str, Any]) -> Mapping[str, Any]:
    if len(str(geometry["coordinates"])) < MAX_CORNERS * 20:
        return geometry
    from shapely import get_num_coordinates
    from shapely.geometry import mapping, shape

    whole = shape(geometry)
    tolerance = 0.002
    while get_num_coordinates(whole) > MAX_CORNERS and tolerance < 1.0:
        whole = whole.simplify(tolerance, preserve_topology=False)
        tolerance *= 2.0
    light: Mapping[str, Any] = mapping(whole)
    return light if not whole.is_empty else geometry


def encode(geometry: Mapping[str, Any], quantum: float = QUANTUM) -> list[list[int]]:
    """A line or polygon as flat paths of whole steps: first point, then differences; longitude first."""
    coordinates, kind = geometry["coordinates"], geometry["type"]
    if kind == "LineString":
        paths = [coordinates]
    elif kind == "MultiPolygon":
        paths = [ring for polygon in coordinates for ring in polygon]
    else:
        paths = coordinates if kind in ("MultiLineString", "Polygon") else []
    return [deltas(path, quantum) for path in paths]


def deltas(path: Iterable[Sequence[float]], quantum: float) -> list[int]:
    """One path, steps that do not move left out."""
    flat: list[int] = []
    last_x = last_y = 0
    for x, y, *_ in path:
        step_x, step_y = round(x / quantum), round(y / quantum)
        if flat and step_x == last_x and step_y == last_y:
            continue
        flat += (step_x - last_x, step_y - last_y)
        last_x, last_y = step_x, step_y
    return flat
