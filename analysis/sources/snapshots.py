"""Downloads as received: each kept once, with a sidecar, found again by name and date."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from analysis.sources.protocol import SourceError

if TYPE_CHECKING:
    from datetime import date

    from analysis.sources.protocol import About, Received
    from analysis.workspace import Workspace

INDEX = "index.jsonl"
REFUSED = "refused"
DIGITS = 12
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")

State = Literal["new", "revised", "unchanged"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a file as received lies now, and whether its bytes are others than before."""

    path: Path
    state: State
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file as received that is in use.

    Parameters
    ----------
    path : pathlib.Path
    name : str
        File name that the connector gave, without the hash.
    sha256 : str
    sidecar : dict
        Title, producer, citation, address, dates, licence, hash and size.
    """

    path: Path
    name: str
    sha256: str
    sidecar: dict[str, object]


def keep(workspace: Workspace, about: About, received: Received, today: date) -> Kept:
    """Keep a file as received, next to all former ones.

    Parameters
    ----------
    workspace : Workspace
    about : About
    received : Received
    today : datetime.date

    Returns
    -------
    Kept
        ``new`` for the first file of its name, ``revised`` where the bytes differ from those in
        use, ``unchanged`` otherwise.

    Raises
    ------
    SourceError
        When the file name is none, the folder cannot be written, or a snapshot is damaged.
    """
    folder = _folder(workspace, about.source_id)
    digest = _digest(received.content)
    path = folder / _stored_name(received.name, digest)
    former = _newest(folder).get(received.name)
    if path.is_file():
        _check_bytes(path, digest)
    else:
        # The sidecar goes first: a file is never there without saying whence it came.
        _write(_sidecar_path(path), _pretty(_sidecar(about, received, digest, today)))
        _write(path, received.content)
    state: State = "new" if former is None else "revised"
    if former is not None and former["sha256"] == digest:
        state = "unchanged"
    entry = {
        "date_accessed": today.isoformat(),
        "file": path.name,
        "name": received.name,
        "sha256": digest,
        "state": state,
    }
    _append(folder / INDEX, entry)
    return Kept(path, state, digest)


def keep_aside(
    workspace: Workspace, about: About, received: Received, today: date, reason: str
) -> Path:
    """Keep a file that was refused, for somebody to look at; it is never taken into use.

    ``reason`` is the sentence that says why, for the sidecar; else as :func:`keep`.
    """
    digest = _digest(received.content)
    folder = _folder(workspace, about.source_id) / REFUSED
    path = folder / _stored_name(received.name, digest)
    if not path.is_file():
        facts = {**_sidecar(about, received, digest, today), "refused": reason}
        _write(_sidecar_path(path), _pretty(facts))
        _write(path, received.content)
    return path


def latest(workspace: Workspace, source_id: str) -> list[Snapshot]:
    """List the files of a source that are in use: the newest of each name.

    Parameters
    ----------
    workspace : Workspace
    source_id : str

    Returns
    -------
    list of Snapshot
        By name; empty where nothing was fetched yet.

    Raises
    ------
    SourceError
        When a snapshot or its sidecar is missing or damaged, or the index cannot be read.
    """
    folder = _folder(workspace, source_id)
    if not (folder / INDEX).is_file() and any(folder.glob("*.json")):
        msg = (
            f"'{folder}' holds snapshots and no {INDEX}, so which is newest is unknown. Bring the "
            f"index back with the folder, or empty the folder and fetch again."
        )
        raise SourceError(msg)
    found = []
    for name, entry in sorted(_newest(folder).items()):
        path = folder / entry["file"]
        _check_bytes(path, entry["sha256"])
        found.append(Snapshot(path, name, entry["sha256"], _read_sidecar(path)))
    return found


def _folder(workspace: Workspace, source_id: str) -> Path:
    _check_name(source_id)
    return workspace.snapshots / source_id


def _check_name(name: str) -> None:
    if not FILE_NAME.fullmatch(name) or name == INDEX:
        msg = (
            f"'{name}' cannot be the name of a snapshot. Expected Latin letters, digits, '.', "
            f"'_' and '-', beginning with a letter or digit. Correct the connector."
        )
        raise SourceError(msg)


def _stored_name(name: str, digest: str) -> str:
    _check_name(name)
    plain = Path(name)
    return f"{plain.stem}.{digest[:DIGITS]}{plain.suffix}"


def _sidecar_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _sidecar(about: About, received: Received, digest: str, today: date) -> dict[str, object]:
    return {
        "title": received.title,
        "producer": about.publisher,
        "citation": about.citation,
        "address": received.address,
        "date_published": received.published,
        "date_accessed": today.isoformat(),
        "licence": about.licence,
        "licence_address": about.licence_address,
        "sha256": digest,
        "size": len(received.content),
        "media_type": received.media_type,
        "name": received.name,
    }


def _newest(folder: Path) -> dict[str, dict[str, str]]:
    index = folder / INDEX
    if not index.is_file():
        return {}
    newest: dict[str, dict[str, str]] = {}
    for number, line in enumerate(index.read_text(encoding="utf-8").splitlines(), start=1):
        entry = _entry(index, number, line)
        held = newest.get(entry["name"])
        # The same day twice: what was written later is newer.
        if held is None or entry["date_accessed"] >= held["date_accessed"]:
            newest[entry["name"]] = entry
    return newest


def _entry(index: Path, number: int, line: str) -> dict[str, str]:
    try:
        entry = json.loads(line)
        # The file is built from parts that are checked: an index names nothing outside its folder.
        file = _stored_name(entry["name"], entry["sha256"])
        return {
            "name": str(entry["name"]),
            "sha256": str(entry["sha256"]),
            "date_accessed": str(entry["date_accessed"]),
            "file": file,
        }
    except (ValueError, KeyError, TypeError):
        msg = (
            f"Line {number} of '{index}' cannot be read: {line[:60]!r}. Expected JSON with name, "
            f"sha256 and date_accessed. Remove the line; the snapshots before it stay."
        )
        raise SourceError(msg) from None


def _read_sidecar(path: Path) -> dict[str, object]:
    sidecar = _sidecar_path(path)
    try:
        facts = json.loads(sidecar.read_text(encoding="utf-8"))
    except (OSError, ValueError) as broken:
        msg = (
            f"'{sidecar}' cannot be read ({broken}). A snapshot without its origin is not used: "
            f"bring the sidecar back, or fetch the source again into an empty folder."
        )
        raise SourceError(msg) from None
    return dict(facts)


def _check_bytes(path: Path, digest: str) -> None:
    came = _digest(path.read_bytes()) if path.is_file() else "nothing"
    if came != digest:
        msg = (
            f"'{path}' is damaged: its SHA-256 is {came}, expected {digest}. Move it away and "
            f"fetch the source again; a snapshot is never overwritten."
        )
        raise SourceError(msg)


def _append(index: Path, entry: dict[str, str]) -> None:
    line = json.dumps(entry, sort_keys=True) + "\n"
    try:
        # One write of one line: two commands at once do not mix their lines.
        handle = os.open(index, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, line.encode("utf-8"))
        finally:
            os.close(handle)
    except OSError as refused:
        raise _unwritable(index, refused) from None


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            # mkstemp lets only its owner read; dashboards may run as somebody else.
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as refused:
        raise _unwritable(path, refused) from None


def _unwritable(path: Path, refused: OSError) -> SourceError:
    return SourceError(
        f"'{path}' could not be written ({refused}). Choose a workspace that can be written."
    )


def _pretty(facts: dict[str, object]) -> bytes:
    return (json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
