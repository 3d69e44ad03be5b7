"""The article of ``mapper demo``: invented, and garbled as machine translation garbles."""

from __future__ import annotations

import tomllib
from importlib import resources

from mapper.types import Document


def article() -> Document:
    """The demo article as a document."""
    row = tomllib.loads(resources.files("mapper.demo").joinpath("article.toml").read_text(encoding="utf-8"))
    return Document(row["id"], row["text"], row["date"], row["title"], "mapper demo")
