"""Choosing a model for each series: all numbers of joinpoints, the best placement of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.joinpoint.grid import fit_placements, search_placements
from analysis.methods.joinpoint.placements import (
    AT_ENDS,
    BETWEEN,
    look_up_most_joinpoints,
)
from analysis.methods.joinpoint.segments import measure_slope_errors, weigh_segments
from analysis.methods.joinpoint.selection import CRITERIA, score_numbers
from analysis.methods.joinpoint.years import group_by_blanks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from analysis.methods.joinpoint.series import LogSeries

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Models:
    """One model a series, on the log scale; NaN where there is none.

    Parameters
    ----------
    number, freedom : numpy.ndarray
        Joinpoints, and degrees of freedom of the variance, shape (series,).
    joinpoints : numpy.ndarray
        Shape (series, most).
    starts, ends, slopes, errors, shares : numpy.ndarray
        Of each segment, shape (series, most + 1).
    scores, choices : mapping of str to numpy.ndarray
        By criterion: shape (series, most + 1) and (series,).
    fitted : numpy.ndarray
        Shape (series, years).
    """

    number: FloatArray
    freedom: FloatArray
    joinpoints: FloatArray
    starts: FloatArray
    ends: FloatArray
    slopes: FloatArray
    errors: FloatArray
    shares: FloatArray
    scores: Mapping[str, FloatArray]
    choices: Mapping[str, FloatArray]
    fitted: FloatArray


def check_choice(choose: str | int, most: int | None) -> None:
    """Refuse a way to choose that is none.

    Parameters
    ----------
    choose : str or int
        Name of a criterion, or a number of joinpoints.
    most : int, optional
        Most joinpoints that are tried.

    Raises
    ------
    ValueError
        When the criterion is unknown, or a number is negative.

    Examples
    --------
    >>> check_choice("bic3", 2)
    """
    if isinstance(choose, str) and choose not in CRITERIA:
        raise ValueError(
            f"The number of joinpoints is to be chosen by '{choose}', which is no criterion. "
            f"Write one of {', '.join(CRITERIA)}, or a number of joinpoints."
        )
    wanted = 0 if isinstance(choose, str) else choose
    for number in (wanted, most or 0):
        if number < 0:
            raise ValueError(
                f"{number} joinpoints were asked for, and there are 0 or more. Write 0 for a "
                "straight line."
            )


def limit_number(observations: int, most: int | None) -> int:
    """Say how many joinpoints are tried: what is asked for, where it fits in.

    Parameters
    ----------
    observations : int
        Years with a figure.
    most : int, optional
        Most joinpoints asked for; by default what the length carries.

    Returns
    -------
    int
        At least one degree of freedom is left to tell how sure the slopes are.

    Examples
    --------
    >>> limit_number(20, None), limit_number(20, 1), limit_number(12, 9)
    (3, 1, 3)
    """
    wanted = look_up_most_joinpoints(observations) if most is None else most
    spaced = (observations - 2 * AT_ENDS + BETWEEN) // (BETWEEN + 1)
    # Each joinpoint takes its own observation and two parameters of a segment.
    pooled = (observations - 3) // 3
    return max(min(wanted, spaced, pooled), 0)


def choose_models(
    series: LogSeries, years: FloatArray, most: int | None, choose: str | int
) -> Models:
    """Choose and fit a model for each series that can be fitted.

    Parameters
    ----------
    series : LogSeries
        Series of logarithms of rates.
    years : numpy.ndarray
        Shape (years,).
    most : int, optional
        Most joinpoints that are tried.
    choose : str or int
        Criterion, or the number of joinpoints.

    Returns
    -------
    Models

    Raises
    ------
    ValueError
        When the choice is unknown or negative.

    Examples
    --------
    >>> from analysis.methods.joinpoint.series import prepare_rates
    >>> years = np.arange(2000.0, 2012)
    >>> models = choose_models(prepare_rates(1.02**years, None, None, None), years, None, "bic3")
    >>> models.number, models.joinpoints.shape
    (array([0.]), (1, 2))
    """
    check_choice(choose, most)
    if not isinstance(choose, str):
        most = choose
    usable = np.flatnonzero(series.usable)
    groups = list(group_by_blanks(~np.isnan(series.log_rates[usable])))
    tried = [limit_number(int(pattern.sum()), most) for _, pattern in groups]
    models = _make_blank(len(series.log_rates), len(years), limit_number(len(years), most))
    for (member, pattern), highest in zip(groups, tried, strict=True):
        rows = usable[member]
        where = np.ix_(rows, pattern)
        figures = (series.log_rates[where], series.weights[where], years[pattern])
        _choose_group(models, (rows, pattern), figures, (highest, choose))
    return models


def _make_blank(series: int, years: int, most: int) -> Models:
    def blank(*shape: int) -> FloatArray:
        return np.full((series, *shape), np.nan)

    return Models(
        number=blank(),
        freedom=blank(),
        joinpoints=blank(most),
        starts=blank(most + 1),
        ends=blank(most + 1),
        slopes=blank(most + 1),
        errors=blank(most + 1),
        shares=blank(most + 1),
        scores={name: blank(most + 1) for name in CRITERIA},
        choices={name: blank() for name in CRITERIA},
        fitted=blank(years),
    )


def _choose_group(
    models: Models,
    place: tuple[IntArray, NDArray[np.bool_]],
    figures: tuple[FloatArray, FloatArray, FloatArray],
    rule: tuple[int, str | int],
) -> None:
    """Fill the models of series that share their years."""
    rows, pattern = place
    log_rates, weights, years = figures
    highest, choose = rule
    found = [search_placements(log_rates, weights, years, number) for number in range(highest + 1)]
    residual = np.stack([left for left, _ in found], axis=1)
    scores = score_numbers(residual, weights.sum(axis=1), len(years))
    for name, score in zip(CRITERIA, scores, strict=True):
        models.scores[name][rows, : highest + 1] = score
        models.choices[name][rows] = np.argmin(score, axis=1)
    if isinstance(choose, str):
        number = models.choices[choose][rows].astype(np.int64)
    elif choose == highest:
        number = np.full(len(rows), choose)
    else:
        # The series is too short for the joinpoints that were asked for.
        return
    models.number[rows] = number
    for chosen in np.unique(number):
        own = np.flatnonzero(number == chosen)
        placement = found[chosen][1][own]
        _fill_group(models, (rows[own], pattern), (log_rates[own], weights[own], years), placement)


def _fill_group(
    models: Models,
    place: tuple[IntArray, NDArray[np.bool_]],
    figures: tuple[FloatArray, FloatArray, FloatArray],
    placement: IntArray,
) -> None:
    """Fill the models of series that share their years and their number of joinpoints."""
    rows, pattern = place
    log_rates, weights, years = figures
    chosen = placement.shape[1]
    fitted, slopes = fit_placements(log_rates, weights, years, placement)
    errors, freedom = measure_slope_errors(log_rates, weights, years, placement)
    turned = years[placement]
    models.fitted[np.ix_(rows, pattern)] = fitted
    models.freedom[rows] = freedom
    models.joinpoints[rows, :chosen] = turned
    models.starts[rows, 0] = years[0]
    models.starts[rows, 1 : chosen + 1] = turned
    models.ends[rows, :chosen] = turned
    models.ends[rows, chosen] = years[-1]
    models.slopes[rows, : chosen + 1] = slopes
    models.errors[rows, : chosen + 1] = errors
    models.shares[rows, : chosen + 1] = weigh_segments(years, placement)
