"""The plain loops of the methods' race: one series, cell or area at a time, as an analyst would.

Each function takes the figures of one unit and gives the numbers that are compared with ours.
Rates, trends and turning points are here, maps and the rest in `bench_loops_areas.py`.
"""

from __future__ import annotations

import math
import warnings
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEVELS = (0.95, 0.998)
SWITCH, FEWEST = 10, 10
CRITICAL = 9.54953570608324
APART = 3


def bound_count(count: float, level: float, *, switch: bool = True) -> tuple[float, float]:
    """Exact limits of a count below ten, Byar's from ten on."""
    from scipy import stats

    tail = (1 - level) / 2
    if switch and count < SWITCH:
        low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
        return float(low), float(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2)
    z, more = stats.norm.ppf(1 - tail), count + 1
    low = max(count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3, 0.0)
    return float(low), float(more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3)


def rate(count: float, people: float) -> Numbers:
    """Rate of 1,000 with its limits."""
    found = [count, *(side for level in LEVELS for side in bound_count(count, level))]
    return np.asarray(1000 * np.array(found) / people, dtype=np.float64)


def benchmark(low: float, high: float, lowest: float, highest: float, held: float = 2.0) -> Numbers:
    """Say whether limits lie above or below a benchmark, and by how much."""
    label = "higher" if low > held else "lower" if high < held else "similar"
    alert = lowest > held or highest < held
    return np.array([(label == "higher") * 1.0 - (label == "lower") + 0.0 * alert])


def share(part: float, whole: float) -> Numbers:
    """Share in per cent with its limits, by statsmodels."""
    from statsmodels.stats.proportion import proportion_confint

    found = [part / whole]
    for level in LEVELS:
        found += proportion_confint(part, whole, alpha=1 - level, method="wilson")
    return 100 * np.array(found)


def standardised_rate(counts: Numbers, people: Numbers, standard: Numbers) -> Numbers:
    """Directly standardised rate of 1,000 with Dobson's limits; blank below ten cases."""
    total = counts.sum()
    if total < FEWEST:
        return np.full(5, np.nan)
    weights = standard / standard.sum()
    value = (weights * counts / people).sum()
    scale = math.sqrt((weights**2 * counts / people**2).sum() / total)
    found = [value]
    for level in LEVELS:
        found += [value + scale * (b - total) for b in bound_count(total, level, switch=False)]
    return 1000 * np.array(found)


def standardised_ratio(count: float, people: Numbers, events: Numbers, exposed: Numbers) -> Numbers:
    """Observed by expected cases with limits, 100 as expected."""
    expected = (people * events / exposed).sum()
    found = [count, *(side for level in LEVELS for side in bound_count(count, level))]
    return np.asarray(100 * np.array(found) / expected, dtype=np.float64)


def ratio_to_rest(count: float, people: float, cases: float, residents: float) -> Numbers:
    """Exact ratio of rates of a place and all others, by scipy's binomial test."""
    from scipy import stats

    rest, others = int(cases - count), residents - people
    weight, both = others / people, int(cases)
    test = stats.binomtest(int(count), both, 1 / (1 + weight))
    law = stats.binom(both, 1 / (1 + weight))
    chance = min(1.0, 2 * min(law.cdf(count), law.sf(count - 1)))
    found = [count / rest * weight]
    for level in LEVELS:
        limits = test.proportion_ci(level, method="exact")
        found += [side / (1 - side) * weight for side in (limits.low, limits.high)]
    return np.array([*found, chance])


def difference(count: float, people: float, other: float, other_people: float) -> Numbers:
    """Difference of two rates of 1,000 with limits from those of each."""
    first, second = rate(count, people), rate(other, other_people)
    gap = first[0] - second[0]
    found = [gap]
    for low, high in ((1, 2), (3, 4)):
        found.append(gap - math.hypot(first[0] - first[low], second[high] - second[0]))
        found.append(gap + math.hypot(first[high] - first[0], second[0] - second[low]))
    return np.array(found)


def label(counts: Numbers, people: Numbers, years: Numbers) -> Numbers:
    """Change a year with limits by statsmodels, anew without each single year."""
    import statsmodels.api as sm
    from scipy import stats

    def fit(kept: NDArray[np.bool_]) -> object:
        design = sm.add_constant((years - years.mean())[kept])
        model = sm.GLM(
            counts[kept], design, family=sm.families.Poisson(), offset=np.log(people[kept])
        )
        return model.fit(tol=1e-12)

    everything = np.ones(years.size, dtype=np.bool_)
    whole = fit(everything)
    slope, error = whole.params[1], whole.bse[1]  # type: ignore[attr-defined]
    dispersion = max(1.0, whole.pearson_chi2 / whole.df_resid)  # type: ignore[attr-defined]
    reach = stats.t.ppf(0.975, years.size - 2) * error * math.sqrt(dispersion)
    signs = set()
    for place in range(years.size):
        kept = everything.copy()
        kept[place] = False
        signs.add(np.sign(fit(kept).params[1]))  # type: ignore[attr-defined]
    change = 100 * np.expm1([slope, slope - reach, slope + reach])
    return np.array([*change, float(len(signs) == 1)])


def ranks(values: Numbers, years: Numbers) -> Numbers:
    """Mann and Kendall's test and Sen's slope, by scipy."""
    from scipy import stats

    tau = stats.kendalltau(years, values, method="exact")
    slope = stats.theilslopes(values, years, alpha=0.95)
    return np.array([slope.slope, slope.low_slope, slope.high_slope, tau.statistic, tau.pvalue])


def recent(values: Numbers, low: Numbers, high: Numbers, years: Numbers) -> Numbers:
    """Weighted line through the last five points, anew without each of them, by statsmodels."""
    import statsmodels.api as sm

    weights = ((high - low) / 3.92) ** -2.0
    held = np.arange(values.size)[-5:]

    def fit(kept: NDArray[np.intp]) -> tuple[float, float]:
        model = sm.WLS(values[kept], sm.add_constant(years[kept]), weights=weights[kept]).fit()
        return model.params[1], model.normalized_cov_params[1, 1]

    slope, variance = fit(held)
    signs = {np.sign(fit(np.delete(held, place))[0]) for place in range(5)}
    return np.array([slope, slope**2 / variance, float(len(signs) == 1)])


def proportions(part: Numbers, whole: Numbers, years: Numbers) -> Numbers:
    """Armitage's test as a weighted line, by statsmodels."""
    import statsmodels.api as sm
    from scipy import stats

    mean = part.sum() / whole.sum()
    model = sm.WLS(part / whole, sm.add_constant(years), weights=whole / (mean * (1 - mean))).fit()
    chi_square = model.params[1] ** 2 / model.normalized_cov_params[1, 1]
    return np.array([chi_square, stats.chi2.sf(chi_square, 1)])


def negative_binomial(counts: Numbers, years: Numbers) -> Numbers:
    """Negative binomial line, by statsmodels from the Poisson line on."""
    import statsmodels.api as sm

    design = sm.add_constant(years - years.mean())
    poisson = sm.GLM(counts, design, family=sm.families.Poisson()).fit()
    excess = ((counts - poisson.mu) ** 2 - counts).sum() / (poisson.mu**2).sum()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.NegativeBinomial(counts, design)
        made = model.fit(
            method="newton",
            start_params=[*poisson.params, max(excess, 0.001)],
            maxiter=200,
            disp=False,
        )
    return np.array([made.params[1], made.params[2]])


def joinpoints(counts: Numbers, people: Numbers, years: Numbers) -> Numbers:
    """BIC3 of 0 to 3 joinpoints from a weighted line for each placement, by statsmodels."""
    import statsmodels.api as sm

    held = np.where(counts == 0, 0.5, counts)
    figures, length, middle = np.log(held / people), years.size, years.mean()
    scores = []
    for number in range(4):
        best = np.inf
        for places in combinations(range(2, length - 2), number):
            if any(b - a < APART for a, b in pairwise(places)):
                continue
            bends = [np.maximum(years - years[place], 0) for place in places]
            design = np.column_stack([np.ones(length), years - middle, *bends])
            best = min(best, sm.WLS(figures, design, weights=held).fit().ssr)
        scores.append(np.log(best / length) + (3 * number + 2) * np.log(length) / length)
    return np.array(scores)


def level_shifts(counts: Numbers) -> Numbers:
    """Least residual sum of squares of 0 to 3 shifts, by a plain dynamic programme."""
    values, least = 2 * np.sqrt(counts + 0.375), 4
    length = values.size
    cost = {
        (a, b): float(((values[a:b] - values[a:b].mean()) ** 2).sum())
        for a in range(length)
        for b in range(a + least, length + 1)
    }
    best = [cost.get((0, end), np.inf) for end in range(length + 1)]
    found = [best[length]]
    for _ in range(3):
        best = [
            min((best[cut] + cost.get((cut, end), np.inf) for cut in range(end)), default=np.inf)
            for end in range(length + 1)
        ]
        found.append(best[length])
    return np.array(found)


def false_discoveries(p_values: Numbers) -> Numbers:
    """Benjamini and Hochberg's correction, by scipy."""
    from scipy import stats

    return np.asarray(stats.false_discovery_control(p_values), dtype=np.float64)
