"""Why every name means what it means: the rows of ``mapper explain``."""

from __future__ import annotations

from gazetteer.place import Place
from mapper.record import dumps, place_record
from mapper.summary import printable
from mapper.types import Analysis, Resolution


def table(analysis: Analysis) -> str:
    """A block of lines a name: the winner, the reason, the features of its score, and the rivals."""
    blocks = [f"{analysis.document.id} ({analysis.language}): {len(analysis.resolutions)} names"]
    blocks += ["\n".join(printable(line) for line in _block(found)) for found in analysis.resolutions]
    return "\n\n".join(blocks)


def _block(found: Resolution) -> list[str]:
    mention = found.mention
    pinned = "" if mention.pinned else ", not pinned"
    lines = [f"{mention.text}  [{mention.start}:{mention.end}]  {mention.kind}{pinned}"]
    if found.place is None:
        lines.append(f"  unresolved: {found.reason or 'no candidate fits'}")
    else:
        lines.append(f"  {found.score:5.2f}  {_place(found.place)}, {found.match} match")
        if found.reason:
            lines.append(f"         {found.reason}")
    if found.features:
        lines.append("         " + "  ".join(f"{name} {value:+.2f}" for name, value in found.features))
    for rival in found.rivals:
        lines.append(f"  {rival.score:5.2f}  {_place(rival.place)}")
    return lines


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
