"""A process that others fork from has all that code keeps, and nothing of a workspace."""

from __future__ import annotations

import subprocess
import sys

import pytest

from analysis.catalog import load_areas
from analysis.documents.compose import compose_profile
from analysis.documents.face import open_profile
from analysis.documents.html import environment
from analysis.documents.model import Figure
from analysis.documents.warm import preload
from analysis.figures import charts, livemap, maps, outlook
from analysis.figures.drawing import make_form
from analysis.sources.boundary_files import workspace_boundaries
from analysis.text import LANGUAGES, translator

FORMS = {
    name: form
    for module in (charts, maps, outlook)
    for name, form in vars(module).items()
    if name.endswith("_form") and form is not make_form
}


def count_work() -> dict[str, int]:
    """How often each cache had to be filled so far."""
    kept = {**FORMS, "shapes": maps.wound_shape, "areas": load_areas, "messages": translator}
    return {name: function.cache_info().misses for name, function in kept.items()}


@pytest.mark.parametrize("area", ["kumanovo", "butel", "gevgelija"])
@pytest.mark.parametrize("language", ["mk", "sr-Latn"])
def test_a_profile_after_it_fills_no_cache(workspace, area, language):
    assert set(FORMS) == {
        "_change_form",
        "_registered_form",
        "_yearly_form",
        "_outlook_form",
        "_map_form",
    }
    profile = open_profile(area, 2025, workspace=workspace)
    boundaries = workspace_boundaries(workspace)
    preload()
    before = count_work()
    document = compose_profile(profile, language, boundaries)
    for block in (b for s in document.sections for b in s.blocks):
        if isinstance(block, Figure):
            block.picture.chart.to_dict()
    assert count_work() == before


def test_all_languages_and_templates_are_there():
    preload()
    assert translator.cache_info().currsize == len(LANGUAGES)
    held = {name for _, name in environment().cache.keys()}  # noqa: SIM118  # no plain mapping
    assert held >= {"page.html.j2", "section.html.j2", "index.html.j2", "frame.html.j2"}
    assert livemap.load_leaflet.cache_info().currsize == 1


ALONE = """
import os, sys

opened = []
sys.addaudithook(lambda name, given: opened.append(str(given[0])) if name == "open" else None)
from analysis.documents.warm import preload

count = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
preload()
later = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
assert later == count, (count, later)
assert "vl_convert" not in sys.modules
root = os.environ["PATOKAZ_HOME"]
assert not [path for path in opened if path.startswith(root)], opened
assert not [p for p in opened if p.endswith(".parquet")], opened
assert len(opened) > 20
"""


@pytest.mark.slow
def test_it_reads_no_workspace_starts_no_thread_and_draws_nothing(workspace):
    environ = {"PATOKAZ_HOME": str(workspace.root), "PATH": ""}
    subprocess.run(
        [sys.executable, "-c", ALONE],
        env=environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        cwd=workspace.root,
        check=True,
    )
