"""Many results of one method at once: arrays of value, limits, n, state and reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from analysis.methods.reasons import NO_FIGURE, NOT_MEANT, WITHHELD
from analysis.methods.result import Result, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    Limits = tuple[FloatArray, FloatArray]

# What an input may say about itself, and the reason that the output then carries.
GIVEN_REASONS = {"suppressed": WITHHELD, "no_data": NO_FIGURE, "not_applicable": NOT_MEANT}


@dataclass(frozen=True, eq=False)
class Estimates:
    """What one method says, for every area (and year) that it was asked about.

    All arrays have one shape and are read-only. Made by :func:`collect_estimates`.

    Parameters
    ----------
    value : numpy.ndarray
        Estimates; NaN where the state is not ``value`` or ``zero``.
    limits : mapping of float to pair of numpy.ndarray
        Lower and upper limit by confidence level; the first level is the one that is shown.
    n : numpy.ndarray
        Cases behind each estimate; NaN where they may not be told.
    state : numpy.ndarray of str
        One of the five states.
    reason : numpy.ndarray of str
        Why there is no number; blank where there is one. Messages of the catalogs.
    method : str
        Name of the method, as in ``docs/methods``.
    unit : str
        Unit of the values.

    Examples
    --------
    >>> made = collect_estimates([2.0, np.nan], n=[2, np.nan], method="crude rate")
    >>> list(made.state), len(made)
    (['value', 'no_data'], 2)
    >>> made.at(1).reason
    'no figure'
    """

    value: FloatArray
    limits: Mapping[float, Limits]
    n: FloatArray
    state: NDArray[np.object_]
    reason: NDArray[np.object_]
    method: str
    unit: str = ""
    level: float = field(default=0.95)

    @property
    def lower(self) -> FloatArray:
        """Lower limits at the level that is shown."""
        return self.limits[self.level][0]

    @property
    def upper(self) -> FloatArray:
        """Upper limits at the level that is shown."""
        return self.limits[self.level][1]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of every array."""
        return self.value.shape

    @property
    def is_number(self) -> NDArray[np.bool_]:
        """Where there is a number to show."""
        return np.asarray((self.state == "value") | (self.state == "zero"), dtype=np.bool_)

    def __len__(self) -> int:
        """Give the length of the first axis."""
        return int(self.value.shape[0])

    def at(self, *place: int) -> Result:
        """Give one estimate as a result.

        Parameters
        ----------
        *place : int
            Place along each axis.

        Returns
        -------
        Result
            With the limits of the level that is shown.
        """

        def number(array: FloatArray) -> float | None:
            held = float(array[place])
            return None if np.isnan(held) else held

        return Result(
            state=cast("State", self.state[place]),
            value=number(self.value),
            lower=number(self.lower),
            upper=number(self.upper),
            n=number(self.n),
            unit=self.unit,
            reason=str(self.reason[place]),
            method=self.method,
        )

    def to_frame(self, index: Sequence[object] | pd.Index | None = None) -> pd.DataFrame:
        """Give a table of one row an estimate.

        Parameters
        ----------
        index : sequence, optional
            Names of the rows, such as ids of areas.

        Returns
        -------
        pandas.DataFrame
            Columns ``value``, ``lower``, ``upper``, ``n``, ``state``, ``reason``, ``method``.
        """
        names = None if index is None else pd.Index(index)
        return pd.DataFrame(
            {
                "value": self.value.ravel(),
                "lower": self.lower.ravel(),
                "upper": self.upper.ravel(),
                "n": self.n.ravel(),
                "state": self.state.ravel(),
                "reason": self.reason.ravel(),
                "method": self.method,
            },
            index=names,
        )


def collect_estimates(
    value: ArrayLike,
    limits: Mapping[float, tuple[ArrayLike, ArrayLike]] | None = None,
    *,
    n: ArrayLike,
    method: str,
    unit: str = "",
    given: ArrayLike | None = None,
    refused: Sequence[tuple[NDArray[np.bool_], str]] = (),
) -> Estimates:
    """Put what a method worked out into estimates, and blank what it may not say.

    Parameters
    ----------
    value : array_like
        Estimates; NaN where the input was blank.
    limits : mapping of float to pair of array_like, optional
        Lower and upper limits by confidence level, the shown level first. Without limits they
        are blank at 95 %: a full count has none.
    n : array_like
        Cases behind each estimate, same shape.
    method : str
        Name of the method.
    unit : str
        Unit of the values.
    given : array_like of str, optional
        States of the inputs; what was suppressed, blank or without meaning stays so, and a
        suppressed input blanks ``n`` too, because a derived number gives it back.
    refused : sequence of (mask, reason)
        Where the method says nothing although there were figures; the first that applies counts.

    Returns
    -------
    Estimates

    Raises
    ------
    ValueError
        When the shapes differ, or an estimate lies outside its own limits.

    Examples
    --------
    >>> few = np.array([True, False])
    >>> made = collect_estimates([0.4, 0.0], n=[2, 0], method="m", refused=[(few, "too few")])
    >>> list(made.state), list(made.reason)
    (['not_applicable', 'zero'], ['too few', ''])
    """
    values = np.array(value, dtype=np.float64)
    cases = np.array(np.broadcast_to(np.asarray(n, dtype=np.float64), values.shape))
    state = np.full(values.shape, "value", dtype=object)
    reason = np.full(values.shape, "", dtype=object)
    state[values == 0] = "zero"
    blank = np.isnan(values)
    state[blank], reason[blank] = "no_data", NO_FIGURE
    for mask, why in reversed(refused):
        state[mask], reason[mask] = "not_applicable", why
    if given is not None:
        states = np.broadcast_to(np.asarray(given, dtype=object), values.shape)
        for name, why in GIVEN_REASONS.items():
            mask = np.asarray(states == name, dtype=np.bool_)
            state[mask], reason[mask] = name, why
        cases[np.asarray(states == "suppressed", dtype=np.bool_)] = np.nan
    silent = np.asarray((state != "value") & (state != "zero"), dtype=np.bool_)
    values[silent] = np.nan
    missing = np.full(values.shape, np.nan)
    held = {
        level: (_limit(low, silent), _limit(high, silent))
        for level, (low, high) in (limits or {0.95: (missing, missing)}).items()
    }
    for level, (low, high) in held.items():
        _check_limits(values, low, high, level)
    for array in (values, cases, state, reason, *(side for pair in held.values() for side in pair)):
        array.flags.writeable = False
    return Estimates(
        value=values,
        limits=MappingProxyType(held),
        n=cases,
        state=state,
        reason=reason,
        method=method,
        unit=unit,
        level=next(iter(held)),
    )


def _limit(values: ArrayLike, silent: NDArray[np.bool_]) -> FloatArray:
    limit = np.array(np.broadcast_to(np.asarray(values, dtype=np.float64), silent.shape))
    limit[silent] = np.nan
    return limit


def _check_limits(values: FloatArray, low: FloatArray, high: FloatArray, level: float) -> None:
    slack = 1e-9 * np.maximum(1.0, np.abs(values))
    wrong = (low > values + slack) | (high < values - slack)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        said = f"{values.flat[place]:g} outside [{low.flat[place]:g}, {high.flat[place]:g}]"
        raise ValueError(
            f"An estimate lies outside its own {level:g} limits: {said}. This is a fault of the "
            "method that made it; do not publish it."
        )
