"""Attempts that began and of which nobody knows the end: whoever made them was lost.

A note in the folder of a run has a line for each attempt that began. It is removed as soon as the
run is on record, so that a note that is still there tells of a loss, and how often it was tried.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BEGUN = ".begun"


def note_begin(folder: Path) -> None:
    """Note that an attempt at a run begins.

    Parameters
    ----------
    folder : pathlib.Path
        Of the run.
    """
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with (folder / BEGUN).open("a", encoding="ascii") as file:
        file.write(f"{now}\n")


def read_begun(folder: Path) -> list[str]:
    """Read when attempts at a run began of which nobody knows the end.

    Parameters
    ----------
    folder : pathlib.Path
        Of the run.

    Returns
    -------
    list of str
        ISO 8601, UTC; empty where the run is on record, or never began.
    """
    try:
        return (folder / BEGUN).read_text(encoding="ascii").split()
    except OSError:
        # There is none, or a folder that cannot be read: whoever writes into it says so.
        return []


def forget_begun(folder: Path) -> None:
    """Remove the note of attempts: the run is on record, or another suite begins.

    Parameters
    ----------
    folder : pathlib.Path
        Of the run.
    """
    (folder / BEGUN).unlink(missing_ok=True)
