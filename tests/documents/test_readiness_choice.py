"""Data readiness by owner: chart, table and words say the same, and owners without figures too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.assessment.owners import STATES, count_owners
from analysis.assessment.readiness import Readiness, load_readiness
from analysis.documents.model import Figure, Paragraph, Table
from analysis.documents.readiness_choice import compose_owner, list_owners
from analysis.documents.readiness_sections import compose_readiness
from analysis.documents.wording import Wording
from analysis.store.read import PublicData
from analysis.text import LANGUAGES, translator

if TYPE_CHECKING:
    from analysis.documents.model import Document
    from analysis.workspace import Workspace


@pytest.fixture(scope="module")
def readiness(workspace: Workspace) -> Readiness:
    return load_readiness(workspace, "2026-11-22")


def parts(document: Document) -> tuple[Figure, Table]:
    figure, table = document.section("owners").blocks
    assert isinstance(figure, Figure)
    assert isinstance(table, Table)
    return figure, table


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_chart_and_table_have_the_same_numbers_in_each_language(
    readiness: Readiness, code: str
) -> None:
    figure, table = parts(compose_owner(readiness, code))
    counted = {o.owner: tuple(getattr(o, s) for s in STATES) for o in count_owners(readiness)}
    rows = [tuple(int(c.value) for c in row[1:]) for row in table.rows]
    assert sorted(rows) == sorted(counted.values())
    drawn = figure.picture.data["indicators"].to_numpy().reshape(-1, len(STATES))
    assert [tuple(int(n) for n in row) for row in drawn] == rows
    names = [" ".join(n.split()) for n in figure.picture.data["owner"].unique()]
    assert names == [str(row[0]) for row in table.rows]


def test_the_picture_says_its_finding(readiness: Readiness) -> None:
    figure, _ = parts(compose_owner(readiness, "en"))
    said = figure.picture.alt
    assert f"overdue {len(readiness.overdue)}," in said
    assert f"missing {len(readiness.wanted)}." in said
    assert "judged on 2026-11-22" in figure.picture.caption


def test_the_page_follows_whole_for_everybody(readiness: Readiness) -> None:
    document = compose_owner(readiness, "en")
    page = compose_readiness(readiness, "en")
    assert document.sections[1:] == page.sections
    assert document.title == page.title


def test_an_owner_sees_what_is_wanted_by_name(readiness: Readiness) -> None:
    document = compose_owner(readiness, "en", "sso")
    assert document.title == "Data readiness: State Statistical Office"
    assert document.name == "readiness_sso_en"
    (table,) = document.section("missing").blocks
    own = [i for i in readiness.wanted if i.owner == "sso"]
    assert [str(row[0]) for row in table.rows] == [i.name_en for i in own]
    waited = {str(row[1]) for row in table.rows}
    assert waited <= {"the profile of each municipality", "the catalogue"}
    (_, by_owner) = parts(document)
    assert len(by_owner.rows) == 1


def test_an_owner_without_figures_and_one_without_gaps_are_told_in_sentences(
    readiness: Readiness,
) -> None:
    bare = compose_owner(readiness, "en", "labour_inspectorate").section("freshness").blocks
    assert isinstance(bare[0], Paragraph)
    assert "No figure of this owner is held yet." in str(bare[0].sentence)
    full = compose_owner(readiness, "en", "unhcr").section("missing").blocks
    assert "Every indicator that this owner is named for has figures." in str(full[0].sentence)


def test_owners_stand_in_the_alphabet_and_each_once(readiness: Readiness) -> None:
    for code in ("en", "mk"):
        named = list_owners(readiness, Wording(translator(code)))
        assert {owner for _, owner in named} == {o.owner for o in count_owners(readiness)}
        assert len(named) == len({owner for _, owner in named})
    assert named[0][0] == "АСТРА"


def test_synthetic_figures_say_so(readiness: Readiness) -> None:
    data = readiness.data
    synthetic = data.sources.head(1).assign(source_id="demo-census")
    sources = pd.concat([data.sources, synthetic], ignore_index=True)
    marked = replace(readiness, data=PublicData(data.frame, sources, data.indicators))
    for found, expected in ((readiness, ""), (marked, "Synthetic data for demonstration")):
        figure, _ = parts(compose_owner(found, "en"))
        assert figure.picture.notice[: len(expected) or None] == expected
