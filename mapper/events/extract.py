"""Events from a parsed document: the stage's one entry, :func:`extract`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mapper.events import (
    assembly,
    claims,
    drafts,
    merge,
    modality,
    places,
    segments,
    times,
    triggers,
    weapons,
)
from mapper.events.lexicon import lexicon
from mapper.events.making import Maker
from mapper.types import Event, EventPlace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from mapper.events.drafts import Draft
    from mapper.events.places import PlaceArg
    from mapper.events.segments import Segment
    from mapper.events.times import TimeSpan
    from mapper.events.triggers import Trigger
    from mapper.language import Parsed
    from mapper.types import Resolution, SpatialExpression

_REACH_BACK = 3
_BLOWS = ("air_strike", "missile_strike", "drone_strike")


class _Reader:
    """One document being read: what is known so far, sentence by sentence."""

    def __init__(
        self,
        parsed: Parsed,
        found: Sequence[Trigger],
        resolutions: Sequence[Resolution],
        expressions: Sequence[SpatialExpression],
    ):
        self.found = found
        self.doc: Doc = parsed.doc
        self.make = Maker(parsed, resolutions, expressions)
        self.sayings = self.make.sayings
        self.by_id = {r.mention.id: r for r in resolutions}
        self.args = places.collect(self.doc, resolutions, expressions)
        self.drafts: list[Draft] = []
        self.events: list[Event] = []
        self.segments = segments.segments(self.doc)
        self.note = len(self.segments) <= segments.NOTE
        self.args = places.without_strays(self.args) if self.note else places.without_far(self.args)
        self.headings: set[tuple[int, int]] = set()

    def key(self, place: EventPlace) -> str:
        """Return the identity of an event's place, for merging."""
        if place.expression is not None:
            return f"{place.expression.type}:{place.expression.bearing_deg}:{place.expression.distance_m}:{place.mention}"  # noqa: E501
        return places.place_key(self.by_id.get(place.mention or ""))

    def read(self) -> tuple[Event, ...]:
        """Return the events of the document."""
        for segment in self.segments:
            span = segment.span
            own = [t for t in self.found if span.start <= t.token.i < span.end]
            args = [a for a in self.args if span.start <= a.token.i < span.end]
            new = drafts.draft(segment, own, args, self.drafts) if own else []
            spoken = times.find(span.text, span.start_char, self.make.today, self.make.day_told(segment))
            self.make.remember_time(segment, spoken)
            for draft in sorted(new, key=lambda d: (d.background and len(new) > 1, d.trigger.start)):
                self._take(draft, segment, spoken)
            if not new:
                self._arsenal(segment)
            self._reactions(segment, bool(new))
        told = zip(self.events, self.drafts, strict=True)
        counted = [replace(event, casualties=drafts.toll(draft)) for event, draft in told]
        events = merge.without_headings(counted, self.headings, self.key)
        events = merge.carried_out(merge.duplicates(events, self.key), self.key)
        return tuple(
            replace(e, id=f"e{i}", places=self._once(e.places), confidence=round(e.confidence, 2))
            for i, e in enumerate(events, 1)
        )

    def _once(self, spots: tuple[EventPlace, ...]) -> tuple[EventPlace, ...]:
        """Drop a plain place that the event already has in the same role."""
        found: dict[tuple[str, str], EventPlace] = {}
        for spot in spots:
            name = self.key(spot) if spot.expression is None else f"{spot.expression.start}:{spot.mention}"
            found.setdefault((spot.role, name), spot)
        return tuple(found.values())

    def _take(self, draft: Draft, segment: Segment, spoken: list[TimeSpan]) -> None:
        """Turn a draft into an event, or into a part of the event that it refers back to."""
        if draft.type == "return":
            self._return(draft)
            return
        if draft.type == "casualty":
            return
        if assembly.attributed(draft):
            draft.args = []
        event = self._like_before(self.make.event(draft, segment, spoken), draft)
        denied = any(c.stance == "denies" for c in event.claims)
        unreal = event.modality == "hypothetical" or (event.modality == "negated" and not denied)
        vague = unreal and (draft.inherited or not draft.args)
        if vague or modality.is_wish(draft.trigger, draft.family, event.modality):
            return
        if segment.heading:
            self.headings.add((event.start, event.end))
        if event.modality == "negated" and not draft.args and self._denied(event, draft):
            return
        lost = assembly.names_unknown(draft, self.make.place_tokens)
        if lost and draft.inherited:
            draft.args, draft.inherited = [], False  # it happened where nobody knows, not beside
            event = replace(event, places=())
        earlier = None if lost else self._referent(draft, event)
        if earlier is not None and self._struck(earlier, event, draft):
            return
        if earlier is not None:
            self._join(earlier, event, draft)
            self.make.remember_actor(event, segment)
            return
        if draft.background and not draft.args and drafts.told_before(draft.trigger):
            return
        event = self._round(event, segment, draft)
        if not event.places:
            event = self._inherit(event, draft, segment, lost)
            if not event.places and not assembly.worth(event, draft):
                return
        self.make.remember_actor(event, segment)
        self.drafts.append(draft)
        self.events.append(event)

    def _struck(self, i: int, event: Event, draft: Draft) -> bool:
        """Let a strike that names where an earlier launch went be an event of its own, joined to the launch.

        The launch gets the targets, the strike the place of the launch: both are drawn as lines.
        """
        launch, own = self.events[i], [a for a, _ in draft.args if not draft.inherited]
        start = tuple(p for p in launch.places if p.role == "launch")
        if launch.type != "launch" or not start or not own or draft.trigger.form != "noun":
            return False
        table = lexicon().weapon_types
        arms = [table[w.cls] for w in launch.weapons if w.cls in table]
        kind = next((k for k in arms if k == "missile_strike"), arms[0] if arms else event.type)
        kind = event.type if draft.weapons else kind
        self._join(i, event, draft)
        strike = replace(
            event,
            type=kind,
            places=event.places + start,
            initiator=launch.initiator or event.initiator,
            weapons=event.weapons or launch.weapons,
        )
        self.drafts.append(draft)
        self.events.append(strike)
        return True

    def _join(self, i: int, event: Event, draft: Draft) -> None:
        """Add a further report to event `i`; a place that only says where the new one lies gives way to
        it.
        """
        earlier = self.drafts[i]
        own = [] if draft.inherited else draft.args
        if draft.trigger.type == "strike" and not draft.weapons and self.events[i].type != "launch":
            event = replace(event, type=self.events[i].type)  # "the clinic was hit": by what shelled the town
        if assembly.refines(earlier.args, own):
            old = {a.mention for a, _ in earlier.args}
            kept = tuple(p for p in self.events[i].places if p.mention not in old)
            self.events[i] = replace(self.events[i], places=kept)
            earlier.args = []
        self.events[i] = merge.join(self.events[i], event)
        earlier.args += [pair for pair in own if pair[0].key not in earlier.keys]
        earlier.killed += draft.killed
        earlier.injured += draft.injured
        earlier.last, earlier.paragraph = draft.segment.index, draft.segment.paragraph

    def _arsenal(self, segment: Segment) -> None:
        """Let a sentence that only lists weapons speak of the launch or strike told just before."""
        if not self.drafts or segment.index - self.drafts[-1].last > 1:
            return
        draft, event = self.drafts[-1], self.events[-1]
        if draft.family != "strike" or draft.paragraph != segment.paragraph:
            return
        span = segment.span
        found = [w for _, _, w in weapons.find(span.doc, span.start, span.end) if w.count]
        known = {(w.cls, w.count) for w in event.weapons}
        extra = tuple(w for w in found if (w.cls, w.count) not in known)
        if extra:
            self.events[-1] = replace(event, weapons=event.weapons + extra)

    def _return(self, draft: Draft) -> None:
        """Add the way home to the last launch."""
        for i in range(len(self.events) - 1, -1, -1):
            if self.events[i].type == "launch" or any(p.role == "launch" for p in self.events[i].places):
                home = tuple(EventPlace("return", a.mention, a.expression) for a, _ in draft.args)
                self.events[i] = replace(self.events[i], places=self.events[i].places + home)
                return

    def _referent(self, draft: Draft, event: Event) -> int | None:
        """Return the index of the event that "the strike", "the attack", "it" refers back to."""
        token = draft.trigger.token
        definite = any(c.lower_ in ("the", "this", "that", "these", "those") for c in token.children)
        bare = draft.trigger.form == "noun" and definite
        if draft.trigger.type == "strike" and any(t.lower_ == "responsibility" for t in token.sent):
            return self._claimed(draft)
        for i in range(len(self.events) - 1, -1, -1):
            earlier = self.drafts[i]
            distance = draft.segment.index - earlier.last
            if distance > _REACH_BACK or earlier.paragraph < draft.segment.paragraph - 1:
                break
            if earlier.family != draft.family or not distance and earlier.type != draft.type:
                continue
            if earlier.segment.heading:
                break
            if not merge.compatible(self.events[i].initiator, event.initiator):
                continue
            own = [a for a, _ in draft.args if not draft.inherited]
            targets = {a.key for a, r in earlier.args if r == "target"}
            if draft.inherited and earlier.keys and not bare and earlier.keys.isdisjoint(draft.keys):
                continue  # its own sentence puts it elsewhere
            free = (
                not own or {a.key for a in own} <= earlier.keys or (earlier.type == "launch" and not targets)
            )
            # "the blaze, the largest in the Union": what it is compared with is not where it is
            free |= definite and bool(earlier.args) and all(assembly.vast(a) for a in own)
            negated = "negated" in (event.modality, self.events[i].modality)
            if self.events[i].modality != event.modality and (own or negated):
                continue
            vague = draft.trigger.type in ("strike", "explosion") and not draft.weapons
            same = earlier.type == draft.type or vague
            fresh = (
                draft.trigger.light is not None and event.initiator is not None and event.target is not None
            )
            # a verb with a doer of its own, in another paragraph, tells something new
            fresh |= earlier.paragraph != draft.segment.paragraph and assembly.has_doer(draft)
            if free and (bare or (not own and same and 0 < distance <= 2 and not fresh)):
                return i
            told = bare or earlier.type == draft.type
            if same and told and own and distance <= 2 and assembly.refines(earlier.args, draft.args):
                return i
        return None

    def _claimed(self, draft: Draft) -> int | None:
        """Return the attack told last, for which somebody "claimed responsibility"."""
        for i in range(len(self.events) - 1, -1, -1):
            earlier = self.drafts[i]
            if draft.segment.index - earlier.last > _REACH_BACK:
                break
            if earlier.family in ("strike", "ground") and self.events[i].modality == "actual":
                return i
        return None

    def _like_before(self, event: Event, draft: Draft) -> Event:
        """Let a strike whose weapon is not told be of the kind of the strikes that the text told before."""
        if draft.trigger.type != "strike" or draft.weapons or event.type != lexicon().fallback["blow_type"]:
            return event
        here = {assembly.country(a) for a, _ in draft.args}
        for earlier, told in zip(reversed(self.events), reversed(self.drafts), strict=True):
            if earlier.type in _BLOWS and (told.weapons or told.trigger.type in _BLOWS):
                there = {assembly.country(a) for a, _ in told.args}
                if not merge.compatible(earlier.initiator, event.initiator) or here.isdisjoint(there):
                    continue
                draft.type = earlier.type
                return replace(event, type=earlier.type)
        return event

    def _round(self, event: Event, segment: Segment, draft: Draft) -> Event:
        """Give an event whose places are all unknown what its sentence names round them: "at X (Y, Z)"."""
        lost = [self.by_id[p.mention] for p in event.places if p.mention in self.by_id]
        vague = bool(lost) and all(
            p.role == "target" and p.expression is None and self._is_country(p.mention) for p in event.places
        )
        if not lost or any(r.place is not None for r in lost) and not vague:
            return event
        span, first = segment.span, lost[0].mention
        wide = [
            a
            for a in self.args
            if span.start <= a.token.i < span.end and a.mention is not None and not (a.speaker or a.dateline)
            if a.coarse or a.owner in (None, draft.trigger) or 0 <= a.start - first.end < 3
            if (r := self.by_id.get(a.mention)) and r.place is not None
        ]

        def fits(arg: PlaceArg) -> tuple[bool, bool, bool, int, int]:
            beside = not 0 <= arg.start - first.end < 3  # "X (Y, Z)": Y
            return arg.size > 2, beside, arg.start < first.end, arg.size, abs(arg.start - first.end)

        best = sorted(wide, key=fits)[:1]
        if vague:
            own = [a for a in best if a.size < 3 and not a.owner]
            return replace(event, places=assembly.spots([(a, "target") for a in own]) or event.places)
        role = event.places[0].role
        return replace(event, places=(*event.places, *(EventPlace(role, a.mention, None) for a in best)))

    def _is_country(self, mention: str | None) -> bool:
        named = self.by_id.get(mention or "")
        return named is not None and named.place is not None and named.place.feature == "country"

    def _inherit(self, event: Event, draft: Draft, segment: Segment, lost: bool) -> Event:
        """Give an event without place the place of the sentence before it in the same paragraph.

        Not if it names a place of its own that nobody knows (``lost``). A note of a few sentences is about
        one place: there a place that no other event has will do.
        """
        apart = lost or (draft.family == "evacuate" and segment.item)
        for earlier in () if apart else reversed(self.drafts):
            if earlier.segment.paragraph != segment.paragraph or segment.index - earlier.segment.index > 2:
                break
            if earlier.args:
                draft.args = [(a, r) for a, r in earlier.args if r in ("target", "destination")]
                draft.inherited = True
                return replace(
                    event, places=assembly.spots(draft.args), confidence=round(event.confidence - 0.2, 2)
                )
        if self.note:
            taken = {a.key for d in self.drafts for a, _ in d.args} if lost else set()
            whose = ("compound", "nmod", "poss", "amod")
            told = [a for a in self.args if not a.speaker and not a.anaphor and a.key not in taken]
            told = [a for a in told if a.size < 3 or a.token.dep_ not in whose]
            draft.args = [(a, "target") for a in assembly.finest(told)[:1]]
            draft.inherited = True
            spots = assembly.spots(draft.args) or (() if taken else assembly.only_named(self.by_id.values()))
            return replace(event, places=spots, confidence=round(event.confidence - 0.3, 2))
        return event

    def _reactions(self, segment: Segment, has_events: bool) -> None:
        """Let a denial or a doubt that names no event speak of the event before it."""
        if has_events or not self.events:
            return
        span = segment.span
        for saying in self.sayings:
            if not span.start <= saying.verb < span.end or saying.claim.stance not in ("denies", "doubts"):
                continue
            for i in range(len(self.events) - 1, -1, -1):
                earlier = self.drafts[i]
                if segment.index - earlier.last > 4 or earlier.paragraph < segment.paragraph - 3:
                    break
                if earlier.paragraph != segment.paragraph and claims.says_what(self.doc[saying.verb]):
                    break  # it denies something else, and says what
                event = self.events[i]
                mine = {c.side or c.speaker for c in event.claims if c.stance == "asserts"}
                if saying.claim.stance == "denies" and saying.claim.side and mine == {saying.claim.side}:
                    continue
                joined = (*event.claims, saying.claim)
                status = claims.status(joined, assessed=event.status == "assessed", confirmed=False)
                self.events[i] = replace(event, claims=joined, status=status)
                break

    def _denied(self, event: Event, draft: Draft) -> bool:
        """Let "X denied targeting civilians", which names no place, deny the attack told just before."""
        denials = tuple(c for c in event.claims if c.stance == "denies")
        for i in range(len(self.events) - 1, -1, -1):
            earlier = self.drafts[i]
            if not denials or draft.segment.index - earlier.last > _REACH_BACK:
                break
            if earlier.paragraph != draft.segment.paragraph or earlier.family not in ("strike", "ground"):
                continue
            joined = tuple(dict.fromkeys((*self.events[i].claims, *denials)))
            status = claims.status(joined, assessed=self.events[i].status == "assessed", confirmed=False)
            self.events[i] = replace(self.events[i], claims=joined, status=status)
            return True
        return False


def extract(
    parsed: Parsed, resolutions: Sequence[Resolution], expressions: Sequence[SpatialExpression]
) -> tuple[Event, ...]:
    """Return the events that a document reports, in the order of the text, each with its evidence.

    Parameters
    ----------
    parsed : Parsed
        The document and its spaCy parse; without a grammar (``reads_grammar`` false) there are no events.
    resolutions : sequence of Resolution
        The mentions and what they mean. Places without an answer keep their part in the event.
    expressions : sequence of SpatialExpression
        What the text says of place relative to those mentions.

    Returns
    -------
    tuple of Event
        ``places`` is filled; ``locations`` and ``movement.bearing_deg`` are left to the geometry stage.
    """
    if not parsed.reads_grammar:
        return ()
    found = triggers.find(parsed.doc)
    events = _Reader(parsed, found, resolutions, expressions).read() if found else ()
    if any(e.places for e in events) or len(segments.segments(parsed.doc)) > segments.NOTE:
        return events
    scene = triggers.find(parsed.doc, scene=True)
    return _Reader(parsed, scene, resolutions, expressions).read() or events
