"""Unknown capitalised words that sound like a place near those already found: garbled names.

Three looks, each a small fitted model (``scripts/fit_sounds.py``): what the text says of the word; how well
the places that sound like it fit; and how it fits with the other words of the text. Only words that the
first look finds likely are searched in the gazetteer.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
    tables,
    text_row,
    written_row,
)
from mapper.mentions.sound_runs import runs

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
    states: list[tuple[int, Place]]
    """Where it names countries, and not their people."""
    asked: dict[str, list[Candidate]] = field(default_factory=dict)
    """What was found for the words that were searched, by their folded text."""


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
    states = [
        (start, place) for start, place, _ in first if place.feature == "country" and start not in people
    ]
    return Scene(text, chosen, focus, names, local, told, marks, abroad, states)


def find(text: Text, spans: list[Span], chosen: list[Span], doc: Context, names: Names) -> list[Span]:
    """Give spans of garbled names that do not overlap those chosen of ``spans``."""
    if not text.parsed.reads_grammar:
        return []
    scene = scene_of(text, chosen, names)
    found = unknown(scene, spans, doc)
    look(scene, found, weights()["first"])
    named = countries(scene, found)
    if named:
        # Its towns are sought in the country that is meant.
        scene = replace(scene_of(text, [*chosen, *named], names), chosen=chosen)
    if not scene.focus:
        return []
    search(scene, found)
    hear(scene, found, weights()["second"])
    if again(scene, found, spans, doc):
        search(scene, found)
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
        if chance >= least and word.span.text not in people and not _no_place(word):
            word.span.probability = 1 / (1 + math.exp(-logit(chance) - limits()["lift"]))
            kept.append(word.span)
    return _disjoint(kept)


def _no_place(word: Word) -> bool:
    """Whether a word is a group, a paper or a weapon, but for villages and directions "of the Jazeera"."""
    placed = any(f"before={cue}" in word.row for cue in ("dwellers of", "settlement", "kind", "direction"))
    return sound(word.span.text) in no_places() and not placed


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
    for span in runs(scene.text, scene.chosen, scene.focus):
        row = written_row(scene.text, span, doc, chosen_at, seen.get((span.first, span.last)))
        found.append(Word(span, row))
    return found


def look(scene: Scene, found: list[Word], table: dict[str, float]) -> None:
    """Take the first look."""
    for word in found:
        word.chance = [probability(word.row, table)]


def countries(scene: Scene, found: list[Word]) -> list[Span]:
    """Give the likely words that are a country's name but for a letter or two, as names of the country."""
    named = []
    for word in found:
        if word.chance[0] >= limits()["likely"] and (country := country_like(scene, word.span)):
            named.append(replace(word.span, candidates=[country]))
    return named


def country_like(scene: Scene, span: Span) -> Candidate | None:
    """Give the country whose name a span misspells, or None."""
    if len(span.text) < limits()["letters"] or " " in span.text:
        return None
    known = hearing.countries(scene.names.gazetteer, span.text)
    best = max(((likeness(span.text, name), name, place.id) for name, place in known), default=None)
    if best is None or best[0] < limits()["country"]:
        return None
    place = next(place for name, place in known if place.id == best[2])
    return Candidate(place, best[1], "alternate", "phonetic", max(0.0, 1.0 - 3 * (1.0 - best[0])))


def again(scene: Scene, found: list[Word], spans: list[Span], doc: Context) -> bool:
    """Look again at the words beside those that were heard: in a list one name tells of the next.

    Gives whether any is likelier for it.
    """
    seen = {(s.first, s.last): s for s in spans}
    at = {i: s for s in scene.chosen for i in range(s.first, s.last + 1)}
    sure = [w.span for w in found if w.chance[1] >= limits()["threshold"]]
    at.update({i: s for s in sure for i in range(s.first, s.last + 1)})
    risen = False
    for word in found:
        span = word.span
        beside = any(i in at for i in (span.first - 2, span.last + 2))
        if word.candidates or not beside or any(i in at for i in range(span.first, span.last + 1)):
            continue
        row = written_row(scene.text, span, doc, at, seen.get((span.first, span.last)))
        chance = probability(row, weights()["first"])
        if chance > word.chance[0]:
            word.row, word.chance = row, [chance, *word.chance[1:]]
            risen = True
    return risen


def search(scene: Scene, found: list[Word]) -> None:
    """Search the likeliest words in the gazetteer.

    Less likely ones are searched where the likely ones have shown that names of the text are garbled.
    """
    asked = scene.asked
    like = sum(_sounds_alike(candidates) for candidates in asked.values())
    for word in sorted(found, key=lambda w: (-w.chance[0], w.span.start)):
        key, chance = fold(word.span.text), word.chance[0]
        if key not in asked:
            garbled = like >= limits()["garbled"] * len(asked)
            if chance < limits()["promising" if asked and garbled else "likely"]:
                break
            if len(asked) >= limits()["searches"]:
                break
            asked[key] = _search(word.span, scene, chance >= limits()["likely"])
            like += _sounds_alike(asked[key])
        word.candidates = word.span.candidates = asked[key]


def _sounds_alike(candidates: list[Candidate]) -> bool:
    return bool(candidates) and candidates[0].match in ("phonetic", "fuzzy")


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
            weight = 5 if place.feature == "country" else 3 if known else 1
            shares[place.country] += 1 if span.candidates[0].kind == "demonym" else weight
    total = sum(shares.values())
    return [country for country, n in shares.most_common(3) if n * 5 >= total]


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
    told = min(scene.told, key=away, default=None)
    state = min((n for n in scene.states if away(n) <= limits()["same"]), key=away, default=None)
    nearest = [n[1].country for n in (local, state, told) if n]
    beyond = sorted((n for n in scene.abroad if away(n) <= limits()["close"]), key=away)
    countries = dict.fromkeys([*nearest, *scene.focus, *(n[1].country for n in beyond)])
    point = (local[1].lat, local[1].lon) if local else None
    point = point if likely else None
    asked = tuple(countries)[: 1 + likely]
    heard = list(search_places(scene.names.gazetteer, span.text, asked, point))
    country = country_like(scene, span) if likely else None
    if country is None or any(c.place.id == country.place.id for c in heard):
        return heard
    return sorted([country, *heard], key=lambda c: -likeness(span.text, c.name))


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
