"""Unknown capitalised words that sound like a place near those already found: garbled names.

Three looks, each a small fitted model (``scripts/fit_sounds.py``): what the text says of the word; how well
the places that sound like it fit; and how it fits with the other words of the text. Only words that the
first look finds likely are searched in the gazetteer.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from gazetteer.names import fold, skeleton, sound
from gazetteer.place import Candidate, Place
from mapper import hearing
from mapper.likeness import likeness
from mapper.mentions.classify import probability
from mapper.mentions.context import Context, Features
from mapper.mentions.lattice import Names, Span, Text
from mapper.mentions.second import LISTED
from mapper.mentions.sound_cues import (
    away_m,
    heard_row,
    logit,
    odd_place,
    opens,
    tables,
    text_row,
    written_row,
)
from mapper.mentions.words import words

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

Weights = dict[str, dict[str, float]]
SETTLED = frozenset({"settlement", "suburb"})


def limits() -> dict[str, float]:
    """Give the limits of ``sounds.toml``."""
    found: dict[str, float] = tables()["limits"]
    return found


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Load the weights of the three looks, which ``scripts/fit_sounds.py`` fitted."""
    loaded: Weights = json.loads(files("mapper.mentions").joinpath("sounds.json").read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def no_places() -> frozenset[str]:
    """The sounds of names that reports of war are full of and that are no places."""
    return frozenset(sound(name) for name in tables()["words"]["no_places"])


@dataclass(slots=True)
class Word:
    """An unknown word, what the text says of it, and the chance that it names a place after each look."""

    span: Span
    row: Features
    candidates: list[Candidate] = field(default_factory=list)
    chance: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Scene:
    """What is known of a document before its unknown words are looked at."""

    text: Text
    chosen: list[Span]
    focus: list[str]
    names: Names
    local: list[Place]
    told: list[tuple[int, Place]]
    """Where the text names the countries that it is about, or places in them."""
    marks: list[tuple[int, Place]]
    """Where it names a place smaller than a country, of its countries or of those beside them."""
    abroad: list[tuple[int, Place]]
    """Where it names other countries, or their people."""


def scene_of(text: Text, chosen: list[Span], names: Names) -> Scene:
    """Gather what the names that were chosen say of the text."""
    local = [span.candidates[0].place for span in chosen if _local(span)]
    focus = _focus(chosen)
    first = [(s.start, s.candidates[0].place, _local(s)) for s in chosen if s.candidates]
    told = [(start, place) for start, place, _ in first if place.country in focus]
    home = [place for _, place, small in first if small and place.country in focus]
    abroad = [(start, place) for start, place, _ in first if place.feature == "country"]
    abroad = [named for named in abroad if named[1].country not in focus]
    people = {s.start for s in chosen if s.candidates and s.candidates[0].kind == "demonym"}
    named = {*focus, *(place.country for start, place in abroad if start not in people)}
    marks = [
        (start, place)
        for start, place, small in first
        if small and (place.country in named or away_m(place, home) < limits()["beside_m"])
    ]
    return Scene(text, chosen, focus, names, local, told, marks, abroad)


def find(text: Text, spans: list[Span], chosen: list[Span], doc: Context, names: Names) -> list[Span]:
    """Give spans of garbled names that do not overlap those chosen of ``spans``."""
    scene = scene_of(text, chosen, names)
    if not scene.focus or not text.parsed.reads_grammar:
        return []
    found = unknown(scene, spans, doc)
    search(scene, found, weights()["first"])
    hear(scene, found, weights()["second"])
    chances = [
        probability(row, weights()["third"]) if word.candidates else 0.0
        for word, row in zip(found, together(scene, found), strict=True)
    ]
    least, people = _least(found, chances), _surnames(found)
    kept = []
    for word, chance in zip(found, chances, strict=True):
        if not word.candidates and word.chance[0] >= limits()["unmatched"] and word.row.get("slot"):
            chance = least
        if chance >= least and sound(word.span.text) not in no_places() and word.span.text not in people:
            word.span.probability = 1 / (1 + math.exp(-logit(chance) - limits()["lift"]))
            kept.append(word.span)
    return _disjoint(kept)


def _least(found: list[Word], chances: list[float]) -> float:
    """Give the least chance of a name: lower where so many likely ones show that the text is garbled."""
    threshold = limits()["threshold"]
    names = {fold(w.span.text) for w, chance in zip(found, chances, strict=True) if chance >= threshold}
    return threshold if len(names) >= limits()["many"] else limits()["sure"]


def _surnames(found: list[Word]) -> frozenset[str]:
    """Give the last words of what looks like a person's full name: "Taras Korol", and later "Korol" alone."""
    full = (w.span.text.split() for w in found if w.chance[0] <= limits()["surname"])
    return frozenset(parts[1] for parts in full if len(parts) == 2)


def unknown(scene: Scene, spans: list[Span], doc: Context) -> list[Word]:
    """Give the unknown words of a text with what the text says of them."""
    seen = {(s.first, s.last): s for s in spans}
    chosen_at = {i: s for s in scene.chosen for i in range(s.first, s.last + 1)}
    found = []
    for span in _unknown(scene.text, scene.chosen, scene.focus):
        row = written_row(scene.text, span, doc, chosen_at, seen.get((span.first, span.last)))
        found.append(Word(span, row))
    return found


def search(scene: Scene, found: list[Word], table: dict[str, float]) -> None:
    """Take the first look, and search the likeliest words in the gazetteer.

    Less likely ones are searched where the likely ones have shown that names of the text are garbled.
    """
    for word in found:
        word.chance = [probability(word.row, table)]
    asked: dict[str, list[Candidate]] = {}
    like = 0
    for word in sorted(found, key=lambda w: (-w.chance[0], w.span.start)):
        key, chance = fold(word.span.text), word.chance[0]
        if key not in asked:
            garbled = like >= limits()["garbled"] * len(asked)
            if chance < limits()["promising" if asked and garbled else "likely"]:
                break
            if len(asked) >= limits()["searches"]:
                break
            asked[key] = _search(word.span, scene, chance >= limits()["likely"])
            like += bool(asked[key]) and asked[key][0].match in ("phonetic", "fuzzy")
        word.candidates = word.span.candidates = asked[key]


def hear(scene: Scene, found: list[Word], table: dict[str, float]) -> None:
    """Take the second look at what was searched."""
    for word in found:
        word.chance = word.chance[:1] + [0.0]
        if word.candidates:
            word.chance[1] = probability(heard(scene, word), table)


def heard(scene: Scene, word: Word) -> Features:
    """Give the features of the second look at a word that has candidates."""
    return heard_row(word.span, word.chance[0], word.candidates, scene.local, scene.focus)


def together(scene: Scene, found: list[Word]) -> list[Features]:
    """Give the features of the third look: how each word fits with the others of the text."""
    likely = [word.chance[1] for word in found if word.candidates]
    total, count = sum(likely), len(likely)
    known = Counter(skeleton(s.text) for s in scene.chosen if _local(s) and len(s.text) > 4)
    known.update({skeleton(word.span.text) for word in found if word.chance[1] > 0.6})
    at = {i: s.probability for s in scene.chosen for i in range(s.first, s.last + 1)}
    for word in found:
        for i in range(word.span.first, word.span.last + 1):
            at[i] = max(at.get(i, 0.0), word.chance[1])
    rows = []
    for word in found:
        rest = total - word.chance[1] if word.candidates else total
        others = rest, rest / max(1, count - bool(word.candidates))
        # A name that is likely itself is known by its own sound: only a second one tells more.
        own = word.chance[1] > 0.6
        sounds = frozenset(key for key, n in known.items() if n > own)
        rows.append(
            text_row(word.span, word.chance[1], others, sounds, _beside_in_list(scene.text, word.span, at))
        )
    return rows


def _beside_in_list(text: Text, span: Span, at: dict[int, float]) -> float:
    """Give the probability of the likelier of the names before and after a span in a list."""
    before = at.get(span.first - 2, 0.0) if text.word(span.first - 1) in LISTED else 0.0
    after = at.get(span.last + 2, 0.0) if text.word(span.last + 1) in LISTED else 0.0
    return max(before, after)


def _local(span: Span) -> bool:
    return bool(span.candidates) and span.candidates[0].place.feature not in ("country", "continent")


def _focus(chosen: list[Span]) -> list[str]:
    """Give the countries that the text is about, most first: at least a fifth of its clear names.

    A country's own name tells most, and a hamlet least: some hamlet of the world has every misspelt name.
    """
    shares: Counter[str] = Counter()
    for span in chosen:
        if span.candidates and span.candidates[0].place.country:
            place = span.candidates[0].place
            known = place.population >= limits()["town"] or place.feature not in SETTLED
            shares[place.country] += 5 if place.feature == "country" else 3 if known else 1
    total = sum(shares.values())
    return [country for country, n in shares.most_common(3) if n * 5 >= total]


def _unknown(text: Text, chosen: list[Span], focus: list[str]) -> Iterator[Span]:
    """Give capitalised words, and runs of them, that no chosen span covers but those that nobody knows."""
    sure = (s for s in chosen if (s.candidates or s.found != "entity") and not _odd_people(text, s, focus))
    taken = {i for s in sure for i in range(s.first, s.last + 1)}
    free = [i not in taken and _nameable(text, i) for i in range(len(text.pieces))]
    opened = -1
    for first in range(len(free)):
        opening = first not in taken and opens(text, first)
        if not (free[first] or opening or (first not in taken and _fore(text, free, first))):
            continue
        last = first
        while last - first < 5 and (step := _step(text, free, taken, last)):
            last += step
        if last > first and not (first and free[first - 1] and _beside(text, first - 1)):
            yield text.span(first, last, "sound")
        if opening:
            opened = last
        elif free[first] and first > opened:
            yield text.span(first, first, "sound")


def _fore(text: Text, free: list[bool], index: int) -> bool:
    """Whether a short capitalised piece opens a run: "Um Ruwaba", "Wad Madani", whatever else it may be."""
    piece = text.pieces[index]
    if not (piece.capital and 2 <= len(piece.text) <= 4 and piece.text.isalpha()) or piece.text.isupper():
        return False
    if text.token(index).pos_ in ("ADP", "CCONJ", "DET", "PRON", "SCONJ"):
        return False  # "In Kassala", "The Sennar"
    return index + 1 < len(free) and free[index + 1] and _beside(text, index)


def _step(text: Text, free: list[bool], taken: set[int], last: int) -> int:
    """Give how many pieces a run goes on: 1 for a name beside, more over "-", "al-", 0 at its end."""
    for ahead in (1, 2, 3, 4):
        index = last + ahead
        if index >= len(free) or not _beside(text, index - 1):
            return 0
        piece = text.pieces[index]
        if free[index] or (index not in taken and _after_hyphen(text, index)):
            return ahead
        short = piece.capital and len(piece.text) == 2 and piece.text[1].islower() and index not in taken
        if short and piece.text.isalpha():
            return ahead
        if piece.lower not in words().classes["particle"] and piece.lower not in ("a", "an"):
            return 0
    return 0


def _after_hyphen(text: Text, index: int) -> bool:
    """Whether a small word is the second half of a name: "Tar-tar"."""
    piece, joint = text.pieces[index], text.pieces[index - 1]
    joined = (
        joint.text in ("-", "‑") and joint.end == piece.start and text.pieces[index - 2].end == joint.start
    )
    if not joined or len(piece.text) < 3 or not piece.text.isalpha():
        return False
    return piece.lower == text.word(index - 2) or not text.dictionary(piece.lower)


def _nameable(text: Text, index: int) -> bool:
    """Whether a piece may be (part of) a name: capitalised, and no word that never names a place."""
    piece, table = text.pieces[index], words()
    if not piece.capital or len(piece.text) < 3 or piece.text.isupper():
        return False
    if not any(c.isalpha() for c in piece.text[1:3]):
        return False
    lower = piece.lower
    classes = ("never", "title", "weekday_month", "org")
    return lower not in table.kind and not any(lower in table.classes[name] for name in classes)


def _beside(text: Text, index: int) -> bool:
    """Whether the next piece stands right behind this one, in the same sentence."""
    piece, after = text.pieces[index], text.pieces[index + 1]
    return after.start - piece.end <= 1 and after.sentence == piece.sentence


def _odd_people(text: Text, span: Span, focus: list[str]) -> bool:
    """A people where a place must stand: "north of the Danes" in a text about another country."""
    if not span.candidates or span.candidates[0].kind != "demonym":
        return False
    if span.candidates[0].place.country in focus:
        return False
    return odd_place(text, span.first)


def _search(span: Span, scene: Scene, likely: bool) -> list[Candidate]:
    """Find places by sound in the country of the nearest name; a likely one in another too, or round it."""

    def away(named: tuple[int, Place]) -> float:
        first, last = sorted((named[0], span.start))
        return last - first + limits()["paragraph"] * scene.text.text.count("\n", first, last)

    # A paragraph on the neighbour's war: a name close by tells more than what the whole text is about.
    local = min(
        (n for n in scene.marks if n[1].country in scene.focus or away(n) <= limits()["close"]),
        key=away,
        default=None,
    )
    nearest = [n[1].country for n in (local, min(scene.told, key=away, default=None)) if n]
    beyond = sorted((n for n in scene.abroad if away(n) <= limits()["close"]), key=away)
    countries = dict.fromkeys([*nearest, *scene.focus, *(n[1].country for n in beyond)])
    point = (local[1].lat, local[1].lon) if local else None
    return list(
        search_places(
            scene.names.gazetteer, span.text, tuple(countries)[: 1 + likely], point if likely else None
        )
    )


def search_places(
    gazetteer: Gazetteer, name: str, countries: tuple[str, ...], point: tuple[float, float] | None
) -> tuple[Candidate, ...]:
    """Give the places that sound like a name, the likest first.

    A question costs milliseconds: the next is only asked when the answers so far are not alike enough.
    """
    good: dict[str, Candidate] = {}

    def keep(found: Iterable[Candidate]) -> bool:
        good.update((c.place.id, c) for c in found if _fits(name, c))
        return any(likeness(name, c.name) >= limits()["alike"] for c in good.values())

    for country in countries:
        if keep(hearing.in_country(gazetteer, name, country)):
            break
    else:
        if point and not good:
            keep(hearing.around(gazetteer, name, *point))
    return tuple(
        sorted(good.values(), key=lambda c: (-likeness(name, c.name), -c.place.population, c.place.id))
    )


def _fits(name: str, candidate: Candidate) -> bool:
    """Whether a candidate's name is like enough, by its letters and sounds or as the search has fitted it."""
    return (
        likeness(name, candidate.name) >= limits()["similar"] or candidate.similarity >= limits()["fitting"]
    )


def _disjoint(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.first - s.last, -s.probability, s.start)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
