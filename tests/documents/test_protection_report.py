"""The report on protection counts crosses and holds no number behind one."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from analysis.assessment import load_profile
from analysis.catalog import load_areas, load_indicators
from analysis.documents import protection_words
from analysis.documents.briefs.municipal import compose_municipal
from analysis.documents.model import Bullets
from analysis.documents.page import index_html, page_html, welcome_html
from analysis.documents.protection_cost import EditionCost, PooledGain, WayCost
from analysis.documents.protection_counts import (
    CELL,
    compare_releases,
    count_coverage,
    count_reasons,
    select_protected,
)
from analysis.documents.protection_remedies import count_pools, count_remedies
from analysis.documents.protection_report import read_review, write_protection_report
from analysis.documents.protection_review import BOX
from analysis.documents.protection_rules import rules_sections
from analysis.documents.protection_sections import LEVELS, REASON_WORDS
from analysis.documents.protection_words import policy_in_short
from analysis.documents.tables import note_sentences
from analysis.documents.wording import Wording
from analysis.protection import load_policy
from analysis.protection.ledger.entries import Entry
from analysis.protection.ledger.folder import write_release
from analysis.protection.reasons import CLOSING, REASONS, SMALL
from analysis.store.files import OBSERVATIONS, read_table, write_table
from analysis.store.read import read_public
from analysis.store.schema import DIMENSIONS
from analysis.text import LanguageError, translator
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.protection import Policy

REFUGEES = "unhcr_refugees_persons"
RESIDENTS = "resident_population_persons"
TOWN, OTHER_TOWN, REGION = "MK-703", "MK-405", "MK007"
# In no figure, address or hash of a test workspace by chance.
PLANTED = 98765431.0
HEADER = {
    "language": "en",
    "title": "",
    "subtitle": "",
    "data_date": "",
    "run_id": "",
    "data_sha256": "",
    "version": "",
}


@pytest.fixture(scope="module")
def w() -> Wording:
    return Wording(translator("en"))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


def cell(year: int, reason: str | None = None, **other: Any) -> dict[str, Any]:
    """One cell of Kumanovo; withheld where it has a reason."""
    shown = reason is None
    return {
        "indicator_id": REFUGEES,
        "area_id": TOWN,
        "period_start": f"{year}-01-01",
        "period_end": f"{year}-12-31",
        **dict.fromkeys(DIMENSIONS, "total"),
        "source_id": "unhcr",
        "state": "value" if shown else "suppressed",
        "value": 20.0 if shown else float("nan"),
        "reason": reason or "",
    } | other


def protected(policy: Policy, *cells: dict[str, Any]) -> pd.DataFrame:
    return select_protected(pd.DataFrame(list(cells)), load_indicators(), policy)


def test_the_short_policy_has_the_numbers_of_the_policy(w: Wording, policy: Policy) -> None:
    said = str(policy_in_short(w, replace(policy, below_national=13, national_breakdown=8)))
    assert "from 1 to 12 below the country, from 1 to 7 in a breakdown" in said
    assert "9" not in said
    assert str(policy_in_short(w)) == str(policy_in_short(w, policy))


def test_every_output_says_the_policy_that_is_in_force(
    w: Wording, policy: Policy, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = replace(policy, below_national=23, national_breakdown=17)
    monkeypatch.setattr(protection_words, "load_policy", lambda: strict)
    said = str(policy_in_short(w))
    assert "1 to 22" in said
    assert "1 to 16" in said
    pages = (
        page_html(HEADER, [], "kumanovo", ["en"], []),
        index_html("en", [], ["en"]),
        welcome_html(["en"]),
    )
    assert all(said in page for page in pages)
    assert all("protection/index.html" in page for page in pages)
    assert said in note_sentences(w)
    method = compose_municipal(load_profile(workspace, "kumanovo"), "en", None).section("method")
    assert isinstance(method.blocks[0], Bullets)
    assert said in [str(item) for item in method.blocks[0].items]


def _rules(w: Wording, policy: Policy) -> str:
    return " ".join(
        str(item)
        for section in rules_sections(w, policy)
        for block in section.blocks
        if isinstance(block, Bullets)
        for item in block.items
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"no_cross_tables": frozenset()}, "no breakdown by sex, age, citizenship or form"),
        ({"full_cells": False}, "in which one part holds everybody"),
        ({"insiders": False}, "who is the only case"),
        ({"zeros_may_be_withheld": False}, "a withheld figure can therefore be a zero too"),
        ({"same_pattern_over_years": False}, "the same ones each year"),
        ({"remedies": ("suppress",)}, "for a longer period"),
    ],
)
def test_a_rule_is_told_while_it_holds(
    w: Wording, policy: Policy, change: dict[str, Any], sentence: str
) -> None:
    assert sentence in _rules(w, policy)
    assert sentence not in _rules(w, replace(policy, **change))


def test_rules_name_thresholds_fields_and_who_changed_the_floor(w: Wording, policy: Policy) -> None:
    own = replace(policy.floor, changed_by="The Office", reason="an order", changed_on="2026-02-03")
    told = _rules(w, replace(policy, below_national=12, national_breakdown=7, floor=own))
    assert "a number from 1 to 11 is withheld" in told
    assert "a number from 1 to 6 is withheld" in told
    assert "trafficking in human beings" in told
    assert "Changed here by The Office on 2026-02-03: an order" in told
    assert "Changed here" not in _rules(w, policy)


def test_only_protected_cells_with_a_number_or_a_cross_are_counted(policy: Policy) -> None:
    cells = protected(
        policy,
        cell(2020),
        cell(2021, SMALL),
        cell(2022, state="no_data", value=float("nan")),
        cell(2023, indicator_id=RESIDENTS),
        cell(2024, state="zero", value=0.0),
    )
    assert cells["period_end"].str[:4].tolist() == ["2020", "2021", "2024"]
    assert cells["is_withheld"].tolist() == [False, True, False]


def test_crosses_are_counted_by_figure_level_and_reason(policy: Policy) -> None:
    cells = protected(
        policy,
        cell(2020),
        cell(2021, SMALL),
        cell(2022, SMALL, area_id=OTHER_TOWN),
        cell(2022, CLOSING),
        cell(2022, CLOSING, area_id=REGION),
    )
    found = count_reasons(cells, load_areas()).to_dict("records")
    assert {(r["level"], r["reason"], r["withheld"], r["cells"]) for r in found} == {
        ("municipality", SMALL, 2, 4),
        ("municipality", CLOSING, 1, 4),
        ("region", CLOSING, 1, 1),
    }


def test_what_is_left_is_counted_by_municipality_and_period(policy: Policy) -> None:
    cells = protected(
        policy,
        cell(2020),
        cell(2021, SMALL),
        cell(2020, SMALL, area_id=OTHER_TOWN),
        cell(2019, area_id=REGION),
        cell(2019, area_id=TOWN, indicator_id="unhcr_asylum_seekers_persons"),
    )
    (row,) = count_coverage(cells, load_areas()).to_dict("records")
    assert row == {
        "indicator_id": REFUGEES,
        "areas": 2,
        "areas_shown": 1,
        "periods": 2,
        "periods_shown": 1,
    }


@pytest.mark.parametrize(
    ("years", "may"),
    [
        # Nine is the most behind one cross: one alone never reaches ten, two may.
        ({2020: SMALL}, (0, 0)),
        ({2020: SMALL, 2022: SMALL}, (1, 1)),
        ({2020: SMALL, 2023: SMALL}, (0, 1)),
        ({2020: SMALL, 2024: SMALL}, (0, 1)),
        ({2020: SMALL, 2025: SMALL}, (0, 0)),
        # Behind a cross for another's sake stands what nobody can bound.
        ({2020: CLOSING}, (1, 1)),
        # A shown year is known already and adds nothing.
        ({2020: SMALL, 2021: None}, (0, 0)),
    ],
)
def test_pools_are_judged_by_their_withheld_years(
    policy: Policy, years: dict[int, str | None], may: tuple[int, int]
) -> None:
    cells = protected(policy, *(cell(year, reason) for year, reason in years.items()))
    (row,) = count_pools(cells, load_areas(), 10).to_dict("records")
    assert (row["series"], row["may_pass_3"], row["may_pass_5"]) == (1, *may)


def test_the_most_behind_a_cross_follows_the_threshold(policy: Policy) -> None:
    cells = protected(policy, cell(2020, SMALL), cell(2021, SMALL))
    # Behind a cross of a small count stands at most the threshold less one: 1 of 2, 0 of 1.
    assert count_pools(cells, load_areas(), 2)["may_pass_3"].tolist() == [1]
    assert count_pools(cells, load_areas(), 1)["may_pass_3"].tolist() == [0]


def test_series_of_other_sources_and_groups_are_not_pooled(policy: Policy) -> None:
    cells = protected(
        policy,
        cell(2020, SMALL),
        cell(2021, SMALL, source_id="other"),
        cell(2022, SMALL, sex="female"),
        cell(2022, SMALL, area_id="MK"),
    )
    (row,) = count_pools(cells, load_areas(), 10).to_dict("records")
    assert (row["series"], row["may_pass_5"]) == (3, 0)


def test_remedies_stand_in_the_order_of_the_policy(policy: Policy) -> None:
    cells = protected(
        policy,
        cell(2020, SMALL),
        cell(2020, area_id="MK"),
        cell(2018, SMALL, sex="female"),
        cell(2018),
        cell(2010, SMALL),
        cell(2011, SMALL),
        cell(2001, SMALL, area_id="MK", sex="female"),
    )
    found = [(r.remedy, r.reached, r.helped) for r in count_remedies(cells, load_areas(), policy)]
    assert found == [
        ("longer_period", 4, 2),
        ("larger_area", 4, 1),
        ("fewer_dimensions", 2, 1),
        ("suppress", 5, 1),
    ]
    turned = replace(policy, remedies=("fewer_dimensions", "suppress"))
    shorter = [(r.remedy, r.helped) for r in count_remedies(cells, load_areas(), turned)]
    assert shorter == [("fewer_dimensions", 1), ("suppress", 4)]


def test_a_larger_area_helps_only_with_the_same_figure(policy: Policy) -> None:
    cells = protected(
        policy,
        cell(2020, SMALL),
        cell(2021, area_id="MK"),
        cell(2020, SMALL, area_id=REGION),
        cell(2020, area_id="MK", source_id="other"),
        cell(2020, area_id="RS"),
    )
    reach = {r.remedy: r.helped for r in count_remedies(cells, load_areas(), policy)}
    assert reach["larger_area"] == 0


def test_releases_are_compared_cell_by_cell() -> None:
    former = pd.DataFrame(
        [cell(2016), cell(2017), cell(2018, SMALL), cell(2019, SMALL), cell(2020), cell(2021)]
    )
    now = pd.DataFrame(
        [
            cell(2016),
            cell(2017, SMALL),
            cell(2018),
            cell(2019, CLOSING),
            cell(2020, value=21.0),
            cell(2022),
        ]
    )
    before = now.copy()
    found = compare_releases(former, now)
    years = {
        name: getattr(found, name)["period_end"].str[:4].tolist()
        for name in found.__dataclass_fields__
    }
    assert years == {
        "new": ["2022"],
        "gone": ["2021"],
        "withheld": ["2017"],
        "returned": ["2018"],
        "revised": ["2020"],
    }
    assert list(found.revised.columns) == list(CELL)
    pd.testing.assert_frame_equal(now, before)


@pytest.fixture
def released(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace with one release on record; what is withheld now was planted everywhere else."""
    space = Workspace(tmp_path)
    shutil.copytree(workspace.public, space.public)
    table = read_table(space.public / OBSERVATIONS)
    hidden = table["state"].eq("suppressed")
    open_ = table.copy()
    open_.loc[hidden, ["state", "value"]] = ["value", PLANTED]
    write_table(space.restricted / OBSERVATIONS, open_)
    entry = Entry(
        number=1,
        moment="2026-03-04T10:00:00Z",
        author="Ana Authorova",
        reviewer="Rita Reviewerova",
        policy_version="1",
        tool_version="0",
        observations_sha256="ab",
        sources_sha256="cd",
        cells_shown=len(open_),
        cells_withheld=0,
        tables=(),
        remedied=(),
        former_sha256="",
    )
    shown = space.restricted / "shown.parquet"
    write_table(shown, open_.iloc[1:])
    write_release(space, entry, shown.read_bytes())
    return space


def test_the_report_holds_no_withheld_number(released: Workspace) -> None:
    hidden = int(read_table(released.public / OBSERVATIONS)["state"].eq("suppressed").sum())
    path = write_protection_report(released, "en")
    assert path == released.restricted / "protection_report_en.html"
    page, rows = path.read_text(encoding="utf-8"), path.with_suffix(".csv").read_bytes().decode()
    for text in (page, rows):
        for form in ("98765431", "98,765,431", "98.765.431", "9.8765431"):
            assert form not in text
    listed = pd.read_csv(path.with_suffix(".csv"), encoding="utf-8-sig")
    assert listed["list"].value_counts().to_dict() == {
        "withheld": hidden,
        "withheld_since_former_release": hidden,
        "new_since_former_release": 1,
    }
    assert not {"value", "lower", "upper"} & set(listed.columns)


def test_the_sheet_names_what_changed_since_the_release(released: Workspace) -> None:
    page = write_protection_report(released, "en").read_text(encoding="utf-8")
    hidden = len(read_review(released).differences.withheld)
    assert "Held against release 1 of 2026-03-04." in page
    facts = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="number">([^<]+)<', page))
    assert facts["Cells withheld now that were shown: listed below"] == str(hidden)
    assert facts["New cells: no place, period or group is one too many"] == "1"
    assert facts["Cells shown now that were withheld: listed below"] == "0"
    assert page.count(BOX) == 10
    assert "withheld now, shown before" in page
    assert "State: draft: nobody has submitted it" in page
    assert "Draft for discussion: nobody has released it yet" in page
    assert "Reviewer, another person: name, date, signature" in page


def test_the_first_edition_is_held_against_nothing(workspace: Workspace, tmp_path: Path) -> None:
    space = Workspace(tmp_path)
    shutil.copytree(workspace.public, space.public)
    page = write_protection_report(space, "mk").read_text(encoding="utf-8")
    assert '<html lang="mk">' in page
    assert 'id="sides"' not in page
    assert page.count(BOX) == 5
    assert "<script" not in page
    listed = pd.read_csv(space.restricted / "protection_report_mk.csv", encoding="utf-8-sig")
    assert set(listed["list"]) == {"withheld"}


def test_the_same_edition_is_the_same_report(released: Workspace) -> None:
    first = write_protection_report(released, "en").read_bytes()
    assert write_protection_report(released, "en").read_bytes() == first


def test_costs_are_told_beside_other_ways(workspace: Workspace, tmp_path: Path) -> None:
    space = Workspace(tmp_path)
    shutil.copytree(workspace.public, space.public)
    ways = (
        WayCost("edition", 0.125, 0.034),
        WayCost("rows_and_columns", 0.31, 0.12),
        WayCost("optimum", 0.118, None),
    )
    pooled = (PooledGain(REFUGEES, 3, 4),)
    told = write_protection_report(space, "en", EditionCost(ways, pooled)).read_text("utf-8")
    assert '<th scope="row">this edition</th><td class="number">12.5\xa0%<' in told
    assert '<td class="number">31.0\xa0%</td><td class="number">12.0\xa0%</td>' in told
    assert '<td class="number">11.8\xa0%</td><td class="number">not known</td>' in told
    assert '<td class="number">4</td><td class="number">not counted</td>' in told
    silent = write_protection_report(space, "en").read_text("utf-8")
    assert "they were not handed to this report" in silent
    assert 'data-table="ways"' not in silent


def test_every_reason_has_words() -> None:
    assert set(REASONS) | {""} == set(REASON_WORDS)
    assert {area.level for area in load_areas()} <= set(LEVELS)


def test_a_language_that_is_not_spoken_is_refused(workspace: Workspace) -> None:
    with pytest.raises(LanguageError, match="'xx' is not a language"):
        write_protection_report(workspace, "xx")


def test_the_report_is_about_what_the_pages_read(released: Workspace) -> None:
    assert read_public(released).frame["state"].eq("suppressed").sum() == len(
        read_review(released).differences.withheld
    )
