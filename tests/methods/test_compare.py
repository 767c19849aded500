"""Comparisons: with a benchmark, of two rates, of each area with the rest."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.rates import confint_poisson_2indep

from analysis.methods.estimates import collect_estimates
from analysis.methods.rates import (
    compare_with_benchmark,
    compare_with_rest,
    estimate_difference,
    estimate_rate,
    estimate_ratio,
)
from analysis.methods.rates.compare import NO_BENCHMARK, NO_INTERVAL
from analysis.methods.rates.contrasts import NO_CASE_TO_COMPARE
from analysis.methods.reasons import NO_FIGURE, NO_POPULATION, TOO_FEW, WITHHELD

POLARITIES = ("no_judgement", "low_is_good", "high_is_good")


def bounded(low, high):
    """Estimates in the middle of limits, of which one may be missing."""
    middle = np.nanmean([low, high], axis=0)
    return collect_estimates(middle, {0.95: (low, high)}, n=np.full(len(middle), 20), method="m")


@pytest.mark.parametrize("polarity", POLARITIES)
def test_labels_are_those_of_the_rule(oracles, polarity) -> None:
    cases = oracles.read("g03_benchmark_rule")["cases"]
    inputs = [case["input"] for case in cases]
    low, high, benchmark = (
        np.array([row[name] for row in inputs], dtype=float)
        for name in ("lower", "upper", "benchmark")
    )
    made = compare_with_benchmark(bounded(low, high), benchmark, polarity, alert_level=None)
    told = [case["expected"][polarity].replace(" ", "_") for case in cases]
    assert list(made.label) == told
    assert list(made.reason) == [NO_INTERVAL if t == "not_compared" else "" for t in told]
    assert not made.alert.any()


def test_an_alert_needs_the_wide_limits() -> None:
    value = np.full(5, 10.0)
    made = collect_estimates(
        value, {0.95: (value - 1, value + 1), 0.998: (value - 2, value + 2)}, n=value, method="m"
    )
    found = compare_with_benchmark(made, [10, 11.5, 12, 12.1, 7.9], "low_is_good")
    assert list(found.label) == ["similar", "better", "better", "better", "worse"]
    assert found.alert.tolist() == [False, False, False, True, True]
    assert found.benchmark.tolist() == [10, 11.5, 12, 12.1, 7.9]
    assert found.estimates is made
    edge = compare_with_benchmark(made, 8, "low_is_good")
    assert set(edge.label) == {"worse"}
    assert not edge.alert.any()
    narrow = compare_with_benchmark(made, 8.5, "low_is_good", alert_level=0.95)
    assert narrow.alert.all()


def test_what_cannot_be_compared_says_why() -> None:
    states = ["value", "value", "suppressed", "value", "value"]
    rates = estimate_rate([20, np.nan, 30, 9, 20], [100] * 5, given=states)
    found = compare_with_benchmark(rates, [np.nan, 1, 1, 1, 1], "high_is_good", fewest=10)
    assert list(found.label) == ["not_compared"] * 4 + ["better"]
    assert list(found.reason) == [NO_BENCHMARK, NO_FIGURE, WITHHELD, TOO_FEW, ""]
    assert found.alert.tolist() == [False] * 4 + [True]
    at_least = compare_with_benchmark(rates, 1, "high_is_good", fewest=9)
    assert at_least.label[3] == "better"
    untold = collect_estimates([5.0], {0.95: ([4.0], [6.0])}, n=np.nan, method="m")
    found = compare_with_benchmark(untold, 1, "high_is_good", fewest=1, alert_level=None)
    assert list(found.reason) == [TOO_FEW]
    found = compare_with_benchmark(untold, 1, "high_is_good", alert_level=None)
    assert list(found.label) == ["better"]


def test_a_wrong_comparison_gets_a_sentence() -> None:
    rates = estimate_rate([20], [100], levels=0.95)
    with pytest.raises(ValueError, match="polarity is 'good', and it has to be one of: no_judg"):
        compare_with_benchmark(rates, 1, "good")
    with pytest.raises(ValueError, match="The estimates have no limits at 0.998, which alerts"):
        compare_with_benchmark(rates, 1, "low_is_good")
    with pytest.raises(ValueError, match=r"The benchmark has the shape \(2,\) and the estimates"):
        compare_with_benchmark(rates, [1, 2], "low_is_good", alert_level=None)


def test_the_ratio_is_exact_given_the_sum_of_both_counts() -> None:
    made = estimate_ratio([3], [4000], [11], [50_000], levels=(0.9, 0.99))
    assert made.estimates.value[0] == pytest.approx(3 / 4000 / (11 / 50_000))
    for level, (low, high) in made.estimates.limits.items():
        tail = (1 - level) / 2
        for ratio, found in (
            (low[0], lambda share: stats.binom.sf(2, 14, share)),
            (high[0], lambda share: stats.binom.cdf(3, 14, share)),
        ):
            share = ratio * 4000 / (ratio * 4000 + 50_000)
            assert found(share) == pytest.approx(tail)
    null = 4000 / 54_000
    tails = stats.binom.sf(2, 14, null), stats.binom.cdf(3, 14, null)
    assert made.p_value[0] == pytest.approx(2 * min(tails))
    assert made.estimates.n[0] == 3


def test_the_p_value_and_the_limits_agree_and_the_sides_mirror(rng) -> None:
    one, other = rng.poisson(6, 400), rng.poisson(9, 400) + 1
    persons, others = rng.integers(500, 5000, 400), rng.integers(500, 5000, 400)
    made = estimate_ratio(one, persons, other, others, levels=0.95)
    found = made.estimates
    without = (found.lower > 1) | (found.upper < 1)
    assert 20 < without.sum() < 380
    assert ((made.p_value < 0.05) == without).all()
    assert (made.p_value <= 1).all()
    back = estimate_ratio(other, others, one, persons, levels=0.95)
    some = one > 0
    assert back.p_value == pytest.approx(made.p_value)
    assert back.estimates.lower[some] == pytest.approx(1 / found.upper[some])
    assert back.estimates.upper[some] == pytest.approx(1 / found.lower[some])
    order = rng.permutation(400)
    turned = estimate_ratio(one[order], persons[order], other[order], others[order], levels=0.95)
    assert (turned.p_value == made.p_value[order]).all()


def test_ratios_that_cannot_be_told_say_why() -> None:
    states = ["value"] * 6 + ["suppressed", "value"]
    other_states = ["value"] * 7 + ["suppressed"]
    made = estimate_ratio(
        [0, 4, 0, 3, 3, np.nan, 3, 3],
        [100, 100, 100, 0, 100, 100, 100, 100],
        [5, 0, 0, 3, 3, 3, 3, 3],
        [100, 100, 100, 100, 0, 100, 100, 100],
        given=states,
        other_given=other_states,
    )
    told = made.estimates
    assert told.at(0).state == "zero"
    assert told.lower[0] == 0
    assert told.upper[0] > 0
    assert list(told.reason) == [
        "",
        *[NO_CASE_TO_COMPARE] * 2,
        *[NO_POPULATION] * 2,
        NO_FIGURE,
        *[WITHHELD] * 2,
    ]
    # Four cases against none still say something of the rates: a chance of one in sixteen, twice.
    assert made.p_value[:2] == pytest.approx([0.0625, 0.125])
    assert np.isnan(made.p_value[2:]).all(), "a p-value of a withheld count gives it back"
    assert np.isnan(told.n[6:]).all()
    single = estimate_ratio(4, 100, 2, 100)
    assert single.p_value.shape == ()
    assert single.p_value == pytest.approx(0.6875)


def test_the_rest_is_the_total_without_the_area() -> None:
    counts, persons = np.array([12.0, 20, 30]), np.array([1000.0, 5000, 4000])
    made = compare_with_rest(counts, persons)
    for area in range(3):
        others = np.arange(3) != area
        one = estimate_ratio(
            counts[[area]], persons[[area]], [counts[others].sum()], [persons[others].sum()]
        )
        assert made.estimates.value[area] == pytest.approx(one.estimates.value[0])
        assert made.p_value[area] == pytest.approx(one.p_value[0])
    totals = compare_with_rest(counts, persons, total_counts=62, total_population=10_000)
    assert totals.p_value == pytest.approx(made.p_value)
    years = compare_with_rest(np.stack([counts, 2 * counts], 1), np.stack([persons, persons], 1))
    assert years.estimates.value[:, 0] == pytest.approx(made.estimates.value)


def test_a_hidden_area_hides_the_rest_of_all_others() -> None:
    counts, persons = [12, 20, 3, 4], [1000, 5000, 900, 900]
    states = ["value", "value", "suppressed", "value"]
    made = compare_with_rest(counts, persons, given=states)
    assert list(made.estimates.state) == ["suppressed"] * 4
    assert np.isnan(made.p_value).all()
    # Of a total that is public the rest of the others tells nothing new.
    made = compare_with_rest(counts, persons, given=states, total_counts=39, total_population=7800)
    assert list(made.estimates.state) == ["value", "value", "suppressed", "value"]
    assert np.isnan(made.p_value[2])
    states[2] = "no_data"
    assert list(compare_with_rest(counts, persons, given=states).estimates.state) == ["no_data"] * 4
    states[2] = "not_applicable"
    told = compare_with_rest(counts, persons, given=states).estimates.state
    assert list(told) == ["value", "value", "not_applicable", "value"]
    blank = compare_with_rest([12, np.nan, 5], [10, 10, 10])
    assert list(blank.estimates.state) == ["no_data"] * 3


def test_an_area_that_is_all_there_is_has_no_rest() -> None:
    made = compare_with_rest([7, 0], [100, 0])
    assert list(made.estimates.reason) == [NO_POPULATION] * 2
    made = compare_with_rest([7, 0], [100, 100])
    assert list(made.estimates.reason) == [NO_CASE_TO_COMPARE, ""]
    assert made.estimates.at(1).state == "zero"


def test_a_wrong_total_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="An area has 20 cases and its total 19: an area cannot"):
        compare_with_rest([12, 20], [100, 100], total_counts=19, total_population=300)
    with pytest.raises(ValueError, match="An area has 100 residents and its total 99"):
        compare_with_rest([12, 20], [100, 90], total_counts=40, total_population=99)
    with pytest.raises(ValueError, match="Only one of total_counts and total_population was given"):
        compare_with_rest([12, 20], [100, 90], total_counts=40)
    with pytest.raises(ValueError, match="The shapes differ: counts"):
        estimate_ratio([1], [1], [1, 2], [1, 2])
    with pytest.raises(ValueError, match="other_counts holds -1"):
        estimate_ratio([1], [1], [-1], [1])


def test_the_limits_of_a_difference_are_those_of_the_library() -> None:
    for one, other in ((3, 8), (12, 40), (150, 90)):
        made = estimate_difference([one], [2000], [other], [7000], per=1000, levels=0.95)
        inside = [
            estimate_rate([count], [size], per=1, levels=0.95)
            for count, size in ((one, 2000), (other, 7000))
        ]
        first, second = inside
        # The published formula, written out.
        low = (
            first.value
            - second.value
            - ((first.value - first.lower) ** 2 + (second.upper - second.value) ** 2) ** 0.5
        )
        assert made.lower == pytest.approx(1000 * low)
        told = confint_poisson_2indep(
            one, 2000, other, 7000, method="mover", compare="diff", method_mover="exact-c"
        )
        close = 1e-9 if max(one, other) < 10 else 0.01
        assert [made.lower[0], made.upper[0]] == pytest.approx(1000 * np.array(told), rel=close)
        assert made.unit == "per 1,000"


def test_a_difference_turns_its_sign_with_its_sides(rng) -> None:
    one, other = rng.poisson(6, 50), rng.poisson(9, 50)
    persons, others = rng.integers(500, 5000, 50), rng.integers(500, 5000, 50)
    made = estimate_difference(one, persons, other, others)
    back = estimate_difference(other, others, one, persons)
    assert made.value == pytest.approx(-back.value)
    for level in (0.95, 0.998):
        assert made.limits[level][0] == pytest.approx(-back.limits[level][1])
        assert (made.limits[level][0] <= made.value).all()
    more = estimate_difference(100 * one, 100 * persons, 100 * other, 100 * others)
    assert (more.upper - more.lower < made.upper - made.lower).all()


def test_differences_that_cannot_be_told_say_why() -> None:
    made = estimate_difference(
        [3, 3, 3, np.nan, 3, 3],
        [100, 0, 100, 100, 100, 100],
        [3, 3, 3, 3, 3, 3],
        [100, 100, 0, 100, 100, 100],
        given=["value"] * 4 + ["suppressed", "value"],
        other_given=["value"] * 5 + ["suppressed"],
    )
    assert made.at(0).state == "zero"
    assert made.lower[0] < 0 < made.upper[0]
    assert list(made.reason) == ["", *[NO_POPULATION] * 2, NO_FIGURE, *[WITHHELD] * 2]
    assert np.isnan(made.n[4:]).all()
    with pytest.raises(ValueError, match="The shapes differ"):
        estimate_difference([1], [1], [1, 2], [1, 2])
