"""Files for other programs: readable, whole, the same every time, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mapper import export
from mapper.errors import OutputError

SUDAN = Path(__file__).parents[1] / "browser" / "sudan.jsonl"


@pytest.fixture
def records():
    return [json.loads(line) for line in SUDAN.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("form", export.formats())
def test_the_same_records_give_the_same_bytes(records, tmp_path, form):
    first, second = tmp_path / f"a.{form}", tmp_path / "b" / f"a.{form}"
    second.parent.mkdir()
    export.write(records, first)
    export.write(records, second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet", "fgb", "kml"])
def test_other_programs_read_it(records, tmp_path, form):
    import geopandas

    path = tmp_path / f"events.{form}"
    export.write(records, path)
    if form == "gpkg":
        assert list(geopandas.list_layers(path)["name"])[0] == "strikes"
        frame = geopandas.read_file(path, layer="strikes")
        assert set(frame["id"]) == {"e1", "e2", "e11", "e13"}
    else:
        frame = geopandas.read_parquet(path) if form == "parquet" else geopandas.read_file(path)
        assert {"e1", "e4", "e12"} <= set(frame["event" if form == "kml" else "id"].dropna())
        assert {"LineString", "Polygon", "Point"} <= set(frame.geometry.dropna().geom_type)


def test_attribution_travels_with_the_data(records, tmp_path):
    for form in ("geojson", "kml", "csv", "gpkg", "fgb"):
        path = tmp_path / f"events.{form}"
        export.write(records, path)
        assert b"GeoNames, CC BY 4.0" in path.read_bytes(), form


def test_csv_has_a_row_for_each_place_of_each_event_and_runs_no_formula(records, tmp_path):
    event = records[0]["events"][0]
    event["initiator"]["text"] = "=cmd|' /C calc'!A0"
    event["quote"] = "@SUM(1)\nand a line"
    records[0]["events"][8]["locations"] = []
    path = tmp_path / "events.csv"
    export.write(records, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["initiator"] == "'=cmd|' /C calc'!A0"
    assert rows[0]["quote"] == "'@SUM(1)\nand a line"
    assert [row["id"] for row in rows if row["id"] == "e5"] == ["e5"] * 5
    (lost,) = [row for row in rows if row["id"] == "e9"]
    assert lost["type"] == "withdrawal" and lost["lat"] == ""
    assert float(rows[0]["lat"]) == pytest.approx(15.6336)


def test_nothing_found_is_still_a_file(tmp_path):
    head = {"id": "x", "date": None, "title": "", "source": "", "language": "en"}
    empty = [{**head, "mentions": [], "events": [], "unresolved": [], "warnings": []}]
    for form in export.formats():
        path = tmp_path / f"none.{form}"
        export.write(empty, path)
        assert path.stat().st_size > 0


def test_an_unknown_format_or_a_missing_folder_is_one_sentence(records, tmp_path):
    with pytest.raises(OutputError, match=r"end its name in \.geojson"):
        export.write(records, tmp_path / "events.doc")
    for form in export.formats():
        with pytest.raises(OutputError, match="cannot be written") as caught:
            export.write(records, tmp_path / "no" / f"events.{form}")
        assert "\n" not in str(caught.value)
