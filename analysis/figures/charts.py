"""The charts of a municipal profile.

Each takes a tidy frame of protected numbers and labels that are already in the reader's
language, and gives a specification. Nothing here reads a file or knows a language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import altair as alt

from analysis.figures.drawing import Drawing, list_rows, make_form, slot
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

if TYPE_CHECKING:
    import pandas as pd

BAR = 15
STRIP = 34


def chart_change(named: pd.DataFrame, everyone: pd.DataFrame, axis: str, others: str) -> Drawing:
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
    Drawing
        A layered chart.
    """
    order = [*named.sort_values("rank")["area"], others]
    low = min(float(everyone["pct"].min()), 0.0)
    high = max(float(everyone["pct"].max()), 0.0)
    bars = list_rows(named)
    datasets = {
        "everyone": list_rows(everyone.assign(area=others)),
        "named": bars,
        "losses": [row for row in bars if row["pct"] is not None and row["pct"] < 0],
        "gains": [row for row in bars if row["pct"] is not None and row["pct"] >= 0],
        "zero": [{"pct": 0.0}],
    }
    values = {
        "axis": axis,
        "domain": [low, high],
        "order": order,
        "height": STRIP * len(order),
    }
    form = _change_form(bool(datasets["losses"]), bool(datasets["gains"]))
    return Drawing(form, values, datasets)


@make_form
def _change_form(has_losses: bool, has_gains: bool) -> alt.TopLevelMixin:  # noqa: FBT001
    x = alt.X("pct:Q", title=slot("axis"), scale=alt.Scale(domain=slot("domain"), nice=True))
    y = alt.Y("area:N", sort=slot("order"), title=None, scale=alt.Scale(domain=slot("order")))
    colour = alt.Color(
        "rank:O", scale=alt.Scale(domain=[0, 1, 2], range=[HERE, REGION, COUNTRY]), legend=None
    )
    sides: tuple[tuple[str, bool, Literal["left", "right"], int], ...] = (
        ("losses", has_losses, "right", -6),
        ("gains", has_gains, "left", 6),
    )
    ticks = alt.Chart(alt.NamedData("everyone")).mark_tick(color=OTHERS, thickness=2, size=20)
    layers = [
        ticks.encode(x=x, y=y),
        alt.Chart(alt.NamedData("named")).mark_bar(height=BAR).encode(x=x, y=y, color=colour),
    ]
    layers += [
        alt.Chart(alt.NamedData(part))
        .mark_text(align=align, dx=shift, fontWeight="bold")
        .encode(x=x, y=y, text="label:N")
        for part, has_rows, align, shift in sides
        if has_rows
    ]
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=INK).encode(x="pct:Q")
    # Not by properties(), which would want a number for the height at once.
    return alt.layer(*layers, zero, width=WIDTH - 160, height=slot("height"))


def chart_registered(
    rows: pd.DataFrame, withheld_label: str, provisional_label: str, years: list[int]
) -> Drawing:
    """Show how many persons are registered, by year, a panel for each kind of person.

    Stocks only. A withheld year has a mark and no bar; a year without a figure has neither.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``kind`` (label), ``order``, ``year``, ``persons`` (blank where withheld),
        ``label``, ``is_withheld``, ``is_provisional``.
    withheld_label, provisional_label : str
        Words of the legend; each stands there where something is so.
    years : list of int
        The years of the axis, so that gaps show as gaps.

    Returns
    -------
    Drawing
        A chart of panels.
    """
    kinds = list(rows.sort_values("order")["kind"].drop_duplicates())
    # A mark is explained where it is drawn, and nowhere else.
    told = [f"×  {withheld_label}"] if rows["is_withheld"].any() else []
    told += [provisional_label] if provisional_label and rows["is_provisional"].any() else []
    legend = " · ".join(told)
    values = {"kinds": kinds, "legend": legend, "years": years, "ticks": _ticks(years)}
    return Drawing(_registered_form(), values, {"rows": list_rows(rows)})


@make_form
def _registered_form() -> alt.TopLevelMixin:
    base = alt.Chart().encode(
        x=alt.X("year:O", title=None, scale=alt.Scale(domain=slot("years")), axis=_year_axis())
    )
    y = alt.Y("persons:Q", title=None, axis=alt.Axis(tickCount=3, format=",d"))
    shown = base.transform_filter("!datum.is_withheld")
    bars = shown.mark_bar(width={"band": 0.72}).encode(y=y, color=_provisional())
    numbers = shown.mark_text(dy=-7, fontSize=10).encode(y=y, text="label:N")
    marks = (
        base.transform_filter("datum.is_withheld")
        .mark_text(text="×", fontSize=13, dy=-6, color=QUIET)
        .encode(y=alt.YDatum(0))
    )
    panels: alt.TopLevelMixin = (
        alt.layer(bars, numbers, marks, data=alt.NamedData("rows"))
        .properties(width=WIDTH - 60, height=84)
        .facet(
            row=alt.Row(
                "kind:N",
                sort=slot("kinds"),
                title=None,
                header=alt.Header(labelOrient="top", labelAnchor="start"),
            ),
            title=_small_title(slot("legend")),
        )
        .resolve_scale(y="independent")
    )
    return panels


def chart_applications(rows: pd.DataFrame, axis: str, provisional_label: str) -> Drawing:
    """Show applications for asylum by year: a flow, counted through the year.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``year``, ``count``, ``label``, ``is_provisional``.
    axis, provisional_label : str

    Returns
    -------
    Drawing
        A layered chart.
    """
    return _yearly_bars(rows, axis, provisional_label)


def chart_route(rows: pd.DataFrame, axis: str, provisional_label: str) -> Drawing:
    """Show detections on the route by year: crossings, not persons.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``year``, ``count``, ``label``, ``is_provisional``; whole years only.
    axis, provisional_label : str

    Returns
    -------
    Drawing
        A layered chart.
    """
    return _yearly_bars(rows, axis, provisional_label)


def _yearly_bars(rows: pd.DataFrame, axis: str, provisional_label: str) -> Drawing:
    years = sorted(int(y) for y in rows["year"])
    values = {"axis": axis, "ticks": _ticks(years), "title": provisional_label}
    return Drawing(_yearly_form(), values, {"rows": list_rows(rows)})


@make_form
def _yearly_form() -> alt.TopLevelMixin:
    x = alt.X("year:O", title=None, axis=_year_axis())
    y = alt.Y("count:Q", title=slot("axis"), axis=alt.Axis(tickCount=4, format=",d"))
    base = alt.Chart(alt.NamedData("rows"))
    bars = base.mark_bar(width={"band": 0.72}).encode(x=x, y=y, color=_provisional())
    numbers = base.mark_text(dy=-7, fontSize=10).encode(x=x, y=y, text="label:N")
    return alt.layer(bars, numbers).properties(
        width=WIDTH - 60, height=190, title=_small_title(slot("title"))
    )


def _provisional() -> Any:
    return alt.condition("datum.is_provisional", alt.value(PROVISIONAL), alt.value(HERE))


def _small_title(text: str) -> alt.TitleParams:
    return alt.TitleParams(text, anchor="start", fontSize=12, fontWeight="normal", color=QUIET)


def _year_axis() -> alt.Axis:
    return alt.Axis(labelAngle=0, values=slot("ticks"), ticks=False)


def _ticks(years: list[int]) -> list[int]:
    every = 1 if len(years) <= 16 else 2  # noqa: PLR2004  # what fits beside each other at 13 px
    return [y for y in years if (years[-1] - y) % every == 0]
