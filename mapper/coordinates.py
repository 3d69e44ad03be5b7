"""Coordinates written in a text: decimal degrees, degrees-minutes-seconds, UTM and MGRS.

Numbers that only look like coordinates must not match: in running text a decimal pair needs hemispheres,
degree signs or three decimals in both numbers. Every pattern has bounded repeats, so the time is linear.
MGRS goes through the ``mgrs`` package (GeoTrans), UTM through ``pyproj``.
"""

from __future__ import annotations

import math
import re

Found = tuple[int, int, float, float, float]

_SIGN = r"[-+−]?"
_BREAK = r"[ \t]{0,2}[,;/]?[ \t]{0,2}"
# Not inside a word, an amount of money, a percentage or a list of more than two numbers.
_EDGE = r"(?<![\w.,+\-−°$€£])(?<!\d,[ ])"
_END = r"(?![\w%°$€£]|[.,]\d|[ ]?%|,[ ]?[\d-])"
_DEGREE = r"[°º˚]"
_MARK = rf"(?:{_DEGREE}|deg\b|(?=[ ]?\d|[NSEWnsew]|[ ][NSEW])|(?<=\d))[ ]?"
_SECONDS = r"(?:(\d{{1,2}}(?:\.\d{{1,4}})?)[ ]?(?:[\"″”]|''|’’)?[ ]?)?"
_MINUTES = r"(?:(\d{{1,2}}(?:\.\d{{1,6}})?)[ ]?(?:['′’]|(?=[ ]))[ ]?" + _SECONDS + ")?"
_ANGLE = r"(?:{h}[ ]?)?({d}(?:\.\d{{1,8}})?)[ ]?" + _MARK + _MINUTES
_DECIMAL = re.compile(
    rf"{_EDGE}({_SIGN})(\d{{1,2}})(?:\.(\d{{1,8}}))?[ ]?({_DEGREE}?)"
    rf"(?:{_BREAK})(?<=[ \t,;/])({_SIGN})(\d{{1,3}})(?:\.(\d{{1,8}}))?[ ]?({_DEGREE}?){_END}"
)
_LAT = _ANGLE.format(h="([NS])", d=r"\d{1,2}")
_LON = _ANGLE.format(h="([EW])", d=r"\d{1,3}")
_HEMISPHERES = re.compile(rf"(?<![\w.,+\-−])(?:{_LAT}([NSns])?){_BREAK}(?:{_LON}([EWew])?)(?!\w)")
_UTM = re.compile(
    r"(?<!\w)(\d{1,2})[ ]?([C-HJ-NP-X])[ ]{1,2}(\d{6})(?:[ ]?m?E)?[ ,]{1,2}(\d{7})(?:[ ]?m?N)?(?!\w)"
)
_MGRS = re.compile(
    r"(?<!\w)(\d{1,2}[C-HJ-NP-X])[ ]?([A-HJ-NP-Z][A-HJ-NP-V])[ ]?(?:(\d{2,5})[ ](\d{2,5})|(\d{4,10}))(?!\w)"
)
_DEGREE_M = 111_320.0


def find(text: str) -> tuple[Found, ...]:
    """Find coordinates.

    Returns
    -------
    tuple of (start, end, lat, lon, radius_m)
        In the order of the text, not overlapping. WGS84 degrees. ``radius_m`` is what the last written
        digit leaves open, by the rule of the Georeferencing Calculator: the diagonal of one unit of the
        last digit (0.001 degrees at 35 N: 143 m; one second: 40 m).
    """
    found: list[Found] = []
    taken = bytearray(len(text))
    whole = text.strip().strip("()[] ")
    for pattern, read in ((_MGRS, _mgrs), (_UTM, _utm), (_HEMISPHERES, _angles), (_DECIMAL, _decimal)):
        for match in pattern.finditer(text):
            values = read(match, match.group().strip() == whole)
            start, end = match.start(), match.start() + len(match.group().rstrip())
            if values and not any(taken[start:end]):
                taken[start:end] = bytes([1]) * (end - start)
                found.append((start, end, *values))
    return tuple(sorted(found))


def _decimal(match: re.Match[str], alone: bool) -> tuple[float, float, float] | None:
    sign1, whole1, part1, degree1, sign2, whole2, part2, degree2 = match.groups()
    digits = min(len(part1 or ""), len(part2 or ""))
    marked = bool(degree1 and degree2)
    if not (digits >= 3 or marked or (alone and digits >= 1)):
        return None
    lat = float(f"{whole1}.{part1 or 0}") * (-1 if sign1 in ("-", "−") and sign1 else 1)
    lon = float(f"{whole2}.{part2 or 0}") * (-1 if sign2 in ("-", "−") and sign2 else 1)
    return _checked(lat, lon, 10.0**-digits)


def _angles(match: re.Match[str], alone: bool) -> tuple[float, float, float] | None:
    north, lat_d, lat_m, lat_s, north_after, east, lon_d, lon_m, lon_s, east_after = match.groups()
    ns, ew = north or north_after, east or east_after
    if not ns or not ew or (north and north_after) or (east and east_after):
        return None
    lat, unit1 = _angle(lat_d, lat_m, lat_s)
    lon, unit2 = _angle(lon_d, lon_m, lon_s)
    if math.isnan(lat) or math.isnan(lon):
        return None
    lat, lon = (-lat if ns in "Ss" else lat), (-lon if ew in "Ww" else lon)
    return _checked(lat, lon, max(unit1, unit2))


def _angle(degrees: str, minutes: str | None, seconds: str | None) -> tuple[float, float]:
    """Degrees and the size of the last digit in degrees; NaN when minutes or seconds are 60 or more."""
    value, unit, last = float(degrees), 1.0, degrees
    for part, size in ((minutes, 60.0), (seconds, 3600.0)):
        if part is None:
            continue
        if float(part) >= 60.0 or "." in last:
            return math.nan, 1.0
        value, unit, last = value + float(part) / size, 1.0 / size, part
    return value, unit * 10.0 ** -len(last.partition(".")[2])


def _checked(lat: float, lon: float, unit_deg: float) -> tuple[float, float, float] | None:
    if abs(lat) > 90.0 or abs(lon) > 180.0:
        return None
    return lat, lon, max(10.0, _DEGREE_M * unit_deg * math.hypot(1.0, math.cos(math.radians(lat))))


def _utm(match: re.Match[str], alone: bool) -> tuple[float, float, float] | None:
    zone, band, east, north = (
        int(match.group(1)),
        match.group(2),
        float(match.group(3)),
        float(match.group(4)),
    )
    if not 1 <= zone <= 60 or not 100_000 <= east <= 900_000 or north > 10_000_000:
        return None
    from pyproj import Transformer

    code = (32600 if band >= "N" else 32700) + zone
    lat, lon = Transformer.from_crs(code, 4326).transform(east, north)
    return (float(lat), float(lon), 10.0) if math.isfinite(lat) and math.isfinite(lon) else None


def _mgrs(match: re.Match[str], alone: bool) -> tuple[float, float, float] | None:
    zone, square, east, north, digits = match.groups()
    digits = digits or (east + north if len(east) == len(north) else "")
    if not digits or len(digits) % 2 or (len(digits) < 6 and not (alone or east)):
        return None
    import mgrs

    size = 10.0 ** (5 - len(digits) // 2)
    half = len(digits) // 2
    # The digits name the south-west corner of a square; its centre is half a square further.
    centre = f"{zone}{square}{digits[:half]}5{digits[half:]}5" if half < 5 else f"{zone}{square}{digits}"
    try:
        lat, lon = mgrs.MGRS().toLatLon(centre)
    except mgrs.core.MGRSError:
        return None
    return float(lat), float(lon), max(10.0, size * math.sqrt(0.5))
