"""Many documents: in this process, in many processes, or on a Dask cluster. Records come in input order.

A document that fails becomes a record with ``id`` and ``error``; it never stops the others.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from gazetteer.errors import GazetteerError
from gazetteer.store import Gazetteer
from mapper.errors import LanguageError, MapperError, RecordError
from mapper.pipeline import Options, analyse
from mapper.reading import Item, RecordRow, Unread
from mapper.record import Record, check_record, to_record
from mapper.types import Analysis, Document

_AHEAD = 8
"""Documents in flight for each worker: enough to keep it busy, few enough to bound the memory."""


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker needs: the path of the compiled gazetteer and the options of the run."""

    gazetteer: Path
    options: Options = Options()


def records(
    items: Iterable[Item], job: Job, *, workers: int = 1, scheduler: str | None = None
) -> Iterator[Record]:
    """Analyse every document and yield its record, in the order of the input.

    Parameters
    ----------
    items
        Documents, read lazily; an ``Unread`` becomes a failed record, a ``RecordRow`` is only checked.
    job
        Gazetteer and options.
    workers
        Processes to use; 1 works in this one.
    scheduler
        Address of a Dask scheduler ("tcp://host:8786") whose workers have mapper installed and see the
        gazetteer under the same path. Wins over ``workers``.

    Raises
    ------
    MapperError
        The cluster cannot be reached, or the language pipeline is not installed.
    GazetteerError
        The gazetteer cannot be opened.
    """
    if scheduler:
        yield from _on_cluster(items, job, scheduler)
    elif workers > 1:
        yield from _in_processes(items, job, workers)
    else:
        for item in items:
            yield work(item, job)


def work(item: Item, job: Job) -> Record:
    """Analyse one document, or check a record; whatever goes wrong in it becomes its ``error``."""
    if isinstance(item, RecordRow):
        try:
            return {**check_record(item.record, f"{item.source} line {item.line}"), "id": item.id}
        except RecordError as error:
            return failed(Document(item.id, "", source=item.source), str(error))
    if isinstance(item, Unread):
        return failed(Document(item.id, "", source=item.source), item.error)
    try:
        return to_record(analyse(item, _opened(job.gazetteer), job.options))
    except (LanguageError, GazetteerError):
        # These would fail every document alike.
        raise
    except Exception as error:  # One document must never stop the others.
        return failed(
            item, f"The analysis failed ({type(error).__name__}: {str(error)[:200]}); please report it."
        )


def failed(document: Document, reason: str) -> Record:
    """The record of a document that could not be analysed."""
    return to_record(Analysis(document, "", (), (), error=reason))


@lru_cache(maxsize=2)
def _opened(path: Path) -> Gazetteer:
    return Gazetteer.open(path)


def _in_processes(items: Iterable[Item], job: Job, workers: int) -> Iterator[Record]:
    source = iter(items)
    while True:
        broken = yield from _until_broken(source, job, workers)
        if broken is None:
            return
        for item in broken:
            yield _alone(item, job)


def _until_broken(
    source: Iterator[Item], job: Job, workers: int
) -> Generator[Record, None, list[Item] | None]:
    """Work through the source; when a process dies, return what was in flight, else None."""
    pool = _pool(workers)
    window = _Window(lambda item: pool.submit(work, item, job), workers * _AHEAD)
    try:
        yield from window.run(source)
    except BrokenProcessPool:
        return window.unfinished()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return None


def _pool(workers: int) -> ProcessPoolExecutor:
    # Spawned and not forked: threads of the libraries do not survive a fork.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_one_thread)


def _one_thread() -> None:
    """Keep numeric libraries from starting a thread a core in every process."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _alone(item: Item, job: Job) -> Record:
    """Try a document that was in flight when a worker died in a process of its own."""
    with _pool(1) as pool:
        try:
            return pool.submit(work, item, job).result()
        except BrokenProcessPool:
            document = item if isinstance(item, Document) else Document(item.id, "", source=item.source)
            return failed(document, "The process that read it died, most likely for want of memory.")


class _Window:
    """Submits ahead, but not more than ``size``, and yields results in the order of submission."""

    def __init__(self, submit: Callable[[Item], Future[Record]], size: int) -> None:
        self._submit, self._size = submit, size
        self._waiting: deque[tuple[Item, Future[Record]]] = deque()

    def run(self, source: Iterator[Item]) -> Iterator[Record]:
        for item in source:
            self._add(item)
            if len(self._waiting) >= self._size:
                yield self._next()
        while self._waiting:
            yield self._next()

    def _add(self, item: Item) -> None:
        refused: Future[Record] = Future()
        self._waiting.append((item, refused))
        self._waiting[-1] = (item, self._submit(item))

    def _next(self) -> Record:
        result = self._waiting[0][1].result()
        self._waiting.popleft()
        return result

    def unfinished(self) -> list[Item]:
        return [item for item, _ in self._waiting]


def _on_cluster(items: Iterable[Item], job: Job, address: str) -> Iterator[Record]:
    try:
        from distributed import Client
    except ImportError as error:
        raise MapperError("--scheduler needs Dask; install it with: pip install 'mapper[dask]'.") from error
    try:
        connect: Any = Client
        client = connect(address, timeout="5s")
    except (OSError, ValueError, TimeoutError) as error:
        raise MapperError(f"No Dask scheduler answers at {address}; check --scheduler.") from error
    with client:
        cores = max(1, sum(client.ncores().values()))
        window = _Window(lambda item: client.submit(work, item, job, pure=False), cores * _AHEAD)
        yield from window.run(iter(items))
