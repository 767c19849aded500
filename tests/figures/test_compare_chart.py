"""Places beside each other: no number, no mark; and mine is told by more than its colour."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.figures.compare import PLOT, STEP, chart_compare
from analysis.figures.export import to_svg
from analysis.figures.readiness import chart_readiness
from analysis.text import LANGUAGES

NAMES = ["Arachinovo", "Bitola", "Centar", "Debar"]


def rows(*values, here=1):
    return pd.DataFrame(
        {
            "name": NAMES[: len(values)],
            "value": pd.Series(values, dtype=float),
            "lower": [None if v is None else v - 1 for v in values],
            "upper": [None if v is None else v + 1 for v in values],
            "label": ["× withheld" if v is None else f"n{v}" for v in values],
            "is_here": [i == here for i in range(len(values))],
        }
    )


def test_what_has_no_number_has_a_word_and_no_mark():
    drawn = chart_compare(rows(1.0, None, 3.0), (0, 5), "axis", "all: 2", 2.0).to_dict()
    sets = drawn["datasets"]
    assert sets["here"] == []
    assert [r["name"] for r in sets["others"]] == ["Arachinovo", "Centar"]
    assert [r["label"] for r in sets["words"]] == ["n1.0", "× withheld", "n3.0"]
    svg = to_svg(
        chart_compare(rows(1.0, None, 3.0), (0, 5), "axis", "all: 2", 2.0), LANGUAGES["en"]
    )
    assert svg.count(">× withheld<") == 1


def test_mine_differs_in_shape_weight_and_size():
    drawn = chart_compare(rows(1.0, 2.0, 3.0), (0, 5), "axis", "", None).to_dict()
    marks = {
        layer["data"]["name"]: layer["mark"]
        for layer in drawn["layer"]
        if layer["mark"]["type"] == "point"
    }
    assert marks["here"]["shape"] != marks["others"]["shape"]
    assert marks["here"]["size"] > 2 * marks["others"]["size"]
    assert marks["here"]["stroke"] != marks["others"]["stroke"]
    (axis,) = {
        str(layer["encoding"]["y"].get("axis", {}).get("labelFontWeight"))
        for layer in drawn["layer"]
        if "axis" in layer["encoding"].get("y", {})
    }
    assert "Bitola" in axis
    assert "bold" in axis


def test_the_country_is_a_line_only_where_it_has_a_value():
    assert chart_compare(rows(1.0), (0, 5), "a", "all: 2", 2.0).to_dict()["datasets"][
        "country"
    ] == [{"value": 2.0, "label": "all: 2"}]
    assert not chart_compare(rows(1.0), (0, 5), "a", "", None).to_dict()["datasets"]["country"]


def test_a_counted_zero_is_hollow_and_on_the_scale():
    drawn = chart_compare(rows(0.0, 2.0), (0, 5), "a", "", None).to_dict()
    assert [r["is_zero"] for r in drawn["datasets"]["others"]] == [True]
    assert [r["is_zero"] for r in drawn["datasets"]["here"]] == [False]


def test_a_whisker_wants_both_limits():
    frame = rows(2.0, 3.0).assign(lower=[None, 2.0], upper=[2.5, 4.0])
    sets = chart_compare(frame, (0, 5), "a", "", None).to_dict()["datasets"]
    svg = to_svg(chart_compare(frame, (0, 5), "a", "", None), LANGUAGES["en"])
    assert sets["others"][0]["lower"] is None
    assert sets["here"][0]["lower"] == 2.0
    assert len(re.findall(r'stroke="#6b7785"', svg)) == 1, "a dot and no whisker"


def test_the_order_given_is_the_order_drawn_and_each_place_has_its_line():
    frame = rows(3.0, 1.0, 2.0).iloc[::-1]
    drawn = chart_compare(frame, (0, 5), "a", "", None).to_dict()
    assert drawn["height"] == 3 * STEP
    assert drawn["width"] == PLOT
    scales = [
        la["encoding"]["y"]["scale"]["domain"]
        for la in drawn["layer"]
        if "scale" in la["encoding"].get("y", {})
    ]
    assert all(s == ["Centar", "Bitola", "Arachinovo"] for s in scales)


@settings(max_examples=20)
@given(
    values=st.lists(st.one_of(st.none(), st.floats(0, 50)), min_size=4, max_size=4),
    here=st.integers(0, 3),
)
def test_every_number_is_drawn_once_and_nothing_else(values, here):
    sets = chart_compare(rows(*values, here=here), (0, 60), "a", "", None).to_dict()["datasets"]
    drawn = {r["name"]: r["value"] for r in (*sets["here"], *sets["others"])}
    assert drawn == {n: v for n, v in zip(NAMES, values, strict=True) if v is not None}
    assert len(sets["words"]) == 4
    assert len(sets["here"]) <= 1


@pytest.mark.parametrize("name", ['O\'Neill "x"', "Ѓорче Петров", "a\\b"])
def test_a_name_may_hold_any_sign(name):
    frame = rows(1.0, 2.0).assign(name=["Bitola", name])
    svg = to_svg(chart_compare(frame, (0, 5), "a", "", None), LANGUAGES["mk"])
    assert svg.count('font-weight="bold"') == 1


def test_readiness_has_a_column_a_state_on_one_scale():
    frame = pd.DataFrame(
        {
            "owner": ["a\nlong name"] * 4,
            "state": ["Fresh", "Overdue", "Undated", "Missing"],
            "indicators": [0, 2, 3, 10],
            "label": ["0", "2", "3", "10"],
        }
    )
    chart = chart_readiness(frame, ["a\nlong name"], list(frame["state"]))
    assert chart.values["domain"][0] == 0  # noqa: PD011  # a mapping
    assert chart.values["domain"][1] > 10  # noqa: PD011
    svg = to_svg(chart, LANGUAGES["en"])
    for word in ("Fresh", "Overdue", "Undated", "Missing", "long name", ">10<"):
        assert word in svg
