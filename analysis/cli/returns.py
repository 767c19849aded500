"""Commands about returns: hand out a template, take a file in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.shared import app, short, words
from analysis.workspace import find_workspace

EXIT_SET_ASIDE = 3
Language = Annotated[str, typer.Option("--lang", help="mk, en, sq, sr-Cyrl or sr-Latn.")]


@app.command()
def template(
    kind: Annotated[str, typer.Argument(help="Kind of return; an unknown one lists all.")],
    lang: Language = "mk",
    out: Annotated[
        Path | None, typer.Option(help="File to write; KIND_LANG.xlsx if not given.")
    ] = None,
) -> None:
    """Write the template of a return: an Excel file with lists, a dictionary and examples.

    Example: patokaz template mobile_team_month --lang mk
    """
    from analysis.sources.returns import write_template
    from analysis.store.files import write_atomically

    content = write_template(kind, lang)
    path = out or Path(f"{kind}_{lang}.xlsx")
    write_atomically(path, content)
    typer.echo(short(path.resolve()))


@app.command(name="import")
def take_in(
    file: Annotated[Path, typer.Argument(help="XLSX, XLS, ODS or CSV.")],
    kind: Annotated[str | None, typer.Option(help="Kind of return; told from the header.")] = None,
    lang: Language = "mk",
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Newer values take the place of older ones.")
    ] = False,
) -> None:
    """Take a return or an ordinary office file in, and say what was read and what was not.

    Nothing is loaded twice. Rows that cannot be read are put into a workbook beside the ledger,
    to be mended and imported again; the exit code is 3 then. A file with personal data is refused
    whole.

    Example: patokaz import mobile_team_month_mk.xlsx
    """
    from analysis.sources.returns import import_file
    from analysis.sources.returns.report import to_markdown

    if not file.is_file():
        msg = f"'{file}' is not a file. Name an XLSX, XLS, ODS or CSV file."
        raise ValueError(msg)
    workspace = find_workspace()
    report = import_file(
        file.read_bytes(), file.name, kind, workspace.received, lang, replace=replace
    )
    typer.echo(to_markdown(report, lang))
    if report.mend:
        words.print(f"To be mended: {short(report.mend)}", markup=False)
    if report.set_aside:
        raise typer.Exit(EXIT_SET_ASIDE)
