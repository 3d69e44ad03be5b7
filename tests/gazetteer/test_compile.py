"""The compiled default: additions outlive it, one program compiles it, what nobody uses is removed."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from gazetteer import additions
from gazetteer import compile as gazetteer_compile
from gazetteer.lock import held
from gazetteer.sources import extracts
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


def shipped(folder: Path, country: str) -> Path:
    """Write place data as the package ships it, of one country, with the real manifest and curated facts."""
    real = extracts.data_folder()
    shutil.copytree(real / "curated", folder / "curated")
    shutil.copyfile(real / extracts.MANIFEST, folder / extracts.MANIFEST)
    places = pq.read_table(real / extracts.PLACES)
    rows = np.flatnonzero(pc.equal(pc.cast(places["country"], pa.string()), country).to_numpy())
    pq.write_table(places.take(rows), folder / extracts.PLACES)
    for name in (extracts.NAMES, extracts.GEOMETRY):
        table = pq.read_table(real / name)
        at = np.searchsorted(rows, table["place"].to_numpy())
        mine = rows[np.minimum(at, len(rows) - 1)] == table["place"].to_numpy()
        column = pa.array(at[mine], table.schema.field("place").type)
        kept = table.filter(pa.array(mine))
        pq.write_table(kept.set_column(table.schema.get_field_index("place"), "place", column), folder / name)
    return folder


def test_additions_are_there_again_after_an_update(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shipped(tmp_path / "shipped", "AD")
    monkeypatch.setattr(extracts, "data_folder", lambda: folder)
    before = gazetteer_compile.ensure(progress=quiet)
    own = home / "own.csv"
    own.write_text("name,lat,lon\nCamp Feldspar,42.5,1.5\n")
    added = gazetteer_compile.add(before, [own], quiet).path
    own.unlink()

    # The update brings a place; nothing else was asked for.
    new = folder / "curated" / "places" / "new.csv"
    with next((folder / "curated" / "places").glob("*.csv")).open(encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
    values = {"name": "Camp Gneiss", "feature": "facility", "lat": "42.6", "lon": "1.6", "radius_m": "500",
              "country": "AD", "source": "a test"}  # fmt: skip
    new.write_text(",".join(columns) + "\n" + ",".join(values.get(c, "") for c in columns) + "\n")
    after = gazetteer_compile.ensure(progress=quiet)
    assert len({before, added, after}) == 3
    with Gazetteer.open(after) as gazetteer:
        for name in ("Andorra la Vella", "Camp Feldspar", "Camp Gneiss"):
            assert gazetteer.lookup(name)[0].place.country in ("AD", "")
    assert gazetteer_compile.ensure(progress=quiet) == after
    assert not list(after.parent.glob(".*part*"))


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
