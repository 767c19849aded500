"""How many are there at the end of each year, against how many there is room and staff for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from analysis.figures.drawing import Drawing, list_rows, make_form, slot
from analysis.figures.lines import cut_lines
from analysis.figures.states import check_states, is_number
from analysis.figures.theme import HERE, INK, PAPER, PROVISIONAL, QUIET, REGION, WIDTH

if TYPE_CHECKING:
    import pandas as pd

HIGH = 210
CAPACITIES = 2


class CapacityError(ValueError):
    """Capacities that are not the two that a stock is held against."""


def chart_capacity(stock: pd.DataFrame, capacity: pd.DataFrame, axis: str) -> Drawing:
    """Draw a stock as an area against two capacity lines.

    Parameters
    ----------
    stock : pandas.DataFrame
        Stocks only. Columns ``year``, ``persons`` (blank unless the state has a number), ``state``
        and ``word`` (mark and word of a state without a number).
    capacity : pandas.DataFrame
        Columns ``kind`` (label; two of them), ``rank`` (0 and 1), ``year`` and ``places``. A year
        without a row is a gap.
    axis : str
        What is counted.

    Returns
    -------
    Drawing
        A layered chart. The two lines differ in dash and have their names at their ends.

    Raises
    ------
    CapacityError
        When there are not two capacities.
    StateError
        When a row without a number holds one.
    """
    checked = check_states(stock, ["persons"])
    if sorted(set(capacity["rank"])) != list(range(CAPACITIES)):
        msg = (
            f"The ranks of capacities are {sorted(set(capacity['rank']))}. Expected 0 and 1, such "
            f"as the places there are and the places that have staff."
        )
        raise CapacityError(msg)
    drawn = cut_lines(checked.assign(series="", break_word=""))
    shown = drawn.loc[is_number(drawn)]
    places = cut_lines(capacity.assign(series=capacity["kind"], state="value", break_word=""))
    ends = places.loc[places.groupby("rank")["year"].idxmax(), ["year", "places", "kind", "rank"]]
    years = sorted({*map(int, stock["year"]), *map(int, capacity["year"])})
    top = max([*shown["persons"], *places["places"]])
    values = {"axis": axis, "domain": [years[0], years[-1]], "high": [0, top], "ticks": years}
    datasets = {
        "ends": list_rows(ends),
        "places": list_rows(places[["year", "places", "rank", "stretch"]]),
        "silent": list_rows(drawn.loc[~is_number(drawn), ["year", "word"]]),
        "stock": list_rows(
            shown[["year", "persons", "stretch"]].assign(
                is_zero=shown["persons"].eq(0),
                is_alone=shown.groupby("stretch")["year"].transform("size").eq(1),
            )
        ),
    }
    return Drawing(_capacity_form(), values, datasets)


@make_form
def _capacity_form() -> alt.TopLevelMixin:
    high = alt.Scale(domain=slot("high"), nice=True)
    x = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=slot("domain"), nice=False),
        axis=alt.Axis(values=slot("ticks"), format="d", grid=False, labelAngle=0),
    )
    count = alt.Axis(tickCount=4, format=",d")
    # Never stacked: stretches would be filled up with zeros across their gaps.
    y = alt.Y("persons:Q", title=slot("axis"), scale=high, axis=count, stack=None)
    room = alt.Y("places:Q", title=slot("axis"), scale=high, axis=count)
    stock = alt.Chart(alt.NamedData("stock"))
    dash = alt.StrokeDash(
        "rank:O", scale=alt.Scale(domain=[0, 1], range=[[1, 0], [6, 4]]), legend=None
    )
    colour = alt.Color("rank:O", scale=alt.Scale(domain=[0, 1], range=[INK, REGION]), legend=None)
    layers = [
        stock.mark_area(color=PROVISIONAL, opacity=0.55, line={"color": HERE}).encode(
            x=x, y=y, detail="stretch:N"
        ),
        # One year alone has no area: a bar of its own says that it stands for a number.
        stock.transform_filter("datum.is_alone")
        .mark_bar(color=PROVISIONAL, width=7)
        .encode(x=x, y=y),
        stock.mark_point(
            shape="circle", size=34, stroke=HERE, strokeWidth=2, opacity=1, filled=False
        ).encode(x=x, y=y, fill=alt.condition("datum.is_zero", alt.value(PAPER), alt.value(HERE))),
        alt.Chart(alt.NamedData("places"))
        .mark_line(strokeWidth=2, interpolate="step-after")
        .encode(x=x, y=room, detail=["stretch:N", "rank:O"], strokeDash=dash, color=colour),
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=8, fontSize=12)
        .encode(x=x, y=room, text="kind:N"),
        alt.Chart(alt.NamedData("silent"))
        .mark_text(angle=270, align="left", fontSize=11, dx=3, color=QUIET)
        .encode(x=x, y=alt.value(HIGH), text="word:N"),
    ]
    return alt.layer(*layers, width=WIDTH - 220, height=HIGH)
