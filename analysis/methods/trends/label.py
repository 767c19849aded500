"""The word for a trend: rising, falling, no clear change, or too few figures to say."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_level
from analysis.methods.multiplicity import control_false_discovery
from analysis.methods.reasons import NO_POPULATION, TOO_FEW, TOO_SHORT, mark
from analysis.methods.trends.regression import LogLinearFit, fit_series
from analysis.methods.trends.series import Series, read_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Mask = NDArray[np.bool_]

LEAST_YEARS = 5
LEAST_CASES = 10
CLEAR_YEARS = 8
SAME_SIGN = 1e-12

BLIND = mark("too short to see any but a steep change")
ONE_YEAR_DECIDES = mark("a single year decides the direction")
EDGE_ONLY = mark("all cases fall into the first or the last year")


@dataclass(frozen=True, eq=False)
class Trends:
    """Labels of trends, with the change a year and what speaks for it.

    All arrays have the shape of the leading axes of the counts.

    Parameters
    ----------
    change : Estimates
        Change of the rate in per cent a year, with its interval.
    p, q : numpy.ndarray
        No change, by the larger p-value of the F test and the t test, and the same corrected for
        the number of areas; NaN where nothing was tested.
    label : numpy.ndarray of str
        ``rising``, ``falling``, ``no_clear_change`` or ``too_few``; blank where a count of the
        series is withheld.
    note : numpy.ndarray of str
        Why there is no clear change although there are figures; a message of the catalogs.
    is_blind : numpy.ndarray of bool
        Fewer than eight years: only a steep change would be seen.
    is_steady : numpy.ndarray of bool
        The direction stays the same whichever single year is left out.
    is_cut : numpy.ndarray of bool
        Years before a break of the series were left out.
    years_used : numpy.ndarray of int
        Years with a count and a population, from the last break on.
    false_discovery : float
        Share of false labels among ``rising`` and ``falling`` that is put up with.
    """

    change: Estimates
    p: FloatArray
    q: FloatArray
    label: NDArray[np.object_]
    note: NDArray[np.object_]
    is_blind: Mask
    is_steady: Mask
    is_cut: Mask
    years_used: NDArray[np.int64]
    false_discovery: float

    def to_frame(self, index: Sequence[object] | pd.Index | None = None) -> pd.DataFrame:
        """Give a table of one row a series.

        Parameters
        ----------
        index : sequence, optional
            Names of the rows, such as ids of areas.

        Returns
        -------
        pandas.DataFrame
            The columns of the estimates of change, and ``p``, ``q``, ``label``, ``note``,
            ``years_used``.
        """
        frame = self.change.to_frame(index)
        for name in ("p", "q", "label", "note", "years_used"):
            frame[name] = getattr(self, name).ravel()
        return frame


def label_trends(
    counts: ArrayLike,
    population: ArrayLike | None = None,
    years: ArrayLike | None = None,
    *,
    level: float = 0.95,
    false_discovery: float = 0.10,
    breaks: ArrayLike | None = None,
    given: ArrayLike | None = None,
) -> Trends:
    """Say of many series whether they rise or fall.

    A series rises or falls when a Poisson line with at least the scatter of chance fits clearly
    better than no change (F test), its slope is clearly not zero (t test, so the interval agrees
    with the label), both still hold after a correction for the number of areas, and no single
    year decides the direction.

    Parameters
    ----------
    counts : array_like, shape (..., areas, years)
        Cases. The areas lie on the axis right before the years: they are the family that the
        p-values are corrected over, one family for each indicator and form on the axes before.
        A single series, shape (years,), is not corrected.
    population : array_like, optional
        Persons, of the shape of the counts or one that spreads over it, such as (areas, years).
        Without it the change is one of counts, not of rates.
    years : array_like, shape (years,), optional
        Ascending; 0, 1, 2 ... when not given.
    level : float
        Confidence level of the interval of the change.
    false_discovery : float
        Share of false labels among ``rising`` and ``falling`` that is put up with.
    breaks : array_like, optional
        Breaks of series, such as a new law or a new way of recording: bools that spread over the
        counts, true in the first year after a break, or places along the year axis that hold for
        every series. Only the years from the last break on are used.
    given : array_like of str, optional
        States of the counts, spreading over them. One withheld count in the years that are used
        blanks all that is said of its series, because a slope gives the count back.

    Returns
    -------
    Trends

    Raises
    ------
    ValueError
        When the input is no series of counts, or a level does not lie between 0 and 1.

    References
    ----------
    McCullagh, P. and Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., section 6.2.
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> counts = [[9, 11, 14, 15, 19, 22, 26, 30], [9, 7, 8, 10, 7, 9, 8, 9], [0] * 8]
    >>> trends = label_trends(counts)
    >>> list(trends.label)
    ['rising', 'no_clear_change', 'too_few']
    >>> round(float(trends.change.value[0]), 1)
    18.3
    """
    check_level(level)
    check_level(false_discovery)
    series = read_series(counts, population, years, breaks=breaks, given=given)
    fit = fit_series(series, "at_least_one", level)
    hidden = series.is_hidden.reshape(series.shape)
    silent = _find_reasons(series, fit)
    few = (fit.years_used < LEAST_YEARS) | (fit.cases < LEAST_CASES)
    told = ~hidden & ~few
    # Where counts scatter far more than chance, the F test alone finds a little too much.
    p = np.where(told, np.maximum(fit.p, fit.p_slope), np.nan)
    q = control_false_discovery(p, axis=-1) if p.ndim else p
    held = _is_steady(series).reshape(series.shape) & told
    # The first keeps false labels rare among many areas, the second in a series that stands alone.
    found = told & (q <= false_discovery) & (p <= 1 - level)
    blind = told & (fit.years_used < CLEAR_YEARS)
    label = np.full(series.shape, "no_clear_change", dtype=object)
    label[found & held & (fit.slope > 0)] = "rising"
    label[found & held & (fit.slope < 0)] = "falling"
    label[few] = "too_few"
    label[hidden] = ""
    note = np.full(series.shape, "", dtype=object)
    note[blind & ~found] = BLIND
    note[found & ~held] = ONE_YEAR_DECIDES
    note[told & np.isnan(fit.slope)] = EDGE_ONLY
    return _freeze(
        Trends(
            change=_collect_change(fit, hidden, silent),
            p=p,
            q=np.array(q),
            label=label,
            note=note,
            is_blind=np.asarray(blind),
            is_steady=np.asarray(held),
            is_cut=series.is_cut.reshape(series.shape).copy(),
            years_used=fit.years_used.copy(),
            false_discovery=false_discovery,
        )
    )


def _find_reasons(series: Series, fit: LogLinearFit) -> list[tuple[Mask, str]]:
    """Tell where nothing may be said, and why; a series without any figure is no such case."""
    some = fit.years_used > 0
    return [
        (series.lacks_population.reshape(series.shape), NO_POPULATION),
        (some & (fit.years_used < LEAST_YEARS), TOO_SHORT),
        (some & (fit.cases < LEAST_CASES), TOO_FEW),
        (some & np.isnan(fit.slope), EDGE_ONLY),
    ]


def _is_steady(series: Series) -> Mask:
    """Tell whether the slope keeps its sign whichever single year is left out.

    The likelihood has one peak, so the sign of its slope at "no change" is the sign of the most
    likely slope: no line has to be drawn anew.
    """
    steady = np.zeros(len(series.counts), dtype=np.bool_)
    for rows in series.blocks():
        counts, exposure, used = series.counts[rows], series.exposure[rows], series.used[rows]
        times = series.years - series.years.mean()
        cases = counts.sum(axis=1, keepdims=True) - counts
        persons = exposure.sum(axis=1, keepdims=True) - exposure
        weighted = (counts @ times)[:, None] - counts * times
        reached = (exposure @ times)[:, None] - exposure * times
        score = weighted * persons - cases * reached
        size = np.abs(times).max(initial=0.0) * cases * persons
        sign = np.where(np.abs(score) > SAME_SIGN * size, np.sign(score), 0.0)
        least = np.where(used, sign, np.inf).min(axis=1, initial=np.inf)
        most = np.where(used, sign, -np.inf).max(axis=1, initial=-np.inf)
        steady[rows] = (least == most) & (least != 0)
    return steady


def _collect_change(
    fit: LogLinearFit, hidden: Mask, silent: Sequence[tuple[Mask, str]]
) -> Estimates:
    with np.errstate(over="ignore"):
        value, lower, upper = (100 * np.expm1(side) for side in (fit.slope, fit.lower, fit.upper))
    return collect_estimates(
        value,
        {fit.level: (lower, upper)},
        n=fit.cases,
        method="annual change, quasi-Poisson",
        unit="% per year",
        given=np.where(hidden, "suppressed", "value"),
        refused=silent,
    )


def _freeze(trends: Trends) -> Trends:
    for field in fields(trends):
        held = getattr(trends, field.name)
        if isinstance(held, np.ndarray):
            held.flags.writeable = False
    return trends
