"""Comparisons: like beside like, people in no league table, nothing told of what is withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.assessment.benchmark import DIFFERENT_RESIDENTS
from analysis.assessment.comparable import Span, counts_people, is_relatable, may_rank
from analysis.assessment.compare import (
    CompareError,
    PeerComparison,
    load_comparison,
    make_comparison,
)
from analysis.assessment.peers import PeersError, find_peers
from analysis.assessment.picking import list_comparable
from analysis.assessment.profile import make_profile
from analysis.assessment.standings import stand_beside
from analysis.catalog import AreaError, IndicatorError, load_areas, load_indicators
from analysis.methods import Result
from analysis.store.read import PublicData
from analysis.store.schema import identify

from .conftest import make_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analysis.workspace import Workspace

    Row = dict[str, object]

HERE = "MK-703"
REGION = ("MK-701", "MK-702", "MK-704", "MK-705", "MK-706")
BIRTHS = "live_births_persons"
RESIDENTS = "resident_population_persons"
MIDYEAR = "midyear_population_persons"
VICTIMS = "trafficking_identified_victims_persons"


def _residents(value: float = 10_000, year: int = 2021) -> list[Row]:
    everyone = [make_row(RESIDENTS, a, year, value) for a in (HERE, *REGION)]
    return [*everyone, make_row(RESIDENTS, "MK", year, 1_000_000)]


def _births(*counts: float | None, year: int = 2022) -> list[Row]:
    rows = [
        make_row(BIRTHS, a, year, n, state="suppressed" if n is None else "")
        for a, n in zip((HERE, *REGION), counts, strict=False)
    ]
    return [*rows, make_row(BIRTHS, "MK", year, 10_000)]


def _near(found: PeerComparison) -> list[str]:
    return sorted(a.name_en for a in found.peers.members)


# Peers


def test_peers_of_size_are_the_ten_that_are_nearest_as_a_ratio(data: PublicData) -> None:
    peers = find_peers(data, load_areas().get(HERE), "size")
    own = data.one(RESIDENTS, HERE, 2021).value
    sizes = {
        a.area_id: data.one(RESIDENTS, a.area_id, 2021).value
        for a in load_areas().at_level("municipality")
        if a.area_id != HERE
    }
    far = {i: max(n / own, own / n) for i, n in sizes.items()}
    members = {a.area_id for a in peers.members}
    assert len(members) == 10
    assert HERE not in members
    assert max(far[i] for i in members) < min(far[i] for i in far if i not in members)
    assert peers.residents.value == 98_104


def test_peers_of_the_region_and_all_are_all_but_oneself(data: PublicData) -> None:
    here = load_areas().get(HERE)
    assert {a.area_id for a in find_peers(data, here, "region").members} == set(REGION)
    everyone = find_peers(data, here, "all")
    assert len(everyone.members) == 79
    assert len(everyone.everyone) == 80


def test_a_tie_is_decided_by_the_id(make_data: Callable[[Iterable[Row]], PublicData]) -> None:
    areas = load_areas().at_level("municipality")
    rows = [make_row(RESIDENTS, a.area_id, 2021, 5_000) for a in areas]
    peers = find_peers(make_data(rows), load_areas().get(HERE), "size")
    first = sorted(a.area_id for a in areas if a.area_id != HERE)[:10]
    assert [a.area_id for a in peers.members] == first


def test_without_a_census_nobody_is_similar(
    make_data: Callable[[Iterable[Row]], PublicData],
) -> None:
    data = make_data(_births(100))
    assert find_peers(data, load_areas().get(HERE), "size").members == ()
    found = make_comparison(data, HERE, BIRTHS, "size")
    assert [p.area.area_id for p in found.places] == [HERE]


def test_an_unknown_kind_of_peers_is_a_sentence(data: PublicData) -> None:
    with pytest.raises(PeersError, match="'friends' is no kind of peers. Write one of: size, reg"):
        make_comparison(data, "kumanovo", RESIDENTS, "friends")


# What is compared


def test_counts_become_the_rates_of_the_profile(data: PublicData) -> None:
    found = load_like_profile(data, "bitola", "unhcr_stateless_persons")
    (rate,) = [
        r
        for r in make_profile(data, "bitola").registered_rates
        if r.indicator.indicator_id == "unhcr_stateless_persons"
    ]
    assert found.is_rate
    assert found.here.rate is not None
    assert found.here.rate.rate == rate.rate
    assert found.here.standing == rate.standing == "higher"
    assert found.national == rate.benchmark
    assert found.here.count.value == 28


def load_like_profile(data: PublicData, area: str, indicator: str) -> PeerComparison:
    return make_comparison(data, area, indicator, "all")


def test_every_figure_with_municipal_rows_can_be_compared(data: PublicData) -> None:
    ids = [i.indicator_id for i in list_comparable(data)]
    assert "population_change_pct" in ids
    assert "asylum_applications_persons" not in ids, "counted for the country alone"
    assert VICTIMS not in ids
    for i in ids:
        found = make_comparison(data, "butel", i, "all")
        assert len(found.places) == 80
        assert any(p.shown.is_number for p in found.places)


def test_loading_reads_the_public_zone(workspace: Workspace, data: PublicData) -> None:
    loaded = load_comparison(workspace, "Куманово", RESIDENTS, "region")
    made = make_comparison(data, HERE, RESIDENTS, "region")
    assert [p.shown for p in loaded.places] == [p.shown for p in made.places]


def test_a_full_count_has_no_interval_and_is_not_compared(data: PublicData) -> None:
    found = make_comparison(data, HERE, "population_change_pct", "all")
    assert not found.is_rate
    assert found.national.value == pytest.approx(-9.188, abs=0.001)
    assert {p.standing for p in found.places} == {"not_compared"}


def test_the_sum_of_the_country_is_no_value_to_compare_with(data: PublicData) -> None:
    found = make_comparison(data, HERE, RESIDENTS, "region")
    assert found.national.state == "not_applicable"
    assert found.national.value is None


def test_residents_too_long_ago_leave_the_counts(data: PublicData) -> None:
    found = make_comparison(data, HERE, "municipal_arrivals_persons", "all")
    assert str(found.span) == "2007-2011"
    assert not found.is_rate
    assert {p.standing for p in found.places} == {"not_compared"}


def test_the_newest_period_is_taken_and_others_can_be_asked_for(
    make_data: Callable[[Iterable[Row]], PublicData],
) -> None:
    data = make_data([*_residents(), *_births(100, 90), *_births(80, 70, year=2020)])
    newest = make_comparison(data, HERE, BIRTHS, "region")
    assert [str(s) for s in newest.spans] == ["2022", "2020"]
    assert newest.here.count.value == 100
    assert make_comparison(data, HERE, BIRTHS, "region", "2020").here.count.value == 80


def test_a_period_of_withheld_numbers_alone_is_passed_over_unless_there_is_no_other(
    make_data: Callable[[Iterable[Row]], PublicData],
) -> None:
    silent = _births(None, None, year=2023)[:2]
    data = make_data([*_residents(), *_births(80, year=2020), *silent])
    assert str(make_comparison(data, HERE, BIRTHS, "region").span) == "2020"
    alone = make_comparison(make_data([*_residents(), *silent]), HERE, BIRTHS, "region")
    assert str(alone.span) == "2023"
    assert alone.here.shown.state == "suppressed"


def test_one_source_for_all_and_the_others_beside_it(
    make_data: Callable[[Iterable[Row]], PublicData],
) -> None:
    more = [
        make_row(BIRTHS, HERE, 2022, 120, source="s3"),
        make_row(BIRTHS, REGION[0], 2022, 90, source="s3"),
    ]
    data = make_data([*_residents(), *_births(100, 90, 80), *more])
    found = make_comparison(data, HERE, BIRTHS, "region")
    by_id = {p.area.area_id: p for p in found.places}
    assert {p.count.source_id for p in found.places if p.count.is_number} == {"s1"}
    assert [r.value for r in by_id[HERE].others] == [120]
    assert by_id[REGION[0]].others == (), "the same number differs from nothing"


def test_a_newer_edition_stands_where_two_name_as_many(
    make_data: Callable[[Iterable[Row]], PublicData],
) -> None:
    later = [
        row | {"source_id": "s2", "value": float(row["value"]) + 1} for row in _births(100, 90)
    ]
    found = make_comparison(make_data([*_residents(), *_births(100, 90), *later]), HERE, BIRTHS)
    assert found.here.count.value == 101


def test_residents_of_different_kinds_have_no_common_line(
    make_data: Callable[[Iterable[Row]], PublicData],
) -> None:
    middle = [make_row(MIDYEAR, HERE, 2022, 9_000), make_row(MIDYEAR, "MK", 2022, 900_000)]
    found = make_comparison(
        make_data([*_residents(), *middle, *_births(100, 90)]), HERE, BIRTHS, "region"
    )
    assert found.national.state == "no_data"
    assert found.national.reason == DIFFERENT_RESIDENTS
    assert found.here.rate is not None
    assert found.here.rate.benchmark.is_number, "each stands beside the country of its own kind"


def test_facts_are_the_newest_of_each_place(data: PublicData) -> None:
    found = make_comparison(data, HERE, "has_local_antitrafficking_commission", "all")
    years = {p.count.year for p in found.places if p.count.is_number}
    assert len(years) > 1
    assert found.span == Span("", "")
    assert {p.shown.state for p in found.places} == {"value", "no_data"}, "no row is no 'no'"


def test_five_states_stay_apart(make_data: Callable[[Iterable[Row]], PublicData]) -> None:
    rows = [*_residents(), *_births(100, 0, None)]
    rows.append(make_row(BIRTHS, REGION[2], 2022, None, state="not_applicable"))
    found = make_comparison(make_data(rows), HERE, BIRTHS, "region")
    states = {p.area.area_id: p.shown.state for p in found.places}
    assert [states[a] for a in (HERE, *REGION)] == [
        "value",
        "zero",
        "suppressed",
        "not_applicable",
        "no_data",
        "no_data",
    ]


# Words


@pytest.mark.parametrize(
    ("direction", "domain", "expected"),
    [
        ("neutral", "population", ("lower", "similar", "higher")),
        ("target_range", "integration", ("lower", "similar", "higher")),
        ("higher_is_better", "integration", ("worse", "similar", "better")),
        ("lower_is_better", "integration", ("better", "similar", "worse")),
        ("higher_is_better", "trafficking", ("lower", "similar", "higher")),
        ("lower_is_better", "asylum", ("lower", "similar", "higher")),
    ],
)
def test_better_and_worse_only_where_the_catalogue_judges_and_never_of_people_in_danger(
    direction: str, domain: str, expected: tuple[str, ...]
) -> None:
    births = load_indicators().get(BIRTHS)
    judged = replace(births, direction=direction, domain=domain)
    national = Result(state="value", value=10.0)
    limits = ((8.0, 7.0, 9.0), (9.0, 8.0, 10.0), (12.0, 11.0, 13.0))
    said = tuple(
        stand_beside(Result(state="value", value=v, lower=a, upper=b), national, judged)
        for v, a, b in limits
    )
    assert said == expected


def test_nothing_is_compared_without_interval_or_benchmark() -> None:
    births = load_indicators().get(BIRTHS)
    number, bounded = Result(state="value", value=5.0), Result("value", 5.0, 4.0, 6.0)
    withheld = Result(state="suppressed")
    assert stand_beside(number, Result(state="value", value=9.0), births) == "not_compared"
    assert stand_beside(bounded, withheld, births) == "not_compared"
    assert stand_beside(withheld, Result(state="value", value=9.0), births) == "not_compared"
    assert stand_beside(bounded, Result(state="value", value=9.0), births) == "lower"


# No league table


def test_people_are_never_ordered_by_their_number() -> None:
    ranked = {i.indicator_id for i in load_indicators() if may_rank(i)}
    for i in load_indicators():
        if i.domain in {"trafficking", "victim_services", "asylum"} and i.unit == "persons":
            assert i.indicator_id not in ranked
    assert {"population_change_pct", BIRTHS, "has_mobile_team"} <= ranked
    victims = [i for i in load_indicators() if i.domain == "trafficking" and i.unit == "percent"]
    assert victims
    assert not {i.indicator_id for i in victims} & ranked


def test_an_order_that_is_refused_is_a_sentence(data: PublicData) -> None:
    with pytest.raises(CompareError, match="'unhcr_refugees_persons' counts people, and people"):
        make_comparison(data, HERE, "unhcr_refugees_persons", "all", order="value")
    with pytest.raises(CompareError, match="'best' is no order. Write 'name'"):
        make_comparison(data, HERE, RESIDENTS, "all", order="best")


def test_victims_of_one_year_in_one_place_are_not_compared(
    make_data: Callable[[Iterable[Row]], PublicData],
) -> None:
    yearly = [make_row(VICTIMS, a, 2022, 12) for a in (HERE, *REGION)]
    data = make_data([*_residents(), *yearly, *_births(100)])
    assert [i.indicator_id for i in list_comparable(data)] == [RESIDENTS, BIRTHS]
    with pytest.raises(CompareError, match=f"No municipality has a figure of '{VICTIMS}' that"):
        make_comparison(data, HERE, VICTIMS)
    pooled = [row | {"period_start": "2013-01-01"} for row in yearly]
    found = make_comparison(make_data([*_residents(), *yearly, *pooled]), HERE, VICTIMS, "region")
    assert [str(s) for s in found.spans] == ["2013-2022"]


def test_what_counts_people_and_what_residents_go_under() -> None:
    indicators = load_indicators()
    assert counts_people(indicators.get(VICTIMS))
    assert not counts_people(indicators.get("population_change_pct"))
    assert is_relatable(indicators.get(BIRTHS))
    for i in (RESIDENTS, MIDYEAR, "population_change_persons", "has_mobile_team"):
        assert not is_relatable(indicators.get(i)), i


# Wrong words


def test_a_period_that_is_not_held_is_a_sentence(data: PublicData) -> None:
    with pytest.raises(CompareError, match="for '1999'. Held are: 2021, 2002."):
        make_comparison(data, HERE, RESIDENTS, "all", "1999")


def test_unknown_places_and_figures_are_refused(data: PublicData) -> None:
    with pytest.raises(AreaError, match="'Atlantis' is not a municipality"):
        make_comparison(data, "Atlantis", RESIDENTS)
    with pytest.raises(IndicatorError, match="'happiness_score' is not an indicator"):
        make_comparison(data, HERE, "happiness_score")


# What is withheld


counts = st.one_of(st.none(), st.integers(0, 400))


@settings(max_examples=25)
@given(
    shown=st.lists(counts, min_size=6, max_size=6),
    hidden=st.lists(st.floats(1, 9e6), min_size=6, max_size=6),
)
def test_nothing_of_a_comparison_depends_on_a_number_that_is_withheld(
    shown: list[int | None], hidden: list[float]
) -> None:
    rows = [*_residents(), *_births(*shown)]
    plain, told = (_data(rows), _data(_tell(rows, hidden)))
    first, second = (make_comparison(d, HERE, BIRTHS, "region") for d in (plain, told))
    for one, other in zip(first.places, second.places, strict=True):
        assert (one.shown.state, one.shown.value) == (other.shown.state, other.shown.value)
        assert (one.shown.lower, one.shown.upper) == (other.shown.lower, other.shown.upper)
        assert one.standing == other.standing
        if one.count.state == "suppressed":
            assert one.shown.state == "suppressed"
            assert other.shown.n is None
            assert one.standing == "not_compared"
    assert first.national == second.national


def _data(rows: Iterable[Row]) -> PublicData:
    frame = pd.DataFrame(list(rows))
    sources = pd.DataFrame(
        {"source_id": ["s1"], "publisher": ["Office"], "as_of": ["2024"], "verification": ["read"]}
    )
    return PublicData(frame.assign(observation_id=identify(frame)), sources, load_indicators())


def _tell(rows: Iterable[Row], hidden: list[float]) -> list[Row]:
    """Leave in withheld rows what must never be used: numerator, denominator and limits."""
    secrets = iter(hidden)
    told = []
    for row in rows:
        extra: Row = {}
        if row["state"] == "suppressed":
            secret = next(secrets)
            extra = dict.fromkeys(("numerator", "denominator", "lower", "upper"), secret)
        told.append(row | extra)
    return told


def test_a_withheld_row_that_holds_its_number_is_refused() -> None:
    rows = [*_residents(), *_births(100, None)]
    rows = [r | {"value": 7.0} if r["state"] == "suppressed" else r for r in rows]
    with pytest.raises(ValueError, match="'suppressed' may not carry the value"):
        make_comparison(_data(rows), HERE, BIRTHS, "region")
    assert np.isnan(make_row(BIRTHS, HERE, 2022, None, state="suppressed")["value"])
