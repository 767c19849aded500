"""Charts are built without Altair's checks: the tests hold every kind against the schema."""

from __future__ import annotations

import copy
import importlib
import json
import pkgutil
import threading

import altair as alt
import pandas as pd
import pytest
from altair.utils.schemapi import SchemaValidationError, validate_jsonschema
from altair.vegalite.v6.schema.core import Root
from figures.map_samples import SHADES, sample
from jsonschema.exceptions import ValidationError
from shapely import Point, box, to_wkb

import analysis.figures
from analysis.figures.charts import chart_change, chart_route
from analysis.figures.drawing import SLOT, Drawing, list_rows, make_form, slot
from analysis.figures.export import specification
from analysis.figures.map_layout import lay_out_country
from analysis.figures.maps import draw_areas, wound_shape
from analysis.sources.boundaries import load_boundaries

NOTICE = "Synthetic data for demonstration"
YEARS = pd.DataFrame({"year": [1], "count": [1.0], "label": "", "is_provisional": True})


def check(spec) -> None:
    validate_jsonschema(spec, Root.resolve_references(), Root._rootschema)


@pytest.mark.parametrize("notice", ["", NOTICE])
def test_every_kind_of_chart_keeps_to_the_schema(chart, notice):
    check(specification(chart, notice))


@pytest.mark.parametrize(
    ("place", "wrong"),
    [("mark", "barr"), ("encoding", {"x": {"field": "year", "type": "ordinalest"}})],
)
def test_the_schema_would_find_a_mistake(place, wrong):
    spec = specification(chart_route(YEARS, "axis", ""))
    spec["layer"][0][place] = wrong
    with pytest.raises(ValidationError):
        check(spec)


def test_no_kind_of_chart_is_forgotten(kinds):
    tested = {kind.partition("_")[0] for kind in kinds}
    modules = [
        importlib.import_module(f"analysis.figures.{found.name}")
        for found in pkgutil.iter_modules(analysis.figures.__path__)
    ]
    made = {n.removeprefix("chart_") for m in modules for n in vars(m) if n.startswith("chart_")}
    assert made == tested


def test_every_slot_is_filled(chart):
    assert SLOT in json.dumps(chart.form, ensure_ascii=False)
    assert SLOT not in json.dumps(chart.to_dict(), ensure_ascii=False)


def test_a_form_is_written_once_and_stays_as_it_is(chart_of, kind):
    first, second = chart_of(kind), chart_of(kind)
    before = copy.deepcopy(first.form)
    drawn = first.to_dict()
    drawn["datasets"].clear()
    drawn.clear()
    assert first.form is second.form
    assert second.form == before
    assert second.to_dict()["datasets"]


def test_a_slot_without_a_value_is_an_error():
    with pytest.raises(KeyError, match="axis"):
        Drawing({"title": slot("axis")}, {}, {}).to_dict()


def test_what_is_put_in_is_not_read_again():
    drawn = Drawing({"a": slot("a"), "b": [slot("b")]}, {"a": slot("b"), "b": {"c": 1}}, {})
    assert drawn.to_dict() == {"a": slot("b"), "b": [{"c": 1}], "datasets": {}}


def test_charts_of_others_are_checked_all_the_same(chart_of):
    chart_of("change")
    with pytest.raises(SchemaValidationError):
        alt.Axis(tickCount=[])


def test_two_threads_do_not_leave_the_checks_off():
    both = threading.Barrier(2, timeout=5)
    met = []

    def write():
        try:
            both.wait(0.2)
            met.append(True)
        except threading.BrokenBarrierError:
            both.reset()
        return alt.Chart(alt.NamedData("rows")).mark_bar()

    forms = [make_form(write), make_form(write)]
    threads = [threading.Thread(target=form) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not met
    with pytest.raises(SchemaValidationError):
        alt.Axis(tickCount=[])


def test_a_blank_number_is_none_and_no_zero():
    rows = list_rows(pd.DataFrame({"a": [1.5, float("nan"), float("inf")], "b": ["x", None, "z"]}))
    assert rows == [{"a": 1.5, "b": "x"}, {"a": None, "b": None}, {"a": None, "b": "z"}]


def test_numbers_are_those_of_python():
    (row,) = list_rows(pd.DataFrame({"year": [2025], "is_withheld": [True], "count": [0.1]}))
    assert [type(value) for value in row.values()] == [int, bool, float]


def test_losses_and_gains_have_their_numbers_on_their_sides():
    named = pd.DataFrame(
        {"area": ["a", "b", "c"], "pct": [-1.0, 0.0, 2.0], "label": "", "rank": [0, 1, 2]}
    )
    drawn = chart_change(named, named[["pct"]], "axis", "all").to_dict()
    assert [row["area"] for row in drawn["datasets"]["losses"]] == ["a"]
    assert [row["area"] for row in drawn["datasets"]["gains"]] == ["b", "c"]
    texts = [part for part in drawn["layer"] if part["mark"]["type"] == "text"]
    assert [(t["data"]["name"], t["mark"]["align"]) for t in texts] == [
        ("losses", "right"),
        ("gains", "left"),
    ]


def test_a_shape_is_turned_once_for_its_outline():
    square = to_wkb(box(21, 41, 22, 42))
    assert wound_shape(square) is wound_shape(bytes(square))
    assert wound_shape(square) != wound_shape(to_wkb(box(21, 41, 22, 43)))


def test_other_boundaries_are_another_map(areas_frame):
    boundaries = load_boundaries(areas_frame, None, None)
    shown = sample("percent", *SHADES)
    first = draw_areas(shown, lay_out_country(boundaries))
    moved = boundaries.frame.copy()
    moved.loc[0, "geometry"] = Point(21.5, 41.5).buffer(0.1)
    own = type(boundaries)(moved, boundaries.context, "own file", False, "", boundaries.sha256)  # noqa: FBT003
    second = draw_areas(shown, lay_out_country(own))
    assert first[0]["geometry"] != second[0]["geometry"]
    assert first[1:] == second[1:]
    assert first[0]["properties"] == second[0]["properties"]
    assert first[0]["properties"]["area_id"] == boundaries.frame["area_id"][0]
