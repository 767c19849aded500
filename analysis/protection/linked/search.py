"""Searches a whole edition for cells to withhold, many counts and few cells at a time."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from analysis.protection.linked.assignment import refuse_table
from analysis.protection.linked.coverage import OUTSIDER, Coverage, Movement
from analysis.protection.linked.insiders import list_persons
from analysis.protection.linked.pattern import find_cheapest_movement
from analysis.protection.linked.pushes import Pusher
from analysis.protection.linked.recombine import recombine_movements
from analysis.protection.linked.scopes import Scopes, read_blocks
from analysis.protection.linked.solver import NEAR
from analysis.protection.linked.witnesses import TRIES, list_stages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from analysis.protection.linked.assignment import Assignment
    from analysis.protection.linked.tables import LinkedCells

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IndexArray = NDArray[np.int64]

# What is withheld already moves nearly for nothing; but a short way is better than a long one.
NEARLY_FREE = 0.05
# Worth more than what any movement has to withhold, zeros apart, and then zeros too.
REWARD, REWARD_FOR_ZEROS = 1_000.0, 100_000.0


class Ties:
    """Cells that are withheld all or none: the same cell in several years.

    Parameters
    ----------
    cells : LinkedCells
        Cells.
    together : array_like, shape (cells,), optional
        Cells with the same label are tied; None for a cell that is tied to no other.
    """

    def __init__(self, cells: LinkedCells, together: ArrayLike | None) -> None:
        self.label, self.count = read_blocks(cells, together)

    def widen(self, chosen: BoolArray) -> BoolArray:
        """Take the cells tied to those chosen as well.

        Parameters
        ----------
        chosen : numpy.ndarray of bool, shape (cells,)
            Cells.

        Returns
        -------
        numpy.ndarray of bool, shape (cells,)
        """
        if not self.count:
            return chosen
        hit = np.zeros(self.count + 1, dtype=bool)
        hit[self.label[chosen]] = True
        hit[-1] = False
        return chosen | hit[self.label]

    def add_up(self, weights: FloatArray) -> FloatArray:
        """Let each cell cost what all cells tied to it cost.

        Parameters
        ----------
        weights : numpy.ndarray, shape (cells,)
            Costs.

        Returns
        -------
        numpy.ndarray, shape (cells,)
        """
        tied = self.label >= 0
        sums = np.bincount(self.label[tied], weights[tied], self.count + 1)
        return np.where(tied, sums[self.label], weights)


class Search:
    """A pattern that grows by the cells of movements, and what these movements prove.

    Parameters
    ----------
    assignment : Assignment
        What is to be protected.
    thresholds : numpy.ndarray, shape (cells,)
        Smallest count that may be known to exist.
    ties : Ties
        Cells that are withheld all or none.
    blocks : array_like, optional
        Label of the block of each cell.
    held : numpy.ndarray of bool, shape (cells,)
        Cells that are withheld in any case, with all that are tied to them.
    insiders : bool
        Whether each person who is the only case of a withheld cell is an attacker too.
    """

    def __init__(
        self,
        assignment: Assignment,
        thresholds: FloatArray,
        ties: Ties,
        blocks: ArrayLike | None,
        held: BoolArray,
        *,
        insiders: bool,
    ) -> None:
        self.assignment, self.thresholds = assignment, thresholds
        self.ties, self.blocks, self.cells = ties, blocks, assignment.cells
        everybody = assignment.may_withhold & insiders
        self.persons = list_persons(self.cells, everybody)
        self.movements: list[Movement] = []
        self.held = held
        self.start([], held)

    def start(self, movements: Iterable[Movement], withheld: BoolArray) -> None:
        """Begin anew with a pattern and the movements that are possible in it.

        Parameters
        ----------
        movements : iterable of Movement
            Checked ones.
        withheld : numpy.ndarray of bool, shape (cells,)
            The pattern.
        """
        self.withheld, self.movements = withheld.copy(), []
        self.coverage = Coverage(self.cells, self.assignment.primary, self.persons, self.thresholds)
        self.coverage.activate(self.withheld)
        self.take(movements)

    def take(self, movements: Iterable[Movement]) -> None:
        """Withhold the cells of the movements that prove something.

        Parameters
        ----------
        movements : iterable of Movement
            Checked ones.
        """
        for move in movements:
            if not self.coverage.proves(move):
                continue
            self.coverage.add([move])
            self.movements.append(move)
            if not self.withheld[move.cells].all():
                self.withheld[move.cells] = True
                self.withheld = self.ties.widen(self.withheld)
                self.coverage.activate(self.withheld)

    def press(self, free: BoolArray, reward: float) -> None:
        """Push what is open, in blocks first, and then in ever wider scopes.

        Parameters
        ----------
        free : numpy.ndarray of bool, shape (cells,)
            Cells that may move.
        reward : float
            What one unit of a movement that is wanted is worth.
        """
        pusher = Pusher(self.cells, self.coverage, self.thresholds)
        scopes = Scopes(self.cells, free, self.blocks)
        for stage, tries, unseen in list_stages(scopes, pusher.draw):
            if not self.coverage.count_open():
                return
            pusher.press(stage, reward, self.find_costs, self.take, tries, unseen=unseen)
            if not unseen:
                recombine_movements(self.cells, self.coverage, self.movements, self.take)

    def press_again(self) -> None:
        """Push what is open within the cells withheld; give up when one cell is not proven."""
        if self.coverage.count_open():
            pusher = Pusher(self.cells, self.coverage, self.thresholds)
            within = Scopes(self.cells, self.withheld).take_all()
            pusher.press(repeat([within]), REWARD, self.find_costs, self.take, TRIES, strict=True)

    def find_costs(self, places: IndexArray) -> FloatArray:
        """Say what one unit of a movement of some cells costs now.

        Parameters
        ----------
        places : numpy.ndarray of int, shape (asked,)
            Positions of cells.

        Returns
        -------
        numpy.ndarray, shape (asked,)
        """
        weights = self.assignment.weights
        if self.ties.count:
            weights = self.ties.add_up(np.where(self.withheld, 0.0, weights))
        return np.where(self.withheld[places], NEARLY_FREE, weights[places])

    def finish(self) -> None:
        """Make the movements that are still open one by one, or say which cell none protects.

        Raises
        ------
        PatternError
            When a cell cannot be protected.
        """
        everywhere = Scopes(self.cells, self.assignment.may_withhold).take_all()
        while self.coverage.count_open():
            attacker = self.coverage.list_attackers()[0]
            insider = None if attacker == OUTSIDER else self.persons.describe(attacker - 1)
            cell = int(self.coverage.list_open(attacker)[0])
            tasks = self.assignment.list_movements(cell, insider)
            for whole in (False, True):
                for task in tasks:
                    change = find_cheapest_movement(
                        self.assignment, self.withheld, task, whole=whole
                    )
                    moved = np.flatnonzero(np.abs(change) > NEAR)
                    self.take(everywhere.check(Movement(moved, change[moved])))
                if not self.coverage.is_open(cell, attacker):
                    break
            else:
                raise refuse_table(self.assignment, tasks[0])
