"""Every municipality has its place: on the map, in the frame of the capital, and as a square."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import shapely
from shapely import affinity, box

from analysis.catalog import load_areas
from analysis.figures.map_layout import (
    SPACING,
    SQUEEZE,
    hatch_flat,
    hatch_shape,
    lay_out_country,
    lay_out_squares,
    leave_room,
)
from analysis.figures.map_views import map_views
from analysis.sources.boundaries import load_boundaries

GEVGELIJA, BUTEL = "MK-405", "MK-803"


@pytest.fixture(scope="module")
def all_ids():
    return {a.area_id for a in load_areas().at_level("municipality")}


@pytest.fixture(scope="module")
def city():
    areas = load_areas().at_level("municipality")
    return {a.area_id for a in areas if a.is_city_of_skopje}


@pytest.fixture(scope="module")
def schematic():
    return load_boundaries(load_areas().frame, None, None)


@pytest.fixture(scope="module")
def true_like(schematic):
    """Boundaries that are not schematic: the capital's ten lie in their place, and are small."""
    frame = schematic.frame.copy()
    west, south, _, _ = schematic.context.total_bounds
    for place, row in enumerate(frame.index[frame["is_tile"]]):
        lon, lat = west + 0.02 + 0.06 * (place % 5), south + 0.02 + 0.06 * (place // 5)
        frame.loc[row, "geometry"] = box(lon, lat, lon + 0.05, lat + 0.05)
    frame["is_tile"] = False
    return type(schematic)(
        frame,
        schematic.context.iloc[:0],
        "own file",
        False,  # noqa: FBT003
        "credit",
        "sha",
    )


def test_squares_are_one_a_municipality_equal_and_apart(all_ids):
    layout = lay_out_squares()
    assert {i for i, _ in layout.shapes} == all_ids
    assert len(layout.shapes) == len(all_ids) == 80
    shapes = [shape for _, shape in layout.shapes]
    sizes = {tuple(round(n, 6) for n in _size(shape)) for shape in shapes}
    assert len(sizes) == 1
    wide, high = sizes.pop()
    # As broad as high where a map draws them.
    assert wide * SQUEEZE == pytest.approx(high, rel=1e-3)
    tree = shapely.STRtree(shapes)
    assert all(len(tree.query(shape, predicate="intersects")) == 1 for shape in shapes)
    assert layout.is_tiles
    assert not layout.is_schematic


def _size(shape):
    west, south, east, north = shape.bounds
    return east - west, north - south


def test_squares_keep_the_rough_order_of_the_country(schematic, city):
    frame = schematic.frame.loc[~schematic.frame["area_id"].isin(city)]
    points = dict(zip(frame["area_id"], frame.geometry.representative_point(), strict=True))
    squares = {i: shape.centroid for i, shape in lay_out_squares().shapes}
    right = wrong = 0
    for one, a in points.items():
        for other, b in points.items():
            if b.x - a.x > 0.6:
                right += squares[other].x > squares[one].x
                wrong += squares[other].x < squares[one].x
            if b.y - a.y > 0.4:
                right += squares[other].y > squares[one].y
                wrong += squares[other].y < squares[one].y
    assert right > 1000
    assert wrong == 0


def test_names_stand_above_marks_inside_their_squares():
    layout = lay_out_squares()
    for area_id, shape in layout.shapes:
        name, spot = (shapely.Point(p[area_id]) for p in (layout.names, layout.spots))
        assert shape.contains(name)
        assert shape.contains(spot)
        assert name.y > spot.y
        assert not leave_room(shape).contains(name)
        assert leave_room(shape).contains(spot)


def test_the_embedded_layer_has_its_frame_already(schematic, all_ids, city):
    layout = lay_out_country(schematic)
    assert [i for i, _ in layout.shapes] == sorted(all_ids)
    assert layout.is_schematic
    assert {i for i, shape in layout.shapes if layout.frame.contains(shape)} == city
    assert len(layout.ground) == 1


def test_true_boundaries_get_a_frame_in_which_the_capital_is_twice_as_large(true_like, city):
    layout = lay_out_country(true_like)
    own = dict(zip(true_like.frame["area_id"], true_like.frame.geometry, strict=True))
    inside = {i: shape for i, shape in layout.shapes if layout.frame.contains(shape)}
    assert set(inside) == city
    assert len(layout.shapes) == 80 + len(city)
    for area_id, shape in inside.items():
        assert shape.area == pytest.approx(4 * own[area_id].area)
        assert layout.frame.contains(shapely.Point(layout.spots[area_id]))
    country = shapely.union_all(list(own.values()))
    assert not layout.frame.intersects(country)
    assert not layout.is_schematic
    assert layout.bounds[0] <= layout.frame.bounds[0]
    assert layout.bounds[3] >= layout.frame.bounds[3]
    # What lies beside each other lies so in the frame as well.
    first, second = sorted(city)[:2]
    east = own[second].centroid.x - own[first].centroid.x
    assert inside[second].centroid.x - inside[first].centroid.x == pytest.approx(2 * east)


def test_every_mark_stands_inside_its_municipality(schematic):
    layout = lay_out_country(schematic)
    for area_id, shape in layout.shapes:
        assert shape.buffer(0.002).contains(shapely.Point(layout.spots[area_id]))


@pytest.mark.parametrize(
    ("pattern", "angles"), [("level", {0}), ("upright", {90}), ("crossed", {45, 135})]
)
def test_lines_run_as_the_pattern_says_and_end_at_the_edge(pattern, angles):
    shape = shapely.Point(21.5, 41.6).buffer(0.2)
    lines = hatch_shape(shape, pattern)
    assert shape.buffer(1e-6).contains(lines)
    found = set()
    for line in affinity.scale(lines, SQUEEZE, 1, origin=(0, 0)).geoms:
        (a, b), (c, d) = line.coords
        found.add(round(math.degrees(math.atan2(d - b, c - a))) % 180)
    assert found == angles


def test_lines_stand_at_equal_distances_and_run_on_in_the_neighbour():
    left, right = box(21, 41, 21.3, 41.3), box(21.3, 41, 21.6, 41.3)
    one, other = (
        sorted(line.coords[0][1] for line in hatch_shape(shape, "level").geoms)
        for shape in (left, right)
    )
    assert one == pytest.approx(other)
    assert {round(b - a, 6) for a, b in pairwise(one)} == {SPACING}


@pytest.mark.parametrize("pattern", ["level", "upright", "crossed"])
@pytest.mark.parametrize("side", [0.004, 0.02, 0.3])
def test_no_shape_is_too_small_for_its_pattern(pattern, side):
    assert len(hatch_shape(box(21, 41, 21 + side, 41 + side), pattern).geoms) >= 2


def test_the_key_has_the_same_patterns():
    assert hatch_flat(8, 12, "level", 4) == [(0.0, 4.0, 8.0, 4.0), (0.0, 8.0, 8.0, 8.0)]
    assert {a == c for a, _, c, _ in hatch_flat(9, 9, "upright", 4)} == {True}
    crossed = hatch_flat(24, 14, "crossed", 4)
    assert {(c - a > 0) == (d - b > 0) for a, b, c, d in crossed} == {True, False}


def test_the_first_view_holds_the_municipality_and_its_surroundings(schematic):
    layout = lay_out_country(schematic)
    whole, near = map_views(layout, GEVGELIJA)
    west, south, east, north = dict(layout.shapes)[GEVGELIJA].bounds
    assert near[0][0] < south
    assert near[0][1] < west
    assert near[1][0] > north
    assert near[1][1] > east
    assert near != whole
    assert whole[0] == [round(layout.bounds[1], 3), round(layout.bounds[0], 3)]


@pytest.mark.parametrize("kind", ["schematic", "true_like"])
def test_what_stands_in_the_frame_is_shown_with_all_of_it(kind, request):
    layout = lay_out_country(request.getfixturevalue(kind))
    _, near = map_views(layout, BUTEL)
    west, south, east, north = layout.frame.bounds
    assert near[0][0] <= round(south, 3)
    assert near[0][1] <= round(west, 3)
    assert near[1][0] >= round(north, 3)
    assert near[1][1] >= round(east, 3)


def test_without_a_municipality_the_whole_country_is_shown(schematic):
    whole, near = map_views(lay_out_country(schematic), "")
    assert near == whole
