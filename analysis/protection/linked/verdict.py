"""The last word on a pattern: no search gives one out that the gate refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.judge import EXPOSED, judge_protection

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.coverage import Movement
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]


def require_protection(
    cells: LinkedCells,
    withheld: BoolArray,
    primary: BoolArray,
    *,
    threshold: FloatArray,
    insiders: bool,
    blocks: ArrayLike | None,
    movements: Iterable[Movement],
    refusal: str,
) -> None:
    """Let the gate judge a pattern, and refuse it when a count is exposed.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values, and the equations of all releases.
    withheld, primary : numpy.ndarray of bool, shape (cells,)
        The pattern, and the cells that it is there for.
    threshold : numpy.ndarray, shape (cells,)
        Smallest count that may be known to exist.
    insiders : bool
        Whether the pattern must hold for each person who is the only case of a withheld cell.
    blocks : array_like, shape (cells,), optional
        Label of the block of each cell.
    movements : iterable of Movement
        What the search says proves the pattern; the gate checks each.
    refusal : str
        The sentence of the error, with ``{cell}`` for the first exposed cell and ``{others}`` for
        how many more there are.

    Raises
    ------
    PatternError
        When a count is exposed.
    SolverError
        When a program is not solved.

    Examples
    --------
    >>> import numpy as np
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([2, 3, 9, 14], [[-1, -1, -1, 1]])
    >>> small, limits = row.counts < 5, np.full(4, 5.0)
    >>> options = {"insiders": True, "blocks": None, "movements": (), "refusal": "{cell} is open."}
    >>> require_protection(row, small, small, threshold=limits, **options)
    >>> require_protection(row, row.counts < 3, small, threshold=limits, **options)
    Traceback (most recent call last):
    analysis.protection.linked.assignment.PatternError: 0 is open.
    """
    judged = judge_protection(
        cells,
        withheld,
        primary,
        threshold=threshold,
        insiders=insiders,
        blocks=blocks,
        movements=movements,
    )
    exposed = judged.index[judged["state"] == EXPOSED]
    if len(exposed):
        raise PatternError(refusal.format(cell=exposed[0], others=len(exposed) - 1))
