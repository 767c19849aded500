"""Two movements of one person make one in which the person stands still."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.protection.linked.coverage import Coverage, Movement
from analysis.protection.linked.insiders import list_persons
from analysis.protection.linked.recombine import recombine_movements, turn_movement
from analysis.protection.linked.tables import link_cells


def move(changes):
    """A movement of cells by position."""
    return Movement(
        np.array(sorted(changes)), np.array([float(changes[at]) for at in sorted(changes)])
    )


@pytest.fixture
def row():
    """Two counts, a person alone, and two more, all in one sum that is published."""
    cells = link_cells([3, 4, 1, 5, 6], [[1, 1, 1, 1, 1]], right_side=19)
    hidden = np.ones(5, dtype=bool)
    primary = np.array([True, False, False, False, False])
    coverage = Coverage(cells, primary, list_persons(cells, hidden), np.full(5, 4.0))
    return cells, coverage


def test_what_moves_only_with_a_person_is_made_to_move_without(row) -> None:
    cells, coverage = row
    known = [move({0: 1, 2: -1}), move({0: -1, 2: 1}), move({3: -1, 2: 1})]
    coverage.add(known)
    assert coverage.list_pairs(4) == [(0, 1)]
    taken = []

    def take(movements):
        taken.extend(movements)
        coverage.add(movements)

    recombine_movements(cells, coverage, known, take)

    assert coverage.count_open() == 0
    for made in taken:
        assert made.change.sum() == 0
        assert 2 not in made.cells
        assert (cells.counts[made.cells] + made.change >= 0).all()


def test_nothing_is_made_of_nothing(row) -> None:
    cells, coverage = row
    for known in ([], [move({0: 1, 2: -1}), move({0: -1, 2: 1})]):
        coverage.add(known)
        recombine_movements(cells, coverage, known, coverage.add)
    assert coverage.is_open(0, 1), "there is no other movement of the person"
    assert not coverage.is_open(0, 0)


def test_a_movement_is_turned_within_its_bounds() -> None:
    cells = link_cells([3, 4, 1], [[1, 1, 1]], right_side=8, highest=[9, 5, 9])

    found = turn_movement(cells, np.array([0, 1]), np.array([1.0, -1.0]))

    assert sorted(made.change.tolist() for made in found) == [[-1, 1], [1, -1], [4, -4]]


def test_what_is_proven_is_told_of_each_attacker(row) -> None:
    _, coverage = row
    assert coverage.count_open() == 2
    assert coverage.list_attackers() == [0, 1]
    assert coverage.is_open_to_all(np.array([0])).tolist() == [True]
    assert coverage.find_sides(np.arange(5)).tolist() == [[True] + [False] * 4] * 2
    up = move({0: 1, 3: -1})
    assert coverage.proves(up)

    coverage.add([up])

    # At four the threshold is reached: what is left to see is one less.
    assert not coverage.proves(up)
    assert coverage.find_sides(np.array([0])).tolist() == [[True], [False]]
    assert coverage.list_open(0).tolist() == [0]
    coverage.add([move({0: -1, 2: 1})])
    assert coverage.list_attackers() == [1], "the person has not seen that"
    assert coverage.list_open(1, np.array([0])).tolist() == [0]
    assert not coverage.is_open_to_all(np.array([0]))[0]
    assert coverage.list_blind(np.array([0])).tolist() == [[True]]
    coverage.activate(np.arange(5) != 2)
    assert coverage.count_open() == 0, "who is not withheld is no attacker"


def test_of_a_total_the_own_case_is_taken_off() -> None:
    # The first cell of three counts the person of the second, and one is as few as he can think.
    cells = link_cells([3, 1, 2, 5], [[1, -1, -1, 0], [1, 0, 0, 1]], right_side=[0, 8])
    hidden = np.ones(4, dtype=bool)
    primary = np.array([True, False, False, False])
    coverage = Coverage(cells, primary, list_persons(cells, hidden), np.full(4, 9.0))

    coverage.add([move({0: 1, 2: 1, 3: -1}), move({0: -2, 2: -2, 3: 2})])

    assert coverage.list_attackers() == [0], "an outsider has not seen that there can be none"
