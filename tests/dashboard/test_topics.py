"""The dashboards of trafficking and of migration: numbers of the document, for every choice."""

from __future__ import annotations

import base64
import concurrent.futures
import csv
import functools
import io
import logging
import re
import subprocess
import sys

import nbformat
import pandas as pd
import pytest
from lxml import html

from analysis import open_dashboard
from analysis.assessment.migration import make_migration
from analysis.assessment.series import read_every_source
from analysis.assessment.trafficking import make_trafficking
from analysis.catalog import load_areas, load_indicators
from analysis.dashboard.fields import place_options
from analysis.dashboard.kinds import MIGRATION, TRAFFICKING
from analysis.dashboard.registry import (
    DEFAULT,
    DashboardError,
    find_dashboard,
    frame_for,
    list_dashboards,
)
from analysis.documents.html import section_html
from analysis.documents.trends.migration import compose_migration
from analysis.documents.trends.trafficking import compose_trafficking
from analysis.documents.wording import Wording
from analysis.store.read import PublicData, read_public
from analysis.store.schema import DIMENSIONS, TOTAL
from analysis.text import Translator, translator

TOPICS = ["trafficking", "migration"]
SHOWN = {
    "trafficking": ("summary", "victims", "splits", "justice", "policy", "outlook", "places"),
    "migration": ("summary", "flows", "stocks", "origins", "route", "abroad", "outlook"),
}
# Few figures, so that a test of another thing need not wait for forecasts of many.
SHORT = "period=2021-2025"


@pytest.fixture(scope="module")
def data(workspace):
    return read_public(workspace)


@pytest.fixture(scope="module")
def national(data):
    """North Macedonia, read once a topic: forecasts take their time."""
    make = {"migration": make_migration, "trafficking": make_trafficking}

    @functools.cache
    def read(topic):
        return make[topic](data, "MK", "2014-2025")

    return read


def parse(markup):
    return html.fromstring(f"<main>{markup}</main>")


def open_with(data, topic, query, workspace):
    """Open a dashboard on rows of one's own."""
    dashboard = open_dashboard(f"{topic}?{query}", workspace)
    dashboard._data = data
    return dashboard


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("area", ["MK", "RS", "WB"])
def test_the_first_view_holds_a_heading_a_chart_in_words_and_a_table(topic, area, workspace):
    page = parse(open_dashboard(f"{topic}?area={area}&language=en", workspace).first_view().markup)
    name = load_areas().get(area).name_en

    assert name in page.xpath(".//h2")[0].text_content()
    assert len(page.xpath(".//figure//svg[@role='img']/@aria-label")[0]) > 40
    assert page.xpath(".//table[@data-table='figure']//th[@scope='col']")
    assert page.xpath(".//table[@data-table='figure']//td//data")
    assert not page.xpath(".//script")
    heads = [dt.text for dt in page.xpath(".//dl[@class='about']/dt")]
    assert {"Definition", "Owner", "Renewed", "Sources, with their dates"} <= set(heads)
    assert re.search(r"\d{4}", page.xpath(".//dl[@class='about']//time")[0].text)


@pytest.mark.parametrize("code", ["mk", "en"])
@pytest.mark.parametrize("topic", TOPICS)
def test_the_numbers_are_those_of_the_document(topic, code, workspace, national, read_numbers):
    dashboard = open_dashboard(f"{topic}?area=MK&language={code}", workspace)
    dashboard._found["MK", "2014-2025"] = national(topic)
    dashboard.live_view()
    compose = compose_migration if topic == "migration" else compose_trafficking
    document = compose(national(topic), code)
    page = parse(dashboard._rest.value)

    for name in SHOWN[topic]:
        wanted = read_numbers(section_html(document.section(name), document.language))
        (shown,) = page.xpath(f".//section[@id='{name}']")
        assert read_numbers(html.tostring(shown, encoding="unicode")) == wanted, name


@pytest.mark.parametrize("topic", TOPICS)
def test_the_figure_on_top_has_every_row_of_every_source(topic, workspace, data, read_numbers):
    dashboard = open_dashboard(f"{topic}?area=RS&language=en", workspace)
    area = load_areas().get("RS")
    every = read_every_source(data, dashboard.choice["figure"], area, 2014, 2025)
    wanted = {r.reference for series in every for r in series.results}
    shown = {reference for reference, _ in read_numbers(dashboard.first_view().markup)}

    assert wanted
    assert shown == wanted


@pytest.mark.parametrize("topic", TOPICS)
def test_a_choice_changes_the_numbers_the_files_and_the_address(topic, workspace, read_numbers):
    dashboard = open_dashboard(f"{topic}?language=en&{SHORT}", workspace)
    dashboard.live_view()
    before = dashboard._figures.value, dashboard._rest.value
    dashboard._controls.menus["area"].value = "RS"

    assert dashboard.choice.query.startswith("area=serbia&figure=")
    assert read_numbers(dashboard._figures.value) != read_numbers(before[0])
    assert read_numbers(dashboard._rest.value) != read_numbers(before[1])
    assert f"serbia_{topic}_en.csv" in dashboard._rest.value
    assert "area=serbia" in dashboard._figures.value
    assert "Serbia" in dashboard._live("")["title"]


@pytest.mark.parametrize("topic", TOPICS)
def test_another_figure_changes_the_panel_and_leaves_the_rest(topic, workspace, monkeypatch):
    dashboard = open_dashboard(f"{topic}?language=en&{SHORT}", workspace)
    dashboard.live_view()
    figures, rest = dashboard._figures.value, dashboard._rest.value
    monkeypatch.setattr(dashboard, "rest_html", None)
    menu = dashboard._controls.menus["figure"]
    name, key = next(option for option in menu.options if option[1] != menu.value)
    menu.value = key

    assert dashboard._figures.value != figures
    assert dashboard._rest.value == rest
    assert name in dashboard._figures.value
    live = html.fromstring(dashboard._figures.value).xpath("descendant-or-self::*/@data-live")
    assert len(live) == 1
    assert "updated: " in live[0]


def test_sections_of_the_place_before_do_not_stand_there_while_new_ones_come(workspace):
    dashboard = open_dashboard(f"migration?area=kumanovo&language=en&{SHORT}", workspace)
    dashboard.live_view()
    steps = []
    dashboard._later = steps.append
    dashboard._controls.menus["area"].value = "MK-803"

    assert "follow in a moment" in dashboard._rest.value
    assert "Kumanovo" not in dashboard._rest.value
    steps[0]()
    assert "Butel" in dashboard._rest.value


@pytest.mark.parametrize("topic", TOPICS)
def test_the_files_hold_the_numbers_that_are_shown(topic, workspace):
    dashboard = open_dashboard(f"{topic}?area=RS&language=en", workspace)
    page = parse(dashboard.first_view().markup)
    files = {a.get("download"): a.get("href") for a in page.xpath(".//a[@download]")}
    (table,) = (name for name in files if name.endswith(".csv"))
    text = base64.b64decode(files[table].partition("base64,")[2]).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    cells = page.xpath(".//table[@data-table='figure']//td//data")

    assert {name.rsplit(".", 1)[1] for name in files} == {"csv", "svg", "png"}
    assert dashboard.choice["figure"] in table
    assert {row["observation_id"]: row["value"] for row in rows if row["value"]} == {
        cell.get("data-observation"): cell.get("value") for cell in cells
    }
    assert all(row["standing"].startswith("Draft") for row in rows)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_wrong_address_is_answered_with_a_sentence_a_thing(topic, workspace, monkeypatch):
    query = "area=%3Cb%3Eatlantis&figure=gold&period=2025-2014&language=xx"
    dashboard = open_dashboard(f"{topic}?{query}", workspace)
    page = parse(dashboard.figures_html(Wording(translator("en")), {}))
    told = [p.text_content() for p in page.xpath(".//p[@role='alert']")]
    choice = dashboard.choice

    assert (choice["area"], choice["period"], choice["language"]) == ("MK", "2014-2025", "mk")
    assert len(dashboard.problems) == len(told) == 4
    assert not page.xpath(".//b")
    monkeypatch.setattr(dashboard, "_update", lambda: None)
    dashboard._choose("language", "en")
    assert dashboard.problems == ()


@pytest.mark.parametrize("kind", [TRAFFICKING, MIGRATION], ids=TOPICS)
def test_every_option_stands_in_an_address_and_comes_back(kind):
    w = Wording(translator("en"))
    first = kind.read("").choice

    for name, field in zip(dict(first.pairs), kind.fields, strict=True):
        for label, key in field.list_options(w):
            asked = kind.read(first.change(name, key).query)
            assert asked.unknown == (), label
            assert asked.choice[name] == key, label


def test_years_of_ones_own_are_shown_and_offered():
    asked = MIGRATION.read("period=2010-2012")
    (field,) = (f for f in MIGRATION.fields if f.name == "period")

    assert asked.choice["period"] == "2010-2012"
    assert field.list_with("2010-2012", Wording(translator("en")))[-1][1] == "2010-2012"


def test_places_are_the_group_the_countries_and_all_municipalities():
    keys = [key for _, key in place_options(Wording(translator("mk")))]

    assert keys[0] == "WB"
    assert {"MK", "RS", "AL", "BA", "ME", "XK"} == set(keys[1:7])
    assert len(keys) == len(set(keys)) == 87


def test_a_figure_that_no_municipality_has_gives_way_to_one_that_has():
    assert MIGRATION.read("area=kumanovo").choice["figure"] == "unhcr_refugees_persons"
    named = MIGRATION.read("area=kumanovo&figure=asylum_applications_persons").choice
    assert named["figure"] == "asylum_applications_persons"
    assert MIGRATION.read("area=serbia").choice["figure"] == "asylum_applications_persons"
    route = MIGRATION.read("area=serbia&figure=route_detections_crossings").choice
    assert MIGRATION.follow(route, ()) == route


def test_a_menu_follows_when_a_figure_gives_way(workspace):
    dashboard = open_dashboard(f"migration?area=serbia&language=en&{SHORT}", workspace)
    dashboard.live_view()
    dashboard._controls.menus["area"].value = "MK-703"

    assert dashboard._controls.menus["figure"].value == "unhcr_refugees_persons"
    assert dashboard.choice["figure"] == "unhcr_refugees_persons"


def test_the_stages_stand_in_their_order_and_a_stage_without_figures_says_so(workspace):
    dashboard = open_dashboard("trafficking?area=RS&language=en", workspace)
    dashboard.live_view()
    (table,) = parse(dashboard._rest.value).xpath(".//table[@data-table='cascade']")
    rows = [[c.text_content() for c in tr] for tr in table.xpath("./tbody/tr")]
    stages = [row[0] for row in rows]

    assert stages == sorted(stages)
    identified = [row[2] for row in rows if row[1] == "Formally identified victims"]
    assert len(identified) > 2
    assert [p[-4:] for p in identified] == sorted((p[-4:] for p in identified), reverse=True)
    assert len(set(stages)) == 7
    assert any(row[3] == "no data" and row[1] == "no figure is held" for row in rows)
    assert not any(row[3] == "0" for row in rows if row[1] == "no figure is held")


@pytest.mark.parametrize("code", ["mk", "en"])
def test_a_municipality_shows_bodies_and_services_and_no_figure_of_its_country(code, workspace):
    dashboard = open_dashboard(f"trafficking?area=bitola&language={code}", workspace)
    first = dashboard.first_view().markup
    dashboard.live_view()
    page = parse(dashboard._figures.value + dashboard._rest.value)

    assert [s.get("id") for s in page.xpath(".//section[@id]")] == [
        "places",
        "pooled",
        "map",
        "missing",
        "limits",
        "sources",
        "about",
    ]
    # The map of services shows every municipality; all else is of this one.
    assert not page.xpath(".//section[@id!='map']//data")
    assert not page.xpath(".//section[@id!='map']//figure")
    # Of what is wanted here, nobody has given the plan; the municipality itself may have it.
    assert len(page.xpath(".//table[@data-table='missing']/tbody/tr")) == 1
    assert "<data" not in first
    assert all(s.area.area_id == dashboard.choice["area"] for s in dashboard.found.services)
    assert dashboard._controls.menus["figure"].disabled
    assert not dashboard._controls.menus["area"].disabled
    held = base64.b64decode(
        page.xpath(".//section[@class='downloads']//a[contains(@download, '.csv')]/@href")[
            0
        ].partition("base64,")[2]
    ).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(held)))
    assert {row["area_id"] for row in rows} <= {dashboard.choice["area"]}
    assert not any("victims" in row["indicator_id"] for row in rows)


def test_years_together_are_shown_of_a_municipality_and_a_single_year_never(data, workspace):
    rows = data._frame
    like = rows.loc[
        rows["indicator_id"].eq("trafficking_identified_victims_persons")
        & rows["area_id"].eq("MK")
        & rows["state"].eq("value")
        & rows[list(DIMENSIONS)].eq(TOTAL).all(axis=1)
    ].iloc[:1]
    spans = {
        "one": ("2021-01-01", "2021-12-31"),
        "over_new_year": ("2021-07-01", "2022-06-30"),
        "five": ("2017-01-01", "2021-12-31"),
    }
    numbers = {"one": 711.0, "over_new_year": 722.0, "five": 733.0}
    own = [
        like.assign(
            area_id="MK-703",
            observation_id=name,
            period_start=first,
            period_end=last,
            value=numbers[name],
        )
        for name, (first, last) in spans.items()
    ]
    more = PublicData(pd.concat([rows, *own]), data.sources, load_indicators())
    dashboard = open_with(more, "trafficking", "area=kumanovo&language=en", workspace)
    first = dashboard.first_view().markup
    dashboard.live_view()
    every = first + dashboard._figures.value + dashboard._rest.value

    assert 'data-observation="five"' in first
    assert "2017–2021" in first
    for name in ("one", "over_new_year"):
        assert f'data-observation="{name}"' not in every
        # Alone, not as the decimals of a place on the map.
        assert not re.search(rf"(?<![\d.,]){numbers[name]:.0f}(?!\d)", every)


@pytest.mark.parametrize(
    ("topic", "query", "sources", "figure", "owner"),
    [
        ("migration", "area=MK", r"unhcr", "Asylum applications", "UNHCR"),
        ("migration", "area=RS", r"frontex", "route", "Frontex"),
        ("migration", "area=kumanovo", r"unhcr", "Refugees", "UNHCR"),
        ("trafficking", "area=MK", r"unodc", "Detected victims", "UNODC"),
        ("trafficking", "area=bitola", r"commission", "commission", "National Commission"),
    ],
)
def test_with_a_source_missing_it_opens_and_says_what_is_missing(
    topic, query, sources, figure, owner, data, workspace, caplog
):
    rows = data._frame
    owners = {i.indicator_id: i.owner for i in load_indicators()}
    gone = rows["indicator_id"].map(owners).str.contains(sources)
    assert gone.any()
    less = PublicData(rows.loc[~gone], data.sources, load_indicators())
    with caplog.at_level(logging.ERROR):
        dashboard = open_with(less, topic, f"{query}&{SHORT}&language=en", workspace)
        dashboard.first_view()
        dashboard.live_view()
    (missing,) = parse(dashboard._rest.value).xpath(".//section[@id='missing']")
    said = [[c.text_content() for c in tr] for tr in missing.xpath(".//tbody/tr")]
    known = [row for row in said if row[-2].startswith("a source is known")]

    assert caplog.records == []
    assert any(re.search(figure, row[0], re.IGNORECASE) for row in known)
    assert any(owner in row[-1] for row in known)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_municipality_without_any_row_opens_and_says_so(topic, data, workspace, caplog):
    less = PublicData(
        data._frame.loc[~data._frame["area_id"].eq("MK-703")], data.sources, load_indicators()
    )
    with caplog.at_level(logging.ERROR):
        dashboard = open_with(less, topic, f"area=kumanovo&language=en&{SHORT}", workspace)
        first = dashboard.first_view().markup
        dashboard.live_view()

    assert caplog.records == []
    assert "That is not a zero." in first
    assert "<data" not in first
    assert 'id="missing"' in dashboard._rest.value


@pytest.mark.parametrize("topic", TOPICS)
def test_an_unbuilt_workspace_is_told_in_a_sentence(topic, own_workspace, caplog):
    with caplog.at_level(logging.ERROR):
        dashboard = open_dashboard(f"{topic}?language=en", own_workspace)
        first = dashboard.first_view().markup
        dashboard.live_view()

    assert "This view could not be made" in first
    assert "This view could not be made" in dashboard._figures.value
    assert dashboard._rest.value == ""
    assert str(own_workspace.root) not in first
    assert re.search(r"<code>(\w{8})</code>", first)[1] in caplog.text


def test_definitions_in_english_say_so_in_another_language(workspace, monkeypatch):
    # Every definition is translated; one that is not yet has to stand in English, and say so.
    monkeypatch.setattr(Translator, "has", lambda *_: False)
    page = parse(open_dashboard("migration?area=MK&language=mk", workspace).first_view().markup)
    english = page.xpath(".//dl[@class='about']/dd[@lang='en']")

    assert english
    assert not any("[en]" in dd.text for dd in english)
    assert page.xpath(".//dl[@class='about']/dt")[0].text_content().strip()


def test_a_provisional_number_says_what_its_letter_means(workspace):
    def notes(period):
        address = f"migration?area=MK&language=en&period={period}"
        return parse(open_dashboard(address, workspace).first_view().markup).text_content()

    assert "p: provisional" in notes("2014-2025")
    assert "p: provisional" not in notes("2010-2015")


@pytest.mark.parametrize(("period", "is_said"), [("2014-2025", True), ("2014-2024", False)])
def test_a_provisional_number_on_top_says_so_above_the_chart(workspace, period, is_said):
    """A year that was not over looks like a fall, and no bar of the chart shows it."""
    address = f"migration?area=RS&language=en&period={period}"
    page = parse(open_dashboard(address, workspace).first_view().markup)
    lead = page.xpath("//p[contains(@class, 'lead')]")[0]
    after = lead.getnext().text_content()

    assert after.startswith("p: provisional, published before the year was over.") is is_said


def test_a_rest_that_comes_late_is_not_shown_once_something_else_was_chosen(workspace):
    dashboard = open_dashboard("trafficking?area=kumanovo&language=en", workspace)
    dashboard.live_view()
    shown = []

    class Loop:
        def run_in_executor(self, _, prepare, choice):
            prepare(choice)
            self.future = concurrent.futures.Future()
            self.future.set_result(None)
            return self

        def add_done_callback(self, finish):
            self.finish = finish

    loop = Loop()
    dashboard._prepare(loop, lambda: shown.append("late"))
    dashboard._controls.menus["area"].value = "MK-803"
    loop.finish(loop.future)
    assert shown == []
    dashboard._prepare(loop, lambda: shown.append("now"))
    loop.finish(loop.future)
    assert shown == ["now"]


def test_a_name_that_is_no_dashboard_is_told_with_those_that_there_are(workspace):
    with pytest.raises(DashboardError, match=r"'gold' is not a dashboard\. There are: municipal"):
        open_dashboard("gold", workspace)
    assert find_dashboard("gold") is None
    assert frame_for("gold", "", workspace.site) is None


@pytest.mark.parametrize("name", list_dashboards())
def test_every_dashboard_has_its_notebook_and_its_class(name, checkout):
    notebook = nbformat.read(checkout / "dashboards" / f"{name}.ipynb", as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]

    assert find_dashboard(name).kind.name == name
    assert len(code) == 2
    assert f'open_dashboard("{name}")' in code[0] or name == DEFAULT
    assert notebook.cells[1].metadata["tags"] == ["static-first-view"]
    assert code[1] == "dashboard.live_view()"


def test_every_notebook_is_a_dashboard(checkout):
    notebooks = {path.stem for path in (checkout / "dashboards").glob("*.ipynb")}

    assert notebooks == set(list_dashboards())


def test_the_frame_is_written_without_what_draws():
    code = (
        "import sys; from pathlib import Path; from analysis.dashboard.registry import frame_for; "
        "[frame_for(n, '', Path('.')) for n in ('municipal_profile', 'trafficking', 'migration')]; "
        "print([m for m in ('altair', 'ipywidgets', 'statsmodels') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_the_chart_says_whose_years_it_draws(workspace):
    page = parse(open_dashboard("trafficking?area=MK&language=en", workspace).first_view().markup)

    # The table has newer figures of another publisher; two publishers are never one series.
    caption = page.xpath(".//figcaption")[0].text_content()
    assert caption.startswith("Formally identified victims: North Macedonia, 2015–2020 (")
    assert "US Department of State" in caption
