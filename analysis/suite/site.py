"""The parts of the static site that belong to no single run: lists, first page, style, fonts."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.documents.page import index_html, welcome_html
from analysis.documents.protection_page import rules_html
from analysis.documents.protection_words import RULES_PAGE
from analysis.figures.export import font_folder
from analysis.protection.ledger.standing import read_standing
from analysis.sources.demonstration import is_demonstration
from analysis.store.files import SOURCES, read_table, write_atomically
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    from analysis.workspace import Workspace

FONTS = ("SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf", "LICENSE.txt")
PAGE = "index.html"


def _run_pages(folder: Path) -> list[str]:
    # The page of rules is written with the lists: alone it makes no language of the site.
    found = (p.parent.name for p in folder.glob(f"*/{PAGE}"))
    return sorted(name for name in found if name != RULES_PAGE)


def write_site(workspace: Workspace, site: Path) -> list[Path]:
    """Write what the pages share, from the pages that are there.

    Parameters
    ----------
    workspace : Workspace
        Built.
    site : pathlib.Path
        Where the pages are: the site of an edition that is being staged.

    Returns
    -------
    list of pathlib.Path
        The files, first page first; empty where no page exists.
    """
    places = {code: _run_pages(site / code) for code in LANGUAGES}
    spoken = [code for code, slugs in places.items() if slugs]
    if not spoken:
        return []
    sources = read_table(workspace.public / SOURCES)
    is_demo = is_demonstration(sources["source_id"])
    standing = read_standing(workspace)
    style = resources.files("analysis.documents") / "page.css"
    files = {
        site / PAGE: welcome_html(spoken, is_demonstration=is_demo, standing=standing).encode(
            "utf-8"
        ),
        **{
            site / code / PAGE: index_html(
                code,
                [*places[code], RULES_PAGE],
                spoken,
                is_demonstration=is_demo,
                standing=standing,
            ).encode("utf-8")
            for code in spoken
        },
        **{
            site / code / RULES_PAGE / PAGE: rules_html(code, spoken, standing).encode("utf-8")
            for code in spoken
        },
        site / "assets" / "page.css": style.read_bytes(),
        **{site / "assets" / n: (Path(font_folder()) / n).read_bytes() for n in FONTS},
    }
    for path, content in files.items():
        write_atomically(path, content)
    return list(files)
