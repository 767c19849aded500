"""Cells and sums of all editions as one system of equations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.edition.cells import CELL
from analysis.protection.edition.facts import HALVES
from analysis.protection.linked.tables import link_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.protection.edition.cells import EditionCells
    from analysis.protection.edition.sums import Sum
    from analysis.protection.linked.tables import LinkedCells

    BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LinkedEdition:
    """All that can be known of an edition, and what of it no row holds.

    Parameters
    ----------
    cells : LinkedCells
        The cells of :class:`~analysis.protection.edition.cells.EditionCells` in their order, and
        behind them what sums leave.
    table : pandas.DataFrame
        One row for each of them, the columns of a cell; a rest carries those of a part, turned to
        the other half where it is one.
    is_rest : numpy.ndarray of bool
        What sums leave: never published.
    """

    cells: LinkedCells
    table: pd.DataFrame
    is_rest: BoolArray


def link_edition(collected: EditionCells, sums: Sequence[Sum]) -> LinkedEdition:
    """Write every sum as an equation.

    Parameters
    ----------
    collected : EditionCells
    sums : sequence of Sum

    Returns
    -------
    LinkedEdition
    """
    from scipy import sparse

    held = len(collected.cells)
    rests = [found for found in sums if not found.is_closed]
    at = {id(found): held + number for number, found in enumerate(rests)}
    rows, columns, signs = [], [], []
    for number, found in enumerate(sums):
        members = [found.total, *found.parts, *([at[id(found)]] if id(found) in at else [])]
        rows += [number] * len(members)
        columns += members
        signs += [1.0] + [-1.0] * (len(members) - 1)
    size = held + len(rests)
    equations = sparse.csc_array((signs, (rows, columns)), shape=(len(sums), size))
    table = pd.concat([collected.cells, _name_rests(collected.cells, rests)], ignore_index=True)
    counts = table["count"].to_numpy(dtype=np.float64)
    # A balance can be negative, and then nothing is known of it beforehand.
    lowest = np.where(counts < 0, -np.inf, 0.0)
    cells = link_cells(counts, equations, lowest=lowest, names=_name(table))
    return LinkedEdition(cells, table, np.arange(size) >= held)


def _name_rests(cells: pd.DataFrame, rests: Sequence[Sum]) -> pd.DataFrame:
    # What is left is of the kind of the parts: a half beside a half, a place beside places.
    made = cells.iloc[[found.parts[0] for found in rests]].reset_index(drop=True)
    for dimension, (one, other) in HALVES.items():
        made[dimension] = made[dimension].replace({one: other, other: one})
    return made.assign(
        count=np.array([found.rest for found in rests], dtype=np.float64),
        is_public=False,
        is_current=False,
        is_named=np.array([found.is_named for found in rests], dtype=bool),
    )


def _name(table: pd.DataFrame) -> pd.Index:
    return pd.MultiIndex.from_frame(table[CELL])
