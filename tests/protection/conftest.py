"""What the tests of disclosure control share: published answers, and a search through all tables.

The search tries every table of whole numbers. It is slow, and too plain to be wrong.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from analysis.protection.linked.tables import LinkedCells, link_cells

if TYPE_CHECKING:
    from collections.abc import Callable

CARRIED = Path(__file__).resolve().parents[1] / "oracles" / "methods"


@pytest.fixture(scope="session")
def oracle() -> Callable[[str], dict[str, Any]]:
    """Reads ``<id>.json``."""
    return lambda name: json.loads((CARRIED / f"{name}.json").read_text(encoding="utf-8"))


def add_margins(inner: Any) -> LinkedCells:
    """Cells of a table with two ways of adding up: inner cells row by row, totals last."""
    wide = np.asarray(inner, dtype=float)
    wide = np.vstack([wide, wide.sum(axis=0)])
    full = np.hstack([wide, wide.sum(axis=1, keepdims=True)])
    place = np.arange(full.size).reshape(full.shape)
    rows = []
    for line in [*place, *place.T]:
        row = np.zeros(full.size)
        row[line[:-1]], row[line[-1]] = -1, 1
        rows.append(row)
    return link_cells(full.ravel(), rows)


def search_tables(cells: LinkedCells, withheld: Any) -> np.ndarray:
    """Every table of whole numbers that fits what is published, one in each row."""
    hidden = np.flatnonzero(withheld)
    if not len(hidden):
        return cells.counts[None, :]
    equations = cells.equations.toarray()
    # A part is no larger than the smallest total that counts it; the totals here are published.
    held = [cells.counts[(equations[equations[:, cell] < 0] > 0).any(axis=0)] for cell in hidden]
    ranges = [np.arange(totals.min() + 1) for totals in held]
    figures = np.stack(np.meshgrid(*ranges, indexing="ij"), axis=-1).reshape(-1, len(hidden))
    tables = np.repeat(cells.counts[None, :], len(figures), axis=0)
    tables[:, hidden] = figures
    fits = np.abs(tables @ equations.T - cells.right_side).max(axis=1) < 1e-9
    return tables[fits]


@pytest.fixture(scope="session")
def two_way() -> Callable[[Any], LinkedCells]:
    return add_margins


@pytest.fixture(scope="session")
def every_table() -> Callable[[LinkedCells, Any], np.ndarray]:
    return search_tables
