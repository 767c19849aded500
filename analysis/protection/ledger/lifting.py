"""Lifting accepted remedies: one person asks, another confirms, and both are on record.

A remedy withholds figures of which some reader would have needed one. When the data were revised
or a release is too long ago to matter, nobody may need it any more. All remedies are lifted
together: the next build is held against all former releases as ever, and where one of them would
still tell a count, it is refused and puts on offer what is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.protection.ledger.chain import LedgerError, hash_record
from analysis.protection.ledger.folder import hold_ledger, read_ledger, write_steps
from analysis.protection.ledger.persons import check_name, is_same_person
from analysis.protection.ledger.remedies import read_accepted, settle_remedies, write_moment
from analysis.protection.ledger.review import LIFT_ASKED, LIFTED, Step, follow_on

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from analysis.protection.ledger.folder import Ledger
    from analysis.workspace import Workspace


def ask_lifting(
    workspace: Workspace, by: str, because: str, now: dt.datetime | None = None
) -> frozenset[str]:
    """Ask that the accepted remedies be lifted. Nothing changes until another person confirms.

    Parameters
    ----------
    workspace : Workspace
    by : str
        Name of the person who asks.
    because : str
        Why nobody needs them any more. It is kept under version control: no withheld number
        belongs in it.
    now : datetime.datetime, optional
        With a time zone; the present where not given.

    Returns
    -------
    frozenset of str
        Ids of the observations that the remedies withhold.

    Raises
    ------
    LedgerError
        When no remedy is in force, no reason is given, or the same was asked already.
    """
    person, reason = check_name(by), " ".join(because.split())
    if not reason:
        msg = "No reason was given. Say with --because TEXT why the remedies are needed no more."
        raise LedgerError(msg)
    with hold_ledger(workspace):
        ledger, held = _read(workspace)
        asked = _find_asked(ledger, held)
        if asked is not None:
            msg = (
                f"{asked.by} asked on {asked.day} to lift these remedies. Another person "
                f"confirms it with `patokaz release confirm --by NAME`."
            )
            raise LedgerError(msg)
        _append(workspace, ledger, held, (LIFT_ASKED, person, write_moment(now), reason))
    return held


def confirm_lifting(
    workspace: Workspace, by: str, now: dt.datetime | None = None
) -> frozenset[str]:
    """Confirm that the accepted remedies are lifted: the next build reckons without them.

    Parameters
    ----------
    workspace : Workspace
    by : str
        Name of the person who confirms, who is not the one who asked.
    now : datetime.datetime, optional

    Returns
    -------
    frozenset of str
        Ids of the observations that the remedies withheld.

    Raises
    ------
    LedgerError
        When nobody asked for these very remedies to be lifted, or the same person did.
    """
    person = check_name(by)
    with hold_ledger(workspace):
        ledger, held = _read(workspace)
        asked = _find_asked(ledger, held)
        if asked is None:
            msg = (
                "Nobody asked to lift the remedies that are in force now. Ask with "
                "`patokaz release lift --by NAME --because TEXT`; another person confirms it."
            )
            raise LedgerError(msg)
        if is_same_person(asked.by, person):
            msg = (
                f"'{person}' asked as '{asked.by}' on {asked.day} to lift the remedies and cannot "
                f"confirm it. Expected another person: what was withheld is let out by two."
            )
            raise LedgerError(msg)
        # On record first: cut off here, what was accepted since the last release stays withheld.
        _append(workspace, ledger, held, (LIFTED, person, write_moment(now), asked.because))
        settle_remedies(workspace, held)
    return held


def _read(workspace: Workspace) -> tuple[Ledger, frozenset[str]]:
    held = read_accepted(workspace)
    if not held:
        msg = "No remedy is in force: nothing is withheld because a person accepted it."
        raise LedgerError(msg)
    return read_ledger(workspace), held


def _find_asked(ledger: Ledger, held: Collection[str]) -> Step | None:
    """Find who asked, if nobody confirmed, and neither remedies nor releases changed since."""
    steps = [step for step in ledger.steps if step.kind in {LIFT_ASKED, LIFTED}]
    last = steps[-1] if steps else None
    if last is None or last.kind == LIFTED:
        return None
    is_same = (last.sha256, last.entry_sha256) == (_hash_names(held), ledger.sha256)
    return last if is_same else None


def _append(
    workspace: Workspace, ledger: Ledger, held: Collection[str], said: tuple[str, str, str, str]
) -> None:
    kind, person, moment, reason = said
    step = Step(
        kind,
        person,
        moment,
        _hash_names(held),
        because=reason,
        entry_sha256=ledger.sha256,
        former_sha256=follow_on(ledger.steps),
    )
    write_steps(workspace, [*ledger.steps, step])


def _hash_names(held: Collection[str]) -> str:
    return hash_record({"observation_ids": sorted(held)})


__all__ = ["ask_lifting", "confirm_lifting"]
