"""The whole road of one document: every stage takes values and returns values."""

from __future__ import annotations

from dataclasses import dataclass

from gazetteer.store import Gazetteer
from mapper import language, mentions, resolve
from mapper.events import extract
from mapper.space import constraints, locate, phrases
from mapper.types import Analysis, Document, Pin


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asks of every document: a spaCy pipeline by name (None: ours), and corrections."""

    pipeline: str | None = None
    pins: tuple[Pin, ...] = ()


def analyse(document: Document, gazetteer: Gazetteer, options: Options = Options()) -> Analysis:
    """Find the places and events of one document.

    Parameters
    ----------
    document
        The text, with its day of publication if known.
    gazetteer
        An open gazetteer.
    options
        The same for every document of a run.

    Raises
    ------
    mapper.errors.LanguageError
        The spaCy pipeline that was named is not installed.
    """
    parsed = language.parse(document, options.pipeline)
    found = mentions.find(parsed, gazetteer)
    expressions = phrases.find(document.text, found)
    resolutions = resolve.resolve(
        parsed, found, expressions, gazetteer, options.pins, constraint=constraints.penalty
    )
    reported = extract.extract(parsed, resolutions, expressions)
    events = locate.locate(reported, resolutions, gazetteer)
    return Analysis(
        document=document,
        language=parsed.language,
        resolutions=tuple(resolutions),
        events=tuple(events),
        warnings=_warnings(parsed),
    )


def _warnings(parsed: language.Parsed) -> tuple[str, ...]:
    warnings = []
    if not parsed.reads_grammar:
        warnings.append(
            f"No grammar is installed for the language of this text ({parsed.language}): names are placed, "
            "events are read only as far as words alone allow."
        )
    if parsed.document.date is None:
        warnings.append(
            'The day of publication is not known: times like "on Saturday" stay words. Give --date.'
        )
    return tuple(warnings)
