"""The errors of the gazetteer. Messages say what is wrong and how to mend it, in one sentence."""


class GazetteerError(Exception):
    """The root of the gazetteer's errors."""


class GazetteerNotFound(GazetteerError, FileNotFoundError):
    """There is no gazetteer file at that path."""


class GazetteerFormatError(GazetteerError, ValueError):
    """A file is not a compiled gazetteer, or an import file cannot be used."""


class GazetteerBuildError(GazetteerError, OSError):
    """The gazetteer could not be compiled or written."""
