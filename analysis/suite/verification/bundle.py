"""A bundle against the seals that travel with it, and its claims against the table they name."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from analysis.documents.seals.manifest import MANIFEST, Manifest, read_manifest
from analysis.documents.seals.seal import find_change
from analysis.store.files import OBSERVATIONS, read_table
from analysis.suite.editions.edition import TABLE, edition_folder, list_numbers
from analysis.suite.editions.files import is_same
from analysis.suite.verification.verdict import Verdict, VerifyError, say_change, say_missing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.workspace import Workspace

# A bundle is some megabytes; what unpacks to more than this is none of ours.
LARGEST = 512 * 2**20


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read an unpacked bundle.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    dict of str to bytes
        By path within the folder.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def read_bundle(path: Path) -> dict[str, bytes] | None:
    """Read a packed bundle.

    Parameters
    ----------
    path : pathlib.Path
        A ZIP archive.

    Returns
    -------
    dict of str to bytes or None
        None where the archive holds no seals: then it is a file like any other.

    Raises
    ------
    VerifyError
        When it is no archive, cannot be unpacked, or would unpack to far too much.
    """
    if not zipfile.is_zipfile(path):
        msg = f"'{path.name}' is no ZIP archive: it was cut off or changed. Fetch it again."
        raise VerifyError(msg)
    with zipfile.ZipFile(path) as archive:
        if MANIFEST not in archive.namelist():
            return None
        size = sum(entry.file_size for entry in archive.infolist())
        if size > LARGEST:
            msg = (
                f"'{path.name}' would unpack to {size:,} bytes; a bundle holds at most "
                f"{LARGEST:,}. It is none of ours: do not open it."
            )
            raise VerifyError(msg)
        try:
            return {e.filename: archive.read(e) for e in archive.infolist() if not e.is_dir()}
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as broken:
            msg = f"'{path.name}' cannot be unpacked ({broken}). Fetch it again."
            raise VerifyError(msg) from broken


def verify_bundle(name: str, held: Mapping[str, bytes], workspace: Workspace | None) -> Verdict:
    """Hold each file of a bundle against its seal.

    Parameters
    ----------
    name : str
    held : mapping of str to bytes
        With the seals.
    workspace : Workspace or None
        Where the table that the bundle names is looked up.

    Returns
    -------
    Verdict

    Raises
    ------
    ManifestError
        When the seals cannot be read.
    """
    manifest = read_manifest(held[MANIFEST])
    found = [say_missing(path) for path in manifest.files if path not in held]
    for path, seal in manifest.files.items():
        change = find_change(path, held[path], seal) if path in held else None
        found += [say_change(path, change)] if change else []
    found += [
        f"'{path}' is in the bundle and in no seal: somebody added it."
        for path in sorted(set(held) - set(manifest.files) - {MANIFEST})
    ]
    found += _check_claims(manifest, workspace)
    claims = dict(manifest.made_from)
    return Verdict(f"bundle {name}", tuple(found), claims, "its seals", len(manifest.files))


def _check_claims(manifest: Manifest, workspace: Workspace | None) -> list[str]:
    """Hold what a bundle claims against the table that it says it was made from."""
    table = _find_table(manifest.made_from.get("data_sha256", ""), workspace)
    if table is None:
        return []
    known = set(read_table(table)["observation_id"])
    unknown = [one for one in manifest.observations if one not in known]
    if not unknown:
        return []
    sentence = (
        f"The bundle claims {len(unknown)} observations that the table it names does not hold, "
        f"the first of them '{unknown[0]}'."
    )
    return [sentence]


def _find_table(sha256: str, workspace: Workspace | None) -> Path | None:
    if workspace is None or not sha256:
        return None
    folders = [edition_folder(workspace, n) for n in reversed(list_numbers(workspace))]
    tables = [workspace.public / OBSERVATIONS, *(folder / TABLE for folder in folders)]
    return next((t for t in tables if is_same(t, sha256)), None)
