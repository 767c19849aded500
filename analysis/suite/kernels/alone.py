"""Whether a process may be forked: it has one thread."""

from __future__ import annotations

from pathlib import Path

THREADS = Path("/proc/self/task")


class NotAloneError(RuntimeError):
    """The process has more than one thread and must not be forked."""


def assert_alone() -> None:
    """See that this process has one thread.

    Raises
    ------
    NotAloneError
        When it has more: a fork would hold their locks for ever.
    """
    count = len(list(THREADS.iterdir()))
    if count != 1:
        msg = f"it has {count} threads where 1 may be"
        raise NotAloneError(msg)
