"""What the names of a batch sound like, worked out in a second process while the first one writes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from gazetteer.distance import symbols_in
from gazetteer.names import MAX_SYMBOLS, SYMBOLS, fold_many, skeleton_many, sound_many
from gazetteer.schema import CELL_DTYPE, KIND_NUMBER, cells_of

WORTH = 10_000
"""A second process is started for batches of at least so many places; it takes some 0.2 s to start."""

_CODES = np.zeros(256, np.uint64)
for _number, _symbol in enumerate(SYMBOLS):
    _CODES[ord(_symbol)] = _number + 1
_UNHEARD = (KIND_NUMBER["demonym"], KIND_NUMBER["code"])


@dataclass(slots=True)
class Names:
    """The columns of a batch that its names depend on. ``name_place`` is the row of the place."""

    ids: list[int]
    name: list[str]
    lat: list[float]
    lon: list[float]
    features: list[int]
    country: list[str]
    name_place: list[int]
    name_text: list[str]
    name_kind: list[str]
    name_language: list[str]
    own_names: bool = True


Spelled = tuple[list[list[Any]], list[tuple[int, bytes, bytes, bytes]]]
"""The columns of ``stage.name`` and the rows of ``stage.cell``."""


def pack(symbols: Sequence[str]) -> Any:
    """Pack skeletons or sounds into unsigned 64-bit keys, four bits a symbol, the first symbol highest."""
    matrix = np.array(symbols, dtype=f"S{MAX_SYMBOLS}").view(np.uint8).reshape(len(symbols), MAX_SYMBOLS)
    packed = np.zeros(len(symbols), np.uint64)
    for column in range(MAX_SYMBOLS):
        packed |= _CODES[matrix[:, column]] << np.uint64(4 * (MAX_SYMBOLS - 1 - column))
    return packed


def spell(names: Names) -> Spelled:
    """Return what is staged of the names of a batch."""
    own_keys = fold_many(names.name)
    other_keys = fold_many(names.name_text) if names.name_text else []
    # Only what differs from the place's own name; other doubles fall out when the names are sorted.
    other = [i for i, (row, key) in enumerate(zip(names.name_place, other_keys, strict=True))
             if key and key != own_keys[row]]  # fmt: skip
    own = [i for i, key in enumerate(own_keys) if key] if names.own_names else []
    keys = [own_keys[i] for i in own] + [other_keys[i] for i in other]
    if not keys:
        return [], []
    rows = own + [names.name_place[i] for i in other]
    kinds = [0] * len(own) + [KIND_NUMBER[names.name_kind[i]] for i in other]  # type: ignore[index]
    texts = [None] * len(own) + [names.name_text[i] for i in other]
    languages = [""] * len(own) + [names.name_language[i] for i in other]
    skeletons, sounds, cells = _sounds(names, np.array(rows), keys, kinds)
    places, countries = [names.ids[row] for row in rows], [names.country[row] for row in rows]
    return [keys, places, texts, kinds, languages, countries, skeletons, sounds], cells


def _sounds(
    names: Names, rows: Any, keys: list[str], kinds: list[int]
) -> tuple[list[int | None], list[int | None], list[tuple[int, bytes, bytes, bytes]]]:
    """Return the skeletons under which names are listed, their sounds, and the same sounds cell by cell."""
    sounds = sound_many(keys)
    packed, heard_as = pack(skeleton_many(sounds)), pack(sounds)
    plain = np.fromiter(map(str.isascii, keys), bool, len(keys))
    unheard = np.isin(np.array(kinds), _UNHEARD)
    # Names in other scripts are heard through their romanisation, and only where it adds a sound.
    order = np.lexsort((np.arange(len(keys)), ~plain, heard_as, rows, unheard))
    first = np.r_[True, (np.diff(rows[order]) != 0) | (np.diff(heard_as[order]) != 0)]
    new = np.zeros(len(keys), bool)
    new[order] = first
    new &= ~unheard
    cells = _cells(names, rows[new], packed[new], heard_as[new])
    listed = (packed != 0) & ~unheard & (new | plain)
    return _where(packed, listed), _where(heard_as, ~unheard), cells


def _where(values: Any, good: Any) -> list[int | None]:
    return [value if one else None for value, one in zip(values.tolist(), good.tolist(), strict=True)]


def _cells(names: Names, rows: Any, skeletons: Any, sounds: Any) -> list[tuple[int, bytes, bytes, bytes]]:
    """Return the rows of each cell, one for each (place, sound) pair."""
    numbers = cells_of(np.array(names.lat), np.array(names.lon))[rows]
    order = np.argsort(numbers, kind="stable")
    rows, numbers, skeletons = rows[order], numbers[order], skeletons[order]
    symbols = symbols_in(skeletons)
    cells = np.zeros(len(rows), CELL_DTYPE)
    cells["place"], cells["sound"] = np.array(names.ids)[rows], sounds[order]
    cells["lat"], cells["lon"] = np.array(names.lat)[rows], np.array(names.lon)[rows]
    cells["feature"] = np.array(names.features)[rows]
    cells["country"] = np.array(names.country, "S2")[rows]
    starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])[: len(rows)]
    ends = np.r_[starts[1:], len(numbers)]
    return [
        (int(numbers[a]), skeletons[a:b].tobytes(), symbols[a:b].tobytes(), cells[a:b].tobytes())
        for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


class Speller:
    """Spells one batch at a time in a process of its own; without one, in this process.

    The process is a fresh interpreter rather than a fork or a `multiprocessing` worker: those want programs
    that guard their main module, and this runs inside any program that opens the gazetteer first.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._broken = not sys.executable or (os.cpu_count() or 1) < 2

    def start(self, names: Names) -> None:
        """Send a batch. The one before must have been taken."""
        self._names = names
        self._sent = False
        if self._broken or (self._process is None and len(names.ids) < WORTH):
            return
        try:
            if self._process is None:
                self._process = _process()
            assert self._process.stdin is not None
            pickle.dump(names, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
            self._sent = True
        except OSError:
            self.close()

    def take(self) -> Spelled:
        """Wait for the batch that was sent."""
        if self._sent and self._process is not None:
            assert self._process.stdout is not None
            try:
                spelled: Spelled = pickle.load(self._process.stdout)
                return spelled
            except (OSError, EOFError, pickle.UnpicklingError):
                self.close()
        return spell(self._names)

    def close(self) -> None:
        """End the process; what comes later is spelt in this one."""
        self._broken = True
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()


def _process() -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    return subprocess.Popen(
        [sys.executable, "-P", "-c", "from gazetteer.spell import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        # Ctrl-C ends the first process, which ends this one.
        start_new_session=True,
    )


def serve() -> None:
    """Spell the batches that come in until there are no more: the main loop of the second process."""
    with suppress(EOFError, BrokenPipeError):
        while True:
            names = pickle.load(sys.stdin.buffer)
            pickle.dump(spell(names), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
            sys.stdout.buffer.flush()
