"""Tables of places: CSV of any delimiter and encoding, GeoJSON, and whatever GDAL reads (GeoPackage)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gazetteer.errors import GazetteerFormatError
from gazetteer.names import fold
from gazetteer.place import Name, SourcePlace
from gazetteer.sources import geojson
from gazetteer.sources.common import Broken, degrees, feature_of_words, tables, whole

DELIMITERS = ",;\t|"
CHUNK = 20_000
NO_GEOJSON = 20
"""A file of more lines than these, none of them JSON, is no GeoJSON."""


def encoding_of(path: Path) -> str:
    """Guess the encoding of a text file: byte order mark, else UTF-8, else by charset-normalizer."""
    with path.open("rb") as file:
        head = file.read(262_144)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        # A character may be cut in two at the end of what was read.
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
        return "utf-8-sig"
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        matches = list(from_bytes(head))
        if not matches:
            return "cp1252"
        # Old Macintosh code pages share most letters with the Windows ones, which are far more common.
        windows = [
            m for m in matches if m.encoding.startswith("cp125") and m.coherence >= matches[0].coherence
        ]
        return (windows or matches)[0].encoding


class Columns:
    """Which header holds what, guessed from ``features.toml``."""

    def __init__(self, headers: list[str], where: str) -> None:
        wanted: dict[str, list[str]] = tables()["columns"]
        folded = {fold(header.replace("_", " ")): header for header in reversed(headers)}
        self.of = {field: [folded[n] for n in names if n in folded] for field, names in wanted.items()}
        if not self.of["name"]:
            shown = ", ".join(headers[:12])[:200]
            raise GazetteerFormatError(f"{where} has no column of names (found: {shown}): call one 'name'.")

    def get(self, row: Mapping[str, Any], field: str) -> str:
        """Return the first filled value of a field, as text."""
        for header in self.of[field]:
            value = row.get(header)
            if value is not None and value == value and str(value).strip():
                return str(value).strip()
        return ""

    def place(self, row: Mapping[str, Any], point: tuple[float, float] | None, source: str) -> SourcePlace:
        """Make a place of a row. ``point`` is (lat, lon) when a geometry gave it.

        Raises
        ------
        ValueError
            When the row has no name or no usable point.
        """
        name = self.get(row, "name")
        if not name:
            raise ValueError("no name")
        if len(name) > 300:
            raise ValueError("a name of more than 300 characters")
        lat, lon = point or self._point(row)
        country = self.get(row, "country").upper()
        given = self.get(row, "id")
        if given.isdigit() and "geonameid" in (h.lower() for h in self.of["id"]):
            given = f"geonames:{given}"
        alternates = [n for header in self.of["alternates"] for n in _split(row.get(header))]
        names = dict.fromkeys(
            [*alternates, *(str(row[h]).strip() for h in self.of["name"][1:] if row.get(h))]
        )
        return SourcePlace(
            id=given if ":" in given else f"{source}:{given or f'{lat:.5f},{lon:.5f},{fold(name)}'}",
            name=name,
            lat=lat,
            lon=lon,
            feature=feature_of_words(self.get(row, "type")),
            country=country if len(country) == 2 and country.isalpha() else "",
            admin1=self.get(row, "admin1"),
            admin1_name=self.get(row, "admin1_name"),
            admin2=self.get(row, "admin2"),
            population=whole(self.get(row, "population")),
            radius_m=float(whole(self.get(row, "radius"))),
            names=tuple(Name(n) for n in names if n and n != name and len(n) <= 300),
            source=source,
        )

    def _point(self, row: Mapping[str, Any]) -> tuple[float, float]:
        lat, lon = self.get(row, "lat"), self.get(row, "lon")
        if lat and lon:
            return degrees(lat, lon)
        parts = self.get(row, "point").strip("()[] ").replace(";", ",").split(",")
        if len(parts) == 2:
            return degrees(parts[0], parts[1])
        raise ValueError("no latitude and longitude")


def _split(value: Any) -> list[str]:
    text = "" if value is None or value != value else str(value)
    for delimiter in ";|":
        if delimiter in text:
            return [part.strip() for part in text.split(delimiter)]
    return [part.strip() for part in text.split(",")]


def read_csv(path: Path, broken: Broken) -> Iterator[SourcePlace]:
    """Give the places of a CSV file with a header row. Cells are text: a formula stays what it is."""
    source = fold(path.stem).replace(" ", "-") or "table"
    csv.field_size_limit(1 << 24)
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as file:
        first = file.readline()
        file.seek(0)
        delimiter = max(DELIMITERS, key=first.count)
        reader = csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter)
        headers = [header.strip().lstrip("\ufeff") for header in next(reader, [])]
        columns = Columns(headers, path.name)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader, None)
                if row is None:
                    return
                if not any(row):
                    continue
                if len(row) < len(headers) / 2:
                    raise ValueError(f"{len(row)} columns instead of {len(headers)}")
                yield columns.place(dict(zip(headers, row, strict=False)), None, source)
            except (ValueError, csv.Error) as error:
                broken.add(path.name, line, str(error))


def read_geojson(path: Path, broken: Broken) -> Iterator[SourcePlace]:
    """Give the places of a GeoJSON FeatureCollection, or of one feature a line, in bounded memory."""
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    source = fold(path.stem).replace(" ", "-") or "geojson"
    columns: Columns | None = None
    found = False
    with path.open(encoding=encoding_of(path), errors="replace") as file:
        for number, feature in enumerate(geojson.features(file), 1):
            try:
                if isinstance(feature, geojson.NoJson):
                    raise feature
                found = True
                if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
                    raise ValueError("no feature with properties")
                row = {str(k): v for k, v in feature["properties"].items()}
                if "id" in feature:
                    row.setdefault("id", feature["id"])
                # Features need not have the same properties, so a new set of headers is guessed anew.
                if columns is None or not columns.get(row, "name"):
                    columns = Columns(list(row), f"{path.name}, feature {number},")
                place = _with_geometry(columns, row, shape(feature.get("geometry") or {}), source)
            except (ValueError, TypeError, AttributeError, KeyError, IndexError, ShapelyError,
                    GazetteerFormatError) as error:  # fmt: skip
                if not found and number > NO_GEOJSON:
                    raise GazetteerFormatError(f"{path} is not GeoJSON: check the file.") from None
                broken.add(path.name, number, str(error)[:200] or type(error).__name__)
            else:
                yield place


def _with_geometry(columns: Columns, row: Mapping[str, Any], geometry: Any, source: str) -> SourcePlace:
    """Make a place of a row and a shapely geometry in degrees: lines and polygons are kept as its shape."""
    from dataclasses import replace

    import shapely

    if geometry is None or geometry.is_empty:
        raise ValueError("no geometry")
    point = geometry if geometry.geom_type == "Point" else geometry.representative_point()
    place = columns.place(row, degrees(point.y, point.x), source)
    if geometry.geom_type in ("Point", "MultiPoint"):
        return place
    west, south, east, north = geometry.bounds
    degrees(south, west), degrees(north, east)
    radius = place.radius_m or max(north - south, east - west) * 111_000 / 2
    return replace(place, geometry=shapely.to_wkb(geometry), radius_m=radius)


def read_layers(path: Path, broken: Broken) -> Iterator[SourcePlace]:
    """Give the places of every vector layer of a GeoPackage (or another file that GDAL reads)."""
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        layers = [(str(name), kind) for name, kind in pyogrio.list_layers(path) if kind]
    except DataSourceError as error:
        raise GazetteerFormatError(f"{path} cannot be read as a vector file ({error}).") from error
    for layer, _ in layers:
        yield from _read_layer(path, layer, broken)


def _read_layer(path: Path, layer: str, broken: Broken) -> Iterator[SourcePlace]:
    import pyogrio

    source = fold(path.stem).replace(" ", "-") or "layer"
    total = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
    for start in range(0, total, CHUNK):
        frame = pyogrio.read_dataframe(path, layer=layer, skip_features=start, max_features=CHUNK)
        if frame.crs is not None and frame.crs.to_epsg() != 4326:
            frame = frame.to_crs(4326)
        columns = Columns(
            [c for c in frame.columns if c != frame.geometry.name], f"{path.name}, layer {layer},"
        )
        for offset, (row, geometry) in enumerate(
            zip(frame.drop(columns=frame.geometry.name).to_dict("records"), frame.geometry, strict=True), 1
        ):
            try:
                yield _with_geometry(columns, row, geometry, source)
            except ValueError as error:
                broken.add(path.name, start + offset, str(error))
