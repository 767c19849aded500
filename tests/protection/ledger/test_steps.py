"""Submitted, returned, approved: each step from each state, and two at once, and one cut off."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from analysis import __version__
from analysis.protection.ledger import folder as folders
from analysis.protection.ledger import steps as stepping
from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.editions import former_editions, truth_path
from analysis.protection.ledger.folder import (
    LOCK,
    LOG,
    SHOWN,
    hold_ledger,
    ledger_folder,
    read_ledger,
    release_folder,
    write_release,
)
from analysis.protection.ledger.standing import read_standing
from analysis.protection.ledger.steps import approve_edition, return_edition, submit_edition
from analysis.store.files import OBSERVATIONS, SOURCES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from analysis.workspace import Workspace


def take(step: str, space: Workspace, by: str, now: dt.datetime) -> Any:
    if step == "submit":
        return submit_edition(space, by, now)
    if step == "return":
        return return_edition(space, by, "a reason", now)
    return approve_edition(space, by, now)


REFUSED = [
    ([], "return", "Arben", "These figures are a draft. Submit them with `patokaz release submit"),
    ([], "approve", "Arben", "These figures are a draft. Submit them with"),
    (["submit"], "submit", "Arben", "Ana submitted these figures on 2026-03-04, and they wait"),
    (["submit"], "approve", "ANA ", "'ANA' submitted these figures as 'Ana' on 2026-03-04 and can"),
    (["submit", "return"], "return", "Arben", "Arben returned these figures on 2026-03-04. Submit"),
    (["submit", "return"], "approve", "Arben", "Arben returned these figures on 2026-03-04"),
    (["submit", "approve"], "submit", "Ana", "These figures are release 0001 of 2026-03-04 alr"),
    (["submit", "approve"], "return", "Arben", "are release 0001 of 2026-03-04 already, submitt"),
    (["submit", "approve"], "approve", "Arben", "by Ana and approved by Arben. Nothing is left"),
]


@pytest.mark.parametrize(("before", "step", "by", "sentence"), REFUSED)
def test_a_step_that_does_not_follow_is_refused_and_changes_nothing(
    space, built, march, before: list[str], step: str, by: str, sentence: str
) -> None:
    built(space)
    for former in before:
        take(former, space, "Ana" if former == "submit" else "Arben", march)
    ledger = read_ledger(space)
    with pytest.raises(LedgerError, match=sentence):
        take(step, space, by, march)
    assert read_ledger(space) == ledger
    assert not (ledger_folder(space) / LOCK).exists()


@pytest.mark.parametrize("step", ["submit", "return", "approve"])
def test_nobody_does_nothing(space, built, march, step: str) -> None:
    built(space)
    with pytest.raises(LedgerError, match="'' is not the name of a person"):
        take(step, space, "  ", march)


@pytest.mark.parametrize("step", ["submit", "return", "approve"])
def test_nothing_can_be_done_before_a_build(space, march, step: str) -> None:
    with pytest.raises(LedgerError, match="observations.parquet' does not exist yet. Run `patokaz"):
        take(step, space, "Ana", march)


def test_a_return_has_a_reason(space, built, march) -> None:
    built(space)
    submit_edition(space, "Ana", march)
    with pytest.raises(LedgerError, match="No reason was given. Say what has to change"):
        return_edition(space, "Arben", " \n ", march)
    return_edition(space, "Arben", "the source\u2028of 2024  is missing", march)
    last = read_ledger(space).steps[-1]
    assert last.because == "the source of 2024 is missing"


def test_an_author_may_take_an_edition_back(space, built, march) -> None:
    built(space)
    submit_edition(space, "Ana", march)
    assert return_edition(space, "Ana", "too early", march).state == "returned"


@pytest.mark.parametrize("step", ["return", "approve"])
def test_figures_that_changed_since_are_not_those_that_were_submitted(
    space, built, march, step: str
) -> None:
    built(space)
    submit_edition(space, "Ana", march)
    built(space, {1: 104.0})
    with pytest.raises(LedgerError, match="The figures changed since Ana submitted them on 2026-0"):
        take(step, space, "Arben", march)
    submit_edition(space, "Ana", march)
    take(step, space, "Arben", march)


def test_new_figures_after_a_release_are_an_ordinary_draft(space, built, published, march) -> None:
    published(space)
    built(space, {1: 104.0})
    with pytest.raises(LedgerError, match="These figures are a draft"):
        approve_edition(space, "Arben", march)


def test_the_log_keeps_who_when_and_what(space, published) -> None:
    entry = published(space)
    lines = (ledger_folder(space) / LOG).read_text(encoding="utf-8").splitlines()
    said = [json.loads(line) for line in lines]
    assert [(s["kind"], s["by"], s["moment"]) for s in said] == [
        ("submitted", "Ana Petrova", "2026-03-04T10:30:05Z"),
        ("approved", "Arben Hoxha", "2026-03-06T10:30:05Z"),
    ]
    assert {s["sha256"] for s in said} == {entry.observations_sha256}


def test_the_log_only_grows(space, published, built, march) -> None:
    published(space)
    before = (ledger_folder(space) / LOG).read_bytes()
    built(space, {1: 104.0})
    submit_edition(space, "Ana", march)
    after = (ledger_folder(space) / LOG).read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == 3


def test_an_entry_says_what_was_released(space, published) -> None:
    first = published(space)
    second = published(space, {1: 500.0})
    assert read_ledger(space).entries == (first, second)
    assert (first.number, second.number) == (1, 2)
    assert first.day == "2026-03-06"
    assert (first.author, first.reviewer) == ("Ana Petrova", "Arben Hoxha")
    assert (first.policy_version, first.tool_version) == ("7", __version__)
    assert (first.cells_shown, first.cells_withheld) == (13, 3)
    assert (first.former_sha256, second.former_sha256) == ("", first.sha256)
    note = json.loads((space.public / "release.json").read_text(encoding="utf-8"))
    assert second.observations_sha256 == note["observations_sha256"]
    assert second.sources_sha256 == note["sources_sha256"]
    shown = (release_folder(space, 2) / SHOWN).read_bytes()
    assert shown == (space.public / OBSERVATIONS).read_bytes()


@pytest.mark.parametrize("name", [OBSERVATIONS, SOURCES])
@pytest.mark.parametrize("step", ["submit", "approve"])
def test_a_table_that_its_note_does_not_name_goes_no_further(
    space, built, march, name: str, step: str
) -> None:
    built(space)
    if step == "approve":
        submit_edition(space, "Ana", march)
    (space.public / name).write_bytes(b"other")
    with pytest.raises(LedgerError, match=f"{name}' is not the table that the note of its build"):
        take(step, space, "Arben", march)


@pytest.mark.parametrize("step", ["submit", "return", "approve"])
def test_figures_held_against_an_older_ledger_go_no_further(
    space, built, published, march, step: str
) -> None:
    # Somebody else's release arrived after the build: nothing was held against it.
    before = read_ledger(space).sha256
    published(space)
    built(space, {1: 104.0}, ledger_sha256=read_ledger(space).sha256)
    if step != "submit":
        submit_edition(space, "Ana", march)
    built(space, {1: 104.0}, ledger_sha256=before)
    with pytest.raises(LedgerError, match="held against when they were built; its last release is"):
        take(step, space, "Arben", march)


def test_a_release_is_not_outdated_by_itself(space, published, built, march) -> None:
    published(space)
    built(space, ledger_sha256="")
    with pytest.raises(LedgerError, match="These figures are release 0001"):
        submit_edition(space, "Ana", march)


def test_a_ledger_that_vanished_is_not_the_one_of_the_build(space, built, march) -> None:
    built(space, ledger_sha256="ab")
    with pytest.raises(LedgerError, match="its last release is none"):
        submit_edition(space, "Ana", march)


@pytest.mark.parametrize("step", ["submit", "return", "approve"])
def test_two_steps_at_once_do_not_cross(space, built, march, step: str) -> None:
    built(space)
    if step != "submit":
        submit_edition(space, "Ana", march)
    before = read_standing(space)
    with (
        hold_ledger(space),
        pytest.raises(LedgerError, match="Another step .* is being recorded. .* delete the file"),
    ):
        take(step, space, "Arben", march)
    assert read_standing(space) == before
    take(step, space, "Arben", march)
    assert read_standing(space) != before


def test_a_second_approval_after_the_first_is_refused(space, built, march) -> None:
    built(space)
    submit_edition(space, "Ana", march)
    approve_edition(space, "Arben", march)
    with pytest.raises(LedgerError, match="are release 0001"):
        approve_edition(space, "Mimoza", march)
    assert len(read_ledger(space).entries) == 1


def test_a_release_is_never_written_over(space, published) -> None:
    entry = published(space)
    held = (release_folder(space, 1) / SHOWN).read_bytes()
    with pytest.raises(LedgerError, match="Release 0001 was recorded by somebody else in the mean"):
        write_release(space, entry, b"other")
    assert (release_folder(space, 1) / SHOWN).read_bytes() == held
    assert sorted(p.name for p in ledger_folder(space).iterdir()) == ["0001", LOG]


def fail_at(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, call: int = 1) -> None:
    """Let the n-th call of a function end in a crash, before it does anything."""
    real: Callable[..., Any] = getattr(place, name)
    calls = iter(range(1, 100))

    def torn(*arguments: Any) -> Any:
        if next(calls) == call:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(place, name, torn)


CRASHES = [
    (stepping, "write_table", 1),
    (stepping, "write_release", 1),
    (folders, "write_atomically", 1),
    (folders, "write_atomically", 2),
    (folders, "_move_into_place", 1),
]


@pytest.mark.parametrize(("place", "name", "call"), CRASHES)
def test_a_crash_before_the_folder_is_there_leaves_it_submitted(
    space, published, built, march, monkeypatch, place: Any, name: str, call: int
) -> None:
    published(space)
    built(space, {1: 104.0})
    submit_edition(space, "Ana", march)
    with monkeypatch.context() as patch:
        fail_at(patch, place, name, call)
        with pytest.raises(KeyboardInterrupt):
            approve_edition(space, "Arben", march)
    assert read_standing(space).state == "submitted"
    assert sorted(p.name for p in ledger_folder(space).iterdir()) == ["0001", LOG]
    assert len(former_editions(space)) == 1
    assert approve_edition(space, "Arben", march).number == 2
    assert len(former_editions(space)) == 2


@pytest.mark.parametrize("name", ["write_steps", "settle_remedies"])
def test_a_crash_after_the_folder_is_there_leaves_it_released(
    space, built, march, monkeypatch, name: str
) -> None:
    built(space)
    submit_edition(space, "Ana", march)
    with monkeypatch.context() as patch:
        fail_at(patch, stepping, name)
        with pytest.raises(KeyboardInterrupt):
            approve_edition(space, "Arben", march)
    assert read_standing(space).number == 1
    assert len(former_editions(space)) == 1
    built(space, {1: 104.0})
    submit_edition(space, "Ana", march)
    approve_edition(space, "Arben", march)
    kinds = [json.loads(s)["kind"] for s in (ledger_folder(space) / LOG).read_text().splitlines()]
    assert kinds == ["submitted", "approved", "submitted", "approved"]
    assert read_standing(space).number == 2


def test_a_folder_that_was_left_half_written_is_no_release(space, built, march) -> None:
    built(space)
    submit_edition(space, "Ana", march)
    left = ledger_folder(space) / ".0001.left"
    left.mkdir()
    (left / SHOWN).write_bytes(b"half")
    truth_path(space, 1).parent.mkdir()
    truth_path(space, 1).write_bytes(b"half")
    assert approve_edition(space, "Arben", march).number == 1
    assert len(former_editions(space)) == 1


def test_a_disk_that_fails_is_not_taken_for_another_person(space, published, monkeypatch) -> None:
    entry = published(space)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("pathlib.Path.rename", full)
    with pytest.raises(OSError, match="no space left"):
        write_release(space, replace(entry, number=2), b"x")
