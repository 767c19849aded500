"""Composites: every step is that of the reference, and no blank turns into a number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.methods.composite import (
    Framework,
    Recipe,
    build_composite,
    outrank_areas,
    score_copeland,
    score_options,
)
from analysis.methods.composite.averages import average_scores, measure_coverage
from analysis.methods.composite.build import GAP, THIN
from analysis.methods.composite.normalise import (
    count_beaten,
    rank_percentiles,
    rank_values,
    scale_minmax,
    scale_to_best,
    scale_zscores,
)
from analysis.methods.composite.outliers import impute_means, measure_shape, treat_outliers
from analysis.methods.reasons import ALL_THE_SAME, NO_FIGURE, WITHHELD

PLAN = Framework(
    {"work": ("jobs", "gap"), "homes": ("rooms",)},
    falling=("gap",),
    goalposts={"jobs": (0, 100), "gap": (0, 50), "rooms": (0, 10)},
)
FIGURES = [[60.0, 10.0, 5.0], [40.0, 30.0, 8.0], [90.0, 5.0, 2.0], [20.0, 45.0, 1.0]]


def read_plan(meta: pd.DataFrame) -> Framework:
    low, high = meta[meta["Level"] == 1], meta[meta["Level"] == 2]
    return Framework(
        {name: tuple(rows["iCode"]) for name, rows in low.groupby("Parent", sort=False)},
        falling=tuple(low.loc[low["Direction"] < 0, "iCode"]),
        weights=dict(zip(low["iCode"], low["Weight"], strict=True)),
        domain_weights=dict(zip(high["iCode"], high["Weight"], strict=True)),
    )


@pytest.mark.parametrize(("how", "short"), [("arithmetic", "am"), ("geometric", "gm")])
def test_the_whole_way_gives_what_the_reference_gives(oracles, how, short) -> None:
    oracle = oracles.read("g16_composite_own")
    tables = {
        part: oracles.table("g16_composite_own", part)
        for part in ("raw", "meta", "Imputed", "Treated", "Normalised", "results")
    }
    plan = read_plan(tables["meta"])
    names = list(plan.indicators)
    assert oracle["tolerance"] == "abs 1e-8"
    raw = tables["raw"][names]
    made = build_composite(raw, plan, Recipe(impute="mean", within=how, between=how))
    filled, _ = impute_means(raw)
    assert np.abs(filled - tables["Imputed"][names]).max().max() < 1e-8
    assert np.abs(made.prepared.treated - tables["Treated"][names]).max().max() < 1e-8
    assert np.abs(made.scores - tables["Normalised"][names]).max().max() < 1e-8
    results = tables["results"]
    assert np.abs(made.index.value - results[f"IDX_{short}"]).max() < 1e-8
    assert (made.ranks.value == results[f"Rank_{short}"]).all()
    if how == "arithmetic":
        assert np.abs(made.domains.value - results[list(plan.domains)]).max().max() < 1e-8
    assert (made.prepared.imputed == raw.isna()).all().all()
    drawn_in = [treatment.kind for treatment in made.prepared.treatments]
    changed = (tables["Treated"][names] != tables["Imputed"][names]).any()
    assert [kind == "drawn in" for kind in drawn_in] == changed.tolist()
    # An imputed figure is no figure: the area's coverage tells.
    gap = raw.isna().any(axis=1).to_numpy()
    assert (made.coverage[gap] < 1).all()
    assert (made.coverage[~gap] == 1).all()
    assert (made.index.n == raw.notna().sum(axis=1)).all()


def test_each_scale_and_each_mean_is_that_of_the_reference(oracles) -> None:
    scales, means, pairs, outliers = oracles.read("g17_composite_units")["cases"]
    x, wanted = scales["input"]["x"], scales["expected"]
    near = {"rel": 0, "abs": 1e-10}
    assert scale_minmax(x, bounds=(0, 100)) == pytest.approx(wanted["minmax_0_100"], **near)
    made = scale_zscores(x, centre=10, spread=2)
    assert made == pytest.approx(wanted["zscore_10_2"], **near)
    assert rank_values(x).tolist() == wanted["rank"]
    assert count_beaten(x).tolist() == wanted["borda"]
    assert rank_percentiles(x) == pytest.approx(wanted["prank"], **near)
    assert scale_to_best(x) == pytest.approx(wanted["dist2max"], **near)
    assert measure_shape(x) == pytest.approx((wanted["skew"], wanted["kurt"]), **near)
    x, weights = means["input"]["x"], means["input"]["w"]
    for how, name in (("arithmetic", "amean"), ("geometric", "gmean"), ("harmonic", "hmean")):
        made = float(average_scores(x, weights, how))
        assert made == pytest.approx(means["expected"][name], **near)
    matrix = outrank_areas(pairs["input"]["X"])
    assert matrix == pytest.approx(np.array(pairs["expected"]["outrank"]), **near)
    assert score_copeland(matrix).tolist() == pairs["expected"]["copeland"]
    treated, treatment = treat_outliers(outliers["input"]["x"])
    assert treated.tolist() == outliers["expected"]["winsorised"]
    assert (treatment.kind, treatment.points) == ("drawn in", outliers["expected"]["n"])


def test_shape_is_that_of_scipy_and_silent_without_one(rng) -> None:
    values = rng.gamma(1, 1, 30) * 1e-9
    expected = stats.skew(values, bias=False), stats.kurtosis(values, bias=False)
    assert measure_shape(values) == pytest.approx(expected, rel=1e-9)
    assert measure_shape([*values, np.nan]) == pytest.approx(expected, rel=1e-9)
    assert np.isnan(measure_shape([1, 2, 3])).all()
    assert np.isfinite(measure_shape([1, 2, 3, 5])).all()
    assert np.isnan(measure_shape([4, 4, 4, 4])).all()


def test_outliers_are_drawn_in_on_both_sides_and_many_become_logarithms() -> None:
    high = np.array([1, 2, 2, 3, 3, 3, 4, 4, 5, 60.0])
    low, treatment = treat_outliers(-high)
    assert low.tolist() == (-treat_outliers(high)[0]).tolist()
    assert (treatment.kind, treatment.low, treatment.high) == ("drawn in", -5, -1)
    few, none = treat_outliers(high[:-1])
    assert (few == high[:-1]).all()
    assert none.kind == "none"
    logged, treatment = treat_outliers(high, most=0)
    assert treatment.kind == "logarithm"
    assert logged == pytest.approx(np.log(high - 1 + 0.59))
    assert not treatment.mirrored
    mirrored, treatment = treat_outliers(-high, most=0)
    assert treatment.mirrored
    assert mirrored == pytest.approx(-logged)
    # What comes later, such as a draw, is treated in the same way and bounded.
    assert treatment.apply(np.array([5.0, -1.0]))[0] == treatment.apply(np.array([-1.0]))[0]
    gapped, treatment = treat_outliers([*high, np.nan])
    assert np.isnan(gapped[-1])
    assert gapped[-2] == 5
    # Six areas far out are a shape: they are not drawn in.
    many = np.concatenate([np.arange(60) / 60, [40, 80, 160, 320, 640, 1280]])
    assert treat_outliers(many)[1].kind == "logarithm"


def test_goalposts_bound_scores_and_do_not_move_with_the_data() -> None:
    made = build_composite(FIGURES, PLAN)
    assert made.scores[0] == pytest.approx([1 + 0.6 * 99, 1 + 0.8 * 99, 1 + 0.5 * 99])
    assert made.domains.value[0, 0] == pytest.approx(1 + 0.7 * 99)
    expected = np.sqrt((1 + 0.7 * 99) * (1 + 0.5 * 99))
    assert made.index.value[0] == pytest.approx(expected)
    more = build_composite([*FIGURES, [500.0, -3.0, 9.0]], PLAN)
    assert more.index.value[:4] == pytest.approx(made.index.value)
    assert more.scores[4, :2].tolist() == [100, 100]
    assert [treatment.kind for treatment in more.prepared.treatments] == ["none"] * 3
    free = Framework(PLAN.domains, falling=("gap",))
    moved = build_composite([*FIGURES, [500.0, -3.0, 9.0]], free)
    assert not np.allclose(moved.index.value[:4], build_composite(FIGURES, free).index.value)


def test_weights_count_within_and_between_domains() -> None:
    plan = Framework(
        PLAN.domains,
        falling=("gap",),
        weights={"jobs": 3},
        domain_weights={"homes": 2},
        goalposts=PLAN.goalposts,
    )
    made = build_composite(FIGURES, plan, Recipe(between="arithmetic"))
    jobs, gap, rooms = made.scores[1]
    assert made.domains.value[1, 0] == pytest.approx((3 * jobs + gap) / 4)
    assert made.index.value[1] == pytest.approx(((3 * jobs + gap) / 4 + 2 * rooms) / 3)
    pairs = outrank_areas(made.scores, [3 / 4 / 3, 1 / 4 / 3, 2 / 3])
    assert made.copeland.tolist() == score_copeland(pairs).tolist()


def test_a_blank_silences_an_area_and_is_never_zero() -> None:
    figures = np.array(FIGURES)
    figures[0, 1] = np.nan
    figures[1] = np.nan
    figures[3, 2] = 0
    made = build_composite(figures, PLAN)
    assert list(made.index.reason) == [GAP, NO_FIGURE, "", ""]
    assert list(made.index.state) == ["not_applicable", "no_data", "value", "value"]
    assert list(made.domains.reason[0]) == [GAP, ""]
    assert list(made.domains.state[1]) == ["no_data", "no_data"]
    assert made.domain_coverage[0].tolist() == [0.5, 1]
    assert made.coverage.tolist() == [0.75, 0, 1, 1]
    assert list(made.ranks.value[2:]) == [1, 2]
    assert np.isnan(made.copeland[:2]).all()
    assert made.copeland[2:].tolist() == [1, -1]
    assert made.index.n.tolist() == [2, 0, 3, 3]


def test_what_there_is_can_be_scored_with_its_coverage() -> None:
    figures = np.array(FIGURES)
    figures[0, 1] = np.nan
    figures[1, :2] = np.nan
    figures[2, 1:] = np.nan
    made = build_composite(figures, PLAN, Recipe(missing="available"))
    assert made.domains.value[0, 0] == pytest.approx(1 + 0.6 * 99)
    assert made.coverage.tolist() == [0.75, 0.5, 0.25, 1]
    assert list(made.index.reason) == ["", "", THIN, ""]
    assert made.index.value[1] == pytest.approx(1 + 0.8 * 99), "one domain alone"
    assert made.domains.at(1, 0).reason == NO_FIGURE
    strict = build_composite(figures, PLAN, Recipe(missing="available", least_coverage=0.76))
    assert list(strict.index.reason) == [THIN, THIN, THIN, ""]
    assert list(strict.domains.reason[0]) == [THIN, ""]


def test_withheld_figures_blank_their_area_and_move_nobody_else() -> None:
    free = Framework(PLAN.domains, falling=("gap",))
    states = np.full((4, 3), "value", dtype=object)
    states[2, 0] = "suppressed"
    for recipe in (Recipe(), Recipe(impute="mean"), Recipe(missing="available")):
        made = build_composite(FIGURES, free, recipe, given=states)
        other = np.array(FIGURES)
        other[2, 0] = -1_000
        again = build_composite(other, free, recipe, given=states)
        for name in ("index", "domains", "ranks"):
            first, second = getattr(made, name), getattr(again, name)
            assert np.array_equal(first.value, second.value, equal_nan=True)
        assert made.index.at(2).reason == WITHHELD
        assert made.ranks.at(2).reason == WITHHELD
        assert list(made.domains.state[2]) == ["suppressed", "value"]
        for array in (made.index.n, made.coverage, made.copeland):
            assert np.isnan(array[2])
        assert np.isnan([made.scores[2, 0], made.domain_coverage[2, 0], made.domains.n[2, 0]]).all()
        assert not made.prepared.imputed[2, 0]
        assert sorted(made.ranks.value[[0, 1, 3]]) == [1, 2, 3]
    areas = build_composite(FIGURES, free, given=["value", "no_data", "value", "not_applicable"])
    assert list(areas.index.state) == ["value", "no_data", "value", "not_applicable"]


def test_an_indicator_that_is_the_same_everywhere_tells_nothing_without_goalposts() -> None:
    figures = np.array(FIGURES)
    figures[:, 2] = 4
    free = Framework(PLAN.domains, falling=("gap",))
    for normaliser in ("minmax", "zscore"):
        made = build_composite(figures, free, Recipe(normaliser=normaliser))
        assert list(made.index.reason) == [ALL_THE_SAME] * 4
        assert list(made.domains.reason[0]) == ["", ALL_THE_SAME]
    assert build_composite(figures, PLAN).index.is_number.all()
    alone = build_composite(figures[:1], free)
    assert alone.index.at(0).reason == ALL_THE_SAME
    assert build_composite(np.empty((0, 3)), free).index.shape == (0,)


def test_other_scales_are_those_of_the_columns() -> None:
    free = Framework(PLAN.domains, falling=("gap",))
    way = np.array(FIGURES) * [1, -1, 1]
    ranked = build_composite(FIGURES, free, Recipe(normaliser="rank")).scores
    assert ranked == pytest.approx(1 + 99 * (stats.rankdata(way, axis=0) - 1) / 3)
    scored = build_composite(FIGURES, free, Recipe(normaliser="zscore")).scores
    assert scored == pytest.approx(50 + 10 * stats.zscore(way, axis=0, ddof=1))


def test_expert_scores_take_the_same_way_and_keep_not_known_apart_from_none() -> None:
    answers = pd.DataFrame(
        {
            "law": ["full", "none", "part", None],
            "practice": ["full", "none", "not known", "part"],
            "housing": ["part", "none", "full", "full"],
        },
        index=["A", "B", "C", "D"],
    )
    worth = {"full": 100, "part": 50, "none": 0, "not known": None}
    points = score_options(answers, dict.fromkeys(answers.columns, worth))
    assert list(points.index) == list("ABCD")
    plan = Framework({"law": ("law", "practice"), "homes": ("housing",)})
    recipe = Recipe(normaliser="given", treat=False, between="arithmetic")
    made = build_composite(points, plan, recipe)
    assert made.index.value[:2].tolist() == [75, 0]
    assert list(made.index.state) == ["value", "zero", "not_applicable", "not_applicable"]
    mild = Recipe(normaliser="given", between="geometric", missing="available")
    geometric = build_composite(points, plan, mild)
    assert list(geometric.index.state) == ["value", "zero", "value", "value"]
    assert geometric.index.value[2] == pytest.approx(np.sqrt(50 * 100))
    falling = Framework({"law": ("law", "practice"), "homes": ("housing",)}, falling=("law",))
    assert build_composite(points, falling, recipe).scores[:2, 0].tolist() == [0, 100]
    with pytest.raises(ValueError, match="A score of 101 was given, and given scores go from 0"):
        build_composite([[101, 1, 1]], plan, recipe)


@settings(max_examples=10)
@given(st.permutations(range(8)))
def test_the_order_of_areas_does_not_matter_and_inputs_stay(order) -> None:
    figures = np.random.default_rng(2).gamma(0.5, 10, (8, 3))
    figures[3, 1] = np.nan
    kept = figures.copy()
    free = Framework(PLAN.domains, falling=("gap",))
    recipe = Recipe(missing="available")
    made = build_composite(figures, free, recipe)
    mixed = build_composite(figures[order], free, recipe)
    assert np.array_equal(figures, kept, equal_nan=True)
    assert np.allclose(made.index.value[order], mixed.index.value)
    assert (made.ranks.value[order] == mixed.ranks.value).all()
    assert np.array_equal(made.copeland[order], mixed.copeland, equal_nan=True)
    table = pd.DataFrame(figures, columns=free.indicators)[["rooms", "gap", "jobs"]]
    assert np.allclose(build_composite(table, free, recipe).index.value, made.index.value)


@given(st.lists(st.floats(1, 100), min_size=2, max_size=8))
def test_means_keep_their_order(scores) -> None:
    weights = np.ones(len(scores))
    harmonic, geometric, arithmetic = (
        float(average_scores(scores, weights, how))
        for how in ("harmonic", "geometric", "arithmetic")
    )
    assert min(scores) - 1e-9 <= harmonic <= geometric + 1e-9
    assert geometric <= arithmetic + 1e-9
    assert arithmetic <= max(scores) + 1e-9


def test_means_leave_blanks_out_and_stop_at_zero() -> None:
    assert float(average_scores([10, np.nan, 40], [1, 5, 3])) == pytest.approx(32.5)
    assert float(average_scores([10, np.nan, 40], [1, 5, 1], "geometric")) == pytest.approx(20)
    assert float(average_scores([0, 40], [1, 1], "geometric")) == 0
    assert float(average_scores([0, 40], [1, 1], "harmonic")) == 0
    assert np.isnan(average_scores([np.nan, np.nan], [1, 1], "geometric"))
    both = np.array([[True, True, False], [False, False, True]])
    present = np.array([[True, False, False]])
    parts, whole = measure_coverage(present, np.array([3.0, 1, 1]), np.array([1.0, 3]), both)
    assert parts.tolist() == [[0.75, 0]]
    assert whole == pytest.approx([0.1875])


def test_outranking_leaves_areas_with_a_blank_out() -> None:
    matrix = outrank_areas([[3, 3], [1, np.nan], [0, 0], [0, 0]])
    assert np.isnan(matrix[1]).all()
    assert np.isnan(matrix[:, 1]).all()
    assert score_copeland(matrix)[[0, 2, 3]].tolist() == [2, -1, -1]
    assert np.isnan(score_copeland(matrix)[1])
    # Three tenths count as a draw with seven less four, whatever the rounding.
    draw = outrank_areas([[1, 0, 0, 1], [0, 1, 1, 0]], [0.1, 0.2, 0.3, 0.4])
    assert score_copeland(draw).tolist() == [0, 0]


def test_wrong_plans_recipes_and_tables_get_a_sentence() -> None:
    domains = {"work": ("jobs",), "homes": ("rooms",)}
    with pytest.raises(ValueError, match="A domain holds no indicator"):
        Framework({"work": ()})
    with pytest.raises(ValueError, match="'jobs' stands in the plan twice"):
        Framework({"work": ("jobs",), "homes": ("jobs",)})
    with pytest.raises(ValueError, match="'job' is no indicator of the plan. Its indicators are"):
        Framework(domains, falling=("job",))
    with pytest.raises(ValueError, match="'home' is no domain of the plan. Its domains are work"):
        Framework(domains, domain_weights={"home": 1})
    with pytest.raises(ValueError, match="The weight of 'jobs' is 0, and a weight is above 0"):
        Framework(domains, weights={"jobs": 0})
    with pytest.raises(ValueError, match="The goalposts of 'jobs' are 5 and 5, and they ascend"):
        Framework(domains, goalposts={"jobs": (5, 5)})
    with pytest.raises(ValueError, match="`between` is 'median', which is no choice"):
        Recipe(between="median")
    with pytest.raises(ValueError, match="`least_coverage` is 50, and it is a share above 0"):
        Recipe(least_coverage=50)
    plan = Framework(domains)
    with pytest.raises(ValueError, match="The indicator 'rooms' of the plan is not in the table"):
        build_composite(pd.DataFrame({"jobs": [1]}), plan)
    with pytest.raises(ValueError, match=r"values has the shape \(1, 3\), and the plan has 2"):
        build_composite([[1, 2, 3]], plan)
    with pytest.raises(ValueError, match=r"given has the shape \(3,\), and there are 1 areas"):
        build_composite([[1, 2]], plan, given=["value"] * 3)
    with pytest.raises(ValueError, match="A geometric mean met the score -1, and it needs scores"):
        average_scores([-1, 2], [1, 1], "geometric")
    with pytest.raises(ValueError, match="'median' is no mean"):
        average_scores([1, 2], [1, 1], "median")
    with pytest.raises(ValueError, match="There are 3 weights for 2 indicators"):
        outrank_areas([[1, 2]], [1, 1, 1])
    answers = pd.DataFrame({"law": ["yes"]})
    with pytest.raises(ValueError, match="The question 'homes' is not in the answers"):
        score_options(answers, {"homes": {"yes": 1}})
    with pytest.raises(ValueError, match="'yes' is no option of 'law'. Its options are no"):
        score_options(answers, {"law": {"no": 1}})
    with pytest.raises(ValueError, match="The option 'yes' of 'law' is worth 101"):
        score_options(answers, {"law": {"yes": 101}})
