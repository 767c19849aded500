"""The gate: a count passes only where everybody is left in doubt, insiders too."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from analysis.protection.linked.coverage import Movement
from analysis.protection.linked.insiders import find_insiders
from analysis.protection.linked.judge import (
    EXACT,
    EXPOSED,
    NARROW,
    PROTECTED,
    SHOWN,
    SMALL,
    TO_INSIDER,
    find_wide_enough,
    judge_protection,
)
from analysis.protection.linked.solver import SolverError
from analysis.protection.linked.tables import link_cells

TABLES = some.lists(some.lists(some.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=2)
HIDDEN = some.lists(some.booleans(), min_size=12, max_size=12)
few = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@given(inner=TABLES, withheld=HIDDEN, threshold=some.sampled_from([3, 5, 7]))
def test_the_verdict_is_that_of_a_search_through_all_tables(
    two_way, expose_by_search, inner, withheld, threshold
) -> None:
    cells = two_way(inner)
    hidden = np.array(withheld) & ~cells.is_margin
    primary = (cells.counts > 0) & (cells.counts < threshold) & ~cells.is_margin

    judged = judge_protection(cells, hidden, primary, threshold=threshold)
    outside = judge_protection(cells, hidden, primary, threshold=threshold, insiders=False)

    wanted = expose_by_search(cells, hidden, primary, threshold)
    assert set(judged.index[judged["state"] == EXPOSED]) == wanted
    by_insiders = judged["reason"] == TO_INSIDER
    assert (outside["state"] == EXPOSED).equals((judged["state"] == EXPOSED) & ~by_insiders)
    assert (judged["lower"] <= cells.counts[primary]).all()
    assert (cells.counts[primary] <= judged["upper"]).all()


def test_each_reason_is_given_where_it_holds() -> None:
    row = [[-1, -1, -1, 1]]
    first = [True, False, False, False]
    both = [True, True, False, False]

    def reason(counts, withheld, primary=first, **limits):
        cells = link_cells(counts, row, **limits)
        judged = judge_protection(cells, withheld, primary)
        assert judged["state"][0] == (PROTECTED if judged["reason"][0] == "" else EXPOSED)
        return judged["reason"][0]

    assert reason([2, 3, 9, 14], [False] * 4) == SHOWN
    assert reason([2, 3, 9, 14], first) == EXACT
    assert reason([2, 3, 9, 14], both) == ""
    assert reason([3, 9, 2, 14], both, highest=[np.inf, 9, 99, 99]) == NARROW
    assert reason([2, 2, 9, 13], both, lowest=[1, 1, 0, 0]) == SMALL
    assert reason([2, 1, 9, 12], both) == TO_INSIDER
    assert reason([1, 1, 9, 11], both) == TO_INSIDER


def test_an_exposed_cell_shows_the_bounds_and_who_can_find_them() -> None:
    row = link_cells([2, 1, 9, 12], [[-1, -1, -1, 1]], names=None)
    both = [True, True, False, False]

    judged = judge_protection(row, both, both)

    assert judged.loc[0, ["state", "lower", "upper", "insider"]].tolist() == [EXPOSED, 2, 2, 1]
    assert judged.loc[1, ["state", "lower", "insider"]].tolist() == [PROTECTED, 0, -1]
    assert list(judge_protection(row, both, both, insiders=False)["state"]) == [PROTECTED] * 2


def test_a_total_of_one_and_its_part_are_one_person() -> None:
    row = link_cells([1, 0, 1, 6, 7], [[-1, -1, 1, 0, 0], [0, 0, -1, -1, 1]])
    hidden = [True, False, True, True, False]

    persons = find_insiders(row, hidden)

    assert [person.cell for person in persons] == [0]
    assert persons[0].own.tolist() == [True, False, True, False, False]
    assert persons[0].among.tolist() == [True, False, True, False, True]
    judged = judge_protection(row, hidden, [True, False, True, False, False])
    assert list(judged["state"]) == [PROTECTED] * 2, "nobody is protected from the own case"


def test_in_a_total_the_own_case_is_taken_off() -> None:
    # The only case of the first cell knows that the total is one or more, and learns no more.
    row = link_cells([1, 1, 2, 5, 7, 5, 3, 8], [
        [-1, -1, 1, 0, 0, 0, 0, 0],
        [0, 0, -1, -1, 1, 0, 0, 0],
        [0, -1, 0, 0, 0, 0, -1, 0],
    ], right_side=[0, 0, -4])  # fmt: skip
    hidden = [True, True, True, True, False, False, True, False]

    judged = judge_protection(row, hidden, [False, False, True, False, False, False, False, False])

    assert list(judged["state"]) == [PROTECTED]


def test_a_person_whose_cells_are_all_published_is_no_insider(two_way) -> None:
    assert find_insiders(two_way([[1, 2], [3, 4]]), np.zeros(9, dtype=bool)) == []


def test_wide_enough_is_what_the_rule_says() -> None:
    def wide(count, low, high, threshold=5.0):
        return bool(find_wide_enough(count, low, high, threshold))

    assert wide(3, 0, 4)
    assert not wide(3, 1, 4)
    assert wide(3, 1, 5)
    assert wide(3, 2, 5)
    assert not wide(3, 3, 9)
    assert not wide(3, 0, 3)
    assert not wide(1, 1, 9)
    assert wide(1, 0, 2)
    assert not wide(3, 2, 9, 10.0)
    assert wide(3, 2, 10, 10.0)


def test_fractions_are_let_through_where_figures_are_no_counts() -> None:
    cells = link_cells([1, 1, 1], [[2, 2, 1]], right_side=5, highest=[9, 9, 2])
    third = [False, False, True]
    hidden = [True, True, True]

    broken = judge_protection(cells, hidden, third, insiders=False, whole=False)
    counted = judge_protection(cells, hidden, third, insiders=False)

    assert list(broken["state"]) == [PROTECTED]
    assert list(counted["reason"]) == [EXACT], "the third count is odd, so it is one"


def test_order_and_inputs_stay_out_of_the_verdict(two_way) -> None:
    cells = two_way([[3, 2, 8], [3, 4, 9], [7, 6, 2]])
    hidden = (cells.counts > 0) & (cells.counts < 5)
    before = cells.counts.copy(), hidden.copy()
    order = np.random.default_rng(3).permutation(len(cells))
    turned = link_cells(cells.counts[order], cells.equations[:, order], names=cells.names[order])

    judged = judge_protection(cells, hidden, hidden)
    again = judge_protection(turned, hidden[order], hidden[order])

    assert judged["state"].to_dict() == again["state"].to_dict()
    assert set(judged["state"]) == {PROTECTED, EXPOSED}
    assert (cells.counts == before[0]).all()
    assert (hidden == before[1]).all()


def test_nothing_to_protect_is_nothing_to_judge(two_way) -> None:
    nobody = np.zeros(9, dtype=bool)
    assert judge_protection(two_way([[7, 8], [9, 6]]), nobody, nobody).empty


def test_what_could_not_be_examined_does_not_pass(monkeypatch) -> None:
    stopped = SimpleNamespace(status=1, message="Time.", x=np.array([2.0, 3.0]))
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: stopped)
    both = [True, True, False]
    with pytest.raises(SolverError, match="Nothing may be published on this ground"):
        judge_protection(link_cells([2, 3, 5], [[-1, -1, 1]]), both, both)


def test_a_verdict_wants_the_true_counts() -> None:
    row = link_cells([np.nan, 3, 5], [[-1, -1, 1]])
    with pytest.raises(ValueError, match="Cell 0 has no value, and whether a count is safe"):
        judge_protection(row, [True, True, False], [True, False, False])


@few
@given(inner=TABLES, withheld=HIDDEN, seed=some.integers(0, 99))
def test_each_cell_may_have_a_threshold_and_a_block_of_its_own(
    two_way, expose_by_search, inner, withheld, seed
) -> None:
    cells, draw = two_way(inner), np.random.default_rng(seed)
    hidden = np.array(withheld) & ~cells.is_margin
    primary = (cells.counts > 0) & ~cells.is_margin
    threshold = draw.choice([2.0, 4.0, 8.0], len(cells))
    blocks = draw.choice(["a", "b", ""], len(cells))

    judged = judge_protection(cells, hidden, primary, threshold=threshold, blocks=blocks)

    wanted = expose_by_search(cells, hidden, primary, threshold)
    assert set(judged.index[judged["state"] == EXPOSED]) == wanted


def test_a_threshold_of_each_cell_is_that_cells_own() -> None:
    # Of both it is known that they are one at the least; up to nine is possible, and not ten.
    row = link_cells([4, 4, 2, 10], [[-1, -1, -1, 1]], lowest=[1, 1, 0, 0])
    hidden, first = [True, True, True, False], [True, True, False, False]

    judged = judge_protection(row, hidden, first, threshold=[9, 10, 1, 1], insiders=False)

    assert judged["reason"].tolist() == ["", SMALL]
    with pytest.raises(ValueError, match=r"The threshold has the shape \(2,\) and 4 cells"):
        judge_protection(row, hidden, first, threshold=[9, 10])
    with pytest.raises(ValueError, match="or is not above 0 everywhere"):
        judge_protection(row, hidden, first, threshold=0)


def test_movements_from_elsewhere_prove_only_what_is_possible() -> None:
    row = link_cells([2, 3, 9, 14], [[-1, -1, -1, 1]], highest=[2, 99, 99, 99])
    both = [True, True, False, False]
    wrong = [
        ([0, 1], [1.0, -1.0]),  # above what everybody knows
        ([0, 1], [-3.0, 3.0]),  # below zero
        ([0, 1], [-1.0, 2.0]),  # the total would not be the sum
        ([0, 2], [-1.0, 1.0]),  # the other cell is published
        ([0, 1], [-0.5, 0.5]),  # half a person
    ]
    lies = [Movement(np.array(at), np.array(change)) for at, change in wrong]

    judged = judge_protection(row, both, both, movements=lies, insiders=False)

    assert judged["reason"].tolist() == [NARROW, NARROW]
    assert judged[["lower", "upper"]].to_numpy().tolist() == [[0, 2], [3, 5]]


def test_movements_that_hold_spare_the_programs(monkeypatch) -> None:
    row = link_cells([2, 3, 9, 14], [[-1, -1, -1, 1]])
    both = [True, True, False, False]
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: pytest.fail("no program needed"))
    there = [Movement(np.array([0, 1]), np.array(change)) for change in ([-2.0, 2.0], [3.0, -3.0])]

    judged = judge_protection(row, both, both, movements=there)

    assert set(judged["state"]) == {PROTECTED}
    assert judged[["lower", "upper"]].to_numpy().tolist() == [[0, 5], [0, 5]]


def test_a_movement_proves_nothing_to_the_person_whose_cell_moves() -> None:
    row = link_cells([3, 1, 9, 13], [[-1, -1, -1, 1]])
    both = [True, True, False, False]
    there = [Movement(np.array([0, 1]), np.array(change)) for change in ([-3.0, 3.0], [1.0, -1.0])]

    judged = judge_protection(row, both, both, movements=there)

    assert judged["reason"].tolist() == [TO_INSIDER, ""]
