"""The commands as a user meets them: what is written where, the exit status, one sentence an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from mapper.cli import main
from mapper.record import schema

TEXT = (
    "Shells struck the market of Omdurman on Friday, killing three people. The army said that the "
    "paramilitaries had attacked positions about 15 km north of Kassala. Drones hit the airport of Atbara.\n"
)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    texts = [TEXT, "", "Troops withdrew from Dongola.", "{", "Clashes were reported in Kosti."]
    lines = [t if t == "{" else json.dumps({"id": f"r{n}", "text": t}) for n, t in enumerate(texts)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == "" and "Traceback" not in captured.err
    last = captured.err.strip().splitlines()
    assert len(last) == 1, captured.err
    return last[0]


# Bad input: one sentence each, and the right status


def test_missing_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("map", tmp_path / "nothing.txt") == 1
    assert "does not exist" in one_sentence(capsys)


@pytest.mark.parametrize(("data", "words"), [(b"", "is empty"), (b"\x00\x01\x02" * 99, "binary file")])
@pytest.mark.parametrize("command", ["map", "extract", "explain"])
def test_unusable_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, data: bytes, words: str, command: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    target = ["-o", tmp_path / "a.html"] if command == "map" else []
    assert run(command, path, *target) == 1
    assert words in one_sentence(capsys)
    assert not (tmp_path / "a.html").exists()


def test_unknown_date_is_wrong_usage(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert run("map", article, "--date", "2022-13-01") == 2
    assert "YYYY-MM-DD" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["map"], ["nonsense"], ["extract", "x", "--format", "xml"], ["geocode"], []]
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(*arguments) == 2
    assert capsys.readouterr().err


def test_output_folder_that_cannot_be(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert run("map", article, "-o", article / "deep" / "a.html") == 1
    assert "cannot be written" in one_sentence(capsys)


def test_output_that_is_a_folder(capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path) -> None:
    assert run("map", article, "-o", tmp_path) == 1
    assert "is a folder" in one_sentence(capsys)


@pytest.mark.parametrize("command", ["map", "extract", "explain", "geocode"])
def test_missing_gazetteer(
    capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path, command: str
) -> None:
    target = ["-o", tmp_path / "a.html"] if command == "map" else []
    assert run(command, article, "--gazetteer", tmp_path / "none.sqlite", *target) == 1
    assert "no gazetteer at" in one_sentence(capsys)


def test_gazetteer_that_is_none(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert run("geocode", "Kassala", "--gazetteer", article) == 1
    assert "report.txt" in one_sentence(capsys)


def test_resume_without_a_file_is_wrong_usage(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert run("extract", article, "--resume") == 2
    assert "--resume" in capsys.readouterr().err


def test_broken_pins_name_their_row(
    capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path
) -> None:
    pins = tmp_path / "pins.csv"
    pins.write_text("surface,lat,lon\nAtbara,17.7,\n")
    assert run("extract", article, "--pins", pins) == 1
    assert "pins.csv row 1" in one_sentence(capsys)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('{"id": 1, "query": "Kassala", "near": [15.4]}', "line 1"),
        ('{"id": 1, "query": "Kassala", "near": {"lat": 1}}', "line 1"),
        ('{"id": 1, "query": "Kassala", "near": [999, 0]}', "latitude comes first"),
        ('{"id": 1, "query": "Kassala", "country": "Sudan"}', "two letters"),
        ('{"id": 1}', '"query"'),
        ("[1]", "line 1"),
        ("Kassala", "not JSON"),
        ("", "is empty"),
    ],
)
def test_a_batch_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, row: str, words: str
) -> None:
    batch = tmp_path / "q.jsonl"
    batch.write_text(row)
    assert run("geocode", "--batch", batch) == 1
    assert words in one_sentence(capsys)


def test_a_country_is_two_letters(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("geocode", "Kassala", "--country", "Sudan") == 2
    assert "two letters" in capsys.readouterr().err
    assert run("geocode", "Kassala", "--country", "sd") == 0


def test_a_source_is_never_overwritten(
    capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path
) -> None:
    for command in (["extract", article, "-o", article], ["map", article, "-o", article]):
        assert run(*command) == 1
        assert "is a source too" in one_sentence(capsys)
    assert article.read_text(encoding="utf-8") == TEXT


def test_an_export_of_unknown_form_is_said_before_the_work(
    capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path
) -> None:
    page = tmp_path / "a.html"
    assert run("map", article, "-o", page, "--export", tmp_path / "a.shp") == 1
    assert "a.shp has no format" in one_sentence(capsys) and not page.exists()


def test_a_scheduler_that_is_not_there(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert run("extract", article, "--scheduler", "tcp://127.0.0.1:1") == 1
    assert "No Dask scheduler" in capsys.readouterr().err


def test_when_every_document_failed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Records of failures are worth writing; a map of nothing is not."""
    bad = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in bad:
        path.write_bytes(b"")
    assert run("extract", *bad, "-o", tmp_path / "a.jsonl") == 3
    assert [row["id"] for row in lines(tmp_path / "a.jsonl")] == ["a", "b"]
    capsys.readouterr()
    assert run("map", *bad, "-o", tmp_path / "a.html") == 1
    assert "a.txt is empty" in one_sentence(capsys) and not (tmp_path / "a.html").exists()


def test_one_bad_row_in_a_folder_fails_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(TEXT)
    (folder / "one.jsonl").write_text('{"id": "x"}\n')
    assert run("extract", folder, "-o", tmp_path / "a.jsonl") == 3
    assert [row["id"] for row in lines(tmp_path / "a.jsonl") if "error" in row] == ["one"]


# What is found


def test_extract_writes_valid_records_to_stdout(
    capsysbinary: pytest.CaptureFixture[bytes], article: Path
) -> None:
    assert run("extract", article, "--date", "2024-11-16") == 0
    captured = capsysbinary.readouterr()
    (record,) = [json.loads(line) for line in captured.out.splitlines()]
    jsonschema.Draft202012Validator(schema()).validate(record)
    assert (record["id"], record["date"], record["text"]) == ("report", "2024-11-16", TEXT)
    names = {TEXT[m["start"] : m["end"]]: m["place"] for m in record["mentions"]}
    assert names["Omdurman"]["country"] == "SD" and names["Kassala"]["country"] == "SD"
    assert b"place name" in captured.err


def test_map_writes_one_page_and_says_where(
    capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("map", article, "--date", "2024-11-16", "--export", tmp_path / "a.geojson") == 0
    captured = capsys.readouterr()
    page = (tmp_path / "output/report.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>") and "Omdurman" in page
    assert captured.out == "" and "output/report.html" in captured.err
    assert json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))["type"] == "FeatureCollection"
    assert sorted(p.name for p in (tmp_path / "output").iterdir()) == ["report.html"]


def test_records_are_drawn_and_not_read_again(article: Path, tmp_path: Path) -> None:
    records = tmp_path / "records.jsonl"
    assert run("extract", article, "-o", records, "--date", "2024-11-16") == 0
    assert run("map", article, "-o", tmp_path / "a.html", "--date", "2024-11-16", "--title", "T") == 0
    assert run("map", records, "-o", tmp_path / "b.html", "--title", "T") == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_several_documents_make_one_page(article: Path, tmp_path: Path) -> None:
    other = tmp_path / "Bericht №2 'x' #&?.txt"
    other.write_text("Clashes were reported in Kosti on Friday.", encoding="utf-8")
    assert run("map", article, other, "-o", tmp_path / "new" / "folder" / "all.html") == 0
    page = (tmp_path / "new/folder/all.html").read_text(encoding="utf-8")
    assert "Omdurman" in page and "Kosti" in page


def test_a_name_that_is_no_text_becomes_a_page(
    article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    odd = os.fsdecode(b"odd \xff\n<b>.txt")
    article.rename(odd)
    assert run("map", odd) == 0
    assert [p.suffix for p in (tmp_path / "output").iterdir()] == [".html"]


def test_some_failed_documents_are_status_3_and_named(
    capsys: pytest.CaptureFixture[str], rows: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    assert run("extract", rows, "-o", out) == 3
    written = lines(out)
    assert [record["id"] for record in written] == ["r0", "r1", "r2", "rows-4", "r4"]
    assert ["error" in record for record in written] == [False, True, False, True, False]
    words = capsys.readouterr().err
    assert "r1" in words and "rows-4" in words
    assert run("map", out, "-o", tmp_path / "a.html") == 3


def test_a_record_of_the_wrong_form_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text('{"id": "a", "mentions": [], "events": [{}], "unresolved": [], "warnings": []}\n')
    assert run("map", path, "-o", tmp_path / "a.html") == 1
    assert "line 1: events.0" in capsys.readouterr().err


def test_resume_goes_on_where_it_stopped(
    capsys: pytest.CaptureFixture[str], rows: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    run("extract", rows, "-o", out)
    whole = out.read_bytes()
    kept = whole.split(b"\n")
    out.unlink()
    (tmp_path / "out.jsonl.partial").write_bytes(kept[0] + b"\n" + kept[2][:40])
    capsys.readouterr()
    assert run("extract", rows, "-o", out, "--resume") == 3
    assert "1 documents are done" in capsys.readouterr().err
    assert out.read_bytes() == whole
    assert not (tmp_path / "out.jsonl.partial").exists()


def test_the_same_input_gives_the_same_bytes(article: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run("extract", article, "-o", tmp_path / f"{name}.jsonl") == 0
        assert run("map", article, "-o", tmp_path / f"{name}.html") == 0
    for suffix in ("jsonl", "html"):
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_strict_refuses_what_is_unresolved(tmp_path: Path, article: Path) -> None:
    assert run("extract", article, "-o", tmp_path / "a.jsonl", "--strict") == 0
    record = lines(tmp_path / "a.jsonl")[0]
    lost = {**record, "unresolved": [record["mentions"][0]["id"]]}  # type: ignore[index]
    (tmp_path / "lost.jsonl").write_text(json.dumps(lost) + "\n")
    assert run("map", tmp_path / "lost.jsonl", "-o", tmp_path / "a.html", "--strict") == 1


def test_pins_win_and_are_reported_when_idle(
    capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path
) -> None:
    pins = tmp_path / "pins.csv"
    pins.write_text("surface,lat,lon\nAtbara,1.5,2.5\nNowhere,3,4\n")
    assert run("extract", article, "-o", tmp_path / "a.jsonl", "--pins", pins) == 0
    found = {m["text"]: m for m in lines(tmp_path / "a.jsonl")[0]["mentions"]}  # type: ignore[attr-defined]
    assert (found["Atbara"]["place"]["lat"], found["Atbara"]["match"]) == (1.5, "pin")
    words = capsys.readouterr().err
    assert "Pin 2 (Nowhere) matched nothing" in words and "Pin 1" not in words


@pytest.mark.parametrize("form", ["geojson", "csv"])
def test_extract_writes_other_forms(
    capsysbinary: pytest.CaptureFixture[bytes], article: Path, form: str
) -> None:
    assert run("extract", article, "--format", form) == 0
    data = capsysbinary.readouterr().out.decode("utf-8")
    assert json.loads(data)["features"] if form == "geojson" else data.count("\n") > 1


def test_explain_shows_winner_and_reason(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert run("explain", article) == 0
    table = capsys.readouterr().out
    assert "Omdurman" in table and "geonames:" in table
    assert run("explain", article, "--format", "json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"Omdurman", "Kassala", "Atbara"} <= {row["text"] for row in rows}


def test_geocode_a_garbled_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("geocode", "Umdourman", "--country", "SD", "--format", "jsonl", "--limit", "3") == 0
    (answer,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    best = answer["candidates"][0]
    assert abs(best["lat"] - 15.64) < 0.1 and abs(best["lon"] - 32.48) < 0.1 and best["country"] == "SD"
    assert len(answer["candidates"]) <= 3


def test_geocode_takes_a_batch(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    batch = tmp_path / "q.jsonl"
    rows = [
        {"id": "a", "query": "Kassala", "country": "SD"},
        {"id": "b", "query": "Кассала", "near": [15.4, 36.4]},
    ]
    batch.write_text("\n".join(json.dumps(row) for row in rows))
    assert run("geocode", "--batch", batch, "--format", "jsonl") == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "b"]
    assert all(abs(answer["candidates"][0]["lat"] - 15.45) < 0.6 for answer in answers)


def test_places_are_added_to_a_gazetteer(
    capsys: pytest.CaptureFixture[str], small_file: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.sqlite"
    mine.write_bytes(small_file.read_bytes())
    table = tmp_path / "places.csv"
    table.write_text("name,lat,lon\nQornet Test Camp,34.1,36.1\nBroken,,\n", encoding="utf-8")
    dump = tmp_path / "LB.txt"
    cells = ["99000001", "Beit Zzyzx", "Beit Zzyzx", "", "33.9", "35.8", "P", "PPL", "LB", "", "", "", "", ""]
    dump.write_text("\t".join([*cells, "120", "", "", "", "2020-01-01"]) + "\n", encoding="utf-8")
    assert run("gazetteer", "add", table, dump, "--gazetteer", mine) == 0
    words = capsys.readouterr().err
    assert "2 places read" in words and "places.csv line 3" in words
    for name, lat in (("Qornet Test Camp", 34.1), ("Beit Zzyzx", 33.9)):
        assert run("geocode", name, "--gazetteer", mine, "--format", "jsonl") == 0
        assert json.loads(capsys.readouterr().out)["candidates"][0]["lat"] == lat
    assert run("gazetteer", "info", "--gazetteer", mine) == 0
    assert "places\n  1 place\n" in capsys.readouterr().out


def test_adding_what_is_not_there(
    capsys: pytest.CaptureFixture[str], small_file: Path, tmp_path: Path
) -> None:
    before = small_file.read_bytes()
    assert run("gazetteer", "add", tmp_path / "none.csv", "--gazetteer", small_file) == 1
    assert "none.csv" in capsys.readouterr().err.splitlines()[-1] and small_file.read_bytes() == before


def test_no_bar_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert run("extract", article) == 0
    words = capsys.readouterr().err
    assert "\r" not in words and "it/s" not in words


def test_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert json.loads(capsys.readouterr().out) == schema()


def test_demo_maps_the_article_that_ships(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("demo", "-o", tmp_path / "demo.html") == 0
    assert "Khart" in (tmp_path / "demo.html").read_text(encoding="utf-8")


# As a process of its own


def test_no_traceback_and_utf8_whatever_the_terminal(article: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    name = tmp_path / "Омдурман 'x' {{7*7}}.txt"
    name.write_text(TEXT + "У Полтаве тихо.", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mapper", "extract", str(name)],
        capture_output=True,
        env=environment,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))["text"].endswith("У Полтаве тихо.")


def test_reading_a_pipe_that_closes_early_is_no_fault(rows: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m mapper schema | head -c 10", shell=True, capture_output=True, timeout=60
    )
    assert done.stderr == b""


def test_help_loads_no_language_model() -> None:
    code = (
        "import sys; from mapper.cli import main; main(['geocode', '20 km north of Kassala']);"
        "print([m for m in ('spacy', 'folium', 'geopandas', 'pandas', 'trafilatura') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip().endswith("[]"), done.stdout + done.stderr
