"""The profile of a municipality: every number that its page, dashboard and brief print.

One object, read from the public zone once. Pages, dashboards and briefs choose from it and never
go back to the table, so that they cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.assessment.gaps import Gap, find_gaps
from analysis.assessment.movement import Movement, read_movements, relate
from analysis.assessment.rates import RATE
from analysis.assessment.reading import Computed, Reading
from analysis.catalog import Area, Indicator, load_areas
from analysis.store.read import PublicData, read_public

if TYPE_CHECKING:
    from analysis.assessment.rates import Rate
    from analysis.methods import Result
    from analysis.workspace import Workspace

FIRST_CENSUS = 2002
LAST_CENSUS = 2021
LAST_YEAR = 2025
ROUTE_AREA = "ROUTE-WB"
COUNTRY = "MK"
REGISTERED = (
    "unhcr_refugees_persons",
    "unhcr_asylum_seekers_persons",
    "unhcr_stateless_persons",
    "unhcr_idps_persons",
    "unhcr_others_of_concern_persons",
)
NATIONAL_STOCKS = (
    "unhcr_refugees_persons",
    "unhcr_refugees_from_ukraine_persons",
    "unhcr_asylum_seekers_persons",
    "unhcr_stateless_persons",
)
NATIONAL_FLOWS = (
    "asylum_applications_persons",
    "eu27_first_asylum_applicants_persons",
    "registered_emigration_persons",
    "registered_immigration_persons",
)
SERVICES = ("has_local_antitrafficking_commission", "has_mobile_team")
CAPACITY = "reception_capacity_places"
ORIGINS_SHOWN = 5


class ProfileError(ValueError):
    """A profile that cannot be made as asked."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Residents of one area in two censuses."""

    area: Area
    before: Result
    after: Result
    change: Result
    change_pct: Result


@dataclass(frozen=True, slots=True)
class Registered:
    """One kind of person under UNHCR's mandate in one place, by year."""

    indicator: Indicator
    results: tuple[Result, ...]

    @property
    def has_number(self) -> bool:
        """Whether at least one year can be shown."""
        return any(r.is_number for r in self.results)

    @property
    def newest(self) -> Result | None:
        """The newest year, where it has a number: an older one would pass for today's."""
        last = self.results[-1]
        return last if last.is_number else None


@dataclass(frozen=True, slots=True)
class Profile(Reading):
    """All that is printed of one municipality.

    Parameters
    ----------
    area, region, country : Area
    reference_year : int
        Last year that is shown.
    residents : tuple of Comparison
        The municipality, its region, the country.
    change_everywhere : dict of str to Result
        Change in per cent of each municipality, by area id.
    registered : tuple of Registered
        Kinds of persons with at least one row here; empty where UNHCR names no one here.
    registered_rates : tuple of Rate
        The newest number of each kind in relation to residents.
    movements : tuple of Movement
        Births, deaths and moves by year; empty where no source gives them here.
    national : dict of str to tuple of Result
        Stocks and flows of the country, by indicator.
    origins : tuple of (str, Result)
        Largest origins of applicants in the last year with figures.
    route_years, route_months : tuple of Result
        Detections on the route: whole years, and the months after the last whole year.
    services : dict of str to tuple of Result
        Facts on services in the municipality.
    gaps : tuple of Gap
    data : PublicData
        The rows that the profile was read from.
    """

    area: Area
    region: Area
    country: Area
    reference_year: int
    residents: tuple[Comparison, ...]
    change_everywhere: dict[str, Result]
    registered: tuple[Registered, ...]
    registered_rates: tuple[Rate, ...]
    movements: tuple[Movement, ...]
    national: dict[str, tuple[Result, ...]]
    origins: tuple[tuple[str, Result], ...]
    route_years: tuple[Result, ...]
    route_months: tuple[Result, ...]
    services: dict[str, tuple[Result, ...]]
    gaps: tuple[Gap, ...]
    data: PublicData

    @property
    def results(self) -> list[Result]:
        """Every result of the profile that has a source, in the order of the page."""
        own = [r for c in self.residents for r in (c.before, c.after, c.change, c.change_pct)]
        own += [r for kind in self.registered for r in kind.results]
        own += [r for rate in self.registered_rates for r in rate.results]
        own += [r for movement in self.movements for r in movement.results]
        own += [r for series in self.national.values() for r in series]
        own += [r for _, r in self.origins]
        own += [*self.route_years, *self.route_months]
        own += [r for series in self.services.values() for r in series]
        return [r for r in own if r.source_id]

    @property
    def rows(self) -> list[Result]:
        """The printed results, and the change of every municipality, which the map shows."""
        return [*self.results, *self.change_everywhere.values()]

    @property
    def computed(self) -> list[Computed]:
        """Rates with their intervals, and the change a year of each series that was judged."""
        rates = [*self.registered_rates, *(m.rate for m in self.movements)]
        own = [Computed(RATE, r.indicator, r.area, r.rate) for r in rates]
        # Of the country too: the page prints it beside each of them.
        beside = [Computed(RATE, r.indicator, self.country, r.benchmark) for r in rates]
        told = [c for c in beside if c.result.inputs]
        return own + told + [m.trend.computed for m in self.movements]


def load_profile(workspace: Workspace, area: str, reference_year: int = LAST_YEAR) -> Profile:
    """Read the profile of a municipality from the public zone.

    Parameters
    ----------
    workspace : Workspace
    area : str
        Code or name of a municipality, in any language.
    reference_year : int
        Last year to show, from 2021 on.

    Returns
    -------
    Profile

    Raises
    ------
    AreaError
        When the area is not known.
    ProfileError
        When the year lies before the census that the profile compares with.
    StoreError
        When nothing has been built.
    """
    return make_profile(read_public(workspace), area, reference_year)


def make_profile(data: PublicData, area: str, reference_year: int = LAST_YEAR) -> Profile:
    """Make the profile of a municipality from protected data that are already in memory.

    Parameters
    ----------
    data : PublicData
        All areas.
    area : str
    reference_year : int

    Returns
    -------
    Profile

    Raises
    ------
    AreaError, ProfileError
        As :func:`load_profile`.
    """
    if reference_year < LAST_CENSUS:
        msg = (
            f"The reference year is {reference_year}; a profile compares the censuses of "
            f"{FIRST_CENSUS} and {LAST_CENSUS} and needs {LAST_CENSUS} or later."
        )
        raise ProfileError(msg)
    areas = load_areas()
    here = areas.find(area)
    region = areas.parent(here)
    country = areas.get(COUNTRY)
    registered = _registered(data, here, reference_year)
    return Profile(
        area=here,
        region=region,
        country=country,
        reference_year=reference_year,
        residents=tuple(_compare(data, a) for a in (here, region, country)),
        change_everywhere={
            a.area_id: data.one("population_change_pct", a.area_id, LAST_CENSUS)
            for a in areas.at_level("municipality")
        },
        registered=registered,
        registered_rates=tuple(
            relate(data, kind.indicator, here, country, kind.newest)
            for kind in registered
            if kind.newest
        ),
        movements=read_movements(
            data, here, areas.at_level("municipality"), country, reference_year
        ),
        national={
            i: _until(data.series(i, COUNTRY), reference_year)
            for i in (*NATIONAL_STOCKS, *NATIONAL_FLOWS)
        },
        origins=_largest_origins(data, reference_year),
        route_years=_until(_route(data, whole_years=True), reference_year),
        route_months=_months_after(data, reference_year),
        services={
            i: _until(data.series(i, here.area_id), reference_year) for i in (*SERVICES, CAPACITY)
        },
        gaps=find_gaps(data, here, reference_year),
        data=data,
    )


def _compare(data: PublicData, area: Area) -> Comparison:
    return Comparison(
        area=area,
        before=data.one("resident_population_persons", area.area_id, FIRST_CENSUS),
        after=data.one("resident_population_persons", area.area_id, LAST_CENSUS),
        change=data.one("population_change_persons", area.area_id, LAST_CENSUS),
        change_pct=data.one("population_change_pct", area.area_id, LAST_CENSUS),
    )


def _registered(data: PublicData, area: Area, up_to: int) -> tuple[Registered, ...]:
    kinds = [
        Registered(data.indicators.get(i), _until(data.series(i, area.area_id), up_to))
        for i in REGISTERED
    ]
    return tuple(kind for kind in kinds if kind.results)


def _largest_origins(data: PublicData, up_to: int) -> tuple[tuple[str, Result], ...]:
    """Give the largest origins of the last final year: a year that still runs ranks nothing."""
    flow = "asylum_applications_persons"
    years = [r.year for r in data.series(flow, COUNTRY) if r.year <= up_to and r.status == "final"]
    if not years:
        return ()
    split = data.breakdown(flow, COUNTRY, max(years), "origin")
    numbers = [(code, r) for code, r in split.items() if r.is_number]
    ranked = sorted(numbers, key=lambda pair: (-(pair[1].value or 0), pair[0]))
    return tuple(ranked[:ORIGINS_SHOWN])


def _route(data: PublicData, *, whole_years: bool) -> list[Result]:
    series = data.series("route_detections_crossings", ROUTE_AREA)
    return [r for r in series if (r.method == "sum of 12 months") == whole_years]


def _months_after(data: PublicData, up_to: int) -> tuple[Result, ...]:
    years = [r.year for r in _route(data, whole_years=True)]
    last = max(years, default=0)
    return tuple(r for r in _route(data, whole_years=False) if last < r.year <= up_to)


def _until(results: list[Result], up_to: int) -> tuple[Result, ...]:
    return tuple(r for r in results if r.year <= up_to)
