"""The statistics of single areas, their probabilities under random order, and their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.multiplicity import control_false_discovery
from analysis.methods.reasons import ALL_THE_SAME, NO_NEIGHBOURS, TOO_FEW_AREAS
from analysis.methods.spatial.neighbours import check_neighbours
from analysis.methods.spatial.series import LEAST_AREAS, find_constant, group_series
from analysis.methods.spatial.shuffles import TIE, count_exceeding_locally, turn_to_p

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from analysis.methods.spatial.neighbours import Neighbours

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]
    ObjectArray = NDArray[np.object_]

MIDDLE = 0.5
MADE = ("value", "z", "p", "upper", "own", "around")


@dataclass(frozen=True, eq=False)
class LocalClusters:
    """What can be said of each area and its neighbours.

    Parameters
    ----------
    estimates : Estimates
        Local Moran's I, or Gi* in standard deviations; ``n`` holds the cases of the area for
        rates, and otherwise the number of areas that were compared (it and its neighbours).
    label : numpy.ndarray of str
        ``high_high``, ``low_low`` (the area and its neighbours), ``high_low``, ``low_high`` (the
        area stands out), ``not_significant``, ``no_neighbours``; empty where there is no figure.
        Given only after the control of false discoveries.
    z : numpy.ndarray
        Distance of the statistic from its mean under random order, in standard deviations.
    p : numpy.ndarray
        Two-sided, from random orders.
    q : numpy.ndarray
        ``p`` after the control of false discoveries over the areas of the series.
    areas : numpy.ndarray
        Areas that took part in the series, for each area.
    """

    estimates: Estimates
    label: ObjectArray
    z: FloatArray
    p: FloatArray
    q: FloatArray
    areas: FloatArray


def look_locally(
    method: str,
    figures: FloatArray,
    neighbours: Neighbours,
    draws: tuple[int, int, float],
    *,
    cases: FloatArray | None = None,
    given: ArrayLike | None = None,
    refused: tuple[tuple[BoolArray, str], ...] = (),
) -> LocalClusters:
    """Work out a local statistic for each area of each series, and label the areas.

    Parameters
    ----------
    method : str
        ``local Moran`` or ``Gi*``, or either followed by ``of rates``.
    figures : numpy.ndarray, (..., areas)
        Figures; blanks are left out.
    neighbours : Neighbours
        Of the same areas.
    draws : tuple of int, int and float
        Permutations, seed, and accepted share of false discoveries.
    cases : numpy.ndarray, optional
        Cases behind each figure.
    given : array_like of str, optional
        States of the figures.
    refused : tuple of (mask, reason)
        Where nothing is said for a reason known before.

    Returns
    -------
    LocalClusters
    """
    check_neighbours(neighbours, figures.shape[-1] if figures.ndim else 0)
    permutations, seed, share = draws
    rows = figures.reshape(-1, figures.shape[-1])
    made = {name: np.full(rows.shape, np.nan) for name in MADE}
    compared = np.full(rows.shape, np.nan)
    size = np.zeros(rows.shape)
    constant = np.zeros(rows.shape, dtype=np.bool_)
    alone = ~np.isnan(rows)
    for group in group_series(rows, neighbours):
        size[group.series] = group.areas.size
        places = np.ix_(group.series, group.areas)
        alone[places] = False
        compared[places] = group.neighbours.degree + 1
        if group.areas.size < LEAST_AREAS:
            continue
        same = find_constant(rows[places])
        constant[group.series] = same[:, None]
        if same.all():
            continue
        places = np.ix_(group.series[~same], group.areas)
        apart = rows[places] - rows[places].mean(axis=-1, keepdims=True)
        found = _describe(method, apart, group.neighbours)
        more, less = count_exceeding_locally(apart, group.neighbours, permutations, seed)
        found["upper"], found["p"] = turn_to_p(more, less, permutations)
        for name, numbers in found.items():
            made[name][places] = numbers
    few = (size < LEAST_AREAS) & ~np.isnan(rows)
    shape = figures.shape
    estimates = collect_estimates(
        made["value"].reshape(shape),
        n=(compared if cases is None else cases).reshape(shape),
        method=method,
        given=given,
        refused=[
            *refused,
            (alone.reshape(shape), NO_NEIGHBOURS),
            (few.reshape(shape), TOO_FEW_AREAS),
            (constant.reshape(shape) & ~np.isnan(figures), ALL_THE_SAME),
        ],
    )
    q = control_false_discovery(made["p"])
    label = _label(made, q <= share, hot_only=method.startswith("Gi*"))
    label = label.reshape(shape)
    label[~estimates.is_number] = ""
    label[estimates.reason == NO_NEIGHBOURS] = "no_neighbours"
    return LocalClusters(
        estimates=estimates,
        label=label,
        z=made["z"].reshape(shape),
        p=made["p"].reshape(shape),
        q=q.reshape(shape),
        areas=size.reshape(shape),
    )


def _describe(method: str, apart: FloatArray, neighbours: Neighbours) -> dict[str, FloatArray]:
    around = (neighbours.matrix() @ apart.T).T
    size = apart.shape[-1]
    squares = (apart**2).mean(axis=-1, keepdims=True)
    # What is as small as rounding is no distance from the mean, and gets no sign.
    noise = TIE * np.sqrt(squares)
    own = np.where(np.abs(apart) > noise, apart, 0.0)
    if method.startswith("Gi*"):
        many = neighbours.degree + 1
        scale = np.sqrt(squares * many * (size - many) / (size - 1))
        # An area beside all others has a neighbourhood that is the whole map: no deviation.
        z = np.where(many < size, (around + apart) / np.where(many < size, scale, 1.0), 0.0)
        return {"value": z, "z": z, "own": own, "around": around + apart}
    around /= neighbours.degree
    value = own * around / squares
    mean = -(apart**2) / ((size - 1) * squares)
    # Sum of squared weights of a row, less what the draw without replacement takes off.
    spread = 1 / neighbours.degree - 1 / (size - 1)
    rest = squares - apart**2 / (size - 1)
    deviation = np.abs(own) / squares * np.sqrt(size / (size - 2) * spread * rest)
    varies = deviation > 0
    z = np.where(varies, (value - mean) / np.where(varies, deviation, 1.0), 0.0)
    return {
        "value": value,
        "z": z,
        "own": own,
        "around": np.where(np.abs(around) > noise, around, 0.0),
    }


def _label(made: dict[str, FloatArray], found: BoolArray, *, hot_only: bool) -> ObjectArray:
    label = np.full(found.shape, "not_significant", dtype=object)
    # As few draws as high as the real neighbours, or nearly all: the side on which they lie.
    above, below = made["upper"] < MIDDLE, made["upper"] > MIDDLE
    high, low = made["own"] > 0, made["own"] < 0
    up, down = above & (made["around"] > 0), below & (made["around"] < 0)
    if hot_only:
        label[found & up], label[found & down] = "high_high", "low_low"
        return label
    label[found & high & up] = "high_high"
    label[found & low & down] = "low_low"
    label[found & high & down] = "high_low"
    label[found & low & up] = "low_high"
    return label
