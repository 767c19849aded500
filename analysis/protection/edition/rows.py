"""The reason of each row: by the policy first, then through the cells that must go with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.edition.cells import NO_CELL
from analysis.protection.reasons import (
    BREAKDOWN,
    CLOSING,
    FORMER,
    FULL,
    SMALL,
    UNKNOWN,
    tell_reason,
)
from analysis.store.schema import NUMBERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.edition.marks import Marks

    BoolArray = NDArray[np.bool_]


def judge_rows(observations: pd.DataFrame, facts: pd.DataFrame, asked: BoolArray) -> pd.Series[str]:
    """Give the reason for which the policy withholds a row for its own sake.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built.
    facts : pandas.DataFrame
        As :func:`analysis.protection.edition.facts.find_facts` gives them.
    asked : numpy.ndarray of bool
        Rows that an accepted remedy withholds.

    Returns
    -------
    pandas.Series of str
        Blank where nothing is withheld yet.
    """
    # A balance of minus four tells as much as one of four, and so does one of four and a half.
    count = facts["count"].abs()
    small = facts["is_protected"] & count.gt(0) & count.lt(facts["threshold"])
    silent = observations["value"].notna() & facts["count"].isna()
    unknown = facts["is_protected"] & ~facts["is_national"] & silent
    breakdown = facts["is_protected"] & facts["no_breakdown"] & observations["value"].notna()
    reason = np.select(
        [small, unknown, breakdown, asked], [SMALL, UNKNOWN, BREAKDOWN, FORMER], default=""
    )
    return pd.Series(reason, index=observations.index, dtype=str)


def add_cells(
    reasons: pd.Series[str], place: NDArray[np.int64], hidden: BoolArray, marks: Marks
) -> pd.Series[str]:
    """Add the rows whose cells are withheld for the sake of others.

    Parameters
    ----------
    reasons : pandas.Series of str
    place : numpy.ndarray of int
        Cell of each row, or -1.
    hidden : numpy.ndarray of bool
        Cells that are not published.
    marks : Marks

    Returns
    -------
    pandas.Series of str
    """
    has_cell = place != NO_CELL
    closing, full = np.zeros(len(place), dtype=bool), np.zeros(len(place), dtype=bool)
    closing[has_cell] = (hidden & ~marks.fixed)[place[has_cell]]
    full[has_cell] = (marks.full & hidden)[place[has_cell]]
    free = reasons.eq("")
    return reasons.mask(free & closing, CLOSING).mask(free & full, FULL)


def blank_rows(observations: pd.DataFrame, reasons: pd.Series[str]) -> pd.DataFrame:
    """Take the numbers from the rows that have a reason, and all else that could tell them.

    Parameters
    ----------
    observations : pandas.DataFrame
    reasons : pandas.Series of str

    Returns
    -------
    pandas.DataFrame
        A copy with the column ``reason``, in the words of the public.
    """
    withheld = reasons.ne("")
    out = observations.copy()
    out["reason"] = reasons.map(tell_reason)
    out.loc[withheld, list(NUMBERS)] = np.nan
    out.loc[withheld, "state"] = "suppressed"
    out.loc[withheld, ["note", "method"]] = ""
    out.loc[withheld, "line"] = 0
    return out
