"""Numbers are written as each language writes them, and read back unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text import (
    LANGUAGES,
    find_language,
    format_change,
    format_count,
    format_percent,
    parse_number,
)

CODES = sorted(LANGUAGES)


@given(st.sampled_from(CODES), st.integers(-10_000_000, 10_000_000))
def test_a_count_is_read_back(code: str, count: int) -> None:
    language = find_language(code)
    assert parse_number(format_count(count, language), language) == count
    assert parse_number(format_change(count, language).removeprefix("+"), language) == count


@given(st.sampled_from(CODES), st.decimals(-999, 99_999, places=1))
def test_a_percentage_is_read_back(code: str, percent: float) -> None:
    language = find_language(code)
    assert parse_number(format_percent(float(percent), language), language) == float(percent)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("mk", "1.836.713"),
        ("en", "1,836,713"),
        ("sq", "1\N{NO-BREAK SPACE}836\N{NO-BREAK SPACE}713"),
        ("sr-Latn", "1.836.713"),
        ("sr-Cyrl", "1.836.713"),
    ],
)
def test_thousands_follow_the_language(code: str, text: str) -> None:
    assert format_count(1836713, find_language(code)) == text


def test_a_loss_has_the_same_sign_as_on_charts() -> None:
    assert format_count(-7380, find_language("mk")) == "\N{MINUS SIGN}7.380"


def test_a_count_with_a_fraction_is_refused() -> None:
    with pytest.raises(ValueError, match=r"12\.5 is not a whole number"):
        format_count(12.5, find_language("en"))


def test_text_is_no_number() -> None:
    with pytest.raises(ValueError, match="'затаено' is not a number as Македонски writes it"):
        parse_number("затаено", find_language("mk"))
