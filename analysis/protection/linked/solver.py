"""One linear program, solved or refused: an answer that is not optimal never passes as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

    FloatArray = NDArray[np.float64]

SOLVED, NO_POINT = 0, 2
# HiGHS keeps its constraints to 1e-7; what is nearer to a whole number than this is one.
NEAR = 1e-6


class SolverError(RuntimeError):
    """A program that was not solved to its optimum; nothing may be concluded from it."""


class NoSolutionError(SolverError):
    """A program that no point satisfies."""


def solve_program(
    costs: ArrayLike,
    equations: sparse.csc_array,
    right_low: ArrayLike,
    right_high: ArrayLike,
    lowest: ArrayLike,
    highest: ArrayLike,
    whole: ArrayLike | None = None,
    seconds: float | None = None,
) -> FloatArray:
    """Find the point of least cost with bounded rows and bounded cells.

    Parameters
    ----------
    costs : array_like, shape (cells,)
        What one unit of each cell costs.
    equations : scipy.sparse.csc_array, shape (rows, cells)
        Coefficients.
    right_low, right_high : array_like, shape (rows,)
        Bounds of each row; equal for an equation.
    lowest, highest : array_like, shape (cells,)
        Bounds of each cell.
    whole : array_like of bool, shape (cells,), optional
        Cells that are whole numbers.
    seconds : float, optional
        When to stop without an answer.

    Returns
    -------
    numpy.ndarray, shape (cells,)
        The point; its whole cells are exactly whole.

    Raises
    ------
    NoSolutionError
        When no point satisfies the rows and the bounds.
    SolverError
        When the solver stopped for any other reason.

    Examples
    --------
    >>> from scipy import sparse
    >>> solve_program([1, 2], sparse.csc_array([[1.0, 1.0]]), [3], [3], [0, 0], [9, 9])
    array([3., 0.])

    References
    ----------
    Huangfu and Hall (2018), Parallelizing the dual revised simplex method, Mathematical
    Programming Computation 10: 119-142 (HiGHS, through ``scipy.optimize.milp``).
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    kinds = None if whole is None else np.asarray(whole, dtype=np.int64)
    rows = [LinearConstraint(equations, right_low, right_high)] if equations.shape[0] else []
    found = milp(
        np.asarray(costs, dtype=np.float64),
        integrality=kinds,
        bounds=Bounds(lowest, highest),
        constraints=rows,
        # The default stops at an optimum that is right to one part in ten thousand.
        options={"mip_rel_gap": 0.0} | ({} if seconds is None else {"time_limit": seconds}),
    )
    if found.status == NO_POINT:
        raise NoSolutionError(
            "No figures satisfy the published cells and equations. Check that the totals are the "
            "sums of their parts; nothing may be published before they are."
        )
    if found.status != SOLVED or found.x is None:
        raise SolverError(
            f"The solver stopped with status {found.status}: {found.message} Nothing may be "
            "published on this ground; make the table smaller or check its figures."
        )
    point: FloatArray = np.array(found.x, dtype=np.float64)
    if kinds is not None:
        point[kinds > 0] = np.round(point[kinds > 0])
    return point
