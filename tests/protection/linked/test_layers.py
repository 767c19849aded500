"""Editions whose breakdowns below a region are withheld as a whole."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from analysis.protection.linked.above import Above
from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.checks import check_movements, check_together
from analysis.protection.linked.coverage import Movement
from analysis.protection.linked.details import lay_out_details
from analysis.protection.linked.insiders import list_persons
from analysis.protection.linked.judge import EXPOSED, PROTECTED, judge_protection
from analysis.protection.linked.layer import Layer
from analysis.protection.linked.layers import find_layered_pattern
from analysis.protection.linked.swaps import Table
from analysis.protection.linked.tables import build_cells, link_cells
from analysis.protection.linked.ties import choose_ties
from analysis.sources.demonstration_edition import ALL_YEARS, COUNTRY, TOTAL, make_edition

KINDS = ("sex", "age", "form")


def link_edition(seed, areas, regions, years):
    table = make_edition(seed, areas, regions, years)
    below = table[table["region"] != ""]
    up = dict(zip(below["area"], below["region"], strict=True))
    up |= dict.fromkeys(table.loc[table["level"] == "region", "area"], COUNTRY)
    ways = {"area": [up]}
    for name, total in [*((kind, TOTAL) for kind in KINDS), ("year", ALL_YEARS)]:
        parts = [code for code in table[name].unique() if code != total]
        ways[name] = [dict.fromkeys(parts, total)]
    cells = build_cells(table, ways, "count")
    is_broken_down = (table[list(KINDS)] != TOTAL).any(axis=1)
    held = ((table["level"] == "municipality") & is_broken_down).to_numpy()
    years_apart = table["year"].where(table["year"] != ALL_YEARS, "").to_numpy(dtype=object)
    return table, cells, held, years_apart


@pytest.fixture(scope="module")
def edition():
    return link_edition(1, 6, 2, 1)


@pytest.fixture(scope="module")
def found(edition):
    _, cells, held, years = edition
    small = (cells.counts > 0) & (cells.counts < 10)
    nothing = np.zeros(len(cells), dtype=bool)
    return find_layered_pattern(
        cells, small, held=held, always_shown=nothing, blocks=years, threshold=10.0
    )


def test_the_pattern_holds_against_everybody_without_what_the_search_says_of_it(edition, found):
    _, cells, _, years = edition
    small = (cells.counts > 0) & (cells.counts < 10)
    judged = judge_protection(cells, found.withheld, small, threshold=10.0, blocks=years)
    assert set(judged["state"]) == {PROTECTED}


def test_the_whole_breakdown_is_withheld_and_some_of_what_is_above_is_shown(edition, found):
    table, cells, held, _ = edition
    assert found.withheld[held].all()
    assert found.withheld[held & (cells.counts == 0)].sum() > 100
    assert not found.withheld[(table["area"] == COUNTRY).to_numpy()].all()
    assert found.cost > 0


def test_each_movement_of_the_pattern_is_another_edition_with_the_same_figures(edition, found):
    _, cells, _, _ = edition
    assert len(found.movements) > 50
    for move in found.movements:
        other = cells.counts.copy()
        other[move.cells] += move.change
        assert (other >= 0).all()
        assert not np.abs(cells.equations @ other - cells.right_side).any()
        assert (other == cells.counts)[~found.withheld].all()


def test_the_breakdown_alone_does_not_protect_what_is_above_it(edition):
    _, cells, held, _ = edition
    small = (cells.counts > 0) & (cells.counts < 10)
    above = small & ~held
    judged = judge_protection(cells, held | above, above, threshold=10.0, insiders=False)
    assert judged["state"].eq(EXPOSED).sum() > 5


def test_finest_cells_stand_in_rows_and_columns(edition):
    table, cells, held, _ = edition
    details = lay_out_details(cells, held)
    finest = (table[list(KINDS)] != TOTAL).all(axis=1) & (table["year"] != ALL_YEARS)
    assert details.places.tolist() == np.flatnonzero(held & finest).tolist()
    # Two regions in one year: three areas by sixteen kinds each.
    assert [sorted(grid.finest.shape) for grid in details.grids] == [[3, 16]] * 2
    sums = details.parts @ cells.counts[details.places]
    assert (sums[held] == cells.counts[held]).all()
    assert not sums[~held].any()


def test_half_a_breakdown_is_refused(edition):
    table, cells, held, _ = edition
    less = held & (table["sex"] != "male").to_numpy()
    with pytest.raises(ValueError, match="is held, and not the whole breakdown"):
        lay_out_details(cells, less)


def test_a_breakdown_of_single_years_alone_is_refused(edition):
    table, cells, held, _ = edition
    less = held & (table["year"] != ALL_YEARS).to_numpy()
    with pytest.raises(ValueError, match="the totals of years too"):
        find_layered_pattern(cells, less, held=less)


def test_a_held_cell_cannot_be_always_shown(edition):
    _, cells, held, _ = edition
    with pytest.raises(ValueError, match="is held, and is to be shown always"):
        find_layered_pattern(cells, held & (cells.counts > 0), held=held, always_shown=held)


def test_what_is_above_must_be_free_to_be_withheld(edition):
    _, cells, held, _ = edition
    small = (cells.counts > 0) & (cells.counts < 10)
    with pytest.raises(ValueError, match="needs protection and is to be shown always|is to be"):
        find_layered_pattern(cells, small, held=held, always_shown=small & ~held)


def make_square(counts):
    inner = np.asarray(counts, dtype=float).reshape(2, 2)
    values = [*inner.ravel(), *inner.sum(axis=1), *inner.sum(axis=0), inner.sum()]
    rows = np.zeros((6, 9))
    for row, (total, parts) in enumerate(
        [(4, (0, 1)), (5, (2, 3)), (6, (0, 2)), (7, (1, 3)), (8, (4, 5)), (8, (6, 7))]
    ):
        rows[row, total] = 1
        rows[row, list(parts)] = -1
    return link_cells(values, rows), np.arange(9) < 4


def test_where_no_case_can_be_swapped_the_pattern_is_refused():
    # All cases in one cell, and every margin must be shown: the cell follows.
    cells, held = make_square([3, 0, 0, 0])
    primary = np.arange(9) == 0
    with pytest.raises(PatternError, match="cannot be protected, and 0 others neither"):
        find_layered_pattern(cells, primary, held=held, always_shown=~held, threshold=5)


def make_table(counts, seed=0):
    cells, held = make_square(counts)
    details = lay_out_details(cells, held)
    table = Table(details, cells.counts[:4], np.zeros(4), np.random.default_rng(seed))
    margin = {int(details.margins.indices[at]): at for at in range(details.margins.shape[0])}
    return table, margin


@pytest.mark.parametrize(("side", "far", "moved"), [(-1, 2, -2), (-1, 9, -3), (1, 1, 1), (1, 9, 4)])
def test_swaps_go_as_far_as_asked_or_as_there_is_room(side, far, moved):
    table, _ = make_table([3, 4, 5, 6])
    change = table.push(np.array([0]), far, side, np.zeros(4, dtype=bool))
    assert change.tolist() == [moved, -moved, -moved, moved]


def test_swaps_do_not_touch_what_is_to_be_spared():
    table, _ = make_table([3, 4, 5, 6])
    assert not table.push(np.array([0]), 1, 1, np.arange(4) == 3).any()


def test_swaps_go_on_from_what_has_changed():
    table, _ = make_table([3, 4, 5, 6])
    before = np.array([-3.0, 3, 3, -3])
    change = table.push(np.array([0]), 1, 1, np.zeros(4, dtype=bool), after=before)
    assert change.tolist() == [-2, 2, 2, -2]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "moved", [{4: 1, 5: -1}, {6: -2, 7: 2}, {4: 1, 6: 1}, {5: -1, 6: -1}, {4: -3, 5: 2, 7: -1}]
)
def test_cases_are_put_where_margins_have_moved(seed, moved):
    table, margin = make_table([3, 0, 0, 6], seed)
    margins = np.zeros(4)
    for cell, change in moved.items():
        margins[margin[cell]] = change
    filled = table.fill(margins, np.zeros(4, dtype=bool))
    assert (np.array([3, 0, 0, 6]) + filled >= 0).all()
    sums = {4: (0, 1), 5: (2, 3), 6: (0, 2), 7: (1, 3)}
    for cell, parts in sums.items():
        assert filled[list(parts)].sum() == moved.get(cell, 0)


def test_margins_that_no_table_has_are_not_filled():
    table, margin = make_table([3, 4, 5, 6])
    margins = np.zeros(4)
    margins[margin[4]] = 1
    assert table.fill(margins, np.zeros(4, dtype=bool)) is None


def test_a_wished_cell_follows_its_row_and_column():
    for seed in range(5):
        table, margin = make_table([3, 4, 5, 6], seed)
        margins = np.zeros(4)
        margins[[margin[4], margin[6]]] = 2
        filled = table.fill(margins, np.zeros(4, dtype=bool), np.array([1.0, 0, 0, 0]))
        assert filled.tolist() == [2, 0, 0, 0]


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ([1, -1, -1, 1], True),
        ([-1, 1, 1, -1], True),
        ([-3, 3, 3, -3], True),
        ([-4, 4, 4, -4], False),
        ([0.5, -0.5, -0.5, 0.5], False),
        ([1, -1, 0, 0], False),
        ([0, 0, 0, 0], False),
    ],
)
def test_a_movement_is_checked_before_it_proves_anything(change, holds):
    cells, held = make_square([3, 4, 5, 6])
    move = Movement(np.arange(4), np.array(change, dtype=float))
    good = Movement(np.arange(4), np.array([1.0, -1, -1, 1]))
    kept = list(check_movements(cells, held, [move, good]))
    assert len(kept) == 1 + holds
    assert not list(check_movements(cells, np.arange(9) == 1, [move, good]))
    table = sparse.csc_array(np.array([*change, 0, 0, 0, 0, 0], dtype=float)[:, None])
    assert len(check_together(cells, held, table)) == holds


def test_fractions_prove_nothing_of_counts_and_something_of_shares():
    cells, held = make_square([3.5, 4, 5, 6])
    move = Movement(np.arange(4), np.array([1.0, -1, -1, 1]))
    assert not list(check_movements(cells, held, [move]))
    assert len(list(check_movements(cells, held, [move], whole=False))) == 1


def test_more_is_withheld_where_somebody_could_subtract_the_own_case():
    # Who is the 1 knows the 9 beside it, from a total of 10 that is not small.
    cells, held = make_square([9, 1, 20, 20])
    primary = held & (cells.counts < 10)
    alone = judge_protection(cells, held, primary, threshold=10)
    assert alone["state"].tolist() == [EXPOSED, PROTECTED]
    found = find_layered_pattern(cells, primary, held=held, threshold=10)
    assert found.withheld[4]
    judged = judge_protection(cells, found.withheld, primary, threshold=10)
    assert set(judged["state"]) == {PROTECTED}
    with pytest.raises(PatternError, match="Cell 0 cannot be protected"):
        find_layered_pattern(cells, primary, held=held, always_shown=~held, threshold=10)


def test_ties_are_the_cheapest_published_cells_near_a_cell():
    cells, held = make_square([9, 1, 20, 20])
    details = lay_out_details(cells, held)
    may = ~held

    def choose(number):
        chosen = choose_ties(cells, details, np.array([0]), may, cells.counts, number)
        return np.flatnonzero(chosen).tolist()

    assert choose(1) == [4]
    assert choose(2) == [4, 6]
    # Not its own row and column: then what these are tied to.
    may[[4, 6]] = False
    assert choose(1) == [7]
    may[:] = False
    assert choose(9) == []


@pytest.mark.parametrize(("side", "far"), [(-1, 2), (1, 3)])
def test_a_program_moves_what_is_held_with_what_is_above_it(edition, found, side, far):
    _, cells, held, years = edition
    details = lay_out_details(cells, held)
    persons = list_persons(cells, found.withheld)
    layer = Layer(cells, details, found.withheld, persons, np.random.default_rng(0))
    above = Above(cells, layer, found.withheld, years, persons, np.random.default_rng(0))
    nobody = np.empty(0, dtype=np.int64)
    cell = int(details.places[np.argmax(cells.counts[details.places])])
    move = above.push(cell, side, far, nobody, width=0)
    assert 1 <= side * move.change[move.cells == cell][0] <= far
    assert found.withheld[move.cells].all()
    # Somebody's own case stands still for him, and what counts him keeps a case.
    own = persons.of_cell[persons.first[0]]
    assert above.push(int(persons.first[0]), side, 1, np.array([own]), width=0) is None
