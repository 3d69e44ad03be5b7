"""When: ISO intervals from the words of a sentence and the document's date.

Days are written ``2022-06-25``, minutes ``2022-06-25T16:00``, with an offset when the text gives a zone.
Without a
document date, relative words stay words (start and end None). A weekday is the last such day on or before
the date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mapper.types import When

if TYPE_CHECKING:
    from collections.abc import Callable

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_MONTH = {
    name: i
    for i, group in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in group.split()
}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PART = r"(?:\s(morning|afternoon|evening|night|noon|midnight|dawn))?"
_NUMBER = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "several": 3,
    "few": 3,
    "couple": 2,
    "one": 1,
    "a": 1,
    "day": 1,
}
_PARTS = {
    "morning": ("06:00", "12:00"), "afternoon": ("12:00", "18:00"), "evening": ("18:00", "22:00"),
    "noon": ("12:00", "12:00"), "dawn": ("04:00", "07:00"), "midnight": ("23:00", "23:59"),
}  # fmt: skip
_ZONES = {
    "gmt": "+00:00",
    "utc": "+00:00",
    "z": "+00:00",
    "cet": "+01:00",
    "cest": "+02:00",
    "eet": "+02:00",
    "eest": "+03:00",
    "msk": "+03:00",
    "moscow time": "+03:00",
    "kyiv time": "+03:00",
    "est": "-05:00",
    "edt": "-04:00",
    "ist": "+05:30",
}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time expression with its span in the text."""

    start: int
    end: int
    when: When


def _day(day: date, text: str) -> When:
    return When(day.isoformat(), day.isoformat(), "day", text)


def _words(text: str) -> When:
    return When(None, None, "unknown", text)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(match_year: str | None, month: int, day: int, today: date | None) -> int | None:
    """Return the year of a date that states none: the last such day not after the document's (by two
    weeks).
    """
    if match_year:
        year = int(match_year)
        return year + 2000 if year < 100 else year
    if today is None:
        return None
    guess = _safe(today.year, month, min(day, 28))
    return today.year - 1 if guess and guess > today + timedelta(days=60) else today.year


def _date(
    day: str, month: str, year: str | None, today: date | None, text: str, last: str | None = None
) -> When | None:
    number = _MONTH.get(month.lower().rstrip("."), 0) or int(month)
    found_year = _year(year, number, int(day), today)
    if found_year is None:
        return _words(text)
    first = _safe(found_year, number, int(day))
    if first is None:
        return None
    if last:
        final = _safe(found_year, number, int(last))
        if final and final > first:
            return When(first.isoformat(), final.isoformat(), "range", text)
    return _day(first, text)


def _dmy(m: re.Match[str], today: date | None) -> When | None:
    return _date(m[1], m[3], m[4], today, m[0], m[2])


def _mdy(m: re.Match[str], today: date | None) -> When | None:
    return _date(m[2], m[1], m[4], today, m[0], m[3])


def _iso(m: re.Match[str], today: date | None) -> When | None:
    return _date(m[3], m[2], m[1], today, m[0])


def _dotted(m: re.Match[str], today: date | None) -> When | None:
    american = int(m[2]) > 12 >= int(m[1])
    return _date(*((m[2], m[1]) if american else (m[1], m[2])), m[3], today, m[0])


def _month(m: re.Match[str], today: date | None) -> When | None:
    number = _MONTH[m[1].lower()]
    year = _year(m[2], number, 1, today)
    if year is None:
        return _words(m[0])
    last = monthrange(year, number)[1]
    return When(f"{year:04}-{number:02}-01", f"{year:04}-{number:02}-{last:02}", "month", m[0])


def _only_year(m: re.Match[str], today: date | None) -> When | None:
    return When(f"{m[1]}-01-01", f"{m[1]}-12-31", "range", m[0])


def _weekday(m: re.Match[str], today: date | None) -> When | None:
    if today is None:
        return _words(m[0])
    back = (today.weekday() - _DAYS.index(m[2].lower())) % 7
    if m[1] and m[1].lower() == "next":
        return _day(today + timedelta(days=7 - back if back else 7), m[0])
    day = today - timedelta(days=back)
    if m[4]:
        return _day(today - timedelta(days=today.weekday() + 7 - _DAYS.index(m[2].lower())), m[0])
    if m[1] and m[1].lower() == "overnight":
        return _night(day, m[0])
    return _part(day, m[3], m[0])


def _part(day: date, part: str | None, text: str) -> When:
    part = (part or "").lower()
    if part == "night":
        return _night(day, text)
    if part in _PARTS:
        first, last = _PARTS[part]
        return When(f"{day}T{first}", f"{day}T{last}", "range", text)
    return _day(day, text)


def _night(day: date, text: str) -> When:
    """Return the night that begins on `day`."""
    return When(f"{day}T18:00", f"{day + timedelta(days=1)}T06:00", "range", text)


def _named(m: re.Match[str], today: date | None) -> When | None:
    word = m[1].lower()
    if today is None:
        return _words(m[0])
    if word == "yesterday":
        return _part(today - timedelta(days=1), m[2], m[0])
    if word == "today":
        return _part(today, m[2], m[0])
    if word in ("overnight", "last night", "during the night", "at night"):
        return _night(today - timedelta(days=1), m[0])
    if word == "tonight":
        return _night(today, m[0])
    if word.startswith("tomorrow"):
        return _day(today + timedelta(days=1), m[0])
    if word.startswith("this "):
        return _part(today, word[5:], m[0])
    return _day(today, m[0])


def _past(m: re.Match[str], today: date | None) -> When | None:
    if today is None:
        return _words(m[0])
    raw = (m[1] or "one").lower()
    count = int(raw) if raw.isdigit() else _NUMBER.get(raw, 1)
    unit = m[2].lower()
    if count > 400:
        return None
    days = {"h": (count + 23) // 24, "d": count, "w": 7 * count, "m": 30 * count, "y": 365 * count}[unit[0]]
    return When((today - timedelta(days=max(1, days))).isoformat(), today.isoformat(), "range", m[0])


def _ago(m: re.Match[str], today: date | None) -> When | None:
    if today is None:
        return _words(m[0])
    raw = m[1].lower()
    count = int(raw) if raw.isdigit() else _NUMBER.get(raw, 1)
    unit = m[2].lower()[0]
    if count > 4000:
        return None
    if unit == "d":
        return _day(today - timedelta(days=count), m[0])
    days = {"h": count / 24, "w": 7 * count, "m": 30 * count, "y": 365 * count}[unit]
    day = today - timedelta(days=min(int(days), 700_000))
    if unit == "h":
        return _day(day, m[0])
    return (
        When(day.isoformat(), day.isoformat(), "month", m[0])
        if unit != "w"
        else When((day - timedelta(days=3)).isoformat(), (day + timedelta(days=3)).isoformat(), "range", m[0])
    )


def _calendar(m: re.Match[str], today: date | None) -> When | None:
    if today is None:
        return _words(m[0])
    last, unit = m[1].lower() in ("last", "previous"), m[2].lower()
    if unit == "week":
        first = today - timedelta(days=today.weekday() + (7 if last else 0))
        end = first + timedelta(days=6) if last else today
        return When(first.isoformat(), end.isoformat(), "range", m[0])
    if unit == "month":
        first = today.replace(day=1)
        end = today
        if last:
            end = first - timedelta(days=1)
            first = end.replace(day=1)
        return When(first.isoformat(), end.isoformat(), "month", m[0])
    year = today.year - (1 if last else 0)
    return When(f"{year}-01-01", f"{year}-12-31" if last else today.isoformat(), "range", m[0])


def _weekend(m: re.Match[str], today: date | None) -> When | None:
    if today is None:
        return _words(m[0])
    saturday = today - timedelta(days=(today.weekday() + 2) % 7)
    sunday = min(today, saturday + timedelta(days=1))
    return When(saturday.isoformat(), sunday.isoformat(), "range", m[0])


def _long(m: re.Match[str], today: date | None) -> When | None:
    return When(None, today.isoformat() if today else None, "range" if today else "unknown", m[0])


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date | None], When | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), rule)
    for pattern, rule in (
        (
            rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s?(?:-|–|to|and)\s?(\d{{1,2}})(?:st|nd|rd|th)?)?\s(?:of\s)?({_MONTHS})\b\.?(?:,?\s(\d{{4}})\b)?",
            _dmy,
        ),
        (
            rf"\b({_MONTHS})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?\b(?:\s?(?:-|–|to|and)\s?(\d{{1,2}})\b(?!:))?(?:,?\s(\d{{4}})\b)?",
            _mdy,
        ),
        (r"\b(\d{4})-(\d{2})-(\d{2})\b", _iso),
        (r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b", _dotted),
        (
            rf"\b(?:in|during|since|late|early|mid|end of|start of|beginning of)[ -]({_MONTHS})\b(?:\s(\d{{4}}))?",  # noqa: E501
            _month,
        ),
        (r"\b(?:in|during|since)\s((?:19|20)\d\d)\b", _only_year),
        (
            rf"\b(?:on\s)?(?:(last|this|next|overnight|early|late)\s)?({'|'.join(_DAYS)}){_PART}\b(\s(?:of\s)?last\sweek\b)?",
            _weekday,
        ),
        (rf"\b(yesterday|today){_PART}\b", _named),
        (
            r"\b(overnight|last night|tonight|during the night|at night|tomorrow|this morning|this afternoon|this evening)\b()",  # noqa: E501
            _named,
        ),
        (
            r"\b(?:in|over|during|within|for)?\s?(?:the\s)?(?:past|last|previous)\s(\d{1,3}|two|three|four|five|six|seven|several|few|couple of)?\s?-?(hours?|days?|weeks|months|24-hour)\b",  # noqa: E501
            _past,
        ),
        (
            r"\b(\d{1,4}|a|one|two|three|four|five|six|seven|several|a few|a couple of)\s(hours?|days?|weeks?|months?|years?)\sago\b",  # noqa: E501
            _ago,
        ),
        (r"\b(?:earlier\s)?(this|last|previous)\s(week|month|year)\b", _calendar),
        (r"\b(?:over|at|during|on)\sthe\s(?:past\s|last\s)?weekend\b", _weekend),
        (r"\b(?:for\s)?(?:days|weeks|months|years)\sof\b", _long),
        (r"\b(?:during|over|in|throughout) the (day)\b()", _named),
    )
)
_NIGHT = re.compile(
    r"\b(?:overnight(?: (?:on|of|into|to))?|(?:on |during )?the night (?:of|from))(?: the)? $", re.I
)
_CLOCK = re.compile(
    r"\b(?:(?:as of|at|around|about|by|from|since)\s)?(\d{1,2})(?:[:.](\d{2}))\s?(a\.?m\.?|p\.?m\.?)?(?:\s?\(?(gmt|utc|cet|cest|eet|eest|msk|moscow time|kyiv time|local time|est|edt|ist)\b\)?)?"  # noqa: E501
    r"|\b(?:as of|at|around|about|by)\s(\d{1,2})\s?(a\.?m\.?|p\.?m\.?)",
    re.IGNORECASE,
)


_BESIDE = re.compile(
    r"\b(?:(?:the|a|one) (day|night) (before|earlier|after|later)|the (previous|following|next) (day|night))"
    r"(?=\s*[.,;:)]|\s(?:and|but|when|in|at|as)\b|$)",
    re.IGNORECASE,
)


def find(text: str, offset: int, today: date | None, told: date | None = None) -> list[TimeSpan]:
    """Return the time expressions of a sentence; `offset` is added to their spans. Earlier rules win
    overlaps. `told` is the day that was told last, from which "the day before" counts.
    """
    found: list[TimeSpan] = []
    for pattern, rule in _RULES:
        for match in pattern.finditer(text):
            start, end = match.start() + offset, match.end() + offset
            if any(start < t.end and t.start < end for t in found):
                continue
            when = rule(match, today)
            if when is not None:
                found.append(TimeSpan(start, end, when))
    for match in _BESIDE.finditer(text) if told is not None else ():
        back = (match[2] or match[3]).lower() in ("before", "earlier", "previous")
        day = told + timedelta(days=-1 if back else 1) if told is not None else None
        if day is not None and not any(t.when.precision == "day" for t in found):
            night = "night" in (match[1], match[4])
            when = _night(day, match[0]) if night else _day(day, match[0])
            found.append(TimeSpan(match.start() + offset, match.end() + offset, when))
    found = _nights(text, offset, sorted(found, key=lambda t: t.start))
    return _with_clock(text, offset, found, today)


def _nights(text: str, offset: int, found: list[TimeSpan]) -> list[TimeSpan]:
    """Read "overnight on October 13 to 14", "on the night of May 3": the night that begins on that day."""
    kept: list[TimeSpan] = []
    for span in found:
        lead = _NIGHT.search(text[: span.start - offset])
        day = span.when.start if span.when.precision in ("day", "range") else None
        if lead is None or not day or "T" in day:
            kept.append(span)
            continue
        start = offset + lead.start()
        kept = [t for t in kept if t.end <= start]
        words = text[lead.start() : span.end - offset].strip()
        if lead[0].rstrip().lower().endswith(("into", " to")):
            day = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
        kept.append(TimeSpan(start, span.end, _night(date.fromisoformat(day), words)))
    return kept


def _with_clock(text: str, offset: int, found: list[TimeSpan], today: date | None) -> list[TimeSpan]:
    """Refine the nearest day by a clock time of the same sentence, or give the clock time a day of its
    own.
    """
    for match in _CLOCK.finditer(text):
        start, end = match.start() + offset, match.end() + offset
        if any(start < t.end and t.start < end for t in found):
            continue
        hour, minute = int(match[1] or match[5]), int(match[2] or 0)
        suffix = (match[3] or match[6] or "").lower()
        hour = hour % 12 + 12 if suffix.startswith("p") else hour % 12 if suffix.startswith("a") else hour
        if hour > 23 or minute > 59 or (match[2] and "." in match[0] and not suffix):
            continue
        zone = _ZONES.get((match[4] or "").lower(), "")
        days = [t for t in found if t.when.precision == "day" and t.when.start]
        if days:
            near = min(days, key=lambda t: abs(t.start - start))
            stamp = f"{near.when.start}T{hour:02}:{minute:02}{zone}"
            words = text[min(near.start, start) - offset : max(near.end, end) - offset]
            words = words if len(words) < 60 else match[0]
            found[found.index(near)] = TimeSpan(near.start, near.end, When(stamp, stamp, "minute", words))
        elif not found:
            stamp_text = f"{today}T{hour:02}:{minute:02}{zone}" if today else None
            precision = "minute" if today else "unknown"
            found.append(TimeSpan(start, end, When(stamp_text, stamp_text, precision, match[0])))  # type: ignore[arg-type]
    return found
