"""A run is needed when one of its inputs changed, and only then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat
import pytest

from analysis.protection import publish_observations
from analysis.store.build import build_observations
from analysis.suite.cache import judge, make_key, write_manifest
from analysis.suite.plan import Run, plan_runs

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace


@pytest.fixture
def built(own_workspace: Workspace) -> Workspace:
    publish_observations(build_observations(own_workspace.published), own_workspace)
    return own_workspace


def _first(workspace: Workspace) -> Run:
    return next(r for r in plan_runs(workspace) if r.is_profile)


def _record(run: Run, workspace: Workspace, state: str = "ok") -> Path:
    page = workspace.site / "page.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(b"page")
    key = make_key(run, workspace)
    digest = "a" * 64 if state == "altered" else _sha(page)
    write_manifest(
        run,
        workspace,
        {
            "key": [list(p) for p in key.parts],
            "state": "failed" if state == "failed" else "ok",
            "outputs": {"data_processed/site/page.html": digest},
        },
    )
    return page


def _sha(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def _judge(workspace: Workspace) -> tuple[str, tuple[str, ...]]:
    run = _first(workspace)
    return judge(run, make_key(run, workspace), workspace)


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
    here, there = _first(built), _first(workspace)
    assert make_key(here, built).run_id == make_key(there, workspace).run_id
    assert str(built.root) not in json.dumps(make_key(here, built).parts)


def test_planning_before_building_says_what_to_do(own_workspace: Workspace) -> None:
    with pytest.raises(FileNotFoundError, match="Run `patokaz build` first"):
        make_key(_first(own_workspace), own_workspace)
