"""One runner at a time: whoever comes second is told who works, and since when."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LENGTH = 4096
# Somebody who asks who works holds it for a moment too.
TRIES, PAUSE = 3, 0.05


class LockedError(RuntimeError):
    """Another runner is at work."""


@contextmanager
def hold_lock(path: Path, work: str) -> Iterator[None]:
    """Hold the lock of a workspace.

    The lock is the system's own and ends with the process, however that ends: nobody has to
    remove a file after a power cut. The file says who holds it, for people.

    Parameters
    ----------
    path : pathlib.Path
    work : str
        What is being done, for whoever comes second.

    Raises
    ------
    LockedError
        When another process holds it; the sentence says which, for what and since when.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _take_soon(handle):
            raise LockedError(_tell(os.read(handle, LENGTH)))
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        content = {"process": os.getpid(), "since": since, "work": work}
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps(content).encode())
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def read_holder(path: Path) -> dict[str, Any] | None:
    """Read who holds the lock.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    dict or None
        ``process``, ``since`` and ``work``; None where nobody works.
    """
    if not path.is_file():
        return None
    handle = os.open(path, os.O_RDWR)
    try:
        if _take(handle):
            return None
        return _read(os.read(handle, LENGTH))
    finally:
        os.close(handle)


def _take_soon(handle: int) -> bool:
    for _ in range(TRIES):
        if _take(handle):
            return True
        time.sleep(PAUSE)
    return False


def _take(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read(content: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(content)
    except ValueError:
        # Taken a moment ago: it has not been written yet.
        return {"process": "?", "since": "a moment ago", "work": "a run"}
    return found


def _tell(content: bytes) -> str:
    who = _read(content)
    return (
        f"Another runner is at work: process {who['process']} holds {who['work']} since "
        f"{who['since']}. Wait for its end, or stop it; nothing was started here."
    )
