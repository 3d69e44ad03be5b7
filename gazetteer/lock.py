"""One program at a time compiles a file; the others wait for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gazetteer.errors import GazetteerBuildError


@contextmanager
def held(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock of ``path`` (``path`` with ".lock" appended) while the block runs.

    The operating system drops the lock when its holder ends, however it ends, so no lock is ever stale.
    ``waiting`` is called once when another program holds it. Where the system has no such locks nothing is
    held: then two programs may do the same work, and the last one's file stays.

    Raises
    ------
    GazetteerBuildError
        When the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise GazetteerBuildError(
            f"The gazetteer cannot be written to {path.parent} ({error.strerror}): name another file."
        ) from error
    try:
        _acquire(handle, waiting)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, waiting: Callable[[], None]) -> None:
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        return
