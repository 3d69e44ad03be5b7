"""The command ``mapper``: data to stdout or files, words to stderr, one sentence an error, no traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from gazetteer.errors import GazetteerError
from mapper import __version__
from mapper.cli_analysis import demo, explain, extract, map_command
from mapper.cli_gazetteer import gazetteer, geocode
from mapper.errors import MapperError

UNUSABLE, USAGE, INTERRUPTED = 1, 2, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mapper")
def cli() -> None:
    """Read news and military reports, find the places and events, and draw them as one offline map."""


@click.command()
def schema() -> int:
    """Print the JSON Schema of the analysis record."""
    import json

    from mapper.record import schema as record_schema

    click.echo(json.dumps(record_schema(), indent=2))
    return 0


for command in (map_command, extract, geocode, explain, gazetteer, schema, demo):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0, 1, 2 or 3 (see the contract)."""
    _keep_streams_from_failing()
    try:
        status = cli.main(
            args=None if arguments is None else list(arguments), prog_name="mapper", standalone_mode=False
        )
        return status if isinstance(status, int) else 0
    except click.UsageError as error:
        error.show()
        return USAGE
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("Interrupted.")
        return INTERRUPTED
    except (MapperError, GazetteerError) as error:
        _say(_sentence(error))
        return UNUSABLE
    except BrokenPipeError:
        # The reader of the pipe has gone; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("MAPPER_DEBUG"):
            raise
        _say(f"A fault in mapper, please report it ({type(error).__name__}: {_sentence(error)}).")
        return UNUSABLE


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())[:500] or type(error).__name__


def _say(text: str) -> None:
    click.echo(f"Error: {text}", err=True)


def _keep_streams_from_failing() -> None:
    """A terminal that cannot show a letter must not stop the work; data is always UTF-8."""
    for stream, encoding in ((sys.stdout, "utf-8"), (sys.stderr, None)):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=encoding, errors="backslashreplace")
