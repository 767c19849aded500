"""One figure of many municipalities beside each other, one of them highlighted.

No league table: places stand in the order of the alphabet. By size of the number they may stand
only where it does not count people whom a rank would harm (:func:`may_rank`). What is withheld
takes part in nothing that could tell of it: no order, no scale, no sum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.assessment.benchmark import join_benchmarks, read_national
from analysis.assessment.comparable import Span, is_relatable, may_rank
from analysis.assessment.movement import relate
from analysis.assessment.peers import Peers, find_peers
from analysis.assessment.picking import (
    choose_source,
    find_newest,
    list_comparable,
    pick_figure,
    read_spans,
)
from analysis.assessment.rates import RATE
from analysis.assessment.reading import Computed, Reading
from analysis.assessment.standings import NOT_COMPARED, stand_beside
from analysis.catalog import Area, Indicator, load_areas
from analysis.methods import Result
from analysis.store.read import PublicData, read_public

if TYPE_CHECKING:
    from analysis.assessment.rates import Rate
    from analysis.workspace import Workspace

COUNTRY = "MK"
ORDERS = ("name", "value")


class CompareError(ValueError):
    """A comparison that cannot be made as asked."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One municipality in a comparison.

    Parameters
    ----------
    area : Area
    count : Result
        The observation.
    rate : Rate, optional
        The count in relation to residents, where the comparison is one of rates.
    standing : str
        ``similar``, ``higher``, ``lower``, ``better``, ``worse`` or ``not_compared``.
    others : tuple of Result
        Figures of other sources for the same period that differ; they are shown, never averaged.
    """

    area: Area
    count: Result
    rate: Rate | None
    standing: str
    others: tuple[Result, ...]

    @property
    def shown(self) -> Result:
        """What stands in the chart: the rate, or the figure itself."""
        return self.rate.rate if self.rate else self.count


@dataclass(frozen=True, slots=True)
class PeerComparison(Reading):
    """One figure of some municipalities beside each other.

    Parameters
    ----------
    area, country : Area
        The municipality that is highlighted, and the country.
    indicator : Indicator
    span : Span
        The period of all figures; blank for facts, of which each municipality has its newest.
    spans : tuple of Span
        The periods that can be asked for, newest first.
    peers : Peers
    order : str
        ``name`` or ``value``.
    places : tuple of Compared
        By id of the area; the words of a language put them into the order of its alphabet.
    national : Result
        The country's value where it can be compared with; otherwise with the reason why not.
    data : PublicData
    """

    area: Area
    country: Area
    indicator: Indicator
    span: Span
    spans: tuple[Span, ...]
    peers: Peers
    order: str
    places: tuple[Compared, ...]
    national: Result
    data: PublicData

    @property
    def here(self) -> Compared:
        """The municipality that is highlighted."""
        return next(p for p in self.places if p.area.area_id == self.area.area_id)

    @property
    def is_rate(self) -> bool:
        """Whether counts stand in relation to residents."""
        return any(p.rate is not None for p in self.places)

    @property
    def results(self) -> list[Result]:
        """Every observation that is shown or that a rate is made of."""
        own = [r for p in self.places for r in (p.count, *p.others)]
        own += [r for p in self.places if p.rate for r in p.rate.results]
        own += [self.national, self.peers.residents]
        return [r for r in own if r.source_id and r.reference]

    @property
    def computed(self) -> list[Computed]:
        """The rates with their intervals, and those of the country beside them, each once."""
        rates = [(p.area, p.rate) for p in self.places if p.rate]
        own = [Computed(RATE, self.indicator, area, rate.rate) for area, rate in rates]
        beside = {rate.benchmark.inputs: rate.benchmark for _, rate in rates}
        told = [
            Computed(RATE, self.indicator, self.country, benchmark)
            for inputs, benchmark in beside.items()
            if inputs and benchmark.state != "no_data"
        ]
        return own + told


def load_comparison(
    workspace: Workspace,
    area: str,
    indicator_id: str,
    peers: str = "size",
    period: str = "",
    order: str = "name",
) -> PeerComparison:
    """Read a comparison from the public zone.

    Parameters
    ----------
    workspace : Workspace
    area, indicator_id, peers, period, order : str
        As in :func:`make_comparison`.

    Returns
    -------
    PeerComparison

    Raises
    ------
    AreaError, CompareError, IndicatorError, PeersError
        As :func:`make_comparison`.
    StoreError
        When nothing has been built.
    """
    return make_comparison(read_public(workspace), area, indicator_id, peers, period, order)


def make_comparison(
    data: PublicData,
    area: str,
    indicator_id: str,
    peers: str = "size",
    period: str = "",
    order: str = "name",
) -> PeerComparison:
    """Put one figure of a municipality beside that of others.

    Parameters
    ----------
    data : PublicData
        All areas.
    area : str
        Code or name of a municipality, in any language.
    indicator_id : str
        One of :func:`list_comparable`.
    peers : str
        ``size``, ``region`` or ``all``.
    period : str
        A period as :class:`Span` writes it, ``2021`` for instance; unless given, the newest in
        which one municipality at least has a number.
    order : str
        ``name``, or ``value`` where :func:`may_rank` allows it.

    Returns
    -------
    PeerComparison
        Counts stand in relation to residents where they can.

    Raises
    ------
    AreaError, IndicatorError, PeersError
        When one of them is not known.
    CompareError
        When no municipality has the figure, the period is not held, or the order is refused.
    """
    indicator = data.indicators.get(indicator_id)
    here = load_areas().find(area)
    country = load_areas().get(COUNTRY)
    _check_order(indicator, order)
    spans = read_spans(data, indicator)
    if not spans:
        known = ", ".join(i.indicator_id for i in list_comparable(data))
        msg = (
            f"No municipality has a figure of '{indicator_id}' that may be compared. "
            f"Choose one of: {known}."
        )
        raise CompareError(msg)
    span = _choose_span(data, indicator, spans, period)
    group = find_peers(data, here, peers)
    source = choose_source(data, indicator, span)
    places, national = _place_all(data, indicator, country, group, span, source)
    return PeerComparison(
        here, country, indicator, span, spans, group, order, places, national, data
    )


def _check_order(indicator: Indicator, order: str) -> None:
    if order not in ORDERS:
        msg = f"'{order}' is no order. Write 'name', or 'value' where it is allowed."
        raise CompareError(msg)
    if order == "value" and not may_rank(indicator):
        msg = (
            f"'{indicator.indicator_id}' counts people, and people are no league table: places "
            "may stand in the order of the alphabet only. Write 'name'."
        )
        raise CompareError(msg)


def _choose_span(
    data: PublicData, indicator: Indicator, spans: tuple[Span, ...], period: str
) -> Span:
    named = {str(s): s for s in spans}
    if period and period not in named:
        msg = (
            f"No municipality has a figure of '{indicator.indicator_id}' for '{period}'. "
            f"Held are: {', '.join(named)}."
        )
        raise CompareError(msg)
    return named[period] if period else find_newest(data, indicator, spans)


def _place_all(
    data: PublicData,
    indicator: Indicator,
    country: Area,
    group: Peers,
    span: Span,
    source: str,
) -> tuple[tuple[Compared, ...], Result]:
    found = [(a, *pick_figure(data, indicator, a, span, source)) for a in group.everyone]
    if not is_relatable(indicator):
        national = read_national(data, indicator, country, span, source)
        places = tuple(
            Compared(a, count, None, stand_beside(count, national, indicator), others)
            for a, count, others in found
        )
        return places, national
    rates = [_relate(data, indicator, a, country, count) for a, count, _ in found]
    if not any(r.rate.is_number for r in rates) and any(c.is_number for _, c, _ in found):
        # No residents of a year near enough: the counts stand as they are.
        national = Result(state="not_applicable", unit=indicator.unit, reason="")
        return tuple(Compared(a, c, None, NOT_COMPARED, o) for a, c, o in found), national
    national = join_benchmarks(rates)
    places = tuple(
        Compared(a, count, rate, rate.standing, others)
        for (a, count, others), rate in zip(found, rates, strict=True)
    )
    return places, national


def _relate(
    data: PublicData, indicator: Indicator, area: Area, country: Area, count: Result
) -> Rate:
    rate = relate(data, indicator, area, country, count)
    return replace(rate, standing=stand_beside(rate.rate, rate.benchmark, indicator))
