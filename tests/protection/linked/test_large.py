"""Patterns of editions: safe whatever the blocks, tied where they are to be, and not wasteful."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.judge import PROTECTED, judge_protection
from analysis.protection.linked.large import Layout, find_large_pattern
from analysis.protection.linked.levels import weigh_cells
from analysis.protection.linked.optimum import find_cheapest_pattern
from analysis.protection.linked.pattern import find_pattern
from analysis.protection.linked.solver import SolverError
from analysis.protection.linked.tables import build_cells, link_cells

TABLES = some.lists(some.lists(some.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3)
SMALL = some.lists(some.lists(some.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=2)
few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def find_small(cells, threshold=5):
    return (cells.counts > 0) & (cells.counts < threshold)


def is_safe(cells, withheld, primary, **options) -> bool:
    return set(judge_protection(cells, withheld, primary, **options)["state"]) <= {PROTECTED}


def make_edition(seed, areas=12, regions=3, years=2):
    """Areas in regions by sex and year, with all margins."""
    draw = np.random.default_rng(seed)
    region_of = {f"a{at}": f"r{at % regions}" for at in range(areas)}
    hierarchy = region_of | {f"r{at}": "all" for at in range(regions)}
    rows = []
    for area in region_of:
        for sex, year in itertools.product("fm", range(years)):
            rows.append((area, sex, str(year), int(draw.poisson(draw.choice([0.5, 3, 12])))))
    table = pd.DataFrame(rows, columns=["area", "sex", "year", "value"])
    for column, total in (("sex", "t"), ("year", "T")):
        others = [name for name in ("area", "sex", "year") if name != column]
        sums = table.groupby(others, as_index=False)["value"].sum().assign(**{column: total})
        table = pd.concat([table, sums], ignore_index=True)
    parts = table
    for _ in range(2):
        parts = parts.assign(area=parts["area"].map(hierarchy))
        parts = parts.groupby(["area", "sex", "year"], as_index=False)["value"].sum()
        table = pd.concat([table, parts], ignore_index=True)
    ways = {"area": [hierarchy], "sex": [{"f": "t", "m": "t"}],
            "year": [{str(year): "T" for year in range(years)}]}  # fmt: skip
    cells = build_cells(table, ways)
    area = cells.names.get_level_values("area")
    return cells, area.map(region_of).to_numpy(dtype=object), area == "all"


@few
@given(inner=SMALL, threshold=some.sampled_from([3.0, 5.0]), seed=some.integers(0, 99))
def test_no_search_through_all_tables_gets_at_a_count(
    two_way, expose_by_search, inner, threshold, seed
) -> None:
    cells = two_way(inner)
    primary = find_small(cells, threshold) & ~cells.is_margin
    blocks = np.random.default_rng(seed).choice(["a", "b", ""], len(cells))
    try:
        found = find_large_pattern(
            cells,
            primary,
            always_shown=cells.is_margin,
            threshold=threshold,
            layout=Layout(blocks),
        )
    except PatternError:
        # Nothing more can be withheld than everything that may be.
        most = ~cells.is_margin
        assert expose_by_search(cells, most, primary, threshold)
        return
    assert not expose_by_search(cells, found.withheld, primary, threshold)
    assert (found.withheld >= primary).all()
    assert not (found.withheld & cells.is_margin).any()


@few
@given(inner=TABLES, insiders=some.booleans())
def test_patterns_are_proven_and_none_is_cheaper_than_the_cheapest(
    two_way, inner, insiders
) -> None:
    cells = two_way(inner)
    primary, before = find_small(cells), cells.counts.copy()
    try:
        found = find_large_pattern(cells, primary, insiders=insiders)
    except PatternError:
        with pytest.raises(PatternError, match="cannot be protected"):
            find_pattern(cells, primary, insiders=insiders)
        return

    assert is_safe(cells, found.withheld, primary, insiders=insiders)
    assert not found.withheld[cells.counts == 0].any(), "zeros stay open"
    assert found.cost == pytest.approx(weigh_cells(cells)[found.withheld & ~primary].sum())
    assert (cells.counts == before).all()


@pytest.mark.parametrize("blocks", [True, False])
def test_an_edition_is_safe_in_blocks_and_without(blocks) -> None:
    cells, region, is_country = make_edition(1, areas=9)
    threshold = np.where(is_country, 5.0, 10.0)
    primary = find_small(cells, threshold)
    options = {"threshold": threshold, "layout": Layout(region) if blocks else None}

    found = find_large_pattern(
        cells, primary, always_shown=np.zeros(len(cells), dtype=bool), **options
    )

    assert is_safe(cells, found.withheld, primary, threshold=threshold)
    assert (found.withheld >= primary).all()


def test_the_same_pattern_is_found_every_time() -> None:
    cells, region, _ = make_edition(2, areas=9)
    one, other = (
        find_large_pattern(cells, find_small(cells), layout=Layout(region)) for _ in range(2)
    )

    assert (one.withheld == other.withheld).all()


def test_what_proves_a_pattern_comes_with_it(monkeypatch) -> None:
    cells, region, _ = make_edition(4, areas=9)
    primary = find_small(cells)
    found = find_large_pattern(cells, primary, layout=Layout(region))
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: pytest.fail("all is proven"))

    assert is_safe(cells, found.withheld, primary, movements=found.movements)


def test_the_same_cell_is_withheld_in_all_years_or_in_none() -> None:
    cells, region, _ = make_edition(5, areas=9, years=3)
    primary = find_small(cells)
    area, sex, year = (cells.names.get_level_values(level) for level in range(3))
    series = pd.Series(area + "|" + sex).where(year != "T", None).to_numpy()

    found = find_large_pattern(cells, primary, layout=Layout(region, series))

    assert is_safe(cells, found.withheld, primary)
    share = pd.Series(found.withheld).groupby(pd.Series(series)).mean()
    assert set(share) == {0.0, 1.0}
    free = find_large_pattern(cells, primary, layout=Layout(region))
    assert free.withheld.sum() < found.withheld.sum()


def test_what_is_tied_costs_as_much_as_all_of_it() -> None:
    # Either of two cells would hide the first; the cheaper one is tied to a third.
    row = link_cells([2, 8, 9, 40, 59], [[-1, -1, -1, -1, 1]])
    first = [True, False, False, False, False]
    tied = [None, "a", None, "a", None]

    assert find_large_pattern(row, first).withheld.tolist() == [True, True] + [False] * 3
    found = find_large_pattern(row, first, layout=Layout(together=tied))
    assert found.withheld.tolist() == [True, False, True, False, False]
    assert found.cost == pytest.approx(np.log(10))


def test_ties_are_not_torn() -> None:
    row = link_cells([2, 8, 9, 40, 59], [[-1, -1, -1, -1, 1]])
    first, third = [True] + [False] * 4, [False] * 2 + [True] + [False] * 2
    tied = Layout(together=["a", None, "a", None, None])
    with pytest.raises(ValueError, match="Cell 2 is to be shown always, and it needs protection"):
        find_large_pattern(row, first, always_shown=third, layout=tied)
    found = find_large_pattern(row, first, layout=tied)
    assert found.withheld.tolist() == [True, False, True, False, False]
    # What is tied to a cell that is shown is shown, though it would be the cheapest.
    shown = Layout(together=[None, "b", None, "b", None])
    last = [False] * 3 + [True, False]
    other = find_large_pattern(row, first, always_shown=last, layout=shown)
    assert other.withheld.tolist() == [True, False, True, False, False]


def test_a_zero_is_withheld_where_nothing_else_helps() -> None:
    first, total = [True, False, False, False], [False, False, False, True]

    def search(shown, **limits):
        row = link_cells([2, 0, 8, 10], [[-1, -1, -1, 1]], **limits)
        return find_large_pattern(row, first, always_shown=shown).withheld.tolist()

    assert search(total) == [True, False, True, False]
    # When the third is known to be eight at the most, only the zero can make up for one less.
    tight = {"highest": [99, 99, 8, 99]}
    assert search(total, **tight) == [True, True, True, False]
    with pytest.raises(PatternError, match="Cell 0 cannot be protected: whatever else"):
        search([False, True, False, True], **tight)


def test_what_is_never_shown_is_withheld_and_helps() -> None:
    row = link_cells([2, 8, 30, 40], [[-1, -1, -1, 1]])
    first, third = [True, False, False, False], [False, False, True, False]

    found = find_large_pattern(row, first, never_shown=third)

    assert found.withheld.tolist() == [True, False, True, False]
    assert found.cost == 0
    with pytest.raises(ValueError, match="Cell 2 is to be shown always, and .* is never to be"):
        find_large_pattern(row, first, never_shown=third, always_shown=third)


def test_a_person_alone_in_a_cell_calls_for_a_wider_pattern() -> None:
    row = link_cells([2, 1, 9, 30, 42], [[-1, -1, -1, -1, 1]])
    primary = [True, True, False, False, False]

    blind = find_large_pattern(row, primary, insiders=False)
    assert blind.withheld.tolist() == [True, True] + [False] * 3
    assert find_large_pattern(row, primary).withheld.tolist() == [True, True, True, False, False]


def test_a_person_who_is_withheld_for_others_is_an_attacker_too() -> None:
    # The one of the second cell may be shown; withheld, this person sees through the first.
    row = link_cells([3, 1, 9, 30, 43], [[-1, -1, -1, -1, 1]])
    first = [True, False, False, False, False]

    found = find_large_pattern(row, first, weights=[1, 1, 50, 90, 90])

    assert is_safe(row, found.withheld, np.array(first))
    assert found.withheld[2]


def test_order_does_not_change_what_is_safe() -> None:
    cells, region, _ = make_edition(6, areas=9)
    order = np.random.default_rng(1).permutation(len(cells))
    turned = link_cells(cells.counts[order], cells.equations[:, order], names=cells.names[order])

    found = find_large_pattern(turned, find_small(turned), layout=Layout(region[order]))

    assert is_safe(turned, found.withheld, find_small(turned))


def list_oracle_tables(oracle):
    """The tables of the book and of the package, with the cells that they protect."""
    book = pd.DataFrame(oracle("g18_sdc_textbook")["cases"][0]["input"]["table"])
    table = book.pivot_table(index="row", columns="col", values="value")
    yield table.to_numpy(), None
    for part in ("primary_freq_1_only", "primary_freq_1_to_3"):
        yield pd.DataFrame(oracle("g18_sdc_textbook")["cases"][3]["expected"][part]), part


@pytest.mark.parametrize("insiders", [True, False])
def test_on_the_published_tables_little_more_is_withheld_than_at_the_best(
    oracle, two_way, insiders
) -> None:
    for table, part in list_oracle_tables(oracle):
        if part is None:
            cells = two_way(table)
            place = oracle("g18_sdc_textbook")["cases"][2]["input"]["primary"]
            assert place
            primary = np.arange(len(cells)) == int(np.argmin(cells.counts))
        else:
            ways = {"age": [dict.fromkeys(["minor", "adult"], "Total")],
                    "prov": [dict.fromkeys("NSE", "Total")]}  # fmt: skip
            cells = build_cells(table, ways, value="freq")
            primary = table["primary"].to_numpy()
        best = find_cheapest_pattern(cells, primary, insiders=insiders)
        for search, options in ((find_pattern, {"tidy": True}), (find_large_pattern, {})):
            found = search(cells, primary, insiders=insiders, **options)
            assert found.withheld.sum() <= 1.1 * best.withheld.sum()
            assert found.cost <= 1.1 * best.cost + 1e-9


def test_a_search_that_is_not_solved_has_no_answer(monkeypatch) -> None:
    def stop(*_, **__):
        raise SolverError("stopped")

    row = link_cells([2, 3, 9, 14], [[-1, -1, -1, 1]])
    monkeypatch.setattr("analysis.protection.linked.movements.solve_program", stop)
    with pytest.raises(SolverError, match="stopped"):
        find_large_pattern(row, [True, False, False, False])


def test_a_pattern_that_the_gate_refuses_is_not_given_out(monkeypatch) -> None:
    row = link_cells([2, 3, 9, 14], [[-1, -1, -1, 1]])
    exposed = pd.DataFrame({"state": ["exposed"]}, index=[0])
    monkeypatch.setattr(
        "analysis.protection.linked.verdict.judge_protection", lambda *_, **__: exposed
    )
    with pytest.raises(PatternError, match="Cell 0 was taken for protected, and the gate finds"):
        find_large_pattern(row, [True, False, False, False])


def test_wrong_labels_are_refused() -> None:
    row = link_cells([2, 3, 5], [[-1, -1, 1]])
    with pytest.raises(ValueError, match="There are 3 cells and 2 labels of blocks."):
        find_large_pattern(row, [True, False, False], layout=Layout(["a", "b"]))


def test_an_edition_without_small_counts_stays_whole(two_way) -> None:
    cells = two_way([[7, 8], [9, 6]])
    found = find_large_pattern(cells, np.zeros(9, dtype=bool))

    assert not found.withheld.any()
    assert found.cost == 0
