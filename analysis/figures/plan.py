"""A plan over time: what was planned beside what was done, from dates and not from feeling."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import altair as alt

from analysis.figures.drawing import Drawing, list_rows, make_form, slot
from analysis.figures.theme import HERE, INK, PAPER, QUIET, REGION

if TYPE_CHECKING:
    import pandas as pd

STEP = 40
PLOT = 420
PLANNED, ACTUAL = 20, 8
DATES = ("plan_start", "plan_end", "actual_start", "actual_end")
DAY = 86_400_000


class PlanError(ValueError):
    """A date of a plan that is none, or that lies before its beginning."""


def chart_plan(rows: pd.DataFrame, day: str, day_label: str) -> Drawing:
    """Draw tasks as planned (hollow) and as done (full), a line each.

    Parameters
    ----------
    rows : pandas.DataFrame
        In order. Columns ``task`` (label), ``plan_start``, ``plan_end``, ``actual_start``,
        ``actual_end`` (ISO days; blank where there is none) and ``label`` (how it stands, in
        words).
    day : str
        ISO day on which the plan was looked at. What has begun and has no end is drawn up to it,
        and open at that end.
    day_label : str
        What the line of that day is called.

    Returns
    -------
    Drawing
        A layered chart. A task without dates has its words and no bar.

    Raises
    ------
    PlanError
        When a date is none, an end comes before its beginning or without one, or something was
        done after the day.
    """
    end = _moment(day, "the day of the plan")
    planned, done, words = [], [], []
    for row in list_rows(rows):
        found = {
            name: _moment(row[name], f"'{row['task']}'") if row[name] else None for name in DATES
        }
        _check(str(row["task"]), found, end)
        if found["plan_start"] is not None:
            planned.append(
                {"task": row["task"], "from": found["plan_start"], "to": found["plan_end"]}
            )
        if found["actual_start"] is not None:
            is_open = found["actual_end"] is None
            done.append(
                {
                    "task": row["task"],
                    "from": found["actual_start"],
                    "to": end if is_open else found["actual_end"],
                    "is_open": is_open,
                }
            )
        words.append({"task": row["task"], "label": row["label"]})
    moments = [m for row in (*planned, *done) for m in (row["from"], row["to"])]
    values = {
        "domain": [min([*moments, end]), max([*moments, end])],
        "height": STEP * len(words),
        "order": [str(row["task"]) for row in words],
    }
    datasets = {
        "planned": planned,
        "done": done,
        "words": words,
        "day": [{"at": end, "label": day_label}],
    }
    return Drawing(_plan_form(), values, datasets)


def _moment(text: str, whose: str) -> int:
    try:
        found = dt.date.fromisoformat(str(text))
    except ValueError:
        msg = f"{whose} has the date '{text}'. Expected year-month-day, such as 2026-05-31."
        raise PlanError(msg) from None
    return (found.toordinal() - dt.date(1970, 1, 1).toordinal()) * DAY


def _check(task: str, found: dict[str, int | None], day: int) -> None:
    for start_name, end_name in (("plan_start", "plan_end"), ("actual_start", "actual_end")):
        start, end = found[start_name], found[end_name]
        if end is not None and (start is None or end < start):
            msg = f"'{task}' ends ('{end_name}') before it begins. Mend '{start_name}'."
            raise PlanError(msg)
    if found["plan_start"] is not None and found["plan_end"] is None:
        msg = f"'{task}' is planned without an end. Give 'plan_end', or leave both blank."
        raise PlanError(msg)
    late = [n for n in ("actual_start", "actual_end") if (found[n] or day) > day]
    if late:
        msg = f"'{task}' was done after the day of the plan ('{late[0]}'). Mend one of both dates."
        raise PlanError(msg)


@make_form
def _plan_form() -> alt.TopLevelMixin:
    scale = alt.Scale(type="utc", domain=slot("domain"), nice="month")
    months = alt.Axis(format="%m.%Y", tickCount=6, labelOverlap=True, orient="bottom")
    x = alt.X("from:T", title=None, scale=scale, axis=months)
    y = alt.Y(
        "task:N",
        sort=slot("order"),
        title=None,
        scale=alt.Scale(domain=slot("order")),
        axis=alt.Axis(ticks=False, domain=False, labelPadding=9, labelLimit=270),
    )
    day = alt.Chart(alt.NamedData("day")).encode(x=alt.X("at:T", scale=scale, title=None))
    done = alt.Chart(alt.NamedData("done"))
    layers = [
        alt.Chart(alt.NamedData("planned"))
        .mark_bar(height=PLANNED, fill=PAPER, stroke=QUIET, strokeWidth=1.5)
        .encode(x=x, x2="to:T", y=y),
        done.mark_bar(height=ACTUAL, color=HERE).encode(x=x, x2="to:T", y=y),
        done.transform_filter("datum.is_open")
        .mark_point(shape="triangle-right", size=110, color=HERE, filled=True, opacity=1)
        .encode(x=alt.X("to:T", title=None), y=y),
        day.mark_rule(color=REGION, strokeDash=[5, 3], strokeWidth=1.5),
        day.mark_text(baseline="bottom", dy=-5, color=INK, fontSize=12).encode(
            y=alt.value(0), text="label:N"
        ),
        alt.Chart(alt.NamedData("words"))
        .mark_text(align="left", fontSize=12)
        .encode(x=alt.value(PLOT + 10), y=y, text="label:N"),
    ]
    return alt.layer(*layers, width=PLOT, height=slot("height"))
