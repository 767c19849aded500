"""How far ranks hold when choices, and the figures themselves, could be otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.composite.build import build_composite
from analysis.methods.composite.framework import Recipe
from analysis.methods.composite.prepare import read_table
from analysis.methods.composite.settings import (
    Choices,
    check_choices,
    name_factors,
    rank_draws,
    read_settings,
)
from analysis.methods.estimates import collect_estimates
from analysis.methods.inputs import check_level
from analysis.methods.reasons import TOO_FEW_AREAS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.composite.framework import Framework
    from analysis.methods.composite.prepare import Prepared
    from analysis.methods.estimates import Estimates

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

# From the 5th to the 95th per cent of the draws.
RANK_LEVEL = 0.9


@dataclass(frozen=True, eq=False)
class RankUncertainty:
    """Ranks and scores over many composites that would have done as well.

    Parameters
    ----------
    ranks : Estimates
        Median rank, and the interval from the 5th to the 95th per cent of the draws.
    index : Estimates
        The same of the scores.
    in_top_quarter, in_bottom_quarter : numpy.ndarray
        Share of the draws in which an area lies in the upper, and in the lower, quarter.
    draws : int
        How many composites were worked out.
    """

    ranks: Estimates
    index: Estimates
    in_top_quarter: FloatArray
    in_bottom_quarter: FloatArray
    draws: int


def simulate_ranks(
    values: ArrayLike | pd.DataFrame,
    plan: Framework,
    recipe: Recipe | None = None,
    *,
    seed: int,
    draws: int = 1000,
    choices: Choices | None = None,
    limits: tuple[ArrayLike, ArrayLike, float] | None = None,
    given: ArrayLike | None = None,
) -> RankUncertainty:
    """Work out a composite many times, each time with other choices, and see how ranks move.

    Each draw moves every weight, picks a scale and a mean of the domains, puts a figure drawn
    from the other areas where one was imputed, and draws each figure from its interval.

    Parameters
    ----------
    values : pandas.DataFrame or array_like
        One row an area, as for :func:`~analysis.methods.composite.build_composite`.
    plan : Framework
        Indicators, domains, weights and goalposts.
    recipe : Recipe, optional
        How the composite is worked out.
    seed : int
        Seed of the draws.
    draws : int
        How many composites.
    choices : Choices, optional
        What may be otherwise; by default weights by a quarter up and down, three scales and two
        means.
    limits : (lower, upper, level), optional
        Intervals of the figures, shaped like ``values``, and their confidence level. NaN where a
        figure has none, as a full count.
    given : array_like of str, optional
        States of the inputs.

    Returns
    -------
    RankUncertainty

    Raises
    ------
    ValueError
        When a figure lies outside its interval, or the inputs do not fit the plan.

    References
    ----------
    Saisana M, Saltelli A, Tarantola S (2005), Uncertainty and sensitivity analysis techniques as
    tools for the quality assessment of composite indicators, Journal of the Royal Statistical
    Society A 168:307-323.

    Examples
    --------
    >>> from analysis.methods.composite.framework import Framework
    >>> plan = Framework({"work": ("jobs",), "homes": ("rooms",)})
    >>> made = simulate_ranks([[10, 1], [20, 2], [30, 3]], plan, seed=1, draws=50)
    >>> made.ranks.value, made.ranks.lower, made.ranks.upper
    (array([3., 2., 1.]), array([3., 2., 1.]), array([3., 2., 1.]))
    """
    recipe = recipe or Recipe()
    choices = check_choices(choices or Choices(), recipe)
    if draws < 1:
        raise ValueError(f"{draws} draws were asked for; use 1000, or at least 1.")
    base = build_composite(values, plan, recipe, given=given)
    speaks = base.index.is_number
    rng = np.random.default_rng(seed)
    settings = read_settings(rng.random((draws, len(name_factors(plan)))), plan, choices)
    noise = _prepare_noise(base.prepared, _read_limits(limits, plan, base.prepared), rng)
    index, ranks = rank_draws(base.prepared, settings, choices, (plan, recipe), speaks, noise)
    areas = int(speaks.sum())
    quarter = areas / 4
    return RankUncertainty(
        ranks=_summarise_draws(ranks, base.index, "composite rank, simulated"),
        index=_summarise_draws(index, base.index, "composite index, simulated"),
        in_top_quarter=_spread((ranks <= quarter).mean(axis=0), speaks),
        in_bottom_quarter=_spread((ranks > areas - quarter).mean(axis=0), speaks),
        draws=draws,
    )


def _spread(values: FloatArray, speaks: BoolArray) -> FloatArray:
    held = np.full((*values.shape[:-1], len(speaks)), np.nan)
    held[..., speaks] = values
    return held


def _summarise_draws(drawn: FloatArray, base: Estimates, method: str) -> Estimates:
    """Median and limits of the draws; what had no score keeps its state and its reason."""
    speaks = base.is_number
    edges = ((1 - RANK_LEVEL) / 2, 0.5, (1 + RANK_LEVEL) / 2)
    # Of ranks, only ranks that occur: nobody lies on rank 3.5.
    low, middle, high = _spread(np.quantile(drawn, edges, axis=0, method="inverted_cdf"), speaks)
    silent = base.state == "not_applicable"
    return collect_estimates(
        middle,
        {RANK_LEVEL: (low, high)},
        n=base.n,
        method=method,
        given=np.where(silent, "value", base.state),
        refused=[
            *(
                (np.asarray(silent & (base.reason == reason)), str(reason))
                for reason in dict.fromkeys(base.reason[silent])
            ),
            (speaks & (int(speaks.sum()) == 1), TOO_FEW_AREAS),
        ],
    )


def _read_limits(
    limits: tuple[ArrayLike, ArrayLike, float] | None, plan: Framework, prepared: Prepared
) -> tuple[FloatArray, FloatArray] | None:
    """Read a standard deviation below and above each figure; 0 where it has no interval."""
    if limits is None:
        return None
    from scipy import stats

    lower, upper, level = limits
    low, high = read_table(lower, plan), read_table(upper, plan)
    figures = prepared.figures
    if low.shape != figures.shape or high.shape != figures.shape:
        raise ValueError(
            f"limits have the shapes {low.shape} and {high.shape}, and the figures have "
            f"{figures.shape}. Give a lower and an upper limit for each figure, blank for none."
        )
    wrong = (low > figures) | (high < figures)
    if wrong.any():
        said = f"{figures[wrong][0]:g} outside [{low[wrong][0]:g}, {high[wrong][0]:g}]"
        raise ValueError(
            f"A figure lies outside its own interval: {said}. Give the limits in the same order "
            "of areas and indicators as the figures."
        )
    reach = stats.norm.ppf((1 + check_level(level)) / 2)
    return np.nan_to_num((figures - low) / reach), np.nan_to_num((high - figures) / reach)


def _prepare_noise(
    prepared: Prepared, spread: tuple[FloatArray, FloatArray] | None, rng: np.random.Generator
) -> Callable[[int], FloatArray] | None:
    """Draws of the figures from their intervals, and of imputed ones from the other areas."""
    imputed = prepared.imputed
    if spread is None and not imputed.any():
        return None
    below, above = spread or (np.zeros(imputed.shape), np.zeros(imputed.shape))

    def draw(draws: int) -> FloatArray:
        shape = (len(imputed), draws, imputed.shape[1])
        drawn = np.empty(shape)
        for column, treatment in enumerate(prepared.treatments):
            figures = prepared.figures[:, column]
            chance = rng.standard_normal(shape[:2])
            width = np.where(chance > 0, above[:, column, None], below[:, column, None])
            held = figures[:, None] + chance * width
            gaps = np.flatnonzero(imputed[:, column])
            if gaps.size:
                known = figures[~np.isnan(figures)]
                held[gaps] = rng.choice(known, size=(gaps.size, draws))
            drawn[:, :, column] = treatment.apply(held)
        return drawn

    return draw
