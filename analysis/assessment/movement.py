"""How the people of a municipality move, year by year: births, deaths, moves in and out.

Each figure stands in relation to residents beside the country's, and each series is judged among
all municipalities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.assessment.rates import Rate, relate_to_residents
from analysis.assessment.trends import Trend, judge_trends
from analysis.methods import Result
from analysis.methods.reasons import NO_FIGURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.catalog import Area, Indicator
    from analysis.store.read import PublicData

MOVES = (
    "live_births_persons",
    "deaths_persons",
    "internal_inmigration_persons",
    "internal_outmigration_persons",
    "immigrated_citizens_persons",
    "emigrated_citizens_persons",
    "immigrated_foreigners_persons",
    "emigrated_foreigners_persons",
)
RESIDENTS = "resident_population_persons"
MIDYEAR = "midyear_population_persons"
CENSUSES = (2002, 2021)
# Years between a count and the census that it is related to; farther off, the residents are others.
FARTHEST = 5


@dataclass(frozen=True, slots=True)
class Movement:
    """One flow of a municipality: the newest whole year as a rate, and the trend of the series."""

    rate: Rate
    trend: Trend

    @property
    def results(self) -> list[Result]:
        """The observations of the series, and the rate's own."""
        return [*self.trend.series.results, *self.rate.results]


def read_movements(
    data: PublicData, area: Area, everyone: Sequence[Area], country: Area, last_year: int
) -> tuple[Movement, ...]:
    """Read the yearly flows of a municipality.

    Parameters
    ----------
    data : PublicData
    area : Area
    everyone : sequence of Area
        All municipalities: the family among which false discoveries are controlled.
    country : Area
    last_year : int

    Returns
    -------
    tuple of Movement
        Those with a row here, in the order of :data:`MOVES`.
    """
    found = []
    for indicator_id in MOVES:
        trend = judge_trends(data, indicator_id, everyone, last_year)[area.area_id]
        if not trend.series.results:
            continue
        count = trend.series.results[-1]
        indicator = data.indicators.get(indicator_id)
        found.append(Movement(relate(data, indicator, area, country, count), trend))
    return tuple(found)


def relate(
    data: PublicData, indicator: Indicator, area: Area, country: Area, count: Result
) -> Rate:
    """Relate a count to the residents of its year, or of the census nearest to it.

    Parameters
    ----------
    data : PublicData
    indicator : Indicator
    area, country : Area
    count : Result
        Of the area.

    Returns
    -------
    Rate
        Area and country are related to residents of the same kind and year, so that they can be
        compared.
    """
    year = count.year
    pairs = [
        (data.one(MIDYEAR, area.area_id, year), data.one(MIDYEAR, country.area_id, year)),
        *(
            (
                data.one(RESIDENTS, area.area_id, census),
                data.one(RESIDENTS, country.area_id, census),
            )
            for census in sorted(CENSUSES, key=lambda c: abs(c - year))
            if abs(census - year) <= FARTHEST
        ),
    ]
    residents, country_residents = next(
        (pair for pair in pairs if pair[0].is_number and pair[1].is_number), pairs[0]
    )
    national = _same_source(data, indicator, country, count)
    return relate_to_residents(indicator, area, count, residents, national, country_residents)


def _same_source(data: PublicData, indicator: Indicator, country: Area, count: Result) -> Result:
    """Give the country's figure of the same source and period: nothing else is comparable."""
    found = [
        r
        for r in data.series(indicator.indicator_id, country.area_id)
        if r.source_id == count.source_id and r.period_end == count.period_end
    ]
    if found:
        return found[0]
    return Result(state="no_data", unit=indicator.unit, reason=NO_FIGURE)
