"""Whether a table can answer a model at all, asked before any number is believed.

With sparse lists the likelihood of a model may have no highest point even when effects may go to
minus infinity, or many highest points. Both give numbers that a computer prints and that mean
nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.hidden.models import build_design

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.methods.hidden.models import Design

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

ADMISSIBLE = 0
NO_ESTIMATE = 1
NOT_IDENTIFIED = 2
# The best margin of the linear programme is 0 or 1, whatever the counts are.
MARGIN = 0.5


def find_empty_effects(design: Design, counts: FloatArray, models: BoolArray) -> BoolArray:
    """Find the effects of a model that nobody in the table shows: they are minus infinity.

    Parameters
    ----------
    design : Design
        The effects there are.
    counts : numpy.ndarray, shape (tables, histories)
        Persons by history.
    models : numpy.ndarray of bool, shape (tables, effects)
        A model for each table.

    Returns
    -------
    numpy.ndarray of bool, shape (tables, effects)

    Examples
    --------
    >>> find_empty_effects(build_design(2), np.array([[5.0, 4.0, 0.0]]), np.full((1, 4), True))
    array([[False, False, False,  True]])
    """
    return np.asarray(models & (counts @ design.matrix == 0), dtype=np.bool_)


def find_open_histories(design: Design, empty: BoolArray) -> BoolArray:
    """Find the histories that remain when those with an empty effect are taken out.

    Parameters
    ----------
    design : Design
        The effects there are.
    empty : numpy.ndarray of bool, shape (tables, effects)
        As from :func:`find_empty_effects`.

    Returns
    -------
    numpy.ndarray of bool, shape (tables, histories)

    Examples
    --------
    >>> find_open_histories(build_design(2), np.array([[False, False, False, True]]))
    array([[ True,  True, False]])
    """
    return np.asarray(empty @ design.matrix.T == 0, dtype=np.bool_)


def check_models(design: Design, counts: FloatArray, models: BoolArray) -> NDArray[np.int64]:
    """Check whether each table can answer its model.

    Parameters
    ----------
    design : Design
        The effects there are.
    counts : numpy.ndarray, shape (tables, histories)
        Persons by history.
    models : numpy.ndarray of bool, shape (tables, effects)
        A model for each table.

    Returns
    -------
    numpy.ndarray of int, shape (tables,)
        0 it can; 1 the extended maximum likelihood estimate does not exist; 2 it is not
        identified, many values fit equally well; 3 both.

    References
    ----------
    Fienberg & Rinaldo (2012) Annals of Statistics 40:996, supplement. Chan, Silverman & Vincent
    (2021) JASA 116:1297, section 3.

    Examples
    --------
    >>> counts = np.array([[40.0, 30.0, 6.0, 20.0, 0.0, 0.0, 0.0]])
    >>> check_models(build_design(3), counts, np.full((1, 7), True))
    array([2])
    """
    absent = ~check_existence(design, counts, models)
    loose = ~check_identified(design, counts, models)
    return NO_ESTIMATE * absent.astype(np.int64) + NOT_IDENTIFIED * loose.astype(np.int64)


def check_identified(design: Design, counts: FloatArray, models: BoolArray) -> BoolArray:
    """Check that no two values of the finite effects say the same: the rank is full.

    Parameters
    ----------
    design, counts, models
        As for :func:`check_models`.

    Returns
    -------
    numpy.ndarray of bool, shape (tables,)

    Examples
    --------
    >>> check_identified(build_design(2), np.array([[5.0, 4.0, 2.0]]), np.full((1, 4), True))
    array([False])
    """
    empty = find_empty_effects(design, counts, models)
    # As below: effects that can be told apart among many can be told apart among fewer.
    held = _ask_rank(design, models | (counts @ design.matrix > 0), empty)
    left = np.flatnonzero(~held)
    if left.size:
        held[left] = _ask_rank(design, models[left], empty[left])
    return held


def check_existence(design: Design, counts: FloatArray, models: BoolArray) -> BoolArray:
    """Check that the extended maximum likelihood estimate exists, by a linear programme.

    It exists when means above 0 for every open history have the same totals by effect as the
    counts. Counts above 0 can always give way, so this asks for a change of the table that keeps
    all totals and raises every open history that is empty; only which histories are empty matters.

    Parameters
    ----------
    design, counts, models
        As for :func:`check_models`.

    Returns
    -------
    numpy.ndarray of bool, shape (tables,)

    Examples
    --------
    >>> counts = np.array([[40.0, 30.0, 6.0, 20.0, 0.0, 0.0, 0.0]])
    >>> design = build_design(3)
    >>> model = np.array([[True, True, True, True, True, False, False]])
    >>> check_existence(design, counts, model)
    array([False])
    """
    open_ = find_open_histories(design, find_empty_effects(design, counts, models))
    bare = open_ & (counts == 0)
    # Effects that the table shows only add totals to keep: where the estimate exists with all of
    # them, it exists with fewer. This one question often answers for hundreds of models.
    held = _ask_programme(design, models | (counts @ design.matrix > 0), open_, bare)
    left = np.flatnonzero(~held)
    if left.size:
        held[left] = _ask_programme(design, models[left], open_[left], bare[left])
    return held


def _ask_rank(design: Design, models: BoolArray, empty: BoolArray) -> BoolArray:
    # The empty effects say which histories are out, so these two rows are all that matters.
    cases, place = np.unique(np.concatenate([models, empty], axis=1), axis=0, return_inverse=True)
    order = max(effect.bit_count() for effect in design.effects)
    held = [_has_full_rank(design.lists, order, row.tobytes()) for row in cases]
    return np.array(held, dtype=np.bool_)[place.ravel()]


def _ask_programme(
    design: Design, models: BoolArray, open_: BoolArray, bare: BoolArray
) -> BoolArray:
    asked = np.concatenate([models, open_, bare], axis=1)
    cases, place = np.unique(asked, axis=0, return_inverse=True)
    order = max(effect.bit_count() for effect in design.effects)
    held = [_has_estimate(design.lists, order, row.tobytes()) for row in cases]
    return np.array(held, dtype=np.bool_)[place.ravel()]


@lru_cache(maxsize=100_000)
def _has_full_rank(lists: int, order: int, asked: bytes) -> bool:
    design = build_design(lists, order)
    kept, empty = np.frombuffer(asked, dtype=np.bool_).reshape(2, -1)
    open_ = find_open_histories(design, empty[None, :])[0]
    part = design.matrix[np.ix_(open_, kept & ~empty)]
    return part.shape[0] >= part.shape[1] and bool(np.linalg.matrix_rank(part) == part.shape[1])


@lru_cache(maxsize=100_000)
def _has_estimate(lists: int, order: int, asked: bytes) -> bool:
    design = build_design(lists, order)
    effects, histories = len(design.effects), 2**lists - 1
    row = np.frombuffer(asked, dtype=np.bool_)
    model, open_, bare = row[:effects], row[effects:-histories], row[-histories:]
    if not open_.any():
        return False
    if not bare.any():
        return True
    # Slow to import, and seldom needed.
    from scipy.optimize import linprog

    part = design.matrix[np.ix_(open_, model)]
    empty = np.flatnonzero(bare[open_])
    width = part.shape[0]
    # Unknowns: the change of each open history, and last the margin, to be made large.
    raised = np.zeros((empty.size, width + 1))
    raised[np.arange(empty.size), empty] = -1
    raised[:, -1] = 1
    solved = linprog(
        np.append(np.zeros(width), -1.0),
        A_ub=raised,
        b_ub=np.zeros(empty.size),
        A_eq=np.column_stack([part.T, np.zeros(part.shape[1])]),
        b_eq=np.zeros(part.shape[1]),
        bounds=[(None, None)] * width + [(0, 1)],
        method="highs",
    )
    return bool(solved.x is not None and solved.x[-1] > MARGIN)
