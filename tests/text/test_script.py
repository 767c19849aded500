"""Serbian in Latin letters."""

from __future__ import annotations

import pytest

from analysis.text import latinise_serbian


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Његош", "Njegoš"),
        ("ЊЕГОШ", "NJEGOŠ"),
        ("Џеп и џ", "Džep i dž"),
        ("Љ", "Lj"),
        ("ПОЉЕ ЉИГ", "POLJE LJIG"),
        ("жртва трговине људима", "žrtva trgovine ljudima"),
        ("{area}: 98.104", "{area}: 98.104"),
        ("Ѓорче Петров", "Đorče Petrov"),
    ],
)
def test_every_letter_has_its_latin_form(cyrillic: str, latin: str) -> None:
    assert latinise_serbian(cyrillic) == latin


def test_no_cyrillic_letter_is_left() -> None:
    alphabet = "абвгдђежзијклљмнњопрстћуфхцчџш"
    written = latinise_serbian(alphabet + alphabet.upper())
    assert not any("Ѐ" <= letter <= "ӿ" for letter in written)
