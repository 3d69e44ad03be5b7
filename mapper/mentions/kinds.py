"""What the words round a name say of it: what kind of place, in what other place, and whether it acts.

"the village of X" and "X district" ask for a feature; "X, Y" and "X in Y" put X inside Y; "Moscow said"
means a government, and "Kharkiv University" an organisation: neither is a location on the map.
"""

from __future__ import annotations

from gazetteer.place import Feature
from mapper.mentions import heads
from mapper.mentions.context import Context
from mapper.mentions.lattice import Span, Text
from mapper.mentions.second import holds
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
JOINTS = (",", "and", ", and", "or")
"""What stands between the names of a list."""
_BEFORE_OF = frozenset(
    {"settlement", "region", "district", "municipality", "water", "area", "river", "bank", "part"}
)
_ADJECTIVAL = ("ska", "skaya", "skiy", "sky", "skyi", "skoi", "skoye", "ske", "skyy")
"""Endings of Slavic adjectives: "the Odeska area" means the region, not a town."""
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
    if span.found == "short":
        return words().asks["state" if span.candidates[0].place.feature != "country" else "country"]
    kind = _inner_kind(text, span) or _kind_after(text, span, spans) or _kind_before(text, span)
    return words().asks[kind] if kind else ()


def _inner_kind(text: Text, span: Span) -> str | None:
    """The name itself ends with a kind word: "Salem County", "Mill Road"."""
    if span.last > span.first and (span.found == "facility" or span.query):
        return words().kind.get(text.word(span.last)) or words().kind.get(text.word(span.first))
    return None


def _kind_after(text: Text, span: Span, spans: list[Span]) -> str | None:
    """Find "X region", "the X chemical plant", and "X and Y regions" from X."""
    index = span.last + 1
    word = text.word(index)
    if word in words().classes["axis"]:
        return "settlement"
    if word in words().classes["state_office"]:
        return "region"
    if word in ("area", "areas"):
        return "region" if span.text.lower().endswith(_ADJECTIVAL) else None
    if word == "air":
        return "airport" if text.word(index + 1) in ("base", "bases", "field", "force") else None
    if word in _ADJECTIVES:
        index, word = index + 1, text.word(index + 1)
    kind = words().kind.get(word)
    if word == "people" and text.word(index + 2) == "republic":
        return "region"
    if kind in ("bank", "part"):
        return None
    if kind and text.pieces[index].sentence == text.pieces[span.last].sentence:
        if kind == "settlement" and any(_holds_next(text, span, s) for s in spans if s.first > span.last):
            return None  # "the Texas town of X"
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
    if text.word(index) == "the":
        return _kind_by_article(text, span)
    if text.word(index) == "on" and any(c.place.feature == "area" for c in span.candidates[:5]):
        return "area"  # an island
    before = kind.get(text.word(index))
    if before in ("settlement", "river", "area", "water") and not text.word(index).endswith("s"):
        return before if text.word(index) != "mayor" else None
    return None


def _kind_by_article(text: Text, span: Span) -> str | None:
    """Towns take no article: "the Elbe" is the river where the gazetteer knows one."""
    if text.word(span.first - 2) == "of" and words().kind.get(text.word(span.first - 3)) == "bank":
        return "bank"
    rivers = any(c.place.feature == "river" for c in span.candidates)
    after = span.last + 1
    alone = after >= len(text.pieces) or not (
        text.pieces[after].capital or text.token(after).pos_ in ("NOUN", "PROPN", "ADJ")
    )
    return "bank" if rivers and alone else None


def initial_kind(text: Text, span: Span, features: tuple[str, ...]) -> MentionKind:
    """Give the kind as far as recognition can tell; resolution has the last word."""
    if is_demonym(span):
        return "demonym"
    if features:
        return _KIND_OF_ASKED.get(features[0], "other")
    if span.candidates:
        # "North of the Slovenes": a place that only sounds like a people is none of the people's country
        first = next((c for c in span.candidates if c.kind != "demonym"), span.candidates[0])
        return KINDS.get(first.place.feature, "settlement")
    return "other"


def containers(text: Text, spans: list[Span]) -> list[Span | None]:
    """Give for each span the one that the text says contains it; a list shares what its last name has.

    "A, B and C in D": all three lie in D.
    """
    outers = [inside(text, span, spans) for span in spans]
    holding = {id(outer) for outer in outers if outer is not None}
    for i in range(len(spans) - 2, -1, -1):
        if outers[i] is not None or id(spans[i]) in holding or is_demonym(spans[i]):
            continue
        between = text.text[spans[i].end : spans[i + 1].start].strip()
        if between in JOINTS and _finer(spans[i]) and _finer(spans[i + 1]):
            outers[i] = _shared(spans[i], outers[i + 1])
            if outers[i] is not None and _own_state(text, spans[i + 1], outers[i]):
                outers[i] = None
    return heads.ruled(text, spans, outers)


def _own_state(text: Text, span: Span, outer: Span | None) -> bool:
    """Whether a comma puts one name into a state: "Chicago and Toledo, Ohio" says nothing of Chicago."""
    if outer is None or text.text[span.end : outer.start].strip() != ",":
        return False
    return bool(outer.candidates) and outer.candidates[0].place.feature != "country"


def _shared(span: Span, outer: Span | None) -> Span | None:
    """Give what contains the next name of a list, if it can hold this one too."""
    if outer is None or span.found == "sound" or not outer.candidates:
        return outer
    return outer if holds(outer.candidates, span.candidates) else None


def inside(text: Text, span: Span, spans: list[Span]) -> Span | None:
    """Give the span that the text says contains this one: "X, Y", "X (Y)", "X in Y", "X's Y"."""
    following = next((s for s in spans if s.start >= span.end), None)
    if following is not None and following.first - span.last in (2, 3, 4, 5, 6):
        if text.word(following.first - 1) == "of" and _cardinal(text.word(following.first - 2)):
            return None
        if _holds_next(text, span, following) or _begins_clause(text, span, following):
            return None
        between = _joining(text, span.last + 1, following.first)
        if between in (",", "(", "in", "in the", ", in", ", in the", "of"):
            listed = between == "," and (
                not _is_container(following, span) or _goes_on(text, span, following, spans)
            )
            return None if is_demonym(following) or listed else following
    before = next((s for s in reversed(spans) if s.end <= span.start), None)
    if before is not None and text.text[before.end : span.start].strip() in ("'s", "’s"):
        return before
    if before is not None and not is_demonym(before) and _holds_next(text, before, span):
        return before
    return None


def _begins_clause(text: Text, span: Span, following: Span) -> bool:
    """Whether a country after a comma begins the clause: "in Rome, U.S. officials said"."""
    if text.text[span.end : following.start].strip() != "," or not text.parsed.reads_grammar:
        return False
    if not following.candidates or following.candidates[0].place.feature != "country":
        return False
    if _before_actor(text, following):
        return True
    return text.token(following.last).dep_ == "nsubj" and text.word(following.last + 1) != ","


def _holds_next(text: Text, span: Span, following: Span) -> bool:
    """Whether the text says that the next name lies in this one: "the Texas town of X", "Leeds suburb X"."""
    if words().kind.get(text.word(span.last + 1)) != "settlement" or not span.candidates:
        return False
    joint = 1 + (text.word(span.last + 2) == "of")
    return following.first == span.last + joint + 1


def _goes_on(text: Text, span: Span, following: Span, spans: list[Span]) -> bool:
    """Whether a comma parts names of a list that goes on: "Niger, Nigeria and Togo", towns likewise."""
    if following.found == "short" or not (span.candidates and following.candidates):
        return False
    countries = all(s.candidates[0].place.feature == "country" for s in (span, following))
    if not countries and not (_may_be_town(span) and _may_be_town(following)):
        return False
    third = next((s for s in spans if s.start >= following.end), None)
    if third is None or third.found == "short":
        return False
    if text.text[following.end : third.start].strip() not in JOINTS:
        return False
    return countries or not holds(third.candidates, following.candidates)


def _may_be_town(span: Span) -> bool:
    """Whether the name is a town's, or a town's with its district; not first of all a region's."""
    first = span.candidates[0].place.feature
    return first in ("settlement", "district", "municipality") and any(
        c.place.feature == "settlement" and c.match == "exact" for c in span.candidates[:3]
    )


def _cardinal(word: str) -> bool:
    """Whether a word is "north", "south-east" and so on: "a village north of X" does not lie in X."""
    return word in words().classes["direction"] and word.endswith(("north", "south", "east", "west"))


def _is_container(span: Span, inner: Span) -> bool:
    """Whether a name after a comma is rather what contains the name before it than the next of a list."""
    if span.found == "short":
        return True
    if _both_regions(span, inner):
        return False
    features = ("country", "region", "district", "area", "continent")
    large = bool(span.candidates) and span.candidates[0].place.feature in features
    return (large and not _well_known(inner)) or holds(span.candidates, inner.candidates)


def _well_known(span: Span) -> bool:
    """Whether a name is a city's as it stands: where no namesake lies in what follows, it is a list."""
    return any(
        c.place.population >= (100_000 if c.match == "exact" else 500_000) and c.kind != "demonym"
        for c in span.candidates[:3]
    )


def _both_regions(one: Span, other: Span) -> bool:
    """Whether both names are regions of one country: "Georgia, Oklahoma and Texas" is a list."""
    codes = [
        {c.place.country for c in s.candidates[:5] if c.place.feature == "region" and c.match == "exact"}
        for s in (one, other)
    ]
    return bool(codes[0] & codes[1])


def _joining(text: Text, first: int, stop: int) -> str:
    """Give the words between two names, without kind words and directions ("district in southern")."""
    table = words()
    return " ".join(
        word
        for word in (text.word(i) for i in range(first, stop))
        if word not in table.kind and word not in table.classes["direction"] and word not in _ADJECTIVES
    )


def is_pinned(text: Text, span: Span, doc: Context, spans: list[Span]) -> bool:
    """Whether the span stands for a location, not for a government, an organisation or a people."""
    if is_demonym(span) or span.text.lower() in words().institutions:
        return False
    return not (_in_organisation(text, span, doc) or _acts(text, span) or _is_axis(text, span, spans))


def _is_axis(text: Text, span: Span, spans: list[Span]) -> bool:
    """Whether X in "in the X direction, ... near Y" names a part of the front, and Y the place in it."""
    if text.word(span.last + 1) not in words().classes["axis"]:
        return False
    sentence = text.pieces[span.first].sentence
    return any(s.start > span.end and text.pieces[s.first].sentence == sentence and _finer(s) for s in spans)


def _finer(span: Span) -> bool:
    return bool(span.candidates) and span.candidates[0].place.feature in (
        "settlement", "suburb", "municipality", "facility", "airport", "airbase", "bridge"
    )  # fmt: skip


def _in_organisation(text: Text, span: Span, doc: Context) -> bool:
    """The name is part of a longer name of an organisation or a person."""
    table = words()
    after = span.last + 1
    if after < len(text.pieces) and text.pieces[after].capital and not text.is_caps(after):
        word = text.word(after)
        if word in table.classes["org"] and word not in table.kind:
            return True
    entity = doc.entity_of.get(text.pieces[span.first].token)
    if entity is None or entity.label_ not in ("ORG", "PERSON") or "(" in entity.text:
        return False
    bare = entity.text.removeprefix("The ").removeprefix("the ")
    if len(bare) <= len(span.text) + 2:
        return False
    rest = bare.replace(span.text, " ").lower().split()
    if entity.label_ == "ORG":
        return any(word.strip(".") in table.classes["org"] or word in table.kind for word in rest)
    return False


def _acts(text: Text, span: Span) -> bool:
    """Whether the name means a government, an army or a people that acts, not the ground.

    A country that does something ("Peru has sent ships", "talks with Peru", "Peru's army", "Peruvian and
    Chile officials") acts; a city does so only with verbs of saying and deciding.
    """
    if not text.parsed.reads_grammar:
        return False
    table = words()
    kind = span.candidates[0].place.feature if span.candidates else ""
    if kind == "region" and any(c.place.population >= 300_000 for c in span.candidates[:4]):
        kind = "settlement"  # "Washington said" is the city's government, though a region bears the name
    if kind not in ("country", "settlement", "continent"):
        return False
    if kind == "settlement" and max(c.place.population for c in span.candidates) < 300_000:
        return False
    if _before_actor(text, span):
        return True
    token = text.token(span.last)
    while token.dep_ == "conj" and token.head.pos_ == "PROPN":
        token = token.head
    if token.dep_ == "nsubj":
        verb = token.head
        if verb.lower_ in table.classes["actor_verb"] or verb.lower_ in table.classes["speech"]:
            return True
        if verb.lemma_.lower() in table.classes["actor_verb"]:
            return True
        return (
            kind == "country" and verb.pos_ == "VERB" and verb.lemma_.lower() not in table.classes["undergo"]
        )
    if kind != "country" or token.dep_ not in ("pobj", "agent"):
        return False
    return token.head.lower_ in ("by", "with") or token.head.dep_ == "agent"


def _before_actor(text: Text, span: Span) -> bool:
    """Whether "officials", "'s army", "military spokesman" or the like follow."""
    nouns = words().classes["actor_noun"]
    index = span.last + 1
    if text.word(index) in ("'s", "’s", "'", "’"):
        index += 1
    for step in range(3):
        at = index + step
        if at >= len(text.pieces) or text.pieces[at].sentence != text.pieces[span.last].sentence:
            return False
        if text.word(at) in nouns:
            return True
        if not text.word(at).isalpha() or text.token(at).pos_ not in ("NOUN", "ADJ", "PROPN"):
            return False
    return False
