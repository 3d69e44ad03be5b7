"""From a draft to an event: who, to whom, when, how far, and how sure the words are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from mapper.events import actors, assembly, claims, modality, quantities
from mapper.types import Actor, Event, Movement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from mapper.events.claims import Saying
    from mapper.events.drafts import Draft
    from mapper.events.segments import Segment
    from mapper.events.times import TimeSpan
    from mapper.language import Parsed
    from mapper.types import Resolution, SpatialExpression, When

_ANNOUNCED = ("announce", "declare", "claim")
_UNNAMED = Actor("")
_WAR = ("Ukraine", "Russia")
"""Sides who fight nobody but each other."""
_MOVES = ("advance", "withdrawal", "assault_repelled", "liberation", "capture", "ground_assault")


class Maker:
    """Makes events of drafts with what the document has told so far: its sides, speakers, actors, days."""

    def __init__(
        self, parsed: Parsed, resolutions: Sequence[Resolution], expressions: Sequence[SpatialExpression]
    ):
        self.doc: Doc = parsed.doc
        self.text = parsed.document.text
        self.today = parsed.document.date
        self.expressions = expressions
        narrator = assembly.narrator(self.doc)
        self.home = narrator or assembly.home_of(resolutions)
        near = assembly.home_near(self.doc, resolutions, self.home)
        self.home_at = (lambda start: narrator) if narrator else near
        self.sayings = claims.find(self.doc, self.home_at)
        self.place_tokens = assembly.place_tokens(self.doc, resolutions)
        self.foe = self._foe()
        self.last_actor: Actor | None = None
        self.last_paragraph = 0
        self.topic: dict[int, TimeSpan] = {}

    def remember_time(self, segment: Segment, spoken: Sequence[TimeSpan]) -> None:
        """Let a day that a sentence tells hold for the rest of its paragraph."""
        days = [t for t in spoken if t.when.start and t.when.precision in ("day", "minute", "range")]
        if days:
            self.topic[segment.paragraph] = days[0]

    def day_told(self, segment: Segment) -> date | None:
        """Return the day that this paragraph or the one before told last, from which "the day before"
        counts.
        """
        spans = [self.topic.get(p) for p in (segment.paragraph, segment.paragraph - 1)]
        starts = [s.when.start for s in spans if s is not None and s.when.start]
        return date.fromisoformat(starts[0][:10]) if starts else None

    def remember_actor(self, event: Event, segment: Segment) -> None:
        """Let the doer of an event be who "they" are in what follows."""
        if event.initiator is not None:
            self.last_actor, self.last_paragraph = event.initiator, segment.paragraph

    def event(self, draft: Draft, segment: Segment, spoken: list[TimeSpan]) -> Event:
        """Return the event of a draft; the reader joins it with what was told before."""
        trigger, span = draft.trigger, segment.span
        sayings = claims.around(self.sayings, trigger.start, trigger.token.i + 1)
        sayings = [s for s in sayings if s.verb != trigger.token.i]
        perspective = next((s.claim.side for s in sayings if s.claim.side), self.home)
        when = self._when(draft, segment, spoken)
        mode = modality.modality(trigger, when.start if when else None, self.today)
        initiator = self._doer(draft, perspective, sayings)
        target = actors.target(trigger, perspective, self.place_tokens)
        if initiator is not None and target is not None:
            target = None if target.text == initiator.text else target
            initiator = _opponent(initiator, target, draft)
        kind = "ground_assault" if draft.type == "advance" and mode == "attempted" else draft.type
        start, end = assembly.trim(self.text, span.start_char, span.end_char)
        said = tuple(dict.fromkeys(s.claim for s in sayings))
        return Event(
            id="",
            type=kind,
            start=start,
            end=end,
            quote=self.text[start:end],
            trigger=(
                self.doc[trigger.start].idx,
                self.doc[trigger.end - 1].idx + len(self.doc[trigger.end - 1]),
            ),
            modality=mode,
            outcome=modality.outcome(trigger, draft.type, mode),
            initiator=initiator,
            target=target,
            weapons=tuple(dict.fromkeys(draft.weapons)),
            when=when,
            places=assembly.spots(draft.args),
            movement=self._movement(draft),
            claims=said,
            status=assembly.status(said, sayings),
            confidence=assembly.confidence(draft, mode),
        )

    def _foe(self) -> Actor | None:
        """Return the enemy of a writer who takes a side ("the enemy shelled ..."), if he tells of one."""
        enemy = actors.sides().enemies.get(self.home, "")
        if not enemy:
            return None
        theirs = [s for s in self.sayings if s.claim.side == enemy]
        words = [
            t for t in self.doc if actors.is_foe(t.text) and not any(s.start <= t.i < s.end for s in theirs)
        ]
        return replace(_UNNAMED, text=words[0].text, side=enemy) if words else None

    def _doer(self, draft: Draft, perspective: str, sayings: list[Saying]) -> Actor | None:
        """Return who did it: by the grammar, else by whose troops the writer speaks of."""
        trigger = draft.trigger
        if self.last_actor is not None and draft.segment.paragraph > self.last_paragraph + 1:
            self.last_actor = None
        found = actors.initiator(trigger, perspective, self.place_tokens, self.last_actor)
        home = self.home_at(draft.segment.span.start_char)
        if found is None:
            if draft.type in ("capture", "liberation") and sayings and self._announces(sayings[0]):
                return Actor(sayings[0].claim.speaker, sayings[0].claim.side)
            foe = self.foe if draft.family == "strike" and draft.type != "explosion" else None
            struck = {assembly.state_of(a) for a, r in draft.args if r == "target"}
            return foe if foe is not None and struck == {self.home} else None
        if found.side:
            return found
        if draft.type == "withdrawal" and sayings and sayings[0].claim.side in actors.sides().states:
            return replace(found, side=sayings[0].claim.side)
        found = actors.army(found, home, self.last_actor)
        own = self.foe is not None and not found.side and actors.fights(found)
        return replace(found, side=self.home) if own else found

    def _announces(self, saying: Saying) -> bool:
        """Whether a side speaks of what it did itself: "announced the capture of X"."""
        spoken = self.doc[saying.verb].lemma_ if saying.verb >= 0 else ""
        return spoken in _ANNOUNCED and saying.claim.side in actors.sides().states

    def _when(self, draft: Draft, segment: Segment, spoken: list[TimeSpan]) -> When | None:
        if spoken:
            here = self.doc[draft.trigger.token.i].idx
            known = [t for t in spoken if t.when.start] or spoken
            fitting = [t for t in known if t.when.precision != "range" or t.when.start] or known
            return min(fitting, key=lambda t: (min(abs(t.start - here), abs(t.end - here)), t.start)).when
        topic = self.topic.get(segment.paragraph)
        return topic.when if topic is not None else None

    def _movement(self, draft: Draft) -> Movement | None:
        if draft.type not in _MOVES:
            return None
        trigger = draft.trigger
        for measure in self.expressions:
            inside = draft.segment.span.start_char <= measure.start < draft.segment.span.end_char
            if inside and measure.type == "toward" and measure.distance_m:
                return Movement(measure.distance_m, measure.bearing_deg)
        start = self.doc[max(draft.segment.span.start, trigger.start - 6)].idx
        end = draft.segment.span.end_char
        last = self.doc[trigger.end - 1]
        found = quantities.movement_length(self.text[start : min(end, last.idx + len(last) + 70)])
        if found is None:
            return None
        a, b = start + found[1], start + found[2]
        taken = [
            e for e in self.expressions if e.type in ("offset", "distance") and e.start < b and a < e.end
        ]
        return None if taken else Movement(found[0], None)


def _opponent(initiator: Actor, target: Actor | None, draft: Draft) -> Actor:
    """Give armed people of no stated side the side of those whom their target fights."""
    if initiator.side or target is None or target.side not in _WAR or not actors.fights(initiator):
        return initiator
    if draft.family not in ("strike", "interception", "ground") or draft.type in (
        "explosion",
        "civilian_attack",
    ):
        return initiator
    return replace(initiator, side=actors.sides().enemies[target.side])
