"""Which place names go with a verb, for any verb: a small fitted classifier over paths in the parse.

The candidates are names that stand where a place can stand; the weights (``role_weights.json``) were
fitted by
``benchmarks/verb_places.py --fit`` on generic features: kind of entity, preposition, path from the name
to the verb.
No word of a text is a feature but the closed class of prepositions and the trigger lexicon.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from mapper.events import grammar
from mapper.events.lexicon import lexicon
from mapper.events.places import words
from mapper.events.triggers import lemma_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span, Token

_PLACE_LABELS = ("GPE", "LOC", "FAC")
_OTHER_LABELS = ("ORG", "PERSON", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT", "LANGUAGE", "")
_LOCATIVE = (
    "in", "at", "near", "on", "around", "inside", "outside", "across", "throughout", "of", "from", "to", "into",  # noqa: E501
    "toward", "towards", "through", "between", "over", "by", "against", "for", "with", "along", "off", "via",
)  # fmt: skip
_PLACE_NOUNS = frozenset(
    [
        "city",
        "town",
        "village",
        "district",
        "province",
        "region",
        "area",
        "neighborhood",
        "neighbourhood",
        "settlement",
        "suburb",
        "camp",
        "hilltop",
        "hill",
        "square",
        "airport",
        "airbase",
        "base",
        "street",
        "mountain",
        "island",
        "county",
        "state",
        "governorate",
        "quarter",
        "valley",
        "capital",
    ]
)


def candidates(doc: Doc) -> list[Span]:
    """Return the names of a document that can be places: entities of place kinds, and other names by
    their place.
    """
    found: list[Span] = []
    i = 0
    while i < len(doc):
        token = doc[i]
        if token.pos_ != "PROPN" and not (token.ent_type_ in _PLACE_LABELS and token.text[:1].isupper()):
            i += 1
            continue
        end = i + 1
        while end < len(doc) and _goes_on(doc, i, end):
            end += 1
        stop = end
        while end > i + 1 and (doc[end - 1].is_punct or doc[end - 1].lower_ in ("'s", "’s")):
            end -= 1
        if not token.is_punct and _can_be_place(doc, i, end):
            found.append(doc[i:end])
        i = stop
    return found


def _goes_on(doc: Doc, start: int, i: int) -> bool:
    token, before = doc[i], doc[i - 1]
    if token.ent_type_ and token.ent_iob_ == "B" and before.ent_type_ in _PLACE_LABELS:
        return False
    if token.pos_ == "PROPN" and token.text[:1].isalnum():
        return True
    joined = not before.whitespace_ and not token.is_space
    if joined and (token.text in ("-", "'", "’", "`", "‘") or before.text in ("-", "'", "’", "`", "‘")):
        return i + 1 < len(doc) and (not token.is_punct or not token.whitespace_)
    return token.ent_iob_ == "I" and token.ent_type_ in _PLACE_LABELS and token.text[:1].isupper()


def _can_be_place(doc: Doc, start: int, end: int) -> bool:
    labels = {t.ent_type_ for t in doc[start:end]}
    if labels & set(_PLACE_LABELS):
        return True
    if labels & {"DATE", "TIME", "MONEY", "QUANTITY", "PERCENT", "CARDINAL", "ORDINAL"}:
        return False
    before = [doc[j].lower_ for j in range(max(0, start - 2), start)]
    around = {doc[j].lower_ for j in range(max(0, start - 4), min(len(doc), end + 2))}
    root = doc[start:end].root
    return bool(
        set(before) & set(_LOCATIVE) or around & _PLACE_NOUNS or root.dep_ in ("dobj", "conj", "appos")
    )


def features(doc: Doc, verb: Token, span: Span, others: Sequence[Span]) -> dict[str, float]:
    """Return the features of one candidate for one verb."""
    lex, root = lexicon(), span.root
    got: dict[str, float] = {"bias": 1.0}
    labels = [t.ent_type_ for t in span]
    label = next((x for x in labels if x in _PLACE_LABELS), labels[-1] if labels[-1] in _OTHER_LABELS else "")
    got[f"ent={label or 'none'}"] = 1.0
    prep, hops = _path_prep(span)
    got[f"prep={prep}"] = 1.0
    got[
        f"dep={root.dep_ if root.dep_ in ('dobj', 'pobj', 'nsubj', 'conj', 'appos', 'compound', 'poss', 'nsubjpass', 'npadvmod', 'amod') else 'other'}"  # noqa: E501
    ] = 1.0
    path = [root, *grammar.ancestors(root)]
    below = verb in path
    between = path[1 : path.index(verb)] if below else path[1:]
    verbs = [t for t in between if t.pos_ in ("VERB", "AUX")]
    nouns = [t for t in between if t.pos_ in ("NOUN", "PROPN")]
    got["below"] = float(below)
    if below:
        got[f"verbs_between={min(3, len(verbs))}"] = 1.0
        got[f"nouns_between={min(4, len(nouns))}"] = 1.0
    else:
        common = next((t for t in path if t in [verb, *grammar.ancestors(verb)]), None)
        up = [verb, *grammar.ancestors(verb)].index(common) if common is not None else 9
        got[f"up={min(4, up)}"] = 1.0
        got[f"up_verbs={min(3, len([t for t in verbs if common is None or t.i != common.i]))}"] = 1.0
        got["up_dep=" + verb.dep_] = 1.0
        if common is not None:
            got["common_speech"] = float(common.lemma_ in grammar.SPEECH)
            side = path[path.index(common) - 1] if path.index(common) else root
            got[
                "side="
                + (
                    side.dep_
                    if side.dep_
                    in ("nsubj", "prep", "dobj", "advcl", "nsubjpass", "ccomp", "conj", "npadvmod")
                    else "other"
                )
            ] = 1.0
    gap = max(span.start - verb.i, verb.i - span.end + 1)
    got["before"] = float(span.start < verb.i)
    got["gap"] = math.log1p(abs(gap)) / 2
    got["first"] = float(span.start - doc[span.start].sent.start < 3)
    lemma = lemma_of(verb, lex)
    types = sorted(
        {e.type for e in lex.entries.get(lemma, ()) if len(e.words) == 1 and e.form.endswith("verb")}
    )
    got["trigger"] = float(bool(types))
    got["speech"] = float(verb.lemma_ in grammar.SPEECH)
    for kind in types:
        got[f"type={kind}"] = 1.0
    got["passive"] = float(grammar.is_passive(verb))
    got["verb=" + verb.tag_] = 1.0
    direct = [t for t in grammar.objects(verb)]
    got["object"] = float(any(root.i == t.i or t.is_ancestor(root) for t in direct))
    got["own_prep"] = float(hops == 1 and any(t.head.i == verb.i for t in between if t.pos_ == "ADP"))
    # a nearer or a finer name takes the place
    after = [o for o in others if 0 <= o.start - span.end <= 3]
    ahead = [o for o in others if 0 <= span.start - o.end <= 3]
    got["contains_previous"] = float(any(_joined(doc, o, span) for o in ahead))
    got["inside_next"] = float(any(_joined(doc, span, o) for o in after))
    got["coordinated"] = float(
        any(root in grammar.conjuncts(o.root) for o in others if o.start != span.start)
    )
    same = [o for o in others if o.start != span.start and o.sent == span.sent]
    got["alone"] = float(not same)
    got["nearer"] = float(
        any(
            abs(o.start - verb.i) < abs(span.start - verb.i) and (o.start > verb.i) == (span.start > verb.i)
            for o in same
        )
    )
    nouns_before = {t.lower_ for t in doc[max(0, span.start - 3) : span.start]} | {
        t.lower_ for t in doc[span.end : span.end + 1]
    }
    got["place_noun"] = float(bool(nouns_before & _PLACE_NOUNS))
    big = {"province", "region", "state", "governorate", "country", "county"}
    got["big_noun"] = float(bool((nouns_before | {t.lower_ for t in span}) & big))
    got["compass"] = float(
        span.start > 0 and doc[span.start - 1].lower_.endswith(("ern", "rural", "central"))
    )
    got["armed_after"] = float(span.end < len(doc) and doc[span.end].lower_.rstrip("s") in lex.lists["armed"])
    got["modifies"] = float(root.dep_ in ("compound", "amod", "nmod") and root.head.i >= span.end)
    for key in ("object", "own_prep", "below", "alone", "nearer", "contains_previous"):
        if got.get(key) and types:
            got["trigger&" + key] = 1.0
    negative = set(words()["modality"]["negators"])
    _cross(got, label in _PLACE_LABELS, prep, below, len(verbs), len(nouns), bool(types))
    got["negated"] = float(any(c.lower_ in negative for c in verb.children))
    return {k: v for k, v in got.items() if v}


def _cross(
    got: dict[str, float], place: bool, prep: str, below: bool, verbs: int, nouns: int, trigger: bool
) -> None:
    """Add what only counts together: how the name hangs on the verb, with which preposition, as what."""
    way = f"{int(below)}{min(2, verbs)}{min(3, nouns)}"
    unlike = not got.get("inside_next") and not got.get("contains_previous")
    first = "f" if got.get("inside_next") else "c" if got.get("contains_previous") else "-"
    got[f"way={way}|{int(place)}|{int(trigger)}"] = 1.0
    got[f"way={way}|{prep}|{int(place)}"] = 1.0
    got[f"alone={int(bool(got.get('alone')))}|{int(place)}|{int(trigger)}|{int(below)}"] = 1.0
    got[f"order={first}|{int(place)}|{int(bool(got.get('nearer')))}|{int(trigger)}"] = 1.0
    got[f"rival={int(unlike)}|{int(bool(got.get('nearer')))}|{int(below)}|{prep}"] = 1.0


def _joined(doc: Doc, small: Span, big: Span) -> bool:
    """Whether the text says that `small` lies in `big`: "X, Y", "X in Y"."""
    between = doc[small.end : big.start]
    return (
        all(
            t.lower_
            in (
                ",",
                "in",
                "(",
                "of",
                "the",
                "'s",
                "’s",
                "southern",
                "northern",
                "western",
                "eastern",
                "central",
                "north",
                "south",
                "east",
                "west",
                "province",
            )
            for t in between
        )
        and len(between) > 0
    )


def _path_prep(span: Span) -> tuple[str, int]:
    token, hops = span.root, 0
    for _ in range(6):
        if token.dep_ in ("pobj", "pcomp"):
            hops += 1
            head = token.head
            if head.lower_ == "of" and head.head.pos_ in ("NOUN", "PROPN") and head.head.dep_ == "pobj":
                token = head.head
                continue
            return (head.lower_ if head.lower_ in _LOCATIVE else "other"), hops
        if token.dep_ in ("conj", "appos", "compound", "nmod", "amod", "poss"):
            token = token.head
            continue
        break
    return "none", 0


@cache
def weights() -> dict[str, float]:
    """Return the fitted weights."""
    text = resources.files(__package__).joinpath("role_weights.json").read_text(encoding="utf-8")
    return {str(k): float(v) for k, v in json.loads(text).items()}


def score(got: dict[str, float], table: dict[str, float]) -> float:
    """Return the probability that the candidate is a place of the verb."""
    total = sum(table.get(name, 0.0) * value for name, value in got.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def place_spans(
    doc: Doc, verb: Token, spans: Sequence[Span] | None = None, threshold: float = 0.5
) -> list[Span]:
    """Return which of the candidate names say where the event of `verb` took place.

    Parameters
    ----------
    doc : Doc
        A parsed text.
    verb : Token
        Any verb of it.
    spans : sequence of Span, optional
        The candidate names; by default :func:`candidates`.
    threshold : float
        The least probability.
    """
    found = list(candidates(doc) if spans is None else spans)
    table = weights()
    return [s for s in found if score(features(doc, verb, s, found), table) >= threshold]
