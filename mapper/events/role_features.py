"""What a name shows about being the place of a verb's event, as numbers: grammar, order and vectors.

Words are features by the closed lists of ``role_words.json`` (prepositions, kinds of place, compass words and
frequent verbs) and by what they mean (:mod:`mapper.events.role_vectors`). Names enter only through the
pipeline's own contextual vectors, and through what recognition and resolution say of them
(:class:`mapper.events.role_names.Known`).
"""

from __future__ import annotations

import zlib
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mapper.events import role_numbers, role_vectors
from mapper.events.role_words import PLACE_LABELS, governor, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc, Span, Token

    from mapper.events.role_names import Known

WIDTH = 96
"""Length of a tok2vec vector of the pipeline."""
VECTORS = 4
_FAR = 8
_STEPS = (1, 2, 3, 4, 5, 6, 9, 13, 19, 30)
_DOWNWARD = ("conj", "appos", "compound", "nmod", "amod", "poss", "det", "nummod")


def sizes() -> list[int]:
    """Return how many values each category has, in the order of :func:`encode`."""
    n = {name: len(words) + 1 for name, words in tables().items()}
    hashed = [128, 128, 256]
    return [
        *(n["kind"], n["feature"], n["dep"], n["verb"], n["verb"], n["pos"]),
        *(n["word"], n["word"], n["word"], n["word"]),
        *(n["ent"], n["pos"], n["dep"], n["pos"], n["dep"], n["word"], n["word"], n["word"]),
        *(n["dep"], n["word"], n["word"], n["word"], n["word"], n["word"], n["pos"], n["pos"]),
        *(_FAR + 1, _FAR + 1, 24, 12, 6, n["tag"], n["dep"], n["pos"], n["verb"]),
        *hashed,
        *(6, 6, 9, 4, 4),
    ]


def encode(
    doc: Doc, verb: Token, spans: Sequence[Span], facts: Sequence[Known | None]
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Return the features of every span for one verb.

    Returns
    -------
    tuple
        Categories (spans x len(sizes())), numbers (spans x NUMBERS), vectors (spans x 896: the pipeline's of
        the span, its head, the verb, the preposition or governor above the head; then those of
        :func:`mapper.events.role_vectors.around`).
    """
    up_verb = _chain(verb)
    depth = {i: k for k, i in enumerate(up_verb)}
    paths = [_chain(s.root) for s in spans]
    meets = [next((k for k, i in enumerate(p) if i in depth), None) for p in paths]
    gaps = [s.start - verb.i if s.start > verb.i else s.end - 1 - verb.i for s in spans]
    trees = [k + depth[p[k]] if k is not None else 30 for p, k in zip(paths, meets, strict=True)]
    near, close = _ranks([abs(g) for g in gaps]), _ranks(trees)
    weights = [role_numbers.plausible(s, f) for s, f in zip(spans, facts, strict=True)]
    of_verb = role_numbers.verb_numbers(verb)
    meant = role_vectors.of_verb(verb)
    cats, nums, vecs = [], [], []
    for n, span in enumerate(spans):
        meet, path, gap = meets[n], paths[n], gaps[n]
        down = depth[path[meet]] if meet is not None else _FAR
        ends = sorted((verb.i, verb.i + gap))
        cats.append(
            _knowledge(doc, verb, span, facts[n])
            + _grammar(doc, verb, span, path, meet)
            + _way(doc, verb, path, meet, up_verb[: down + 1], gap)
            + [min(5, near[n]), min(5, close[n]), min(8, len(spans)), *_neighbours(doc, spans, n)]
        )
        nums.append(
            _numbers(doc, verb, span, gap, down == 0, trees[n], [s.text for s in spans])
            + role_numbers.knowledge(spans, facts, n)
            + role_numbers.way(doc, verb, span, path[: meet or 0], up_verb[:down], meet is not None)
            + role_numbers.between(doc, *ends)
            + role_numbers.company(verb, spans, weights, gaps, trees, n)
            + role_numbers.place_in_text(doc, verb, span, _preposition(span.root))
            + of_verb
        )
        vecs.append(np.concatenate([_vectors(doc, verb, span), role_vectors.around(doc, verb, span, meant)]))
    return np.array(cats, np.int64), np.array(nums, np.float32), np.array(vecs, np.float32)


def _vectors(doc: Doc, verb: Token, span: Span) -> NDArray[np.float32]:
    tensor = doc.tensor
    if getattr(tensor, "shape", (0,)) != (len(doc), WIDTH):
        return np.zeros(WIDTH * VECTORS, np.float32)
    head = span.root.head
    parts = [tensor[span.start : span.end].mean(axis=0), tensor[head.i], tensor[verb.i], tensor[head.head.i]]
    return np.concatenate(parts).astype(np.float32)


def _knowledge(doc: Doc, verb: Token, span: Span, fact: Known | None) -> list[int]:
    t = tables()
    owner = governor(span.root)
    above = span.root.head.head if span.root.head.pos_ == "ADP" else span.root.head

    def word(i: int) -> int:
        return t["word"].get(doc[i].lower_, 0) if 0 <= i < len(doc) else 0

    return [
        t["kind"].get(fact.kind, 0) if fact is not None else 0,
        t["feature"].get(fact.feature, 0) if fact is not None else 0,
        t["dep"].get(owner.dep_, 0),
        t["verb"].get(owner.lemma_.lower(), 0),
        t["verb"].get(above.lemma_.lower(), 0),
        t["pos"].get(above.pos_, 0),
        word(span.start - 3),
        word(verb.i - 1),
        word(verb.i + 1),
        word(verb.i + 2),
    ]


def _chain(token: Token) -> list[int]:
    found = [token.i]
    while token.head.i != token.i:
        token = token.head
        found.append(token.i)
    return found


def _ranks(values: list[int]) -> list[int]:
    return [sum(v < value for v in values) for value in values]


def _grammar(doc: Doc, verb: Token, span: Span, path: list[int], meet: int | None) -> list[int]:
    t, root, head = tables(), span.root, span.root.head
    word = t["word"]
    labels = [x.ent_type_ for x in span]
    label = next((x for x in labels if x in PLACE_LABELS), labels[-1])
    branch = doc[path[meet - 1]] if meet else None
    above = head.head

    def near(i: int) -> int:
        return word.get(doc[i].lower_, 0) if 0 <= i < len(doc) else 0

    def pos(i: int) -> int:
        return t["pos"].get(doc[i].pos_, 0) if 0 <= i < len(doc) else 0

    return [
        t["ent"].get(label, 0),
        t["pos"].get(root.pos_, 0),
        t["dep"].get(root.dep_, 0),
        t["pos"].get(head.pos_, 0),
        t["dep"].get(head.dep_, 0),
        word.get(head.lower_, 0),
        word.get(_preposition(root), 0),
        word.get(above.lower_, 0),
        t["dep"].get(branch.dep_, 0) if branch is not None else 0,
        word.get(branch.lower_, 0) if branch is not None else 0,
        near(span.start - 1),
        near(span.start - 2),
        near(span.end),
        near(span.end + 1),
        pos(span.start - 1),
        pos(span.end),
    ]


def _preposition(token: Token) -> str:
    for _ in range(6):
        if token.head.pos_ == "ADP":
            return str(token.head.lower_)
        if token.dep_ not in _DOWNWARD:
            break
        token = token.head
    return ""


def _way(doc: Doc, verb: Token, path: list[int], meet: int | None, down: list[int], gap: int) -> list[int]:
    """Return the categories of the way from the name to the verb, in the tree and in the line."""
    t = tables()
    up = path[: meet + 1] if meet is not None else path
    ups = [doc[i].dep_ for i in up[:-1]] if meet is not None else ["none"]
    downs = [doc[i].dep_ for i in down[:-1]] if meet is not None else ["none"]
    step = sum(abs(gap) > s for s in _STEPS)
    first, last = sorted((verb.i, verb.i + gap))
    between = sum(x.pos_ == "VERB" for x in doc[first + 1 : last])
    on_path = sum(doc[i].pos_ in ("VERB", "AUX") for i in {*up[1:], *down[1:]})
    return [
        min(_FAR, len(up) - 1),
        min(_FAR, len(down) - 1),
        2 * min(step, 11) + (gap > 0),
        2 * min(between, 5) + (gap > 0),
        min(on_path, 5),
        t["tag"].get(verb.tag_, 0),
        t["dep"].get(verb.dep_, 0),
        t["pos"].get(verb.head.pos_, 0),
        t["verb"].get(verb.lemma_.lower(), 0),
        zlib.crc32(">".join(ups[:3]).encode()) % 128,
        zlib.crc32("<".join(downs[-3:]).encode()) % 128,
        zlib.crc32((">".join(ups[-4:]) + "^" + "<".join(downs[-3:])).encode()) % 256,
    ]


def _neighbours(doc: Doc, spans: Sequence[Span], n: int) -> list[int]:
    """Return how the name before and the name after are joined to this one.

    0 no such name near, 1 a comma or "in" between, 2 "and" or a list, 3 other words.
    """

    def joint(first: Span, second: Span) -> int:
        words = [x.lower_ for x in doc[first.end : second.start]]
        if len(words) > 5:
            return 0
        if "and" in words or "or" in words:
            return 2
        return 1 if not words or words[0] in (",", "in", "of", "(", "'s", "’s") else 3

    return [
        joint(spans[n - 1], spans[n]) if n else 0,
        joint(spans[n], spans[n + 1]) if n + 1 < len(spans) else 0,
    ]


def _numbers(
    doc: Doc, verb: Token, span: Span, gap: int, below: bool, tree: int, texts: list[str]
) -> list[float]:
    first, last = sorted((verb.i, verb.i + gap))
    between = list(doc[first + 1 : last])
    inside = doc[span.start].sent
    return [
        float(np.log1p(abs(gap))) / 3,
        min(tree, 12) / 12,
        float(below),
        float(inside.start == verb.sent.start),
        (span.start - inside.start) / max(1, len(inside)),
        (verb.i - verb.sent.start) / max(1, len(verb.sent)),
        min(len(span), 5) / 5,
        float(span.text.isupper()),
        sum(x.text in (",", ";", ":") for x in between) / 3,
        float(any(x.is_quote for x in between)),
        float(any(x.text in "()" for x in between)),
        float(any(x.text in (".", "!", "?") for x in between)),
        float(texts.count(span.text) > 1),
        float(any(x.ent_type_ in PLACE_LABELS for x in span)),
        float(all(x.pos_ == "PROPN" for x in span)),
        float(any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)),
        float(any(c.dep_ in ("dobj", "obj") for c in verb.children)),
        float(any(c.dep_ == "neg" for c in verb.children)),
        float(any(a.dep_ == "relcl" and b.pos_ == "VERB" for a, b in pairwise(between))),
    ]


NUMBERS = 19 + 14 + 26 + 7 + 17 + 8 + 9
"""How many numbers :func:`encode` gives for a name."""
