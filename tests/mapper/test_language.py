"""Which language a text is in, and tokens that keep their place in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

from mapper import language
from mapper.errors import LanguageError
from mapper.types import Document

WORDS = ("Aleppo", "Rio", "de", "University", "of", "12", "Monday", "USA", "Dr", ".", ",", "", "\n", "\n\n")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The convoy left the town after dark and was seen near the river.", "en"),
        ("Міст відновили, рух відкрито з ранку.", "uk"),
        ("Мост восстановили, движение открыто с утра.", "ru"),
        ("Der Zug wurde in der Nacht nach dem Angriff gestoppt.", "de"),
        ("Le convoi est arrivé dans la ville après les combats.", "fr"),
        ("وصلت القافلة إلى المدينة", "ar"),
        ("", "en"),
        ("12:30 / 45", "en"),
    ],
)
def test_detect(text: str, code: str) -> None:
    assert language.detect(text) == code


def test_english_has_grammar_and_other_languages_say_they_have_none() -> None:
    english = language.parse(Document("a", "The bridge was hit."))
    ukrainian = language.parse(Document("b", "Міст було пошкоджено. Рух закрито."))
    assert english.reads_grammar
    assert not ukrainian.reads_grammar
    assert len(list(ukrainian.doc.sents)) == 2


def test_a_missing_pipeline_is_named() -> None:
    with pytest.raises(LanguageError, match="no_such_pipeline"):
        language.parse(Document("a", "The bridge was hit."), "no_such_pipeline")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_tokens_keep_the_text(text: str) -> None:
    parsed = language.parse(Document("a", text))
    assert parsed.doc.text == text
    assert all(text[token.idx : token.idx + len(token.text)] == token.text for token in parsed.doc)


def test_a_long_text_is_read_in_pieces_and_stays_whole() -> None:
    text = "Трамвай зупинився. " * (language.CHUNK // 10)
    assert language.parse(Document("a", text)).doc.text == text


def test_many_keep_their_order_over_languages() -> None:
    texts = ["The road was cut.", "Дорогу перекрито, рух іде в об'їзд.", "The road was open."]
    parsed = language.parse_many(Document(str(i), text) for i, text in enumerate(texts))
    assert [(p.document.id, p.reads_grammar) for p in parsed] == [("0", True), ("1", False), ("2", True)]


def test_words_are_read_as_the_bare_model_reads_them() -> None:
    text = (
        "They ain't gonna leave, y'all. Let's go! There's a dog; it's here, and nothin' was done. "
        "He'd gone, but you would not have: I did so because everyone can. That is what the men said. "
        "Troops hadn't taken the 2 hills (that lie north of it) before being shelled by themselves.  "
    )
    ours, bare = language.parse(Document("a", text)).doc, spacy.load(language.DEFAULT_PIPELINE)(text)
    for token, other in zip(ours, bare, strict=True):
        assert (token.pos_, token.tag_, token.dep_) == (other.pos_, other.tag_, other.dep_)
        assert (token.lemma_, str(token.morph), token.ent_type_) == (
            other.lemma_, str(other.morph), other.ent_type_,
        )  # fmt: skip


@pytest.fixture(scope="module")
def recognizers() -> tuple[Language, Language]:
    """The pipeline with its own entity recognizer, and with the quicker one."""
    ours = language.trained(language.DEFAULT_PIPELINE)
    own = spacy.load(language.DEFAULT_PIPELINE)
    own.add_pipe("paragraphs", before="parser")
    return own, ours


def entities(doc: Doc) -> list[tuple[int, int, str]]:
    return [(e.start, e.end, e.label_) for e in doc.ents]


def test_the_entities_are_those_of_the_recognizer(recognizers: tuple[Language, Language]) -> None:
    own, ours = recognizers
    lines = (Path(__file__).parents[1] / "data" / "news.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines[::3]]
    found = 0
    for text in [*texts, "\n", "Kyiv", "Bank of\n\nEngland", "  Rio de Janeiro  and\tSão   Paulo"]:
        expected, doc = entities(own(text)), ours(text)
        assert entities(doc) == expected
        assert all(token.ent_iob_ in "IOB" for token in doc if not token.is_space)
        found += len(expected)
    assert found > 500


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS)))
def test_the_entities_are_those_of_the_recognizer_whatever_the_text(
    recognizers: tuple[Language, Language], words: list[str]
) -> None:
    own, ours = recognizers
    text = " ".join(words)
    assert entities(ours(text)) == entities(own(text))


def test_entities_that_are_set_already_are_kept(recognizers: tuple[Language, Language]) -> None:
    doc = recognizers[1].make_doc("The mill of Dunmore was sold to France on Monday .")
    doc.set_ents([Span(doc, 1, 4, "FAC")], default="unmodified")
    for name, component in recognizers[1].pipeline:
        if name in ("tok2vec", "tagger", "parser", "entities"):
            doc = component(doc)
    assert (1, 4, "FAC") in entities(doc)
    assert "France" in {e.text for e in doc.ents}


def test_no_sentence_crosses_a_blank_line() -> None:
    doc = language.parse(Document("a", "Shelling in the north\n\nand heavy rain in the south")).doc
    assert [s.text.strip() for s in doc.sents] == ["Shelling in the north", "and heavy rain in the south"]
