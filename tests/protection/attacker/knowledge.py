"""What an attacker knows: all published figures, and how they add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    Key = tuple[str, ...]
    Margins = Mapping[str, Sequence[Mapping[str, str]]]


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Every count that was ever spoken of, each version of it one unknown.

    ``figures`` is NaN where nobody printed one. ``rows @ counts == sums`` holds for the true
    counts; a row of ``is_sum`` is a total (1) less its parts (-1).
    """

    names: list[tuple[Key, int]]
    figures: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    rows: sparse.csr_array
    sums: np.ndarray
    is_sum: np.ndarray
    versions: list[dict[Key, int]]

    def look_up(self, key: Key, release: int = -1) -> int:
        """The unknown that a cell was in a release."""
        return self.versions[release][key]

    def with_known(self, values: Mapping[int, float]) -> Knowledge:
        """What somebody knows who knows some of the counts besides."""
        figures = self.figures.copy()
        for at, value in values.items():
            figures[at] = value
        return Knowledge(
            self.names,
            figures,
            self.lowest,
            self.highest,
            self.rows,
            self.sums,
            self.is_sum,
            self.versions,
        )


def gather(
    releases: Sequence[pd.DataFrame],
    margins: Margins,
    *,
    told: Sequence[Collection[Key]] | None = None,
    others: Sequence[tuple[Mapping[Key, float], float]] = (),
    least: float = 0.0,
) -> Knowledge:
    """Put all releases together.

    ``told[k]`` names the cells that release k revises, where the publisher says so; otherwise a
    cell is taken for revised when its own printed figure changes, or when every total printed
    both before and after that counts it has changed. ``others`` are sums that someone else
    printed, over the cells of the last release. ``least`` is what a withheld count is at the
    least (1 for whoever believes that zeros are always shown).
    """
    dimensions = list(margins)
    tree = _Tree(dimensions, margins)
    table = _Table(least)
    for number, release in enumerate(releases):
        printed = _read(release, dimensions)
        revised = set(told[number]) if told is not None else table.find_revised(printed, tree)
        table.enter(printed, revised)
        for total, parts in tree.find_sums(table.current):
            # A total that is not printed again speaks of its parts as they were.
            if total not in printed and table.has_been(parts):
                continue
            table.add_row({total: 1.0} | dict.fromkeys(parts, -1.0), 0.0, is_sum=True)
        table.close()
    for coefficients, amount in others:
        table.add_row(coefficients, amount, is_sum=False)
    return table.finish()


class _Tree:
    def __init__(self, dimensions: list[str], margins: Margins) -> None:
        self.ways: list[tuple[int, dict[str, list[str]], Mapping[str, str]]] = []
        for axis, dimension in enumerate(dimensions):
            for way in margins[dimension]:
                parts: dict[str, list[str]] = {}
                for part, total in way.items():
                    parts.setdefault(total, []).append(part)
                self.ways.append((axis, parts, way))

    def find_sums(self, there: Mapping[Key, int]) -> list[tuple[Key, list[Key]]]:
        found = []
        for key in list(there):
            for axis, parts, _ in self.ways:
                below = [(*key[:axis], part, *key[axis + 1 :]) for part in parts.get(key[axis], ())]
                # A part that nobody published counts persons all the same.
                if any(part in there for part in below):
                    found.append((key, below))
        return found

    def climb(self, key: Key) -> set[Key]:
        above, waiting = {key}, [key]
        while waiting:
            now = waiting.pop()
            for axis, _, way in self.ways:
                if now[axis] in way:
                    total = (*now[:axis], way[now[axis]], *now[axis + 1 :])
                    if total not in above:
                        above.add(total)
                        waiting.append(total)
        return above


class _Table:
    def __init__(self, least: float) -> None:
        self.least = least
        self.names: list[tuple[Key, int]] = []
        self.figures: list[float] = []
        self.lowest: list[float] = []
        self.current: dict[Key, int] = {}
        self.last: dict[Key, float] = {}
        self.rows: dict[tuple[tuple[int, float], ...], tuple[float, bool]] = {}
        self.versions: list[dict[Key, int]] = []

    def find_revised(self, printed: Mapping[Key, float], tree: _Tree) -> set[Key]:
        both = [
            key
            for key, value in printed.items()
            if not np.isnan(value) and not np.isnan(self.last.get(key, np.nan))
        ]
        changed = {key for key in both if printed[key] != self.last[key]}
        if not changed:
            return set()
        same = set(both) - changed
        blank = [key for key in self.current if key in printed and key not in same]
        loose = {key for key in blank if (up := tree.climb(key)) & changed and not up & same}
        return changed | loose

    def place(self, key: Key, *, anew: bool = False) -> int:
        if anew or key not in self.current:
            version = 1 + (self.names[self.current[key]][1] if key in self.current else -1)
            self.current[key] = len(self.names)
            self.names.append((key, version))
            self.figures.append(np.nan)
            self.lowest.append(0.0)
        return self.current[key]

    def enter(self, printed: Mapping[Key, float], revised: set[Key]) -> None:
        for key in revised & set(self.current):
            self.place(key, anew=True)
        for key, value in printed.items():
            at = self.place(key)
            if np.isnan(value):
                self.lowest[at] = self.least
                continue
            before = self.figures[at]
            if not np.isnan(before) and before != value:
                raise ValueError(
                    f"Cell {key} was printed as {before:g} and as {value:g}, and nobody said that "
                    "it was revised. Name it among the revised cells."
                )
            self.figures[at] = value
        self.last |= printed

    def add_row(self, row: Mapping[Key, float], total: float, *, is_sum: bool) -> None:
        places = (self.place(key) for key in row)
        line = tuple(sorted(zip(places, row.values(), strict=True)))
        self.rows[line] = (total, is_sum)

    def has_been(self, keys: list[Key]) -> bool:
        return bool(self.versions) and any(key in self.versions[-1] for key in keys)

    def close(self) -> None:
        self.versions.append(dict(self.current))

    def finish(self) -> Knowledge:
        entries = [(at, *entry) for at, line in enumerate(self.rows) for entry in line]
        at, cell, value = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(self.rows), len(self.names))
        # A figure that is printed is what it is, whatever else is believed of withheld ones.
        figures = np.array(self.figures, dtype=float)
        return Knowledge(
            self.names,
            figures,
            np.where(np.isnan(figures), self.lowest, 0.0),
            np.full(len(figures), np.inf),
            sparse.csr_array((value, (at, cell)), shape=shape, dtype=float),
            np.array([total for total, _ in self.rows.values()], dtype=float),
            np.array([is_sum for _, is_sum in self.rows.values()], dtype=bool),
            self.versions,
        )


def _read(release: pd.DataFrame, dimensions: list[str]) -> dict[Key, float]:
    keys = release[dimensions].itertuples(index=False, name=None)
    printed: dict[Key, float] = {}
    for key, value in zip(keys, release["count"].astype(float), strict=True):
        if key in printed and not (np.isnan(value) or np.isnan(printed[key])):
            if printed[key] != value:
                raise ValueError(
                    f"Cell {key} is printed as {printed[key]:g} and as {value:g} in one release. "
                    "Give one figure for it."
                )
        elif key in printed and np.isnan(value):
            continue
        printed[key] = value
    return printed
