"""The documents cannot drift: every command and option stands in the README, and its examples run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from mapper.cli import cli, main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXT = "Shells struck Omdurman on Friday. Drones hit the airport of Atbara.\n"


def commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def section(name: str) -> str:
    found = re.search(rf"^### mapper {name}$(.*?)(?=^##)", README, re.MULTILINE | re.DOTALL)
    assert found, f"the README has no section on mapper {name}"
    return found.group(1)


@pytest.mark.parametrize(("name", "command"), list(commands(cli)))
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    text = section(name.split()[0])
    assert name.split()[-1] in text or f"mapper {name}" in README
    for option in command.params:
        if isinstance(option, click.Option):
            assert any(spelling in text for spelling in option.opts), f"{name}: {option.opts}"


def examples() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [
        line for line in lines if line.startswith("mapper ") and "build" not in line and " add " not in line
    ]


@pytest.mark.parametrize("line", examples())
def test_every_example_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    for name in ("report.txt", "article.txt", "reports/a.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"id": "a", "query": "Kassala"}\n', encoding="utf-8")
    for part in line.split("&&"):
        words = shlex.split(part.split(">")[0])
        arguments = words[1 : words.index("<")] if "<" in words else words[1:]
        if "--workers" in arguments:
            arguments[arguments.index("--workers") + 1] = "1"
        arguments = ["report.txt" if word == "-" else word for word in arguments]
        assert main(arguments) == 0, line


def test_links_and_pictures_exist() -> None:
    for target in re.findall(r"\]\(((?!https?:|#)[^)]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", ["GeoNames", "OurAirports", "Natural Earth", "KATOTTG", "CC BY 4.0", "CLDR"])
def test_attributions_are_given(name: str) -> None:
    assert name in README.split("## Attributions and licences")[1]
    assert name in (ROOT / "gazetteer/data/ATTRIBUTION.md").read_text(encoding="utf-8")


def test_the_contributing_guide_begins_with_what_people_come_to_do() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    first = text.split("## ")[1]
    for task in ("Add a trigger", "Add a place", "Add a source", "Add a language"):
        assert task in first
    for path in re.findall(r"`((?:mapper|gazetteer|tests)/[^`]+)`", text):
        assert (ROOT / path).exists(), path
