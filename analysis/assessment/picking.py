"""Finding the figures that may stand beside each other: which periods, which source, which row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.comparable import VICTIMS, Span, counts_people
from analysis.catalog import load_areas
from analysis.methods import Result
from analysis.store.read import NO_ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.catalog import Area, Indicator
    from analysis.store.read import PublicData

YES_NO = "yes_no"


def list_comparable(data: PublicData) -> list[Indicator]:
    """List the indicators that have figures of municipalities which may stand beside each other.

    Parameters
    ----------
    data : PublicData

    Returns
    -------
    list of Indicator
        In the order of the catalogue.
    """
    held = data.find_held({a.area_id for a in load_areas().at_level("municipality")})
    return [i for i in data.indicators if i.indicator_id in held and read_spans(data, i)]


def list_municipal(data: PublicData, indicator: Indicator) -> list[Result]:
    """List the totals of every municipality, each source and period.

    Parameters
    ----------
    data : PublicData
    indicator : Indicator

    Returns
    -------
    list of Result
    """
    areas = load_areas().at_level("municipality")
    return [r for a in areas for r in data.series(indicator.indicator_id, a.area_id)]


def read_spans(data: PublicData, indicator: Indicator) -> tuple[Span, ...]:
    """List the periods that can be compared, newest first.

    Parameters
    ----------
    data : PublicData
    indicator : Indicator

    Returns
    -------
    tuple of Span
        Of victims, periods of several years only. One blank period for a fact, of which each
        municipality has its newest.
    """
    spans = {Span.of(r) for r in list_municipal(data, indicator)}
    if spans and indicator.unit == YES_NO:
        # When a body was founded differs from place to place: each has its newest fact.
        return (Span("", ""),)
    if indicator.domain in VICTIMS and counts_people(indicator):
        # Victims of one year in one municipality are nobody's to compare.
        spans = {s for s in spans if s.is_pooled}
    return tuple(sorted(spans, key=lambda s: (s.end, s.start), reverse=True))


def find_newest(data: PublicData, indicator: Indicator, spans: Sequence[Span]) -> Span:
    """Find the newest period in which a municipality has a number.

    Parameters
    ----------
    data : PublicData
    indicator : Indicator
    spans : sequence of Span
        Newest first, at least one.

    Returns
    -------
    Span
        The newest of all where every number is withheld.
    """
    with_number = {Span.of(r) for r in list_municipal(data, indicator) if r.is_number}
    return next((s for s in spans if s in with_number), spans[0])


def choose_source(data: PublicData, indicator: Indicator, span: Span) -> str:
    """Choose the source that names most municipalities; of two, the newer one, then by id.

    Parameters
    ----------
    data : PublicData
    indicator : Indicator
    span : Span

    Returns
    -------
    str
        Id of a source. One for all: sources are never mixed in one comparison.
    """
    counted: dict[str, int] = {}
    for result in list_municipal(data, indicator):
        if not span.end or Span.of(result) == span:
            counted[result.source_id] = counted.get(result.source_id, 0) + 1
    dates = data.editions
    ranked = sorted(counted)
    return max(ranked, key=lambda s: (counted[s], dates[s][1]))


def pick_figure(
    data: PublicData, indicator: Indicator, area: Area, span: Span, source: str
) -> tuple[Result, tuple[Result, ...]]:
    """Pick the figure of an area from a source, and what other sources say that differs.

    Parameters
    ----------
    data : PublicData
    indicator : Indicator
    area : Area
    span : Span
    source : str

    Returns
    -------
    (Result, tuple of Result)
        Without a row the result is in the state ``no_data``.
    """
    series = data.series(indicator.indicator_id, area.area_id)
    fitting = [r for r in series if not span.end or Span.of(r) == span]
    own = [r for r in fitting if r.source_id == source] or (fitting if not span.end else [])
    if not own:
        silent = Result(
            state="no_data",
            unit=indicator.unit,
            reason=NO_ROW,
            period_start=span.start,
            period_end=span.end,
        )
        return silent, tuple(fitting)
    count = own[-1]
    # Where either is withheld, whether they differ is nobody's to know.
    differ = (r for r in fitting if r.source_id != count.source_id)
    others = tuple(r for r in differ if not r.is_number or r.value != count.value)
    return count, others if span.end else ()
