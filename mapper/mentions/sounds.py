"""Unknown capitalised words that sound like a place near those already found: garbled names.

Only words with some sign of a place (a preposition, a kind word, the model's label, letters of another
script inside) are searched in the gazetteer by sound. Others count when they sound like a name that the
text has already shown to be a place.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from gazetteer.names import fold, skeleton
from gazetteer.place import Candidate
from mapper import hearing
from mapper.likeness import likeness
from mapper.mentions.context import Context
from mapper.mentions.lattice import PLACE_LABELS, Names, Span, Text
from mapper.mentions.words import words

if TYPE_CHECKING:
    from spacy.tokens import Token

LatLon = tuple[float, float]
_LABELS = {"PERSON": "person_label", "ORG": "org_label", "NORP": "people_label"}


@lru_cache(maxsize=1)
def tables() -> dict[str, dict[str, float]]:
    """Load the weights and limits of ``sounds.toml``."""
    raw = files("mapper.mentions").joinpath("sounds.toml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = tomllib.loads(raw)
    return loaded


def find(text: Text, spans: list[Span], chosen: list[Span], doc: Context, names: Names) -> list[Span]:
    """Give spans of garbled names that do not overlap those chosen of ``spans``."""
    focus = _focus(chosen)
    if not focus or not text.parsed.reads_grammar:
        return []
    looked_at = {(s.first, s.last): s for s in spans}
    words_found = list(_unknown(text, chosen, names, focus))
    people = {skeleton(name) for name in doc.people if len(name) > 3}
    known = {skeleton(s.text) for s in chosen if _local(s) and len(s.text) > 4}
    limits = tables()["limits"]
    cache: dict[str, list[Candidate]] = {}
    found = []
    for span in words_found:
        cues = _cues(text, span, doc, chosen, people)
        if "misplaced" not in cues:
            cues |= _refused(looked_at.get((span.first, span.last)))
        key = fold(span.text)
        promising = sum(cues.values()) > limits["promising"] or key in cache
        if promising and (key in cache or len(cache) < limits["searches"]):
            if key not in cache:
                cache[key] = _search(span, chosen, focus, names)
            _judge(span, cues, cache[key], chosen)
            if span.probability >= limits["threshold"]:
                known.add(skeleton(span.text))
        found.append((span, cues))
    kept = []
    for span, cues in found:
        refused = cues.get("refused", 0.0) <= tables()["weights"]["known"]
        alike = skeleton(span.text) in known and len(span.text) > 4 and not refused
        if span.probability < limits["threshold"] and alike:
            cues["repeated"] = tables()["weights"]["repeated"]
            _judge(span, cues, cache.get(fold(span.text)) or _search(span, chosen, focus, names), chosen)
        if span.probability >= limits["threshold"]:
            kept.append(span)
    return _disjoint(kept)


def _refused(seen: Span | None) -> dict[str, float]:
    """Give what speaks against a word that recognition has looked at: how little it took it for a place."""
    if seen is None:
        return {}
    weights = tables()["weights"]
    p = min(max(seen.probability, 0.01), 0.99)
    against = weights["refused"] * min(0.0, math.log(p / (1 - p)) + 0.8)
    best = seen.candidates[0] if seen.candidates else None
    spelt = best is not None and (best.match in ("exact", "folded") or best.kind == "demonym")
    return {"refused": against + (weights["known"] if spelt else 0.0)}


def _local(span: Span) -> bool:
    return bool(span.candidates) and span.candidates[0].place.feature not in ("country", "continent")


def _focus(chosen: list[Span]) -> list[str]:
    """Give the countries that the text is about, most first: at least a fifth of its clear names."""
    shares: Counter[str] = Counter()
    for span in chosen:
        if span.candidates and span.candidates[0].place.country:
            shares[span.candidates[0].place.country] += 1
    total = sum(shares.values())
    return [country for country, n in shares.most_common(3) if n * 5 >= total]


def _unknown(text: Text, chosen: list[Span], names: Names, focus: list[str]) -> Iterator[Span]:
    """Give capitalised words, and runs of them, that no chosen span covers."""
    taken = {i for s in chosen for i in range(s.first, s.last + 1) if not _odd_people(text, s, focus)}
    free = [i not in taken and _nameable(text, i) for i in range(len(text.pieces))]
    opened = -1
    for first in range(len(free)):
        opens = first not in taken and _opens(text, first)
        if not (free[first] or opens):
            continue
        last = first
        while last - first < 5 and (step := _step(text, free, last)):
            last += step
        if last > first and not (first and free[first - 1] and _beside(text, first - 1)):
            yield text.span(first, last, "sound")
        if opens:
            opened = last
        elif first > opened:
            yield text.span(first, first, "sound")


def _opens(text: Text, index: int) -> bool:
    """Whether a piece is the particle that begins a name: "El Fasher", "Al-Hol"."""
    piece = text.pieces[index]
    return piece.capital and not piece.text.isupper() and piece.lower in words().classes["particle"]


def _step(text: Text, free: list[bool], last: int) -> int:
    """Give how many pieces a run goes on: 1 for a name beside, more over "-", "al-", 0 at its end."""
    for ahead in (1, 2, 3, 4):
        if last + ahead >= len(free) or not _beside(text, last + ahead - 1):
            return 0
        if free[last + ahead]:
            return ahead
        if text.word(last + ahead) not in words().classes["particle"]:
            return 0
    return 0


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
    """A people where a place must stand: "north of the Slovenes" in a text about another country."""
    if not span.candidates or span.candidates[0].kind != "demonym":
        return False
    if span.candidates[0].place.country in focus:
        return False
    return _odd_place(text, span.first)


def _odd_place(text: Text, first: int) -> bool:
    """Whether the words before a piece want a place after them: "north of (the)", "near"."""
    before = [text.word(first - k) for k in (1, 2, 3)]
    if before[0] == "the":
        before = before[1:]
    if before[0] == "of":
        return before[1] in words().classes["direction"]
    return before[0] in ("near", "towards", "toward")


def _cues(text: Text, span: Span, doc: Context, chosen: list[Span], people: set[str]) -> dict[str, float]:
    """Name the evidence round a word with its weights; similarity is not among it."""
    weights = tables()["weights"]
    found = {name for name in _word_cues(text, span, doc, people)}
    found |= {name for name in _context_cues(text, span, chosen)}
    return {name: weights[name] for name in sorted(found)}


def _word_cues(text: Text, span: Span, doc: Context, people: set[str]) -> Iterator[str]:
    token = text.token(span.first)
    entity = doc.entity_of.get(token.i)
    if entity is not None:
        label = entity.label_
        yield "place_label" if label in PLACE_LABELS else _LABELS.get(label, "other_label")
    lower = span.text.lower()
    if lower in doc.people or (len(lower) > 3 and skeleton(lower) in people):
        yield "person_known"
    if token.pos_ not in ("PROPN", "NOUN"):
        yield "not_noun"
    if lower in text.lower_words:
        yield "lower_elsewhere"
    kind = text.dictionary(lower)
    if kind == "common" or lower in words().ordinary:
        yield "english"
    elif kind == "noun":
        yield "noun"
    if lower.isascii() is False and any(c.isascii() and c.isalpha() for c in lower) and _foreign(lower):
        yield "foreign"
    if len(lower) <= 3:
        yield "short"
    if text.is_caps(span.first):
        yield "caps"
    head = next((t for t in _tokens(text, span) if t.dep_ in ("nsubj", "nsubjpass")), None)
    if head is not None:
        yield "undergoes" if _undergoes(head) else "acts"
    if span.last > span.first and _opens(text, span.first):
        yield "particle"


def _tokens(text: Text, span: Span) -> Iterator[Token]:
    for index in range(span.first, span.last + 1):
        yield text.token(index)


def _undergoes(subject: Token) -> bool:
    """Whether the verb of a subject is one that places take too: "X was hit", "X is ...", "X fell"."""
    verb = subject.head
    if subject.dep_ == "nsubjpass":
        return True
    return verb.pos_ == "AUX" or verb.lemma_.lower() in words().classes["undergo"]


def _foreign(word: str) -> bool:
    """Whether letters or marks of a script other than Latin stand inside the word."""
    return any(ord(c) > 0x36F and not 0x1E00 <= ord(c) <= 0x20FF for c in word)


def _context_cues(text: Text, span: Span, chosen: list[Span]) -> Iterator[str]:
    index = span.first - 1
    if index < 0 or text.pieces[index].sentence != text.pieces[span.first].sentence:
        yield "start"
    else:
        yield from _cues_before(text, span, chosen)
    yield from _cues_after(text, span, chosen)


def _cues_before(text: Text, span: Span, chosen: list[Span]) -> Iterator[str]:
    table = words()
    index = span.first - 1
    article = text.word(index) in ("the", "a")
    if article:
        index -= 1
        if _odd_place(text, span.first):
            yield "misplaced"
    before = text.word(index)
    if before in table.classes["in"]:
        yield "in"
    elif before == "of":
        earlier = text.word(index - 1)
        place = table.kind.get(earlier) == "settlement" or any(
            earlier in table.classes[name] for name in ("direction", "dwellers")
        )
        yield "capital_city" if place else "of"
    elif before in table.classes["direction"]:
        yield "direction"
    elif table.kind.get(before) == "settlement":
        yield "capital_city"
    elif before in table.kind and not text.pieces[index].capital:
        yield "kind"
    elif before in ("and", ",") and any(s.last == index - 1 for s in chosen):
        yield "and"
    if before in ("and", ",") and _listed(text, index):
        yield "listed"
    if before in table.classes["title"]:
        yield "title"
    elif not article and text.pieces[index].capital and before not in table.classes["in"]:
        yield "name_beside"


def _listed(text: Text, index: int) -> bool:
    """Whether the piece at ``index`` joins a list that a preposition opens: "in A, B and C"."""
    sentence = text.pieces[index].sentence
    steps = 0
    while index >= 0 and text.pieces[index].sentence == sentence and steps < 24:
        piece = text.pieces[index]
        if piece.lower in words().classes["in"]:
            return steps > 1
        if not (piece.capital or piece.lower in ("and", ",") or piece.lower in words().classes["particle"]):
            return False
        index, steps = index - 1, steps + 1
    return False


def _cues_after(text: Text, span: Span, chosen: list[Span]) -> Iterator[str]:
    table = words()
    after = text.word(span.last + 1)
    if not after:
        return
    capital = text.pieces[span.last + 1].capital
    if table.kind.get(after) and not capital:
        yield "kind"
    elif after in table.classes["speech"]:
        yield "speech"
    elif after in ("'s", "’s"):
        yield "possessive"
    elif any(s.first == span.last + 1 for s in chosen):
        return
    elif capital and text.token(span.last + 1).pos_ == "PROPN" and text.dictionary(after) != "common":
        yield "name_beside"


def _search(span: Span, chosen: list[Span], focus: list[str], names: Names) -> list[Candidate]:
    """Find places by sound in the country of the focus, or else round the nearest name in the text.

    A question costs milliseconds: the next is only asked when the answers so far are not alike enough.
    """
    limits = tables()["limits"]
    good: dict[str, Candidate] = {}
    local = [s for s in chosen if _local(s) and s.candidates[0].place.country in focus]

    def keep(found: Iterable[Candidate]) -> bool:
        good.update((c.place.id, c) for c in found if likeness(span.text, c.name) >= limits["similar"])
        return any(likeness(span.text, c.name) >= limits["alike"] for c in good.values())

    if not keep(hearing.in_country(names.gazetteer, span.text, focus[0])):
        if local:
            nearest = min(local, key=lambda s: abs(s.start - span.start)).candidates[0].place
            keep(hearing.around(names.gazetteer, span.text, nearest.lat, nearest.lon))
        elif len(focus) > 1:
            keep(hearing.in_country(names.gazetteer, span.text, focus[1]))
    return sorted(
        good.values(), key=lambda c: (-likeness(span.text, c.name), -c.place.population, c.place.id)
    )


def _judge(span: Span, cues: dict[str, Any], candidates: list[Candidate], chosen: list[Span]) -> None:
    """Set a span's candidates and the chance that it is a garbled place name."""
    if not candidates:
        return
    weights = tables()["weights"]
    local = [s.candidates[0].place for s in chosen if _local(s)]
    best = -math.inf
    for candidate in candidates:
        place = candidate.place
        value = weights["similarity"] * (likeness(span.text, candidate.name) - 0.8)
        if candidate.match in ("exact", "folded", "alternate") and len(span.text) > 5:
            value += weights["spelt"]
        value += weights["populous"] * max(0.0, math.log10(place.population + 1) - 3)
        away = min((_away_m(place.lat, place.lon, p.lat, p.lon) for p in local), default=1e7)
        value += weights["near"] * math.exp(-away / 150_000.0)
        best = max(best, value)
    total = weights["bias"] + sum(cues.values()) + best
    span.candidates = candidates
    span.probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _away_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance in metres, flat: enough to tell near from far."""
    east = (lon1 - lon2 + 180) % 360 - 180
    return 111_195 * math.hypot(lat1 - lat2, east * math.cos(math.radians((lat1 + lat2) / 2)))


def _disjoint(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.first - s.last, -s.probability, s.start)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
