"""Hashes of parts of the public table, to see whether what a run has read is still the same."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.sources.demonstration import is_demonstration
from analysis.store.changes import CHANGES
from analysis.store.files import OBSERVATIONS, SOURCES, read_table
from analysis.store.reads import EVERY, reads_everything

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.workspace import Workspace

# A new file gives its rows another snapshot and other lines. The figures are the same, and what
# was made of them: a number is traced through its id, which does not change either.
NOT_READ = ("snapshot_id", "line")


class Slices:
    """Hashes of the public table of a workspace, a series each.

    Parameters
    ----------
    workspace : Workspace
        Built.

    Examples
    --------
    >>> from analysis import find_workspace
    >>> slices = Slices(find_workspace())  # doctest: +SKIP
    >>> slices.hash_reads({"births_persons": ["MK"]})[:12]  # doctest: +SKIP
    '4f6f8a0c2b1d'
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def hash_reads(self, reads: Mapping[str, list[str]]) -> str:
        """Hash all that a run has read: its rows, and the sources that they name.

        A series that has no row counts as well: it may get one.

        Parameters
        ----------
        reads : mapping of str to list of str
            Areas of each indicator, as :func:`analysis.store.reads.gather_reads` gives them.

        Returns
        -------
        str
            Hexadecimal SHA-256.

        Raises
        ------
        StoreError
            When nothing has been built.
        """
        if reads_everything(reads):
            return self._whole
        said = hashlib.sha256(self._flag.encode())
        for indicator_id, areas in sorted(reads.items()):
            held = self._areas if indicator_id == EVERY else self._series.get(indicator_id, {})
            for area_id in sorted(areas):
                said.update(f"{indicator_id} {area_id} {held.get(area_id, '')}\n".encode())
        return said.hexdigest()

    @cached_property
    def _whole(self) -> str:
        public = self._workspace.public
        names = (OBSERVATIONS, SOURCES, CHANGES)
        held = [(public / name).read_bytes() for name in names if (public / name).is_file()]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in held)).hexdigest()

    @cached_property
    def _sources(self) -> pd.DataFrame:
        return read_table(self._workspace.public / SOURCES)

    @cached_property
    def _flag(self) -> str:
        # Figures that are synthetic say so on every page, whichever of them a page shows.
        return f"demonstration: {is_demonstration(self._sources['source_id'])}\n"

    @cached_property
    def _series(self) -> dict[str, dict[str, str]]:
        """Hash of the rows of each indicator and area."""
        told = {
            str(source["source_id"]): _digest([json.dumps(source, default=str, sort_keys=True)])
            for source in self._sources.to_dict("records")
        }
        frame = read_table(self._workspace.public / OBSERVATIONS)
        kept = frame.drop(columns=[name for name in NOT_READ if name in frame])
        lines: dict[str, dict[str, list[str]]] = {}
        columns = {str(name): column.tolist() for name, column in kept.items()}
        places = zip(columns["indicator_id"], columns["area_id"], columns["source_id"], strict=True)
        rows = zip(*columns.values(), strict=True)
        for (indicator_id, area_id, source_id), row in zip(places, rows, strict=True):
            said = f"{row!r} {told.get(source_id, '')}"
            lines.setdefault(indicator_id, {}).setdefault(area_id, []).append(said)
        return {
            indicator_id: {area_id: _digest(sorted(said)) for area_id, said in areas.items()}
            for indicator_id, areas in lines.items()
        }

    @cached_property
    def _areas(self) -> dict[str, str]:
        """Hash of which indicators have a row in each area, whatever it says."""
        held: dict[str, list[str]] = {}
        for indicator_id, areas in self._series.items():
            for area_id in areas:
                held.setdefault(area_id, []).append(indicator_id)
        return {area_id: _digest(sorted(names)) for area_id, names in held.items()}


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
