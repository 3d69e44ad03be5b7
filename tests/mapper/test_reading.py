"""Reading: whatever the file, the text is what was decoded, and what cannot be read says why."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.decoding import decode
from mapper.errors import ReadingError, SourceNotFound
from mapper.reading import Given, RecordRow, Unread, parse_date, read_sources, shown
from mapper.types import Document

ENGLISH = "Shells fell on the market of Omdurman on Friday.\r\nThree people were killed.\r\n"
CYRILLIC = "У пятницу в Полтаве были слышны взрывы, сообщил мэр города. Пострадавших нет. " * 4


def documents(*sources: str | Path, **options: object) -> list[Document]:
    items = list(read_sources([str(s) for s in sources], Given(**options)))  # type: ignore[arg-type]
    assert all(isinstance(item, Document) for item in items), items
    return items  # type: ignore[return-value]


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_is_kept_as_it_was_decoded(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.txt", ENGLISH.encode(encoding))
    assert documents(path)[0].text == ENGLISH


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "utf-8", "utf-16"])
def test_cyrillic_encodings_are_told(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.txt", CYRILLIC.encode(encoding))
    assert documents(path)[0].text == CYRILLIC


def test_western_encoding_is_told(tmp_path: Path) -> None:
    text = "Le général a déclaré que la ville de Ménaka était encerclée depuis l'été. " * 3
    assert documents(write(tmp_path / "a.txt", text.encode("cp1252")))[0].text == text


@given(st.text(st.characters(exclude_characters="\x00\ufeff", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_valid_utf8_is_never_changed(text: str) -> None:
    # \x1f\x8b and the like cannot begin valid text without control characters; "PK" and "%PDF-" can.
    if not text.startswith(("%PDF-", "GIF8", "{\\rtf", "SQLite format 3", "PK")):
        assert decode(text.encode(), "x") == text


def test_one_damaged_byte_does_not_change_the_encoding() -> None:
    data = CYRILLIC.encode()[:400] + b"\xff" + CYRILLIC.encode()[400:]
    assert decode(data, "x").count("\ufffd") == 1


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n...",
        b"PK\x03\x04....",
        b"\x89PNG\r\n\x1a\n",
        bytes(range(256)) * 8,
        b"a\x00\x00\x01\x02\x00b",
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".html", ".jsonl", ".csv", ".md"])
def test_binary_files_are_refused(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", data)
    with pytest.raises(ReadingError, match="binary file"):
        list(read_sources([str(path)]))


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_files_are_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ReadingError, match="empty"):
        list(read_sources([str(write(tmp_path / "a.txt", data))]))


def test_missing_source_is_found_out_before_anything_is_read(tmp_path: Path) -> None:
    good = write(tmp_path / "a.txt", ENGLISH)
    with pytest.raises(SourceNotFound, match=r"b\.txt does not exist"):
        read_sources([str(good), str(tmp_path / "b.txt")])


PAGE = """<html><head><title>Strike on Kassala</title>
<meta property="article:published_time" content="2024-03-05T10:00:00Z"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Strike on Kassala</h1>
<p>{}</p><p>{}</p></article><script>var x = "no text";</script><footer>Imprint</footer></body></html>"""


def test_html_gives_the_article_its_title_and_day(tmp_path: Path) -> None:
    first = (
        "A drone struck the bus station of Kassala on Tuesday and wounded nine people, officials said. " * 3
    )
    second = (
        "Residents heard two explosions shortly after midnight, north of the river and near the bridge. " * 3
    )
    path = write(tmp_path / "a.html", PAGE.format(first, second))
    document = documents(path)[0]
    assert "bus station of Kassala" in document.text and "two explosions" in document.text
    assert "no text" not in document.text and "Imprint" not in document.text
    assert (document.title, document.date) == ("Strike on Kassala", date(2024, 3, 5))


def test_html_too_short_for_an_extractor_keeps_all_its_text(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.html", "<p>Shelling near <b>El Obeid</b>.</p><p>Two killed.</p><script>1</script>"
    )
    assert documents(path)[0].text.split("\n") == ["Shelling near El Obeid.", "Two killed."]


def test_html_charset_is_believed(tmp_path: Path) -> None:
    body = f'<html><head><meta charset="windows-1251"></head><body><p>{CYRILLIC}</p></body></html>'
    assert "взрывы" in documents(write(tmp_path / "a.html", body.encode("cp1251")))[0].text


def test_rows_keep_their_own_id_date_title_and_address(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "text": "Fighting in Merowe.",
        "date": "2024-01-02",
        "title": "T",
        "url": "https://a.example",
    }
    path = write(
        tmp_path / "rows.jsonl", json.dumps(row) + "\n\n" + json.dumps({"text": "Calm.\u2028Quiet."})
    )
    first, second = documents(path, date=date(2020, 1, 1))
    assert (first.id, first.date, first.title, first.url) == ("7", date(2024, 1, 2), "T", "https://a.example")
    assert (second.id, second.date, second.text) == ("rows-2", date(2020, 1, 1), "Calm.\u2028Quiet.")


def test_a_bad_row_does_not_stop_the_others(tmp_path: Path) -> None:
    rows = [
        '{"text": "One."}',
        "{broken",
        '{"text": ""}',
        "[1]",
        '{"text": "x", "date": "yesterday"}',
        '{"text": "Six."}',
    ]
    items = list(read_sources([str(write(tmp_path / "r.jsonl", "\n".join(rows)))]))
    assert [type(item) for item in items] == [Document, Unread, Unread, Unread, Unread, Document]
    assert "line 2 is not JSON" in items[1].error  # type: ignore[union-attr]
    assert "YYYY-MM-DD" in items[4].error  # type: ignore[union-attr]


def test_csv_with_quoted_lines_and_semicolons(tmp_path: Path) -> None:
    path = write(
        tmp_path / "r.csv", 'id;Text;date\r\na;"Strike on\nAtbara; two dead.";2024-05-06\r\nb;Calm.;\r\n'
    )
    first, second = documents(path)
    assert (first.id, first.text, first.date) == ("a", "Strike on\nAtbara; two dead.", date(2024, 5, 6))
    assert (second.id, second.date) == ("b", None)


def test_csv_without_text_names_its_columns(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="body"):
        list(read_sources([str(write(tmp_path / "r.csv", "id,body\n1,x\n"))]))


def test_folder_is_read_sorted_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b.txt", "a.md", "sub/c.txt", ".hidden.txt", ".git/d.txt"):
        write(tmp_path / name, ENGLISH)
    write(tmp_path / "picture.png", b"\x89PNG")
    warnings: list[str] = []
    items = list(read_sources([str(tmp_path)], warnings=warnings))
    assert [item.id for item in items] == ["a", "b", "c"]
    assert len(warnings) == 1 and "1 files" in warnings[0]


def test_same_ids_are_made_unique_and_said(tmp_path: Path) -> None:
    rows = write(tmp_path / "r.jsonl", '{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}\n')
    warnings: list[str] = []
    items = list(read_sources([str(rows)], warnings=warnings))
    assert [item.id for item in items] == ["a", "a-2"] and "a-2" in warnings[0]


def test_stdin_takes_a_text_or_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    for data, ids in (
        (b"Shelling in Nyala.", ["stdin"]),
        (b'{"text": "A."}\n{"text": "B."}\n', ["stdin-1", "stdin-2"]),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert [d.id for d in documents("-")] == ids


def test_records_are_told_from_texts(tmp_path: Path) -> None:
    record = {"id": "a", "text": "x", "mentions": [], "events": [], "unresolved": [], "warnings": []}
    items = list(read_sources([str(write(tmp_path / "r.jsonl", json.dumps(record)))]))
    assert isinstance(items[0], RecordRow)


@pytest.mark.parametrize("text", ["2022-13-01", "2022-02-30", "yesterday", "22-01-01", ""])
def test_days_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text)


def test_a_hostile_file_name_stays_on_one_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a\x1b[31m\nb{{7*7}}.txt", ENGLISH)
    document = documents(path)[0]
    assert document.id.isprintable() and shown(path).isprintable()
