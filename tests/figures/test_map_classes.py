"""Classes are the best there are, never mix signs, and points are proportional in area."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures.map_classes import (
    MapClassError,
    choose_examples,
    find_class,
    find_classes,
    scale_area,
)

SOME = st.lists(st.integers(-40, 60).map(lambda n: n / 2), min_size=1, max_size=16)


def spread(parts):
    return sum(float(np.var(part) * len(part)) for part in parts)


def every_cut(values, many):
    """All ways to cut ordered numbers into classes, equal ones together, signs apart."""
    known = sorted(set(values))
    for cuts in combinations(range(1, len(known)), many - 1):
        parts = [known[a:b] for a, b in pairwise((0, *cuts, len(known)))]
        if not any(part[0] < 0 <= part[-1] for part in parts):
            yield [[v for v in values if v in part] for part in parts]


@settings(max_examples=60)
@given(SOME)
def test_no_other_cut_into_as_many_classes_is_closer(values):
    classes = find_classes(values)
    own = [[v for v in values if c.low <= v <= c.high] for c in classes]
    best = min(spread(parts) for parts in every_cut(values, len(classes)))
    assert spread(own) == pytest.approx(best, abs=1e-9)


@settings(max_examples=60)
@given(SOME)
def test_each_number_has_one_class_and_limits_are_numbers_that_are_shown(values):
    classes = find_classes(values)
    for value in values:
        held = [c for c in classes if c.low <= value <= c.high]
        assert held == [classes[find_class(value, classes)]]
    assert {n for c in classes for n in (c.low, c.high)} <= set(values)
    assert all(a.high < b.low for a, b in pairwise(classes))
    assert not any(c.low < 0 <= c.high for c in classes)


@pytest.mark.parametrize(
    ("values", "many"),
    [
        ([], 0),
        ([3.0], 1),
        ([3.0, 3.0, 3.0], 1),
        ([1, 2, 3], 1),
        ([-1.0, 1.0], 2),
        ([0.0, 1.0], 1),
        ([1, 2, 3, 4, 5, 6, 7, 9], 2),
        (range(1, 81), 5),
    ],
)
def test_there_are_few_classes(values, many):
    assert len(find_classes(list(values))) == many


def test_a_gap_is_where_the_cut_is():
    classes = find_classes([-30.0, -29.0, -28.0, -5.0, -4.0, -3.0, 6.0, 7.0, 8.0, 6.5, 7.5, -4.5])
    assert [(c.low, c.high) for c in classes] == [(-30.0, -28.0), (-5.0, -3.0), (6.0, 8.0)]


def test_the_most_is_kept_to():
    assert len(find_classes(range(1, 41), most=3)) == 3


@pytest.mark.parametrize("blank", [math.nan, math.inf])
def test_a_blank_has_no_class(blank):
    with pytest.raises(MapClassError, match="A blank has no class: leave it out"):
        find_classes([1.0, blank])


def test_a_number_of_no_class_is_said():
    with pytest.raises(MapClassError, match=r"7\.5 lies in none of the 2 classes"):
        find_class(7.5, find_classes([1, 2, 2, 3, 11, 12, 12, 13]))


@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_areas_are_proportional(one, other):
    largest = max(one, other)
    assert scale_area(one, largest) / scale_area(other, largest) == pytest.approx(one / other)
    assert scale_area(-one, largest) == scale_area(one, largest)


def test_the_largest_point_is_one_and_nothing_is_nothing():
    assert scale_area(98104, 98104) == 1
    assert scale_area(0, 98104) == 0
    assert scale_area(0, 0) == 0


@pytest.mark.parametrize(
    ("values", "examples"),
    [
        ([], ()),
        ([0.4], ()),
        ([3.0], (2.0,)),
        ([98104.0, 2086.0], (50000.0, 10000.0, 2000.0)),
        ([-7380.0, -679.0], (5000.0, 1000.0, 200.0)),
    ],
)
def test_the_key_shows_round_sizes_that_are_drawn(values, examples):
    assert choose_examples(values) == examples
    assert all(n <= max(map(abs, values)) for n in examples)
