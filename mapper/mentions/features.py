"""What speaks for and against a span being a place name, as named features for the classifier."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.mentions.lattice import PLACE_LABELS, Span, Text
from mapper.mentions.words import words

if TYPE_CHECKING:
    from spacy.tokens import Span as Entity

Features = dict[str, float]
PLACE_BEFORE = frozenset({"in", "at", "near", "towards", "toward", "outside", "around", "inside"})
"""Words before a capitalised run that speak against a person, whatever the model reads in it."""


@dataclass(slots=True)
class Context:
    """What the whole document says about names: its people, its labels and its countries."""

    people: Counter[str] = field(default_factory=Counter)
    """Words of full person names, with how often they were seen."""
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    """Label counts of every entity surface."""
    countries: Counter[str] = field(default_factory=Counter)
    """Countries that the clear names of the text speak for."""
    entity_of: dict[int, Entity] = field(default_factory=dict)
    """The entity that holds a token."""
    counts: Counter[str] = field(default_factory=Counter)
    """How often each surface occurs among the spans."""


@dataclass(slots=True)
class Standing:
    """What a first look at all spans has made likely, for a second look at each."""

    best: dict[str, float] = field(default_factory=dict)
    """The highest probability of a surface."""
    shares: dict[str, float] = field(default_factory=dict)
    """The share of each country among the clear names."""
    sure: list[tuple[str, float, float]] = field(default_factory=list)
    """Surface, latitude and longitude of clear names that are smaller than a country."""


def standing(spans: list[Span]) -> Standing:
    """Gather what the first look has made likely."""
    found = Standing()
    countries: Counter[str] = Counter()
    for span in spans:
        lower = span.text.lower()
        found.best[lower] = max(found.best.get(lower, 0.0), span.probability)
        if span.probability < 0.75 or not span.candidates:
            continue
        place = span.candidates[0].place
        countries[place.country] += 1
        if place.feature not in ("country", "continent"):
            found.sure.append((lower, place.lat, place.lon))
    total = sum(countries.values())
    found.shares = {country: n / (total + 1) for country, n in countries.items() if country}
    return found


def second_look(row: Features, span: Span, doc: Context, state: Standing) -> Features:
    """Add to a span's features how it fits with the clear names of the document."""
    lower = span.text.lower()
    p = min(max(span.probability, 1e-4), 1 - 1e-4)
    row["first_look"] = math.log(p / (1 - p)) / 4
    repeated = doc.counts[lower] > 1
    best = state.best.get(lower, 0.0)
    if repeated:
        row["best_elsewhere"] = best
        if best > 0.9:
            row["sure_elsewhere"] = 1.0
    if span.candidates:
        row["country_share"] = max(state.shares.get(c.place.country, 0.0) for c in span.candidates[:20])
        away = min(
            (
                _away_km(c.place.lat, c.place.lon, lat, lon)
                for c in span.candidates[:12]
                for name, lat, lon in state.sure[:60]
                if name != lower
            ),
            default=1e5,
        )
        row["near_sure"] = math.exp(-away / 100)
        row["near_sure_300"] = math.exp(-away / 300)
    return row


def _away_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance in kilometres on a flat map: enough to tell near from far."""
    east = (lon1 - lon2 + 180) % 360 - 180
    return 111.195 * math.hypot(lat1 - lat2, east * math.cos(math.radians((lat1 + lat2) / 2)))


def context(text: Text, spans: list[Span]) -> Context:
    """Gather the evidence that the whole document gives."""
    found = Context()
    peoples = {text.pieces[s.last].token for s in spans if s.candidates and s.candidates[0].kind == "demonym"}
    for entity in text.doc.ents:
        for token in entity:
            found.entity_of[token.i] = entity
        surface = _bare(entity.text)
        found.labels.setdefault(surface, Counter())[entity.label_] += 1
        if entity.label_ == "PERSON" and len(entity) > 1 and not _verb_in(text, entity):
            before = text.doc[entity.start - 1].lower_ if entity.start else ""
            if before in PLACE_BEFORE or any(token.i in peoples for token in entity):
                continue
            for token in entity:
                if token.is_alpha and token.text[0].isupper():
                    found.people[token.text.lower()] += 1
    for name in _titled(text):
        found.people[name] += 1
    for span in spans:
        found.counts[span.text.lower()] += 1
        if span.candidates and span.found in ("gazetteer", "short"):
            best = span.candidates[0]
            big = best.place.feature in ("country", "region") or best.place.population >= 200_000
            if big and best.place.country:
                found.countries[best.place.country] += 1
    return found


def _verb_in(text: Text, entity: Entity) -> bool:
    """Whether a "person" ends with a verb form or a word that the text writes small elsewhere."""
    last = entity[-1].lower_
    verb = last.endswith(("ed", "ing")) and text.dictionary(last) == "common"
    return verb or last in text.lower_words


def _bare(surface: str) -> str:
    bare = surface.lower().removeprefix("the ")
    for tail in ("'s", "’s"):
        bare = bare.removesuffix(tail)
    return bare.strip()


def _titled(text: Text) -> list[str]:
    """Give names after a title ("Gov. Warren", "Mr Lincoln")."""
    table = words().classes
    return [
        piece.lower
        for before, piece in zip(text.pieces, text.pieces[1:], strict=False)
        if before.lower in table["title"] and before.capital and piece.capital and piece.text.isalpha()
        and piece.lower not in table["title"] and piece.lower not in table["org"]
        and piece.lower not in text.lower_words
    ]  # fmt: skip


def features(text: Text, span: Span, doc: Context) -> Features:
    """Name everything that bears on the question whether ``span`` is a place name."""
    row: Features = {"bias": 1.0}

    def add(name: str, value: float = 1.0) -> None:
        row[name] = value

    gaz = _gazetteer(span, doc, row)
    ent = _entity(text, span, doc)
    before, after = _before(text, span), _after(text, span, doc)
    add(f"ent={ent}")
    add(f"gaz={gaz}")
    add(f"before={before}")
    add(f"after={after}")
    add(f"ent={ent}&gaz={gaz}")
    add(f"ent={ent}&before={before}")
    add(f"gaz={gaz}&after={after}")
    add(f"gaz={gaz}&before={before}")
    add(f"found={span.found}")
    _shape(text, span, row, gaz)
    _document(span, doc, row, gaz)
    token = text.token(span.last)
    add(f"dep={token.dep_}")
    add(f"tag={token.tag_}&n={min(span.last - span.first, 2)}")
    add(f"gaz={gaz}&tag={token.tag_}")
    return row


def _gazetteer(span: Span, doc: Context, row: Features) -> str:
    """Add what the gazetteer knows of the name; give the class of its best candidate."""
    if not span.candidates:
        return "none"
    best = span.candidates[0]
    if all(c.kind == "demonym" for c in span.candidates[:3]):
        return "demonym"
    population = max(c.place.population for c in span.candidates[:5])
    row["population"] = math.log10(population + 10) / 7
    row["similarity"] = best.similarity
    row[f"match={best.match}"] = 1.0
    row[f"namekind={best.kind}"] = 1.0
    row["many"] = math.log10(1 + len(span.candidates))
    if any(c.place.country in doc.countries for c in span.candidates):
        row["focus"] = 1.0
    feature = best.place.feature
    if feature in ("settlement", "suburb", "municipality"):
        size = "city" if population >= 300_000 else "town" if population >= 20_000 else "village"
        return size if size != "village" or population else "hamlet"
    return feature


def _entity(text: Text, span: Span, doc: Context) -> str:
    """Say how the span lies to the model's entities: "GPE=", "ORG>start", "none"."""
    inside = {
        doc.entity_of[text.pieces[i].token].start
        for i in range(span.first, span.last + 1)
        if text.pieces[i].token in doc.entity_of
    }
    if not inside:
        return "none"
    if len(inside) > 1:
        return "several"
    entity = doc.entity_of[next(text.pieces[i].token for i in range(span.first, span.last + 1)
                                if text.pieces[i].token in doc.entity_of)]  # fmt: skip
    label = entity.label_ if entity.label_ in PLACE_LABELS | {"ORG", "PERSON", "NORP"} else "other"
    bare_start = entity.start_char + (4 if entity.text.lower().startswith("the ") else 0)
    bare_end = entity.end_char - (2 if entity.text.endswith(("'s", "’s")) else 0)
    if span.start <= bare_start and span.end >= bare_end:
        return f"{label}=" if (span.start, span.end) == (bare_start, bare_end) else f"{label}<"
    if span.start < bare_start or span.end > bare_end:
        return f"{label}x"
    return f"{label}>{'start' if span.start == bare_start else 'end' if span.end == bare_end else 'mid'}"


def _before(text: Text, span: Span) -> str:
    """Give the class of the word before the span."""
    index = span.first - 1
    if index < 0 or text.pieces[index].sentence != text.pieces[span.first].sentence:
        return "start"
    piece, lower, table = text.pieces[index], text.word(index), words()
    if lower in ("the", "a", "an"):
        return _before_article(text, index)
    for name in ("title", "direction", "in", "of", "and"):
        if lower in table.classes[name]:
            capital = piece.capital and name in ("direction", "title")
            return f"{name}{'^' if capital else ''}"
    if lower == ",":
        return "comma^" if index and text.pieces[index - 1].capital else "comma"
    if lower in ("-", "–", "—", "/"):
        return "dash"
    if lower in ("'s", "’s"):
        return "possessive"
    if piece.capital:
        return "capital" if not text.is_caps(index) else "caps"
    if lower in table.kind:
        return "kind"
    return "punct" if not lower[:1].isalnum() else text.token(index).pos_


def _before_article(text: Text, index: int) -> str:
    before = text.word(index - 1)
    table = words()
    if before in table.classes["in"]:
        return "in the"
    return "of the" if before == "of" else "the"


def _after(text: Text, span: Span, doc: Context) -> str:
    """Give the class of the word after the span."""
    index = span.last + 1
    if index >= len(text.pieces) or text.pieces[index].sentence != text.pieces[span.last].sentence:
        return "end"
    piece, lower, table = text.pieces[index], text.word(index), words()
    if lower in ("'s", "’s", "'", "’") or span.end < text.pieces[span.last].end:
        return "possessive"
    if lower == ",":
        follows = text.pieces[index + 1] if index + 1 < len(text.pieces) else None
        return "comma^" if follows and follows.capital else "comma"
    if lower in table.classes["speech"]:
        return "speech"
    if lower in table.classes["disease"]:
        return "disease"
    if piece.capital and not text.is_caps(index):
        for name in ("org", "title"):
            if lower in table.classes[name]:
                return f"{name}^"
        return "kind^" if lower in table.kind else "people^" if lower in doc.people else "capital"
    if lower in table.kind:
        return "kind"
    if lower in table.classes["and"]:
        return "and"
    if lower in ("-", "–", "—", "/"):
        return "dash"
    if lower in ("(", ")", ".", ":", ";"):
        return lower
    if lower in table.classes["actor_noun"]:
        return "actor"
    return "punct" if not lower[:1].isalnum() else text.token(index).pos_


def _shape(text: Text, span: Span, row: Features, gaz: str) -> None:
    words_in = span.last - span.first + 1
    row[f"words={min(words_in, 4)}&gaz={gaz}"] = 1.0
    if span.text.isupper():
        row["upper" if len(span.text) > 3 else "upper_short"] = 1.0
    if len(span.text) <= 3:
        row["short"] = 1.0
    if text.is_caps(span.first):
        row["caps_sentence"] = 1.0
        row[f"caps&gaz={gaz}"] = 1.0
    if text.lower_case:
        row["lower_text"] = 1.0
        row[f"lower&gaz={gaz}"] = 1.0
    lower = span.text.lower()
    if lower in words().ordinary:
        row["ordinary"] = 1.0
        row[f"ordinary&gaz={gaz}"] = 1.0
    if lower in text.lower_words:
        row["lower_elsewhere"] = 1.0
    if words_in == 1:
        kind = text.dictionary(lower)
        row[f"dictionary={kind}"] = 1.0
        row[f"dictionary={kind}&start={_starts_sentence(text, span)}"] = 1.0
        if text.lower_case or text.is_caps(span.first):
            row[f"dictionary={kind}&flat&gaz={gaz}"] = 1.0
    last = text.word(span.last)
    if words_in > 1 and last in words().kind:
        row[f"endkind={words().kind[last]}"] = 1.0
    if last in words().classes["org"]:
        row["endorg"] = 1.0
    if any(p.lower in words().classes["weekday_month"] for p in text.pieces[span.first : span.last + 1]):
        row["calendar"] = 1.0
    if words_in == 1 and text.token(span.last).pos_ != "PROPN":
        row[f"pos={text.token(span.last).pos_}"] = 1.0
        if _starts_sentence(text, span):
            row["start_not_propn"] = 1.0


def _starts_sentence(text: Text, span: Span) -> bool:
    return span.first == 0 or text.pieces[span.first - 1].sentence != text.pieces[span.first].sentence


def _document(span: Span, doc: Context, row: Features, gaz: str) -> None:
    surface = span.text.lower()
    labels = doc.labels.get(surface)
    if labels:
        total = sum(labels.values())
        row["doc_place"] = sum(labels[label] for label in PLACE_LABELS) / total
        row["doc_person"] = labels["PERSON"] / total
        row["doc_org"] = labels["ORG"] / total
    people = doc.people.get(surface, 0)
    if people:
        row["person_word"] = 1.0
        row[f"person_word&gaz={gaz}"] = 1.0
    row["count"] = math.log(doc.counts[surface] or 1)
