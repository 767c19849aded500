"""Normal approximation to what Poisson counts say of log risks, for many covariances at once."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

STEPS = 200
SMALL_STEP = 1e-7
# A step beyond this much in a log risk is cut: the exponential would run away.
LONGEST_STEP = 1.0


@dataclass(frozen=True, eq=False)
class Approximation:
    """Normal distributions of the log risks, one for each covariance.

    Parameters
    ----------
    mean, variance : numpy.ndarray, (covariances, areas)
        Of the log relative risks.
    bound : numpy.ndarray, (covariances,)
        Lower bound of the log marginal likelihood, without what does not depend on covariances.
    """

    mean: FloatArray
    variance: FloatArray
    bound: FloatArray


def use_one_thread() -> AbstractContextManager[object]:
    """Keep linear algebra on one processor: many small matrices only lose by being split.

    On a busy machine the threads of a matrix of a hundred rows wait for each other, and a second
    of work takes a minute.

    Returns
    -------
    context manager
        Limits the threads while it is open; does nothing where they cannot be limited.

    Examples
    --------
    >>> with use_one_thread():
    ...     float(np.eye(2).sum())
    2.0
    """
    try:
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
    except ImportError:
        return nullcontext()
    limits: AbstractContextManager[object] = threadpool_limits(limits=1)
    return limits


def approximate(cases: FloatArray, expected: FloatArray, covariances: FloatArray) -> Approximation:
    """Find the normal distribution nearest to the posterior of the log risks.

    Nearest means the highest lower bound of the marginal likelihood. Unlike an expansion around
    the mode it does not lean to low risks where an area has no case.

    Parameters
    ----------
    cases : numpy.ndarray, (areas,)
        Cases; 0 where not known.
    expected : numpy.ndarray, (areas,)
        Expected cases; 0 where the cases are not known.
    covariances : numpy.ndarray, (covariances, areas, areas)
        Prior covariances of the log risks, with mean 0.

    Returns
    -------
    Approximation

    References
    ----------
    Opper, M., Archambeau, C. (2009). The variational Gaussian approximation revisited. Neural
    Computation 21, 786-792.
    Challis, E., Barber, D. (2013). Gaussian Kullback-Leibler approximate inference. Journal of
    Machine Learning Research 14, 2239-2286.

    Examples
    --------
    >>> made = approximate(np.array([0.0, 8]), np.array([2.0, 4]), np.eye(2)[None])
    >>> made.mean.round(2), made.variance.round(2)
    (array([[-0.97,  0.56]]), array([[0.51, 0.12]]))
    """
    size = len(covariances)
    own = np.diagonal(covariances, axis1=1, axis2=2)
    start = np.where(expected > 0, np.log((cases + 0.5) / (expected + 0.5)), 0.0)
    mean = np.tile(start, (size, 1))
    variance = np.minimum(own, 1 / (cases + 0.5))
    active = np.arange(size)
    for _ in range(STEPS):
        lifted = expected * np.exp(mean[active] + variance[active] / 2)
        moved, joint, _ = _solve(cases, lifted, covariances[active], mean[active])
        spread = np.diagonal(joint, axis1=1, axis2=2)
        step = np.clip(moved - mean[active], -LONGEST_STEP, LONGEST_STEP)
        # A larger variance lifts the expected cases, which narrows it again: without the divisor
        # the two would chase each other where an area has hardly a case.
        widened = _damp(spread - variance[active], lifted, joint)
        mean[active] += step
        variance[active] += widened
        change = np.maximum(np.abs(step).max(axis=-1), np.abs(widened).max(axis=-1))
        active = active[change > SMALL_STEP]
        if not active.size:
            break
    lifted = expected * np.exp(mean + variance / 2)
    mean, joint, dual = _solve(cases, lifted, covariances, mean)
    variance = np.diagonal(joint, axis1=1, axis2=2).copy()
    return Approximation(mean, variance, _bound(cases, expected, covariances, mean, variance, dual))


def _solve(
    cases: FloatArray, lifted: FloatArray, covariances: FloatArray, mean: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """One Newton step: new means, new covariances, and the means before the covariance."""
    root = np.sqrt(lifted)
    target = lifted * mean + cases - lifted
    scaled = root[:, :, None] * covariances
    pulled = np.linalg.solve(_add_one(scaled * root[:, None, :]), scaled)
    dual = target - root * np.einsum("gij,gj->gi", pulled, target)
    moved = np.einsum("gij,gj->gi", covariances, dual)
    return moved, covariances - np.swapaxes(scaled, 1, 2) @ pulled, dual


def _damp(change: FloatArray, lifted: FloatArray, joint: FloatArray) -> FloatArray:
    """Newton step of the variances: how the expected cases answer is taken into account."""
    answer = joint**2 * (lifted / 2)[:, None, :]
    return np.asarray(np.linalg.solve(_add_one(answer), change[:, :, None])[:, :, 0])


def _add_one(matrices: FloatArray) -> FloatArray:
    places = np.arange(matrices.shape[-1])
    matrices[:, places, places] += 1.0
    return matrices


def _bound(
    cases: FloatArray,
    expected: FloatArray,
    covariances: FloatArray,
    mean: FloatArray,
    variance: FloatArray,
    dual: FloatArray,
) -> FloatArray:
    lifted = expected * np.exp(mean + variance / 2)
    root = np.sqrt(lifted)
    inner = _add_one(root[:, :, None] * covariances * root[:, None, :])
    _, determinant = np.linalg.slogdet(inner)
    fit = (cases * mean - lifted).sum(axis=-1)
    # Distance from the prior: trace, squared means and determinants, without a difference of
    # large numbers.
    distance = (mean * dual).sum(axis=-1) - (lifted * variance).sum(axis=-1) + determinant
    return np.asarray(fit - distance / 2, dtype=np.float64)
