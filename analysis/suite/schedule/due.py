"""Doing what is due: the commands of the schedule, once a moment, one starter at a time."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from analysis.suite.lock import LockedError, hold_lock
from analysis.suite.schedule.entry import MODULE
from analysis.suite.schedule.memory import (
    GRACE,
    begin_try,
    end_try,
    find_due,
    read_seen,
    stamp,
    write_seen,
)
from analysis.suite.schedule.settings import require_schedule
from analysis.workspace import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from analysis.workspace import Workspace

LOCK = "schedule.lock"
LOG = "schedule.log"
LARGEST_LOG = 5_000_000
EXIT_BUSY = 75
# As a shell says it: ended by a signal, and by the one that asks to end.
EXIT_SIGNAL = 128
EXIT_STOPPED = 143
LOOK_EVERY = 0.2


class Runner(Protocol):
    """Somebody who runs commands in a workspace and says how they ended."""

    def __call__(
        self, workspace: Workspace, commands: Sequence[Sequence[str]], stop: threading.Event
    ) -> int:
        """Run the commands one after the other; give the first exit code that is not 0."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done about a schedule.

    Parameters
    ----------
    due : str
        The moment that was seen to, ISO 8601, UTC; blank where nothing was due.
    exit_code : int
    sentence : str
    is_late : bool
        Whether it was made up for after its time.
    """

    due: str
    exit_code: int
    sentence: str
    is_late: bool = False


def run_due(
    workspace: Workspace,
    now: Callable[[], dt.datetime],
    *,
    runner: Runner | None = None,
    stop: threading.Event | None = None,
    before: Callable[[Workspace, dt.datetime], None] | None = None,
) -> Done:
    """Run the commands of the schedule if a moment has come that nobody saw to.

    Parameters
    ----------
    workspace : Workspace
    now : callable
        The clock.
    runner : callable, optional
        :func:`run_commands` unless given.
    stop : threading.Event, optional
        Set by whoever wants the commands to end.
    before : callable, optional
        Told the workspace and the time before what was missed is made up for.

    Returns
    -------
    Done
        With exit code 75 where another one is at it: the moment is then theirs.

    Raises
    ------
    SuiteError
        When the suite file has no schedule, or one that means nothing.
    """
    schedule = require_schedule(workspace.suite_file)
    run = runner or run_commands
    try:
        with hold_lock(workspace.logs / LOCK, "scheduled commands"):
            began = now()
            due = find_due(schedule, read_seen(workspace), began)
            if due is None:
                return Done("", 0, "Nothing is due.")
            is_late = began - dt.datetime.fromisoformat(due.due) > GRACE
            if is_late and before:
                before(workspace, began)
            begun = begin_try(due, began)
            write_seen(workspace, begun)
            code = run(workspace, schedule.commands, stop or threading.Event())
            write_seen(workspace, end_try(begun, now(), code))
    except LockedError as busy:
        return Done("", EXIT_BUSY, str(busy))
    return Done(due.due, code, _sentence(due.due, code, is_late=is_late), is_late=is_late)


def _sentence(due: str, code: int, *, is_late: bool) -> str:
    what = f"What was due at {due}{' was missed, and made up for once' if is_late else ''}"
    if code == EXIT_BUSY:
        return f"{what}: another runner is at work, so this one stood back (exit code {code})."
    if code:
        return f"{what}: ended with exit code {code}; see data_processed/logs/{LOG}."
    return f"{what}: done."


def run_commands(
    workspace: Workspace, commands: Sequence[Sequence[str]], stop: threading.Event
) -> int:
    """Run commands of this project one after the other, until one fails.

    Parameters
    ----------
    workspace : Workspace
        What they say is added to ``logs/schedule.log``.
    commands : sequence of sequence of str
        Words of each, without ``patokaz``.
    stop : threading.Event
        When it is set, the command at work is asked to end, and none follows.

    Returns
    -------
    int
        0, or the exit code of the command that failed.
    """
    log = workspace.logs / LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.is_file() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    for command in commands:
        code = _run(workspace, command, log, stop)
        if code:
            return code
    return 0


def _run(workspace: Workspace, command: Sequence[str], log: Path, stop: threading.Event) -> int:
    with log.open("a", encoding="utf-8") as said:
        said.write(f"--- {stamp(dt.datetime.now(dt.UTC))} patokaz {' '.join(command)}\n")
        said.flush()
        worker = subprocess.Popen(  # noqa: S603  # words of the suite file, checked; no shell
            [sys.executable, *MODULE, *command],
            cwd=workspace.root,
            env={**os.environ, VARIABLE: str(workspace.root)},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        while True:
            try:
                code = worker.wait(LOOK_EVERY)
            except subprocess.TimeoutExpired:
                if stop.is_set():
                    worker.terminate()
                    worker.wait()
                    return EXIT_STOPPED
            else:
                # Ended by a signal, the number is negative; to a shell that is 128 and more.
                return code if code >= 0 else EXIT_SIGNAL - code
