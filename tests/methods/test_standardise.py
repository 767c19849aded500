"""Standardised rates and ratios."""

from __future__ import annotations

import numpy as np
import pytest
from esda.smoothing import direct_age_standardization

from analysis.methods.rates import (
    bound_mean,
    estimate_rate,
    estimate_standardised_rate,
    estimate_standardised_ratio,
)
from analysis.methods.rates.standardise import NOTHING_EXPECTED
from analysis.methods.reasons import NO_FIGURE, NO_POPULATION, TOO_FEW, WITHHELD

CLOSE = {"rel": 1e-8}


@pytest.fixture(scope="module")
def example(oracles):
    table = oracles.table("g02_dsr_isr", "input")
    bands = table["ageband"].nunique()
    counts, persons = (table[name].to_numpy(float).reshape(-1, bands) for name in ("count", "pop"))
    return {
        "areas": table["area"].unique().tolist(),
        "counts": counts,
        "persons": persons,
        "standard": table["stdpop"].to_numpy(float)[:bands],
        "expected": oracles.read("g02_dsr_isr")["cases"][0],
    }


def test_the_standardised_rate_is_that_of_the_reference(example) -> None:
    made = estimate_standardised_rate(
        example["counts"], example["persons"], example["standard"], per=100_000
    )
    told = example["expected"]["dsr_per_100k"]
    assert [row["area"] for row in told] == example["areas"]
    names = {0.95: ("lower95_0cl", "upper95_0cl"), 0.998: ("lower99_8cl", "upper99_8cl")}
    for place, row in enumerate(told):
        if row["value"] is None:
            assert made.at(place).reason == TOO_FEW
            assert made.at(place).value is None
            continue
        assert made.value[place] == pytest.approx(row["value"], **CLOSE)
        for level, pair in names.items():
            for side, name in enumerate(pair):
                assert made.limits[level][side][place] == pytest.approx(row[name], **CLOSE)
    assert made.n.tolist() == [row["total_count"] for row in told]


def test_the_gamma_limits_are_those_of_the_reference_and_of_the_library(example) -> None:
    counts, persons, standard = (example[name] for name in ("counts", "persons", "standard"))
    made = estimate_standardised_rate(counts, persons, standard, per=100_000, interval="gamma")
    for place, area in enumerate(example["areas"]):
        told = example["expected"]["fay_feuer_per_100k"][area]
        found = [made.value[place], made.lower[place], made.upper[place]]
        assert found == pytest.approx([told["adj.rate"], told["lci"], told["uci"]], **CLOSE)
    flat = [array.ravel() for array in (counts, persons)]
    library = direct_age_standardization(*flat, np.tile(standard, len(counts)), len(counts))
    ours = np.column_stack([made.value, made.lower, made.upper]) / 100_000
    assert np.allclose(ours, np.array(library), rtol=1e-6)


def test_the_standardised_ratio_is_that_of_the_reference(example) -> None:
    counts, persons = example["counts"], example["persons"]
    made = estimate_standardised_ratio(
        counts.sum(axis=1), persons, counts.sum(axis=0), persons.sum(axis=0)
    )
    for place, row in enumerate(example["expected"]["isr_x100_reference_is_all_areas"]):
        assert made.value[place] == pytest.approx(row["value"], **CLOSE)
        assert made.lower[place] == pytest.approx(row["lower95_0cl"], **CLOSE)
        assert made.upper[place] == pytest.approx(row["upper95_0cl"], **CLOSE)
        low, high = made.limits[0.998]
        assert low[place] == pytest.approx(row["lower99_8cl"], **CLOSE)
        assert high[place] == pytest.approx(row["upper99_8cl"], **CLOSE)
        assert made.n[place] == row["observed"]


def test_ages_like_those_of_the_standard_change_nothing() -> None:
    counts, persons = np.array([[6, 5, 4]]), np.array([[3000, 2000, 1000]])
    crude = estimate_rate([15], [6000], interval="byar")
    made = estimate_standardised_rate(counts, persons, [30, 20, 10])
    assert made.value == pytest.approx(crude.value)
    assert made.lower == pytest.approx(crude.lower)
    exact = estimate_rate([15], [6000], interval="exact")
    gamma = estimate_standardised_rate(counts, persons, [30, 20, 10], interval="gamma")
    assert gamma.lower == pytest.approx(exact.lower)
    assert gamma.upper == pytest.approx(exact.upper)


def test_ten_cases_are_enough_and_nine_are_not() -> None:
    persons = [[1000, 1000]] * 2
    made = estimate_standardised_rate([[5, 5], [5, 4]], persons, [1, 1])
    assert list(made.reason) == ["", TOO_FEW]
    gamma = estimate_standardised_rate([[0, 1], [0, 0]], persons, [1, 3], interval="gamma")
    assert list(gamma.state) == ["value", "zero"]
    assert gamma.lower[1] == 0
    # Without a case the limit is that of one age alone: the one whose case would weigh most.
    assert gamma.upper[1] == pytest.approx(0.75 * bound_mean([0], 0.95)[0.95][1][0])


def test_degenerate_places_get_a_state_and_a_reason() -> None:
    counts = [[20, 5], [20, np.nan], [20, 0], [20, 5]]
    persons = [[900, 800], [900, 800], [900, 0], [900, 800]]
    for interval in ("dobson", "gamma"):
        made = estimate_standardised_rate(
            counts,
            persons,
            [1, 1],
            interval=interval,
            given=["value", "value", "value", "suppressed"],
        )
        assert list(made.reason) == ["", NO_FIGURE, NO_POPULATION, WITHHELD]
        assert np.isnan(made.n[3])
    bands = np.full((4, 2), "value", dtype=object)
    bands[0, 1] = "suppressed"
    made = estimate_standardised_rate(counts, persons, [1, 1], given=bands)
    assert made.at(0).reason == WITHHELD
    # An age that the standard lacks is left out, residents or not.
    made = estimate_standardised_rate([[20, 0]], [[900, 0]], [1, 0])
    assert made.value[0] == pytest.approx(20 / 0.9)


def test_a_ratio_without_expected_cases_says_why() -> None:
    made = estimate_standardised_ratio(
        [3, 3, 3, np.nan, 3],
        [[100, 0], [0, 50], [0, 0], [100, 0], [100, 0]],
        [5, 0],
        [1000, 0],
        given=["value"] * 4 + ["suppressed"],
    )
    assert list(made.reason) == ["", NO_POPULATION, NOTHING_EXPECTED, NO_FIGURE, WITHHELD]
    assert made.value[0] == pytest.approx(600)
    assert np.isnan(made.value[1:]).all()


def test_wrong_input_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"The standard population has the shape \(3,\) and the"):
        estimate_standardised_rate([[1, 2]], [[1, 2]], [1, 2, 3])
    with pytest.raises(ValueError, match="The standard population sums to 0, and it needs persons"):
        estimate_standardised_rate([[1, 2]], [[1, 2]], [0, 0])
    with pytest.raises(ValueError, match="The standard population sums to nan"):
        estimate_standardised_rate([[1, 2]], [[1, 2]], [1, np.nan])
    with pytest.raises(ValueError, match="interval is 'byar', and .*: dobson, gamma"):
        estimate_standardised_rate([[1]], [[1]], [1], interval="byar")
    with pytest.raises(ValueError, match=r"The population has the shape \(2,\) and the observed"):
        estimate_standardised_ratio([1, 2], [1, 2], [1], [1])
    with pytest.raises(ValueError, match=r"population \(2,\), reference_counts \(1,\)"):
        estimate_standardised_ratio([1], [[1, 2]], [1], [1])


@pytest.mark.parametrize("interval", ["dobson", "gamma"])
def test_order_scale_and_inputs(rng, interval) -> None:
    counts, persons = rng.poisson(4, (30, 6)), rng.integers(50, 900, (30, 6))
    kept, order = counts.copy(), rng.permutation(30)
    standard = np.arange(1, 7)
    made = estimate_standardised_rate(counts, persons, standard, interval=interval)
    turned = estimate_standardised_rate(
        counts[order][:, ::-1], persons[order][:, ::-1], 7.0 * standard[::-1], interval=interval
    )
    assert turned.value == pytest.approx(made.value[order], nan_ok=True)
    assert turned.upper == pytest.approx(made.upper[order], nan_ok=True)
    assert (counts == kept).all()
    many = estimate_standardised_rate(100 * counts, 100 * persons, standard, interval=interval)
    known = made.is_number
    assert (many.upper - many.lower < made.upper - made.lower)[known].all()
    assert (made.lower <= made.value)[known].all()
    assert (made.upper >= made.value)[known].all()
