"""Suppression row by row, as offices do it by hand: what a pattern is compared with, not a remedy.

Every equation is looked at alone, and what several of them say together is not seen. Cells that
such a pattern withholds can often be worked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.tables import read_mask

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.tables import LinkedCells

    BoolArray = NDArray[np.bool_]


def suppress_rows_and_columns(
    cells: LinkedCells, primary: ArrayLike, always_shown: ArrayLike | None = None
) -> BoolArray:
    """Withhold a second cell wherever an equation has a single withheld one.

    Of the other cells of the equation, the one of the smallest count is taken, and the first of
    several such; a total only where no part is left. This goes on until no equation has a single
    withheld cell. An equation in which nothing else may be withheld is left as it is.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values, and equations.
    primary : array_like of bool, shape (cells,)
        Cells that need protection.
    always_shown : array_like of bool, shape (cells,), optional
        Cells that must be published; zeros otherwise.

    Returns
    -------
    numpy.ndarray of bool, shape (cells,)
        Cells withheld, the primary ones included. It proves nothing: see
        :func:`analysis.protection.linked.judge.judge_protection`.

    Raises
    ------
    ValueError
        When shapes differ.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([2, 30, 9, 41], [[-1, -1, -1, 1]])
    >>> suppress_rows_and_columns(row, [True, False, False, False])
    array([ True, False,  True, False])

    References
    ----------
    Willenborg and de Waal (2001), Elements of Statistical Disclosure Control, Springer, ch. 8.
    """
    withheld = read_mask(cells, primary, "primary")
    shown = cells.counts == 0
    if always_shown is not None:
        shown = read_mask(cells, always_shown, "always_shown")
    may = ~shown | withheld
    is_total = cells.is_margin
    rows = cells.equations.tocsr()
    pattern = abs(rows).sign()
    stuck = np.zeros(rows.shape[0], dtype=bool)
    while True:
        single = np.flatnonzero((pattern @ withheld.astype(np.float64) == 1) & ~stuck)
        if not len(single):
            return withheld
        for row in single.tolist():
            members = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
            if withheld[members].sum() != 1:
                continue
            others = members[~withheld[members] & may[members]]
            if not len(others):
                stuck[row] = True
                continue
            order = np.lexsort((others, cells.counts[others], is_total[others]))
            withheld[others[order[0]]] = True
