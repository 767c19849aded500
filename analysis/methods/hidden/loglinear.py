"""Poisson log-linear models by extended maximum likelihood, for many tables and models at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, xlogy

from analysis.methods.hidden.existence import (
    ADMISSIBLE,
    NO_ESTIMATE,
    NOT_IDENTIFIED,
    check_existence,
    check_identified,
    find_empty_effects,
    find_open_histories,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.methods.hidden.models import Design

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

MOST_STEPS = 60
MOST_HALVINGS = 8
# Fitted totals may differ from the counted ones by this share of all persons.
CLOSE = 1e-12
# Fitted means above this, with totals that agree, are themselves the proof that the estimate
# exists; below it the linear programme is asked.
SAFE_MEAN = 1e-5
CHUNK = 4096


@dataclass(frozen=True, eq=False)
class Fits:
    """Fitted models, one for each table; made by :func:`fit_models`.

    Parameters
    ----------
    code : numpy.ndarray of int, shape (tables,)
        0 where the fit means something; see :func:`~.existence.check_models`.
    hidden : numpy.ndarray, shape (tables,)
        Persons on no list; NaN where the code is not 0.
    total : numpy.ndarray, shape (tables,)
        Persons on lists and on none.
    effects : numpy.ndarray, shape (tables, effects)
        Effects on the log scale; minus infinity for empty ones, NaN for those not in the model.
    means : numpy.ndarray, shape (tables, histories)
        Fitted persons by history.
    deviance, aic, bic : numpy.ndarray, shape (tables,)
        Misfit, and misfit with a price for effects; the BIC takes the logarithm of the number of
        persons seen. Empty effects pay too, because the table chose them.
    parameters : numpy.ndarray of int, shape (tables,)
        Number of effects, the level among them.
    """

    code: NDArray[np.int64]
    hidden: FloatArray
    total: FloatArray
    effects: FloatArray
    means: FloatArray
    deviance: FloatArray
    aic: FloatArray
    bic: FloatArray
    parameters: NDArray[np.int64]


def fit_models(design: Design, counts: FloatArray, models: BoolArray) -> Fits:
    """Fit a Poisson log-linear model to each table.

    Effects that nobody in the table shows go to minus infinity and their histories are taken out;
    the other effects are fitted to the rest by Newton's method.

    Parameters
    ----------
    design : Design
        The effects there are.
    counts : numpy.ndarray, shape (tables, histories)
        Persons by history.
    models : numpy.ndarray of bool, shape (tables, effects)
        A model for each table.

    Returns
    -------
    Fits

    References
    ----------
    Fienberg (1972) Biometrika 59:591. Chan, Silverman & Vincent (2021) JASA 116:1297.

    Examples
    --------
    >>> from analysis.methods.hidden.models import build_design
    >>> design = build_design(2)
    >>> made = fit_models(design, np.array([[170.0, 120.0, 30.0]]), design.independence[None, :])
    >>> float(made.hidden[0].round(6)), float(made.total[0].round(6))
    (680.0, 1000.0)
    """
    counts = np.asarray(counts, dtype=np.float64)
    parts = [
        _fit_chunk(design, counts[start : start + CHUNK], models[start : start + CHUNK])
        for start in range(0, max(len(counts), 1), CHUNK)
    ]
    if len(parts) == 1:
        return parts[0]
    return Fits(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in vars(parts[0])})


def _fit_chunk(design: Design, counts: FloatArray, models: BoolArray) -> Fits:
    empty = find_empty_effects(design, counts, models)
    open_ = find_open_histories(design, empty)
    finite = models & ~empty
    sound = check_identified(design, counts, models)
    effects = np.zeros(models.shape)
    reached = np.zeros(len(counts), dtype=np.bool_)
    work = np.flatnonzero(sound & open_.any(axis=1))
    effects[work], reached[work] = _climb(design.matrix, counts[work], finite[work], open_[work])
    means = np.where(open_, np.exp(effects @ design.matrix.T), 0.0)
    proved = reached & (np.where(open_, means, np.inf).min(axis=1) > SAFE_MEAN)
    exists = proved.copy()
    doubt = np.flatnonzero(~proved)
    if doubt.size:
        exists[doubt] = check_existence(design, counts[doubt], models[doubt])
    code = NO_ESTIMATE * ~exists + NOT_IDENTIFIED * ~sound
    blank = code != ADMISSIBLE
    effects = np.where(models, np.where(empty, -np.inf, effects), np.nan)
    effects[blank] = np.nan
    means[blank] = np.nan
    misfit = xlogy(counts, counts) - xlogy(counts, means) - (counts - means)
    deviance = 2 * misfit.sum(axis=1)
    likelihood = (xlogy(counts, means) - means - gammaln(counts + 1)).sum(axis=1)
    parameters = models.sum(axis=1)
    hidden = np.exp(effects[:, 0])
    seen = counts.sum(axis=1)
    price = np.log(np.maximum(seen, 1))
    return Fits(
        code=code.astype(np.int64),
        hidden=hidden,
        total=seen + hidden,
        effects=effects,
        means=means,
        deviance=deviance,
        aic=2 * parameters - 2 * likelihood,
        bic=parameters * price - 2 * likelihood,
        parameters=parameters.astype(np.int64),
    )


def _climb(
    matrix: FloatArray, counts: FloatArray, finite: BoolArray, open_: BoolArray
) -> tuple[FloatArray, BoolArray]:
    """Climb to the highest likelihood; tell which tables arrived."""
    size = matrix.shape[1]
    squares = (matrix[:, :, None] * matrix[:, None, :]).reshape(len(matrix), size * size)
    goal = np.where(finite, counts @ matrix, 0.0)
    near = CLOSE * np.maximum(counts.sum(axis=1), 1)
    # Start from one weighted regression of the logarithms of counts that were made positive.
    start = np.where(open_, counts + 0.5, 0.0)
    pull = np.where(open_, start * np.log(np.where(open_, start, 1.0)) + counts - start, 0.0)
    effects = _solve(squares, start, finite, pull @ matrix)
    value = _measure(matrix, effects, goal, open_)
    reached = np.zeros(len(counts), dtype=np.bool_)
    rows = np.arange(len(counts))
    for _ in range(MOST_STEPS):
        means = _mean(matrix, effects[rows], open_[rows])
        gap = np.where(finite[rows], goal[rows] - means @ matrix, 0.0)
        there = np.abs(gap).max(axis=1) <= near[rows]
        reached[rows[there]] = True
        rows, means, gap = rows[~there], means[~there], gap[~there]
        if not rows.size:
            break
        step = _solve(squares, means, finite[rows], gap)
        trial = effects[rows] + step
        tried = _measure(matrix, trial, goal[rows], open_[rows])
        for _ in range(MOST_HALVINGS):
            worse = tried < value[rows] - 1e-9 * np.abs(value[rows])
            if not worse.any():
                break
            step[worse] /= 2
            back = rows[worse]
            trial[worse] = effects[back] + step[worse]
            tried[worse] = _measure(matrix, trial[worse], goal[back], open_[back])
        effects[rows], value[rows] = trial, tried
    return effects, reached


def _mean(matrix: FloatArray, effects: FloatArray, open_: BoolArray) -> FloatArray:
    # The bound only ever holds a runaway step, which is then halved.
    return np.where(open_, np.exp(np.minimum(effects @ matrix.T, 100.0)), 0.0)


def _measure(
    matrix: FloatArray, effects: FloatArray, goal: FloatArray, open_: BoolArray
) -> FloatArray:
    fitted = _mean(matrix, effects, open_).sum(axis=1)
    return np.asarray((goal * effects).sum(axis=1) - fitted, dtype=np.float64)


def _solve(
    squares: FloatArray, weights: FloatArray, finite: BoolArray, right: FloatArray
) -> FloatArray:
    size = finite.shape[1]
    curves = (weights @ squares).reshape(-1, size, size)
    curves *= finite[:, :, None] & finite[:, None, :]
    # Effects that are not fitted get an equation of their own with the answer 0. The tiny ridge
    # keeps means that vanish from stopping all tables; the point where the climb ends is the same.
    place = np.arange(size)
    curves[:, place, place] += np.where(finite, 1e-12 * curves[:, place, place] + 1e-12, 1.0)
    answer = np.linalg.solve(curves, np.where(finite, right, 0.0)[:, :, None])
    return np.asarray(answer[:, :, 0], dtype=np.float64)
