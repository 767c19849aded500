"""The changelog of the data names every change, and no number that is withheld."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.store.changes import (
    CHANGES,
    COLUMNS,
    KINDS,
    ChangeError,
    changelog_bytes,
    changes_by_area,
    compare_builds,
    note_changes,
    write_changelog,
)
from analysis.store.files import OBSERVATIONS, read_table
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "indicator_id": "asylum_applications_persons",
    "area_id": "MK-703",
    "period_start": "2024-01-01",
    "period_end": "2024-12-31",
    "sex": "total",
    "origin": "total",
    "citizenship": "total",
    "source_id": "unhcr",
    "snapshot_id": "table.csv@1",
    "method": "as published",
    "state": "value",
    "status": "final",
    "reason": "",
}


def row(**changes) -> dict:
    made = TEXTS | dict.fromkeys(["numerator", "denominator", "value", "lower", "upper"], np.nan)
    return made | changes


def table(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(row()))
    numbers = ["numerator", "denominator", "value", "lower", "upper"]
    return frame.astype({**dict.fromkeys(TEXTS, "str"), **dict.fromkeys(numbers, float)})


def only(changes: pd.DataFrame) -> dict:
    assert len(changes) == 1
    return changes.iloc[0].to_dict()


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ([], [row(value=12)], "new"),
        ([row(value=12)], [], "withdrawn"),
        ([row(value=12)], [row(value=13)], "revised"),
        ([row(value=12)], [row(value=12, lower=10)], "revised"),
        ([row(value=12, status="provisional")], [row(value=12)], "revised"),
        ([row(value=12)], [row(value=0, state="zero")], "state"),
        ([row(state="no_data")], [row(value=0, state="zero")], "state"),
        ([row(value=12)], [row(value=13, method="sum of 12 months")], "method"),
        ([row(value=12)], [row(value=12, method="sum of 12 months")], "method"),
        ([row(value=12)], [row(value=30, method="sum of merged areas: A, B")], "boundary"),
    ],
)
def test_a_change_has_one_kind(before: list, after: list, kind: str) -> None:
    change = only(compare_builds(table(*before), table(*after)))
    assert change["kind"] == kind
    assert change["area_id"] == "MK-703"


def test_both_sides_of_a_revision_are_told() -> None:
    change = only(compare_builds(table(row(value=12)), table(row(value=13.5, status="estimate"))))
    assert (change["before_value"], change["after_value"]) == (12, 13.5)
    assert (change["before_status"], change["after_status"]) == ("final", "estimate")


def test_another_file_with_the_same_figure_is_no_change() -> None:
    after = table(row(value=12, snapshot_id="table.csv@2"))
    assert compare_builds(table(row(value=12)), after).empty


def test_what_changed_in_a_merged_area_changed_with_the_boundary() -> None:
    before = table(row(value=12, area_id="OLD"), row(value=20), row(value=5, area_id="MK-101"))
    after = table(row(value=32), row(value=6, area_id="MK-101"))
    changes = compare_builds(before, after, {"OLD": "MK-703"})
    kinds = changes.set_index("area_id")["kind"].to_dict()
    assert kinds == {"MK-101": "revised", "MK-703": "boundary", "OLD": "boundary"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (row(value=12), row(state="suppressed", method="")),
        (row(state="suppressed", method=""), row(value=12)),
        # A table that was badly protected: the number is there, and still is not told.
        (row(value=12), row(value=3, state="suppressed")),
        (row(value=3, state="suppressed"), row(value=12)),
    ],
)
def test_beside_a_withheld_number_only_the_change_of_state_is_told(before, after) -> None:
    change = only(compare_builds(table(before), table(after)))
    assert change["kind"] == "state"
    assert {change["before_state"], change["after_state"]} == {"value", "suppressed"}
    assert np.isnan(change["before_value"])
    assert np.isnan(change["after_value"])
    told = "before_status", "after_status", "before_method", "after_method"
    assert {change[name] for name in told} == {""}


def test_what_stays_withheld_is_no_change_whatever_happened_to_it() -> None:
    before = table(row(state="suppressed", value=3, method="a", status="provisional"))
    after = table(row(state="suppressed", value=4, method="b"))
    assert compare_builds(before, after).empty


def test_changes_are_counted_by_area() -> None:
    before = table(row(value=1), row(value=2, area_id="MK-101"))
    after = table(row(value=2), row(value=3, area_id="MK-101"), row(value=3, sex="female"))
    counts = changes_by_area(compare_builds(before, after)).set_index("area_id")
    assert list(counts.columns) == [*KINDS, "changes"]
    assert counts.loc["MK-703", ["new", "revised", "changes"]].tolist() == [1, 1, 2]
    assert counts.loc["MK-101", ["new", "revised", "changes"]].tolist() == [0, 1, 1]
    assert changes_by_area(compare_builds(after, after)).empty


def test_the_file_is_the_same_bytes_in_whatever_order_rows_come(tmp_path: Path) -> None:
    before = table(row(value=1), row(value=2, area_id="MK-101"))
    after = table(row(value=2), row(value=3.25, area_id="MK-101"))
    first = changelog_bytes(compare_builds(before, after))
    assert changelog_bytes(compare_builds(before.iloc[::-1], after.iloc[::-1])) == first
    assert changelog_bytes(compare_builds(before, after).iloc[::-1]) == first
    assert len(write_changelog(tmp_path / CHANGES, compare_builds(before, after))) == 64
    assert (tmp_path / CHANGES).read_bytes() == first
    assert b",1,final," in first, "a whole number has no decimal point"
    assert b",3.25,final," in first
    assert b"\r" not in first


def test_a_change_is_noted_and_no_change_is_not(tmp_path: Path) -> None:
    space = Workspace(tmp_path)
    old, new = table(row(value=1)), table(row(value=2))
    assert note_changes(space, None, new) is None
    assert note_changes(space, new, new) is None
    assert not space.public.exists()
    path = note_changes(space, old, new)
    assert path == space.public / CHANGES
    written = path.read_bytes()
    assert note_changes(space, new, new) is None
    assert path.read_bytes() == written


def test_the_published_table_does_not_differ_from_itself(workspace: Workspace) -> None:
    frame = read_table(workspace.public / OBSERVATIONS)
    assert compare_builds(frame, frame).empty
    assert tuple(compare_builds(frame, frame).columns) == COLUMNS
    assert len(compare_builds(frame.iloc[:0], frame)) == len(frame)


def test_tables_that_cannot_be_compared_are_refused() -> None:
    open_table = table(row(value=1)).drop(columns="reason")
    with pytest.raises(ChangeError, match="The table before has no column 'reason'. Compare prot"):
        compare_builds(open_table, table(row(value=1)))
    with pytest.raises(ChangeError, match="The table after has asylum_applications_persons of MK"):
        compare_builds(table(row(value=1)), table(row(value=1), row(value=2)))


SECRET = 987654.5
STATE = st.sampled_from(["value", "zero", "suppressed", "no_data"])


@st.composite
def tables(draw) -> pd.DataFrame:
    rows = []
    for area in draw(st.sets(st.sampled_from(["A", "B", "C", "D"]))):
        state = draw(STATE)
        number = {"zero": 0.0, "suppressed": SECRET, "no_data": np.nan}
        value = number[state] if state in number else float(draw(st.integers(1, 5)))
        method = draw(st.sampled_from(["as published", "sum of merged areas: A, B"]))
        rows.append(row(area_id=area, state=state, value=value, numerator=value, method=method))
    return table(*rows)


@given(before=tables(), after=tables())
@settings(max_examples=80, deadline=None)
def test_no_number_of_a_withheld_cell_is_ever_told(before, after) -> None:
    changes = compare_builds(before, after)
    assert str(int(SECRET)).encode() not in changelog_bytes(changes)
    withheld = changes["before_state"].eq("suppressed") | changes["after_state"].eq("suppressed")
    assert changes.loc[withheld, ["before_value", "after_value"]].isna().all(axis=None)
    read = pd.read_csv(io.BytesIO(changelog_bytes(changes)))
    assert len(read) == len(changes)
    assert compare_builds(before, before).empty
    assert set(compare_builds(after, before)["area_id"]) == set(changes["area_id"])
    assert set(changes["kind"]) <= set(KINDS)
