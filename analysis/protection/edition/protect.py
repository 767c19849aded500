"""A whole edition: what the policy withholds, what else must go, and the proof that it suffices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.protection.edition.audit import TOLD, audit_edition
from analysis.protection.edition.cells import NO_CELL, collect_cells
from analysis.protection.edition.derived import find_derived, find_small_parts
from analysis.protection.edition.facts import find_facts
from analysis.protection.edition.layers import find_breakdowns, place_movements
from analysis.protection.edition.linking import link_edition
from analysis.protection.edition.marks import mark_cells
from analysis.protection.edition.rows import add_cells, blank_rows, judge_rows
from analysis.protection.edition.search import Choice, search_pattern, weigh_edition
from analysis.protection.edition.sums import find_sums
from analysis.protection.linked.judge import EXPOSED
from analysis.protection.reasons import DERIVED, SMALL
from analysis.store.schema import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from analysis.catalog import Areas, Indicators
    from analysis.protection.edition.cells import EditionCells
    from analysis.protection.edition.linking import LinkedEdition
    from analysis.protection.edition.marks import Marks
    from analysis.protection.ledger.editions import FormerEdition
    from analysis.protection.policy import Policy

    BoolArray = NDArray[np.bool_]

SERIES = ["indicator_id", "area_id", *DIMENSIONS]


@dataclass(frozen=True, eq=False)
class ProtectedEdition:
    """An edition of which every small count is out of reach, or which says what is not.

    Parameters
    ----------
    observations : pandas.DataFrame
        The rows as built, in their order, with a column ``reason``; what is withheld has the
        state ``suppressed`` and no number.
    reasons : pandas.Series of str
        Why each row is withheld, in the words of its keepers; blank where it is shown. Restricted:
        they say which counts are small.
    linked : LinkedEdition
        Cells and equations of this edition and of all former ones.
    marks : Marks
    hidden : numpy.ndarray of bool
        Cells that are not published.
    audit : pandas.DataFrame
        The verdict on each small count. It holds secrets.
    place : numpy.ndarray of int
        Cell of each row, or -1.
    """

    observations: pd.DataFrame
    reasons: pd.Series[str]
    linked: LinkedEdition
    marks: Marks
    hidden: BoolArray
    audit: pd.DataFrame
    place: NDArray[np.int64]

    @property
    def withheld(self) -> pd.Series[bool]:
        """Which rows are not published."""
        return self.reasons.ne("")

    @property
    def exposed(self) -> pd.DataFrame:
        """The small counts that an attacker would get too near to: their cells, without values."""
        return self._list(EXPOSED)

    @property
    def told(self) -> pd.DataFrame:
        """Small counts that follow from what is public anyway, although all beneath is withheld."""
        return self._list(TOLD)

    def _list(self, state: str) -> pd.DataFrame:
        found = self.audit.loc[self.audit["state"].eq(state), "cell"].to_numpy(dtype=int)
        return self.linked.table.iloc[found].drop(columns="count")


@dataclass(frozen=True, slots=True)
class Rules:
    """What every step asks: the catalogues and the policy."""

    areas: Areas
    indicators: Indicators
    policy: Policy


def protect_edition(
    observations: pd.DataFrame,
    rules: Rules,
    *,
    former: Sequence[FormerEdition] = (),
    also: Collection[str] = (),
    reckon_with_former: bool = True,
) -> ProtectedEdition:
    """Protect an edition, and let an attacker try what is left.

    Parameters
    ----------
    observations : pandas.DataFrame
        As built, with true values. It is not changed.
    rules : Rules
    former : sequence of FormerEdition
        All former releases, oldest first.
    also : collection of str
        Ids of observations that are withheld besides, by an accepted remedy.
    reckon_with_former : bool
        Whether what else to withhold is chosen with the former releases in view. Without it
        only the audit sees them.

    Returns
    -------
    ProtectedEdition

    Raises
    ------
    ValueError
        When a row has an area or an indicator that the catalogues do not hold.
    SolverError
        When a program is not solved: nothing may then be published.
    """
    facts = find_facts(observations, rules.areas, rules.indicators, rules.policy)
    told = [
        (
            past.number,
            past.observations,
            find_facts(past.observations, rules.areas, rules.indicators, rules.policy),
        )
        for past in former
    ]
    asked = observations["observation_id"].isin(list(also)).to_numpy()
    reasons = judge_rows(observations, facts, asked)
    few = find_small_parts(observations, facts, rules.policy)
    reasons = reasons.mask(few & reasons.eq(""), SMALL)
    collected = collect_cells(observations, facts, told)
    linked, marks = _link(collected, rules)
    base = _find_base(collected, linked, marks, reasons)
    times = _count_last(collected, len(linked.cells), former)
    if reckon_with_former or not former:
        chosen = _search(linked, marks, base, times, rules)
    else:
        chosen = _search_alone(observations, facts, collected, times, reasons, rules)
    hidden = base | chosen.hidden
    audit = audit_edition(linked, marks, hidden, rules.policy, chosen.movements)
    reasons = add_cells(reasons, collected.place, hidden, marks)
    derived = find_derived(observations, facts, collected.place, hidden, rules.policy)
    reasons = reasons.mask(derived & reasons.eq(""), DERIVED)
    out = blank_rows(observations, reasons)
    return ProtectedEdition(out, reasons, linked, marks, hidden, audit, collected.place)


def _link(collected: EditionCells, rules: Rules) -> tuple[LinkedEdition, Marks]:
    sums = find_sums(collected, rules.areas)
    linked = link_edition(collected, sums)
    return linked, mark_cells(linked, sums, rules.policy)


def _find_base(
    collected: EditionCells, linked: LinkedEdition, marks: Marks, reasons: pd.Series[str]
) -> BoolArray:
    """Say what is withheld whatever else is: by the policy, in former releases, or by nature."""
    base = marks.small | marks.capped | marks.full | linked.is_rest
    cells = collected.cells
    gone = ~cells["is_current"].to_numpy() & ~cells["is_public"].to_numpy()
    base[: len(cells)] |= gone
    rows = reasons.ne("").to_numpy() & (collected.place != NO_CELL)
    base[collected.place[rows]] = True
    return base & ~(marks.fixed & ~linked.is_rest & ~_is_withheld_row(collected, rows, len(base)))


def _is_withheld_row(collected: EditionCells, rows: BoolArray, size: int) -> BoolArray:
    found = np.zeros(size, dtype=bool)
    found[collected.place[rows]] = True
    return found


def _count_last(
    collected: EditionCells, size: int, former: Sequence[FormerEdition]
) -> NDArray[np.int64]:
    """Say of which series the last release withheld something."""
    times = np.zeros(size, dtype=np.int64)
    if former:
        last = former[-1].observations
        series = pd.MultiIndex.from_frame(last.loc[last["withheld"], SERIES].drop_duplicates())
        named = pd.MultiIndex.from_frame(collected.cells[SERIES])
        times[: len(named)] = named.isin(series)
    return times


def _search(
    linked: LinkedEdition,
    marks: Marks,
    base: BoolArray,
    times: NDArray[np.int64],
    rules: Rules,
) -> Choice:
    policy = rules.policy
    offered = "fewer_dimensions" in policy.remedies
    breakdowns = find_breakdowns(linked, rules.areas) if offered else None
    weights = weigh_edition(linked, times)
    chosen = search_pattern(linked, marks, base, policy, weights, breakdowns=breakdowns)
    further = chosen.hidden & ~base
    if not policy.same_pattern_over_years or not further.any():
        return chosen
    # A second look prefers what the first withheld in most years.
    series = linked.table.groupby(SERIES, sort=False).ngroup().to_numpy()
    again = times + np.bincount(series[further], minlength=int(series.max()) + 1)[series]
    weights = weigh_edition(linked, again)
    return search_pattern(
        linked, marks, base, policy, weights, touching=further, breakdowns=breakdowns
    )


def _search_alone(
    observations: pd.DataFrame,
    facts: pd.DataFrame,
    together: EditionCells,
    times: NDArray[np.int64],
    reasons: pd.Series[str],
    rules: Rules,
) -> Choice:
    """Choose as if there had been no former release; the audit will say what they tell."""
    collected = collect_cells(observations, facts)
    linked, marks = _link(collected, rules)
    base = _find_base(collected, linked, marks, reasons)
    again = np.zeros(len(linked.cells), dtype=np.int64)
    rows = collected.place != NO_CELL
    again[collected.place[rows]] = times[together.place[rows]]
    chosen = _search(linked, marks, base, again, rules)
    found = np.zeros(len(times), dtype=bool)
    found[together.place[rows]] = chosen.hidden[collected.place[rows]]
    where = np.full(len(linked.cells), NO_CELL)
    where[collected.place[rows]] = together.place[rows]
    return Choice(found, place_movements(chosen.movements, where))
