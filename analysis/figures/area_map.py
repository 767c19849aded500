"""A map before it is drawn: the municipalities with their numbers in words, and the key.

Paper and screen draw the same map; both read it from here, so that they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# No state of a number: a municipality that the map is not about.
OTHER = "other"
FIRST, SECOND = 5, 3
STEP, GAIN, LOSS = "step", "gain", "loss"


@dataclass(frozen=True, slots=True)
class MappedArea:
    """One municipality of a map.

    Parameters
    ----------
    area_id : str
    name : str
        In the reader's language.
    state : str
        That of its result.
    value : float, optional
        Blank unless there is a number to show.
    text : str
        The number, or the word for its state, with its mark.
    step : int
        Place of its class, from 0; -1 where it has none.
    said : str
        Words of its class; blank where it has none.
    """

    area_id: str
    name: str
    state: str
    value: float | None
    text: str
    step: int = -1
    said: str = ""

    @property
    def style(self) -> str:
        """How it is filled: by its class, or by its state."""
        return STEP if self.step >= 0 else self.state

    @property
    def short_name(self) -> str:
        """Its name where there is little room; unlike that of any other.

        Examples
        --------
        >>> MappedArea("MK-604", "Vrapchishte", "no_data", None, "no data").short_name
        'Vrapc'
        >>> MappedArea("MK-313", "Centar Zhupa", "no_data", None, "no data").short_name
        'C.Zhu'
        """
        first, *rest = self.name.split()
        return f"{first[0]}.{rest[-1][:SECOND]}" if rest else first[:FIRST]

    @property
    def words(self) -> str:
        """All that the map says of it, for who does not see it."""
        told = f"{self.name}: {self.text}"
        return f"{told}, {self.said}" if self.said else told


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One line of the key.

    Parameters
    ----------
    style : str
        ``step``, ``gain``, ``loss``, a state of results, or ``other``.
    text : str
    step : int
        Place of the class.
    size : float
        Area of a point, as a part of the largest point's.
    """

    style: str
    text: str
    step: int = -1
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class AreaMap:
    """A map of municipalities.

    Parameters
    ----------
    areas : tuple of MappedArea
        Those that the map is about, in the order of the reader's alphabet.
    key : tuple of KeyEntry
        Only what occurs.
    title : str
        What the numbers are.
    here : str
        Id of the municipality that is outlined; blank for none.
    losses, gains : int
        Classes below zero, and the others.
    sizes : mapping of str to float
        Area of each point as a part of the largest point's, by id; empty unless it has points.
    is_fact : bool
        Whether it shows yes and no.
    """

    areas: tuple[MappedArea, ...]
    key: tuple[KeyEntry, ...]
    title: str
    here: str
    losses: int
    gains: int
    sizes: Mapping[str, float]
    is_fact: bool = False

    @property
    def is_numbered(self) -> bool:
        """Whether classes stand on the map by their number, so that none is told by its shade."""
        return self.losses + self.gains > 1 and not self.is_fact


@dataclass(frozen=True, slots=True)
class MapNotes:
    """The words around a map, in the reader's language.

    Parameters
    ----------
    schematic : str
        Stands on a map whose boundaries are schematic.
    tiles : str
        Stands on the map of squares.
    inset : str
        Name of the frame around what is drawn apart from where it lies.
    """

    schematic: str
    tiles: str
    inset: str
