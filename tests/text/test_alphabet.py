"""Names stand in the order of a reader's alphabet, not in that of a computer."""

from __future__ import annotations

import pytest

from analysis.catalog import load_areas
from analysis.text import LANGUAGES
from analysis.text.alphabet import ALPHABETS, alphabet_key, sort_by_name


@pytest.mark.parametrize(
    ("code", "ordered"),
    [
        ("mk", ["Гостивар", "Дебар", "Ѓорче Петров", "Зрновци", "Ѕвездан", "Јегуновце", "Кичево"]),
        ("sr-Cyrl", ["Дебар", "Ђорче Петров", "Јегуновце", "Љубош", "Ниш", "Ћуприја", "Цетиње"]),
        ("sr-Latn", ["Cetinje", "Čair", "Ćuprija", "Debar", "Džep", "Đorče", "Lipkovo", "Ljuboš"]),
        (
            "sq",
            ["Dibër", "Dhermi", "Gazi", "Gjorçe", "Lipkovë", "Llojan", "Strugë", "Shtip"],
        ),
        ("en", ["Centar", "Centar Zhupa", "Chair", "Čair", "Shtip", "Zrnovci"]),
    ],
)
def test_names_stand_as_in_a_register(code: str, ordered: list[str]) -> None:
    assert sort_by_name(reversed(ordered), str, LANGUAGES[code]) == ordered


def test_every_language_has_an_alphabet_in_which_no_letter_stands_twice() -> None:
    assert set(ALPHABETS) == set(LANGUAGES)
    for code, letters in ALPHABETS.items():
        assert len(letters.split()) == len(set(letters.split())), code


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_every_municipality_has_a_place_of_its_own(code: str) -> None:
    language = LANGUAGES[code]
    names = {a.name(language.column) for a in load_areas().at_level("municipality")}
    assert len({alphabet_key(name, language) for name in names}) == len(names)


def test_capitals_change_nothing_and_blanks_come_first() -> None:
    english = LANGUAGES["en"]
    assert alphabet_key("OHRID", english) == alphabet_key("Ohrid", english)
    assert alphabet_key("Novo Selo", english) < alphabet_key("Novogradec", english)
    assert alphabet_key("Ohrid", english) < alphabet_key("Охрид", english)
