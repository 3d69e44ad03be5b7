"""Which names are the places of a verb's event, for any verb: a small fitted network over the parse.

All names of the text are weighed together, because one that lies nearer or says it more finely takes the
place of another. The weights (``role_model.npz``, fitted by ``scripts/fit_roles.py``) see grammar, order and
the pipeline's vectors (:mod:`mapper.events.role_features`), and no word but those of closed lists.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from mapper.events.role_features import PLACE_LABELS, VECTORS, WIDTH, encode, sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc, Span, Token

THRESHOLD = 0.44
"""The probability at which precision and recall are alike (cross-validated)."""
_NUMBER_LABELS = {"DATE", "TIME", "MONEY", "QUANTITY", "PERCENT", "CARDINAL", "ORDINAL"}
_LINKS = ("-", "'", "’", "`", "‘")


def candidates(doc: Doc) -> list[Span]:
    """Return the names of a document that can be places, in the order of the text."""
    found: list[Span] = []
    i = 0
    while i < len(doc):
        if not _begins(doc[i]):
            i += 1
            continue
        stop = i + 1
        while stop < len(doc) and _goes_on(doc, i, stop):
            stop += 1
        start, end = i, stop
        while end > start + 1 and (
            doc[end - 1].is_punct or doc[end - 1].is_space or doc[end - 1].lower_ in ("'s", "’s")
        ):
            end -= 1
        while start < end - 1 and doc[start].text.islower():
            start += 1
        if not {t.ent_type_ for t in doc[start:end]} <= _NUMBER_LABELS:
            found.append(doc[start:end])
        i = stop
    return found


def _begins(token: Token) -> bool:
    if token.is_punct or token.is_space:
        return False
    return token.pos_ == "PROPN" or (token.ent_type_ in PLACE_LABELS and token.text[:1].isupper())


def _goes_on(doc: Doc, start: int, i: int) -> bool:
    token, before = doc[i], doc[i - 1]
    if token.ent_type_ and token.ent_iob_ == "B" and before.ent_type_ in PLACE_LABELS:
        return False
    if token.pos_ == "PROPN" and token.text[:1].isalnum():
        return True
    joined = not before.whitespace_ and not token.is_space
    if joined and (token.text in _LINKS or before.text in _LINKS):
        return i + 1 < len(doc) and (not token.is_punct or not token.whitespace_)
    return token.ent_iob_ == "I" and token.ent_type_ in PLACE_LABELS and token.text[:1].isupper()


def place_scores(doc: Doc, verb: Token, spans: Sequence[Span]) -> list[float]:
    """Return, for every span, the probability that the event of `verb` took place there.

    Parameters
    ----------
    doc : Doc
        A parsed text.
    verb : Token
        Any verb of it.
    spans : sequence of Span
        Names, in the order of the text. They are weighed against each other, so give all that stand in
        the sentence (:func:`candidates`), not one at a time.
    """
    if not spans:
        return []
    offsets, networks = _model()
    cats, nums, vecs = encode(doc, verb, spans)
    logits = np.mean([_network(w, cats + offsets, nums, vecs) for w in networks], axis=0)
    return [float(p) for p in 1 / (1 + np.exp(-logits))]


def place_spans(
    doc: Doc, verb: Token, spans: Sequence[Span] | None = None, threshold: float = THRESHOLD
) -> list[Span]:
    """Return which of the names say where the event of `verb` took place.

    Parameters
    ----------
    doc : Doc
        A parsed text.
    verb : Token
        Any verb of it.
    spans : sequence of Span, optional
        The names, in the order of the text; by default those of the verb's sentence.
    threshold : float
        The least probability.
    """
    if spans is None:
        sentence = verb.sent
        spans = [s for s in candidates(doc) if sentence.start <= s.start < sentence.end]
    scores = place_scores(doc, verb, spans)
    return [s for s, p in zip(spans, scores, strict=True) if p >= threshold]


@cache
def _model() -> tuple[NDArray[np.int64], list[dict[str, NDArray[np.float32]]]]:
    """Return where every category begins in the embedding, and the networks whose logits are averaged."""
    with resources.files(__package__).joinpath("role_model.npz").open("rb") as stream:
        arrays: Any = np.load(stream, allow_pickle=False)
        found: dict[str, dict[str, NDArray[np.float32]]] = {}
        for key in arrays.files:
            seed, name = key.split(".", 1)
            found.setdefault(seed, {})[name] = arrays[key].astype(np.float32)
    return np.cumsum([0, *sizes()[:-1]]), [found[seed] for seed in sorted(found)]


def _network(
    w: dict[str, NDArray[np.float32]],
    cats: NDArray[np.int64],
    nums: NDArray[np.float32],
    vecs: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the logits of all spans: a layer for each, then one that also sees the others' states."""
    count = len(cats)
    v = [
        np.tanh(vecs[:, i * WIDTH : (i + 1) * WIDTH] * 0.3 @ w[f"P.{i}.weight"].T + w[f"P.{i}.bias"])
        for i in range(VECTORS)
    ]
    seen = [w["E.weight"][cats].reshape(count, -1), nums, *v, v[0] * v[2], v[1] * v[2], v[0] * v[1]]
    h = np.maximum(np.concatenate(seen, axis=1) @ w["a.weight"].T + w["a.bias"], 0)
    h = (h - h.mean(axis=1, keepdims=True)) / np.sqrt(h.var(axis=1, keepdims=True) + 1e-5)
    h = h * w["na.weight"] + w["na.bias"]
    others = np.full_like(h, -5.0)
    if count > 1:
        first, second = np.sort(h, axis=0)[:-3:-1]
        others = np.maximum(np.where(h == first, second, first), -5.0)
    mean = np.repeat(h.mean(axis=0, keepdims=True), count, axis=0)
    h = np.maximum(np.concatenate([h, others, mean], axis=1) @ w["b.weight"].T + w["b.bias"], 0)
    logits: NDArray[np.float32] = (h @ w["o.weight"].T + w["o.bias"])[:, 0]
    return logits
