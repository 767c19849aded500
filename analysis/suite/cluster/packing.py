"""Folders as one archive that has the same bytes for the same files, and back again."""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# A fixed date: the same files are the same archive.
NO_CLOCK = (1980, 1, 1, 0, 0, 0)


class PackError(ValueError):
    """An archive that is not what was sent, or that would write where nothing belongs."""


def pack_files(files: Mapping[str, Path]) -> bytes:
    """Put files into an archive.

    Parameters
    ----------
    files : mapping of str to pathlib.Path
        By path within the archive.

    Returns
    -------
    bytes
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, NO_CLOCK)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Unix, so that a machine with Windows writes the same bytes.
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name].read_bytes())
    return out.getvalue()


def hash_bytes(content: bytes) -> str:
    """Give the SHA-256 of an archive."""
    return hashlib.sha256(content).hexdigest()


def unpack_files(
    content: bytes, sha256: str, folder: Path, is_wanted: Callable[[str], bool]
) -> list[str]:
    """Take files out of an archive, once it has been held against its hash.

    Parameters
    ----------
    content : bytes
    sha256 : str
        As whoever packed it said.
    folder : pathlib.Path
        Where the files go; what stands there of the same names is replaced.
    is_wanted : callable
        Says of a path whether it belongs into such an archive.

    Returns
    -------
    list of str
        Their paths.

    Raises
    ------
    PackError
        When the archive is another one, or holds a path that leads elsewhere or does not belong
        there. Nothing is written then.
    """
    if hash_bytes(content) != sha256:
        msg = (
            f"An archive of the folder of the cluster has the SHA-256 {hash_bytes(content)}, "
            f"expected {sha256}: somebody changed it, or it was cut off. Remove it and run again."
        )
        raise PackError(msg)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for name in names:
            parts = PurePosixPath(name).parts
            leads_elsewhere = name.startswith("/") or ".." in parts or "\\" in name or ":" in name
            if leads_elsewhere or not is_wanted(name):
                msg = (
                    f"'{name}' does not belong into an archive of a run, so none of it is taken. "
                    f"Look who else writes into the folder of the cluster."
                )
                raise PackError(msg)
        for name in names:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("wb") as held:
                shutil.copyfileobj(source, held)
    return names
