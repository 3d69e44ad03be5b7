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

ANSWERS = ("marked", "read")
"""What the networks foretell: that the corpus's annotators mark a name, and that a careful reader does."""
THRESHOLD = 0.45
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


def scores_of(
    doc: Doc, verb: Token, spans: Sequence[Span], facts: Sequence[Known | None], answer: str = "read"
) -> list[float]:
    """Return the same as :func:`place_scores`, from facts looked up before, or another of ANSWERS."""
    if not spans:
        return []
    shared, weights = _model()
    cats, nums, vecs = encode(doc, verb, spans, facts)
    seen = scaled(nums, shared["mean"], shared["scale"])
    offsets = np.cumsum([0, *sizes()[:-1]])
    logits = _logits(weights, cats + offsets, seen, vecs).mean(axis=0)
    return [float(p) for p in 1 / (1 + np.exp(-logits[:, ANSWERS.index(answer)]))]


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
def _model() -> tuple[Weights, Weights]:
    """Return how numbers are scaled, and the weights of all networks, (networks x ...) each.

    The layers of one kind are joined, transposed for vectors on the left: "P" (networks x VECTORS x WIDTH x
    out) and "M" (networks x SIDES x DIMENSIONS x out) with their biases (networks x layers x 1 x out).
    """
    with resources.files(__package__).joinpath("role_model.npz").open("rb") as stream:
        arrays: Any = np.load(stream, allow_pickle=False)
        found: dict[str, Weights] = {}
        for key in arrays.files:
            owner, name = key.split(".", 1)
            found.setdefault(owner, {})[name] = arrays[key].astype(np.float32)
    shared = found.pop("all")
    networks = [found[seed] for seed in sorted(found)]

    def joined(name: str) -> NDArray[np.float32]:
        stacked = np.stack([w[name] for w in networks])
        return np.ascontiguousarray(stacked.swapaxes(1, 2)) if stacked.ndim == 3 else stacked[:, None]

    weights = {name: joined(name) for name in networks[0] if name[:2] not in ("P.", "M.", "E.")}
    weights["E"] = np.stack([w["E.weight"] for w in networks])
    for kind, count in (("P", VECTORS), ("M", SIDES)):
        weights[kind] = np.stack([joined(f"{kind}.{i}.weight") for i in range(count)], axis=1)
        weights[f"{kind}.bias"] = np.stack([joined(f"{kind}.{i}.bias") for i in range(count)], axis=1)
    return shared, weights


def _logits(
    w: Weights, cats: NDArray[np.int64], nums: NDArray[np.float32], vecs: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the logits of all spans (networks x spans x ANSWERS): alone, then beside the others."""
    networks, count = len(w["E"]), len(cats)
    near = vecs[:, : VECTORS * WIDTH].reshape(count, VECTORS, WIDTH).swapaxes(0, 1)
    meant = vecs[:, VECTORS * WIDTH :].reshape(count, SIDES, DIMENSIONS).swapaxes(0, 1)
    v = np.tanh(near * 0.3 @ w["P"] + w["P.bias"]).swapaxes(0, 1)  # layers x networks x spans x out
    m = np.tanh(meant * 0.5 @ w["M"] + w["M.bias"]).swapaxes(0, 1)
    words = w["E"][:, cats].reshape(networks, count, -1)
    seen = [words, np.broadcast_to(nums, (networks, *nums.shape)), *v, v[0] * v[2], v[1] * v[2], v[0] * v[1]]
    seen += [*m, m[0] * m[1], m[0] * m[2]]
    h = np.maximum(np.concatenate(seen, axis=2) @ w["a.weight"] + w["a.bias"], 0)
    h = (h - h.mean(axis=2, keepdims=True)) / np.sqrt(h.var(axis=2, keepdims=True) + 1e-5)
    h = h * w["na.weight"] + w["na.bias"]
    others = np.full_like(h, -5.0)
    if count > 1:
        ranked = np.sort(h, axis=1)
        first, second = ranked[:, -1:], ranked[:, -2:-1]
        others = np.maximum(np.where(h == first, second, first), -5.0)
    mean = np.repeat(h.mean(axis=1, keepdims=True), count, axis=1)
    nothing = np.zeros_like(h[:, :1])
    before, after = np.concatenate([nothing, h[:, :-1]], 1), np.concatenate([h[:, 1:], nothing], 1)
    h = np.concatenate([h, others, mean, before, after], axis=2)
    h = np.maximum(h @ w["b.weight"] + w["b.bias"], 0)
    logits: NDArray[np.float32] = h @ w["o.weight"] + w["o.bias"]
    return logits
