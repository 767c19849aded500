"""Figures that were handed over stand beside published ones, and small ones stay inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.protection import publish_observations
from analysis.sources.returns import import_file
from analysis.store.build import BuildError, build_workspace
from analysis.store.files import OBSERVATIONS, read_table
from analysis.suite.demo import make_demo

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from analysis.workspace import Workspace

HEAD = "Шифра на показателот;Општина;Период од;Период до;Вредност;Извор\n"
LINE = "unhcr_refugees_persons;{place};2024-01-01;2024-12-31;{value};Општина Велес\n"


def _import(space: Workspace, *cells: tuple[str, str]) -> None:
    text = HEAD + "".join(LINE.format(place=place, value=value) for place, value in cells)
    import_file(text.encode("utf-8"), "table.csv", "indicator_table", space.received)


def _received(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.loc[frame["source_id"].str.startswith("received-")].set_index("area_id")


def test_a_workspace_without_returns_builds_as_before(own_workspace: Workspace) -> None:
    assert _received(build_workspace(own_workspace).observations).empty


def test_what_was_handed_over_is_in_the_build_with_its_file_and_row(
    own_workspace: Workspace,
) -> None:
    _import(own_workspace, ("Велес", "1.234"), ("Куманово", "<5"), ("Штип", ".."))
    built = build_workspace(own_workspace)
    rows = _received(built.observations)
    assert rows["state"].to_dict() == {
        "MK-101": "value",
        "MK-703": "suppressed",
        "MK-211": "no_data",
    }
    veles = rows.loc["MK-101"]
    assert (veles["value"], veles["verification"], veles["line"]) == (1234, "received", 2)
    assert veles["snapshot_id"].startswith("indicator_table@")
    source = built.sources.set_index("source_id").loc[veles["source_id"]]
    assert source["publisher"] == "Општина Велес"


def test_a_published_figure_is_not_replaced(own_workspace: Workspace) -> None:
    before = build_workspace(own_workspace).observations
    _import(own_workspace, ("Куманово", "55"))
    after = build_workspace(own_workspace).observations
    assert len(after) == len(before) + 1


def test_a_small_count_is_withheld_in_public(own_workspace: Workspace) -> None:
    _import(own_workspace, ("Велес", "7"))
    publish_observations(build_workspace(own_workspace), own_workspace)
    public = _received(read_table(own_workspace.public / OBSERVATIONS))
    assert public.loc["MK-101", "state"] == "suppressed"
    restricted = _received(read_table(own_workspace.restricted / OBSERVATIONS))
    assert restricted.loc["MK-101", "value"] == 7


def test_the_same_file_twice_is_counted_once(own_workspace: Workspace) -> None:
    _import(own_workspace, ("Велес", "1.234"))
    _import(own_workspace, ("Велес", "1.234"))
    assert len(_received(build_workspace(own_workspace).observations)) == 1


def test_a_demonstration_takes_no_real_return(tmp_path: Path, own_workspace: Workspace) -> None:
    demo = make_demo(tmp_path / "demo", 1, own_workspace)
    _import(demo, ("Велес", "1.234"))
    with pytest.raises(BuildError, match="is synthetic and 'received-.*' is not"):
        build_workspace(demo)
