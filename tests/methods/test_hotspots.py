"""Local Moran and Gi*: labels only where chance is ruled out."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import norm

from analysis.methods.multiplicity import control_false_discovery
from analysis.methods.reasons import (
    ALL_THE_SAME,
    NO_FIGURE,
    NO_NEIGHBOURS,
    NO_POPULATION,
    TOO_FEW,
    TOO_FEW_AREAS,
    WITHHELD,
)
from analysis.methods.spatial import (
    find_clusters,
    find_clusters_of_rates,
    find_hot_spots,
    find_hot_spots_of_rates,
    read_neighbours,
)

WIDE = read_neighbours(
    range(40), [(i, j) for i in range(40) for j in range(i + 1, i + 4) if j < 40]
)
LOCAL = [find_clusters, find_hot_spots]
OF_RATES = [find_clusters_of_rates, find_hot_spots_of_rates]


@pytest.fixture
def columbus(oracles):
    areas = oracles.table("g11_moran_columbus", "areas")
    edges = oracles.table("g11_moran_columbus", "edges")
    beside = read_neighbours(range(len(areas)), edges.itertuples(index=False, name=None))
    return areas.CRIME.to_numpy(), beside, edges


def weights_of(beside):
    from libpysal.weights import W

    near = {i: [] for i in range(len(beside))}
    for one, other in zip(beside.first, beside.second, strict=True):
        near[int(one)].append(int(other))
    return W(near, id_order=list(range(len(beside))), silence_warnings=True)


def a_block(rng):
    figures = rng.normal(size=40)
    figures[5:15] += 8
    figures[25:35] -= 8
    return figures


def test_local_moran_meets_the_reference(oracles, columbus):
    crime, beside, _ = columbus
    said = {
        k: np.array(v)
        for k, v in oracles.read("g11_moran_columbus")["cases"][3]["expected"].items()
    }
    made = find_clusters(crime, beside, seed=1)
    p = 2 * norm.sf(np.abs(made.z))
    for ours, theirs in (
        (made.estimates.value, said["Ii"]),
        (made.z, said["z_cond"]),
        (p, said["p"]),
        (control_false_discovery(p), said["p_fdr"]),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)
    # Drawn and normal probabilities differ by skewness, not by a factor of two.
    assert np.abs(made.p - said["p"]).max() < 0.05
    hot = find_hot_spots(crime, beside, seed=1)
    np.testing.assert_allclose(hot.estimates.value, said["localGstar_binary"], rtol=0, atol=1e-10)
    np.testing.assert_array_equal(hot.p, made.p, "the same question to the same draws")
    np.testing.assert_allclose(made.q, control_false_discovery(made.p))


def test_statistics_and_probabilities_equal_those_of_the_library(columbus):
    from esda import G_Local, Moran_Local
    from esda.moran import Moran_Local_Rate

    crime, beside, _ = columbus
    weights = weights_of(beside)
    made = find_clusters(crime, beside, seed=1)
    with warnings.catch_warnings():
        # The library announces that it will turn to two-sided probabilities, as here.
        warnings.simplefilter("ignore", DeprecationWarning)
        library = Moran_Local(crime, weights, permutations=9_999, seed=2)
    n = len(crime)
    np.testing.assert_allclose(made.estimates.value, library.Is * n / (n - 1), rtol=1e-10)
    np.testing.assert_allclose(
        made.z, (library.Is * n / (n - 1) - library.EIc) / np.sqrt(library.VIc)
    )
    # Its own probability is one-sided in the direction seen; from its draws, the two-sided one.
    more = (library.sim >= library.Is - 1e-9).sum(axis=0) + 1
    less = (library.sim <= library.Is + 1e-9).sum(axis=0) + 1
    drawn = np.minimum(1, 2 * np.minimum(more, less) / 10_000)
    assert (np.abs(made.p - drawn) < 6 * np.sqrt(drawn / 9_999) + 1e-3).all()
    hot = find_hot_spots(crime, beside, seed=1)
    library = G_Local(crime, weights, transform="B", star=True, permutations=0)
    np.testing.assert_allclose(hot.estimates.value, library.Zs, rtol=1e-9)
    people = np.linspace(500, 9_000, n).round()
    rates = find_clusters_of_rates(np.round(crime), people, beside, seed=1)
    library = Moran_Local_Rate(np.round(crime), people, weights, permutations=0)
    np.testing.assert_allclose(rates.estimates.value, library.Is * n / (n - 1), rtol=1e-9)
    np.testing.assert_array_equal(rates.estimates.n, np.round(crime))


def test_blocks_are_found_with_the_right_sign(rng):
    figures = a_block(rng)
    for look in LOCAL:
        made = look(figures, WIDE, seed=1)
        assert set(made.label[7:13]) == {"high_high"}
        assert set(made.label[27:33]) == {"low_low"}
        assert set(made.label[18:22]) == {"not_significant"}
        flipped = look(-figures, WIDE, seed=1)
        assert set(flipped.label[7:13]) == {"low_low"}
        assert set(flipped.label[27:33]) == {"high_high"}
    hot = find_hot_spots(figures, WIDE, seed=1)
    assert (hot.z[7:13] > 2).all()
    assert (hot.z[27:33] < -2).all()
    assert (hot.estimates.n[[0, 1, 20]] == [4, 5, 7]).all()


def test_an_area_that_stands_out_is_labelled_by_both_signs(rng):
    figures = a_block(rng)
    figures[10], figures[30] = -6.0, 6.0
    made = find_clusters(figures, WIDE, seed=1)
    assert made.label[10] == "low_high"
    assert made.label[30] == "high_low"
    assert made.estimates.value[10] < 0
    hot = find_hot_spots(figures, WIDE, seed=1)
    assert set(hot.label) <= {"high_high", "low_low", "not_significant"}


def test_labels_come_after_the_control_of_false_discoveries(rng):
    figures = a_block(rng)
    made = find_clusters(figures, WIDE, seed=1)
    labelled = made.label != "not_significant"
    np.testing.assert_array_equal(labelled, made.q <= 0.05)
    assert (made.q >= made.p).all()
    strict = find_clusters(figures, WIDE, seed=1, share=0.01)
    assert 0 < (strict.label != "not_significant").sum() <= labelled.sum()
    noise = find_clusters(rng.normal(size=(20, 40)), WIDE, seed=1, permutations=1_999)
    assert (noise.p < 0.05).sum() > 10
    assert (noise.label != "not_significant").any(axis=1).sum() <= 3


def test_every_draw_of_a_small_map_is_met_in_the_right_share():
    from itertools import combinations

    from analysis.methods.spatial.shuffles import count_exceeding_locally

    star = read_neighbours(range(7), [(0, 1), (0, 2), (3, 4), (5, 6)])
    figures = np.array([[0.0, 3, 2, -1, 1, -2, 4]])
    more, less = count_exceeding_locally(figures, star, 20_000, 9)
    sums = np.array([a + b for a, b in combinations(figures[0, 1:], 2)])
    assert more[0, 0] / 20_000 == pytest.approx((sums >= 5).mean(), abs=0.015)
    assert less[0, 0] / 20_000 == pytest.approx((sums <= 5).mean(), abs=0.015)
    others = np.delete(figures[0], 3)
    assert more[0, 3] / 20_000 == pytest.approx((others >= 1).mean(), abs=0.015)
    assert less[0, 3] / 20_000 == pytest.approx((others <= 1).mean(), abs=0.015)


def test_ties_are_no_evidence():
    figures = np.array([0.0] * 35 + [0.1, 0.2, 0.3, 0.4, 0.5])
    made = find_clusters(figures, WIDE, seed=1)
    # Among so many zeros a neighbourhood of zeros is nothing rare.
    assert (made.p[:30] > 0.3).all()
    assert set(made.label[:30]) == {"not_significant"}


@pytest.mark.parametrize("look", LOCAL)
def test_islands_blanks_and_withheld_areas_keep_their_place(look, rng):
    figures = a_block(rng)
    pairs = list(zip(WIDE.first, WIDE.second, strict=True))
    wider = read_neighbours(range(43), [*pairs, (41, 42)])
    given = np.array(["value"] * 43, dtype=object)
    given[42] = "suppressed"
    made = look([*figures, 3, 4, 99], wider, seed=1, given=given)
    plain = look(figures, WIDE, seed=1)
    np.testing.assert_array_equal(made.label[:40], plain.label)
    np.testing.assert_array_equal(made.p[:40], plain.p)
    assert list(made.label[40:]) == ["no_neighbours", "no_neighbours", ""]
    assert list(made.estimates.reason[40:]) == [NO_NEIGHBOURS, NO_NEIGHBOURS, WITHHELD]
    assert np.isnan([made.p[40:], made.q[40:], made.z[40:]]).all()
    assert np.isnan(made.estimates.n[42])
    blank = look([*figures[:-1], np.nan], WIDE, seed=1)
    assert blank.estimates.reason[-1] == NO_FIGURE
    assert blank.label[-1] == ""
    assert (blank.areas == 39).all()
    linked = read_neighbours(range(43), [*pairs, (41, 42)], links=[(40, 0), (41, 0)])
    assert "no_neighbours" not in look([*figures, 3, 4, 9], linked, seed=1).label


@pytest.mark.parametrize("look", OF_RATES)
def test_rates_say_why_they_are_silent(look, rng):
    people = np.full(40, 1_000.0)
    people[7] = 0
    cases = rng.poisson(5, (3, 40)).astype(float)
    cases[0, 20:26] += 40
    cases[1] = 0
    cases[2, 3] = np.nan
    given = np.full((3, 40), "value", dtype=object)
    given[:, 30] = "suppressed"
    made = look(cases, people, WIDE, seed=1, given=given)
    assert set(made.estimates.reason[:, 7]) == {NO_POPULATION}
    assert set(made.estimates.reason[:, 30]) == {WITHHELD}
    assert made.estimates.reason[1, 0] == TOO_FEW
    assert made.estimates.reason[2, 3] == NO_FIGURE
    assert set(made.label[0, 21:25]) == {"high_high"}
    assert set(made.label[1]) == {""}
    assert list(made.areas[:, 0]) == [38, 0, 37]
    cases[:, 30] = 77
    again = look(cases, people, WIDE, seed=1, given=given)
    np.testing.assert_array_equal(again.p, made.p, "a withheld figure leaves no trace")
    assert np.isnan(made.p[:, 30]).all()


@pytest.mark.parametrize("look", LOCAL)
def test_degenerate_maps_say_why(look):
    flat = look(np.full(40, 0.3), WIDE, seed=1)
    assert set(flat.estimates.reason) == {ALL_THE_SAME}
    assert set(flat.label) == {""}
    small = read_neighbours(range(9), [(i, i + 1) for i in range(8)])
    assert set(look(np.arange(9.0), small, seed=1).estimates.reason) == {TOO_FEW_AREAS}
    apart = look(np.arange(40.0), read_neighbours(range(40), []), seed=1)
    assert set(apart.label) == {"no_neighbours"}
    blank = look(np.full(40, np.nan), WIDE, seed=1)
    assert set(blank.estimates.reason) == {NO_FIGURE}
    hub = read_neighbours(range(12), [(0, i) for i in range(1, 12)])
    made = look(np.arange(12.0), hub, seed=1)
    assert made.label[0] == "not_significant", "an area beside all others has no draw to compare"
    assert made.p[0] == 1
    assert np.isfinite(made.z).all()


def test_series_together_order_and_seed(rng):
    figures = rng.normal(size=(2, 2, 40))
    kept = figures.copy()
    together = find_clusters(figures, WIDE, seed=3)
    alone = find_clusters(figures[1, 0], WIDE, seed=3)
    np.testing.assert_array_equal(together.p[1, 0], alone.p)
    np.testing.assert_array_equal(together.label[1, 0], alone.label)
    assert together.label.shape == (2, 2, 40)
    assert (find_clusters(figures, WIDE, seed=4).p != together.p).any()
    assert (figures == kept).all()
    order = rng.permutation(40)
    pairs = list(zip(WIDE.first, WIDE.second, strict=True))
    mixed = find_clusters(figures[0, 0][order], read_neighbours(order, pairs), seed=3)
    np.testing.assert_allclose(mixed.estimates.value, together.estimates.value[0, 0][order])
    np.testing.assert_allclose(mixed.z, together.z[0, 0][order])
    assert np.abs(mixed.p - together.p[0, 0][order]).max() < 0.03, "other draws, same question"


def test_wrong_inputs_get_a_sentence():
    figures = np.arange(40.0)
    with pytest.raises(ValueError, match=r"999 permutations cannot tell a single one of 40 areas"):
        find_clusters(figures, WIDE, seed=1, permutations=999)
    with pytest.raises(ValueError, match=r"from chance at 0.05; ask for at least 1599"):
        find_hot_spots(figures, WIDE, seed=1, permutations=1_598)
    assert find_hot_spots(figures, WIDE, seed=1, permutations=1_599).p.min() > 0
    with pytest.raises(ValueError, match=r"A confidence level of 5 was asked for"):
        find_clusters(figures, WIDE, seed=1, share=5)
    with pytest.raises(ValueError, match=r"have 3 areas on their last axis and the neighbours"):
        find_clusters([1, 2, 3], WIDE, seed=1)
    with pytest.raises(ValueError, match=r"population holds -1"):
        find_clusters_of_rates(figures, -np.ones(40), WIDE, seed=1)
