"""Level shifts: years from which a series stands on another level, as after a new law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import collect_estimates
from analysis.methods.inputs import check_level, read_counts, read_values
from analysis.methods.joinpoint.years import group_by_blanks, read_years
from analysis.methods.level_cuts import PENALTIES, cut_levels, score_shifts, transform_counts
from analysis.methods.reasons import ALL_THE_SAME, TOO_SHORT, mark
from analysis.methods.states import blank_unusable, summarise_given

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.estimates import Estimates

    FloatArray = NDArray[np.float64]

NO_SUCH_LEVEL = mark("this series has fewer levels")


@dataclass(frozen=True, eq=False)
class LevelShifts:
    """On which levels series stand, and when they move from one to the next.

    Every array leads with the axes of the series; NaN fills places that a series does not have.

    Parameters
    ----------
    number : numpy.ndarray
        Shifts of each series; NaN where the method is silent.
    observations_before : numpy.ndarray
        Observations up to each shift, counted from the start, shape (..., most). The first one is
        also the place, counted from 1, of the last observation of the first level.
    last_years : numpy.ndarray
        Last year on the old level, shape (..., most).
    first_years : numpy.ndarray
        First year on the new level, shape (..., most).
    levels : Estimates
        Mean of each level, shape (..., most + 1). Limits take the years of the shifts as known.
    residuals : numpy.ndarray
        Smallest residual sum of squares for 0, 1, 2, ... shifts, on the scale that was searched,
        shape (..., most + 1).
    scores : numpy.ndarray
        Criterion of the same; the smallest is the best.
    """

    number: FloatArray
    observations_before: FloatArray
    last_years: FloatArray
    first_years: FloatArray
    levels: Estimates
    residuals: FloatArray
    scores: FloatArray


def find_level_shifts(
    values: ArrayLike,
    years: ArrayLike,
    *,
    counted: bool,
    most: int = 3,
    shortest: int = 4,
    choose: str | int = "bic3",
    level: float = 0.95,
    given: ArrayLike | None = None,
) -> LevelShifts:
    """Find the years in which series move to another level.

    Of all ways to cut a series into levels the best is found, not only a good one.

    Parameters
    ----------
    values : array_like
        Figures, shape (..., years).
    years : array_like
        Shape (years,), ascending.
    counted : bool
        Whether the figures are counts of cases. Counts are brought to one variance before the
        search, so that a busy period does not outweigh a quiet one.
    most : int
        Most shifts that are tried.
    shortest : int
        Fewest observations on a level.
    choose : str or int
        ``bic3``, or ``bic`` that invents more, chooses the number of shifts; a number sets it.
    level : float
        Confidence level of the limits of the levels.
    given : array_like of str, optional
        States of the inputs, one a series or one a series and year.

    Returns
    -------
    LevelShifts
        Silent for series too short for two levels, and for series that never change.

    Raises
    ------
    ValueError
        When counts are negative, years do not ascend, or the numbers make no sense.

    References
    ----------
    Bai J, Perron P (2003), Computation and analysis of multiple structural change models, Journal
    of Applied Econometrics 18:1-22. Zeileis A, Leisch F, Hornik K, Kleiber C (2002), Journal of
    Statistical Software 7(2), for the criterion.

    Examples
    --------
    >>> years = np.arange(2010, 2022)
    >>> cases = [20, 24, 19, 22, 21, 18, 55, 61, 58, 52, 57, 60]
    >>> found = find_level_shifts(cases, years, counted=True)
    >>> float(found.number), float(found.first_years[0]), found.levels.value[:2].round(1)
    (1.0, 2016.0, array([20.7, 57.2]))
    """
    check_level(level)
    most = _check_numbers(most, shortest, choose)
    read = read_counts(values, "values") if counted else read_values(values)
    when = read_years(years, read.shape[-1])
    states = summarise_given(given, read.shape)
    rows = read.reshape(-1, read.shape[-1]).copy()
    rows[blank_unusable(given, read.shape)] = np.nan
    observed = (~np.isnan(rows)).sum(axis=1)
    wanted = 2 if isinstance(choose, str) else choose + 1
    short = (observed > 0) & (observed < wanted * shortest)
    highest, lowest = (fill(rows, axis=1) for fill in (np.fmax.reduce, np.fmin.reduce))
    flat = highest == lowest
    found = _search_rows(
        np.where((short | flat)[:, None], np.nan, transform_counts(rows) if counted else rows),
        (most, shortest, choose),
    )
    chosen = found.number[:, None]
    first = _look_up_years(rows, when, found.cuts, after=True)
    shape = read.shape[:-1]
    wide = (*shape, most + 1)

    def spread(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.broadcast_to(mask.reshape(*shape, -1), wide)

    value, low, high, behind = (
        array.reshape(wide)
        for array in _describe_levels(rows, when, first, counted=counted, level=level)
    )
    return LevelShifts(
        number=found.number.reshape(shape),
        observations_before=found.cuts.reshape(*shape, most),
        last_years=_look_up_years(rows, when, found.cuts, after=False).reshape(*shape, most),
        first_years=first.reshape(*shape, most),
        levels=collect_estimates(
            value,
            {level: (low, high)},
            n=behind,
            method="level shifts",
            given=None if states is None else states.reshape(*shape, 1),
            refused=[
                (spread(short[:, None]), TOO_SHORT),
                (spread(flat[:, None]), ALL_THE_SAME),
                (spread(np.arange(most + 1) > chosen), NO_SUCH_LEVEL),
            ],
        ),
        residuals=found.residuals.reshape(wide),
        scores=found.scores.reshape(wide),
    )


@dataclass(frozen=True, eq=False)
class _Found:
    number: FloatArray
    cuts: FloatArray
    residuals: FloatArray
    scores: FloatArray


def _search_rows(rows: FloatArray, rule: tuple[int, int, str | int]) -> _Found:
    most, shortest, choose = rule

    def blank(*shape: int) -> FloatArray:
        return np.full((len(rows), *shape), np.nan)

    found = _Found(blank(), blank(most), blank(most + 1), blank(most + 1))
    for own, pattern in group_by_blanks(~np.isnan(rows)):
        if not pattern.any():
            continue
        cuts, left = cut_levels(rows[np.ix_(own, pattern)], most, shortest)
        observed = int(pattern.sum())
        if isinstance(choose, str):
            score = score_shifts(left, observed, choose)
            best = np.argmin(score, axis=1)
        else:
            score = score_shifts(left, observed)
            best = np.full(len(own), choose)
        chosen = cuts[np.arange(len(own)), best]
        found.number[own] = best
        found.cuts[own] = np.where(chosen > 0, chosen, np.nan)
        found.residuals[own] = np.where(np.isinf(left), np.nan, left)
        found.scores[own] = np.where(np.isinf(score), np.nan, score)
    return found


def _look_up_years(
    rows: FloatArray, when: FloatArray, cuts: FloatArray, *, after: bool
) -> FloatArray:
    """Year of the observation just before, or just after, each cut."""
    passed = np.cumsum(~np.isnan(rows), axis=1)
    place = (passed[:, None, :] < cuts[:, :, None] + after).sum(axis=2)
    return np.where(np.isnan(cuts), np.nan, when[np.minimum(place, len(when) - 1)])


def _describe_levels(
    rows: FloatArray, when: FloatArray, first: FloatArray, *, counted: bool, level: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Mean, limits and cases of each level, the years of the shifts taken as known."""
    from scipy import stats

    present = ~np.isnan(rows)
    filled = np.where(present, rows, 0.0)
    order = (when[None, None, :] >= first[:, :, None]).sum(axis=1)
    member = (order[:, None, :] == np.arange(first.shape[1] + 1)[None, :, None]) & present[:, None]
    held = member.sum(axis=2).astype(np.float64)
    total = (member * filled[:, None, :]).sum(axis=2)
    some = np.where(held > 0, held, np.nan)
    mean = total / some
    expected = np.take_along_axis(np.nan_to_num(mean), order, axis=1)
    squares = np.where(present, (filled - expected) ** 2, 0.0)
    freedom = present.sum(axis=1) - (held > 0).sum(axis=1)
    spare = np.where(freedom > 0, freedom, np.nan)
    reach = stats.t.ppf((1 + level) / 2, spare)[:, None]
    if not counted:
        half = reach * np.sqrt((squares.sum(axis=1) / spare)[:, None] / some)
        return mean, mean - half, mean + half, np.where(held > 0, held, np.nan)
    # The score interval of a Poisson mean, widened where years scatter more than chance does.
    scatter = (squares / np.where(expected > 0, expected, 1.0)).sum(axis=1) / spare
    widened = reach**2 * np.maximum(scatter, 1)[:, None] / (2 * some)
    half = np.sqrt(widened**2 + 2 * widened * mean)
    return mean, mean + widened - half, mean + widened + half, np.where(held > 0, total, np.nan)


def _check_numbers(most: int, shortest: int, choose: str | int) -> int:
    """Refuse numbers that make no sense, and give the most shifts to try."""
    if isinstance(choose, str) and choose not in PENALTIES:
        raise ValueError(
            f"The number of shifts is to be chosen by '{choose}', which is no criterion. Write "
            f"one of {', '.join(PENALTIES)}, or a number of shifts."
        )
    tried = most if isinstance(choose, str) else choose
    if tried < 0:
        raise ValueError(
            f"{tried} shifts were asked for, and there are 0 or more. Write 0 for none."
        )
    if shortest < 2:  # noqa: PLR2004 - one observation has no scatter
        raise ValueError(
            f"A level of {shortest} observations was allowed, and one observation is no level. "
            "Write 2 or more."
        )
    return tried
