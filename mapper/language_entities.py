"""The named entities of a trained spaCy pipeline, decided for all tokens at once.

spaCy's entity recognizer asks at every token of each of its moves (begin, inside, last, unit, outside, times
the labels) whether it may be made: two thirds of its time. Most answers are known beforehand: while no name
is open, the score of a move depends on the token alone, and what is allowed on this token and the next. So
these scores are taken in one product for the whole text, and only inside of names are single moves weighed.
The model, its scores and its rules are spaCy's, and so are the entities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.pipeline import EntityRecognizer
    from spacy.tokens import Doc

FEATURES = 3
"""Tokens that a state shows the model: the next one, the first of the open name, the last of it."""


class Entities:
    """A component that sets the entities that a recognizer of the pipeline would set."""

    def __init__(self, recognizer: EntityRecognizer) -> None:
        self.recognizer = recognizer
        moves: Any = recognizer.moves
        names = [moves.get_class_name(i).partition("-") for i in range(moves.n_moves)]
        self.moves = [(move, label) for move, _, label in names]
        self.column = {name: i for i, name in enumerate(self.moves)}
        self.beginning = np.array([move == "B" and label != "" for move, label in self.moves])
        self.starting = self.beginning | [move == "U" and label != "" for move, label in self.moves]
        self.closed = self.starting | [move == "O" for move, _ in self.moves]

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of a document, in place."""
        from spacy.tokens import Span

        if not len(doc) or any(token.ent_iob for token in doc):
            done: Doc = self.recognizer(doc)  # what is set already binds the moves
            return done
        found = [Span(doc, start, end, label) for start, end, label in self._spans(doc)]
        doc.set_ents(found, default="outside")
        return doc

    def _spans(self, doc: Doc) -> list[tuple[int, int, str]]:
        """Give the entities: [first token, after the last token), label."""
        step: Any = self.recognizer.model.predict([doc])
        starts = [bool(token.is_sent_start) for token in doc]
        best = self._outside(step, doc, starts)
        spans = []
        i = 0
        while i < len(doc):
            move, label = self.moves[best[i]]
            end = i + 1
            if move == "B":
                end = self._end(step, i, label, starts)
            if move != "O":
                spans.append((i, end, label))
            i = end
        step.clear_memory()
        return spans

    def _outside(self, step: Any, doc: Doc, starts: list[bool]) -> list[int]:
        """Give the best move at every token for the case that no name is open there."""
        ids = np.full((len(doc), FEATURES), -1, np.int32)
        ids[:, 0] = np.arange(len(doc))
        scores = _scores(step, ids)
        scores[:, ~self.closed] = -np.inf
        single = np.array([*starts[1:], True])  # a name of more words would leave the sentence
        scores[np.ix_(single, self.beginning)] = -np.inf
        scores[np.ix_(np.array([token.is_space for token in doc]), self.starting)] = -np.inf
        best: list[int] = scores.argmax(axis=1).tolist()
        return best

    def _end(self, step: Any, start: int, label: str, starts: list[bool]) -> int:
        """Give the token after a name of more than one word."""
        inside, last = self.column["I", label], self.column["L", label]
        for i in range(start + 1, len(starts) - 1):
            if starts[i + 1]:
                return i + 1
            scores = _scores(step, np.array([[i, start, i - 1]], np.int32))[0]
            # of equal moves the first is made
            if (scores[last], -last) > (scores[inside], -inside):
                return i + 1
        return len(starts)


def _scores(step: Any, ids: NDArray[np.int32]) -> NDArray[np.float32]:
    """Give the scores (states x moves) of states by the tokens that they show, -1 for none."""
    scores: NDArray[np.float32] = step.vec2scores.predict(step.state2vec.predict(ids))
    return scores


def entities(nlp: Language, name: str) -> Entities:
    """Make the component for the recognizer "ner" of a pipeline."""
    return Entities(nlp.get_pipe("ner"))


def known(nlp: Language) -> bool:
    """Whether a pipeline has a recognizer that decides greedily by the model that :class:`Entities` reads."""
    if "ner" not in nlp.pipe_names or nlp.get_pipe_meta("ner").factory != "ner":
        return False
    recognizer: Any = nlp.get_pipe("ner")
    model = recognizer.model
    return bool(
        recognizer.cfg.get("beam_width") == 1
        and model.name == "parser_model"
        and model.attrs["has_upper"]
        and not model.attrs["unseen_classes"]
        and model.get_ref("lower").get_dim("nF") == FEATURES
    )
