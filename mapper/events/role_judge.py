"""Of several places that a verb's event has by the grammar, drop those where it did not happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events import arguments, roles
from mapper.events.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.events.places import PlaceArg
    from mapper.events.triggers import Trigger

_SURE = 0.5
"""The least probability of the place that stays, so that another may go."""
_ELSEWHERE = 0.1
"""Below this probability a place goes."""


def happened_at(args: Sequence[PlaceArg], trigger: Trigger) -> list[PlaceArg]:
    """Return the places of `trigger` among those of its sentence, without what is surely elsewhere.

    Movements and launches keep all: their ways begin and end at places where they do not happen. A name that
    the gazetteer does not know displaces none: "at the X plant in Y", with X unknown, is still in Y.
    """
    own = [a for a in args if a.owner is trigger]
    verb = trigger.token
    moves = lexicon().types[trigger.type].movement or trigger.type in ("launch", "return")
    if len(own) < 2 or verb.pos_ != "VERB" or moves:
        return own
    scores = _scores(args, trigger)
    placed = [a for a in own if a.resolution is not None and a.resolution.place is not None]
    if max((scores.get(id(a), 0.0) for a in placed), default=0.0) < _SURE:
        return own
    return [
        a
        for a in own
        if scores.get(id(a), 1.0) >= _ELSEWHERE
        or a.expression is not None
        or arguments.role(a, trigger) != "target"
    ]


def _scores(args: Sequence[PlaceArg], trigger: Trigger) -> dict[int, float]:
    """Return the probability of every plain named place, by the identity of the argument."""
    verb = trigger.token
    sentence = verb.sent
    names = roles.candidates(sentence.doc, sentence.start, sentence.end)
    known = [a.resolution for a in args if a.resolution is not None and not a.anaphor]
    scores = roles.place_scores(sentence.doc, verb, names, known)
    found: dict[int, float] = {}
    for arg in args:
        if arg.resolution is None or arg.anaphor or arg.several:
            continue
        mention = arg.resolution.mention
        said = [
            p
            for s, p in zip(names, scores, strict=True)
            if s.start_char < mention.end and mention.start < s.end_char
        ]
        if said:
            found[id(arg)] = max(said)
    return found
