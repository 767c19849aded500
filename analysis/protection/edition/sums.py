"""The sums that everybody knows: halves and parts of a total, places of an area, spans of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.edition.cells import CELL
from analysis.protection.edition.facts import HALVES
from analysis.protection.edition.places import find_holders
from analysis.protection.edition.spans import find_spans
from analysis.protection.linked.solver import NEAR
from analysis.store.schema import DIMENSIONS, TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.catalog import Areas
    from analysis.protection.edition.cells import EditionCells

TABLE = ["edition", "source_id"]
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Sum:
    """A total, those of its parts that somebody counted, and what they leave.

    Parameters
    ----------
    total : int
        Cell.
    parts : tuple of int
        Cells.
    rest : float
        Total less parts; 0 or more.
    is_named : bool
        Whether the rest is one thing that has a name, such as the other half: then it is a count
        like any other, although no row holds it.
    is_closed : bool
        Whether everybody may take it that nothing is left.
    """

    total: int
    parts: tuple[int, ...]
    rest: float
    is_named: bool
    is_closed: bool


def find_sums(collected: EditionCells, areas: Areas) -> list[Sum]:
    """Find all sums among the cells of all editions.

    Parts are added up within one table, of one publisher. They are held against the total of that
    publisher, and where it printed none, against each total that others printed.

    Parameters
    ----------
    collected : EditionCells
    areas : Areas
        For the places that make up an area.

    Returns
    -------
    list of Sum
        Each once, in the order of their cells. Parts that exceed a total are none of its parts.
    """
    rows = collected.rows
    pairs = [_pair_splits(rows, dimension) for dimension in DIMENSIONS]
    pairs += [_pair_places(rows, areas), find_spans(rows, collected.cells)]
    whole = pd.concat(pairs, ignore_index=True)
    count = collected.cells["count"].to_numpy()
    found: dict[tuple[int, tuple[int, ...]], Sum] = {}
    for _, group in whole.groupby(["total", "group"], sort=True):
        parts = tuple(sorted(set(group["part"].tolist())))
        made = _close(int(group["total"].iloc[0]), parts, count, int(group["pieces"].iloc[0]))
        if made is not None:
            found.setdefault((made.total, made.parts), made)
    return list(found.values())


def _close(total: int, parts: tuple[int, ...], count: np.ndarray, pieces: int) -> Sum | None:
    """Close a sum; ``pieces`` is how many parts the whole has, 0 where nobody can say."""
    if total in parts:
        return None
    rest = float(count[total] - count[list(parts)].sum())
    if rest < -NEAR:
        return None
    rest = rest if rest > NEAR else 0.0
    is_named = pieces == len(parts) + 1
    # With a single part nobody can take it that there was nothing else.
    is_closed = rest == 0.0 and (pieces == len(parts) or len(parts) > 1)
    return Sum(total, parts, rest, is_named, is_closed)


def _pair_splits(rows: pd.DataFrame, dimension: str) -> pd.DataFrame:
    others = [name for name in CELL if name != dimension]
    halves = HALVES.get(dimension, ())
    split = rows.loc[rows[dimension].ne(TOTAL)]
    code = split[dimension]
    kind = code.str.split(":").str[0].where(code.str.contains(":"), OPEN)
    split = split.assign(kind=kind.mask(code.isin(halves), "half"))
    split["pieces"] = np.where(split["kind"].eq("half"), len(halves), 0)
    totals = rows.loc[rows[dimension].eq(TOTAL)]
    return _join(split, totals, others, ["kind"], dimension)


def _pair_places(rows: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    holders = find_holders(areas)
    others = [name for name in CELL if name != "area_id"]
    inside = rows.merge(holders, on="area_id")
    inside = inside.assign(kind=inside["holder"] + " " + inside["level"])
    totals = rows.rename(columns={"area_id": "holder"})
    return _join(inside, totals, [*others, "holder"], ["kind"], "area_id")


def _join(
    parts: pd.DataFrame, totals: pd.DataFrame, on: list[str], kind: list[str], name: str
) -> pd.DataFrame:
    """Pair parts with the totals of their publisher, or with those of all others."""
    own = parts.merge(totals[[*on, *TABLE, "cell"]], on=[*on, *TABLE], suffixes=("", "_total"))
    has_own = pd.MultiIndex.from_frame(parts[[*on, *TABLE]]).isin(
        pd.MultiIndex.from_frame(own[[*on, *TABLE]])
    )
    least = totals[[*on, "edition", "cell"]].drop_duplicates()
    lent = parts.loc[~has_own].merge(least, on=[*on, "edition"], suffixes=("", "_total"))
    both = pd.concat([own, lent], ignore_index=True)
    return name_groups(both, name, [*on, *TABLE, *kind])


def name_groups(pairs: pd.DataFrame, name: str, keys: Iterable[str]) -> pd.DataFrame:
    """Give each group of parts a name, so that the same total can be split in several ways."""
    group = pairs.groupby(list(keys), sort=False).ngroup()
    return pd.DataFrame(
        {
            "total": pairs["cell_total"].astype(int),
            "part": pairs["cell"].astype(int),
            "group": name + group.astype(str),
            "pieces": pairs["pieces"].astype(int),
        }
    )
