"""What a map says is never said by colour alone, and can be seen."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from analysis.figures.area_map import OTHER, STEP
from analysis.figures.map_classes import MOST
from analysis.figures.map_marks import (
    BLUES,
    BROWNS,
    EDGE,
    PATTERN_INK,
    PATTERNS,
    POINTS,
    SHAPES,
    box_area,
    choose_fill,
    choose_ink,
    choose_shades,
    measure_contrast,
)
from analysis.figures.theme import PAPER

SIDES = [(n, m) for n, m in product(range(MOST + 1), repeat=2) if 0 < n + m <= MOST]
STATES = ("suppressed", "zero", "no_data", "not_applicable")


def test_each_state_has_a_pattern_of_its_own_and_none_a_shade():
    assert len({PATTERNS[state] for state in STATES}) == len(STATES)
    assert PATTERNS[OTHER] not in {PATTERNS[state] for state in STATES}
    for state in (*STATES, OTHER):
        assert choose_fill(state, -1, BLUES) == PAPER
    assert choose_fill(STEP, 2, BLUES) == BLUES[2]


@pytest.mark.parametrize("ink", [EDGE, PATTERN_INK, *choose_shades(0, 1), *POINTS.values()])
def test_edges_patterns_and_points_are_seen_on_paper(ink):
    assert measure_contrast(ink, PAPER) >= 3


@pytest.mark.parametrize(("losses", "gains"), SIDES)
def test_there_is_a_shade_a_class_and_neighbours_differ_without_colour(losses, gains):
    shades = choose_shades(losses, gains)
    assert len(shades) == len(set(shades)) == losses + gains
    assert set(shades[:losses]) <= set(BROWNS)
    assert set(shades[losses:]) <= set(BLUES)
    for side in (shades[:losses], shades[losses:]):
        assert all(measure_contrast(a, b) >= 1.35 for a, b in pairwise(side))
    # The darker, the further from zero.
    light = [measure_contrast(s, "#000000") for s in shades]
    assert light[:losses] == sorted(light[:losses])
    assert light[losses:] == sorted(light[losses:], reverse=True)


@pytest.mark.parametrize("fill", [*BLUES, *BROWNS, PAPER])
def test_a_number_can_be_read_on_every_shade(fill):
    assert measure_contrast(choose_ink(fill), fill) >= 4.5


def test_a_loss_is_another_shape_than_a_gain_and_covers_as_much():
    assert SHAPES["loss"] != SHAPES["gain"]
    assert POINTS["loss"] != POINTS["gain"]
    assert box_area("loss", 100) == 100
    assert box_area("gain", 100) * 3.14159 / 4 == pytest.approx(100, abs=0.01)


def test_no_shade_is_red_or_green():
    for shade in (*BLUES, *BROWNS, *POINTS.values()):
        red, green, blue = (int(shade[i : i + 2], 16) for i in (1, 3, 5))
        assert green < max(red, blue)
        assert red < 2 * green or blue > red


def test_without_classes_there_are_no_shades():
    assert choose_shades(0, 0) == ()
