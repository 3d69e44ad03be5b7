"""Of the places of a sentence, those where a trigger's event happened, as far as fitted weights are sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.events import arguments, pruning, roles
from mapper.events.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.events.places import PlaceArg
    from mapper.events.triggers import Trigger

_HERE = 0.8
"""The least probability of a place that the grammar gives to another trigger, or to none."""
_SURE = 0.5
"""The least probability of a place for the sake of which less likely ones go."""
_ELSEWHERE = 0.15
"""Below this probability a place goes where a likelier one is known."""
_NOWHERE = 0.06
"""The same for a place of which words say more than its name."""


def happened_at(args: Sequence[PlaceArg], trigger: Trigger) -> list[PlaceArg]:
    """Return the places of `trigger` among those of its sentence.

    The grammar's places stay unless the weights are sure of another one; what the event is done to stays
    always. Where none of the grammar's is likely, those come in that the weights are sure of. Movements and
    launches keep what the grammar says: their ways begin and end at places where they do not happen. A name
    that the gazetteer does not know displaces none: "at the X plant in Y", with X unknown, is in Y.
    """
    own = [a for a in args if a.owner is trigger]
    moves = lexicon().types[trigger.type].movement or trigger.type in ("launch", "return")
    if moves or trigger.token.pos_ not in ("VERB", "NOUN"):
        return own
    objects = [a for a in own if _is_object(a, trigger)]
    if not own or len(args) == len(objects) or len(args) == 1:
        return own
    scores, unknown = _scores(args, trigger)
    done_to = {id(a) for a in objects}
    sure = [a for a in own if _displaces(a) and (id(a) in done_to or scores.get(id(a), 0.0) >= _SURE)]
    if not sure and unknown < _SURE and all(id(a) in scores for a in own):
        sure = [a for a in args if scores.get(id(a), 0.0) >= _HERE and _may_join(a, own, trigger)]

    def stays(arg: PlaceArg) -> bool:
        if id(arg) in done_to or arguments.role(arg, trigger) != "target":
            return True
        rivals = [other for other in sure if other.size <= arg.size]
        least = _ELSEWHERE if arg.expression is None else _NOWHERE
        return not rivals or scores.get(id(arg), 1.0) >= least or any(_is_twin(arg, o) for o in rivals)

    kept = {id(a) for a in [*sure, *filter(stays, own)]}
    return [a for a in args if id(a) in kept]


def _is_object(arg: PlaceArg, trigger: Trigger) -> bool:
    """Whether a place is what the event is done to: "shelled X and Y", "X was stormed"."""
    first = arg.token
    while first.dep_ == "conj" and first.head.pos_ == "PROPN":
        first = first.head
    return first.dep_ in ("dobj", "nsubjpass") and first.head in trigger.heads


def _displaces(arg: PlaceArg) -> bool:
    """Whether a place is known, no part of a front, and no part of another's name ("the X power station")."""
    resolution = arg.resolution
    if resolution is None or resolution.place is None or pruning.is_front(arg):
        return False
    return arg.token.dep_ not in ("compound", "nmod") or resolution.place.feature in resolution.mention.asked


def _is_twin(arg: PlaceArg, other: PlaceArg) -> bool:
    """Whether two places are told in one manner: "north of X near Y; and west of V near W"."""
    mine, theirs = arg.expression, other.expression
    return mine is not None and theirs is not None and (mine.type, arg.prep) == (theirs.type, other.prep)


def _may_join(arg: PlaceArg, own: list[PlaceArg], trigger: Trigger) -> bool:
    """Whether a place of others may be added: known, a target, and no coarser than what there is."""
    target = _displaces(arg) and arguments.role(arg, trigger) == "target"
    return target and all(arg.size <= a.size for a in own)


def _is_placed(arg: PlaceArg) -> bool:
    return arg.resolution is not None and arg.resolution.place is not None


def _scores(args: Sequence[PlaceArg], trigger: Trigger) -> tuple[dict[int, float], float]:
    """Return the probability of every named place, by the identity of the argument; and the highest of the
    names that no place is known for.
    """
    verb = trigger.token
    sentence = verb.sent
    names = roles.candidates(sentence.doc, sentence.start, sentence.end)
    known = [a.resolution for a in args if a.resolution is not None and not a.anaphor]
    scores = roles.place_scores(sentence.doc, verb, names, known)
    found: dict[int, float] = {}
    placed: set[int] = set()
    for arg in args:
        if arg.resolution is None or arg.anaphor or arg.several:
            continue
        mention = arg.resolution.mention
        said = [i for i, s in enumerate(names) if s.start_char < mention.end and mention.start < s.end_char]
        if said:
            found[id(arg)] = max(scores[i] for i in said)
        if _is_placed(arg):
            placed.update(said)
    # one place named twice is one place
    best: dict[str, float] = {}
    for arg in args:
        best[arg.key] = max(best.get(arg.key, 0.0), found.get(id(arg), 0.0))
    unknown = max((p for i, p in enumerate(scores) if i not in placed), default=0.0)
    return {id(a): best[a.key] for a in args if id(a) in found}, unknown
