"""Options that several commands share, defined once, and the types of their values."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from gazetteer.store import Gazetteer
    from mapper.pipeline import Options

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType):  # type: ignore[type-arg]  # generic only in newer click
    """A day of the calendar, YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or fail with wrong usage."""
        if isinstance(value, date):
            return value
        try:
            if len(str(value)) != 10:
                raise ValueError
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)!r} is no day of the calendar; write it as YYYY-MM-DD.", param, ctx)


class LatLon(click.ParamType):  # type: ignore[type-arg]
    """A point, LAT,LON in degrees."""

    name = "LAT,LON"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        """Read the point, or fail with wrong usage."""
        if isinstance(value, tuple):
            return value
        try:
            lat, lon = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{str(value)!r} is no point; write latitude and longitude as 48.87,37.62.", param, ctx)
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            self.fail(f"{str(value)!r} is no point on the earth; latitude comes first.", param, ctx)
        return lat, lon


class Country(click.ParamType):  # type: ignore[type-arg]
    """A country, as the two letters of ISO 3166-1."""

    name = "CC"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the code in any case, or fail with wrong usage."""
        code = str(value).strip().upper()
        if len(code) != 2 or not (code.isascii() and code.isalpha()):
            self.fail(f"{str(value)!r} is no country code; write two letters, for example UA.", param, ctx)
        return code


def sources(function: F) -> F:
    """SOURCE...: what to read."""
    return click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")(function)


def gazetteer(function: F) -> F:
    """--gazetteer: another compiled gazetteer than the shipped one."""
    return click.option(
        "--gazetteer",
        "gazetteer_path",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Use this compiled gazetteer (also: the variable MAPPER_GAZETTEER).",
    )(function)


def reading(function: F) -> F:
    """The options of every command that analyses documents."""
    for option in (
        click.option(
            "--pipeline",
            metavar="NAME",
            help="Another installed spaCy pipeline, for example en_core_web_trf.",
        ),
        click.option(
            "--pins", metavar="FILE", type=click.Path(path_type=Path), help="Your corrections, JSON or CSV."
        ),
        click.option("--date", "day", type=Day(), help="Day of publication of documents that carry none."),
        gazetteer,
    ):
        function = option(function)
    return function


def strict(function: F) -> F:
    """--strict: an unresolved name is an error."""
    return click.option("--strict", is_flag=True, help="Exit with status 1 when a name stays unresolved.")(
        function
    )


def workers(function: F) -> F:
    """--workers, --scheduler: where the work is done."""
    function = click.option(
        "--scheduler", metavar="ADDRESS", help="Work on this Dask cluster (needs mapper[dask])."
    )(function)
    return click.option(
        "--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes to use."
    )(function)


def say(text: str) -> None:
    """Words for people, on stderr."""
    click.echo(text, err=True)


def gazetteer_file(path: Path | None) -> Path:
    """The gazetteer to use: the one that was named, else the shipped one, compiled on first use."""
    from gazetteer.compile import ensure

    return ensure(path).resolve()


def open_gazetteer(path: Path | None) -> Gazetteer:
    """Open the gazetteer that :func:`gazetteer_file` names."""
    from gazetteer.store import Gazetteer

    return Gazetteer.open(gazetteer_file(path))


def options_of(pipeline: str | None, pins: Path | None) -> Options:
    """The options of an analysis, with the pins file read."""
    from mapper.pins import read_pins
    from mapper.pipeline import Options

    return Options(pipeline=pipeline, pins=read_pins(pins) if pins else ())


def quiet() -> bool:
    """Whether stderr is no terminal, so that no bar is drawn on it."""
    return not os.isatty(2)
