"""The plain loops of the methods' race over maps: one map at a time, mostly with esda.

Each function takes the figures of one map and gives the numbers that are compared with ours.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

DRAWS, CLOSE = 9_999, 1e-9


def smooth_globally(counts: Numbers, people: Numbers) -> Numbers:
    """Empirical Bayes rates of one map, by esda."""
    from esda.smoothing import Empirical_Bayes

    return np.asarray(Empirical_Bayes(counts, people).r, dtype=np.float64).ravel()


def smooth_locally(counts: Numbers, people: Numbers, weights: Any) -> Numbers:
    """Empirical Bayes rates by neighbourhood of one map, by esda."""
    from esda.smoothing import Spatial_Empirical_Bayes

    return np.asarray(Spatial_Empirical_Bayes(counts, people, weights).r, np.float64).ravel()


def smooth_risks(counts: Numbers, expected: Numbers) -> Numbers:
    """Gamma risks of one map, fitted and read area by area with scipy."""
    from scipy import optimize, stats

    def loss(logs: Numbers) -> float:
        shape, rate = np.exp(logs)
        return -float(stats.nbinom.logpmf(counts, shape, rate / (rate + expected)).sum())

    options = {"xatol": 1e-8, "fatol": 1e-10, "maxiter": 2000}
    found = optimize.minimize(loss, [1.0, 1.0], method="Nelder-Mead", options=options)
    shape, rate = np.exp(found.x)
    rows = []
    for count, base in zip(counts, expected, strict=True):
        law = stats.gamma(shape + count, scale=1 / (rate + base))
        rows.append([law.mean(), law.ppf(0.025), law.ppf(0.975), law.sf(1.0)])
    return np.array(rows)


def spread_over_map(counts: Numbers, expected: Numbers, shared: Numbers) -> Numbers:
    """Risks of one map by the same spatial model with equal parts, spread by spread."""
    size, weights, means = counts.size, [], []
    for spread in np.geomspace(0.02, 4.0, 24):
        prior = spread**2 * (shared + np.eye(size)) / 2 + 100.0
        inverse, mean, variance = np.linalg.inv(prior), np.zeros(size), np.full(size, 0.1)
        for _ in range(200):
            fitted = expected * np.exp(mean + variance / 2)
            covariance = np.linalg.inv(inverse + np.diag(fitted))
            step = covariance @ (counts - fitted - inverse @ mean)
            settled = np.abs(step).max() + np.abs(np.diag(covariance) - variance).max() < CLOSE
            mean = mean + step / max(1.0, np.abs(step).max() / 2)
            variance = (variance + np.diag(covariance)) / 2
            if settled:
                break
        bound = counts @ mean - fitted.sum() - mean @ inverse @ mean / 2
        bound -= (np.trace(inverse @ covariance) + np.linalg.slogdet(prior)[1]) / 2
        bound += np.linalg.slogdet(covariance)[1] / 2
        weights.append(bound + np.log(spread) - spread**2 / 2)
        means.append(np.exp(mean + variance / 2))
    share = np.exp(np.array(weights) - max(weights))
    return np.asarray(share / share.sum() @ np.array(means), dtype=np.float64)


def moran(values: Numbers, weights: Any) -> Numbers:
    """Global likeness of neighbours with its p from random orders, by esda."""
    from esda import Moran

    made = Moran(values, weights, permutations=DRAWS)
    return np.array([made.I, made.VI_rand, made.p_sim])


def moran_of_rates(counts: Numbers, people: Numbers, weights: Any) -> Numbers:
    """Compare the rates of neighbours, by esda."""
    from esda import Moran_Rate

    made = Moran_Rate(counts, people, weights, permutations=DRAWS)
    return np.array([made.I, made.VI_rand, made.p_sim])


def geary(values: Numbers, weights: Any) -> Numbers:
    """Global difference of neighbours, by esda."""
    from esda import Geary

    made = Geary(values, weights, permutations=0)
    return np.array([made.C, made.VC_rand])


def clusters(values: Numbers, weights: Any) -> Numbers:
    """Local likeness of every area with its p, by esda."""
    from esda import Moran_Local

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Moran_Local(values, weights, permutations=DRAWS, seed=1)
    size = values.size
    return np.stack([made.Is * size / (size - 1), np.minimum(1, 2 * made.p_sim)])


def clusters_of_rates(counts: Numbers, people: Numbers, weights: Any) -> Numbers:
    """Look at the rates of every area and its neighbours, by esda."""
    from esda import Moran_Local_Rate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Moran_Local_Rate(counts, people, weights, permutations=DRAWS)
    size = counts.size
    return np.stack([made.Is * size / (size - 1), np.minimum(1, 2 * made.p_sim)])


def hot_spots(values: Numbers, weights: Any) -> Numbers:
    """Height of every neighbourhood with its p, by esda."""
    from esda import G_Local

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = G_Local(values, weights, transform="B", star=True, permutations=DRAWS, seed=1)
    return np.stack([made.Zs, np.minimum(1, 2 * made.p_sim)])
