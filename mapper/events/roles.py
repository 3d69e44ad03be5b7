"""Which names are the places of a verb's event, for any verb: a small fitted network over the parse.

All names of the text are weighed together, because one that lies nearer or says it more finely takes the
place of another. The weights (``role_model.npz``, fitted by ``scripts/fit_roles.py``) see grammar, order,
what recognition and resolution say of every name, and what the words around mean
(:mod:`mapper.events.role_features`), but no name.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from mapper.events.role_features import VECTORS, WIDTH, encode, sizes
from mapper.events.role_names import Known, known
from mapper.events.role_names import candidates as candidates
from mapper.events.role_vectors import DIMENSIONS, SIDES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc, Span, Token

    from mapper.types import Resolution

    Weights = dict[str, NDArray[np.float32]]

THRESHOLD = 0.42
"""The probability at which precision and recall are alike (cross-validated)."""


def place_scores(
    doc: Doc, verb: Token, spans: Sequence[Span], resolutions: Sequence[Resolution] = ()
) -> list[float]:
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
    resolutions : sequence of Resolution
        What the names of the text mean, as far as it was found. Without them the scores are less sure.
    """
    return scores_of(doc, verb, spans, known(doc, spans, resolutions))


def scores_of(doc: Doc, verb: Token, spans: Sequence[Span], facts: Sequence[Known | None]) -> list[float]:
    """Return the same as :func:`place_scores`, from facts that were looked up before."""
    if not spans:
        return []
    shared, networks = _model()
    cats, nums, vecs = encode(doc, verb, spans, facts)
    seen = scaled(nums, shared["mean"], shared["scale"])
    offsets = np.cumsum([0, *sizes()[:-1]])
    logits = np.mean([_network(w, cats + offsets, seen, vecs) for w in networks], axis=0)
    return [float(p) for p in 1 / (1 + np.exp(-logits))]


def scaled(
    nums: NDArray[np.float32], mean: NDArray[np.float32], scale: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return numbers as the networks see them: centred, scaled, and none far out."""
    kept: NDArray[np.float32] = np.clip((nums - mean) * scale, -2, 2)
    return kept


def place_spans(
    doc: Doc,
    verb: Token,
    spans: Sequence[Span] | None = None,
    threshold: float = THRESHOLD,
    resolutions: Sequence[Resolution] = (),
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
    resolutions : sequence of Resolution
        What the names of the text mean, as far as it was found.
    """
    if spans is None:
        sentence = verb.sent
        spans = candidates(doc, sentence.start, sentence.end)
    scores = place_scores(doc, verb, spans, resolutions)
    return [s for s, p in zip(spans, scores, strict=True) if p >= threshold]


@cache
def _model() -> tuple[Weights, list[Weights]]:
    """Return how numbers are scaled, and the networks, whose logits are averaged."""
    with resources.files(__package__).joinpath("role_model.npz").open("rb") as stream:
        arrays: Any = np.load(stream, allow_pickle=False)
        found: dict[str, Weights] = {}
        for key in arrays.files:
            owner, name = key.split(".", 1)
            found.setdefault(owner, {})[name] = arrays[key].astype(np.float32)
    return found.pop("all"), [found[seed] for seed in sorted(found)]


def _network(
    w: Weights, cats: NDArray[np.int64], nums: NDArray[np.float32], vecs: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the logits of all spans: a layer for each, then one that also sees the others' states."""
    count = len(cats)
    v = [
        np.tanh(vecs[:, i * WIDTH : (i + 1) * WIDTH] * 0.3 @ w[f"P.{i}.weight"].T + w[f"P.{i}.bias"])
        for i in range(VECTORS)
    ]
    meant = vecs[:, VECTORS * WIDTH :].reshape(count, SIDES, DIMENSIONS)
    m = [np.tanh(meant[:, i] * 0.5 @ w[f"M.{i}.weight"].T + w[f"M.{i}.bias"]) for i in range(SIDES)]
    seen = [w["E.weight"][cats].reshape(count, -1), nums, *v, v[0] * v[2], v[1] * v[2], v[0] * v[1]]
    seen += [*m, m[0] * m[1], m[0] * m[2]]
    h = np.maximum(np.concatenate(seen, axis=1) @ w["a.weight"].T + w["a.bias"], 0)
    h = (h - h.mean(axis=1, keepdims=True)) / np.sqrt(h.var(axis=1, keepdims=True) + 1e-5)
    h = h * w["na.weight"] + w["na.bias"]
    others = np.full_like(h, -5.0)
    if count > 1:
        first, second = np.sort(h, axis=0)[:-3:-1]
        others = np.maximum(np.where(h == first, second, first), -5.0)
    mean = np.repeat(h.mean(axis=0, keepdims=True), count, axis=0)
    nothing = np.zeros_like(h[:1])
    before, after = np.concatenate([nothing, h[:-1]]), np.concatenate([h[1:], nothing])
    h = np.concatenate([h, others, mean, before, after], axis=1)
    h = np.maximum(h @ w["b.weight"].T + w["b.bias"], 0)
    logits: NDArray[np.float32] = (h @ w["o.weight"].T + w["o.bias"])[:, 0]
    return logits
