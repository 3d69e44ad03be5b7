"""The compiled default: additions outlive it, one program compiles it, what nobody uses is removed."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from gazetteer import additions
from gazetteer import compile as gazetteer_compile
from gazetteer.lock import held
from gazetteer.store import Gazetteer


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with empty cache and data folders."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("MAPPER_GAZETTEER", raising=False)
    return tmp_path


def quiet(step: str, done: int, total: int) -> None:
    """Show no progress."""


def test_additions_to_the_default_are_kept(home: Path, small_file: Path) -> None:
    default = gazetteer_compile.default_path()
    default.parent.mkdir(parents=True)
    default.write_bytes(small_file.read_bytes())
    own = home / "own.csv"
    own.write_text("name,lat,lon\nCamp Feldspar,35.0,33.0\n")
    report = gazetteer_compile.add(default, [own], quiet)
    assert report.path == gazetteer_compile.default_path() != default
    with Gazetteer.open(report.path) as gazetteer:
        assert gazetteer.lookup("Camp Feldspar")
    assert [path.read_bytes() for path in additions.files()] == [own.read_bytes()]
    own.write_text("name,lat,lon\nCamp Gneiss,35.1,33.1\n")
    second = gazetteer_compile.add(report.path, [own], quiet)
    with Gazetteer.open(second.path) as gazetteer:
        assert gazetteer.lookup("Camp Feldspar") and gazetteer.lookup("Camp Gneiss")
    assert len(additions.calls()) == 2


def test_a_failed_addition_is_not_kept(home: Path, small_file: Path) -> None:
    default = gazetteer_compile.default_path()
    default.parent.mkdir(parents=True)
    default.write_bytes(small_file.read_bytes())
    bad = home / "bad.csv"
    bad.write_text("no,columns\n1,2\n")
    with pytest.raises(ValueError, match="bad.csv"):
        gazetteer_compile.add(default, [bad], quiet)
    assert additions.calls() == [] and gazetteer_compile.default_path() == default


def test_the_second_program_waits_for_the_first(home: Path, small_file: Path) -> None:
    default = gazetteer_compile.default_path()
    order: list[str] = []

    def second() -> None:
        gazetteer_compile.ensure(progress=quiet)
        order.append("second")

    with held(default):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.2)
        order.append("first")
        default.write_bytes(small_file.read_bytes())
    waiting.join(20)
    assert order == ["first", "second"]
    assert default.read_bytes() == small_file.read_bytes()


def test_unused_files_are_removed_and_used_ones_stay(tmp_path: Path) -> None:
    new, used, unused, broken, own = (
        tmp_path / name
        for name in (
            "gazetteer-v9-b.sqlite",
            "gazetteer-v8-a.sqlite",
            "gazetteer-v7-a.sqlite",
            ".gazetteer-v7-a.sqlite.x.part",
            "mine.sqlite",
        )
    )
    for path in (new, used, unused, broken, own):
        path.write_text("")
    for path in (unused, broken, own):
        os.utime(path, (time.time() - 7200,) * 2)
    gazetteer_compile.tidy(new)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(p.name for p in (new, used, own))


def test_without_a_terminal_there_is_a_line_at_the_start_and_one_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = gazetteer_compile.bar("Compiling")
    for done in range(5):
        report("reading", done, 5)
    report("", 5, 5)
    assert capsys.readouterr().err.splitlines() == ["Compiling ...", "Compiling: done, 5 places."]
