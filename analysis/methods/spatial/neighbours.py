"""Which areas lie beside each other: islands stay without neighbours unless a link is declared."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    IntArray = NDArray[np.int64]
    BoolArray = NDArray[np.bool_]

Pairs = Iterable[tuple[Hashable, Hashable]] | Mapping[Hashable, Iterable[Hashable]]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Areas in a fixed order, and who is beside whom. Made by :func:`read_neighbours`.

    Parameters
    ----------
    areas : tuple
        Ids of the areas, in the order of the figures.
    first, second : numpy.ndarray of int
        Places of the two areas of each neighbourhood; each appears in both directions.

    Examples
    --------
    >>> beside = read_neighbours(["a", "b", "c"], [("a", "b")])
    >>> beside.degree, beside.isolated
    (array([1, 1, 0]), array([False, False,  True]))
    """

    areas: tuple[Hashable, ...]
    first: IntArray
    second: IntArray

    def __len__(self) -> int:
        """Give the number of areas."""
        return len(self.areas)

    @property
    def degree(self) -> IntArray:
        """Number of neighbours of each area."""
        return np.bincount(self.first, minlength=len(self.areas)).astype(np.int64)

    @property
    def isolated(self) -> BoolArray:
        """Which areas have no neighbour."""
        return np.asarray(self.degree == 0, dtype=np.bool_)

    def matrix(self) -> csr_matrix:
        """Give the neighbourhoods as a sparse matrix of ones, areas by areas.

        Returns
        -------
        scipy.sparse.csr_matrix
            Symmetric, with zeros on the diagonal.
        """
        from scipy.sparse import csr_matrix

        size = len(self.areas)
        ones = np.ones(self.first.size)
        return csr_matrix((ones, (self.first, self.second)), shape=(size, size))

    def components(self) -> IntArray:
        """Give numbers to the parts of the map that no chain of neighbours joins.

        Returns
        -------
        numpy.ndarray of int
            The part of each area, from 0; an isolated area is a part of its own.
        """
        from scipy.sparse.csgraph import connected_components

        return np.asarray(connected_components(self.matrix(), directed=False)[1], dtype=np.int64)

    def select(self, kept: BoolArray) -> Neighbours:
        """Leave areas out, and with them their neighbourhoods.

        Parameters
        ----------
        kept : numpy.ndarray of bool
            Which areas stay.

        Returns
        -------
        Neighbours
            Of the areas that stay, in the same order.
        """
        place = np.cumsum(kept) - 1
        both = kept[self.first] & kept[self.second]
        return Neighbours(
            areas=tuple(area for area, stays in zip(self.areas, kept, strict=True) if stays),
            first=place[self.first[both]].astype(np.int64),
            second=place[self.second[both]].astype(np.int64),
        )


def read_neighbours(
    areas: Iterable[Hashable],
    pairs: Pairs,
    links: Iterable[tuple[Hashable, Hashable]] = (),
) -> Neighbours:
    """Read who is beside whom.

    Parameters
    ----------
    areas : iterable
        Ids of the areas, in the order in which their figures will come.
    pairs : iterable of pairs, or mapping of id to ids
        Areas that share a border. One direction suffices; a pair that comes twice counts once.
    links : iterable of pairs
        Ferries, bridges or roads that are declared to join areas without a common border.

    Returns
    -------
    Neighbours
        An area that no pair and no link names has no neighbour: it stays in every table, and
        spatial statistics leave it out of their n.

    Raises
    ------
    ValueError
        When an id appears twice among the areas, when a pair names an unknown area, or an area
        beside itself.

    Examples
    --------
    >>> beside = read_neighbours(["a", "b", "c"], {"a": ["b"]}, links=[("b", "c")])
    >>> beside.degree
    array([1, 2, 1])
    """
    named = tuple(areas)
    places = {area: place for place, area in enumerate(named)}
    if len(places) != len(named):
        twice = next(area for place, area in enumerate(named) if places[area] != place)
        raise ValueError(f"The area {twice!r} is listed twice; give each area once.")
    joined: set[tuple[int, int]] = set()
    for one, other in (*_listed(pairs), *links):
        for area in (one, other):
            if area not in places:
                raise ValueError(
                    f"A neighbourhood names the area {area!r}, which is not among the "
                    f"{len(named)} areas given; correct its id or add the area."
                )
        if one == other:
            raise ValueError(
                f"The area {one!r} is given as its own neighbour; leave that pair out."
            )
        joined.add((places[one], places[other]))
        joined.add((places[other], places[one]))
    ordered = np.array(sorted(joined), dtype=np.int64).reshape(-1, 2)
    return Neighbours(areas=named, first=ordered[:, 0].copy(), second=ordered[:, 1].copy())


def check_neighbours(neighbours: Neighbours, size: int) -> None:
    """Refuse neighbours of other areas than the figures are of.

    Parameters
    ----------
    neighbours : Neighbours
        Who is beside whom.
    size : int
        Number of areas that the figures have, on their last axis.

    Raises
    ------
    ValueError
        When the numbers of areas differ.

    Examples
    --------
    >>> check_neighbours(read_neighbours("ab", [("a", "b")]), 2)
    """
    if len(neighbours) != size:
        raise ValueError(
            f"The figures have {size} areas on their last axis and the neighbours have "
            f"{len(neighbours)}; give both for the same areas in the same order."
        )


def _listed(pairs: Pairs) -> list[tuple[Hashable, Hashable]]:
    if isinstance(pairs, Mapping):
        mapping = cast("Mapping[Hashable, Iterable[Hashable]]", pairs)
        return [(one, other) for one, others in mapping.items() for other in others]
    return list(pairs)
