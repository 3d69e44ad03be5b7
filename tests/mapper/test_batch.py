"""Many documents: the same records in the same order, wherever the work is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazetteer.errors import GazetteerFormatError
from mapper.batch import Job, records
from mapper.errors import LanguageError, MapperError
from mapper.pipeline import Options
from mapper.reading import Item, Unread
from mapper.types import Document

PLACES = ["Kassala", "Omdurman", "Atbara", "Dongola", "Kosti"]


def items() -> list[Item]:
    found: list[Item] = [Document(f"d{n}", f"Shells hit {PLACES[n % 5]} on Friday.") for n in range(12)]
    return [*found[:4], Unread("bad", "x.txt", "x.txt is empty."), *found[4:]]


@pytest.fixture(scope="module")
def job(gazetteer_file: Path) -> Job:
    return Job(gazetteer_file)


@pytest.fixture(scope="module")
def expected(job: Job) -> list[dict[str, object]]:
    return list(records(items(), job))


def test_order_is_kept_and_failures_are_records(expected: list[dict[str, object]]) -> None:
    assert [record["id"] for record in expected] == [item.id for item in items()]
    assert [record["id"] for record in expected if "error" in record] == ["bad"]


def test_processes_give_the_same_records(job: Job, expected: list[dict[str, object]]) -> None:
    assert list(records(items(), job, workers=2)) == expected


def test_a_cluster_gives_the_same_records(job: Job, expected: list[dict[str, object]]) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        assert list(records(items(), job, scheduler=cluster.scheduler_address)) == expected


def test_a_scheduler_that_does_not_answer_is_said(job: Job) -> None:
    with pytest.raises(MapperError, match="scheduler"):
        list(records(items(), job, scheduler="tcp://127.0.0.1:1"))


def test_documents_are_read_as_they_are_needed(job: Job) -> None:
    taken: list[str] = []

    def source():  # type: ignore[no-untyped-def]
        for item in items():
            taken.append(item.id)
            yield item

    next(records(source(), job))
    assert taken == ["d0"]


def test_a_missing_pipeline_stops_the_run_in_one_sentence(job: Job) -> None:
    with pytest.raises(LanguageError, match="no_such_pipeline"):
        list(records(items(), Job(job.gazetteer, Options(pipeline="no_such_pipeline"))))


def test_a_broken_gazetteer_stops_the_run_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(b"no database")
    with pytest.raises(GazetteerFormatError, match=r"a\.sqlite"):
        list(records([Document("a", "Shells hit Kassala.")], Job(tmp_path / "a.sqlite")))
