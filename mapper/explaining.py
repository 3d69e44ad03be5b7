"""Why every name means what it means: the rows of ``mapper explain``."""

from __future__ import annotations

from collections.abc import Sequence

from gazetteer.place import Place
from mapper.record import dumps, place_record
from mapper.summary import printable
from mapper.types import Analysis, Resolution


def table(analysis: Analysis) -> str:
    """A table of the names: what each means, why, the features of its score, and the rivals below it."""
    rows = [_row(found) for found in analysis.resolutions]
    heads = ("NAME", "KIND", "SCORE")
    widths = [
        min(28, max(map(len, column))) for column in zip(heads, *(row[:3] for row in rows), strict=True)
    ]
    lines = [f"{analysis.document.id} ({analysis.language}): {len(rows)} names", ""]
    lines.append(_line((*heads, "PLACE"), widths))
    for found, row in zip(analysis.resolutions, rows, strict=True):
        lines.append(_line(row, widths))
        lines += [_line(("", "", *more), widths) for more in _below(found)]
    return "\n".join(printable(line).rstrip() for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=False)), cells[-1]])


def _row(found: Resolution) -> tuple[str, str, str, str]:
    mention = found.mention
    kind = mention.kind if mention.pinned else f"({mention.kind})"
    if found.place is None:
        return mention.text, kind, "-", f"unresolved: {found.reason or 'no candidate fits'}"
    return mention.text, kind, f"{found.score:.2f}", _place(found.place)


def _below(found: Resolution) -> list[tuple[str, str]]:
    """The lines under a name: (score, words)."""
    lines = [("", f"= {found.reason}")] if found.place is not None and found.reason else []
    if found.features:
        lines.append(("", "  " + ", ".join(f"{name} {value:.2f}" for name, value in found.features)))
    return lines + [(f"{rival.score:.2f}", f"not {_place(rival.place)}") for rival in found.rivals]


def _place(place: Place) -> str:
    where = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
    return f"{where}  ({place.feature}, {place.lat:.3f}, {place.lon:.3f}, {place.id})"


def lines(analysis: Analysis) -> str:
    """One JSON object a name, with the features of its score."""
    return "\n".join(
        dumps(
            {
                "document": analysis.document.id,
                "id": found.mention.id,
                "text": found.mention.text,
                "start": found.mention.start,
                "end": found.mention.end,
                "kind": found.mention.kind,
                "place": place_record(found.place) if found.place else None,
                "match": found.match,
                "score": round(found.score, 4),
                "reason": found.reason,
                "features": {name: round(value, 4) for name, value in found.features},
                "rivals": [
                    {**place_record(rival.place), "score": round(rival.score, 4)} for rival in found.rivals
                ],
            }
        )
        for found in analysis.resolutions
    )
