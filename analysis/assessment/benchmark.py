"""The country's figure that places of a comparison are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.picking import pick_figure
from analysis.methods import Result
from analysis.store.read import NO_ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment.comparable import Span
    from analysis.assessment.rates import Rate
    from analysis.catalog import Area, Indicator
    from analysis.store.read import PublicData

DIFFERENT_RESIDENTS = "the residents that rates are related to are of different kinds"


def read_national(
    data: PublicData, indicator: Indicator, country: Area, span: Span, source: str
) -> Result:
    """Read the figure of the country, where it is a measure of one place as well.

    Parameters
    ----------
    data : PublicData
    indicator : Indicator
    country : Area
    span : Span
    source : str

    Returns
    -------
    Result
        ``not_applicable`` for counts, whose national figure is the sum of all.
    """
    if indicator.measure not in {"share", "rate"} and indicator.unit != "percent":
        # The country's number is the sum of all, not a measure of one.
        return Result(state="not_applicable", unit=indicator.unit)
    count, _ = pick_figure(data, indicator, country, span, source)
    return count


def join_benchmarks(rates: Sequence[Rate]) -> Result:
    """Give the one benchmark of several rates, or say why there is none.

    Parameters
    ----------
    rates : sequence of Rate

    Returns
    -------
    Result
        ``no_data`` with its reason where the rates are held against different numbers.
    """
    numbers = {r.benchmark.value: r.benchmark for r in rates if r.benchmark.is_number}
    if len(numbers) == 1:
        return next(iter(numbers.values()))
    withheld = [r.benchmark for r in rates if r.benchmark.state == "suppressed"]
    if withheld and not numbers:
        return withheld[0]
    reason = DIFFERENT_RESIDENTS if numbers else NO_ROW
    return Result(state="no_data", unit="per_1000", reason=reason)
