"""Log-linear models of counts, thousands at a time: one design, many series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

MOST_STEPS = 50
SETTLED = 1e-10  # relative change of the deviance at which a fit is called finished
# The logarithm of a fitted count stays within this, so that an empty season cannot overflow.
FARTHEST = 30.0
RIDGE = 1e-12  # on correlations: far below any figure, enough to solve an empty column


@dataclass(frozen=True, eq=False)
class QuasiPoissonFit:
    """Fitted log-linear models of many series with one design.

    Parameters
    ----------
    coefficients : numpy.ndarray
        Shape (series, columns); effects on the logarithm of the count.
    fitted : numpy.ndarray
        Shape (series, rows); fitted counts.
    leverage : numpy.ndarray
        Shape (series, rows); how far each figure pulls its own fit, 0 to 1.
    dispersion : numpy.ndarray
        Shape (series,); Pearson dispersion, 1 for Poisson counts, not yet held at 1 or more;
        NaN where no degree of freedom is left.
    variance : numpy.ndarray
        Shape (series, columns); variances of the coefficients at a dispersion of 1.
    freedom : numpy.ndarray
        Shape (series,); figures less columns.
    settled : numpy.ndarray of bool
        Shape (series,); whether the fit came to rest.
    """

    coefficients: FloatArray
    fitted: FloatArray
    leverage: FloatArray
    dispersion: FloatArray
    variance: FloatArray
    freedom: FloatArray
    settled: NDArray[np.bool_]


def fit_quasi_poisson(
    counts: FloatArray, design: FloatArray, weights: FloatArray | None = None
) -> QuasiPoissonFit:
    """Fit one log-linear model to each of many series by iterated weighted least squares.

    Parameters
    ----------
    counts : numpy.ndarray
        Shape (series, rows); NaN leaves a row out of that series.
    design : numpy.ndarray
        Shape (rows, columns), the same for every series.
    weights : numpy.ndarray, optional
        Shape (series, rows); how much each figure counts, 1 when left out.

    Returns
    -------
    QuasiPoissonFit

    Raises
    ------
    ValueError
        When the design does not have one row a figure.

    References
    ----------
    McCullagh, P. & Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., chapters 2, 6 and 9.

    Examples
    --------
    >>> counts = np.array([[4.0, 6.0, 5.0], [10.0, 20.0, 40.0]])
    >>> design = np.column_stack([np.ones(3), np.arange(3.0)])
    >>> fit = fit_quasi_poisson(counts, design)
    >>> np.exp(fit.coefficients[1, 1]).round(6)
    np.float64(2.0)
    """
    if counts.ndim != 2 or design.ndim != 2 or counts.shape[1] != design.shape[0]:  # noqa: PLR2004
        raise ValueError(
            f"The counts have the shape {counts.shape} and the design {design.shape}; counts are "
            "(series, rows) and the design (rows, columns), with one row a figure. Align the two."
        )
    known = ~np.isnan(counts)
    figures = np.where(known, counts, 0.0)
    trust = known.astype(np.float64) if weights is None else np.where(known, weights, 0.0)
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    fitted = np.where(known, figures + 0.1, 1.0)
    line = np.log(fitted)
    deviance = np.full(len(counts), np.inf)
    settled = np.zeros(len(counts), dtype=np.bool_)
    for _ in range(MOST_STEPS):
        pull = trust * fitted
        working = line + (figures - fitted) / fitted
        inner = _scale_inner(pull, products, design.shape[1])
        coefficients = _solve(inner, (pull * working) @ design)
        line = np.clip(coefficients @ design.T, -FARTHEST, FARTHEST)
        fitted = np.exp(line)
        now = _deviance(figures, fitted, trust)
        with np.errstate(invalid="ignore"):
            settled = np.abs(now - deviance) <= SETTLED * (np.abs(now) + 0.1)
        deviance = now
        if settled.all():
            break
    pull = trust * fitted
    inverse = _invert(_scale_inner(pull, products, design.shape[1]))
    spread = inverse.reshape(len(counts), -1) @ products.T
    freedom = known.sum(axis=1) - float(design.shape[1])
    pearson = (trust * (figures - fitted) ** 2 / fitted).sum(axis=1)
    return QuasiPoissonFit(
        coefficients=coefficients,
        fitted=fitted,
        leverage=np.clip(pull * spread, 0.0, 1.0),
        dispersion=np.where(freedom > 0, pearson / np.where(freedom > 0, freedom, 1.0), np.nan),
        variance=np.diagonal(inverse, axis1=1, axis2=2),
        freedom=freedom,
        settled=settled,
    )


def _scale_inner(pull: FloatArray, products: FloatArray, columns: int) -> FloatArray:
    return (pull @ products).reshape(len(pull), columns, columns)


def _to_correlations(inner: FloatArray) -> tuple[FloatArray, FloatArray]:
    size = np.sqrt(np.diagonal(inner, axis1=1, axis2=2))
    size = np.where(size > 0, size, 1.0)
    scaled = inner / (size[:, :, None] * size[:, None, :])
    return scaled + RIDGE * np.eye(inner.shape[1]), size


def _solve(inner: FloatArray, right: FloatArray) -> FloatArray:
    scaled, size = _to_correlations(inner)
    held: FloatArray = np.linalg.solve(scaled, (right / size)[:, :, None])[:, :, 0] / size
    return held


def _invert(inner: FloatArray) -> FloatArray:
    scaled, size = _to_correlations(inner)
    held: FloatArray = np.linalg.inv(scaled) / (size[:, :, None] * size[:, None, :])
    return held


def _deviance(figures: FloatArray, fitted: FloatArray, trust: FloatArray) -> FloatArray:
    ratio = np.where(figures > 0, figures, 1.0) / np.where(figures > 0, fitted, 1.0)
    held: FloatArray = (2 * trust * (figures * np.log(ratio) - (figures - fitted))).sum(axis=1)
    return held
