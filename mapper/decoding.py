"""Bytes to text: byte order marks, UTF-8, what a page declares, and detection for the rest."""

from __future__ import annotations

import codecs
import re

from mapper.errors import ReadingError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "an RTF document"),
)
_BINARY = "{} is a binary file; give its text as .txt, .md, .html, .jsonl or .csv."
_CHARSET = re.compile(rb"charset\s{0,4}=\s{0,4}[\"']?\s{0,4}([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 27}


def decode(data: bytes, source: str, *, html: bool = False) -> str:
    """Decode text and keep it as it is, but for a byte order mark.

    Parameters
    ----------
    data
        The bytes of the file.
    source
        What to call it in a message.
    html
        Believe a charset that the page declares, after byte order marks and valid UTF-8.

    Raises
    ------
    ReadingError
        The bytes are no text in any encoding.
    """
    refuse_binary(data, source)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, source)
    wide = _wide(data)
    if wide:
        return _strict(data, wide, source)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _detected(data, source, html)


def refuse_binary(data: bytes, source: str) -> None:
    """Raise a ReadingError that names what the bytes are when they are no text."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise ReadingError(f"{source} is a binary file ({what}); save its text as .txt or .html first.")
    marked = any(data.startswith(mark) for mark, _ in _MARKS)
    if not marked and not _wide(data) and _is_binary(data):
        raise ReadingError(_BINARY.format(source))


def _strict(data: bytes, encoding: str, source: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError(f"{source} is broken {encoding.upper()}; save it again as UTF-8.") from error
    if "\x00" in text:
        raise ReadingError(_BINARY.format(source))
    return text


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: of Latin text every second byte is NUL, and none of the others."""
    sample = data[:4096]
    if len(sample) < 4 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0) / len(sample[0::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.3 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 and odd == 0 else None


def _is_binary(data: bytes) -> bool:
    if b"\x00" in data:
        return True
    sample = data[:65536]
    return sum(byte in _CONTROL for byte in sample) > max(2, 0.02 * len(sample))


def _detected(data: bytes, source: str, html: bool) -> str:
    declared = _CHARSET.search(data[:4096]) if html else None
    if declared:
        try:
            return data.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    # A stray byte in a long UTF-8 text is damage and not another encoding.
    mended = data.decode("utf-8", "replace")
    wrong = mended.count("\ufffd")
    multibyte = sum(1 for c in mended if ord(c) > 127) - wrong
    if wrong * 20 < multibyte:
        return mended
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=list(_ENCODINGS)).best()
    if best is not None:
        return str(best)
    raise ReadingError(f"{source} is in an encoding that could not be told; save it as UTF-8.")


_ENCODINGS = (
    "cp1252", "cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "cp1250", "iso8859_2", "cp1254", "cp1256",
    "cp1255", "cp1253", "mac_cyrillic", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "cp1252",
)  # fmt: skip
"""The encodings that news texts come in; asking for all that exist finds far-fetched ones."""
