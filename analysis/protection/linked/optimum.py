"""The cheapest safe pattern of a small table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.assignment import read_assignment, refuse_table
from analysis.protection.linked.pattern import Pattern, find_cheapest_movement, find_failing
from analysis.protection.linked.solver import NoSolutionError, solve_program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

    from analysis.protection.linked.assignment import Assignment, Task
    from analysis.protection.linked.levels import ProtectionLevels
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    Program = tuple[sparse.csc_array, FloatArray, FloatArray]

# Beyond this the search takes from minutes to days; the cheapest movements take seconds.
MOST_CELLS = 120


def find_cheapest_pattern(
    cells: LinkedCells,
    primary: ArrayLike,
    *,
    always_shown: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    levels: ProtectionLevels | None = None,
    insiders: bool = True,
    threshold: ArrayLike = 5.0,
    seconds: float = 300.0,
) -> Pattern:
    """Find the safe pattern of least weight; for tables of up to about 100 cells.

    One movement of all cells is kept possible for each primary cell, direction and insider, and a
    cell may move only when it is withheld. A cell moves by no more than the largest distance that
    any movement asks for, which loses nothing where tables add up in two ways.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values, and the equations of all releases.
    primary : array_like of bool, shape (cells,)
        Cells that need protection.
    always_shown : array_like of bool, optional
        Cells that must be published; zeros otherwise.
    weights : array_like, optional
        Cost of each cell; :func:`analysis.protection.linked.levels.weigh_cells` otherwise.
    levels : ProtectionLevels, optional
        How far each interval must reach; what the gate asks otherwise.
    insiders : bool
        Whether the pattern must hold for each person who is the only case of a primary cell.
    threshold : array_like
        Smallest count that may be known to exist, a number or one for each cell; for the gate and
        for absent ``levels``.
    seconds : float
        When to give up the search; each further insider can take several times as long.

    Returns
    -------
    Pattern
        Proven by the attacker's own programs.

    Raises
    ------
    ValueError
        When the table is too large.
    PatternError
        When no pattern protects a cell.
    SolverError
        When the program is not solved, or not in time.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([2, 9, 30, 41], [[-1, -1, -1, 1]])
    >>> find_cheapest_pattern(row, [True, False, False, False]).withheld
    array([ True,  True, False, False])

    References
    ----------
    Fischetti and Salazar-Gonzalez (2000), Models and algorithms for optimizing cell suppression in
    tabular data with linear constraints, JASA 95: 916-928.
    """
    if len(cells) > MOST_CELLS:
        raise ValueError(
            f"The table has {len(cells)} cells, and the cheapest pattern is searched for up to "
            f"{MOST_CELLS} only. Use find_pattern, or split the table by region."
        )
    assignment = read_assignment(cells, primary, always_shown, weights, levels, threshold)
    withheld = assignment.primary.copy()
    tasks = assignment.list_tasks()
    # A movement may be possible in fractions only: what fails is asked for in whole numbers.
    asked: dict[Task, bool] = {}
    while tasks:
        for task in tasks:
            if asked.get(task):
                raise refuse_table(assignment, task)
            asked[task] = task in asked
        # In one order always, so that of two patterns of one weight the same is found again.
        order = sorted(asked)
        whole = np.array([asked[task] for task in order])
        withheld = _choose(assignment, order, whole, seconds)
        # Insiders are few who find anything: only their movements are asked for besides.
        tasks = find_failing(assignment, withheld, threshold, insiders=insiders)
    return Pattern(withheld, assignment.weigh_further(withheld), "cheapest pattern")


def _choose(
    assignment: Assignment, tasks: Sequence[Task], whole: BoolArray, seconds: float
) -> BoolArray:
    """Choose the cells: 0 or 1 for each, then each movement, then which way each cell goes."""
    count, steps = len(assignment.cells), len(tasks)
    ways = sorted({(task.cell, task.known) for task in tasks})
    lowest, highest = (np.tile(side, steps) for side in _find_limits(assignment, tasks))
    for at, task in enumerate(tasks):
        lowest[at * count + task.cell] = min(task.change, task.other)
        highest[at * count + task.cell] = max(task.change, task.other)
        for known in task.known:
            lowest[at * count + known] = highest[at * count + known] = 0.0
    matrix, low, high = _tie(assignment, tasks, ways)
    try:
        point = solve_program(
            np.concatenate([assignment.weights, np.zeros(count * steps + len(ways))]),
            matrix,
            low,
            high,
            np.concatenate([assignment.primary, lowest, np.zeros(len(ways))]),
            np.concatenate([assignment.may_withhold, highest, np.ones(len(ways))]),
            np.concatenate([np.repeat(np.r_[True, whole], count), np.ones(len(ways), dtype=bool)]),
            seconds,
        )
    except NoSolutionError as fault:
        for task in tasks:
            # Raises where the fault lies, with the name of the cell.
            find_cheapest_movement(assignment, assignment.primary, task, whole=True)
        raise refuse_table(assignment, tasks[0]) from fault
    return np.asarray(point[:count] > 0)  # exactly 0 or 1: the program rounds them


def _find_limits(assignment: Assignment, tasks: Sequence[Task]) -> tuple[FloatArray, FloatArray]:
    farthest = max(max(abs(task.change), abs(task.other)) for task in tasks)
    cells = assignment.cells
    down = np.minimum(farthest, cells.counts - cells.lowest)
    return -down, np.minimum(farthest, cells.highest - cells.counts)


def _tie(
    assignment: Assignment, tasks: Sequence[Task], ways: list[tuple[int, tuple[int, ...]]]
) -> Program:
    """Write the rows: equations hold for each movement, and only withheld cells move."""
    from scipy import sparse

    count, steps = len(assignment.cells), len(tasks)
    low, high = _find_limits(assignment, tasks)
    each = sparse.eye_array(count * steps)
    kept = sparse.kron(sparse.eye_array(steps), assignment.cells.equations)
    above, below = (sparse.vstack([sparse.diags_array(-side)] * steps) for side in (high, low))
    at = np.arange(steps)
    moving = at * count + [task.cell for task in tasks]
    aims = sparse.csc_array((np.ones(steps), (at, moving)), shape=(steps, count * steps))
    way = [ways.index((task.cell, task.known)) for task in tasks]
    change, other = np.array([(task.change, task.other) for task in tasks]).T
    turns = sparse.csc_array((change - other, (at, way)), shape=(steps, len(ways)))
    matrix = sparse.block_array(
        [[None, kept, None], [above, each, None], [below, each, None], [None, aims, turns]],
        format="csc",
    )
    still, long = np.zeros(kept.shape[0]), np.zeros(count * steps)
    return (
        matrix,
        np.concatenate([still, long - np.inf, long, change]),
        np.concatenate([still, long, long + np.inf, change]),
    )
