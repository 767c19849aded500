"""The five states of a number in a chart: told apart by shape and word, never by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUE, ZERO = "value", "zero"
SUPPRESSED, NO_DATA, NOT_APPLICABLE = "suppressed", "no_data", "not_applicable"
NUMBERS = (VALUE, ZERO)
STATES = (VALUE, ZERO, SUPPRESSED, NO_DATA, NOT_APPLICABLE)


class StateError(ValueError):
    """Rows that say of a number both that it is there and that it is not."""


def check_states(rows: pd.DataFrame, numbers: Sequence[str]) -> pd.DataFrame:
    """Refuse rows whose numbers do not fit their states, before anything is drawn from them.

    Parameters
    ----------
    rows : pandas.DataFrame
        With a column ``state``. They are not changed.
    numbers : sequence of str
        Columns that hold numbers; the first of them is the number itself, the others are its
        limits.

    Returns
    -------
    pandas.DataFrame
        The same rows, in the order given, with numbers as floats.

    Raises
    ------
    StateError
        When a state is none of the five, a row without a number holds one, a row with a number
        has none, or a zero is no zero. A specification carries its rows: what is not drawn must
        not be in it either.

    Examples
    --------
    >>> rows = pd.DataFrame({"count": [4, None], "state": ["value", "suppressed"]})
    >>> check_states(rows, ["count"])["count"].tolist()
    [4.0, nan]
    """
    checked = rows.reset_index(drop=True).astype(dict.fromkeys(numbers, float))
    main = numbers[0]
    for place, row in enumerate(checked.to_dict("records")):
        state, held = row["state"], [name for name in numbers if pd.notna(row[name])]
        if state not in STATES:
            msg = f"Row {place} has the state '{state}'. Expected one of: {', '.join(STATES)}."
        elif state not in NUMBERS and held:
            # The number itself is not repeated: it may be the withheld one.
            msg = (
                f"Row {place} is '{state}' and yet holds a number in '{held[0]}'. Leave it blank: "
                f"what is not shown must not be in the picture's file."
            )
        elif state in NUMBERS and main not in held:
            msg = f"Row {place} is '{state}' and has no '{main}'. Give the number or its state."
        elif (state == ZERO) != (row[main] == 0):
            msg = f"Row {place} is '{state}' with {row[main]!r}. A zero is 'zero', nothing else is."
            msg = msg if state in NUMBERS else ""
        else:
            msg = ""
        if msg:
            raise StateError(msg)
    return checked


def is_number(rows: pd.DataFrame) -> pd.Series:
    """Tell which rows have a number to draw."""
    return rows["state"].isin(NUMBERS)
