"""The largest origins of a flow in one year, each with its share and interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.methods.rates import estimate_share

if TYPE_CHECKING:
    from analysis.catalog import Area, Indicator
    from analysis.methods import Result
    from analysis.store.read import PublicData

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Origin:
    """One country of origin: its count and its share of the whole."""

    code: str
    count: Result
    share: Result


@dataclass(frozen=True, slots=True)
class Origins:
    """The largest origins of the last final year with a figure.

    The whole is the printed total of the year, so that origins which are not named stay in it.
    """

    indicator: Indicator
    area: Area
    year: int
    total: Result
    largest: tuple[Origin, ...]

    @property
    def results(self) -> list[Result]:
        """The observations behind it."""
        return [self.total, *(o.count for o in self.largest)]


def read_origins(data: PublicData, indicator_id: str, area: Area, last_year: int) -> Origins | None:
    """Read the largest origins of a flow.

    Parameters
    ----------
    data : PublicData
    indicator_id : str
    area : Area
    last_year : int

    Returns
    -------
    Origins or None
        None where no final year up to ``last_year`` is split by origin.
    """
    totals = [
        r
        for r in data.series(indicator_id, area.area_id)
        if r.year <= last_year and r.status != "provisional" and r.is_number
    ]
    for total in reversed(totals):
        split = data.breakdown(indicator_id, area.area_id, total.year, "origin")
        numbers = [(code, r) for code, r in split.items() if r.is_number and r.value]
        if numbers:
            ranked = sorted(numbers, key=lambda pair: (-(pair[1].value or 0), pair[0]))
            largest = tuple(Origin(c, r, _share(r, total)) for c, r in ranked[:SHOWN])
            return Origins(data.indicators.get(indicator_id), area, total.year, total, largest)
    return None


def _share(part: Result, whole: Result) -> Result:
    found = estimate_share([part.value or 0.0], [whole.value or 0.0]).at(0).settle()
    return replace(
        found,
        unit="percent",
        inputs=tuple(r.reference for r in (part, whole) if r.reference),
        source_id=part.source_id,
        period_start=whole.period_start,
        period_end=whole.period_end,
        status="estimate",
    )
