"""A derived number leads to the numbers that it was worked out from, and to no other."""

from __future__ import annotations

import subprocess
import sys

import pytest

from analysis.catalog import load_areas
from analysis.store.files import OBSERVATIONS
from analysis.store.trace import read_rows
from analysis.store.trace_inputs import find_inputs, find_members

WHOLE = [a.area_id for level in ("country", "region", "city") for a in load_areas().at_level(level)]


@pytest.fixture(scope="module")
def table(workspace):
    return read_rows(workspace.public / OBSERVATIONS)


@pytest.mark.parametrize("area_id", WHOLE)
def test_the_members_of_an_area_are_those_of_the_catalogue(area_id) -> None:
    areas = load_areas()
    wanted = {a.area_id for a in areas.children(area_id, "municipality")}
    if areas.get(area_id).level == "city":
        wanted = {a.area_id for a in areas.at_level("municipality") if a.is_city_of_skopje}

    assert find_members(area_id) == wanted


def test_every_sum_and_difference_comes_out_of_its_inputs(table) -> None:
    values = {row["observation_id"]: row["value"] for row in table}
    seen = set()
    for row in table:
        inputs = [values[one] for one in find_inputs(row, table)]
        if not inputs or row["value"] is None or None in inputs:
            continue
        kind = row["method"].split()[0]
        seen.add(kind)
        # The census before stands before the census after.
        wanted = inputs[1] - inputs[0] if kind == "difference" else sum(inputs)
        if row["indicator_id"].endswith("_pct"):
            wanted = 100 * wanted / inputs[0]
        assert row["value"] == pytest.approx(wanted), row["observation_id"]
    assert seen == {"difference", "sum"}


def test_what_was_published_as_it_is_has_no_inputs(table) -> None:
    published = [row for row in table if row["method"] == "as published"]

    assert len(published) > 1000
    assert not any(find_inputs(row, table) for row in published)


def test_a_trace_imports_nothing_that_computes_with_tables() -> None:
    code = (
        "import sys; from analysis.store import trace, trace_inputs;"
        "trace_inputs.find_members('MK');"
        "print([m for m in ('pandas', 'numpy', 'pandera', 'geopandas') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert said.stdout.strip() == "[]"
