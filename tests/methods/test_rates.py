"""Crude rates, shares and their limits: as the reference software says, and never misleading."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from analysis.methods.rates import (
    bound_mean,
    bound_share,
    estimate_rate,
    estimate_share,
    read_levels,
)
from analysis.methods.rates.crude import NOTHING_TO_SHARE
from analysis.methods.reasons import NO_FIGURE, NO_POPULATION, NOT_MEANT, WITHHELD
from analysis.methods.states import join_states, reduce_states

NAME = "g01_rates_small_counts"
CLOSE = {"rel": 1e-9, "abs": 1e-12}
LEVELS = {0.95: "95", 0.998: "998"}


@pytest.fixture(scope="module")
def cases(oracles):
    return oracles.read(NAME)["cases"]


def test_exact_limits_are_those_of_the_reference(cases) -> None:
    for case in cases:
        made = bound_mean([case["input"]["count"]], (0.95, 0.998), "exact")
        for level, name in LEVELS.items():
            found = [side[0] for side in made[level]]
            assert found == pytest.approx(case["expected"][f"exact_poisson_count_{name}"], **CLOSE)


def test_byar_limits_are_those_of_the_reference(cases) -> None:
    for case in cases:
        low, high = (side[0] for side in bound_mean([case["input"]["count"]], 0.95, "byar")[0.95])
        expected = case["expected"]["byars_count_95"]
        # The reference leaves the lower limit of no case blank; a mean is at least 0.
        assert low == pytest.approx(expected[0] or 0, **CLOSE)
        assert high == pytest.approx(expected[1], **CLOSE)


def test_rates_are_those_of_the_reference_in_one_call(cases) -> None:
    counts = [case["input"]["count"] for case in cases]
    persons = [case["input"]["denominator"] for case in cases]
    made = estimate_rate(counts, persons, per=100_000)
    expected = [case["expected"]["phe_rate_per_100k"] for case in cases]
    assert made.value == pytest.approx([e["value"] for e in expected], **CLOSE)
    for level, name in LEVELS.items():
        low, high = made.limits[level]
        assert low == pytest.approx([e[f"lower{name}"] for e in expected], **CLOSE)
        assert high == pytest.approx([e[f"upper{name}"] for e in expected], **CLOSE)
    assert {e["method"] for e in expected} == {"Exact", "Byars"}
    assert made.level == 0.95
    assert made.unit == "per 100,000"


def test_shares_are_those_of_the_reference(cases) -> None:
    counts = [case["input"]["count"] for case in cases]
    wholes = [case["input"]["denominator"] for case in cases]
    made = estimate_share(counts, wholes)
    expected = [case["expected"]["phe_proportion"] for case in cases]
    assert made.value / 100 == pytest.approx([e["value"] for e in expected], **CLOSE)
    for level, name in LEVELS.items():
        low, high = (side / 100 for side in made.limits[level])
        assert low == pytest.approx([e[f"lower{name}"] for e in expected], **CLOSE)
        assert high == pytest.approx([e[f"upper{name}"] for e in expected], **CLOSE)
    exact = bound_share(counts, wholes, 0.95, "exact")[0.95]
    for side, place in zip(exact, (0, 1), strict=True):
        told = [case["expected"]["clopper_pearson_95"][place] for case in cases]
        assert side == pytest.approx(told, **CLOSE)


def test_limits_are_those_of_the_libraries() -> None:
    counts = np.arange(1, 60)
    low, high = bound_mean(counts, 0.9, "exact")[0.9]
    told = confint_poisson(counts, np.ones(59), method="exact-c", alpha=0.1)
    assert np.allclose((low, high), told, rtol=1e-10)
    for ours, theirs in (("wilson", "wilson"), ("exact", "beta")):
        low, high = bound_share(counts, np.full(59, 60), 0.9, ours)[0.9]
        told = proportion_confint(counts, 60, method=theirs, alpha=0.1)
        assert np.allclose((low, high), told, rtol=1e-9)


def test_exact_limits_of_a_share_hold_for_a_million_residents() -> None:
    """The plain inverse of the library is off by 7e-8 here; the tails tell."""
    for part, whole in ((999, 2_113_456), (1, 3_000_000), (20_000, 150_000), (149_000, 150_000)):
        low, high = (side[0] for side in bound_share([part], [whole], 0.998, "exact")[0.998])
        assert special.betainc(part, whole - part + 1, low) == pytest.approx(0.001, rel=1e-9)
        assert special.betaincc(part + 1, whole - part, high) == pytest.approx(0.001, rel=1e-9)


def test_byar_replaces_the_exact_limits_from_ten_cases_on() -> None:
    counts = np.array([9, 9.5, 10, 11])
    switch, exact, byar = (
        bound_mean(counts, 0.95, name)[0.95] for name in ("switch", "exact", "byar")
    )
    for side in (0, 1):
        assert list(switch[side][:2]) == list(exact[side][:2])
        assert list(switch[side][2:]) == list(byar[side][2:])
        assert (exact[side] != byar[side]).all()
        # The published claim, measured: from ten cases on the two differ by 0.2 % at most.
        assert exact[side][2:] == pytest.approx(byar[side][2:], rel=0.002)


def test_byar_never_goes_below_zero() -> None:
    low, _ = bound_mean([0, 1], 0.998, "byar")[0.998]
    assert list(low) == [0, 0]


def test_no_case_has_a_limit_above_and_all_cases_one_below() -> None:
    rate = estimate_rate([0], [1000], levels=0.95)
    assert rate.at(0).state == "zero"
    # The rule of three, exactly: 3.69 where both tails are left open.
    assert rate.upper[0] == pytest.approx(-np.log(0.025))
    assert rate.lower[0] == 0
    for interval in ("wilson", "exact"):
        share = estimate_share([0, 8], [8, 8], interval=interval)
        assert share.lower[0] == 0
        assert share.upper[1] == 100
        assert 0 < share.upper[0] < 50
        assert 50 < share.lower[1] < 100


def test_dispersion_widens_the_limits_as_if_incidents_were_counted() -> None:
    plain = estimate_rate([6], [1000])
    grouped = estimate_rate([30], [1000], dispersion=5)
    assert grouped.value[0] == 30
    assert grouped.lower[0] == pytest.approx(5 * plain.lower[0])
    assert grouped.upper[0] == pytest.approx(5 * plain.upper[0])
    with pytest.raises(ValueError, match="A dispersion of 0.5 was given, and it is a number from"):
        estimate_rate([1], [1], dispersion=0.5)


def test_degenerate_input_gives_a_state_and_a_reason() -> None:
    states = ["value", "value", "zero", "suppressed", "no_data", "not_applicable", "value"]
    rate = estimate_rate(
        [np.nan, 3, 0, 4, np.nan, 5, 6], [10, 0, 0, 10, 10, 10, np.nan], given=states
    )
    told = ["no_data", *["not_applicable"] * 2, "suppressed", "no_data", "not_applicable"]
    assert list(rate.state) == [*told, "no_data"]
    why = [NO_FIGURE, NO_POPULATION, NO_POPULATION, WITHHELD, NO_FIGURE, NOT_MEANT, NO_FIGURE]
    assert list(rate.reason) == why
    for pair in rate.limits.values():
        assert np.isnan(pair).all()
    assert np.isnan(rate.n[3])
    share = estimate_share([0, 2, np.nan], [0, 5, 5], given=["value", "suppressed", "value"])
    assert list(share.reason) == [NOTHING_TO_SHARE, WITHHELD, NO_FIGURE]
    assert np.isnan(share.value).all()
    assert np.isnan(share.n[1])
    assert list(share.n[[0, 2]]) == [0, 5]


def test_one_number_and_a_whole_table_go_in_alike() -> None:
    one = estimate_rate(12, 4000)
    table = estimate_rate(np.full((3, 2), 12), np.full((3, 2), 4000))
    assert one.shape == ()
    assert table.shape == (3, 2)
    assert (table.upper == one.upper).all()
    assert estimate_rate([], []).shape == (0,)


def test_wrong_input_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="counts holds -1, and a count is a number from 0 up"):
        estimate_rate([-1], [10])
    with pytest.raises(ValueError, match=r"The shapes differ: counts \(1,\), population \(2,\)"):
        estimate_rate([1], [10, 10])
    with pytest.raises(ValueError, match="A confidence level of 95.0 was asked for"):
        estimate_rate([1], [10], levels=95)
    with pytest.raises(ValueError, match="No confidence level was given"):
        estimate_rate([1], [10], levels=())
    with pytest.raises(ValueError, match="interval is 'wald', and it has to be one of: wilson,"):
        estimate_share([1], [10], interval="wald")
    with pytest.raises(ValueError, match="interval is 'wilson', and .* switch, exact, byar"):
        estimate_rate([1], [10], interval="wilson")
    with pytest.raises(ValueError, match="A rate per 0 was asked for, and the base is a number"):
        estimate_rate([1], [10], per=0)
    with pytest.raises(ValueError, match="A part of 11 was given for a whole of 10, and a part"):
        estimate_share([5, 11], [10, 10])
    with pytest.raises(ValueError, match=r"The shapes differ: part \(1,\), whole \(2,\)"):
        estimate_share([5], [10, 10])
    assert read_levels([0.9, 0.99]) == (0.9, 0.99)


def test_the_most_silent_state_counts() -> None:
    assert join_states(None, None) is None
    assert reduce_states(None, (2, 2)) is None
    joined = join_states(["value", "no_data", "not_applicable"], ["zero", "suppressed", "no_data"])
    assert list(joined) == ["value", "suppressed", "no_data"]
    assert list(join_states(None, ["suppressed"])) == ["suppressed"]
    assert list(reduce_states(["zero", "suppressed"], (2, 3))) == ["zero", "suppressed"]
    with pytest.raises(ValueError, match=r"The states have the shape \(3,\), and the figures"):
        reduce_states(["value"] * 3, (2, 3))


counts_strategy = st.lists(st.integers(0, 5000), min_size=2, max_size=12)


@settings(max_examples=40)
@given(counts_strategy, st.floats(0.01, 0.999), st.sampled_from(["switch", "exact", "byar"]))
def test_limits_of_a_mean_hold_the_count_and_widen_with_the_level(counts, level, interval) -> None:
    made = bound_mean(counts, (level, (1 + level) / 2), interval)
    (low, high), (lower, higher) = made.values()
    assert (low <= counts).all()
    assert (high > counts).all()
    assert (lower <= low).all()
    assert (higher > high).all()
    assert (lower >= 0).all()
    rising = np.argsort(counts, kind="stable")
    assert (np.diff(high[rising]) >= 0).all()


@settings(max_examples=40)
@given(counts_strategy, st.floats(0.01, 0.999), st.sampled_from(["wilson", "exact"]))
def test_limits_of_a_share_hold_it_and_mirror_its_rest(parts, level, interval) -> None:
    wholes = np.array(parts) + np.arange(1, len(parts) + 1)
    low, high = bound_share(parts, wholes, level, interval)[level]
    share = np.array(parts) / wholes
    assert (low >= 0).all()
    assert (low <= share).all()
    assert (share <= high).all()
    assert (high <= 1).all()
    rest_low, rest_high = bound_share(wholes - parts, wholes, level, interval)[level]
    assert np.allclose(rest_low, 1 - high, atol=1e-12)
    assert np.allclose(rest_high, 1 - low, atol=1e-12)


def test_limits_shrink_as_cases_grow() -> None:
    times = 10.0 ** np.arange(5)
    rate = estimate_rate(4 * times, 900 * times, interval="exact")
    share = estimate_share(4 * times, 9 * times)
    for made in (rate, share):
        for low, high in made.limits.values():
            assert (np.diff(high - low) < 0).all()


def test_the_order_of_areas_does_not_matter_and_inputs_stay(rng) -> None:
    counts, persons = rng.poisson(9, 80).astype(float), rng.integers(500, 9000, 80).astype(float)
    counts[3] = np.nan
    kept = counts.copy(), persons.copy()
    order = rng.permutation(80)
    for method in (estimate_rate, estimate_share):
        first, second = method(counts, persons), method(counts[order], persons[order])
        for level in (0.95, 0.998):
            for side in (0, 1):
                one, other = first.limits[level][side][order], second.limits[level][side]
                assert np.array_equal(one, other, equal_nan=True)
        assert np.array_equal(first.value[order], second.value, equal_nan=True)
    assert np.array_equal(counts, kept[0], equal_nan=True)
    assert np.array_equal(persons, kept[1])


def test_exact_limits_leave_half_of_what_is_over_on_each_side() -> None:
    low, high = (side[0] for side in bound_mean([7], 0.9, "exact")[0.9])
    assert stats.poisson.sf(6, low) == pytest.approx(0.05)
    assert stats.poisson.cdf(7, high) == pytest.approx(0.05)
