"""Where runs and their results are exchanged with a cluster: ``[cluster]`` of the suite file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.suite.suite_file import CLUSTER, SuiteError, read_table

if TYPE_CHECKING:
    from pathlib import Path

KEY = "folder"
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+")
HINT = "Write an address such as file:///shared/patokaz or s3://bucket/patokaz."


def read_folder(path: Path) -> str:
    """Read the address of the folder that all machines of a cluster reach.

    Parameters
    ----------
    path : pathlib.Path
        ``suite.toml``.

    Returns
    -------
    str
        As fsspec writes it; blank where none is set: then workers see the folders of the runner.

    Raises
    ------
    SuiteError
        When it is no address; the sentence names the line.
    """
    table = read_table(path, CLUSTER) if path.is_file() else None
    if table is None:
        return ""
    said = table.content.get(KEY, "")
    try:
        check_folder(said)
    except SuiteError as refused:
        raise table.refuse(KEY, refused) from None
    return str(said)


def check_folder(said: object) -> None:
    """Refuse what is no address of a folder.

    Parameters
    ----------
    said : object
        Blank where there is none.

    Raises
    ------
    SuiteError

    Examples
    --------
    >>> check_folder("s3://bucket/patokaz")
    """
    if said != "" and not (isinstance(said, str) and ADDRESS.fullmatch(said)):
        msg = f"{said!r} is no address of a folder. {HINT}"
        raise SuiteError(msg)
