"""The commands on the gazetteer itself: geocode, and gazetteer info, build, add."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from mapper import cli_options as shared
from mapper.errors import ReadingError
from mapper.reading import shown


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--country", type=shared.Country(), help="Only places of this country, for example UA.")
@click.option("--near", type=shared.LatLon(), help="Prefer places near this point.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=5, show_default=True, help="Candidates a name."
)
@click.option(
    "--batch", "batch", metavar="FILE.jsonl", help="Rows with id, query, country, near; - for stdin."
)
@click.option(
    "--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True,
    help="A table for people, or one JSON object a name.",
)  # fmt: skip
@shared.gazetteer
def geocode(
    names: tuple[str, ...], country: str | None, near: tuple[float, float] | None, limit: int,
    batch: str | None, form: str, gazetteer_path: Path | None,
) -> int:  # fmt: skip
    """Find the places that NAME... may mean: a name in any spelling, a location phrase, or coordinates.

    A location phrase is for example "20 km north of Kassala" or "between Aleppo and Idlib".
    """
    from mapper.phrase import Query, geocode_phrase
    from mapper.record import dumps

    if bool(names) == (batch is not None):
        raise click.UsageError("Give NAME... or --batch FILE.jsonl.")
    rows: Iterator[Query] = (
        _rows(batch, country, near)
        if batch is not None
        else (Query(str(number), name, country, near) for number, name in enumerate(names, start=1))
    )
    gazetteer = shared.open_gazetteer(gazetteer_path)
    try:
        found = False
        for query in rows:
            answer = geocode_phrase(query, gazetteer, limit=limit)
            found = found or bool(answer["candidates"])
            click.echo(dumps(answer) if form == "jsonl" else _table(query.text, answer))
    finally:
        gazetteer.close()
    if not found and batch is None:
        shared.say("Nothing was found; try another spelling, or leave out --country.")
        return 1
    return 0


def _rows(source: str, country: str | None, near: tuple[float, float] | None) -> Iterator[Any]:
    from mapper.phrase import Query
    from mapper.reading import read_json_rows

    line = 0
    for line, row in read_json_rows(source):
        query = row.get("query")
        if not isinstance(query, str) or not query.strip():
            raise ReadingError(f'{shown(source)} line {line} has no "query"; give every row id and query.')
        try:
            own = _near(row["near"]) if row.get("near") else near
            code = shared.Country().convert(row["country"], None, None) if row.get("country") else country
        except click.BadParameter as error:
            raise ReadingError(f"{shown(source)} line {line}: {error.message}") from error
        yield Query(str(row.get("id", line)), query, code, own)
    if not line:
        raise ReadingError(f"{shown(source)} is empty; give rows with id and query.")


def _near(value: Any) -> tuple[float, float]:
    """The point of a row: [lat, lon], or the text "lat,lon"."""
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return shared.LatLon().convert(text, None, None)


def _table(text: str, answer: dict[str, Any]) -> str:
    from mapper.summary import printable

    lines = [text]
    for one in answer["candidates"]:
        where = ", ".join(part for part in (one["name"], one["admin1"], one["country"]) if part)
        lines.append(
            f"  {one['score']:.2f}  {one['lat']:9.4f} {one['lon']:9.4f}  +-{one['radius_m'] / 1000:.1f} km  "
            f"{where}  ({one['feature']}, {one['match']}, {one['id']})"
        )
    if not answer["candidates"]:
        lines.append("  nothing found")
    return "\n".join(printable(line) for line in lines)


@click.group()
def gazetteer() -> None:
    """The local gazetteer: what is in it, compile it, add places to it."""


@gazetteer.command()
@shared.gazetteer
def info(gazetteer_path: Path | None) -> int:
    """Print the sources with versions, licences and counts."""
    path = shared.gazetteer_file(gazetteer_path)
    store = shared.open_gazetteer(path)
    lines = [f"{path}  ({path.stat().st_size / 1e6:.0f} MB)"]
    try:
        for source in store.info():
            lines += [
                "",
                f"{source.source} {source.version}".rstrip(),
                f"  {source.rows:,} place{'s' * (source.rows != 1)}",
            ]
            lines += [f"  {word}" for word in (source.licence, source.attribution, source.url) if word]
            lines += [f"  {key}: {value}" for key, value in sorted(source.extra.items())]
    finally:
        store.close()
    click.echo("\n".join(lines))
    return 0


@gazetteer.command()
@shared.gazetteer
def build(gazetteer_path: Path | None) -> int:
    """Compile the shipped extracts, to --gazetteer FILE or to the user's cache."""
    from gazetteer.compile import build as compile_all

    path = compile_all(gazetteer_path)
    shared.say(f"Written: {path} ({path.stat().st_size / 1e6:.0f} MB)")
    return 0


@gazetteer.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@shared.gazetteer
def add(files: tuple[Path, ...], gazetteer_path: Path | None) -> int:
    """Add places: GeoNames dumps (txt, zip), CSV, GeoJSON, GeoPackage, OSM extracts (.osm.pbf)."""
    from gazetteer.compile import add as add_files
    from mapper.summary import printable

    report = add_files(shared.gazetteer_file(gazetteer_path), files)
    shared.say(
        f"{report.rows:,} places read, {report.merged:,} of them known before; {report.names:,} names added."
    )
    for row in report.broken:
        shared.say(printable(f"Not used: {row.file} line {row.line}: {row.reason}"))
    if report.broken_count > len(report.broken):
        shared.say(f"Not used: {report.broken_count - len(report.broken):,} more rows.")
    shared.say(f"Written: {report.path}")
    return 0
