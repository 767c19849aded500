"""The dashboard that compares: the document's numbers for each choice, and no rank of people."""

from __future__ import annotations

import logging

import pytest
from lxml import html

from analysis import open_dashboard
from analysis.assessment.compare import make_comparison
from analysis.dashboard import more_kinds
from analysis.documents.compare_sections import compose_comparison
from analysis.documents.html import section_html
from analysis.store.read import PublicData, read_public

STATELESS = "unhcr_stateless_persons"


@pytest.fixture(scope="module")
def data(workspace):
    return read_public(workspace)


def open_with(data, query, workspace):
    dashboard = open_dashboard(f"compare?{query}", workspace)
    dashboard._data = data
    return dashboard


def parse(markup):
    return html.fromstring(f"<main>{markup}</main>")


def without(data, *indicators):
    frame = data.frame.loc[~data.frame["indicator_id"].isin(indicators)]
    return PublicData(frame.reset_index(drop=True), data.sources, data.indicators)


def options(dashboard, name):
    return [key for _, key in dashboard._controls.menus[name].options]


def test_the_first_view_holds_a_heading_a_chart_in_words_and_a_table(workspace):
    dashboard = open_dashboard("compare?area=kumanovo&language=en", workspace)
    page = parse(dashboard.first_view().markup)
    assert "Change of residents between the censuses" in page.xpath(".//h2")[0].text_content()
    alternative = page.xpath(".//figure//svg[@role='img']/@aria-label")[0]
    assert "Kumanovo: −7.0" in alternative
    assert page.xpath(".//table[@data-table='compare']//th[@scope='col']")
    assert len(page.xpath(".//table[@data-table='compare']/tbody/tr")) == 11
    assert not page.xpath(".//script")


@pytest.mark.parametrize("code", ["mk", "en"])
@pytest.mark.parametrize(
    ("figure", "peers"), [("population_change_pct", "all"), (STATELESS, "size")]
)
def test_the_dashboard_prints_the_numbers_of_the_document(
    data, workspace, read_numbers, figure, peers, code
):
    query = f"area=bitola&figure={figure}&peers={peers}&language={code}"
    dashboard = open_with(data, query, workspace)
    dashboard.live_view()
    document = compose_comparison(make_comparison(data, "bitola", figure, peers), code)
    for name, shown in (("compare", dashboard._figures.value), ("peers", dashboard._rest.value)):
        printed = read_numbers(section_html(document.section(name), document.language))
        assert printed
        assert set(printed) <= set(read_numbers(shown))


def test_a_choice_changes_numbers_files_and_address(data, workspace, read_numbers):
    dashboard = open_with(data, "area=kumanovo&language=en", workspace)
    dashboard.live_view()
    before = read_numbers(dashboard._figures.value)
    menus = dashboard._controls.menus
    menus["figure"].value = STATELESS
    menus["peers"].value = "region"
    menus["language"].value = "mk"
    assert read_numbers(dashboard._figures.value) != before
    assert 'lang="mk"' in dashboard._figures.value
    assert f"kumanovo_compare_{STATELESS}_mk.csv" in dashboard._rest.value
    assert dashboard.choice.query == (
        f"area=kumanovo&figure={STATELESS}&peers=region&period=newest&order=name&language=mk"
    )


def test_the_menus_offer_what_is_held_and_no_rank_of_people(data, workspace):
    dashboard = open_with(data, "language=en", workspace)
    dashboard.live_view()
    assert "live_births_persons" not in options(dashboard, "figure"), "nobody has given it"
    assert options(dashboard, "period") == ["newest", "2002-2021"]
    assert not dashboard._controls.menus["order"].disabled
    dashboard._controls.menus["order"].value = "value"
    dashboard._controls.menus["figure"].value = STATELESS
    assert dashboard._controls.menus["order"].disabled
    assert dashboard.choice["order"] == "name"
    assert options(dashboard, "period")[:2] == ["newest", "2025"]


def test_another_figure_takes_its_own_newest_period(data, workspace):
    dashboard = open_with(data, f"figure={STATELESS}&period=2022&language=en", workspace)
    dashboard.live_view()
    assert dashboard._controls.menus["period"].value == "2022"
    assert "2022" in parse(dashboard._figures.value).xpath(".//caption")[0].text_content()
    dashboard._controls.menus["figure"].value = "resident_population_persons"
    assert dashboard._controls.menus["period"].value == "newest"
    assert "2021" in parse(dashboard._figures.value).xpath(".//caption")[0].text_content()


def test_the_order_by_value_is_that_of_the_numbers(data, workspace):
    dashboard = open_with(data, "order=value&peers=region&language=en", workspace)
    dashboard.live_view()
    cells = parse(dashboard._figures.value).xpath(
        ".//table[@data-table='compare']/tbody/tr/td[1]/data/@value"
    )
    values = [float(cell) for cell in cells]
    assert len(values) == 6
    assert values == sorted(values, reverse=True)


def test_a_wrong_address_is_answered_with_sentences(data, workspace):
    query = "area=%3Cb%3Eatlantis&figure=happiness&peers=zz&order=best&language=en"
    dashboard = open_with(data, query, workspace)
    dashboard.live_view()
    told = [p.text_content() for p in parse(dashboard._figures.value).xpath(".//p[@role='alert']")]
    assert len(told) == 4
    assert any("'zz', which are none. “similar in size” is shown" in said for said in told)
    assert "<b>atlantis" not in dashboard._figures.value
    dashboard._controls.menus["area"].value = "MK-803"
    assert not parse(dashboard._figures.value).xpath(".//p[@role='alert']")


def test_an_address_that_asks_for_a_rank_of_people_gets_the_alphabet_and_a_sentence(
    data, workspace
):
    dashboard = open_with(
        data, f"figure={STATELESS}&order=value&period=1999&language=en", workspace
    )
    first = dashboard.first_view().markup
    dashboard.live_view()
    told = " ".join(
        p.text_content() for p in parse(dashboard._figures.value).xpath(".//p[@role='alert']")
    )
    assert "people are no league table" in told
    assert "the period '1999', for which no municipality has a figure" in told
    names = parse(first).xpath(".//table[@data-table='compare']/tbody/tr/th")
    listed = [n.text_content() for n in names]
    assert listed == sorted(listed)
    dashboard._controls.menus["peers"].value = "region"
    assert "league table: the order is" not in " ".join(
        p.text_content() for p in parse(dashboard._figures.value).xpath(".//p[@role='alert']")
    )


def test_a_missing_source_is_told_with_its_owner(data, workspace):
    lean = without(data, "resident_population_persons", "population_change_pct")
    dashboard = open_with(lean, "language=en", workspace)
    first = dashboard.first_view().markup
    dashboard.live_view()
    assert "no municipality has a figure that may stand beside another" in first
    assert "It may be held by: State Statistical Office." in dashboard._figures.value
    dashboard._controls.menus["figure"].value = STATELESS
    assert "the census does not say how many residents Kumanovo has" in dashboard._rest.value


def test_a_municipality_without_data_is_told_with_the_owner(data, workspace):
    dashboard = open_with(data, f"area=vevchani&figure={STATELESS}&language=en", workspace)
    dashboard.live_view()
    assert "no figure, which is not a zero. It may be held by: UNHCR." in dashboard._figures.value


def test_an_unbuilt_workspace_is_told_in_a_sentence_and_logged(own_workspace, caplog):
    with caplog.at_level(logging.ERROR):
        dashboard = open_dashboard("compare?language=en", own_workspace)
        first = dashboard.first_view().markup
        dashboard.live_view()
    assert "This view could not be made" in first
    assert "This view could not be made" in dashboard._figures.value
    assert "patokaz build" in caplog.text


def test_the_server_knows_it_without_loading_what_draws():
    assert more_kinds.COMPARE.address == "/dashboards/compare"
    asked = more_kinds.COMPARE.read("area=butel&language=en")
    assert asked.choice.area.area_id == "MK-803"
    assert asked.unknown == ()
    assert more_kinds.FIRST_FIGURE in more_kinds.list_municipal_figures()
