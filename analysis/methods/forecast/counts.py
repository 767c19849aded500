"""Forecasts of counts as they may be published: tested, whole, never below 0, or silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from analysis.methods.estimates import GIVEN_REASONS, Estimates, collect_estimates
from analysis.methods.forecast.baselines import LEVELS, find_last_run
from analysis.methods.forecast.candidates import Trial, try_methods
from analysis.methods.forecast.gate import FEWEST_ORIGINS
from analysis.methods.forecast.models import LEVEL, MODELS, SEASONAL_LEVEL, SEASONAL_SIMPLE, SIMPLE
from analysis.methods.forecast.tables import blank_silent, tabulate_scores
from analysis.methods.inputs import read_counts
from analysis.methods.reasons import ALL_THE_SAME, mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

METHOD = "tested forecast"
TOO_FEW_A_YEAR = mark("fewer than five cases a year: forecast the region, and do not divide it")
TOO_SHORT_TO_TEST = mark("not enough earlier periods to test a forecast on")
LAST_BLANK = mark("the latest period has no figure to start from")
LEAST_A_YEAR = 5.0
CYCLES = 3
# Periods a year; farthest horizon; figures that the first origin knows; origins that are tested.
FREQUENCIES = {"year": (1, 3, 4, 20), "quarter": (4, 4, 4, 16), "month": (12, 12, 12, 12)}
# The others of ``SEASONAL_MODELS`` take ten times as long; ask for them by name.
USUAL_WITH_SEASONS = (SIMPLE, LEVEL, SEASONAL_SIMPLE, SEASONAL_LEVEL)


@dataclass(frozen=True, eq=False)
class Forecast:
    """What comes next, how it was found, and how good the methods were on the past.

    Parameters
    ----------
    estimates : Estimates
        Shape (..., horizon), with limits at 95 and 80 %.
    method : numpy.ndarray of str
        Shape (...,); name of the method that was chosen, blank where nothing is said.
    reason : numpy.ndarray of str
        Shape (...,); why this method, or why nothing is said.
    table : pandas.DataFrame
        One row a series and method: ``series`` (place in the table), ``method``, ``mase``,
        ``interval_score``, ``coverage``, ``origins``, ``chosen``, ``reason``.
    """

    estimates: Estimates
    method: NDArray[np.object_]
    reason: NDArray[np.object_]
    table: pd.DataFrame


def forecast_counts(
    series: ArrayLike,
    frequency: Literal["year", "quarter", "month"] = "year",
    horizon: int = 3,
    *,
    models: Sequence[str] | None = None,
    drop_last: int = 0,
    breaks: Sequence[int] = (),
    given: ArrayLike | None = None,
) -> Forecast:
    """Forecast counts by the method that was best on the past, or by the naive one.

    Parameters
    ----------
    series : array_like
        Counts, shape (..., time); NaN is blank, and only what follows the last blank is used.
    frequency : {"year", "quarter", "month"}
        Length of a period.
    horizon : int
        Periods ahead: at most 3 years, 4 quarters or 12 months.
    models : sequence of str, optional
        Models to test beside the baselines. When left out: the usual ones for one series, none
        for a table of many, where they cost seconds a series.
    drop_last : int
        Latest periods to leave out because reports of them are still coming in; the first
        period forecast is then the first one left out.
    breaks : sequence of int
        Positions at which the law or the way of counting changed; only what follows the last
        of them is used.
    given : array_like of str, optional
        States of the counts, of their shape or of the shape without time; a series that holds
        a suppressed count stays suppressed.

    Returns
    -------
    Forecast

    Raises
    ------
    ValueError
        When a count is negative, or an option is out of range.

    References
    ----------
    Hyndman, R. J. & Athanasopoulos, G. (2021). Forecasting: principles and practice, 3rd ed.
    Makridakis, S., Spiliotis, E. & Assimakopoulos, V. (2020). The M4 Competition. International
    Journal of Forecasting 36, 54-74.
    Tashman, L. J. (2000). Out-of-sample tests of forecasting accuracy. International Journal of
    Forecasting 16, 437-450.

    Examples
    --------
    >>> made = forecast_counts([31, 28, 35, 30, 27, 33, 29, 32, 30, 31, 34, 28], models=())
    >>> made.method[()], made.estimates.value.round(1), made.estimates.lower
    ('historical mean', array([30.7, 30.7, 30.7]), array([24., 24., 24.]))
    """
    table, states, shape = _read(series, given, breaks, drop_last)
    season, _, first, last_origins = _check(frequency, horizon)
    if models is None:
        usual = MODELS if season == 1 else USUAL_WITH_SEASONS
        models = usual if len(table) == 1 else ()
    used = find_last_run(table)
    length = used.sum(axis=1)
    seasonal = (season > 1) & (length >= CYCLES * season + horizon + FEWEST_ORIGINS - 1)
    mean = np.full((len(table), horizon), np.nan)
    limits = {level: (mean.copy(), mean.copy()) for level in LEVELS}
    tested = np.zeros(mean.shape, dtype=np.bool_)
    chosen = np.full(len(table), "", dtype=object)
    parts = []
    for rows, columns in _group(seasonal, length, table.shape[1], alone=bool(models)):
        look = bool(seasonal[rows[0]])
        trial = Trial(
            horizon, season if look else 1, CYCLES * season if look else first, last_origins
        )
        tried = try_methods(table[rows][:, columns], trial, models)
        mean[rows], tested[rows], chosen[rows] = tried.ahead.mean, tried.tested, tried.chosen
        for level in LEVELS:
            for side in (0, 1):
                limits[level][side][rows] = tried.ahead.limits[level][side]
        parts.append(tabulate_scores(rows, tried))
    refusals = _refuse(table, used, season, tested, chosen)
    estimates = _collect(table, mean, limits, states, refusals, shape)
    flat = estimates.state.reshape(mean.shape)
    silent = np.asarray(~np.isin(flat, ["value", "zero"]).any(axis=1), dtype=np.bool_)
    why = np.where(silent, estimates.reason.reshape(mean.shape)[:, 0], "").astype(object)
    scores = blank_silent(pd.concat(parts, ignore_index=True), silent, why)
    for place, reason in scores.loc[scores["chosen"], ["series", "reason"]].itertuples(index=False):
        why[place] = reason
    return Forecast(
        estimates=estimates,
        method=np.where(silent, "", chosen).astype(object).reshape(shape),
        reason=why.reshape(shape),
        table=scores,
    )


def _check(frequency: str, horizon: int) -> tuple[int, int, int, int]:
    if frequency not in FREQUENCIES:
        raise ValueError(
            f"The frequency {frequency!r} is unknown; write 'year', 'quarter' or 'month'."
        )
    farthest = FREQUENCIES[frequency][1]
    if not 1 <= horizon <= farthest:
        raise ValueError(
            f"A horizon of {horizon} was asked for. By {frequency}, forecasts reach 1 to "
            f"{farthest} periods; beyond that they are not tested."
        )
    return FREQUENCIES[frequency]


def _read(
    series: ArrayLike, given: ArrayLike | None, breaks: Sequence[int], drop_last: int
) -> tuple[FloatArray, NDArray[np.object_], tuple[int, ...]]:
    figures = read_counts(series, "series")
    if figures.ndim == 0 or figures.size == 0:
        raise ValueError("No figure was given to forecast from. Give one count a period.")
    length = figures.shape[-1]
    if not 0 <= drop_last < length:
        raise ValueError(
            f"{drop_last} of {length} periods were to be dropped. Drop none, or fewer than there "
            "are."
        )
    start = max(breaks, default=0)
    if min(breaks, default=0) < 0 or start >= length:
        raise ValueError(
            f"A break was given at one of the positions {list(breaks)}, and the series hold "
            f"{length} periods, numbered from 0. Give positions inside."
        )
    shape = figures.shape[:-1]
    table = figures.reshape(-1, length)
    states = np.full(len(table), "value", dtype=object)
    if given is not None:
        told = np.asarray(given, dtype=object)
        if told.shape == figures.shape:
            told = told.reshape(table.shape)
            table = np.where(np.isin(told, list(GIVEN_REASONS)), np.nan, table)
            states[(told[:, start:] == "suppressed").any(axis=1)] = "suppressed"
        elif told.shape == shape:
            states = told.reshape(-1)
        else:
            raise ValueError(
                f"The states have the shape {told.shape} and the series {figures.shape}. Give one "
                "state a count, or one a series."
            )
    return table[:, start : max(length - drop_last, start)], states, shape


def _group(
    seasonal: NDArray[np.bool_], length: NDArray[np.intp], width: int, *, alone: bool
) -> Iterator[tuple[NDArray[np.intp], slice]]:
    """Put series together that are tested in the same way; with models each stands alone."""
    if alone:
        for row, known in enumerate(length):
            yield np.array([row]), slice(width - int(known), width)
        return
    for kind in (False, True):
        rows = np.flatnonzero(seasonal == kind)
        if len(rows):
            yield rows, slice(0, width)


def _refuse(
    table: FloatArray,
    used: NDArray[np.bool_],
    season: int,
    tested: NDArray[np.bool_],
    chosen: NDArray[np.object_],
) -> list[tuple[NDArray[np.bool_], str]]:
    length = used.sum(axis=1)
    total = np.where(used, table, 0.0).sum(axis=1)
    low = np.where(used, table, np.inf).min(axis=1, initial=np.inf)
    high = np.where(used, table, -np.inf).max(axis=1, initial=-np.inf)
    # A series without any figure says so by itself.
    some = np.asarray(~np.isnan(table).all(axis=1), dtype=np.bool_)

    def spread(mask: ArrayLike) -> NDArray[np.bool_]:
        held = np.asarray(mask, dtype=np.bool_) & some
        return np.broadcast_to(held[:, None], tested.shape)

    return [
        (spread(length == 0), LAST_BLANK),
        (spread(total / np.maximum(length, 1) * season < LEAST_A_YEAR), TOO_FEW_A_YEAR),
        (spread((low == high) & (length > 1)), ALL_THE_SAME),
        (spread(chosen == ""), TOO_SHORT_TO_TEST),
        (~tested & some[:, None], TOO_SHORT_TO_TEST),
    ]


def _collect(
    table: FloatArray,
    mean: FloatArray,
    limits: dict[float, tuple[FloatArray, FloatArray]],
    states: NDArray[np.object_],
    refusals: list[tuple[NDArray[np.bool_], str]],
    shape: tuple[int, ...],
) -> Estimates:
    """Collect; where a method had nothing, a refusal says why, or there was no figure at all."""
    full = (*shape, mean.shape[1])
    refused = np.any([mask for mask, _ in refusals], axis=0)
    cases = np.where(find_last_run(table), table, 0.0).sum(axis=1)

    def fit(values: FloatArray) -> FloatArray:
        return np.where(refused, 0.0, values).reshape(full)

    return collect_estimates(
        fit(mean),
        {level: (fit(low), fit(high)) for level, (low, high) in limits.items()},
        n=np.broadcast_to(cases[:, None], mean.shape).reshape(full),
        method=METHOD,
        unit="cases",
        given=np.broadcast_to(states[:, None], mean.shape).reshape(full),
        refused=[(mask.reshape(full), why) for mask, why in refusals],
    )
