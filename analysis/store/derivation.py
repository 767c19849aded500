"""What derived rows have in common: the state, status and trace that follow from their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.store.schema import KEYS, NUMBERS, STATUSES, identify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Row = dict[str, Any]
ADDITIVE = ("_persons", "_crossings", "_places")
NUMERIC = frozenset({"value", "zero"})


class RateError(ValueError):
    """Observations from which nothing can be derived as they stand."""


def row_from_parts(
    like: Row, parts: Sequence[Row], compute: Callable[[], float], **named: str
) -> Row:
    """Make a row from parts: their number, or the state that keeps it from having one.

    Parameters
    ----------
    like : dict
        The row whose other columns it takes.
    parts : sequence of dict
        What it is made of; a part that is not there has the state ``no_data``.
    compute : callable
        Gives the number. It is asked only where every part has one; NaN is not applicable.
    **named : str
        Columns that differ from ``like``.

    Examples
    --------
    >>> row_from_parts(row, [row, {"state": "no_data"}], lambda: 1)["state"]  # doctest: +SKIP
    'no_data'
    """
    silent: Row = dict.fromkeys(NUMBERS, np.nan)
    status = max((row.get("status", "final") for row in parts), key=STATUSES.index)
    row = like | silent | {"status": status, "verification": "derived", "line": 0, "note": ""}
    row |= {"locator": "; ".join(sorted({p["locator"] for p in parts if p.get("locator")}))}
    state = joint_state({p["state"] for p in parts})
    if state:
        return row | named | {"state": state}
    value = float(compute())
    if np.isnan(value):
        return row | named | {"state": "not_applicable"}
    is_count = str(named.get("indicator_id", like["indicator_id"])).endswith(ADDITIVE)
    numbers = {"value": value, "numerator": value if is_count else np.nan}
    return row | named | numbers | {"state": "value" if value else "zero"}


def joint_state(states: set[str]) -> str:
    """Give the state of what is made of parts; nothing where all have a number.

    Examples
    --------
    >>> joint_state({"value", "zero"}), joint_state({"value", "no_data"})
    ('', 'no_data')
    """
    if states <= NUMERIC:
        return ""
    if "suppressed" in states:
        return "suppressed"
    return "not_applicable" if states == {"not_applicable"} else "no_data"


def records(frame: pd.DataFrame) -> Iterable[Row]:
    """Give the rows of a frame one by one."""
    return frame.to_dict("records")  # type: ignore[return-value]


def frame_like(rows: list[Row], like: pd.DataFrame) -> pd.DataFrame:
    """Make a frame of rows, with the columns of another, new ids, and in order."""
    made = pd.DataFrame(rows, columns=like.columns).astype(like.dtypes.to_dict())
    if "observation_id" in made.columns and len(made):
        made["observation_id"] = identify(made)
    return made.sort_values(["area_id", *KEYS], ignore_index=True)
