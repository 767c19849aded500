"""Showing readers another edition in one step.

``current`` is a symbolic link to the folder of an edition; ``site`` and ``briefs`` are links
through it, made once. Replacing a link is one step of the system: a reader has the former edition
or the new one. Whoever reads several files of one edition resolves ``site`` first, once: the
folder behind it is never changed.

Where links cannot be made (Windows without the right to), ``current``, ``site`` and ``briefs`` are
folders that are filled beside and renamed: between two renames a reader may find nothing for a
moment, and never half an edition.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.suite.editions.edition import (
    BRIEFS,
    LOG,
    SHOWN,
    SITE,
    edition_folder,
    list_numbers,
    mark_folder,
    read_edition,
    tell_now,
)
from analysis.suite.editions.files import place_tree, sync_path
from analysis.suite.records import add_line

if TYPE_CHECKING:
    from analysis.workspace import Workspace

STAGING = ".staging-"
BESIDE, FORMER = "new", "former"
NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP})
# Windows: the right to make links is not held.
NO_RIGHT = 1314


def switch_to(workspace: Workspace, number: int, work: str) -> None:
    """Show readers an edition, and note that in the log.

    Parameters
    ----------
    workspace : Workspace
    number : int
        Its folder is whole and on the disk.
    work : str
        What it is done for: ``publish``, ``rollback``.
    """
    former = current_number(workspace)
    folder = edition_folder(workspace, number)
    point_to(workspace.current, folder)
    mark_folder(folder, SHOWN)
    point_rooms(workspace)
    said = {"at": tell_now(), "work": work, "from": former, "to": number}
    add_line(workspace.logs / LOG, said)


def point_rooms(workspace: Workspace) -> None:
    """Have ``site`` and ``briefs`` lead into the current edition."""
    point_to(workspace.site, workspace.current / SITE)
    point_to(workspace.briefs, workspace.current / BRIEFS)


def current_number(workspace: Workspace) -> int | None:
    """Give the number of the edition that readers see."""
    if not workspace.current.is_dir():
        return None
    return read_edition(workspace.current).number


def point_to(link: Path, target: Path) -> None:
    """Make a link lead to a folder, in one step.

    Parameters
    ----------
    link : pathlib.Path
        A link, nothing, or a folder, which is taken away.
    target : pathlib.Path
    """
    text = Path(os.path.relpath(target, link.parent)).as_posix()
    if link.is_symlink() and link.readlink().as_posix() == text:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(link, BESIDE)
    _remove(beside)
    try:
        beside.symlink_to(text, target_is_directory=True)
    except OSError as refused:
        if refused.errno not in NO_LINKS and getattr(refused, "winerror", 0) != NO_RIGHT:
            raise
        place_tree(target, beside)
    _replace(link, beside)
    sync_path(link.parent)


def _replace(link: Path, beside: Path) -> None:
    if link.is_symlink() or not link.exists():
        beside.replace(link)
        return
    # A folder cannot be replaced by a link in one step; it is put back when the second fails.
    former = _beside(link, FORMER)
    _remove(former)
    link.rename(former)
    try:
        beside.replace(link)
    except BaseException:
        former.rename(link)
        raise
    _remove(former)


def settle(workspace: Workspace) -> None:
    """Clear away what a publishing that was cut off has left, and complete what it began.

    Parameters
    ----------
    workspace : Workspace
        What readers see stays as it is.
    """
    for path in sorted(workspace.editions.glob(f"{STAGING}*")):
        _remove(path)
    for link in (workspace.current, workspace.site, workspace.briefs):
        if not link.exists() and _beside(link, FORMER).is_dir():
            _beside(link, FORMER).rename(link)
        _remove(_beside(link, BESIDE))
    number = current_number(workspace)
    if number is None:
        return
    folder = edition_folder(workspace, number)
    if folder.is_dir() and not (folder / SHOWN).is_file():
        mark_folder(folder, SHOWN)
    point_rooms(workspace)
    for link in (workspace.current, workspace.site, workspace.briefs):
        _remove(_beside(link, FORMER))
    for other in list_numbers(workspace):
        # Complete, but cut off before anybody saw it: its number is given anew.
        if other > number and not (edition_folder(workspace, other) / SHOWN).is_file():
            remove_edition(workspace, other)


def remove_edition(workspace: Workspace, number: int) -> None:
    """Remove an edition. A folder that is only half removed has no number any more.

    Parameters
    ----------
    workspace : Workspace
    number : int
    """
    aside = workspace.editions / f"{STAGING}removed-{number}"
    _remove(aside)
    edition_folder(workspace, number).rename(aside)
    _remove(aside)


def _beside(link: Path, word: str) -> Path:
    return link.with_name(f".{link.name}.{word}")


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
