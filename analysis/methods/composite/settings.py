"""Choices that could have been made otherwise, drawn at random for many composites at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.composite.averages import average_domains, average_scores
from analysis.methods.composite.normalise import rank_values
from analysis.methods.composite.prepare import normalise_figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from analysis.methods.composite.framework import Framework, Recipe
    from analysis.methods.composite.prepare import Prepared

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    IntArray = NDArray[np.int64]

# Numbers held at a time in scores of draws, areas and indicators: 16 MB.
AT_A_TIME = 2_000_000


@dataclass(frozen=True)
class Choices:
    """What may be otherwise.

    Parameters
    ----------
    weight_spread : float
        How far each weight may go up and down, as a share of itself.
    normalisers : tuple of str
        Scales that would do as well.
    betweens : tuple of str
        Means of the domains that would do as well.
    """

    weight_spread: float = 0.25
    normalisers: tuple[str, ...] = ("minmax", "zscore", "rank")
    betweens: tuple[str, ...] = ("geometric", "arithmetic")


@dataclass(frozen=True, eq=False)
class Settings:
    """One set of choices a draw.

    Parameters
    ----------
    weights, domain_weights : numpy.ndarray
        Shape (draws, indicators) and (draws, domains).
    normaliser, between : numpy.ndarray of int
        Which of the choices, shape (draws,).
    """

    weights: FloatArray
    domain_weights: FloatArray
    normaliser: IntArray
    between: IntArray


def check_choices(choices: Choices, recipe: Recipe) -> Choices:
    """Refuse a spread that makes weights negative, and keep given scores as they are.

    Parameters
    ----------
    choices : Choices
        What may be otherwise.
    recipe : Recipe
        How the composite is worked out.

    Returns
    -------
    Choices

    Raises
    ------
    ValueError
        When the spread does not lie between 0 and 1.

    Examples
    --------
    >>> from analysis.methods.composite.framework import Recipe
    >>> check_choices(Choices(), Recipe(normaliser="given")).normalisers
    ('given',)
    """
    if not 0 <= choices.weight_spread < 1:
        raise ValueError(
            f"Weights were to spread by {choices.weight_spread}, and the spread is a share from 0 "
            "to below 1: write 0.25 for a quarter up and down."
        )
    if recipe.normaliser == "given":
        return Choices(choices.weight_spread, ("given",), choices.betweens)
    return choices


def name_factors(plan: Framework) -> tuple[str, ...]:
    """Name what may be otherwise, in the order in which settings are drawn.

    Parameters
    ----------
    plan : Framework
        What the composite is made of.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from analysis.methods.composite.framework import Framework
    >>> name_factors(Framework({"work": ("jobs",)}))
    ('weight of jobs', 'weight of work', 'normaliser', 'mean of the domains')
    """
    names = (*plan.indicators, *plan.domains)
    return (*(f"weight of {name}" for name in names), "normaliser", "mean of the domains")


def read_settings(uniform: FloatArray, plan: Framework, choices: Choices) -> Settings:
    """Turn points of the unit cube into choices.

    Parameters
    ----------
    uniform : numpy.ndarray
        From 0 to below 1, shape (draws, factors), in the order of :func:`name_factors`.
    plan : Framework
        What the composite is made of.
    choices : Choices
        What may be otherwise.

    Returns
    -------
    Settings

    Examples
    --------
    >>> from analysis.methods.composite.framework import Framework
    >>> plan = Framework({"work": ("jobs",)})
    >>> made = read_settings(np.array([[0.0, 0.5, 0.9, 0.1]]), plan, Choices())
    >>> made.weights, made.domain_weights, made.normaliser, made.between
    (array([[0.75]]), array([[1.]]), array([2]), array([0]))
    """
    many = len(plan.indicators)
    factor = 1 + choices.weight_spread * (2 * uniform[:, :-2] - 1)

    def pick(column: int, options: int) -> IntArray:
        return np.minimum((uniform[:, column] * options).astype(np.int64), options - 1)

    return Settings(
        weights=factor[:, :many] * plan.indicator_weights,
        domain_weights=factor[:, many:] * plan.weights_of_domains,
        normaliser=pick(-2, len(choices.normalisers)),
        between=pick(-1, len(choices.betweens)),
    )


def rank_draws(
    prepared: Prepared,
    settings: Settings,
    choices: Choices,
    methods: tuple[Framework, Recipe],
    speaks: BoolArray,
    noise: Callable[[int], FloatArray] | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Work out the composite of every draw.

    Parameters
    ----------
    prepared : Prepared
        Figures of all areas.
    settings : Settings
        Choices of each draw.
    choices : Choices
        What they choose from.
    methods : pair of Framework and Recipe
        What the composite is made of, and how.
    speaks : numpy.ndarray of bool
        Areas that have a score; only these are ranked, though all set the scales.
    noise : callable, optional
        Gives treated figures of so many draws, shape (areas, draws, indicators).

    Returns
    -------
    index, ranks : numpy.ndarray
        Shape (draws, areas that have a score).

    Examples
    --------
    >>> from analysis.methods.composite.framework import Framework, Recipe
    >>> from analysis.methods.composite.prepare import prepare_figures
    >>> plan = Framework({"work": ("jobs",)})
    >>> made = prepare_figures([[1.0], [3.0]], plan, Recipe(), np.zeros((2, 1), dtype=bool))
    >>> settings = read_settings(np.full((1, 4), 0.5), plan, Choices())
    >>> rank_draws(made, settings, Choices(), (plan, Recipe()), np.ones(2, dtype=bool))[1]
    array([[2., 1.]])
    """
    plan, recipe = methods
    index = np.empty((len(settings.weights), int(speaks.sum())))
    if not speaks.any():
        return index, index
    step = max(1, AT_A_TIME // prepared.treated.size)
    for option, which in np.ndindex(len(choices.normalisers), len(choices.betweens)):
        normaliser = choices.normalisers[option]
        own = np.flatnonzero((settings.normaliser == option) & (settings.between == which))
        fixed = normalise_figures(prepared.treated, prepared, plan, normaliser)[speaks][None]
        for start in range(0, len(own), step):
            part = own[start : start + step]
            scores = fixed
            if noise is not None:
                drawn = normalise_figures(noise(len(part)), prepared, plan, normaliser)
                scores = drawn[speaks].transpose(1, 0, 2)
            domains = average_domains(
                scores, settings.weights[part], plan.membership, recipe.within
            )
            weights = settings.domain_weights[part][:, None, :]
            index[part] = average_scores(domains, weights, choices.betweens[which])
    # Rounding must not tell apart what is equal.
    return index, rank_values(-np.round(index, 9).T).T
