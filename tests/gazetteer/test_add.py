from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from gazetteer import compile as gazetteer_compile
from gazetteer.errors import GazetteerBuildError, GazetteerFormatError, GazetteerNotFound
from gazetteer.store import Gazetteer


def quiet(step: str, done: int, total: int) -> None:
    """Show no progress."""


def dump_row(
    number: int | str,
    name: str,
    lat: object,
    lon: object,
    code: str = "PPL",
    klass: str = "P",
    alternates: str = "",
    people: int = 0,
    country: str = "CY",
) -> str:
    row = [
        number,
        name,
        name,
        alternates,
        lat,
        lon,
        klass,
        code,
        country,
        "",
        "05",
        "",
        "",
        "",
        people,
        "",
        "",
        "",
        "2020-01-01",
    ]
    return "\t".join(map(str, row))


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_geonames_dump_with_broken_rows(copy: Path, tmp_path: Path) -> None:
    dump = write(
        tmp_path / "CY.txt",
        dump_row(900001, "Ayios Vrokhos", 35.11, 33.21, alternates="Άγιος Βρόχος,Saint Drip"),
        "too\tfew",
        dump_row(900002, "Nowhere", 95.0, 33.0),
        dump_row("x", "No Number", 35.0, 33.0),
        dump_row(900003, "", 35.0, 33.0),
        dump_row(900004, "Kalo Airfield", 35.2, 33.3, "AIRB", "S"),
        dump_row(900005, "Words", "north", "east"),
    )
    report = gazetteer_compile.add(copy, [dump], quiet)
    assert report.rows == 2 and report.merged == 0
    assert [(row.file, row.line) for row in report.broken] == [("CY.txt", n) for n in (2, 3, 4, 5, 7)]
    with Gazetteer.open(copy) as gazetteer:
        village = gazetteer.lookup("Άγιος Βρόχος")[0].place
        assert (village.id, village.feature, village.admin1_code) == (
            "geonames:900001",
            "settlement",
            "CY.05",
        )
        assert gazetteer.lookup("Kalo Airfield")[0].place.feature == "airbase"
        assert gazetteer.candidates("Ayos Vroghos")[0].place.id == "geonames:900001"
        assert gazetteer.lookup("Limassol")[0].place.country == "CY"


def test_a_zip_with_alternate_names_and_hierarchy(copy: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "CY.zip", "w") as archive:
        archive.writestr("readme.txt", "read me")
        archive.writestr("CY.txt", dump_row(900011, "Brandneudorf", 35.05, 33.15) + "\n")
    alternates = write(
        tmp_path / "alternateNamesV2.txt",
        "1\t900011\tel\tΜπραντ\t1\t\t\t\t\t",
        "2\t900011\t\tOldebrand\t\t\t\t1\t\t",
        "3\t900011\tlink\thttps://example.org\t\t\t\t\t\t",
        "broken",
    )
    hierarchy = write(tmp_path / "hierarchy.txt", "146669\t900011\tADM")
    report = gazetteer_compile.add(copy, [tmp_path / "CY.zip", alternates, hierarchy], quiet)
    assert (report.rows, report.names, report.broken_count) == (1, 2, 1)
    with Gazetteer.open(copy) as gazetteer:
        assert gazetteer.lookup("Oldebrand")[0].kind == "former"
        assert gazetteer.lookup("Μπραντ")[0].place.parent == "geonames:146669"
        assert not gazetteer.lookup("https://example.org")


def test_a_known_place_is_merged_not_doubled(copy: Path, tmp_path: Path) -> None:
    with Gazetteer.open(copy) as gazetteer:
        known = gazetteer.lookup("Limassol")[0].place
        before = gazetteer.counts()["places"]
    same = write(
        tmp_path / "own.csv",
        "name;lat;lon;alternatenames",
        f"Limassol;{known.lat + 0.01};{known.lon};Zitronenstadt|Citrus City",
    )
    report = gazetteer_compile.add(copy, [same], quiet)
    assert (report.rows, report.merged) == (1, 1)
    with Gazetteer.open(copy) as gazetteer:
        assert gazetteer.counts()["places"] == before
        assert gazetteer.lookup("Zitronenstadt")[0].place.id == known.id


def test_a_row_with_a_known_id_replaces_the_place_and_keeps_its_names(copy: Path, tmp_path: Path) -> None:
    with Gazetteer.open(copy) as gazetteer:
        known = gazetteer.lookup("Limassol")[0].place
        names = {name.text for name in gazetteer.names(known.id)}
    number = known.id.removeprefix("geonames:")
    dump = write(tmp_path / "CY.txt", dump_row(number, "Lemesos", known.lat, known.lon, people=1_000_000))
    gazetteer_compile.add(copy, [dump], quiet)
    with Gazetteer.open(copy) as gazetteer:
        new = gazetteer.by_id(known.id)
        assert new is not None and (new.name, new.population) == ("Lemesos", 1_000_000)
        assert names <= {name.text for name in gazetteer.names(known.id)} | {"Lemesos"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_any_encoding_and_delimiter(
    copy: Path, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [["Place_Name", "Latitude", "Longitude", "Type", "Pop"]]
    for i in range(40):
        rows.append(
            [
                f"Тестовое село номер {i} у большой реки",
                f"{34 + i / 100}",
                f"{33 + i / 100}",
                "village",
                "1200",
            ]
        )
    path = tmp_path / "Мои места.csv"
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    report = gazetteer_compile.add(copy, [path], quiet)
    assert (report.rows, report.broken_count) == (40, 0)
    with Gazetteer.open(copy) as gazetteer:
        place = gazetteer.lookup("тестовое село номер 7 у большой реки")[0].place
        assert (place.lat, place.lon, place.population) == (34.07, 33.07, 1200)


def test_hostile_and_broken_table_rows(copy: Path, tmp_path: Path) -> None:
    path = write(
        tmp_path / "hostile.csv",
        "name,lat,lon,type",
        "=HYPERLINK(1),35.1,33.1,village",
        '"<script>alert(1)</script>",35.1,33.2,city',
        "No Point,,,",
        '"Two\nLines",35.1,33.3,town',
        ",35,33,town",
        "Off Earth,999,33,town",
        "Short",
        'Comma Decimals,"35,5","33,5",dam',
    )
    report = gazetteer_compile.add(copy, [path], quiet)
    assert report.rows == 4
    assert [row.line for row in report.broken] == [4, 7, 8, 9]
    with Gazetteer.open(copy) as gazetteer:
        assert gazetteer.lookup("=HYPERLINK(1)")[0].place.name == "=HYPERLINK(1)"
        assert gazetteer.lookup("<script>alert(1)</script>")
        dam = gazetteer.lookup("comma decimals")[0].place
        assert (dam.lat, dam.lon, dam.feature) == (35.5, 33.5, "facility")


def test_geojson_and_geopackage(copy: Path, tmp_path: Path) -> None:
    import geopandas
    from shapely.geometry import LineString, Point

    features = [
        {
            "type": "Feature",
            "id": 7,
            "properties": {"name": "Camp Sandfly", "type": "camp"},
            "geometry": {"type": "Point", "coordinates": [33.5, 35.0]},
        },
        {
            "type": "Feature",
            "properties": {"title": "Zone Quartz", "kind": "area"},
            "geometry": {"type": "Polygon", "coordinates": [[[33, 35], [33.2, 35], [33.2, 35.2], [33, 35]]]},
        },
        {"type": "Feature", "properties": {"name": "Lost"}, "geometry": None},
        {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [0, 0]}},
        5,
    ]
    collection = tmp_path / "camps.geojson"
    collection.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    frame = geopandas.GeoDataFrame(
        {"name": ["Rio Nuevo", "Mast Hill"], "type": ["river", "facility"]},
        geometry=[LineString([(33.0, 35.0), (33.1, 35.1)]), Point(33.3, 35.05)],
        crs=4326,
    ).to_crs(3857)
    package = tmp_path / "lines.gpkg"
    frame.to_file(package)
    report = gazetteer_compile.add(copy, [collection, package], quiet)
    assert report.rows == 4 and {row.line for row in report.broken} == {3, 4, 5}
    with Gazetteer.open(copy) as gazetteer:
        assert gazetteer.lookup("Camp Sandfly")[0].place.feature == "facility"
        for name in ("Zone Quartz", "Rio Nuevo"):
            assert gazetteer.geometry(gazetteer.lookup(name)[0].place.id)
        hill = gazetteer.lookup("Mast Hill")[0].place
        assert (round(hill.lat, 5), round(hill.lon, 5)) == (35.05, 33.3)
        assert [p.name for p in gazetteer.features("river", (32.9, 34.9, 33.2, 35.2))] == ["Rio Nuevo"]


def test_big_and_broken_geojson_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gazetteer.sources import geojson

    monkeypatch.setattr(geojson, "PIECE", 7)
    one = '{"type": "Feature", "properties": {"name": "Zs\\u00f3fia \\"[}"}, "geometry": null, "n": -1.5e3}'
    whole = json.loads(one)
    head = '{"type": "FeatureCollection", "crs": {"features": [1]},\n"features": '

    def read(text: str) -> list[object]:
        return [str(f) if isinstance(f, ValueError) else f for f in geojson.features(io.StringIO(text))]

    assert read(head + f'[{one},\n{one}], "count": 2}}') == [whole, whole]
    assert read(one) == [whole] and read("") == [] and read(head + "[]}") == [] and read(head + "5}") == []
    assert read(f"{one}\n\x1e{one}\n") == [whole, whole]
    # A broken line costs that line, a file that ends too early its last feature.
    broken = read(f"{one}\n{one[:-30]}#\n{one}\nwords\n{one}")
    assert [type(row) for row in broken] == [dict, str, dict, str, dict]
    cut = read(head + f"[{one},\n{one},\n{one[:40]}")
    assert cut[:2] == [whole, whole] and isinstance(cut[2], str) and len(cut) == 3
    assert all(isinstance(row, str) for row in read("[" * 100_000))


OSM = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
 <node id="1" lat="35.0" lon="33.0" version="1"><tag k="place" v="village"/><tag k="name" v="Πετροχώρι"/>
  <tag k="name:en" v="Petrochori Nea"/><tag k="old_name" v="Taschkoi"/><tag k="population" v="310"/></node>
 <node id="2" lat="35.1" lon="33.1" version="1"/><node id="3" lat="35.2" lon="33.1" version="1"/>
 <node id="4" lat="35.3" lon="33.2" version="1"/>
 <node id="5" lat="35.1" lon="33.3" version="1"><tag k="shop" v="kiosk"/><tag k="name" v="Kiosk"/></node>
 <way id="10" version="1"><nd ref="2"/><nd ref="3"/>
  <tag k="highway" v="trunk"/><tag k="name" v="Amber Road"/></way>
 <way id="11" version="1"><nd ref="3"/><nd ref="4"/>
  <tag k="highway" v="trunk"/><tag k="name" v="Amber Road"/></way>
</osm>
"""


def test_an_osm_extract(copy: Path, tmp_path: Path) -> None:
    import shapely

    pytest.importorskip("osmium")
    path = tmp_path / "cyprus.osm"
    path.write_text(OSM, encoding="utf-8")
    report = gazetteer_compile.add(copy, [path], quiet)
    assert report.rows == 2
    with Gazetteer.open(copy) as gazetteer:
        village = gazetteer.lookup("Πετροχώρι")[0].place
        assert (village.name, village.population) == ("Petrochori Nea", 310)
        assert gazetteer.lookup("Taschkoi")[0].kind == "former"
        road = gazetteer.lookup("Amber Road")[0].place
        line = shapely.from_wkb(gazetteer.geometry(road.id))
        assert road.feature == "road" and line.geom_type == "LineString" and len(line.coords) == 3
        assert not gazetteer.lookup("Kiosk")


def test_roads_of_one_name_in_two_places_stay_two(copy: Path, tmp_path: Path) -> None:
    pytest.importorskip("osmium")
    starts = {10: 34.6, 20: 34.62, 30: 35.6}
    nodes = "".join(
        f"<node id='{n + i}' lat='{lat + i / 100}' lon='33.0' version='1'/>"
        for n, lat in starts.items()
        for i in range(2)
    )
    tags = "<tag k='highway' v='primary'/><tag k='name' v='Quarry Road'/>"
    ways = "".join(
        f"<way id='{n}' version='1'><nd ref='{n}'/><nd ref='{n + 1}'/>{tags}</way>" for n in starts
    )
    path = tmp_path / "roads.osm"
    path.write_text(f"<osm version='0.6'>{nodes}{ways}</osm>", encoding="utf-8")
    gazetteer_compile.add(copy, [path], quiet)
    with Gazetteer.open(copy) as gazetteer:
        roads = [c.place for c in gazetteer.lookup("Quarry Road")]
        assert sorted(round(road.lat, 1) for road in roads) == [34.6, 35.6]


def test_regions_by_code_file_and_by_name(copy: Path, tmp_path: Path) -> None:
    codes = write(tmp_path / "admin1CodesASCII.txt", "CY.99\tQuartz Hills\tQuartz Hills\t1")
    dump = write(tmp_path / "CY.txt", dump_row(930001, "Feldspar", 35.0, 33.0).replace("\t05\t", "\t99\t"))
    table = write(tmp_path / "own.csv", "name,lat,lon,country,region", "Mica,34.7,33.0,CY,Limassol")
    gazetteer_compile.add(copy, [codes, dump, table], quiet)
    with Gazetteer.open(copy) as gazetteer:
        assert gazetteer.lookup("Feldspar")[0].place.admin1 == "Quartz Hills"
        assert gazetteer.lookup("Mica")[0].place.admin1_code == "CY.05"
    gazetteer_compile.add(copy, [table], quiet)
    with Gazetteer.open(copy) as gazetteer:
        assert gazetteer.lookup("Feldspar")[0].place.admin1 == "Quartz Hills"


def test_an_interrupted_build_leaves_the_old_file_whole(copy: Path, tmp_path: Path) -> None:
    before = copy.read_bytes()
    dump = write(tmp_path / "CY.txt", *(dump_row(910000 + i, f"Village {i}", 35, 33) for i in range(50)))

    def interrupt(step: str, done: int, total: int) -> None:
        if step.startswith("sorting"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gazetteer_compile.add(copy, [dump], interrupt)
    assert copy.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_files_that_cannot_be_added(copy: Path, tmp_path: Path) -> None:
    before = copy.read_bytes()
    bad_zip = tmp_path / "bad.zip"
    bad_zip.write_bytes(b"PK\x03\x04 nothing")
    nameless = write(tmp_path / "nameless.csv", "lat,lon", "1,2")
    words = write(tmp_path / "notes.txt", "only words")
    for path, error in (
        (tmp_path / "none.csv", GazetteerNotFound),
        (bad_zip, GazetteerFormatError),
        (nameless, GazetteerFormatError),
        (words, GazetteerFormatError),
    ):
        with pytest.raises(error):
            gazetteer_compile.add(copy, [path], quiet)
    assert copy.read_bytes() == before


def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(GazetteerBuildError, match="cannot be written"):
        gazetteer_compile.build(blocked / "gazetteer.sqlite", quiet)


def test_the_same_sources_give_the_same_bytes(small_file: Path, tmp_path: Path) -> None:
    dump = write(tmp_path / "CY.txt", *(dump_row(920000 + i, f"Hamlet {i}", 35, 33) for i in range(20)))
    made = []
    for name in ("a.sqlite", "b.sqlite"):
        path = tmp_path / name
        path.write_bytes(small_file.read_bytes())
        gazetteer_compile.add(path, [dump], quiet)
        made.append(path.read_bytes())
    assert made[0] == made[1]
