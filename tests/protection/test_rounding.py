"""Rounding: what it gives away is counted out, and what it promises is checked cell by cell."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from analysis.protection.linked.attack import find_attacker_intervals
from analysis.protection.linked.tables import link_cells
from analysis.protection.rounding import (
    NO_ROUNDING,
    find_rounding_chances,
    find_rounding_ranges,
    find_rounding_reach,
    round_under_control,
)

few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def round_nearest(count, base):
    return base * ((2 * count + base) // (2 * base))


def round_randomly(count, base):
    return {count - count % base, count + (-count) % base}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_ranges_behind_rounded_rows(oracle, number) -> None:
    case = oracle("g19_sdc_rounding")["cases"][number]
    row = case["input"]

    found = find_rounding_ranges(row["published_cells"], row["published_total"], row["base"])

    assert found.possibilities == case["expected"]["n_feasible"]
    bounds = np.stack([found.lower, found.upper], axis=-1)
    assert bounds.tolist() == case["expected"]["ranges"]


@few
@given(
    row=some.lists(some.integers(0, 9), min_size=2, max_size=3),
    base=some.integers(2, 5),
    rule=some.sampled_from(["nearest", "random"]),
)
def test_ranges_are_those_of_a_search_through_all_rows(row, base, rule) -> None:
    def shows(count):
        return {round_nearest(count, base)} if rule == "nearest" else round_randomly(count, base)

    cells, total = [max(shows(count)) for count in row], max(shows(sum(row)))
    fitting = [
        guess
        for guess in itertools.product(range(16), repeat=len(row))
        if all(cell in shows(count) for cell, count in zip(cells, guess, strict=True))
        and total in shows(sum(guess))
    ]

    found = find_rounding_ranges(cells, total, base, rule)

    assert tuple(row) in fitting
    assert found.possibilities == len(fitting)
    assert found.lower.tolist() == np.min(fitting, axis=0).tolist()
    assert found.upper.tolist() == np.max(fitting, axis=0).tolist()


def test_many_rows_at_once_and_rows_that_cannot_be() -> None:
    found = find_rounding_ranges([[5, 5, 0], [0, 0, 0]], [5, 20], base=5)

    assert found.lower[0].tolist() == [3, 3, 0]
    assert found.possibilities.tolist() == [4, 0]
    assert np.isnan([found.lower[1], found.upper[1]]).all()


def test_bounds_of_rounding_go_into_the_attack_on_a_table() -> None:
    below, above = find_rounding_reach(5)
    shown = np.array([5, 5, 0, 5])
    row = link_cells([np.nan] * 4, [[-1, -1, -1, 1]], lowest=np.maximum(shown + below, 0),
                     highest=shown + above)  # fmt: skip

    found = find_attacker_intervals(row, [True] * 4)

    ranges = find_rounding_ranges(shown[:3], shown[3], base=5)
    assert found.lower[:3].tolist() == ranges.lower.tolist()
    assert found.upper[:3].tolist() == ranges.upper.tolist()


@pytest.mark.parametrize("number", [3, 4, 5])
def test_random_rounding_is_right_on_average(oracle, number) -> None:
    case = oracle("g19_sdc_rounding")["cases"][number]
    base, residual = case["input"]["random_rounding_base"], case["input"]["residual"]
    counts = 3 * base * np.arange(4) + residual

    down, up = find_rounding_chances(counts, base)

    assert down == pytest.approx(np.full(4, case["expected"]["p_down"]), rel=1e-12)
    assert up == pytest.approx(np.full(4, case["expected"]["p_up"]), rel=1e-12)
    floor = counts - residual
    mean = down * floor + up * (floor + base)
    assert case["expected"]["expectation_equals_value"]
    assert mean == pytest.approx(counts, rel=1e-12)
    assert list(find_rounding_reach(base, "random")) == case["expected"]["published_range_of_true"]


def test_controlled_rounding_of_the_county_table(oracle, two_way) -> None:
    case = oracle("g19_sdc_rounding")["cases"][6]["input"]
    cells, base = two_way(case["table"]), case["base"]
    inner = np.asarray(case["table"])

    found = round_under_control(cells, base)

    # Every table of neighbouring multiples whose totals are neighbours too.
    floor = inner - inner % base
    loose = np.flatnonzero(inner.ravel() % base)
    best = np.inf
    for steps in itertools.product([0, base], repeat=len(loose)):
        table = floor.ravel().copy()
        table[loose] += steps
        full = two_way(table.reshape(inner.shape)).counts
        if (np.abs(full - cells.counts) < base).all():
            best = min(best, np.abs(full - cells.counts).sum())
    assert found.state == "value"
    assert found.distance == best
    check_promises(cells, found, base)
    assert found.counts[-1] == 135


def check_promises(cells, found, base) -> None:
    assert np.abs(cells.equations @ found.counts).max() == 0
    assert (found.counts % base == 0).all()
    assert (np.abs(found.counts - cells.counts) < base).all()
    multiple = cells.counts % base == 0
    assert (found.counts[multiple] == cells.counts[multiple]).all()
    assert found.distance == np.abs(found.counts - cells.counts).sum()


@few
@given(
    inner=some.lists(some.lists(some.integers(0, 30), min_size=3, max_size=3), min_size=2,
                     max_size=4),
    base=some.sampled_from([3, 5, 10]),
)  # fmt: skip
def test_controlled_rounding_keeps_its_promises(two_way, inner, base) -> None:
    cells = two_way(inner)
    before = cells.counts.copy()

    found = round_under_control(cells, base)

    assert found.state == "value", "a table of two dimensions can always be rounded"
    check_promises(cells, found, base)
    assert (cells.counts == before).all()


def test_where_there_is_no_rounding_it_says_so() -> None:
    # Of each two cells one goes up and one down: with three cells that cannot be.
    odd = link_cells([2, 2, 2, 4], [[-1, -1, 0, 1], [0, -1, -1, 1], [-1, 0, -1, 1]])

    found = round_under_control(odd, base=4)

    assert (found.state, found.reason) == ("not_applicable", NO_ROUNDING)
    assert np.isnan(found.counts).all()
    assert np.isnan(found.distance)


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="Rounding to the base 1 hides nothing."):
        find_rounding_reach(1)
    with pytest.raises(ValueError, match="There is no rule of rounding 'up'."):
        find_rounding_reach(5, "up")
    with pytest.raises(ValueError, match="cells holds 4, which is no multiple of 5."):
        find_rounding_ranges([5, 4], 10, base=5)
    with pytest.raises(ValueError, match="totals holds -5, and only whole counts are rounded."):
        find_rounding_ranges([5, 5], -5, base=5)
    with pytest.raises(
        ValueError, match="The cells have the shape \\(2,\\) and the totals \\(2,\\)"
    ):
        find_rounding_ranges([5, 5], [5, 5], base=5)
    with pytest.raises(ValueError, match="counts holds 2.5, and only whole counts are rounded."):
        find_rounding_chances([2.5], base=3)
    with pytest.raises(ValueError, match="counts holds nan"):
        round_under_control(link_cells([np.nan], [[1]]), base=5)
