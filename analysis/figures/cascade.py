"""A cascade: how many go on from one step to the next, without letting a withheld step out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import altair as alt

from analysis.figures.drawing import Drawing, list_rows, make_form, slot
from analysis.figures.states import check_states, is_number
from analysis.figures.theme import HERE, INK, QUIET

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from analysis.figures.drawing import Rows

STEP = 46
PLOT = 330
BAR = 20


def share_steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Work out which share of the step before, and of the first one, each step is.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``count`` and ``state``, in order. They are not changed.

    Returns
    -------
    pandas.DataFrame
        With ``of_previous`` and ``of_first`` in per cent; blank for the first step, and wherever
        one of both counts is not shown: count and share together would give the other one away.

    Raises
    ------
    StateError
        When a row without a number holds one.

    Examples
    --------
    >>> import pandas as pd
    >>> states = ["value", "value", "no_data", "value"]
    >>> rows = pd.DataFrame({"count": [40, 10, None, 5], "state": states})
    >>> share_steps(rows)[["of_previous", "of_first"]].values.tolist()
    [[nan, nan], [25.0, 25.0], [nan, nan], [nan, 12.5]]
    """
    checked = check_states(rows, ["count"])
    whole = checked["count"].where(is_number(checked) & checked["count"].gt(0))
    first = whole.iloc[0] if len(whole) else float("nan")
    of_first = checked["count"] / first * 100
    of_previous = checked["count"] / whole.shift() * 100
    if len(of_first):
        of_first.iloc[0] = float("nan")
    return checked.assign(of_previous=of_previous, of_first=of_first)


def chart_cascade(
    rows: pd.DataFrame,
    words: tuple[str, str, str],
    tell: Callable[[float], str],
) -> Drawing:
    """Draw the steps of a cascade.

    Parameters
    ----------
    rows : pandas.DataFrame
        In order. Columns ``step`` (label), ``count`` (blank unless the state has a number),
        ``state``, ``label`` (the number, or mark and word of its state).
    words : (str, str, str)
        What is counted; heads of the two columns of shares: of the step before, of the first.
    tell : callable
        Writes a share in the reader's language.

    Returns
    -------
    Drawing
        A step without a number has its word and no length, and neither it nor the step behind it
        has a share of the other.

    Raises
    ------
    StateError
        When a row without a number holds one.
    """
    shared = share_steps(rows)
    told = shared.assign(
        previous=[_tell(v, tell) for v in shared["of_previous"]],
        first=[_tell(v, tell) for v in shared["of_first"]],
    )
    shown = told.loc[is_number(told), ["step", "count", "state"]]
    top = float(shown["count"].max()) if len(shown) else 1.0
    values = {
        "axis": words[0],
        "domain": [0, top or 1.0],
        "height": STEP * len(told),
        "order": [str(step) for step in told["step"]],
        "previous": words[1],
        "first": words[2],
    }
    datasets: dict[str, Rows] = {
        "bars": list_rows(shown.assign(is_zero=shown["count"].eq(0))),
        "words": list_rows(
            told[["step", "label", "previous", "first"]].assign(
                at=told["count"].fillna(0.0), is_silent=~is_number(told)
            )
        ),
        "head": [{}],
    }
    return Drawing(_cascade_form(), values, datasets)


def _tell(share: float, tell: Callable[[float], str]) -> str:
    return tell(share) if math.isfinite(share) else ""


@make_form
def _cascade_form() -> alt.TopLevelMixin:
    x = alt.X(
        "count:Q",
        title=slot("axis"),
        scale=alt.Scale(domain=slot("domain"), nice=False),
        axis=alt.Axis(tickCount=4, format=",d", tickMinStep=1),
    )
    y = alt.Y(
        "step:N",
        sort=slot("order"),
        title=None,
        scale=alt.Scale(domain=slot("order")),
        axis=alt.Axis(ticks=False, domain=False, labelPadding=9, labelLimit=250),
    )
    bars = alt.Chart(alt.NamedData("bars"))
    words = alt.Chart(alt.NamedData("words"))
    head = alt.Chart(alt.NamedData("head"))
    at = {"previous": PLOT + 96, "first": PLOT + 196}
    layers = [
        bars.mark_bar(color=HERE, height=BAR).encode(x=x, y=y),
        # A counted zero has a mark on the line of zero: it is a number, and no gap.
        bars.transform_filter("datum.is_zero")
        .mark_point(shape="circle", size=70, stroke=HERE, strokeWidth=2, filled=False, opacity=1)
        .encode(x=x, y=y),
        words.mark_text(align="left", dx=8, fontWeight="bold").encode(
            x=alt.X("at:Q", title=slot("axis")),
            y=y,
            text="label:N",
            color=alt.condition("datum.is_silent", alt.value(QUIET), alt.value(INK)),
        ),
        *(
            words.mark_text(align="right").encode(x=alt.value(at[name]), y=y, text=f"{name}:N")
            for name in at
        ),
        *(
            head.mark_text(
                align="right", baseline="bottom", lineBreak="\n", fontSize=12, color=QUIET
            ).encode(x=alt.value(at[name]), y=alt.value(-6), text=alt.value(slot(name)))
            for name in at
        ),
    ]
    return alt.layer(*layers, width=PLOT, height=slot("height"))
