"""Every table of whole numbers that fits; too plain to be wrong, and for small tables only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .knowledge import Knowledge

NEAR = 1e-6


class TooManyTablesError(ValueError):
    """More tables than can be listed."""


def list_tables(knowledge: Knowledge, most: int = 300_000) -> np.ndarray:
    """List all tables of whole counts, 0 or more, that fit everything: one in each row.

    One cell after the other is given every count that some equation leaves room for.
    """
    rows = knowledge.rows.toarray()
    figures = knowledge.figures
    tables = np.nan_to_num(figures)[None, :].copy()
    given = ~np.isnan(figures)
    while not given.all():
        cell, roof = _choose(knowledge, rows, tables, given)
        counts = [np.arange(np.ceil(knowledge.lowest[cell]), top + 1) for top in roof]
        sizes = np.array([len(options) for options in counts])
        if sizes.sum() > most:
            raise TooManyTablesError(f"There are more than {most} tables that may fit.")
        tables = np.repeat(tables, sizes, axis=0)
        tables[:, cell] = np.concatenate(counts) if counts else []
        given[cell] = True
        tables = tables[_may_fit(knowledge, rows, tables, given)]
    fitting: np.ndarray = tables[_may_fit(knowledge, rows, tables, given)]
    return fitting


def _choose(
    knowledge: Knowledge, rows: np.ndarray, tables: np.ndarray, given: np.ndarray
) -> tuple[int, np.ndarray]:
    """Take the cell with least room, and how far it may go in each table so far."""
    best: tuple[float, int, np.ndarray] | None = None
    for cell in np.flatnonzero(~given):
        roof = np.full(len(tables), knowledge.highest[cell])
        for row, right in zip(rows, knowledge.sums, strict=True):
            if row[cell] == 0:
                continue
            line = row * np.sign(row[cell])
            if (line[~given] < 0).any():
                continue
            left = np.sign(row[cell]) * right - tables[:, given] @ line[given]
            others = line[~given] @ knowledge.lowest[~given] - line[cell] * knowledge.lowest[cell]
            roof = np.minimum(roof, np.floor((left - others) / line[cell] + NEAR))
        size = float(np.sum(np.maximum(roof - knowledge.lowest[cell] + 1, 0)))
        if best is None or size < best[0]:
            best = (size, int(cell), np.maximum(roof, knowledge.lowest[cell] - 1))
    if best is None or not np.isfinite(best[0]):
        raise TooManyTablesError("No printed figure bounds the count of some cell.")
    return best[1], best[2]


def _may_fit(
    knowledge: Knowledge, rows: np.ndarray, tables: np.ndarray, given: np.ndarray
) -> np.ndarray:
    done = (rows[:, ~given] == 0).all(axis=1)
    off = tables[:, given] @ rows[done][:, given].T - knowledge.sums[done]
    fits: np.ndarray = (np.abs(off) < NEAR).all(axis=1)
    return fits
