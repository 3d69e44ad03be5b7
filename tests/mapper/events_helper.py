"""Mark up a text by hand and read its events, with no gazetteer: "[Kharkiv] was shelled".

A name in brackets is a settlement of its own; more can be said after bars: "[Kharkiv|UA]",
"[Sudan|country|SD]",
"[Azot plant|facility|UA]". A name after "=" is what the mention means: "[Kiev=Kyiv|UA]". A second mention
of the same
name in one text may leave the bars out.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from gazetteer.place import Place
from mapper.events.extract import extract
from mapper.language import Parsed, parse
from mapper.space import phrases
from mapper.types import Document, Event, Mention, Resolution, SpatialExpression

MARK = re.compile(r"\[([^\[\]|=]{1,60})(?:=([^\[\]|]{1,60}))?((?:\|[^\[\]|]{1,20}){0,3})\]")
KINDS = ("region", "country", "river", "road", "facility", "area", "water", "demonym", "other", "metonym")
FEATURES = {"settlement": "settlement", "region": "region", "country": "country", "river": "river", "road": "road",  # noqa: E501
            "facility": "facility", "area": "area", "water": "water"}  # fmt: skip


@cache
def _place(name: str, kind: str, country: str) -> Place:
    number = sum(ord(c) * 31**i for i, c in enumerate(name.casefold())) % 10_000_000
    feature = FEATURES.get(kind, "settlement")
    home = sum(map(ord, country))  # the places of a country lie near one another, as those of a report do
    lat, lon = 10 + home % 50 + number % 50 / 100, 20 + home % 30 + number % 30 / 100
    return Place(f"test:{number}", name, lat, lon, 3000.0, feature, country)  # type: ignore[arg-type]


def read_marks(marked: str) -> tuple[str, list[Resolution]]:
    """Return the text without brackets, and its mentions with the places that the marks tell."""
    text, resolutions, told = "", [], {}
    last = 0
    for match in MARK.finditer(marked):
        text += marked[last : match.start()]
        last = match.end()
        name, meant, bars = match[1], match[2] or match[1], [b for b in match[3].split("|") if b]
        kind, country = told.get(meant, ("settlement", ""))
        for bar in bars:
            kind, country = (bar, country) if bar in KINDS else (kind, bar)
        told[meant] = (kind, country)
        start = len(text)
        text += name
        mention = Mention(f"m{len(resolutions) + 1}", start, len(text), name, "other" if kind == "metonym" else kind,  # noqa: E501
                          pinned=kind not in ("demonym", "metonym"))  # fmt: skip
        found = None if country == "unknown" else _place(meant, kind, country)
        resolutions.append(Resolution(mention, found, "exact" if found else None, 1.0 if found else 0.0))
    return text + marked[last:], resolutions


def read(marked: str, day: str | None = None) -> tuple[tuple[Event, ...], list[Resolution], Parsed]:
    """Return the events of a marked-up text, its resolutions and its parse."""
    text, resolutions = read_marks(marked)
    parsed = parse(Document("test", text, date.fromisoformat(day) if day else None), None)
    expressions = tuple(phrases.find(text, [r.mention for r in resolutions]))
    return extract(parsed, resolutions, expressions), resolutions, parsed


def where(event: Event, resolutions: list[Resolution], *roles: str) -> list[str]:
    """Return the names of an event's places, of some roles or of all but references."""
    names = {r.mention.id: r.place.name if r.place else r.mention.text for r in resolutions}
    wanted = roles or ("target", "origin", "destination", "route", "launch", "return", "waypoint")
    return [names.get(p.mention or "", "") for p in event.places if p.role in wanted]


def show(event: Event, resolutions: list[Resolution]) -> str:
    """Return one event as a line for people."""
    names = {r.mention.id: r.place.name if r.place else r.mention.text for r in resolutions}
    spots = [
        f"{p.role}:{names.get(p.mention or '', '?')}"
        + (f"<{relation(p.expression)}>" if p.expression else "")
        for p in event.places
    ]
    who = f"{event.initiator.text}/{event.initiator.side}" if event.initiator else "-"
    whom = f"{event.target.text}/{event.target.side}" if event.target else "-"
    said = [f"{c.speaker}/{c.side}:{c.stance}" for c in event.claims]
    when = (
        f"{event.when.start}..{event.when.end} {event.when.precision} '{event.when.text}'"
        if event.when
        else "-"
    )
    toll = " ".join(
        f"{k}={c.low}/{c.best}/{c.high}"
        for k, c in (("k", event.casualties.killed), ("i", event.casualties.injured))
        if c
    )
    return (
        f"{event.type} [{event.modality},{event.outcome},{event.status},{event.confidence}] {spots} {who} -> {whom} "  # noqa: E501
        f"arms={[(w.text, w.cls, w.count) for w in event.weapons]} {toll} when={when} move={event.movement} {said}"  # noqa: E501
    )


def relation(expression: SpatialExpression) -> str:
    """Return an expression as a few words."""
    return f"{expression.type} {expression.distance_m} {expression.bearing_deg} {expression.part}{' line' if expression.line else ''}"  # noqa: E501
