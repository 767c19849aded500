"""A series of years of one indicator in one area: one source, whole years, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.catalog import Area, Indicator
    from analysis.methods import Result
    from analysis.store.read import PublicData


# How the store names a year that was summed from all its months.
WHOLE_YEAR = "sum of 12 months"


@dataclass(frozen=True, slots=True)
class Series:
    """Results of one publisher, one a year, oldest first.

    A year without a row is not in it; a provisional year is not either, because a year that still
    runs looks like a fall.
    """

    indicator: Indicator
    area: Area
    results: tuple[Result, ...]

    @property
    def references(self) -> tuple[str, ...]:
        """Ids of the observations with a number."""
        return tuple(r.reference for r in self.results if r.is_number)

    @property
    def is_withheld(self) -> bool:
        """Whether a year of it is withheld."""
        return any(r.state == "suppressed" for r in self.results)

    def counts(self, years: Sequence[int]) -> NDArray[np.float64]:
        """Give the number of each year; NaN where there is none.

        Parameters
        ----------
        years : sequence of int

        Returns
        -------
        numpy.ndarray
            One number a year.
        """
        by_year = {r.year: r.value for r in self.results if r.is_number}
        return np.array([by_year.get(year, np.nan) for year in years], dtype=np.float64)


def read_every_source(
    data: PublicData,
    indicator_id: str,
    area: Area,
    first_year: int,
    last_year: int,
    **dimensions: str,
) -> list[Series]:
    """Read one indicator in one area from each source that has it, every period, oldest first.

    Parameters
    ----------
    data : PublicData
    indicator_id : str
    area : Area
    first_year, last_year : int
        Both are in it.
    **dimensions : str
        The total where not said.

    Returns
    -------
    list of Series
        By source; sources that differ stay apart. Provisional years are in them.
    """
    found: dict[str, list[Result]] = {}
    for result in data.series(indicator_id, area.area_id, **dimensions):
        if first_year <= result.year <= last_year:
            found.setdefault(result.source_id, []).append(result)
    indicator = data.indicators.get(indicator_id)
    return [Series(indicator, area, tuple(found[source])) for source in sorted(found)]


def read_series(
    data: PublicData,
    indicator_id: str,
    area: Area,
    first_year: int,
    last_year: int,
    **dimensions: str,
) -> Series:
    """Read the whole years of one indicator in one area, by the publisher that has most of them.

    Parameters
    ----------
    data : PublicData
    indicator_id : str
    area : Area
    first_year, last_year : int
        Both are in it.
    **dimensions : str
        ``sex``, ``origin`` or ``citizenship``; the total where not said.

    Returns
    -------
    Series
        Publishers are never mixed in one series: a step from one to another would look like a
        change. Editions of one publisher make one series; of two editions on the same year the
        later one stands. Where two publishers have equally many years, the first by name stands.
    """
    rows = [
        r
        for r in data.series(indicator_id, area.area_id, **dimensions)
        if _is_whole_year(r) and first_year <= r.year <= last_year and _is_over(r)
    ]
    editions = data.editions
    by_publisher: dict[str, dict[int, Result]] = {}
    for row in sorted(rows, key=lambda r: (r.year, editions[r.source_id][1], r.source_id)):
        by_publisher.setdefault(editions[row.source_id][0], {})[row.year] = row
    chosen = min(by_publisher, key=lambda name: (-len(by_publisher[name]), name), default="")
    years = by_publisher.get(chosen, {})
    indicator = data.indicators.get(indicator_id)
    return Series(indicator, area, tuple(years[y] for y in sorted(years)))


def _is_over(result: Result) -> bool:
    """Whether the year was over when it was counted; a sum of its twelve months always is."""
    return result.status != "provisional" or result.method == WHOLE_YEAR


def _is_whole_year(result: Result) -> bool:
    is_year = result.period_start.endswith("-01-01") and result.period_end.endswith("-12-31")
    return is_year and result.period_start[:4] == result.period_end[:4]
