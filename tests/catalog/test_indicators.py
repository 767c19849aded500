"""Indicators: named by one grammar, complete, and held against the frameworks they serve."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from analysis.catalog import CatalogueError, IndicatorError, load_indicators
from analysis.catalog.schemas import INDICATORS, check_table
from analysis.catalog.vocabulary import DIRECTIONS, DOMAINS, MEASURES, OWNERS, PREFIXES, SUFFIXES
from analysis.documents.gap_words import HOLDERS
from analysis.protection import load_policy

PUBLISHED = Path(__file__).resolve().parents[2] / "data_raw" / "published"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "domain"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the reference files are not beside this checkout"
)


def broken(indicator_id: str, column: str, value: str) -> pd.DataFrame:
    frame = load_indicators().frame.copy()
    frame.loc[frame["indicator_id"].eq(indicator_id), column] = value
    return frame


def test_an_unknown_id_is_a_sentence() -> None:
    with pytest.raises(IndicatorError, match="'weather' is not an indicator of the catalogue"):
        load_indicators().get("weather")


def test_indicators_say_what_they_are() -> None:
    indicators = list(load_indicators())
    assert len(indicators) == 246
    assert len({i.indicator_id for i in indicators}) == len(indicators)
    for indicator in indicators:
        assert indicator.measure in MEASURES, indicator
        assert indicator.domain in DOMAINS, indicator
        assert indicator.direction in DIRECTIONS, indicator
        assert indicator.owner in OWNERS, indicator
        for text in (indicator.name_en, indicator.name_mk, indicator.definition_en):
            assert text, indicator
        assert indicator.source, indicator


def test_a_name_ends_in_its_unit_and_a_question_begins_with_has_or_is() -> None:
    for indicator in load_indicators():
        name = indicator.indicator_id
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", name)
        assert name.endswith(SUFFIXES[indicator.unit]), name
        assert name.startswith(PREFIXES) == (indicator.unit == "yes_no"), name
        assert (indicator.measure == "yes_no") == (indicator.unit == "yes_no"), name


def test_a_unit_fits_the_measure() -> None:
    pairs = Counter((i.measure, i.unit) for i in load_indicators())
    for measure, unit in pairs:
        assert (unit == "percent") <= (measure in {"share", "change"}), (measure, unit)
        assert (measure == "share") <= (unit == "percent"), (measure, unit)
        assert (unit == "days") <= (measure == "duration"), (measure, unit)
        assert (measure == "rate") == unit.startswith("per_"), (measure, unit)


def test_a_name_says_the_same_in_one_language_only_once() -> None:
    names = Counter(i.name_en for i in load_indicators())
    assert [name for name, count in names.items() if count > 1] == []


def test_the_page_of_a_municipality_speaks_of_few_and_other_sources_give_some_more() -> None:
    shown = [i for i in load_indicators() if i.in_profile]
    assert len(shown) == 45
    live = ("MAKSTAT", "World Bank", "UN DESA", "UNODC")
    given = [i for i in load_indicators() if i.is_held and not i.in_profile]
    fetched = [i for i in given if any(name in i.source for name in live)]
    assert len(fetched) == 18
    # Beside those that connectors give, the figures of monitoring that ship with the project.
    cited = {i.indicator_id for i in given} - {i.indicator_id for i in fetched}
    tables = [pd.read_csv(path, dtype=str) for path in PUBLISHED.glob("*.csv")]
    shipped = {name for t in tables for name in t.get("indicator_id", [])}
    assert len(cited) == 30
    assert cited <= shipped


def test_who_may_hold_a_municipal_figure_has_a_name_on_the_page() -> None:
    owners = {i.owner for i in load_indicators() if "municipality" in i.levels}
    assert owners <= set(HOLDERS)
    assert set(HOLDERS) <= set(OWNERS)


def test_victims_are_protected_by_the_policy_of_disclosure() -> None:
    protected = load_policy().domains
    for indicator in load_indicators():
        if indicator.framework_code.startswith(("THB", "VIC", "ASY", "REC")):
            assert indicator.domain in protected, indicator.indicator_id
        if indicator.domain in {"trafficking", "victim_services"}:
            assert "municipality" not in indicator.levels, indicator.indicator_id


def test_several_indicators_may_serve_one_code() -> None:
    assert len(load_indicators().of_framework("ASY-05")) == 5
    both = load_indicators().get("external_migration_by_municipality_persons")
    assert both.framework_codes == ("MIG-01", "MIG-02")
    assert load_indicators().get("resident_population_persons").framework_codes == ()


@pytest.mark.parametrize("column", ["owner", "unit", "source"])
def test_an_indicator_without_owner_unit_or_source_fails_with_its_id(column: str) -> None:
    frame = broken("asylum_pending_persons", column, "")
    expected = f"indicators.csv: 'asylum_pending_persons' has no {column}: it must not be blank"
    with pytest.raises(CatalogueError, match=expected):
        check_table(frame, INDICATORS, "indicators.csv")


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("unit", "percent", r"'asylum_pending_persons' breaks a rule: the id must end in its unit"),
        (
            "unit",
            "kg",
            r"'asylum_pending_persons' has the unit 'kg', which must be one of: persons",
        ),
        ("measure", "yes_no", r"'asylum_pending_persons' breaks a rule: has_ or is_ begins"),
        ("level", "country; moon", r"has the level 'country; moon', which must be some of"),
        ("owner", "nobody", r"has the owner 'nobody', which must be one of: sso"),
        ("domain", "weather", r"has the domain 'weather', which must be one of"),
        ("framework_code", "ASY8", r"has the framework_code 'ASY8', which must be codes such as"),
        ("indicator_id", "asylum_applications_persons", r"'asylum_applications_persons' is listed"),
        ("indicator_id", "Pending", r"has the indicator_id 'Pending', which must be words a-z"),
        ("in_profile", "yes", r"has the in_profile 'yes', which must be one of: true, false"),
    ],
)
def test_a_broken_row_is_a_sentence_with_its_id(column: str, value: str, expected: str) -> None:
    frame = broken("asylum_pending_persons", column, value)
    with pytest.raises(CatalogueError, match=expected):
        check_table(frame, INDICATORS, "indicators.csv")


@needs_shared
def test_every_code_of_the_frameworks_has_an_indicator() -> None:
    codes = set(pd.read_csv(SHARED / "indicators.csv")["id"])
    served = {code for i in load_indicators() for code in i.framework_codes}
    assert len(codes) == 187
    assert served == codes
