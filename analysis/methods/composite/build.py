"""Building a composite: scores, domains, index and ranks, and what lies behind each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.composite.averages import (
    average_domains,
    average_scores,
    measure_coverage,
)
from analysis.methods.composite.framework import Framework, Recipe
from analysis.methods.composite.normalise import rank_values
from analysis.methods.composite.outranking import outrank_areas, score_copeland
from analysis.methods.composite.prepare import Prepared, normalise_figures, prepare_figures
from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.reasons import ALL_THE_SAME, mark
from analysis.methods.states import summarise_states

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    States = NDArray[np.object_]

GAP = mark("a figure that the score needs is missing")
THIN = mark("too few of the figures that the score needs")

# Weights add up to one only up to rounding.
NEARLY = 1e-9


@dataclass(frozen=True, eq=False)
class Composite:
    """One score an area, with its domains and everything that was done on the way.

    Parameters
    ----------
    index : Estimates
        The score, shape (areas,).
    domains : Estimates
        Scores of the domains, shape (areas, domains).
    ranks : Estimates
        1 for the highest score; equal scores share the better rank. Shown only together with
        the intervals of :func:`~analysis.methods.composite.simulate_ranks`.
    coverage, domain_coverage : numpy.ndarray
        Share of the weights that stands on figures, shape (areas,) and (areas, domains).
    scores : numpy.ndarray
        Scores of the indicators, shape (areas, indicators).
    prepared : Prepared
        Figures after imputing and treating, with flags of both.
    plan : Framework
        What the score was built by.
    """

    index: Estimates
    domains: Estimates
    ranks: Estimates
    coverage: FloatArray
    domain_coverage: FloatArray
    scores: FloatArray
    prepared: Prepared
    plan: Framework

    @cached_property
    def copeland(self) -> FloatArray:
        """Areas outranked less areas outranked by, shape (areas,); NaN where a figure is missing.

        An area that stands much lower here than in the index owes its place to few very good
        figures. Every pair is compared when it is first asked for: with twice the areas that
        takes four times as long.
        """
        told = np.where(self.index.is_number[:, None], self.scores, np.nan)
        return _compare_pairs(told, self.plan)


def build_composite(
    values: ArrayLike | pd.DataFrame,
    plan: Framework,
    recipe: Recipe | None = None,
    *,
    given: ArrayLike | None = None,
) -> Composite:
    """Build a composite index.

    In the order of the handbook: blanks, outliers, direction, one scale, weights, averages.

    Parameters
    ----------
    values : pandas.DataFrame or array_like
        One row an area; columns by name, or in the order of ``plan.indicators``.
    plan : Framework
        Indicators, domains, weights and goalposts.
    recipe : Recipe, optional
        How each step is done; by default no figure is put in, scores go from 1 to 100, and
        domains cannot fully make up for each other.
    given : array_like of str, optional
        States of the inputs, one an area or one a figure in the order of the plan. What is
        withheld is used for no score, not even for the goalposts of others.

    Returns
    -------
    Composite

    Raises
    ------
    ValueError
        When the table or the states do not fit the plan.

    References
    ----------
    OECD and JRC (2008), Handbook on constructing composite indicators: methodology and user
    guide.

    Examples
    --------
    >>> plan = Framework({"work": ("jobs",), "homes": ("rooms",)})
    >>> made = build_composite([[10, 1], [20, 2], [30, 3]], plan)
    >>> made.index.value, made.ranks.value
    (array([  1. ,  50.5, 100. ]), array([3., 2., 1.]))
    """
    recipe = recipe or Recipe()
    states = spread_states(given, values, plan)
    usable = np.isin(states, ["value", "zero"])
    prepared = prepare_figures(values, plan, recipe, ~usable)
    scores = normalise_figures(prepared.treated, prepared, plan, recipe.normaliser)
    weights, of_domains = plan.indicator_weights, plan.weights_of_domains
    domains = average_domains(scores, weights, plan.membership, recipe.within)
    index = average_scores(domains, of_domains, recipe.between)
    present = ~np.isnan(prepared.figures)
    counted = present | prepared.imputed
    parts, whole = measure_coverage(counted, weights, of_domains, plan.membership)
    told_parts, told = measure_coverage(present, weights, of_domains, plan.membership)
    # An indicator that is the same everywhere, and has no goalposts, has no scores.
    flat = (counted & np.isnan(scores)).any(axis=0)
    some = np.asarray(present.any(axis=1))
    spoiled = plan.membership[:, flat].any(axis=1)

    def collect(value: FloatArray, method: str) -> Estimates:
        return collect_estimates(
            np.where(some, value, np.nan),
            n=present.sum(axis=1),
            method=method,
            given=_join_states(states, np.ones((1, len(plan.indicators)), dtype=np.bool_))[:, 0],
            refused=[
                (some & bool(spoiled.any()), ALL_THE_SAME),
                *_refuse_thin(whole, some, recipe),
            ],
        )

    held = collect(index, "composite index")
    joined = _join_states(states, plan.membership)
    withheld = joined == "suppressed"
    return Composite(
        index=held,
        domains=collect_estimates(
            np.where(told_parts == 0, np.nan, domains),
            n=present @ plan.membership.T.astype(np.float64),
            method="composite domain",
            given=joined,
            refused=[
                (np.broadcast_to(spoiled, parts.shape) & (told_parts > 0), ALL_THE_SAME),
                *_refuse_thin(parts, told_parts > 0, recipe),
            ],
        ),
        ranks=collect(rank_values(-held.value), "composite rank"),
        coverage=np.where(withheld.any(axis=1), np.nan, told),
        domain_coverage=np.where(withheld, np.nan, told_parts),
        scores=scores,
        prepared=prepared,
        plan=plan,
    )


def spread_states(
    given: ArrayLike | None, values: ArrayLike | pd.DataFrame, plan: Framework
) -> States:
    """Give each figure its state.

    Parameters
    ----------
    given : array_like of str, optional
        One state an area, or one a figure.
    values : array_like
        The figures.
    plan : Framework
        What the composite is made of.

    Returns
    -------
    numpy.ndarray of str
        Shape (areas, indicators).

    Raises
    ------
    ValueError
        When the states fit neither.

    Examples
    --------
    >>> plan = Framework({"work": ("jobs",), "homes": ("rooms",)})
    >>> spread_states(["suppressed"], [[1, 2]], plan)
    array([['suppressed', 'suppressed']], dtype=object)
    """
    shape = (len(np.asarray(values)), len(plan.indicators))
    if given is None:
        return np.full(shape, "value", dtype=object)
    states = np.array(given, dtype=object)
    if states.shape == shape[:1]:
        states = states[:, None]
    elif states.shape != shape:
        raise ValueError(
            f"given has the shape {states.shape}, and there are {shape[0]} areas and {shape[1]} "
            "indicators. Give one state an area, or one a figure."
        )
    return np.array(np.broadcast_to(states, shape))


def _join_states(states: States, membership: BoolArray) -> States:
    """State of each domain, one a column."""
    return np.stack([summarise_states(states[:, own]) for own in membership], axis=1)


def _refuse_thin(
    coverage: FloatArray, some: BoolArray, recipe: Recipe
) -> list[tuple[BoolArray, str]]:
    if recipe.missing == "silent":
        return [(some & (coverage < 1 - NEARLY), GAP)]
    return [(some & (coverage < recipe.least_coverage - NEARLY), THIN)]


def _compare_pairs(scores: FloatArray, plan: Framework) -> FloatArray:
    """Copeland balance; an indicator weighs what it weighs in the whole index."""
    of_domain = plan.membership * plan.indicator_weights
    share = of_domain / of_domain.sum(axis=1, keepdims=True)
    return score_copeland(outrank_areas(scores, plan.weights_of_domains @ share))
