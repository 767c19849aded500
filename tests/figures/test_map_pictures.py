"""Maps for paper: classes by number, states by pattern, points by area; and nothing more."""

from __future__ import annotations

import json
import re

import pytest
from figures.map_samples import (
    COUNTS,
    HERE,
    MEANINGLESS,
    NOTES,
    OTHERS,
    SHADES,
    SILENT,
    WITHHELD,
    ZERO,
    sample,
)

from analysis.catalog import load_areas
from analysis.figures.export import to_svg
from analysis.figures.map_layout import lay_out_country, lay_out_squares
from analysis.figures.map_marks import choose_shades
from analysis.figures.maps import LARGEST, LARGEST_OF_TILES, chart_map, draw_areas
from analysis.figures.theme import PAPER
from analysis.sources.boundaries import load_boundaries
from analysis.text import find_language


@pytest.fixture(scope="module")
def country():
    return lay_out_country(load_boundaries(load_areas().frame, None, None))


@pytest.fixture(scope="module")
def squares():
    return lay_out_squares()


def fills(shown, layout):
    return {f["properties"]["area_id"]: f["properties"]["fill"] for f in draw_areas(shown, layout)}


def test_a_municipality_has_the_shade_and_the_number_of_its_class(country):
    shown = sample("percent", *SHADES)
    drawn = fills(shown, country)
    shades = choose_shades(0, 2)
    assert (shown.losses, shown.gains) == (0, 2)
    assert drawn[HERE] == shades[0]
    assert drawn[OTHERS[7]] == shades[1]
    assert drawn["MK-602"] == PAPER
    sets = chart_map(shown, country, NOTES).to_dict()["datasets"]
    numbers = {(n["lon"], n["lat"]): n["text"] for n in sets["numbers"]}
    assert numbers == {
        country.spots[a.area_id]: str(a.step + 1) for a in shown.areas if a.step >= 0
    }
    assert len(numbers) == 9
    assert len(sets["areas"]) == 80


def test_what_has_no_number_has_a_pattern_and_no_shade(country):
    shown = sample("percent", *SHADES)
    drawn = fills(shown, country)
    assert {drawn[i] for i in (ZERO, WITHHELD, SILENT, MEANINGLESS)} == {PAPER}
    sets = chart_map(shown, country, NOTES).to_dict()["datasets"]
    assert len(sets["hatching"]) == 3
    # A zero is a ring where it lies.
    (ring,) = sets["points"]
    assert (ring["lon"], ring["lat"]) == country.spots[ZERO]
    assert ring["fill"] == PAPER


def test_a_withheld_number_leaves_no_trace(country):
    shown = sample("persons", *COUNTS)
    told = json.dumps(chart_map(shown, country, NOTES).to_dict()["datasets"]["points"])
    lon, lat = country.spots[WITHHELD]
    assert f'"lon": {lon}, "lat": {lat}' not in told
    assert WITHHELD not in shown.sizes


@pytest.mark.parametrize(("name", "largest"), [("country", LARGEST), ("squares", LARGEST_OF_TILES)])
def test_points_cover_areas_in_proportion_the_largest_below(request, name, largest):
    layout = request.getfixturevalue(name)
    shown = sample("persons", *COUNTS, everything=False)
    points = chart_map(shown, layout, NOTES).to_dict()["datasets"]["points"]
    by_spot = {(p["lon"], p["lat"]): p for p in points}
    areas = [
        p["size"] * (0.7853981 if p["shape"] == "circle" else 1)
        for p in (by_spot[layout.spots[i]] for i in (HERE, *OTHERS[:3]))
    ]
    assert areas == pytest.approx([largest, largest / 4, largest / 4, largest / 16], rel=1e-5)
    assert by_spot[layout.spots[OTHERS[1]]]["shape"] == "square"
    sizes = [p["size"] for p in points]
    assert sizes == sorted(sizes, reverse=True)
    assert set(fills(shown, layout).values()) == {PAPER}, "a count is no shade"


def test_the_key_has_the_sizes_of_the_map(country):
    shown = sample("persons", *COUNTS)
    sets = chart_map(shown, country, NOTES).to_dict()["datasets"]
    largest = max(p["size"] for p in sets["points"])
    signs = {w["text"]: s for w, s in zip(sets["words"][1:], sets["signs"], strict=False)}
    assert signs["200"]["size"] == pytest.approx(largest / 2)
    assert signs["50"]["size"] == pytest.approx(largest / 8)
    assert signs["square: a decrease"]["shape"] == "square"


def test_the_key_lists_what_occurs_and_nothing_else(country):
    def words(shown):
        return [w["text"] for w in chart_map(shown, country, NOTES).to_dict()["datasets"]["words"]][
            1:
        ]

    assert words(sample("percent", *SHADES)) == [
        "low numbers: 1.0\xa0% … 10.0\xa0%",
        "high numbers: 30.0\xa0% … 32.0\xa0%",
        "◌ counted, and the count is zero",
        "× withheld to protect people",
        "– no data, which is not a zero",
        "÷ does not apply",
        "not compared here",
    ]
    assert words(sample("percent", *SHADES, everything=False)) == [
        "low numbers: 1.0\xa0% … 10.0\xa0%",
        "high numbers: 30.0\xa0% … 32.0\xa0%",
        "not compared here",
    ]


def test_the_municipality_is_outlined_and_the_map_says_what_it_is(country, squares):
    shown = sample("percent", *SHADES)
    drawn = chart_map(shown, country, NOTES).to_dict()
    assert len(drawn["datasets"]["here"]) == 1
    assert drawn["vconcat"][0]["title"]["text"] == NOTES.schematic
    assert drawn["datasets"]["place"][0]["name"] == NOTES.inset
    drawn = chart_map(shown, squares, NOTES).to_dict()
    assert drawn["vconcat"][0]["title"]["text"] == NOTES.tiles
    assert drawn["datasets"]["place"] == []
    names = {n["text"] for n in drawn["datasets"]["numbers"]}
    assert {a.short_name for a in shown.areas} <= names


def test_true_boundaries_say_nothing_of_themselves(country):
    true = type(country)(country.shapes, country.spots)
    drawn = chart_map(sample("percent", *SHADES), true, NOTES).to_dict()
    assert drawn["vconcat"][0]["title"]["text"] == ""
    assert drawn["datasets"]["edge"] == []


def test_a_fact_is_one_shade_without_a_number(country):
    shown = sample("yes_no", 1.0, 1.0)
    sets = chart_map(shown, country, NOTES).to_dict()["datasets"]
    drawn = fills(shown, country)
    assert drawn[HERE] == drawn[OTHERS[0]] == choose_shades(0, 1)[0]
    assert drawn[ZERO] == PAPER
    assert sets["numbers"] == []
    assert [w["text"] for w in sets["words"]][1:3] == ["yes", "no"]


@pytest.mark.parametrize(("unit", "values"), [("percent", SHADES), ("persons", COUNTS)])
@pytest.mark.parametrize("name", ["country", "squares"])
def test_the_picture_has_it_all(request, name, unit, values):
    shown = sample(unit, *values, language="mk")
    layout = request.getfixturevalue(name)
    svg = to_svg(chart_map(shown, layout, NOTES), find_language("mk"), "Алт")
    for entry in shown.key:
        assert entry.text in svg
    assert 'aria-label="Алт"' in svg
    assert not re.search(r"<(script|image|pattern)|NaN|Infinity", svg)
    assert "http" not in svg.replace("http://www.w3.org/", "")


@pytest.mark.parametrize("language", ["mk", "sq", "en", "sr-Latn", "sr-Cyrl"])
def test_no_two_squares_have_the_same_short_name(language):
    from analysis.documents.wording import Wording
    from analysis.figures.area_map import MappedArea
    from analysis.text import translator

    w = Wording(translator(language))
    names = [
        MappedArea(a.area_id, w.area_name(a), "no_data", None, "").short_name
        for a in load_areas().at_level("municipality")
    ]
    twice = {name for name in names if names.count(name) > 1}
    assert twice == set()
