"""Names and location phrases -> places, without a language model: the work of ``mapper geocode``.

The most specific place of a phrase wins ("the village of A, B district, C region": A), and the others say
where it must lie. Words that count from a place ("20 km north of A", "between A and B") are read by the
same grammar and drawn by the same geometry as those of events.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from gazetteer.distance import great_circle_m
from gazetteer.place import Candidate, Place
from mapper.record import Record, place_record, rounded
from mapper.types import Location, Mention, Resolution

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

_TOKEN = re.compile(r"[^\W\d_](?:[\w'’ʼ`\-]{0,60}\w)?|\d+(?:[.,]\d+)?|[^\w\s]", re.UNICODE)
_POOL = 12
"""Candidates of each name that are weighed against those of the others."""


@dataclass(frozen=True, slots=True)
class Query:
    """A name or phrase, and what is known of it: ``country`` (ISO 3166-1 alpha-2), ``near`` (lat, lon)."""

    id: str
    text: str
    country: str | None = None
    near: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A name within a phrase: what the words next to it ask for, and how it hangs on those before it."""

    start: int
    end: int
    text: str
    asked: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str

    @property
    def low(self) -> str:
        return self.text.lower()


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("mapper").joinpath("phrase.toml").read_text(encoding="utf-8"))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_data()["words"][name])


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind, words in _data()["kinds"].items() for word in words}


def geocode_phrase(query: Query, gazetteer: Gazetteer, *, limit: int = 5) -> Record:
    """Answer one query: candidates, best first, and for a location phrase ``geometry``.

    Parameters
    ----------
    query
        A name in any spelling and script, or a location phrase.
    gazetteer
        An open gazetteer.
    limit
        How many candidates to give.
    """
    chunks = read_chunks(query.text)
    whole = [Chunk(0, len(query.text), query.text.strip())]
    if not chunks:
        chunks = whole
    if len(chunks) == 1 and not chunks[0].asked:
        scored = _plain(query, chunks[0].text, limit, gazetteer)
    else:
        scored = _scored(query, chunks, gazetteer)
    answers = [_answer(candidate, score) for score, candidate in scored[:limit]]
    placed = _placed(query, chunks, gazetteer) if len(chunks) > 1 or chunks[0].start else None
    if placed is None:
        return {"id": query.id, "candidates": answers}
    location, anchor = placed
    record = place_record(anchor.place)
    first = {
        **record,
        "name": query.text.strip(),
        "lat": round(location.lat, 6),
        "lon": round(location.lon, 6),
        "radius_m": round(location.radius_m, 1),
        "score": round(anchor.similarity, 4),
        "match": anchor.match,
    }
    return {"id": query.id, "candidates": [first, *answers][:limit], "geometry": rounded(location.geometry)}


def _placed(query: Query, chunks: Sequence[Chunk], gazetteer: Gazetteer) -> tuple[Location, Candidate] | None:
    """Where words like "20 km north of X" or "between X and Y" lead, by the grammar of events."""
    from mapper.space import locate, phrases

    mentions = [Mention(f"m{n}", c.start, c.end, c.text, "other") for n, c in enumerate(chunks)]
    words = [e for e in phrases.find(query.text, mentions) if e.type in _DRAWN and e.anchors]
    if not words:
        return None
    pools = {m.id: pool for m, pool in zip(mentions, _pools(query, chunks, gazetteer), strict=True) if pool}
    found = [Resolution(m, pools[m.id][0].place, pools[m.id][0].match) for m in mentions if m.id in pools]
    location = locate.locate_expression(words[0], found, gazetteer)
    anchor = pools.get(words[0].anchors[0])
    return (location, anchor[0]) if location is not None and anchor else None


_DRAWN = ("offset", "distance", "between", "along")
"""Relations whose words lead away from their anchor; the others mean the anchor itself."""


def _plain(query: Query, name: str, limit: int, gazetteer: Gazetteer) -> list[tuple[float, Candidate]]:
    """The gazetteer's own order; the score is the similarity of the names, never rising."""
    scored: list[tuple[float, Candidate]] = []
    for candidate in gazetteer.candidates(name, country=query.country, near=query.near, limit=limit):
        scored.append((min(candidate.similarity, scored[-1][0] if scored else 1.0), candidate))
    return scored


def read_chunks(text: str) -> list[Chunk]:
    """Find the names of a phrase: runs of words that are neither small words nor words for a kind of place.

    Written with capitals, a name's words have them; in a text without capitals every other word counts.
    """
    tokens = [_Token(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text)]
    capitals = any(t.text[:1].isupper() for t in tokens)
    chunks: list[Chunk] = []
    at = 0
    while at < len(tokens):
        last = _name_end(tokens, at, capitals)
        if last == at:
            at += 1
            continue
        start, end = tokens[at].start, tokens[last - 1].end
        chunks.append(Chunk(start, end, text[start:end], _asked(tokens, at, last), _link(tokens, at)))
        at = last
    return chunks


def _name_end(tokens: Sequence[_Token], at: int, capitals: bool) -> int:
    end = at
    first = tokens[at]
    if first.low in _words("prefix") and first.text[0].isupper() and capitals and at + 1 < len(tokens):
        end += _in_name(tokens[at + 1], capitals)
    while end < len(tokens) and _in_name(tokens[end], capitals):
        end += 1
    return end


def _in_name(token: _Token, capitals: bool) -> bool:
    if not token.text[0].isalpha() or token.low in _words("stop") or token.low in _kinds():
        return False
    return not capitals or not token.text.islower()


def _asked(tokens: Sequence[_Token], first: int, last: int) -> str:
    """The kind that the words beside a name give it: "X district", "village of X", "pos. X"."""
    if last < len(tokens) and tokens[last].low in _kinds():
        return _kinds()[tokens[last].low]
    before = first - 1
    while before >= 0 and tokens[before].low in ("of", "the", "."):
        before -= 1
    if before < 0 or (
        before and tokens[before - 1].text[0].isupper() and tokens[before - 1].low not in _kinds()
    ):
        return ""  # The word belongs to the name before it: "X district of Y".
    return _kinds().get(tokens[before].low, "")


def _link(tokens: Sequence[_Token], first: int) -> str:
    """How a name hangs on the one before: "near", "inside", or "" after a comma or nothing."""
    for token in reversed(tokens[max(0, first - 5) : first]):
        if token.low in _words("near"):
            return "near"
        if token.low in _words("inside") and not _kinds().get(_previous(tokens, token)):
            return "inside"
        if not token.text[0].isalpha() and token.text != ".":
            return ""
    return ""


def _previous(tokens: Sequence[_Token], token: _Token) -> str:
    index = tokens.index(token)
    return tokens[index - 1].low if index and token.low == "of" else ""


def _scored(query: Query, chunks: Sequence[Chunk], gazetteer: Gazetteer) -> list[tuple[float, Candidate]]:
    pools = _pools(query, chunks, gazetteer)
    best: dict[str, tuple[float, Candidate]] = {}
    for number, chunk in enumerate(chunks):
        for rank, candidate in enumerate(pools[number]):
            score = _score(number, chunk, rank, candidate, chunks, pools)
            known = best.get(candidate.place.id)
            if known is None or known[0] < score:
                best[candidate.place.id] = (score, candidate)
    return sorted(best.values(), key=lambda pair: (-pair[0], pair[1].place.id))


def _pools(query: Query, chunks: Sequence[Chunk], gazetteer: Gazetteer) -> list[list[Candidate]]:
    """Candidates of each name; regions and districts first, for the others are looked up near them."""
    pools: list[list[Candidate]] = [[] for _ in chunks]
    point = query.near
    codes: list[str] = []
    order = sorted(range(len(chunks)), key=lambda i: (chunks[i].asked not in _LARGE, -i))
    for number in order:
        pools[number] = _pool(query, chunks[number], point, codes, gazetteer)
        if chunks[number].asked == "region":
            codes += [c.place.admin1_code for c in pools[number][:1] if c.similarity >= _SURE]
        top = pools[number][0] if pools[number] else None
        if top is not None and top.match in ("exact", "folded", "alternate") and query.near is None:
            point = (top.place.lat, top.place.lon)
    return pools


def _pool(
    query: Query, chunk: Chunk, point: tuple[float, float] | None, codes: Sequence[str], gazetteer: Gazetteer
) -> list[Candidate]:
    """Candidates of one name: in the regions that the phrase names, then anywhere in the country."""
    if chunk.asked == "region":
        regions = gazetteer.candidates(chunk.text, country=query.country, features={"region"}, limit=3)
        if regions and regions[0].similarity >= _SURE:
            return regions
    found: list[Candidate] = []
    for code in dict.fromkeys(codes):
        found += gazetteer.candidates(chunk.text, country=query.country, region=code, near=point, limit=_POOL)
    known = {candidate.place.id for candidate in found}
    anywhere = gazetteer.candidates(chunk.text, country=query.country, near=point, limit=_POOL)
    return found + [candidate for candidate in anywhere if candidate.place.id not in known]


_SURE = 0.8
"""A region whose name fits as well as this decides where the others are looked for."""
_LARGE = ("region", "district", "municipality")


def _score(
    number: int,
    chunk: Chunk,
    rank: int,
    candidate: Candidate,
    chunks: Sequence[Chunk],
    pools: Sequence[list[Candidate]],
) -> float:
    w = _data()["weights"]
    place = candidate.place
    score = float(w["name"] * candidate.similarity - w["later"] * number - 0.002 * rank)
    score += w["size"] * math.log10(1 + place.population / 100)
    if chunk.asked in w:
        score -= w[chunk.asked]
    score += _kind_fit(chunk.asked, place) if chunk.asked else 0.0
    for other, context in enumerate(chunks):
        if other != number:
            score += _support(candidate, context, pools[other])
    return float(score)


def _kind_fit(asked: str, place: Place) -> float:
    w = _data()["weights"]
    fits = {
        "suburb": ("suburb", "settlement", "district"),
        "district": ("district", "suburb", "settlement"),
        "airport": ("airport", "airbase"),
        "municipality": ("municipality", "district", "settlement"),
    }.get(asked, (asked,))
    return float(w["asked"] if place.feature in fits else -w["not_asked"])


def _support(candidate: Candidate, context: Chunk, pool: Iterable[Candidate]) -> float:
    """How well a place lies where another name of the phrase says."""
    w = _data()["weights"]
    weight = w["near"] if context.link == "near" else w["contained"]
    return float(weight * max((c.similarity**2 * _fit(candidate.place, c.place) for c in pool), default=0.0))


def _fit(place: Place, other: Place) -> float:
    if place.id == other.id:
        return 0.0
    if other.feature in ("region", "country"):
        same = (
            place.admin1_code == other.admin1_code
            if other.feature == "region"
            else place.country == other.country
        )
        if place.feature == other.feature:
            return 0.0
        return 1.0 if same else -1.0
    distance = float(great_circle_m(place.lat, place.lon, other.lat, other.lon))
    reach = 30_000.0 if other.feature in ("district", "municipality") else 12_000.0
    return min(1.0, math.exp(-(distance - reach) / reach))


def _answer(candidate: Candidate, score: float) -> Record:
    return {
        **place_record(candidate.place),
        "score": round(max(0.0, min(1.0, score)), 4),
        "match": candidate.match,
    }
