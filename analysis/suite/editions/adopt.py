"""Taking over what a version without editions published: it becomes the first one."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.suite.editions.counts import count_edition
from analysis.suite.editions.edition import (
    BRIEFS,
    SITE,
    Edition,
    edition_folder,
    list_numbers,
    tell_now,
    write_edition,
)
from analysis.suite.editions.files import list_files, note_files, place_tree, sync_path, sync_tree
from analysis.suite.editions.pages import read_pages
from analysis.suite.editions.switch import STAGING, switch_to

if TYPE_CHECKING:
    from analysis.workspace import Workspace

OPEN = 0o755


def adopt_former(workspace: Workspace) -> Edition | None:
    """Make an edition of the folders of pages and briefs that a former version wrote.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Edition or None
        None where there is nothing to take over. Its public table is not known any more, so no
        later edition is compared with it.
    """
    rooms = {SITE: workspace.site, BRIEFS: workspace.briefs}
    own = {part: room for part, room in rooms.items() if room.is_dir() and not room.is_symlink()}
    if workspace.current.is_dir() or not any(list_files(room) for room in own.values()):
        return None
    workspace.editions.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=workspace.editions, prefix=STAGING))
    try:
        folder.chmod(OPEN)
        for part in rooms:
            (folder / part).mkdir()
        for part, room in own.items():
            place_tree(room, folder / part)
        edition = Edition(
            number=max(list_numbers(workspace), default=0) + 1,
            made=tell_now(),
            observations_sha256="",
            policy_sha256="",
            ledger_sha256="",
            release=None,
            runs=(),
            files=note_files(folder, rooms),
            counts=count_edition(read_pages(folder / SITE)),
        )
        write_edition(folder, edition)
        sync_tree(folder)
        Path(folder).rename(edition_folder(workspace, edition.number))
        sync_path(workspace.editions)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    switch_to(workspace, edition.number, "adopt")
    return edition
