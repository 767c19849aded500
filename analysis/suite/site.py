"""The parts of the static site that belong to no single run: lists, first page, style, fonts."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.documents.changes_page import changes_html
from analysis.documents.page import CHANGES_PAGE, index_html, welcome_html
from analysis.documents.protection_page import rules_html
from analysis.documents.protection_words import RULES_PAGE
from analysis.figures.export import font_folder
from analysis.protection.ledger.standing import read_standing
from analysis.sources.demonstration import is_demonstration
from analysis.store.changes import CHANGES
from analysis.store.files import write_atomically
from analysis.store.read import read_public
from analysis.suite.contact import read_contact
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    from analysis.workspace import Workspace

FONTS = ("SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf", "LICENSE.txt")
PAGE = "index.html"
# Written with the lists: alone they make no language of the site.
SHARED = (RULES_PAGE, CHANGES_PAGE)


def _run_pages(folder: Path) -> list[str]:
    found = (p.parent.name for p in folder.glob(f"*/{PAGE}"))
    return sorted(name for name in found if name not in SHARED)


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
    data = read_public(workspace)
    is_demo = is_demonstration(data.sources["source_id"])
    changes, contact = _read_changes(workspace), read_contact(workspace.suite_file)
    standing = read_standing(workspace)
    style = resources.files("analysis.documents") / "page.css"
    files = {
        site / PAGE: welcome_html(spoken, is_demonstration=is_demo, standing=standing).encode(
            "utf-8"
        ),
        **{
            site / code / PAGE: index_html(
                code,
                [*places[code], *SHARED],
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
        **{
            site / code / CHANGES_PAGE / PAGE: changes_html(
                code, spoken, data, changes, contact, standing
            ).encode("utf-8")
            for code in spoken
        },
        site / "assets" / "page.css": style.read_bytes(),
        **{site / "assets" / n: (Path(font_folder()) / n).read_bytes() for n in FONTS},
    }
    for path, content in files.items():
        write_atomically(path, content)
    return list(files)


def _read_changes(workspace: Workspace) -> pd.DataFrame | None:
    path = workspace.public / CHANGES
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.is_file() else None
