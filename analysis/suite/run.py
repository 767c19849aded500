"""Running a plan: what is unchanged is left alone, the rest is carried out and published."""

from __future__ import annotations

import datetime as dt
import json
import logging
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from analysis.store.files import write_atomically
from analysis.suite.attempt import Limits
from analysis.suite.cache import Key, Keys, Reason
from analysis.suite.cluster.settings import check_folder, read_folder
from analysis.suite.drawing import share_pictures
from analysis.suite.editions.edition import EditionError
from analysis.suite.editions.publish import publish_edition
from analysis.suite.executors import bound_memory, count_workers, open_cluster, open_local
from analysis.suite.kernels.keeper import ensure_parent
from analysis.suite.kernels.place import NoWarmKernelError
from analysis.suite.lock import hold_lock
from analysis.suite.records import FAILED, OK
from analysis.suite.status.report import alert_state
from analysis.suite.status.write import write_status
from analysis.suite.suite_file import SuiteError, check_retries, check_timeout
from analysis.suite.work import Way, carry_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from analysis.suite.editions.edition import Edition
    from analysis.suite.execute import Outcome
    from analysis.suite.plan import Run
    from analysis.suite.work import Watcher
    from analysis.workspace import Workspace

SUITE_MANIFEST = "suite_manifest.json"
LOG = logging.getLogger(__name__)


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
class Options:
    """How a suite is carried out.

    Parameters
    ----------
    limits : Limits
    workers : int, optional
        Runs at once; as many as cores and memory bear unless given.
    cluster : str
        Address of a Dask scheduler; this machine where blank.
    only_failed : bool
        Whether only runs are made that failed before.
    timeout : float, optional
        Seconds that one notebook may take, whatever the suite file says of it.
    retries : int, optional
        How often a run is tried again, whatever the suite file says of it.
    folder : str
        Address of a folder that the workers of the cluster reach, where they do not see those of
        this machine; what the suite file says unless given.

    Raises
    ------
    SuiteError
        When time-out or retries are none, or the folder is none or of no use.
    """

    limits: Limits = field(default_factory=Limits)
    workers: int | None = None
    cluster: str = ""
    only_failed: bool = False
    timeout: float | None = None
    retries: int | None = None
    folder: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be done."""
        check_timeout(self.timeout)
        check_retries(self.retries)
        check_folder(self.folder)
        if self.folder and not self.cluster:
            msg = f"'{self.folder}' is of use to a cluster only. Name one with --cluster."
            raise SuiteError(msg)


@dataclass(frozen=True, slots=True)
class Report:
    """What a suite did.

    Parameters
    ----------
    outcomes : tuple of Outcome
        Runs that were executed, in the order of the plan.
    unchanged : tuple of str
        Names of runs that were left alone.
    edition : Edition or None
        What readers see now; None where nothing could be published.
    refused : str
        Why no new edition was published, where that is so.
    """

    outcomes: tuple[Outcome, ...]
    unchanged: tuple[str, ...]
    edition: Edition | None = None
    refused: str = ""

    @property
    def kernels_started(self) -> int:
        """How many kernels were started."""
        return sum(outcome.attempts for outcome in self.outcomes)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The runs that failed."""
        return tuple(o for o in self.outcomes if o.state == FAILED)


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
    keys = Keys(workspace)
    made = [(run, keys.make_key(run)) for run in runs]
    return [Planned(run, key, *keys.judge(run, key)) for run, key in made]


def run_suite(
    planned: Sequence[Planned],
    workspace: Workspace,
    watch: Watcher | None = None,
    options: Options | None = None,
    open_executor: Callable[[int], Executor] | None = None,
) -> Report:
    """Execute the runs that are needed and publish what there is.

    Parameters
    ----------
    planned : sequence of Planned
    workspace : Workspace
    watch : callable, optional
        Told of each run that ends.
    options : Options, optional
    open_executor : callable, optional
        Opens an executor for a number of runs; what the options say unless given.

    Returns
    -------
    Report

    Raises
    ------
    LockedError
        When another runner is at work; nothing is started then.
    """
    chosen = options or Options()
    needed = [p for p in planned if p.is_needed and _is_asked_for(p, chosen)]
    names = ", ".join(sorted({p.run.notebook for p in needed})) or "publishing"
    with hold_lock(workspace.lock, f"{len(needed)} runs ({names})"):
        workers = count_workers(chosen.workers)
        limits = chosen.limits
        if not limits.memory:
            limits = replace(limits, memory=bound_memory(workers))
        here = bool(needed) and not chosen.cluster
        with (
            _keep_warm(workspace, is_wanted=bool(needed) and limits.warm),
            share_pictures() if here else nullcontext(),
        ):
            outcomes = carry_out(
                [(_bound(p.run, chosen), p.key) for p in needed],
                workspace,
                limits,
                open_executor or _choose(chosen, workers),
                watch,
                _find_way(chosen, workspace) if needed else None,
            )
        edition, refused = _publish(workspace, [p.run.name for p in planned])
        done = tuple(outcomes[p.run.name] for p in needed)
        left = tuple(p.run.name for p in planned if not p.is_needed)
        report = Report(done, left, edition, refused)
        _write_manifest(planned, report, workspace)
        _tell(planned, report, workspace)
    return report


@contextmanager
def _keep_warm(workspace: Workspace, *, is_wanted: bool) -> Iterator[None]:
    """Hold one parent of warm kernels for all workers; where there can be none, go on without."""
    if not is_wanted:
        yield
        return
    try:
        hold = ensure_parent(workspace.lock_file)
    except NoWarmKernelError as reason:
        LOG.info("Ordinary kernels are used: %s", reason)
        yield
        return
    with hold:
        yield


def _is_asked_for(item: Planned, options: Options) -> bool:
    return not options.only_failed or item.reason == "failed before"


def _bound(run: Run, options: Options) -> Run:
    """Have what somebody types go before what the suite file says."""
    return replace(
        run,
        timeout=run.timeout if options.timeout is None else options.timeout,
        retries=run.retries if options.retries is None else options.retries,
    )


def _choose(options: Options, workers: int) -> Callable[[int], Executor]:
    if options.cluster:
        return lambda _: open_cluster(options.cluster)
    return lambda count: open_local(min(workers, count))


def _find_way(options: Options, workspace: Workspace) -> Way | None:
    """Say how runs get to workers that do not see the folders of this machine."""
    folder = options.folder or read_folder(workspace.suite_file)
    if not options.cluster or not folder:
        return None
    from analysis.suite.cluster.inputs import put_inputs
    from analysis.suite.cluster.there import execute_there, take_over

    inputs = put_inputs(workspace, folder)
    return Way(execute_there, inputs, partial(take_over, workspace=workspace))


def _publish(workspace: Workspace, names: Sequence[str]) -> tuple[Edition | None, str]:
    try:
        return publish_edition(workspace, wanted=names), ""
    except EditionError as refused:
        return None, str(refused)


def _tell(planned: Sequence[Planned], report: Report, workspace: Workspace) -> None:
    """Write the page of the status, and alert whoever wants to know."""
    now = dt.datetime.now(dt.UTC)
    executed = {outcome.name for outcome in report.outcomes}
    outdated = {
        p.run.name: ", ".join(p.changed) or p.reason
        for p in planned
        if p.is_needed and p.run.name not in executed
    }
    names = [p.run.name for p in planned]
    write_status(workspace, names, now, outdated=outdated, refusal=report.refused)
    alert_state(workspace, now)


def _write_manifest(planned: Sequence[Planned], report: Report, workspace: Workspace) -> None:
    content = {
        "runs": [
            {"name": p.run.name, "run_id": p.key.run_id, "reason": p.reason, "changed": p.changed}
            for p in planned
        ],
        "executed": [asdict(o) for o in report.outcomes],
        "unchanged": report.unchanged,
        "kernels_started": report.kernels_started,
        "published": report.refused or OK,
    }
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    write_atomically(workspace.runs / SUITE_MANIFEST, text.encode("utf-8"))
