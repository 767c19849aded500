"""A result never carries a number that its state forbids."""

from __future__ import annotations

import pytest

from analysis.methods import Result


@pytest.mark.parametrize("state", ["suppressed", "no_data", "not_applicable"])
def test_a_silent_state_carries_no_number(state: str) -> None:
    with pytest.raises(ValueError, match=f"state '{state}' may not carry the value 0"):
        Result(state=state, value=0.0)  # type: ignore[arg-type]
    assert not Result(state=state).is_number  # type: ignore[arg-type]


def test_a_value_needs_its_number() -> None:
    with pytest.raises(ValueError, match="state 'value' needs a value"):
        Result(state="value")


def test_a_zero_is_zero() -> None:
    assert Result(state="zero", value=0.0).is_number
    with pytest.raises(ValueError, match=r"state 'zero' may not carry the value 3\.0"):
        Result(state="zero", value=3.0)


def test_the_year_is_that_in_which_the_period_ends() -> None:
    result = Result(state="no_data", period_start="2007-01-01", period_end="2011-12-31")
    assert result.year == 2011


def test_a_settled_result_has_twelve_digits_and_keeps_all_else() -> None:
    result = Result(
        state="value", value=2 / 3, lower=1e-20 / 3, upper=123456789.123456, n=3, method="m"
    )
    settled = result.settle()
    assert settled.value == 0.666666666667
    assert settled.lower == 3.33333333333e-21
    assert settled.upper == 123456789.123
    assert (settled.n, settled.method) == (3, "m")
    assert result.value == 2 / 3
    assert Result(state="no_data").settle() == Result(state="no_data")
