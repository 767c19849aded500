"""Limits from drawn tables: as published within the chance of the draws, and never flattering."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.methods.hidden.bootstrap import Bootstrap, draw_totals, find_acceleration
from analysis.methods.hidden.lists import read_captures
from analysis.methods.hidden.loglinear import fit_models
from analysis.methods.hidden.models import build_design, list_models, read_model
from analysis.methods.hidden.search import choose_by_bic
from analysis.methods.hidden.stepwise import choose_stepwise

NAME = "palembang_3list"


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


def test_accelerations_are_those_printed_by_the_reference(table, entries) -> None:
    printed = next(entry["ahat"] for entry in entries if "ahat" in entry)
    independence = build_design(3).independence[None, :]
    for name, models in (("maxorder1", independence), ("maxorder2", admissible(table))):
        found = find_acceleration(table.counts, best_among(models))
        assert found == pytest.approx(printed[name], abs=6e-10)


def test_one_run_of_a_thousand_draws_is_near_the_published_limits(table, entries) -> None:
    # What chance does to such runs, and how far many draws lie from the published limits, is
    # measured among the simulations.
    published = [entry for entry in entries if entry.get("ci")]
    assert len(published) == 4
    for entry in published:
        estimate = best_among(models_of(entry["method"], table))
        low, high = draw_totals(table.counts, estimate, seed=1).limits(
            entry["level"], cautious=False
        )
        assert low == pytest.approx(entry["ci"][0], abs=2.5)
        assert high == pytest.approx(entry["ci"][1], rel=0.2)


def test_limits_are_those_of_scipy_for_a_mean() -> None:
    # A table of persons with the four values, and their mean, drawn by both.
    counts = np.array([40.0, 25.0, 12.0, 4.0])
    values = np.array([0.0, 0.931, 2.177, 3.313])
    persons = np.repeat(values, counts.astype(int))
    made = draw_totals(counts, lambda t: t @ values / t.sum(axis=1), seed=4, draws=40_000)
    theirs = stats.bootstrap(
        (persons,), np.mean, n_resamples=40_000, rng=np.random.default_rng(4), vectorized=True
    ).confidence_interval
    assert made.limits() == pytest.approx((theirs.low, theirs.high), abs=0.006)
    left = (persons.sum() - persons) / (persons.size - 1)
    gap = left.mean() - left
    wanted = (gap**3).sum() / (6 * (gap**2).sum() ** 1.5)
    assert made.acceleration == pytest.approx(wanted)
    assert made.acceleration > 0.01


def test_limits_follow_their_formula() -> None:
    draws = np.sort(np.random.default_rng(2).gamma(9.0, 20.0, 999))
    made = Bootstrap(total=190.0, draws=draws, failed=0, acceleration=0.05)
    bias = stats.norm.ppf((draws < 190).mean())
    assert made.bias == pytest.approx(bias)
    for level in (0.8, 0.95):
        for side, z in zip(
            made.limits(level), stats.norm.ppf([(1 - level) / 2, (1 + level) / 2]), strict=True
        ):
            share = stats.norm.cdf(bias + (bias + z) / (1 - 0.05 * (bias + z)))
            assert side == pytest.approx(np.quantile(draws, share))


def test_estimates_equal_to_the_own_one_count_half() -> None:
    made = Bootstrap(10.0, np.array([9.0, 10.0, 10.0 + 1e-12, 11.0]), 0, 0.0)
    assert made.bias == 0
    assert Bootstrap(20.0, np.arange(10.0), 0, 0.0).bias == pytest.approx(stats.norm.ppf(0.95))


def test_draws_without_an_estimate_widen_both_sides() -> None:
    draws = np.linspace(100, 300, 980)
    made = Bootstrap(200.0, draws, failed=20, acceleration=0.0)
    careful, left_out = made.limits(), made.limits(cautious=False)
    assert careful[0] < left_out[0]
    assert careful[1] > left_out[1]
    assert np.isfinite(careful).all()
    many = Bootstrap(200.0, draws, failed=60, acceleration=0.0)
    assert many.limits() == (-np.inf, np.inf)
    assert np.isfinite(many.limits(0.8)).all()
    assert Bootstrap(200.0, draws[:0], 5, 0.0).limits() == (-np.inf, np.inf)


def test_the_choice_of_a_model_widens_the_interval(table) -> None:
    chosen = draw_totals(table.counts, best_among(admissible(table)), seed=1)
    fixed = models_of("fixed best model", table)
    held = draw_totals(table.counts, best_among(fixed), seed=1)
    assert held.total == chosen.total
    low, high = chosen.limits(cautious=False)
    narrow = held.limits(cautious=False)
    assert low < narrow[0] < narrow[1] < high


def test_a_thousand_draws_of_five_lists_choose_their_model_each(oracles) -> None:
    lists = read_captures(oracles.lists("netherlands_5list"))
    design = build_design(5)
    made = draw_totals(
        lists.counts, lambda tables: choose_stepwise(design, tables)[1].total, seed=1
    )
    assert made.draws.size + made.failed == 1000
    assert (np.diff(made.draws) >= 0).all()


def test_leaving_out_a_person_who_changes_nothing_has_no_acceleration() -> None:
    counts = np.array([5.0, 3.0])
    assert find_acceleration(counts, lambda tables: np.full(len(tables), 7.0)) == 0
    assert find_acceleration(counts, lambda tables: np.full(len(tables), np.nan)) == 0
    skewed = find_acceleration(counts, lambda tables: tables[:, 0] ** 2)
    reverse = find_acceleration(counts, lambda tables: -(tables[:, 0] ** 2))
    assert skewed == pytest.approx(-reverse)
    assert skewed != 0


def test_seeds_decide_and_tables_stay(table) -> None:
    kept = table.counts.copy()
    estimate = best_among(models_of("fixed best model", table))
    one = draw_totals(table.counts, estimate, seed=7)
    np.testing.assert_array_equal(one.draws, draw_totals(table.counts, estimate, seed=7).draws)
    assert not np.array_equal(one.draws, draw_totals(table.counts, estimate, seed=8).draws)
    np.testing.assert_array_equal(table.counts, kept)
    with pytest.raises(ValueError, match="50 draws were asked for, and limits need 100 or more"):
        draw_totals(table.counts, estimate, seed=1, draws=50)
