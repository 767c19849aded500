"""Is there anything to publish? Told from records and dates alone, without reading a page."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from analysis.documents.notice import standing_key
from analysis.protection.door import RELEASE
from analysis.protection.ledger.standing import read_standing
from analysis.store.files import OBSERVATIONS, write_atomically
from analysis.suite.cache import hash_code
from analysis.suite.contact import read_contact
from analysis.suite.editions.edition import edition_folder
from analysis.suite.records import MANIFEST, RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.suite.editions.edition import Edition
    from analysis.workspace import Workspace

NOTE = "published.json"


def hash_inputs(workspace: Workspace, taken_out: Iterable[str] = ()) -> str:
    """Hash what an edition is made of: records of runs, the release note, its standing, the code.

    Parameters
    ----------
    workspace : Workspace
        Built.
    taken_out : iterable of str
        Names of runs that are not shown, although they are on record.

    Returns
    -------
    str
        Hexadecimal SHA-256. The record of a run holds the hash of each of its files.
    """
    whole = hashlib.sha256(f"{hash_code()} {standing_key(read_standing(workspace))}".encode())
    # Where readers report an error stands on pages that no run makes.
    contact = read_contact(workspace.suite_file)
    whole.update(json.dumps([sorted(taken_out), contact]).encode())
    records = sorted(workspace.runs.glob(f"*/*/{MANIFEST}"))
    for path in [workspace.public / RELEASE, *records]:
        whole.update(path.relative_to(workspace.root).as_posix().encode())
        whole.update(path.read_bytes() if path.is_file() else b"")
    return whole.hexdigest()


def note_published(workspace: Workspace, inputs: str, edition: Edition) -> None:
    """Note what the edition that readers see was made of.

    Parameters
    ----------
    workspace : Workspace
    inputs : str
        As :func:`hash_inputs` gave it before the edition was staged.
    edition : Edition
    """
    text = json.dumps({"inputs": inputs, "number": edition.number}) + "\n"
    write_atomically(workspace.logs / NOTE, text.encode("utf-8"))


def is_up_to_date(workspace: Workspace, inputs: str, edition: Edition) -> bool:
    """Tell whether readers see already what would be published.

    Parameters
    ----------
    workspace : Workspace
    inputs : str
        As :func:`hash_inputs` gives it now.
    edition : Edition
        What readers see.

    Returns
    -------
    bool
        False where that is in doubt: then the edition is staged and compared file by file.
    """
    note = workspace.logs / NOTE
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        if (said["inputs"], said["number"]) != (inputs, edition.number):
            return False
    except (OSError, ValueError, KeyError, TypeError):
        return False
    # A file that is older than the note has not been touched since it was compared.
    since = note.stat().st_mtime_ns
    folder = edition_folder(workspace, edition.number)
    files = [(folder / name, size.size) for name, size in edition.files.items()]
    table = workspace.public / OBSERVATIONS
    results = [
        (path, -1)
        for run in edition.runs
        for name in run.files
        for path in (workspace.runs / run.name).glob(f"{RESULTS}*/{name}")
    ]
    return all(_is_untouched(p, size, since) for p, size in [*files, (table, -1), *results])


def _is_untouched(path: Path, size: int, since: int) -> bool:
    try:
        found = path.stat()
    except OSError:
        # Of a run that gave no such file, whose page says that it is missing.
        return size < 0
    return found.st_mtime_ns < since and size in (-1, found.st_size)
