"""Large cross-tables: fewer dimensions for the finest places, through the door and the attacker."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from protection.attacker.knowledge import gather
from protection.attacker.policy_check import is_small
from protection.attacker.sweep import sweep

from analysis.protection.edition import layers, protect, search
from analysis.protection.edition.cells import collect_cells
from analysis.protection.edition.facts import find_facts
from analysis.protection.edition.layers import (
    LARGE,
    find_breakdowns,
    place_movements,
    reach_out,
)
from analysis.protection.edition.linking import link_edition
from analysis.protection.edition.places import find_holders
from analysis.protection.edition.protect import Rules, protect_edition
from analysis.protection.edition.sums import find_sums
from analysis.protection.gate import pass_gate
from analysis.protection.ledger.editions import FormerEdition
from analysis.protection.linked.assignment import PatternError
from analysis.protection.linked.coverage import Movement
from analysis.protection.linked.tables import link_cells
from analysis.store.schema import TOTAL

if TYPE_CHECKING:
    from collections.abc import Callable

INDICATOR = "asylum_applications_persons"
WAYS = {"sex": ("female", "male"), "age": ("child", "adult"), "category": ("form:a", "form:b")}
SPLIT = list(WAYS)


def list_places(rules: Rules, regions: tuple[str, ...]) -> dict[str, str]:
    """Municipalities of some regions, with their region."""
    held = find_holders(rules.areas)
    standing = {area.area_id for area in rules.areas if rules.areas.valid(area)}
    inside = held[held["holder"].isin(regions) & held["level"].eq("municipality")]
    inside = inside[inside["area_id"].isin(standing)]
    return dict(zip(inside["area_id"], inside["holder"], strict=True))


@pytest.fixture
def cross(rules, row, table) -> Callable[..., pd.DataFrame]:
    """Makes all cross-tables of some regions, from municipalities up to the country."""

    def make(*regions: str, ways: int = 2, years: tuple[str, ...] = ("2022",)) -> pd.DataFrame:
        draw = np.random.default_rng(3)
        counts: dict[tuple[str, ...], int] = {}
        for year, (place, region) in itertools.product(years, list_places(rules, regions).items()):
            for codes in itertools.product(*list(WAYS.values())[:ways]):
                found = int(draw.poisson(3.0 * draw.gamma(1.0)))
                for where in (place, region, "MK"):
                    for key in itertools.product((where,), (year,), *((c, TOTAL) for c in codes)):
                        counts[key] = counts.get(key, 0) + found
        made: list[dict[str, Any]] = [
            row(n, area, year, indicator_id=INDICATOR, **dict(zip(SPLIT, codes, strict=False)))
            for (area, year, *codes), n in counts.items()
        ]
        return table(*made)

    return make


def link(frame, rules):
    facts = find_facts(frame, rules.areas, rules.indicators, rules.policy)
    collected = collect_cells(frame, facts)
    return link_edition(collected, find_sums(collected, rules.areas))


def attack(rules, frame, withheld):
    """The tests' own attacker, on what readers see of one year."""
    below = list_places(rules, tuple(a.area_id for a in rules.areas if a.level == "region"))
    regions = dict.fromkeys(sorted(set(below.values()) & set(frame["area_id"])), "MK")
    margins = {
        "area_id": [{k: v for k, v in below.items() if k in set(frame["area_id"])} | regions],
        **{name: [dict.fromkeys(codes, TOTAL)] for name, codes in WAYS.items()},
    }
    seen = frame.assign(count=frame["value"].where(~withheld))[["area_id", *SPLIT, "count"]]
    true = frame["value"].to_numpy(dtype=float)
    is_whole = frame["area_id"].eq("MK").to_numpy()
    limits = np.where(is_whole, np.where((frame[SPLIT] != TOTAL).any(axis=1), 5.0, 0.0), 10.0)
    assert is_small(true, limits).sum() > 100
    breaches, _ = sweep(gather([seen], margins), true, limits)
    return breaches


@pytest.fixture
def soon(monkeypatch):
    """Takes tables for large that a test can afford."""
    monkeypatch.setattr(layers, "LARGE", 50)


@pytest.mark.usefixtures("soon")
def test_breakdowns_of_municipalities_go_and_their_totals_stay(rules, cross) -> None:
    frame = cross("MK001", "MK002")
    edition = protect_edition(frame, rules)
    is_split = (frame[SPLIT] != TOTAL).any(axis=1)
    below = ~frame["area_id"].isin(["MK001", "MK002", "MK"])

    assert edition.exposed.empty
    assert edition.told.empty
    assert edition.withheld[below & is_split].all()
    assert not edition.withheld[below & ~is_split & frame["value"].ge(10)].all()
    assert not edition.withheld[~below].all()


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("why", [PatternError, ValueError])
def test_where_it_does_not_protect_the_cells_are_searched_one_by_one(
    rules, cross, monkeypatch, why
) -> None:
    frame = cross("MK001", "MK002")
    asked = []

    def refuse(group):
        asked.append(len(group.cells))
        message = "no"
        raise why(message)

    def hold(task, here):
        asked.append("one by one")
        found = task.withheld.copy()
        found[here] |= ~task.shown[here]
        return found

    monkeypatch.setattr(search, "search_layers", refuse)
    monkeypatch.setattr(search._Task, "search_or_hold", hold)
    edition = protect_edition(frame, rules)
    assert edition.exposed.empty
    assert asked[:2] == [len(frame), "one by one"]


@pytest.mark.parametrize("is_offered", [True, False])
def test_it_is_taken_where_the_policy_offers_it(rules, cross, monkeypatch, is_offered) -> None:
    asked = []
    monkeypatch.setattr(
        protect,
        "search_pattern",
        lambda *given, **more: asked.append(more) or search.Choice(given[2]),
    )
    order = ("longer_period", "fewer_dimensions", "suppress") if is_offered else ("suppress",)
    policy = replace(rules.policy, remedies=order)
    monkeypatch.setattr(
        protect, "audit_edition", lambda *_: pd.DataFrame({"state": [], "cell": []})
    )
    protect_edition(cross("MK001", "MK002"), Rules(rules.areas, rules.indicators, policy))
    assert [each["breakdowns"] is not None for each in asked] == [is_offered]


def test_small_tables_and_plain_ones_are_searched_as_ever(rules, cross) -> None:
    frame = cross("MK001", "MK002", years=("2021", "2022"))
    linked = link(frame, rules)
    found = find_breakdowns(linked, rules.areas)
    everything = np.arange(len(linked.cells))
    many = np.resize(everything, LARGE + 1)

    assert found.is_meant_for(many)
    assert not found.is_meant_for(many[:LARGE])
    assert not found.is_meant_for(np.resize(np.flatnonzero(~found.crossed), LARGE + 1))
    held = linked.table.loc[found.held]
    assert not held["area_id"].isin(["MK", "MK001", "MK002"]).any()
    assert (held[SPLIT] != TOTAL).any(axis=1).all()
    assert (linked.table.loc[found.crossed, SPLIT] != TOTAL).sum(axis=1).ge(2).all()


def test_what_spans_years_belongs_to_no_block(rules, row, table) -> None:
    span = row(40, "MK-703", indicator_id=INDICATOR) | {"period_start": "2020-01-01"}
    frame = table(row(9, "MK-703", "2021", indicator_id=INDICATOR), span)
    linked = link(frame, rules)
    blocks = find_breakdowns(linked, rules.areas).blocks
    blocks = dict(zip(linked.table["period_start"], blocks, strict=True))

    assert blocks == {"2021-01-01": "2021-01-012021-12-31", "2020-01-01": None}


def test_what_is_known_is_the_margin_of_what_is_not() -> None:
    cells = link_cells([2, 3, 5, 4, 9, 1, 1], [[-1, -1, 1, 0, 0, 0, 0], [0, 0, -1, -1, 1, 0, 0]])
    assert reach_out(cells, np.array([0])).tolist() == [0, 1, 2]
    assert reach_out(cells, np.array([2, 6])).tolist() == [0, 1, 2, 3, 4, 6]


def test_movements_are_told_by_place_and_left_out_where_a_cell_has_none() -> None:
    moves = (
        Movement(np.array([0, 2]), np.array([1.0, -1.0])),
        Movement(np.array([0, 1]), np.array([2.0, -2.0])),
    )
    (placed,) = place_movements(moves, np.array([7, -1, 3]))
    assert placed.cells.tolist() == [3, 7]
    assert placed.change.tolist() == [-1.0, 1.0]


@pytest.mark.slow
def test_an_edition_of_cross_tables_goes_through_the_gate_and_the_attacker_finds_nothing(
    rules, cross
) -> None:
    frame = cross("MK001", "MK002", ways=3)
    edition = pass_gate(frame, rules)
    withheld = edition.withheld

    assert attack(rules, frame, withheld).empty
    # The attacker is awake: without what goes for the sake of others there are ways in.
    small = frame["value"].between(1, np.where(frame["area_id"].eq("MK"), 4, 9))
    assert len(attack(rules, frame, small)) > 10
    # A second edition is held against it, and the same figures pass again.
    past = FormerEdition(1, "2026-01-01", frame.assign(withheld=withheld))
    again = pass_gate(frame, rules, [past])
    assert (again.withheld == withheld).all()
