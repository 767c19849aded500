"""Trends by ranks: Mann and Kendall's test and Sen's slope, which assume no distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_level, read_values
from analysis.methods.reasons import TOO_SHORT
from analysis.methods.trends.series import read_years, spread_over

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

# Pairs of years that are worked on at once.
BLOCK_PAIRS = 2**20


@dataclass(frozen=True, eq=False)
class RankTrends:
    """Tests by ranks and median slopes, for every series.

    All arrays have the shape of the leading axes; NaN where the series is too short.

    Parameters
    ----------
    slope : Estimates
        Sen's slope: the median change a year, in the unit of the values, with its interval.
    score : numpy.ndarray
        Pairs of years that rise less pairs that fall.
    score_variance : numpy.ndarray
        Variance of the score when there is no trend, with a correction for ties.
    z : numpy.ndarray
        Score by its standard error, moved half a step towards zero.
    p_normal : numpy.ndarray
        P-value by ``z``.
    p_exact : numpy.ndarray
        P-value by counting orders; NaN where two values are the same.
    p : numpy.ndarray
        The exact one where there is one, else the other.
    tau : numpy.ndarray
        Kendall's tau-b, from -1 to 1; NaN where all values are the same.
    """

    slope: Estimates
    score: FloatArray
    score_variance: FloatArray
    z: FloatArray
    p_normal: FloatArray
    p_exact: FloatArray
    p: FloatArray
    tau: FloatArray


def rank_trends(
    values: ArrayLike,
    years: ArrayLike | None = None,
    *,
    least_years: int = 8,
    level: float = 0.95,
    given: ArrayLike | None = None,
    unit: str = "per year",
) -> RankTrends:
    """Test many series for a steady rise or fall by the order of their values alone.

    Parameters
    ----------
    values : array_like, shape (..., years)
        Counts or rates; NaN where there is no figure.
    years : array_like, shape (years,), optional
        Ascending; 0, 1, 2 ... when not given.
    least_years : int
        Years with a figure that a series has to have, 3 or more. Below 8 the test can hardly
        find anything.
    level : float
        Confidence level of the interval of the slope.
    given : array_like of str, optional
        States of the values, spreading over them. One withheld value blanks its series.
    unit : str
        Unit of the slope.

    Returns
    -------
    RankTrends

    Raises
    ------
    ValueError
        When the input is no series of figures.

    References
    ----------
    Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13, 245-259.
    Kendall, M. G. (1975). Rank Correlation Methods, 4th ed.
    Sen, P. K. (1968). Estimates of the regression coefficient based on Kendall's tau. Journal of
    the American Statistical Association 63, 1379-1389.

    Examples
    --------
    >>> trends = rank_trends([[3, 5, 6, 9, 11, 14, 15, 19]])
    >>> trends.p.round(6), trends.slope.value.round(3)
    (array([5.e-05]), array([2.225]))
    """
    check_level(level)
    figures = read_values(values)
    if figures.ndim == 0:
        raise ValueError("values is a single number, and a trend needs one value a year.")
    if least_years < 3:  # noqa: PLR2004 - two years make one pair, whose order is chance
        raise ValueError(
            f"Series of {least_years} years were let through, and an order needs at least 3. Ask "
            "for 8 or more, unless you check a calculation."
        )
    times = read_years(years, figures.shape[-1])
    shape = figures.shape[:-1]
    hidden = np.zeros(shape, dtype=np.bool_)
    if given is not None:
        states = spread_over(np.asarray(given, dtype=object), figures, "given")
        hidden = np.asarray((states == "suppressed").any(axis=-1), dtype=np.bool_)
        figures[np.isin(states.astype(str), ["suppressed", "no_data", "not_applicable"])] = np.nan
    length = np.isfinite(figures).sum(axis=-1)
    ready = (length >= least_years) & ~hidden
    rows = figures[ready]
    found = _rank_rows(rows, times, level)
    spread = {name: np.full(shape, np.nan) for name in found}
    for name, array in found.items():
        spread[name][ready] = array
    slope = collect_estimates(
        spread.pop("slope"),
        {level: (spread.pop("lower"), spread.pop("upper"))},
        n=length,
        method="Sen slope",
        unit=unit,
        given=np.where(hidden, "suppressed", "value"),
        refused=[((length > 0) & (length < least_years), TOO_SHORT)],
    )
    for array in spread.values():
        array.flags.writeable = False
    return RankTrends(slope=slope, **spread)


def _rank_rows(rows: FloatArray, times: FloatArray, level: float) -> dict[str, FloatArray]:
    from scipy import stats

    names = ("score", "tied", "untied", "slope", "lower", "upper", "variance")
    early, late = np.triu_indices(rows.shape[1], 1)
    size = max(1, BLOCK_PAIRS // max(1, len(early)))
    quantile = float(stats.norm.isf((1 - level) / 2))
    blocks = [
        _compare_pairs(rows[first : first + size], times, (early, late), quantile)
        for first in range(0, len(rows), size)
    ]
    joined = np.concatenate(blocks, axis=1) if blocks else np.empty((len(names), 0))
    held = dict(zip(names, joined, strict=True))
    score, variance, tied = held["score"], held["variance"], held.pop("tied")
    untied = held.pop("untied")
    pairs = tied + untied
    z = np.sign(score) * np.maximum(np.abs(score) - 1, 0)
    z = np.divide(z, np.sqrt(variance), out=np.zeros_like(z), where=variance > 0)
    exact = np.full(len(rows), np.nan)
    length = np.isfinite(rows).sum(axis=1)
    for years in np.unique(length[tied == 0]):
        mask = (tied == 0) & (length == years)
        exact[mask] = _find_exact(score[mask], int(years))
    # Minimum with 1: twice a tail of one half and a bit is still a probability.
    normal = np.minimum(2 * stats.norm.sf(np.abs(z)), 1.0)
    tau = np.full(len(rows), np.nan)
    np.divide(score, np.sqrt(pairs * untied), out=tau, where=untied > 0)
    return {
        "slope": held["slope"],
        "lower": held["lower"],
        "upper": held["upper"],
        "score": score,
        "score_variance": variance,
        "z": z,
        "p_normal": normal,
        "p_exact": exact,
        "p": np.where(np.isnan(exact), normal, exact),
        "tau": tau,
    }


def _compare_pairs(
    rows: FloatArray,
    times: FloatArray,
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    quantile: float,
) -> FloatArray:
    """Compare each year with each later one; one column a row of the input."""
    early, late = pairs
    rise = rows[:, late] - rows[:, early]
    known = np.isfinite(rise)
    score = np.nansum(np.sign(rise), axis=1)
    same = rise == 0
    # How many other years have the value of each year: ties by value, without any sorting.
    touched = np.zeros((len(early), rows.shape[1]))
    touched[np.arange(len(early)), early] = 1
    touched[np.arange(len(late)), late] = 1
    twins = same.astype(np.float64) @ touched
    length = np.isfinite(rows).sum(axis=1).astype(np.float64)
    # A group of t equal values takes t (t - 1) (2 t + 5); each member brings its share.
    lost = (twins * (2 * twins + 7)).sum(axis=1)
    variance = (length * (length - 1) * (2 * length + 5) - lost) / 18
    slopes = np.sort(rise / (times[late] - times[early]), axis=1)
    count = known.sum(axis=1)
    half = quantile * np.sqrt(variance)
    # The limits are the slopes as many places from the median as the score may stray by chance.
    upper = np.minimum(np.rint((count + half) / 2).astype(np.intp), count - 1)
    lower = np.maximum(np.rint((count - half) / 2).astype(np.intp) - 1, 0)
    place = np.arange(len(rows))
    median = (slopes[place, (count - 1) // 2] + slopes[place, count // 2]) / 2
    tied = same.sum(axis=1)
    return np.array(
        [
            score,
            tied,
            count - tied,
            median,
            slopes[place, lower],
            slopes[place, upper],
            variance,
        ]
    )


def _find_exact(score: FloatArray, years: int) -> FloatArray:
    """Count the orders of some years that are at least as far from no trend as the score."""
    pairs = years * (years - 1) // 2
    chance = np.ones(1)
    for size in range(2, years + 1):
        # One more value falls behind 0, 1 ... size - 1 of those before it, each as likely.
        chance = np.convolve(chance, np.full(size, 1 / size))
    fewest = np.rint((pairs - np.abs(score)) / 2).astype(np.intp)
    return np.minimum(2 * np.cumsum(chance)[fewest], 1.0)
