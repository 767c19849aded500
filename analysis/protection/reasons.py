"""Why a figure is withheld: what its keepers know, and what the public is told.

"Small count" would say that a figure is between one and nine, and "for the sake of another" that it
is not: of two that make up twelve, both would be known almost. The public is told what everybody
can see from the rules, and otherwise that the figure protects persons.
"""

from __future__ import annotations

SMALL = "small count"
UNKNOWN = "share of an unknown count"
BREAKDOWN = "no such breakdown is published below a country"
FULL = "one part holds everybody"
DERIVED = "made from a withheld count"
FORMER = "a former release would give another count away"
CLOSING = "withheld so that another count stays withheld"
PROTECTS = "withheld so that nobody can be found"
PUBLIC = (UNKNOWN, BREAKDOWN, PROTECTS)
# In the order in which they are given: a figure has one reason, the first that holds.
REASONS = (SMALL, UNKNOWN, BREAKDOWN, FULL, DERIVED, FORMER, CLOSING)


def tell_reason(reason: str) -> str:
    """Give what the public is told.

    Parameters
    ----------
    reason : str
        One of :data:`REASONS`, or blank.

    Returns
    -------
    str
        Blank where nothing is withheld.

    Examples
    --------
    >>> tell_reason(SMALL) == tell_reason(CLOSING)
    True
    """
    return reason if reason in {"", *PUBLIC} else PROTECTS
