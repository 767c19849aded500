"""Suppression by hand: what it does, and that it does not protect."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.protection.linked.judge import EXACT, judge_protection
from analysis.protection.linked.simple import suppress_rows_and_columns
from analysis.protection.linked.tables import link_cells


def test_in_each_row_and_column_the_smallest_other_cell_goes(two_way) -> None:
    cells = two_way([[2, 20, 30], [40, 50, 60], [70, 81, 90]])
    before = cells.counts.copy()

    found = suppress_rows_and_columns(cells, cells.counts == 2)

    assert sorted(cells.counts[found].tolist()) == [2, 20, 40, 50]
    assert (cells.counts == before).all()


def test_a_total_goes_only_where_no_part_is_left() -> None:
    row = link_cells([2, 50, 0, 52], [[-1, -1, -1, 1]])
    first = [True, False, False, False]

    assert suppress_rows_and_columns(row, first).tolist() == [True, True, False, False]
    shown = [False, True, True, False]
    assert suppress_rows_and_columns(row, first, shown).tolist() == [True, False, False, True]
    zeros = [False] * 4
    assert suppress_rows_and_columns(row, first, zeros).tolist() == [True, False, True, False]


def test_of_equal_cells_the_first_goes() -> None:
    row = link_cells([2, 9, 9, 20], [[-1, -1, -1, 1]])

    assert suppress_rows_and_columns(row, [True, False, False, False]).tolist() == [
        True, True, False, False]  # fmt: skip


def test_a_row_in_which_nothing_else_may_go_stays_as_it_is() -> None:
    row = link_cells([2, 3, 5], [[-1, -1, 1]])
    first, others = [True, False, False], [False, True, True]

    assert suppress_rows_and_columns(row, first, others).tolist() == first


def test_what_is_withheld_already_is_enough(two_way) -> None:
    cells = two_way([[2, 3], [4, 1]])
    small = ~cells.is_margin

    assert (suppress_rows_and_columns(cells, small) == small).all()


def test_it_leaves_a_count_that_can_be_worked_out(two_way) -> None:
    # Two squares of withheld cells and a bridge between them: no row or column has but one, and
    # two rows less two columns give the bridge away.
    inner = np.array([[2, 3, 20, 30], [4, 1, 3, 40], [50, 60, 2, 4], [70, 80, 3, 1]])
    cells = two_way(inner)
    small = (cells.counts < 5) & ~cells.is_margin

    found = suppress_rows_and_columns(cells, small)

    assert (found == small).all()
    judged = judge_protection(cells, found, small, insiders=False)
    assert judged.index[judged["reason"] == EXACT].tolist() == [7]
    assert cells.counts[7] == 3


def test_wrong_input_is_refused() -> None:
    row = link_cells([2, 3, 5], [[-1, -1, 1]])
    with pytest.raises(ValueError, match="'primary' has the shape"):
        suppress_rows_and_columns(row, [True])
    with pytest.raises(ValueError, match="'always_shown' has the shape"):
        suppress_rows_and_columns(row, [True, False, False], [True])
