"""The page as text: what is in it, what is not, and that it is the same every time."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper import layers
from mapper.errors import PageError
from mapper.page import article, basemap, offline, payload, shells
from mapper.page.render import render

SUDAN = Path(__file__).parents[1] / "browser" / "sudan.jsonl"


@pytest.fixture
def records():
    return [json.loads(line) for line in SUDAN.read_text(encoding="utf-8").splitlines()]


def draw(records, **options):
    kinds = sorted({event["type"] for record in records for event in record.get("events", ())})
    return render(
        records, {}, layers.features(records), names=layers.names(),
        styles={kind: layers.style(kind) for kind in kinds}, codes=layers.codes(), **options,
    )  # fmt: skip


def block(html):
    (found,) = re.findall(r'<script type="application/json" id="mapper-data">(.*?)</script>', html, re.DOTALL)
    return found


def test_leaflet_is_the_one_that_was_looked_at():
    for file, expected in offline.LEAFLET_SHA256.items():
        assert hashlib.sha256(offline.leaflet(file)).hexdigest() == expected


def test_the_same_records_give_the_same_page(records):
    assert draw(records) == draw(records)


def test_the_page_links_nothing(records):
    html = draw(records)
    shell = html.replace(block(html), "")
    assert not re.findall(r"<link|<script[^>]+src|@import|url\((?!data:|#)", shell)
    assert "connect-src 'none'" in html and "unsafe" not in html.split(">", 8)[4]
    assert len(html) < 700_000


def test_all_that_comes_from_the_text_is_in_the_one_block(records):
    html = draw(records)
    shell = html.replace(block(html), "")
    for words in ("Khartoum", "Shambat", "Air raids", "nile-post"):
        assert words in block(html) and words not in shell
    assert not set("<>&") & set(block(html))


def test_template_words_are_only_words(records):
    records[0]["title"] = "{{ 7*7 }}{% raise %}{# {{ cycler.__init__.__globals__ }}"
    assert json.loads(block(draw(records)))["title"] == records[0]["title"]


@given(st.text())
def test_what_is_embedded_comes_back(text):
    raw = payload.embed({"text": text})
    assert not set("<>&\u2028\u2029") & set(raw)
    assert json.loads(raw) == {"text": text}
    raw.encode("utf-8")


def flat(nodes):
    return "".join(node if isinstance(node, str) else flat(node[2]) for node in nodes)


def pieces(nodes, name):
    for node in nodes:
        if not isinstance(node, str):
            if node[1] == name:
                yield flat(node[2])
            else:
                yield from pieces(node[2], name)


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from("qm")), max_size=12)


@given(st.text(max_size=36), SPANS)
def test_a_tree_of_spans_is_still_the_text(text, found):
    spans = [(start, end, kind, str(number)) for number, (start, end, kind) in enumerate(found)]
    tree = article.tree(text, spans)
    assert flat(tree) == text
    for start, end, _, name in spans:
        expected = text[start:end] if 0 <= start < end <= len(text) else ""
        assert "".join(pieces(tree, name)) == expected


def test_overlapping_sentences_nest():
    tree = article.tree("abcdef", [(0, 4, "q", "e1"), (2, 6, "q", "e2"), (1, 3, "m", "m1")])
    assert tree == [
        ["q", "e1", ["a", ["m", "m1", ["b", ["q", "e2", ["c"]]]], ["q", "e2", ["d"]]]], ["q", "e2", ["ef"]]
    ]  # fmt: skip


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=30))
def test_encoded_paths_come_back_to_a_metre(path):
    flat_path = payload.deltas(path, payload.QUANTUM)
    x = y = 0
    for step in range(0, len(flat_path), 2):
        x, y = x + flat_path[step], y + flat_path[step + 1]
    assert (x * payload.QUANTUM, y * payload.QUANTUM) == pytest.approx(path[-1], abs=1e-5)


def test_a_map_across_the_antimeridian_is_narrow():
    west, _, east, _ = basemap.area([(-17.7, 178.0, 1000.0), (-13.8, -172.1, 1000.0)])
    assert east - west < 40 and west < 178 < east and west < 187.9 < east


def test_online_tiles_only_when_asked_and_only_from_their_host(records):
    html = draw(records, tiles="OpenStreetMap.Mapnik")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "img-src data: https://tile.openstreetmap.org;" in policy
    with pytest.raises(PageError, match="No online basemap is called"):
        draw(records, tiles="Nowhere.Land")


def test_events_of_the_same_id_in_two_documents_keep_apart(records):
    other = {**records[0], "id": "second"}
    names = json.loads(block(draw([records[0], other])))["events"]["id"]
    assert len(set(names)) == 26
    assert names[0] == "nile-post:e1" and names[13] == "second:e1"


def test_a_script_address_is_no_link(records):
    records[0]["url"] = "javascript:alert(1)"
    assert "url" not in json.loads(block(draw(records)))["docs"][0]


def test_the_basemap_has_the_ground_of_its_area_and_crosses_no_world():
    base = basemap.build((170.0, -22.0, 190.0, -12.0), None)
    assert {code for code, _ in base["land"]} >= {"FJ", "TO"}
    for _, flat in base["land"]:
        lons, lon = [], 0
        for step in flat[::2]:
            lon += step
            lons.append(lon * base["quantum"])
        assert min(lons) >= 169.9 and max(lons) <= 190.1
    narrow = basemap.build((28.0, 46.0, 40.0, 53.0), None)
    names = {(kind, name) for kind, name, *_ in narrow["labels"]}
    assert ("country", "Ukraine") in names and ("river", "Dnipro") in names
    assert len(narrow["borders"]) > 3 and len(narrow["regions"]) > 20 and narrow["coast"]


def test_a_country_that_the_basemap_draws_needs_no_shape_of_its_own(records):
    data = json.loads(block(draw(records)))
    index = data["events"]["id"].index("e12")
    assert data["parts"][data["events"]["f"][index]][2] == -1
    assert data["parts"][data["events"]["where"][index][0]]["code"] == "SD"


def test_the_title_is_the_documents_else_its_first_line(records):
    record = {**records[0], "title": "", "text": "\n  " + "A convoy was hit near the river, " * 5}
    title = json.loads(block(draw([record])))["title"]
    assert title.startswith("A convoy was hit") and title.endswith("…") and len(title) <= 71
    assert json.loads(block(draw([{**record, "text": ""}])))["title"] == record["id"]


def test_where_a_file_lay_is_not_told(records):
    records[0]["source"] = "/home/someone/secret/report.txt"
    html = draw(records)
    assert "secret" not in html and '"source":"report.txt"' in html


def test_the_shell_is_kept_and_a_broken_one_is_made_again(tmp_path):
    first = shells.shell(None, tmp_path)
    (kept,) = tmp_path.glob("page-*.json")
    assert shells.shell(None, tmp_path) == first
    kept.write_text(kept.read_text(encoding="utf-8").replace("<body>", "<body><script>"), encoding="utf-8")
    assert shells.shell(None, tmp_path) == first
    kept.unlink()
    tmp_path.rmdir()
    tmp_path.write_text("a file, not a folder")
    assert shells.shell(None, tmp_path) == first
