"""The form of a chart, which Altair writes once, and what is put into it each time.

Altair copies a chart at each step of building it and holds each part against the schema of
Vega-Lite: with it, five charts cost as much as all else on a page together. But the form of our
charts never depends on who looks at them. So a form is written once a process, with slots for
words and sizes; a drawing fills them and adds its rows, which costs next to nothing. Tests hold
every kind of chart, filled, against the schema.
"""

from __future__ import annotations

import functools
import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from altair.utils.schemapi import debug_mode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import altair as alt
    import pandas as pd

Rows = list[dict[str, Any]]
Form = dict[str, Any]

# No word of a chart begins so, and a slot is a whole value: words that are put in are not read
# again.
SLOT = "\N{SYMBOL FOR SUBSTITUTE}"
# Altair keeps the switch for the whole process: two threads must not restore it crosswise.
_SWITCH = threading.RLock()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart: its form, what goes into the slots, and the rows that it draws.

    Parameters
    ----------
    form : dict
        Vega-Lite with slots; it names its rows and holds none. Forms are shared: nobody changes
        them.
    values : mapping of str to object
        What goes into each slot.
    datasets : mapping of str to list
        The rows, by the name that the form has for them.
    """

    form: Form
    values: Mapping[str, Any]
    datasets: Mapping[str, Rows]

    def to_dict(self) -> dict[str, Any]:
        """Give the Vega-Lite specification.

        Raises
        ------
        KeyError
            When the form has a slot that no value was given for.
        """
        filled: dict[str, Any] = _fill(self.form, self.values)
        return filled | {"datasets": dict(self.datasets)}


def make_form(write: Callable[..., alt.TopLevelMixin]) -> Callable[..., Form]:
    """Turn a function that writes a chart with slots into one that writes its form once.

    Parameters
    ----------
    write : callable
        Its arguments say which parts the chart has; they are few, and are kept.

    Returns
    -------
    callable
        Gives a form. Charts that others build meanwhile or afterwards are checked as before.
    """

    @functools.cache
    def form(*parts: Any) -> Form:
        with _SWITCH, debug_mode(arg=False):
            written: Form = write(*parts).to_dict(validate=False)
        # Each picture has our own theme.
        written.pop("config", None)
        return written

    return functools.wraps(write)(form)


def slot(name: str) -> Any:
    """Keep a place in a form.

    Parameters
    ----------
    name : str
        The name in :attr:`Drawing.values`.

    Returns
    -------
    str
        Stands for a value of any type, which is why the type says nothing.
    """
    return f"{SLOT}{name}"


def _fill(part: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(part, dict):
        return {key: _fill(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [_fill(value, values) for value in part]
    if isinstance(part, str) and part.startswith(SLOT):
        return values[part.removeprefix(SLOT)]
    return part


def list_rows(frame: pd.DataFrame) -> Rows:
    """Give the rows of a frame as a specification holds them.

    Parameters
    ----------
    frame : pandas.DataFrame
        Texts, numbers and yes or no.

    Returns
    -------
    list of dict
        A number that is blank or has no end is None: Vega takes other blanks for zero.

    Examples
    --------
    >>> import pandas as pd
    >>> list_rows(pd.DataFrame({"year": [2024, 2025], "count": [12.5, None]}))
    [{'year': 2024, 'count': 12.5}, {'year': 2025, 'count': None}]
    """
    names = [str(name) for name in frame.columns]
    columns = [[_plain(cell) for cell in frame[column].tolist()] for column in frame.columns]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _plain(cell: Any) -> Any:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
