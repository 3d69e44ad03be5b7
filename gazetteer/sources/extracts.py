"""The compressed extracts that ship with the package, as columns or as places.

``gazetteer/data`` holds three Parquet files and their manifest, made by ``python -m gazetteer.extract``:

places.parquet
    One row a place, sorted by (country, feature, name). ``id``, ``name``, ``feature``, ``country``,
    ``admin1`` (GeoNames code, "UA.05"), ``admin2`` (name), ``population``, ``radius_m``, ``parent``,
    ``source``, ``priority``; coordinates as ``lat_e5`` and ``lon_e5``, integers of 1e-5 degrees. ``id`` is
    null where it is made of the source, the country and the point ("postal:UA:48.5512,38.0021").
names.parquet
    ``place`` (row number in places), ``text``, ``kind``, ``language``; sorted by place. The place's own
    ``name`` is not repeated.
geometry.parquet
    ``place``, ``wkb`` (EPSG:4326, longitude first).

The curated facts (``data/curated``) are added when the extracts are read, so that a place is added by adding
a line to a table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, cast

from gazetteer.errors import GazetteerBuildError
from gazetteer.place import Feature, Name, NameKind, SourceInfo, SourcePlace
from gazetteer.sources.curated import curated_names, curated_places, curated_points

PLACES, NAMES, GEOMETRY, MANIFEST = "places.parquet", "names.parquet", "geometry.parquet", "manifest.json"
E5 = 100_000


@dataclass(frozen=True, slots=True)
class Extracts:
    """The extracts as Arrow tables.

    ``places``: id, name, lat, lon (float64 degrees), feature, country, admin1, admin2, population (int64),
    radius_m (float32), parent, source, priority (int8); the strings are plain or dictionary-encoded.
    ``names``: place (int32, row number in ``places``), text, kind, language. ``geometry``: place (int32),
    wkb (binary). Curated rows come last in each table; the rest is sorted by ``place``.
    """

    places: Any
    names: Any
    geometry: Any


def data_folder() -> Path:
    """Return the folder of the extracts that ship with the package."""
    return Path(str(resources.files("gazetteer"))) / "data"


def fingerprint(folder: Path | None = None) -> str:
    """Return a hash of all that `read_extracts` reads, so that a compiled file can be found again by it."""
    folder = folder or data_folder()
    digest = hashlib.sha256()
    for path in [folder / MANIFEST, *sorted((folder / "curated").rglob("*"))]:
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def manifest(folder: Path | None = None) -> dict[str, Any]:
    """Return the manifest: sources with versions, licences and hashes, and the outputs with theirs."""
    path = (folder or data_folder()) / MANIFEST
    try:
        return cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise GazetteerBuildError(
            f"The place data is missing or damaged ({path}): reinstall mapper."
        ) from error


def source_infos(folder: Path | None = None) -> list[SourceInfo]:
    """Return what is known of every source of the extracts, in the order of the manifest."""
    return [
        SourceInfo(
            source=entry["source"],
            version=entry["version"],
            licence=entry["licence"],
            attribution=entry["attribution"],
            url=entry["url"],
            rows=int(entry["rows"]),
            extra={"package": entry.get("package", ""), "sha256": entry.get("sha256", "")},
        )
        for entry in manifest(folder)["sources"]
    ]


def read_extracts(folder: Path | None = None) -> Extracts:
    """Read the extracts and the curated facts.

    Raises
    ------
    GazetteerBuildError
        When a file is missing or is not Parquet.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = folder or data_folder()
    try:
        places, names, geometry = (pq.read_table(folder / name) for name in (PLACES, NAMES, GEOMETRY))
    except (OSError, pa.ArrowInvalid) as error:
        raise GazetteerBuildError(
            f"The place data in {folder} cannot be read ({error}): reinstall mapper."
        ) from error
    return _with_curated(Extracts(places=_decode(places), names=names, geometry=geometry), folder / "curated")


def source_places(extracts: Extracts) -> Iterator[SourcePlace]:
    """Give the extracts one place at a time. Slow beside the columns; for tests and small tools."""
    names: dict[int, list[Name]] = {}
    for row in extracts.names.to_pylist():
        name = Name(row["text"], cast(NameKind, row["kind"]), row["language"])
        names.setdefault(row["place"], []).append(name)
    shapes = {row["place"]: row["wkb"] for row in extracts.geometry.to_pylist()}
    number = 0
    for batch in extracts.places.to_batches(max_chunksize=65_536):
        for row in batch.to_pylist():
            row["feature"] = cast(Feature, row["feature"])
            yield SourcePlace(**row, names=tuple(names.get(number, ())), geometry=shapes.get(number))
            number += 1


def _decode(places: Any) -> Any:
    """Turn integer coordinates into degrees and give the rows without an id theirs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lat = pc.divide(pc.cast(places["lat_e5"], pa.float64()), float(E5))
    lon = pc.divide(pc.cast(places["lon_e5"], pa.float64()), float(E5))
    text = [pc.cast(places[name], pa.string()) for name in ("source", "country")]
    point = pc.binary_join_element_wise(pc.cast(lat, pa.string()), pc.cast(lon, pa.string()), ",")
    made = pc.binary_join_element_wise(*text, point, ":")
    columns = {"id": pc.coalesce(places["id"], made), "name": places["name"], "lat": lat, "lon": lon}
    rest = (
        "feature",
        "country",
        "admin1",
        "admin2",
        "population",
        "radius_m",
        "parent",
        "source",
        "priority",
    )
    return pa.table({**columns, **{name: places[name] for name in rest}})


def _with_curated(extracts: Extracts, folder: Path) -> Extracts:
    """Append the curated places; add the curated points and names of places that are there already."""
    import pyarrow as pa

    extracts = replace(extracts, places=_moved(extracts.places, curated_points(folder)))
    first = extracts.places.num_rows
    added = list(curated_places(folder))
    columns = {
        field.name: pa.array([getattr(place, field.name) for place in added]).cast(_plain(field.type))
        for field in extracts.places.schema
    }
    names = [(first + number, name) for number, place in enumerate(added) for name in place.names]
    facts = list(curated_names(folder))
    rows = _row_numbers(extracts.places, {key for key, *_ in facts})
    rows |= {place.id: first + number for number, place in enumerate(added)}
    places = pa.concat_tables([extracts.places, pa.table(columns).cast(extracts.places.schema)])
    titles: dict[int, str] = {}
    for key, kind, texts in facts:
        if key in rows and kind == "preferred":
            titles[rows[key]] = texts[0]
        elif key in rows:
            names += [(rows[key], Name(text, kind)) for text in texts]
    places, old = _renamed(places, titles)
    names += old
    schema = extracts.names.schema
    table = {
        "place": pa.array([number for number, _ in names], pa.int32()),
        "text": pa.array([name.text for _, name in names], pa.string()),
        "kind": pa.array([name.kind for _, name in names], pa.string()),
        "language": pa.array([name.language for _, name in names], pa.string()),
    }
    shapes = [(first + n, place.geometry) for n, place in enumerate(added) if place.geometry is not None]
    wkb = {
        "place": pa.array([number for number, _ in shapes], pa.int32()),
        "wkb": pa.array([geometry for _, geometry in shapes], pa.binary()),
    }
    return Extracts(
        places=places,
        names=pa.concat_tables([extracts.names, pa.table(table).cast(schema)]),
        geometry=pa.concat_tables([extracts.geometry, pa.table(wkb).cast(extracts.geometry.schema)]),
    )


def _moved(places: Any, points: dict[str, tuple[float, float, float]]) -> Any:
    """Give places (by id) better points and radii."""
    import pyarrow as pa

    rows = _row_numbers(places, set(points))
    for column, name in enumerate(("lat", "lon", "radius_m")) if points else ():
        values = places[name].to_numpy().copy()
        for key, point in points.items():
            if key in rows:
                values[rows[key]] = point[column]
        places = places.set_column(places.schema.get_field_index(name), name, pa.array(values))
    return places


def _plain(kind: Any) -> Any:
    return kind.value_type if hasattr(kind, "value_type") else kind


def _renamed(places: Any, titles: dict[int, str]) -> tuple[Any, list[tuple[int, Name]]]:
    """Give places (by row number) the names that readers know; return the names they had."""
    texts = places["name"].to_pylist() if titles else []
    old = [(number, Name(texts[number])) for number in titles]
    for number, title in titles.items():
        texts[number] = title
    if titles:
        places = places.set_column(
            places.schema.get_field_index("name"), "name", _strings(texts).cast(places["name"].type)
        )
    return places, old


def _row_numbers(places: Any, keys: set[str]) -> dict[str, int]:
    """Return the row numbers of places by id, and of countries and regions by code ("UA", "UA.05")."""
    import pyarrow.compute as pc

    wanted = pc.is_in(places["feature"], value_set=_strings(("country", "region")))
    wanted = pc.or_(wanted, pc.is_in(places["id"], value_set=_strings(sorted(keys))))
    numbers = pc.indices_nonzero(wanted).to_pylist()
    out = {}
    for number, row in zip(numbers, places.filter(wanted).to_pylist(), strict=True):
        out[row["id"]] = number
        if row["feature"] in ("country", "region"):
            out[row["admin1"] if row["feature"] == "region" else row["country"]] = number
    return out


def _strings(values: Iterable[str]) -> Any:
    import pyarrow as pa

    return pa.array(list(values), pa.string())
