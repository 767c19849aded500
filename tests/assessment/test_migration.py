"""Migration and trafficking over the years: who is in them, who is not, and from which source."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest

from analysis.assessment.migration import FORECAST, Migration, make_migration
from analysis.assessment.period import Period, PeriodError
from analysis.assessment.trafficking import make_trafficking
from analysis.catalog import AreaError
from analysis.store.files import OBSERVATIONS, read_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.store.read import PublicData
    from analysis.workspace import Workspace

YEARS = "2014-2025"


@pytest.fixture(scope="module")
def migration(data: PublicData) -> Callable[[str], Migration]:
    # Forecasts take seconds; every test reads the same ones.
    return functools.cache(lambda area: make_migration(data, area, YEARS))


def test_flows_and_stocks_stand_apart(migration: Callable[[str], Migration]) -> None:
    found = migration("MK")
    assert {t.series.indicator.measure for t in found.flows} == {"flow"}
    assert {s.indicator.measure for s in found.stocks} == {"stock"}
    assert {t.series.indicator.owner for t in found.abroad} <= {"eurostat", "undesa", "worldbank"}
    assert not {t.series.indicator.owner for t in found.flows} & {"eurostat"}
    assert [o.area.area_id for o in found.origins] == ["MK"]
    assert {o.series.indicator.indicator_id for o in found.outlooks} <= FORECAST


def test_a_country_is_judged_among_all_countries(
    migration: Callable[[str], Migration],
) -> None:
    alone = migration("RS")
    group = migration("WB")
    in_group = {
        (t.series.indicator.indicator_id, t.series.area.area_id): t
        for t in (*group.flows, *group.abroad)
    }
    assert len(alone.flows) > 3
    for trend in (*alone.flows, *alone.abroad):
        same = in_group[trend.series.indicator.indicator_id, "RS"]
        assert (same.label, same.change) == (trend.label, trend.change)
    assert {p.area_id for p in group.places} == {"AL", "BA", "ME", "MK", "RS", "XK"}
    assert [o.series.area.area_id for o in group.outlooks] == ["ROUTE-WB"]


def test_origins_are_shares_of_the_printed_total(migration: Callable[[str], Migration]) -> None:
    (origins,) = migration("MK").origins
    assert origins.year == 2024
    counts = [o.count.value for o in origins.largest]
    assert counts == sorted(counts, reverse=True)
    first = origins.largest[0]
    assert first.share.value == pytest.approx(100 * first.count.value / origins.total.value)
    assert first.share.lower < first.share.value < first.share.upper
    assert first.share.inputs == (first.count.reference, origins.total.reference)


def test_every_printed_figure_is_in_the_public_table(
    workspace: Workspace, data: PublicData, migration: Callable[[str], Migration]
) -> None:
    ids = set(read_table(workspace.public / OBSERVATIONS)["observation_id"])
    for area in ("MK", "RS", "WB", "kumanovo"):
        for reading in (migration(area), make_trafficking(data, area, YEARS)):
            assert reading.results, area
            assert {r.reference for r in reading.results} <= ids
            known = set(reading.sources["source_id"])
            assert {r.source_id for r in reading.results} == known
            assert reading.data_date


def test_victims_keep_every_source_and_are_never_municipal(data: PublicData) -> None:
    found = make_trafficking(data, "RS", YEARS)
    of_2018 = {
        r.value
        for s in found.victims
        if s.indicator.indicator_id == "trafficking_identified_victims_persons"
        for r in s.results
        if r.period_start == "2018-01-01" and r.period_end == "2018-12-31"
    }
    assert of_2018 == {53, 76}
    town = make_trafficking(data, "kumanovo", YEARS)
    assert town.is_municipal
    assert {s.area.area_id for s in (*town.victims, *town.justice)} == {"MK"}
    assert {s.area.area_id for s in town.services} == {"MK-703"}


def test_statuses_of_victims_are_series_of_their_own(data: PublicData) -> None:
    found = make_trafficking(data, "MK", YEARS)
    ids = [t.series.indicator.indicator_id for t in found.trends]
    assert len(ids) == len(set(ids))
    assert "trafficking_identified_victims_persons" in ids
    assert "trafficking_presumed_victims_persons" in ids
    withheld = [s for s in found.splits if s.result.state == "suppressed"]
    assert withheld
    assert all(s.result.value is None for s in withheld)


def test_policy_facts_carry_their_dates_and_verification(data: PublicData) -> None:
    held = make_trafficking(data, "MK", YEARS).monitoring
    assert {t.area_id for t in held.tiers} == {"MK"}
    assert [t.report_year for t in held.tiers] == [str(y) for y in range(2014, 2026)]
    assert [r.round for r in held.rounds] == ["1", "2", "3"]
    assert all(m.verification for m in held.milestones)
    assert {"MK"} <= set(held.programmes[0].area_ids)
    early = make_trafficking(data, "MK", "2014-2016").monitoring
    assert [t.report_year for t in early.tiers] == ["2014", "2015", "2016"]


@pytest.mark.parametrize("make", [make_migration, make_trafficking])
def test_areas_and_periods_that_do_not_fit_are_refused(make, data: PublicData) -> None:
    with pytest.raises(PeriodError, match="Northeast is a region; .*for a municipality. Name one"):
        make(data, "MK007", YEARS)
    with pytest.raises(AreaError, match="'Atlantis' is not"):
        make(data, "Atlantis", YEARS)
    with pytest.raises(PeriodError, match="'lately' is not a period. Write the first and the last"):
        make(data, "MK", "lately")


@pytest.mark.parametrize("text", ["2020-2020", "2025-2014", "1200-1300"])
def test_a_period_runs_forward(text: str) -> None:
    with pytest.raises(PeriodError, match="does not run forward over at least two years"):
        Period.parse(text)
