"""Uncertainty of composites: ranks as intervals, and what drives them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.methods.composite import (
    Framework,
    Recipe,
    build_composite,
    measure_sensitivity,
    settings,
    simulate_ranks,
)
from analysis.methods.composite.build import GAP
from analysis.methods.composite.prepare import prepare_figures
from analysis.methods.composite.sensitivity import estimate_sobol
from analysis.methods.composite.settings import (
    Choices,
    name_factors,
    rank_draws,
    read_settings,
)
from analysis.methods.reasons import NO_FIGURE, TOO_FEW_AREAS, WITHHELD

PLAN = Framework({"work": ("jobs", "pay"), "homes": ("rooms", "rent")}, falling=("rent",))


@pytest.fixture
def figures(rng):
    return rng.gamma(4, 10, (20, 4))


def test_draws_are_composites_with_their_own_weights_scale_and_mean(figures) -> None:
    uniform = np.array([[0.9, 0.1, 0.5, 0.5, 0.0, 1.0 - 1e-12, *last] for last in ENDS])
    drawn = read_settings(uniform, PLAN, Choices())
    prepared = prepare_figures(figures, PLAN, Recipe(), np.zeros(figures.shape, dtype=bool))
    speaks = np.ones(20, dtype=bool)
    index, ranks = rank_draws(prepared, drawn, Choices(), (PLAN, Recipe()), speaks)
    weights = {"jobs": 1.2, "pay": 0.8}
    plan = Framework(
        PLAN.domains,
        falling=("rent",),
        weights=weights,
        domain_weights={"work": 0.75, "homes": 1.25},
    )
    for place, (normaliser, between) in enumerate(WANTED):
        made = build_composite(figures, plan, Recipe(normaliser=normaliser, between=between))
        assert index[place] == pytest.approx(made.index.value, rel=1e-9)
        assert (ranks[place] == made.ranks.value).all()


ENDS = [(0.0, 0.0), (0.34, 0.49), (0.99, 0.5), (0.33, 0.99)]
WANTED = [
    ("minmax", "geometric"),
    ("zscore", "geometric"),
    ("rank", "arithmetic"),
    ("minmax", "arithmetic"),
]


def test_ranks_come_as_intervals_around_the_median(figures) -> None:
    kept = figures.copy()
    made = simulate_ranks(figures, PLAN, seed=3, draws=400)
    assert (figures == kept).all()
    ranks = made.ranks
    assert ranks.level == 0.9
    assert ((ranks.lower <= ranks.value) & (ranks.value <= ranks.upper)).all()
    assert (ranks.lower < ranks.upper).any()
    assert ((ranks.value % 1) == 0).all()
    assert made.draws == 400
    best, worst = np.argmin(ranks.value), np.argmax(ranks.value)
    assert made.in_top_quarter[best] > 0.9
    assert made.in_bottom_quarter[worst] > 0.9
    assert made.in_top_quarter.sum() == pytest.approx(5, abs=0.3)
    assert made.in_bottom_quarter.sum() == pytest.approx(5, abs=0.3)
    assert ((made.index.lower <= made.index.value) & (made.index.value <= made.index.upper)).all()


def test_the_same_seed_gives_the_same_and_another_seed_nearly_so(figures) -> None:
    first = simulate_ranks(figures, PLAN, seed=3, draws=300)
    again = simulate_ranks(figures, PLAN, seed=3, draws=300)
    other = simulate_ranks(figures, PLAN, seed=4, draws=300)
    assert (first.index.value == again.index.value).all()
    assert (first.index.value != other.index.value).any()
    assert np.abs(first.ranks.value - other.ranks.value).max() <= 2


def test_nothing_to_choose_leaves_the_ranks_of_the_recipe(figures) -> None:
    fixed = Choices(weight_spread=0, normalisers=("minmax",), betweens=("geometric",))
    made = simulate_ranks(figures, PLAN, seed=1, draws=10, choices=fixed)
    base = build_composite(figures, PLAN)
    assert (made.ranks.lower == base.ranks.value).all()
    assert (made.ranks.upper == base.ranks.value).all()
    assert made.index.value == pytest.approx(base.index.value, rel=1e-12)
    driven = measure_sensitivity(figures, PLAN, seed=1, points=16, choices=fixed)
    assert driven.mean_shift == 0
    assert np.isnan(driven.total).all()


def test_more_freedom_makes_wider_intervals(figures) -> None:
    def width(**more) -> float:
        ranks = simulate_ranks(figures, PLAN, seed=1, draws=300, **more).ranks
        return float((ranks.upper - ranks.lower).mean())

    one = {"normalisers": ("minmax",), "betweens": ("geometric",)}
    narrow = width(choices=Choices(weight_spread=0.1, **one))
    wide = width(choices=Choices(weight_spread=0.5, **one))
    sure = width()
    unsure = width(limits=(figures * 0.7, figures * 1.3, 0.95))
    surer = width(limits=(figures * 0.9, figures * 1.1, 0.95))
    assert narrow < wide
    assert sure < surer < unsure


def test_intervals_of_figures_are_drawn_on_both_sides_at_their_level() -> None:
    plan = Framework({"work": ("jobs",)}, goalposts={"jobs": (0, 100)})
    fixed = Choices(weight_spread=0, normalisers=("minmax",), betweens=("geometric",))
    figures = np.array([[50.0], [60.0], [70.0]])
    lower = figures - np.array([[10], [0], [5]])
    upper = figures + np.array([[20], [0], [5]])
    lower[1] = upper[1] = np.nan
    made = simulate_ranks(
        figures, plan, seed=1, draws=20_000, choices=fixed, limits=(lower, upper, 0.9)
    )
    expected = 1 + 0.99 * np.array([50, 60, 70])
    assert made.index.value == pytest.approx(expected, abs=0.2)
    below, above = np.array([9.9, 0, 4.95]), np.array([19.8, 0, 4.95])
    # The 5th and 95th per cent of the draws are the 90 % limits that were given.
    assert made.index.lower == pytest.approx(expected - below, abs=0.4)
    assert made.index.upper == pytest.approx(expected + above, abs=0.5)


def test_imputed_figures_are_drawn_from_the_other_areas(figures) -> None:
    gapped = figures.copy()
    gapped[5, 2] = np.nan
    fixed = Choices(weight_spread=0, normalisers=("minmax",), betweens=("geometric",))
    made = simulate_ranks(gapped, PLAN, Recipe(impute="mean"), seed=1, draws=300, choices=fixed)
    width = made.index.upper - made.index.lower
    others = np.delete(np.arange(20), 5)
    assert width[5] > 5
    assert width[others] == pytest.approx(np.zeros(19), abs=1e-9)
    base = build_composite(gapped, PLAN, Recipe(impute="mean"))
    assert made.index.value[others] == pytest.approx(base.index.value[others])


def test_outliers_of_draws_are_treated_like_those_of_figures() -> None:
    figures = np.array([[1, 2, 2, 3, 3, 3, 4, 4, 5, 60.0]]).T
    plan = Framework({"work": ("jobs",)})
    fixed = Choices(weight_spread=0, normalisers=("minmax",), betweens=("geometric",))
    limits = (figures - 0.5, figures + 0.5, 0.95)
    made = simulate_ranks(figures, plan, seed=1, draws=200, choices=fixed, limits=limits)
    assert made.index.value[:9] == pytest.approx(
        build_composite(figures, plan).index.value[:9], abs=3
    )
    assert made.index.value[8:] == pytest.approx([100, 100])


def test_silent_areas_keep_their_reason_and_take_no_rank(figures) -> None:
    gapped = figures.copy()
    gapped[0, 0] = np.nan
    gapped[1] = np.nan
    states = np.full(gapped.shape, "value", dtype=object)
    states[2, 3] = "suppressed"
    made = simulate_ranks(gapped, PLAN, seed=1, draws=50, given=states)
    for held in (made.ranks, made.index):
        assert list(held.reason[:3]) == [GAP, NO_FIGURE, WITHHELD]
        assert list(held.state[:4]) == ["not_applicable", "no_data", "suppressed", "value"]
        assert np.isnan(held.upper[:3]).all()
        assert np.isnan(held.n[2])
    assert np.isnan(made.in_top_quarter[:3]).all()
    assert made.ranks.upper[3:].max() <= 17
    driven = measure_sensitivity(gapped, PLAN, seed=1, points=16, given=states)
    assert np.isnan(driven.area_total[:3]).all()
    assert np.isfinite(driven.area_total[3:]).any()


def test_degenerate_tables_say_why() -> None:
    one = simulate_ranks([[1.0, 2, 3, 4]], Framework(PLAN.domains, goalposts=POSTS), seed=1)
    assert one.ranks.at(0).reason == TOO_FEW_AREAS
    none = simulate_ranks(np.full((3, 4), np.nan), PLAN, seed=1, draws=5)
    assert list(none.ranks.reason) == [NO_FIGURE] * 3
    driven = measure_sensitivity(np.full((3, 4), np.nan), PLAN, seed=1, points=4)
    assert np.isnan(driven.mean_shift)
    assert np.isnan(driven.first).all()


POSTS = dict.fromkeys(PLAN.indicators, (0.0, 10.0))


def test_the_order_of_areas_does_not_matter(figures, rng) -> None:
    order = rng.permutation(20)
    straight = simulate_ranks(figures, PLAN, seed=1, draws=100)
    mixed = simulate_ranks(figures[order], PLAN, seed=1, draws=100)
    assert (straight.ranks.lower[order] == mixed.ranks.lower).all()
    assert straight.index.value[order] == pytest.approx(mixed.index.value, rel=1e-9)


def test_parts_of_draws_change_nothing(figures, monkeypatch) -> None:
    whole = simulate_ranks(figures, PLAN, seed=1, draws=40)
    monkeypatch.setattr(settings, "AT_A_TIME", 1)
    parts = simulate_ranks(figures, PLAN, seed=1, draws=40)
    assert (whole.ranks.upper == parts.ranks.upper).all()
    assert whole.index.value == pytest.approx(parts.index.value, rel=1e-12)


def test_given_scores_keep_their_scale() -> None:
    recipe = Recipe(normaliser="given", treat=False, between="arithmetic")
    scores = [[100, 50, 0, 0], [50, 50, 100, 50], [0, 0, 50, 100.0]]
    made = simulate_ranks(scores, PLAN, recipe, seed=1, draws=50)
    assert made.ranks.is_number.all()
    driven = measure_sensitivity(scores, PLAN, recipe, seed=1, points=64)
    normaliser = driven.factors.index("normaliser")
    assert driven.total[normaliser] == 0


def ishigami(points):
    x, y, z = (2 * points.T - 1) * np.pi
    return (np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))[:, None]


def test_indices_of_a_known_function_are_those_of_theory_and_of_scipy() -> None:
    first, total, mean = estimate_sobol(ishigami, 3, points=4096, seed=1)
    half = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
    variance = 49 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 0.5
    crossed = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    assert first[0] == pytest.approx([half / variance, 49 / 8 / variance, 0], abs=0.02)
    expected = [(half + crossed) / variance, 49 / 8 / variance, crossed / variance]
    assert total[0] == pytest.approx(expected, abs=0.02)
    assert mean[0] == pytest.approx(3.5, abs=0.02)
    library = stats.sobol_indices(
        func=lambda x: ishigami(x.T).T,
        n=4096,
        dists=[stats.uniform()] * 3,
        rng=np.random.default_rng(1),
    )
    assert first[0] == pytest.approx(library.first_order.ravel(), abs=0.02)
    assert total[0] == pytest.approx(library.total_order.ravel(), abs=0.02)


def test_what_cannot_matter_gets_nothing_and_what_must_matter_gets_most() -> None:
    # Within a domain of one indicator, the weight of the indicator is without effect.
    plan = Framework({"work": ("jobs",), "homes": ("rooms",)})
    figures = np.random.default_rng(1).uniform(0, 1, (30, 2))
    one = Choices(normalisers=("minmax",), betweens=("arithmetic",))
    driven = measure_sensitivity(figures, plan, seed=1, points=128, choices=one)
    assert driven.factors == name_factors(plan)
    by_name = dict(zip(driven.factors, driven.total, strict=True))
    for name in ("weight of jobs", "weight of rooms", "normaliser", "mean of the domains"):
        assert by_name[name] == 0
    assert by_name["weight of work"] > 0.3
    assert by_name["weight of homes"] > 0.3
    assert driven.mean_shift > 0
    assert driven.area_total.shape == (30, 6)


def test_wrong_inputs_get_a_sentence(figures) -> None:
    with pytest.raises(ValueError, match="0 draws were asked for; use 1000, or at least 1"):
        simulate_ranks(figures, PLAN, seed=1, draws=0)
    with pytest.raises(ValueError, match="Weights were to spread by 25, and the spread is a share"):
        simulate_ranks(figures, PLAN, seed=1, choices=Choices(weight_spread=25))
    with pytest.raises(ValueError, match="A figure lies outside its own interval"):
        simulate_ranks(figures, PLAN, seed=1, limits=(figures + 1, figures + 2, 0.95))
    with pytest.raises(ValueError, match=r"limits have the shapes \(1, 4\) and \(20, 4\)"):
        simulate_ranks(figures, PLAN, seed=1, limits=(figures[:1], figures, 0.95))
    with pytest.raises(ValueError, match="A confidence level of 95"):
        simulate_ranks(figures, PLAN, seed=1, limits=(figures, figures, 95))
    with pytest.raises(ValueError, match="100 points were asked for, and they are a power of 2"):
        measure_sensitivity(figures, PLAN, seed=1, points=100)
