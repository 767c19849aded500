"""Where readers report an error: ``[contact]`` of the suite file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.suite.suite_file import CONTACT, read_table

if TYPE_CHECKING:
    from pathlib import Path

KEY = "errors_to"
ADDRESS = re.compile(r"[^@\s:/]+@[^@\s:/]+\.[^@\s:/]+|https?://[^\s]+")


def read_contact(path: Path) -> str:
    """Read where readers report errors of the pages.

    Parameters
    ----------
    path : pathlib.Path
        ``suite.toml``.

    Returns
    -------
    str
        An e-mail address or the address of a page; blank where none is set.

    Raises
    ------
    SuiteError
        When it is neither; the sentence names the line.
    """
    table = read_table(path, CONTACT) if path.is_file() else None
    if table is None:
        return ""
    said = table.content.get(KEY, "")
    if not isinstance(said, str) or (said and not ADDRESS.fullmatch(said)):
        why = (
            f"'{said}' is no address. Write an e-mail address such as data@example.org, or the "
            f"address of a page that begins with https://."
        )
        raise table.refuse(KEY, why)
    return said
