"""Names and location phrases -> places, without a language model: the work of ``mapper geocode``.

The most specific place of a phrase wins ("the village of A, B district, C region": A), and the others say
where it must lie. Words that count from a place ("20 km north of A", "between A and B") are read by the
same grammar and drawn by the same geometry as those of events.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from gazetteer.place import Candidate, Place
from gazetteer.ranking import metres_between
from mapper.coordinates import Found, find
from mapper.phrase_words import Chunk, data, read_chunks
from mapper.record import Record, place_record, rounded
from mapper.types import Location, Mention, Resolution, SpatialExpression

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer

Scored = tuple[float, Candidate]
_POOL = 12
"""Candidates of each name that are weighed against those of the others."""
_SURE = 0.8
"""A region whose name fits as well as this decides where the others are looked for."""
_AT_HAND_M = 60_000.0
"""A name that is written right, this near to where the phrase is, is not looked for by sound."""
_MOUTH_M = 15_000.0
"""The lines of rivers and coasts are drawn so roughly that a mouth is not known better."""
_ALIKE = 0.12
"""Names that differ no more in similarity are taken for one name: "Hatay" and "Hatay Province"."""
_NEARLY = 0.9
"""How well a place fits that lies about where a district is, beside one that is known to lie in it."""
_LARGE = ("region", "district", "municipality")
_WRITTEN = ("exact", "folded", "alternate")
_DRAWN = ("offset", "distance", "between", "along")
"""Relations whose words lead away from their anchor; the others mean the anchor itself."""


@dataclass(frozen=True, slots=True)
class Query:
    """A name or phrase, and what is known of it: ``country`` (ISO 3166-1 alpha-2), ``near`` (lat, lon)."""

    id: str
    text: str
    country: str | None = None
    near: tuple[float, float] | None = None


def geocode_phrase(query: Query, gazetteer: Gazetteer, *, limit: int = 5) -> Record:
    """Answer one query: candidates, best first, and for a location phrase ``geometry``.

    Parameters
    ----------
    query
        A name in any spelling and script, a location phrase, or coordinates.
    gazetteer
        An open gazetteer.
    limit
        How many candidates to give.
    """
    written = find(query.text)
    chunks = _split(read_chunks(_without(query.text, written)), gazetteer)
    if not written and (not chunks or len(chunks) == 1 and _known(query, gazetteer)):
        chunks = [Chunk(0, len(query.text), query.text.strip())]
    if len(chunks) == 1 and not chunks[0].asked and not written:
        pools = [_plain(query, chunks[0].text, limit, gazetteer)]
        scored = pools[0]
    else:
        pools = _joint(query, chunks, gazetteer)
        scored = _ranked(chunks, pools)
    answers = [_point(one) for one in written]
    answers += [_answer(candidate, score) for score, candidate in scored[:limit]]
    placed = _placed(query, written, chunks, pools, gazetteer)
    if placed is None:
        return {"id": query.id, "candidates": answers[:limit]}
    location, anchor = placed
    first = {
        **anchor,
        "name": query.text.strip(),
        "lat": round(location.lat, 6),
        "lon": round(location.lon, 6),
        "radius_m": round(location.radius_m, 1),
    }
    return {"id": query.id, "candidates": [first, *answers][:limit], "geometry": rounded(location.geometry)}


def _known(query: Query, gazetteer: Gazetteer) -> bool:
    """Whether all words together are a name, with its kind word in it: "Bucha District", "Test Camp"."""
    found = gazetteer.lookup(query.text)
    return any(query.country in (None, "", c.place.country) or not c.place.country for c in found)


def _without(text: str, written: Sequence[Found]) -> str:
    """The text with its coordinates blanked, so that their letters are no names."""
    for start, end, *_ in written:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _split(chunks: Sequence[Chunk], gazetteer: Gazetteer) -> list[Chunk]:
    """Part names that stand side by side ("Atbara River Nile state") where the gazetteer knows both."""
    found: list[Chunk] = []
    for chunk in chunks:
        if pair := _pair(chunk, gazetteer):
            found += pair
            continue
        words = chunk.text.split()
        if 1 < len(words) <= 6 and not gazetteer.lookup(chunk.text):
            for cut in range(1, len(words)):
                head, tail = " ".join(words[:cut]), " ".join(words[cut:])
                if _is_large(tail, chunk.asked, gazetteer) and gazetteer.lookup(head):
                    middle = chunk.start + chunk.text.index(tail, len(head))
                    found.append(Chunk(chunk.start, chunk.start + len(head), head, "", chunk.link))
                    chunk = Chunk(middle, middle + len(tail), tail, chunk.asked, "inside")
                    break
        found.append(chunk)
    return found


def _pair(chunk: Chunk, gazetteer: Gazetteer) -> list[Chunk]:
    """Part two names with a hyphen between them ("the Sennar-Damazin road") where only the two are known."""
    head, hyphen, tail = chunk.text.partition("-")
    if not (chunk.joins and hyphen and gazetteer.lookup(head) and gazetteer.lookup(tail)) or gazetteer.lookup(
        chunk.text
    ):
        return []
    middle = chunk.end - len(tail)
    return [
        Chunk(chunk.start, chunk.start + len(head), head, chunk.asked, chunk.link),
        Chunk(middle, chunk.end, tail, chunk.asked, chunk.link),
    ]


def _is_large(name: str, asked: str, gazetteer: Gazetteer) -> bool:
    known = gazetteer.lookup(name)
    large = [c for c in known if c.place.feature in ("country", "region", "district")]
    return bool(large) and (asked in _LARGE or known[0] in large)


def _placed(
    query: Query,
    written: Sequence[Found],
    chunks: Sequence[Chunk],
    pools: Sequence[Sequence[Scored]],
    gazetteer: Gazetteer,
) -> tuple[Location, Record] | None:
    """Where words like "20 km north of X" or "between X and Y" lead, by the grammar of events."""
    if (
        len(chunks) + len(written) < 2
        and not (chunks and chunks[0].start)
        and not (written and written[0][0])
    ):
        return None  # Nothing stands beside the only name.
    from mapper.space import locate, phrases

    found: list[tuple[Resolution, Record]] = []
    for start, end, lat, lon, radius_m in written:
        place = Place(f"point:{lat:.5f},{lon:.5f}", query.text[start:end], lat, lon, radius_m, "area")
        mention = Mention(f"c{start}", start, end, place.name, "coordinate", point=(lat, lon))
        found.append((Resolution(mention, place, "coordinate"), _point((start, end, lat, lon, radius_m))))
    for number, (chunk, pool) in enumerate(zip(chunks, pools, strict=True)):
        mention = Mention(f"m{number}", chunk.start, chunk.end, chunk.text, "other")
        best = max(pool, key=lambda pair: _as_anchor(chunk, *pair))[1] if pool else None
        answer = _answer(best, best.similarity) if best else {}
        found.append(
            (Resolution(mention, best.place if best else None, best.match if best else None), answer)
        )
    found.sort(key=lambda pair: pair[0].mention.start)
    mentions = [resolution.mention for resolution, _ in found]
    words = _leading([e for e in phrases.find(query.text, mentions) if e.type in _DRAWN])
    if words is None:
        return None
    location = locate.locate_expression(words, [r for r, _ in found if r.place], gazetteer)
    anchor = next(answer for resolution, answer in found if resolution.mention.id == words.anchors[0])
    return (location, anchor) if location is not None and anchor else None


def _as_anchor(chunk: Chunk, score: float, candidate: Candidate) -> float:
    large = candidate.place.feature in _LARGE and chunk.asked not in _LARGE
    return score - (data()["weights"]["anchor_large"] if large else 0.0)


def _leading(expressions: Sequence[SpatialExpression]) -> SpatialExpression | None:
    """The first expression that says where the whole phrase is, and not where one of its names lies."""
    return next((e for e in expressions if e.anchors and e.subject is None), None)


def _plain(query: Query, name: str, limit: int, gazetteer: Gazetteer) -> list[Scored]:
    """The gazetteer's own order; the score is the similarity of the names, never rising."""
    scored: list[Scored] = []
    found = gazetteer.candidates(name, country=query.country, near=query.near, limit=limit)
    for candidate in _towns_first(found):
        scored.append((min(candidate.similarity, scored[-1][0] if scored else 1.0), candidate))
    return scored


def _towns_first(found: Sequence[Candidate]) -> list[Candidate]:
    """Put the town before the region or district of its name that it lies in: a bare name means the town."""
    ordered = list(found)
    for town in [c for c in found if c.place.feature == "settlement"]:
        at = ordered.index(town)
        holders = [
            i for i, c in enumerate(ordered[:at])
            if c.place.feature in _LARGE and c.place.country == town.place.country
            and abs(c.similarity - town.similarity) < _ALIKE
            and c.place.admin1_code == town.place.admin1_code
        ]  # fmt: skip
        if holders:
            ordered.insert(holders[0], ordered.pop(at))
    return ordered


def _joint(query: Query, chunks: Sequence[Chunk], gazetteer: Gazetteer) -> list[list[Scored]]:
    """Candidates of each name with how well they fit: by name, kind, and the other names of the phrase."""
    pools = _pools(query, chunks, gazetteer)
    scored: list[list[Scored]] = []
    for number, chunk in enumerate(chunks):
        others = [(chunks[i], pools[i]) for i in range(len(chunks)) if i != number]
        scored.append([(_score(chunk, rank, one, others), one) for rank, one in enumerate(pools[number])])
    return scored


def _ranked(chunks: Sequence[Chunk], pools: Sequence[Sequence[Scored]]) -> list[Scored]:
    """All candidates in one list: those of the name that the phrase is about come first."""
    w = data()["weights"]
    best: dict[str, Scored] = {}
    for number, (chunk, pool) in enumerate(zip(chunks, pools, strict=True)):
        later = w["later"] * number + (w["anchor"] if chunk.link == "near" and number else 0.0)
        for score, candidate in pool:
            part = chunk.asked == "district" and candidate.place.feature == "suburb"  # of a city: no frame
            less = later + (0.0 if part else w.get(chunk.asked, 0.0))
            known = best.get(candidate.place.id)
            if known is None or known[0] < score - less:
                best[candidate.place.id] = (score - less, candidate)
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
        if top is not None and top.match in _WRITTEN and query.near is None:
            point = (top.place.lat, top.place.lon)
    return pools


def _pool(
    query: Query, chunk: Chunk, point: tuple[float, float] | None, codes: Sequence[str], gazetteer: Gazetteer
) -> list[Candidate]:
    """Candidates of one name: in the regions that the phrase names, then anywhere in the country."""
    name, country = chunk.text, query.country
    if chunk.asked == "region":
        regions = _candidates(gazetteer, name, country, features=frozenset({"region"}))
        if regions and regions[0].similarity >= _SURE:
            return list(regions[:3])
    if chunk.asked == "mouth" and (mouths := _mouths(name, gazetteer)):
        return mouths
    for longer in chunk.longer:
        named = _candidates(gazetteer, longer, country, near=point, sound=False)
        if named:
            return list(named)
    found: list[Candidate] = []
    for code in dict.fromkeys(codes):
        found += _candidates(gazetteer, name, country, region=code, near=point)
    known = {candidate.place.id for candidate in found}
    sound = not any(candidate.match in _WRITTEN for candidate in found)
    anywhere: Sequence[Candidate] = ()
    if sound and point is not None:
        anywhere = _candidates(gazetteer, name, country, near=point, sound=False)
        sound = not any(_at_hand(candidate, point) for candidate in anywhere)
    if sound or not anywhere:
        anywhere = _candidates(gazetteer, name, country, near=point, sound=sound)
    return found + [candidate for candidate in anywhere if candidate.place.id not in known]


def _mouths(name: str, gazetteer: Gazetteer) -> list[Candidate]:
    """The rivers of a name, put where they end."""
    from mapper.phrase_river import mouth

    found = []
    # A river may be of several countries, and then it is of none.
    for river in _candidates(gazetteer, name, None, features=frozenset({"river"}))[:3]:
        end = mouth(river.place.id, gazetteer)
        if end is not None:
            place = replace(river.place, lat=end[0], lon=end[1], radius_m=_MOUTH_M)
            found.append(replace(river, place=place))
    return found


def _at_hand(candidate: Candidate, point: tuple[float, float]) -> bool:
    return metres_between(candidate.place.lat, candidate.place.lon, *point) <= _AT_HAND_M


@lru_cache(maxsize=2048)
def _candidates(
    gazetteer: Gazetteer,
    name: str,
    country: str | None,
    region: str | None = None,
    features: Collection[str] | None = None,
    near: tuple[float, float] | None = None,
    sound: bool = True,
) -> tuple[Candidate, ...]:
    """Ask the gazetteer; the phrases of one batch name the same regions and towns again and again."""
    return tuple(
        gazetteer.candidates(
            name, country=country, region=region, features=features, near=near, sound=sound, limit=_POOL
        )
    )


def _score(
    chunk: Chunk, rank: int, candidate: Candidate, others: Sequence[tuple[Chunk, Sequence[Candidate]]]
) -> float:
    w = data()["weights"]
    place = candidate.place
    score = w["name"] * candidate.similarity - w["rank"] * rank
    score += w["size"] * math.log10(1 + place.population / 100)
    score += _kind_fit(chunk.asked, place) if chunk.asked else 0.0
    return float(score + sum(_support(candidate, context, pool) for context, pool in others))


def _kind_fit(asked: str, place: Place) -> float:
    w = data()["weights"]
    fits = {
        "suburb": ("suburb", "settlement", "district"),
        "district": ("district", "suburb", "settlement"),
        "airport": ("airport", "airbase"),
        "municipality": ("municipality", "district", "settlement"),
        "axis": ("settlement",),
        "mouth": ("river",),
    }.get(asked, (asked,))
    return float(w["asked"] if place.feature in fits else -w["not_asked"])


def _support(candidate: Candidate, context: Chunk, pool: Sequence[Candidate]) -> float:
    """How well a place lies where another name of the phrase says."""
    w = data()["weights"]
    weight = w["near"] if context.link == "near" else w["contained"]
    return float(weight * max((c.similarity**2 * _fit(candidate.place, c.place) for c in pool), default=0.0))


def _fit(place: Place, other: Place) -> float:
    if place.id == other.id:
        return 0.0
    if other.feature in ("region", "country"):
        if place.feature == other.feature:
            return 0.0
        region = other.feature == "region"
        same = place.admin1_code == other.admin1_code if region else place.country == other.country
        return 1.0 if same else -1.0
    if other.feature == "district" and place.admin2 == other.name and place.admin1_code == other.admin1_code:
        return 1.0
    distance = metres_between(place.lat, place.lon, other.lat, other.lon)
    reach = 30_000.0 if other.feature in ("district", "municipality") else 12_000.0
    # What is only near a district may lie in the next one.
    return min(_NEARLY if other.feature == "district" else 1.0, math.exp(-(distance - reach) / reach))


def _answer(candidate: Candidate, score: float) -> Record:
    return {
        **place_record(candidate.place),
        "score": round(max(0.0, min(1.0, score)), 4),
        "match": candidate.match,
    }


def _point(found: Found) -> Record:
    """The answer for coordinates that stand in the phrase."""
    _, _, lat, lon, radius_m = found
    name = f"{lat:.5f}, {lon:.5f}"
    place = Place(f"point:{lat:.5f},{lon:.5f}", name, lat, lon, radius_m, "area")
    return _answer(Candidate(place, name, "code", "coordinate", 1.0), 1.0)
