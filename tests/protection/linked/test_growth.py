"""The work of a search grows with the areas, and no programme does: counted, not timed."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.protection.linked.above import Above
from analysis.protection.linked.details import lay_out_details
from analysis.protection.linked.insiders import list_persons
from analysis.protection.linked.judge import PROTECTED, judge_protection
from analysis.protection.linked.layer import Layer
from analysis.protection.linked.layers import find_layered_pattern
from analysis.protection.linked.movements import Scope
from analysis.protection.linked.scopes import adopt_cells, bundle_blocks
from analysis.protection.linked.tables import build_cells, link_cells
from analysis.sources.demonstration_edition import ALL_YEARS, COUNTRY, TOTAL, make_edition

KINDS = ("sex", "age", "form")
IN_A_REGION = 3
# Of each place: sexes, ages and forms, each with its total.
FIGURES = 3 * 3 * 5


def link_year(regions):
    """One year of an edition, three areas to a region; and the regions as blocks."""
    table = make_edition(5, IN_A_REGION * regions, regions, 1)
    table = table[table["year"] != ALL_YEARS].reset_index(drop=True)
    below = table[table["region"] != ""]
    up = dict(zip(below["area"], below["region"], strict=True))
    up |= dict.fromkeys(table.loc[table["level"] == "region", "area"], COUNTRY)
    ways = {"area": [up]}
    for kind in KINDS:
        parts = [code for code in table[kind].unique() if code != TOTAL]
        ways[kind] = [dict.fromkeys(parts, TOTAL)]
    cells = build_cells(table, ways | {"year": []}, "count")
    is_broken_down = (table[list(KINDS)] != TOTAL).any(axis=1)
    held = ((table["level"] == "municipality") & is_broken_down).to_numpy()
    return table, cells, held, table["region"].to_numpy(dtype=object)


@pytest.fixture
def programmes(monkeypatch):
    """The number of cells of each programme, as they are solved."""
    sizes = []
    push = Scope.push

    def count(scope, *args, **options):
        sizes.append(len(scope.places))
        return push(scope, *args, **options)

    monkeypatch.setattr(Scope, "push", count)
    return sizes


def test_figures_of_a_region_belong_to_its_block_and_those_of_the_country_to_none():
    table, cells, _, regions = link_year(4)
    labels = adopt_cells(cells, regions)
    own = np.where(table["level"] == "region", table["area"], table["region"])
    of_block = {number: set(own[labels == number]) for number in range(4)}
    assert all(len(names) == 1 for names in of_block.values())
    assert set().union(*of_block.values()) == set(own) - {""}
    is_country = (table["area"] == COUNTRY).to_numpy()
    assert all(label is None for label in labels[is_country])
    assert not any(label is None for label in labels[~is_country])


def test_what_ties_years_together_stays_of_no_year():
    rows = [[-1, -1, 1]]
    cells = link_cells([1, 2, 3], rows)
    assert adopt_cells(cells, ["2018", "2019", ""]).tolist() == [0, 1, None]
    assert adopt_cells(cells, ["2018", "2018", ""]).tolist() == [0, 0, 0]
    assert adopt_cells(cells, None) is None


def test_bundles_are_neighbours_and_no_larger_than_asked_but_for_a_large_block():
    labels = np.array([0, 0, 1, 1, 1, 2, None, 3, 4], dtype=object)
    assert bundle_blocks(labels, 5).tolist() == [0, 0, 0, 0, 0, 1, None, 1, 1]
    assert bundle_blocks(labels, 2).tolist() == [0, 0, 1, 1, 1, 2, None, 2, 3]
    assert bundle_blocks(labels, 99).tolist() == [0] * 6 + [None, 0, 0]


@pytest.mark.parametrize("width", [0, 1])
def test_a_programme_is_no_larger_in_a_larger_country(programmes, width):
    found = []
    for regions in (5, 20):
        _, cells, held, labels = link_year(regions)
        withheld = np.ones(len(cells), dtype=bool)
        persons = list_persons(cells, withheld)
        draw = np.random.default_rng(0)
        layer = Layer(cells, lay_out_details(cells, held), withheld, persons, draw)
        above = Above(cells, layer, withheld, adopt_cells(cells, labels), persons, draw)
        cell = int(np.flatnonzero(held & (cells.counts > 0))[0])
        move = above.push(cell, -1, 1, np.empty(0, dtype=np.int64), width=width)
        assert move is not None
        found.append(programmes[-1])
    # The own region with its areas, and the country; of another region what is not held.
    wanted = FIGURES * (IN_A_REGION + 2) + width * (FIGURES + IN_A_REGION)
    assert found == [wanted, wanted]


@pytest.mark.slow
def test_work_for_an_area_does_not_grow_with_the_number_of_areas(programmes, monkeypatch):
    # Bundles of two regions, so that a small country shows what a large one does.
    monkeypatch.setattr("analysis.protection.linked.layers.BUNDLE", 2 * (FIGURES + IN_A_REGION))
    work = []
    for regions in (6, 18):
        _, cells, held, blocks = link_year(regions)
        nothing = np.zeros(len(cells), dtype=bool)
        limits = np.where(cells.names.get_level_values("area") == COUNTRY, 5.0, 10.0)
        small = (cells.counts > 0) & (cells.counts < limits)
        programmes.clear()
        found = find_layered_pattern(
            cells, small, held=held, always_shown=nothing, blocks=blocks, threshold=limits
        )
        work.append(sum(programmes) / regions)
        searched = len(programmes)
        judged = judge_protection(
            cells,
            found.withheld,
            small,
            threshold=limits,
            blocks=blocks,
            movements=found.movements,
        )
        assert set(judged["state"]) == {PROTECTED}
        # The movements of the search are proof enough: the gate has no programme to solve.
        assert len(programmes) == searched
    # Three times the areas, and cells in programmes by a power of less than 1.3 of that.
    assert work[1] / work[0] < 3**0.3, work
