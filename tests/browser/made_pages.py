"""Pages as a suite publishes them, made without a kernel from what notebooks show."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import nbformat

from analysis.documents.face import (
    compose,
    open_migration,
    open_profile,
    open_readiness,
    open_trafficking,
    show,
    show_header,
)
from analysis.suite.plan import plan_runs
from analysis.suite.publish import publish_run
from analysis.suite.site import write_site
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.suite.plan import Run
    from analysis.workspace import Workspace

OPENERS = {
    "02_municipal_profile": (open_profile, "reference_period"),
    "03_migration_trends": (open_migration, "period"),
    "04_trafficking_trends": (open_trafficking, "period"),
}
DAY = "2026-01-31"
RUN_ID = "0123456789ab"


def list_runs(workspace: Workspace, languages: Sequence[str] = tuple(LANGUAGES)) -> list[Run]:
    """All runs of the suite file, in all five languages unless others are given."""
    return plan_runs(workspace, [], list(languages))


def make_site(
    workspace: Workspace,
    folder: Path,
    slugs: Sequence[str],
    languages: Sequence[str] = tuple(LANGUAGES),
) -> Path:
    """Write the pages of some slugs, with the lists that lead to them."""
    for run in list_runs(workspace, languages):
        if run.slug in slugs:
            publish_run(run, show_all(run, workspace), workspace, folder)
    write_site(workspace, folder / "site")
    return folder / "site"


def show_all(run: Run, workspace: Workspace) -> nbformat.NotebookNode:
    """A notebook that has shown every section of its document."""
    os.environ["PATOKAZ_RUN_ID"] = RUN_ID
    try:
        document = _document(run, workspace)
    finally:
        del os.environ["PATOKAZ_RUN_ID"]
    shown = [show_header(document), *(show(document, s.name) for s in document.sections)]
    outputs = [
        nbformat.v4.new_output("display_data", data=one._repr_mimebundle_()) for one in shown
    ]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])


def _document(run: Run, workspace: Workspace):
    values = dict(run.parameters)
    if run.notebook not in OPENERS:
        return compose(open_readiness(DAY, run.edition, workspace), run.language, workspace)
    opener, name = OPENERS[run.notebook]
    reading = opener(run.area, values[name], run.edition, workspace)
    return compose(reading, run.language, workspace)
