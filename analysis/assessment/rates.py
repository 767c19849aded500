"""Counts in relation to residents, with their interval, beside the country's figure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods import Result
from analysis.methods.rates import compare_with_benchmark, estimate_rate
from analysis.methods.reasons import NO_FIGURE

if TYPE_CHECKING:
    from analysis.catalog import Area, Indicator
    from analysis.methods.estimates import Estimates
    from analysis.methods.rates.compare import Polarity

PER = 1000
RATE = "rate_per_1000_residents"
POLARITY: dict[str, Polarity] = {
    "higher_is_better": "high_is_good",
    "lower_is_better": "low_is_good",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A count per 1,000 residents, and how it stands to the country's.

    Parameters
    ----------
    indicator : Indicator
        What is counted.
    area : Area
    count, residents : Result
        What the rate is made of.
    country_count, country_residents : Result
        What the country's rate is made of.
    rate : Result
        Per 1,000 residents, with its 95 % interval.
    benchmark : Result
        The country's rate; without an interval, because it is the value that is compared with.
    standing : str
        ``similar``, ``higher``, ``lower``, ``better``, ``worse`` or ``not_compared``; better and
        worse only where the catalogue says which direction is good.
    """

    indicator: Indicator
    area: Area
    count: Result
    residents: Result
    country_count: Result
    country_residents: Result
    rate: Result
    benchmark: Result
    standing: str

    @property
    def results(self) -> list[Result]:
        """The observations behind both rates."""
        own = (self.count, self.residents, self.country_count, self.country_residents)
        return [r for r in own if r.reference]


def relate_to_residents(
    indicator: Indicator,
    area: Area,
    count: Result,
    residents: Result,
    country_count: Result,
    country_residents: Result,
) -> Rate:
    """Relate a count to the residents of an area, and to the country.

    Parameters
    ----------
    indicator : Indicator
    area : Area
    count, residents : Result
        Of the area.
    country_count, country_residents : Result
        Of the country.

    Returns
    -------
    Rate
        What is withheld stays withheld: a rate gives its count back.
    """
    rate = _rate(count, residents)
    benchmark = replace(_rate(country_count, country_residents), lower=None, upper=None)
    return Rate(
        indicator=indicator,
        area=area,
        count=count,
        residents=residents,
        country_count=country_count,
        country_residents=country_residents,
        rate=rate,
        benchmark=benchmark,
        standing=_stand(count, residents, benchmark, indicator),
    )


def _estimate(count: Result, residents: Result) -> Estimates:
    states = np.array([count.state if not count.is_number else residents.state], dtype=object)
    return estimate_rate([_float(count)], [_float(residents)], per=PER, given=states)


def _rate(count: Result, residents: Result) -> Result:
    if not residents.is_number:
        return Result(state="no_data", unit="per_1000", reason=NO_FIGURE)
    found = _estimate(count, residents).at(0).settle()
    inputs = tuple(r.reference for r in (count, residents) if r.reference)
    return replace(
        found,
        unit="per_1000",
        inputs=inputs,
        source_id=count.source_id,
        period_start=count.period_start,
        period_end=count.period_end,
        status="estimate",
    )


def _stand(count: Result, residents: Result, benchmark: Result, indicator: Indicator) -> str:
    if not (count.is_number and residents.is_number and benchmark.is_number):
        return "not_compared"
    polarity = POLARITY.get(indicator.direction, "no_judgement")
    made = _estimate(count, residents)
    return str(compare_with_benchmark(made, np.array([benchmark.value]), polarity).label[0])


def _float(result: Result) -> float:
    return float("nan") if result.value is None else result.value
