"""The plain loops of the methods' race over forecasts, alarms, lists, composites and quality.

Each function takes the figures of one unit and gives the numbers that are compared with ours.
"""

from __future__ import annotations

import math
import warnings
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LEVELS = (0.95, 0.80)
FIRST, AHEAD = 4, 3
SKEW, KURTOSIS, CLOSE = 2.0, 3.5, 1e-9


def look_ahead(past: Numbers, name: str) -> tuple[Numbers, Numbers]:
    """Forecast one series by a baseline; the limits lie the second array by level around it."""
    from scipy import stats

    steps, length = np.arange(1, AHEAD + 1), past.size
    change = np.diff(past)
    if name == "naive":
        mean = np.full(AHEAD, past[-1])
        error = math.sqrt((change**2).mean()) * np.sqrt(steps)
    elif name == "drift":
        mean = past[-1] + change.mean() * steps
        error = change.std(ddof=1) * np.sqrt(steps * (1 + steps / (length - 1)))
    else:
        mean = np.full(AHEAD, past.mean())
        error = np.full(AHEAD, past.std(ddof=1) * math.sqrt(1 + 1 / length))
    law = stats.t(length - 1) if name == "historical mean" else stats.norm
    return mean, np.array([law.ppf((1 + level) / 2) * error for level in LEVELS])


def forecast(series: Numbers) -> Numbers:
    """Test the baselines and their mean at every origin, choose, widen, round: mean and limits."""
    names = ("naive", "drift", "historical mean")
    origins = range(FIRST, series.size)
    best, chosen = None, "naive"
    errors: dict[str, list[Numbers]] = {}
    scores: dict[str, tuple[float, float]] = {}
    for name in (*names, "combined"):
        missed, price = [], []
        for origin in origins:
            mean, reach = _combine(series[:origin], names if name == "combined" else (name,))
            came = np.append(series[origin : origin + AHEAD], np.full(AHEAD, np.nan))[:AHEAD]
            missed.append(came - mean)
            low = np.maximum(np.floor(mean - reach[0] + 1e-9), 0)
            high = np.maximum(np.ceil(mean + reach[0] - 1e-9), 0)
            outside = np.maximum(low - came, 0) + np.maximum(came - high, 0)
            shown = np.abs(came - np.maximum(mean, 0))
            price.append([shown, high - low + 40 * outside + 0 * came])
        errors[name] = missed
        known = np.nanmean(np.array(price), axis=(0, 2))
        scores[name] = (float(known[0]), float(known[1]))
        bar = scores["naive"]
        better = scores[name][0] < bar[0] and scores[name][1] < bar[1]
        if better and (best is None or scores[name][1] < best):
            best, chosen = scores[name][1], name
    mean, reach = _combine(series, names if chosen == "combined" else (chosen,))
    found = [np.maximum(mean, 0)]
    for level, side in zip(LEVELS, reach, strict=True):
        held = np.abs(np.array(errors[chosen]))
        wide = side.copy()
        for step in range(AHEAD):
            seen = np.sort(held[~np.isnan(held[:, step]), step])
            rank = min(math.ceil((seen.size + 1) * level - 1e-9), seen.size) - 1
            wide[step] = max(wide[step], seen[rank])
        found.append(np.maximum(np.floor(mean - wide + 1e-9), 0))
        found.append(np.maximum(np.ceil(mean + wide - 1e-9), 0))
    return np.array(found)


def _combine(past: Numbers, names: tuple[str, ...]) -> tuple[Numbers, Numbers]:
    made = [look_ahead(past, name) for name in names]
    mean = np.mean([part[0] for part in made], axis=0)
    return mean, np.mean([part[1] for part in made], axis=0)


def smooth_ahead(series: Numbers, origins: range) -> Numbers:
    """Smooth one series exponentially, fitted anew at every origin by statsmodels."""
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    rows = []
    for origin in origins:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = ETSModel(pd.Series(series[:origin]))
            # As closely as ours: by default the search stops before the digits that are compared.
            made = model.fit(disp=False, maxiter=500, pgtol=1e-8, factr=10.0)
            said = made.get_prediction(start=origin, end=origin + AHEAD - 1)
            frames = [said.summary_frame(alpha=1 - level) for level in LEVELS]
        rows.append(frames[0]["mean"].to_numpy())
    return np.array(rows)


def watch(series: Numbers) -> Numbers:
    """Farrington's bound of the latest month from five years, by statsmodels."""
    import statsmodels.api as sm
    from scipy import stats

    steps = np.arange(-61, -6)
    season = np.array([0 if s % 12 in {0, 1, 11} else s % 12 - 1 for s in steps])
    past = series[series.size - 1 + steps]

    def fit(*, trend: bool) -> tuple[float, float]:
        columns = [np.ones(past.size), *([steps / 12] if trend else [])]
        design = np.column_stack([*columns, *(season == k for k in range(1, 10))]).astype(float)
        family = sm.families.Poisson()
        first = sm.GLM(past, design, family=family).fit(scale="X2", tol=1e-12)
        leverage = first.get_hat_matrix_diag(observed=False)
        residual = 1.5 * (past ** (2 / 3) - first.mu ** (2 / 3)) / first.mu ** (1 / 6)
        residual /= np.sqrt(max(first.scale, 1.0) * (1 - leverage))
        trust = np.where(residual > 2.58, residual**-2.0, 1.0)  # noqa: PLR2004 - the method's
        trust *= past.size / trust.sum()
        model = sm.GLM(past, design, family=family, var_weights=trust)
        second = model.fit(scale="X2", tol=1e-12)
        return float(np.exp(second.params[0])), max(float(second.scale), 1.0)

    mean, noise = fit(trend=True)
    if mean > past.max():
        mean, noise = fit(trend=False)
    if noise <= 1 + 1e-9:
        return np.array([mean, stats.poisson.ppf(0.99, mean)])
    size = mean / (noise - 1)
    return np.array([mean, stats.nbinom.ppf(0.99, size, size / (size + mean))])


def watch_short(series: Numbers) -> Numbers:
    """Find the bound of the latest month beside the last twelve but two, by scipy."""
    from scipy import stats

    past = series[-15:-3]
    mean = past.mean()
    spread = max(past.std(ddof=1), math.sqrt(mean), 1.0) * math.sqrt(1 + 1 / past.size)
    return np.array([mean, mean + spread * stats.t.isf(0.01, past.size - 1)])


def chapman(first: float, second: float, both: float) -> Numbers:
    """Work out Chapman's estimate with limits, by formula; blank below seven on both lists."""
    from scipy import stats

    if both < 7:  # noqa: PLR2004 - the method's
        return np.full(3, np.nan)
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both)
    variance /= (both + 1) ** 2 * (both + 2)
    seen = first + second - both
    unseen = max(total - seen, 0.0)
    reach = math.sqrt(math.log1p(variance / unseen**2)) if unseen else 0.0
    wide = math.exp(stats.norm.ppf(0.975) * reach)
    return np.array([total, seen + unseen / wide, seen + unseen * wide])


def hidden(table: Numbers, matrix: Numbers, lists: int) -> Numbers:
    """Stepwise choice of pairs and total of one table, by statsmodels."""
    import statsmodels.api as sm
    from scipy import stats

    pairs = list(range(lists + 1, matrix.shape[1]))
    chosen = list(range(lists + 1))
    while True:
        made = sm.GLM(table, matrix[:, chosen], family=sm.families.Poisson()).fit(tol=1e-12)
        chance = {}
        for pair in set(pairs) - set(chosen):
            seen, fitted = table @ matrix[:, pair], made.mu @ matrix[:, pair]
            law = stats.poisson(fitted)
            chance[pair] = law.cdf(seen) if seen < fitted else law.sf(seen - 1)
        best = min(chance, key=lambda pair: chance[pair], default=-1)
        if best < 0 or chance[best] > 0.02:  # noqa: PLR2004 - the method's
            return np.array([table.sum() + np.exp(made.params[0])])
        chosen = sorted([*chosen, best])


def composite(table: Any, domains: dict[str, list[str]]) -> Numbers:
    """Index, rank and Copeland balance, area by area with pandas."""
    from scipy import stats

    scores = table.copy()
    for name in table:
        column = table[name]
        skew, peak = stats.skew(column, bias=False), stats.kurtosis(column, bias=False)
        if abs(skew) > SKEW and peak > KURTOSIS:
            msg = f"{name} has outliers, which this loop does not treat."
            raise SystemExit(msg)
        scores[name] = 1 + 99 * (column - column.min()) / (column.max() - column.min())
    index = {}
    for area, row in scores.iterrows():
        parts = [row[names].mean() for names in domains.values()]
        index[area] = float(np.exp(np.log(parts).mean()))
    order = [1 + sum(other > own + 1e-9 for other in index.values()) for own in index.values()]
    balance = dict.fromkeys(index, 0)
    held = {area: row.to_numpy() for area, row in scores.iterrows()}
    for one, other in combinations(index, 2):
        gap = float((np.sign(held[one] - held[other])).mean())
        balance[one] += (gap > CLOSE) - (gap < -CLOSE)
        balance[other] -= (gap > CLOSE) - (gap < -CLOSE)
    return np.array([list(index.values()), order, list(balance.values())])


def redraw(scores: Any, domains: dict[str, list[str]], weights: Any, outer: Any) -> Numbers:
    """Index of one draw of the weights, area by area with pandas."""
    found = []
    for _, row in scores.iterrows():
        parts = [np.average(row[names], weights=weights[names]) for names in domains.values()]
        found.append(float(np.exp(np.average(np.log(parts), weights=outer))))
    return np.array(found)


def heaping(persons: Numbers) -> Numbers:
    """Whipple's index of one row of ages, age by age."""
    middle = {age: persons[age] for age in range(23, 63)}
    ending = sum(count for age, count in middle.items() if age % 5 == 0)
    return np.array([500 * ending / sum(middle.values())])


def revisions(first: Numbers, latest: Numbers) -> Numbers:
    """Revisions of one series, with pandas."""
    import pandas as pd

    pairs = pd.DataFrame({"first": first, "latest": latest}).dropna()
    change = pairs["latest"] - pairs["first"]
    size = change.abs()
    return np.array([change.mean(), size.mean(), size.sum() / pairs["latest"].abs().sum()])


def hierarchy(total: float, parts: Numbers, unknown: float) -> Numbers:
    """Total less its parts, part by part."""
    rest = total - unknown
    for part in parts:
        rest -= part
    return np.array([rest])
