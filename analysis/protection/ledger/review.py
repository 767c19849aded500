"""The log of review: what was submitted, returned and approved, and which remedies were lifted."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from analysis.protection.ledger.chain import LedgerError, find_broken_link, hash_record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SUBMITTED, RETURNED, APPROVED = "submitted", "returned", "approved"
LIFT_ASKED, LIFTED = "lift_asked", "lifted"
KINDS = (SUBMITTED, RETURNED, APPROVED, LIFT_ASKED, LIFTED)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a review.

    Parameters
    ----------
    kind : str
        ``submitted``, ``returned`` or ``approved``, of an edition; ``lift_asked`` or ``lifted``, of
        accepted remedies.
    by : str
        Name of a person.
    moment : str
        UTC, as ``2026-03-04T10:00:00Z``.
    sha256 : str
        Hash of what it is about: the public table of observations, or the names of the
        observations that remedies withhold.
    because : str
        Why an edition was returned, or remedies are to be lifted; empty otherwise.
    entry_sha256 : str
        Hash of the entry that an approval made, or of the newest one when remedies are lifted;
        empty otherwise.
    former_sha256 : str
        Hash of the step before; empty in the first.
    """

    kind: str
    by: str
    moment: str
    sha256: str
    because: str = ""
    entry_sha256: str = ""
    former_sha256: str = ""

    @property
    def day(self) -> str:
        """The day of the step, ISO."""
        return self.moment[:10]


def follow_on(steps: Sequence[Step]) -> str:
    """Give the hash that the next step of a log has to carry.

    Examples
    --------
    >>> follow_on([])
    ''
    """
    return hash_record(asdict(steps[-1])) if steps else ""


def read_step(content: Mapping[str, Any], place: str) -> Step:
    """Make a step of a line of the log.

    Parameters
    ----------
    content : mapping
    place : str
        File and line, for the sentence of a refusal.

    Returns
    -------
    Step

    Raises
    ------
    LedgerError
        When the line is not a step.
    """
    names = [field.name for field in fields(Step)]
    if sorted(content) != sorted(names) or content["kind"] not in KINDS:
        msg = (
            f"{place} is not a step of a review. Expected {', '.join(names)}, and one of "
            f"{', '.join(KINDS)}. Restore the file from version control."
        )
        raise LedgerError(msg)
    return Step(**content)


def check_steps(steps: Sequence[Step]) -> None:
    """Hold the steps of a log against each other.

    Raises
    ------
    LedgerError
        When a step was changed, taken out or put in.

    Examples
    --------
    >>> check_steps([Step("submitted", "Ana", "2026-03-04T10:00:00Z", "ab")])
    """
    broken = find_broken_link([asdict(step) for step in steps])
    if broken is not None:
        msg = (
            f"The log of reviews was changed: step {broken + 1} ({steps[broken].kind} by "
            f"{steps[broken].by}) does not follow on the one before it. The log only grows; "
            f"restore it from version control."
        )
        raise LedgerError(msg)


def find_last_step(steps: Sequence[Step], sha256: str, kinds: Sequence[str]) -> Step | None:
    """Find the last step of some kinds about one table.

    Parameters
    ----------
    steps : sequence of Step
        Oldest first.
    sha256 : str
    kinds : sequence of str

    Returns
    -------
    Step or None
    """
    found = [step for step in steps if step.sha256 == sha256 and step.kind in kinds]
    return found[-1] if found else None
