"""Relative risks of small areas with an interval, and the probability that a risk is raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_level
from analysis.methods.reasons import TOO_FEW_AREAS
from analysis.methods.smoothing.gamma_fit import fit_gamma
from analysis.methods.smoothing.series import SAME_RISK, read_smoothable

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

# With fewer areas nothing can be said of how much areas differ.
LEAST_AREAS = 5


@dataclass(frozen=True, eq=False)
class RelativeRisks:
    """Smoothed relative risks, to be shown next to the raw ones and never instead of them.

    Parameters
    ----------
    estimates : Estimates
        Posterior means with credible limits; 1 is the overall level.
    above : numpy.ndarray
        Probability that the true relative risk is above 1.
    raw : numpy.ndarray
        Cases by expected cases.
    shape, rate : numpy.ndarray
        Gamma distribution of the risks of each series; an infinite shape means that the areas
        do not differ by more than chance.
    """

    estimates: Estimates
    above: FloatArray
    raw: FloatArray
    shape: FloatArray
    rate: FloatArray


def smooth_relative_risks(
    counts: ArrayLike,
    expected: ArrayLike,
    *,
    level: float = 0.95,
    given: ArrayLike | None = None,
) -> RelativeRisks:
    """Smooth relative risks: the fewer expected cases, the nearer to the overall level.

    True risks are taken to follow a gamma distribution over the areas, whose mean and spread come
    from the counts themselves.

    Parameters
    ----------
    counts : array_like, (..., areas)
        Cases.
    expected : array_like, (areas,) or (..., areas)
        Cases that each area would have at the overall level, as of :func:`expect_cases`.
    level : float
        Credibility of the limits.
    given : array_like of str, optional
        States of the counts; withheld ones are left out of everything.

    Returns
    -------
    RelativeRisks
        Not applicable where nobody is expected, with fewer than five areas, and where the areas do
        not differ by more than chance: then no area can be told from the overall level.

    Raises
    ------
    ValueError
        When shapes do not fit, a number is negative or the level does not lie between 0 and 1.

    References
    ----------
    Clayton, D., Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks
    for use in disease mapping. Biometrics 43, 671-681.

    Examples
    --------
    >>> made = smooth_relative_risks([2, 0, 14, 5, 21, 3], [5, 6, 7, 7, 11, 9])
    >>> made.estimates.value.round(2)
    array([0.51, 0.17, 1.83, 0.75, 1.8 , 0.41])
    >>> made.above.round(2)
    array([0.06, 0.  , 0.98, 0.18, 0.99, 0.01])
    """
    from scipy.special import gammaincc, gammainccinv, gammaincinv

    check_level(level)
    cases, base, refused = read_smoothable(counts, expected, given)
    known = ~np.isnan(cases)
    rows = np.where(known, cases, 0.0).reshape(-1, cases.shape[-1])
    bases = np.where(known, base, 0.0).reshape(rows.shape)
    usable = (rows.sum(axis=-1) > 0) & (known.reshape(rows.shape).sum(axis=-1) >= LEAST_AREAS)
    fitted = np.full((2, len(rows)), np.nan)
    if usable.any():
        fit = fit_gamma(rows[usable], bases[usable])
        fitted[:, usable] = fit.shape, fit.rate
    shape, rate = fitted.reshape(2, *cases.shape[:-1])
    same = np.broadcast_to(np.isinf(shape)[..., None], cases.shape) & known
    few = known & (known.sum(axis=-1, keepdims=True) < LEAST_AREAS)
    prior = np.where(np.isfinite(shape), shape, np.nan)[..., None]
    a = prior + cases
    b = np.where(np.isfinite(shape), rate, np.nan)[..., None] + base
    tail = (1 - level) / 2
    value = a / b
    # A very skewed distribution has its mean above the upper quantile: the wider limit is told.
    limits = (
        np.minimum(gammaincinv(a, tail) / b, value),
        np.maximum(gammainccinv(a, tail) / b, value),
    )
    estimates = collect_estimates(
        value,
        {level: limits},
        n=cases,
        method="Poisson-gamma empirical Bayes",
        unit="relative risk",
        given=given,
        refused=[*refused, (few, TOO_FEW_AREAS), (same, SAME_RISK)],
    )
    spoken = estimates.is_number
    return RelativeRisks(
        estimates=estimates,
        above=np.where(spoken, gammaincc(a, b), np.nan),
        raw=np.where(spoken, cases / base, np.nan),
        shape=shape,
        rate=rate,
    )
