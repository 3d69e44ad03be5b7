"""Imports run one way: cli -> batch -> pipeline -> stages -> types. One that runs upward fails here."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted([*ROOT.glob("mapper/**/*.py"), *ROOT.glob("gazetteer/**/*.py")])

RANKS = {
    "errors": 0, "types": 0, "home": 1,
    "likeness": 1, "hearing": 1, "coordinates": 1,
    "decoding": 1, "record": 1,
    "pins": 2, "reading": 2, "webtext": 1, "summary": 2,
    "language": 3, "mentions": 3, "resolve": 3, "events": 3, "space": 3, "layers": 3, "phrase": 4,
    "page": 4, "export": 4, "explaining": 4, "demo": 3,
    "pipeline": 5, "geocoder": 5,
    "batch": 6,
    "cli": 7,
    "__main__": 8,
}  # fmt: skip
"""A module imports only modules of a lower rank, or of its own family."""

STAGE_USES_STAGE = {
    # A later stage may take the values that an earlier one makes, and phrases use the grammar of space.
    ("mentions", "language"), ("resolve", "language"), ("events", "language"), ("resolve", "space"),
}  # fmt: skip
OPEN_FILES = {"reading", "export", "page", "cli", "pins", "geocoder"}
HEAVY = {
    "spacy",
    "folium",
    "geopandas",
    "pandas",
    "pyarrow",
    "pyogrio",
    "trafilatura",
    "pyproj",
    "mgrs",
    "distributed",
}
PROVIDED = {"distributed": "dask"}
"""Modules whose distribution has another name."""
FILES_ONLY = {"django_js_lib_leaflet", "lxml_html_clean"}
"""Distributions that are used for the files in them, or that others need and forget to ask for."""
MAINTAINERS = {"gazetteer/extract_world.py"}
"""Run in an environment of their own that has the source packages."""
OPENERS = {"open", "read_bytes", "write_bytes", "write_text", "mkstemp", "NamedTemporaryFile"}


def family(path: Path) -> str:
    """The part of mapper that a file belongs to: resolve_pins.py is of resolve, space/locate.py of space."""
    name = path.relative_to(ROOT).parts[1].removesuffix(".py")
    return next((known for known in RANKS if name == known or name.startswith(f"{known}_")), name)


def imports(tree: ast.AST, *, top: bool = False) -> Iterator[str]:
    for node in _unguarded(tree) if top else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module in ("mapper", "gazetteer", "mapper.events", "mapper.space", "mapper.page"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _unguarded(tree: ast.AST) -> Iterator[ast.AST]:
    """The statements of a module that run when it is imported (TYPE_CHECKING blocks and functions do not)."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        ):
            continue
        yield node
        yield from _unguarded(node)


def parsed(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


IDS = [str(p.relative_to(ROOT)) for p in FILES]


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_the_gazetteer_knows_nothing_of_mapper(path: Path) -> None:
    if path.is_relative_to(ROOT / "gazetteer"):
        assert not [name for name in imports(parsed(path)) if name.split(".")[0] == "mapper"]


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_no_import_runs_upward(path: Path) -> None:
    if not path.is_relative_to(ROOT / "mapper") or path == ROOT / "mapper/__init__.py":
        return
    own = family(path)
    assert own in RANKS, f"{own} has no rank; say in RANKS where it belongs"
    for name in imports(parsed(path)):
        parts = name.split(".")
        if parts[0] != "mapper" or len(parts) < 2:
            continue
        other = family(ROOT / "mapper" / f"{parts[1]}.py")
        if other == own or other not in RANKS:
            continue
        assert RANKS[other] < RANKS[own] or (own, other) in STAGE_USES_STAGE, f"{own} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_only_the_page_imports_folium(path: Path) -> None:
    if not path.is_relative_to(ROOT / "mapper/page"):
        assert not {"folium", "branca"} & {name.split(".")[0] for name in imports(parsed(path))}


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_heavy_libraries_are_imported_late(path: Path) -> None:
    if path.is_relative_to(ROOT / "mapper/page") or path.is_relative_to(ROOT / "gazetteer"):
        return
    assert not HEAVY & {name.split(".")[0] for name in imports(parsed(path), top=True)}


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_only_some_modules_open_files(path: Path) -> None:
    if not path.is_relative_to(ROOT / "mapper") or family(path) in OPEN_FILES:
        return
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            target = node.func
            called = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
            receiver = ast.unparse(target.value) if isinstance(target, ast.Attribute) else ""
            if receiver.startswith(("resources.files(__package__)", "files(__package__)")):
                continue  # Its own packaged data.
            assert called not in OPENERS or receiver in ("Gazetteer", "webbrowser"), (
                f"line {node.lineno}: {ast.unparse(node)}"
            )


def test_what_is_imported_is_what_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    declared = {
        re.split(r"[\[<>=~!; ]", line)[0].lower().replace("-", "_") for names in lists for line in names
    }
    used = {
        name.split(".")[0]
        for path in FILES
        if path.relative_to(ROOT).as_posix() not in MAINTAINERS
        for name in imports(parsed(path))
    }
    known = {*sys.stdlib_module_names, "mapper", "gazetteer", *(PROVIDED)}
    assert used - known <= declared
    assert {PROVIDED.get(name, name) for name in used} >= {
        line.split(">")[0].lower().replace("-", "_") for line in project["dependencies"] if ">" in line
    } - FILES_ONLY


def test_there_is_something_to_read() -> None:
    assert len(FILES) > 30
