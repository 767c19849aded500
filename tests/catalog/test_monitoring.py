"""Tiers, evaluations, programmes and milestones: dated, sourced, and silent where nobody knows."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.catalog import CatalogueError, load_areas
from analysis.catalog import monitoring_schemas as rules
from analysis.catalog.monitoring import (
    check_monitoring,
    load_centre_events,
    load_evaluation_rounds,
    load_milestones,
    load_programmes,
    load_tiers,
)
from analysis.catalog.monitoring_rows import check_monitoring_rows, refuse_strangers
from analysis.catalog.populations import load_categories, load_populations


def tier(**changes: str) -> pd.DataFrame:
    row = {
        "record_id": "MK-2024",
        "area_id": "MK",
        "report_year": "2024",
        "tier": "2",
        "source": "report",
        "locator": "page 1",
        "verification": "verified",
    }
    return pd.DataFrame([row | changes])


def milestone(**changes: str) -> pd.DataFrame:
    row = {
        "record_id": "mk-law",
        "area_id": "MK",
        "topic": "compensation",
        "kind": "law",
        "date": "2022-11",
        "until": "",
        "event_en": "Adopted.",
        "amount_eur": "",
        "amount_of": "",
        "source": "gazette",
        "verification": "partly",
    }
    return pd.DataFrame([row | changes])


def test_each_table_has_its_rows() -> None:
    assert check_monitoring() == {
        "tiers.csv": 138,
        "evaluation_rounds.csv": 13,
        "programmes.csv": 3,
        "milestones.csv": 8,
        "centre_events.csv": 17,
        "populations.csv": 19,
        "categories.csv": 63,
    }


@pytest.mark.parametrize(
    ("area", "year", "expected"),
    [
        ("AL", "2001", "3"),
        ("AL", "2008", "2 watch list"),
        ("RS", "2024", "2 watch list"),
        ("XK", "2022", "2"),
    ],
)
def test_a_tier_is_read_back_with_its_source(area: str, year: str, expected: str) -> None:
    found = next(t for t in load_tiers() if (t.area_id, t.report_year) == (area, year))
    assert found.tier == expected
    assert found.source
    assert found.verification == "verified"


def test_a_year_without_a_source_has_no_tier_and_none_is_carried_forward() -> None:
    silent = [t for t in load_tiers() if not t.tier]
    assert len(silent) == 19
    assert {t.verification for t in silent} == {"unverified"}
    assert next(t for t in silent if t.record_id == "RS-2025")


def test_what_was_inferred_is_not_called_verified() -> None:
    inferred = [t for t in load_tiers() if t.source.startswith("inferred")]
    assert len(inferred) > 3
    assert {t.verification for t in inferred} == {"partly"}


def test_an_adoption_is_no_publication() -> None:
    rounds = {r.record_id: r for r in load_evaluation_rounds()}
    serbia = rounds["RS-2"]
    assert (serbia.adopted_from, serbia.adopted_to) == ("2017-11-20", "2017-11-24")
    assert serbia.published == ""
    third = rounds["MK-3"]
    assert (third.visit_from, third.visit_to) == ("2022-03-14", "2022-03-18")
    assert third.published == "2023"
    assert rounds["XK-ad-hoc"].round == "ad hoc"


def test_phases_of_the_horizontal_facility_name_the_areas_with_an_action() -> None:
    first, second, third = load_programmes()
    assert (first.start, first.end) == ("2016-10-01", "2019-05-23")
    assert second.area_ids == ("BA", "MK", "RS")
    assert (third.phase, third.end) == ("III", "2026-12")


def test_an_amount_that_is_not_known_is_not_zero() -> None:
    found = {m.record_id: m for m in load_milestones()}
    assert found["mk-compensation-commission"].amount_eur == 5000
    assert found["mk-compensation-2011"].amount_eur == 0
    assert found["rs-first-compensation"].amount_eur is None
    assert found["mk-compensation-fund"].until == "2025"


def test_closed_centres_are_told_from_suspended_ones() -> None:
    by_status = {
        status: {e.centre for e in load_centre_events() if e.status == status}
        for status in ("closed_permanently", "suspended")
    }
    assert by_status["closed_permanently"] == {"Šid", "Dimitrovgrad", "Kikinda"}
    assert by_status["suspended"] == {"Pirot", "Bosilegrad", "Sombor"}
    assert all(e.category in load_categories() for e in load_centre_events())


def test_statuses_of_victims_are_different_populations() -> None:
    victims = [p for p in load_populations() if p.subject == "victims"]
    assert len({p.indicator_id for p in victims}) == len(victims) == 10
    homes = {p.word: p.indicator_id for p in victims}
    assert homes["identified"] == "trafficking_identified_victims_persons"
    assert homes["detected"] == "detected_victims_persons"
    assert homes["official plus potential"] == "trafficking_registered_victims_persons"


def test_every_fact_has_an_area_and_a_source() -> None:
    known = {area.area_id for area in load_areas()}
    facts = [*load_tiers(), *load_evaluation_rounds(), *load_milestones(), *load_centre_events()]
    assert {f.area_id for f in facts} <= known
    assert all(f.source and f.verification for f in facts)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tier": "4"}, r"tiers.csv: 'MK-2024' has the tier '4', which must be one of: blank, 1"),
        ({"report_year": "1999"}, r"'MK-2024' has the report_year '1999', which must be a year"),
        ({"tier": ""}, r"'MK-2024' breaks a rule: a year without a tier is unverified"),
        ({"source": ""}, r"'MK-2024' has no source: it must not be blank"),
        ({"verification": "sure"}, r"has the verification 'sure', which must be one of: verified"),
        ({"area_id": "XX"}, r"'MK-2024' names 'XX', which areas.csv does not hold"),
    ],
)
def test_a_wrong_tier_is_a_sentence_with_its_record(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(CatalogueError, match=sentence):
        check_monitoring_rows(tier(**changes), rules.TIER_TABLE, "tiers.csv")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount_eur": "5000"}, "breaks a rule: amount_eur and amount_of belong together"),
        (
            {"amount_eur": "5e3", "amount_of": "x"},
            "has the amount_eur '5e3', which must be blank or a whole number of euro",
        ),
        ({"date": "11.2022"}, "has the date '11.2022', which must be a year, a month or a day"),
        ({"until": "2021"}, "breaks a rule: the until must not come before the date"),
        ({"until": "2022-10"}, "breaks a rule: the until must not come before the date"),
        ({"kind": "rumour"}, "has the kind 'rumour', which must be one of: law, institution"),
    ],
)
def test_a_wrong_milestone_is_a_sentence(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(CatalogueError, match=f"milestones.csv: 'mk-law' {sentence}"):
        check_monitoring_rows(milestone(**changes), rules.MILESTONE_TABLE, "milestones.csv")


@pytest.mark.parametrize("until", ["2022", "2022-11", "2023", "2022-11-01"])
def test_dates_of_unlike_exactness_are_compared_as_far_as_both_go(until: str) -> None:
    frame = milestone(until=until)
    assert check_monitoring_rows(frame, rules.MILESTONE_TABLE, "milestones.csv")


def test_a_stranger_is_named() -> None:
    with pytest.raises(CatalogueError, match="'I' names 'TR', which areas.csv does not hold"):
        refuse_strangers("programmes.csv", "I", ["RS", "TR"], {"RS"}, "areas.csv")
