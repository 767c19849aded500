"""Commands about protection: what is withheld, and how an edition becomes a release."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.cli.shared import Json, app, short, words
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from analysis.protection.ledger.entries import Entry
    from analysis.protection.ledger.standing import Standing
    from analysis.workspace import Workspace

EXIT_LEAK = 20
CONFIRM = "`patokaz release confirm --by NAME`"
AGAIN = "Run `patokaz run --all` anew: pages and briefs keep their draft mark until then."

# No default, and none from the environment: a name that nobody typed answers for nothing.
By = Annotated[str, typer.Option("--by", help="Your name; author and reviewer differ.")]
release = typer.Typer(
    name="release",
    help=(
        "Make a release of a draft: one person submits it, another approves or returns it.\n\n"
        'Example: patokaz release submit --by "Ana Petrova"\n\n'
        'patokaz release return --by "Arben Hoxha" --because "The source of 2024 is missing."\n\n'
        'patokaz release approve --by "Arben Hoxha"\n\n'
        'patokaz release lift --by "Ana Petrova" --because "The figures of 2023 were revised."\n\n'
        'patokaz release confirm --by "Arben Hoxha"\n\n'
        "patokaz release list"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(release)


@app.command()
def protect(
    language: Annotated[
        str, typer.Option(help="Of the report: mk, en, sq, sr-Cyrl or sr-Latn.")
    ] = "mk",
    by: Annotated[str, typer.Option("--by", help="Your name, to accept a remedy.")] = "",
    *,
    report: Annotated[bool, typer.Option("--report", help="Write the report.")] = False,
    scan: Annotated[
        bool, typer.Option("--scan", help="Look for withheld values in what was made.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept the remedy of a refused build.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what is withheld and why, and where the edition stands on its way to a release.

    A build that a former release would turn inside out is refused with a remedy; who accepts it
    withholds what it names at the next build. The exit code is 20 where the scan finds a withheld
    value in a finished file.

    Example: patokaz protect --report --language mk
    """
    workspace = find_workspace()
    facts: dict[str, Any] = {}
    if accept:
        facts["accepted"] = _accept(workspace, by)
    facts |= _read_facts(workspace, was_refused=accept)
    if report:
        facts["report"] = _write_report(workspace, language)
    if scan:
        facts["leaks"] = _scan(workspace)
    if as_json:
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        _say_facts(facts)
    if facts.get("leaks"):
        raise typer.Exit(EXIT_LEAK)


@release.command()
def submit(by: By, *, as_json: Json = False) -> None:
    """Submit the draft in the public zone for review.

    Example: patokaz release submit --by "Ana Petrova"
    """
    from analysis.protection.ledger.steps import submit_edition

    _say_standing(submit_edition(find_workspace(), by), as_json=as_json)


@release.command(name="return")
def give_back(
    by: By,
    because: Annotated[
        str,
        typer.Option("--because", help="What has to change. It is kept: name no withheld number."),
    ],
    *,
    as_json: Json = False,
) -> None:
    """Return a submitted draft to its author, with a reason.

    Example: patokaz release return --by "Arben Hoxha" --because "The source of 2024 is missing."
    """
    from analysis.protection.ledger.steps import return_edition

    _say_standing(return_edition(find_workspace(), by, because), as_json=as_json)


@release.command()
def approve(by: By, *, as_json: Json = False) -> None:
    """Approve a submitted draft: it becomes a release, and is on record for good.

    Example: patokaz release approve --by "Arben Hoxha"
    """
    from analysis.protection.ledger.steps import approve_edition

    entry = approve_edition(find_workspace(), by)
    if as_json:
        typer.echo(json.dumps(_entry_facts(entry), indent=2, ensure_ascii=False))
        return
    typer.echo(entry.name)
    words.print(
        f"Release {entry.name} of {entry.day}: {entry.cells_shown} cells shown, "
        f"{entry.cells_withheld} withheld; submitted by {entry.author}, approved by "
        f"{entry.reviewer}. {AGAIN}",
        markup=False,
    )


@release.command()
def lift(
    by: By,
    because: Annotated[
        str,
        typer.Option(
            "--because", help="Why nobody needs them. It is kept: name no withheld number."
        ),
    ],
    *,
    as_json: Json = False,
) -> None:
    """Ask that all accepted remedies be lifted; another person confirms it.

    Example: patokaz release lift --by "Ana Petrova" --because "The figures of 2023 were revised."
    """
    from analysis.protection.ledger.lifting import ask_lifting

    held = ask_lifting(find_workspace(), by, because)
    _say_lifted(held, "asked", f"Another person confirms it with {CONFIRM}.", as_json=as_json)


@release.command()
def confirm(by: By, *, as_json: Json = False) -> None:
    """Confirm that all accepted remedies are lifted: the next build reckons without them.

    Example: patokaz release confirm --by "Arben Hoxha"
    """
    from analysis.protection.ledger.lifting import confirm_lifting

    held = confirm_lifting(find_workspace(), by)
    more = "Run `patokaz build`: it is held against all former releases as ever."
    _say_lifted(held, "lifted", more, as_json=as_json)


@release.command(name="list")
def list_releases(*, as_json: Json = False) -> None:
    """List all releases, and say where the edition in the public zone stands.

    Example: patokaz release list
    """
    from analysis.protection.ledger.folder import read_ledger
    from analysis.protection.ledger.standing import read_standing

    workspace = find_workspace()
    entries, standing = read_ledger(workspace).entries, read_standing(workspace)
    if as_json:
        listed = [_entry_facts(entry) for entry in entries]
        facts = {"releases": listed, "standing": asdict(standing)}
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    for entry in entries:
        typer.echo(
            f"{entry.name}  {entry.day}  {entry.cells_shown} shown, {entry.cells_withheld} "
            f"withheld  {entry.author}, {entry.reviewer}"
        )
    words.print(_describe(asdict(standing)), markup=False)


def _accept(workspace: Workspace, by: str) -> dict[str, Any]:
    from analysis.protection.ledger.remedies import accept_remedy

    return asdict(accept_remedy(workspace, by))


def _read_facts(workspace: Workspace, *, was_refused: bool) -> dict[str, Any]:
    from analysis.catalog import load_areas
    from analysis.protection.details import join_reasons
    from analysis.protection.ledger.remedies import read_offer
    from analysis.protection.ledger.standing import read_standing
    from analysis.protection.ledger.summary import count_withheld
    from analysis.store.files import OBSERVATIONS, read_table

    path = workspace.public / OBSERVATIONS
    offer = read_offer(workspace)
    if not path.is_file() and (was_refused or offer is not None):
        # The first build was refused: there is nothing to count, and a remedy to accept.
        table_facts: dict[str, Any] = {"cells": 0, "withheld": []}
    else:
        table = join_reasons(read_table(path), workspace)
        withheld = [asdict(each) for each in count_withheld(table, load_areas())]
        table_facts = {"cells": len(table), "withheld": withheld}
    offered = None if offer is None else asdict(offer)
    return {**table_facts, "standing": asdict(read_standing(workspace)), "offered": offered}


def _write_report(workspace: Workspace, language: str) -> str:
    from analysis.documents.protection_cost import recount_cost
    from analysis.documents.protection_report import write_protection_report
    from analysis.text import find_language

    code = find_language(language).code
    return short(write_protection_report(workspace, code, recount_cost(workspace)))


def _scan(workspace: Workspace) -> list[str]:
    from analysis.protection.scanner.scan import scan_workspace

    return [leak.sentence for leak in scan_workspace(workspace)]


def _say_facts(facts: dict[str, Any]) -> None:
    if "accepted" in facts:
        count = len(facts["accepted"]["observation_ids"])
        words.print(
            f"Accepted: {facts['accepted']['words']} ({count} observations). Run `patokaz build`."
        )
    for each in facts["withheld"]:
        typer.echo(f"{each['cells']:>6}  {each['level']:<14} {each['reason']}")
    total = sum(each["cells"] for each in facts["withheld"])
    words.print(f"{total} of {facts['cells']} cells are withheld.")
    words.print(_describe(facts["standing"]), markup=False)
    if facts["offered"] is not None:
        words.print(f"The last build was refused. {facts['offered']['sentence']}", markup=False)
    if "report" in facts:
        words.print(f"Report: {facts['report']}", markup=False)
    if "leaks" in facts:
        for sentence in facts["leaks"]:
            typer.echo(sentence)
        words.print(f"The scan found {len(facts['leaks'])} withheld values in finished files.")


def _say_standing(standing: Standing, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(standing), indent=2, ensure_ascii=False))
        return
    words.print(_describe(asdict(standing)), markup=False)


def _say_lifted(held: frozenset[str], state: str, more: str, *, as_json: bool) -> None:
    if as_json:
        facts = {"state": state, "observation_ids": sorted(held)}
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    said = "are lifted" if state == "lifted" else "are to be lifted"
    words.print(f"The remedies that withhold {len(held)} observations {said}. {more}", markup=False)


def _describe(standing: dict[str, Any]) -> str:
    short_hash = standing["sha256"][:12]
    return {
        "draft": f"These figures ({short_hash}) are a draft: nobody has submitted them.",
        "submitted": f"{standing['author']} submitted these figures ({short_hash}) on "
        f"{standing['day']}; they wait for a reviewer.",
        "returned": f"{standing['reviewer']} returned these figures ({short_hash}) on "
        f"{standing['day']}; they are a draft again.",
        "released": f"These figures ({short_hash}) are release {standing['number'] or 0:04d} of "
        f"{standing['day']}, submitted by {standing['author']} and approved by "
        f"{standing['reviewer']}.",
    }[str(standing["state"])]


def _entry_facts(entry: Entry) -> dict[str, Any]:
    return {**asdict(entry), "day": entry.day, "sha256": entry.sha256}
