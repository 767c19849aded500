"""How much of what was asked for, or is needed, has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.methods.estimates import Estimates, collect_estimates
from analysis.methods.inputs import check_same_shape, read_counts
from analysis.methods.reasons import mark

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

NOTHING_REQUIRED = mark("nothing was to be provided")
NO_RECORDS = mark("no records to judge by")
ANSWERED = ("value", "zero", "suppressed")
STATES = (*ANSWERED, "no_data", "not_applicable")


@dataclass(frozen=True, eq=False)
class Completeness:
    """Completeness as the producer and as the user sees it, each from 0 to 1.

    Parameters
    ----------
    producer : Estimates
        Provided of what had to be provided, derogations taken out.
    user : Estimates
        Provided of all that is relevant, derogations or not.
    """

    producer: Estimates
    user: Estimates


@dataclass(frozen=True, eq=False)
class ItemCompleteness:
    """How many records say something, by variable.

    Parameters
    ----------
    items : tuple of str
        Names of the variables.
    estimates : Estimates
        Share of records from 0 to 1, one a variable; ``n`` is the number of records.
    mean : float
        Mean of the shares; NaN without records. Never shown without the shares.
    """

    items: tuple[str, ...]
    estimates: Estimates
    mean: float


def measure_completeness(
    provided: ArrayLike, relevant: ArrayLike, derogations: ArrayLike = 0
) -> Completeness:
    """Measure which share of the cells of a table has been provided.

    A zero that was reported is provided; a cell that nobody filled is not.

    Parameters
    ----------
    provided : array_like
        Cells provided, any shape; NaN is a blank.
    relevant : array_like
        Cells that the users need, same shape.
    derogations : array_like, optional
        Cells that the producer is excused from, same shape or one number.

    Returns
    -------
    Completeness
        ``n`` is the number of cells in the denominator.

    Raises
    ------
    ValueError
        When more is provided than is relevant, derogations exceed what is relevant, shapes
        differ, or a count is negative.

    References
    ----------
    Eurostat, ESS Guidelines for the Implementation of the Quality and Performance Indicators, R1.

    Examples
    --------
    Of 80 municipalities 72 answered, and 4 of them were excused.

    >>> made = measure_completeness([72], [80], [4])
    >>> made.producer.value.round(3), made.user.value.round(3)
    (array([0.947]), array([0.9]))
    """
    given, wanted = read_counts(provided, "provided"), read_counts(relevant, "relevant")
    check_same_shape(provided=given, relevant=wanted)
    excused = read_counts(derogations, "derogations")
    if excused.ndim:
        check_same_shape(relevant=wanted, derogations=excused)
    required = wanted - excused
    _refuse_more(np.broadcast_to(excused, wanted.shape), wanted, "derogations", "are relevant")
    _refuse_more(given, wanted, "cells provided", "are relevant")
    # Who provides more than was required is complete, not more than complete.
    return Completeness(
        producer=_collect(np.minimum(given, required), required, "producer"),
        user=_collect(given, wanted, "user"),
    )


def count_answers(states: ArrayLike, axis: int = -1) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Count what was answered, what was asked, and how many of the answers are a true zero.

    Parameters
    ----------
    states : array_like of str
        States of figures. ``value``, ``zero`` and ``suppressed`` are answers, ``no_data`` is none,
        ``not_applicable`` was never asked.
    axis : int
        Axis to count along, such as time.

    Returns
    -------
    tuple of numpy.ndarray
        Answered, asked and reported zeros; the first two go into `measure_completeness`.

    Raises
    ------
    ValueError
        When a state is not known.

    Examples
    --------
    >>> count_answers([["value", "zero", "no_data", "not_applicable"]])
    (array([2.]), array([3.]), array([1.]))
    """
    held = np.asarray(states, dtype=object)
    unknown = ~np.isin(held, np.array(STATES, dtype=object))
    if unknown.any():
        raise ValueError(
            f"'{held[unknown][0]}' is no state of a figure; it has to be one of: "
            f"{', '.join(STATES)}."
        )
    answered = np.isin(held, np.array(ANSWERED, dtype=object)).sum(axis=axis)
    asked = (held != "not_applicable").sum(axis=axis)
    zeros = (held == "zero").sum(axis=axis)
    return answered.astype(np.float64), asked.astype(np.float64), zeros.astype(np.float64)


def measure_item_completeness(table: pd.DataFrame) -> ItemCompleteness:
    """Measure for each column which share of the rows is filled.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a record. A blank (None, NaN) is missing; a category such as ``unknown`` is an
        answer, because somebody asked.

    Returns
    -------
    ItemCompleteness

    Examples
    --------
    >>> import pandas as pd
    >>> made = measure_item_completeness(pd.DataFrame({"sex": ["f", "m"], "age": [17, None]}))
    >>> made.items, made.estimates.value, made.mean
    (('sex', 'age'), array([1. , 0.5]), 0.75)
    """
    rows, columns = table.shape
    filled = table.notna().to_numpy(dtype=np.float64).sum(axis=0)
    estimates = _collect(filled, np.full(columns, float(rows)), "item", NO_RECORDS)
    mean = float(estimates.value.mean()) if rows and columns else float("nan")
    return ItemCompleteness(tuple(str(name) for name in table.columns), estimates, mean)


def _collect(
    given: FloatArray, wanted: FloatArray, kind: str, reason: str = NOTHING_REQUIRED
) -> Estimates:
    nothing = wanted == 0
    return collect_estimates(
        given / np.where(nothing, np.nan, wanted),
        n=wanted,
        method=f"{kind} completeness",
        unit="of 1",
        refused=[(nothing, reason)],
    )


def _refuse_more(part: FloatArray, whole: FloatArray, what: str, wanted: str) -> None:
    wrong = part > whole
    if wrong.any():
        raise ValueError(
            f"There are {part[wrong][0]:g} {what}, and only {whole[wrong][0]:g} {wanted}. Check "
            "which cells were counted on each side."
        )
