"""Several reports of one event become one event with all evidence, never by name alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mapper.events import claims as claim_rules
from mapper.events.lexicon import lexicon
from mapper.events.quantities import widen
from mapper.types import Casualties

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.types import Actor, Claim, Event, EventPlace, Status, When


GENERIC = frozenset({"strike", "explosion", "civilian_attack", "infrastructure_damage"})
"""Types that a less exact report may give an event of a more exact type of the same family."""


def same_event(a: Event, b: Event, key: Callable[[EventPlace], str]) -> bool:
    """Whether two events of one document are reports of the same thing.

    Type family, modality, a shared target place, the day and the actors must all allow it; events without
    any place
    of their own are never merged here.
    """
    types = lexicon().types
    if types[a.type].family != types[b.type].family or a.modality != b.modality:
        return False
    if a.type != b.type and not {a.type, b.type} & GENERIC:
        return False
    places_a = {key(p) for p in a.places if p.role != "reference"}
    places_b = {key(p) for p in b.places if p.role != "reference"}
    if not places_a or not places_b or not (places_a <= places_b or places_b <= places_a):
        return False
    if not _same_day(a.when, b.when) or not compatible(a.initiator, b.initiator):
        return False
    return _same_toll(a.casualties, b.casualties)


def _same_day(a: When | None, b: When | None) -> bool:
    if a is None or b is None or a.start is None or b.start is None:
        return True
    return a.start[:10] <= (b.end or b.start)[:10] and b.start[:10] <= (a.end or a.start)[:10]


def compatible(a: Actor | None, b: Actor | None) -> bool:
    """Whether two descriptions can mean one actor: the same side, or one of them not known."""
    return a is None or b is None or not a.side or not b.side or a.side == b.side


def _same_toll(a: Casualties, b: Casualties) -> bool:
    """Two different exact tolls are two events, unless one is a claim of an upper bound."""
    x, y = a.killed, b.killed
    if x is None or y is None or x.best is None or y.best is None:
        return True
    return x.best == y.best or x.low is None or y.low is None or x.high is None or y.high is None


def join(a: Event, b: Event) -> Event:
    """Return `a` with what `b` adds; the evidence of `b` goes into ``mentioned``."""
    rank = lexicon().types
    kind = a.type if rank[a.type].rank >= rank[b.type].rank else b.type
    if "launch" in (a.type, b.type):
        kind = a.type if a.type != "strike" else b.type
    places = a.places + tuple(p for p in b.places if p not in a.places and not _known(p, a))
    joined = tuple(dict.fromkeys(a.claims + b.claims))
    evidence = tuple(dict.fromkeys((*a.mentioned, *b.mentioned, (b.start, b.end))))
    evidence = tuple(s for s in evidence if s != (a.start, a.end))
    status = a.status if len(joined) == len(a.claims) else _status(a, b, joined)
    return replace(
        a,
        type=kind,
        places=places,
        initiator=_better(a.initiator, b.initiator),
        target=_better(a.target, b.target),
        weapons=a.weapons + tuple(w for w in b.weapons if w.cls not in {x.cls for x in a.weapons}),
        casualties=Casualties(
            widen(a.casualties.killed, b.casualties.killed), widen(a.casualties.injured, b.casualties.injured)
        ),
        when=a.when or b.when,
        claims=joined,
        status=status,
        outcome=a.outcome if a.outcome != "unknown" else b.outcome,
        confidence=min(0.98, max(a.confidence, b.confidence) + 0.03),
        mentioned=evidence,
        movement=a.movement or b.movement,
    )


def _known(place: EventPlace, event: Event) -> bool:
    return place.expression is None and any(p.mention == place.mention for p in event.places)


def _better(a: Actor | None, b: Actor | None) -> Actor | None:
    if a is None or (not a.side and b is not None and b.side):
        return b if b is not None else a
    return a


def _status(a: Event, b: Event, joined: Sequence[Claim]) -> Status:
    return claim_rules.status(
        joined,
        assessed="assessed" in (a.status, b.status),
        confirmed="confirmed" in (a.status, b.status),
    )


def duplicates(events: Sequence[Event], key: Callable[[EventPlace], str]) -> list[Event]:
    """Merge the duplicates among the events of one document; the order of first reports is kept."""
    kept: list[Event] = []
    for event in events:
        for i, earlier in enumerate(kept):
            if same_event(earlier, event, key):
                kept[i] = join(earlier, event)
                break
        else:
            kept.append(event)
    return kept


def without_headings(events: list[Event], headings: set[tuple[int, int]]) -> list[Event]:
    """Fold the event of a heading into the first event below it that it announces."""
    types = lexicon().types
    kept: list[Event] = []
    waiting: list[Event] = []
    for event in events:
        if (event.start, event.end) in headings:
            waiting.append(event)
            continue
        for head in list(waiting):
            near = event.start - head.end < 700 and types[head.type].family == types[event.type].family
            if near and compatible(head.initiator, event.initiator):
                joined = join(event, replace(head, places=event.places, claims=head.claims))
                event = joined
                waiting.remove(head)
        kept.append(event)
    return sorted([*kept, *(w for w in waiting if w.places)], key=lambda e: e.start) if waiting else kept
