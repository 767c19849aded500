"""Neighbours, Moran's I and Geary's C."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from analysis.methods.reasons import ALL_THE_SAME, NO_FIGURE, TOO_FEW, TOO_FEW_AREAS
from analysis.methods.spatial import (
    measure_geary,
    measure_moran,
    measure_moran_of_rates,
    read_neighbours,
    standardise_rates,
)
from analysis.methods.spatial.shuffles import count_exceeding, turn_to_p

RING = read_neighbours(range(12), [(i, (i + 1) % 12) for i in range(12)])
WAVE = [0, 0, 0, 1, 2, 3, 4, 4, 3, 2, 1, 0]


@pytest.fixture
def columbus(oracles):
    areas = oracles.table("g11_moran_columbus", "areas")
    edges = oracles.table("g11_moran_columbus", "edges")
    beside = read_neighbours(range(len(areas)), edges.itertuples(index=False, name=None))
    return areas, beside


def weights_of(beside):
    from libpysal.weights import W

    near = {i: [] for i in range(len(beside))}
    for one, other in zip(beside.first, beside.second, strict=True):
        near[int(one)].append(int(other))
    return W(near, id_order=list(range(len(beside))), silence_warnings=True)


def test_moran_and_geary_meet_the_reference(oracles, columbus):
    areas, beside = columbus
    cases = oracles.read("g11_moran_columbus")["cases"][:3]
    figures = np.array([areas[case["variable"].upper()] for case in cases])
    moran = measure_moran(figures, beside, seed=1)
    geary = measure_geary(figures, beside)
    for row, case in enumerate(cases):
        said = case["expected"]
        for ours, theirs in (
            (moran.estimates.value, said["I"]),
            (moran.expected, said["EI"]),
            (moran.variance, said["VI_rand"]),
            (moran.z, said["z_rand"]),
            (moran.p_alike, said["p_rand_greater"]),
            (geary.estimates.value, said["geary_C"]),
            (geary.variance, said["geary_V"]),
        ):
            assert ours[row] == pytest.approx(theirs, rel=0, abs=1e-10)
        # The normal law is near the draws, and not equal to them: figures are skewed.
        assert abs(moran.p_drawn[row] - said["p_rand_greater"]) < 0.015
    assert (geary.expected == 1).all()
    assert (geary.z < 0).all()
    assert (geary.p_alike < 0.05).all(), "a low C means alike"
    assert np.isnan(geary.p_drawn).all()


def test_statistics_and_probabilities_equal_those_of_the_library(columbus):
    from esda import Geary, Moran
    from esda.moran import Moran_Rate

    areas, beside = columbus
    weights = weights_of(beside)
    figures = areas[["CRIME", "HOVAL"]].T.to_numpy()
    made = measure_moran(figures, beside, seed=7)
    contiguity = measure_geary(figures, beside)
    for row in range(2):
        library = Moran(figures[row], weights, permutations=0)
        assert made.estimates.value[row] == pytest.approx(library.I, rel=1e-12)
        assert made.variance[row] == pytest.approx(library.VI_rand, rel=1e-12)
        assert 2 * made.p_alike[row] == pytest.approx(library.p_rand, rel=1e-9)
        library = Geary(figures[row], weights, permutations=0)
        assert contiguity.estimates.value[row] == pytest.approx(library.C, rel=1e-12)
        assert contiguity.variance[row] == pytest.approx(library.VC_rand, rel=1e-9)
    cases, people = np.round(figures[0]) + 1, np.round(figures[1] * 100)
    rates = measure_moran_of_rates(cases, people, beside, seed=7)
    np.random.seed(5)  # noqa: NPY002 - the library draws from the global generator
    library = Moran_Rate(cases, people, weights, permutations=1_999)
    assert rates.estimates.value == pytest.approx(library.I, rel=1e-12)
    error = np.sqrt(library.p_sim * (1 - library.p_sim) / 1_999)
    assert abs(rates.p_drawn - library.p_sim) < 4 * error + 1e-3


def test_standardised_rates_equal_those_of_the_library_even_where_variance_is_negative(rng):
    from esda.smoothing import assuncao_rate

    people = rng.integers(100, 90_000, 40)
    for cases in (rng.poisson(people / 500), np.round(people / 500)):
        np.testing.assert_allclose(
            standardise_rates(cases, people), assuncao_rate(cases, people), rtol=1e-9
        )


def test_islands_do_not_count_into_n_unless_a_link_joins_them():
    pairs = [(i, (i + 1) % 12) for i in range(12)]
    with_islands = read_neighbours(range(14), pairs)
    made = measure_moran([*WAVE, 3, 50], with_islands, seed=1)
    plain = measure_moran(WAVE, RING, seed=1)
    assert made.areas == 12
    for name in ("expected", "variance", "z", "p_drawn"):
        assert getattr(made, name) == getattr(plain, name)
    assert made.estimates.value == plain.estimates.value
    linked = read_neighbours(range(14), pairs, links=[(12, 0), (13, 12)])
    assert list(np.flatnonzero(linked.isolated)) == []
    assert measure_moran([*WAVE, 3, 50], linked, seed=1).areas == 14


def test_blanks_are_left_out_and_with_them_areas_that_lose_all_neighbours():
    pairs = [(i, (i + 1) % 12) for i in range(12)]
    wide = read_neighbours(range(14), [*pairs, (12, 13)])
    made = measure_moran([[*WAVE, 5, np.nan], [*WAVE, 5, 6]], wide, seed=1)
    assert list(made.areas) == [12, 14]
    plain = measure_moran(WAVE, RING, seed=1)
    assert made.estimates.value[0] == plain.estimates.value
    hidden = measure_moran([*WAVE, 5, 99], wide, seed=1, given=["value"] * 13 + ["suppressed"])
    assert hidden.estimates.value == plain.estimates.value
    assert hidden.p_drawn == plain.p_drawn


def test_draws_count_ties_on_both_sides_and_never_give_zero():
    upper, both = turn_to_p(np.array([0, 49, 99]), np.array([99, 50, 0]), 99)
    np.testing.assert_allclose(upper, [0.01, 0.5, 1])
    np.testing.assert_allclose(both, [0.02, 1, 0.02])
    # Two values only: many orders tie with the observed one.
    figures = np.array([[1.0] * 3 + [0.0] * 9])
    more, less = count_exceeding(figures - figures.mean(), RING, 999, 3)
    assert more[0] + less[0] > 999
    assert more[0] < 100
    assert less[0] == 999, "three in a row is the most alike that can be"


def test_every_order_of_a_small_map_is_met_in_the_right_share():
    from itertools import permutations

    path = read_neighbours(range(5), [(i, i + 1) for i in range(4)])
    figures = np.array([[3.0, 1, -1, 0, -3]])
    weights = path.matrix().toarray() / path.degree[:, None]
    all_orders = [np.array(order) for order in permutations(figures[0])]
    likeness = np.array([order @ weights @ order for order in all_orders])
    observed = figures[0] @ weights @ figures[0]
    exact = (likeness >= observed - 1e-9).mean()
    more, _ = count_exceeding(figures, path, 20_000, 11)
    assert more[0] / 20_000 == pytest.approx(exact, abs=4 * np.sqrt(exact / 20_000))


def test_the_seed_decides_and_series_share_the_draws(rng):
    figures = rng.normal(size=(3, 12))
    one, two, other = (measure_moran(figures, RING, seed=s, permutations=999) for s in (4, 4, 5))
    np.testing.assert_array_equal(one.p_drawn, two.p_drawn)
    assert (one.p_drawn != other.p_drawn).any()
    alone = measure_moran(figures[1], RING, seed=4, permutations=999)
    assert alone.p_drawn == one.p_drawn[1]
    assert alone.p_drawn_either == one.p_drawn_either[1]


@settings(max_examples=20)
@drawn(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50))
def test_units_and_order_of_areas_do_not_matter(seed, scale, shift):
    rng = np.random.default_rng(seed)
    figures = rng.normal(size=12)
    order = rng.permutation(12)
    mixed = read_neighbours(order, [(i, (i + 1) % 12) for i in range(12)])
    plain = measure_moran(figures, RING, seed=1, permutations=99)
    kept = figures.copy()
    for made in (
        measure_moran(figures * scale + shift, RING, seed=1, permutations=99),
        measure_moran(figures[order], mixed, seed=1, permutations=99),
    ):
        assert made.estimates.value == pytest.approx(float(plain.estimates.value), abs=1e-9)
        assert made.variance == pytest.approx(float(plain.variance), rel=1e-6)
    assert (figures == kept).all()
    geary = measure_geary(figures, RING)
    again = measure_geary(figures[order] * scale + shift, mixed)
    assert again.estimates.value == pytest.approx(float(geary.estimates.value), abs=1e-8)


def test_alike_and_unlike_neighbours_are_told_apart():
    alike = measure_moran(WAVE, RING, seed=1)
    unlike = measure_moran([0, 1] * 6, RING, seed=1)
    assert alike.estimates.value > 0.8
    assert alike.p_drawn < 0.001
    assert unlike.estimates.value == pytest.approx(-1)
    assert unlike.p_drawn > 0.99
    assert unlike.p_drawn_either < 0.01
    assert unlike.p_alike > 0.99


def test_a_rate_weighs_less_where_few_people_live():
    # By chance three cases too many: much in a place of 300, nothing in one of 300,000.
    people = np.array([100_000.0] * 6 + [300] * 6)
    cases = people / 100
    cases[[8, 9]] += 3
    small = standardise_rates(cases, people)
    people[8], cases[8] = 300_000, 3_003
    large = standardise_rates(cases, people)
    assert 1.5 < small[8] < 2
    assert abs(large[8]) < 0.1
    assert measure_moran_of_rates(cases, people, RING, seed=1).estimates.n == 12


def test_a_map_on_which_every_order_is_alike_shows_no_pattern():
    made = measure_moran([0.0] * 11 + [1], RING, seed=1, permutations=99)
    assert made.variance == pytest.approx(0, abs=1e-12)
    assert (made.z, made.p_alike, made.p_drawn, made.p_drawn_either) == (0, 1, 1, 1)


def test_what_cannot_be_measured_says_why():
    figures = np.array([np.arange(12.0), np.full(12, 0.1), np.full(12, np.nan)])
    made = measure_moran(figures, RING, seed=1, permutations=99)
    assert list(made.estimates.reason) == ["", ALL_THE_SAME, NO_FIGURE]
    assert list(np.isnan(made.p_drawn)) == [False, True, True]
    few = measure_geary(np.arange(9.0), read_neighbours(range(9), [(i, i + 1) for i in range(8)]))
    assert few.estimates.reason == TOO_FEW_AREAS
    apart = measure_moran(np.arange(12.0), read_neighbours(range(12), []), seed=1)
    assert apart.estimates.reason == TOO_FEW_AREAS
    assert apart.areas == 0
    ten = read_neighbours(range(10), [(i, i + 1) for i in range(9)])
    assert measure_geary(np.arange(10.0), ten).estimates.is_number
    empty = measure_moran_of_rates([np.zeros(12), np.full(12, np.nan)], [9] * 12, RING, seed=1)
    assert list(empty.estimates.reason) == [TOO_FEW, NO_FIGURE]


def test_wrong_inputs_get_a_sentence():
    with pytest.raises(ValueError, match=r"The area 'a' is listed twice; give each area once"):
        read_neighbours("aba", [])
    with pytest.raises(ValueError, match=r"names the area 'c', which is not among the 2 areas"):
        read_neighbours("ab", [("a", "c")])
    with pytest.raises(ValueError, match=r"The area 'a' is given as its own neighbour"):
        read_neighbours("ab", {"a": ["a"]})
    with pytest.raises(ValueError, match=r"have 3 areas on their last axis and the neighbours"):
        measure_moran([1, 2, 3], RING, seed=1)
    with pytest.raises(ValueError, match=r"9 permutations were asked for; take at least 99"):
        measure_moran(WAVE, RING, seed=1, permutations=9)
    with pytest.raises(ValueError, match=r"values holds an infinite number"):
        measure_geary([np.inf] * 12, RING)
    with pytest.raises(ValueError, match=r"counts holds -1"):
        measure_moran_of_rates([-1] * 12, [1] * 12, RING, seed=1)


def test_neighbours_are_read_from_pairs_or_a_mapping_and_go_both_ways():
    from_pairs = read_neighbours("abcd", [("a", "b"), ("b", "a"), ("b", "c")])
    from_mapping = read_neighbours("abcd", {"a": ["b"], "c": ["b"]})
    for beside in (from_pairs, from_mapping):
        assert list(beside.degree) == [1, 2, 1, 0]
        np.testing.assert_array_equal(beside.matrix().toarray(), beside.matrix().toarray().T)
        assert beside.matrix()[0, 1] == 1
        assert list(beside.components()) == [0, 0, 0, 1]
    kept = from_pairs.select(np.array([False, True, True, True]))
    assert kept.areas == ("b", "c", "d")
    assert list(kept.degree) == [1, 1, 0]
