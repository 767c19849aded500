"""What must be said beside an estimate of hidden persons: messages, each with its condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.reasons import mark

if TYPE_CHECKING:
    from analysis.methods.hidden.lists import CaptureTable

# Each estimate rests on these; no table can show whether they hold.
ALWAYS = (
    mark("holds for the whole country only, never for a single municipality"),
    mark("the same person must be recognised on every list; missed matches raise the estimate"),
    mark("nobody may be on one list twice; duplicates must be removed first"),
    mark("all lists must use one definition of a victim and cover the same place and period"),
    mark("nobody may enter or leave the population during the period"),
    mark("if persons differ in how easily they are found, the estimate is usually too low"),
    mark("small cells of the table of lists can identify persons and must not be published"),
)

INDEPENDENCE_ASSUMED = mark("two lists cannot show whether they depend on each other")
ONE_MODEL_LEFT = mark("with three lists, dependence among all three cannot be seen")
SPARSE_OVERLAPS = mark("some lists share fewer than five persons, so single cases move the result")
NO_OVERLAP = mark("some lists share nobody")
ISOLATED_LIST = mark(
    "one list shares nobody with any other, so it says little about hidden persons"
)
MOSTLY_ALONE = mark("fewer than one person in ten is on more than one list")
MODELS_DISAGREE = mark("models that the lists allow differ by more than half; read the whole range")
SUPPORTED_DISAGREE = mark(
    "even the models that fit well differ by more than half; no single number should be quoted"
)
CHOICES_DISAGREE = mark("two accepted ways of choosing a model do not agree on this table")
BADLY_FITTED = mark("the chosen model does not fit the lists")
DRAWS_FAILED = mark("some repeated samples gave no estimate, which widens the interval")
WIDE = mark("the upper limit is more than three times the lower one")

FEW_SHARED = 5
SHARE_SHARED = 0.1
FACTOR = 1.5
WIDE_FACTOR = 3
ENOUGH_LISTS = 3


def warn_of_lists(table: CaptureTable) -> tuple[str, ...]:
    """Say what the lists themselves give reason to say.

    Parameters
    ----------
    table : CaptureTable
        The capture histories.

    Returns
    -------
    tuple of str
        Messages of the catalogs.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.methods.hidden.lists import read_captures
    >>> rows = pd.DataFrame({"A": [1, 0, 1], "B": [0, 1, 1], "count": [9, 7, 40]})
    >>> warn_of_lists(read_captures(rows))
    ('two lists cannot show whether they depend on each other',)
    """
    apart = ~np.eye(table.lists, dtype=bool)
    shared = table.overlaps[apart].reshape(table.lists, table.lists - 1)
    said = (
        (table.lists < ENOUGH_LISTS, INDEPENDENCE_ASSUMED),
        (table.lists == ENOUGH_LISTS, ONE_MODEL_LEFT),
        (bool((shared == 0).any()), NO_OVERLAP),
        (bool(((shared > 0) & (shared < FEW_SHARED)).any()), SPARSE_OVERLAPS),
        (bool((shared == 0).all(axis=1).any()), ISOLATED_LIST),
        (table.shared < SHARE_SHARED * table.seen, MOSTLY_ALONE),
    )
    return tuple(message for holds, message in said if holds)


def warn_of_spread(
    low: float, high: float, message: str, factor: float = FACTOR
) -> tuple[str, ...]:
    """Say that numbers lie too far apart, if they do.

    Parameters
    ----------
    low, high : float
        The ends of what is looked at.
    message : str
        What to say.
    factor : float
        How many times the lower one the higher one may be.

    Returns
    -------
    tuple of str
        The message, or nothing.

    Examples
    --------
    >>> warn_of_spread(100, 150, WIDE), len(warn_of_spread(100, 151, WIDE))
    ((), 1)
    """
    return (message,) if high > factor * low else ()
