"""A map that is drawn once, with its outline moved, is the map that is meant."""

from __future__ import annotations

import dataclasses
import re

import pytest
from figures.map_samples import COUNTS, NOTES, SHADES, sample

from analysis.catalog import load_areas
from analysis.figures import client, export
from analysis.figures.export import draw, specification
from analysis.figures.map_layout import lay_out_country, lay_out_squares
from analysis.figures.maps import chart_map
from analysis.figures.outline import SHAPE, draw_outlined, find_outlined, move_outline
from analysis.figures.render import render_svg
from analysis.sources.boundaries import load_boundaries
from analysis.text import find_language

ENGLISH = find_language("en")
MARKS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]}
AREAS = tuple(area.area_id for area in load_areas().at_level("municipality"))
# Its outline lies at the very edge, where a drawing of its own would have half a point more room.
AT_THE_EDGE = "MK-509"
# One in the frame of the City of Skopje, the first and the last, and the three of the assessments.
SOME = (AREAS[0], "MK-703", "MK-805", "MK-405", AREAS[-1])


@pytest.fixture(scope="module")
def country():
    return lay_out_country(load_boundaries(load_areas().frame, None, None))


def outline(area_id, layout, unit="percent"):
    shown = sample(unit, *(COUNTS if unit == "persons" else SHADES))
    return chart_map(dataclasses.replace(shown, here=area_id), layout, NOTES)


def draw_here(specification):
    return render_svg(specification, MARKS)


@pytest.mark.parametrize("area_id", SOME)
def test_it_is_to_the_byte_what_a_drawing_of_its_own_would_be(country, area_id):
    asked = specification(outline(area_id, country))

    assert draw_outlined(asked, draw_here) == draw_here(asked)


def test_so_is_one_with_points_and_a_notice(country):
    asked = specification(outline("MK-703", country, "persons"), "Demonstration")

    assert draw_outlined(asked, draw_here) == draw_here(asked)


@pytest.mark.slow
@pytest.mark.parametrize("area_id", AREAS)
def test_so_is_every_other_of_the_country(country, area_id):
    asked = specification(outline(area_id, country))
    whole, moved = draw_here(asked), draw_outlined(asked, draw_here)

    assert (moved == whole) is (area_id != AT_THE_EDGE)
    if area_id == AT_THE_EDGE:
        assert sorted(re.findall(r' d="([^"]*)"', moved)) == sorted(
            re.findall(r' d="([^"]*)"', whole)
        )


@pytest.mark.parametrize("place", [0, 7, 79])
def test_squares_are_outlined_too(place):
    layout = lay_out_squares()
    area_id, _ = layout.shapes[place]
    asked = specification(outline(area_id, layout))
    drawn = draw_outlined(asked, draw_here)

    assert find_outlined(asked) == place
    shapes = SHAPE.findall(drawn)
    assert [s for s in shapes if drawn.count(f' d="{s}"') == 2] == [shapes[place]]


def test_the_map_is_asked_for_once(country, monkeypatch):
    asked = []

    def draw_and_note(specification, marks):
        asked.append(specification)
        return render_svg(specification, marks)

    monkeypatch.setattr(client, "render_svg", draw_and_note)
    monkeypatch.delenv(client.VARIABLE, raising=False)
    client.forget_drawings()
    drawn = {area_id: draw(outline(area_id, country), ENGLISH) for area_id in SOME}
    client.forget_drawings()

    assert len(asked) == 1
    assert len(set(drawn.values())) == len(SOME)


def test_what_is_no_map_of_one_outline_is_drawn_as_it_is(country):
    whole = specification(outline("", country))
    two = specification(outline("MK-703", country))
    two["datasets"] = two["datasets"] | {"here": 2 * two["datasets"]["here"]}
    elsewhere = specification(outline("MK-703", country))
    elsewhere["datasets"] = elsewhere["datasets"] | {
        "here": [{"geometry": {"type": "Point", "coordinates": [0, 0]}}]
    }
    for asked in (whole, two, elsewhere, {"data": {"values": []}}):
        assert draw_outlined(asked, lambda drawn, asked=asked: str(drawn is asked)) == "True"


def test_a_map_that_is_written_otherwise_is_drawn_as_it_is(country):
    """Another version of the renderer may write it so."""
    asked = specification(outline("MK-703", country))
    said = draw_outlined(asked, lambda drawn: "" if drawn is not asked else "as it is")

    assert said == "as it is"


def test_an_outline_is_moved_only_where_it_is_the_only_one(country):
    drawn = draw_here(specification(outline(AREAS[0], country)))
    line = re.findall(r"<path(?! aria)[^>]*stroke-width=\"2.6\"[^>]*>", drawn)

    assert len(line) == 1
    assert move_outline(drawn, 3, 80) != drawn
    assert move_outline(drawn, 3, 79) == ""
    assert move_outline(drawn + line[0], 3, 80) == ""
    assert export.draw_outlined is draw_outlined
