"""Keeping the schedule ourselves, where neither cron nor systemd nor Task Scheduler is at hand."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.schedulers.background import (  # type: ignore[import-untyped]
    BackgroundScheduler,
)
from apscheduler.triggers.base import BaseTrigger  # type: ignore[import-untyped]

from analysis.suite.schedule.due import run_due
from analysis.suite.schedule.memory import begin_memory
from analysis.suite.schedule.settings import require_schedule
from analysis.suite.schedule.times import find_next_times

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from analysis.suite.schedule.due import Done, Runner
    from analysis.suite.schedule.settings import Schedule
    from analysis.workspace import Workspace

LOOK_EVERY = 20.0

log = logging.getLogger(__name__)


class ScheduleTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires at the moments of a schedule, the same that all other ways of keeping it mean.

    Parameters
    ----------
    schedule : Schedule
    """

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def get_next_fire_time(
        self, previous_fire_time: dt.datetime | None, now: dt.datetime
    ) -> dt.datetime:
        """Give the first moment after the last one, or after now where there was none."""
        return find_next_times(self._schedule, previous_fire_time or now, 1)[0]


def keep_schedule(
    workspace: Workspace,
    stop: threading.Event,
    tell: Callable[[Done], None],
    *,
    runner: Runner | None = None,
    before: Callable[[Workspace, dt.datetime], None] | None = None,
) -> None:
    """Run what is due at its time, until somebody says stop.

    What was missed before is made up for once at the start; what is missed while the machine
    sleeps is made up for once when it wakes. Two runs never overlap.

    Parameters
    ----------
    workspace : Workspace
    stop : threading.Event
        Set it to end; the command at work is asked to end as well.
    tell : callable
        Told of each moment that was seen to.
    runner : callable, optional
        Who runs the commands; a process each unless given.
    before : callable, optional
        Told the workspace and the time before what was missed is made up for.

    Raises
    ------
    SuiteError
        When the suite file has no schedule, or one that means nothing.
    """
    schedule = require_schedule(workspace.suite_file)
    began = dt.datetime.now(dt.UTC)
    begin_memory(workspace, began)

    def see_to_it() -> None:
        try:
            done = run_due(workspace, _clock, runner=runner, stop=stop, before=before)
        except Exception:  # whatever it was, the next moment is kept
            log.exception("The schedule could not be seen to this time; it goes on.")
            return
        if done.due or done.exit_code:
            tell(done)

    # One worker: what comes while it is at work waits, and waiting moments become one.
    keeper = BackgroundScheduler(
        timezone=dt.UTC,
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 2},
    )
    # The first time at once: for what was missed before.
    keeper.add_job(see_to_it, ScheduleTrigger(schedule), next_run_time=began)
    keeper.start()
    try:
        _wait(stop, keeper)
    finally:
        stop.set()
        keeper.shutdown(wait=True)


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _wait(stop: threading.Event, keeper: BackgroundScheduler) -> None:
    # With a limit a signal is noticed on every system.
    while not stop.wait(LOOK_EVERY):
        # Waiting does not count the time that a machine sleeps: the clock has to be looked at.
        keeper.wakeup()
