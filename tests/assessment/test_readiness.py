"""Readiness says what is fresh, overdue, missing and conflicting, and leaks nothing."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.assessment.readiness import (
    Readiness,
    ReadinessError,
    judge_freshness,
    judge_readiness,
    load_readiness,
)
from analysis.documents.html import section_html
from analysis.documents.model import Table
from analysis.documents.readiness_sections import compose_readiness
from analysis.store.read import PublicData, read_public

if TYPE_CHECKING:
    from analysis.workspace import Workspace

DAY = "2026-11-22"


@pytest.fixture(scope="module")
def readiness(workspace: Workspace) -> Readiness:
    return load_readiness(workspace, DAY)


@pytest.mark.parametrize(
    ("as_of", "schedule", "day", "expected"),
    [
        ("2025-06-03", "monthly", "2025-07-19", "fresh"),
        ("2025-06-03", "monthly", "2025-07-20", "overdue"),
        ("2025-12", "half-yearly", "2026-10-01", "fresh"),
        ("2025-12", "half-yearly", "2026-10-02", "overdue"),
        ("2024", "yearly", "2026-07-02", "fresh"),
        ("2024", "yearly", "2026-07-03", "overdue"),
        ("", "yearly", "2026-01-01", "no_date"),
        ("2002", "census", "2026-01-01", "no_schedule"),
    ],
)
def test_a_source_is_overdue_a_day_after_it_is_due(
    as_of: str, schedule: str, day: str, expected: str
) -> None:
    assert judge_freshness(as_of, schedule, dt.date.fromisoformat(day)) == expected


def test_every_indicator_is_held_or_wanted(readiness: Readiness) -> None:
    held = {h.indicator.indicator_id for h in readiness.held}
    wanted = {i.indicator_id for i in readiness.wanted}
    assert not held & wanted
    assert held | wanted == {i.indicator_id for i in readiness.data.indicators}
    residents = next(h for h in readiness.held if h.indicator.indicator_id.startswith("resident_"))
    assert (residents.municipalities, residents.freshness) == (80, "no_schedule")
    route = next(h for h in readiness.held if h.indicator.indicator_id.startswith("route_"))
    assert route in readiness.overdue


def test_the_two_capacities_of_one_centre_conflict(readiness: Readiness) -> None:
    centres = [c for c in readiness.conflicts if c.indicator.domain == "reception"]
    assert [(c.area_id, dict(c.values)) for c in centres] == [
        ("MK-803", {"unhcr-help": 200.0, "w2eu-2023": 150.0})
    ]


def test_counts_of_victims_that_differ_conflict(readiness: Readiness) -> None:
    victims = {
        (c.area_id, c.period_end[:4]): dict(c.values)
        for c in readiness.conflicts
        if c.indicator.domain == "trafficking"
    }
    # Of the two figures of 2016 for North Macedonia one is withheld, for the single case beside it.
    assert set(victims) == {("RS", "2018"), ("RS", "2019")}
    assert victims["RS", "2019"] == {"astra-2020": 39.0, "usdos-tip-2020": 36.0}


def test_a_withheld_figure_is_in_no_conflict(workspace: Workspace) -> None:
    data = read_public(workspace)
    twice = pd.concat(
        [data.frame, data.frame.assign(source_id="w2eu-2023", value=data.frame["value"] + 1)]
    )
    data = PublicData(twice, data.sources, data.indicators)
    found = judge_readiness(data, DAY).conflicts
    assert found
    withheld = set(data.frame.loc[data.frame["state"].eq("suppressed"), "observation_id"])
    assert not withheld & {r for c in found for r in c.references}


@pytest.mark.parametrize("code", ["mk", "en"])
def test_the_page_is_complete_in_its_language(readiness: Readiness, code: str) -> None:
    document = compose_readiness(readiness, code)
    page = "".join(section_html(s, document.language) for s in document.sections)
    assert "[en]" not in page
    assert DAY in document.subtitle
    assert [s.name for s in document.sections] == [
        "summary",
        "freshness",
        "missing",
        "places",
        "conflicts",
        "revised",
    ]


def test_overdue_indicators_come_first(readiness: Readiness) -> None:
    table = compose_readiness(readiness, "en").section("freshness").blocks[0]
    assert isinstance(table, Table)
    states = [str(row[4]) for row in table.rows]
    assert states[: len(readiness.overdue)] == ["overdue"] * len(readiness.overdue)
    assert "overdue" not in states[len(readiness.overdue) :]
    national = next(row for row in table.rows if "route" in str(row[0]))
    assert str(national[5]) == "does not apply", "0 of 80 would be another thing"


def test_changes_between_builds_are_counted(workspace: Workspace) -> None:
    changes = pd.DataFrame(
        {
            "indicator_id": ["route_detections_crossings"] * 3,
            "kind": ["revised", "revised", "new"],
        }
    )
    found = judge_readiness(read_public(workspace), DAY, changes)
    table = compose_readiness(found, "en").section("revised").blocks[0]
    assert isinstance(table, Table)
    assert [(str(r[1]), str(r[2])) for r in table.rows] == [("new", "1"), ("revised", "2")]


def test_no_day_is_a_sentence(workspace: Workspace) -> None:
    with pytest.raises(ReadinessError, match="'soon' is not a day. Write 'today', or a date"):
        load_readiness(workspace, "soon")
    assert re.fullmatch(r"20\d\d", str(load_readiness(workspace, "today").day.year))


def test_each_municipality_is_counted_and_none_is_ranked(readiness: Readiness) -> None:
    assert len(readiness.places) == 80
    places = {p.area_id: p for p in readiness.places}
    rows = readiness.data.frame["area_id"].eq("MK-703")
    assert places["MK-703"].rows == rows.sum()
    assert places["MK-703"].withheld > 0
    assert places["MK-102"].indicators == 3, "residents and their change only"
    table = compose_readiness(readiness, "en").section("places").blocks[0]
    assert isinstance(table, Table)
    names = [str(row[0]) for row in table.rows]
    assert names == sorted(names)
