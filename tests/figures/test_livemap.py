from __future__ import annotations

import dataclasses
import re

import pytest

from analysis.assessment import load_profile
from analysis.documents.profile_pictures import change_everywhere
from analysis.documents.wording import Wording
from analysis.figures import livemap
from analysis.figures.livemap import LiveMapError, MapWords, live_map, outside_resources, shade
from analysis.figures.map_views import map_views
from analysis.figures.maps import STEPS
from analysis.figures.theme import DIVERGING
from analysis.sources.boundary_files import workspace_boundaries
from analysis.text import translator

WORDS = MapWords(
    language="en",
    title="A map <of> change",
    legend="Change, %",
    bins=("a", "b", "c", "d", "e"),
    no_data="no data",
    schematic="Schematic here",
    zoom_in="Zoom in",
    zoom_out="Zoom out",
    whole="Whole country",
)
GEVGELIJA = "MK-405"
BUTEL = "MK-803"


@pytest.fixture(scope="module")
def values(workspace):
    return change_everywhere(load_profile(workspace, "gevgelija"), Wording(translator("en")))


@pytest.fixture(scope="module")
def boundaries(workspace):
    return workspace_boundaries(workspace)


@pytest.fixture(scope="module")
def page(values, boundaries):
    return live_map(values, boundaries, GEVGELIJA, WORDS)


def test_the_map_asks_no_network_for_anything(page):
    assert outside_resources(page) == []
    assert "<link" not in page
    assert not re.search(r"<script[^>]+src", page)
    for absent in ("jquery", "bootstrap", "awesome", "tile.openstreetmap", "cdn."):
        assert absent not in page.lower()


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        "<img src=//cdn.example/x.png>",
        '<link rel="stylesheet" href="http://cdn.example/x.css">',
        "a { background: url('https://cdn.example/x.png') }",
        "@import 'https://cdn.example/x.css'",
    ],
)
def test_a_resource_from_elsewhere_is_found(text):
    assert len(outside_resources(text)) == 1


def test_a_map_that_would_ask_a_network_is_refused(values, boundaries):
    style = "@font-face { src: url('https://fonts.example/a.woff2') }"

    with pytest.raises(LiveMapError, match="over a network"):
        live_map(values, boundaries, GEVGELIJA, WORDS, style)


def test_it_holds_leaflet_and_every_municipality_with_its_number(page, values):
    assert "Leaflet 1.9.3" in page
    for row in values.to_dict("records"):
        assert f'"area_id": "{row["area_id"]}"' in page
    assert "\\u22126.1" in page or "−6.1" in page


def test_it_speaks_the_language_and_names_itself(page):
    assert '<html lang="en">' in page
    assert "<title>A map &lt;of&gt; change</title>" in page
    assert "user-scalable=no" not in page


def test_it_says_that_it_is_schematic_only_where_it_is(values, boundaries, page):
    drawn = dataclasses.replace(boundaries, is_schematic=False)

    assert "Schematic here" in page
    assert "Schematic here" not in live_map(values, drawn, GEVGELIJA, WORDS)


def test_the_same_map_is_the_same_bytes(values, boundaries, page):
    assert live_map(values, boundaries, GEVGELIJA, WORDS) == page


def test_a_name_cannot_become_markup(values, boundaries):
    named = values.assign(name="<img src=x onerror=alert(1)>")
    page = live_map(named, boundaries, GEVGELIJA, WORDS)

    assert "<img" not in page
    assert "onerror=alert(1)>" not in page


def test_a_missing_number_is_not_a_shade_of_zero(values, boundaries):
    blank = values.assign(pct=values["pct"].where(values["area_id"] != GEVGELIJA))
    page = live_map(blank, boundaries, GEVGELIJA, WORDS)

    assert "no data</li>" in page
    assert livemap.NO_DATA_FILL not in DIVERGING


@pytest.mark.parametrize(
    ("pct", "place"), [(-21, 0), (-20, 1), (-10, 2), (-0.1, 2), (0, 3), (10, 4), (99, 4)]
)
def test_shades_follow_the_bins_of_the_paper_map(pct, place):
    assert len(STEPS) == 4
    assert shade(pct) == DIVERGING[place]


def test_the_first_view_holds_the_municipality_and_its_surroundings(boundaries):
    whole, near = map_views(boundaries, [GEVGELIJA])
    west, south, east, north = boundaries.frame.set_index("area_id").geometry[GEVGELIJA].bounds

    assert near[0][0] < south
    assert near[0][1] < west
    assert near[1][0] > north
    assert near[1][1] > east
    assert near != whole


def test_a_tile_is_shown_with_the_other_tiles(boundaries):
    if not boundaries.frame["is_tile"].any():
        pytest.skip("these boundaries have no tiles")
    _, near = map_views(boundaries, [BUTEL])
    west, south, east, north = boundaries.frame.loc[boundaries.frame["is_tile"]].total_bounds

    assert near[0][0] <= round(south, 3)
    assert near[0][1] <= round(west, 3)
    assert near[1][0] >= round(north, 3)
    assert near[1][1] >= round(east, 3)


def test_without_a_municipality_the_whole_country_is_shown(boundaries):
    whole, near = map_views(boundaries, [])

    assert near == whole
