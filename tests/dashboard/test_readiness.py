"""The dashboard of data readiness: the document's numbers, by owner, and sentences for the rest."""

from __future__ import annotations

import logging

import pytest
from lxml import html

from analysis import open_dashboard
from analysis.assessment.readiness import load_readiness
from analysis.catalog.vocabulary import OWNERS
from analysis.documents.readiness_choice import compose_owner
from analysis.store.read import PublicData, read_public

DAY = "2026-11-22"


def open_on(query, workspace):
    dashboard = open_dashboard(f"data_readiness?{query}", workspace)
    dashboard._day = DAY
    return dashboard


def parse(markup):
    return html.fromstring(f"<main>{markup}</main>")


def cells(page, name):
    return [
        [" ".join(c.text_content().split()) for c in row.xpath("./th|./td")]
        for row in parse(page).xpath(f".//table[@data-table='{name}']/tbody/tr")
    ]


def test_the_first_view_holds_a_heading_a_chart_in_words_and_a_table(workspace):
    page = parse(open_on("language=en", workspace).first_view().markup)
    assert page.xpath(".//h2")[0].text_content() == "By owner"
    assert "overdue" in page.xpath(".//figure//svg[@role='img']/@aria-label")[0]
    assert page.xpath(".//table[@data-table='owners']//th[@scope='col']")
    assert not page.xpath(".//script")


@pytest.mark.parametrize("code", ["mk", "en"])
@pytest.mark.parametrize("owner", ["", "unhcr"])
def test_the_dashboard_prints_the_tables_of_the_document(workspace, owner, code):
    dashboard = open_on(f"owner={owner}&language={code}", workspace)
    dashboard.live_view()
    document = compose_owner(load_readiness(workspace, DAY), code, owner)
    shown = dashboard._figures.value + dashboard._rest.value
    for section in document.sections:
        for table in (b for b in section.blocks if hasattr(b, "rows")):
            expected = [[" ".join(str(c).split()) for c in row] for row in table.rows]
            assert cells(shown, table.name) == expected, table.name


def test_a_choice_of_owner_changes_everything(workspace):
    dashboard = open_on("language=en", workspace)
    dashboard.live_view()
    everyone = cells(dashboard._figures.value, "owners")
    dashboard._controls.menus["owner"].value = "sso"
    assert len(everyone) > 10
    assert [row[0] for row in cells(dashboard._figures.value, "owners")] == [
        "State Statistical Office"
    ]
    assert {row[1] for row in cells(dashboard._rest.value, "freshness")} == {
        "State Statistical Office"
    }
    assert dashboard.choice.query == "owner=sso&language=en"


def test_the_menu_has_every_owner_by_the_alphabet(workspace):
    dashboard = open_on("language=mk", workspace)
    dashboard.live_view()
    options = dashboard._controls.menus["owner"].options
    assert options[0][1] == "all"
    assert {key for _, key in options} == {"all", *OWNERS}
    assert options[1][0] == "АСТРА"


def test_a_wrong_owner_is_answered_with_a_sentence(workspace):
    dashboard = open_on("owner=%3Cb%3Eme&language=en", workspace)
    dashboard.live_view()
    assert "whom the catalogue does not name" in dashboard._figures.value
    assert "<b>me" not in dashboard._figures.value
    dashboard._controls.menus["owner"].value = "unhcr"
    assert "whom the catalogue does not name" not in dashboard._figures.value


def test_a_missing_source_stands_under_missing(workspace):
    data = read_public(workspace)
    lean = data.frame.loc[~data.frame["indicator_id"].str.startswith("unhcr_")]
    dashboard = open_on("owner=unhcr&language=en", workspace)
    dashboard._data = PublicData(lean.reset_index(drop=True), data.sources, data.indicators)
    dashboard.live_view()
    wanted = {row[0] for row in cells(dashboard._rest.value, "wanted")}
    assert "Refugees registered by UNHCR" in wanted


def test_an_unbuilt_workspace_is_told_in_a_sentence_and_logged(own_workspace, caplog):
    with caplog.at_level(logging.ERROR):
        dashboard = open_on("language=en", own_workspace)
        first = dashboard.first_view().markup
        dashboard.live_view()
    assert "This view could not be made" in first
    assert "This view could not be made" in dashboard._figures.value
    assert "patokaz build" in caplog.text
