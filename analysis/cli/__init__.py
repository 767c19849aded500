"""The command ``patokaz``: thin, one function a command. Everything it does is elsewhere."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from analysis import __version__
from analysis.cli import (
    data,
    editions,
    evidence,
    figures,
    protection,
    returns,
    runs,
    schedule,
    serving,
    status,
    tracing,
)
from analysis.cli.shared import EXIT_REFUSED, app, words

__all__ = [
    "app",
    "data",
    "editions",
    "evidence",
    "figures",
    "main",
    "protection",
    "returns",
    "runs",
    "schedule",
    "serving",
    "status",
    "tracing",
]


def main() -> None:
    """Run the command; whatever is refused is one sentence and an exit code."""
    try:
        app()
    except (ValueError, FileNotFoundError) as refused:
        # A KeyError or TypeError is a fault of ours and keeps its traceback.
        words.print(f"patokaz: {refused}", style="bold red", markup=False)
        sys.exit(EXIT_REFUSED)


@app.callback(invoke_without_command=True)
def _version(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    if version:
        typer.echo(f"patokaz {__version__}")
        raise typer.Exit
