"""Commands about what leaves the house: briefs, bundles with evidence, and their verification."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.cli.shared import Json, Languages, app, short, words
from analysis.workspace import WorkspaceError, find_workspace

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.assessment.migration import Migration
    from analysis.assessment.trafficking import Trafficking
    from analysis.suite.verification.verdict import Verdict
    from analysis.workspace import Workspace

EXIT_CHANGED, EXIT_UNKNOWN = 1, 2
TOPICS = ("migration", "trafficking")
# Besides the last one.
YEARS = 11


Area = Annotated[str, typer.Argument(help="Code or name of a municipality or a country.")]
About = Annotated[str, typer.Option(help="For a country: migration or trafficking.")]


@app.command()
def brief(area: Area, about: About = "migration", language: Languages = None) -> None:
    """Write a brief as docx, PDF and HTML, without running a notebook.

    Example: patokaz brief kumanovo --language mk
    """
    from analysis.documents.briefs import write_briefs
    from analysis.text import find_language

    workspace = find_workspace()
    codes = [find_language(code).code for code in language or ["mk", "en"]]
    reading = open_reading(area, about, workspace)
    for code in codes:
        for path in write_briefs(reading, code, workspace, ""):
            typer.echo(short(path))


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
    area: Area, about: About = "migration", language: Languages = None, *, as_json: Json = False
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
    checks = judge_brief(reading, codes, workspace)
    brief = compose_brief(reading, codes[0], workspace)
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


@app.command()
def trace(
    number: Annotated[
        str, typer.Argument(help="Id of an observation, or a file: docx, PDF, HTML or CSV.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Follow a number, or each number of a file, back to its rows, file, source and code.

    Example: patokaz trace 3f2a9c01d4e5
    """
    from analysis.documents.traces import find_numbers
    from analysis.store.trace import trace_observations

    path = Path(number)
    workspace = find_workspace()
    if not path.is_file():
        facts = trace_observations(workspace, [number])[number]
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False) if as_json else _lines(facts))
        return
    found = find_numbers(path.name, path.read_bytes())
    rows = trace_observations(workspace, [i for n in found for i in n.observations])
    if as_json:
        held = [asdict(n) | {"rows": [rows[i] for i in n.observations]} for n in found]
        typer.echo(json.dumps(held, indent=2, ensure_ascii=False))
        return
    for one in found:
        made = f", by {one.method}" if one.method else ""
        typer.echo(f"{one.text}{made}")
        for row in (rows[i] for i in one.observations):
            typer.echo(
                f"  {row['observation_id']}  {row['indicator_id']} {row['area_id']} "
                f"{row['period_start']}..{row['period_end']}: {row['value'] or row['state']}\n"
                f"    {row['file']}:{row['line']} ({row['file_sha256'][:12]})  "
                f"{row['publisher']}: {row['title']}\n    {row['code']}"
            )


def _lines(facts: dict[str, str]) -> str:
    return "\n".join(f"{name:<16} {value}" for name, value in facts.items())


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
