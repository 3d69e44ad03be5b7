"""Writes the extracts: Parquet files, manifest and attribution. For maintainers: see `extract`."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from gazetteer.extract_rows import Row
from gazetteer.sources.extracts import GEOMETRY, MANIFEST, NAMES, PLACES

GRID_DEGREES = 0.0001


def write(
    rows: list[Row], packages: list[dict[str, Any]], curated: dict[str, Any], folder: Path
) -> dict[str, Any]:
    """Write all files and return the manifest. The same rows give the same bytes."""
    rows = sorted(rows, key=lambda row: (row.country, row.feature, row.name, row.lat, row.lon, row.id))
    _check_ids(rows)
    counts = _tables(rows, folder)
    by_source = Counter(row.source for row in rows)
    manifest: dict[str, Any] = {
        "rows": counts,
        "features": dict(sorted(Counter(row.feature for row in rows).items())),
        "outputs": [_output(folder / name) for name in (PLACES, NAMES, GEOMETRY)],
        "sources": [*(_source(package, by_source) for package in packages), _curated(curated)],
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    (folder / "ATTRIBUTION.md").write_text(_attribution(manifest["sources"]), encoding="utf-8")
    return manifest


def _check_ids(rows: list[Row]) -> None:
    """Give rows that would share an id numbers of their own."""
    seen: Counter[str] = Counter()
    for row in rows:
        plain = row.id or f"{row.source}:{row.country}:{row.lat!r},{row.lon!r}"
        seen[plain] += 1
        if seen[plain] > 1:
            row.id = f"{plain}:{seen[plain]}"


def _tables(rows: list[Row], folder: Path) -> dict[str, int]:
    import pyarrow as pa
    import shapely

    def e5(value: float) -> int:
        return round(value * 100_000)

    columns: dict[str, Any] = {
        "id": pa.array([row.id or None for row in rows], pa.string()),
        "name": pa.array([row.name for row in rows], pa.string()),
        "lat_e5": pa.array([e5(row.lat) for row in rows], pa.int32()),
        "lon_e5": pa.array([e5(row.lon) for row in rows], pa.int32()),
    }
    for key in ("feature", "country", "admin1", "admin2"):
        columns[key] = pa.array([getattr(row, key) for row in rows], pa.string())
    columns["population"] = pa.array([row.population for row in rows], pa.int64())
    columns["radius_m"] = pa.array([round(row.radius_m) for row in rows], pa.float32())
    columns["parent"] = pa.array([row.parent for row in rows], pa.string())
    columns["source"] = pa.array([row.source for row in rows], pa.string())
    columns["priority"] = pa.array([row.priority for row in rows], pa.int8())
    _parquet(pa.table(columns), folder / PLACES, plain=("id", "name", "lat_e5", "lon_e5", "parent"))

    names = [(number, name) for number, row in enumerate(rows) for name in row.as_names()]
    table = pa.table(
        {
            "place": pa.array([number for number, _ in names], pa.int32()),
            "text": pa.array([name.text for _, name in names], pa.string()),
            "kind": pa.array([name.kind for _, name in names], pa.string()),
            "language": pa.array([name.language for _, name in names], pa.string()),
        }
    )
    _parquet(table, folder / NAMES, plain=("place", "text"))

    shapes = [(number, row.geometry) for number, row in enumerate(rows) if row.geometry is not None]
    wkb = shapely.to_wkb([shape for _, shape in shapes], byte_order=1)
    table = pa.table(
        {"place": pa.array([n for n, _ in shapes], pa.int32()), "wkb": pa.array(wkb, pa.binary())}
    )
    _parquet(table, folder / GEOMETRY, plain=("place", "wkb"))
    return {"places": len(rows), "names": len(names), "geometries": len(shapes)}


def _parquet(table: Any, path: Path, plain: tuple[str, ...]) -> None:
    import pyarrow.parquet as pq

    encodings = {
        name: "DELTA_BINARY_PACKED" for name in plain if str(table.schema.field(name).type) == "int32"
    }
    pq.write_table(
        table.replace_schema_metadata(None),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=[name for name in table.column_names if name not in plain],
        column_encoding=encodings or None,
        write_statistics=False,
        store_schema=False,
        row_group_size=1_000_000,
    )


def _output(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {"file": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _source(package: dict[str, Any], rows: Counter[str]) -> dict[str, Any]:
    keys = ("source", "version", "licence", "attribution", "url", "registry", "file", "sha256")
    entry = {key: package[key] for key in keys}
    return {**entry, "package": package["name"], "rows": rows.get(package["source"], 0)}


def _curated(entry: dict[str, Any]) -> dict[str, Any]:
    # The rows are counted when the tables are read: they change without a new extraction.
    return {**entry, "registry": "", "file": "curated/", "sha256": "", "package": "", "rows": 0}


def _attribution(sources: list[dict[str, Any]]) -> str:
    lines = [
        "# Attribution",
        "",
        "The place data in this folder is made by `python -m gazetteer.extract` from these sources. The",
        "exact packages and their hashes are in sources.toml and manifest.json. The changes: rows are",
        "selected, merged, transliterated and simplified.",
        "",
        "| source | licence | attribution | from |",
        "|---|---|---|---|",
    ]
    for entry in sources:
        package = f"{entry['package']} {entry['version']} ({entry['registry']})"
        package = package if entry["package"] else entry["file"]
        lines.append(
            f"| {entry['source']} | {entry['licence']} | [{entry['attribution']}]({entry['url']}) "
            f"| {package} |"
        )
    return "\n".join(lines) + "\n"
