"""How sure a statement is: every step of the rule alone, and the words above it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.assessment.assistance import read_assistance
from analysis.assessment.confidence import (
    Basis,
    Confidence,
    ConfidenceError,
    find_basis,
    is_old,
    judge_confidence,
    lower_confidence,
)
from analysis.catalog import load_areas
from analysis.store.read import read_public

SURE = Basis("2025-12-31", "2026-01", cases=200, width=10.0, coverage=1.0)


def test_nothing_against_it_is_high() -> None:
    assert judge_confidence(SURE) == Confidence("high")


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"cases": 29.0}, "few"),
        ({"width": 20.1}, "few"),
        ({"newest_end": "2023-12-31"}, "old"),
        ({"is_second_hand": True}, "second_hand"),
        ({"is_not_public": True}, "not_public"),
        ({"coverage": 0.79}, "partial"),
        ({"has_changed": True}, "changed"),
        ({"fails_check": True}, "fails_check"),
    ],
)
def test_each_reason_takes_one_step(change: dict[str, object], step: str) -> None:
    assert judge_confidence(replace(SURE, **change)) == Confidence("moderate", (step,))


@pytest.mark.parametrize(
    "change", [{"cases": 30.0}, {"width": 20.0}, {"coverage": 0.8}, {"newest_end": "2024-01-31"}]
)
def test_the_bounds_themselves_take_none(change: dict[str, object]) -> None:
    assert judge_confidence(replace(SURE, **change)).steps == ()


def test_few_cases_and_a_wide_interval_are_one_step() -> None:
    assert judge_confidence(replace(SURE, cases=12.0, width=50.0)).level == "moderate"


@pytest.mark.parametrize("more", [{}, {"has_changed": True}])
def test_two_steps_or_more_are_low(more: dict[str, object]) -> None:
    found = judge_confidence(replace(SURE, is_second_hand=True, fails_check=True, **more))

    assert found.level == "low"
    assert len(found.steps) == 2 + len(more)


def test_a_change_of_under_ten_cases_cannot_be_said_and_a_count_of_them_can() -> None:
    compared = replace(SURE, cases=9.0, is_comparison=True)

    assert judge_confidence(compared) == Confidence("cannot_say", ("few",))
    assert judge_confidence(replace(compared, cases=10.0)).level == "moderate"
    assert judge_confidence(replace(compared, is_comparison=False)).level == "moderate"


def test_a_change_with_nothing_beside_it_cannot_be_said() -> None:
    alone = replace(SURE, is_comparison=True, has_comparator=False)

    assert judge_confidence(alone) == Confidence("cannot_say", ("nothing_beside",))
    assert judge_confidence(replace(alone, is_comparison=False)).level == "high"


@pytest.mark.parametrize("coverage", [-0.1, 1.01, 80.0])
def test_a_coverage_that_is_no_share_is_refused(coverage: float) -> None:
    with pytest.raises(ConfidenceError, match="not a share from 0 to 1. Give the number of those"):
        judge_confidence(replace(SURE, coverage=coverage))


def test_a_writer_may_lower_and_never_raise() -> None:
    judged = Confidence("moderate", ("old",))

    assert lower_confidence(judged, "low") == Confidence("low", ("old",), is_lowered=True)
    assert lower_confidence(judged, "moderate") == judged
    with pytest.raises(ConfidenceError, match="The rule gives 'moderate', and a writer may lower"):
        lower_confidence(judged, "high")
    with pytest.raises(ConfidenceError, match="'sure' is no degree of confidence. Write one of"):
        lower_confidence(judged, "sure")


@pytest.mark.parametrize(
    ("end", "date", "old"),
    [
        ("2023-12-31", "2025-12", False),
        ("2023-11-30", "2025-12", True),
        ("2023-12-31", "2025", False),
        ("2023-12-31", "2026-01-15", True),
        ("2025-12-31", "", True),
    ],
)
def test_age_is_counted_in_months(end: str, date: str, *, old: bool) -> None:
    assert is_old(end, date) is old


def test_the_basis_is_read_from_the_rows(workspace) -> None:
    data = read_public(workspace)
    held = read_assistance(data, load_areas().get("MK"))
    basis = find_basis(data, held.results, held.share, judged_on="2019-06")

    assert basis.newest_end == "2018-12-31"
    assert basis.cases == 113
    assert basis.width == pytest.approx(44.56245 - 27.19415, abs=1e-4)
    assert basis.is_second_hand
    assert not basis.is_not_public
    with pytest.raises(ConfidenceError, match="a claim without a figure"):
        find_basis(data, [])


def test_the_share_of_those_who_were_helped_is_the_published_one(workspace) -> None:
    held = read_assistance(read_public(workspace), load_areas().get("MK"))

    assert (held.helped.value, held.found.value, held.rest.value) == (40, 113, 73)
    assert held.share.value == pytest.approx(100 * 40 / 113)
    assert held.share.lower == pytest.approx(27.194, abs=1e-3)
    assert held.share.upper == pytest.approx(44.562, abs=1e-3)
    assert len(held.share.inputs) == 3
    assert read_assistance(read_public(workspace), load_areas().get("RS")) is None
