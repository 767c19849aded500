"""How one number stands to the country's, in a word that blames nobody for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.assessment.comparable import SENSITIVE, counts_people
from analysis.assessment.rates import POLARITY
from analysis.methods.estimates import collect_estimates
from analysis.methods.rates import compare_with_benchmark

if TYPE_CHECKING:
    from analysis.catalog import Indicator
    from analysis.methods import Result
    from analysis.methods.rates.compare import Polarity

NOT_COMPARED = "not_compared"


def stand_beside(shown: Result, national: Result, indicator: Indicator) -> str:
    """Say how a number stands to the country's.

    Parameters
    ----------
    shown : Result
        With its interval, where it has one.
    national : Result
    indicator : Indicator

    Returns
    -------
    str
        ``not_compared`` where there is no interval. ``better`` and ``worse`` only where the
        catalogue says which direction is good, and never of people in a sensitive domain: more
        victims who are found may be better work.

    Examples
    --------
    >>> from analysis.catalog import load_indicators
    >>> from analysis.methods import Result
    >>> births = load_indicators().get("live_births_persons")
    >>> rate = Result(state="value", value=12.0, lower=11.0, upper=13.0)
    >>> stand_beside(rate, Result(state="value", value=10.0), births)
    'higher'
    """
    value, limits, beside = shown.value, (shown.lower, shown.upper), national.value
    if value is None or beside is None or limits[0] is None or limits[1] is None:
        return NOT_COMPARED
    polarity: Polarity = POLARITY.get(indicator.direction, "no_judgement")
    if indicator.domain in SENSITIVE and counts_people(indicator):
        polarity = "no_judgement"
    made = collect_estimates(
        [value], {0.95: ([limits[0]], [limits[1]])}, n=[np.nan], method=shown.method
    )
    found = compare_with_benchmark(made, [beside], polarity, alert_level=None)
    return str(found.label[0])
