"""What moved from one public table to the next, and what moved more than its indicator does.

Counts are compared on the scale of twice their square root, where a count that is left to chance
varies by about one however large it is. How far an indicator usually moves is read from the former
table: the changes from one period to the next in all areas, by their median and their median
deviation, which a few wild ones cannot shift. Withheld numbers take no part: a change from or to
one is a change of state only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.assessment.jumps import is_jump
from analysis.methods import Result
from analysis.store.changes import KINDS, SAME, compare_builds

if TYPE_CHECKING:
    import numpy.typing as npt

    from analysis.suite.editions.edition import PublishedRun

SERIES = tuple(name for name in SAME if name not in {"period_start", "period_end"})
# What one indicator is, whichever area and period it is of.
KIND_OF = tuple(name for name in SERIES if name not in {"area_id", "source_id"})
# Normal noise is beyond this about once in two thousand times.
FAR = 3.5
# A median deviation, as the standard deviation that it would be without wild values.
DEVIATION = 1.4826
# Two counts left to chance differ by this much on the scale of twice the square root.
CHANCE = np.sqrt(2.0)
# Of a rate or share without a history: a tenth of its usual size.
PART = 0.1
FEWEST = 8
NUMBERED = ("value", "zero")
COLUMNS = (*SAME, "kind", "before", "after", "score")


@dataclass(frozen=True)
class Differences:
    """What changed, and what of it a person should look at.

    Parameters
    ----------
    kinds : pandas.DataFrame
        ``indicator_id`` and a count of rows for each kind of change.
    moved : pandas.DataFrame
        Figures that moved more than expected, farthest first, with ``before``, ``after`` and
        ``score``: how many usual deviations the move lies from the usual one.
    gone : tuple of PublishedRun
        What the former edition showed and the new one does not.
    """

    kinds: pd.DataFrame
    moved: pd.DataFrame
    gone: tuple[PublishedRun, ...] = ()

    @property
    def asks_for_a_look(self) -> bool:
        """Whether anything moved more than expected, or went."""
        return not self.moved.empty or bool(self.kinds["withdrawn"].sum()) or bool(self.gone)


def find_differences(before: pd.DataFrame, after: pd.DataFrame) -> Differences:
    """Find what changed from one public table to the next.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Protected observations. Neither is changed.

    Returns
    -------
    Differences

    Raises
    ------
    ChangeError
        When a table is not protected, or has a figure twice.
    """
    changes = compare_builds(before, after)
    return Differences(_count_kinds(changes), _find_moved(changes, before, after))


def _count_kinds(changes: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(changes["indicator_id"], changes["kind"])
    counts = counts.reindex(columns=list(KINDS), fill_value=0).astype(int)
    return counts.rename_axis(columns=None).reset_index()


def _find_moved(changes: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    usual = _usual_moves(before)
    moves = pd.concat([_revisions(changes), _continuations(changes, before, after)])
    if moves.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    known = moves.merge(usual, on=list(KIND_OF), how="left")
    is_count = known["is_count"].to_numpy(bool)
    move = _scale(known["after"], is_count) - _scale(known["before"], is_count)
    # A revision is expected to move nothing; a new period as former periods did.
    centre = np.where(known["kind"].eq("new"), known["median"].fillna(0.0), 0.0)
    least = np.where(is_count, CHANCE, PART * known["before"].abs().clip(lower=PART))
    spread = np.fmax(known["spread"].to_numpy(float), least)
    known = known.assign(score=np.round((move - centre) / spread, 1))
    far = known["score"].abs().gt(FAR) | _jumps(known)
    found = known.loc[far, list(COLUMNS)]
    order = found["score"].abs().sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _revisions(changes: pd.DataFrame) -> pd.DataFrame:
    """Take the figures whose number is another one now."""
    revised = changes.loc[changes["kind"].isin(["revised", "method", "boundary", "state"])]
    revised = revised.loc[revised["before_value"].notna() & revised["after_value"].notna()]
    return revised.rename(columns={"before_value": "before", "after_value": "after"})[
        [*SAME, "kind", "before", "after"]
    ].assign(is_count=_counts(revised))


def _continuations(
    changes: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame
) -> pd.DataFrame:
    """Take the figures of new periods, each with the one before it in its series."""
    new = changes.loc[changes["kind"].eq("new") & changes["after_value"].notna()]
    had = before[list(SERIES)].drop_duplicates()
    new = new.merge(had, on=list(SERIES))
    pairs = _pairs(after)
    found = new[[*SAME, "kind"]].merge(pairs, on=list(SAME))
    return found[[*SAME, "kind", "before", "after", "is_count"]]


def _pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Pair each figure with the one of the period before, within its series."""
    shown = table.loc[table["state"].isin(NUMBERED) & table["value"].notna()]
    shown = shown.sort_values([*SERIES, "period_start", "period_end"])
    return shown.assign(
        before=shown.groupby(list(SERIES), sort=False)["value"].shift(),
        after=shown["value"],
        is_count=_counts(shown),
    ).dropna(subset=["before"])


def _usual_moves(table: pd.DataFrame) -> pd.DataFrame:
    """Give median and spread of the moves of each indicator; none where it has too few."""
    pairs = _pairs(table)
    is_count = pairs["is_count"].to_numpy(bool)
    pairs = pairs.assign(move=_scale(pairs["after"], is_count) - _scale(pairs["before"], is_count))
    found = pairs.groupby(list(KIND_OF))["move"].agg(["median", _deviation, "size"]).reset_index()
    found = found.loc[found["size"].ge(FEWEST)]
    return found.rename(columns={"_deviation": "spread"})[[*KIND_OF, "median", "spread"]]


def _deviation(moves: pd.Series) -> float:
    return float(DEVIATION * (moves - moves.median()).abs().median())


def _counts(table: pd.DataFrame) -> pd.Series:
    return table["indicator_id"].str.endswith("_persons")


def _scale(values: pd.Series, is_count: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    plain = values.to_numpy(float)
    # Net migration is below zero at times: the sign stays.
    roots = 2 * np.sign(plain) * np.sqrt(np.abs(plain))
    return np.where(is_count, roots, plain)


def _jumps(moves: pd.DataFrame) -> pd.Series:
    """Tell jumps of coverage as the readings do, however restless the indicator is."""
    found = [
        bool(count) and is_jump(_result(low), _result(high))
        for count, low, high in zip(moves["is_count"], moves["before"], moves["after"], strict=True)
    ]
    return pd.Series(found, index=moves.index, dtype=bool)


def _result(value: float) -> Result:
    return Result(state="value" if value else "zero", value=float(value), unit="persons")
