"""All that somebody can read, download or be sent of one subject, as files by name."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from browser.made_pages import list_runs, show_all

from analysis.assessment import load_profile
from analysis.assessment.trafficking import load_trafficking
from analysis.dashboard.frame import wording
from analysis.dashboard.registry import find_dashboard
from analysis.documents.briefs.bundle import make_bundle
from analysis.documents.face import compose
from analysis.documents.figure_files.export import Exhibit, list_figures, make_figure_files
from analysis.suite.publish import publish_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analysis.workspace import Workspace

VICTIMS = "trafficking-trends-north-macedonia"
DASHBOARDS = {
    "butel": ("municipal_profile", "area=butel"),
    VICTIMS: ("trafficking", "area=north-macedonia"),
}
OPENED = {
    "butel": lambda space: load_profile(space, "butel"),
    VICTIMS: lambda space: load_trafficking(space, "MK", "2014-2025"),
}


def take_every_file(space: Workspace, slug: str, language: str, folder: Path) -> dict[str, bytes]:
    """Give page, downloads, brief, dashboard, figures and bundle; archives are opened."""
    return {
        **dict(_publish(space, slug, language, folder)),
        **dict(_show(space, slug, language)),
        **_export(space, slug, language),
        **_unpack("bundle", make_bundle(OPENED[slug](space), [language], space)),
    }


def _publish(
    space: Workspace, slug: str, language: str, folder: Path
) -> Iterator[tuple[str, bytes]]:
    (run,) = [run for run in list_runs(space, [language]) if run.slug == slug]
    for path in publish_run(run, show_all(run, space), space, folder):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        if name.endswith(".zip"):
            yield from _unpack(name, content).items()
        else:
            yield name, content


def _show(space: Workspace, slug: str, language: str) -> Iterator[tuple[str, bytes]]:
    # The files that a dashboard offers are in its markup; it is taken as it stands, and they too.
    name, query = DASHBOARDS[slug]
    found = find_dashboard(name)
    shown = found(found.kind.read(f"{query}&language={language}"), space)
    w = wording(shown.choice)
    yield "dashboard/first.html", shown.first_html(w).encode()
    yield "dashboard/figures.html", shown.figures_html(w, shown.frame()).encode()
    yield "dashboard/rest.html", shown.rest_html(w, shown.frame()).encode()


def _export(space: Workspace, slug: str, language: str) -> dict[str, bytes]:
    reading = OPENED[slug](space)
    exhibit = Exhibit(compose(reading, language, space), reading)
    held: dict[str, bytes] = {}
    for name in list_figures(exhibit.document):
        held |= make_figure_files(exhibit, name, f"figures/{name}")
    return held


def _unpack(archive_name: str, content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {f"{archive_name}/{name}": archive.read(name) for name in archive.namelist()}
