"""Whether figures that belong together agree: both ends of a flow, a country and its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_same_shape, read_counts
from analysis.methods.reasons import mark

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

NO_FLOW = mark("no flow on either side")


@dataclass(frozen=True, eq=False)
class MirrorAsymmetry:
    """One flow, as the two ends of it report it.

    Parameters
    ----------
    absolute : Estimates
        Outflow less inflow; above 0 the country that people leave saw more of them.
    relative : Estimates
        The same over the mean of both; from -2 to 2, 0 where both agree.
    """

    absolute: Estimates
    relative: Estimates


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """A total and its parts.

    Parameters
    ----------
    difference : Estimates
        Total less parts less unknown; blank where a part is blank or withheld.
    verdict : numpy.ndarray of str
        ``coherent``, ``differs``, ``parts_exceed_total`` (told although parts may be missing) or
        ``not_checked``.
    """

    difference: Estimates
    verdict: NDArray[np.object_]


def measure_mirror_asymmetry(outflow: ArrayLike, inflow: ArrayLike) -> MirrorAsymmetry:
    """Measure how far the two reports of one flow lie apart.

    Parameters
    ----------
    outflow : array_like
        What the country reports that people leave; any shape, NaN is a blank.
    inflow : array_like
        What the country reports that they enter, same flow and year, same shape.

    Returns
    -------
    MirrorAsymmetry

    Raises
    ------
    ValueError
        When shapes differ or a count is negative.

    References
    ----------
    Eurostat, ESS Guidelines for the Implementation of the Quality and Performance Indicators, CC1.

    Examples
    --------
    >>> made = measure_mirror_asymmetry([300], [500])
    >>> made.absolute.value, made.relative.value
    (array([-200.]), array([-0.5]))
    """
    left, came = read_counts(outflow, "outflow"), read_counts(inflow, "inflow")
    check_same_shape(outflow=left, inflow=came)
    mean = (left + came) / 2
    nothing = mean == 0
    return MirrorAsymmetry(
        absolute=collect_estimates(left - came, n=left + came, method="mirror asymmetry"),
        relative=collect_estimates(
            (left - came) / np.where(nothing, np.nan, mean),
            n=left + came,
            method="relative mirror asymmetry",
            unit="of 1",
            refused=[(nothing, NO_FLOW)],
        ),
    )


def check_hierarchy(
    total: ArrayLike,
    parts: ArrayLike,
    unknown: ArrayLike = 0,
    *,
    axis: int = 0,
    tolerance: float = 0,
    given: ArrayLike | None = None,
) -> Hierarchy:
    """Check whether a total is the sum of its parts and of what no part is known for.

    Parameters
    ----------
    total : array_like
        Totals, shape of `parts` without `axis`; NaN is a blank.
    parts : array_like
        Figures of the areas (or ages, or sexes), NaN is a blank.
    unknown : array_like
        Cases of the total that belong to no known part, one number or the shape of `total`.
    axis : int
        Axis of `parts` that adds up.
    tolerance : float
        How far a sum may lie off, such as half the rounding base times the number of parts.
    given : array_like of str, optional
        States of the parts. Where one is suppressed the difference is withheld: it would tell it.

    Returns
    -------
    Hierarchy
        ``n`` is the total.

    Raises
    ------
    ValueError
        When shapes do not fit, a count is negative, or the tolerance is.

    Examples
    --------
    >>> made = check_hierarchy([10, 10, 10], [[4, 4, 8], [6, 5, 5]], unknown=[0, 0, 0])
    >>> made.difference.value, list(made.verdict)
    (array([ 0.,  1., -3.]), ['coherent', 'differs', 'parts_exceed_total'])
    """
    wholes, pieces = read_counts(total, "total"), read_counts(parts, "parts")
    if not pieces.ndim or np.delete(pieces.shape, axis).tolist() != list(wholes.shape):
        raise ValueError(
            f"The totals have the shape {wholes.shape} and the parts {pieces.shape}. Give the "
            f"parts the axes of the totals, and one more at place {axis} that adds up to them."
        )
    if not 0 <= tolerance < np.inf:
        raise ValueError(
            f"A tolerance of {tolerance:g} was given, and it is a number from 0 up: 0 where the "
            "figures are not rounded."
        )
    nowhere = read_counts(unknown, "unknown")
    if nowhere.ndim:
        check_same_shape(total=wholes, unknown=nowhere)
    states = None
    hidden = np.zeros(pieces.shape, dtype=np.bool_)
    if given is not None:
        told = np.broadcast_to(np.asarray(given, dtype=object), pieces.shape)
        hidden = np.asarray(told == "suppressed", dtype=np.bool_)
        states = np.where(hidden.any(axis=axis), "suppressed", "value").astype(object)
    difference = wholes - pieces.sum(axis=axis) - nowhere
    # A count is at least 0, so that known parts that exceed the total are wrong whatever else.
    shown = np.where(hidden, np.nan, pieces)
    least = np.nansum(shown, axis=axis) + np.nan_to_num(nowhere)
    estimates = collect_estimates(difference, n=wholes, method="total less parts", given=states)
    slack = tolerance + 1e-9 * np.nan_to_num(np.abs(wholes))
    verdict = np.full(wholes.shape, "not_checked", dtype=object)
    known = estimates.is_number
    verdict[known] = "coherent"
    verdict[known & (np.abs(estimates.value) > slack)] = "differs"
    verdict[np.asarray(least - wholes > slack, dtype=np.bool_)] = "parts_exceed_total"
    return Hierarchy(estimates, verdict)
