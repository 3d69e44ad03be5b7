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


_AFTER_LEAVING = ("capture", "liberation", "withdrawal")
_BELOW = 700
"""So many characters below a heading stands what it announces."""
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


def carried_out(events: list[Event], key: Callable[[EventPlace], str]) -> list[Event]:
    """Let a withdrawal that was ordered be one that took place where the text goes on to tell so."""
    found = list(events)
    for i, event in enumerate(events):
        at = {key(p) for p in event.places}
        if event.type == "withdrawal" and event.modality == "planned" and at:
            done = [e for e in events[i + 1 :] if e.modality == "actual" and e.type in _AFTER_LEAVING]
            if any(at & {key(p) for p in e.places} for e in done):
                found[i] = replace(event, modality="actual", outcome="ongoing")
    return found


def without_headings(
    events: list[Event], headings: set[tuple[int, int]], key: Callable[[EventPlace], str]
) -> list[Event]:
    """Fold the event of a heading into the event below it that it announces: the first at its place, else the
    first of its kind.
    """
    kept = [e for e in events if (e.start, e.end) not in headings]
    for head in [e for e in events if (e.start, e.end) in headings]:
        after = [i for i, e in enumerate(kept) if e.start >= head.end and _announces(head, e)]
        below = [i for i in after if kept[i].start - head.end < _BELOW]
        at = {key(p) for p in head.places}
        same = [i for i in after if at & {key(p) for p in kept[i].places}]
        if same or below:
            i = (same or below)[0]
            kept[i] = join(kept[i], replace(head, places=kept[i].places, claims=head.claims))
        elif head.places:
            kept.append(head)
    return sorted(kept, key=lambda e: e.start)


def _announces(head: Event, event: Event) -> bool:
    families = {lexicon().types[head.type].family, lexicon().types[event.type].family}
    vague = head.type in ("ground_assault", "civilian_attack") and families == {"strike", "ground"}
    return (len(families) == 1 or vague) and compatible(head.initiator, event.initiator)
