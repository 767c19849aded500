"""Trafficking in human beings over the years: victims by status, justice, policy facts.

Each status is a population of its own, each source keeps its row, and nothing is added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.assessment.outlook import Outlook, look_ahead
from analysis.assessment.period import EARLIEST, LATEST, Period
from analysis.assessment.places import find_trend_area
from analysis.assessment.reading import Computed, Reading
from analysis.assessment.series import Series, read_every_source
from analysis.assessment.splits import Split, read_splits
from analysis.assessment.trends import Trend, judge_trends
from analysis.catalog import Area, load_areas
from analysis.catalog.monitoring import (
    EvaluationRound,
    Milestone,
    ProgrammePhase,
    Tier,
    load_evaluation_rounds,
    load_milestones,
    load_programmes,
    load_tiers,
)
from analysis.catalog.populations import load_populations
from analysis.store.read import PublicData, read_public

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.methods import Result
    from analysis.workspace import Workspace

VICTIMS = "victims"
DOMAINS = frozenset({"trafficking", "victim_services"})
SERVICES = ("has_local_antitrafficking_commission", "has_mobile_team")


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Dated facts of policy that are no figures."""

    tiers: tuple[Tier, ...]
    rounds: tuple[EvaluationRound, ...]
    programmes: tuple[ProgrammePhase, ...]
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True, slots=True)
class Trafficking(Reading):
    """All that is printed of trafficking in one area.

    Parameters
    ----------
    area : Area
        A country, the group of countries, or a municipality.
    period : Period
    places : tuple of Area
        The countries whose figures are read: for a municipality its country, because figures
        of victims are not shown below it.
    victims, justice : tuple of Series
        Every indicator, place and source, all periods; justice from suspects to convictions.
    trends : tuple of Trend
        Which way yearly series go, by the publisher with most years.
    splits : tuple of Split
        Victims by form, sex, age and citizenship.
    monitoring : Monitoring
    services : tuple of (Area, Result)
        Where commissions and mobile teams are known.
    outlooks : tuple of Outlook
    data : PublicData
    """

    area: Area
    period: Period
    places: tuple[Area, ...]
    victims: tuple[Series, ...]
    justice: tuple[Series, ...]
    trends: tuple[Trend, ...]
    splits: tuple[Split, ...]
    monitoring: Monitoring
    services: tuple[Series, ...]
    outlooks: tuple[Outlook, ...]
    data: PublicData

    @property
    def is_municipal(self) -> bool:
        """Whether the area is a municipality, for which no victims are shown."""
        return self.area.level == "municipality"

    @property
    def results(self) -> list[Result]:
        """Every observation that is printed, in the order of the page."""
        own = [r for s in (*self.victims, *self.justice, *self.services) for r in s.results]
        own += [r for t in self.trends for r in t.series.results]
        own += [split.result for split in self.splits]
        return [r for r in own if r.source_id and r.reference]

    @property
    def computed(self) -> list[Computed]:
        """Changes a year and forecasts, in the order of the page."""
        ahead = [c for o in self.outlooks for c in o.computed]
        return [*(t.computed for t in self.trends), *ahead]


def load_trafficking(workspace: Workspace, area: str, period: str) -> Trafficking:
    """Read trafficking in one area from the public zone.

    Parameters
    ----------
    workspace : Workspace
    area : str
        Code or name of a country, of the group of countries, or of a municipality.
    period : str
        First and last year, such as ``2014-2025``.

    Returns
    -------
    Trafficking

    Raises
    ------
    AreaError
        When the area is not known.
    PeriodError
        When the period is none, or the area has no such notebook.
    StoreError
        When nothing has been built.
    """
    return make_trafficking(read_public(workspace), area, period)


def make_trafficking(data: PublicData, area: str, period: str) -> Trafficking:
    """Read trafficking in one area from protected data that are in memory.

    Parameters
    ----------
    data : PublicData
        All areas.
    area, period : str

    Returns
    -------
    Trafficking

    Raises
    ------
    AreaError, PeriodError
        As :func:`load_trafficking`.
    """
    here = find_trend_area(area)
    years = Period.parse(period)
    places = _countries(here)
    ids = _indicators(data, places)
    victims = [i for i in ids if i in _of_victims()]
    trends = _judge(data, ids, places, years)
    return Trafficking(
        area=here,
        period=years,
        places=places,
        victims=tuple(_every(data, victims, places, years)),
        justice=tuple(_every(data, [i for i in ids if i not in victims], places, years)),
        trends=trends,
        splits=tuple(s for p in places for i in victims for s in read_splits(data, i, p, years)),
        monitoring=_monitor(places, years),
        services=tuple(_services(data, here)),
        outlooks=tuple(
            look_ahead(data, t.series.indicator.indicator_id, t.series.area, years.last)
            for t in trends
            if t.series.indicator.indicator_id in victims and len(places) == 1
        ),
        data=data,
    )


def _countries(here: Area) -> tuple[Area, ...]:
    areas = load_areas()
    if here.level == "group":
        return tuple(areas.at_level("country"))
    if here.level == "country":
        return (here,)
    return tuple(areas.get(i) for i in areas.ancestors(here) if areas.get(i).level == "country")


def _of_victims() -> frozenset[str]:
    return frozenset(p.indicator_id for p in load_populations() if p.subject == VICTIMS)


def _indicators(data: PublicData, places: Iterable[Area]) -> list[str]:
    """List the counted flows that have a row in any place, in the order of the catalogue."""
    ids = {p.area_id for p in places}
    held = data.find_held(ids)
    return [
        i.indicator_id
        for i in data.indicators
        if i.domain in DOMAINS and i.measure == "flow" and i.indicator_id in held
    ]


def _every(
    data: PublicData, ids: Iterable[str], places: tuple[Area, ...], years: Period
) -> list[Series]:
    return [
        s
        for i in ids
        for p in places
        for s in read_every_source(data, i, p, years.first, years.last)
    ]


def _judge(
    data: PublicData, ids: Iterable[str], places: tuple[Area, ...], years: Period
) -> tuple[Trend, ...]:
    family = load_areas().at_level("country")
    found = []
    for indicator_id in ids:
        judged = judge_trends(data, indicator_id, family, years.last, years.first)
        found += [judged[p.area_id] for p in places if len(judged[p.area_id].series.results) > 1]
    return tuple(found)


def _monitor(places: tuple[Area, ...], years: Period) -> Monitoring:
    ids = {p.area_id for p in places}
    return Monitoring(
        tiers=tuple(
            t
            for t in load_tiers()
            if t.area_id in ids and years.first <= int(t.report_year) <= years.last
        ),
        rounds=tuple(r for r in load_evaluation_rounds() if r.area_id in ids),
        programmes=tuple(p for p in load_programmes() if ids & set(p.area_ids)),
        milestones=tuple(m for m in load_milestones() if m.area_id in ids),
    )


def _services(data: PublicData, here: Area) -> list[Series]:
    areas = load_areas()
    if here.level == "municipality":
        places = [here]
    else:
        places = [*areas.at_level("municipality"), *areas.at_level("city")]
        places = [p for p in places if here.area_id in areas.ancestors(p)]
    return [
        s for i in SERVICES for p in places for s in read_every_source(data, i, p, EARLIEST, LATEST)
    ]
