"""Which small counts are not safe; worked out exactly, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .enumeration import TooManyTablesError, list_tables
from .intervals import narrow
from .persons import find_persons
from .policy_check import is_safe, is_small

if TYPE_CHECKING:
    from .knowledge import Knowledge

COLUMNS = ["cell", "version", "true", "low", "high", "knows"]


def find_breaches(
    knowledge: Knowledge,
    true: np.ndarray,
    threshold: np.ndarray | float,
    *,
    persons: bool = True,
    plain: int = 0,
) -> pd.DataFrame:
    """List each small count that is not safe, with what the attacker derives.

    ``plain`` lists all tables, up to that many, instead of solving programmes. ``knows`` is the
    cell that an insider is alone in.
    """
    limits = np.broadcast_to(np.asarray(threshold, dtype=float), true.shape)
    small = is_small(true, limits)
    asked = np.flatnonzero(small & np.isnan(knowledge.figures))
    printed = np.flatnonzero(small & ~np.isnan(knowledge.figures))
    found: list[tuple[object, ...]] = [
        (*knowledge.names[cell], true[cell], true[cell], true[cell], None)
        for cell in printed.tolist()
    ]
    tables = list_tables(knowledge, plain) if plain else None
    low, high = _bound(knowledge, asked, tables)
    wrong = ~is_safe(true[asked], low, high, limits[asked])
    found += _describe(knowledge, true, asked[wrong], low[wrong], high[wrong], None)
    for person in find_persons(knowledge, true) if persons else []:
        rest = np.setdiff1d(asked, person.alone)
        own = dict.fromkeys(person.alone.tolist(), 1.0)
        known = None
        if tables is not None:
            known = tables[(tables[:, person.alone] == 1).all(axis=1)]
        low, high = _bound(knowledge.with_known(own), rest, known)
        counted = np.isin(rest, person.counted).astype(float)
        wrong = ~is_safe(true[rest], low, high, limits[rest], counted)
        knows = knowledge.names[person.alone[0]]
        found += _describe(knowledge, true, rest[wrong], low[wrong], high[wrong], knows)
    return pd.DataFrame(found, columns=COLUMNS)


def _bound(
    knowledge: Knowledge, asked: np.ndarray, tables: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    if tables is None:
        low, high = narrow(knowledge, asked)
        return low[asked], high[asked]
    if not len(tables):
        raise TooManyTablesError("No table fits, not even the true one.")
    return tables[:, asked].min(axis=0), tables[:, asked].max(axis=0)


def _describe(
    knowledge: Knowledge,
    true: np.ndarray,
    cells: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    knows: object,
) -> list[tuple[object, ...]]:
    return [
        (*knowledge.names[cell], true[cell], at_least, at_most, knows)
        for cell, at_least, at_most in zip(cells.tolist(), low, high, strict=True)
    ]
