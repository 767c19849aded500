"""The vectorised Poisson line equals R's and statsmodels' lines, and bears any input."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import nbinom

from analysis.methods.reasons import NO_POPULATION, TOO_FEW, TOO_SHORT, WITHHELD
from analysis.methods.trends import fit_log_linear, fit_negative_binomial
from analysis.methods.trends.label import EDGE_ONLY
from analysis.methods.trends.negbin import NO_MORE_THAN_CHANCE, NOT_SETTLED


def test_poisson_and_quasi_poisson_equal_the_oracle(oracles) -> None:
    for case in oracles.read("g06_glm_trend")["cases"]:
        counts, population, years = (case["input"][name] for name in ("y", "pop", "year"))
        plain = fit_log_linear(counts, population, years, dispersion="poisson")
        wanted = case["expected"]["poisson"]
        got = [plain.intercept, plain.slope]
        np.testing.assert_allclose(got, wanted["coef"], rtol=1e-5)
        np.testing.assert_allclose(
            [plain.intercept_error, plain.slope_error], wanted["se"], rtol=1e-5
        )
        np.testing.assert_allclose(plain.deviance, wanted["deviance"], rtol=1e-5)
        np.testing.assert_allclose(plain.log_likelihood, wanted["loglik"], rtol=1e-5)
        np.testing.assert_allclose(100 * np.expm1(plain.slope), wanted["apc_percent"], rtol=1e-5)
        quasi = fit_log_linear(counts, population, years, dispersion="quasi")
        wanted = case["expected"]["quasi"]
        np.testing.assert_allclose(quasi.dispersion, wanted["dispersion"], rtol=1e-5)
        np.testing.assert_allclose(
            [quasi.intercept_error, quasi.slope_error], wanted["se"], rtol=1e-5
        )
        np.testing.assert_allclose(quasi.p_slope, wanted["p_slope_t"], rtol=1e-5)


def test_negative_binomial_equals_the_oracle_and_says_that_it_used_poisson(oracles) -> None:
    for case in oracles.read("g06_glm_trend")["cases"]:
        counts, population, years = (case["input"][name] for name in ("y", "pop", "year"))
        made = fit_negative_binomial(counts, population, years)
        wanted = case["expected"]["negbin"]
        np.testing.assert_allclose([made.intercept, made.slope], wanted["coef"], rtol=1e-5)
        np.testing.assert_allclose(made.log_likelihood, wanted["loglik"], rtol=1e-5)
        np.testing.assert_allclose(made.alpha, wanted["alpha"], atol=1e-5)
        # The scatter lies at its boundary: as the oracle notes, this is Poisson then.
        poisson = case["expected"]["poisson"]["se"]
        np.testing.assert_allclose([made.intercept_error, made.slope_error], poisson, rtol=1e-5)
        assert bool(made.is_poisson)
        assert str(made.note) == NO_MORE_THAN_CHANCE


@pytest.mark.parametrize("kind", ["poisson", "quasi", "at_least_one"])
def test_each_line_equals_statsmodels(rng, kind) -> None:
    years = np.array([2004.0, 2005, 2007, 2008, 2009, 2010, 2012, 2013, 2014, 2015])
    counts = rng.negative_binomial(3, 0.2, (30, 10)).astype(float)
    population = rng.uniform(1000, 3000, counts.shape)
    counts[15:] = rng.poisson(population[15:] / 100)
    counts[rng.random(counts.shape) < 0.1] = np.nan
    population[3, 4] = 0
    population[4, 5] = np.nan
    fit = fit_log_linear(counts, population, years, dispersion=kind, level=0.9)
    for row in range(len(counts)):
        used = np.isfinite(counts[row]) & (population[row] > 0)
        # The year 2000 is the origin: R and statsmodels lose digits two thousand years away.
        design = sm.add_constant(years[used] - 2000)
        offset = np.log(population[row][used])
        model = sm.GLM(counts[row][used], design, family=sm.families.Poisson(), offset=offset)
        null = sm.GLM(counts[row][used], design[:, :1], family=sm.families.Poisson(), offset=offset)
        pearson = float(model.fit().pearson_chi2) / (used.sum() - 2)
        scale = {"poisson": 1.0, "quasi": pearson, "at_least_one": max(1.0, pearson)}[kind]
        other = model.fit(scale=scale, use_t=kind != "poisson", tol=1e-12)
        lower, upper = other.conf_int(0.1)[1]
        wanted = [*other.params, *other.bse, lower, upper, other.pvalues[1], scale]
        got = [
            fit.intercept[row] + 2000 * fit.slope[row],
            fit.slope[row],
            fit_log_linear(
                counts[row], population[row], years - 2000, dispersion=kind
            ).intercept_error,
            fit.slope_error[row],
            fit.lower[row],
            fit.upper[row],
            fit.p_slope[row],
            fit.dispersion[row],
        ]
        np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-9)
        explained = (null.fit(tol=1e-12).deviance - other.deviance) / scale
        from scipy import stats

        tail = stats.chi2.sf(explained, 1)
        if kind != "poisson":
            tail = stats.f.sf(explained, 1, used.sum() - 2)
        np.testing.assert_allclose(fit.p[row], tail, rtol=1e-5)
        assert fit.years_used[row] == used.sum()
        assert fit.cases[row] == counts[row][used].sum()


def test_lines_that_cannot_be_drawn_are_blank_without_a_warning() -> None:
    blank = np.nan
    counts = [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 30],
        [30, 0, 0, 0, 0],
        [blank] * 5,
        [blank, 4, blank, blank, blank],
        [blank, 0, 0, 8, blank],
    ]
    fit = fit_log_linear(counts)
    for name in ("slope", "slope_error", "lower", "upper", "p", "p_slope", "dispersion"):
        assert np.isnan(getattr(fit, name)).all(), name
    two = fit_log_linear([4, 6])
    assert float(two.slope) == pytest.approx(np.log(1.5))
    assert np.isnan([two.p, two.lower, two.upper]).all(), "two points leave nothing to judge by"
    flat = fit_log_linear([5, 5, 5, 5, 5])
    assert float(flat.slope) == pytest.approx(0, abs=1e-12)
    assert float(flat.p) == pytest.approx(1)
    assert np.isnan(fit_log_linear([5, 5, 5, 5, 5], dispersion="quasi").p)
    assert fit_log_linear(np.empty((0, 5))).slope.shape == (0,)
    steep = fit_log_linear([[0, 0, 0, 1e-3, 1e6], [1e9, 1, 0, 0, 0], [1, 0, 0, 0, 1e9]])
    # The last two years alone decide the first slope: their ratio.
    assert steep.slope[0] == pytest.approx(np.log(1e9), rel=1e-6)
    assert steep.slope[1] == pytest.approx(np.log(1e-9), rel=1e-3)
    assert steep.slope[2] > 0


def test_the_score_vanishes_at_the_slope_that_was_found(rng) -> None:
    counts = rng.poisson(rng.gamma(0.5, 20, (500, 1)), (500, 12))
    population = rng.lognormal(8, 2, (500, 12))
    fit = fit_log_linear(counts, population)
    found = np.isfinite(fit.slope)
    assert found.mean() > 0.9
    mean = population * np.exp(fit.intercept[:, None] + fit.slope[:, None] * np.arange(12))
    residual = (counts - mean)[found]
    cases = counts.sum(axis=1)[found]
    assert (np.abs(residual.sum(axis=1)) < 1e-7 * cases).all()
    assert (np.abs(residual @ np.arange(12)) < 1e-6 * cases).all()


@given(
    st.lists(st.integers(0, 60), min_size=3, max_size=20),
    st.floats(0.01, 1e6),
    st.floats(-3000, 3000),
)
@settings(max_examples=60)
def test_neither_the_unit_of_population_nor_the_count_of_years_moves_the_slope(
    counts, unit, start
) -> None:
    years = np.arange(len(counts)) + np.round(start)
    one = fit_log_linear(counts)
    other = fit_log_linear(counts, np.full(len(counts), unit), years)
    for name in ("slope", "slope_error", "lower", "upper", "p", "p_slope"):
        first, second = getattr(one, name), getattr(other, name)
        np.testing.assert_allclose(first, second, rtol=1e-6, atol=1e-8)
    back = fit_log_linear(counts[::-1])
    np.testing.assert_allclose(back.slope, -one.slope, rtol=1e-6, atol=1e-9)
    if np.isfinite(one.lower):
        assert one.lower <= one.slope <= one.upper


def test_wrong_input_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="dispersion 'none' is unknown. Choose 'at_least_one'"):
        fit_log_linear([1, 2, 3], dispersion="none")
    with pytest.raises(ValueError, match="counts holds -1, and a count is a number from 0 up"):
        fit_log_linear([1, -1, 3])
    with pytest.raises(ValueError, match=r"population has the shape \(2,\) and does not spread"):
        fit_log_linear([1, 2, 3], [10, 20])
    with pytest.raises(ValueError, match=r"years of the shape \(2,\), and the series have 3 years"):
        fit_log_linear([1, 2, 3], years=[1, 2])
    with pytest.raises(ValueError, match=r"\[2020.0, 2020.0, 2021.0\] do not ascend"):
        fit_log_linear([1, 2, 3], years=[2020, 2020, 2021])
    with pytest.raises(ValueError, match="counts is a single number"):
        fit_log_linear(3)
    with pytest.raises(ValueError, match="confidence level of 95 was asked for"):
        fit_log_linear([1, 2, 3], level=95)


def test_negative_binomial_finds_the_highest_likelihood(rng) -> None:
    years = np.arange(2000.0, 2020)
    counts = rng.poisson(40 * np.exp(0.04 * (years - 2010)) * rng.gamma(4, 0.25, (4, 20)))
    population = np.linspace(9e4, 8e4, 20)
    made = fit_negative_binomial(counts, population, years)
    assert not made.is_poisson.any()
    assert (made.note == "").all()

    def lose(params, row):
        mean = population / 8e4 * np.exp(params[0] + params[1] * (years - 2010))
        size = np.exp(-params[2])
        return -nbinom.logpmf(counts[row], size, size / (size + mean)).sum()

    for row in range(4):
        best = minimize(
            lose,
            [3.5, 0, -1],
            (row,),
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-12},
        )
        assert made.log_likelihood[row] == pytest.approx(-best.fun, rel=1e-8)
        assert made.slope[row] == pytest.approx(best.x[1], rel=1e-4)
        assert made.alpha[row] == pytest.approx(np.exp(best.x[2]), rel=1e-3)
        design = sm.add_constant(years)
        family = sm.families.NegativeBinomial(alpha=made.alpha[row])
        other = sm.GLM(counts[row], design, family=family, offset=np.log(population)).fit()
        assert made.slope_error[row] == pytest.approx(other.bse[1], rel=1e-5)
        assert made.intercept_error[row] == pytest.approx(other.bse[0], rel=1e-5)
    plain = fit_log_linear(counts, population, years, dispersion="poisson")
    assert (made.slope_error > plain.slope_error).all()
    assert (made.change.lower < made.change.value).all()
    assert (made.change.value < made.change.upper).all()
    half = np.log1p(made.change.upper / 100) - made.slope
    np.testing.assert_allclose(half / made.slope_error, 2.10092204024)  # t, 18 degrees, 97.5 %


def test_negative_binomial_is_silent_with_a_reason(rng, monkeypatch) -> None:
    years = 16
    long = rng.poisson(30 * rng.gamma(2, 0.5, years))
    counts = np.array([long] * 6, dtype=float)
    counts[1, :2] = np.nan
    counts[2] = 0
    counts[3] = [0] * 15 + [40]
    population = np.full(counts.shape, 100.0)
    population[4] = 0
    states = np.full(counts.shape, "value", dtype=object)
    states[5, 3] = "suppressed"
    before = counts.copy()
    made = fit_negative_binomial(counts, population, given=states)
    np.testing.assert_array_equal(counts, before)
    said = ["", TOO_SHORT, TOO_FEW, EDGE_ONLY, NO_POPULATION, WITHHELD]
    assert list(made.change.reason) == said
    assert np.isnan(made.slope[1:]).all()
    assert np.isnan(made.alpha[1:]).all()
    assert np.isnan(made.change.n[5])
    cut = fit_negative_binomial(long, breaks=[3])
    assert cut.change.at().reason == TOO_SHORT

    def fail(*_, **__):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(sm.NegativeBinomial, "fit", fail)
    unsettled = fit_negative_binomial(long)
    assert unsettled.change.at().reason == NOT_SETTLED
    assert not unsettled.is_poisson
    assert np.isnan(unsettled.slope_error)
