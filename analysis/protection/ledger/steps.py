"""The steps of a release: one person submits, another returns or approves."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import __version__
from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.editions import REBUILD, take_truth, truth_path
from analysis.protection.ledger.entries import WITHHELD, Entry, count_tables
from analysis.protection.ledger.folder import (
    hold_ledger,
    make_approval,
    read_ledger,
    write_release,
    write_steps,
)
from analysis.protection.ledger.persons import check_name
from analysis.protection.ledger.remedies import read_accepted, settle_remedies, write_moment
from analysis.protection.ledger.review import RETURNED, SUBMITTED, Step, follow_on
from analysis.protection.ledger.rules import check_approval, check_return, check_submission
from analysis.protection.ledger.standing import RELEASE_NOTE, Standing, judge_standing
from analysis.store.files import OBSERVATIONS, SOURCES, read_table, write_table

if TYPE_CHECKING:
    import datetime as dt

    from analysis.protection.ledger.folder import Ledger
    from analysis.workspace import Workspace


@dataclass(frozen=True, eq=False)
class _Edition:
    """The public zone, read once: what is judged is what is recorded."""

    content: bytes
    sha256: str
    note: dict[str, Any]


def submit_edition(workspace: Workspace, by: str, now: dt.datetime | None = None) -> Standing:
    """Submit the edition in the public zone for review.

    Parameters
    ----------
    workspace : Workspace
    by : str
        Name of the author, who answers for the figures.
    now : datetime.datetime, optional
        With a time zone; the present where not given.

    Returns
    -------
    Standing

    Raises
    ------
    LedgerError
        When nothing was built, or these figures are submitted or released already.
    """
    author = check_name(by)
    with hold_ledger(workspace):
        ledger = read_ledger(workspace)
        edition = _read_public(workspace, ledger)
        check_submission(judge_standing(edition.sha256, ledger))
        step = Step(SUBMITTED, author, write_moment(now), edition.sha256)
        return _append(workspace, ledger, step)


def return_edition(
    workspace: Workspace, by: str, because: str, now: dt.datetime | None = None
) -> Standing:
    """Return the submitted edition to its author, with a reason.

    Parameters
    ----------
    workspace : Workspace
    by : str
        Name of the reviewer; the author may take the edition back as well.
    because : str
        What has to change. It is kept under version control: no withheld number belongs in it.
    now : datetime.datetime, optional

    Returns
    -------
    Standing

    Raises
    ------
    LedgerError
        When these figures were not submitted, or no reason is given.
    """
    reviewer, reason = check_name(by), " ".join(because.split())
    with hold_ledger(workspace):
        ledger = read_ledger(workspace)
        edition = _read_public(workspace, ledger)
        check_return(judge_standing(edition.sha256, ledger), ledger.steps, reason)
        step = Step(RETURNED, reviewer, write_moment(now), edition.sha256, because=reason)
        return _append(workspace, ledger, step)


def approve_edition(workspace: Workspace, by: str, now: dt.datetime | None = None) -> Entry:
    """Approve the submitted edition: it becomes a release and goes on record.

    Parameters
    ----------
    workspace : Workspace
    by : str
        Name of the reviewer, who is not the author.
    now : datetime.datetime, optional

    Returns
    -------
    Entry
        As recorded.

    Raises
    ------
    LedgerError
        When these very figures were not submitted, the reviewer is the author, or a release was
        recorded after they were built.
    """
    reviewer = check_name(by)
    with hold_ledger(workspace):
        ledger = read_ledger(workspace)
        edition = _read_public(workspace, ledger)
        standing = judge_standing(edition.sha256, ledger)
        check_approval(standing, ledger.steps, reviewer)
        table = pd.read_parquet(io.BytesIO(edition.content), engine="pyarrow")
        truth = take_truth(table, read_table(workspace.restricted / OBSERVATIONS))
        remedied = _take_remedied(table, read_accepted(workspace))
        hidden = int(table["state"].eq(WITHHELD).sum())
        entry = Entry(
            number=len(ledger.entries) + 1,
            moment=write_moment(now),
            author=standing.author,
            reviewer=reviewer,
            policy_version=str(edition.note["policy_version"]),
            tool_version=__version__,
            observations_sha256=edition.sha256,
            sources_sha256=str(edition.note["sources_sha256"]),
            cells_shown=len(table) - hidden,
            cells_withheld=hidden,
            tables=count_tables(table),
            remedied=remedied,
            former_sha256=ledger.sha256,
        )
        # The folder makes the release. What it cannot be audited without is written before it;
        # what can be told from it is written after it.
        write_table(truth_path(workspace, entry.number), truth)
        write_release(workspace, entry, edition.content)
        write_steps(workspace, [*ledger.steps, make_approval(entry, ledger.steps)])
        settle_remedies(workspace, remedied)
    return entry


def _append(workspace: Workspace, ledger: Ledger, step: Step) -> Standing:
    steps = (*ledger.steps, replace(step, former_sha256=follow_on(ledger.steps)))
    write_steps(workspace, steps)
    return judge_standing(step.sha256, replace(ledger, steps=steps))


def _take_remedied(table: pd.DataFrame, accepted: frozenset[str]) -> tuple[str, ...]:
    # A remedy that was accepted after the build is not in it, and stays accepted for the next.
    shown = set(table.loc[table["state"].ne(WITHHELD), "observation_id"])
    return tuple(sorted(accepted - shown))


def _read_public(workspace: Workspace, ledger: Ledger) -> _Edition:
    paths = [workspace.public / name for name in (OBSERVATIONS, SOURCES, RELEASE_NOTE)]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        msg = f"'{missing[0]}' does not exist yet. Run `patokaz build` first."
        raise LedgerError(msg)
    content, sources, said = (path.read_bytes() for path in paths)
    note: dict[str, Any] = json.loads(said)
    sha256 = hashlib.sha256(content).hexdigest()
    found = {
        "observations_sha256": sha256,
        "sources_sha256": hashlib.sha256(sources).hexdigest(),
    }
    for path, name in zip(paths, found, strict=False):
        if note[name] != found[name]:
            msg = f"'{path}' is not the table that the note of its build names. {REBUILD}"
            raise LedgerError(msg)
    held = note.get("ledger_sha256", ledger.sha256)
    # The same bytes as a release on record were held against that release by being it.
    if held != ledger.sha256 and not judge_standing(sha256, ledger).is_released:
        last = ledger.entries[-1].name if ledger.entries else "none"
        msg = (
            f"The ledger is not the one that these figures were held against when they were "
            f"built; its last release is {last}. {REBUILD}"
        )
        raise LedgerError(msg)
    return _Edition(content, sha256, note)


__all__ = ["approve_edition", "return_edition", "submit_edition"]
