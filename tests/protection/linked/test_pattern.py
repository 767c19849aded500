"""Patterns: safe by the attacker's own programs, and the cheapest where that is promised."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.judge import PROTECTED, judge_protection
from analysis.protection.linked.levels import ProtectionLevels, set_protection_levels, weigh_cells
from analysis.protection.linked.optimum import find_cheapest_pattern
from analysis.protection.linked.pattern import find_pattern, prove_pattern
from analysis.protection.linked.solver import SolverError
from analysis.protection.linked.tables import build_cells, link_cells

TABLES = some.lists(some.lists(some.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3)
few = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
BOTH = pytest.mark.parametrize("search", [find_pattern, find_cheapest_pattern])


def find_small(cells, threshold=5):
    return (cells.counts > 0) & (cells.counts < threshold)


def is_safe(cells, withheld, primary, **options) -> bool:
    return set(judge_protection(cells, withheld, primary, **options)["state"]) <= {PROTECTED}


@BOTH
def test_the_textbook_pattern(oracle, two_way, search) -> None:
    case = oracle("g18_sdc_textbook")["cases"][2]
    given_table = pd.DataFrame(oracle("g18_sdc_textbook")["cases"][0]["input"]["table"])
    table = given_table.pivot_table(index="row", columns="col", values="value")
    cells = two_way(table)
    place = {(row, col): 4 * i + j for i, row in enumerate(table.index)
             for j, col in enumerate(table.columns)}  # fmt: skip
    primary = np.arange(16) == place[tuple(case["input"]["primary"])]
    low, high = case["input"]["protection"]
    levels = ProtectionLevels(cells.counts - low, high - cells.counts)

    # The weight of the book is that of all withheld cells; totals are not withheld there.
    found = search(
        cells, primary, levels=levels, weights=cells.counts, always_shown=cells.is_margin
    )

    wanted = {place[tuple(cell)] for cell in case["expected"]["optimal_pattern"]}
    total = case["expected"]["optimal_total_weight"]
    assert set(np.flatnonzero(found.withheld)) == wanted
    assert found.cost == pytest.approx(total - cells.counts[primary].sum(), abs=1e-6)
    assert prove_pattern(cells, found.withheld, primary, levels).all()


@pytest.mark.parametrize("part", ["primary_freq_1_only", "primary_freq_1_to_3"])
def test_a_pattern_of_another_program_is_judged_like_ours(oracle, part) -> None:
    case = oracle("g18_sdc_textbook")["cases"][3]
    answer = pd.DataFrame(case["expected"][part])
    ways = {"age": [dict.fromkeys(["minor", "adult"], "Total")],
            "prov": [dict.fromkeys("NSE", "Total")]}  # fmt: skip
    cells = build_cells(answer, ways, value="freq")
    primary, theirs = answer["primary"].to_numpy(), answer["suppressed"].to_numpy()

    ours = find_pattern(cells, primary, insiders=False)

    assert is_safe(cells, theirs, primary, insiders=False)
    assert is_safe(cells, ours.withheld, primary, insiders=False)
    best = find_cheapest_pattern(cells, primary, insiders=False)
    assert best.cost <= weigh_cells(cells)[theirs & ~primary].sum() + 1e-9
    # The child who is the only one in the south sees through a pattern of four cells.
    against_insiders = find_pattern(cells, primary)
    assert is_safe(cells, against_insiders.withheld, primary)
    if part == "primary_freq_1_to_3":
        assert not is_safe(cells, theirs, primary)
        assert against_insiders.withheld.sum() > theirs.sum()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("insiders", [True, False])
def test_the_cheapest_pattern_is_the_cheapest_of_all(two_way, seed, insiders) -> None:
    inner = np.random.default_rng(seed).integers(1, 12, size=(2, 2))
    inner[0, 0] = seed
    cells = two_way(inner)
    primary = np.arange(9) == 0
    primary |= find_small(cells)
    weights = weigh_cells(cells)
    patterns = []
    for choice in itertools.product([False, True], repeat=int((~primary).sum())):
        withheld = primary.copy()
        withheld[~primary] = choice
        patterns.append((weights[withheld & ~primary].sum(), withheld))
    patterns.sort(key=lambda pattern: pattern[0])
    least = next(
        cost for cost, withheld in patterns if is_safe(cells, withheld, primary, insiders=insiders)
    )

    found = find_cheapest_pattern(cells, primary, insiders=insiders)

    assert found.cost == pytest.approx(least, abs=1e-9)


@few
@given(inner=TABLES, insiders=some.booleans())
def test_every_pattern_is_proven_and_none_is_cheaper_than_the_cheapest(
    two_way, inner, insiders
) -> None:
    cells = two_way(inner)
    primary, before = find_small(cells), cells.counts.copy()
    try:
        quick = find_pattern(cells, primary, insiders=insiders)
    except PatternError:
        with pytest.raises(PatternError, match="cannot be protected"):
            find_cheapest_pattern(cells, primary, insiders=insiders)
        return
    best = find_cheapest_pattern(cells, primary, insiders=insiders)

    for found in (quick, best):
        assert is_safe(cells, found.withheld, primary, insiders=insiders)
        assert (found.withheld >= primary).all()
        assert not found.withheld[cells.counts == 0].any(), "zeros stay open"
        chosen = found.withheld & ~primary
        assert found.cost == pytest.approx(weigh_cells(cells)[chosen].sum())
    assert best.cost <= quick.cost + 1e-9
    assert (cells.counts == before).all()


@BOTH
def test_order_does_not_change_the_cost(two_way, search) -> None:
    cells = two_way([[1, 6, 9], [8, 3, 11], [12, 7, 20]])
    order = np.random.default_rng(4).permutation(len(cells))
    turned = link_cells(cells.counts[order], cells.equations[:, order])

    first, again = (search(table, find_small(table)) for table in (cells, turned))

    assert first.cost == pytest.approx(again.cost)
    assert first.withheld[order].sum() == again.withheld.sum()
    assert first.method == again.method


@BOTH
def test_broken_movements_are_done_again_in_whole_numbers(search) -> None:
    # A half of the second cell could hide the first; persons do not come in halves.
    cells = link_cells([1, 5, 9], [[1, -2, 1]])
    first = [True, False, False]

    found = search(cells, first, weights=[1.0, 1.0, 50.0], insiders=False)

    assert found.withheld[[0, 2]].all()
    assert is_safe(cells, found.withheld, np.array(first), insiders=False)


@BOTH
def test_a_person_alone_in_a_cell_calls_for_a_wider_pattern(search) -> None:
    row = link_cells([2, 1, 9, 30, 42], [[-1, -1, -1, -1, 1]])
    primary = [True, True, False, False, False]

    assert search(row, primary, insiders=False).withheld.tolist() == [True, True] + [False] * 3
    assert search(row, primary).withheld.tolist() == [True, True, True, False, False]


@BOTH
def test_a_count_that_nothing_can_hide_is_an_error(search) -> None:
    row = link_cells([2, 0, 0, 2], [[-1, -1, -1, 1]], names=pd.Index(["f", "m", "x", "all"]))

    with pytest.raises(PatternError, match="Cell f cannot be protected: whatever else"):
        search(row, [True, False, False, False], always_shown=[False, True, True, True])
    assert search(row, [True, False, False, False]).withheld.tolist() == [True, False, False, True]


def test_the_threshold_asks_for_more() -> None:
    # The neighbour of three is known to be nine at the most, so that eight cannot become none.
    row = link_cells([8, 3, 30, 41], [[-1, -1, -1, 1]], highest=[99, 9, 99, 99])
    primary = [True, False, False, False]

    for threshold, wanted in (
        (5.0, [True, True, False, False]),
        (12.0, [True, False, True, False]),
    ):
        found = find_cheapest_pattern(row, primary, threshold=threshold)
        assert found.withheld.tolist() == wanted
        quick = find_pattern(row, primary, threshold=threshold, tidy=True)
        assert quick.withheld.tolist() == wanted
        untidy = find_pattern(row, primary, threshold=threshold)
        assert (untidy.withheld >= wanted).all()
    assert untidy.withheld[1], "a cheap neighbour gives as far as it can"


def test_each_cell_may_have_a_threshold_of_its_own() -> None:
    row = link_cells([8, 3, 30, 41], [[-1, -1, -1, 1]], highest=[99, 9, 99, 99])
    primary = [True, False, False, False]

    low, high = (
        find_cheapest_pattern(row, primary, threshold=threshold).withheld.tolist()
        for threshold in ([5, 12, 12, 12], [12, 5, 5, 5])
    )

    assert low == [True, True, False, False]
    assert high == [True, False, True, False]
    assert find_pattern(row, primary, threshold=[12, 5, 5, 5], tidy=True).withheld.tolist() == high
    with pytest.raises(ValueError, match=r"The threshold has the shape \(3,\) and 4 cells"):
        find_pattern(row, primary, threshold=[5, 5, 5])


def test_the_farther_way_is_taken_where_it_is_cheaper() -> None:
    # Up to the threshold are two steps, and the small neighbour has one to give.
    primary = [True, False, False, False]
    tight = link_cells([3, 1, 30, 34], [[-1, -1, -1, 1]])
    levels = set_protection_levels(tight.counts)
    bound = find_cheapest_pattern(tight, primary, levels=levels, insiders=False)
    assert bound.withheld.tolist() == [True, False, True, False]
    free = find_cheapest_pattern(tight, primary, insiders=False)
    assert free.withheld.tolist() == [True, True, False, False]


def test_levels_are_the_nearest_that_a_gate_lets_pass() -> None:
    levels = set_protection_levels(np.arange(1, 10), threshold=10.0)

    assert levels.down.tolist() == [1, 2, 3, 4, 5, 1, 1, 1, 1]
    assert levels.up.tolist() == [1, 1, 1, 1, 1, 4, 3, 2, 1]
    mixed = set_protection_levels([3, 3, 3], threshold=[4, 5, 10])
    assert (mixed.down.tolist(), mixed.up.tolist()) == ([1, 1, 3], [1, 2, 1])


def test_totals_are_dearer_and_nothing_is_free() -> None:
    weights = weigh_cells(link_cells([0, 9, 9], [[-1, -1, 1]]))

    assert weights[0] == pytest.approx(np.log(2))
    assert weights[2] == pytest.approx(3 * weights[1])


@BOTH
def test_wrong_input_is_refused(search) -> None:
    row = link_cells([2, 3, 9, 14], [[-1, -1, -1, 1]])
    first = [True, False, False, False]
    with pytest.raises(ValueError, match="Cell 0 needs protection and is to be shown always."):
        search(row, first, always_shown=first)
    with pytest.raises(ValueError, match="A weight is missing or not above 0"):
        search(row, first, weights=[1, 0, 1, 1])
    with pytest.raises(ValueError, match="A weight is missing or not above 0"):
        search(row, first, weights=[1, 1, 1])
    weak = ProtectionLevels(np.ones(4), np.ones(4))
    with pytest.raises(ValueError, match="For cell 0 an interval from 1 to 3 is asked for"):
        search(row, first, levels=weak)
    blank = link_cells([2, np.nan, 9, 14], [[-1, -1, -1, 1]])
    with pytest.raises(ValueError, match="1 cells have no value, and a pattern depends on"):
        search(blank, first)


def test_a_large_table_is_not_searched_for_the_cheapest() -> None:
    large = link_cells(np.full(121, 9), np.zeros((0, 121)))
    with pytest.raises(ValueError, match="The table has 121 cells, and the cheapest pattern"):
        find_cheapest_pattern(large, np.zeros(121, dtype=bool))


@BOTH
def test_a_table_without_small_counts_stays_whole(two_way, search) -> None:
    cells = two_way([[7, 8], [9, 6]])
    found = search(cells, np.zeros(9, dtype=bool))

    assert not found.withheld.any()
    assert found.cost == 0


def test_a_search_that_takes_too_long_has_no_answer(two_way) -> None:
    cells = two_way(np.random.default_rng(5).integers(1, 9, size=(6, 6)))

    with pytest.raises(SolverError, match="The solver stopped with status 1: "):
        find_cheapest_pattern(cells, find_small(cells), seconds=0.0)


def test_a_cell_moves_as_far_down_as_its_level_asks_and_no_farther() -> None:
    cells = link_cells([100, 10, 20, 130], [[-1, -1, -1, 1]], highest=[np.inf, 11, np.inf, np.inf])
    levels = ProtectionLevels(np.array([1.0, 0, 0, 0]), np.array([8.0, 0, 0, 0]))
    shown = [False, False, False, True]
    found = find_pattern(
        cells, [True, False, False, False], levels=levels, insiders=False, always_shown=shown
    )
    assert found.withheld.tolist() == [True, True, False, False]
