"""Readiness by owner: how much of what each office holds is fresh, overdue or missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.assessment.readiness import count_places
from analysis.catalog.vocabulary import OWNERS
from analysis.store.read import PublicData

if TYPE_CHECKING:
    from analysis.assessment.readiness import Readiness

STATES = ("fresh", "overdue", "undated", "missing")


class OwnerError(ValueError):
    """An owner that the catalogue does not name."""


@dataclass(frozen=True, slots=True)
class OwnerState:
    """What an owner's indicators are like on a day.

    Parameters
    ----------
    owner : str
        Code of the catalogue.
    fresh, overdue, undated, missing : int
        How many indicators have figures in time, have figures that should have been renewed,
        have figures without a date or a schedule to judge them by, and have none.
    """

    owner: str
    fresh: int
    overdue: int
    undated: int
    missing: int

    @property
    def all(self) -> int:
        """How many indicators the owner is named for."""
        return self.fresh + self.overdue + self.undated + self.missing


def count_owners(readiness: Readiness) -> tuple[OwnerState, ...]:
    """Count by owner what is fresh, overdue, without a date to judge by, and missing.

    Parameters
    ----------
    readiness : Readiness

    Returns
    -------
    tuple of OwnerState
        One an owner who is named in the catalogue, by code.
    """
    counted: dict[str, dict[str, int]] = {}
    for held in readiness.held:
        state = held.freshness if held.freshness in {"fresh", "overdue"} else "undated"
        own = counted.setdefault(held.indicator.owner, dict.fromkeys(STATES, 0))
        own[state] += 1
    for wanted in readiness.wanted:
        counted.setdefault(wanted.owner, dict.fromkeys(STATES, 0))["missing"] += 1
    return tuple(OwnerState(owner, **counted[owner]) for owner in sorted(counted))


def choose_owner(readiness: Readiness, owner: str) -> Readiness:
    """Keep of a readiness what one owner can do something about.

    Parameters
    ----------
    readiness : Readiness
    owner : str
        Code of the catalogue; blank for everybody.

    Returns
    -------
    Readiness
        Of the owner's indicators alone; ``data`` is still the whole.

    Raises
    ------
    OwnerError
        When the catalogue names no such owner.
    """
    if not owner:
        return readiness
    if owner not in OWNERS:
        msg = f"'{owner}' is no owner of the catalogue. Write one of: {', '.join(OWNERS)}."
        raise OwnerError(msg)
    data = readiness.data
    own = {i.indicator_id for i in data.indicators if i.owner == owner}
    part = data.frame.loc[data.frame["indicator_id"].isin(own)]
    changes = readiness.changes
    return replace(
        readiness,
        held=tuple(h for h in readiness.held if h.indicator.owner == owner),
        wanted=tuple(i for i in readiness.wanted if i.owner == owner),
        conflicts=tuple(c for c in readiness.conflicts if c.indicator.owner == owner),
        places=count_places(PublicData(part, data.sources, data.indicators)),
        changes=changes if changes.empty else changes.loc[changes["indicator_id"].isin(own)],
    )
