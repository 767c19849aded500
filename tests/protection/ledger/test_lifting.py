"""Accepted remedies are lifted by two persons, on record, and come back where they are needed."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from analysis.documents.protection_review import STEPS, list_steps
from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.folder import LOG, ledger_folder, read_ledger
from analysis.protection.ledger.lifting import ask_lifting, confirm_lifting
from analysis.protection.ledger.refusal import CellName, Refusal, propose_remedy
from analysis.protection.ledger.remedies import accept_remedy, offer_remedy, read_accepted
from analysis.protection.ledger.standing import read_standing
from analysis.protection.ledger.steps import approve_edition, submit_edition

CELL = CellName("asylum_unknown", "MK-703", "2023-01-01", "2023-12-31")
WHY = "The figures of 2023 were revised."


def accept(space, *ids):
    offer_remedy(space, Refusal((CELL,), 1, propose_remedy("suppress", ids), "2026-03-06"))
    accept_remedy(space, "Ana")


@pytest.fixture
def released(space, built, march):
    """A release that withholds two figures by a remedy, and the ids of these."""
    ids = list(built(space)["observation_id"])
    accept(space, ids[3], ids[8])
    built(space, also=(ids[3], ids[8]))
    submit_edition(space, "Ana", march)
    approve_edition(space, "Arben", march)
    return frozenset({ids[3], ids[8]})


def test_one_asks_and_another_lifts(space, released, march) -> None:
    assert ask_lifting(space, " Ana  Petrova ", f" {WHY} ", march) == released
    assert read_accepted(space) == released
    assert confirm_lifting(space, "Arben Hoxha", march + dt.timedelta(days=1)) == released

    assert read_accepted(space) == frozenset()
    asked, lifted = read_ledger(space).steps[-2:]
    assert (asked.kind, asked.by, asked.day) == ("lift_asked", "Ana Petrova", "2026-03-04")
    assert (lifted.kind, lifted.by, lifted.day) == ("lifted", "Arben Hoxha", "2026-03-05")
    assert asked.because == lifted.because == WHY
    assert asked.sha256 == lifted.sha256
    assert lifted.entry_sha256 == read_ledger(space).entries[-1].sha256
    # The release itself stays what it was.
    assert set(read_ledger(space).entries[-1].remedied) == released
    assert read_standing(space).state == "released"


def test_the_reviewer_of_the_next_edition_is_told(space, released, built, march) -> None:
    ask_lifting(space, "Ana", WHY, march)
    confirm_lifting(space, "Arben", march)
    built(space, {1: 104.0})
    submit_edition(space, "Ana", march)
    ledger, standing = read_ledger(space), read_standing(space)
    kinds = [step.kind for step in list_steps(ledger, standing, ledger.entries[-1])]
    assert kinds == ["lift_asked", "lifted", "submitted"]
    # Of the edition that the remedies were released with, they were no part.
    assert [step.kind for step in list_steps(ledger, standing, None)] == ["submitted"]
    assert set(kinds) <= set(STEPS)
    assert read_accepted(space) == frozenset() != released


def test_what_was_accepted_and_never_released_is_lifted_too(space, built, march) -> None:
    built(space)
    accept(space, "a", "b")
    accept(space, "c")
    ask_lifting(space, "Ana", WHY, march)
    assert confirm_lifting(space, "Arben", march) == {"a", "b", "c"}
    assert read_accepted(space) == frozenset()


def test_what_is_lifted_is_out_of_the_next_release_and_may_be_accepted_again(
    space, released, built, march
) -> None:
    ask_lifting(space, "Ana", WHY, march)
    confirm_lifting(space, "Arben", march)
    one = min(released)
    accept(space, one)
    assert read_accepted(space) == {one}
    built(space, {1: 104.0}, also=(one,))
    submit_edition(space, "Ana", march)
    assert approve_edition(space, "Arben", march).remedied == (one,)
    # What was lifted before that release is none of its remedies.
    assert read_accepted(space) == {one}


@pytest.mark.parametrize("name", ["Ana", "ANA ", "Ана"])
def test_nobody_lifts_alone(space, released, march, name: str) -> None:
    ask_lifting(space, "Ana", WHY, march)
    with pytest.raises(LedgerError, match="asked as 'Ana' on 2026-03-04 .* cannot confirm it"):
        confirm_lifting(space, name, march)
    assert read_accepted(space) == released


def test_nobody_confirms_what_was_not_asked(space, released, march) -> None:
    with pytest.raises(LedgerError, match="Nobody asked to lift the remedies that are in force"):
        confirm_lifting(space, "Arben", march)
    assert read_accepted(space) == released


@pytest.mark.parametrize("what", ["remedy", "release", "lifted"])
def test_what_is_confirmed_is_what_was_asked(space, released, built, march, what: str) -> None:
    ask_lifting(space, "Ana", WHY, march)
    if what == "remedy":
        accept(space, "another")
    elif what == "release":
        built(space, {1: 104.0}, also=tuple(released))
        submit_edition(space, "Ana", march)
        approve_edition(space, "Arben", march)
    else:
        confirm_lifting(space, "Arben", march)
        accept(space, *released)
    before = read_accepted(space)
    with pytest.raises(LedgerError, match="Nobody asked to lift the remedies that are in force"):
        confirm_lifting(space, "Arben", march)
    assert read_accepted(space) == before
    # Asked anew, it can be confirmed.
    ask_lifting(space, "Ana", WHY, march)
    confirm_lifting(space, "Arben", march)
    assert read_accepted(space) == frozenset()


def test_asking_twice_is_refused_and_so_is_asking_for_nothing(space, built, march) -> None:
    built(space)
    for step in (lambda: ask_lifting(space, "Ana", WHY), lambda: confirm_lifting(space, "Ana")):
        with pytest.raises(LedgerError, match="No remedy is in force"):
            step()
    accept(space, "a")
    with pytest.raises(LedgerError, match="No reason was given. Say with --because"):
        ask_lifting(space, "Ana", " \n ", march)
    with pytest.raises(LedgerError, match="'' is not the name of a person"):
        ask_lifting(space, " ", WHY, march)
    ask_lifting(space, "Ana", WHY, march)
    with pytest.raises(LedgerError, match="Ana asked on 2026-03-04 to lift these remedies. Anot"):
        ask_lifting(space, "Arben", WHY, march)
    assert [step.kind for step in read_ledger(space).steps] == ["lift_asked"]


@pytest.mark.usefixtures("released")
def test_a_lifting_that_was_written_in_by_hand_is_noticed(space, march) -> None:
    ask_lifting(space, "Ana", WHY, march)
    log = ledger_folder(space) / LOG
    lines = log.read_text(encoding="utf-8").splitlines()
    made = json.loads(lines[-1]) | {"kind": "lifted", "by": "Arben"}
    log.write_text("\n".join([*lines, json.dumps(made)]) + "\n", encoding="utf-8")
    with pytest.raises(LedgerError, match="The log of reviews was changed"):
        read_accepted(space)
