"""Files in an archive: the same bytes for the same files, on every machine and every day."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The first date that the format can hold: archives of the same files are the same archive.
FIRST_DATE = (1980, 1, 1, 0, 0, 0)
UNIX = 3


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Pack files.

    Parameters
    ----------
    files : mapping of str to bytes
        By path.

    Returns
    -------
    bytes
        A ZIP archive without a clock.

    Examples
    --------
    >>> pack_files({"a.txt": b"1"}) == pack_files({"a.txt": b"1"})
    True
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, FIRST_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Unix, so that a machine with Windows writes the same byte here.
            entry.create_system = UNIX
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return held.getvalue()
