"""What a run reads of the public table, so that only the runs that read a figure depend on it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = "PATOKAZ_READS"
# In place of an indicator, or of an area: any of them.
EVERY = "*"
Reads = dict[str, list[str]]


class Reader:
    """Notes which series are read, each once.

    The notebook is read in a kernel, and its page is written by the process that started the
    kernel. Both append to the same file, a line a series, so that nothing is lost however a
    process ends.

    Parameters
    ----------
    path : pathlib.Path, optional
        Where to note; nowhere otherwise.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._seen: set[tuple[str, str]] = set()

    def note(self, indicator_id: str, area_id: str) -> None:
        """Note that a series is read.

        Parameters
        ----------
        indicator_id, area_id : str
            ``*`` for all of them.
        """
        if self._path is None or (indicator_id, area_id) in self._seen:
            return
        self._seen.add((indicator_id, area_id))
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{indicator_id}\t{area_id}\n")


def open_reader() -> Reader:
    """Open the reader of this process: it notes where ``PATOKAZ_READS`` says.

    Returns
    -------
    Reader
    """
    named = os.environ.get(VARIABLE, "")
    return Reader(Path(named) if named else None)


@contextmanager
def note_reads(path: Path) -> Iterator[None]:
    """Let this process note what it reads while the context lasts.

    Parameters
    ----------
    path : pathlib.Path
        A file, which may hold what a kernel noted before.
    """
    former = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(path)
    try:
        yield
    finally:
        if former is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = former


def gather_reads(path: Path) -> Reads:
    """Gather what was noted.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    dict of str to list of str
        Areas of each indicator, sorted; ``*`` stands for all. Nothing noted is an empty one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "reads"
    ...     reader = Reader(path)
    ...     reader.note("births_persons", "MK")
    ...     gather_reads(path)
    {'births_persons': ['MK']}
    """
    if not path.is_file():
        return {}
    pairs = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    found: dict[str, set[str]] = {}
    for indicator_id, area_id in pairs:
        found.setdefault(indicator_id, set()).add(area_id)
    return {name: sorted(found[name]) for name in sorted(found)}


def reads_everything(reads: Mapping[str, list[str]]) -> bool:
    """Say whether a run depends on every figure.

    Parameters
    ----------
    reads : mapping
        As :func:`gather_reads` gives them.

    Returns
    -------
    bool
    """
    return EVERY in reads.get(EVERY, ())
