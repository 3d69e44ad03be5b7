"""The article's text as a tree: mentions and event sentences as nested nodes, however they overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MAX_DEPTH = 40
"""So many spans may lie in one another; a sentence that holds more events links the first of them."""

Span = tuple[int, int, str, str]
"""start, end, "q" (event sentence) or "m" (mention), id."""


def tree(text: str, spans: Iterable[Span]) -> list[Any]:
    """Nest spans over a text.

    A span that only partly overlaps an earlier one is cut at that one's end, and goes on after it as a
    second node of the same id. Empty spans, and spans outside the text, are passed over.

    Parameters
    ----------
    text
        The article.
    spans
        In any order.

    Returns
    -------
    list
        Strings, and nodes ``[kind, id, children]``. Joined in order, the strings are the text.
    """
    queue = sorted(
        ((start, end, kind, name) for start, end, kind, name in spans if 0 <= start < end <= len(text)),
        key=_order,
        reverse=True,
    )
    root: list[Any] = []
    stack: list[tuple[int, list[Any]]] = [(len(text), root)]
    at = 0

    def close(until: int) -> int:
        """Write the text up to ``until``, closing every node that ends on the way."""
        position = at
        while True:
            end, children = stack[-1]
            if position < min(end, until):
                children.append(text[position : min(end, until)])
                position = min(end, until)
            if end > until or len(stack) == 1:
                return max(position, until)
            stack.pop()

    while queue:
        start, end, kind, name = queue.pop()
        at = close(start)
        limit = stack[-1][0]
        if end > limit:
            _insert(queue, (limit, end, kind, name))
            end = limit
        if len(stack) > MAX_DEPTH or start >= end:
            continue
        node: list[Any] = []
        stack[-1][1].append([kind, name, node])
        stack.append((end, node))
    close(len(text))
    return root


def _order(span: Span) -> tuple[int, int, int, str]:
    """Earlier first; of those that start together the longer first; a sentence round a mention."""
    start, end, kind, name = span
    return start, -end, 0 if kind == "q" else 1, name


def _insert(queue: list[Span], span: Span) -> None:
    """Put a span into the reversed queue where it belongs."""
    import bisect

    bisect.insort(queue, span, key=lambda one: tuple(-part for part in _order(one)[:3]))


def spans(record: Mapping[str, Any], ids: Mapping[str, str]) -> Sequence[Span]:
    """The spans of a record: its mentions, and for every event its sentence and further evidence."""
    found: list[Span] = [(m["start"], m["end"], "m", m["id"]) for m in record.get("mentions", ())]
    for event in record.get("events", ()):
        name = ids[event["id"]]
        found.append((event["start"], event["end"], "q", name))
        found.extend((start, end, "q", name) for start, end in event.get("mentioned", ()))
    return found
