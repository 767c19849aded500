"""What moved more than its indicator does is named; what moved as usual, or is withheld, is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from analysis.store.files import read_table
from analysis.suite.editions.differences import find_differences
from analysis.suite.editions.differences_page import differences_html
from analysis.suite.editions.differences_report import compare_editions, tell_differences
from analysis.suite.editions.edition import EditionError
from analysis.suite.editions.files import hash_file
from analysis.suite.editions.publish import publish_edition

if TYPE_CHECKING:
    from analysis.workspace import Workspace

    Runs = Any

YEARS = range(2014, 2025)
AREAS = [f"MK-{n}" for n in range(101, 109)]


def table(values: dict[tuple[str, int], float], indicator: str = "births_persons") -> pd.DataFrame:
    rows = [
        {
            "indicator_id": indicator,
            "area_id": area,
            "period_start": f"{year}-01-01",
            "period_end": f"{year}-12-31",
            **dict.fromkeys(["sex", "origin", "citizenship", "age", "category"], "total"),
            "source_id": "s",
            "numerator": value,
            "denominator": np.nan,
            "value": value,
            "lower": np.nan,
            "upper": np.nan,
            "method": "as published",
            "state": "value" if value else "zero",
            "status": "final",
            "reason": "",
        }
        for (area, year), value in values.items()
    ]
    return pd.DataFrame(rows)


def usual(size: float = 1000.0, share: float = 0.02) -> dict[tuple[str, int], float]:
    """Series that go up and down by some per cent."""
    random = np.random.default_rng(5)
    return {
        (area, year): float(round(size * (1 + share * random.standard_normal()), 3))
        for area in AREAS
        for year in YEARS
    }


def moved(before: pd.DataFrame, after: pd.DataFrame) -> list[tuple[str, str, str]]:
    found = find_differences(before, after).moved
    return [
        (str(r["area_id"]), str(r["period_end"])[:4], str(r["kind"]))
        for r in found.to_dict("records")
    ]


def test_the_same_table_has_no_differences() -> None:
    found = find_differences(table(usual()), table(usual()))
    assert found.moved.empty
    assert found.kinds.empty
    assert not found.asks_for_a_look


def test_a_slip_in_a_new_year_is_named_and_usual_years_are_not() -> None:
    before = usual()
    new = {(area, 2025): 1005.0 for area in AREAS} | {("MK-103", 2025): 10050.0}
    assert moved(table(before), table(before | new)) == [("MK-103", "2025", "new")]


def test_a_fall_counts_as_well_as_a_rise() -> None:
    before = usual()
    found = find_differences(table(before), table(before | {("MK-103", 2025): 100.0}))
    assert found.moved.loc[0, "score"] < -3.5
    assert found.asks_for_a_look


def test_a_revision_is_expected_to_move_nothing() -> None:
    before = usual()
    small, large = before | {("MK-104", 2020): 1010.0}, before | {("MK-104", 2020): 1500.0}
    assert moved(table(before), table(small)) == []
    assert moved(table(before), table(large)) == [("MK-104", "2020", "revised")]


def test_the_same_move_is_usual_for_a_restless_indicator() -> None:
    calm, restless = usual(share=0.02), usual(share=0.3)
    new = {("MK-103", 2025): 1450.0}
    start = {("MK-103", 2024): 1000.0}
    assert moved(table(calm | start), table(calm | start | new)) != []
    assert moved(table(restless | start), table(restless | start | new)) == []


def test_a_few_wild_moves_do_not_hide_others() -> None:
    before = usual() | {("MK-101", year): 10.0 ** (3 + year % 3) for year in YEARS}
    assert ("MK-103", "2025", "new") in moved(
        table(before), table(before | {("MK-103", 2025): 2000.0})
    )


def test_ups_and_downs_of_small_numbers_are_no_news() -> None:
    before = {(area, year): float((year + n) % 4) for n, area in enumerate(AREAS) for year in YEARS}
    assert moved(table(before), table(before | {("MK-103", 2025): 5.0})) == []


def test_a_jump_of_coverage_is_named_however_restless_the_indicator_is() -> None:
    before = {
        (area, year): 30.0 if (year + n) % 2 else 90000.0
        for n, area in enumerate(AREAS)
        for year in YEARS
    }
    before |= {("MK-103", 2024): 31.0}
    assert moved(table(before), table(before | {("MK-103", 2025): 4900.0})) == [
        ("MK-103", "2025", "new")
    ]


def test_rates_are_compared_as_they_are() -> None:
    name = "births_per_1000"
    before = usual(12.0, 0.03)
    assert moved(table(before, name), table(before | {("MK-103", 2025): 12.5}, name)) == []
    found = moved(table(before, name), table(before | {("MK-103", 2025): 30.0}, name))
    assert found == [("MK-103", "2025", "new")]


def test_a_series_that_begins_has_nothing_to_move_from() -> None:
    before = usual()
    new = {("MK-201", year): 50000.0 for year in YEARS}
    found = find_differences(table(before), table(before | new))
    assert found.moved.empty
    assert found.kinds.loc[0, "new"] == len(YEARS)
    assert not found.asks_for_a_look


@pytest.mark.parametrize("side", ["before", "after"])
def test_what_is_withheld_on_one_side_is_never_told(side: str) -> None:
    before, after = table(usual()), table(usual())
    hidden = before if side == "before" else after
    other = after if side == "before" else before
    other.loc[5, ["value", "numerator"]] = 98765.0
    hidden.loc[5, ["value", "numerator"]] = np.nan
    hidden.loc[5, ["state", "reason"]] = ["suppressed", "small"]
    found = find_differences(before, after)
    assert "98765" not in json.dumps(tell_differences(found))
    assert "98,765" not in differences_html(found)
    assert found.moved.empty
    assert found.kinds.loc[0, "state"] == 1


def test_rows_that_went_ask_for_a_look() -> None:
    before = usual()
    after = {k: v for k, v in before.items() if k[0] != "MK-103"}
    found = find_differences(table(before), table(after))
    assert found.kinds.loc[0, "withdrawn"] == len(YEARS)
    assert found.asks_for_a_look


def test_the_farthest_come_first() -> None:
    before = usual()
    new = {("MK-101", 2025): 3000.0, ("MK-102", 2025): 100.0, ("MK-103", 2025): 90000.0}
    scores = find_differences(table(before), table(before | new)).moved["score"].abs().tolist()
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3


def test_neither_table_is_changed() -> None:
    before, after = table(usual()), table(usual() | {("MK-103", 2025): 10050.0})
    kept = before.copy(), after.copy()
    find_differences(before, after)
    pd.testing.assert_frame_equal(before, kept[0])
    pd.testing.assert_frame_equal(after, kept[1])


def test_the_page_speaks_two_languages_and_needs_nothing_from_elsewhere() -> None:
    before = usual()
    page = differences_html(
        find_differences(table(before), table(before | {("MK-103", 2025): 10050.0}))
    )
    assert '<article id="en" lang="en">' in page
    assert '<article id="mk" lang="mk">' in page
    assert '<data value="10050">10,050</data>' in page
    assert '<data value="10050">10.050</data>' in page
    assert "<script" not in page
    assert "//" not in page.split("</style>")[1]
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_a_slip_that_is_no_count_and_a_place_that_nobody_knows_are_printed() -> None:
    before = usual() | {("XX-1", year): 10.0 for year in YEARS}
    new = {("MK-103", 2025): 10050.25, ("XX-1", 2025): 900.0}
    page = differences_html(find_differences(table(before), table(before | new)))
    assert "10,050.2</data>" in page
    assert ">XX-1<" in page


def test_the_report_lies_in_the_edition_and_not_on_the_site(
    published: Workspace, runs: Runs
) -> None:
    path = published.public / "observations.parquet"
    frame = read_table(path)
    row = frame.index[frame["state"].eq("value") & frame["value"].gt(5000)][0]
    frame.loc[row, ["value", "numerator"]] = 100 * frame.loc[row, "value"]
    path.unlink()
    frame.to_parquet(path)
    note = published.public / "release.json"
    said = json.loads(note.read_text(encoding="utf-8"))
    note.write_text(json.dumps(said | {"observations_sha256": hash_file(path)}), encoding="utf-8")
    runs.table = f"{hash_file(path)} {said['sources_sha256']}"
    for language in ("mk", "en"):
        runs.give("kumanovo", language)
    assert publish_edition(published).number == 2
    folder = published.editions / "0002"
    report = json.loads((folder / "differences.json").read_text(encoding="utf-8"))
    assert report["before"] == 1
    assert report["asks_for_a_look"] is True
    assert [r["area_id"] for r in report["moved"]] == [frame.loc[row, "area_id"]]
    assert (folder / "differences.html").is_file()
    assert not list((folder / "site").rglob("differences*"))
    assert tell_differences(compare_editions(published, 1, 2))["moved"] == report["moved"]


def test_the_first_edition_has_no_report(published: Workspace) -> None:
    assert not (published.editions / "0001" / "differences.html").exists()


def test_an_edition_without_its_table(published: Workspace) -> None:
    with pytest.raises(EditionError, match="The public table of edition 9 is not kept"):
        compare_editions(published, 1, 9)
