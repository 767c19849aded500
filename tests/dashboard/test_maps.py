"""Maps in the dashboards: the numbers of the table, no shelter, no victims."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html

from analysis import open_dashboard
from analysis.dashboard.services_map import FACTS
from analysis.store.read import PublicData, read_public

STATELESS = "unhcr_stateless_persons"


@pytest.fixture(scope="module")
def data(workspace):
    return read_public(workspace)


def open_with(data, query, workspace):
    dashboard = open_dashboard(query, workspace)
    dashboard._data = data
    return dashboard


def parse(markup):
    return html.fromstring(f"<main>{markup}</main>")


def document_of(markup):
    """The map that one moves, out of the frame that holds it."""
    (frame,) = parse(markup).xpath(".//iframe[contains(@class, 'map')]")
    assert frame.get("sandbox") == "allow-scripts"
    assert frame.get("title")
    return frame.get("srcdoc")


def listed(document):
    options = html.fromstring(document).xpath("//li[@role='option']")
    return {
        o.xpath("./span[@class='name']")[0].text: o.xpath("./span[@class='text']")[0].text
        for o in options
    }


@pytest.mark.parametrize("code", ["mk", "sr-Latn"])
@pytest.mark.parametrize(
    ("figure", "peers", "column"),
    [
        ("population_change_pct", "all", 1),
        ("resident_population_persons", "size", 1),
        (STATELESS, "region", 3),
    ],
)
def test_the_map_lists_the_numbers_of_the_table(data, workspace, figure, peers, column, code):
    query = f"compare?area=bitola&figure={figure}&peers={peers}&language={code}"
    dashboard = open_with(data, query, workspace)
    dashboard.live_view()
    found = listed(document_of(dashboard._rest.value))
    rows = parse(dashboard._figures.value).xpath(".//table[@data-table='compare']/tbody/tr")
    table = {
        row.xpath("./th")[0].text_content().split(" (")[0]: row.xpath(f"./td[{column}]")[
            0
        ].text_content()
        for row in rows
    }
    assert found == table


@pytest.mark.parametrize("name", ["municipal_profile", "compare"])
@pytest.mark.parametrize(("view", "drawn"), [("", "map"), ("&view=squares", "tiles")])
def test_the_map_begins_as_the_address_says(data, workspace, name, view, drawn):
    dashboard = open_with(data, f"{name}?area=bitola&language=en{view}", workspace)
    dashboard.live_view()
    document = document_of(dashboard._rest.value)
    told = json.loads(re.search(r"\}\)\(map_country, (\{.*\})\);", document)[1])

    assert told["view"] == drawn
    assert html.fromstring(document).xpath("//input[@name='view'][@checked]/@value") == [drawn]
    assert "view" not in dashboard._controls.menus
    dashboard._choose("language", "mk")
    assert f'name="view" value="{drawn}" checked' in document_of(dashboard._rest.value)


def test_the_files_of_the_map_are_offered(data, workspace):
    dashboard = open_with(data, "compare?area=bitola&language=en", workspace)
    dashboard.live_view()
    names = parse(dashboard._rest.value).xpath(".//a/@download")
    assert {n for n in names if "map" in n or "squares" in n} == {
        "bitola_map_en.svg",
        "bitola_map_en.png",
        "bitola_squares_en.svg",
        "bitola_squares_en.png",
    }


def test_maps_for_paper_are_drawn_before_the_rest_is_written(data, workspace):
    dashboard = open_with(data, "compare?area=bitola&peers=region&language=en", workspace)
    assert dashboard.is_rest_late
    dashboard.prepare_rest(dashboard.choice)
    drawn = [p for _, p in dashboard._drawn[dashboard.choice.query]]
    assert [p.name for p in drawn] == ["map", "squares"]
    assert all({"svg", "_drawn"} <= set(vars(p)) for p in drawn)
    dashboard.live_view()
    assert [p for _, p in dashboard._drawn[dashboard.choice.query]] == drawn


def test_what_was_chosen_meanwhile_is_not_drawn_for_nothing(data, workspace):
    dashboard = open_with(data, "compare?area=bitola&language=en", workspace)
    dashboard.prepare_rest(dashboard.choice.change("peers", "region"))
    assert dashboard._drawn == {}


def test_a_centre_is_on_no_map(data, workspace):
    query = "compare?area=gevgelija&figure=reception_capacity_places&peers=all&language=en"
    dashboard = open_with(data, query, workspace)
    dashboard.live_view()
    assert not parse(dashboard._rest.value).xpath(".//iframe")
    assert "This figure is on no map" in dashboard._rest.value
    assert not [
        n for n in parse(dashboard._rest.value).xpath(".//a/@download") if "map" in n or "sq" in n
    ]


def test_the_map_of_a_profile_has_every_municipality(data, workspace):
    dashboard = open_with(data, "area=butel&language=mk", workspace)
    dashboard.live_view()
    document = document_of(dashboard._rest.value)
    assert len(listed(document)) == 80
    rows = parse(dashboard._rest.value).xpath(".//table[@data-table='everywhere']/tbody/tr")
    table = {r.xpath("./th")[0].text: r.xpath("./td")[0].text_content() for r in rows}
    assert listed(document) == table
    told = json.loads(re.search(r"\}\)\(map_country, (\{.*\})\);", document)[1])
    assert told["here"] == "MK-803"
    assert told["views"]["map"]["first"] != told["views"]["map"]["whole"]
    assert "Шематски" in told["views"]["map"]["note"]


@pytest.mark.parametrize("area", ["MK", "bitola"])
def test_trafficking_shows_bodies_on_the_map_and_never_victims(data, workspace, area):
    dashboard = open_with(data, f"trafficking?area={area}&language=en", workspace)
    dashboard.live_view()
    page = parse(dashboard._rest.value)
    drawn = page.xpath(".//figure[starts-with(@data-picture, 'map')]/@data-picture")
    assert drawn == [f"map_{name}" for name in FACTS]
    alternatives = page.xpath(".//figure[starts-with(@data-picture, 'map')]//svg/@aria-label")
    assert all("Municipalities by shade: yes: " in alt for alt in alternatives)
    assert all(("Outlined is Bitola: yes" in alt) == (area == "bitola") for alt in alternatives[:1])
    rows = page.xpath(".//table[@data-table='services_map']/tbody/tr")
    assert len(rows) == 80
    cells = {c.text_content() for row in rows for c in row.xpath("./td")}
    assert cells <= {"yes", "no", "– no data"}
    assert "yes" in cells


@pytest.mark.parametrize("area", ["WB", "RS"])
def test_elsewhere_there_is_no_such_map(data, workspace, area):
    dashboard = open_with(data, f"trafficking?area={area}&language=en", workspace)
    dashboard.live_view()
    assert 'data-picture="map' not in dashboard._rest.value


def test_a_body_that_nobody_has_told_of_is_on_no_map(data, workspace):
    frame = data.frame.loc[~data.frame["indicator_id"].isin(FACTS)].reset_index(drop=True)
    lean = PublicData(frame, data.sources, data.indicators)
    dashboard = open_with(lean, "trafficking?area=MK&language=en", workspace)
    dashboard.live_view()
    assert 'data-picture="map' not in dashboard._rest.value
    assert "Bodies and services on the map" not in dashboard._rest.value
