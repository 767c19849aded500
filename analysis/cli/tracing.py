"""Commands that follow a number back to its rows, and say whether a file is still what was made."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.cli.shared import Json, app, words
from analysis.workspace import WorkspaceError, find_workspace

if TYPE_CHECKING:
    from analysis.suite.verification.verdict import Verdict
    from analysis.workspace import Workspace

EXIT_CHANGED, EXIT_UNKNOWN = 1, 2


@app.command()
def trace(
    number: Annotated[
        str,
        typer.Argument(
            help="Id of an observation, or a file: docx, PDF, HTML, CSV, XLSX, PNG, SVG or bundle."
        ),
    ],
    *,
    as_json: Json = False,
) -> None:
    """Follow a number, or each number of a file, back to its rows, file, source and code.

    What was worked out is followed on to the observations that went into it.

    Example: patokaz trace 3f2a9c01d4e5
    """
    from analysis.documents.traces import find_numbers
    from analysis.store.trace import trace_observations

    path = Path(number)
    workspace = find_workspace()
    is_file = path.is_file()
    found = find_numbers(path.name, path.read_bytes()) if is_file else ()
    ids = [i for n in found for i in n.observations] if is_file else [number]
    rows = trace_observations(workspace, ids)
    inputs = [i for row in rows.values() for i in row["inputs"].split() if i not in rows]
    rows |= trace_observations(workspace, inputs)
    if as_json:
        held: Any = [asdict(n) | {"rows": [rows[i] for i in n.observations]} for n in found]
        typer.echo(json.dumps(held if is_file else rows[number], indent=2, ensure_ascii=False))
        return
    if not is_file:
        typer.echo("\n".join(f"{name:<16} {value}" for name, value in rows[number].items()))
        _say_inputs(rows[number], rows)
    # A sum over the country has its parts named once, however often it is printed.
    named: set[str] = set()
    for one in found:
        typer.echo(f"{one.text}{f', by {one.method}' if one.method else ''}")
        for row in (rows[i] for i in one.observations):
            _say_row(row, "  ")
            if row["observation_id"] not in named:
                _say_inputs(row, rows)
            named.add(row["observation_id"])


def _say_inputs(row: dict[str, str], rows: dict[str, dict[str, str]]) -> None:
    for one in row["inputs"].split():
        _say_row(rows[one], "    from ")


def _say_row(row: dict[str, str], before: str) -> None:
    """Say the three steps of one row: observation, line of a file with its source, code."""
    inside = " " * len(before)
    place = f"{row['file']}:{row['line']}" if row["line"] != "0" else row["method"]
    typer.echo(
        f"{before}{row['observation_id']}  {row['indicator_id']} {row['area_id']} "
        f"{row['period_start']}..{row['period_end']}: {row['value'] or row['state']}\n"
        f"{inside}  {place} ({row['file_sha256'][:12]})  {row['publisher']}: {row['title']}\n"
        f"{inside}  {row['code']}"
    )


@app.command()
def verify(
    path: Annotated[
        Path, typer.Argument(help="A file, a bundle (ZIP or folder), or the number of an edition.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Say offline whether a file, a bundle or an edition is unchanged since it was made.

    The exit code is 0 where it is, 1 where something was changed, and 2 where nothing here knows
    it.

    Example: patokaz verify kumanovo_evidence.zip
    """
    from analysis.suite.verification import verify_path

    verdict = verify_path(path, _workspace())
    if as_json:
        held: dict[str, Any] = {**asdict(verdict), "is_intact": verdict.is_intact}
        typer.echo(json.dumps(held, indent=2, ensure_ascii=False))
    else:
        _say(verdict)
    if not verdict.is_intact:
        raise typer.Exit(EXIT_CHANGED if verdict.findings else EXIT_UNKNOWN)


def _workspace() -> Workspace | None:
    """Find the workspace where there is one: a bundle is verified anywhere."""
    try:
        return find_workspace()
    except WorkspaceError:
        return None


def _say(verdict: Verdict) -> None:
    if not verdict.known:
        words.print(
            f"{verdict.subject}: nothing here knows it. Lay it beside its manifest.json, or run "
            f"this in the workspace that published it.",
            markup=False,
        )
        return
    if verdict.is_intact:
        words.print(
            f"{verdict.subject}: unchanged ({verdict.files} held against {verdict.known}).",
            markup=False,
        )
    for sentence in verdict.findings:
        words.print(sentence, markup=False)
    for name, value in verdict.made_from.items():
        typer.echo(f"{name:<16} {value}")
