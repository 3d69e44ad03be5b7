"""What common words mean, as vectors: words that are used alike lie close together.

The vectors (``role_vectors.npz``, made by ``scripts/make_role_vectors.py``) are those of GloVe (Pennington,
Socher and Manning 2014), shortened. Names have none.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from spacy.tokens import Doc, Span, Token

FILE = Path(__file__).with_name("role_vectors.npz")
DIMENSIONS = 64
STEPS = 24
"""Whole numbers that stand for one unit."""
SIDES = 8
"""How many vectors :func:`around` joins."""
_BESIDE = 3
_NOUGHT = np.zeros(DIMENSIONS, np.float32)


@cache
def _table() -> tuple[dict[str, int], NDArray[np.float32]]:
    with np.load(FILE, allow_pickle=False) as arrays:
        words = {word: i for i, word in enumerate(str(arrays["words"]).split("\n"))}
        return words, arrays["vectors"].astype(np.float32) / STEPS


@lru_cache(maxsize=4096)
def vector(lemma: str) -> NDArray[np.float32]:
    """Return the vector of a word in its basic form and small letters; noughts for one that has none."""
    words, vectors = _table()
    number = words.get(lemma)
    return _NOUGHT if number is None else vectors[number]


def mean(tokens: Iterable[Token]) -> NDArray[np.float32]:
    """Return the mean of the vectors of some words, without punctuation; noughts when there are none."""
    found = [vector(t.lemma_.lower()) for t in tokens if t.pos_ not in ("PUNCT", "SPACE")]
    return np.mean(found, axis=0, dtype=np.float32) if found else _NOUGHT


def of_verb(verb: Token) -> list[NDArray[np.float32]]:
    """Return the vectors of a verb, of what it is done to, and of who does it."""
    done_to = [t for t in verb.children if t.dep_ in ("dobj", "nsubjpass", "obj")]
    doers = [t for t in verb.children if t.dep_ in ("nsubj", "agent")]
    return [vector(verb.lemma_.lower()), mean(done_to), mean(doers)]


def around(doc: Doc, verb: Token, span: Span, verbs: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the joined vectors (SIDES x DIMENSIONS) of the words that a name and a verb stand among.

    The verb; the word that governs the name; the verb above the name; the means of the words between, before
    and after; what the verb is done to, and who does it. ``verbs`` is :func:`of_verb` of the verb.
    """
    above = list(span.root.ancestors)
    governor = next((t for t in above if t.pos_ != "ADP"), verb)
    clause = next((t for t in above if t.pos_ in ("VERB", "AUX")), verb)
    first, last = sorted((verb.i, span.start))
    own, done_to, doers = verbs
    return np.concatenate(
        [
            own,
            vector(governor.lemma_.lower()),
            vector(clause.lemma_.lower()),
            mean(doc[first + 1 : last]),
            mean(doc[max(0, span.start - _BESIDE) : span.start]),
            mean(doc[span.end : span.end + _BESIDE]),
            done_to,
            doers,
        ]
    )
