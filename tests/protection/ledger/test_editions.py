"""Former releases come back with what they withheld, and nothing of it is kept in the open."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.editions import (
    former_editions,
    join_truth,
    take_truth,
    truth_path,
)
from analysis.protection.ledger.folder import SHOWN, ledger_folder, read_ledger, release_folder
from analysis.protection.ledger.steps import approve_edition, submit_edition
from analysis.store.files import OBSERVATIONS, write_table
from analysis.store.schema import COLUMNS, check_observations

if TYPE_CHECKING:
    from pathlib import Path


def test_before_the_first_release_there_is_none(space) -> None:
    assert former_editions(space) == []


def test_a_release_comes_back_with_true_values(space, published, observed) -> None:
    published(space)
    published(space, {1: 500.0, 5: 3.0})
    first, second = former_editions(space)
    assert (first.number, first.day, second.number) == (1, "2026-03-06", 2)
    for edition, changes in ((first, {}), (second, {1: 500.0, 5: 3.0})):
        frame = edition.observations
        assert list(frame.columns) == [*COLUMNS, "withheld"]
        assert frame["withheld"].dtype == bool
        pd.testing.assert_frame_equal(frame[list(COLUMNS)], observed(changes), check_dtype=False)
        check_observations(frame[list(COLUMNS)].astype({"line": int}))
        # Row 6 was blank when it came: it was not there for us to withhold.
        assert np.flatnonzero(frame["withheld"]).tolist() == [0, 5]


def test_a_release_without_anything_withheld_comes_back_too(observed) -> None:
    frame = observed({0: 200.0, 5: 200.0}).drop(index=6).reset_index(drop=True)
    table = frame.assign(reason="")
    truth = take_truth(table, frame)
    both = join_truth(table, truth)
    assert len(truth) == 0
    assert both is not None
    assert not both["withheld"].any()
    assert len(both) == 15


def test_a_release_that_withheld_everything_comes_back_too(observed, protected) -> None:
    frame = observed().iloc[[0, 5]].reset_index(drop=True)
    both = join_truth(protected(frame), take_truth(protected(frame), frame))
    assert both is not None
    assert both["withheld"].all()
    assert both["value"].tolist() == frame["value"].tolist()


def test_the_order_is_that_of_the_release(observed, protected) -> None:
    frame = observed()
    table = protected(frame).iloc[::-1].reset_index(drop=True)
    truth = take_truth(table, frame)
    assert truth["observation_id"].tolist() == frame["observation_id"].iloc[[6, 5, 0]].tolist()
    both = join_truth(table, truth.sample(frac=1, random_state=4))
    assert both is not None
    assert both["observation_id"].tolist() == table["observation_id"].tolist()
    assert both["value"].iloc[::-1].tolist()[5] == 2.0


def test_an_older_table_without_later_splits_is_read(observed, protected) -> None:
    frame = observed()
    old = frame.drop(columns=["age", "category"])
    table = protected(frame).drop(columns=["age", "category"])
    both = join_truth(table, take_truth(table, old))
    assert both is not None
    assert set(both["age"]) == {"total"}


def test_neither_table_is_changed(observed, protected) -> None:
    frame, table = observed(), protected(observed())
    copies = frame.copy(), table.copy()
    join_truth(table, take_truth(table, frame))
    pd.testing.assert_frame_equal(frame, copies[0])
    pd.testing.assert_frame_equal(table, copies[1])


def test_what_is_missing_has_to_be_restored_before_anything_is_published(space, published) -> None:
    published(space)
    published(space, {1: 500.0})
    truth_path(space, 1).unlink()
    with pytest.raises(
        LedgerError,
        match=r"restricted/releases/0001.parquet' is missing: it holds what release 0001 of "
        r"2026-03-06 withheld.* Restore it from the restricted zone of the machine where Arben",
    ):
        former_editions(space)


@pytest.mark.parametrize("rows", [slice(0, 2), slice(1, 3)])
def test_what_was_restored_has_to_be_the_right_file(space, published, rows: slice) -> None:
    published(space)
    path = truth_path(space, 1)
    write_table(path, pd.read_parquet(path).iloc[rows])
    with pytest.raises(LedgerError, match="does not hold the rows that release 0001 of 2026-03-06"):
        former_editions(space)


@pytest.mark.parametrize(("content", "state"), [(b"other", "was changed"), (None, "is missing")])
def test_a_published_table_is_not_changed_afterwards(
    space, published, content: bytes | None, state: str
) -> None:
    published(space)
    path = release_folder(space, 1) / SHOWN
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(LedgerError, match=f"0001/shown.parquet' {state}: it is not the table that"):
        former_editions(space)


def test_zones_of_two_builds_are_not_released_together(space, built, observed, march) -> None:
    built(space)
    submit_edition(space, "Ana", march)
    write_table(space.restricted / OBSERVATIONS, observed({2: 105.0}))
    with pytest.raises(
        LedgerError, match="another figure for trafficking_victims_identified of MK-605, 2023-01-01"
    ):
        approve_edition(space, "Arben", march)
    write_table(space.restricted / OBSERVATIONS, observed().iloc[1:])
    with pytest.raises(LedgerError, match=r"has other rows than the public one \(15 and 16\)"):
        approve_edition(space, "Arben", march)
    assert read_ledger(space).entries == ()
    assert not truth_path(space, 1).exists()


def holds(path: Path, number: float) -> bool:
    """Look for a number as text, as bytes of a float, and in the cells of a table."""
    content = path.read_bytes()
    if str(number).encode() in content or struct.pack("<d", number) in content:
        return True
    if path.suffix != ".parquet":
        return False
    frame = pd.read_parquet(path)
    numbers = frame.select_dtypes("number")
    told = frame.select_dtypes(exclude="number").astype(str)
    return bool(
        (numbers == number).to_numpy().any()
        or told.apply(lambda column: column.str.contains("7.123|that tells")).to_numpy().any()
    )


def test_nothing_withheld_is_kept_in_the_open(space, published, built, planted, march) -> None:
    published(space)
    built(space, {1: 500.0}, also=())
    submit_edition(space, "Ana", march)
    approve_edition(space, "Arben", march)
    kept = [path for path in ledger_folder(space).rglob("*") if path.is_file()]
    assert sorted(path.name for path in kept) == [
        "entry.json",
        "entry.json",
        "review.jsonl",
        "shown.parquet",
        "shown.parquet",
    ]
    assert [path for path in kept if holds(path, planted)] == []
    # The search finds the number where it is.
    assert holds(truth_path(space, 1), planted)
    assert holds(space.restricted / OBSERVATIONS, planted)


def test_no_hash_of_what_is_withheld_is_kept_in_the_open(space, published, tmp_path) -> None:
    # With one number unknown, whoever has its hash can try all numbers.
    from analysis.workspace import Workspace

    other = Workspace(tmp_path / "other")
    published(space)
    published(other, {0: 3.0, 5: 1.0})
    for name in ("0001/entry.json", "0001/shown.parquet", "review.jsonl"):
        one, two = (ledger_folder(each) / name for each in (space, other))
        assert one.read_bytes() == two.read_bytes()
