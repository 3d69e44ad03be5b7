"""Files that were added to the default gazetteer, kept so that they outlive its updates.

``mapper gazetteer add`` without ``--gazetteer`` copies its files into the user's data folder, one numbered
folder a call. The compiled default is named by what it was made of, these folders included; when mapper
brings newer data or a newer format, the next run compiles the shipped places and adds all of these files
again, the newest first, so that a later file's row wins. Deleting a folder takes its files out again. A
gazetteer that was named with ``--gazetteer`` or ``MAPPER_GAZETTEER`` is changed in place, and nothing is
copied.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gazetteer.errors import GazetteerBuildError, GazetteerNotFound

_CHUNK = 1 << 20


def folder() -> Path:
    """Return where the added files are kept."""
    from platformdirs import user_data_dir

    return Path(user_data_dir("mapper", appauthor=False)) / "added"


def calls() -> list[Path]:
    """Return one folder for each call of ``add``, the oldest first."""
    where = folder()
    return sorted(p for p in where.iterdir() if p.is_dir() and p.name[:1].isdigit()) if where.is_dir() else []


def files() -> list[Path]:
    """Return all added files, those of the newest call first."""
    return [file for call in reversed(calls()) for file in sorted(call.iterdir()) if file.is_file()]


def fingerprint(more: str = "") -> str:
    """Return a hash of all calls, and of one more that is not kept yet; "" when there are none."""
    names = [call.name for call in calls()] + ([more] if more else [])
    return hashlib.sha256("\n".join(names).encode()).hexdigest() if names else ""


@contextmanager
def keeping(paths: Sequence[Path]) -> Iterator[str]:
    """Copy the files of one call, give the call's name, and keep them when the block ends well.

    Raises
    ------
    GazetteerNotFound, GazetteerBuildError
        When a file is missing, or the copies cannot be written.
    """
    for path in paths:
        if not path.is_file():
            raise GazetteerNotFound(f"There is no file {path}: mend the path.")
    where = folder()
    try:
        where.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=where))
        try:
            digest = hashlib.sha256()
            for number, path in enumerate(paths):
                # Two files of one name may come from different folders; the reader goes by name and ending.
                target = part / path.name
                if target.exists():
                    target = part / f"{path.stem}-{number}{path.suffix}"
                shutil.copyfile(path, target)
                _digest(target, digest)
            last = int(calls()[-1].name[:4]) if calls() else 0
            name = f"{last + 1:04}-{digest.hexdigest()[:12]}"
            yield name
            part.rename(where / name)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        if isinstance(error, GazetteerBuildError | GazetteerNotFound):
            raise
        raise GazetteerBuildError(
            f"The added files cannot be kept in {where} ({error}): name a gazetteer with --gazetteer."
        ) from error


def _digest(path: Path, digest: hashlib._Hash) -> None:
    digest.update(path.name.encode() + b"\0")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
