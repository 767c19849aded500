"""What may stand beside each other: which figures, of which period, in which order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.catalog import Indicator
    from analysis.methods import Result

VICTIMS = frozenset({"trafficking", "victim_services"})
# In these domains a rank by numbers of people would be read as blame, or as a threat (rule G-7).
SENSITIVE = VICTIMS | {"asylum", "migration", "movement", "reception"}
PEOPLE = frozenset({"persons", "cases", "crossings", "contacts", "attendances", "permits"})
# Of victims, a share of people is as telling as their number.
SHARES = frozenset({"percent", "per_100", "per_1000", "per_100000"})
RELATED = frozenset({"persons", "cases", "permits", "offences"})
# Residents are what others are related to, and a change of them is no count.
RESIDENTS = frozenset({"resident_population_persons", "midyear_population_persons"})
YEAR_DAYS = 366


@dataclass(frozen=True, slots=True)
class Span:
    """The period of a figure.

    Examples
    --------
    >>> str(Span("2021-01-01", "2021-12-31")), str(Span("2007-01-01", "2011-12-31"))
    ('2021', '2007-2011')
    >>> str(Span("2023-07-31", "2023-07-31"))
    '2023-07-31'
    """

    start: str
    end: str

    @classmethod
    def of(cls, result: Result) -> Span:
        """Give the period of a result."""
        return cls(result.period_start, result.period_end)

    @property
    def is_pooled(self) -> bool:
        """Whether it is longer than a year."""
        if not self.end:
            return False
        days = dt.date.fromisoformat(self.end) - dt.date.fromisoformat(self.start)
        return days.days > YEAR_DAYS

    def __str__(self) -> str:
        """Write it as an address and a reader have it."""
        if not (self.start.endswith("-01-01") and self.end.endswith("-12-31")):
            return self.end if self.start == self.end else f"{self.start}/{self.end}"
        first, last = self.start[:4], self.end[:4]
        return last if first == last else f"{first}-{last}"


def counts_people(indicator: Indicator) -> bool:
    """Tell whether an indicator counts people, or events that people are counted by.

    Of the domains on victims a share of people counts as well.

    Parameters
    ----------
    indicator : Indicator

    Returns
    -------
    bool
    """
    if indicator.unit in PEOPLE:
        return True
    return indicator.domain in VICTIMS and indicator.unit in SHARES


def may_rank(indicator: Indicator) -> bool:
    """Tell whether places may stand in the order of their numbers.

    Parameters
    ----------
    indicator : Indicator

    Returns
    -------
    bool
        Never where it counts people in a domain on victims, asylum, migration or reception.
    """
    return not (indicator.domain in SENSITIVE and counts_people(indicator))


def is_relatable(indicator: Indicator) -> bool:
    """Tell whether an indicator is a count that residents can be put under.

    Parameters
    ----------
    indicator : Indicator

    Returns
    -------
    bool
    """
    return (
        indicator.unit in RELATED
        and indicator.measure in {"stock", "flow"}
        and indicator.indicator_id not in RESIDENTS
    )
