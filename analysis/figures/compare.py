"""Places beside each other: a dot with its whisker each, the country as a line.

The number stands as text at the right, so that a place without one has its word there and no dot
anywhere: on the scale every spot is a number.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt

from analysis.figures.drawing import Drawing, list_rows, make_form, slot
from analysis.figures.theme import COUNTRY, HERE, INK, PAPER, QUIET, RULE

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.drawing import Rows

STEP = 20
PLOT = 340
GAP = 14


def chart_compare(
    rows: pd.DataFrame, domain: tuple[float, float], axis: str, country: str, national: float | None
) -> Drawing:
    """Compare one figure of many places, one of them highlighted.

    Parameters
    ----------
    rows : pandas.DataFrame
        In the order in which they are drawn. Columns ``name``, ``value``, ``lower``, ``upper``
        (blank where there is none), ``label`` (the number, or the word for its state) and
        ``is_here``.
    domain : (float, float)
        Ends of the scale: the same for every part of a picture that is drawn in parts.
    axis : str
        Title of the axis.
    country : str
        What the line is called, with its number.
    national : float, optional
        The country's value; without one there is no line.

    Returns
    -------
    Drawing
        A layered chart. Mine differs in shape, colour and weight, never by colour alone.
    """
    order = [str(name) for name in rows["name"]]
    here = [str(name) for name in rows.loc[rows["is_here"], "name"]]
    values = {
        "axis": axis,
        "domain": [float(end) for end in domain],
        "height": STEP * len(order),
        "is_here": f"indexof({json.dumps(here, ensure_ascii=False)}, datum.value) >= 0",
        "order": order,
    }
    line = [] if national is None else [{"value": national, "label": country}]
    datasets = {
        "country": line,
        "here": _numbers(rows.loc[rows["is_here"]]),
        "others": _numbers(rows.loc[~rows["is_here"]]),
        "words": list_rows(rows[["name", "label", "is_here"]]),
        "zero": [{"value": 0.0}] if domain[0] < 0 <= domain[1] else [],
    }
    return Drawing(_compare_form(), values, datasets)


def _numbers(rows: pd.DataFrame) -> Rows:
    shown = rows.loc[rows["value"].notna(), ["name", "value", "lower", "upper"]]
    return list_rows(shown.assign(is_zero=shown["value"].eq(0)))


@make_form
def _compare_form() -> alt.TopLevelMixin:
    scale = alt.Scale(domain=slot("domain"), nice=False, zero=False)
    x = alt.X(
        "value:Q",
        title=slot("axis"),
        scale=scale,
        axis=alt.Axis(tickCount=4, labelOverlap=True, gridColor=RULE),
    )
    mine: Any = {"condition": {"test": slot("is_here"), "value": "bold"}, "value": "normal"}
    y = alt.Y(
        "name:N",
        sort=slot("order"),
        title=None,
        scale=alt.Scale(domain=slot("order")),
        axis=alt.Axis(
            labelFontWeight=mine, labelOverlap=False, labelPadding=9, ticks=False, domain=False
        ),
    )
    country = alt.Chart(alt.NamedData("country")).encode(x=x)
    words = alt.Chart(alt.NamedData("words")).mark_text(align="left", fontSize=12)
    layers = [
        alt.Chart(alt.NamedData("zero")).mark_rule(color=QUIET).encode(x=x),
        country.mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.5),
        country.mark_text(baseline="bottom", dy=-5, color=INK, fontSize=12).encode(
            y=alt.value(0), text="label:N"
        ),
        *_dots("others", COUNTRY, "circle", 46, x, y),
        *_dots("here", HERE, "diamond", 130, x, y),
        words.encode(
            x=alt.value(PLOT + GAP),
            y=y,
            text="label:N",
            color=alt.condition("datum.is_here", alt.value(HERE), alt.value(INK)),
        ),
    ]
    return alt.layer(*layers, width=PLOT, height=slot("height"))


def _dots(name: str, colour: str, shape: Any, size: int, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    base = alt.Chart(alt.NamedData(name))
    bounded = base.transform_filter("isValid(datum.lower) && isValid(datum.upper)")
    whisker = bounded.mark_rule(color=colour, strokeWidth=2).encode(
        x=alt.X("lower:Q", title=slot("axis")), x2="upper:Q", y=y
    )
    # A counted zero is a hollow mark on the line of zero: it is a number, and no gap.
    dot = base.mark_point(
        shape=shape, size=size, stroke=colour, strokeWidth=2, opacity=1, filled=False
    ).encode(x=x, y=y, fill=alt.condition("datum.is_zero", alt.value(PAPER), alt.value(colour)))
    return [whisker, dot]
