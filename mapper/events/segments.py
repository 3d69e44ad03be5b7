"""Sentences as the stage reads them: cut at line breaks, with their paragraphs, headings and lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper.events import grammar
from mapper.events.lexicon import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

NOTE = 5
"""So many sentences at most has a caption or a note, which may tell only what was left behind."""
_BULLETS = tuple("-*•–—▪►")
_LINES = 5


@dataclass(slots=True)
class Segment:
    """A sentence (or a part of one that a line break ends) with its paragraph number."""

    span: Span
    paragraph: int
    index: int
    heading: bool = False
    peaceful: bool = False
    """Whether the text, longer than a note, has no word of war: there a "hit" is none."""

    @property
    def item(self) -> bool:
        """Whether it is an item of a list, which stands for itself."""
        before = grammar.full_text(self.span.doc)[: self.span.start_char].rstrip(" ")
        marked = before[-1:] in _BULLETS and before[-2:-1] in ("", "\n")
        return marked or self.span.text.lstrip()[:1] in _BULLETS


def segments(doc: Doc) -> list[Segment]:
    """Cut a document into sentences that do not cross blank lines or bullets, with their paragraphs."""
    found: list[Segment] = []
    paragraph = 0
    listed = _of_lines(doc)
    for sent in doc.sents:
        start = sent.start
        for i in range(sent.start, sent.end):
            token = doc[i]
            breaks = token.text.count("\n") > 1 or ("\n" in token.text and _new_item(doc, i + 1))
            if breaks or i == sent.end - 1:
                stop = i if breaks else i + 1
                if any(not t.is_space and not t.is_punct for t in doc[start:stop]):
                    found.append(Segment(doc[start:stop], paragraph, len(found)))
                start = i + 1
                paragraph += breaks and (listed or token.text.count("\n") > 1)
    if len(found) > NOTE and lexicon().lists["war"].isdisjoint(t.lower_ for t in doc):
        for s in found:
            s.peaceful = True
    last = {s.paragraph: s for s in found}
    first: dict[int, int] = {}
    for s in found:
        first[s.paragraph] = first.get(s.paragraph, 0) + 1
    for number, segment in last.items():
        text = segment.span.text.rstrip()
        more = any(s.paragraph > number for s in found)
        if (
            first[number] == 1
            and more
            and len(segment.span) <= 24
            and not text.endswith((".", "!", "?", "”", '"', ":", ";"))
        ):
            segment.heading = True
    return found


def _of_lines(doc: Doc) -> bool:
    """Whether every line is a paragraph of its own, as in lists of incidents."""
    lines = [line.rstrip() for line in grammar.full_text(doc).split("\n") if line.strip()]
    ended = sum(line.endswith((".", "!", "?", ":", ";", "”", '"', ")")) for line in lines)
    return len(lines) >= _LINES and ended * 4 >= len(lines) * 3


def _new_item(doc: Doc, i: int) -> bool:
    return i < len(doc) and (
        doc[i].text[:1] in "-*•–—▪►⚡‼" or doc[i].text[:1].isdigit() or doc[i].text[:1].isupper()
    )
