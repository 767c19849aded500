"""Each run has one of five words, the one that has to be seen first, and a reason for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from analysis.suite.status.grid import Facts, Said, make_grid, split_name
from analysis.suite.status.page import find_link, group_cells
from analysis.text import translator

if TYPE_CHECKING:
    import datetime as dt

KUMANOVO = "02_municipal_profile/kumanovo_mk_public"
SERBIA = "03_migration_trends/migration-trends-serbia_sr-Latn_public"


def _only(grid: Any) -> Any:
    (cell,) = grid.cells
    return cell


def test_a_good_run_is_ok_with_its_times(record: Any, now: dt.datetime) -> None:
    cell = _only(make_grid([record(KUMANOVO)], [KUMANOVO], now))
    assert (cell.state, cell.reason.tell(str)) == ("ok", "")
    assert (cell.ended, cell.seconds) == ("2026-03-02T04:01:00+00:00", 0.6)
    assert cell.data_date == "2025-12"
    assert cell.failed_cell is None


def test_a_planned_run_without_a_record_is_not_run(now: dt.datetime) -> None:
    cell = _only(make_grid([], [KUMANOVO], now))
    assert (cell.state, cell.reason.tell(str)) == ("not run", "It has never run.")


def test_a_run_on_record_that_nobody_plans_is_shown(record: Any, now: dt.datetime) -> None:
    grid = make_grid([record(SERBIA)], [KUMANOVO], now)
    assert {c.name: c.state for c in grid.cells} == {KUMANOVO: "not run", SERBIA: "ok"}


def test_a_failed_run_gives_its_own_reason_and_cell_and_its_last_good_date(
    record: Any, now: dt.datetime
) -> None:
    failed = record(KUMANOVO, state="failed", reason="The table is torn.", cell=3)
    cell = _only(make_grid([failed], [], now))
    assert (cell.state, cell.reason.tell(str), cell.failed_cell) == (
        "failed",
        "The table is torn.",
        3,
    )
    assert cell.data_date == "2025-12"


def test_a_failed_run_that_says_nothing_has_a_sentence_all_the_same(
    record: Any, now: dt.datetime
) -> None:
    cell = _only(make_grid([record(KUMANOVO, state="failed", good=None)], [], now))
    assert cell.reason.tell(str) == "It stopped, and gave no reason."
    assert cell.data_date == ""


FAILURE = {"state": "failed", "reason": "torn"}
ALL = {"outdated": {KUMANOVO: "data"}, "looks": {"MK-703": "residents"}}


@pytest.mark.parametrize(
    ("changes", "facts", "state", "said"),
    [
        ({}, {"outdated": {KUMANOVO: "data"}}, "check", "its last good result: data."),
        ({}, {"outdated": {SERBIA: "data"}}, "ok", ""),
        ({}, {"looks": {"MK-703": "residents"}}, "check", "differences: residents."),
        ({}, {"looks": {"kumanovo": "residents"}}, "check", "differences: residents."),
        ({}, {"looks": {"MK-803": "residents"}}, "ok", ""),
        ({}, {"standing": "submitted"}, "held", "the approval of a second person"),
        ({}, {"standing": "returned"}, "held", "The reviewer has sent the edition back"),
        ({}, {"standing": "draft"}, "ok", ""),
        ({}, {"standing": "released"}, "ok", ""),
        ({}, {"refusal": "A link is dead."}, "held", "not published: A link is dead."),
        ({}, {**ALL, "standing": "submitted"}, "held", "second person"),
        ({}, {"standing": "submitted", "refusal": "A link is dead."}, "held", "A link is dead."),
        (FAILURE, {**ALL, "refusal": "A link is dead."}, "failed", "torn"),
        (FAILURE, {"standing": "submitted"}, "failed", "torn"),
    ],
)
def test_the_word_is_the_one_that_has_to_be_seen_first(
    record: Any, now: dt.datetime, changes: Any, facts: Any, state: str, said: str
) -> None:
    cell = _only(make_grid([record(KUMANOVO, **changes)], [], now, Facts(**facts)))
    assert cell.state == state
    assert said in cell.reason.tell(str)


def test_the_places_of_a_grid_are_rows_and_its_notebooks_columns(
    record: Any, now: dt.datetime
) -> None:
    english = KUMANOVO.replace("_mk_", "_en_")
    whole = "01_data_readiness/data-readiness_mk_public"
    grid = make_grid([record(KUMANOVO), record(SERBIA)], [english, whole], now)
    assert grid.places == ["kumanovo", "north-macedonia", "serbia"]
    assert [n[:2] for n in grid.notebooks] == ["01", "02", "03"]
    square = grid.square("kumanovo", "02_municipal_profile")
    assert [(c.language, c.state) for c in square] == [("en", "not run"), ("mk", "ok")]
    assert grid.counts == {"failed": 0, "held": 0, "check": 0, "not run": 2, "ok": 2}
    assert grid.newest_data == "2025-12"
    assert make_grid([], [], now).newest_data == ""


def test_a_name_is_taken_apart_whatever_its_language() -> None:
    assert split_name(SERBIA) == ("03_migration_trends", "serbia", "sr-Latn", "public")
    assert split_name("01_data_readiness/data-readiness_en_public")[1] == "north-macedonia"
    assert split_name("odd") == ("odd", "", "", "")


def test_runs_that_stop_for_the_same_reason_are_one_group_and_the_worst_is_first(
    record: Any, now: dt.datetime
) -> None:
    names = [f"02_municipal_profile/{place}_mk_public" for place in ("butel", "kumanovo", "veles")]
    torn = [record(n, state="failed", reason="torn") for n in names[:2]]
    other = record(names[2], state="failed", reason="empty")
    grid = make_grid([*torn, other], [SERBIA], now)
    groups = [[c.place for c in group] for group in group_cells(grid.cells)]
    assert groups == [["veles"], ["butel", "kumanovo"], ["serbia"]]


def test_a_link_leads_to_the_cell_where_a_page_was_kept(record: Any, now: dt.datetime) -> None:
    page = "failed/02_municipal_profile.kumanovo_mk_public.html"
    at = _only(make_grid([record(KUMANOVO, state="failed", cell=3)], [], now))
    outside = _only(make_grid([record(KUMANOVO, state="failed")], [], now))
    good = _only(make_grid([record(KUMANOVO)], [], now))
    assert find_link(at, [page]) == f"{page}#cell-3"
    assert find_link(outside, [page]) == page
    assert find_link(at, []) == ""
    assert find_link(good, [page]) == ""


def test_what_a_run_said_stands_in_a_sentence_as_it_is() -> None:
    braces = Said("The edition was not published: {reason}", "field {x} and {0}", "reason")
    assert braces.tell(translator("en")) == "The edition was not published: field {x} and {0}"
