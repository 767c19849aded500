"""The charts of a municipal profile.

Each takes a tidy frame of protected numbers and labels that are already in the reader's
language, and gives a specification. Nothing here reads a file or knows a language.
"""

from __future__ import annotations

from typing import Literal

import altair as alt
import pandas as pd

from analysis.figures.theme import (
    COUNTRY,
    HERE,
    INK,
    OTHERS,
    PROVISIONAL,
    QUIET,
    REGION,
    WIDTH,
)

BAR = 15
STRIP = 34


def chart_change(
    named: pd.DataFrame, everyone: pd.DataFrame, axis: str, others: str
) -> alt.TopLevelMixin:
    """Compare the change of residents of an area with its region, its country and all others.

    Parameters
    ----------
    named : pandas.DataFrame
        Columns ``area`` (label), ``pct``, ``label`` (the number as text) and ``rank``
        (0 this area, 1 region, 2 country).
    everyone : pandas.DataFrame
        Column ``pct``: one row a municipality. They are drawn as ticks without names, because
        this is no league table.
    axis, others : str
        Title of the axis; label of the row of ticks.

    Returns
    -------
    altair.TopLevelMixin
        A layered chart.
    """
    order = [*named.sort_values("rank")["area"], others]
    ticks = everyone.assign(area=others)
    low = min(float(everyone["pct"].min()), 0.0)
    high = max(float(everyone["pct"].max()), 0.0)
    x = alt.X("pct:Q", title=axis, scale=alt.Scale(domain=[low, high], nice=True))
    y = alt.Y("area:N", sort=order, title=None, scale=alt.Scale(domain=order))
    colour = alt.Color(
        "rank:O", scale=alt.Scale(domain=[0, 1, 2], range=[HERE, REGION, COUNTRY]), legend=None
    )
    bars = alt.Chart(named).mark_bar(height=BAR).encode(x=x, y=y, color=colour)
    left = named.loc[named["pct"] < 0]
    right = named.loc[named["pct"] >= 0]
    sides: tuple[tuple[pd.DataFrame, Literal["left", "right"], int], ...] = (
        (left, "right", -6),
        (right, "left", 6),
    )
    layers: list[alt.Chart] = [
        alt.Chart(ticks).mark_tick(color=OTHERS, thickness=2, size=20).encode(x=x, y=y),
        bars,
    ]
    for part, align, shift in sides:
        if len(part):
            layers.append(
                alt.Chart(part)
                .mark_text(align=align, dx=shift, fontWeight="bold")
                .encode(x=x, y=y, text="label:N")
            )
    zero = alt.Chart(pd.DataFrame({"pct": [0.0]})).mark_rule(color=INK).encode(x="pct:Q")
    return alt.layer(*layers, zero).properties(width=WIDTH - 160, height=STRIP * len(order))


def chart_registered(
    rows: pd.DataFrame, withheld_label: str, provisional_label: str, years: list[int]
) -> alt.TopLevelMixin:
    """Show how many persons are registered, by year, a panel for each kind of person.

    Stocks only. A withheld year has a mark and no bar; a year without a figure has neither.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``kind`` (label), ``order``, ``year``, ``persons`` (blank where withheld),
        ``label``, ``is_withheld``, ``is_provisional``.
    withheld_label, provisional_label : str
        Words of the legend.
    years : list of int
        The years of the axis, so that gaps show as gaps.

    Returns
    -------
    altair.TopLevelMixin
        A chart of panels.
    """
    kinds = list(rows.sort_values("order")["kind"].drop_duplicates())
    base = alt.Chart().encode(
        x=alt.X("year:O", title=None, scale=alt.Scale(domain=years), axis=_year_axis(years))
    )
    y = alt.Y("persons:Q", title=None, axis=alt.Axis(tickCount=3, format=",d"))
    bars = (
        base.transform_filter("!datum.is_withheld")
        .mark_bar(width={"band": 0.72})
        .encode(
            y=y,
            color=alt.condition("datum.is_provisional", alt.value(PROVISIONAL), alt.value(HERE)),
        )
    )
    numbers = (
        base.transform_filter("!datum.is_withheld")
        .mark_text(dy=-7, fontSize=10)
        .encode(y=y, text="label:N")
    )
    marks = (
        base.transform_filter("datum.is_withheld")
        .mark_text(text="×", fontSize=13, dy=-6, color=QUIET)
        .encode(y=alt.YDatum(0))
    )
    legend = " · ".join([f"×  {withheld_label}", provisional_label]).strip(" ·")
    panels: alt.TopLevelMixin = (
        alt.layer(bars, numbers, marks, data=rows)
        .properties(width=WIDTH - 60, height=84)
        .facet(
            row=alt.Row(
                "kind:N",
                sort=kinds,
                title=None,
                header=alt.Header(labelOrient="top", labelAnchor="start"),
            ),
            title=alt.TitleParams(
                legend, anchor="start", fontSize=12, fontWeight="normal", color=QUIET
            ),
        )
        .resolve_scale(y="independent")
    )
    return panels


def chart_applications(rows: pd.DataFrame, axis: str, provisional_label: str) -> alt.TopLevelMixin:
    """Show applications for asylum by year: a flow, counted through the year.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``year``, ``count``, ``label``, ``is_provisional``.
    axis, provisional_label : str

    Returns
    -------
    altair.TopLevelMixin
        A layered chart.
    """
    return _yearly_bars(rows, axis, provisional_label)


def chart_route(rows: pd.DataFrame, axis: str, provisional_label: str) -> alt.TopLevelMixin:
    """Show detections on the route by year: crossings, not persons.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``year``, ``count``, ``label``, ``is_provisional``; whole years only.
    axis, provisional_label : str

    Returns
    -------
    altair.TopLevelMixin
        A layered chart.
    """
    return _yearly_bars(rows, axis, provisional_label)


def _yearly_bars(rows: pd.DataFrame, axis: str, provisional_label: str) -> alt.TopLevelMixin:
    years = sorted(int(y) for y in rows["year"])
    x = alt.X("year:O", title=None, axis=_year_axis(years))
    y = alt.Y("count:Q", title=axis, axis=alt.Axis(tickCount=4, format=",d"))
    bars = (
        alt.Chart(rows)
        .mark_bar(width={"band": 0.72})
        .encode(
            x=x,
            y=y,
            color=alt.condition("datum.is_provisional", alt.value(PROVISIONAL), alt.value(HERE)),
        )
    )
    numbers = alt.Chart(rows).mark_text(dy=-7, fontSize=10).encode(x=x, y=y, text="label:N")
    title = alt.TitleParams(
        provisional_label, anchor="start", fontSize=12, fontWeight="normal", color=QUIET
    )
    return alt.layer(bars, numbers).properties(width=WIDTH - 60, height=190, title=title)


def _year_axis(years: list[int]) -> alt.Axis:
    every = 1 if len(years) <= 16 else 2  # noqa: PLR2004  # what fits beside each other at 13 px
    shown = [y for y in years if (years[-1] - y) % every == 0]
    return alt.Axis(labelAngle=0, values=shown, ticks=False)
