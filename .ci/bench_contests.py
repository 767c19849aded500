"""What races: each method of ours, how its result is read, and the plain loop that it meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bench_loops_maps as maps
import bench_loops_series as series
import numpy as np
from bench_contests_rest import REST
from bench_world import YEARS, Contest, feed, pick

from analysis.methods import joinpoint, multiplicity, rates, shifts, smoothing, spatial, trends

if TYPE_CHECKING:
    from bench_world import Numbers, World

    from analysis.methods.estimates import Estimates

EXACT = 1e-9
# The probabilities of 9,999 random orders differ between two sets of orders by about as much.
DRAWN = 0.03
HALF = [0.5]
STANDARD = [9.0, 8, 7, 6, 5, 4]


def cells(world: World) -> int:
    """One number for each indicator, area and year."""
    return world.counts.size


def lines(world: World) -> int:
    """One series for each indicator and area."""
    return world.counts.size // YEARS


def atlases(world: World) -> int:
    """One map for each indicator and year."""
    return world.indicators * YEARS


def once(world: World) -> int:
    """One map, or one country's series, for each indicator."""
    return world.indicators


def read_limits(made: Estimates) -> Numbers:
    """Value and limits of both levels, one row an estimate."""
    sides = [side for pair in made.limits.values() for side in pair]
    return np.stack([made.value, *sides], axis=-1).reshape(-1, 1 + len(sides))


def stack(*arrays: Any) -> Numbers:
    """One row a unit from several numbers of each."""
    return np.stack([np.asarray(array, dtype=np.float64).ravel() for array in arrays], axis=-1)


def by_map(made: Any) -> Numbers:
    """One row a map."""
    return np.asarray(made).reshape(-1, np.asarray(made).shape[-1])


def cell(values: Numbers, place: int) -> float:
    """One number of many."""
    return float(values.reshape(-1)[place])


def compare_rest(world: World, place: int) -> Numbers:
    """Meet ``compare_with_rest`` at one cell."""
    counts, people = world.areas_first
    size = counts[0].size
    held = [
        (cell(part, place), part.reshape(-1, size)[:, place % size]) for part in (counts, people)
    ]
    (count, cases), (residents, all_residents) = held
    return series.ratio_to_rest(count, residents, float(cases.sum()), float(all_residents.sum()))


RATES = [
    Contest(
        "estimate_rate", "scipy chi2, norm", cells,
        lambda w: rates.estimate_rate(w.counts, w.people), read_limits,
        lambda w, u: series.rate(cell(w.counts, u), cell(w.people, u)), sample=200, near=EXACT,
    ),
    Contest(
        "estimate_share", "statsmodels Wilson", cells,
        lambda w: rates.estimate_share(w.parts, w.busy), read_limits,
        lambda w, u: series.share(cell(w.parts, u), cell(w.busy, u)), sample=200, near=EXACT,
    ),
    Contest(
        "estimate_standardised_rate", "numpy, scipy norm", cells,
        lambda w: rates.estimate_standardised_rate(*w.by_age, STANDARD), read_limits,
        lambda w, u: feed(series.standardised_rate, w.by_age, u, np.array(STANDARD)),
        sample=200, near=EXACT,
    ),
    Contest(
        "estimate_standardised_ratio", "scipy chi2, norm", cells,
        lambda w: rates.estimate_standardised_ratio(
            w.counts, w.by_age[1], np.arange(1.0, 7), np.full(6, 1000.0)
        ), read_limits,
        lambda w, u: series.standardised_ratio(
            cell(w.counts, u), pick(w.by_age, u)[1], np.arange(1.0, 7), np.full(6, 1000.0)
        ), sample=200, near=EXACT,
    ),
    Contest(
        "compare_with_rest", "scipy binomtest", cells,
        lambda w: rates.compare_with_rest(*w.areas_first),
        lambda m: np.column_stack([read_limits(m.estimates), m.p_value.ravel()]),
        compare_rest, sample=60,
    ),
    Contest(
        "estimate_difference", "scipy chi2, norm", cells,
        lambda w: rates.estimate_difference(w.counts, w.people, *w.others),
        read_limits,
        lambda w, u: series.difference(
            *(cell(part, u) for part in (w.counts, w.people, *w.others))
        ), sample=20, near=EXACT,
    ),
    Contest(
        "compare_with_benchmark", "python, cell by cell", cells,
        lambda w: rates.compare_with_benchmark(w.rates, 2.0, "no_judgement"),
        lambda m: (m.label == "higher").reshape(-1, 1) * 1.0 - (m.label == "lower").reshape(-1, 1),
        lambda w, u: series.benchmark(
            *(cell(side, u) for level in (0.95, 0.998) for side in w.rates.limits[level])
        ), sample=500,
    ),
    Contest(
        "control_false_discovery", "scipy false_discovery", atlases,
        lambda w: multiplicity.control_false_discovery(w.figure_maps / 1000), by_map,
        lambda w, u: series.false_discoveries(pick([w.figure_maps], u)[0] / 1000),
        sample=100, near=EXACT,
    ),
]  # fmt: skip

TRENDS = [
    Contest(
        "label_trends", "statsmodels GLM, 21 a series", lines,
        lambda w: trends.label_trends(w.busy, w.people, w.years),
        lambda m: stack(m.change.value, m.change.lower, m.change.upper, m.is_steady),
        lambda w, u: feed(series.label, [w.busy, w.people], u, w.years),
    ),
    Contest(
        "rank_trends", "scipy kendalltau, theilslopes", lines,
        lambda w: trends.rank_trends(w.figures, w.years),
        lambda m: stack(m.slope.value, m.slope.lower, m.slope.upper, m.tau, m.p_exact),
        lambda w, u: feed(series.ranks, [w.figures], u, w.years), sample=100, near=EXACT,
    ),
    Contest(
        "mark_recent_trends", "statsmodels WLS, 6 a series", lines,
        lambda w: trends.mark_recent_trends(*w.bands, w.years),
        lambda m: stack(m.slope.value, m.chi_square, m.is_robust),
        lambda w, u: feed(series.recent, w.bands, u, w.years), sample=40,
    ),
    Contest(
        "check_proportion_trends", "statsmodels WLS", lines,
        lambda w: trends.check_proportion_trends(w.parts, w.busy, w.years),
        lambda m: stack(m.chi_square, m.p),
        lambda w, u: feed(series.proportions, [w.parts, w.busy], u, w.years), sample=100,
    ),
    Contest(
        "fit_negative_binomial", "statsmodels", once,
        lambda w: trends.fit_negative_binomial(w.uneven, None, w.years),
        lambda m: stack(m.slope, m.alpha),
        lambda w, u: series.negative_binomial(w.uneven[u], w.years),
        wanted=1, sample=60, near=1e-4, grows=False,
    ),
    Contest(
        "fit_count_joinpoints", "statsmodels WLS, grid", lines,
        lambda w: joinpoint.fit_count_joinpoints(w.busy, w.people, w.years, most=3),
        lambda m: m.scores["bic3"].reshape(-1, 4),
        lambda w, u: feed(series.joinpoints, [w.busy, w.people], u, w.years), sample=3,
    ),
    Contest(
        "find_level_shifts", "numpy, dynamic programme", lines,
        lambda w: shifts.find_level_shifts(w.counts, w.years, counted=True),
        lambda m: m.residuals.reshape(-1, 4),
        lambda w, u: series.level_shifts(*pick([w.counts], u)), sample=30,
    ),
]  # fmt: skip

MAPS = [
    Contest(
        "smooth_globally", "esda", atlases,
        lambda w: smoothing.smooth_globally(*w.maps), lambda m: by_map(m.estimates.value),
        # The library's own step is one operation over all areas: there is no loop to save.
        lambda w, u: maps.smooth_globally(*pick(w.maps, u)), wanted=1, sample=40,
    ),
    Contest(
        "smooth_locally", "esda", atlases,
        lambda w: smoothing.smooth_locally(*w.busy_maps, w.neighbours),
        lambda m: by_map(m.estimates.value),
        lambda w, u: feed(maps.smooth_locally, w.busy_maps, u, w.esda),
        sample=20,
    ),
    Contest(
        "smooth_relative_risks", "scipy minimize, gamma", atlases,
        lambda w: smoothing.smooth_relative_risks(w.maps[0], w.expected),
        lambda m: np.stack(
            [by_map(x) for x in (m.estimates.value, m.estimates.lower, m.estimates.upper, m.above)],
            axis=-1,
        ),
        lambda w, u: maps.smooth_risks(*pick([w.maps[0], w.expected], u)),
        sample=4, near=1e-4,
    ),
    Contest(
        "smooth_with_neighbours", "numpy, spread by spread", lambda _: 1,
        lambda w: smoothing.smooth_with_neighbours(
            w.maps[0][0, 0], w.expected[0, 0], w.neighbours, shares=HALF
        ),
        lambda m: m.estimates.value[None],
        lambda w, _: maps.spread_over_map(
            w.maps[0][0, 0], w.expected[0, 0], w.shared
        ), wanted=1, sample=1, near=0.01, grows=False,
    ),
    Contest(
        "measure_geary", "esda", atlases,
        lambda w: spatial.measure_geary(w.figure_maps, w.neighbours),
        lambda m: stack(m.estimates.value, m.variance),
        lambda w, u: feed(maps.geary, [w.figure_maps], u, w.esda), sample=10,
    ),
    Contest(
        "measure_moran, 9,999 orders", "esda", atlases,
        lambda w: spatial.measure_moran(w.figure_maps, w.neighbours, seed=1),
        lambda m: stack(m.estimates.value, m.variance, m.p_drawn_either / 2),
        lambda w, u: maps.moran(pick([w.figure_maps], u)[0], w.esda),
        near=[EXACT, EXACT, DRAWN], grows=False, trials=1,
    ),
    Contest(
        "measure_moran_of_rates, 9,999 orders", "esda", atlases,
        lambda w: spatial.measure_moran_of_rates(
            *w.maps, w.neighbours, seed=1
        ),
        lambda m: stack(m.estimates.value, m.variance, m.p_drawn_either / 2),
        lambda w, u: feed(maps.moran_of_rates, w.maps, u, w.esda),
        near=[EXACT, EXACT, DRAWN], grows=False, trials=1,
    ),
    Contest(
        "find_clusters, 9,999 orders", "esda", atlases,
        lambda w: spatial.find_clusters(w.figure_maps, w.neighbours, seed=1),
        lambda m: np.stack([by_map(m.estimates.value), by_map(m.p)], axis=1),
        lambda w, u: maps.clusters(pick([w.figure_maps], u)[0], w.esda),
        near=[[1e-6], [DRAWN]], grows=False, trials=1, sample=3,
    ),
    Contest(
        "find_clusters_of_rates, 9,999 orders", "esda", atlases,
        lambda w: spatial.find_clusters_of_rates(*w.maps, w.neighbours, seed=1),
        lambda m: np.stack([by_map(m.estimates.value), by_map(m.p)], axis=1),
        lambda w, u: feed(maps.clusters_of_rates, w.maps, u, w.esda),
        near=[[1e-6], [DRAWN]], grows=False, trials=1, sample=3,
    ),
    Contest(
        "find_hot_spots, 9,999 orders", "esda", atlases,
        lambda w: spatial.find_hot_spots(w.figure_maps, w.neighbours, seed=1),
        lambda m: np.stack([by_map(m.estimates.value), by_map(m.p)], axis=1),
        lambda w, u: maps.hot_spots(pick([w.figure_maps], u)[0], w.esda_plain),
        near=[[1e-6], [DRAWN]], grows=False, trials=1, sample=3,
    ),
]  # fmt: skip

CONTESTS = [*RATES, *TRENDS, *MAPS, *REST]
