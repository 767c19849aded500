"""The sums that everybody knows are found, and none that nobody can rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from analysis.protection.edition.cells import collect_cells
from analysis.protection.edition.facts import find_facts
from analysis.protection.edition.linking import link_edition
from analysis.protection.edition.sums import Sum, find_sums

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from analysis.protection.edition.protect import Rules

STOCK = "unhcr_refugees_persons"


@pytest.fixture
def sums(rules: Rules) -> Callable[..., list[tuple[float, tuple[float, ...], float, bool, bool]]]:
    def find(*frames: pd.DataFrame) -> list[Any]:
        now, *past = frames
        facts = [find_facts(f, rules.areas, rules.indicators, rules.policy) for f in frames]
        former = [(n + 1, f, facts[n + 1]) for n, f in enumerate(past)]
        collected = collect_cells(now, facts[0], former)
        count = collected.cells["count"]

        def speak(found: Sum) -> tuple[Any, ...]:
            parts = tuple(sorted(count[list(found.parts)]))
            return count[found.total], parts, found.rest, found.is_named, found.is_closed

        return sorted(speak(found) for found in find_sums(collected, rules.areas))

    return find


def test_two_halves_make_a_whole(sums, table, row) -> None:
    found = sums(table(row(9), row(7, sex="female"), row(2, sex="male")))
    assert found == [(9, (2, 7), 0, False, True)]


def test_a_half_leaves_the_other_by_name(sums, table, row) -> None:
    assert sums(table(row(9), row(7, sex="female"))) == [(9, (7,), 2, True, False)]


def test_halves_that_leave_something_leave_it_without_a_name(sums, table, row) -> None:
    found = sums(table(row(9), row(5, sex="female"), row(2, sex="male")))
    assert found == [(9, (2, 5), 2, False, False)]


def test_parts_that_exceed_their_total_are_none_of_its_parts(sums, table, row) -> None:
    assert sums(table(row(9), row(7, sex="female"), row(3, sex="male"))) == []


def test_parts_of_an_open_list_are_closed_only_by_two_that_fill_it(sums, table, row) -> None:
    one, two = {"category": "form:multiple"}, {"category": "form:forced_labour"}
    assert sums(table(row(9), row(9, **one))) == [(9, (9,), 0, False, False)]
    assert sums(table(row(9), row(7, **one), row(2, **two))) == [(9, (2, 7), 0, False, True)]
    assert sums(table(row(9), row(7, **one), row(1, **two))) == [(9, (1, 7), 1, False, False)]


def test_forms_and_finders_are_two_ways_to_split(sums, table, row) -> None:
    forms = [row(5, category="form:multiple"), row(4, category="form:forced_labour")]
    found = [row(6, category="reported_by:self"), row(3, category="reported_by:ngo_and_io")]
    assert sums(table(row(9), *forms, *found)) == [
        (9, (3, 6), 0, False, True),
        (9, (4, 5), 0, False, True),
    ]


def test_a_split_within_a_split_is_held_against_its_own_total(sums, table, row) -> None:
    rows = [row(9), row(7, sex="female"), row(4, sex="female", age="child")]
    rows += [row(5, age="child")]
    found = sums(table(*rows))
    assert (7, (4,), 3, True, False) in found, "women: children and the rest"
    assert (5, (4,), 1, True, False) in found, "children: girls and the rest"
    assert (9, (4,), 5, True, False) not in found, "girls are no half of all victims"


def test_the_total_of_another_publisher_stands_in_where_there_is_none(sums, table, row) -> None:
    other = row(9, source_id="b")
    assert sums(table(other, row(7, sex="female"))) == [(9, (7,), 2, True, False)]
    own = row(8, source_id="a")
    assert sums(table(other, own, row(7, sex="female"))) == [(8, (7,), 1, True, False)]


def test_what_two_publishers_print_alike_is_one_cell(sums, table, row) -> None:
    rows = [
        row(9),
        row(9, source_id="b"),
        row(7, sex="female"),
        row(7, sex="female", source_id="b"),
    ]
    assert sums(table(*rows)) == [(9, (7,), 2, True, False)]


def test_municipalities_make_a_region_and_a_country(sums, table, row) -> None:
    # The north-east has six municipalities; five of them leave the sixth by name.
    places = ["MK-701", "MK-702", "MK-703", "MK-704", "MK-705", "MK-706"]
    counts = [20, 30, 40, 50, 60, 70]
    parts = [row(c, p) for p, c in zip(places, counts, strict=True)]
    whole = row(270, "MK007")
    assert (270, (20, 30, 40, 50, 60, 70), 0, False, True) in sums(table(whole, *parts))
    found = sums(table(whole, *parts[1:]))
    assert (270, (30, 40, 50, 60, 70), 20, True, False) in found
    assert (270, (40, 50, 60, 70), 50, False, False) in sums(table(whole, *parts[2:]))


def test_years_make_a_longer_period_for_what_happens_and_not_for_what_stands(
    sums, table, row
) -> None:
    pooled = {"period_start": "2020-01-01", "period_end": "2022-12-31"}
    years = [row(4, "MK-703", "2020"), row(5, "MK-703", "2021"), row(6, "MK-703", "2022")]
    assert sums(table(row(15, "MK-703", **pooled), *years)) == [(15, (4, 5, 6), 0, False, True)]
    found = sums(table(row(15, "MK-703", **pooled), *years[1:]))
    assert found == [(15, (5, 6), 4, True, False)], "the year that is left has a name"
    stocks = [
        row(4, "MK-703", "2020", indicator_id=STOCK),
        row(5, "MK-703", "2021", indicator_id=STOCK),
    ]
    whole = row(15, "MK-703", indicator_id=STOCK, **pooled)
    assert sums(table(whole, *stocks)) == []


def test_spans_that_overlap_are_not_added_up(sums, table, row) -> None:
    spans = [
        ("2020-01-01", "2022-12-31", 30),
        ("2020-01-01", "2021-12-31", 20),
        ("2021-01-01", "2022-12-31", 22),
    ]
    rows = [row(c, "MK-703", period_start=a, period_end=b) for a, b, c in spans]
    assert sums(table(*rows)) == [(30, (20,), 10, True, False)]


def test_what_was_not_revised_is_the_same_cell_in_both_editions(sums, table, row) -> None:
    before = table(row(50), row(7, "MK-703"), row(43, "MK-405")).assign(withheld=False)
    now = table(row(51), row(7, "MK-703"), row(44, "MK-405"))
    found = sums(now, before)
    assert (50, (7, 43), 0, False, True) in found
    assert (51, (7, 44), 0, False, True) in found
    assert len(found) == 2, "sums of two editions never mix"


def test_rests_become_unknowns_that_no_row_holds(rules, table, row) -> None:
    frame = table(row(9), row(7, sex="female"))
    facts = find_facts(frame, rules.areas, rules.indicators, rules.policy)
    collected = collect_cells(frame, facts)
    linked = link_edition(collected, find_sums(collected, rules.areas))
    assert linked.is_rest.tolist() == [False, False, True]
    assert linked.cells.counts.tolist()[-1] == 2
    assert linked.table["sex"].tolist()[-1] == "male", "it is called by what it is"
    assert linked.table["threshold"].tolist()[-1] == 5


def test_counts_that_are_not_whole_are_no_cells(rules, table, row) -> None:
    frame = table(row(9.5, "MK-703"), row(20, "MK-405"))
    facts = find_facts(frame, rules.areas, rules.indicators, rules.policy)
    assert collect_cells(frame, facts).place.tolist() == [-1, 0]
