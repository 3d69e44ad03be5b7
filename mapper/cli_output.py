"""Files that are whole or not there, and results that survive an interruption."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from mapper.errors import OutputError
from mapper.record import Record, dumps

STDOUT = "-"
PARTIAL = ".partial"


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder, and put it in place of ``path`` when the block ends well.

    Raises
    ------
    OutputError
        The folder or the file cannot be written.
    """
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.tmp{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    except OutputError:
        raise
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def prepare(path: Path, sources: Iterable[str] = ()) -> Path:
    """Make the folder of an output and try it, before the long work and not after it."""
    if any(_same(path, source) for source in sources):
        raise OutputError(f"{path} is a source too and would be lost; choose another place with -o.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder; give the name of a file in it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    probe = path.with_name(f".{secrets.token_hex(4)}.tmp")
    try:
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def _same(path: Path, source: str) -> bool:
    try:
        return source != STDOUT and path.samefile(source)
    except OSError:
        return False


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The sentence for an output that cannot be written."""
    reason = error.strerror or type(error).__name__
    return OutputError(f"{path} cannot be written ({reason}); choose another place with -o.")


def write_text(path: Path | None, text: str) -> None:
    """Write a whole text to a file, or to stdout when there is none."""
    if path is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
        return
    with atomic(path) as temporary:
        temporary.write_bytes(text.encode("utf-8", "replace"))


class Lines:
    """Records as JSON Lines, to stdout or to a file that appears when all are written.

    Until then they stand in FILE.partial, one flushed line a document, so that an interrupted run can be
    resumed: ``done`` holds the ids found there and in FILE (failed ones are tried again).
    """

    def __init__(self, path: Path | None, *, resume: bool = False) -> None:
        self._path = path
        self._order: list[str] = []
        self._where: dict[str, tuple[int, int]] = {}
        self._file: IO[bytes] | None = None
        if path is not None:
            self._partial = path.with_name(path.name + PARTIAL)
            try:
                self._open(path, resume)
            except OSError as error:
                raise cannot_write(path, error) from error

    def _open(self, path: Path, resume: bool) -> None:
        kept = list(_whole_lines([path, self._partial])) if resume else []
        with atomic(self._partial) as temporary, temporary.open("wb") as out:
            for ident, line in kept:
                self._where[ident] = (out.tell(), len(line))
                out.write(line)
        self._file = self._partial.open("r+b")
        self._file.seek(0, os.SEEK_END)

    @property
    def done(self) -> frozenset[str]:
        """Ids whose records stand in the output already."""
        return frozenset(self._where)

    def keep(self, ident: str) -> None:
        """Note that a record that is there already comes here in the order."""
        self._order.append(ident)

    def write(self, record: Record) -> None:
        """Write one record, at once."""
        line = dumps(record).encode("utf-8", "replace") + b"\n"
        if self._file is None:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
            return
        try:
            self._where[record["id"]] = (self._file.tell(), len(line))
            self._order.append(record["id"])
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            raise cannot_write(self._partial, error) from error

    def finish(self) -> None:
        """Put the records in the order of the input and the file in its place."""
        if self._file is None or self._path is None:
            return
        if self._order == list(self._where):
            self._file.close()
            os.replace(self._partial, self._path)
            return
        with atomic(self._path) as temporary, temporary.open("wb") as out:
            for ident in self._order + [ident for ident in self._where if ident not in set(self._order)]:
                start, length = self._where[ident]
                self._file.seek(start)
                out.write(self._file.read(length))
        self._file.close()
        self._partial.unlink()


def _whole_lines(paths: list[Path]) -> Iterator[tuple[str, bytes]]:
    """The good records of earlier runs, each id once; a line that was cut off is dropped."""
    seen: set[str] = set()
    for path in paths:
        if not path.is_file():
            continue
        with path.open("rb") as lines:
            for line in lines:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                if not isinstance(record, dict) or "error" in record or not line.endswith(b"\n"):
                    continue
                ident = record.get("id")
                if isinstance(ident, str) and ident not in seen:
                    seen.add(ident)
                    yield ident, line
