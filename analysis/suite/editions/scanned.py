"""Looking for withheld numbers in what is new: files that were found clean are not read again."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.protection.scanner.match import Matcher
from analysis.protection.scanner.scan import scan_bytes
from analysis.protection.scanner.secrets import read_secrets
from analysis.store.files import OBSERVATIONS, write_atomically
from analysis.suite.cache import hash_code
from analysis.suite.editions.edition import BRIEFS, SITE
from analysis.suite.editions.files import hash_file
from analysis.suite.work import prepare_worker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.protection.scanner.leaks import Leak
    from analysis.workspace import Workspace

SCANNED = "scanned.json"
WORD = re.compile(r"[-_.]")
# So many files are worth another process.
MANY = 40
File = tuple[str, str]
# The matcher of this process, which takes a while to open.
_OPEN: list[Matcher] = []


def find_leaks(workspace: Workspace, files: Mapping[str, Path]) -> list[Leak]:
    """Scan finished files that have not been found clean before.

    Parameters
    ----------
    workspace : Workspace
        Built. What was found clean is noted in ``logs/scanned.json``: hashes only.
    files : mapping of str to pathlib.Path
        By the name that the file has for readers: areas in it count for what stands in the file.

    Returns
    -------
    list of Leak
        None for a clean edition.

    Raises
    ------
    StoreError
        When nothing has been built.
    """
    known_by = _hash_secrets(workspace)
    note = workspace.logs / SCANNED
    clean = _read_clean(note, known_by)
    told: dict[str, File] = {}
    for name, path in files.items():
        told.setdefault(_hash_file(name, path), (name, str(path)))
    new = {digest: file for digest, file in told.items() if digest not in clean}
    if not new:
        return []
    leaks: list[Leak] = []
    for digest, found in zip(new, _scan(workspace, list(new.values())), strict=True):
        leaks += found
        if not found:
            clean.add(digest)
    # What is not published any more is forgotten, so that the note does not grow for ever.
    _write_clean(note, known_by, clean & set(told))
    return leaks


def _scan(workspace: Workspace, files: list[File]) -> list[list[Leak]]:
    workers = min(os.cpu_count() or 1, len(files) // MANY)
    if workers > 1:
        # Spawned, not forked: a forked child would share sockets and threads of the parent.
        with (
            suppress(BrokenProcessPool),
            ProcessPoolExecutor(
                workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_prepare,
                initargs=(workspace, os.getpid()),
            ) as pool,
        ):
            return list(pool.map(_scan_one, files, chunksize=8))
    _open_matcher(workspace)
    return [_scan_one(file) for file in files]


def _prepare(workspace: Workspace, owner: int) -> None:
    # It ends with a publisher that was killed, and never holds what is withheld on its own.
    prepare_worker(owner)
    _open_matcher(workspace)


def _open_matcher(workspace: Workspace) -> None:
    _OPEN.append(Matcher(read_secrets(workspace)))
    del _OPEN[:-1]


def _scan_one(file: File) -> list[Leak]:
    name, path = file
    return scan_bytes(name, Path(path).read_bytes(), _OPEN[-1])


def _hash_secrets(workspace: Workspace) -> str:
    """Hash all that decides whether a file is clean: what is withheld, and how it is looked for."""
    tables = (workspace.restricted / OBSERVATIONS, workspace.public / OBSERVATIONS)
    said = [hash_code(), *(hash_file(path) if path.is_file() else "" for path in tables)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _hash_file(name: str, path: Path) -> str:
    """Hash a file with the words of its name that it is known by.

    A brief lies among the pages and among the briefs: folders that say nothing more than the
    name of the file do not make another file of it.
    """
    *folders, last = name.split("/")
    said = set(WORD.split(last))
    more = [folder for folder in folders[1:] if not set(WORD.split(folder)) <= said]
    room = "" if folders[:1] in ([SITE], [BRIEFS]) else "/".join(folders[:1])
    text = "\n".join([room, *more, last, hash_file(path)])
    return hashlib.sha256(text.encode()).hexdigest()


def _read_clean(note: Path, known_by: str) -> set[str]:
    try:
        content = json.loads(note.read_text(encoding="utf-8"))
        return set(content["clean"]) if content["secrets"] == known_by else set()
    except (OSError, ValueError, KeyError, TypeError):
        # Missing or torn: then everything is read again.
        return set()


def _write_clean(note: Path, known_by: str, clean: set[str]) -> None:
    content = json.dumps({"secrets": known_by, "clean": sorted(clean)}, indent=0)
    write_atomically(note, content.encode("utf-8"))
