"""How ready the data are: a row an owner, a column a state, so that no colour has to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from analysis.figures.drawing import Drawing, list_rows, make_form, slot
from analysis.figures.theme import COUNTRY, HERE, REGION

if TYPE_CHECKING:
    import pandas as pd

STEP = 36
COLUMN = 84
SHADES = (HERE, REGION, COUNTRY, COUNTRY)
# Room for the number behind the longest bar.
ROOM = 1.45


def chart_readiness(rows: pd.DataFrame, owners: list[str], states: list[str]) -> Drawing:
    """Count indicators by owner and state.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``owner``, ``state`` (labels; a line break in an owner's name is kept),
        ``indicators`` and ``label`` (the number as text).
    owners, states : list of str
        Labels, first row and first column first; four states.

    Returns
    -------
    Drawing
        A chart of panels with one scale.
    """
    values = {
        "domain": [0.0, max(float(rows["indicators"].max()), 1.0) * ROOM],
        "height": STEP * len(owners),
        "owners": owners,
        "states": states,
    }
    return Drawing(_readiness_form(), values, {"rows": list_rows(rows)})


@make_form
def _readiness_form() -> alt.TopLevelMixin:
    y = alt.Y(
        "owner:N",
        sort=slot("owners"),
        title=None,
        scale=alt.Scale(domain=slot("owners")),
        axis=alt.Axis(
            labelExpr="split(datum.label, '\\n')",
            labelOverlap=False,
            labelLimit=0,
            labelPadding=8,
            ticks=False,
            domain=False,
        ),
    )
    x = alt.X("indicators:Q", title=None, axis=None, scale=alt.Scale(domain=slot("domain")))
    shade = alt.Color(
        "state:N", legend=None, scale=alt.Scale(domain=slot("states"), range=list(SHADES))
    )
    bars = alt.Chart().mark_bar(height=16).encode(x=x, y=y, color=shade)
    numbers = (
        alt.Chart().mark_text(align="left", dx=5, fontSize=12).encode(x=x, y=y, text="label:N")
    )
    layers = alt.layer(
        bars, numbers, data=alt.NamedData("rows"), width=COLUMN, height=slot("height")
    )
    panels: alt.TopLevelMixin = layers.facet(
        column=alt.Column(
            "state:N",
            sort=slot("states"),
            title=None,
            header=alt.Header(labelOrient="top", labelAnchor="start", labelFontSize=13),
        )
    )
    return panels
