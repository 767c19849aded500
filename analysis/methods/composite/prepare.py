"""From a table of figures to scores on one scale, in the order of the handbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.methods.composite.normalise import (
    find_range,
    rank_percentiles,
    scale_minmax,
    scale_zscores,
)
from analysis.methods.composite.outliers import Treatment, impute_means, treat_outliers
from analysis.methods.inputs import read_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.composite.framework import Framework, Recipe

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

LOWEST, HIGHEST = 1.0, 100.0


@dataclass(frozen=True, eq=False)
class Prepared:
    """Figures of a composite before they are averaged.

    Parameters
    ----------
    figures : numpy.ndarray
        As given, in the order of the plan, blank where withheld; shape (areas, indicators).
    treated : numpy.ndarray
        After imputing and treating.
    imputed : numpy.ndarray of bool
        What was put in.
    treatments : tuple of Treatment
        One an indicator.
    low, high : numpy.ndarray
        Goalposts, on the scale of ``treated``, shape (indicators,).
    """

    figures: FloatArray
    treated: FloatArray
    imputed: BoolArray
    treatments: tuple[Treatment, ...]
    low: FloatArray
    high: FloatArray


def read_table(values: ArrayLike | pd.DataFrame, plan: Framework) -> FloatArray:
    """Read figures in the order of the plan.

    Parameters
    ----------
    values : pandas.DataFrame or array_like
        One row an area; columns by name, or in the order of ``plan.indicators``.
    plan : Framework
        What the composite is made of.

    Returns
    -------
    numpy.ndarray
        Shape (areas, indicators).

    Raises
    ------
    ValueError
        When an indicator is missing, or the columns are not as many as the indicators.

    Examples
    --------
    >>> from analysis.methods.composite.framework import Framework
    >>> plan = Framework({"work": ("jobs", "gap")})
    >>> read_table(pd.DataFrame({"gap": [1], "jobs": [2]}), plan)
    array([[2., 1.]])
    """
    names = plan.indicators
    if isinstance(values, pd.DataFrame):
        for name in names:
            if name not in values.columns:
                raise ValueError(
                    f"The indicator '{name}' of the plan is not in the table. Add its column, "
                    "blank where there is no figure."
                )
        values = values[list(names)].to_numpy(dtype=np.float64, na_value=np.nan)
    read = read_values(values)
    if read.ndim != 2 or read.shape[1] != len(names):  # noqa: PLR2004 - a table has two axes
        raise ValueError(
            f"values has the shape {read.shape}, and the plan has {len(names)} indicators. Give "
            "one row an area and one column an indicator."
        )
    return read


def prepare_figures(
    values: ArrayLike | pd.DataFrame, plan: Framework, recipe: Recipe, withheld: BoolArray
) -> Prepared:
    """Impute, treat outliers, and find the goalposts.

    Parameters
    ----------
    values : pandas.DataFrame or array_like
        One row an area.
    plan : Framework
        What the composite is made of.
    recipe : Recipe
        How it is worked out.
    withheld : numpy.ndarray of bool
        Figures that may not be used, not even for the scores of others; shape (areas,
        indicators).

    Returns
    -------
    Prepared
        Indicators with goalposts are not treated: the goalposts bound their outliers, and do so
        in the same way each year.

    Raises
    ------
    ValueError
        When the table does not fit the plan, or given scores lie outside 0 to 100.

    Examples
    --------
    >>> from analysis.methods.composite.framework import Framework, Recipe
    >>> plan = Framework({"work": ("jobs",)})
    >>> made = prepare_figures([[1.0], [3.0]], plan, Recipe(), np.zeros((2, 1), dtype=bool))
    >>> made.low, made.high
    (array([1.]), array([3.]))
    """
    figures = read_table(values, plan)
    figures[withheld] = np.nan
    low, high = plan.limits
    if recipe.normaliser == "given":
        wrong = (figures < 0) | (figures > HIGHEST)
        if wrong.any():
            raise ValueError(
                f"A score of {figures[wrong][0]:g} was given, and given scores go from 0 to 100. "
                "Choose another normaliser for figures that are no scores yet."
            )
    filled, imputed = figures.copy(), np.zeros(figures.shape, dtype=np.bool_)
    if recipe.impute == "mean":
        filled, imputed = impute_means(figures)
        # What is withheld stays blank: a mean in its place would look like a figure.
        filled[withheld], imputed[withheld] = np.nan, False
    treatments = []
    for column in range(figures.shape[1]):
        if recipe.treat and np.isnan(low[column]) and recipe.normaliser != "given":
            filled[:, column], treatment = treat_outliers(filled[:, column])
        else:
            treatment = Treatment("none", 0, np.nan, np.nan)
        treatments.append(treatment)
    seen_low, seen_high = find_range(filled)
    return Prepared(
        figures=figures,
        treated=filled,
        imputed=imputed,
        treatments=tuple(treatments),
        low=np.where(np.isnan(low), seen_low, low),
        high=np.where(np.isnan(high), seen_high, high),
    )


def normalise_figures(
    treated: FloatArray, prepared: Prepared, plan: Framework, normaliser: str
) -> FloatArray:
    """Bring treated figures to scores, more being better.

    Parameters
    ----------
    treated : numpy.ndarray
        Shape (areas, ..., indicators): areas first, so that draws of the same figures fit in.
    prepared : Prepared
        Where the goalposts stand.
    plan : Framework
        Which indicators fall.
    normaliser : str
        As in the recipe.

    Returns
    -------
    numpy.ndarray
        Same shape; from 1 to 100, but for given scores.

    Examples
    --------
    >>> from analysis.methods.composite.framework import Framework, Recipe
    >>> plan = Framework({"work": ("gap",)}, falling=("gap",))
    >>> made = prepare_figures([[1.0], [3.0]], plan, Recipe(), np.zeros((2, 1), dtype=bool))
    >>> normalise_figures(made.treated, made, plan, "minmax").ravel()
    array([100.,   1.])
    """
    way = plan.directions
    if normaliser == "given":
        within = np.clip(treated, 0.0, HIGHEST)
        return np.where(way > 0, within, HIGHEST - within)
    if normaliser == "minmax":
        scores = scale_minmax(treated, low=prepared.low, high=prepared.high)
        return np.where(way > 0, scores, LOWEST + HIGHEST - scores)
    if normaliser == "zscore":
        return np.clip(scale_zscores(treated * way, centre=50, spread=10), LOWEST, HIGHEST)
    return LOWEST + (HIGHEST - LOWEST) * rank_percentiles(treated * way)
