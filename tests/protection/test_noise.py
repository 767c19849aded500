"""The geometric mechanism: its chances, how far it throws a count, and how budgets add up."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.protection.noise import (
    add_budgets,
    draw_noise,
    find_accuracy,
    find_noise_chance,
    find_noise_scale,
    find_noise_tail,
    find_noise_variance,
    take_largest_budget,
)

STEPS = np.arange(-400, 401)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_mechanism_is_that_of_the_oracle(oracle, number) -> None:
    case = oracle("g20_dp_geometric")["cases"][number]
    wanted = case["expected"]

    scale = find_noise_scale(case["input"]["epsilon"], case["input"]["sensitivity"])

    assert scale == pytest.approx(wanted["scale"], rel=1e-9)
    assert find_noise_chance(0, scale) == pytest.approx(wanted["p0"], rel=1e-9)
    assert find_noise_tail(3, scale) == pytest.approx(wanted["p_abs_ge_3"], rel=1e-9)
    assert find_noise_variance(scale) == pytest.approx(wanted["variance"], rel=1e-9)
    assert find_accuracy(scale) == pytest.approx(wanted["accuracy_95"], rel=1e-9)


def test_budgets_of_the_oracle(oracle) -> None:
    linked, disjoint, years = oracle("g20_dp_geometric")["cases"][3:]

    tables = [linked["input"]["epsilon_each"]] * linked["input"]["tables"]
    areas = [disjoint["input"]["epsilon_each"]] * disjoint["input"]["municipalities_disjoint"]
    each_year = [years["input"]["epsilon_each_year"]] * years["input"]["years"]

    assert add_budgets(tables) == pytest.approx(linked["expected"]["total_epsilon"], rel=1e-9)
    assert take_largest_budget(areas) == pytest.approx(disjoint["expected"]["total_epsilon"])
    assert add_budgets(each_year) == pytest.approx(years["expected"]["total_epsilon"], rel=1e-9)


@pytest.mark.parametrize("scale", [0.3, 1.0, 4.0])
def test_chances_tails_and_variance_fit_together(scale) -> None:
    chance = find_noise_chance(STEPS, scale)

    assert chance.sum() == pytest.approx(1, rel=1e-12)
    assert (chance * STEPS**2).sum() == pytest.approx(find_noise_variance(scale), rel=1e-9)
    for distance in range(6):
        beyond = chance[np.abs(STEPS) >= distance].sum()
        assert find_noise_tail(distance, scale) == pytest.approx(beyond, rel=1e-9)
    assert find_noise_tail([-1, 0, 0.5, 2.5], scale) == pytest.approx(
        find_noise_tail([0, 0, 1, 3], scale)
    )
    assert find_noise_chance(0.5, scale) == 0


def test_one_person_more_changes_no_chance_by_more_than_the_budget() -> None:
    epsilon, sensitivity = 0.7, 2
    scale = find_noise_scale(epsilon, sensitivity)

    ratio = find_noise_chance(STEPS, scale) / find_noise_chance(STEPS - sensitivity, scale)

    assert ratio.max() == pytest.approx(np.exp(epsilon), rel=1e-9)
    assert ratio.min() == pytest.approx(np.exp(-epsilon), rel=1e-9)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("epsilon", [0.2, 1.0, 2.0])
def test_accuracy_covers_its_level_and_no_whole_step_more(level, epsilon) -> None:
    scale = find_noise_scale(epsilon)
    steps = np.ceil(find_accuracy(scale, level))

    assert find_noise_tail(steps, scale) <= 1 - level + 1e-12
    assert find_noise_tail(steps - 1, scale) > 1 - level


def test_accuracy_of_almost_no_noise_is_none() -> None:
    assert find_accuracy(0.01, 0.5) == pytest.approx(0.01 * np.log(4))
    assert find_accuracy(5.0, 0.01) == pytest.approx(5 * np.log(2 / 0.99 / (1 + np.exp(-0.2))))
    assert find_accuracy(1000.0, 1e-9) == pytest.approx(0.5, abs=1e-3)


def test_noise_is_drawn_as_promised() -> None:
    scale, many = find_noise_scale(1.0), 200_000
    drawn = draw_noise(many, scale, np.random.default_rng(7))

    for step in range(-3, 4):
        chance = float(find_noise_chance(step, scale))
        share = (drawn == step).mean()
        assert share == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / many))
    assert drawn.var() == pytest.approx(find_noise_variance(scale), rel=0.03)
    assert drawn.dtype == np.int64
    again = draw_noise(many, scale, np.random.default_rng(7))
    assert (drawn == again).all()
    assert draw_noise((2, 3), scale, np.random.default_rng(7)).shape == (2, 3)


def test_a_large_scale_loses_no_digits() -> None:
    scale = 1e8

    assert find_noise_chance(0, scale) == pytest.approx(0.5 / scale, rel=1e-12)
    assert find_noise_variance(scale) == pytest.approx(2 * scale**2, rel=1e-12)


def test_budgets_of_different_size() -> None:
    assert add_budgets([0.5, 1.0, 0.25]) == 1.75
    assert take_largest_budget([0.5, 1.0, 0.25]) == 1.0
    assert add_budgets([]) == take_largest_budget([]) == 0


@pytest.mark.parametrize("wrong", [0, -1, np.nan, np.inf])
def test_a_scale_wants_a_budget(wrong) -> None:
    with pytest.raises(ValueError, match="The budget epsilon is .*, and it is a number above 0"):
        find_noise_scale(wrong)
    with pytest.raises(ValueError, match="The sensitivity is .*, and it is a number above 0"):
        find_noise_scale(1.0, wrong)
    for use in (find_noise_variance, find_accuracy):
        with pytest.raises(
            ValueError, match="The scale of the noise is .* Take it from find_noise"
        ):
            use(wrong)


def test_wrong_input_is_refused() -> None:
    for total in (add_budgets, take_largest_budget):
        for wrong in (-0.1, np.nan, np.inf):
            with pytest.raises(ValueError, match="A budget is .*, and it is a number from 0 up."):
                total([0.5, wrong])
    with pytest.raises(ValueError, match="A confidence level of 95 was asked for"):
        find_accuracy(1.0, 95)
