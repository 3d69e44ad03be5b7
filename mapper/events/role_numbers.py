"""What a name shows about being the place of a verb's event, in numbers: knowledge, ways, neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events.role_words import PLACE_LABELS, governor, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span, Token

    from mapper.events.role_names import Known

_FAR_TREE, _FAR_GAP = 30, 99
_UP = ("poss", "agent", "dobj", "appos", "conj")
_UP_SETS = (("nsubj", "nsubjpass"), ("relcl", "acl"), ("advcl", "ccomp"), ("compound", "amod", "nmod"))
_DOWN_SETS = (("relcl", "acl"), ("conj",), ("advcl",), ("xcomp",), ("ccomp",))


def plausible(span: Span, fact: Known | None) -> float:
    """Return a rough weight of a name as a place, before any verb is looked at."""
    labels = {t.ent_type_ for t in span}
    if fact is not None and fact.pinned:
        return 1.0
    if labels & set(PLACE_LABELS):
        return 0.6
    return 0.05 if labels & {"PERSON", "NORP", "ORG"} else 0.3


def knowledge(spans: Sequence[Span], facts: Sequence[Known | None], n: int) -> list[float]:
    """Return what is known of a name, in numbers, and whether its neighbours lie in it."""
    fact, span = facts[n], spans[n]
    labels = [t.ent_type_ for t in span]
    share = [sum(x in kinds for x in labels) / len(labels) for kinds in (PLACE_LABELS, ("PERSON",))]
    share += [labels.count(x) / len(labels) for x in ("NORP", "ORG")]
    inside = [f.inside if f is not None else None for f in facts]
    held = [inside[n] is not None, n in inside, n > 0 and inside[n - 1] == n]
    if fact is None:
        return [0.0, -1.0, -1.0, -1.0, 0.0, 0.0, 0.0, *map(float, held), *share]
    return [
        1.0 + fact.pinned,
        fact.certainty,
        fact.size,
        fact.score,
        float(fact.exact),
        float(bool(fact.feature)),
        float(fact.asked),
        *map(float, held),
        *share,
    ]


def way(doc: Doc, verb: Token, span: Span, up: list[int], down: list[int], met: bool) -> list[float]:
    """Return counts of what lies on the way in the tree: up from the name, and down to the verb.

    ``up`` are the tokens from the name's head to below the meeting point, ``down`` those from the verb.
    """
    ups, downs = [doc[i] for i in up] if met else [], [doc[i] for i in down] if met else []
    own = range(span.start, span.end)
    owner = governor(span.root)
    chain = {verb.i, *(a.i for a in verb.ancestors)}
    return [
        float(len(up)) if met else 20.0,
        float(len(down)) if met else 20.0,
        sum(x.pos_ in ("VERB", "AUX") for x in ups[1:]),
        sum(x.pos_ in ("NOUN", "PROPN") and x.i not in own for x in ups),
        sum(x.lower_ == "of" for x in ups),
        sum(x.lower_ in tables()["where"] for x in ups),
        *(sum(x.dep_ == dep for x in ups) for dep in _UP),
        *(sum(x.dep_ in deps for x in ups) for deps in _UP_SETS),
        *(sum(x.dep_ in deps for x in downs) for deps in _DOWN_SETS),
        float(owner.i == verb.i),
        float(owner.i != verb.i and governor(owner).i == verb.i),
        float(owner.i != verb.i and owner.i in chain),
        float(owner.i != verb.i and owner.is_ancestor(span.root) and verb.is_ancestor(owner)),
        float((verb.dep_ == "conj" and verb.head == owner) or (owner.dep_ == "conj" and owner.head == verb)),
        float(owner.lemma_.lower() in tables()["speech"]),
    ]


def between(doc: Doc, first: int, last: int) -> list[float]:
    """Return counts of what stands in the line between the name and the verb."""
    words = list(doc[first + 1 : last])
    t = tables()
    return [
        sum(x.pos_ == "VERB" for x in words),
        sum(x.text in (",", ";", ":") for x in words),
        sum(x.text in (".", "!", "?") for x in words),
        sum(x.lower_ in t["clause"] for x in words),
        sum(x.lower_ in ("when", "while", "after", "before", "as") for x in words),
        sum(x.lower_ in ("who", "which", "that") for x in words),
        sum(x.lemma_.lower() in t["speech"] for x in words),
    ]


def verb_numbers(verb: Token) -> list[float]:
    """Return what the verb alone shows: its class, its voice, its own arguments."""
    t = tables()
    children = list(verb.children)
    deps = {c.dep_ for c in children}
    lemma = verb.lemma_.lower()
    return [
        float(lemma in t["takes_place"]),
        float(lemma in t["takes_person"]),
        float(lemma in t["speech"]),
        float(bool(deps & {"auxpass", "nsubjpass"})),
        float("dobj" in deps),
        float("neg" in deps),
        float(any(c.tag_ == "MD" for c in children)),
        sum(c.dep_ == "prep" and c.lower_ in t["where"] for c in children),
        float(
            any(
                c.dep_ in ("dobj", "nsubjpass") and (c.pos_ == "NUM" or c.lower_ in t["person"])
                for c in children
            )
        ),
    ]


def company(
    verb: Token,
    spans: Sequence[Span],
    weights: Sequence[float],
    gaps: Sequence[int],
    trees: Sequence[int],
    n: int,
) -> list[float]:
    """Return how a name stands among the others: who is nearer, and how likely a place that one is."""
    gap, tree = abs(gaps[n]), trees[n]
    low, high = sorted((verb.i, verb.i + gaps[n]))
    nearer = [w for w, g in zip(weights, gaps, strict=True) if abs(g) < gap]
    higher = [w for w, t in zip(weights, trees, strict=True) if t < tree]
    amid = [w for w, s in zip(weights, spans, strict=True) if low < s.start < high]
    others = [i for i, w in enumerate(weights) if i != n and w >= 0.5]
    return [
        weights[n],
        float(len(nearer)),
        float(len(higher)),
        sum(nearer),
        sum(higher),
        float(len(amid)),
        sum(amid),
        sum(weights) - weights[n],
        float(min([trees[i] for i in others], default=_FAR_TREE)),
        float(min([abs(gaps[i]) for i in others], default=_FAR_GAP)),
        weights[n - 1] if n else -1.0,
        weights[n + 1] if n + 1 < len(spans) else -1.0,
        float(n == 0),
        float(n + 1 == len(spans)),
        float(gaps[n]),
        float(gap),
        float(tree),
    ]


def place_in_text(doc: Doc, verb: Token, span: Span, preposition: str) -> list[float]:
    """Return where the name stands in the text and how it is written."""
    t = tables()
    return [
        span.start / len(doc),
        float(len(doc)),
        float(len(span)),
        float(span.start <= 1),
        float(span.start <= 4 and preposition in t["where"] and verb.i > span.start),
        float(any(x.lower_ in t["source"] for x in doc[max(0, span.start - 5) : span.start])),
        float(span.text.isupper()),
        float(span.text.islower()),
    ]
