"""Series as lines: a break or a gap cuts the line, an interval is a band, one point is a dot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from analysis.figures.drawing import Drawing, list_rows, make_form, slot
from analysis.figures.states import check_states, is_number
from analysis.figures.theme import HERE, INK, PAPER, PROVISIONAL, QUIET, WIDTH

if TYPE_CHECKING:
    import pandas as pd

PANEL = 118
# Fewer points say nothing about a course, so nothing joins them.
LEAST_POINTS = 5
MOST_LABELS = 16


def chart_lines(rows: pd.DataFrame, order: list[str], years: list[int], axis: str) -> Drawing:
    """Draw series over years, a panel each.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``series`` (label), ``year``, ``value``, ``lower``, ``upper`` (blank where there is
        none), ``state``, ``word`` (short, mark and word of a state without a number) and
        ``break_word`` (blank; or why this year and the year before it cannot be compared). It is
        not changed.
    order : list of str
        Labels, first panel first.
    years : list of int
        Years of the axis, so that gaps show as gaps.
    axis : str
        What is counted.

    Returns
    -------
    Drawing
        A chart of panels with one scale each. Years of one stretch are joined where the series has
        five numbers or more.

    Raises
    ------
    StateError
        When a row without a number holds one.
    """
    checked = check_states(rows, ["value", "lower", "upper"])
    drawn = cut_lines(checked)
    shown = drawn.loc[is_number(drawn)]
    lengths = shown.groupby(["series", "stretch"])["year"].transform("size")
    many = shown.groupby("series")["year"].transform("size") >= LEAST_POINTS
    breaks = drawn.loc[drawn["break_word"].ne("")]
    columns = ["series", "year", "value", "lower", "upper", "stretch"]
    points = shown[columns].assign(is_zero=shown["value"].eq(0), is_joined=(lengths > 1) & many)
    silent = drawn.loc[~is_number(drawn), ["series", "year", "word"]]
    every = 1 if len(years) <= MOST_LABELS else 2
    values = {
        "axis": axis,
        "domain": [years[0] - 0.5, years[-1] + 0.5],
        "order": order,
        "ticks": [y for y in years if (years[-1] - y) % every == 0],
    }
    # One table for all layers: panels are made of one table only.
    table = [
        *({"part": "point", **row} for row in list_rows(points)),
        *({"part": "silent", **row} for row in list_rows(silent)),
        *(
            {"part": "break", "series": row["series"], "at": row["year"] - 0.5, "word": row["why"]}
            for row in list_rows(
                breaks[["series", "year", "break_word"]].rename(columns={"break_word": "why"})
            )
        ),
    ]
    return Drawing(_lines_form(), values, {"rows": table})


def cut_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Count out the stretches of series within which years may be joined.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``series``, ``year``, ``state`` and ``break_word``. They are not changed.

    Returns
    -------
    pandas.DataFrame
        By series and year, with a column ``stretch``: a new one begins at a break, and behind a
        year without a number or without a row.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"series": "s", "year": [2020, 2021, 2023, 2024], "state": "value"})
    >>> cut_lines(rows.assign(break_word=["", "", "", "census"]))["stretch"].tolist()
    [0, 0, 1, 2]
    """
    ordered = rows.sort_values(["series", "year"], kind="stable").reset_index(drop=True)
    before = ordered.groupby("series")["year"].shift()
    was_number = is_number(ordered).groupby(ordered["series"]).shift(fill_value=False)
    joins = (
        ordered["year"].eq(before + 1)
        & was_number
        & is_number(ordered)
        & ordered["break_word"].eq("")
    )
    starts = (~joins).groupby(ordered["series"]).cumsum()
    return ordered.assign(stretch=starts.astype(int) - 1)


@make_form
def _lines_form() -> alt.TopLevelMixin:
    scale = alt.Scale(domain=slot("domain"), nice=False)
    ticks = alt.Axis(values=slot("ticks"), format="d", grid=False, labelAngle=0)
    x = alt.X("year:Q", title=None, scale=scale, axis=ticks)
    y = alt.Y("value:Q", title=slot("axis"), axis=alt.Axis(tickCount=3), scale=alt.Scale(zero=True))
    part = {
        name: alt.Chart().transform_filter(f"datum.part == '{name}'")
        for name in ("point", "silent", "break")
    }
    joined = part["point"].transform_filter("datum.is_joined")
    bounded = part["point"].transform_filter("isValid(datum.lower) && isValid(datum.upper)")
    low = alt.Y("lower:Q", title=slot("axis"))
    layers = alt.layer(
        bounded.transform_filter("datum.is_joined")
        .mark_area(color=PROVISIONAL, opacity=0.45)
        .encode(x=x, y=low, y2="upper:Q", detail="stretch:N"),
        bounded.transform_filter("!datum.is_joined")
        .mark_rule(color=PROVISIONAL, strokeWidth=3)
        .encode(x=x, y=low, y2="upper:Q"),
        joined.mark_line(color=HERE, strokeWidth=2).encode(x=x, y=y, detail="stretch:N"),
        part["point"]
        .mark_point(shape="circle", size=34, stroke=HERE, strokeWidth=2, opacity=1, filled=False)
        .encode(x=x, y=y, fill=alt.condition("datum.is_zero", alt.value(PAPER), alt.value(HERE))),
        part["break"]
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(x=alt.X("at:Q", scale=scale, title=None)),
        part["break"]
        .mark_text(align="left", dx=4, fontSize=12, baseline="top", color=INK)
        .encode(x=alt.X("at:Q", scale=scale, title=None), y=alt.value(-12), text="word:N"),
        part["silent"]
        .mark_text(angle=270, align="left", fontSize=11, dx=3, color=QUIET)
        .encode(x=x, y=alt.value(PANEL), text="word:N"),
        data=alt.NamedData("rows"),
    ).properties(width=WIDTH - 80, height=PANEL)
    panels: alt.TopLevelMixin = layers.facet(
        row=alt.Row(
            "series:N",
            sort=slot("order"),
            title=None,
            header=alt.Header(labelOrient="top", labelAnchor="start", labelPadding=16),
        )
    ).resolve_scale(y="independent")
    return panels
