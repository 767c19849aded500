"""With whom a municipality is compared: all, its region, or the ten that are nearest in size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from analysis.assessment.movement import CENSUSES, RESIDENTS
from analysis.catalog import Area, load_areas

if TYPE_CHECKING:
    from analysis.methods import Result
    from analysis.store.read import PublicData

Kind = Literal["size", "region", "all"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NEAREST = 10
CENSUS = max(CENSUSES)


class PeersError(ValueError):
    """A kind of peers that is none."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The municipalities that one is compared with.

    Parameters
    ----------
    kind : str
        ``size``, ``region`` or ``all``.
    area, region : Area
        The municipality, and the statistical region that it lies in.
    residents : Result
        Its residents in the last census, by which size is meant.
    members : tuple of Area
        The others, by id; none where the census does not say how large the municipality is.
    """

    kind: Kind
    area: Area
    region: Area
    residents: Result
    members: tuple[Area, ...]

    @property
    def everyone(self) -> tuple[Area, ...]:
        """The municipality and its peers, by id."""
        return tuple(sorted((self.area, *self.members), key=lambda a: a.area_id))


def find_peers(data: PublicData, area: Area, kind: str) -> Peers:
    """Find the peers of a municipality.

    Parameters
    ----------
    data : PublicData
    area : Area
        A municipality.
    kind : str
        ``size`` (the ten whose residents of the last census are nearest as a ratio: twice as
        many is as far as half as many), ``region`` or ``all``.

    Returns
    -------
    Peers

    Raises
    ------
    PeersError
        When the kind is none of the three.

    Notes
    -----
    Size says nothing else of a place: peers are no judgement.
    """
    if kind not in KINDS:
        msg = f"'{kind}' is no kind of peers. Write one of: {', '.join(KINDS)}."
        raise PeersError(msg)
    areas = load_areas()
    others = [a for a in areas.at_level("municipality") if a.area_id != area.area_id]
    region = areas.parent(area)
    residents = data.one(RESIDENTS, area.area_id, CENSUS)
    if kind == "region":
        others = [a for a in others if a.parent_id == region.area_id]
    if kind == "size":
        others = _nearest(data, others, residents)
    members = tuple(sorted(others, key=lambda a: a.area_id))
    return Peers(kind, area, region, residents, members)


def _nearest(data: PublicData, others: list[Area], residents: Result) -> list[Area]:
    if not residents.value:
        return []
    sizes = [(a, data.one(RESIDENTS, a.area_id, CENSUS)) for a in others]
    # Rounded, so that a tie is one on every machine; then the id decides.
    ranked = sorted(
        (round(abs(math.log(size.value / residents.value)), 9), a.area_id, a)
        for a, size in sizes
        if size.value
    )
    return [a for _, _, a in ranked[:NEAREST]]
