"""Ukrainian and Russian sentences: names in their cases, found and resolved."""

from __future__ import annotations

from pathlib import Path

import pytest
from names_helper import is_place, marked, read

DATA = Path(__file__).parent.parent / "data"


@pytest.mark.parametrize("file", ["names_uk.txt", "names_ru.txt"])
def test_sentences(file: str) -> None:
    right, wrong = 0, []
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, spans = marked(line)
        found = {(r.mention.start, r.mention.end): r for r in read(text)}
        for start, end, name, country in spans:
            resolution = found.get((start, end))
            if resolution is not None and is_place(resolution, name, country):
                right += 1
            else:
                wrong.append((text[start:end], resolution and resolution.place))
    assert right / (right + len(wrong)) >= 0.95, wrong
