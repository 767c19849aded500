"""The attacker's intervals: the truth lies in them, and they are as wide as they can be."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from analysis.protection.linked.attack import find_attacker_intervals
from analysis.protection.linked.solver import NoSolutionError, SolverError
from analysis.protection.linked.tables import build_cells, link_cells

TABLES = some.lists(some.lists(some.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=2)
HIDDEN = some.lists(some.booleans(), min_size=12, max_size=12)
few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_case(oracle):
    case = oracle("g18_sdc_textbook")["cases"][0]["input"]
    table = pd.DataFrame(case["table"]).pivot_table(index="row", columns="col", values="value")
    place = {(row, col): 4 * i + j for i, row in enumerate(table.index)
             for j, col in enumerate(table.columns)}  # fmt: skip
    return table.to_numpy(), place


@pytest.mark.parametrize("number", [0, 1])
def test_the_textbook_table(oracle, two_way, number) -> None:
    case = oracle("g18_sdc_textbook")["cases"][number]
    table, place = read_case(oracle)
    withheld = np.zeros(16, dtype=bool)
    withheld[[place[tuple(cell)] for cell in case["input"]["suppressed"]]] = True

    found = find_attacker_intervals(two_way(table), withheld, whole_up_to=None)

    for name, bounds in case["expected"]["intervals"].items():
        at = place[tuple(name.split("|"))]
        assert [found.lower[at], found.upper[at]] == pytest.approx(bounds, abs=1e-6)
    assert (found.width[~withheld] == 0).all()


@few
@given(inner=TABLES, withheld=HIDDEN)
def test_bounds_are_those_of_a_search_through_all_tables(
    two_way, every_table, inner, withheld
) -> None:
    cells = two_way(inner)
    # Margins stay: without them there is no end to the search.
    hidden = np.array(withheld) & ~cells.is_margin
    tables = every_table(cells, hidden)

    found = find_attacker_intervals(cells, hidden)

    assert found.lower.tolist() == tables.min(axis=0).tolist()
    assert found.upper.tolist() == tables.max(axis=0).tolist()


@few
@given(inner=TABLES, withheld=HIDDEN, extra=some.integers(0, 11))
def test_the_truth_is_inside_and_publishing_more_never_widens(
    two_way, inner, withheld, extra
) -> None:
    cells, hidden = two_way(inner), np.array(withheld)
    fewer = hidden.copy()
    fewer[extra] = False

    wide, narrow = (find_attacker_intervals(cells, mask) for mask in (hidden, fewer))

    assert (wide.lower <= cells.counts).all()
    assert (cells.counts <= wide.upper).all()
    assert (wide.lower <= narrow.lower).all()
    assert (narrow.upper <= wide.upper).all()


@few
@given(inner=TABLES, withheld=HIDDEN, extra=some.integers(0, 11), seed=some.integers(0, 99))
def test_an_insider_knows_no_less_and_order_does_not_matter(
    two_way, inner, withheld, extra, seed
) -> None:
    cells, hidden = two_way(inner), np.array(withheld)
    known = np.arange(12) == extra
    order = np.random.default_rng(seed).permutation(12)
    turned = link_cells(cells.counts[order], cells.equations[:, order])

    outside = find_attacker_intervals(cells, hidden)
    inside = find_attacker_intervals(cells, hidden, known=known)
    again = find_attacker_intervals(turned, hidden[order])

    assert (outside.lower <= inside.lower).all()
    assert (inside.upper <= outside.upper).all()
    assert inside.width[extra] == 0
    assert again.lower.tolist() == outside.lower[order].tolist()
    assert again.upper.tolist() == outside.upper[order].tolist()


def test_an_insider_sees_through_what_an_outsider_cannot() -> None:
    row = link_cells([1, 1, 7, 9], [[-1, -1, -1, 1]])
    hidden, first = [True, True, False, False], [True, False, False, False]

    assert find_attacker_intervals(row, hidden).upper[1] == 2
    assert find_attacker_intervals(row, hidden, known=first).to_frame().loc[1].tolist() == [1, 1]


def test_whole_numbers_narrow_what_fractions_leave_open() -> None:
    # Twice two counts and a third are four in all: the third is even, and at most one.
    cells = link_cells([1, 1, 0], [[2, 2, 1]], right_side=4, highest=[9, 9, 1])
    hidden = [True, True, True]

    fractions = find_attacker_intervals(cells, hidden, whole_up_to=None)
    narrow = find_attacker_intervals(cells, hidden, whole_up_to=1.0)
    not_asked = find_attacker_intervals(cells, hidden, whole_up_to=0.5)

    assert (fractions.lower[2], fractions.upper[2]) == (0, 1)
    assert (narrow.lower[2], narrow.upper[2]) == (0, 0)
    assert (not_asked.lower[2], not_asked.upper[2]) == (0, 1)
    assert find_attacker_intervals(cells, hidden, whole_up_to=np.inf).upper.tolist() == [2, 2, 0]
    assert fractions.upper[0] == pytest.approx(2)


def test_broken_bounds_go_inwards() -> None:
    cells = link_cells([2, 3, 1], [[2, 1, 1]], right_side=8, highest=[9, 3, 2])

    found = find_attacker_intervals(cells, [True, True, True], whole_up_to=0.0)

    assert found.lower.tolist() == [2, 0, 0]
    assert found.upper.tolist() == [4, 3, 2]


def test_what_nothing_bounds_is_infinite() -> None:
    loose = link_cells([3, 3, 5], [[1, -1, 0]], lowest=[0, -np.inf, 0])
    found = find_attacker_intervals(loose, [True, True, True])

    assert found.lower.tolist() == [0, 0, 0]
    assert np.isinf(found.upper).all()
    signed = link_cells([3.0], np.zeros((0, 1)), lowest=-np.inf)
    assert np.isinf(find_attacker_intervals(signed, [True]).lower).all()


def test_bounds_known_beforehand_are_used_however_far_away() -> None:
    cells = link_cells([3, 7], np.zeros((0, 2)), lowest=[1, 0], highest=[4, 250_000])

    found = find_attacker_intervals(cells, [True, True])

    assert found.to_frame().to_numpy().tolist() == [[1, 4], [0, 250_000]]


def test_a_revision_is_one_more_equation() -> None:
    # A published change of +1 ties the count of this release to that of the last.
    cells = link_cells([3, 4, 9, 12], [[1, 0, 1, -1], [-1, 1, 0, 0]], right_side=[0, 1])

    found = find_attacker_intervals(cells, [True, True, True, False])

    assert found.lower.tolist() == [0, 1, 0, 12]
    assert found.upper.tolist() == [12, 13, 12, 12]


def test_only_what_is_asked_for_is_worked_out(two_way) -> None:
    hidden = np.ones(12, dtype=bool)
    found = find_attacker_intervals(two_way(np.ones((2, 3))), hidden, only=np.arange(12) == 4)

    assert np.flatnonzero(~np.isnan(found.lower)).tolist() == [4]


def test_values_of_withheld_cells_are_not_needed() -> None:
    row = link_cells([np.nan, np.nan, 9, 14], [[-1, -1, -1, 1]])

    assert find_attacker_intervals(row, [True, True, False, False]).upper.tolist() == [5, 5, 9, 14]


def test_published_cells_that_contradict_an_equation_are_refused() -> None:
    wrong = link_cells([2, 3, 6], [[-1, -1, 1]], right_side=1)
    object.__setattr__(wrong, "right_side", np.array([0.0]))
    with pytest.raises(NoSolutionError, match="Published cells contradict an equation"):
        find_attacker_intervals(wrong, [False, False, False])
    below = link_cells([np.nan, 8, 6], [[-1, -1, 1]])
    with pytest.raises(NoSolutionError, match="No figures satisfy the published cells"):
        find_attacker_intervals(below, [True, False, False])


@pytest.mark.parametrize("status", [1, 3, 4])
def test_a_program_that_is_not_solved_is_never_an_answer(monkeypatch, status) -> None:
    stopped = SimpleNamespace(status=status, message="Stopped.", x=np.array([0.0, 5.0]))
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: stopped)
    row = link_cells([2, 3, 5], [[-1, -1, 1]])

    with pytest.raises(SolverError, match=f"The solver stopped with status {status}: Stopped."):
        find_attacker_intervals(row, [True, True, False])


def test_an_answer_without_a_point_is_none(monkeypatch) -> None:
    empty = SimpleNamespace(status=0, message="Done.", x=None)
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: empty)
    with pytest.raises(SolverError, match="The solver stopped with status 0"):
        find_attacker_intervals(link_cells([2, 3, 5], [[-1, -1, 1]]), [True, True, False])


def test_linked_tables_meet_in_the_cells_that_they_share() -> None:
    by_sex = pd.DataFrame({"area": ["a", "a", "a"], "sex": ["f", "m", "t"], "age": "t",
                           "value": [2, 9, 11]})  # fmt: skip
    by_age = pd.DataFrame({"area": ["a", "a", "a"], "sex": "t", "age": ["y", "o", "t"],
                           "value": [3, 8, 11]})  # fmt: skip
    frame = pd.concat([by_sex, by_age])
    before = frame.copy()

    cells = build_cells(
        frame, {"area": [], "sex": [{"f": "t", "m": "t"}], "age": [{"y": "t", "o": "t"}]}
    )

    assert len(cells) == 5
    assert cells.equations.shape == (2, 5)
    assert cells.names[cells.is_margin].tolist() == [("a", "t", "t")]
    pd.testing.assert_frame_equal(frame, before)
    hidden = ~cells.names.isin([("a", "f", "t"), ("a", "m", "t")])
    found = find_attacker_intervals(cells, hidden).to_frame()
    assert found.loc[("a", "t", "t")].tolist() == [11, 11]
    assert found.loc[("a", "t", "y")].tolist() == [0, 11]


def test_areas_may_add_up_in_two_ways() -> None:
    frame = pd.DataFrame({"area": [*list("abcd"), "ab", "cd", "ac", "bd"],
                          "value": [1, 2, 3, 4, 3, 7, 4, 6]})  # fmt: skip
    regions = {"a": "ab", "b": "ab", "c": "cd", "d": "cd"}
    districts = {"a": "ac", "c": "ac", "b": "bd", "d": "bd"}

    cells = build_cells(frame, {"area": [regions, districts]})
    found = find_attacker_intervals(cells, ~cells.is_margin)

    assert cells.equations.shape == (4, 8)
    assert found.upper[:4].tolist() == [3, 3, 4, 6]
    assert found.lower[:4].tolist() == [0, 0, 1, 3]


def test_tables_that_cannot_be_right_are_refused() -> None:
    ways = {"sex": [{"f": "t", "m": "t"}]}
    frame = pd.DataFrame({"sex": ["f", "m", "t"], "value": [2, 3, 5]})
    with pytest.raises(ValueError, match=r"is a total, and its part \('m',\) is not in the table"):
        build_cells(frame.drop(index=1), ways)
    with pytest.raises(ValueError, match="has two values. Linked tables must agree"):
        build_cells(pd.concat([frame, frame.assign(value=[2, 3, 6])]), ways)
    with pytest.raises(ValueError, match="Equation 0 does not hold: its cells add up to 1 and not"):
        build_cells(frame.assign(value=[2, 3, 6]), ways)
    assert build_cells(frame.iloc[:2], {"sex": []}).equations.shape == (0, 2)


def test_wrong_input_is_refused() -> None:
    row = link_cells([2, 3, 5], [[-1, -1, 1]])
    with pytest.raises(ValueError, match="'withheld' has the shape \\(2,\\) and the type bool"):
        find_attacker_intervals(row, [True, False])
    with pytest.raises(ValueError, match="Give True or False for each cell."):
        find_attacker_intervals(row, [1, 0, 0])
    blank = link_cells([2, np.nan, 5], [[-1, -1, 1]])
    with pytest.raises(ValueError, match="Cell 1 is published and has no value."):
        find_attacker_intervals(blank, [True, False, False])
    with pytest.raises(ValueError, match="There are 2 cells, and the equations are over 3."):
        link_cells([1, 2], [[1, 1, 1]])
    with pytest.raises(ValueError, match="There are 1 cells and 2 names."):
        link_cells([1], [[1]], right_side=1, names=pd.Index(["a", "b"]))
    with pytest.raises(ValueError, match="Cell 0 holds -1, outside of 0 to inf."):
        link_cells([-1], [[1]], right_side=-1)
