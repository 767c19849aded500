"""Two names are two persons only where no reader could take them for one."""

from __future__ import annotations

import pytest

from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.persons import check_name, is_same_person


@pytest.mark.parametrize(
    "other",
    [
        "ana petrović",
        "  ANA\tPetrović ",
        "Ana Petrovic",
        "Ana Petrovic\u0301",
        "Ана Петровић",
        "Petrović Ana",
        "Ana\u200b Petrović",
        "Ａｎａ Petrović",  # of full width
    ],
)
def test_one_person_in_many_spellings(other: str) -> None:
    assert is_same_person("Ana Petrović", other)
    assert is_same_person(other, "Ana Petrović")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ѓорѓи Шопов", "Gjorgji Shopov"),
        ("Ђорђе Жикић", "Djordje Zhikic"),
        ("Наќе Чочков", "Nakje Chochkov"),
    ],
)
def test_a_name_in_two_scripts_is_one_person(one: str, other: str) -> None:
    assert is_same_person(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana Petrova", "Anka Petrova"), ("Ana Petrova", "Ana Petrov"), ("Арбен Хоџа", "Ana Hodža")],
)
def test_other_names_are_other_persons(one: str, other: str) -> None:
    assert not is_same_person(one, other)


@pytest.mark.parametrize("name", ["", "   ", "-", "12", "\u200b"])
def test_a_name_has_a_letter(name: str) -> None:
    with pytest.raises(LedgerError, match="is not the name of a person. Say who you are with --by"):
        check_name(name)


def test_a_name_is_one_line_of_composed_letters() -> None:
    assert check_name(" Ana\n Petrovic\u0301 ") == "Ana Petrović"
