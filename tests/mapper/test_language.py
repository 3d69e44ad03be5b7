"""Which language a text is in, and tokens that keep their place in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper import language
from mapper.errors import LanguageError
from mapper.types import Document


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
    import spacy

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


def test_no_sentence_crosses_a_blank_line() -> None:
    doc = language.parse(Document("a", "Shelling in the north\n\nand heavy rain in the south")).doc
    assert [s.text.strip() for s in doc.sents] == ["Shelling in the north", "and heavy rain in the south"]
