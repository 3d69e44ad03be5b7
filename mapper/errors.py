"""One error root and its leaves. Every message says what is wrong and how to mend it, in one sentence."""


class MapperError(Exception):
    """The root of every error that mapper raises on purpose. Exit status 1."""


class ReadingError(MapperError, ValueError):
    """A source could not be read as text."""


class SourceNotFound(MapperError, FileNotFoundError):
    """A source, gazetteer or pins file does not exist."""


class LanguageError(MapperError, RuntimeError):
    """The language pipeline is missing or does not fit."""


class OutputError(MapperError, OSError):
    """An output could not be written."""


class RecordError(MapperError, ValueError):
    """An analysis record or a pins file does not have the form of the contract."""


class PageError(MapperError, RuntimeError):
    """The page could not be built, for example because an asset is missing."""
