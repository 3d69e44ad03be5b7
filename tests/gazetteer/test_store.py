from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from gazetteer import compile as gazetteer_compile
from gazetteer.errors import GazetteerError, GazetteerFormatError, GazetteerNotFound
from gazetteer.store import Gazetteer


def first(gazetteer: Gazetteer, name: str, **filters: Any) -> str:
    found = gazetteer.candidates(name, **filters)
    return found[0].place.name if found else ""


@pytest.mark.parametrize("name", ["Nicosia", "NICOSIA", "nicosia", "Λευκωσία", "Никосия"])
def test_a_name_is_found_in_any_case_and_script(small: Gazetteer, name: str) -> None:
    found = small.lookup(name)
    assert found and found[0].place.country == "CY"
    assert found[0].similarity > 0.9


def test_exact_folded_and_alternate_are_told_apart(small: Gazetteer) -> None:
    assert small.lookup("Nicosia")[0].match == "exact"
    assert small.lookup("nicosia")[0].match == "folded"
    assert small.lookup("Lefkosia")[0].match == "alternate"


@pytest.mark.parametrize(
    ("garbled", "meant"), [("Lemasol", "Limassol"), ("Paphose", "Paphos"), ("Balbeg", "Baalbek")]
)
def test_garbled_names_are_found_by_sound(small: Gazetteer, garbled: str, meant: str) -> None:
    assert not small.lookup(garbled)
    found = small.candidates(garbled)
    assert meant in {candidate.place.name for candidate in found[:3]}
    assert all(candidate.match in ("phonetic", "fuzzy") for candidate in found)


def test_no_sound_when_told_so(small: Gazetteer) -> None:
    assert small.candidates("Lemasol", sound=False) == []


def test_filters(small: Gazetteer) -> None:
    assert all(c.place.country == "LB" for c in small.candidates("Tripoli", country="LB"))
    assert small.candidates("Limassol", country="LB", sound=False) == []
    beirut = small.lookup("Beirut")[0].place
    near = small.candidates("Beirut", near=(beirut.lat, beirut.lon), radius_m=5_000, features={"settlement"})
    assert near and near[0].place.id == beirut.id
    assert small.candidates("Beirut", near=(35.0, 33.0), radius_m=5_000) == []
    coded = small.candidates("Limassol", region="CY.05")
    assert all(c.place.admin1_code == "CY.05" for c in coded)


def test_candidates_are_ordered_and_limited(small: Gazetteer) -> None:
    found = small.candidates("Kato", limit=5)
    assert len(found) <= 5
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert all(0 <= c.similarity <= 1 and 0 <= c.score <= 1 for c in found)
    assert small.candidates("Limassol", limit=0) == []


@pytest.mark.parametrize("name", ["", " ", "'", "\x00", "%", "\n", "123", "A" * 5000, "😀", "' OR 1=1 --"])
def test_strange_names_are_answered(small: Gazetteer, name: str) -> None:
    assert isinstance(small.lookup(name), list)
    assert isinstance(small.candidates(name), list)


def test_prefixes_of_longer_names(small: Gazetteer) -> None:
    assert small.has_prefix("andorra")
    assert small.has_prefix("andorra la")
    assert not small.has_prefix("andorr")
    assert not small.has_prefix("nowhere at all")


def test_near_is_sorted_by_distance(small: Gazetteer) -> None:
    place = small.lookup("Limassol")[0].place
    found = small.near(place.lat, place.lon, 10_000)
    assert place.id in {p.id for p, _ in found}
    metres = [distance for _, distance in found]
    assert metres == sorted(metres) and metres[-1] <= 10_000
    assert all(p.feature == "settlement" for p, _ in small.near(place.lat, place.lon, 20_000, ["settlement"]))
    assert small.near(-60.0, -120.0, 10_000) == []


def test_ids_names_features_and_shapes(small: Gazetteer) -> None:
    import shapely

    country = small.features("country")
    assert {p.country for p in country} == {"AD", "CY", "LB"}
    assert small.by_id(country[0].id) == country[0]
    assert small.by_id("geonames:0") is None
    names = small.names(country[0].id)
    assert names[0].text == country[0].name
    shape = small.geometry(country[0].id)
    assert shape is not None and shapely.from_wkb(shape).geom_type in ("Polygon", "MultiPolygon")
    assert [p.country for p in small.features("country", (1.4, 42.4, 1.8, 42.7))] == ["AD"]
    assert all(p.radius_m > 0 for p in small.features("settlement", limit=50))


def test_what_is_in_it(small: Gazetteer) -> None:
    infos = small.info()
    geonames = next(info for info in infos if info.source == "geonames")
    assert geonames.rows > 0 and "CC BY" in geonames.licence and geonames.attribution
    assert sum(info.rows for info in infos) >= small.counts()["places"]
    assert small.counts()["names"] > small.counts()["places"] > 0


def test_missing_and_wrong_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GazetteerNotFound, match="There is no gazetteer at"):
        Gazetteer.open(tmp_path / "none.sqlite")
    with pytest.raises(GazetteerNotFound):
        gazetteer_compile.resolve_path(tmp_path / "none.sqlite")
    text = tmp_path / "text.sqlite"
    text.write_text("no database\n" * 200)
    with pytest.raises(GazetteerFormatError):
        Gazetteer.open(text)
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE place (id)")
    with pytest.raises(GazetteerFormatError, match="not a compiled gazetteer"):
        Gazetteer.open(other)
    empty = tmp_path / "empty.sqlite"
    empty.write_bytes(b"")
    with pytest.raises(GazetteerFormatError):
        Gazetteer.open(empty)
    monkeypatch.setenv("MAPPER_GAZETTEER", str(other))
    assert gazetteer_compile.resolve_path() == other
    assert issubclass(GazetteerFormatError, GazetteerError)


def test_what_was_asked_before_changes_no_answer(small_file: Path) -> None:
    contexts: list[dict[str, Any]] = [
        {},
        {"country": "LB"},
        {"near": (34.4, 35.9)},
        {"near": (35.0, 33.0), "limit": 3},
    ]
    asked = [
        (name, context)
        for name in ("Larnakka", "Beyruht", "Limasol", "Tripolli", "Nikosia", "Saidda")
        for context in contexts
    ]
    with Gazetteer.open(small_file) as gazetteer:
        answers = [gazetteer.candidates(name, **context) for name, context in asked]
    with Gazetteer.open(small_file) as gazetteer:
        backwards = [gazetteer.candidates(name, **context) for name, context in reversed(asked)]
    assert answers == backwards[::-1] and all(answers[::4])
