"""Features as tables: flat rows, and GeoDataFrames of one schema for all layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mapper import layers
from mapper.layers import Feature, GeoJson, Record, circle, features, style

if TYPE_CHECKING:
    import geopandas

COLUMNS = (
    "id", "document", "layer", "shape", "role", "type", "label", "acled_event", "acled_sub_event", "plover",
    "plover_mode", "modality", "outcome", "status", "initiator", "initiator_side", "target", "target_side",
    "weapons", "killed_low", "killed_best", "killed_high", "injured_low", "injured_best", "injured_high",
    "when_start", "when_end", "when_precision", "when_text", "claims", "confidence", "place", "place_id",
    "feature", "country", "admin1", "relation", "lat", "lon", "radius_m", "quote", "source", "date",
)  # fmt: skip
"""The one schema. Every layer has these columns and ``geometry``."""

_NUMBERS = {"lat", "lon", "radius_m", "confidence"}
_COUNTS = {f"{what}_{end}" for what in ("killed", "injured") for end in ("low", "best", "high")}


def build(
    records: Sequence[Record], codes: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, geopandas.GeoDataFrame]:
    """One GeoDataFrame (EPSG:4326) a layer, each with :data:`COLUMNS` and ``geometry``; empty layers too."""
    rows = Rows(records, codes)
    return {name: _frame([rows.row(one) for one in found]) for name, found in features(records).items()}


def _frame(rows: list[dict[str, Any]]) -> geopandas.GeoDataFrame:
    import geopandas
    import pandas
    from shapely.geometry import shape

    data: dict[str, Any] = {}
    for column in COLUMNS:
        values = [entry[column] for entry in rows]
        kind = "float64" if column in _NUMBERS else "Int64" if column in _COUNTS else "str"
        data[column] = pandas.Series(values, dtype=kind)
    shapes = [shape(entry["geometry"]) for entry in rows]
    return geopandas.GeoDataFrame(
        data, geometry=geopandas.GeoSeries(shapes, crs="EPSG:4326"), crs="EPSG:4326"
    )


def geometry_of(feature: Feature) -> GeoJson:
    """The GeoJSON geometry of a feature, also where only point and radius are kept."""
    if feature.geometry is not None:
        return feature.geometry
    if feature.shape in ("area", "circle"):
        return circle(feature.lat, feature.lon, feature.radius_m)
    return {"type": "Point", "coordinates": [feature.lon, feature.lat]}


class Rows:
    """Features as flat rows of :data:`COLUMNS`. Finds events and mentions of the records by id."""

    def __init__(
        self, records: Sequence[Record], codes: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        self._records = records
        self._codes = layers.codes() if codes is None else codes
        self._events = [{e["id"]: e for e in record.get("events", ())} for record in records]
        self._mentions = [{m["id"]: m for m in record.get("mentions", ())} for record in records]
        self.order = {
            (record["id"], event["id"]): (number, place)
            for number, record in enumerate(records)
            for place, event in enumerate(record.get("events", ()))
        }
        """(document, event) -> where it stands in the records."""

    def row(self, feature: Feature) -> dict[str, Any]:
        """One feature, with its geometry as GeoJSON under ``geometry``."""
        mention = self._mentions[feature.record].get(feature.mention) or {}
        place = mention.get("place") or {}
        cells = self._head(feature.record)
        cells.update(
            id=feature.event or feature.mention, layer=feature.layer, shape=feature.shape, role=feature.role,
            place=place.get("name"), place_id=place.get("id"), feature=place.get("feature"),
            country=place.get("country"), admin1=place.get("admin1"), lat=feature.lat, lon=feature.lon,
            radius_m=feature.radius_m, geometry=geometry_of(feature),
        )  # fmt: skip
        if feature.event:
            event = self._events[feature.record][feature.event]
            cells.update(event_cells(event, self._codes))
            spots = (p["relation"] for p in event["locations"] if _is(p, feature))
            cells["relation"] = next((spot.get("text") or spot["type"] for spot in spots), None)
        else:
            cells.update(type="place", label=mention.get("text"), confidence=mention.get("score"))
        return cells

    def unplaced(self) -> list[dict[str, Any]]:
        """Rows of the events that stand nowhere on the map: they were found, so they are told."""
        drawn = features(self._records).values()
        placed = {(one.record, one.event) for group in drawn for one in group}
        return [
            {
                **self._head(number),
                "id": name,
                "layer": style(event["type"]).layer,
                **event_cells(event, self._codes),
            }
            for number, events in enumerate(self._events)
            for name, event in events.items()
            if (number, name) not in placed
        ]

    def _head(self, number: int) -> dict[str, Any]:
        record = self._records[number]
        cells: dict[str, Any] = dict.fromkeys(COLUMNS)
        source = record.get("source") or record.get("url")
        cells.update(document=record["id"], source=source, date=record.get("date"))
        return cells


def _is(place: Any, feature: Feature) -> bool:
    return place["role"] == feature.role and (place["lat"], place["lon"]) == (feature.lat, feature.lon)


def event_cells(event: Record, codes: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What a row says of the event itself, wherever it stands."""
    cells: dict[str, Any] = {
        "type": event["type"], "label": style(event["type"]).label, "quote": event["quote"],
        "modality": event["modality"], "outcome": event["outcome"], "status": event["status"],
        "confidence": event["confidence"],
        "weapons": "; ".join(_weapon(w) for w in event["weapons"]) or None,
        "claims": "; ".join(f"{c['speaker'] or c['side']} {c['stance']}" for c in event["claims"]) or None,
    }  # fmt: skip
    cells.update({key: value for key, value in codes.get(event["type"], {}).items() if key in COLUMNS})
    for who in ("initiator", "target"):
        actor = event.get(who) or {}
        cells[who], cells[f"{who}_side"] = actor.get("text"), actor.get("side") or None
    for what in ("killed", "injured"):
        count = (event.get("casualties") or {}).get(what) or {}
        cells.update({f"{what}_{end}": count.get(end) for end in ("low", "best", "high")})
    when = event.get("when") or {}
    cells.update({f"when_{key}": when.get(key) for key in ("start", "end", "precision", "text")})
    return cells


def _weapon(weapon: Record) -> str:
    return f"{weapon['count']} {weapon['text']}" if weapon.get("count") is not None else str(weapon["text"])
