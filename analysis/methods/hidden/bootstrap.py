"""How far an estimate would move with other persons, with the model chosen anew each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.methods.inputs import check_level

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    # From tables (tables, histories) to totals (tables,); NaN where a table gives none.
    Estimator = Callable[[FloatArray], FloatArray]

FEWEST_DRAWS = 100
# Estimates that differ by less than this share are the same but for rounding.
TIED = 1e-9


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Totals from drawn tables, with what the limits need; made by :func:`draw_totals`.

    Parameters
    ----------
    total : float
        Estimate from the table itself.
    draws : numpy.ndarray, shape (draws that gave an estimate,)
        Estimates from drawn tables, sorted.
    failed : int
        Drawn tables that gave no estimate, because their lists hardly overlap.
    acceleration : float
        How the spread of the estimate changes with its size, from leaving out one person each.
    """

    total: float
    draws: FloatArray
    failed: int
    acceleration: float

    @property
    def bias(self) -> float:
        """Where the estimate lies among the draws, as a standard normal deviate."""
        near = np.abs(self.draws - self.total) <= TIED * abs(self.total)
        below = float(((self.draws < self.total) & ~near).mean() + near.mean() / 2)
        edge = 0.5 / self.draws.size
        return float(ndtri(np.clip(below, edge, 1 - edge)))

    def limits(self, level: float = 0.95, *, cautious: bool = True) -> tuple[float, float]:
        """Give the BCa limits at a level.

        Parameters
        ----------
        level : float
            Such as 0.95.
        cautious : bool
            Whether draws without an estimate count as very low for the lower limit and as very
            high for the upper one, because they rule out neither. If not, they are left out, as
            the published intervals have it.

        Returns
        -------
        lower, upper : float
            Minus infinity and infinity where too many draws gave no estimate.
        """
        check_level(level)
        if not self.draws.size:
            return -np.inf, np.inf
        wanted = ndtri(np.array([(1 - level) / 2, (1 + level) / 2])) + self.bias
        low, high = ndtr(self.bias + wanted / (1 - self.acceleration * wanted))
        lost = np.full(self.failed if cautious else 0, np.inf)
        return (
            _take_quantile(np.concatenate([-lost, self.draws]), float(low)),
            _take_quantile(np.concatenate([self.draws, lost]), float(high)),
        )


def draw_totals(
    counts: FloatArray, estimator: Estimator, *, seed: int, draws: int = 1000
) -> Bootstrap:
    """Draw as many persons as were seen from them, with replacement, and estimate anew each time.

    Parameters
    ----------
    counts : numpy.ndarray, shape (histories,)
        Persons by history.
    estimator : callable
        From tables, shape (tables, histories), to totals, shape (tables,). It chooses the model
        too, so that the limits hold the doubt about the model, as far as the rule of choice goes.
    seed : int
        Start of the random numbers.
    draws : int
        Number of drawn tables, 100 or more.

    Returns
    -------
    Bootstrap

    Raises
    ------
    ValueError
        When there are too few draws for limits.

    References
    ----------
    Efron (1987) JASA 82:171. Chan, Silverman & Vincent (2021) JASA 116:1297, section 3.3.
    Silverman, Chan & Vincent (2024) Statistics and Computing 34:44.

    Examples
    --------
    >>> def estimate(tables):
    ...     return tables.sum(axis=1) + tables[:, 0] * tables[:, 1] / tables[:, 2]
    >>> made = draw_totals(np.array([170.0, 120.0, 30.0]), estimate, seed=1)
    >>> [round(limit, -1) for limit in made.limits()]
    [770.0, 1330.0]
    """
    if draws < FEWEST_DRAWS:
        raise ValueError(
            f"{draws} draws were asked for, and limits need {FEWEST_DRAWS} or more; 1,000 is usual."
        )
    seen = counts.sum()
    generator = np.random.default_rng(seed)
    tables = generator.multinomial(int(seen), counts / seen, size=draws).astype(np.float64)
    totals = estimator(tables)
    known = np.isfinite(totals)
    return Bootstrap(
        total=float(estimator(counts[None, :])[0]),
        draws=np.sort(totals[known]),
        failed=int((~known).sum()),
        acceleration=find_acceleration(counts, estimator),
    )


def find_acceleration(counts: FloatArray, estimator: Estimator) -> float:
    """Find the acceleration of the BCa limits by leaving out one person after the other.

    Persons with the same history count alike, so there is one table a history.

    Parameters
    ----------
    counts : numpy.ndarray, shape (histories,)
        Persons by history.
    estimator : callable
        As for :func:`draw_totals`.

    Returns
    -------
    float
        0 where leaving out a person changes nothing; a table without an estimate is left aside.

    References
    ----------
    Efron (1987) JASA 82:171. DiCiccio & Efron (1996) Statistical Science 11:189.

    Examples
    --------
    >>> round(find_acceleration(np.array([9.0, 1.0]), lambda tables: tables[:, 0]), 3)
    -0.141
    """
    held = np.flatnonzero(counts > 0)
    left = np.tile(counts, (held.size, 1))
    left[np.arange(held.size), held] -= 1
    totals, weights = estimator(left), counts[held]
    known = np.isfinite(totals)
    if not known.any():
        return 0.0
    totals, weights = totals[known], weights[known]
    gap = np.average(totals, weights=weights) - totals
    square = float(weights @ gap**2)
    return float(weights @ gap**3) / (6 * square**1.5) if square > 0 else 0.0


def _take_quantile(ordered: FloatArray, share: float) -> float:
    place = share * (ordered.size - 1)
    low, high = float(ordered[int(np.floor(place))]), float(ordered[int(np.ceil(place))])
    if np.isinf(low) or np.isinf(high):
        # Beside an infinity there is nothing to interpolate; the outer one is the safe one.
        return low if np.isinf(low) else high
    return low + (place % 1) * (high - low)
