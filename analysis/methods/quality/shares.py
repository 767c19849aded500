"""Whether a printed percentage can come from whole persons, and from which.

All in whole numbers: a printed share is a decimal fraction, so nothing is left to rounding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.methods.inputs import read_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Whole = NDArray[np.int64]

PRINTED = re.compile(r"(-?)(\d+)(?:[.,](\d*))?\s*%?")
MOST_DECIMALS, LARGEST = 15, 10**9
# Beyond these ends of a rounding interval, products no longer fit 64 bits; Python's numbers do.
FITS = 2 * 10**9


@dataclass(frozen=True, eq=False)
class AttainableParts:
    """The parts of a whole that round to a printed percentage.

    Parameters
    ----------
    attainable : numpy.ndarray of bool
        Whether there is one; False where the whole is blank, 0 or not a whole number.
    lowest, highest : numpy.ndarray
        Smallest and largest part that gives the percentage; NaN where none does.
    below, above : numpy.ndarray
        Whole numbers next to the percentage, for a sentence on what would have been printed; NaN
        where the whole is blank, 0 or not a whole number.
    """

    attainable: NDArray[np.bool_]
    lowest: FloatArray
    highest: FloatArray
    below: FloatArray
    above: FloatArray


def find_attainable_parts(printed: str | Sequence[str], whole: ArrayLike) -> AttainableParts:
    """Find which parts of a whole round to a printed percentage.

    A percentage that lies exactly between two printed ones may have been rounded to either.

    Parameters
    ----------
    printed : str or sequence of str
        Percentages as printed, with point or comma; their digits tell how they were rounded. One,
        or one for each whole.
    whole : array_like
        Numbers of cases; NaN is a blank.

    Returns
    -------
    AttainableParts
        Arrays of the shape of the wholes (of `printed` where there is one whole).

    Raises
    ------
    ValueError
        When a percentage cannot be read, or shapes do not fit.

    Examples
    --------
    >>> made = find_attainable_parts(["77.8", "72"], [9, 66])
    >>> made.attainable, made.lowest
    (array([ True, False]), array([ 7., nan]))
    """
    low, high, base = _read_printed(printed)
    wholes = read_counts(whole, "whole")
    try:
        wholes, low, high, base = (
            np.array(held) for held in np.broadcast_arrays(wholes, low, high, base)
        )
    except ValueError as fault:
        raise ValueError(
            f"There are printed shares of the shape {low.shape} and wholes of the shape "
            f"{wholes.shape}. Give one printed share for all, or one for each whole."
        ) from fault
    # NaN fails each of these comparisons, and so counts as unusable.
    usable = (wholes > 0) & (wholes <= LARGEST) & (wholes == np.floor(wholes))
    size = np.where(usable, wholes, 1).astype(np.int64).astype(low.dtype)
    first, last = -(-low * size // base), high * size // base
    lowest, highest = np.maximum(first, 0), np.minimum(last, size)
    attainable = usable & np.asarray(lowest <= highest, dtype=np.bool_)
    # The printed figure itself is the middle of its rounding interval.
    below = (low + high) * size // (2 * base)
    return AttainableParts(
        attainable=attainable,
        lowest=_blank_unless(attainable, lowest),
        highest=_blank_unless(attainable, highest),
        below=_blank_unless(usable, below),
        above=_blank_unless(usable, below + 1),
    )


def list_attainable_pairs(printed: str, largest: int, smallest: int = 1) -> pd.DataFrame:
    """List every whole, up to a largest one, and every part of it that give a percentage.

    Parameters
    ----------
    printed : str
        Percentage as printed.
    largest, smallest : int
        Largest and smallest whole to try.

    Returns
    -------
    pandas.DataFrame
        Columns ``whole`` and ``part``, whole numbers, in order.

    Raises
    ------
    ValueError
        When the percentage cannot be read, or the wholes go from a larger to a smaller.

    Examples
    --------
    >>> list_attainable_pairs("77.8", 20)
       whole  part
    0      9     7
    1     18    14
    """
    if not 1 <= smallest <= largest <= LARGEST:
        raise ValueError(
            f"Wholes from {smallest} to {largest} were asked for, and they go up from 1 to at most "
            f"{LARGEST:,}."
        )
    wholes = np.arange(smallest, largest + 1)
    found = find_attainable_parts(printed, wholes)
    held = found.attainable
    first = found.lowest[held].astype(np.int64)
    times = found.highest[held].astype(np.int64) - first + 1
    # 0, 1, 2 … within each whole.
    step = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return pd.DataFrame(
        {"whole": np.repeat(wholes[held], times), "part": np.repeat(first, times) + step}
    )


def confirm_share(
    part: ArrayLike, whole: ArrayLike, printed: str | Sequence[str]
) -> NDArray[np.bool_]:
    """Say whether percentages are those of the two numbers printed with them.

    Parameters
    ----------
    part, whole : array_like
        Numbers of cases, one shape; NaN is a blank.
    printed : str or sequence of str
        Percentages as printed, one for all or one for each pair.

    Returns
    -------
    numpy.ndarray of bool
        False too where a number is blank, or the whole is 0.

    Raises
    ------
    ValueError
        When a percentage cannot be read, or shapes do not fit.

    Examples
    --------
    >>> confirm_share([7, 7], [9, 9], ["77.8", "77.7"])
    array([ True, False])
    """
    found = find_attainable_parts(printed, whole)
    parts = read_counts(part, "part")
    try:
        return np.asarray(
            (parts >= found.lowest) & (parts <= found.highest) & (parts == np.floor(parts)),
            dtype=np.bool_,
        )
    except ValueError as fault:
        raise ValueError(
            f"The parts have the shape {parts.shape} and the wholes {found.lowest.shape}. Give one "
            "part for each whole."
        ) from fault


def _blank_unless(known: NDArray[np.bool_], numbers: Whole) -> FloatArray:
    return np.where(known, np.asarray(numbers, dtype=np.float64), np.nan)


def _read_printed(printed: str | Sequence[str]) -> tuple[Whole, Whole, Whole]:
    """Give the rounding interval of printed percentages as fractions: low, high and base."""
    texts = np.asarray(printed, dtype=object)
    low, high, base = (np.empty(texts.shape, dtype=object) for _ in range(3))
    for place, text in np.ndenumerate(texts):
        found = PRINTED.fullmatch(str(text).strip())
        decimals = len(found[3] or "") if found else 0
        if not found or decimals > MOST_DECIMALS:
            raise ValueError(
                f"'{text}' cannot be read as a printed percentage. Write it as it is printed, such "
                f"as 77.8 or 77,8, with at most {MOST_DECIMALS} decimals."
            )
        digits = int(f"{found[1]}{found[2]}{found[3] or ''}")
        low[place], high[place] = 2 * digits - 1, 2 * digits + 1
        base[place] = 200 * 10**decimals
    if all(-FITS <= end <= FITS for end in (*low.flat, *high.flat)):
        return low.astype(np.int64), high.astype(np.int64), base.astype(np.int64)
    return low, high, base
