"""An edition against its own list of files, and the place of a change in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.seals.seal import find_change, seal_file
from analysis.suite.editions.edition import (
    BRIEFS,
    PUBLIC,
    SITE,
    TABLE,
    edition_folder,
    list_numbers,
    read_edition,
)
from analysis.suite.editions.files import is_same
from analysis.suite.records import find_results, read_records
from analysis.suite.verification.verdict import Verdict, say_change, say_missing

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.suite.editions.edition import Edition
    from analysis.workspace import Workspace


def verify_edition(folder: Path, workspace: Workspace | None) -> Verdict:
    """Hold each file of an edition against the list of the edition.

    Parameters
    ----------
    folder : pathlib.Path
    workspace : Workspace or None
        Where an untouched copy of a changed file is looked for, to say what was changed in it.

    Returns
    -------
    Verdict

    Raises
    ------
    EditionError
        When the list cannot be read.
    """
    edition = read_edition(folder)
    found = []
    for path, note in edition.files.items():
        file = folder / path
        if not file.is_file():
            found.append(say_missing(path))
        elif not is_same(file, note.sha256):
            found.append(_say_altered(edition, path, file, workspace))
    if (folder / TABLE).is_file() and not is_same(folder / TABLE, edition.observations_sha256):
        found.append(f"'{TABLE}' is not the table that edition {edition.number} was made from.")
    known = set(edition.files)
    extra = sorted(
        p.relative_to(folder).as_posix()
        for room in (SITE, BRIEFS, PUBLIC)
        for p in (folder / room).rglob("*")
        if p.is_file() and p.relative_to(folder).as_posix() not in known
    )
    found += [
        f"'{path}' is in the edition and not on its list: somebody added it." for path in extra
    ]
    claims = {"data_sha256": edition.observations_sha256, "made": edition.made}
    name = f"edition {edition.number}"
    return Verdict(name, tuple(found), claims, "the list of the edition", len(edition.files))


def _say_altered(edition: Edition, path: str, file: Path, workspace: Workspace | None) -> str:
    """Name the place of a change where the run that made the file still holds its copy."""
    copy = find_copy(edition.files[path].sha256, path, workspace)
    if copy is None:
        return f"'{path}' was changed after edition {edition.number} was published."
    seal = seal_file(path, copy.read_bytes())
    return say_change(path, find_change(path, file.read_bytes(), seal))


def find_copy(sha256: str, path: str, workspace: Workspace | None) -> Path | None:
    """Find an untouched copy of a file of an edition, among editions and results of runs.

    Parameters
    ----------
    sha256 : str
        Hash of the file as it was published.
    path : str
        Path within the edition.
    workspace : Workspace or None

    Returns
    -------
    pathlib.Path or None
    """
    for folder in _copies(workspace):
        copy = folder / path
        if is_same(copy, sha256):
            return copy
    return None


def _copies(workspace: Workspace | None) -> list[Path]:
    if workspace is None:
        return []
    held = [find_results(workspace, record) for record in read_records(workspace)]
    editions = [edition_folder(workspace, n) for n in list_numbers(workspace)]
    return [*editions, *(folder for folder in held if folder is not None)]
