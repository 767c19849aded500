"""No map leads to a shelter or to victims, and no count is a shade."""

from __future__ import annotations

import pytest

from analysis.assessment.mappable import UNMAPPED, choose_map_kind, may_map
from analysis.catalog import load_indicators
from analysis.catalog.vocabulary import DOMAINS, UNITS


@pytest.mark.parametrize("indicator", list(load_indicators()), ids=lambda i: i.indicator_id)
def test_victims_and_centres_are_on_no_map(indicator):
    hidden = {"trafficking", "victim_services", "reception"}
    assert may_map(indicator) == (indicator.domain not in hidden)
    if "shelter" in indicator.indicator_id or "victim" in indicator.indicator_id:
        assert not may_map(indicator)


def test_the_rule_names_domains_that_there_are():
    assert set(DOMAINS) > UNMAPPED


@pytest.mark.parametrize(
    "unit", ["persons", "cases", "permits", "offences", "places", "teams", "attendances"]
)
def test_a_count_is_never_a_shade(unit):
    assert choose_map_kind(unit) == "points"


def test_what_is_relative_is_a_shade_and_a_fact_is_a_fact():
    assert {choose_map_kind(u) for u in ("percent", "per_1000", "per_100000", "score")} == {
        "shades"
    }
    assert choose_map_kind("yes_no") == "facts"
    assert {choose_map_kind(unit) for unit in UNITS} == {"shades", "points", "facts"}
