"""The parts of the static site that belong to no single run: lists, first page, style, fonts."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.documents.page import index_html, welcome_html
from analysis.figures.export import font_folder
from analysis.sources.demonstration import is_demonstration
from analysis.store.files import SOURCES, read_table, write_atomically
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    from analysis.workspace import Workspace

FONTS = ("SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf", "LICENSE.txt")
PAGE = "index.html"


def write_site(workspace: Workspace) -> list[Path]:
    """Write what the pages share, from the pages that are there.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    list of pathlib.Path
        The files, first page first; empty where no page exists.
    """
    site = workspace.site
    places = {
        code: sorted(p.parent.name for p in (site / code).glob(f"*/{PAGE}")) for code in LANGUAGES
    }
    spoken = [code for code, slugs in places.items() if slugs]
    if not spoken:
        return []
    sources = read_table(workspace.public / SOURCES)
    is_demo = is_demonstration(sources["source_id"])
    style = resources.files("analysis.documents") / "page.css"
    files = {
        site / PAGE: welcome_html(spoken, is_demonstration=is_demo).encode("utf-8"),
        **{
            site / code / PAGE: index_html(
                code, places[code], spoken, is_demonstration=is_demo
            ).encode("utf-8")
            for code in spoken
        },
        site / "assets" / "page.css": style.read_bytes(),
        **{site / "assets" / n: (Path(font_folder()) / n).read_bytes() for n in FONTS},
    }
    for path, content in files.items():
        write_atomically(path, content)
    return list(files)
