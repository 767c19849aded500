"""Files of an edition on disk: linked or copied, hashed, and there after a power cut."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from analysis.suite.editions.edition import FileNote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BLOCK = 1 << 20
# So many files are sooner on the disk all together.
MANY = 100


def place_file(source: Path, target: Path) -> None:
    """Put a file of a run into an edition: a second name for it, or a copy where links cannot be.

    Parameters
    ----------
    source, target : pathlib.Path
        Results of runs are replaced whole and never written into, so a second name is safe.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        # Another file system, one without links, or more names than a file may have.
        shutil.copyfile(source, target)


def place_tree(source: Path, target: Path) -> None:
    """Put all files below a folder into another one."""
    target.mkdir(parents=True, exist_ok=True)
    for path in list_files(source):
        place_file(path, target / path.relative_to(source))


def list_files(folder: Path) -> list[Path]:
    """List the files below a folder, sorted; links are not followed."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def hash_file(path: Path) -> str:
    """Hash a file.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            whole.update(block)
    return whole.hexdigest()


def note_files(folder: Path, parts: Iterable[str]) -> dict[str, FileNote]:
    """Note hash and size of every file in some parts of an edition.

    Parameters
    ----------
    folder : pathlib.Path
        Of the edition.
    parts : iterable of str
        Folders within it.

    Returns
    -------
    dict of str to FileNote
        Path within the edition.
    """
    return {
        path.relative_to(folder).as_posix(): FileNote(hash_file(path), path.stat().st_size)
        for part in parts
        for path in list_files(folder / part)
    }


def find_altered(folder: Path, files: dict[str, FileNote]) -> list[str]:
    """Find the files of an edition that are not what they were when it was published.

    Parameters
    ----------
    folder : pathlib.Path
    files : dict of str to FileNote

    Returns
    -------
    list of str
        Their paths; also those that are gone.
    """
    return [name for name, note in files.items() if not is_same(folder / name, note.sha256)]


def is_same(path: Path, sha256: str) -> bool:
    """Tell whether a file is there and has a hash."""
    return path.is_file() and hash_file(path) == sha256


def sync_tree(folder: Path, former: Path | None = None) -> None:
    """Have all of a folder on the disk, so that a power cut after this takes nothing of it.

    Parameters
    ----------
    folder : pathlib.Path
    former : pathlib.Path, optional
        The folder of an edition that is on the disk already: files that are the same are too.
    """
    files = list_files(folder)
    if former is not None:
        files = [p for p in files if not _is_one(p, former / p.relative_to(folder))]
    if len(files) > MANY and hasattr(os, "sync"):
        # Each file for itself would wait for the disk each time.
        os.sync()
        return
    folders = [p for p in folder.rglob("*") if p.is_dir()]
    for path in [*files, *folders, folder]:
        sync_path(path)


def _is_one(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def sync_path(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    # Some systems open no folders, and some file systems know no such thing.
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
