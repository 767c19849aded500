"""Drawn populations whose size is known, and the published limits held against many runs."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.methods.hidden.bootstrap import draw_totals
from analysis.methods.hidden.chapman import estimate_chapman
from analysis.methods.hidden.lists import read_captures
from analysis.methods.hidden.loglinear import fit_models
from analysis.methods.hidden.models import build_design, list_models, read_model
from analysis.methods.hidden.search import choose_by_bic
from analysis.methods.hidden.stepwise import choose_stepwise

pytestmark = pytest.mark.slow

NAME = "palembang_3list"
RUNS = 40
PERSONS = 1500
SHARES = (0.25, 0.2, 0.15, 0.12)


def draw_lists(rng, runs: int, leaning: float = 0.0) -> np.ndarray:
    """Draw the lists of a population; ``leaning`` makes the second list follow the first.

    It is the logarithm of the odds ratio of being on both. Gives counts, shape (runs, histories).
    """
    histories = np.arange(16)
    marks = (histories[:, None] >> np.arange(4)) & 1
    odds = np.log(np.array(SHARES) / (1 - np.array(SHARES)))
    weight = np.exp(marks @ odds + leaning * marks[:, 0] * marks[:, 1])
    return rng.multinomial(PERSONS, weight / weight.sum(), size=runs)[:, 1:].astype(float)


def stepwise(tables: np.ndarray) -> np.ndarray:
    return choose_stepwise(build_design(4), tables)[1].total


def cover(tables: np.ndarray) -> float:
    """Give how often the limits hold the truth."""
    limits = np.array(
        [draw_totals(t, stepwise, seed=place, draws=400).limits() for place, t in enumerate(tables)]
    )
    return float(((limits[:, 0] <= PERSONS) & (limits[:, 1] >= PERSONS)).mean())


def test_limits_of_independent_lists_hold_the_truth_as_often_as_they_say(rng) -> None:
    held = cover(draw_lists(rng, 300))
    assert 0.93 <= held <= 0.985


def test_limits_with_one_dependence_hold_the_truth_as_often_as_they_say(rng) -> None:
    held = cover(draw_lists(rng, 300, leaning=1.5))
    assert 0.92 <= held <= 0.985


def test_strong_dependence_that_the_model_has_is_recovered(rng) -> None:
    tables = draw_lists(rng, 300, leaning=1.5)
    design = build_design(4)
    models, fits = choose_stepwise(design, tables)
    assert models[:, design.effects.index(3)].mean() > 0.99
    chosen = np.median(fits.total) / PERSONS
    alone = fit_models(design, tables, np.tile(design.independence, (300, 1))).total
    assert 0.97 < chosen < 1.03
    assert np.median(alone) < 0.9 * PERSONS


def test_three_lists_of_a_small_population_hold_it_somewhat_too_seldom() -> None:
    generator = np.random.default_rng(3)
    marks = (np.arange(8)[:, None] >> np.arange(3)) & 1
    weight = np.where(marks, (0.3, 0.25, 0.2), (0.7, 0.75, 0.8)).prod(axis=1)
    tables = generator.multinomial(200, weight, size=200)[:, 1:].astype(float)

    def estimate(drawn: np.ndarray) -> np.ndarray:
        return choose_stepwise(build_design(3), drawn)[1].total

    limits = np.array(
        [draw_totals(t, estimate, seed=place, draws=300).limits() for place, t in enumerate(tables)]
    )
    held = ((limits[:, 0] <= 200) & (limits[:, 1] >= 200)).mean()
    assert 0.86 < held < 0.95


def test_persons_who_are_found_unequally_are_underestimated_for_certain(rng) -> None:
    marks = (np.arange(16)[:, None] >> np.arange(4)) & 1
    groups = [np.array(SHARES) * ease for ease in (1.6, 0.4)]
    weight = sum(np.where(marks, share, 1 - share).prod(axis=1) / 2 for share in groups)
    tables = rng.multinomial(2 * PERSONS, weight, size=60)[:, 1:].astype(float)
    assert np.median(stepwise(tables)) / (2 * PERSONS) == pytest.approx(0.75, abs=0.03)
    highs = [draw_totals(t, stepwise, seed=s, draws=200).limits()[1] for s, t in enumerate(tables)]
    assert max(highs) < 2 * PERSONS


def test_two_lists_hold_the_truth_when_independent_and_miss_it_when_not(rng) -> None:
    def held(leaning: float) -> float:
        counts = draw_lists(rng, 2000, leaning).T
        marks = (np.arange(1, 16)[:, None] >> np.arange(2)) & 1
        one, two, both = (
            counts[m].sum(axis=0)
            for m in (marks[:, 0] == 1, marks[:, 1] == 1, marks.sum(axis=1) == 2)
        )
        made = estimate_chapman(one, two, both)
        return float(((made.lower <= PERSONS) & (made.upper >= PERSONS)).mean())

    assert 0.935 <= held(0.0) <= 0.97
    assert held(1.5) < 0.2


@pytest.fixture(scope="module")
def table(oracles):
    return read_captures(oracles.lists(NAME))


@pytest.fixture(scope="module")
def entries(oracles):
    return oracles.published()[NAME]["oracles"]


def best_among(models):
    design = build_design(3)
    return lambda tables: choose_by_bic(design, tables, models)[1]


def admissible(table):
    models = list_models(build_design(3))
    return models[fit_models(build_design(3), np.tile(table.counts, (8, 1)), models).code == 0]


def models_of(method: str, table):
    texts = {"fixed best model": ["[12,23]"], "two models": ["[12,23]", "[12,3]"]}
    for name, held in texts.items():
        if name in method:
            return np.array([read_model(text, build_design(3)) for text in held])
    assert "all 6 admissible models" in method
    return admissible(table)


def test_published_limits_lie_within_the_chance_of_a_thousand_draws(table, entries) -> None:
    """Single runs of 1,000 draws differ by tens; the published limits are one such run.

    The random numbers of the reference cannot be had, so the intervals are met only in this sense:
    each limit, as rounded, lies within the middle 95 % of our runs. Draws that give no estimate are
    left out, as there.
    """
    published = [entry for entry in entries if entry.get("ci")]
    assert len(published) == 4
    drawn = {}
    for entry in published:
        key = entry["method"].split("%")[-1]
        if key not in drawn:
            estimate = best_among(models_of(entry["method"], table))
            drawn[key] = [draw_totals(table.counts, estimate, seed=s) for s in range(RUNS)]
        limits = np.array([made.limits(entry["level"], cautious=False) for made in drawn[key]])
        for side, limit in enumerate(entry["ci"]):
            low, high = np.quantile(limits[:, side], [0.025, 0.975])
            assert low - 0.5 <= limit <= high + 0.5, (entry["method"], low, high)


def test_with_ten_thousand_draws_the_published_upper_limits_are_met_only_to_eight_percent(
    table, entries
) -> None:
    """Lower limits to 1.5, upper ones to 8 %: ours lie above all four, which is the safe side."""
    for entry in (entry for entry in entries if entry.get("ci")):
        estimate = best_among(models_of(entry["method"], table))
        made = draw_totals(table.counts, estimate, seed=1, draws=10_000)
        low, high = made.limits(entry["level"], cautious=False)
        assert low == pytest.approx(entry["ci"][0], abs=1.7)
        assert entry["ci"][1] < high < 1.08 * entry["ci"][1]
