"""Which step a person may take: one submits, another returns or approves what was submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.entries import name_release
from analysis.protection.ledger.persons import is_same_person
from analysis.protection.ledger.review import RETURNED, SUBMITTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.protection.ledger.review import Step
    from analysis.protection.ledger.standing import Standing


def check_submission(standing: Standing) -> None:
    """Refuse to submit what waits for a reviewer, or is released.

    Parameters
    ----------
    standing : Standing
        Of the figures that are to be submitted. A draft may be, and so may what was returned:
        the answer to a reviewer is not always another figure.

    Raises
    ------
    LedgerError
    """
    _refuse_released(standing)
    if standing.state == SUBMITTED:
        msg = (
            f"{standing.author} submitted these figures on {standing.day}, and they wait for a "
            f"reviewer. Approve or return them first."
        )
        raise LedgerError(msg)


def check_return(standing: Standing, steps: Sequence[Step], because: str) -> None:
    """Refuse to return what was not submitted, or without a reason.

    Parameters
    ----------
    standing : Standing
        Of the figures in the public zone.
    steps : sequence of Step
        The log, oldest first.
    because : str

    Raises
    ------
    LedgerError
    """
    _refuse_unsubmitted(standing, steps)
    if not because:
        msg = "No reason was given. Say what has to change with --because TEXT."
        raise LedgerError(msg)


def check_approval(standing: Standing, steps: Sequence[Step], reviewer: str) -> None:
    """Refuse to approve what was not submitted, what changed since, or one's own work.

    Parameters
    ----------
    standing : Standing
        Of the figures in the public zone.
    steps : sequence of Step
        The log, oldest first.
    reviewer : str

    Raises
    ------
    LedgerError
    """
    _refuse_unsubmitted(standing, steps)
    if is_same_person(standing.author, reviewer):
        msg = (
            f"'{reviewer}' submitted these figures as '{standing.author}' on {standing.day} and "
            f"cannot approve them. Expected another person: a release is answered for by two."
        )
        raise LedgerError(msg)


def _refuse_released(standing: Standing) -> None:
    if standing.is_released:
        msg = (
            f"These figures are release {name_release(standing.number or 0)} of {standing.day} "
            f"already, submitted by {standing.author} and approved by {standing.reviewer}. "
            f"Nothing is left to do."
        )
        raise LedgerError(msg)


def _refuse_unsubmitted(standing: Standing, steps: Sequence[Step]) -> None:
    _refuse_released(standing)
    if standing.state == RETURNED:
        msg = (
            f"{standing.reviewer} returned these figures on {standing.day}. Submit them again "
            f"with `patokaz release submit --by NAME` once the reason is answered."
        )
        raise LedgerError(msg)
    if standing.state == SUBMITTED:
        return
    if steps and steps[-1].kind == SUBMITTED:
        msg = (
            f"The figures changed since {steps[-1].by} submitted them on {steps[-1].day}. What "
            f"is approved is what was submitted: submit the new figures with "
            f"`patokaz release submit --by NAME`."
        )
        raise LedgerError(msg)
    msg = "These figures are a draft. Submit them with `patokaz release submit --by NAME` first."
    raise LedgerError(msg)
