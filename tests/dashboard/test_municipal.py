from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest
from lxml import html

from analysis import open_dashboard
from analysis.assessment import load_profile
from analysis.catalog import load_indicators
from analysis.dashboard import base
from analysis.documents.face import compose
from analysis.documents.html import section_html
from analysis.documents.wording import Wording
from analysis.store.read import PublicData, read_public
from analysis.text import translator

NUMBER = re.compile(r'<(?:data|span)[^>]*data-observation="(\w+)"[^>]*>([^<]*)<')


@pytest.fixture
def dashboard(workspace):
    return open_dashboard("area=gevgelija&language=en", workspace)


def test_the_first_view_is_a_table_and_a_chart_without_script(dashboard):
    markup = dashboard.first_view().markup

    assert '<table data-table="residents">' in markup
    assert "<svg" in markup
    assert "<script" not in markup


def test_the_dashboard_prints_the_numbers_of_the_page(dashboard, workspace):
    dashboard.live_view()
    document = compose(load_profile(workspace, "gevgelija"), "en", workspace)
    shown = NUMBER.findall(dashboard._figures.value)

    for name in ("residents", "registered"):
        printed = NUMBER.findall(section_html(document.section(name), document.language))
        assert printed
        assert set(printed) <= set(shown)


def test_a_choice_changes_everything_and_keeps_what_was_chosen(dashboard):
    dashboard.live_view()
    dashboard._controls.menus["area"].value = "MK-803"
    dashboard._controls.menus["language"].value = "mk"

    assert dashboard.choice.query == "area=butel&language=mk"
    assert dashboard._controls.menus["area"].value == "MK-803"
    assert 'lang="mk"' in dashboard._figures.value
    assert "butel_profile_mk.csv" in dashboard._rest.value
    assert "area=butel" in dashboard._rest.value


class Begun(Wording):
    """A language whose translation has only been begun."""

    @property
    def language(self):
        return replace(super().language, state="begun")


@pytest.mark.parametrize("name", ["municipal_profile", "trafficking", "migration"])
def test_a_language_that_was_begun_says_so(name, workspace, monkeypatch):
    monkeypatch.setattr(base, "wording", lambda _: Begun(translator("en")))
    dashboard = open_dashboard(f"{name}?language=en&period=2021-2025", workspace)
    dashboard.live_view()

    assert "only been begun" in dashboard._figures.value


def test_a_wrong_address_is_told_until_something_is_chosen(workspace):
    dashboard = open_dashboard("area=%3Cb%3Eatlantis&language=en", workspace)
    dashboard.live_view()
    told = "which is not in the catalogue"

    assert told in dashboard._figures.value
    assert "<b>atlantis" not in dashboard._figures.value
    dashboard._controls.menus["area"].value = "MK-803"
    assert told not in dashboard._figures.value


def test_an_unbuilt_workspace_is_told_in_a_sentence_and_logged(own_workspace, caplog):
    with caplog.at_level(logging.ERROR):
        dashboard = open_dashboard("area=butel&language=en", own_workspace)
        first = dashboard.first_view().markup
        dashboard.live_view()

    assert "This view could not be made" in first
    assert "This view could not be made" in dashboard._figures.value
    assert "Traceback" not in first
    assert str(own_workspace.root) not in first
    assert "patokaz build" in caplog.text
    assert re.search(r"<code>(\w{8})</code>", first)[1] in caplog.text


def test_what_is_not_known_is_said_with_who_may_have_it(dashboard):
    dashboard.live_view()

    assert "What we do not know" in dashboard._figures.value
    assert "It may be held by: " in dashboard._figures.value


def test_only_protected_rows_are_read(dashboard):
    dashboard.live_view()
    withheld = dashboard._data.frame.loc[dashboard._data.frame["state"].eq("suppressed")]

    assert withheld["value"].isna().all()
    assert "× withheld" in dashboard._figures.value


def open_without(gone, workspace):
    data = read_public(workspace)
    dashboard = open_dashboard("area=kumanovo&language=en", workspace)
    taken = gone(data.frame)
    assert taken.any()
    dashboard._data = PublicData(data.frame.loc[~taken], data.sources, load_indicators())
    return dashboard


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (lambda rows: rows["indicator_id"].str.startswith("unhcr"), "UNHCR"),
        (lambda rows: rows["indicator_id"].str.contains("population"), "State Statistical Office"),
        (lambda rows: rows["area_id"].eq("MK-703"), "State Statistical Office"),
    ],
    ids=["UNHCR", "censuses", "all of one municipality"],
)
def test_with_a_source_missing_it_opens_and_says_whose_it_is(gone, said, workspace, caplog):
    with caplog.at_level(logging.ERROR):
        dashboard = open_without(gone, workspace)
        first = dashboard.first_view().markup
        dashboard.live_view()
    page = html.fromstring(dashboard._figures.value)
    unknown = page.xpath(".//section[@id='unknown']")[0].text_content()

    assert caplog.records == []
    assert "could not be made" not in first
    assert f"It may be held by: {said}" in unknown
    assert "That is not a zero" in page.text_content() or "no data" in page.text_content()
