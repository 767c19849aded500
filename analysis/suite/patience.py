"""How long a run may take, how often it is tried, and how long to wait in between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.suite.attempt import Limits
    from analysis.suite.plan import Run

PAUSE, LONGEST_PAUSE = 1.0, 60.0
# A minute has six doublings of a second: more of them make no difference, however many retries.
MOST_DOUBLINGS = 6


def fit_limits(limits: Limits, run: Run) -> Limits:
    """Give what a run may take: what is said of its notebook, else what holds for all.

    Parameters
    ----------
    limits : Limits
    run : Run

    Returns
    -------
    Limits
    """
    return replace(
        limits,
        seconds=limits.seconds if run.timeout is None else run.timeout,
        retries=limits.retries if run.retries is None else run.retries,
    )


def tell_pause(attempts: int) -> float:
    """Tell how long to wait before a run is tried again: twice as long each time, up to a minute.

    Parameters
    ----------
    attempts : int
        How often it was tried.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> [tell_pause(attempts) for attempts in (1, 2, 3, 10)]
    [2.0, 4.0, 8.0, 60.0]
    """
    return min(LONGEST_PAUSE, PAUSE * 2.0 ** min(attempts, MOST_DOUBLINGS))
