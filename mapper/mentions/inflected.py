"""Ukrainian and Russian place names in their cases: "у Харкові", "под Лисичанском", "из Шайковки".

Endings are stripped and nominative endings tried instead; what the gazetteer knows counts. There is no
grammar to lean on, so a name needs a capital letter, and at the start of a sentence a preposition or a
second sight.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gazetteer.place import Candidate
from mapper.mentions.lattice import Names, Span, Text

LANGUAGES = ("uk", "ru")
SHORTEST_STEM = 3
_REGION_WORDS = {
    "област": "region", "край": "region", "краю": "region", "края": "region", "район": "district",
    "громад": "municipality", "обл": "region",
}  # fmt: skip


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """Load the endings of ``inflected.toml``."""
    return tomllib.loads(files("mapper.mentions").joinpath("inflected.toml").read_text(encoding="utf-8"))


def nominatives(word: str, language: str) -> Iterator[str]:
    """Give the forms that a word may have in the nominative, the word itself first."""
    table = tables()[language]
    seen = {word}
    yield word
    if word[-1:].lower() not in table["vowels"]:  # a genitive plural has no ending: "Сум" of "Суми"
        yield word + table["plural"]
    for size in range(min(5, len(word) - SHORTEST_STEM), 0, -1):
        stem, ending = word[:-size], word[-size:]
        for tail in table["endings"].get(ending.lower(), ()):
            for form in (stem + tail, *_other_stems(stem, tail, table["stems"])):
                if form not in seen:
                    seen.add(form)
                    yield form


def _other_stems(stem: str, tail: str, stems: dict[str, list[str]]) -> Iterator[str]:
    """Give forms whose stem ends otherwise in the nominative ("Харков-" -> "Харків")."""
    for size in (3, 2, 1):
        for end in stems.get(stem[-size:].lower(), ()):
            yield stem[:-size] + end + (tail if not end.endswith("ь") else "")


def find(text: Text, names: Names) -> list[Span]:
    """Give the place names of a Ukrainian or Russian text, in the order of the text."""
    language = text.parsed.language
    spans: list[Span] = []
    index = 0
    while index < len(text.pieces):
        span = _at(text, index, names, language)
        if span is None:
            index += 1
            continue
        spans.append(span)
        index = span.last + 1
    known = Counter(s.candidates[0].place.id for s in spans if s.probability >= 0.6)
    for span in spans:
        if any(c.place.id in known for c in span.candidates):
            span.probability = max(span.probability, 0.7)
    return [s for s in spans if s.probability >= 0.5]


def _at(text: Text, index: int, names: Names, language: str) -> Span | None:
    """Give the longest name that starts at a piece."""
    piece = text.pieces[index]
    if not piece.capital or len(piece.text) < SHORTEST_STEM or piece.lower in tables()[language]["stop"]:
        return None
    for last in range(min(index + 4, len(text.pieces) - 1), index - 1, -1):
        if not _one_name(text, index, last):
            continue
        found = _lookup(text, index, last, names, language)
        if found is not None:
            form, candidates, exact = found
            span = text.span(index, last, "gazetteer", "" if exact else form)
            span.candidates = candidates
            span.probability = _chance(text, span, exact, language)
            return span
    return None


def _one_name(text: Text, first: int, last: int) -> bool:
    """Whether pieces may be one name: capitals joined by blanks or hyphens."""
    for i in range(first + 1, last + 1):
        piece, before = text.pieces[i], text.pieces[i - 1]
        joint = piece.text in ("-", "–", "‑")
        if piece.sentence != text.pieces[first].sentence or piece.start - before.end > 1:
            return False
        if not (joint or piece.capital or (before.text in ("-", "‑") and piece.text[:1].isalnum())):
            return False
    return text.pieces[last].text[:1].isalnum()


def _lookup(
    text: Text, first: int, last: int, names: Names, language: str
) -> tuple[str, list[Candidate], bool] | None:
    surface = text.text[text.pieces[first].start : text.pieces[last].end]
    ask = _asked(text, last)
    best: tuple[float, str, list[Candidate], bool] | None = None
    for rank, form in enumerate(_forms(text, first, last, language)):
        candidates = names.lookup(form)
        if ask:
            wanted = [c for c in candidates if c.place.feature == ask]
            candidates = wanted + [c for c in candidates if c.place.feature != ask]
        if not candidates:
            continue
        size = max(c.place.population for c in candidates[:3])
        big = candidates[0].place.feature in ("country", "region", "river", "water", "area")
        value = math.log10(size + 10) + 3.0 * big - 0.15 * rank + (0.8 if form == surface else 0.0)
        if best is None or value > best[0]:
            best = value, form, candidates, form == surface
    return best[1:] if best else None


def _forms(text: Text, first: int, last: int, language: str) -> Iterator[str]:
    """Give nominative forms of a name; in names of several words each word changes."""
    tokens = [text.pieces[i] for i in range(first, last + 1)]
    if len(tokens) == 1:
        forms = list(nominatives(tokens[0].text, language))
        yield from forms
        yield from _region_forms(text, last, tokens[0].text, language)
        return
    surface = text.text[tokens[0].start : tokens[-1].end]
    yield surface
    head = surface[: tokens[-1].start - tokens[0].start]
    for tail in list(nominatives(tokens[-1].text, language))[1:]:
        yield head + tail
    if len(tokens) == 5:  # "Ростове-на-Дону": the first word changes, the rest stays
        for start in list(nominatives(tokens[0].text, language))[1:]:
            yield start + surface[tokens[0].end - tokens[0].start :]
    if len(tokens) in (2, 3):
        rest = surface[tokens[0].end - tokens[0].start : tokens[-1].start - tokens[0].start]
        for start in list(nominatives(tokens[0].text, language))[1:12]:
            for tail in list(nominatives(tokens[-1].text, language))[:12]:
                yield start + rest + tail


def _region_forms(text: Text, last: int, word: str, language: str) -> Iterator[str]:
    """Give the full name of a region whose adjective stands before "oblast", in the nominative."""
    if _asked(text, last) != "region":
        return
    noun = "область"
    for form in nominatives(word, language):
        if form.endswith(("ська", "цька", "зька", "ская", "цкая")):
            yield f"{form} {noun}"


def _asked(text: Text, last: int) -> str:
    """Give the feature that the word after a name asks for, or ""."""
    after = text.word(last + 1)
    return next((kind for stem, kind in _REGION_WORDS.items() if after.startswith(stem)), "")


def _chance(text: Text, span: Span, exact: bool, language: str) -> float:
    """Give the chance that a match is a place: prepositions, kind words and size speak for it."""
    table = tables()[language]
    before = text.word(span.first - 1)
    start = span.first == 0 or text.pieces[span.first - 1].sentence != text.pieces[span.first].sentence
    size = max((c.place.population for c in span.candidates[:3]), default=0)
    big = span.candidates[0].place.feature in ("country", "region", "river", "water", "area", "continent")
    value = 0.35 * (math.log10(size + 10) - 3) + 1.5 * big + 0.5 * exact
    value += 2.0 * (before in table["prepositions"]) + 2.5 * bool(_asked(text, span.last))
    value += 0.8 * (before in (",", "-")) - 0.8 * start
    value += 0.8 * (span.last > span.first)
    prepared = before in table["prepositions"]
    if not start and not prepared and text.pieces[span.first - 1].capital:
        first_word = (
            span.first == 1 or text.pieces[span.first - 2].sentence != text.pieces[span.first].sentence
        )
        value -= 0.2 if first_word else 2.0  # the first word of a sentence is always written large
    value -= 3.0 * text.word(span.last + 1).startswith(tuple(table["speech"]))
    following = text.pieces[span.last + 1] if span.last + 1 < len(text.pieces) else None
    value -= 1.5 * bool(
        following and following.capital and following.sentence == text.pieces[span.last].sentence
    )
    return 1 / (1 + math.exp(-value))
