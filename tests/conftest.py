"""What all tests share: the shipped gazetteer, opened once, and a small real one of three countries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from gazetteer import compile as gazetteer_compile
from gazetteer.sources import extracts
from gazetteer.store import Gazetteer

# The first call of a test may read a table; a busy machine is no failure.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

COUNTRIES = ("AD", "CY", "LB")


def quiet(step: str, done: int, total: int) -> None:
    """Show no progress."""


@pytest.fixture(scope="session")
def gazetteer_file() -> Path:
    """The gazetteer that ships with the package, compiled on the first run (about a minute)."""
    return gazetteer_compile.ensure()


@pytest.fixture(scope="session")
def gazetteer(gazetteer_file: Path) -> Iterator[Gazetteer]:
    with Gazetteer.open(gazetteer_file) as store:
        yield store


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Andorra, Cyprus and Lebanon, from the extracts that ship with the package."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    tables = extracts.read_extracts()
    wanted = pc.is_in(pc.cast(tables.places["country"], pa.string()), pa.array(COUNTRIES))
    rows = np.flatnonzero(wanted.to_numpy())
    new = np.full(tables.places.num_rows, -1, np.int64)
    new[rows] = np.arange(len(rows))

    def of_these(table: pa.Table) -> pa.Table:
        place = new[table["place"].to_numpy()]
        kept = table.filter(pa.array(place >= 0))
        return kept.set_column(kept.schema.get_field_index("place"), "place", pa.array(place[place >= 0]))

    some = extracts.Extracts(tables.places.take(rows), of_these(tables.names), of_these(tables.geometry))
    path = tmp_path_factory.mktemp("gazetteer") / "small.sqlite"
    with gazetteer_compile.writing(path) as builder:
        for batch in gazetteer_compile.batches(some):
            builder.add(batch)
        gazetteer_compile.finish(builder, extracts.source_infos(), quiet)
    return path


@pytest.fixture(scope="session")
def small(small_file: Path) -> Iterator[Gazetteer]:
    with Gazetteer.open(small_file) as gazetteer:
        yield gazetteer


@pytest.fixture
def copy(small_file: Path, tmp_path: Path) -> Path:
    """A copy of the small gazetteer that a test may add to."""
    path = tmp_path / "mine.sqlite"
    path.write_bytes(small_file.read_bytes())
    return path
