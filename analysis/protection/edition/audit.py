"""The proof: an attacker tries everything that is public, on every count that must stay unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.methods.reasons import mark
from analysis.protection.edition.sceptic import find_certain
from analysis.protection.edition.search import find_shown
from analysis.protection.linked.attack import find_attacker_intervals
from analysis.protection.linked.components import split_components
from analysis.protection.linked.judge import EXPOSED, PROTECTED, SMALL, judge_protection
from analysis.protection.linked.solver import NEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.protection.edition.linking import LinkedEdition
    from analysis.protection.edition.marks import Marks
    from analysis.protection.linked.coverage import Movement
    from analysis.protection.policy import Policy

    BoolArray = NDArray[np.bool_]

TOLD = "told"
NO_ZERO = mark("the count follows for who takes every withheld figure for at least one")


def audit_edition(
    linked: LinkedEdition,
    marks: Marks,
    withheld: BoolArray,
    policy: Policy,
    movements: tuple[Movement, ...] = (),
) -> pd.DataFrame:
    """Let an attacker try everything that is public, on every count that must not become known.

    Parameters
    ----------
    linked : LinkedEdition
    marks : Marks
    withheld : numpy.ndarray of bool
    policy : Policy
    movements : tuple of Movement
        What the search has found: each is checked before it proves anything.

    Returns
    -------
    pandas.DataFrame
        As :func:`analysis.protection.linked.judge.judge_protection`, with the position of each
        cell in ``cell``; it holds secrets. The state is ``told`` instead of ``exposed`` where
        everything that hangs together with the cell is withheld already: the count follows from
        the total of a country or from a former release, and nothing in this edition adds to it.
    """
    hidden = withheld & ~marks.fixed
    judged = judge_protection(
        linked.cells,
        hidden,
        marks.small,
        threshold=np.maximum(marks.threshold, 1.0),
        insiders=policy.insiders,
        movements=movements,
    )
    judged = judged.assign(cell=np.flatnonzero(marks.small)).reset_index(drop=True)
    if marks.capped.any():
        judged = pd.concat([judged, _audit_capped(linked, marks, hidden)], ignore_index=True)
    certain = find_certain(linked, marks, hidden)[judged["cell"].to_numpy(dtype=int)]
    judged.loc[certain & judged["state"].eq(PROTECTED), ["state", "reason"]] = [EXPOSED, NO_ZERO]
    exposed = judged["state"].eq(EXPOSED)
    if exposed.any():
        held = _find_held(linked, marks, withheld, policy)
        judged.loc[exposed & held[judged["cell"].to_numpy(dtype=int)], "state"] = TOLD
    return judged


def _find_held(
    linked: LinkedEdition, marks: Marks, withheld: BoolArray, policy: Policy
) -> BoolArray:
    held = np.zeros(len(linked.cells), dtype=bool)
    shown = find_shown(linked, marks, withheld, policy)
    for group in split_components(linked.cells, ~marks.fixed):
        held[group.cells] = bool((withheld | shown)[group.cells].all())
    return held


def _audit_capped(linked: LinkedEdition, marks: Marks, hidden: BoolArray) -> pd.DataFrame:
    """Nobody can think more than the total; that it was none of them must stay possible."""
    found = find_attacker_intervals(linked.cells, hidden, only=marks.capped)
    at = np.flatnonzero(marks.capped)
    low, high = found.lower[at], found.upper[at]
    is_open = (low < 1 - NEAR) & ~marks.alone[at]
    return pd.DataFrame(
        {
            "state": np.where(is_open, PROTECTED, EXPOSED),
            "reason": np.where(is_open, "", SMALL),
            "lower": low,
            "upper": high,
            "insider": -1,
            "cell": at,
        }
    )
