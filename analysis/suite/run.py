"""Running a plan: what is unchanged is left alone, the rest goes through an executor."""

from __future__ import annotations

import json
import multiprocessing
import os
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol

from analysis.store.files import write_atomically
from analysis.suite.cache import Key, Reason, judge, make_key
from analysis.suite.execute import Outcome, execute_run
from analysis.suite.site import write_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

SUITE_MANIFEST = "suite_manifest.json"


@dataclass(frozen=True, slots=True)
class Planned:
    """A run with its key and the reason why it is or is not needed."""

    run: Run
    key: Key
    reason: Reason
    changed: tuple[str, ...]

    @property
    def is_needed(self) -> bool:
        """Whether a kernel has to be started for it."""
        return self.reason != "unchanged"


@dataclass(frozen=True, slots=True)
class Report:
    """What a suite did.

    Parameters
    ----------
    outcomes : tuple of Outcome
        Runs that were executed, in the order of the plan.
    unchanged : tuple of str
        Names of runs that were left alone.
    """

    outcomes: tuple[Outcome, ...]
    unchanged: tuple[str, ...]

    @property
    def kernels_started(self) -> int:
        """How many kernels were started."""
        return len(self.outcomes)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The runs that failed."""
        return tuple(o for o in self.outcomes if o.state != "ok")


class Watcher(Protocol):
    """Somebody who is told how a suite goes on."""

    def __call__(self, outcome: Outcome, done: int, total: int) -> None:
        """Take note of a run that ended."""


def judge_runs(runs: Sequence[Run], workspace: Workspace) -> list[Planned]:
    """Say of each run whether it is needed.

    Parameters
    ----------
    runs : sequence of Run
    workspace : Workspace
        Built.

    Returns
    -------
    list of Planned
        In the same order. Nothing is started.
    """
    planned = []
    for run in runs:
        key = make_key(run, workspace)
        reason, changed = judge(run, key, workspace)
        planned.append(Planned(run, key, reason, changed))
    return planned


def run_suite(
    planned: Sequence[Planned],
    workspace: Workspace,
    watch: Watcher | None = None,
    executor: Executor | None = None,
) -> Report:
    """Execute the runs that are needed and publish the site.

    Parameters
    ----------
    planned : sequence of Planned
    workspace : Workspace
    watch : callable, optional
        Told of each run that ends.
    executor : concurrent.futures.Executor, optional
        Local processes, one a core, unless given.

    Returns
    -------
    Report
    """
    needed = [p for p in planned if p.is_needed]
    outcomes: dict[str, Outcome] = {}
    if needed:
        with executor or _local(len(needed)) as pool:
            waiting = {
                pool.submit(execute_run, p.run, p.key, workspace.root): p.run.name for p in needed
            }
            for done, future in enumerate(as_completed(waiting), start=1):
                outcome = future.result()
                outcomes[outcome.name] = outcome
                if watch:
                    watch(outcome, done, len(needed))
    report = Report(
        outcomes=tuple(outcomes[p.run.name] for p in needed),
        unchanged=tuple(p.run.name for p in planned if not p.is_needed),
    )
    write_site(workspace)
    _write_manifest(planned, report, workspace)
    return report


def _local(count: int) -> ProcessPoolExecutor:
    # Spawned, not forked: a forked child would share sockets and threads of the parent.
    workers = max(1, min(count, os.cpu_count() or 1))
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _write_manifest(planned: Sequence[Planned], report: Report, workspace: Workspace) -> None:
    content = {
        "runs": [
            {"name": p.run.name, "run_id": p.key.run_id, "reason": p.reason, "changed": p.changed}
            for p in planned
        ],
        "executed": [asdict(o) for o in report.outcomes],
        "unchanged": report.unchanged,
        "kernels_started": report.kernels_started,
    }
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    write_atomically(workspace.runs / SUITE_MANIFEST, text.encode("utf-8"))
