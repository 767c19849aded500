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
    from scipy.stats import false_discovery_control

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
    corrected = np.full(families.shape, np.nan)
    for place in np.ndindex(families.shape[:-1]):
        tested = ~np.isnan(families[place])
        if tested.any():
            held = families[place][tested]
            corrected[place][tested] = false_discovery_control(held, method=method)
    return np.moveaxis(corrected, -1, axis)
