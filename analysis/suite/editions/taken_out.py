"""Runs that somebody took out of the suite file: they leave the next edition, their record stays.

A note says which runs the suite file came to when an edition was last published. What it named
then and does not name now was taken out. Runs that the suite file never named, of places that
somebody asked for by hand, stay as they are.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.store.files import write_atomically
from analysis.suite.parameters import ParameterError
from analysis.suite.plan import plan_runs
from analysis.suite.suite_file import SuiteError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.suite.records import Record
    from analysis.workspace import Workspace

NOTE = "suite_names.json"


@dataclass(frozen=True, slots=True)
class Names:
    """Which runs the suite file comes to, and which were taken out of it.

    Parameters
    ----------
    planned : frozenset of str
        Names of runs.
    taken_out : mapping of str to str
        Name of a run, and since when it is out: ISO 8601, UTC.
    """

    planned: frozenset[str] = frozenset()
    taken_out: Mapping[str, str] = field(default_factory=dict)


def find_names(workspace: Workspace, wanted: Collection[str] = ()) -> Names:
    """Find which runs are out of the suite file now.

    Parameters
    ----------
    workspace : Workspace
    wanted : collection of str
        Names of runs that somebody has just asked for: they are shown, wherever they are named.

    Returns
    -------
    Names
        As was noted last where the suite file cannot be read: an error in it takes nothing out.
    """
    before = read_names(workspace)
    try:
        planned = frozenset(run.name for run in plan_runs(workspace))
    except (SuiteError, ParameterError, FileNotFoundError):
        return before
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    out = dict(before.taken_out) | dict.fromkeys(before.planned - planned, now)
    back = planned | set(wanted)
    return Names(planned, {name: out[name] for name in sorted(out) if name not in back})


def read_names(workspace: Workspace) -> Names:
    """Read what was noted when an edition was last published.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Names
        Empty before the first edition, or where the note is torn: then nothing counts as out.
    """
    try:
        said = json.loads((workspace.runs / NOTE).read_text(encoding="utf-8"))
        return Names(frozenset(said["planned"]), dict(said["taken_out"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Names()


def write_names(workspace: Workspace, names: Names) -> None:
    """Note which runs the suite file comes to, once readers see the edition without the others.

    Parameters
    ----------
    workspace : Workspace
    names : Names
    """
    if names == read_names(workspace):
        return
    content = tell_names(names)
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_atomically(workspace.runs / NOTE, text.encode("utf-8"))


def tell_names(names: Names) -> dict[str, Any]:
    """Give the note as a program reads it.

    Examples
    --------
    >>> tell_names(Names(frozenset({"b", "a"}), {"c": "2026-01-01T00:00:00+00:00"}))
    {'planned': ['a', 'b'], 'taken_out': {'c': '2026-01-01T00:00:00+00:00'}}
    """
    return {"planned": sorted(names.planned), "taken_out": dict(names.taken_out)}


def leave_out(records: Sequence[Record], names: Names) -> list[Record]:
    """Leave out the records of runs that were taken out of the suite file.

    Parameters
    ----------
    records : sequence of Record
    names : Names

    Returns
    -------
    list of Record
        Those that are published, in the same order.
    """
    return [record for record in records if record.name not in names.taken_out]
