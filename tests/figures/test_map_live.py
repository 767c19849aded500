"""The map that one moves: one file, the numbers of the list beside it, nothing hidden in it."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from figures.map_samples import COUNTS, HERE, NOTES, SHADES, SILENT, WITHHELD, ZERO, sample
from lxml import html

from analysis.catalog import load_areas
from analysis.figures.livemap import LiveMapError, MapWords, live_map, outside_resources
from analysis.figures.map_layout import lay_out_country, lay_out_squares
from analysis.figures.map_shapes import list_areas, list_key, list_shapes
from analysis.sources.boundaries import load_boundaries

WORDS = MapWords(
    language="en",
    title="A map <of> change",
    listed="Municipalities",
    help="Arrow keys move",
    show_as="Show as",
    as_map="Map",
    as_tiles="Squares",
    zoom_in="Zoom in",
    zoom_out="Zoom out",
    whole="Whole country",
)


@pytest.fixture(scope="module")
def boundaries():
    return load_boundaries(load_areas().frame, None, None)


@pytest.fixture(scope="module")
def shown():
    return sample("percent", *SHADES)


@pytest.fixture(scope="module")
def page(shown, boundaries):
    return live_map(shown, boundaries, WORDS, NOTES)


def data_of(page):
    """What the script of a map is told."""
    found = re.search(r"\}\)\(map_country, (\{.*\})\);", page)
    return json.loads(found[1])


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


def test_a_map_that_would_ask_a_network_is_refused(shown, boundaries):
    style = "@font-face { src: url('https://fonts.example/a.woff2') }"

    with pytest.raises(LiveMapError, match="over a network"):
        live_map(shown, boundaries, WORDS, NOTES, style)


def test_the_list_comes_first_and_says_all_that_the_map_shows(page, shown):
    document = html.fromstring(page)
    options = document.xpath("//ul[@role='listbox']/li[@role='option']")
    assert [o.get("data-area") for o in options] == [a.area_id for a in shown.areas]
    for option, area in zip(options, shown.areas, strict=True):
        said = " ".join(option.text_content().split())
        assert said.startswith(area.name)
        assert " ".join(area.text.split()) in said
        assert area.said in said
    text = (
        page.index('role="listbox"'),
        page.index('class="legend"'),
        page.index('id="map_country"'),
    )
    assert text[0] < text[1]
    assert text[0] < text[2]


def test_one_option_is_chosen_and_can_be_reached(page):
    options = html.fromstring(page).xpath("//li[@role='option']")
    assert [o.get("data-area") for o in options if o.get("tabindex") == "0"] == [HERE]
    assert [o.get("data-area") for o in options if o.get("aria-selected") == "true"] == [HERE]


def test_without_a_municipality_the_first_of_the_list_is_reached(shown, boundaries):
    nowhere = dataclasses.replace(shown, here="")
    options = html.fromstring(live_map(nowhere, boundaries, WORDS, NOTES)).xpath(
        "//li[@role='option']"
    )
    assert [o.get("tabindex") for o in options] == ["0", *["-1"] * (len(options) - 1)]
    assert {o.get("aria-selected") for o in options} == {"false"}


def test_the_key_has_a_line_a_class_and_a_state(page, shown):
    lines = html.fromstring(page).xpath("//div[@class='legend']//li")
    assert [" ".join(x.xpath("./span")[0].text_content().split()) for x in lines] == [
        " ".join(entry.text.split()) for entry in shown.key
    ]
    fills = [str(x) for line in lines for x in line.xpath(".//rect/@fill")]
    assert fills[3:6] == ["url(#crossed)", "url(#level)", "url(#upright)"]
    assert [x.text for x in lines[0].xpath(".//text")] == ["1"]
    assert len(lines[2].xpath(".//circle")) == 1


def test_map_and_squares_have_every_municipality(page):
    views = data_of(page)["views"]
    for name in ("map", "tiles"):
        assert len({shape["id"] for shape in views[name]["shapes"]}) == 80
    assert len(views["map"]["ground"]) == 1
    assert len(views["map"]["frame"]) == 1
    assert views["tiles"]["note"] == NOTES.tiles


def test_areas_are_marked_by_number_pattern_and_place(shown, boundaries):
    country, squares = lay_out_country(boundaries), lay_out_squares()
    areas = {a["id"]: a for a in list_areas(shown, country, squares)}
    assert areas[HERE]["number"] == 1
    assert areas[HERE]["pattern"] == ""
    assert areas[ZERO]["pattern"] == "ring"
    assert areas[WITHHELD]["pattern"] == "crossed"
    assert areas[SILENT]["pattern"] == "level"
    for area_id, area in areas.items():
        lon, lat = country.spots[area_id]
        assert area["spots"]["map"] == [lat, lon]
        assert area["size"] == 0


def test_sides_of_points_are_roots_of_their_numbers(boundaries):
    shown = sample("persons", *COUNTS)
    areas = list_areas(shown, lay_out_country(boundaries), lay_out_squares())
    sides = {a["id"]: (a["kind"], a["size"]) for a in areas if a["kind"]}
    assert sides[HERE] == ("gain", 1.0)
    assert sides["MK-101"] == ("gain", 0.5)
    assert sides["MK-102"] == ("loss", pytest.approx(0.5 * 0.8862, abs=1e-4))
    assert sides["MK-103"] == ("gain", 0.25)
    assert {a["number"] for a in areas} == {0}
    key = {e["text"]: e["size"] for e in list_key(shown) if e["kind"]}
    assert key["200"] == pytest.approx(0.5**0.5, abs=1e-4)


def test_a_withheld_number_is_nowhere_in_the_page(boundaries):
    page = live_map(sample("persons", *COUNTS), boundaries, WORDS, NOTES)
    (area,) = [a for a in data_of(page)["areas"] if a["id"] == WITHHELD]
    assert "value" not in area
    assert area["size"] == area["number"] == 0
    assert area["said"] == ""
    assert not re.search(r"\d", area["words"].replace(area["name"], ""))


def test_it_speaks_the_language_and_names_itself(page):
    assert '<html lang="en">' in page
    assert "<title>A map &lt;of&gt; change</title>" in page
    assert "user-scalable=no" not in page


def test_it_says_that_it_is_schematic_only_where_it_is(shown, boundaries, page):
    true = dataclasses.replace(boundaries, is_schematic=False)

    assert data_of(page)["views"]["map"]["note"] == "Schematic here"
    assert "Schematic here" not in live_map(shown, true, WORDS, NOTES)


def test_it_begins_near_only_where_it_is_asked_to(shown, boundaries):
    near = data_of(live_map(shown, boundaries, WORDS, NOTES, is_near=True))["views"]["map"]
    far = data_of(live_map(shown, boundaries, WORDS, NOTES))["views"]["map"]
    assert near["first"] != near["whole"]
    assert far["first"] == far["whole"] == near["whole"]


def test_the_same_map_is_the_same_bytes(shown, boundaries, page):
    assert live_map(shown, boundaries, WORDS, NOTES) == page


def test_a_name_cannot_become_markup(shown, boundaries):
    bad = "<img src=x onerror=alert(1)></script>"
    named = dataclasses.replace(
        shown,
        title=bad,
        areas=tuple(dataclasses.replace(a, name=bad, text=bad) for a in shown.areas),
        key=tuple(dataclasses.replace(e, text=bad) for e in shown.key),
    )
    page = live_map(named, boundaries, WORDS, NOTES)

    assert "<img" not in page
    assert page.count("</script>") == live_map(shown, boundaries, WORDS, NOTES).count("</script>")


def test_scripts_carry_the_word_of_the_page(shown, boundaries):
    page = live_map(shown, boundaries, WORDS, NOTES, nonce="abc")
    assert "<script>" not in page
    assert page.count('<script nonce="abc">') >= 2


def test_shapes_are_rounded(boundaries):
    text = json.dumps(list_shapes(lay_out_country(boundaries))["shapes"])
    assert not re.search(r"\.\d{4}", text)
