"""The command that shows, installs, keeps and removes the schedule."""

from __future__ import annotations

import datetime as dt
import json
import signal
import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis.cli.shared import Json, app, words
from analysis.workspace import find_workspace

if TYPE_CHECKING:
    from analysis.suite.schedule.due import Done
    from analysis.suite.schedule.settings import Schedule
    from analysis.workspace import Workspace


class System(StrEnum):
    """Who keeps the time on a machine."""

    cron = "cron"
    systemd = "systemd"
    tasks = "tasks"


Install = Annotated[
    System | None, typer.Option("--install", help="Hand it to the scheduler of this machine.")
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Print what would be installed, only.")]
Keep = Annotated[bool, typer.Option("--keep", help="Keep it here, until Ctrl-C.")]
Due = Annotated[bool, typer.Option("--due", help="Run what is due now; schedulers call this.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take it out of every scheduler.")]


@app.command()
def schedule(
    install: Install = None,
    *,
    dry_run: Dry = False,
    keep: Keep = False,
    due: Due = False,
    remove: Remove = False,
    as_json: Json = False,
) -> None:
    """Show the schedule of suite.toml and its next times, or have it kept.

    Example: patokaz schedule --install cron --dry-run
    """
    from analysis.suite.schedule.settings import require_schedule

    workspace = find_workspace()
    if sum([install is not None, keep, due, remove]) > 1:
        msg = "--install, --keep, --due and --remove were given together. Choose one of them."
        raise ValueError(msg)
    if remove:
        _remove(workspace)
        return
    found = require_schedule(workspace.suite_file)
    if install is not None:
        _install(workspace, found, install, dry_run=dry_run)
    elif keep:
        _keep(workspace, found)
    elif due:
        _due(workspace)
    else:
        _show(workspace, found, as_json=as_json)


def _show(workspace: Workspace, found: Schedule, *, as_json: bool) -> None:
    from analysis.suite.schedule.memory import find_missed_times, read_seen, stamp
    from analysis.suite.schedule.times import find_next_times

    now = dt.datetime.now(dt.UTC)
    seen = read_seen(workspace)
    coming = find_next_times(found, now, 3)
    missed = find_missed_times(found, seen, now)
    if as_json:
        facts: dict[str, Any] = {
            "schedule": found.words,
            "next": [m.isoformat() for m in coming],
            "missed": [stamp(m) for m in missed],
            "is_kept": seen is not None,
            "last_ended": seen.ended if seen else "",
            "last_exit_code": seen.exit_code if seen else None,
        }
        typer.echo(json.dumps(facts, indent=2))
        return
    typer.echo(found.words)
    for moment in coming:
        typer.echo(f"  {moment:%a %Y-%m-%d %H:%M %Z}")
    if seen is None:
        words.print("It was never set going here: `patokaz schedule --install cron` for instance.")
    if missed:
        words.print(f"Missed: {len(missed)}; the last was due {missed[-1]:%Y-%m-%d %H:%M}.")


def _install(workspace: Workspace, found: Schedule, system: System, *, dry_run: bool) -> None:
    from analysis.suite.schedule import cron, systemd, tasks
    from analysis.suite.schedule.memory import begin_memory

    now = dt.datetime.now(dt.UTC)
    if system is System.systemd:
        files = systemd.write_unit_files(found, workspace.root)
        text = "\n".join(f"# {name}\n{content}" for name, content in files.items())
    elif system is System.cron:
        text = cron.write_cron_block(found, workspace.root, now)
    else:
        text = tasks.write_task_text(found, workspace.root, now)
    if dry_run:
        typer.echo(text, nl=False)
        return
    if system is System.systemd:
        systemd.install_units(files, systemd.find_unit_folder())
        words.print("So that it also runs while nobody is logged in: `loginctl enable-linger`.")
    elif system is System.cron:
        cron.write_crontab(cron.replace_block(cron.read_crontab(), text, workspace.root))
    else:
        tasks.install_task(text, workspace.root)
    begin_memory(workspace, now)
    words.print(f"Installed with {system.value}: {found.words}", markup=False)


def _remove(workspace: Workspace) -> None:
    from analysis.suite.schedule import cron, systemd, tasks
    from analysis.suite.schedule.memory import end_memory
    from analysis.suite.suite_file import SuiteError

    taken = []
    try:
        held = cron.read_crontab()
    except SuiteError:
        held = ""
    without = cron.replace_block(held, "", workspace.root)
    if without != held:
        cron.write_crontab(without)
        taken.append(System.cron.value)
    if systemd.remove_units(workspace.root, systemd.find_unit_folder()):
        taken.append(System.systemd.value)
    if tasks.remove_task(workspace.root):
        taken.append(System.tasks.value)
    end_memory(workspace)
    words.print(f"Removed from: {', '.join(taken)}." if taken else "No scheduler held it.")


def _due(workspace: Workspace) -> None:
    from analysis.suite.schedule.due import run_due

    done = run_due(workspace, lambda: dt.datetime.now(dt.UTC), before=_before)
    words.print(done.sentence, markup=False)
    if done.exit_code:
        raise typer.Exit(done.exit_code)


def _keep(workspace: Workspace, found: Schedule) -> None:
    from analysis.suite.schedule.keep import keep_schedule

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    words.print(f"Keeping the schedule: {found.words}. Ctrl-C ends it.", markup=False)
    keep_schedule(workspace, stop, _tell, before=_before)
    words.print("The schedule is no longer kept.")


def _tell(done: Done) -> None:
    words.print(done.sentence, markup=False)


def _before(workspace: Workspace, now: dt.datetime) -> None:
    from analysis.suite.status.report import alert_state

    alert_state(workspace, now)
