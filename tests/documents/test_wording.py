"""Sentences carry bound numbers and say the state where there is no number."""

from __future__ import annotations

import pytest

from analysis.assessment.jumps import is_jump
from analysis.documents.gap_words import year_ranges
from analysis.documents.html import bound_html, sentence_html
from analysis.documents.model import Bound
from analysis.documents.wording import Wording
from analysis.methods import Result
from analysis.text import LANGUAGES, translator


def _result(value: float, status: str = "final", unit: str = "persons") -> Result:
    return Result(state="value", value=value, unit=unit, reference="abc", status=status)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_each_state_has_its_own_words(code: str) -> None:
    w = Wording(translator(code))
    written = [
        w.number(_result(1234.0)).text,
        w.number(Result(state="zero", value=0.0, unit="persons")).text,
        w.number(Result(state="suppressed")).text,
        w.number(Result(state="no_data")).text,
        w.number(Result(state="not_applicable")).text,
    ]
    assert written[1] == "0"
    assert len(set(written)) == 5


def test_a_withheld_number_is_nowhere_in_its_html() -> None:
    bound = Wording(translator("en")).number(Result(state="suppressed", reference="abc"))
    assert bound_html(bound) == (
        '<span class="state state-suppressed" data-observation="abc">× withheld</span>'
    )


def test_a_number_says_its_value_and_its_observation() -> None:
    bound = Wording(translator("mk")).number(_result(98_104.0))
    assert bound_html(bound) == '<data value="98104" data-observation="abc">98.104</data>'


def test_a_provisional_number_is_marked_in_tables_only() -> None:
    w = Wording(translator("mk"))
    assert w.cell(_result(14.0, "provisional")).text == "14\N{NO-BREAK SPACE}п"
    assert w.number(_result(14.0, "provisional")).text == "14"


def test_text_from_outside_is_escaped() -> None:
    w = Wording(translator("en"))
    sentence = w.say("{area}: municipal profile", area="<script>alert(1)</script>")
    assert "<script>" not in sentence_html(sentence)


def test_a_missing_part_is_an_error() -> None:
    with pytest.raises(KeyError, match="wants 'area', which was not given"):
        Wording(translator("en")).say("{area}: municipal profile")


def test_the_size_of_a_change_has_no_sign_and_keeps_its_value() -> None:
    bound = Wording(translator("en")).size(_result(-7380.0))
    assert (bound.text, bound.value) == ("7,380", -7380.0)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(31, 4900, True), (31, 300, False), (5, 80, False), (4900, 31, True), (100, 1000, True)],
)
def test_a_jump_is_a_tenfold_change_of_more_than_a_hundred(
    before: float, after: float, *, expected: bool
) -> None:
    assert is_jump(_result(before), _result(after)) is expected


def test_country_names_come_from_cldr() -> None:
    assert Wording(translator("mk")).country("SYR") == "Сирија"
    assert Wording(translator("en")).country("UNK") == "Unknown origin"


def test_years_are_written_as_ranges() -> None:
    assert year_ranges((2003, 2004, 2005, 2010, 2012)) == "2003–2005, 2010, 2012"
    assert year_ranges(()) == ""


def test_a_bound_number_reads_as_its_text() -> None:
    assert str(Bound("98.104", 98104.0, "abc", "value")) == "98.104"
