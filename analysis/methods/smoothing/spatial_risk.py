"""Relative risks that borrow from neighbours as far as the figures themselves say so (BYM2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_level
from analysis.methods.reasons import TOO_FEW_AREAS
from analysis.methods.smoothing.map_covariance import scale_covariance
from analysis.methods.smoothing.series import read_smoothable
from analysis.methods.smoothing.variational import Approximation, approximate, use_one_thread
from analysis.methods.spatial.neighbours import check_neighbours

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.spatial.neighbours import Neighbours

    FloatArray = NDArray[np.float64]

LEAST_AREAS = 5
MOST_AREAS = 500
# Standard deviation of the overall log risk before the figures are seen: it may be anything.
OVERALL = 10.0
# Standard deviation of log risks between areas before the figures are seen (half-normal).
BETWEEN = 1.0
ROUGH = np.geomspace(0.02, 4.0, 10)
FINE = 13
SHARES = 7
# Spreads whose weight is below exp(-8) of the best are left out of the fine grid.
FAR = 8.0
# Numbers of one batch of covariances, about 32 MB.
HELD = 4_000_000


@dataclass(frozen=True, eq=False)
class SpatialRisks:
    """Spatially smoothed relative risks, to be shown next to the raw ones, never instead of them.

    Parameters
    ----------
    estimates : Estimates
        Posterior means with credible limits; 1 is the overall level.
    above : numpy.ndarray
        Probability that the true relative risk is above 1.
    raw : numpy.ndarray
        Cases by expected cases.
    spread : float
        Posterior mean of the standard deviation of log risks between areas; NaN if silent.
    shared : float
        Posterior mean of the part of that variance which neighbours share; NaN if silent.
    """

    estimates: Estimates
    above: FloatArray
    raw: FloatArray
    spread: float
    shared: float


def smooth_with_neighbours(
    counts: ArrayLike,
    expected: ArrayLike,
    neighbours: Neighbours,
    *,
    level: float = 0.95,
    between: float = BETWEEN,
    shares: ArrayLike | None = None,
    given: ArrayLike | None = None,
) -> SpatialRisks:
    """Smooth relative risks towards the overall level and towards the neighbours (BYM2).

    Log risks are a constant, a part that neighbours share and a part of each area alone. How large
    the parts are is averaged over a grid of possibilities, weighted by how well each fits.

    Parameters
    ----------
    counts : array_like, (areas,)
        Cases of one series.
    expected : array_like, (areas,)
        Cases that each area would have at the overall level.
    neighbours : Neighbours
        Of the same areas, 500 at most.
    level : float
        Credibility of the limits.
    between : float
        Standard deviation of the half-normal prior of the spread of log risks between areas.
    shares : array_like, optional
        Shares of the variance between 0 and 1 to average over with equal weight, instead of all;
        ``[0.0]`` leaves neighbours out.
    given : array_like of str, optional
        States of the counts; withheld ones are left out of everything.

    Returns
    -------
    SpatialRisks
        Not applicable where nobody is expected, without cases and with fewer than five areas.

    Raises
    ------
    ValueError
        When there are several series or more than 500 areas, shapes do not fit, a number is
        negative, or the level or the shares do not lie between 0 and 1.

    References
    ----------
    Besag, J., York, J., Mollié, A. (1991). Bayesian image restoration, with two applications in
    spatial statistics. Annals of the Institute of Statistical Mathematics 43, 1-20.
    Riebler, A., Sørbye, S. H., Simpson, D., Rue, H. (2016). An intuitive Bayesian spatial model
    for disease mapping that accounts for scaling. Statistical Methods in Medical Research 25,
    1145-1165.
    Opper, M., Archambeau, C. (2009). The variational Gaussian approximation revisited. Neural
    Computation 21, 786-792.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> row = read_neighbours("abcdef", ["ab", "bc", "cd", "de", "ef"])
    >>> made = smooth_with_neighbours([9, 7, 5, 2, 0, 1], [4] * 6, row)
    >>> made.estimates.value.round(1)
    array([2.1, 1.6, 1.1, 0.6, 0.3, 0.3])
    """
    check_level(level)
    cases, base, refused = read_smoothable(counts, expected, given)
    _check(cases, neighbours, between)
    parts = _read_shares(shares)
    known = ~np.isnan(cases)
    few = known & (known.sum() < LEAST_AREAS)
    refused.append((few, TOO_FEW_AREAS))
    blank = np.full(cases.shape, np.nan)
    value, lower, upper, above = blank, blank, blank, blank
    spread = shared = float("nan")
    if known.sum() >= LEAST_AREAS and np.nansum(cases) > 0:
        held = (np.where(known, cases, 0.0), np.where(known, base, 0.0))
        cells, made = _search(*held, scale_covariance(neighbours), parts, between)
        weight = _weigh(cells, made, between, parts[1])
        spread, shared = float(weight @ cells[:, 0]), float(weight @ cells[:, 1])
        value = weight @ np.exp(made.mean + made.variance / 2)
        tail = (1 - level) / 2
        lower, upper = (np.exp(_find_quantile(made, weight, p)) for p in (tail, 1 - tail))
        lower, upper = np.minimum(lower, value), np.maximum(upper, value)
        above = 1 - _cumulate(made, weight, np.zeros(cases.size))
    estimates = collect_estimates(
        np.where(known, value, np.nan),
        {level: (lower, upper)},
        n=cases,
        method="BYM2",
        unit="relative risk",
        given=given,
        refused=refused,
    )
    spoken = estimates.is_number
    return SpatialRisks(
        estimates=estimates,
        above=np.where(spoken, above, np.nan),
        raw=np.where(spoken, cases / base, np.nan),
        spread=spread,
        shared=shared,
    )


def _search(
    cases: FloatArray,
    expected: FloatArray,
    covariance: FloatArray,
    parts: tuple[FloatArray, FloatArray],
    between: float,
) -> tuple[FloatArray, Approximation]:
    """Look roughly which spreads fit, and then finely among these."""
    middle = np.array([np.average(parts[0], weights=parts[1])])
    rough = _cross(ROUGH * between, middle)
    bound = _approximate(cases, expected, covariance, rough).bound
    log_weight = bound + _log_prior(rough[:, 0], between)
    near = np.flatnonzero(log_weight > log_weight.max() - FAR)
    low = rough[max(near[0] - 1, 0), 0]
    high = rough[min(near[-1] + 1, len(rough) - 1), 0]
    cells = _cross(np.geomspace(low, high, FINE), parts[0])
    return cells, _approximate(cases, expected, covariance, cells)


def _approximate(
    cases: FloatArray, expected: FloatArray, covariance: FloatArray, cells: FloatArray
) -> Approximation:
    size = len(cases)
    chunk = max(1, HELD // size**2)
    made = []
    with use_one_thread():
        for start in range(0, len(cells), chunk):
            spread, shared = cells[start : start + chunk].T[:, :, None, None]
            mixed = spread**2 * (shared * covariance + (1 - shared) * np.eye(size))
            made.append(approximate(cases, expected, mixed + OVERALL**2))
    return Approximation(
        mean=np.concatenate([part.mean for part in made]),
        variance=np.concatenate([part.variance for part in made]),
        bound=np.concatenate([part.bound for part in made]),
    )


def _weigh(
    cells: FloatArray, made: Approximation, between: float, weights: FloatArray
) -> FloatArray:
    log_weight = made.bound + _log_prior(cells[:, 0], between) + np.tile(np.log(weights), FINE)
    # The ends of the fine grid stand for half a step.
    log_weight += np.repeat(np.log(np.r_[0.5, np.ones(FINE - 2), 0.5]), len(weights))
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def _log_prior(spread: FloatArray, between: float) -> FloatArray:
    # Half-normal, on a grid of equal steps in the logarithm.
    return np.asarray(np.log(spread) - (spread / between) ** 2 / 2, dtype=np.float64)


def _cross(spreads: FloatArray, shares: FloatArray) -> FloatArray:
    return np.stack(np.meshgrid(spreads, shares, indexing="ij"), axis=-1).reshape(-1, 2)


def _cumulate(made: Approximation, weight: FloatArray, at: FloatArray) -> FloatArray:
    from scipy.special import ndtr

    return np.asarray(weight @ ndtr((at - made.mean) / np.sqrt(made.variance)), dtype=np.float64)


def _find_quantile(made: Approximation, weight: FloatArray, p: float) -> FloatArray:
    """Halve the interval in which the mixture of normal distributions reaches p."""
    reach = 10 * np.sqrt(made.variance)
    low, high = (made.mean - reach).min(axis=0), (made.mean + reach).max(axis=0)
    for _ in range(60):
        middle = (low + high) / 2
        below = _cumulate(made, weight, middle) < p
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2, dtype=np.float64)


def _read_shares(shares: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    if shares is None:
        nodes, weights = np.polynomial.legendre.leggauss(SHARES)
        return (nodes + 1) / 2, weights / 2
    asked = np.atleast_1d(np.asarray(shares, dtype=np.float64))
    if not ((asked >= 0) & (asked <= 1)).all() or not asked.size:
        raise ValueError(
            f"shares is {asked.tolist()}, and a share of the variance lies between 0 and 1."
        )
    return asked, np.full(asked.size, 1 / asked.size)


def _check(cases: FloatArray, neighbours: Neighbours, between: float) -> None:
    if cases.ndim != 1:
        raise ValueError(
            f"counts has the shape {cases.shape}; this method takes one series of areas at a time."
        )
    check_neighbours(neighbours, cases.size)
    if cases.size > MOST_AREAS:
        raise ValueError(
            f"There are {cases.size} areas and this method takes {MOST_AREAS} at most: its work "
            "grows with the cube of their number. Smooth one region at a time, or use "
            "smooth_relative_risks."
        )
    if not 0 < between < np.inf:
        raise ValueError(f"between is {between:g}; a standard deviation is a number above 0.")
