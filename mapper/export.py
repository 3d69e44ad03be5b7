"""Records -> files that other programs read: GeoJSON, CSV, GeoPackage, KML, GeoParquet, FlatGeobuf.

The format follows the suffix. Text that a spreadsheet would run as a formula is neutralised in CSV. The
same records give the same bytes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapper import layers
from mapper.errors import OutputError
from mapper.layers_table import COLUMNS, Rows

if TYPE_CHECKING:
    import geopandas

Record = Mapping[str, Any]

ATTRIBUTION = (
    "Place names and points: GeoNames, CC BY 4.0 (geonames.org). Airports: OurAirports, public domain. "
    "Borders, coasts and rivers: Natural Earth, public domain. Drawn by mapper."
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FIXED_TIME = "2000-01-01T00:00:00Z"
"""GeoPackage stamps its layers with the time of writing; a fixed one keeps the bytes the same."""

EVENT_LAYERS = ("strikes", "launches", "advances", "withdrawals", "other")


def formats() -> tuple[str, ...]:
    """The suffixes that :func:`write` knows, without the dot."""
    return tuple(_WRITERS)


def write(records: Sequence[Record], path: Path, form: str | None = None) -> None:
    """Write what the records hold.

    Parameters
    ----------
    records
        Analysis records; failed ones hold nothing.
    path
        The file. Its suffix names the format unless ``form`` does.
    form
        A format of :func:`formats`.

    Raises
    ------
    OutputError
        The format is not known, or the file cannot be written.
    """
    kind = (form or path.suffix.removeprefix(".")).lower()
    writer = _WRITERS.get(kind)
    if writer is None:
        known = ", ".join(f".{name}" for name in _WRITERS)
        raise OutputError(f"{path.name} has no format that mapper writes; end its name in {known}.")
    try:
        writer(records, path)
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, OutputError):
            raise
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise OutputError(f"{path} cannot be written ({reason}); choose another place.") from error


def _geojson(records: Sequence[Record], path: Path) -> None:
    index = Rows(records)
    found = []
    for feature in (one for group in layers.features(records).values() for one in group):
        row = index.row(feature)
        geometry = row.pop("geometry")
        cells = {key: value for key, value in row.items() if value is not None}
        found.append({"type": "Feature", "properties": cells, "geometry": geometry})
    found += [
        {"type": "Feature", "properties": {k: v for k, v in row.items() if v is not None}, "geometry": None}
        for row in index.unplaced()
    ]
    whole = {"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": found}
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    path.write_bytes(text.encode("utf-8", "replace"))


def _csv(records: Sequence[Record], path: Path) -> None:
    """One row for each place of each event, and one for an event without a place; points as columns."""
    index = Rows(records)
    found = layers.features(records)
    rows = [
        index.row(feature)
        for layer in EVENT_LAYERS
        for feature in found[layer]
        if feature.shape in ("point", "area")
    ]
    rows += index.unplaced()
    order = index.order
    rows.sort(key=lambda row: order[row["document"], row["id"]])
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, "attribution"])
        for row in rows:
            writer.writerow([*(neutral(row.get(column)) for column in COLUMNS), ATTRIBUTION])


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet runs as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _gpkg(records: Sequence[Record], path: Path) -> None:
    """One table a layer; empty layers too, so that a project finds what it expects."""
    import pyogrio

    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_TIME})
    try:
        for name, frame in layers.build(records).items():
            frame.to_file(
                path, layer=name, driver="GPKG", engine="pyogrio", promote_to_multi=False,
                geometry_type="Unknown", dataset_metadata={"ATTRIBUTION": ATTRIBUTION},
                layer_options={"DESCRIPTION": ATTRIBUTION, "FID": "fid"},
            )  # fmt: skip
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _together(records: Sequence[Record]) -> geopandas.GeoDataFrame:
    """All layers as one table."""
    import pandas

    frames = layers.build(records)
    full = [frame for frame in frames.values() if len(frame)]
    return pandas.concat(full, ignore_index=True) if full else next(iter(frames.values()))


def _parquet(records: Sequence[Record], path: Path) -> None:
    frame = _together(records)
    frame.attrs["attribution"] = ATTRIBUTION
    frame.to_parquet(path, index=False)


def _fgb(records: Sequence[Record], path: Path) -> None:
    path.unlink(missing_ok=True)
    frame = _together(records)
    frame.to_file(
        path, driver="FlatGeobuf", engine="pyogrio", promote_to_multi=False, geometry_type="Unknown",
        layer_options={"TITLE": "Events", "DESCRIPTION": ATTRIBUTION},
    )  # fmt: skip


def _kml(records: Sequence[Record], path: Path) -> None:
    path.unlink(missing_ok=True)
    frame = _together(records).rename(columns={"id": "event"})  # KML numbers its own ids
    frame.insert(0, "Name", frame["label"].fillna(frame["place"]).fillna(""))
    frame.insert(1, "Description", frame["quote"].fillna(""))
    frame.to_file(path, driver="KML", engine="pyogrio", layer="events", promote_to_multi=False)
    _kml_note(path)


def _kml_note(path: Path) -> None:
    """KML has no place for a licence but the document's description."""
    text = path.read_text(encoding="utf-8")
    mark = '<Document id="root_doc">'
    path.write_text(
        text.replace(mark, f"{mark}<description>{ATTRIBUTION}</description>", 1), encoding="utf-8"
    )


_WRITERS: dict[str, Callable[[Sequence[Record], Path], None]] = {
    "geojson": _geojson, "csv": _csv, "gpkg": _gpkg, "parquet": _parquet, "fgb": _fgb, "kml": _kml,
}  # fmt: skip
