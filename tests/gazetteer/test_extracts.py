"""The extracts that ship with the package: what must be in them, and that their files are what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import GazetteerBuildError, GazetteerFormatError
from gazetteer.extract_postal import clean
from gazetteer.sources import extracts as reader
from gazetteer.sources.curated import curated_places, curated_points
from gazetteer.translit import romanise, russian_spelling

Find = Callable[..., list[dict[str, object]]]


@pytest.fixture(scope="module")
def data() -> reader.Extracts:
    return reader.read_extracts()


@pytest.fixture(scope="module")
def find(data: reader.Extracts) -> Find:
    def by_name(name: str, **wanted: str) -> list[dict[str, object]]:
        rows = pc.indices_nonzero(pc.equal(data.places["name"], name))
        others = data.names.filter(pc.equal(data.names["text"], name))["place"]
        numbers = sorted({*rows.to_pylist(), *others.to_pylist()})
        found = data.places.take(numbers).to_pylist()
        return [row for row in found if all(row[key] == value for key, value in wanted.items())]

    return by_name


def test_files_are_what_the_manifest_says() -> None:
    total = 0
    for output in reader.manifest()["outputs"]:
        content = (reader.data_folder() / output["file"]).read_bytes()
        total += len(content)
        assert hashlib.sha256(content).hexdigest() == output["sha256"]
    assert total <= 40_000_000
    for info in reader.source_infos():
        assert info.version and info.licence and info.attribution and info.url.startswith("https://")


def test_ids_are_unique_and_points_are_on_earth(data: reader.Extracts) -> None:
    places = data.places
    assert pc.count_distinct(places["id"]).as_py() == places.num_rows
    for column, limit in (("lat", 90.0), ("lon", 180.0)):
        low, high = pc.min_max(places[column]).as_py().values()
        assert -limit <= low and high <= limit
    assert pc.min(places["radius_m"]).as_py() > 0
    assert set(pc.unique(places["feature"]).to_pylist()) <= {
        "settlement", "suburb", "country", "region", "district", "municipality", "river", "water", "airport",
        "airbase", "facility", "road", "bridge", "area", "continent",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "feature", "country", "lat", "lon"),
    [
        ("Udy", "settlement", "UA", 50.39, 36.06),
        ("Toshkivka", "settlement", "UA", 48.78, 38.56),
        ("Zolote", "settlement", "UA", 48.70, 38.52),
        ("Bakhmut Raion", "district", "UA", 48.6, 38.0),
        ("Kharkiv Oblast", "region", "UA", 49.5, 36.5),
        ("Donetsk Oblast", "region", "UA", 48.0, 37.5),
        ("Crimea", "region", "UA", 45.3, 34.3),
        ("Petrikovskiy Rayon", "district", "BY", 52.1, 28.5),
        ("Shaykovka Air Base", "airbase", "RU", 54.23, 34.37),
        ("Siverskyi Donets", "river", "", 49.0, 38.0),
        ("Black Sea", "water", "", 43.4, 34.3),
        ("Donbas", "area", "UA", 48.3, 38.3),
        ("Zaporizhzhia NPP", "facility", "UA", 47.51, 34.59),
        ("U.S.", "country", "US", 39.76, -98.5),
        ("Syrians", "country", "SY", 35.0, 38.0),
        ("Владимировка", "settlement", "UA", 48.44, 37.35),
        ("Nuseirat", "suburb", "PS", 31.45, 34.39),
        ("Zaatari camp", "facility", "JO", 32.29, 36.33),
        ("Ituri", "region", "CD", 1.7, 29.5),
        ("Turkana County", "region", "KE", 3.2, 35.5),
        ("Palma", "settlement", "MZ", -10.78, 40.48),
        ("Jarjanaz", "settlement", "SY", 35.6, 36.8),
        ("El Debeibat", "settlement", "SD", 12.5, 29.8),
        ("Western Tigray", "district", "ET", 13.9, 37.0),
        ("Ain Issa", "settlement", "SY", 36.4, 38.9),
    ],
)
def test_known_places(find: Find, name: str, feature: str, country: str, lat: float, lon: float) -> None:
    rows = find(name, feature=feature, country=country)
    assert any(abs(row["lat"] - lat) < 1.0 and abs(row["lon"] - lon) < 1.2 for row in rows), rows  # type: ignore[operator]


def test_a_village_without_a_point_takes_its_hromada(find: Find) -> None:
    rows = [row for row in find("Nahirne", country="UA") if row["admin2"] == "Bakhmut Raion"]
    assert len(rows) == 1
    assert rows[0]["radius_m"] >= 5_000 and abs(rows[0]["lat"] - 48.7) < 0.2  # type: ignore[operator]


def test_a_curated_point_goes_before_that_of_the_hromada(data: reader.Extracts, find: Find) -> None:
    rows = [row for row in find("Volodymyrivka", country="UA") if row["admin2"] == "Bakhmut Raion"]
    assert [row["radius_m"] < 5_000 for row in rows] == [True]  # type: ignore[operator]
    points = curated_points(reader.data_folder() / "curated")
    assert set(points) <= set(data.places["id"].to_pylist())


@pytest.mark.parametrize("row", ["a,X,north,1,1,me", "a,X,1,1"])
def test_a_broken_curated_point_is_named(tmp_path: Path, row: str) -> None:
    (tmp_path / "points").mkdir()
    text = f"place,name,lat,lon,radius_m,source\nb,Y,1,1,1,me\n{row}\n"
    (tmp_path / "points" / "settlements.csv").write_text(text)
    with pytest.raises(GazetteerFormatError, match="settlements.csv, line 3"):
        curated_points(tmp_path)


def test_regions_and_countries_have_polygons(data: reader.Extracts) -> None:
    shaped = set(data.geometry["place"].to_pylist())
    for number, row in enumerate(data.places.to_pylist()):
        if row["feature"] == "region" and row["country"] in ("UA", "RU", "SD", "SY", "MM", "US"):
            drawn = number in shaped or str(row["id"]).startswith("curated:")
            assert drawn or row["admin1"] in ("SD.60", "RU.CI", "SY."), row


def test_names_point_at_places(data: reader.Extracts) -> None:
    assert pc.max(data.names["place"]).as_py() < data.places.num_rows
    kinds = {"preferred", "alternate", "demonym", "former", "short", "transliteration", "code"}
    assert set(pc.unique(data.names["kind"]).to_pylist()) <= kinds


def test_a_missing_extract_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(GazetteerBuildError, match="reinstall"):
        reader.read_extracts(tmp_path)


def test_a_broken_curated_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "places").mkdir()
    text = "name,feature,lat,lon,radius_m,country\nX,facility,north,1,1,UA\n"
    (tmp_path / "places" / "mine.csv").write_text(text)
    with pytest.raises(GazetteerFormatError, match="mine.csv, line 2"):
        list(curated_places(tmp_path))


@pytest.mark.parametrize(
    ("local", "country", "latin"),
    [
        ("Згурівка", "UA", "Zghurivka"),
        ("Єнакієве", "UA", "Yenakiieve"),
        ("Запоріжжя", "UA", "Zaporizhzhia"),
        ("Щёлково", "RU", "Shchyolkovo"),
        ("Ельня", "RU", "Yelnya"),
        ("Жодзіна", "BY", "Zhodzina"),
        ("Търговище", "BG", "Targovishte"),
        ("Łódź", "PL", "Łódź"),
    ],
)
def test_official_romanisation(local: str, country: str, latin: str) -> None:
    assert romanise(local, country) == latin


def test_russian_spelling() -> None:
    assert russian_spelling("Миколаївка") == "Николаевка"
    assert russian_spelling("Новоолександрівка") == "Новоалександровка"


@given(st.text(max_size=80), st.sampled_from(["UA", "RU", "BY", "BG", "", "KR"]))
def test_romanise_leaves_no_cyrillic_letter(text: str, country: str) -> None:
    assert not any("а" <= letter.lower() <= "я" for letter in romanise(text, country))


@given(st.text(max_size=80))
def test_cleaned_names_stay_clean(text: str) -> None:
    once = clean(text)
    assert "(" not in once and not any(letter.isdigit() for letter in once)
