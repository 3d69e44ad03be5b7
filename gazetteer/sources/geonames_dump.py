"""The GeoNames dump format, plain or zipped (https://download.geonames.org/export/dump/readme.txt)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, cast

from gazetteer.errors import GazetteerFormatError
from gazetteer.place import Feature, Name, NameKind, SourcePlace
from gazetteer.sources.common import Broken, degrees, tables, whole

Kind = Literal["places", "alternates", "hierarchy", "admin1", "admin2"]
_COLUMNS = {"places": 19, "alternates": 4, "hierarchy": 2, "admin1": 4, "admin2": 4}
_NOT_NAMES = frozenset(["link", "wkdt", "post", "phon", "unlc", "faac", "tcid"])
_CODES = frozenset(["iata", "icao", "abbr"])


def kind_of(path: Path) -> Kind | None:
    """Tell which file of the dump this is by its name and its first row, or None."""
    name = path.name.lower()
    if not name.endswith((".txt", ".zip")):
        return None
    for kind, start in (
        ("alternates", "alternatename"),
        ("hierarchy", "hierarchy"),
        ("admin1", "admin1codes"),
        ("admin2", "admin2codes"),
    ):
        if name.startswith(start):
            return cast(Kind, kind)
    for _, line in zip(range(20), lines(path), strict=False):
        row = line.split("\t")
        if len(row) == _COLUMNS["places"] and row[0].isdigit():
            return "places"
    return None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path.suffix.lower() != ".zip":
        with path.open("rb") as file:
            yield file
        return
    try:
        with zipfile.ZipFile(path) as archive:
            texts = [
                n for n in archive.namelist() if n.lower().endswith(".txt") and "readme" not in n.lower()
            ]
            same = [n for n in texts if Path(n).stem.lower() == path.stem.lower()]
            # alternateNamesV2.zip also holds iso-languagecodes.txt: the file named as the archive is meant.
            if not texts:
                raise GazetteerFormatError(f"{path} holds no .txt file: give a zip of a GeoNames dump.")
            with archive.open((same or texts)[0]) as file:
                yield file
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise GazetteerFormatError(f"{path} is a damaged zip file ({error}): download it again.") from error


def lines(path: Path) -> Iterator[str]:
    """Give the lines of a dump file; bytes that are not UTF-8 become U+FFFD."""
    with _opened(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="\n")
        for line in text:
            yield line.rstrip("\r\n")


def _rows(path: Path, kind: Kind, broken: Broken) -> Iterator[tuple[int, list[str]]]:
    width = _COLUMNS[kind]
    for number, line in enumerate(lines(path), 1):
        if not line or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) < width:
            broken.add(path.name, number, f"{len(row)} columns instead of {width}")
        else:
            yield number, row


def read_places(path: Path, broken: Broken, admin2: dict[str, str] | None = None) -> Iterator[SourcePlace]:
    """Give the places of allCountries.txt, a country's file or a cities file.

    ``admin2`` maps codes ("UA.05.1234") to names; without it the code itself stands for the name.
    """
    features: dict[str, Feature] = tables()["geonames"]
    admin2 = admin2 or {}
    for number, row in _rows(path, "places", broken):
        name, klass, code, country = row[1].strip(), row[6], row[7], row[8].strip()
        if not row[0].isdigit() or not name:
            broken.add(path.name, number, "no id" if name else "no name")
            continue
        try:
            lat, lon = degrees(row[4], row[5])
        except ValueError as error:
            broken.add(path.name, number, str(error))
            continue
        feature = features.get(code) or features.get(klass)
        if feature is None:
            if klass:
                broken.add(path.name, number, f"unknown feature class {klass[:10]!r}")
                continue
            feature = "area"
        code2 = f"{country}.{row[10]}.{row[11]}" if admin2 else ""
        names = () if row[2] == name and not row[3] else dict.fromkeys((row[2], *row[3].split(",")))
        yield SourcePlace(
            id=f"geonames:{int(row[0])}",
            name=name,
            lat=lat,
            lon=lon,
            feature=feature,
            country=country[:2].upper(),
            admin1=f"{country}.{row[10]}" if row[10] else "",
            admin2=admin2.get(code2, ""),
            population=whole(row[14]) if row[14] != "0" else 0,
            source="geonames",
            names=tuple([Name(n) for n in names if n and n != name]),
        )


def read_alternates(path: Path, broken: Broken) -> Iterator[tuple[str, Name]]:
    """Give (place id, name) of alternateNamesV2.txt; links and postal codes are left out."""
    for number, row in _rows(path, "alternates", broken):
        language, text = row[2], row[3].strip()
        if language in _NOT_NAMES or not text:
            continue
        if not row[1].isdigit():
            broken.add(path.name, number, "no place id")
            continue
        flags = row[4:8] + [""] * 4
        kind: NameKind = "alternate"
        if language in _CODES:
            kind = "code"
        elif flags[3] == "1":
            kind = "former"
        elif flags[1] == "1":
            kind = "short"
        elif flags[0] == "1" and language in ("", "en"):
            kind = "preferred"
        yield f"geonames:{int(row[1])}", Name(text, kind, language if len(language) in (2, 3) else "")


def read_hierarchy(path: Path, broken: Broken) -> Iterator[tuple[str, str]]:
    """Give (child id, parent id) of hierarchy.txt, administrative links only."""
    for number, row in _rows(path, "hierarchy", broken):
        if not (row[0].isdigit() and row[1].isdigit()):
            broken.add(path.name, number, "no place id")
        elif len(row) < 3 or row[2] in ("ADM", ""):
            yield f"geonames:{int(row[1])}", f"geonames:{int(row[0])}"


def read_admin(path: Path, kind: Kind, broken: Broken) -> dict[str, str]:
    """Return code -> name of admin1CodesASCII.txt or admin2Codes.txt."""
    return {row[0]: row[1] for _, row in _rows(path, kind, broken) if row[0] and row[1]}
