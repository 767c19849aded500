"""Who is beside whom, whether neighbours are alike, and where."""

from __future__ import annotations

from analysis.methods.spatial.autocorrelation import (
    Autocorrelation,
    measure_geary,
    measure_moran,
    measure_moran_of_rates,
)
from analysis.methods.spatial.clusters import (
    find_clusters,
    find_clusters_of_rates,
    find_hot_spots,
    find_hot_spots_of_rates,
)
from analysis.methods.spatial.local import LocalClusters
from analysis.methods.spatial.neighbours import Neighbours, read_neighbours
from analysis.methods.spatial.rates import standardise_rates

__all__ = [
    "Autocorrelation",
    "LocalClusters",
    "Neighbours",
    "find_clusters",
    "find_clusters_of_rates",
    "find_hot_spots",
    "find_hot_spots_of_rates",
    "measure_geary",
    "measure_moran",
    "measure_moran_of_rates",
    "read_neighbours",
    "standardise_rates",
]
