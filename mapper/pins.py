"""The user's corrections: a JSON or CSV file in, ``Pin`` values out.

A row names what to correct by ``surface`` (the name as the text writes it), or by ``document``, ``start``
and ``end``; and says what it is by ``place`` (a gazetteer id), or ``lat`` and ``lon`` (with ``name`` and
``radius_m`` if wanted), or ``not_a_place`` (true).
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mapper.decoding import decode
from mapper.errors import RecordError, SourceNotFound
from mapper.record import Record
from mapper.types import Pin

_YES = {"true", "yes", "1", "x"}
_NO = {"false", "no", "0", ""}
_FIELDS = {
    "surface",
    "document",
    "start",
    "end",
    "place",
    "lat",
    "lon",
    "radius_m",
    "name",
    "not_a_place",
    "note",
}


def read_pins(path: Path) -> tuple[Pin, ...]:
    """Read a pins file: CSV with a header, or JSON (a list of objects, or an object with a list ``pins``).

    Raises
    ------
    SourceNotFound
        There is no such file.
    RecordError
        A row does not have the form; the message names row and field.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceNotFound(f"The pins file {path.name} does not exist; check --pins.") from error
    except OSError as error:
        raise RecordError(f"The pins file {path.name} cannot be read ({error.strerror}).") from error
    text = decode(data, path.name)
    rows = _json_rows(text, path.name) if path.suffix.lower() == ".json" else _csv_rows(text, path.name)
    return tuple(_pin(row, f"{path.name} row {number}", number) for number, row in enumerate(rows, start=1))


def _json_rows(text: str, name: str) -> list[Any]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{name} is not JSON; give a list of objects or a CSV file.") from error
    if isinstance(rows, dict):
        rows = rows.get("pins")
    if not isinstance(rows, list):
        raise RecordError(f'{name} holds no list of pins; write [{{"surface": "...", "place": "..."}}].')
    return rows


def _csv_rows(text: str, name: str) -> list[Any]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        rows = [
            {(k or "").strip().lower(): v for k, v in row.items() if isinstance(v, str)} for row in reader
        ]
    except csv.Error as error:
        raise RecordError(f"{name} line {reader.line_num} is not CSV ({error}).") from error
    unknown = [field for field in (reader.fieldnames or []) if field.strip().lower() not in _FIELDS]
    if unknown:
        raise RecordError(
            f"{name} has the unknown column {unknown[0][:40]!r}; use {', '.join(sorted(_FIELDS))}."
        )
    return rows


def _pin(row: Any, where: str, line: int) -> Pin:
    if not isinstance(row, dict):
        raise RecordError(f"{where} is not an object with surface and place.")
    surface, document = _text(row, "surface"), _text(row, "document")
    start, end = (_number(row, key, where) for key in ("start", "end"))
    if not surface and not (document and start is not None and end is not None and 0 <= start < end):
        raise RecordError(f"{where} names nothing; give surface, or document with start and end.")
    place, refused = _text(row, "place"), _flag(row, where)
    point = _point(row, where)
    if (bool(place) + (point is not None) + refused) != 1:
        raise RecordError(f"{where} needs exactly one of place, lat with lon, or not_a_place.")
    radius = _number(row, "radius_m", where)
    if radius is not None and radius <= 0:
        raise RecordError(f"{where}: radius_m must be above 0.")
    return Pin(
        surface=surface,
        document=document,
        start=None if surface or start is None else int(start),
        end=None if surface or end is None else int(end),
        place=place,
        point=point,
        radius_m=radius or 1000.0,
        name=_text(row, "name"),
        not_a_place=refused,
        line=line,
    )


def _point(row: dict[str, Any], where: str) -> tuple[float, float] | None:
    lat, lon = _number(row, "lat", where), _number(row, "lon", where)
    if lat is None and lon is None:
        return None
    if lat is None or lon is None or not -90 <= lat <= 90 or not -180 <= lon <= 180:
        raise RecordError(
            f"{where}: lat and lon must both be given, in degrees (lat -90..90, lon -180..180)."
        )
    return lat, lon


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _number(row: dict[str, Any], key: str, where: str) -> float | None:
    value = _text(row, key)
    if not value:
        return None
    try:
        number = float(value)
    except ValueError as error:
        raise RecordError(f"{where}: {key} is no number ({value[:40]!r}).") from error
    if not math.isfinite(number):
        raise RecordError(f"{where}: {key} is no finite number.")
    return number


def _flag(row: dict[str, Any], where: str) -> bool:
    value = str(row.get("not_a_place") or "").strip().lower()
    if value not in _YES | _NO:
        raise RecordError(f"{where}: not_a_place must be true or false.")
    return value in _YES


def unmatched(pins: Sequence[Pin], records: Sequence[Record]) -> list[str]:
    """Name the pins that corrected nothing in any of these records, each with the reason."""
    lines = []
    for pin in pins:
        if not any(_applies(pin, record) for record in records if "error" not in record):
            what = pin.surface or f"{pin.start}-{pin.end} of {pin.document}"
            lines.append(f"Pin {pin.line} ({what}) matched nothing: no such name was found in what was read.")
    return lines


def _applies(pin: Pin, record: Record) -> bool:
    if pin.document and pin.document != record["id"]:
        return False
    if pin.not_a_place:
        return pin.start is not None or pin.surface.casefold() in record.get("text", pin.surface).casefold()
    return any(
        mention["match"] == "pin"
        and (
            mention["text"].casefold() == pin.surface.casefold()
            or (mention["start"], mention["end"]) == (pin.start, pin.end)
        )
        for mention in record["mentions"]
    )
