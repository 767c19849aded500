"""Comparison with a benchmark in words, and care when many places are compared at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from analysis.methods.inputs import read_values
from analysis.methods.rates.intervals import check_choice
from analysis.methods.reasons import TOO_FEW, mark

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.estimates import Estimates

    FloatArray = NDArray[np.float64]
    Words = NDArray[np.object_]

Polarity = Literal["no_judgement", "low_is_good", "high_is_good"]
# What lies below and above the benchmark is called, by polarity.
WORDS = {
    "no_judgement": ("lower", "higher"),
    "low_is_good": ("better", "worse"),
    "high_is_good": ("worse", "better"),
}
ALERT_LEVEL = 0.998

NO_INTERVAL = mark("no interval to compare with")
NO_BENCHMARK = mark("no benchmark to compare with")


@dataclass(frozen=True, eq=False)
class Comparison:
    """How places stand to a benchmark.

    Parameters
    ----------
    estimates : Estimates
        What was compared.
    benchmark : numpy.ndarray
        The value compared with, shape of the estimates.
    label : numpy.ndarray of str
        ``similar``, ``lower``, ``higher``, ``better``, ``worse`` or ``not_compared``.
    alert : numpy.ndarray of bool
        Where the benchmark lies outside the wide (99.8 %) limits too.
    reason : numpy.ndarray of str
        Why a place was not compared; blank elsewhere.
    """

    estimates: Estimates
    benchmark: FloatArray
    label: Words
    alert: NDArray[np.bool_]
    reason: Words


def compare_with_benchmark(
    estimates: Estimates,
    benchmark: ArrayLike,
    polarity: Polarity,
    *,
    fewest: float = 0,
    alert_level: float | None = ALERT_LEVEL,
) -> Comparison:
    """Say whether places lie below or above a benchmark, or cannot be told apart from it.

    A place is ``similar`` when the benchmark lies within its limits, or on one of them.

    Parameters
    ----------
    estimates : Estimates
        With limits; those of the shown level make the label.
    benchmark : array_like
        One value, or one for each estimate; counts as known without error.
    polarity : str
        ``no_judgement`` (lower, higher), ``low_is_good`` or ``high_is_good`` (better, worse).
    fewest : float
        Estimates of fewer cases are not compared.
    alert_level : float, optional
        Level of the limits beyond which a difference is an alert; None for no alerts.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        When the polarity is not known, the benchmark does not fit the estimates, or the
        estimates lack the limits for alerts.

    References
    ----------
    The rule of Fingertips, Department of Health and Social Care, England.

    Examples
    --------
    >>> from analysis.methods.rates import estimate_rate
    >>> rates = estimate_rate([142, 42, 149], [138722, 607007, 251552])
    >>> made = compare_with_benchmark(rates, 0.59, "no_judgement")
    >>> list(made.label), made.alert
    (['higher', 'lower', 'similar'], array([ True,  True, False]))
    """
    check_choice(polarity, get_args(Polarity), "polarity")
    held = _read_benchmark(benchmark, estimates)
    if alert_level is not None and alert_level not in estimates.limits:
        raise ValueError(
            f"The estimates have no limits at {alert_level:g}, which alerts need. Estimate with "
            f"levels=(0.95, {alert_level:g}), or ask for alert_level=None."
        )
    reason = np.array(estimates.reason)
    number = estimates.is_number
    bare = np.isnan(estimates.lower) | np.isnan(estimates.upper)
    # A number of cases that is not told cannot be shown to be enough.
    few = ~(estimates.n >= fewest) if fewest > 0 else np.zeros_like(number)
    reason[number & np.isnan(held)] = NO_BENCHMARK
    reason[number & bare] = NO_INTERVAL
    reason[number & few] = TOO_FEW
    compared = number & ~bare & ~few & ~np.isnan(held)
    below, above = estimates.upper < held, estimates.lower > held
    label = np.full(estimates.shape, "not_compared", dtype=object)
    label[compared] = "similar"
    low_word, high_word = WORDS[polarity]
    label[compared & below] = low_word
    label[compared & above] = high_word
    alert = np.zeros(estimates.shape, dtype=np.bool_)
    if alert_level is not None:
        low, high = estimates.limits[alert_level]
        alert = compared & ((high < held) | (low > held))
    return Comparison(estimates, held, label, alert, reason)


def _read_benchmark(benchmark: ArrayLike, estimates: Estimates) -> FloatArray:
    values = read_values(benchmark, "benchmark")
    try:
        return np.array(np.broadcast_to(values, estimates.shape))
    except ValueError as fault:
        raise ValueError(
            f"The benchmark has the shape {values.shape} and the estimates {estimates.shape}. "
            "Give one value for all, or one for each estimate."
        ) from fault
