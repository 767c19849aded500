"""Many tests at once: p-values corrected so that few of the findings are false."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from analysis.methods.inputs import read_values

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

Method = Literal["bh", "by"]


def control_false_discovery(p: ArrayLike, axis: int = -1, method: Method = "bh") -> FloatArray:
    """Correct the p-values of one family of tests for how many tests there are.

    Whoever calls a finding what is at or below 0.10 afterwards has at most one false finding in
    ten, on average.

    Parameters
    ----------
    p : array_like
        P-values, any shape; NaN where nothing was tested. A blank is no test: it stays blank and
        does not make the family larger.
    axis : int
        Axis along which the values of one family lie, such as the areas.
    method : str
        ``bh`` (Benjamini and Hochberg) for tests that are independent or lean the same way, as
        neighbouring areas do; ``by`` (Benjamini and Yekutieli) for any kind of dependence, at
        the price of fewer findings.

    Returns
    -------
    numpy.ndarray
        Corrected p-values (q), same shape.

    Raises
    ------
    ValueError
        When a p-value does not lie between 0 and 1, the method is unknown, or there is no such
        axis.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B 57, 289-300.
    Benjamini, Y. and Yekutieli, D. (2001). The control of the false discovery rate in multiple
    testing under dependency. Annals of Statistics 29, 1165-1188.

    Examples
    --------
    >>> control_false_discovery([0.01, 0.04, np.nan, 0.9]).round(2)
    array([0.03, 0.06,  nan, 0.9 ])
    """
    values = read_values(p, "p")
    if ((values < 0) | (values > 1)).any():
        wrong = values[(values < 0) | (values > 1)][0]
        raise ValueError(
            f"p holds {wrong:g}, and a p-value lies between 0 and 1. Give the p-values of the "
            "tests, not their statistics."
        )
    if method not in get_args(Method):
        raise ValueError(
            f"The method '{method}' is unknown. Choose 'bh' (Benjamini and Hochberg) or 'by' "
            "(Benjamini and Yekutieli)."
        )
    if not -values.ndim <= axis < values.ndim:
        raise ValueError(
            f"There is no axis {axis} in p-values of the shape {values.shape}. Name the axis "
            "along which the tests of one family lie."
        )
    families = np.moveaxis(values, axis, -1)
    return np.moveaxis(_step_up(families, method), -1, axis)


def _step_up(families: FloatArray, method: Method) -> FloatArray:
    """Correct all families at once: scipy takes one at a time, thousands of them for seconds."""
    blank = np.isnan(families)
    # Blanks go last, behind every test, and count for nothing.
    order = np.argsort(np.where(blank, np.inf, families), axis=-1, kind="stable")
    ascending = np.take_along_axis(np.where(blank, 1.0, families), order, axis=-1)
    tests = (~blank).sum(axis=-1, keepdims=True).astype(np.float64)
    rank = np.arange(1, families.shape[-1] + 1, dtype=np.float64)
    factor = tests.copy()
    if method == "by":
        sums = np.concatenate([[0.0], np.cumsum(1 / rank)])
        factor = tests * sums[tests.astype(np.intp)]
    scaled = np.where(rank <= tests, ascending * (factor / rank), np.inf)
    least = np.minimum.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1]
    corrected = np.full(families.shape, np.nan)
    np.put_along_axis(corrected, order, np.minimum(least, 1.0), axis=-1)
    corrected[blank] = np.nan
    return corrected
