"""What the words round a name say of it: what kind of place, and whether it acts.

"the village of X" and "X district" ask for a feature; "Moscow said" means a government, and "Kharkiv
University" an organisation: neither is a location on the map.
"""

from __future__ import annotations

from gazetteer.place import Feature
from mapper.mentions import heads
from mapper.mentions.context import Context
from mapper.mentions.lattice import TAIL, Span, Text
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
    {"settlement", "region", "district", "municipality", "water", "area", "river", "bank", "part"}
)
_DIVISIONS = frozenset({"region", "district", "municipality"})
_ADJECTIVAL = ("ska", "skaya", "skiy", "sky", "skyi", "skoi", "skoye", "ske", "skyy")
"""Endings of Slavic adjectives: "the Odeska area" means the region, not a town."""
CHIEF = frozenset({"capital", "chief", "main", "largest", "biggest", "principal"})
ADJECTIVES = frozenset(
    {
        "chemical", "power", "nuclear", "steel", "international", "air", "force", "administrative",
        "military", "thermal", "hydroelectric", "railway", "train", "border", "refugee", "migrant",
        "displacement", "detention", "idp",
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


def is_quarter(text: Text, span: Span) -> bool:
    """Whether the words beside a name make it a part of a city: "X neighborhood", "the suburb of X"."""
    quarters = words().classes["quarter"]
    before = text.word(span.first - 2) if text.word(span.first - 1) == "of" else ""
    return text.word(span.last + 1) in quarters or before in quarters


def built(text: Text, span: Span) -> tuple[str, ...]:
    """Give the words behind a name that say what is built: "nuclear", "power", "plant"."""
    said: list[str] = []
    while len(said) < TAIL and (word := text.word(span.last + 1 + len(said))):
        if word not in ADJECTIVES and words().kind.get(word) != "facility":
            break
        said.append(word)
    return tuple(said)


def _inner_kind(text: Text, span: Span) -> str | None:
    """The name itself ends with a kind word: "Salem County", "Mill Road"."""
    if span.last == span.first:
        return None
    kind = words().kind.get(text.word(span.last))
    if span.found == "facility" or span.query:
        return kind or words().kind.get(text.word(span.first))
    return kind if kind in _DIVISIONS else None


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
    for _ in range(2):  # "nuclear power plant"
        if word in ADJECTIVES:
            index, word = index + 1, text.word(index + 1)
    kind = words().kind.get(word)
    if word == "people" and text.word(index + 2) == "republic":
        return "region"
    if kind in ("bank", "part"):
        return None
    if kind and text.pieces[index].sentence == text.pieces[span.last].sentence:
        if kind == "settlement" and any(
            heads.holds_next(text, span, s) for s in spans if s.first > span.last
        ):
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
        if before == "settlement" and {text.word(index - 1), text.word(index - 2)} & CHIEF:
            return None  # "the chief town of X", "the capital of X": X is larger
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
    last = words().kind.get(text.word(span.last), "")
    if last in ("water", "area") and any(c.place.feature in words().asks[last][:2] for c in span.candidates):
        return last  # "the Red Sea" is no governorate
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
        # "North of the Danes": a place that only sounds like a people is none of the people's country
        first = next((c for c in span.candidates if c.kind != "demonym"), span.candidates[0])
        return KINDS.get(first.place.feature, "settlement")
    return "other"


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
    return any(s.start > span.end and text.pieces[s.first].sentence == sentence and finer(s) for s in spans)


def finer(span: Span) -> bool:
    """Whether the name is first of all a settlement's or something smaller's."""
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
        # "Cox's Bazar city", "Barangay Bagakay"
        named = (word for word in rest if table.kind.get(word) not in ("settlement", "municipality"))
        return any(word.strip(".") in table.classes["org"] or word in table.kind for word in named)
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
    if before_actor(text, span):
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


def before_actor(text: Text, span: Span) -> bool:
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
