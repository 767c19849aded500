"""What a scheduler of the system starts: the same words for cron, systemd and Task Scheduler."""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING

from analysis.suite.suite_file import SuiteError

if TYPE_CHECKING:
    from pathlib import Path

# Without the current folder on the path: a folder of the same name must not be run instead.
MODULE = ("-P", "-m", "analysis.cli")
# What is due is asked for: who is started too often, or too late, does the right thing.
DUE = ("schedule", "--due")
MARK_LENGTH = 8


def list_due_words() -> list[str]:
    """Give the words that start what is due, without the folder of the workspace."""
    return [sys.executable, *MODULE, *DUE]


def name_entry(root: Path) -> str:
    """Name the entry of a workspace: one machine may have several.

    Parameters
    ----------
    root : pathlib.Path

    Returns
    -------
    str
        The same for the same folder.

    Raises
    ------
    SuiteError
        When the path of the folder cannot stand on one line.
    """
    path = str(root)
    if not path.isprintable():
        msg = f"The path {path!r} has a sign that no scheduler can hold. Rename the folder."
        raise SuiteError(msg)
    return f"patokaz-{hashlib.sha256(path.encode()).hexdigest()[:MARK_LENGTH]}"
