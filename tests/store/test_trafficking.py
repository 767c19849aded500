"""Figures on trafficking: with their source, status by status, and withheld as the policy says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.catalog.populations import load_populations
from analysis.protection.reasons import PROTECTS
from analysis.sources.published import PublishedError, complete_dimensions, read_published
from analysis.store.build import BuildError, build_observations
from analysis.store.files import OBSERVATIONS, read_table
from analysis.store.read import read_public
from analysis.store.schema import DIMENSIONS, LATER, identify

if TYPE_CHECKING:
    from analysis.workspace import Workspace

IDENTIFIED = "trafficking_identified_victims_persons"
PRESUMED = "trafficking_presumed_victims_persons"
DETECTED = "detected_victims_persons"
VICTIMS = "trafficking_victims.csv"
FACTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "facts"
needs_facts = pytest.mark.skipif(
    not FACTS.is_dir(), reason="the reference files are not beside this checkout"
)


@pytest.fixture(scope="module")
def built(workspace: Workspace) -> pd.DataFrame:
    return build_observations(workspace.published).observations


@pytest.fixture(scope="module")
def public(workspace: Workspace) -> pd.DataFrame:
    return read_table(workspace.public / OBSERVATIONS)


def pick(frame: pd.DataFrame, indicator: str, area: str, year: int, **split: str) -> pd.DataFrame:
    wanted = dict.fromkeys(DIMENSIONS, "total") | split
    rows = frame.loc[
        frame["indicator_id"].eq(indicator)
        & frame["area_id"].eq(area)
        & frame["period_end"].str.startswith(str(year))
    ]
    for name, value in wanted.items():
        rows = rows.loc[rows[name].eq(value)]
    return rows.set_index("source_id")


@pytest.mark.parametrize(
    ("indicator", "area", "year", "source", "value"),
    [
        (IDENTIFIED, "RS", 2023, "centre-rs-2023", 66),
        (IDENTIFIED, "MK", 2022, "press-nova-makedonija-2023", 9),
        (PRESUMED, "MK", 2019, "usdos-tip-2020", 124),
        ("trafficking_official_victims_persons", "AL", 2018, "usdos-tip-2019", 2),
        ("trafficking_registered_victims_persons", "AL", 2019, "usdos-tip-2020", 103),
        ("trafficking_reports_persons", "RS", 2023, "centre-rs-2023", 168),
        ("mobile_team_contacts_persons", "MK", 2018, "unwomen-evaw-mk-2018", 390),
        ("victims_given_direct_assistance_persons", "MK", 2018, "unwomen-evaw-mk-2018", 40),
        (DETECTED, "MK", 2021, "unodc-glotip", 48),
        ("trafficking_convicted_persons", "BA", 2020, "press-xinhua-2021", 30),
        ("reception_registered_persons", "RS", 2022, "kirs-2022", 124_127),
        ("reception_present_persons", "RS", 2023, "kirs-2022", 3_059),
        ("midyear_population_persons", "RS", 2025, "sors", 6_549_901),
    ],
)
def test_a_national_figure_comes_through_with_its_source(
    public: pd.DataFrame, indicator: str, area: str, year: int, source: str, value: float
) -> None:
    row = pick(public, indicator, area, year).loc[source]
    assert (row["value"], row["state"], row["reason"]) == (value, "value", "")
    assert row["locator"]


def test_sources_that_differ_both_stay(public: pd.DataFrame) -> None:
    serbia = pick(public, IDENTIFIED, "RS", 2018)["value"].to_dict()
    assert serbia == {"press-novosti-2019": 53, "usdos-tip-2019": 76}
    assert pick(public, IDENTIFIED, "RS", 2019)["value"].tolist() == [39, 36]
    children = pick(public, PRESUMED, "MK", 2018, age="child")["value"].to_dict()
    assert children == {"unwomen-evaw-mk-2018": 81, "usdos-tip-2019": 79}
    detected = pick(public, DETECTED, "RS", 2018)["value"].to_dict()
    assert detected == {"unodc-glotip": 32}, "detected is not identified"


def test_statuses_never_share_an_indicator(built: pd.DataFrame) -> None:
    words = {p.indicator_id for p in load_populations() if p.subject == "victims"}
    shipped = set(built.loc[built["snapshot_id"].str.startswith(VICTIMS), "indicator_id"])
    assert len(words & shipped) == 9, "all but detected, which has a table of its own"


def test_less_than_five_is_a_range_and_never_a_number(
    built: pd.DataFrame, public: pd.DataFrame
) -> None:
    for frame in (built, public):
        ranges = frame.loc[frame["indicator_id"].eq(DETECTED) & frame["state"].eq("suppressed")]
        assert len(ranges) == 10
        assert ranges[["value", "numerator", "lower", "upper"]].isna().all(axis=None)
        assert set(ranges["note"]) == {"<5 as published"}
    assert pick(public, DETECTED, "MK", 2017)["state"].tolist() == ["suppressed"]


def test_a_small_breakdown_of_a_country_is_withheld_and_its_total_is_not(
    built: pd.DataFrame, public: pd.DataFrame
) -> None:
    child = pick(built, IDENTIFIED, "MK", 2019, age="child")
    assert child["value"].tolist() == [4]
    for split in ({"age": "child"}, {"category": "form:forced_labour"}, {"citizenship": "foreign"}):
        row = pick(public, IDENTIFIED, "MK", 2019, **split).iloc[0]
        assert (row["state"], row["reason"], row["note"]) == ("suppressed", PROTECTS, "")
        assert pd.isna(row["value"])
    assert pick(public, IDENTIFIED, "MK", 2019)["value"].tolist() == [6]
    assert pick(public, IDENTIFIED, "MK", 2015)["value"].tolist() == [4], "an office printed it"


def test_no_breakdown_below_five_is_public(public: pd.DataFrame) -> None:
    cited = public["snapshot_id"].str.startswith(("trafficking_", "detected_"))
    persons = public["indicator_id"].str.endswith("_persons")
    split = public[list(DIMENSIONS)].ne("total").any(axis=1)
    shown = public.loc[cited & persons & split & public["state"].eq("value")]
    assert len(shown) > 200
    assert shown["value"].min() >= 5
    notes = public.loc[cited & public["state"].eq("value"), "note"]
    assert not notes.str.contains("all girls|all but one|[^0-9][1-4] children").any()


def test_what_was_not_verified_stays_marked(public: pd.DataFrame) -> None:
    cited = public.loc[public["snapshot_id"].str.startswith("trafficking_")]
    unverified = cited.loc[cited["verification"].eq("unverified")]
    assert set(unverified["source_id"]) == {
        "press-novosti-2019",
        "centre-rs-2023",
        "press-kosovo-2016",
        "osce-skopje-2007",
    }
    derived = pick(public, IDENTIFIED, "RS", 2022).loc["centre-rs-2023"]
    assert (derived["status"], derived["verification"]) == ("estimate", "unverified")
    medium = pick(public, IDENTIFIED, "RS", 2023).loc["centre-rs-2023"]
    assert "read with medium confidence" in medium["note"]


def test_part_of_a_year_keeps_its_days(public: pd.DataFrame) -> None:
    teams = pick(public, "mobile_team_contacts_persons", "MK", 2018)
    assert teams.loc["unwomen-evaw-mk-2018", "period_start"] == "2018-03-01"
    assert teams.loc["usdos-tip-2019", "period_start"] == "2018-01-01"
    half = pick(public, IDENTIFIED, "RS", 2013).loc["press-beta-2013"]
    assert (half["period_end"], half["status"]) == ("2013-06-30", "provisional")


def test_what_the_publisher_summed_is_the_sum_of_its_parts(built: pd.DataFrame) -> None:
    teams = built.loc[
        built["indicator_id"].eq("mobile_team_contacts_persons")
        & built["source_id"].eq("unwomen-evaw-mk-2018")
    ]
    for name in ("sex", "citizenship", "category"):
        assert teams.loc[teams[name].ne("total"), "value"].sum() == 390, name
    outcomes = built.loc[built["indicator_id"].eq("trafficking_reports_by_outcome_persons")]
    assert outcomes["value"].sum() == 168
    serbia = built.loc[built["source_id"].eq("sors") & built["area_id"].str.startswith("RS-")]
    levels = serbia["area_id"].str.fullmatch(r"RS-\d{5}")
    assert levels.sum() == 168
    assert serbia.loc[levels, "value"].sum() == 6_549_901
    assert serbia.loc[~levels, "value"].sum() == 6_549_901


def test_centres_stand_apart_within_one_municipality(public: pd.DataFrame) -> None:
    sid = public.loc[
        public["area_id"].eq("RS-80497")
        & public["indicator_id"].eq("reception_present_persons")
        & public["period_end"].eq("2023-01-16")
    ].set_index("category")["value"]
    assert sid.to_dict() == {
        "centre:adasevci": 103,
        "centre:principovac": 162,
        "centre:sid_stanica": 88,
    }


def test_readers_ask_for_age_and_category(workspace: Workspace) -> None:
    data = read_public(workspace, ["RS"])
    children = data.series(IDENTIFIED, "RS", age="child")
    assert 17 in [r.value for r in children if r.year == 2020]
    totals = [r.value for r in data.series(IDENTIFIED, "RS") if r.year == 2020]
    assert totals == [48]
    forms = data.breakdown(IDENTIFIED, "RS", 2021, "category")
    assert forms["form:sexual_exploitation"].value == 23
    ages = data.breakdown(IDENTIFIED, "RS", 2021, "age")
    assert ages == {}, "by sex and age is no breakdown by age"


def test_ids_of_figures_that_are_not_split_stayed_as_they_were(built: pd.DataFrame) -> None:
    whole = built.loc[built[list(LATER)].eq("total").all(axis=1)].head(5)
    one = whole.iloc[[0]]
    split = one.assign(age="child")
    other = one.assign(category="child")
    ids = {identify(frame).iloc[0] for frame in (one, split, other)}
    assert len(ids) == 3
    row = built.loc[
        built["indicator_id"].eq("resident_population_persons")
        & built["area_id"].eq("MK-703")
        & built["period_start"].str.startswith("2021")
    ].iloc[0]
    assert row["observation_id"] == "4064654c0c9c"


def test_a_table_that_does_not_split_is_of_all() -> None:
    frame = pd.DataFrame({"sex": ["female"]})
    assert complete_dimensions(frame).iloc[0].to_dict() == {
        "sex": "female",
        "age": "total",
        "category": "total",
    }
    assert list(frame.columns) == ["sex"]


def _spoil(workspace: Workspace, column: str, value: str) -> int:
    path = workspace.published / VICTIMS
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[3, column] = value
    frame.to_csv(path, index=False)
    return 5


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("age", "minor", "age is 'minor', which must be one of: total, adult, child"),
        ("sex", "f", "sex is 'f', which must be one of: total, female, male"),
        ("category", "form:x", "category is 'form:x', which must be total or a category"),
        ("citizenship", "abroad", "citizenship is 'abroad', which must be total, national"),
        ("verification", "sure", "verification is 'sure', which must be one of: read"),
        ("locator", " ", "locator is ' ', which must not be blank"),
        ("period_end", "2018", "period_end is '2018', which must be a day, year-month-day"),
        ("value", "4.5", "persons are counted in whole numbers from 0"),
        ("value", "-4", "persons are counted in whole numbers from 0"),
    ],
)
def test_a_wrong_row_is_named_with_its_place(
    own_workspace: Workspace, column: str, value: str, sentence: str
) -> None:
    line = _spoil(own_workspace, column, value)
    with pytest.raises(PublishedError, match=f"^{VICTIMS}, line {line}: {sentence}"):
        read_published(own_workspace.published)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("indicator_id", "victims_persons", "'victims_persons' is not an indicator"),
        ("area_id", "YU", "'YU' is not an area id"),
        ("value", "<5", "'<5' is not a number"),
    ],
)
def test_a_row_that_cannot_be_placed_fails_the_build(
    own_workspace: Workspace, column: str, value: str, sentence: str
) -> None:
    line = _spoil(own_workspace, column, value)
    with pytest.raises(BuildError, match=f"^{VICTIMS}, line {line}: {sentence}"):
        build_observations(own_workspace.published)


@needs_facts
def test_every_total_of_the_reference_files_is_there(built: pd.DataFrame) -> None:
    facts = pd.read_csv(FACTS / "cross_source_totals.csv", dtype=str).melt(["country", "year"])
    facts = facts.loc[facts["value"].notna()]
    cited = built.loc[built["snapshot_id"].str.startswith(("trafficking_victims", "detected_"))]
    totals = cited.loc[cited[list(DIMENSIONS)].eq("total").all(axis=1)]
    held = {
        (row["area_id"], row["period_end"][:4], "<5" if pd.isna(row["value"]) else row["value"])
        for row in totals.to_dict("records")
    }
    wanted = {
        (row["country"], row["year"], "<5" if row["value"] == "<5" else float(row["value"]))
        for row in facts.to_dict("records")
    }
    assert len(wanted) > 130
    assert wanted - held == set()
