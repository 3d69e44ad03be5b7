"""What the words round a name say of it: what kind of place, in what other place, and whether it acts.

"the village of X" and "X district" ask for a feature; "X, Y" and "X in Y" put X inside Y; "Moscow said"
means a government, and "Kharkiv University" an organisation: neither is a location on the map.
"""

from __future__ import annotations

from gazetteer.place import Feature
from mapper.mentions.features import Context
from mapper.mentions.lattice import Span, Text
from mapper.mentions.words import words
from mapper.types import MentionKind

KINDS: dict[Feature, MentionKind] = {
    "country": "country",
    "region": "region",
    "district": "region",
    "municipality": "region",
    "river": "river",
    "water": "water",
    "road": "road",
    "area": "area",
    "continent": "area",
    "airport": "facility",
    "airbase": "facility",
    "facility": "facility",
    "bridge": "facility",
}
_KIND_OF_ASKED: dict[str, MentionKind] = {
    "region": "region",
    "district": "region",
    "municipality": "region",
    "settlement": "settlement",
    "airport": "facility",
    "facility": "facility",
    "bridge": "facility",
    "road": "road",
    "river": "river",
    "water": "water",
    "area": "area",
}
_BEFORE_OF = frozenset(
    {"settlement", "region", "district", "municipality", "water", "area", "river", "facility"}
)
_ADJECTIVES = frozenset(
    {
        "chemical", "power", "nuclear", "steel", "international", "air", "force", "administrative",
        "military", "railway", "train", "border",
    }
)  # fmt: skip


def is_demonym(span: Span) -> bool:
    """Whether the name is only known as an adjective or the name of a people."""
    return span.found != "sound" and bool(span.candidates) and span.candidates[0].kind == "demonym"


def asked(text: Text, span: Span, spans: list[Span]) -> tuple[str, ...]:
    """Give the features that the words round a span ask for, best first; () when they ask for none."""
    if is_demonym(span):
        return ()
    kind = _inner_kind(text, span) or _kind_after(text, span, spans) or _kind_before(text, span)
    return words().asks[kind] if kind else ()


def _inner_kind(text: Text, span: Span) -> str | None:
    """The name itself ends with a kind word: "Salem County", "Mill Road"."""
    if span.last > span.first and span.found == "facility":
        return words().kind.get(text.word(span.last))
    return None


def _kind_after(text: Text, span: Span, spans: list[Span]) -> str | None:
    """Find "X region", "the X chemical plant", and "X and Y regions" from X."""
    index = span.last + 1
    word = text.word(index)
    if word in _ADJECTIVES:
        index, word = index + 1, text.word(index + 1)
    kind = words().kind.get(word)
    if kind and text.pieces[index].sentence == text.pieces[span.last].sentence:
        return kind if not (kind == "settlement" and text.pieces[index].capital) else None
    if word in ("and", "or", ",", "-", "–", "&"):
        return _shared_kind(text, index, spans)
    return None


def _shared_kind(text: Text, joint: int, spans: list[Span]) -> str | None:
    """A plural kind word after the last name of a row counts for all: "Luhansk and Donetsk regions"."""
    following = next((s for s in spans if s.first == joint + 1), None)
    if following is None:
        return None
    word = text.word(following.last + 1)
    kind = words().kind.get(word)
    if kind and word.endswith("s"):
        return kind
    if word in ("and", "or", ",", "&"):
        return _shared_kind(text, following.last + 1, spans)
    return None


def _kind_before(text: Text, span: Span) -> str | None:
    """Find "the village of X", "the city X", "Lake X"."""
    index = span.first - 1
    if index < 0 or text.pieces[index].sentence != text.pieces[span.first].sentence:
        return None
    kind = words().kind
    if text.word(index) == "of":
        before = kind.get(text.word(index - 1))
        return before if before in _BEFORE_OF else None
    before = kind.get(text.word(index))
    if before in ("settlement", "river", "area", "water") and not text.word(index).endswith("s"):
        return before if text.word(index) != "mayor" else None
    return None


def initial_kind(text: Text, span: Span, features: tuple[str, ...]) -> MentionKind:
    """Give the kind as far as recognition can tell; resolution has the last word."""
    if is_demonym(span):
        return "demonym"
    if features:
        return _KIND_OF_ASKED.get(features[0], "other")
    if span.candidates:
        return KINDS.get(span.candidates[0].place.feature, "settlement")
    return "other"


def inside(text: Text, span: Span, spans: list[Span]) -> Span | None:
    """Give the span that the text says contains this one: "X, Y", "X (Y)", "X in Y", "X's Y"."""
    following = next((s for s in spans if s.start >= span.end), None)
    if following is not None and following.first - span.last in (2, 3, 4, 5, 6):
        between = _joining(text, span.last + 1, following.first)
        if between in (",", "(", "in", "in the", ", in", ", in the", "of"):
            listed = between == "," and not _is_container(following)
            return None if is_demonym(following) or listed else following
    before = next((s for s in reversed(spans) if s.end <= span.start), None)
    if before is not None and text.text[before.end : span.start].strip() in ("'s", "’s"):
        return before
    return None


def _is_container(span: Span) -> bool:
    """Whether a name after a comma is rather what contains the name before it than the next of a list."""
    if span.found == "short":
        return True
    features = ("country", "region", "district", "area", "continent")
    return bool(span.candidates) and span.candidates[0].place.feature in features


def _joining(text: Text, first: int, stop: int) -> str:
    """Give the words between two names, without kind words and directions ("district in southern")."""
    table = words()
    return " ".join(
        word
        for word in (text.word(i) for i in range(first, stop))
        if word not in table.kind and word not in table.classes["direction"] and word not in _ADJECTIVES
    )


def is_pinned(text: Text, span: Span, doc: Context) -> bool:
    """Whether the span stands for a location, not for a government, an organisation or a people."""
    if is_demonym(span):
        return False
    return not (_in_organisation(text, span, doc) or _acts(text, span))


def _in_organisation(text: Text, span: Span, doc: Context) -> bool:
    """The name is part of a longer name of an organisation or a person."""
    table = words()
    after = span.last + 1
    if after < len(text.pieces) and text.pieces[after].capital and not text.is_caps(after):
        word = text.word(after)
        if word in table.classes["org"] and word not in table.kind:
            return True
    entity = doc.entity_of.get(text.pieces[span.first].token)
    if entity is None or entity.label_ not in ("ORG", "PERSON"):
        return False
    bare = entity.text.removeprefix("The ").removeprefix("the ")
    if len(bare) <= len(span.text) + 2:
        return False
    rest = bare.replace(span.text, " ").lower().split()
    if entity.label_ == "ORG":
        return any(word.strip(".") in table.classes["org"] or word in table.kind for word in rest)
    return False


def _acts(text: Text, span: Span) -> bool:
    """The name is the subject of a verb of saying or wanting, or goes before "officials"."""
    if not text.parsed.reads_grammar:
        return False
    table = words()
    nouns = table.classes["actor_noun"]
    kind = span.candidates[0].place.feature if span.candidates else ""
    if kind not in ("country", "settlement", "continent"):
        return False
    if kind == "settlement" and max(c.place.population for c in span.candidates) < 300_000:
        return False
    if text.word(span.last + 1) in nouns:
        return True
    token = text.token(span.last)
    return token.dep_ == "nsubj" and token.head.lower_ in table.classes["actor_verb"]
