"""What changed from one edition to another: as a page for a person, and for a program to read.

The report lies in the folder of its edition, beside the site and not in it: it is for the staff.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.store.files import read_table, write_atomically
from analysis.suite.editions.differences import Differences, find_differences
from analysis.suite.editions.differences_page import differences_html
from analysis.suite.editions.edition import TABLE, EditionError, edition_folder, read_edition
from analysis.suite.editions.gone import find_gone

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.suite.editions.edition import Edition
    from analysis.workspace import Workspace

PAGE, DATA = "differences.html", "differences.json"


def compare_editions(workspace: Workspace, before: int, after: int) -> Differences:
    """Compare the public tables of two editions.

    Parameters
    ----------
    workspace : Workspace
    before, after : int
        Their numbers.

    Returns
    -------
    Differences

    Raises
    ------
    EditionError
        When one of them is not kept, or has no table.
    """
    tables = []
    for number in (before, after):
        path = edition_folder(workspace, number) / TABLE
        if not path.is_file():
            msg = (
                f"The public table of edition {number} is not kept, so nothing can be compared "
                f"with it. `patokaz editions` lists those that are."
            )
            raise EditionError(msg)
        tables.append(read_table(path))
    one, other = (read_edition(edition_folder(workspace, n)) for n in (before, after))
    return replace(find_differences(*tables), gone=find_gone(one, other))


def write_differences(
    workspace: Workspace, folder: Path, former: Edition | None, edition: Edition
) -> Path | None:
    """Write what changed since the edition before into the folder of a new one.

    Parameters
    ----------
    workspace : Workspace
    folder : pathlib.Path
        Of the new edition; its public table lies in it.
    former : Edition or None
        What readers saw before.
    edition : Edition
        What the new one says of itself.

    Returns
    -------
    pathlib.Path or None
        The page; None where there is no table to compare with.
    """
    table = workspace.current / TABLE
    if former is None or not table.is_file():
        return None
    found = find_differences(read_table(table), read_table(folder / TABLE))
    found = replace(found, gone=find_gone(former, edition))
    said = {"before": former.number, **tell_differences(found)}
    text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
    write_atomically(folder / DATA, text.encode("utf-8"))
    write_atomically(folder / PAGE, differences_html(found).encode("utf-8"))
    return folder / PAGE


def tell_differences(found: Differences) -> dict[str, Any]:
    """Give a report of differences as a program reads it.

    Parameters
    ----------
    found : Differences

    Returns
    -------
    dict
        ``asks_for_a_look``, ``kinds`` by indicator, ``moved``, a record a figure, and ``gone``,
        names of runs.
    """
    return {
        "asks_for_a_look": found.asks_for_a_look,
        "kinds": found.kinds.to_dict("records"),
        "moved": found.moved.to_dict("records"),
        "gone": [run.name for run in found.gone],
    }
