"""Least squares for every placement of joinpoints and every series at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.joinpoint.placements import list_placements

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

# Numbers held at a time in one array of series and placements: 8 MB.
AT_A_TIME = 1_000_000


def sum_squares(log_rates: FloatArray, weights: FloatArray) -> FloatArray:
    """Sum weighted squares along time, for each series.

    Parameters
    ----------
    log_rates : numpy.ndarray
        Values, shape (series, years).
    weights : numpy.ndarray
        Weights, shape (series, years) or (1, years).

    Returns
    -------
    numpy.ndarray
        Shape (series,).

    Examples
    --------
    >>> sum_squares(np.array([[1.0, 2.0]]), np.array([[1.0, 0.5]]))
    array([3.])
    """
    return np.asarray((weights * log_rates**2).sum(axis=-1))


def search_placements(
    log_rates: FloatArray, weights: FloatArray, years: FloatArray, joinpoints: int
) -> tuple[FloatArray, IntArray]:
    """Find, for each series, where a number of joinpoints fits best.

    The model is continuous: an intercept, a slope, and a change of slope at each joinpoint. The
    line is taken out of the series and of every possible change of slope once; a placement then
    costs the solution of as many equations as it has joinpoints, for all series at once.

    Parameters
    ----------
    log_rates : numpy.ndarray
        Logarithms of the rates, shape (series, years); no blanks.
    weights : numpy.ndarray
        Positive weights, shape (series, years), or (1, years) where they are common to all.
    years : numpy.ndarray
        Shape (years,), ascending.
    joinpoints : int
        How many joinpoints.

    Returns
    -------
    residual : numpy.ndarray
        Smallest weighted residual sum of squares, shape (series,).
    placement : numpy.ndarray
        Places of the joinpoints, shape (series, joinpoints).

    References
    ----------
    Lerman PM (1980), Applied Statistics 29:77-84. Frisch R, Waugh FV (1933), Econometrica
    1:387-401, for taking the line out first.

    Examples
    --------
    >>> years = np.arange(9.0)
    >>> bent = np.where(years < 4, 0.1 * years, 0.8 - 0.1 * years)[None]
    >>> residual, placement = search_placements(bent, np.ones((1, 9)), years, 1)
    >>> placement, bool(residual[0] < 1e-20)
    (array([[4]]), True)
    """
    placements = list_placements(len(years), joinpoints)
    step = max(1, AT_A_TIME // max(1, len(placements), len(years) ** 2))
    residual = np.empty(len(log_rates))
    best = np.empty((len(log_rates), joinpoints), dtype=np.int64)
    shared = weights.shape[0] == 1
    for start in range(0, len(log_rates), step):
        part = slice(start, start + step)
        held = weights if shared else weights[part]
        rest, gram, cross = _take_line_out(log_rates[part], held, years)
        if joinpoints == 0:
            residual[part] = rest
            continue
        gained = _measure_gains(gram, cross, placements)
        chosen = np.argmax(gained, axis=1)
        residual[part] = np.maximum(rest - gained[np.arange(len(chosen)), chosen], 0)
        best[part] = placements[chosen]
    return residual, best


def _take_line_out(
    log_rates: FloatArray, weights: FloatArray, years: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rest of a straight line, and products of what the line leaves of each change of slope."""
    root = np.sqrt(weights)
    total = weights.sum(axis=-1, keepdims=True)
    centred = years - (weights * years).sum(axis=-1, keepdims=True) / total
    first = root / np.sqrt(total)
    second = root * centred
    second /= np.sqrt((second**2).sum(axis=-1, keepdims=True))
    # hinges[y, j] is the way gone since year j: zero before it.
    hinges = np.maximum(years[:, None] - years[None, :], 0)
    bends = root[..., None] * hinges
    left = root * log_rates
    # Twice, because what is left may be small against what was taken out.
    for _ in range(2):
        for base in (first, second):
            bends = bends - base[..., None] * np.einsum("sy,syj->sj", base, bends)[:, None, :]
            left = left - base * (base * left).sum(axis=-1, keepdims=True)
    turned = bends.transpose(0, 2, 1)
    cross = np.asarray((turned @ left[..., None])[..., 0])
    return np.asarray((left**2).sum(axis=-1)), np.asarray(turned @ bends), cross


def _measure_gains(gram: FloatArray, cross: FloatArray, placements: IntArray) -> FloatArray:
    """How much each placement takes off the residual: the form cross' inverse(gram) cross."""
    places = placements.T
    size = len(places)
    matrix = [[gram[:, places[i], places[j]] for j in range(i + 1)] for i in range(size)]
    vector = [cross[:, place] for place in places]
    gained = np.zeros((len(cross), len(placements)))
    # Elimination row by row; the rows are arrays of all series and placements.
    for i in range(size):
        pivot = matrix[i][i]
        gained = gained + vector[i] ** 2 / pivot
        for j in range(i + 1, size):
            factor = matrix[j][i] / pivot
            vector[j] = vector[j] - factor * vector[i]
            for m in range(i + 1, j + 1):
                matrix[j][m] = matrix[j][m] - factor * matrix[m][i]
    return gained


def fit_placements(
    log_rates: FloatArray, weights: FloatArray, years: FloatArray, placement: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Fit each series with its own joinpoints.

    Parameters
    ----------
    log_rates, weights : numpy.ndarray
        Shape (series, years).
    years : numpy.ndarray
        Shape (years,).
    placement : numpy.ndarray
        Places of the joinpoints of each series, shape (series, joinpoints).

    Returns
    -------
    fitted : numpy.ndarray
        Logarithms of the fitted rates, shape (series, years).
    slopes : numpy.ndarray
        Slope of each segment, shape (series, joinpoints + 1).

    References
    ----------
    Kim HJ, Fay MP, Feuer EJ, Midthune DN (2000), Statistics in Medicine 19:335-351.

    Examples
    --------
    >>> years = np.arange(9.0)
    >>> bent = np.where(years < 4, 0.1 * years, 0.8 - 0.1 * years)[None]
    >>> fitted, slopes = fit_placements(bent, np.ones((1, 9)), years, np.array([[4]]))
    >>> slopes.round(9)
    array([[ 0.1, -0.1]])
    """
    middle, scale = years.mean(), max(float(np.ptp(years)), 1.0)
    line = np.broadcast_to((years - middle) / scale, log_rates.shape)
    bends = np.maximum(years[None, :, None] - years[placement][:, None, :], 0) / scale
    design = np.concatenate([np.ones((*line.shape, 1)), line[..., None], bends], axis=-1)
    root = np.sqrt(np.broadcast_to(weights, log_rates.shape))
    orthogonal, triangle = np.linalg.qr(root[..., None] * design)
    turned = np.einsum("syp,sy->sp", orthogonal, root * log_rates)
    coefficients = np.linalg.solve(triangle, turned[..., None])[..., 0]
    fitted = np.einsum("syp,sp->sy", design, coefficients)
    return np.asarray(fitted), np.cumsum(coefficients[:, 1:], axis=1) / scale
