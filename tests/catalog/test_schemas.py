"""Every table of the catalogue is checked, and a broken row is named by its id."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.catalog import (
    CatalogueError,
    check_catalogue,
    load_areas,
    load_glossary,
    load_indicators,
    load_policies,
    policies,
)
from analysis.catalog import indicators as indicators_module
from analysis.catalog.monitoring import check_monitoring
from analysis.catalog.schemas import AREAS, GLOSSARY, POLICIES, SOURCES, check_table

if TYPE_CHECKING:
    from types import ModuleType

    from pandera.pandas import DataFrameSchema

ROOT = Path(__file__).resolve().parents[2]


def sources() -> pd.DataFrame:
    path = ROOT / "data_raw" / "published" / "sources.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def loader(module: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.resources, "files", lambda _name: folder)


def test_the_catalogue_holds() -> None:
    counts = check_catalogue(sources())
    assert counts["areas.csv"] == 294
    assert counts["indicators.csv"] == 246
    assert counts["glossary.csv"] == 100
    assert set(counts) == {
        *check_monitoring(),
        "areas.csv",
        "indicators.csv",
        "glossary.csv",
        "policies.csv",
        "sources.csv",
    }
    assert "sources.csv" not in check_catalogue()


TABLES = {
    "areas.csv": (AREAS, lambda: load_areas().whole),
    "glossary.csv": (GLOSSARY, lambda: load_glossary().frame),
    "policies.csv": (POLICIES, lambda: load_policies().frame),
    "sources.csv": (SOURCES, sources),
}


@pytest.mark.parametrize(
    ("name", "column", "value", "expected"),
    [
        ("areas.csv", "name_en", "", "has no name_en"),
        ("areas.csv", "level", "village", "has the level 'village', which must be one of: group"),
        ("areas.csv", "parent_id", "MK-999", "the parent_id must be an area of the table"),
        ("areas.csv", "merged_into", "MK-999", "the merged_into must be an area of the table"),
        ("areas.csv", "merged_into", "MK-307", "needs the date until which it was valid"),
        ("areas.csv", "valid_to", "24.3.2013", "has the valid_to '24.3.2013', which must be blank"),
        ("areas.csv", "valid_to", "2013-13", "has the valid_to '2013-13', which must be blank"),
        ("glossary.csv", "source", "", "has no source"),
        ("glossary.csv", "verification", "yes", "has the verification 'yes', which must be one of"),
        ("policies.csv", "status", "approved", "has the status 'approved', which must be one of"),
        ("policies.csv", "date", "", "has the date '', which must be a year, a month or a day"),
        ("policies.csv", "source", " ", "has no source"),
        ("sources.csv", "publisher", "", "has no publisher"),
        ("sources.csv", "licence", "", "has no licence"),
        ("sources.csv", "as_of", "May 2025", "has the as_of 'May 2025', which must be blank"),
    ],
)
def test_a_broken_row_is_named_by_its_id(name: str, column: str, value: str, expected: str) -> None:
    schema, load = TABLES[name]
    frame = load().copy()
    frame.loc[3, column] = value
    with pytest.raises(CatalogueError) as caught:
        check_table(frame, schema, name)
    assert expected in str(caught.value)
    assert str(caught.value).startswith(f"{name}: '{frame.iloc[3, 0]}' ")


@pytest.mark.parametrize("name", TABLES)
def test_a_row_that_stands_twice_is_named(name: str) -> None:
    schema, load = TABLES[name]
    frame = load()
    twice = pd.concat([frame, frame.iloc[[3]]], ignore_index=True)
    with pytest.raises(CatalogueError, match=r"is listed more than once: keep one row"):
        check_table(twice, schema, name)


@pytest.mark.parametrize("name", TABLES)
def test_a_column_too_many_or_too_few_is_named(name: str) -> None:
    schema: DataFrameSchema = TABLES[name][0]
    frame = TABLES[name][1]()
    with pytest.raises(CatalogueError, match=f"{name} has a column 'weather'. Expected exactly"):
        check_table(frame.assign(weather="fine"), schema, name)
    last = frame.columns[-1]
    with pytest.raises(CatalogueError, match=f"{name} lacks the column '{last}'"):
        check_table(frame.drop(columns=last), schema, name)


def test_areas_are_not_merged_in_a_circle() -> None:
    frame = load_areas().whole.copy()
    for area, into in (("MK-307", "MK-306"), ("MK-306", "MK-307")):
        frame.loc[frame["area_id"].eq(area), ["merged_into", "valid_to"]] = [into, "2013"]
    with pytest.raises(CatalogueError, match=r"'MK-30\d' breaks a rule: .*merged in a circle"):
        check_table(frame, AREAS, "areas.csv")


def test_several_broken_rows_are_counted() -> None:
    frame = load_glossary().frame.copy()
    frame.loc[[3, 4, 9], "source"] = ""
    with pytest.raises(CatalogueError, match="In all, 3 rows break a rule"):
        check_table(frame, GLOSSARY, "glossary.csv")


def test_loading_checks_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = load_indicators().frame.copy()
    frame.loc[frame["indicator_id"].eq("asylum_applications_persons"), "owner"] = ""
    frame.to_csv(tmp_path / "indicators.csv", index=False)
    loader(indicators_module, tmp_path, monkeypatch)
    with pytest.raises(CatalogueError, match="'asylum_applications_persons' has no owner"):
        load_indicators.__wrapped__()


def test_a_policy_of_an_unknown_area_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_areas()
    frame = load_policies().frame.copy()
    frame.loc[0, "area_id"] = "MK-999"
    frame.to_csv(tmp_path / "policies.csv", index=False)
    loader(policies, tmp_path, monkeypatch)
    with pytest.raises(CatalogueError, match="names the area 'MK-999', which areas.csv does not"):
        load_policies.__wrapped__()
