"""The names that can be places of a verb's event, and what the earlier stages know of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper.events.role_words import PLACE_LABELS, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span, Token

    from mapper.types import Resolution

_NUMBER_LABELS = {"DATE", "TIME", "MONEY", "QUANTITY", "PERCENT", "CARDINAL", "ORDINAL"}
_LINKS = ("-", "'", "’", "`", "‘")
_OPENING = ("'", "’", "`", "‘")


@dataclass(frozen=True, slots=True)
class Known:
    """What recognition and resolution say of a name.

    ``inside`` is the number of the span that contains this place by the text's own words, or None.
    ``size`` is log10(1 + population), -1 when no place was found; ``certainty`` and ``score`` are 0..1.
    """

    kind: str
    feature: str = ""
    pinned: bool = True
    certainty: float = 1.0
    score: float = 0.0
    size: float = -1.0
    asked: int = 0
    exact: bool = True
    inside: int | None = None


def known(doc: Doc, spans: Sequence[Span], resolutions: Sequence[Resolution]) -> list[Known | None]:
    """Return what the resolutions of a document say of each span; None where they say nothing."""
    met: list[tuple[Resolution, bool] | None] = []
    for span in spans:
        best: tuple[tuple[int, bool, float], Resolution, bool] | None = None
        for resolution in resolutions:
            mention = resolution.mention
            shared = min(span.end_char, mention.end) - max(span.start_char, mention.start)
            key = (shared, mention.pinned, mention.certainty)
            if shared > 0 and (best is None or key > best[0]):
                exact = mention.start == span.start_char and mention.end == span.end_char
                best = (key, resolution, exact)
        met.append(best[1:] if best else None)
    number = {pair[0].mention.id: i for i, pair in reversed(list(enumerate(met))) if pair}
    return [_known(*pair, number) if pair else None for pair in met]


def _known(resolution: Resolution, exact: bool, number: dict[str, int]) -> Known:
    mention, place = resolution.mention, resolution.place
    return Known(
        kind=mention.kind,
        feature=place.feature if place else "",
        pinned=mention.pinned,
        certainty=mention.certainty,
        score=resolution.score,
        size=math.log10(1 + place.population) if place else -1.0,
        asked=len(mention.asked),
        exact=exact,
        inside=number.get(mention.inside or ""),
    )


def candidates(doc: Doc, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the names that can be places and begin in ``doc[start:end]``, in the order of the text."""
    found: list[Span] = []
    i = start
    end = len(doc) if end is None else end
    while i < end:
        if not _begins(doc[i]):
            i += 1
            continue
        stop = i + 1
        while stop < len(doc) and _goes_on(doc, i, stop):
            stop += 1
        first, last = _trimmed(doc, i, stop)
        first = _with_article(doc, first, found[-1].end if found else 0)
        if not {t.ent_type_ for t in doc[first:last]} <= _NUMBER_LABELS:
            found.append(doc[first:last])
        i = max(stop, last)
    return found


def _begins(token: Token) -> bool:
    if token.is_punct or token.is_space:
        return False
    return token.pos_ == "PROPN" or (token.ent_type_ in PLACE_LABELS and token.text[:1].isupper())


def _goes_on(doc: Doc, start: int, i: int) -> bool:
    token, before = doc[i], doc[i - 1]
    if token.ent_type_ and token.ent_iob_ == "B" and before.ent_type_ in PLACE_LABELS:
        return False
    if token.pos_ == "PROPN" and token.text[:1].isalnum():
        return token.lower_ not in tables()["day"]
    if token.lower_ == "of" and before.lower_ in tables()["head_of"] and before.text[:1].isupper():
        return i + 1 < len(doc) and doc[i + 1].pos_ == "PROPN" and doc[i + 1].text[:1].isupper()
    if before.lower_ == "of" and i - 1 > start:
        return token.text[:1].isupper()
    if token.like_num and before.lower_ in tables()["numbered"] and before.text[:1].isupper():
        return True
    joined = not before.whitespace_ and not token.is_space
    if joined and (token.text in _LINKS or before.text in _LINKS):
        return i + 1 < len(doc) and (not token.is_punct or not token.whitespace_)
    return token.ent_iob_ == "I" and token.ent_type_ in PLACE_LABELS and token.text[:1].isupper()


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Return the span without what hangs on at its ends: marks, a genitive, small words."""
    while end > start + 1 and (
        doc[end - 1].is_punct or doc[end - 1].is_space or doc[end - 1].lower_ in ("'s", "’s")
    ):
        end -= 1
    while start < end - 1 and doc[start].text.islower():
        start += 1
    return start, end


def _with_article(doc: Doc, start: int, least: int) -> int:
    """Return where a name begins that has a quotation mark for an ayn, or an article with a hyphen."""
    if start - 1 >= least and doc[start - 1].text in _OPENING and not doc[start - 1].whitespace_:
        before = doc[start - 2] if start >= 2 else None
        if doc[start - 1].text == "‘" and (before is None or before.whitespace_):
            return start - 1
    hyphen = start if doc[start].text == "-" else start - 1
    if hyphen - 1 >= least and doc[hyphen].text == "-" and not doc[hyphen - 1].whitespace_:
        article = doc[hyphen - 1]
        if article.lower_ in tables()["article"] and not doc[hyphen].whitespace_:
            return int(article.i)
    return start
