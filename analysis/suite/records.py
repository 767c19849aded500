"""What is on record of each run: how it ended, what it read, what it gave."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from analysis.store.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.workspace import Workspace

MANIFEST = "manifest.json"
RESULTS = "results"
HISTORY = "runs.jsonl"
OK, FAILED = "ok", "failed"
WARM, ORDINARY = "warm", "ordinary"
Parts = tuple[tuple[str, str], ...]


class RecordError(ValueError):
    """A record that cannot be read."""


@dataclass(frozen=True, slots=True)
class Good:
    """The last attempt that succeeded; what it gave is published until another one does.

    Parameters
    ----------
    run_id : str
    ended : str
        ISO 8601, UTC.
    data_date : str
        Date of the newest source in it, as exact as the source says; blank where it has none.
    key : tuple of (str, str)
        The inputs, each as a hash.
    outputs : dict of str to str
        Path inside the folder of results, and SHA-256.
    folder : str
        Name of the folder of results. Each attempt has its own, so that writing the record is
        the one moment at which a run has new results.
    """

    run_id: str
    ended: str
    data_date: str
    key: Parts
    outputs: dict[str, str]
    folder: str = RESULTS


@dataclass(frozen=True, slots=True)
class Record:
    """The last attempt at a run.

    Parameters
    ----------
    name, notebook, area, language, edition, slug : str
        As in :class:`analysis.suite.plan.Run`.
    state : {"ok", "failed"}
    reason : str
        One sentence where it failed.
    cell : int or None
        Position of the failed cell in the kept notebook, from 0.
    attempts : int
        How often it was tried before it ended like this.
    began, ended : str
        ISO 8601, UTC.
    seconds, cpu_seconds : float
        Wall time, and CPU time of kernel and worker.
    peak_bytes : int
        Largest memory of the kernel; 0 where nothing could measure it.
    kernel : {"warm", "ordinary"}
    run_id : str
    seed : int
        What random numbers of the run begin with.
    key : tuple of (str, str)
        The inputs, each as a hash.
    parameters : dict
    reads : dict of str to list of str
        What was read of the public table: areas of each indicator, ``*`` for all.
    good : Good or None
        The last attempt that succeeded, this one or a former one.
    """

    name: str
    notebook: str
    area: str
    language: str
    edition: str
    slug: str
    state: str
    reason: str
    cell: int | None
    attempts: int
    began: str
    ended: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    kernel: str
    run_id: str
    seed: int
    key: Parts
    parameters: dict[str, Any]
    reads: dict[str, list[str]]
    good: Good | None


def read_record(folder: Path) -> Record | None:
    """Read the record of a run.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the run.

    Returns
    -------
    Record or None
        None where it never ended, or was recorded by a version that knew other fields.

    Raises
    ------
    RecordError
        When the file is no JSON.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as broken:
        msg = f"'{path}' is no JSON: {broken}. Remove it; the run is made again then."
        raise RecordError(msg) from None
    try:
        return _to_record(content)
    except (KeyError, TypeError):
        return None


def _to_record(content: dict[str, Any]) -> Record:
    good = content["good"]
    kept = None if good is None else Good(**{**good, "key": _to_parts(good["key"])})
    return Record(**{**content, "key": _to_parts(content["key"]), "good": kept})


def _to_parts(pairs: list[list[str]]) -> Parts:
    return tuple((name, value) for name, value in pairs)


def find_results(workspace: Workspace, record: Record) -> Path | None:
    """Find the folder of what the last good attempt gave.

    Parameters
    ----------
    workspace : Workspace
    record : Record

    Returns
    -------
    pathlib.Path or None
        None where no attempt was good.
    """
    if record.good is None:
        return None
    return workspace.runs / record.name / record.good.folder


def read_records(workspace: Workspace) -> list[Record]:
    """Read the records of all runs that ever ended.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    list of Record
        By name.
    """
    found = (read_record(path.parent) for path in workspace.runs.glob(f"*/*/{MANIFEST}"))
    return sorted((record for record in found if record), key=lambda record: record.name)


def write_record(workspace: Workspace, record: Record, folder: Path | None = None) -> None:
    """Put a run on record, whole or not at all, and add a line to the history.

    Parameters
    ----------
    workspace : Workspace
    record : Record
    folder : pathlib.Path, optional
        Another folder than that of the run: then it is no part of the history.
    """
    content = asdict(record)
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_atomically((folder or workspace.runs / record.name) / MANIFEST, text.encode("utf-8"))
    if folder is None:
        add_line(workspace.logs / HISTORY, {k: v for k, v in content.items() if k not in _LONG})


_LONG = frozenset({"reads", "good", "key"})


def add_line(path: Path, content: Mapping[str, Any]) -> None:
    """Add a line of JSON to a log.

    Parameters
    ----------
    path : pathlib.Path
        Made where it is not there.
    content : mapping
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(content, sort_keys=True, ensure_ascii=False) + "\n"
    # One write of a short line at the end of a file: several workers may do so at once.
    with path.open("ab") as file:
        file.write(line.encode("utf-8"))
