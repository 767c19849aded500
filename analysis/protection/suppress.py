"""Protect a table of observations by itself, without former releases.

Rules G-1 and G-2 of the project: a withheld cell has the state ``suppressed`` and no number at
all; it is never zero and never blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.protection.edition.protect import Rules
from analysis.protection.gate import pass_gate

if TYPE_CHECKING:
    import pandas as pd

    from analysis.catalog import Areas, Indicators
    from analysis.protection.policy import Policy


def suppress(
    observations: pd.DataFrame, areas: Areas, indicators: Indicators, policy: Policy
) -> pd.DataFrame:
    """Protect a table of observations.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built. It is not changed.
    areas, indicators
        The catalogues, for the level of an area and the domain of an indicator.
    policy : Policy

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order with a column ``reason``. Withheld rows have the state
        ``suppressed``, blank numbers, and lose note and line, which could tell the number.

    Raises
    ------
    ValueError
        When a row has an area or an indicator that the catalogues do not hold.
    ExposedError
        When nothing that can be withheld protects a count.
    """
    return pass_gate(observations, Rules(areas, indicators, policy)).observations
