"""One run: a notebook executed by Papermill, then its page and brief. Works in its own process."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.store.reads import VARIABLE as READS
from analysis.store.reads import gather_reads, note_reads
from analysis.store.slices import Slices
from analysis.suite.attempt import Attempt, Limits, execute_notebook
from analysis.suite.cache import DATA, TABLE, Key, make_seed
from analysis.suite.inside import SEED
from analysis.suite.losses import forget_begun, note_begin, read_begun
from analysis.suite.patience import fit_limits, tell_pause
from analysis.suite.publish import publish_run, read_header
from analysis.suite.records import (
    FAILED,
    OK,
    RESULTS,
    Good,
    Record,
    read_record,
    write_record,
)
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from analysis.suite.plan import Run

NOTED = ".reads"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Parameters
    ----------
    name, run_id : str
    state : {"ok", "failed"}
    reason : str
        One sentence where it failed.
    seconds : float
    outputs : tuple of str
        Files that were made, relative to the results of the run.
    attempts : int
        How many kernels were started.
    cpu_seconds : float
    peak_bytes : int
    kernel : {"warm", "ordinary"}
    """

    name: str
    run_id: str
    state: str
    reason: str
    seconds: float
    outputs: tuple[str, ...]
    attempts: int = 1
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    kernel: str = "ordinary"


def execute_run(
    run: Run, key: Key, root: Path, limits: Limits | None = None, room: Path | None = None
) -> Outcome:
    """Execute a run and keep what it gives in its own folder.

    Parameters
    ----------
    run : Run
    key : Key
    root : pathlib.Path
        Root of the workspace.
    limits : Limits, optional
    room : pathlib.Path, optional
        Where the folders of runs are; those of the workspace unless given.

    Returns
    -------
    Outcome
        A failure is an outcome too: its notebook is kept with the cell that failed, what the last
        good attempt gave stays, and no other run notices.
    """
    space = Workspace(root)
    made = _Making(run, key, space, limits or Limits(), (room or space.runs) / run.name)
    try:
        return made.carry_out()
    except OSError as fault:
        # A disk that is full or closed: there is nowhere to write down what happened.
        return made.tell(FAILED, f"the run could not be written down: {fault}", ())


def record_loss(run: Run, key: Key, root: Path, reason: str) -> Outcome:
    """Put a run on record that was lost together with whoever made it.

    Parameters
    ----------
    run : Run
    key : Key
    root : pathlib.Path
        Root of the workspace.
    reason : str
        One sentence.

    Returns
    -------
    Outcome
        A failure. What the last good attempt gave stays, as with every other failure.
    """
    space = Workspace(root)
    made = _Making(run, key, space, Limits(), space.runs / run.name)
    try:
        return made.give_up(reason)
    except OSError as fault:
        return made.tell(FAILED, f"the run could not be written down: {fault}", ())


class _Making:
    """One run under way."""

    def __init__(self, run: Run, key: Key, space: Workspace, limits: Limits, folder: Path) -> None:
        self.run, self.key, self.space = run, key, space
        self.limits = fit_limits(limits, run)
        self.folder, self.noted = folder, folder / NOTED
        self.clock, self.cpu = time.monotonic(), time.process_time()
        self.attempt = Attempt()
        # Attempts of workers that were lost count as well.
        lost = read_begun(folder)
        self.began, self.attempts = (lost or [_now()])[0], len(lost)

    def carry_out(self) -> Outcome:
        self.folder.mkdir(parents=True, exist_ok=True)
        former = read_record(self.folder)
        held = former.good if former else None
        self._sweep(keep=held.folder if held else "")
        good, reason = None, ""
        for tried in range(self.limits.retries + 1):
            if tried:
                time.sleep(tell_pause(tried))
            self.attempts += 1
            note_begin(self.folder)
            self.noted.unlink(missing_ok=True)
            good, reason = self._try()
            if good or not self.attempt.is_lost:
                # What a cell says once it says again; a kernel that was lost may come back.
                break
        return self._end(good, held, reason)

    def give_up(self, reason: str) -> Outcome:
        """End it without another attempt; how often it was tried stands in the note of them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        taken = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(self.began)
        self.clock -= taken.total_seconds()
        former = read_record(self.folder)
        return self._end(None, former.good if former else None, reason)

    def _end(self, good: Good | None, held: Good | None, reason: str) -> Outcome:
        kept = good or held
        self._write(kept, OK if good else FAILED, reason)
        forget_begun(self.folder)
        self._sweep(keep=kept.folder if kept else "")
        return self.tell(OK if good else FAILED, reason, tuple(good.outputs) if good else ())

    def _try(self) -> tuple[Good | None, str]:
        """Execute the notebook once and make its files."""
        try:
            self.attempt = self._execute()
            if self.attempt.reason:
                return None, self.attempt.reason
            return self._publish(), ""
        except Exception as failure:  # noqa: BLE001  # whatever it was, the other runs go on
            return None, _say(failure)

    def _execute(self) -> Attempt:
        given = {SEED: str(make_seed(self.run)), READS: str(self.noted)}
        try:
            return execute_notebook(
                self.run, self.key.run_id, self.space, self.folder, given, self.limits
            )
        except Exception as failure:  # noqa: BLE001  # Papermill tells of failed cells otherwise
            # A kernel that ended before it said that it was there, or after its last cell.
            return Attempt(reason=_say(failure), is_lost=True)

    def _publish(self) -> Good:
        executed = self.attempt.notebook
        if executed is None:
            msg = "The notebook was not executed."
            raise RuntimeError(msg)
        fresh = Path(tempfile.mkdtemp(dir=self.folder, prefix=f"{RESULTS}-"))
        fresh.chmod(0o755)
        with note_reads(self.noted):
            written = publish_run(self.run, executed, self.space, fresh)
        return Good(
            run_id=self.key.run_id,
            ended=_now(),
            data_date=str(read_header(executed)["data_date"]),
            key=self.key.parts,
            outputs={path.relative_to(fresh).as_posix(): _hash_file(path) for path in written},
            folder=fresh.name,
        )

    def _write(self, good: Good | None, state: str, reason: str) -> None:
        run, reads = self.run, gather_reads(self.noted)
        read = _slices(self.space.root, dict(self.key.parts)[TABLE]).hash_reads(reads)
        key = (*self.key.parts, (DATA, read))
        record = Record(
            name=run.name,
            notebook=run.notebook,
            area=run.area,
            language=run.language,
            edition=run.edition,
            slug=run.slug,
            state=state,
            reason=reason,
            cell=self.attempt.cell,
            attempts=self.attempts,
            began=self.began,
            ended=_now(),
            seconds=round(time.monotonic() - self.clock, 2),
            cpu_seconds=round(self._count_cpu(), 2),
            peak_bytes=self.attempt.peak_bytes,
            kernel=self.attempt.kernel,
            run_id=self.key.run_id,
            seed=make_seed(run),
            key=key,
            parameters=dict(run.parameters),
            reads=reads,
            good=replace(good, key=key) if state == OK and good else good,
        )
        is_own = self.folder == self.space.runs / run.name
        write_record(self.space, record, None if is_own else self.folder)

    def _count_cpu(self) -> float:
        return time.process_time() - self.cpu + self.attempt.cpu_seconds

    def _sweep(self, keep: str) -> None:
        """Remove what attempts have left that were killed, or are no longer the last good one."""
        for path in self.folder.glob(f"{RESULTS}-*"):
            if path.name != keep:
                shutil.rmtree(path, ignore_errors=True)

    def tell(self, state: str, reason: str, outputs: tuple[str, ...]) -> Outcome:
        return Outcome(
            name=self.run.name,
            run_id=self.key.run_id,
            state=state,
            reason=reason,
            seconds=time.monotonic() - self.clock,
            outputs=outputs,
            attempts=self.attempts,
            cpu_seconds=self._count_cpu(),
            peak_bytes=self.attempt.peak_bytes,
            kernel=self.attempt.kernel,
        )


@lru_cache(maxsize=2)
def _slices(root: Path, _: str) -> Slices:
    """Hash a table once for all runs that a worker makes of it."""
    return Slices(Workspace(root))


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _say(failure: Exception) -> str:
    """Say a failure in one line."""
    said = str(failure).strip()
    return said.splitlines()[0] if said else type(failure).__name__


def _hash_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
