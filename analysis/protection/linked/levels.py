"""How far an attacker must be kept from a count, and what withholding a cell costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    Towards = Literal["nearest", "none", "threshold"]

# A total serves every reader of the table; a cell serves those of one municipality.
DEARER = 3.0


@dataclass(frozen=True, eq=False)
class ProtectionLevels:
    """How far an attacker's interval must reach below and above each true count.

    Parameters
    ----------
    down, up : numpy.ndarray, shape (cells,)
        Distances, 0 where nothing is asked.
    """

    down: FloatArray
    up: FloatArray


def set_protection_levels(
    values: ArrayLike, threshold: ArrayLike = 5.0, towards: Towards = "nearest"
) -> ProtectionLevels:
    """Ask for the nearest interval that a gate lets pass.

    One count less and one more must be possible, and besides either none at all or the
    threshold.

    Parameters
    ----------
    values : array_like, shape (cells,)
        True counts.
    threshold : array_like
        Smallest count that may be known to exist; a number, or one for each cell.
    towards : str
        ``none``, ``threshold``, or ``nearest`` for the nearer of both.

    Returns
    -------
    ProtectionLevels

    Examples
    --------
    >>> levels = set_protection_levels([1, 2, 4])
    >>> levels.down, levels.up
    (array([1., 2., 1.]), array([1., 1., 1.]))
    """
    counts = np.asarray(values, dtype=np.float64)
    to_none = np.maximum(1.0, counts)
    to_threshold = np.maximum(1.0, np.asarray(threshold, dtype=np.float64) - counts)
    to_lower = to_none <= to_threshold if towards == "nearest" else towards == "none"
    return ProtectionLevels(np.where(to_lower, to_none, 1.0), np.where(to_lower, 1.0, to_threshold))


def find_other_levels(values: ArrayLike, threshold: ArrayLike = 5.0) -> ProtectionLevels:
    """Give the farther of the two intervals that a gate lets pass; it can be the cheaper one.

    Parameters
    ----------
    values : array_like, shape (cells,)
        True counts.
    threshold : array_like
        Smallest count that may be known to exist; a number, or one for each cell.

    Returns
    -------
    ProtectionLevels

    Examples
    --------
    >>> levels = find_other_levels([1, 2, 4])
    >>> levels.down, levels.up
    (array([1., 1., 4.]), array([4., 3., 1.]))
    """
    near = set_protection_levels(values, threshold)
    low = set_protection_levels(values, threshold, "none")
    high = set_protection_levels(values, threshold, "threshold")
    return ProtectionLevels(low.down + high.down - near.down, low.up + high.up - near.up)


def read_thresholds(cells: LinkedCells, threshold: ArrayLike) -> FloatArray:
    """Read the smallest count that may be known to exist, for each cell.

    Parameters
    ----------
    cells : LinkedCells
        Cells.
    threshold : array_like
        A number, or one for each cell: a whole country may be told more than a municipality.

    Returns
    -------
    numpy.ndarray, shape (cells,)

    Raises
    ------
    ValueError
        When there is not one number for each cell, or one is not above 0.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> read_thresholds(link_cells([1, 2, 3], [[-1, -1, 1]]), [10, 10, 5])
    array([10., 10.,  5.])
    """
    limits = np.asarray(threshold, dtype=np.float64)
    if limits.shape not in {(), (len(cells),)} or not (limits > 0).all():
        raise ValueError(
            f"The threshold has the shape {limits.shape} and {len(cells)} cells, or is not above "
            "0 everywhere. Give one number above 0, or one for each cell."
        )
    return np.broadcast_to(limits, (len(cells),)).copy()


def weigh_cells(cells: LinkedCells) -> FloatArray:
    """Say what withholding each cell costs a reader: more for large counts and for totals.

    Parameters
    ----------
    cells : LinkedCells
        Cells and equations.

    Returns
    -------
    numpy.ndarray, shape (cells,)
        Logarithm of one more than the count, three times that for a total; never 0, for what
        costs nothing would be withheld freely.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> weigh_cells(link_cells([1, 2, 3], [[-1, -1, 1]])).round(2)
    array([0.69, 1.1 , 4.16])
    """
    weight = np.log1p(np.maximum(np.abs(cells.counts), 1.0))
    return np.where(cells.is_margin, DEARER * weight, weight)
