from __future__ import annotations

import logging
import re

import pytest

from analysis import open_dashboard
from analysis.assessment import load_profile
from analysis.dashboard import municipal
from analysis.documents.face import compose
from analysis.documents.html import section_html

NUMBER = re.compile(r'<(?:data|span)[^>]*data-observation="(\w+)"[^>]*>([^<]*)<')


@pytest.fixture(autouse=True)
def no_loop(monkeypatch):
    # A browser test in the same process leaves a loop behind that nobody turns.
    def none():
        raise RuntimeError

    monkeypatch.setattr(municipal.asyncio, "get_running_loop", none)


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
    dashboard._controls.area.value = "MK-803"
    dashboard._controls.language.value = "mk"

    assert dashboard.choice.query == "area=butel&language=mk"
    assert dashboard._controls.area.value == "MK-803"
    assert 'lang="mk"' in dashboard._figures.value
    assert "butel_profile_mk.csv" in dashboard._rest.value
    assert "area=butel" in dashboard._rest.value


def test_a_language_that_was_begun_says_so(workspace):
    dashboard = open_dashboard("area=struga&language=sq", workspace)
    dashboard.live_view()

    assert "only been begun" in dashboard._figures.value


def test_a_wrong_address_is_told_until_something_is_chosen(workspace):
    dashboard = open_dashboard("area=%3Cb%3Eatlantis&language=en", workspace)
    dashboard.live_view()
    told = "which is not in the catalogue"

    assert told in dashboard._figures.value
    assert "<b>atlantis" not in dashboard._figures.value
    dashboard._controls.area.value = "MK-803"
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


def test_only_protected_rows_are_read(dashboard):
    dashboard.live_view()
    withheld = dashboard._data.frame.loc[dashboard._data.frame["state"].eq("suppressed")]

    assert withheld["value"].isna().all()
    assert "× withheld" in dashboard._figures.value
