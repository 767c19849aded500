"""How much first figures were changed later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_same_shape, read_values
from analysis.methods.reasons import mark

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

NOTHING_TO_RELATE = mark("the latest figures are all zero")


@dataclass(frozen=True, eq=False)
class Revisions:
    """Revisions from the first to the latest figures.

    Parameters
    ----------
    mean : Estimates
        Mean revision, later less first: above 0 the first figures were too low.
    mean_absolute : Estimates
        Mean size of a revision, whatever its sign.
    relative : Estimates
        Sum of the sizes over the sum of the sizes of the latest figures; 0.04 is four per cent.
    """

    mean: Estimates
    mean_absolute: Estimates
    relative: Estimates


def measure_revisions(first: ArrayLike, latest: ArrayLike) -> Revisions:
    """Measure how much first figures were revised.

    Parameters
    ----------
    first, latest : array_like, shape (..., periods)
        First and latest figures of the same periods, one shape. A period that either lacks is
        left out.

    Returns
    -------
    Revisions
        One number a series, shape without the last axis; ``n`` is the number of periods with both
        figures.

    Raises
    ------
    ValueError
        When shapes differ, or there is no axis of periods.

    References
    ----------
    Eurostat, ESS Guidelines for the Implementation of the Quality and Performance Indicators, A6.

    Examples
    --------
    >>> made = measure_revisions([[50, 60]], [[52, 59]])
    >>> made.mean.value, made.mean_absolute.value, made.relative.value.round(3)
    (array([0.5]), array([1.5]), array([0.027]))
    """
    old, new = read_values(first, "first"), read_values(latest, "latest")
    check_same_shape(first=old, latest=new)
    if not old.ndim:
        raise ValueError(
            "A single figure was given, and revisions are measured over periods. Give the figures "
            "of several periods as a list."
        )
    both = ~np.isnan(old) & ~np.isnan(new)
    periods = both.sum(axis=-1).astype(np.float64)
    pairs = np.where(periods == 0, np.nan, periods)
    change = np.where(both, new - old, 0.0)
    size = np.abs(change).sum(axis=-1)
    base = np.where(both, np.abs(new), 0.0).sum(axis=-1)
    nothing = (base == 0) & (periods > 0)
    relative = size / np.where(base == 0, np.nan, base)
    return Revisions(
        mean=collect_estimates(change.sum(axis=-1) / pairs, n=periods, method="mean revision"),
        mean_absolute=collect_estimates(size / pairs, n=periods, method="mean absolute revision"),
        relative=collect_estimates(
            relative,
            n=periods,
            method="relative mean absolute revision",
            unit="of 1",
            refused=[(nothing, NOTHING_TO_RELATE)],
        ),
    )
