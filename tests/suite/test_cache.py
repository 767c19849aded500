"""A run is needed when one of its inputs changed, and only then."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING

import nbformat
import pandas as pd
import pytest

from analysis.protection import publish_observations
from analysis.store.build import build_observations
from analysis.store.files import write_table
from analysis.store.reads import EVERY
from analysis.suite.cache import DATA, Keys, make_seed
from analysis.suite.plan import Run, plan_runs
from analysis.suite.records import Good, Record, write_record

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace


@pytest.fixture
def built(own_workspace: Workspace, workspace: Workspace) -> Workspace:
    shutil.copytree(workspace.root / "data_processed", own_workspace.root / "data_processed")
    return own_workspace


def _first(workspace: Workspace) -> Run:
    return next(r for r in plan_runs(workspace) if r.is_profile)


def _record(
    run: Run, workspace: Workspace, state: str = "ok", reads: dict[str, list[str]] | None = None
) -> Path:
    page = workspace.runs / run.name / "results" / "site" / "page.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(b"page")
    keys, read = Keys(workspace), reads if reads is not None else {EVERY: [EVERY]}
    key = (*keys.make_key(run).parts, (DATA, keys.slices.hash_reads(read)))
    digest = hashlib.sha256(b"page").hexdigest()
    record = Record(
        name=run.name,
        notebook=run.notebook,
        area=run.area,
        language=run.language,
        edition=run.edition,
        slug=run.slug,
        state=state,
        reason="",
        cell=None,
        attempts=1,
        began="2026-01-01T05:00:00+00:00",
        ended="2026-01-01T05:00:01+00:00",
        seconds=1.0,
        cpu_seconds=1.0,
        peak_bytes=0,
        kernel="ordinary",
        run_id="0" * 12,
        seed=1,
        key=key,
        parameters=dict(run.parameters),
        reads=read,
        good=Good("0" * 12, "2026-01-01T05:00:01+00:00", "", key, {"site/page.html": digest}),
    )
    write_record(workspace, record)
    return page


def _judge(workspace: Workspace, run: Run | None = None) -> tuple[str, tuple[str, ...]]:
    keys, chosen = Keys(workspace), run or _first(workspace)
    return keys.judge(chosen, keys.make_key(chosen))


def test_a_run_is_new_then_unchanged(built: Workspace) -> None:
    assert _judge(built) == ("new", ())
    _record(_first(built), built)
    assert _judge(built) == ("unchanged", ())


def test_a_failed_run_is_run_again(built: Workspace) -> None:
    _record(_first(built), built, "failed")
    assert _judge(built) == ("failed before", ())


def test_a_lost_or_altered_output_is_made_again(built: Workspace) -> None:
    page = _record(_first(built), built)
    page.write_bytes(b"edited by hand")
    os.utime(page, (4e9, 4e9))
    assert _judge(built)[0] == "output missing or altered"
    page.unlink()
    assert _judge(built)[0] == "output missing or altered"


def test_each_input_is_named_when_it_changes(built: Workspace) -> None:
    _record(_first(built), built)
    path = built.notebooks / "02_municipal_profile.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source += "\n# another line"
    nbformat.write(notebook, path)
    assert _judge(built) == ("changed", ("notebook",))


def test_saving_a_notebook_with_outputs_is_no_change(built: Workspace) -> None:
    _record(_first(built), built)
    path = built.notebooks / "02_municipal_profile.ipynb"
    notebook = nbformat.read(path, as_version=4)
    code = next(c for c in notebook.cells if c.cell_type == "code")
    code["execution_count"] = 7
    nbformat.write(notebook, path)
    assert _judge(built) == ("unchanged", ())


def test_new_figures_are_a_change_of_data(built: Workspace) -> None:
    _record(_first(built), built)
    table = built.published / "route_detections.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(",177,", ",178,", 1), encoding="utf-8")
    publish_observations(build_observations(built.published), built)
    assert _judge(built) == ("changed", ("data",))


def test_only_what_a_run_has_read_counts(built: Workspace) -> None:
    profiles = [r for r in plan_runs(built) if r.is_profile and r.language == "mk"]
    one, other, third = profiles
    table = pd.read_parquet(built.public / "observations.parquet")
    held = table.loc[table["area_id"].eq("MK-703") & table["state"].eq("value")]
    series = str(held.iloc[0]["indicator_id"])
    _record(one, built, reads={series: ["MK-703"]})
    _record(other, built, reads={series: ["MK-802", "MK"]})
    _record(third, built, reads={EVERY: ["MK-703"]})
    table.loc[held.index[0], "value"] += 1
    _replace_table(built, table)
    assert _judge(built, one) == ("changed", ("data",))
    assert _judge(built, other) == ("unchanged", ())
    # Whether there is any figure of the place is as it was.
    assert _judge(built, third) == ("unchanged", ())
    _replace_table(built, table.drop(index=table.index[table["area_id"].eq("MK-703")]))
    assert _judge(built, third) == ("changed", ("data",))


def test_a_new_file_with_the_same_figures_changes_nothing(built: Workspace) -> None:
    run = _first(built)
    table = pd.read_parquet(built.public / "observations.parquet")
    _record(run, built, reads={name: ["MK", "MK-703"] for name in set(table["indicator_id"])})
    _replace_table(built, table.assign(snapshot_id="another@file", line=1))
    assert _judge(built, run) == ("unchanged", ())


def test_a_figure_where_there_was_none_counts(built: Workspace) -> None:
    run = _first(built)
    table = pd.read_parquet(built.public / "observations.parquet")
    row = table.loc[table["area_id"].eq("MK-703")].iloc[[0]]
    series = str(row.iloc[0]["indicator_id"])
    _record(run, built, reads={series: ["MK-899"]})
    added = row.assign(area_id="MK-899", observation_id="f" * 12)
    _replace_table(built, pd.concat([table, added], ignore_index=True))
    assert _judge(built, run) == ("changed", ("data",))


def _replace_table(space: Workspace, table: pd.DataFrame) -> None:
    digest = write_table(space.public / "observations.parquet", table)
    path = space.public / "release.json"
    said = json.loads(path.read_text(encoding="utf-8")) | {"observations_sha256": digest}
    path.write_text(json.dumps(said), encoding="utf-8")


def test_languages_share_their_random_numbers(built: Workspace) -> None:
    seeds = {(r.area, r.language): make_seed(r) for r in plan_runs(built) if r.is_profile}
    assert len(set(seeds.values())) == 3
    assert all(seeds[area, "mk"] == seeds[area, "en"] for area, _ in seeds)
    assert all(0 <= seed < 2**32 for seed in seeds.values())


def test_another_parameter_is_another_run(built: Workspace) -> None:
    _record(_first(built), built)
    text = built.suite_file.read_text(encoding="utf-8")
    built.suite_file.write_text(text.replace("= 2025", "= 2024"), encoding="utf-8")
    assert _judge(built) == ("changed", ("run",))


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("requirements.lock", "lock"),
        ("data_raw/received/boundaries.geojson", "boundaries"),
        ("policy_briefs/templates/extra.docx", "templates"),
    ],
)
def test_lock_boundaries_and_templates_count(built: Workspace, file: str, part: str) -> None:
    _record(_first(built), built)
    path = built.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"other")
    assert _judge(built) == ("changed", (part,))


def test_the_id_of_a_run_does_not_depend_on_where_it_runs(
    built: Workspace, workspace: Workspace
) -> None:
    here, there = Keys(built), Keys(workspace)
    key = here.make_key(_first(built))
    assert key.run_id == there.make_key(_first(workspace)).run_id
    assert str(built.root) not in json.dumps(key.parts)


def test_planning_before_building_says_what_to_do(own_workspace: Workspace) -> None:
    with pytest.raises(FileNotFoundError, match="Run `patokaz build` first"):
        Keys(own_workspace).make_key(_first(own_workspace))
