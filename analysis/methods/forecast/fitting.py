"""Fitting one model to one series: nothing is let out, whatever goes wrong becomes a reason."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.methods.forecast.baselines import Ahead
from analysis.methods.inputs import check_level, read_values
from analysis.methods.reasons import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

NOT_SETTLED = mark("the fit of the model did not come to rest")
NOT_FITTED = mark("the model could not be fitted to this series")
MOST_STEPS = 500
FEWEST = 4  # figures below which no model is tried
# The optimiser stops early by default: half a percent off in the variances of the Nile.
TIGHT = {"pgtol": 1e-8, "factr": 10.0}


@dataclass(frozen=True, eq=False)
class FittedModel:
    """A model fitted to one series, and what it expects.

    Parameters
    ----------
    name : str
        Name of the model.
    ahead : Ahead
        Forecasts, shape (horizon,); NaN where the fit failed.
    parameters : mapping of str to float
        Estimates of the model; empty where the fit failed.
    problem : str
        Why the model must not be used; blank where it may.
    """

    name: str
    ahead: Ahead
    parameters: Mapping[str, float] = field(default_factory=dict)
    problem: str = ""


def climb(model: Any) -> tuple[Any, bool]:
    """Find the best parameters of a model of statsmodels.

    Parameters
    ----------
    model : statsmodels model
        With a ``fit`` that takes the options of L-BFGS.

    Returns
    -------
    results, bool
        The fitted model, and whether the search came to rest.

    Examples
    --------
    >>> from statsmodels.tsa.statespace.structural import UnobservedComponents
    >>> level = UnobservedComponents([3.0, 5.0, 4.0, 6.0, 5.0], "llevel", use_exact_diffuse=True)
    >>> climb(level)[1]
    True
    """
    made = model.fit(disp=False, maxiter=MOST_STEPS, **TIGHT)
    if made.mle_retvals is None or _settled(made):
        return made, True
    made = model.fit(disp=False, maxiter=MOST_STEPS)
    return made, _settled(made)


def run_fit(
    name: str,
    series: ArrayLike,
    horizon: int,
    levels: Sequence[float],
    parts: tuple[Callable[[pd.Series], tuple[Any, bool]], Callable[[Any, int], Any]],
    *,
    scaled: bool = False,
) -> FittedModel:
    """Fit, look ahead, and turn whatever goes wrong into a reason.

    Parameters
    ----------
    name : str
        Name of the model.
    series : array_like
        Shape (time,), without blanks.
    horizon : int
        Periods ahead.
    levels : sequence of float
        Levels of the intervals.
    parts : pair of function
        The first fits a series, and says whether the search came to rest; the second takes what
        was fitted and the length of the series, and predicts.
    scaled : bool
        Whether to fit the series in units of its own spread, where the search is steadier.

    Returns
    -------
    FittedModel

    Raises
    ------
    ValueError
        When there is more than one series, or the horizon or a level make no sense.

    Examples
    --------
    >>> run_fit("none", [1, 1, 1, 1, 1], 1, (0.95,), (None, None)).problem
    'the model could not be fitted to this series'
    """
    figures = read_values(series, "series")
    for level in levels:
        check_level(level)
    if figures.ndim != 1 or horizon < 1:
        raise ValueError(
            f"A model takes one series and a horizon of at least 1; {figures.ndim} axes and a "
            f"horizon of {horizon} were given."
        )
    if len(figures) < FEWEST or np.isnan(figures).any() or np.ptp(figures) == 0:
        return _fail(name, horizon, levels, NOT_FITTED)
    unit = float(figures.std()) if scaled else 1.0
    fit, look = parts
    # Warnings are caught here and nowhere else: each is told as a reason, or does no harm.
    with warnings.catch_warnings(record=True), np.errstate(all="ignore"):
        warnings.simplefilter("always")
        try:
            made, settled = fit(pd.Series(figures / unit))
            said = look(made, len(figures))
            mean = unit * np.asarray(said.predicted_mean, dtype=np.float64)
            limits = {level: _limits(said, level, unit) for level in levels}
            names, values = made.model.param_names, np.asarray(made.params, dtype=np.float64)
        except (ValueError, ArithmeticError, IndexError, np.linalg.LinAlgError):
            return _fail(name, horizon, levels, NOT_FITTED)
    if not all(np.isfinite(part).all() for pair in limits.values() for part in (*pair, mean)):
        return _fail(name, horizon, levels, NOT_FITTED)
    if not settled:
        return _fail(name, horizon, levels, NOT_SETTLED)
    powers = [2 if str(label).startswith("sigma2") else 0 for label in names]
    parameters = {
        str(label): float(value) * unit**power
        for label, value, power in zip(names, values, powers, strict=True)
    }
    return FittedModel(name, Ahead(mean, MappingProxyType(limits)), MappingProxyType(parameters))


def _settled(made: Any) -> bool:
    return bool(made.mle_retvals.get("converged", True))


def _limits(said: Any, level: float, unit: float) -> tuple[FloatArray, FloatArray]:
    # The same limits as those of `summary_frame`, which builds a table around them.
    bounds = said.pred_int if hasattr(said, "pred_int") else said.conf_int
    found = unit * np.asarray(bounds(alpha=1 - level), dtype=np.float64)
    return found[:, 0], found[:, 1]


def _fail(name: str, horizon: int, levels: Sequence[float], problem: str) -> FittedModel:
    blank = np.full(horizon, np.nan)
    ahead = Ahead(blank, MappingProxyType(dict.fromkeys(levels, (blank, blank))))
    return FittedModel(name, ahead, problem=problem)
