"""Forecasts of statistical models, one series at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.methods.forecast.baselines import LEVELS
from analysis.methods.forecast.fitting import FittedModel, climb, run_fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

SIMPLE, DAMPED, LEVEL = "exponential smoothing", "damped trend", "local level"
SEASONAL_SIMPLE = "exponential smoothing with seasons"
SEASONAL_DAMPED = "damped trend with seasons"
SEASONAL_LEVEL = "local level with seasons"
SARIMA = "seasonal ARIMA"
MODELS = (SIMPLE, DAMPED, LEVEL)
SEASONAL_MODELS = (SEASONAL_SIMPLE, SEASONAL_DAMPED, SEASONAL_LEVEL, SARIMA)


def fit_smoothing(
    series: ArrayLike,
    horizon: int = 3,
    *,
    damped: bool = False,
    season: int = 1,
    levels: Sequence[float] = LEVELS,
) -> FittedModel:
    """Fit exponential smoothing with additive errors, ETS(A,N,N) or ETS(A,Ad,N).

    Parameters
    ----------
    series : array_like
        Shape (time,), without blanks.
    horizon : int
        Periods ahead.
    damped : bool
        Whether there is a trend that dies away.
    season : int
        Periods in a cycle; with more than 1 there are additive seasons.
    levels : sequence of float
        Levels of the intervals.

    Returns
    -------
    FittedModel

    Raises
    ------
    ValueError
        When there is more than one series, or the horizon or a level make no sense.

    References
    ----------
    Hyndman, R. J., Koehler, A. B., Ord, J. K. & Snyder, R. D. (2008). Forecasting with
    Exponential Smoothing: The State Space Approach.

    Examples
    --------
    >>> made = fit_smoothing([31, 28, 35, 30, 27, 33, 29, 32, 30, 31], 1)
    >>> made.problem, made.ahead.mean.round(0)
    ('', array([31.]))
    """
    name = (SEASONAL_DAMPED if season > 1 else DAMPED) if damped else ""
    name = name or (SEASONAL_SIMPLE if season > 1 else SIMPLE)

    def fit(figures: pd.Series) -> tuple[Any, bool]:
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        model = ETSModel(
            figures,
            error="add",
            trend="add" if damped else None,
            damped_trend=damped,
            seasonal="add" if season > 1 else None,
            seasonal_periods=season if season > 1 else None,
        )
        return climb(model)

    def look(made: Any, length: int) -> Any:
        return made.get_prediction(start=length, end=length + horizon - 1)

    return run_fit(name, series, horizon, levels, (fit, look))


def fit_local_level(
    series: ArrayLike, horizon: int = 3, *, season: int = 1, levels: Sequence[float] = LEVELS
) -> FittedModel:
    """Fit a level that wanders, seen through noise, with an exact diffuse start.

    Parameters
    ----------
    series : array_like
        Shape (time,), without blanks.
    horizon : int
        Periods ahead.
    season : int
        Periods in a cycle; with more than 1 there are seasons that may change.
    levels : sequence of float
        Levels of the intervals.

    Returns
    -------
    FittedModel

    Raises
    ------
    ValueError
        When there is more than one series, or the horizon or a level make no sense.

    References
    ----------
    Durbin, J. & Koopman, S. J. (2012). Time Series Analysis by State Space Methods, 2nd ed.,
    chapters 2 and 5.

    Examples
    --------
    >>> made = fit_local_level([31, 28, 35, 30, 27, 33, 29, 32, 30, 31], 1)
    >>> made.problem, made.ahead.mean.round(0)
    ('', array([31.]))
    """

    def fit(figures: pd.Series) -> tuple[Any, bool]:
        from statsmodels.tsa.statespace.structural import UnobservedComponents

        model = UnobservedComponents(
            figures, "llevel", seasonal=season if season > 1 else None, use_exact_diffuse=True
        )
        return climb(model)

    def look(made: Any, length: int) -> Any:
        del length
        return made.get_forecast(horizon)

    name = SEASONAL_LEVEL if season > 1 else LEVEL
    return run_fit(name, series, horizon, levels, (fit, look))


def fit_sarima(
    series: ArrayLike,
    horizon: int = 3,
    *,
    order: tuple[int, int, int] = (0, 1, 1),
    seasonal_order: tuple[int, int, int, int] = (0, 1, 1, 12),
    levels: Sequence[float] = LEVELS,
) -> FittedModel:
    """Fit a seasonal ARIMA model with an exact diffuse start.

    Parameters
    ----------
    series : array_like
        Shape (time,), without blanks.
    horizon : int
        Periods ahead.
    order : tuple of int
        Autoregressive order, differences, and order of the moving average.
    seasonal_order : tuple of int
        The same for the seasons, and the periods in a cycle.
    levels : sequence of float
        Levels of the intervals.

    Returns
    -------
    FittedModel

    Raises
    ------
    ValueError
        When there is more than one series, or the horizon or a level make no sense.

    References
    ----------
    Box, G. E. P. & Jenkins, G. M. (1970). Time Series Analysis: Forecasting and Control.
    Durbin, J. & Koopman, S. J. (2012). Time Series Analysis by State Space Methods, 2nd ed.,
    chapter 5, for the diffuse start.

    Examples
    --------
    >>> none = (0, 0, 0, 0)
    >>> walk = [31, 28, 35, 30, 27, 33, 29, 32, 30, 31]
    >>> fit_sarima(walk, 2, order=(0, 1, 0), seasonal_order=none).ahead.mean.round(6)
    array([31., 31.])
    """

    def fit(figures: pd.Series) -> tuple[Any, bool]:
        from statsmodels.tsa.statespace.sarimax import SARIMAX

        model = SARIMAX(figures, order=order, seasonal_order=seasonal_order, use_exact_diffuse=True)
        return climb(model)

    def look(made: Any, length: int) -> Any:
        del length
        return made.get_forecast(horizon)

    return run_fit(SARIMA, series, horizon, levels, (fit, look), scaled=True)


def fit_model(
    name: str,
    series: ArrayLike,
    horizon: int = 3,
    *,
    season: int = 1,
    levels: Sequence[float] = LEVELS,
) -> FittedModel:
    """Fit a model by its name, one of ``MODELS`` or ``SEASONAL_MODELS``.

    Parameters
    ----------
    name : str
        Name of the model.
    series : array_like
        Shape (time,), without blanks.
    horizon : int
        Periods ahead.
    season : int
        Periods in a cycle, for the models with seasons.
    levels : sequence of float
        Levels of the intervals.

    Returns
    -------
    FittedModel

    Raises
    ------
    ValueError
        When there is no such model.

    Examples
    --------
    >>> fit_model("local level", [31, 28, 35, 30, 27, 33, 29, 32, 30, 31], 1).name
    'local level'
    """
    if name not in {*MODELS, *SEASONAL_MODELS}:
        known = ", ".join((*MODELS, *SEASONAL_MODELS))
        raise ValueError(f"There is no model named {name!r}. Choose of: {known}.")
    cycle = season if name in SEASONAL_MODELS else 1
    if name in SEASONAL_MODELS and season < 2:  # noqa: PLR2004
        raise ValueError(f"The model {name!r} needs a cycle of at least 2 periods, not {season}.")
    if name == SARIMA:
        return fit_sarima(series, horizon, seasonal_order=(0, 1, 1, cycle), levels=levels)
    if name in {LEVEL, SEASONAL_LEVEL}:
        return fit_local_level(series, horizon, season=cycle, levels=levels)
    damped = name in {DAMPED, SEASONAL_DAMPED}
    return fit_smoothing(series, horizon, damped=damped, season=cycle, levels=levels)
