"""The simple mean of what several methods say."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.forecast.backtest import Rolled
from analysis.methods.forecast.baselines import Ahead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

COMBINED = "mean of the methods"


def average_rolled(rolled: Sequence[Rolled]) -> Rolled:
    """Average what several methods said at the same origins, forecasts and limits alike.

    Parameters
    ----------
    rolled : sequence of Rolled
        Of the same series, origins and horizon.

    Returns
    -------
    Rolled

    Examples
    --------
    >>> from analysis.methods.forecast.backtest import roll_baseline
    >>> naive, mean = (roll_baseline([5, 7, 6, 9, 8], n, 1) for n in ("naive", "historical mean"))
    >>> average_rolled([naive, mean]).ahead.mean
    array([[7.875]])
    """
    return Rolled(
        rolled[0].origins, rolled[0].actual, average_ahead([part.ahead for part in rolled])
    )


def average_ahead(parts: Sequence[Ahead]) -> Ahead:
    """Average forecasts and limits of several methods.

    Parameters
    ----------
    parts : sequence of Ahead
        Of the same shape and levels.

    Returns
    -------
    Ahead

    Examples
    --------
    >>> one, two = (Ahead(np.array([v]), {0.8: (np.array([v]), np.array([v]))}) for v in (1.0, 2.0))
    >>> average_ahead([one, two]).mean
    array([1.5])
    """

    def average(arrays: Sequence[FloatArray]) -> FloatArray:
        return np.asarray(sum(arrays[1:], arrays[0]) / len(arrays), dtype=np.float64)

    limits: Mapping[float, tuple[FloatArray, FloatArray]] = {
        level: (
            average([part.limits[level][0] for part in parts]),
            average([part.limits[level][1] for part in parts]),
        )
        for level in parts[0].limits
    }
    return Ahead(average([part.mean for part in parts]), MappingProxyType(limits))
