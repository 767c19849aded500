"""EARS C1, C2 and C3: is a count high beside the few periods before it? For short histories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.methods.inputs import check_level, read_counts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

LAGS = {"C1": 0, "C2": 2, "C3": 2}
FEWEST = 3  # periods a standard deviation needs to mean anything
LEAST_DEVIATION = 0.5
BEYOND_MEASURE = 1e6  # standard deviations, where the past had none


@dataclass(frozen=True, eq=False)
class EarsBounds:
    """Expected counts and bounds, for every period; NaN where the past is too short or patchy.

    Parameters
    ----------
    expected : numpy.ndarray
        Mean of the periods compared with; shape of the counts.
    upper : numpy.ndarray
        Bound above which a count is an alarm.
    p_value : numpy.ndarray
        Chance of a count as high, by the distribution behind the bound.
    """

    expected: FloatArray
    upper: FloatArray
    p_value: FloatArray


def bound_ears(
    counts: ArrayLike,
    method: Literal["C1", "C2", "C3"] = "C1",
    *,
    baseline: int = 7,
    alpha: float = 0.001,
    spread: Literal["classic", "guarded"] = "classic",
) -> EarsBounds:
    """Work out the bound of every period of many series.

    Parameters
    ----------
    counts : array_like
        Cases, shape (..., time); NaN is blank, and no bound is given where one is compared with.
    method : {"C1", "C2", "C3"}
        C1 compares with the periods right before; C2 leaves out two between, so that a rise that
        has begun does not hide itself; C3 adds what C2 saw in those two.
    baseline : int
        Periods compared with.
    alpha : float
        Share of quiet periods whose count may lie above the bound, for a normal distribution.
    spread : {"classic", "guarded"}
        ``classic`` takes the standard deviation at its word and the normal quantile. ``guarded``
        takes at least the deviation of a Poisson count, Student's quantile, and the uncertainty
        of the mean; of C1 and C2 only.

    Returns
    -------
    EarsBounds

    Raises
    ------
    ValueError
        When a count is negative, or method, baseline or level are unknown.

    References
    ----------
    Hutwagner, L., Thompson, W., Seeman, G. M. & Treadwell, T. (2003). The bioterrorism
    preparedness and response Early Aberration Reporting System (EARS). Journal of Urban Health
    80, i89-i96.
    Fricker, R. D., Hegler, B. L. & Dunfee, D. A. (2008). Comparing syndromic surveillance
    detection methods: EARS' versus a CUSUM-based methodology. Statistics in Medicine 27,
    3407-3429.

    Examples
    --------
    >>> made = bound_ears([2, 4, 3, 3, 2, 4, 3, 9], "C1")
    >>> made.upper.round(2)[-1], bool(made.p_value[-1] < 0.001)
    (np.float64(5.52), True)
    """
    check_level(alpha)
    if method not in LAGS:
        raise ValueError(f"The method {method!r} is none of EARS; write 'C1', 'C2' or 'C3'.")
    if spread not in {"classic", "guarded"} or (spread == "guarded" and method == "C3"):
        raise ValueError(
            f"The spread {spread!r} does not exist for {method}; write 'classic', or 'guarded' "
            "with C1 or C2."
        )
    if baseline < FEWEST:
        raise ValueError(
            f"A baseline of {baseline} periods was asked for, and a spread needs at least "
            f"{FEWEST}; 7 days or 12 months are usual."
        )
    from scipy import stats

    figures = read_counts(counts)
    mean, deviation = _compare_with(figures, baseline, LAGS[method])
    if spread == "guarded":
        least = np.maximum(np.sqrt(mean), LEAST_DEVIATION)
        deviation = np.maximum(deviation, least) * np.sqrt(1 + 1 / baseline)
        distribution = stats.t(baseline - 1)
    else:
        distribution = stats.norm()
    above = _divide(figures - mean, deviation)
    earlier = _add_earlier(above) if method == "C3" else np.zeros(figures.shape)
    upper = mean + deviation * (distribution.isf(alpha) - earlier)
    p_value = distribution.sf(above + earlier)
    return EarsBounds(
        expected=mean,
        upper=np.maximum(upper, 0.0),
        p_value=np.where(np.isnan(figures), np.nan, p_value),
    )


def _compare_with(figures: FloatArray, baseline: int, lag: int) -> tuple[FloatArray, FloatArray]:
    """Give mean and standard deviation of the periods compared with, for every period."""
    mean, deviation = np.full(figures.shape, np.nan), np.full(figures.shape, np.nan)
    first = baseline + lag
    if figures.shape[-1] > first:
        windows = np.lib.stride_tricks.sliding_window_view(figures, baseline, axis=-1)
        windows = windows[..., : figures.shape[-1] - first, :]
        mean[..., first:] = windows.mean(axis=-1)
        deviation[..., first:] = windows.std(axis=-1, ddof=1)
    return mean, deviation


def _divide(distance: FloatArray, deviation: FloatArray) -> FloatArray:
    """Divide; without any spread in the past, every rise is beyond measure."""
    flat = deviation == 0
    beyond = np.where(distance > 0, np.inf, np.where(distance < 0, -np.inf, distance))
    held: FloatArray = np.where(flat, beyond, distance / np.where(flat, 1.0, deviation))
    return held


def _add_earlier(above: FloatArray) -> FloatArray:
    """Add what the two periods before have shown beyond one standard deviation."""
    beyond = np.nan_to_num(np.maximum(above - 1.0, 0.0), posinf=BEYOND_MEASURE)
    held = np.zeros(above.shape)
    for back in (1, 2):
        held[..., back:] += beyond[..., : max(above.shape[-1] - back, 0)]
    return held
