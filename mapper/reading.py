"""Files, folders, rows and standard input in; documents out.

Text is kept exactly as it was decoded: every offset in a record counts in it. What cannot be read is an
``Unread`` value when other documents can still be read, and a ``ReadingError`` when nothing can.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mapper.decoding import decode, refuse_binary
from mapper.errors import ReadingError, SourceNotFound
from mapper.types import Document

STDIN = "-"
_HTML = {".html", ".htm", ".xhtml"}
_ROWS = {".jsonl", ".ndjson", ".csv", ".tsv"}
_READ = _HTML | _ROWS | {".txt", ".md", ".markdown", ".text"}
_DELIMITERS = {".csv": ",;\t|", ".tsv": "\t"}
_MAX_CELL = 100_000_000


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that could not be read, and the sentence that says why."""

    id: str
    source: str
    error: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row that is an analysis record already, with the line it stands on."""

    id: str
    source: str
    line: int
    record: dict[str, Any]


Item = Document | Unread | RecordRow


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says about every document that does not say it itself."""

    date: date | None = None


def read_sources(
    sources: Iterable[str], given: Given = Given(), warnings: list[str] | None = None
) -> Iterator[Item]:
    """Read every source in the given order, lazily, with ids that are unique.

    Parameters
    ----------
    sources
        Files, folders (read recursively, sorted, hidden files skipped) or ``-`` for standard input.
    given
        The date of documents that carry none.
    warnings
        Sentences about what was changed or skipped are appended here.

    Raises
    ------
    SourceNotFound
        A source does not exist. Found out before anything is read.
    ReadingError
        The only source cannot be used, or a source that was named is no text.
    """
    names = list(sources)
    notes = warnings if warnings is not None else []
    for name in names:
        if name != STDIN and not Path(name).exists():
            raise SourceNotFound(f"{shown(name)} does not exist; check the path.")
    return _unique(_items(names, given, notes), notes)


def _items(names: list[str], given: Given, notes: list[str]) -> Iterator[Item]:
    for name in names:
        if name == STDIN:
            yield from _read_bytes(sys.stdin.buffer.read(), "stdin", "standard input", ".txt", given)
        elif Path(name).is_dir():
            yield from _read_folder(Path(name), given, notes)
        else:
            try:
                yield from read_file(Path(name), given)
            except ReadingError as error:
                if len(names) == 1:
                    raise
                yield Unread(_stem(Path(name)), shown(name), str(error))


def _read_folder(folder: Path, given: Given, notes: list[str]) -> Iterator[Item]:
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and not _hidden(p.relative_to(folder))]
    chosen = [p for p in files if p.suffix.lower() in _READ]
    if not chosen:
        raise ReadingError(
            f"{shown(folder)} holds no .txt, .md, .html, .jsonl or .csv file; name a folder that does."
        )
    if len(chosen) < len(files):
        notes.append(
            f"{len(files) - len(chosen)} files of {shown(folder)} are of other kinds and were skipped."
        )
    for path in chosen:
        try:
            yield from read_file(path, given)
        except ReadingError as error:
            yield Unread(_stem(path), shown(path), str(error))


def read_file(path: Path, given: Given = Given()) -> Iterator[Item]:
    """Read one file by its suffix; an unknown suffix is read as plain text.

    Raises
    ------
    ReadingError
        The file is empty, binary, not readable, or not of the form its suffix promises.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadingError(
            f"{shown(path)} cannot be read ({error.strerror}); check its permissions."
        ) from error
    yield from _read_bytes(data, _stem(path), shown(path), path.suffix.lower(), given)


def _read_bytes(data: bytes, stem: str, source: str, suffix: str, given: Given) -> Iterator[Item]:
    if not data.strip():
        raise ReadingError(f"{source} is empty; give a file that holds text.")
    if suffix == ".txt" and source == "standard input" and _looks_like_rows(data):
        suffix = ".jsonl"
    if suffix in (".jsonl", ".ndjson"):
        yield from _json_rows(data, stem, source, given)
        return
    text = decode(data, source, html=suffix in _HTML)
    if not text.strip():
        raise ReadingError(f"{source} is empty; give a file that holds text.")
    if suffix in _DELIMITERS:
        yield from _csv_rows(text, stem, source, suffix, given)
    elif suffix in _HTML:
        yield _html_document(text, stem, source, given)
    else:
        yield Document(stem, text, given.date, "", source)


def _html_document(html: str, stem: str, source: str, given: Given) -> Document:
    from mapper.webtext import page_text

    page = page_text(html)
    if not page.text.strip():
        raise ReadingError(
            f"{source} holds no text that can be told from its menus; save the article as text."
        )
    return Document(stem, page.text, page.date or given.date, page.title, source, page.url)


def _looks_like_rows(data: bytes) -> bool:
    first = data.lstrip(b"\xef\xbb\xbf \r\n\t").split(b"\n", 1)[0].strip()
    return first.startswith(b"{") and first.endswith(b"}") and b'"text"' in first


def _json_rows(data: bytes, stem: str, source: str, given: Given) -> Iterator[Item]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = decode(data, source).encode()
    refuse_binary(data[:65536], source)
    number = 0
    first: Unread | None = None
    for line, raw in enumerate(io.BytesIO(data), start=1):
        if not raw.strip():
            continue
        number += 1
        name = f"{stem}-{number}"
        try:
            row = json.loads(decode(raw, f"{source} line {line}"), parse_constant=_no_number)
            item = _row(row, name, f"{source} line {line}", line, source, given)
        except ReadingError as error:
            item = Unread(name, source, str(error))
        except (ValueError, RecursionError) as error:
            item = Unread(
                name, source, f"{source} line {line} is not JSON ({_brief(error)}); mend or remove it."
            )
        if number > 1 and first is not None:
            yield first
            first = None
        if number == 1 and isinstance(item, Unread):
            first = item  # If it is the only row, the whole file cannot be used.
        else:
            yield item
    if first is not None:
        raise ReadingError(first.error)


def _csv_rows(text: str, stem: str, source: str, suffix: str, given: Given) -> Iterator[Item]:
    csv.field_size_limit(_MAX_CELL)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS[suffix], key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    try:
        header = [cell.strip().lower() for cell in next(reader)]
        if "text" not in header:
            found = ", ".join(cell for cell in header[:8] if cell) or "none"
            raise ReadingError(
                f'{source} has no column named "text" (columns: {found}); rename the one that holds it.'
            )
        for number, cells in enumerate((c for c in reader if any(c)), start=1):
            row = dict(zip(header, cells, strict=False))
            name = f"{stem}-{number}"
            try:
                yield _row(row, name, f"{source} row {number}", reader.line_num, source, given)
            except ReadingError as error:
                yield Unread(row.get("id") or name, source, str(error))
    except csv.Error as error:
        message = f"{source} line {reader.line_num} is not CSV ({error}); mend its quotes."
        if not number:
            raise ReadingError(message) from error
        yield Unread(f"{stem}-{number + 1}", source, message)


def _row(row: Any, name: str, where: str, line: int, source: str, given: Given) -> Item:
    if not isinstance(row, dict):
        raise ReadingError(f'{where} is not an object with a "text"; write {{"text": "..."}}.')
    ident = _text_of(row, "id") or name
    if is_record(row):
        return RecordRow(ident, source, line, row)
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        return Unread(ident, source, f'{where} (id {ident}) has no text; fill its "text" or remove it.')
    if "\x00" in text:
        return Unread(
            ident, source, f"{where} (id {ident}) holds NUL characters, so it is no text; remove it."
        )
    day = row.get("date")
    try:
        published = parse_date(str(day)) if day else given.date
    except ValueError:
        return Unread(
            ident, source, f"{where} (id {ident}) has the date {str(day)[:40]!r}; write it as YYYY-MM-DD."
        )
    return Document(
        ident,
        text,
        published,
        _text_of(row, "title"),
        _text_of(row, "source") or source,
        _text_of(row, "url"),
    )


def read_json_rows(source: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read the rows of a JSON Lines file (or ``-``) with their line numbers.

    Raises
    ------
    ReadingError
        The file cannot be read, or a line is no JSON object; the message names it.
    """
    try:
        data = sys.stdin.buffer.read() if source == STDIN else Path(source).read_bytes()
    except FileNotFoundError as error:
        raise SourceNotFound(f"{shown(source)} does not exist; check the path.") from error
    except OSError as error:
        raise ReadingError(
            f"{shown(source)} cannot be read ({error.strerror}); check its permissions."
        ) from error
    refuse_binary(data[:65536], shown(source))
    for line, raw in enumerate(io.BytesIO(data), start=1):
        if not raw.strip():
            continue
        try:
            row = json.loads(decode(raw, f"{shown(source)} line {line}"), parse_constant=_no_number)
        except ReadingError:
            raise
        except (ValueError, RecursionError) as error:
            raise ReadingError(
                f"{shown(source)} line {line} is not JSON ({_brief(error)}); mend it."
            ) from error
        if not isinstance(row, dict):
            raise ReadingError(f"{shown(source)} line {line} is not an object; mend it.")
        yield line, row


def is_record(row: dict[str, Any]) -> bool:
    """Tell whether a row is an analysis record (see the contract) and not a text to be read."""
    return ("mentions" in row and "events" in row) or ("error" in row and "id" in row and not row.get("text"))


def parse_date(text: str) -> date:
    """Read an ISO 8601 day or time (``2022-06-25``, ``2022-06-25T08:00:00Z``) as a day.

    Raises
    ------
    ValueError
        The text is no day of the calendar.
    """
    stripped = text.strip()
    return date.fromisoformat(stripped) if len(stripped) == 10 else datetime.fromisoformat(stripped).date()


def shown(path: str | Path) -> str:
    """A path that is safe to print on one line of a terminal, whatever characters it holds."""
    text = str(path).encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "?" for c in text)


def _stem(path: Path) -> str:
    return shown(path.stem) or "document"


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _text_of(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _brief(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return str(error) if isinstance(error, ValueError) else "nested too deeply"


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _unique(items: Iterator[Item], notes: list[str]) -> Iterator[Item]:
    """Give the second and later documents of one id a suffix, and say so."""
    seen: set[str] = set()
    for item in items:
        ident, count = item.id, 2
        while ident in seen:
            ident, count = f"{item.id}-{count}", count + 1
        seen.add(ident)
        if ident != item.id:
            notes.append(f"The id {item.id} occurs again; the later document is called {ident}.")
            item = replace(item, id=ident)
        yield item
