"""Migration and asylum over the years: flows and stocks apart, origins, the route, abroad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.assessment.movement import MOVES
from analysis.assessment.origins import Origins, read_origins
from analysis.assessment.outlook import Outlook, Watch, look_ahead, watch_months
from analysis.assessment.period import Period
from analysis.assessment.places import find_trend_area
from analysis.assessment.reading import Computed, Reading
from analysis.assessment.series import Series, read_every_source
from analysis.assessment.trends import Trend, judge_trends
from analysis.catalog import Area, load_areas
from analysis.store.read import PublicData, read_public

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.catalog import Indicator
    from analysis.methods import Result
    from analysis.workspace import Workspace

FLOW_DOMAINS = frozenset({"population", "asylum", "migration", "movement"})
STOCK_DOMAINS = frozenset({"asylum", "migration"})
# Who counts people of an area where they went, not where they left.
ABROAD = frozenset({"eurostat", "undesa", "worldbank"})
ROUTE = "route_detections_crossings"
ROUTE_AREA = "ROUTE-WB"
APPLICATIONS = "asylum_applications_persons"
# Flows that somebody plans by; a forecast of decisions would be a forecast of a policy.
FORECAST = frozenset(
    {
        APPLICATIONS,
        ROUTE,
        "eu27_first_asylum_applicants_persons",
        "registered_emigration_persons",
        "registered_immigration_persons",
        *MOVES,
    }
)


@dataclass(frozen=True, slots=True)
class Migration(Reading):
    """All that is printed of migration in one area.

    Parameters
    ----------
    area : Area
        A country, the group of countries, or a municipality.
    period : Period
        Years that are judged.
    places : tuple of Area
        The area, or the countries of the group.
    flows : tuple of Trend
        What is counted through the year, by indicator and place.
    stocks : tuple of Series
        What is counted at the end of the year.
    abroad : tuple of Trend
        What receiving countries and world-wide compilations report.
    newest : tuple of (Indicator, Area, Result)
        The newest figure of every flow and stock, from each source that has one.
    origins : tuple of Origins
        Largest origins of applicants, by country.
    route : Trend
        Detections on the route, whole years.
    route_watch : Watch
        Months of the route that stand out.
    outlooks : tuple of Outlook
        What may come, for each flow that is long enough, or why nothing is said.
    data : PublicData
    """

    area: Area
    period: Period
    places: tuple[Area, ...]
    flows: tuple[Trend, ...]
    stocks: tuple[Series, ...]
    abroad: tuple[Trend, ...]
    newest: tuple[tuple[Indicator, Area, Result], ...]
    origins: tuple[Origins, ...]
    route: Trend
    route_watch: Watch
    outlooks: tuple[Outlook, ...]
    data: PublicData

    @property
    def results(self) -> list[Result]:
        """Every observation that is printed, in the order of the page."""
        own = [r for t in (*self.flows, *self.abroad) for r in t.series.results]
        own += [r for s in self.stocks for r in s.results]
        own += [r for _, _, r in self.newest]
        own += [r for o in self.origins for r in o.results]
        own += [*self.route.series.results, *self.route_watch.months]
        return [r for r in own if r.source_id and r.reference]

    @property
    def computed(self) -> list[Computed]:
        """Changes a year, shares of origins and forecasts, in the order of the page."""
        trends = [t.computed for t in (*self.flows, *self.abroad, self.route)]
        shares = [
            Computed("share", o.indicator, o.area, origin.share)
            for o in self.origins
            for origin in o.largest
        ]
        return [*trends, *shares, *(c for o in self.outlooks for c in o.computed)]


def load_migration(workspace: Workspace, area: str, period: str) -> Migration:
    """Read migration in one area from the public zone.

    Parameters
    ----------
    workspace : Workspace
    area : str
        Code or name of a country, of the group of countries, or of a municipality.
    period : str
        First and last year, such as ``2014-2025``.

    Returns
    -------
    Migration

    Raises
    ------
    AreaError
        When the area is not known.
    PeriodError
        When the period is none, or the area has no such notebook.
    StoreError
        When nothing has been built.
    """
    return make_migration(read_public(workspace), area, period)


def make_migration(data: PublicData, area: str, period: str) -> Migration:
    """Read migration in one area from protected data that are in memory.

    Parameters
    ----------
    data : PublicData
        All areas.
    area, period : str

    Returns
    -------
    Migration

    Raises
    ------
    AreaError, PeriodError
        As :func:`load_migration`.
    """
    areas = load_areas()
    here = find_trend_area(area)
    years = Period.parse(period)
    places = tuple(areas.at_level("country")) if here.level == "group" else (here,)
    judged = [t for i in _indicators(data, places) for t in _judge(data, i, places, years)]
    flows = [t for t in judged if t.series.indicator.owner not in ABROAD]
    abroad = [t for t in judged if t.series.indicator.owner in ABROAD]
    route_area = areas.get(ROUTE_AREA)
    route = judge_trends(data, ROUTE, [route_area], years.last, years.first)[ROUTE_AREA]
    return Migration(
        area=here,
        period=years,
        places=places,
        flows=tuple(t for t in flows if _is_flow(t.series.indicator)),
        stocks=tuple(t.series for t in flows if t.series.indicator.measure == "stock"),
        abroad=tuple(abroad),
        newest=tuple(_newest(data, places, years)),
        origins=tuple(
            o
            for p in places
            if p.level == "country" and (o := read_origins(data, APPLICATIONS, p, years.last))
        ),
        route=route,
        route_watch=watch_months(data, ROUTE, route_area, years.last),
        outlooks=tuple(
            look_ahead(data, t.series.indicator.indicator_id, t.series.area, years.last)
            # What may come to a country stands in its own document, not in that of the group.
            for t in ((route,) if here.level == "group" else (*flows, *abroad, route))
            if t.series.indicator.indicator_id in FORECAST and t.series.references
        ),
        data=data,
    )


def _is_flow(indicator: Indicator) -> bool:
    return indicator.measure == "flow"


def _indicators(data: PublicData, places: Iterable[Area]) -> list[str]:
    """List what has a row in any place, in the order of the catalogue."""
    ids = {p.area_id for p in places}
    held = data.find_held(ids)
    return [
        i.indicator_id for i in data.indicators if i.indicator_id in held and _is_about_migration(i)
    ]


def _is_about_migration(indicator: Indicator) -> bool:
    if indicator.measure == "flow":
        return indicator.domain in FLOW_DOMAINS
    return indicator.measure == "stock" and indicator.domain in STOCK_DOMAINS


def _judge(
    data: PublicData, indicator_id: str, places: tuple[Area, ...], years: Period
) -> list[Trend]:
    """Judge one indicator among all areas of the kind, and keep the places asked for."""
    family = load_areas().at_level(places[0].level)
    found = judge_trends(data, indicator_id, family, years.last, years.first)
    return [found[p.area_id] for p in places if found[p.area_id].series.results]


def _newest(
    data: PublicData, places: tuple[Area, ...], years: Period
) -> list[tuple[Indicator, Area, Result]]:
    return [
        (data.indicators.get(i), place, series.results[-1])
        for i in _indicators(data, places)
        for place in places
        for series in read_every_source(data, i, place, years.first, years.last)
    ]
