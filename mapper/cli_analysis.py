"""The commands that read documents: map, extract, explain, demo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapper import cli_options as shared
from mapper.cli_output import STDOUT, Lines, atomic, prepare, write_text
from mapper.errors import OutputError, ReadingError
from mapper.reading import Given, Item, RecordRow, Unread, read_sources, shown
from mapper.types import Document

if TYPE_CHECKING:
    from mapper.record import Record

FAILED_SOME = 3
OUTPUT = Path("output")


@click.command("map")
@shared.sources
@click.option(
    "-o", "--output", metavar="FILE", help="The page to write; output/NAME.html unless given, - for stdout."
)
@click.option("--title", default="", help="Title of the page.")
@click.option(
    "--export", "exports", metavar="FILE", multiple=True, type=click.Path(path_type=Path),
    help="Also write the layers: .geojson .gpkg .parquet .fgb .kml .csv (may be repeated).",
)  # fmt: skip
@click.option("--tiles", metavar="NAME", help="Online tiles under the map, for example OpenStreetMap.Mapnik.")
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@shared.reading
@shared.workers
@shared.strict
def map_command(
    sources: tuple[str, ...],
    output: str | None,
    title: str,
    exports: tuple[Path, ...],
    tiles: str | None,
    open_page: bool,
    strict: bool,
    day: date | None,
    pins: Path | None,
    gazetteer_path: Path | None,
    **options: Any,
) -> int:
    """Read SOURCE... and write one html map.

    SOURCE is a file (.txt .md .html .jsonl .csv), a folder, or - for standard input. Records that
    `mapper extract` wrote are drawn as they are.
    """
    page = (
        None
        if output == STDOUT
        else prepare(Path(output) if output else OUTPUT / f"{_name(sources)}.html", sources)
    )
    _prepare_exports(exports, sources)
    notes: list[str] = []
    items = read_sources(sources, Given(day), notes)
    records = list(_records(items, pins, gazetteer_path, **options))
    _refuse_all_failed(records)
    if len(records) > 1:
        from mapper.events.across import merge_documents

        records = merge_documents(records)
    write_page(
        records, page, title=title or _title(records, sources), tiles=tiles, gazetteer_path=gazetteer_path
    )
    write_exports(records, exports)
    _sum_up(records, notes, pins, page)
    _open(page, open_page)
    return status(records, strict)


def _prepare_exports(paths: Iterable[Path], sources: tuple[str, ...]) -> None:
    for path in paths:
        from mapper.export import formats

        known = [f".{name}" for name in formats()]
        if path.suffix.lower() not in known:
            raise OutputError(
                f"{path.name} has no format that mapper writes; end its name in {', '.join(known)}."
            )
        prepare(path, sources)


def _open(page: Path | None, wanted: bool) -> None:
    if wanted and page is not None:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())


def write_page(
    records: list[Record], page: Path | None, *, title: str, tiles: str | None, gazetteer_path: Path | None
) -> None:
    """Draw the page of the records."""
    from mapper import layers
    from mapper.page.render import render

    kinds = sorted({event["type"] for record in records for event in record.get("events", ())})
    gazetteer = shared.open_gazetteer(gazetteer_path)
    try:
        html = render(
            records,
            {},
            layers.features(records),
            gazetteer,
            title=title,
            names=layers.names(),
            styles={kind: layers.style(kind) for kind in kinds},
            codes=layers.codes(),
            tiles=tiles,
        )
    finally:
        gazetteer.close()
    write_text(page, html)


def write_exports(records: list[Record], paths: Iterable[Path]) -> None:
    """Write the layers of the records to every file, in the format of its suffix."""
    for path in paths:
        from mapper import export

        with atomic(path) as temporary:
            export.write(records, temporary)


@click.command()
@shared.sources
@click.option(
    "-o", "--output", metavar="FILE", default=STDOUT, help="Where the records go; - (stdout) unless given."
)
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "geojson", "csv"]), default="jsonl", show_default=True,
    help="Records, or the located events as features or rows.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on where an interrupted run stopped; needs -o FILE.")
@shared.reading
@shared.workers
@shared.strict
def extract(
    sources: tuple[str, ...],
    output: str,
    form: str,
    resume: bool,
    strict: bool,
    day: date | None,
    **options: Any,
) -> int:
    """Analyse SOURCE... and write one record a document, without a map."""
    path = None if output == STDOUT else prepare(Path(output), sources)
    if resume and (path is None or form != "jsonl"):
        raise click.UsageError("--resume needs -o FILE and the format jsonl.")
    notes: list[str] = []
    items = read_sources(sources, Given(day), notes)
    if form == "jsonl":
        found = _write_lines(items, Lines(path, resume=resume), options)
    else:
        found = list(_records(_texts(items), **options))
        _write_form(found, form, path)
    _sum_up(found, notes, options["pins"], path)
    return status(found, strict)


def _write_lines(items: Iterator[Item], lines: Lines, options: dict[str, Any]) -> list[Record]:
    """Write every record as it comes. What is returned lacks texts and geometries, to spare memory."""
    done, found = lines.done, []
    if done:
        shared.say(f"{len(done)} documents are done already.")

    def left() -> Iterator[Item]:
        for item in _texts(items):
            if item.id in done:
                lines.keep(item.id)
            else:
                yield item

    for record in _records(left(), **options):
        lines.write(record)
        found.append(_slim(record))
    lines.finish()
    return found


def _slim(record: Record) -> Record:
    if "error" in record:
        return record
    return {
        "id": record["id"],
        "mentions": [
            {**m, "place": m["place"] and {}, "rivals": [], "reason": ""} for m in record["mentions"]
        ],
        "events": [{"type": e["type"], "locations": e["locations"] and [{}]} for e in record["events"]],
        "unresolved": record["unresolved"],
        "warnings": record["warnings"],
    }


def _texts(items: Iterator[Item]) -> Iterator[Item]:
    """Records that were extracted before are read again from their text."""
    for item in items:
        if not isinstance(item, RecordRow):
            yield item
            continue
        row = item.record
        if not row.get("text"):
            yield Unread(
                item.id, item.source, f"{item.source} line {item.line} is a record without its text."
            )
            continue
        day = date.fromisoformat(row["date"]) if row.get("date") else None
        yield Document(
            item.id, str(row["text"]), day, str(row.get("title") or ""), str(row.get("source") or "")
        )


def _write_form(records: list[Record], form: str, path: Path | None) -> None:
    from mapper import export

    if path is not None:
        with atomic(path) as temporary:
            export.write(records, temporary, form)
        return
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"records.{form}"
        export.write(records, made, form)
        write_text(None, made.read_text(encoding="utf-8"))


@click.command()
@shared.sources
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="A table for people, or one JSON object a name.",
)  # fmt: skip
@shared.reading
def explain(
    sources: tuple[str, ...], form: str, day: date | None, pins: Path | None, gazetteer_path: Path | None,
    pipeline: str | None,
) -> int:  # fmt: skip
    """For every name in SOURCE...: the candidates, their scores, and why the winner won."""
    from mapper import explaining
    from mapper.pipeline import analyse

    notes: list[str] = []
    items = _texts(read_sources(sources, Given(day), notes))
    items = chain(list(islice(items, 1)), items)
    options = shared.options_of(pipeline, pins)
    gazetteer = shared.open_gazetteer(gazetteer_path)
    failed = False
    for item in items:
        if isinstance(item, Document):
            analysis = analyse(item, gazetteer, options)
            click.echo(explaining.table(analysis) if form == "table" else explaining.lines(analysis))
        elif isinstance(item, Unread):
            failed = True
            shared.say(f"Failed: {item.id}: {item.error}")
    return FAILED_SOME if failed else 0


@click.command()
@click.option("-o", "--output", metavar="FILE", help="The page to write; output/demo.html unless given.")
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@shared.gazetteer
def demo(output: str | None, open_page: bool, gazetteer_path: Path | None) -> int:
    """Map an article that ships with the package."""
    from mapper.demo import article

    document = article()
    page = prepare(Path(output) if output else OUTPUT / "demo.html")
    records = list(_records(iter([document]), None, gazetteer_path, None, 1, None))
    _refuse_all_failed(records)
    write_page(records, page, title=document.title, tiles=None, gazetteer_path=gazetteer_path)
    _sum_up(records, [], None, page)
    _open(page, open_page)
    return status(records, strict=False)


def _records(
    items: Iterator[Item],
    pins: Path | None,
    gazetteer_path: Path | None,
    pipeline: str | None,
    workers: int,
    scheduler: str | None,
) -> Iterator[Record]:
    from mapper.batch import Job, records

    # An input that cannot be used is said before a gazetteer is compiled for it.
    items = chain(list(islice(items, 1)), items)
    options = shared.options_of(pipeline, pins)
    job = Job(shared.gazetteer_file(gazetteer_path), options)
    return _counted(records(items, job, workers=workers, scheduler=scheduler))


def _counted(records: Iterator[Record]) -> Iterator[Record]:
    """Show on a terminal how many documents are done."""
    from tqdm import tqdm

    bar: Iterator[Record] = tqdm(records, unit=" documents", delay=3, leave=False, disable=shared.quiet())
    return bar


def _sum_up(records: list[Record], notes: list[str], pins: Path | None, written: Path | None) -> None:
    from mapper.pins import read_pins, unmatched
    from mapper.summary import printable, summary

    for line in summary(records) + notes:
        shared.say(printable(line))
    for line in unmatched(read_pins(pins), records) if pins else ():
        shared.say(printable(line))
    if written is not None:
        shared.say(f"Written: {shown(written)}")


def _refuse_all_failed(records: list[Record]) -> None:
    """A map of nothing is no map: the reason of the first failure is the error."""
    if records and all("error" in record for record in records):
        more = f" (and {len(records) - 1} more)" if len(records) > 1 else ""
        raise ReadingError(records[0]["error"] + more)


def status(records: list[Record], strict: bool) -> int:
    """0 done, 1 a name is unresolved and that matters, 3 some documents failed."""
    if strict and any(record.get("unresolved") for record in records):
        shared.say("Names are unresolved, which --strict does not allow; mend them with --pins.")
        return 1
    return FAILED_SOME if any("error" in record for record in records) else 0


def _name(sources: tuple[str, ...]) -> str:
    if sources[0] == STDOUT:
        return "stdin"
    path = Path(sources[0])
    name = path.resolve().name if path.is_dir() else path.stem
    return "".join(c if c.isprintable() and c not in '<>:"/\\|?*' else "_" for c in shown(name)) or "map"


def _title(records: list[Record], sources: tuple[str, ...]) -> str:
    """What the page is called unless the user says: the page of one document finds its own title."""
    return "" if len(records) == 1 else _name(sources)
