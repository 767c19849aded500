"""Commands about what leaves the house: briefs, bundles with evidence, and the gate."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli.shared import Json, Languages, app, short, words
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.assessment.migration import Migration
    from analysis.assessment.trafficking import Trafficking
    from analysis.workspace import Workspace

EXIT_CHANGED = 1
TOPICS = ("migration", "trafficking")
# Besides the last one.
YEARS = 11


Area = Annotated[str, typer.Argument(help="Code or name of a municipality or a country.")]
About = Annotated[str, typer.Option(help="For a country: migration or trafficking.")]


Form = Annotated[
    str,
    typer.Option(
        help="facts: what the figures say; short: two pages to decide by; long: up to four pages."
    ),
]


@app.command()
def brief(
    area: Area = "",
    about: About = "migration",
    language: Languages = None,
    form: Form = "facts",
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Of every municipality, with all cores at once.")
    ] = False,
    start_text: Annotated[
        bool,
        typer.Option("--start-text", help="Only lay out the file for your own text; keep one."),
    ] = False,
) -> None:
    """Write a brief as docx, PDF and HTML, without running a notebook.

    Example: patokaz brief kumanovo --language mk
    """
    from analysis.documents.brief_forms import check_form
    from analysis.documents.briefs import write_briefs
    from analysis.text import find_language

    workspace = find_workspace()
    codes = [find_language(code).code for code in language or ["mk", "en"]]
    check_form(form)
    if bool(area) == every or (every and start_text):
        msg = "Name one municipality or country, such as `patokaz brief kumanovo`, or give --all."
        raise ValueError(msg)
    if every:
        _write_all(codes, form, workspace)
        return
    reading = open_reading(area, about, workspace)
    for code in codes:
        if start_text:
            _lay_out(reading, code, workspace)
            continue
        for path in write_briefs(reading, code, workspace, "", form=form):
            typer.echo(short(path))


def _write_all(languages: list[str], form: str, workspace: Workspace) -> None:
    from analysis.catalog import load_areas
    from analysis.suite.many_briefs import write_many

    areas = [area.area_id for area in load_areas().at_level("municipality")]
    for path in write_many(areas, languages, workspace, form):
        typer.echo(short(path))


def _lay_out(
    reading: Profile | Migration | Trafficking, language: str, workspace: Workspace
) -> None:
    from analysis.documents.briefs.start_text import lay_out_text

    path, is_new = lay_out_text(reading, language, workspace)
    typer.echo(short(path) if is_new else f"{short(path)} is there already and stays as it is")


@app.command()
def bundle(
    area: Area,
    about: About = "migration",
    language: Languages = None,
    to: Annotated[Path | None, typer.Option(help="Where the archive goes.")] = None,
) -> None:
    """Write a brief with its figures, rows, sources and a seal of each file as one archive.

    Example: patokaz bundle kumanovo --language mk --language en
    """
    from analysis.documents.briefs.bundle import make_bundle
    from analysis.store.files import write_atomically
    from analysis.text import find_language

    workspace = find_workspace()
    codes = [find_language(code).code for code in language or ["mk", "en"]]
    reading = open_reading(area, about, workspace)
    stem = (
        reading.area.slug
        if reading.area.level == "municipality"
        else f"{reading.area.slug}_{about}"
    )
    path = to or workspace.own_briefs / f"{stem}_evidence.zip"
    write_atomically(path, make_bundle(reading, codes, workspace))
    typer.echo(short(path))


def open_reading(area: str, about: str, workspace: Workspace) -> Profile | Migration | Trafficking:
    """Open what a brief is made of: a municipality, or a country on a subject.

    Parameters
    ----------
    area : str
        Code or name.
    about : str
        ``migration`` or ``trafficking``; read for countries only.
    workspace : Workspace

    Returns
    -------
    Profile, Migration or Trafficking

    Raises
    ------
    ValueError
        When the subject is none, or the area is not known.
    """
    from analysis.assessment.places import find_trend_area
    from analysis.documents.face import open_migration, open_profile, open_trafficking
    from analysis.suite.parameters import LAST_YEAR

    if about not in TOPICS:
        msg = f"'{about}' is no subject of a brief. Write one of: {', '.join(TOPICS)}."
        raise ValueError(msg)
    if find_trend_area(area).level == "municipality":
        return open_profile(area, LAST_YEAR, workspace=workspace)
    period = f"{LAST_YEAR - YEARS}-{LAST_YEAR}"
    if about == "migration":
        return open_migration(area, period, workspace=workspace)
    return open_trafficking(area, period, workspace=workspace)


@app.command()
def gate(
    area: Area,
    about: About = "migration",
    language: Languages = None,
    form: Form = "facts",
    *,
    as_json: Json = False,
) -> None:
    """Hold a brief against everything that publication asks, and write the answer as a page.

    The exit code is 0 where nothing forbids publication, and 1 where something does.

    Example: patokaz gate kumanovo --language mk --language en
    """
    from analysis.documents.briefs.web import to_html
    from analysis.documents.briefs.write import compose_brief, stem_of
    from analysis.documents.gate.judge import compose_answer, is_blocked, judge_brief, say_finding
    from analysis.documents.wording import Wording
    from analysis.protection.ledger.standing import read_standing
    from analysis.store.files import write_atomically
    from analysis.text import find_language, translator

    workspace = find_workspace()
    codes = [find_language(code).code for code in language or ["mk", "en"]]
    reading = open_reading(area, about, workspace)
    checks = judge_brief(reading, codes, workspace, form)
    brief = compose_brief(reading, codes[0], workspace, form=form)
    answer = compose_answer(checks, f"{stem_of(brief)}_gate_{codes[0]}", brief.title, codes[0])
    path = workspace.own_briefs / f"{answer.name}.html"
    write_atomically(path, to_html(answer, read_standing(workspace)).encode("utf-8"))
    english = Wording(translator("en"))
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in checks], indent=2, ensure_ascii=False))
    else:
        for check in checks:
            typer.echo(f"{check.state:<8} {check.title}")
            for finding in check.findings:
                typer.echo(f"           {finding.where}: {say_finding(finding, english)}")
        words.print(f"The answer as a page: {short(path)}")
    if is_blocked(checks):
        raise typer.Exit(EXIT_CHANGED)
