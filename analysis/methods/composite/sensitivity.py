"""Which choice drives the ranks: Sobol indices of the weights, the scale and the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.composite.build import build_composite
from analysis.methods.composite.framework import Recipe
from analysis.methods.composite.settings import (
    Choices,
    check_choices,
    name_factors,
    rank_draws,
    read_settings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.composite.framework import Framework

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How much of the movement of the ranks each choice explains.

    Parameters
    ----------
    factors : tuple of str
        What may be otherwise.
    first : numpy.ndarray
        Share of the variance that a choice explains by itself, shape (factors,).
    total : numpy.ndarray
        The same together with all other choices. One with a total near 0 may be settled freely.
    area_first, area_total : numpy.ndarray
        The same for the rank of each area, shape (areas, factors); NaN for areas without a rank
        and for ranks that never move.
    mean_shift : float
        Ranks by which an area moves on average.

    Notes
    -----
    ``first`` and ``total`` are those of the average shift of all areas from the ranks of the
    recipe. Estimates of small indices scatter around 0 and may lie a little below.
    """

    factors: tuple[str, ...]
    first: FloatArray
    total: FloatArray
    area_first: FloatArray
    area_total: FloatArray
    mean_shift: float


def estimate_sobol(
    work_out: Callable[[FloatArray], FloatArray], factors: int, *, points: int, seed: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Estimate Sobol indices of a function of the unit cube.

    Parameters
    ----------
    work_out : callable
        Takes points, shape (points, factors), and gives outputs, shape (points, outputs).
    factors : int
        Dimensions of the cube.
    points : int
        Base points, a power of 2; the function is worked out ``points * (factors + 2)`` times.
    seed : int
        Seed of the scrambled points.

    Returns
    -------
    first, total : numpy.ndarray
        Shape (outputs, factors); NaN for an output that never changes.
    mean : numpy.ndarray
        Mean of each output, shape (outputs,).

    Raises
    ------
    ValueError
        When the points are no power of 2.

    References
    ----------
    Saltelli A et al. (2010), Variance based sensitivity analysis of model output, Computer
    Physics Communications 181:259-270 (first order); Jansen MJW (1999), Computer Physics
    Communications 117:35-43 (total).

    Examples
    --------
    >>> first, total, _ = estimate_sobol(
    ...     lambda x: x @ np.array([[2.0], [1.0], [0.0]]), 3, points=256, seed=1
    ... )
    >>> first.round(2), total.round(2)
    (array([[0.8, 0.2, 0. ]]), array([[0.8, 0.2, 0. ]]))
    """
    if points < 2 or points & (points - 1):  # noqa: PLR2004 - the least power that has a variance
        raise ValueError(
            f"{points} points were asked for, and they are a power of 2, so that they fill the "
            "cube evenly. Write 512 or 1024."
        )
    from scipy.stats import qmc

    drawn = qmc.Sobol(2 * factors, scramble=True, rng=np.random.default_rng(seed)).random(points)
    base, other = drawn[:, :factors], drawn[:, factors:]
    at_base, at_other = work_out(base), work_out(other)
    both = np.concatenate([at_base, at_other])
    variance = both.var(axis=0)
    variance = np.where(variance > 0, variance, np.nan)
    # Centred, because a large mean would swamp the products.
    centre = both.mean(axis=0)
    first, total = (np.empty((both.shape[1], factors)) for _ in range(2))
    for factor in range(factors):
        mixed = base.copy()
        mixed[:, factor] = other[:, factor]
        at_mixed = work_out(mixed)
        moved = at_mixed - at_base
        first[:, factor] = ((at_other - centre) * moved).mean(axis=0) / variance
        total[:, factor] = (moved**2).mean(axis=0) / (2 * variance)
    return first, total, centre


def measure_sensitivity(
    values: ArrayLike | pd.DataFrame,
    plan: Framework,
    recipe: Recipe | None = None,
    *,
    seed: int,
    points: int = 256,
    choices: Choices | None = None,
    given: ArrayLike | None = None,
) -> Sensitivity:
    """Measure which choices the ranks of a composite depend on.

    Parameters
    ----------
    values : pandas.DataFrame or array_like
        One row an area, as for :func:`~analysis.methods.composite.build_composite`.
    plan : Framework
        Indicators, domains, weights and goalposts.
    recipe : Recipe, optional
        How the composite is worked out.
    seed : int
        Seed of the points.
    points : int
        Base points, a power of 2.
    choices : Choices, optional
        What may be otherwise.
    given : array_like of str, optional
        States of the inputs.

    Returns
    -------
    Sensitivity
        All NaN when fewer than two areas have a score.

    Raises
    ------
    ValueError
        When the inputs do not fit the plan, or the points are no power of 2.

    References
    ----------
    Saisana M, Saltelli A, Tarantola S (2005), Journal of the Royal Statistical Society A
    168:307-323.

    Examples
    --------
    >>> from analysis.methods.composite.framework import Framework
    >>> plan = Framework({"work": ("jobs",), "homes": ("rooms",)})
    >>> made = measure_sensitivity([[10, 3], [20, 4], [30, 1]], plan, seed=1, points=64)
    >>> made.factors[int(made.total.argmax())], bool(made.mean_shift > 0)
    ('weight of homes', True)
    """
    recipe = recipe or Recipe()
    choices = check_choices(choices or Choices(), recipe)
    base = build_composite(values, plan, recipe, given=given)
    speaks = base.index.is_number
    held = base.ranks.value[speaks]

    def work_out(uniform: FloatArray) -> FloatArray:
        settings = read_settings(uniform, plan, choices)
        _, ranks = rank_draws(base.prepared, settings, choices, (plan, recipe), speaks)
        shift = np.abs(ranks - held).sum(axis=1, keepdims=True) / max(len(held), 1)
        return np.concatenate([shift, ranks], axis=1)

    factors = name_factors(plan)
    first, total, mean = estimate_sobol(work_out, len(factors), points=points, seed=seed)
    area_first, area_total = (np.full((len(speaks), len(factors)), np.nan) for _ in range(2))
    area_first[speaks], area_total[speaks] = first[1:], total[1:]
    return Sensitivity(
        factors=factors,
        first=first[0],
        total=total[0],
        area_first=area_first,
        area_total=area_total,
        mean_shift=float(mean[0]) if speaks.any() else np.nan,
    )
