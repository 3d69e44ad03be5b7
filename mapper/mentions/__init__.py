"""Recognition: which spans of a text name places.

The gazetteer's matches and the model's entities lie in one lattice (``lattice``); a small fitted
classifier (``features``, ``classify``) decides what is a place; ``kinds`` and ``inside`` read the
words round it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.mentions import brackets, classify, inflected, inside, kinds, lattice, sounds, told, written
from mapper.mentions.context import Context, context
from mapper.mentions.lattice import Names, Span, Text
from mapper.mentions.words import words
from mapper.types import Mention

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer
    from mapper.language import Parsed


def find(parsed: Parsed, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Find the place names of a document.

    Returns
    -------
    tuple of Mention
        In the order of the text, without overlaps; ``certainty`` is the chance that it is a place name.
        People's names, organisations and ordinary words are left out; place names inside organisations,
        adjectives and governments ("Moscow said") are found with ``pinned`` False.
    """
    text = Text(parsed)
    names = Names(gazetteer)
    if parsed.language in inflected.LANGUAGES and not parsed.reads_grammar:
        return written.add(mentions(text, inflected.find(text, names), Context()), parsed.document.text)
    spans = lattice.build(text, names)
    doc = context(text, spans)
    likely = classify.choose(text, spans, doc)
    chosen = told.add(text, brackets.add(text, likely, doc, names), doc, names)
    whole = _added(chosen, likely)
    for span in chosen:
        lattice.complete(text, span, names)
    heard = [h for h in sounds.find(text, spans, chosen, doc, names) if not text.in_other_name(h)]
    heard = [h for h in heard if not any(told.within(h, span) for span in whole)]
    known = [s for s in chosen if not any(s.overlaps(h) for h in heard)]
    found = mentions(text, sorted([*known, *heard], key=lambda s: s.start), doc)
    return written.add(found, parsed.document.text)


def _added(chosen: list[Span], likely: list[Span]) -> list[Span]:
    """Give the spans that only the words beside them told."""
    before = {id(span) for span in likely}
    return [span for span in chosen if id(span) not in before]


def mentions(text: Text, chosen: list[Span], doc: Context) -> tuple[Mention, ...]:
    """Make mentions of the spans that were chosen, in text order."""
    ids = {id(span): f"m{number}" for number, span in enumerate(chosen, start=1)}
    outers = inside.containers(text, chosen)
    cities = {id(outer) for span, outer in zip(chosen, outers, strict=True) if kinds.is_quarter(text, span)}
    made = []
    for span, outer in zip(chosen, outers, strict=True):
        features = kinds.asked(text, span, chosen)
        if id(span) in cities and not features:
            features = words().asks["settlement"]  # "the X neighborhood, Giza": no governorate
        made.append(
            Mention(
                id=ids[id(span)],
                start=span.start,
                end=span.end,
                text=span.text,
                kind=kinds.initial_kind(text, span, features),
                query=span.query
                or (words().institutions.get(span.text.lower(), "") if outer is None else ""),
                asked=features,
                inside=ids[id(outer)] if outer is not None else None,
                pinned=kinds.is_pinned(text, span, doc, chosen),
                certainty=round(span.probability, 4),
                heard=tuple(span.candidates) if span.found == "sound" else (),
                built=kinds.built(text, span) if features[:1] == ("facility",) else (),
            )
        )
    return tuple(made)
