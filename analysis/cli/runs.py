"""Commands about runs and what they make: plan, run, brief, lab."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analysis.cli.shared import (
    EXIT_FAILED_RUN,
    EXIT_LOCKED,
    EXIT_STOPPED,
    All,
    Areas,
    Json,
    Languages,
    app,
    short,
    words,
)
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from analysis.suite.execute import Outcome
    from analysis.suite.run import Planned, Report
    from analysis.workspace import Workspace


@app.command()
def plan(
    area: Areas = None,
    language: Languages = None,
    *,
    every: All = False,
    why: Annotated[bool, typer.Option("--why", help="Say of each run why it is needed.")] = False,
    as_json: Json = False,
) -> None:
    """Show which runs the suite comes to, and why each is or is not needed.

    Example: patokaz plan --area kumanovo --why
    """
    workspace = find_workspace()
    planned = _judged(workspace, area, language, every=every)
    if as_json:
        typer.echo(json.dumps([_planned_facts(p) for p in planned], indent=2))
        return
    for item in planned:
        if why:
            typer.echo(f"{item.run.name}: {tell_reason(item)}")
        else:
            what = f" ({', '.join(item.changed)})" if item.changed else ""
            typer.echo(f"{item.key.run_id}  {item.run.name}  {item.reason}{what}")
    needed = sum(p.is_needed for p in planned)
    words.print(f"{len(planned)} runs, {needed} needed.")


@app.command()
def run(  # noqa: PLR0913  # one a switch
    area: Areas = None,
    language: Languages = None,
    *,
    every: All = False,
    only_failed: Annotated[
        bool, typer.Option("--only-failed", help="Only runs that failed before.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(help="Runs at once; as many as cores and memory bear.")
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(help="Seconds that one notebook may take; as suite.toml says, or 600."),
    ] = None,
    retries: Annotated[
        int | None,
        typer.Option(
            help="How often a run is tried again whose kernel hung or died; as suite.toml, or 1."
        ),
    ] = None,
    cluster: Annotated[
        str, typer.Option(help="Address of a Dask scheduler, such as tcp://10.0.0.5:8786.")
    ] = "",
    folder: Annotated[
        str,
        typer.Option(
            help="Address that its workers reach, such as s3://bucket/x; as suite.toml says."
        ),
    ] = "",
    cold: Annotated[
        bool, typer.Option("--cold", help="Ordinary kernels, even where warm ones can be.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the suite: notebooks, pages and briefs. What is unchanged is left alone.

    Example: patokaz run --area kumanovo --area butel --area gevgelija
    """
    from analysis.suite.attempt import Limits
    from analysis.suite.lock import LockedError
    from analysis.suite.run import Options, run_suite

    workspace = find_workspace()
    options = Options(
        Limits(warm=not cold), workers, cluster, only_failed, timeout, retries, folder
    )
    planned = _judged(workspace, area, language, every=every)
    needed = sum(p.is_needed for p in planned)
    with _progress() as bar:
        task = bar.add_task("Running", total=needed, visible=needed > 0)

        def watch(outcome: Outcome, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            mark = "ok" if outcome.state == "ok" else f"FAILED: {outcome.reason}"
            words.print(
                f"[{done}/{total}] {outcome.name}: {mark} ({outcome.seconds:.1f} s)", markup=False
            )

        try:
            report = run_suite(planned, workspace, watch, options)
        except LockedError as held:
            words.print(str(held), markup=False)
            raise typer.Exit(EXIT_LOCKED) from None
        except KeyboardInterrupt:
            words.print("Stopped. What had ended is kept; run it again and it goes on from there.")
            raise typer.Exit(EXIT_STOPPED) from None
    if as_json:
        typer.echo(json.dumps(_report_facts(report), indent=2))
    else:
        _say_where(workspace, report)
    if report.failed or report.refused:
        raise typer.Exit(EXIT_FAILED_RUN)


@app.command()
def rerun(
    run_id: Annotated[str, typer.Argument(help="Id of a run, as pages and briefs print it.")],
) -> None:
    """Make a run again, apart from everything published, and compare it byte by byte.

    Example: patokaz rerun 3f2a90c1d4e5
    """
    from analysis.suite.rerun import repeat_run

    result = repeat_run(find_workspace(), run_id)
    for name, verdict in result.verdicts:
        typer.echo(f"{verdict}  {name}")
    words.print(result.sentence)
    if not result.is_same:
        raise typer.Exit(EXIT_FAILED_RUN)


@app.command()
def lab() -> None:
    """Open JupyterLab on the notebooks.

    Example: patokaz lab
    """
    from analysis.suite.kernels.settings import lab_environment

    workspace = find_workspace()
    os.environ.update(lab_environment(workspace))
    program = shutil.which("jupyter-lab", path=str(Path(sys.executable).parent))
    if program is None:
        msg = "JupyterLab is not installed beside this Python. Run `make install`."
        raise FileNotFoundError(msg)
    start = "--LabApp.default_url=/lab/tree/notebooks"
    os.execv(program, [program, f"--notebook-dir={workspace.root}", start])  # noqa: S606


def _judged(
    workspace: Workspace, areas: list[str] | None, languages: list[str] | None, *, every: bool
) -> list[Planned]:
    from analysis.suite.plan import plan_runs
    from analysis.suite.run import judge_runs

    runs = plan_runs(workspace, areas or (), languages or (), every_area=every)
    return judge_runs(runs, workspace)


WHY = {
    "new": "needed, because it has never been run",
    "failed before": "needed, because it failed before",
    "output missing or altered": "needed, because {what} is missing or was altered",
    "changed": "needed, because of a change of {what}",
    "unchanged": "not needed: nothing changed that it is made of or has read",
}
PARTS = {
    "run": "its parameters",
    "notebook": "the notebook",
    "data": "figures that it reads",
    "policy": "the policy of disclosure",
    "standing": "the standing of the edition",
    "boundaries": "the boundaries",
    "templates": "the templates of briefs",
    "code": "the code",
    "lock": "the locked packages",
}


def tell_reason(item: Planned) -> str:
    """Say in words why a run is or is not needed.

    Parameters
    ----------
    item : Planned

    Returns
    -------
    str
    """
    what = ", ".join(PARTS.get(name, name) for name in item.changed)
    return WHY[item.reason].format(what=what)


def _planned_facts(item: Planned) -> dict[str, Any]:
    return {
        "name": item.run.name,
        "run_id": item.key.run_id,
        "reason": item.reason,
        "changed": list(item.changed),
        "parameters": dict(item.run.parameters),
    }


def _report_facts(report: Report) -> dict[str, Any]:
    return {
        "kernels_started": report.kernels_started,
        "executed": [asdict(o) for o in report.outcomes],
        "unchanged": list(report.unchanged),
        "failed": [o.name for o in report.failed],
        "edition": report.edition.number if report.edition else None,
        "refused": report.refused,
    }


def _progress() -> Progress:
    # Plain lines where nobody watches: a bar in a log file is noise.
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=words,
        disable=not words.is_terminal,
        transient=True,
    )


def _say_where(workspace: Workspace, report: Report) -> None:
    done = len(report.outcomes) - len(report.failed)
    words.print(
        f"{done} runs done, {len(report.unchanged)} unchanged, {len(report.failed)} failed."
    )
    for failed in report.failed:
        words.print(f"  {failed.name}: {failed.reason}", markup=False)
    if report.refused:
        words.print("Nothing new was published; readers see the former edition.")
        words.print(report.refused, markup=False)
    words.print(f"Pages:     {short(workspace.site / 'index.html')}")
    words.print(f"Briefs:    {short(workspace.briefs)}")
    words.print(f"Notebooks: {short(workspace.runs)}")
    words.print(f"Status:    {short(workspace.status / 'index.html')}")
    words.print("Dashboard: run `make serve` (or `patokaz serve`) and open the address it prints.")
