"""What every reading of the public zone has in common: its results, their sources, their date."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.sources.demonstration import is_demonstration

if TYPE_CHECKING:
    import pandas as pd

    from analysis.catalog import Area, Indicator
    from analysis.methods import Result
    from analysis.store.read import PublicData


@dataclass(frozen=True, slots=True)
class Computed:
    """A result that a method worked out, with what it is about.

    ``kind`` is ``rate_per_1000_residents``, ``change_a_year``, ``share``, ``forecast``, or
    ``statement`` where only an evidence statement says it.
    """

    kind: str
    indicator: Indicator
    area: Area
    result: Result


class Reading(ABC):
    """Results about an area with their sources; profiles and trends inherit it."""

    __slots__ = ()

    area: Area
    data: PublicData

    @property
    @abstractmethod
    def results(self) -> list[Result]:
        """Every result that has a source, in the order of the page."""

    @property
    def rows(self) -> list[Result]:
        """The results that the tables for download hold; more than the page prints, for some."""
        return self.results

    @property
    def computed(self) -> list[Computed]:
        """What methods worked out from the results, in the order of the page."""
        return []

    @property
    def sources(self) -> pd.DataFrame:
        """The sources of the results, in the order of the table of sources."""
        used = {r.source_id for r in self.results}
        table = self.data.sources
        return table.loc[table["source_id"].isin(used)].reset_index(drop=True)

    @property
    def is_demonstration(self) -> bool:
        """Whether its figures are synthetic, by the names of their sources."""
        return is_demonstration(self.data.sources["source_id"])

    @property
    def data_date(self) -> str:
        """Date of the newest source that is used, as exact as the source says."""
        dates = [d for d in self.sources["as_of"] if d]
        return max(dates, default="")
