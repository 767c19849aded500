"""Movements: pieces that keep every equation, cells that move alike, and where they may move."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import sparse
from scipy.linalg import null_space

from analysis.protection.linked.coverage import Movement
from analysis.protection.linked.movements import Scope
from analysis.protection.linked.scopes import Scopes
from analysis.protection.linked.tables import link_cells
from analysis.protection.linked.twins import merge_twins

ROWS = some.lists(
    some.lists(some.sampled_from([-1, 0, 0, 0, 1, 2]), min_size=7, max_size=7),
    min_size=1,
    max_size=6,
)


def as_pairs(moves):
    return {(tuple(move.cells.tolist()), tuple(move.change.tolist())) for move in moves}


@settings(max_examples=200)
@given(rows=ROWS)
def test_twins_move_alike_and_nothing_is_lost(rows) -> None:
    matrix = np.array(rows, dtype=float)

    left, twin = merge_twins(sparse.csr_array(matrix))

    free = null_space(matrix)
    assert np.abs(free[twin < 0]).max(initial=0.0) < 1e-9, "these cannot move"
    for number in range(left.shape[1]):
        alike = free[twin == number]
        assert len(alike)
        assert np.abs(alike - alike[0]).max() < 1e-9, "these move alike"
    rest = null_space(left.toarray()) if left.shape[0] else np.eye(left.shape[1])
    assert rest.shape[1] == free.shape[1], "as many ways are left as there were"
    widened = np.where(twin[:, None] >= 0, rest[twin], 0.0)
    assert np.abs(matrix @ widened).max(initial=0.0) < 1e-9


def test_a_total_and_its_only_part_move_alike_and_equal_rows_are_one() -> None:
    rows = sparse.csr_array([[1.0, -1, 0, 0], [1, 0, -1, -1], [0, 1, -1, -1]])

    left, twin = merge_twins(rows)

    assert twin.tolist() == [0, 0, 1, 2]
    assert left.toarray().tolist() == [[1, -1, -1]]


def make_scope(counts=(2, 3, 5, 1, 9), **limits):
    cells = link_cells(counts, [[1, 1, 0, 0, 0], [0, 0, 1, 1, 1]],
                       right_side=[counts[0] + counts[1], sum(counts[2:])], **limits)  # fmt: skip
    return Scope(cells, np.ones(5, dtype=bool))


def test_a_movement_falls_into_pieces_each_way_round_and_as_far_as_it_goes() -> None:
    found = as_pairs(make_scope().split(np.array([1.0, -1, 0, -1, 1])))

    assert found == {
        ((0, 1), (1, -1)), ((0, 1), (3, -3)),  # three are there to be taken
        ((0, 1), (-1, 1)), ((0, 1), (-2, 2)),
        ((3, 4), (-1, 1)),
        ((3, 4), (1, -1)), ((3, 4), (9, -9)),
    }  # fmt: skip


def test_no_movement_goes_further_than_anything_is_asked_for() -> None:
    far = make_scope((50, 60, 5, 1, 9)).split(np.array([1.0, -1, 0, 0, 0]))

    assert {abs(move.change[0]) for move in far} == {1, 10}


def test_bounds_known_beforehand_hold() -> None:
    tight = make_scope(lowest=[2, 0, 0, 0, 0], highest=[3, 9, 9, 9, 9])

    assert as_pairs(tight.split(np.array([1.0, -1, 0, 0, 0]))) == {((0, 1), (1, -1))}


@pytest.mark.parametrize("broken", [
    [1.0, -1, 0.5, -0.5, 0],  # half a person
    [1.0, -1, 1, 1, -1],  # the equation does not hold
    [1.0, -1, -6, 6, 0],  # below zero
    [1.0, -1, 0, 9, -10],
])  # fmt: skip
def test_a_piece_that_does_not_hold_is_left_out_and_the_others_stay(broken) -> None:
    found = make_scope().split(np.array(broken))

    assert found
    assert {tuple(move.cells.tolist()) for move in found} == {(0, 1)}


def test_figures_that_are_no_counts_may_move_by_fractions() -> None:
    cells = link_cells([2.5, 3.5], [[1, 1]], right_side=6)
    half, everything = np.array([0.5, -0.5]), np.ones(2, dtype=bool)

    assert Scope(cells, everything, whole=False).split(half)
    assert not Scope(cells, everything).split(half)
    assert not Scope(cells, everything).split(2 * half), "there are no halves to begin with"


def test_what_comes_from_elsewhere_is_checked() -> None:
    scope = make_scope()
    good = Movement(np.array([0, 1]), np.array([1.0, -1.0]))

    assert as_pairs(scope.check(good)) == as_pairs(scope.split(np.array([1.0, -1, 0, 0, 0])))
    shut = Scope(scope.cells, np.array([True, False, True, True, True]))
    assert shut.check(good) == []


def test_a_push_moves_what_is_wanted_at_the_least_cost() -> None:
    scope = make_scope()
    costs = np.array([1.0, 1, 1, 5, 2])
    wanted = np.array([0.0, 0, 100, 0, 0])

    change = scope.push((costs - wanted, costs + wanted), (np.full(5, 2.0), np.full(5, 9.0)))

    assert change.tolist() == [0, 0, 2, 0, -2], "as far as it may, and over the cheaper one"
    still = scope.push((costs + wanted, costs + wanted), (np.full(5, 2.0), np.full(5, 9.0)))
    assert not still.any()


def test_blocks_divide_the_cells_and_groups_take_the_totals_that_tie_them() -> None:
    # Three regions of two areas; their totals 6, 7, 8; the country 9.
    rows = [[-1, -1, 0, 0, 0, 0, 1, 0, 0, 0], [0, 0, -1, -1, 0, 0, 0, 1, 0, 0],
            [0, 0, 0, 0, -1, -1, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, -1, -1, -1, 1]]  # fmt: skip
    cells = link_cells([1, 2, 3, 4, 5, 6, 3, 7, 11, 21], rows)
    free = np.ones(10, dtype=bool)
    blocks = ["a", "a", "b", "b", "c", "c", None, "", float("nan"), None]

    scopes = Scopes(cells, free, blocks)

    assert [scope.places.tolist() for scope in scopes.list_single()] == [[0, 1], [2, 3], [4, 5]]
    groups = scopes.list_groups(2, np.random.default_rng(0))
    found = sorted(tuple(scope.places.tolist()) for scope in groups)
    pairs = {(0, 1, 2, 3, 6, 7, 9), (0, 1, 4, 5, 6, 8, 9), (2, 3, 4, 5, 7, 8, 9)}
    assert len(found) == 2
    assert any(pair in found for pair in pairs)
    assert scopes.take_all().places.tolist() == list(range(10))
    assert len(scopes.list_groups(3, np.random.default_rng(0))) == 1
    alone = Scopes(cells, free & (np.arange(10) != 1), blocks).list_single()[0]
    assert alone.size == 0, "a cell cannot move alone"
    assert len(Scopes(cells, free).list_single()) == 1
