"""How risks hang together on a map: a covariance of unit size, made from who is beside whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.methods.spatial.neighbours import Neighbours

    FloatArray = NDArray[np.float64]


def scale_covariance(neighbours: Neighbours) -> FloatArray:
    """Work out the covariance of the part of the risk that neighbours share.

    The intrinsic autoregression of each connected part of the map is scaled so that the geometric
    mean of its variances is 1, whatever the form of the map; an area without neighbours gets a
    variance of 1 and shares nothing.

    Parameters
    ----------
    neighbours : Neighbours
        Areas with their neighbours.

    Returns
    -------
    numpy.ndarray, (areas, areas)
        Covariance; within a connected part the shared risks sum to zero.

    References
    ----------
    Freni-Sterrantino, A., Ventrucci, M., Rue, H. (2018). A note on intrinsic conditional
    autoregressive models for disconnected graphs. Spatial and Spatio-temporal Epidemiology 26,
    25-34.
    Riebler, A., Sørbye, S. H., Simpson, D., Rue, H. (2016). An intuitive Bayesian spatial model
    for disease mapping that accounts for scaling. Statistical Methods in Medical Research 25,
    1145-1165.

    Examples
    --------
    >>> from analysis.methods.spatial import read_neighbours
    >>> scale_covariance(read_neighbours("abc", ["ab"])).round(2)
    array([[ 1., -1.,  0.],
           [-1.,  1.,  0.],
           [ 0.,  0.,  1.]])
    """
    beside = neighbours.matrix().toarray()
    precision = np.diag(beside.sum(axis=1)) - beside
    parts = neighbours.components()
    covariance = np.zeros_like(precision)
    for part in np.unique(parts):
        members = np.flatnonzero(parts == part)
        block = np.ix_(members, members)
        if members.size == 1:
            covariance[block] = 1.0
            continue
        # Without the constant the precision has an inverse; adding the mean stands in for it.
        constant = np.full((members.size, members.size), 1 / members.size)
        inverse = np.linalg.inv(precision[block] + constant) - constant
        covariance[block] = inverse / np.exp(np.log(np.diag(inverse)).mean())
    return np.asarray(covariance, dtype=np.float64)
