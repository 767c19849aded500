"""How much true risks differ between areas: a gamma distribution fitted to counts, many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy import log

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

# Shapes that are tried first; beyond the last the areas differ by less than one in three hundred.
SHAPES = np.geomspace(0.02, 1e5, 10)
STEPS = 40
SMALL_STEP = 1e-10
# A likelihood that is better by less than this is better by rounding.
BETTER = 1e-7


@dataclass(frozen=True, eq=False)
class GammaFit:
    """Gamma distribution of the relative risks of one or many series.

    Parameters
    ----------
    shape : numpy.ndarray, (series,)
        Shape a; infinite where the areas do not differ by more than chance.
    rate : numpy.ndarray, (series,)
        Rate b; the mean risk is a / b.
    mean : numpy.ndarray, (series,)
        Mean risk.
    """

    shape: FloatArray
    rate: FloatArray
    mean: FloatArray


def fit_gamma(cases: FloatArray, expected: FloatArray) -> GammaFit:
    """Fit the gamma distribution by maximum marginal likelihood (negative binomial).

    Parameters
    ----------
    cases : numpy.ndarray, (series, areas)
        Cases; 0 in areas that shall not count, and at least one above 0 in each series.
    expected : numpy.ndarray, (series, areas)
        Expected cases; 0 in areas that shall not count.

    Returns
    -------
    GammaFit

    References
    ----------
    Clayton, D., Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks
    for use in disease mapping. Biometrics 43, 671-681.

    Examples
    --------
    >>> cases = np.array([[2.0, 0, 14, 5, 21, 3]])
    >>> fit = fit_gamma(cases, np.array([[4.0, 5, 6, 6, 9, 7]]))
    >>> fit.shape.round(2), fit.mean.round(2)
    (array([1.25]), array([1.09]))
    """
    with np.errstate(divide="ignore"):
        overall = log(cases.sum(axis=-1) / expected.sum(axis=-1))
    tried = [_fit_mean(cases, expected, overall, np.full(len(cases), s)) for s in SHAPES]
    best = np.argmax([likelihood for _, likelihood in tried], axis=0)
    grid = log(SHAPES)
    lowest = grid[np.maximum(best - 1, 0)] - (best == 0) * log(1e3)
    highest = grid[np.minimum(best + 1, len(grid) - 1)]
    centre = np.array([mean for mean, _ in tried])[best, np.arange(len(cases))]
    centre, spread = _climb(cases, expected, (centre, grid[best]), (lowest, highest))
    likelihood = _weigh(cases, expected, centre, np.exp(spread))
    same = (cases.sum(axis=-1) * overall) - np.exp(overall) * expected.sum(axis=-1)
    finite = likelihood > same + BETTER
    shape = np.where(finite, np.exp(spread), np.inf)
    mean = np.exp(np.where(finite, centre, overall))
    return GammaFit(shape=shape, rate=shape / mean, mean=mean)


def _fit_mean(
    cases: FloatArray, expected: FloatArray, centre: FloatArray, shape: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Best mean (as a logarithm) for a given shape, near enough to compare shapes."""
    for _ in range(4):
        mu = np.exp(centre)[:, None] * expected
        part = shape[:, None] / (shape[:, None] + mu)
        slope = ((cases - mu) * part).sum(axis=-1)
        centre = centre + np.clip(slope / (mu * part).sum(axis=-1), -1, 1)
    return centre, _weigh(cases, expected, centre, shape)


def _weigh(
    cases: FloatArray, expected: FloatArray, centre: FloatArray, shape: FloatArray
) -> FloatArray:
    """Marginal log likelihood, without what does not depend on the parameters."""
    from scipy.special import gammaln

    a = shape[:, None]
    mu = np.exp(centre)[:, None] * expected
    terms = gammaln(cases + a) - gammaln(a) - cases * log(a)
    terms += cases * centre[:, None] - (cases + a) * np.log1p(mu / a)
    return np.asarray(terms.sum(axis=-1), dtype=np.float64)


def _climb(
    cases: FloatArray,
    expected: FloatArray,
    start: tuple[FloatArray, FloatArray],
    bounds: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """Newton's method on the logarithms of mean and shape, kept between the shapes tried."""
    centre, spread = start
    active = np.arange(len(cases))
    for _ in range(STEPS):
        held = (cases[active], expected[active], centre[active], spread[active])
        step_centre, step_spread = _step(*held)
        moved = np.clip(spread[active] + step_spread, bounds[0][active], bounds[1][active])
        change = np.maximum(np.abs(moved - spread[active]), np.abs(step_centre))
        spread = _put(spread, active, moved)
        centre = _put(centre, active, centre[active] + step_centre)
        active = active[change > SMALL_STEP]
        if not active.size:
            break
    return centre, spread


def _put(values: FloatArray, places: NDArray[np.int64], moved: FloatArray) -> FloatArray:
    changed = values.copy()
    changed[places] = moved
    return changed


def _step(
    cases: FloatArray, expected: FloatArray, centre: FloatArray, spread: FloatArray
) -> tuple[FloatArray, FloatArray]:
    from scipy.special import digamma, polygamma

    shape = np.exp(spread)
    a = shape[:, None]
    mu = np.exp(centre)[:, None] * expected
    whole = a + mu
    ratio = (cases + a) / whole
    slope_mean = (a * (cases - mu) / whole).sum(axis=-1)
    bend_mean = -(a * mu * ratio / whole).sum(axis=-1)
    slope = (digamma(cases + a) - digamma(a) - np.log1p(mu / a) + 1 - ratio).sum(axis=-1)
    bend = polygamma(1, cases + a) - polygamma(1, a) + 1 / a - 2 / whole + ratio / whole
    slope_spread = shape * slope
    bend_spread = slope_spread + shape**2 * bend.sum(axis=-1)
    mixed = shape * (mu * (cases - mu) / whole**2).sum(axis=-1)
    # What is left of the bend in the spread once the mean follows; above 0 Newton would go down.
    rest = bend_spread - mixed**2 / bend_mean
    pull = slope_spread - mixed * slope_mean / bend_mean
    curved = rest < 0
    step_spread = np.where(curved, -pull / np.where(curved, rest, -1.0), np.sign(pull) * 0.5)
    step_spread = np.clip(step_spread, -1.0, 1.0)
    step_mean = -(slope_mean + mixed * step_spread) / bend_mean
    return np.clip(step_mean, -1.0, 1.0), step_spread
