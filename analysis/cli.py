"""The command ``patokaz``: thin, one function a command. Everything it does is elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analysis import __version__
from analysis.workspace import Workspace, WorkspaceError, find_workspace

if TYPE_CHECKING:
    from analysis.suite.execute import Outcome
    from analysis.suite.run import Planned, Report

EXIT_FAILED_RUN = 1
EXIT_REFUSED = 2

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


def main() -> None:
    """Run the command; whatever is refused is one sentence and an exit code."""
    try:
        app()
    except (ValueError, FileNotFoundError, WorkspaceError) as refused:
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


@app.command()
def build(*, as_json: Json = False) -> None:
    """Build observations from the published figures, and the public zone.

    Example: patokaz build
    """
    from analysis.protection import publish_observations
    from analysis.store.build import build_observations

    workspace = find_workspace()
    release = publish_observations(build_observations(workspace.published), workspace)
    if as_json:
        typer.echo(json.dumps(asdict(release), indent=2))
        return
    words.print(
        f"Built {release.cells_shown + release.cells_withheld} observations from "
        f"{len(release.snapshots)} files; {release.cells_withheld} are withheld as too small to "
        f"publish. Public zone: {_short(workspace.public)}"
    )


@app.command()
def plan(
    area: Areas = None, language: Languages = None, *, every: All = False, as_json: Json = False
) -> None:
    """Show which runs the suite comes to, and why each is or is not needed.

    Example: patokaz plan --area kumanovo
    """
    workspace = find_workspace()
    planned = _judged(workspace, area, language, every=every)
    if as_json:
        typer.echo(json.dumps([_planned_facts(p) for p in planned], indent=2))
        return
    for item in planned:
        what = f" ({', '.join(item.changed)})" if item.changed else ""
        typer.echo(f"{item.key.run_id}  {item.run.name}  {item.reason}{what}")
    needed = sum(p.is_needed for p in planned)
    words.print(f"{len(planned)} runs, {needed} needed.")


@app.command()
def run(
    area: Areas = None, language: Languages = None, *, every: All = False, as_json: Json = False
) -> None:
    """Run the suite: notebooks, pages and briefs. What is unchanged is left alone.

    Example: patokaz run --area kumanovo --area butel --area gevgelija
    """
    from analysis.suite.run import run_suite

    workspace = find_workspace()
    planned = _judged(workspace, area, language, every=every)
    needed = sum(p.is_needed for p in planned)
    with _progress() as bar:
        task = bar.add_task("Running", total=needed, visible=needed > 0)

        def watch(outcome: Outcome, done: int, total: int) -> None:
            bar.update(task, completed=done)
            mark = "ok" if outcome.state == "ok" else f"FAILED: {outcome.reason}"
            words.print(
                f"[{done}/{total}] {outcome.name}: {mark} ({outcome.seconds:.1f} s)", markup=False
            )

        report = run_suite(planned, workspace, watch)
    if as_json:
        typer.echo(json.dumps(_report_facts(report), indent=2))
    else:
        _say_where(workspace, report)
    if report.failed:
        raise typer.Exit(EXIT_FAILED_RUN)


@app.command()
def brief(
    area: Annotated[str, typer.Argument(help="Code or name of a municipality.")],
    language: Languages = None,
) -> None:
    """Write the brief of a municipality, as docx and PDF, without running its notebook.

    Example: patokaz brief kumanovo --language mk
    """
    from analysis.documents.briefs import write_briefs
    from analysis.documents.face import open_profile
    from analysis.suite.parameters import LAST_YEAR
    from analysis.text import find_language

    workspace = find_workspace()
    codes = [find_language(code).code for code in language or ["mk", "en"]]
    profile = open_profile(area, LAST_YEAR, workspace=workspace)
    for code in codes:
        for path in write_briefs(profile, code, workspace, ""):
            typer.echo(_short(path))


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port; a free one if not given.")] = None,
    *,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the browser as well.")] = False,
) -> None:
    """Serve dashboards and pages on this machine, to this machine only.

    Example: patokaz serve --port 8866
    """
    from analysis.dashboard.server import serve as serve_workspace

    serve_workspace(find_workspace(), port, open_browser=open_browser)


@app.command()
def lab() -> None:
    """Open JupyterLab on the notebooks.

    Example: patokaz lab
    """
    workspace = find_workspace()
    program = shutil.which("jupyter-lab", path=str(Path(sys.executable).parent))
    if program is None:
        msg = "JupyterLab is not installed beside this Python. Run `make install`."
        raise FileNotFoundError(msg)
    start = "--LabApp.default_url=/lab/tree/notebooks"
    os.execv(program, [program, f"--notebook-dir={workspace.root}", start])  # noqa: S606


@app.command()
def fetch(
    source: Annotated[str, typer.Argument(help="What to fetch: boundaries.")] = "boundaries",
) -> None:
    """Fetch a file from its publisher, check its SHA-256 and keep it as received.

    Example: patokaz fetch boundaries
    """
    from analysis.sources.boundary_download import fetch_boundaries
    from analysis.sources.boundary_files import boundary_snapshot

    if source != "boundaries":
        msg = f"'{source}' cannot be fetched yet. Use: boundaries."
        raise ValueError(msg)
    workspace = find_workspace()
    typer.echo(_short(fetch_boundaries(boundary_snapshot(workspace))))


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one to be made.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
) -> None:
    """Make a workspace of synthetic figures, apart from real ones.

    Example: patokaz demo ../patokaz-demo --seed 1
    """
    from analysis.suite.demo import make_demo

    made = make_demo(folder, seed, find_workspace())
    typer.echo(
        f"A synthetic workspace is in {_short(made.root)}. Every figure in it is invented.\n"
        f"Build it with: PATOKAZ_HOME={made.root} patokaz build && "
        f"PATOKAZ_HOME={made.root} patokaz run --all"
    )


@app.command()
def trace(
    observation: Annotated[str, typer.Argument(help="Id of an observation, as on a page.")],
    *,
    as_json: Json = False,
) -> None:
    """Follow a published number back to its observation, file, line and source.

    Example: patokaz trace 3f2a9c01d4e5
    """
    from analysis.store.trace import trace_observation

    facts = trace_observation(find_workspace(), observation)
    if as_json:
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    for name, value in facts.items():
        typer.echo(f"{name:<16} {value}")


def _judged(
    workspace: Workspace, areas: list[str] | None, languages: list[str] | None, *, every: bool
) -> list[Planned]:
    from analysis.suite.plan import plan_runs
    from analysis.suite.run import judge_runs

    runs = plan_runs(workspace, areas or (), languages or (), every_area=every)
    return judge_runs(runs, workspace)


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
    words.print(f"Pages:     {_short(workspace.site / 'index.html')}")
    words.print(f"Briefs:    {_short(workspace.briefs)}")
    words.print(f"Notebooks: {_short(workspace.runs)}")
    words.print("Dashboard: run `make serve` (or `patokaz serve`) and open the address it prints.")


def _short(path: Path) -> str:
    """Give a path as short as it can be typed: from here where that is below, else whole."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return str(Path(path))


if __name__ == "__main__":
    main()
