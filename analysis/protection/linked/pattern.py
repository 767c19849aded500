"""Which further cells to withhold, so that no withheld count can be worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.linked.assignment import Task, read_assignment, refuse_table
from analysis.protection.linked.attack import find_attacker_intervals
from analysis.protection.linked.insiders import find_insiders
from analysis.protection.linked.judge import EXPOSED, judge_protection
from analysis.protection.linked.solver import NEAR, NoSolutionError, solve_program
from analysis.protection.linked.tables import read_mask

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.assignment import Assignment
    from analysis.protection.linked.coverage import Movement
    from analysis.protection.linked.levels import ProtectionLevels
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Pattern:
    """Cells to withhold, proven by the attacker's own programs.

    Parameters
    ----------
    withheld : numpy.ndarray of bool, shape (cells,)
        Primary cells and those withheld for their sake.
    cost : float
        Weight of the cells withheld for the sake of others.
    method : str
        How the pattern was found.
    movements : tuple of Movement
        What proves it, where the search has kept that; for
        :func:`analysis.protection.linked.judge.judge_protection`.
    """

    withheld: BoolArray
    cost: float
    method: str
    movements: tuple[Movement, ...] = ()


def find_pattern(  # noqa: PLR0913  each is a rule of its own
    cells: LinkedCells,
    primary: ArrayLike,
    *,
    always_shown: ArrayLike | None = None,
    never_shown: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    levels: ProtectionLevels | None = None,
    insiders: bool = True,
    threshold: ArrayLike = 5.0,
    tidy: bool = False,
) -> Pattern:
    """Find a safe pattern, one cheapest movement at a time; for tables of any size.

    For each primary cell, in both directions, the cheapest change of all cells is sought that
    keeps every equation; the cells that it changes are withheld. When tidied, each of them
    is published again, the dearest first, where the pattern holds without it.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values, and the equations of all releases.
    primary : array_like of bool, shape (cells,)
        Cells that need protection.
    always_shown : array_like of bool, optional
        Cells that must be published, such as those of a former release; zeros otherwise.
    never_shown : array_like of bool, optional
        Cells that are withheld whatever is found, though nobody need be kept from them.
    weights : array_like, optional
        Cost of each cell; :func:`analysis.protection.linked.levels.weigh_cells` otherwise.
    levels : ProtectionLevels, optional
        How far each interval must reach; what the gate asks otherwise.
    insiders : bool
        Whether the pattern must hold for each person who is the only case of a withheld cell.
    threshold : array_like
        Smallest count that may be known to exist, a number or one for each cell; for the gate and
        for absent ``levels``.
    tidy : bool
        Whether to look for cells that need not be withheld after all. Each is one more proof,
        which takes well under a second for a hundred cells and about one for six hundred.

    Returns
    -------
    Pattern
        Not the cheapest, but proven by the gate, and by :func:`prove_pattern` for given levels.

    Raises
    ------
    PatternError
        When no pattern protects a cell.
    SolverError
        When a program is not solved.

    Examples
    --------
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([2, 9, 30, 41], [[-1, -1, -1, 1]])
    >>> find_pattern(row, [True, False, False, False]).withheld
    array([ True,  True, False, False])

    References
    ----------
    Kelly, Golden and Assad (1992), Cell suppression: disclosure protection for sensitive tabular
    data, Networks 22: 397-417.
    """
    assignment = read_assignment(cells, primary, always_shown, weights, levels, threshold)
    held = assignment.primary | read_mask(cells, never_shown, "never_shown")
    withheld = held.copy()
    tasks = assignment.list_tasks()
    # A broken movement may leave no whole number in reach: what fails after it is done again in
    # whole numbers, and what fails after that is out of help.
    broken, whole = set[Task](), set[Task]()
    while tasks:
        moves = np.empty((0, len(cells)))
        for task in tasks:
            if task in whole:
                raise refuse_table(assignment, task)
            (whole if task in broken else broken).add(task)
            if not _is_done(moves, task):
                move = find_cheapest_movement(assignment, withheld, task, whole=task in whole)
                moves = np.vstack([moves, move])
                withheld |= np.abs(move) > NEAR
        tasks = find_failing(assignment, withheld, threshold, insiders=insiders)
    further = np.flatnonzero(withheld & ~held & tidy).tolist()
    # The order of cells of one weight is that of the table, so that it is the same every time.
    for cell in sorted(further, key=lambda cell: -assignment.weights[cell]):
        fewer = withheld.copy()
        fewer[cell] = False
        if not find_failing(assignment, fewer, threshold, insiders=insiders):
            withheld = fewer
    return Pattern(withheld, assignment.weigh_further(withheld), "cheapest movements")


def prove_pattern(
    cells: LinkedCells, withheld: ArrayLike, primary: ArrayLike, levels: ProtectionLevels
) -> pd.Series[bool]:
    """Say of each primary cell whether the attacker's interval reaches as far as was asked.

    Parameters
    ----------
    cells : LinkedCells
        Cells with true values.
    withheld, primary : array_like of bool, shape (cells,)
        The pattern, and the cells that it is there for.
    levels : ProtectionLevels
        How far each interval must reach.

    Returns
    -------
    pandas.Series of bool
        One answer for each primary cell.

    Examples
    --------
    >>> from analysis.protection.linked.levels import set_protection_levels
    >>> from analysis.protection.linked.tables import link_cells
    >>> row = link_cells([2, 9, 30, 41], [[-1, -1, -1, 1]])
    >>> alone, levels = [True, False, False, False], set_protection_levels(row.counts)
    >>> bool(prove_pattern(row, alone, alone, levels).any())
    False
    """
    sensitive = read_mask(cells, primary, "primary")
    found = find_attacker_intervals(cells, withheld, only=sensitive)
    down = cells.counts - found.lower >= levels.down - NEAR
    up = found.upper - cells.counts >= levels.up - NEAR
    return pd.Series((down & up)[sensitive], index=cells.names[sensitive])


def _is_done(moves: FloatArray, task: Task) -> bool:
    far = moves[:, task.cell] * np.sign(task.change) >= abs(task.change) - NEAR
    still = np.abs(moves[:, list(task.known)]).max(axis=1, initial=0.0) < NEAR
    return bool((far & still).any())


def find_cheapest_movement(
    assignment: Assignment, withheld: BoolArray, task: Task, *, whole: bool
) -> FloatArray:
    """Find the cheapest change of all cells that keeps every equation and moves one cell.

    Parameters
    ----------
    assignment : Assignment
        The table.
    withheld : numpy.ndarray of bool, shape (cells,)
        Cells that are withheld already and move at no cost.
    task : Task
        The cell that moves, how far, and the cell that an insider knows.
    whole : bool
        Whether all cells move by whole numbers.

    Returns
    -------
    numpy.ndarray, shape (cells,)
        Change of each cell.

    Raises
    ------
    PatternError
        When the cell cannot move.
    """
    from scipy import sparse

    cells = assignment.cells
    free = assignment.may_withhold.copy()
    free[list(task.known)] = False
    places = np.flatnonzero(free)
    part = cells.equations[:, places]
    cost = np.where(withheld, 0.0, assignment.weights)[places]
    up, down = (cells.highest - cells.counts)[places], (cells.counts - cells.lowest)[places]
    at = int(np.searchsorted(places, task.cell))
    fixed = np.zeros(2 * len(places))
    fixed[at if task.change > 0 else len(places) + at] = abs(task.change)
    most = np.concatenate([up, down])
    most[[at, len(places) + at]] = fixed[[at, len(places) + at]]
    still = np.zeros(part.shape[0])
    try:
        point = solve_program(
            np.concatenate([cost, cost]),
            sparse.hstack([part, -part], format="csc"),
            still,
            still,
            np.minimum(fixed, most),
            most,
            np.ones(2 * len(places), dtype=bool) if whole else None,
        )
    except NoSolutionError as fault:
        raise refuse_table(assignment, task) from fault
    move = np.zeros(len(cells))
    move[places] = point[: len(places)] - point[len(places) :]
    return move


def find_failing(
    assignment: Assignment, withheld: BoolArray, threshold: ArrayLike, *, insiders: bool
) -> list[Task]:
    """Prove a pattern; what fails comes back as movements still to be made.

    Parameters
    ----------
    assignment : Assignment
        The table.
    withheld : numpy.ndarray of bool, shape (cells,)
        The pattern.
    threshold : array_like
        Smallest count that may be known to exist; a number, or one for each cell.
    insiders : bool
        Whether each person who is the only case of a withheld cell is an attacker too.

    Returns
    -------
    list of Task
        Empty when the pattern holds.
    """
    cells, primary, levels = assignment.cells, assignment.primary, assignment.levels
    judged = judge_protection(cells, withheld, primary, threshold=threshold, insiders=insiders)
    exposed = judged["state"].eq(EXPOSED).to_numpy()
    places = np.flatnonzero(primary)
    failing = set(zip(places[exposed].tolist(), judged["insider"][exposed].tolist(), strict=True))
    if not assignment.is_gate_rule:
        proven = prove_pattern(cells, withheld, primary, levels).to_numpy()
        failing |= {(int(cell), -1) for cell in places[~proven]}
    persons = {person.cell: person for person in find_insiders(cells, withheld)}
    return [
        task
        for cell, insider in sorted(failing)
        for task in assignment.list_movements(cell, persons.get(insider))
    ]
