"""Choosing which pairs of lists depend on each other, one pair after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammainc, ndtr, pdtr

from analysis.methods.hidden.existence import ADMISSIBLE
from analysis.methods.hidden.loglinear import Fits, fit_models

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.methods.hidden.models import Design

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

THRESHOLD = 0.02


def weigh_overlaps(counts: FloatArray, means: FloatArray, design: Design) -> FloatArray:
    """Give the probability that chance alone makes the overlap of two lists so large or so small.

    Under a model without the pair, the persons on both lists are Poisson with the fitted mean; the
    probability is that of the observed number or one further from the mean, on its side only.

    Parameters
    ----------
    counts : numpy.ndarray, shape (tables, histories)
        Persons by history.
    means : numpy.ndarray, shape (tables, histories)
        Fitted persons by history.
    design : Design
        The effects there are.

    Returns
    -------
    numpy.ndarray, shape (tables, pairs)

    References
    ----------
    Chan, Silverman & Vincent (2021) JASA 116:1297, section 3.2.

    Examples
    --------
    >>> from analysis.methods.hidden.models import build_design
    >>> table, fitted = np.array([[9.0, 5.0, 0.0]]), np.array([[7.0, 3.0, 2.0]])
    >>> weigh_overlaps(table, fitted, build_design(2)).round(4)
    array([[0.1353]])
    """
    part = design.matrix[:, design.pairs]
    shared, fitted = np.round(counts @ part), means @ part
    below = pdtr(shared, fitted)
    above = np.where(shared > 0, gammainc(np.maximum(shared, 1), fitted), 1.0)
    return np.asarray(np.where(shared < fitted, below, above), dtype=np.float64)


def choose_stepwise(
    design: Design, counts: FloatArray, threshold: float = THRESHOLD
) -> tuple[BoolArray, Fits]:
    """Choose a model for each table: from independence on, add the most striking pair.

    At each step, the pair whose overlap is least probable is added, if its probability is not
    above the threshold and the table can answer the larger model; else the next pair is tried.

    Parameters
    ----------
    design : Design
        Effects of up to two lists.
    counts : numpy.ndarray, shape (tables, histories)
        Persons by history.
    threshold : float
        Largest probability at which a pair is added.

    Returns
    -------
    models : numpy.ndarray of bool, shape (tables, effects)
    fits : Fits
        Of the chosen models. Where a table cannot even answer independence, the code says so.

    References
    ----------
    Chan, Silverman & Vincent (2021) JASA 116:1297, section 3.2.

    Examples
    --------
    >>> from analysis.methods.hidden.models import build_design, write_model
    >>> design = build_design(3)
    >>> table = np.array([[5.0, 5.0, 54.0, 41.0, 6.0, 0.0, 12.0]])
    >>> write_model(choose_stepwise(design, table)[0][0], design)
    '[12,3]'
    """
    models = np.tile(design.independence, (len(counts), 1))
    fits = fit_models(design, counts, models)
    arrays = {name: array.copy() for name, array in vars(fits).items()}
    rows = np.flatnonzero(arrays["code"] == ADMISSIBLE)
    while rows.size:
        chances = weigh_overlaps(counts[rows], arrays["means"][rows], design)
        chances[models[np.ix_(rows, design.pairs)]] = np.inf
        chances[chances > threshold] = np.inf
        rows = _add_pair(design, counts, models, arrays, (rows, chances))
    return models, Fits(**arrays)


def _add_pair(
    design: Design,
    counts: FloatArray,
    models: BoolArray,
    arrays: dict[str, NDArray[np.generic]],
    asked: tuple[NDArray[np.int64], FloatArray],
) -> NDArray[np.int64]:
    """Add to each table its best pair that can be answered; tell which tables got one."""
    rows, chances = asked
    grown = []
    while rows.size:
        best = chances.argmin(axis=1)
        wanted = np.isfinite(chances[np.arange(rows.size), best])
        rows, chances, best = rows[wanted], chances[wanted], best[wanted]
        trial = models[rows]
        trial[np.arange(rows.size), design.pairs[best]] = True
        fits = fit_models(design, counts[rows], trial)
        sound = fits.code == ADMISSIBLE
        models[rows[sound]] = trial[sound]
        for name, array in vars(fits).items():
            arrays[name][rows[sound]] = array[sound]
        grown.append(rows[sound])
        chances[np.arange(rows.size), best] = np.inf
        rows, chances = rows[~sound], chances[~sound]
    return np.sort(np.concatenate(grown))


def choose_by_aic(
    design: Design, counts: FloatArray, threshold: float = 0.05
) -> tuple[BoolArray, list[int]]:
    """Choose a model for one table by the older rule: the lowest AIC, if the new pair matters.

    Parameters
    ----------
    design : Design
        Effects of up to two lists.
    counts : numpy.ndarray, shape (histories,)
        Persons by history.
    threshold : float
        Largest two-sided p-value (Wald) at which the pair with the lowest AIC is added; it must
        lower the AIC as well. A pair that shares nobody has no standard error, so that the choice
        ends when its AIC is the lowest: this rule predates the treatment of empty overlaps.

    Returns
    -------
    model : numpy.ndarray of bool, shape (effects,)
    path : list of int
        Effects in the order in which they were added.

    References
    ----------
    Bales, Hesketh & Silverman (2015) Significance 12(3):16.

    Examples
    --------
    >>> from analysis.methods.hidden.models import build_design
    >>> table = np.array([5.0, 5.0, 54.0, 41.0, 6.0, 0.0, 12.0])
    >>> choose_by_aic(build_design(3), table)[1]
    [3, 6]
    """
    model = design.independence.copy()
    path: list[int] = []
    lowest = fit_models(design, counts[None, :], model[None, :]).aic[0]
    while True:
        places = np.array([place for place in design.pairs if not model[place]], dtype=np.int64)
        if not places.size:
            return model, path
        trials = np.tile(model, (places.size, 1))
        trials[np.arange(places.size), places] = True
        fits = fit_models(design, np.tile(counts, (places.size, 1)), trials)
        aic = np.where(fits.code == ADMISSIBLE, fits.aic, np.inf)
        best = int(aic.argmin())
        if not (aic[best] < lowest and _find_wald(design, fits, best, places[best]) <= threshold):
            return model, path
        model, lowest = trials[best], aic[best]
        path.append(design.effects[places[best]])


def _find_wald(design: Design, fits: Fits, row: int, place: np.int64) -> float:
    finite = np.isfinite(fits.effects[row])
    if not finite[place]:
        return 1.0
    part = design.matrix[:, finite]
    spread = np.linalg.inv(part.T @ (part * fits.means[row][:, None]))
    at = int(finite[:place].sum())
    return float(2 * ndtr(-abs(fits.effects[row, place]) / np.sqrt(spread[at, at])))
