"""Forecasts for series in which most periods hold no case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.inputs import read_counts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]


def forecast_croston(series: ArrayLike, horizon: int = 3, *, alpha: float = 0.1) -> FloatArray:
    """Expect so many a period where most periods hold none: size of a demand by its distance.

    Parameters
    ----------
    series : array_like
        One series of counts, shape (time,), without blanks.
    horizon : int
        Periods ahead.
    alpha : float
        How much each new demand counts, between 0 and 1.

    Returns
    -------
    numpy.ndarray
        Shape (horizon,), the same for each period; NaN without a demand. The method gives no
        interval.

    Raises
    ------
    ValueError
        When there is more than one series, a count is negative, or alpha is none.

    References
    ----------
    Croston, J. D. (1972). Forecasting and stock control for intermittent demands. Operational
    Research Quarterly 23, 289-303.

    Examples
    --------
    >>> forecast_croston([0, 2, 0, 2, 0, 2], 1)
    array([1.])
    """
    figures = read_counts(series, "series")
    if figures.ndim != 1 or horizon < 1:
        raise ValueError(
            f"Croston takes one series and a horizon of at least 1; {figures.ndim} axes and a "
            f"horizon of {horizon} were given."
        )
    if not 0 < alpha < 1:
        raise ValueError(f"A weight of {alpha} was given, and it lies between 0 and 1.")
    places = np.flatnonzero(figures > 0)
    if len(places) == 0 or np.isnan(figures).any():
        return np.full(horizon, np.nan)
    distances = np.diff(places, prepend=-1).astype(np.float64)
    sizes = figures[places]
    size, distance = sizes[0], distances[0]
    for new_size, new_distance in zip(sizes[1:], distances[1:], strict=True):
        size += alpha * (new_size - size)
        distance += alpha * (new_distance - distance)
    return np.full(horizon, size / distance)
