"""Counted years as a line, years to come as ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from analysis.figures.drawing import Drawing, list_rows, make_form, slot
from analysis.figures.theme import HERE, INK, PROVISIONAL, WIDTH

if TYPE_CHECKING:
    import pandas as pd

PANEL = 96


def chart_outlook(rows: pd.DataFrame, order: list[str]) -> Drawing:
    """Draw series with the ranges of their forecasts, a panel each.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``series`` (label), ``year``, ``count``, ``is_forecast``, ``low_80``,
        ``high_80``, ``low_95``, ``high_95``.
    order : list of str
        Labels, first panel first.

    Returns
    -------
    Drawing
        A chart of panels; each has a scale of its own.
    """
    first, last = int(rows["year"].min()), int(rows["year"].max())
    values = {"domain": [first - 0.5, last + 0.5], "order": order}
    return Drawing(_outlook_form(), values, {"rows": list_rows(rows)})


@make_form
def _outlook_form() -> alt.TopLevelMixin:
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=slot("domain"), nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=False),
    )
    y = alt.Y("count:Q", title=None, axis=alt.Axis(tickCount=3, format=",d"))
    base = alt.Chart()
    counted = base.transform_filter("!datum.is_forecast")
    ahead = base.transform_filter("datum.is_forecast")
    layers = alt.layer(
        counted.mark_line(color=HERE, strokeWidth=2).encode(x=x, y=y),
        counted.mark_point(color=HERE, filled=True, size=22, opacity=1).encode(x=x, y=y),
        ahead.mark_rule(color=PROVISIONAL, strokeWidth=9).encode(
            x=x, y=alt.Y("low_95:Q", title=None), y2="high_95:Q"
        ),
        ahead.mark_rule(color=HERE, strokeWidth=9, opacity=0.75).encode(
            x=x, y=alt.Y("low_80:Q", title=None), y2="high_80:Q"
        ),
        ahead.mark_tick(color=INK, thickness=2, size=12, orient="horizontal").encode(x=x, y=y),
        data=alt.NamedData("rows"),
    ).properties(width=WIDTH - 60, height=PANEL)
    panels: alt.TopLevelMixin = layers.facet(
        row=alt.Row(
            "series:N",
            sort=slot("order"),
            title=None,
            header=alt.Header(labelOrient="top", labelAnchor="start"),
        )
    ).resolve_scale(y="independent")
    return panels
