"""Estimates: numbers, limits, n, state and reason never come apart."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.methods.estimates import collect_estimates
from analysis.methods.inputs import (
    check_level,
    check_same_shape,
    read_counts,
    read_exposure,
    read_values,
)
from analysis.methods.reasons import NO_FIGURE, NOT_MEANT, TOO_FEW, WITHHELD


def test_every_state_keeps_its_number_its_limits_and_its_reason_together() -> None:
    few = np.array([False, False, True, False, False, False])
    made = collect_estimates(
        [1.5, 0.0, 2.5, np.nan, 4.5, 5.5],
        {0.95: ([1, 0, 2, 3, 4, 5], [2, 1, 3, 4, 5, 6]), 0.998: (np.zeros(6), np.full(6, 9))},
        n=[1, 0, 2, np.nan, 4, 5],
        method="crude rate",
        unit="per 1,000",
        given=["value", "zero", "value", "no_data", "suppressed", "not_applicable"],
        refused=[(few, TOO_FEW)],
    )
    assert list(made.state) == [
        "value",
        "zero",
        "not_applicable",
        "no_data",
        "suppressed",
        "not_applicable",
    ]
    assert list(made.reason) == ["", "", TOO_FEW, NO_FIGURE, WITHHELD, NOT_MEANT]
    silent = ~made.is_number
    assert np.isnan(made.value[silent]).all()
    assert np.isnan([made.lower[silent], made.upper[silent]]).all()
    assert np.isnan([side[silent] for side in made.limits[0.998]]).all()
    assert np.isnan(made.n[4]), "the n of a suppressed cell gives it back"
    assert made.at(0).lower == 1
    assert made.at(0).upper == 2
    assert made.at(0).unit == "per 1,000"
    assert made.at(1).state == "zero"
    assert made.at(3).value is None
    frame = made.to_frame(list("abcdef"))
    assert frame.loc["a", "value"] == 1.5
    assert frame.loc["e", "reason"] == WITHHELD


def test_the_first_reason_that_applies_counts() -> None:
    yes = np.array([True])
    made = collect_estimates([1.0], n=[1], method="m", refused=[(yes, "first"), (yes, "second")])
    assert made.at(0).reason == "first"


def test_estimates_cannot_be_written_to_and_inputs_stay_as_they_are() -> None:
    given = np.array([1.0, np.nan])
    made = collect_estimates(given, n=given, method="m", refused=[(np.array([True, False]), "w")])
    assert given[0] == 1.0
    for array in (made.value, made.lower, made.upper, made.n, made.state, made.reason):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]
    with pytest.raises(TypeError, match="does not support item assignment"):
        made.limits[0.5] = (given, given)


def test_an_estimate_outside_its_own_limits_is_refused() -> None:
    with pytest.raises(ValueError, match=r"outside its own 0.95 limits: 3 outside \[1, 2\]"):
        collect_estimates([3.0], {0.95: ([1.0], [2.0])}, n=[3], method="m")


def test_wrong_inputs_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="counts holds -1, and a count is a number from 0 up"):
        read_counts([1, -1])
    with pytest.raises(ValueError, match="population holds inf"):
        read_exposure([np.inf])
    with pytest.raises(ValueError, match="values holds an infinite number"):
        read_values([-np.inf])
    with pytest.raises(ValueError, match="births cannot be read as numbers"):
        read_counts(["many"], "births")
    with pytest.raises(ValueError, match=r"The shapes differ: a \(2,\), b \(3,\)"):
        check_same_shape(a=np.zeros(2), b=np.zeros(3))
    with pytest.raises(ValueError, match=r"A confidence level of 95 was asked for.*0\.95"):
        check_level(95)


def test_a_blank_is_never_zero() -> None:
    made = collect_estimates(read_counts([None, 0]), n=[np.nan, 0], method="m")
    assert list(made.state) == ["no_data", "zero"]
