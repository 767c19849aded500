"""All methods that a set of series is given to, tested on the past and looking ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.forecast.backtest import Rolled, roll_baseline, roll_model
from analysis.methods.forecast.baselines import Ahead, list_baselines
from analysis.methods.forecast.combine import COMBINED, average_ahead, average_rolled
from analysis.methods.forecast.gate import (
    FEWEST_ORIGINS,
    Scores,
    choose_methods,
    round_ahead,
    score_rolled,
    widen_ahead,
)
from analysis.methods.forecast.models import SEASONAL_MODELS, fit_model
from analysis.methods.reasons import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

NEEDS_CYCLES = mark("seasons need at least three full years before the first test")


@dataclass(frozen=True)
class Trial:
    """How methods are put to the test.

    Parameters
    ----------
    horizon : int
        Periods ahead.
    season : int
        Periods in a cycle, 1 where seasons are not looked at.
    first : int
        Figures that the first origin has to know.
    last_origins : int
        How many origins to take whose whole horizon has come, the latest ones.
    """

    horizon: int
    season: int
    first: int
    last_origins: int


@dataclass(frozen=True, eq=False)
class Tried:
    """What came of the test, for series of one length.

    Parameters
    ----------
    ahead : Ahead
        Forecasts of the chosen methods as they may be shown, shape (series, horizon).
    chosen : numpy.ndarray of str
        Shape (series,); blank where the naive forecast could not be tested.
    tested : numpy.ndarray of bool
        Shape (series, horizon); whether the chosen method met enough origins there.
    scores : mapping of str to Scores
        By name of the method.
    reasons : mapping of str to numpy.ndarray of str
        By name of the method, those that failed among them.
    """

    ahead: Ahead
    chosen: NDArray[np.object_]
    tested: NDArray[np.bool_]
    scores: Mapping[str, Scores]
    reasons: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)


def try_methods(series: FloatArray, trial: Trial, models: Sequence[str] = ()) -> Tried:
    """Test all methods on the past of the series, choose, and look ahead.

    Parameters
    ----------
    series : numpy.ndarray
        Shape (series, time). With models it is one series, without blanks.
    trial : Trial
        How they are tested.
    models : sequence of str
        Names of models to test beside the baselines.

    Returns
    -------
    Tried

    Examples
    --------
    >>> made = try_methods(np.array([[20.0, 23, 25, 28, 30, 33, 35, 38, 40]]), Trial(1, 1, 4, 9))
    >>> made.chosen, made.tested
    (array(['drift'], dtype=object), array([[ True]]))
    """
    rolled: dict[str, Rolled] = {}
    final: dict[str, Ahead] = {}
    failed: dict[str, str] = {}
    for name, forecast in list_baselines(trial.season).items():
        rolled[name] = _roll(roll_baseline, series, name, trial)
        final[name] = forecast(series, trial.horizon, levels=tuple(rolled[name].ahead.limits))
    for name in models:
        if name in SEASONAL_MODELS and trial.season == 1:
            failed[name] = NEEDS_CYCLES
            continue
        past = _roll(roll_model, series[0], name, trial)
        whole = fit_model(name, series[0], trial.horizon, season=trial.season)
        if past.problem or whole.problem:
            failed[name] = past.problem or whole.problem
            continue
        ahead = _lift(past.ahead)
        rolled[name] = Rolled(past.origins, past.actual[None], ahead)
        final[name] = _lift(whole.ahead)
    rolled[COMBINED] = average_rolled(list(rolled.values()))
    final[COMBINED] = average_ahead(list(final.values()))
    scores = {name: score_rolled(part, series, trial.season) for name, part in rolled.items()}
    chosen, reasons = choose_methods(scores)
    for name, why in failed.items():
        reasons[name] = np.full(len(series), why, dtype=object)
    ahead, tested = _take_chosen(chosen, rolled, final)
    return Tried(ahead, chosen, tested, scores, reasons)


def _roll(how: Callable[..., Rolled], series: FloatArray, name: str, trial: Trial) -> Rolled:
    return how(
        series,
        name,
        trial.horizon,
        first=trial.first,
        last_origins=trial.last_origins,
        season=trial.season,
    )


def _lift(ahead: Ahead) -> Ahead:
    """Make one series a table of one row."""
    limits = {level: (low[None], high[None]) for level, (low, high) in ahead.limits.items()}
    return Ahead(ahead.mean[None], MappingProxyType(limits))


def _take_chosen(
    chosen: NDArray[np.object_], rolled: Mapping[str, Rolled], final: Mapping[str, Ahead]
) -> tuple[Ahead, NDArray[np.bool_]]:
    """Take the forecast of the chosen method, widened and rounded, series by series."""
    some = next(iter(final.values()))
    mean = np.full(some.mean.shape, np.nan)
    limits = {level: (mean.copy(), mean.copy()) for level in some.limits}
    tested = np.zeros(mean.shape, dtype=np.bool_)
    for name, ahead in final.items():
        rows = chosen == name
        if not rows.any():
            continue
        made = round_ahead(widen_ahead(ahead, rolled[name]))
        mean[rows] = made.mean[rows]
        tested[rows] = rolled[name].tested[rows] >= FEWEST_ORIGINS
        for level, pair in made.limits.items():
            for side in (0, 1):
                limits[level][side][rows] = pair[side][rows]
    return Ahead(mean, MappingProxyType(limits)), tested & ~np.isnan(mean)
