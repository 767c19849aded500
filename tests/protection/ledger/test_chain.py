"""A record that was changed, taken out or put in is noticed, whichever it is."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.protection.ledger.chain import LedgerError, find_broken_link, hash_record
from analysis.protection.ledger.entries import Entry, check_entries, count_tables
from analysis.protection.ledger.folder import (
    ENTRY,
    LOG,
    join_approvals,
    ledger_folder,
    make_approval,
    read_ledger,
    release_folder,
    write_steps,
)
from analysis.protection.ledger.review import Step, check_steps, follow_on
from analysis.protection.ledger.standing import read_standing

if TYPE_CHECKING:
    from pathlib import Path


def make_entries(count: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(1, count + 1):
        former = entries[-1].sha256 if entries else ""
        entry = Entry(
            number, "2026-03-06T10:00:00Z", "Ana", "Arben", "1", "0", f"{number:x}", "s", 9, 1, (),
            (), former,
        )  # fmt: skip
        entries.append(entry)
    return entries


def rewrite(path: Path, **changes: Any) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **changes}), encoding="utf-8")


@given(st.integers(1, 6), st.data())
def test_a_chain_breaks_after_any_record_that_changes(count: int, data: st.DataObject) -> None:
    records = [asdict(entry) for entry in make_entries(count)]
    assert find_broken_link(records) is None
    changed = data.draw(st.integers(0, count - 1))
    records[changed] = {**records[changed], "cells_shown": 10}
    # The last has nobody after it; the log of reviews holds its hash.
    assert find_broken_link(records) == (None if changed == count - 1 else changed + 1)


def test_a_first_record_that_follows_on_something_is_noticed() -> None:
    assert find_broken_link([{"former_sha256": "ab"}]) == 0
    assert find_broken_link([{}]) == 0


def test_the_hash_is_of_what_is_said_and_not_of_how_it_is_laid_out() -> None:
    # Of these characters, without blanks: {"a":"\\u0161","b":1}
    known = "014ec287675d549f03b617dc1975cb365df2f6c9ab04aa02ea23e032c101bd5d"
    assert hash_record({"b": 1, "a": "š"}) == known
    assert hash_record({"a": "š", "b": 1}) == known
    assert hash_record({"a": "š"}) != hash_record({"a": "s"})


@pytest.mark.parametrize("gone", [0, 1])
def test_a_release_that_is_missing_is_named(gone: int) -> None:
    entries = make_entries(3)
    del entries[gone]
    with pytest.raises(LedgerError, match=f"Release 000{gone + 1} is missing from the ledger"):
        check_entries(entries)


def test_an_entry_of_one_person_is_refused() -> None:
    entry = replace(make_entries(1)[0], reviewer="ANA")
    with pytest.raises(LedgerError, match="'Ana' submitted it and 'ANA' approved it. Expected two"):
        check_entries([entry])


def test_a_changed_entry_is_named_with_the_one_that_follows() -> None:
    first, second = make_entries(2)
    with pytest.raises(LedgerError, match="release 0002 does not follow on 0001 as it stands"):
        check_entries([replace(first, cells_shown=8), second])
    with pytest.raises(LedgerError, match="release 0001 does not follow on no release"):
        check_entries([replace(first, former_sha256="ab")])
    check_entries([first, second])


def test_steps_follow_on_each_other() -> None:
    first = Step("submitted", "Ana", "2026-03-04T10:00:00Z", "ab")
    second = Step("returned", "Arben", "2026-03-05T10:00:00Z", "ab", "why", "", follow_on([first]))
    check_steps([first, second])
    assert second.day == "2026-03-05"
    with pytest.raises(LedgerError, match=r"step 2 \(returned by Arben\) does not follow on"):
        check_steps([replace(first, by="Mimoza"), second])


def test_a_log_that_does_not_hold_is_not_written(space) -> None:
    with pytest.raises(LedgerError, match="The log of reviews was changed: step 1"):
        write_steps(space, [Step("submitted", "Ana", "m", "ab", former_sha256="x")])
    assert not (ledger_folder(space) / LOG).exists()


def approve(entries: list[Entry]) -> list[Step]:
    steps: list[Step] = []
    for entry in entries:
        steps.append(make_approval(entry, steps))
    return steps


def test_only_the_last_approval_may_be_written_late() -> None:
    entries = make_entries(3)
    steps = approve(entries)
    assert join_approvals(entries, steps) == tuple(steps)
    assert join_approvals(entries, steps[:2]) == tuple(steps)
    assert join_approvals(entries[:1], []) == tuple(steps[:1])
    assert join_approvals([], []) == ()
    with pytest.raises(LedgerError, match="release 0002 do not agree .1 approvals on record, 3"):
        join_approvals(entries, steps[:1])
    with pytest.raises(LedgerError, match="release 0003 do not agree .3 approvals on record, 2"):
        join_approvals(entries[:2], steps)
    with pytest.raises(LedgerError, match="release 0001 do not agree .1 approvals on record, 0"):
        join_approvals([], steps[:1])
    changed = [*entries[:2], replace(entries[2], cells_shown=8)]
    with pytest.raises(LedgerError, match="release 0003 do not agree .3 approvals on record, 3"):
        join_approvals(changed, steps)


def test_the_last_entry_cannot_be_changed_either(space, published) -> None:
    published(space)
    rewrite(release_folder(space, 1) / ENTRY, cells_withheld=0)
    with pytest.raises(LedgerError, match="the entry of release 0001 do not agree"):
        read_standing(space)


def test_the_last_release_cannot_be_taken_out(space, published) -> None:
    published(space)
    published(space, {1: 500.0})
    shutil.rmtree(release_folder(space, 2))
    with pytest.raises(LedgerError, match=r"release 0002 do not agree \(2 approvals on record, 1"):
        read_standing(space)


def test_a_former_release_cannot_be_taken_out(space, published) -> None:
    published(space)
    published(space, {1: 500.0})
    shutil.rmtree(release_folder(space, 1))
    with pytest.raises(LedgerError, match="Release 0001 is missing from the ledger: 0002 was"):
        read_standing(space)


def test_an_entry_in_another_folder_is_refused(space, published) -> None:
    published(space)
    release_folder(space, 1).rename(release_folder(space, 2))
    with pytest.raises(LedgerError, match="is the entry of release 0001, not of 0002"):
        read_ledger(space)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "entry.json' cannot be read"),
        ("3", "entry.json' cannot be read"),
        ("{}", "entry.json' is not an entry of the ledger .'tables'.. Expected exactly: number,"),
    ],
)
def test_an_entry_that_is_none_is_refused(space, published, content: str, sentence: str) -> None:
    published(space)
    (release_folder(space, 1) / ENTRY).write_text(content, encoding="utf-8")
    with pytest.raises(LedgerError, match=sentence):
        read_ledger(space)


def test_an_entry_with_more_than_belongs_is_refused(space, published) -> None:
    published(space)
    rewrite(release_folder(space, 1) / ENTRY, values=[3])
    with pytest.raises(LedgerError, match="unexpected keyword argument 'values'"):
        read_ledger(space)


def test_a_folder_without_its_entry_is_refused(space, published) -> None:
    published(space)
    (release_folder(space, 1) / ENTRY).unlink()
    with pytest.raises(LedgerError, match=r"0001/entry.json' is missing. What was public once"):
        read_ledger(space)


def test_ends_of_lines_of_another_system_change_nothing(space, published) -> None:
    published(space)
    for path in (release_folder(space, 1) / ENTRY, ledger_folder(space) / LOG):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_standing(space).is_released


def test_a_name_in_the_log_cannot_be_changed(space, published) -> None:
    published(space)
    log = ledger_folder(space) / LOG
    log.write_text(log.read_text(encoding="utf-8").replace("Ana Petrova", "Mimoza"), "utf-8")
    with pytest.raises(LedgerError, match=r"step 2 \(approved by Arben Hoxha\) does not follow on"):
        read_ledger(space)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nonsense", "review.jsonl', line 3, cannot be read"),
        ('{"kind": "approved"}', "review.jsonl', line 3, is not a step of a review"),
    ],
)
def test_a_line_that_is_no_step_is_refused(space, published, line: str, sentence: str) -> None:
    published(space)
    log = ledger_folder(space) / LOG
    log.write_text(log.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(LedgerError, match=sentence):
        read_ledger(space)


def test_a_step_of_an_unknown_kind_is_refused(space, published) -> None:
    published(space)
    log = ledger_folder(space) / LOG
    log.write_text(log.read_text(encoding="utf-8").replace('"approved"', '"waved"'), "utf-8")
    with pytest.raises(LedgerError, match="Expected kind, by, .* one of submitted, returned, appr"):
        read_ledger(space)


def test_what_else_lies_beside_the_releases_is_left_alone(space, published) -> None:
    published(space)
    (ledger_folder(space) / ".0002.torn").mkdir()
    (ledger_folder(space) / "README.md").write_text("words", encoding="utf-8")
    (ledger_folder(space) / "0009").write_text("a file", encoding="utf-8")
    assert [entry.number for entry in read_ledger(space).entries] == [1]


def test_tables_are_counted_by_indicator_and_source(observed, protected) -> None:
    counts = {(t.indicator_id, t.source_id): t for t in count_tables(protected(observed()))}
    assert len(counts) == 4
    first = counts["trafficking_victims_identified", "source-2023"]
    assert (first.periods, first.cells_shown, first.cells_withheld) == (
        ("2023-01-01/2023-12-31",),
        3,
        1,
    )
    assert counts["trafficking_victims_identified", "source-2024"].cells_withheld == 2
    assert sum(t.cells_shown + t.cells_withheld for t in counts.values()) == 16
