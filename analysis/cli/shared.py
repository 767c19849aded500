"""What all commands share: the application, its options, how they speak."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

EXIT_FAILED_RUN = 3
EXIT_REFUSED = 2
# As sysexits.h has it: try again later.
EXIT_LOCKED = 75
# As shells report a program that Ctrl-C has stopped.
EXIT_STOPPED = 130

app = typer.Typer(
    name="patokaz",
    help="Migration and anti-trafficking figures per municipality, from files to pages and briefs.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
words = Console(stderr=True, highlight=False, soft_wrap=True)

Areas = Annotated[
    list[str] | None,
    typer.Option("--area", help="Code or name of a municipality, in any language; repeatable."),
]
Languages = Annotated[
    list[str] | None, typer.Option("--language", help="mk, en, sq, sr-Cyrl or sr-Latn; repeatable.")
]
All = Annotated[bool, typer.Option("--all", help="All 80 municipalities.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object for a program to read.")]


def short(path: Path) -> str:
    """Give a path as short as it can be typed: from here where that is below, else whole."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
