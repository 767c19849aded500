"""A policy document has a dated status: a draft is never published as adopted."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.catalog import PolicyError, load_areas, load_policies, status_on

STRATEGY = "integration-strategy-2017-2027"


@pytest.mark.parametrize(
    ("policy_id", "day", "area_id", "expected"),
    [
        (STRATEGY, date(2017, 8, 10), None, None),
        (STRATEGY, date(2017, 8, 11), None, "draft"),
        (STRATEGY, date(2017, 8, 11), "MK-501", "refused_locally"),
        (STRATEGY, date(2021, 1, 1), None, "draft"),
        (STRATEGY, date(2021, 1, 1), "MK-501", "refused_locally"),
        (STRATEGY, date(2021, 1, 1), "MK-703", "draft"),
        ("victims-compensation-law", date(2022, 11, 29), None, None),
        ("victims-compensation-law", date(2022, 11, 30), None, "adopted"),
        ("victims-compensation-law", date(2023, 5, 16), None, "adopted"),
        ("victims-compensation-law", date(2023, 5, 17), None, "in_force"),
        ("trafficking-standard-procedures", date(2023, 12, 30), None, None),
        ("trafficking-standard-procedures", date(2023, 12, 31), None, "adopted"),
        ("asylum-law-2003", date(2017, 1, 1), None, "adopted"),
        ("asylum-law-2003", date(2019, 1, 1), None, "expired"),
        ("integration-action-plan-kumanovo", date(2018, 1, 1), None, "needed"),
    ],
)
def test_a_document_has_the_status_of_the_day(
    policy_id: str, day: date, area_id: str | None, expected: str | None
) -> None:
    event = status_on(policy_id, day, area_id)
    assert (event.status if event else None) == expected


def test_the_strategy_was_never_adopted_as_far_as_we_know() -> None:
    events = load_policies().events(STRATEGY)
    assert {e.status for e in events} == {"draft", "refused_locally"}
    assert [e.certain_from for e in events] == sorted(e.certain_from for e in events)


def test_every_event_has_a_source_and_an_area() -> None:
    known = {area.area_id for area in load_areas()}
    for policy_id in load_policies():
        for event in load_policies().events(policy_id):
            assert event.source
            assert event.area_id in known
            assert event.verification


def test_an_unknown_document_is_a_sentence() -> None:
    with pytest.raises(PolicyError, match="'weather-law' is not a policy document.*Known are"):
        status_on("weather-law", date(2020, 1, 1))
