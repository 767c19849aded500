"""The command about one figure: its picture, rows and words, ready for another document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.evidence import About, Area, open_reading
from analysis.cli.shared import Languages, app, short
from analysis.workspace import find_workspace

FOLDER = "figures"


@app.command()
def figure(
    area: Area,
    name: Annotated[
        str, typer.Argument(help="Short name of the figure; --list says which there are.")
    ] = "",
    about: About = "migration",
    language: Languages = None,
    to: Annotated[Path | None, typer.Option(help="Folder that the files go into.")] = None,
    *,
    listed: Annotated[
        bool, typer.Option("--list", help="List the figures and what each shows; write nothing.")
    ] = False,
) -> None:
    """Write one figure as PNG, SVG and PDF, with its rows as CSV and XLSX and its words.

    Example: patokaz figure kumanovo registered --language mk --to figures
    """
    from analysis.documents.face import compose
    from analysis.documents.figure_files.export import Exhibit, list_figures, make_figure_files
    from analysis.protection.door import read_release
    from analysis.protection.ledger.standing import read_standing
    from analysis.store.files import write_atomically
    from analysis.text import find_language

    workspace = find_workspace()
    codes = [find_language(code).code for code in language or ["mk", "en"]]
    reading = open_reading(area, about, workspace)
    if listed:
        for known, picture in list_figures(compose(reading, codes[0], workspace)).items():
            typer.echo(f"{known:<14} {picture.caption}")
        return
    standing = read_standing(workspace)
    policy = str(read_release(workspace)["policy_sha256"])
    folder = to or workspace.own_briefs / FOLDER
    for code in codes:
        exhibit = Exhibit(compose(reading, code, workspace), reading, policy, standing)
        for file, content in make_figure_files(exhibit, name).items():
            write_atomically(folder / file, content)
            typer.echo(short(folder / file))
