"""Law, policy and practice as tiles: a score with its n, or the pattern of why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from analysis.figures.drawing import Drawing, list_rows, make_form, slot
from analysis.figures.states import NO_DATA, NOT_APPLICABLE, SUPPRESSED, check_states, is_number
from analysis.figures.theme import INK, PAPER, QUIET

if TYPE_CHECKING:
    import pandas as pd

TILE_WIDE, TILE_HIGH = 124, 56
# One hue from pale to dark; the number on the tile says the same.
SCORES = {0.0: "#dcebf7", 50.0: "#64a0d0", 100.0: "#0b3f70"}


class ScoreError(ValueError):
    """A score that is none of those that can be given."""


def chart_tiles(rows: pd.DataFrame, areas: list[str], columns: list[str]) -> Drawing:
    """Draw which of law, policy and practice fulfils what is asked, field by field.

    Parameters
    ----------
    rows : pandas.DataFrame
        One a tile: ``area`` (label of the row), ``column`` (law, policy or practice, as a label),
        ``score`` (0, 50 or 100; blank unless the state has a number), ``state``, ``label`` (the
        score, or mark and word of its state) and ``n_label`` (how many indicators; blank where
        there is no score).
    areas, columns : list of str
        Labels, in order.

    Returns
    -------
    Drawing
        Withheld tiles are crossed, tiles without data have a level line, and those to which the
        question does not apply an upright one: as on maps.

    Raises
    ------
    ScoreError
        When a score is none of 0, 50 and 100: an average of averages is no tile.
    StateError
        When a row without a number holds one.
    """
    checked = check_states(rows, ["score"])
    wrong = [v for v in checked.loc[is_number(checked), "score"] if v not in SCORES]
    if wrong:
        msg = f"A tile has the score {wrong[0]:g}. Expected 0, 50 or 100; averages are no tiles."
        raise ScoreError(msg)
    shown = is_number(checked)
    told = checked[["area", "column", "state", "label", "n_label"]].assign(
        is_dark=checked["score"].eq(max(SCORES)), is_shown=shown
    )
    filled = checked.loc[shown, ["area", "column", "score"]]
    silent = checked.loc[~shown, ["area", "column", "state"]]
    values = {
        "areas": areas,
        "columns": columns,
        "height": TILE_HIGH * len(areas),
        "width": TILE_WIDE * len(columns),
    }
    datasets = {"filled": list_rows(filled), "silent": list_rows(silent), "words": list_rows(told)}
    return Drawing(_tiles_form(), values, datasets)


@make_form
def _tiles_form() -> alt.TopLevelMixin:
    across = alt.Scale(domain=slot("columns"), paddingInner=0.06, paddingOuter=0.0)
    down = alt.Scale(domain=slot("areas"), paddingInner=0.1, paddingOuter=0.0)
    top = alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, labelLimit=TILE_WIDE)
    side = alt.Axis(ticks=False, domain=False, labelPadding=9, labelLimit=300)
    x = alt.X("column:N", sort=slot("columns"), title=None, scale=across, axis=top)
    y = alt.Y("area:N", sort=slot("areas"), title=None, scale=down, axis=side)
    colour = alt.Color(
        "score:Q",
        scale=alt.Scale(type="ordinal", domain=list(SCORES), range=list(SCORES.values())),
        legend=None,
    )
    silent = alt.Chart(alt.NamedData("silent"))
    words = alt.Chart(alt.NamedData("words"))
    ink = alt.condition("datum.is_dark", alt.value(PAPER), alt.value(INK))
    layers = [
        alt.Chart(alt.NamedData("filled")).mark_rect(stroke=QUIET).encode(x=x, y=y, color=colour),
        silent.mark_rect(fill=PAPER, stroke=QUIET, strokeDash=[4, 3]).encode(x=x, y=y),
        _stroke(silent, SUPPRESSED, (0.0, 0.0, 1.0, 1.0), x, y),
        _stroke(silent, SUPPRESSED, (0.0, 1.0, 1.0, 0.0), x, y),
        _stroke(silent, NO_DATA, (0.0, 0.5, 1.0, 0.5), x, y),
        _stroke(silent, NOT_APPLICABLE, (0.5, 0.0, 0.5, 1.0), x, y),
        # On a plate of paper, so that the lines of a pattern do not run through the word.
        words.transform_filter("!datum.is_shown")
        .mark_text(fontSize=13, stroke=PAPER, strokeWidth=7, strokeJoin="round")
        .encode(x=x, y=y, text="label:N"),
        words.transform_filter("!datum.is_shown")
        .mark_text(fontSize=13)
        .encode(x=x, y=y, text="label:N"),
        words.transform_filter("datum.is_shown")
        .mark_text(dy=-7, fontWeight="bold", fontSize=15)
        .encode(x=x, y=y, text="label:N", color=ink),
        words.transform_filter("datum.is_shown")
        .mark_text(dy=11, fontSize=12)
        .encode(x=x, y=y, text="n_label:N", color=ink),
    ]
    return alt.layer(*layers, width=slot("width"), height=slot("height"))


def _stroke(
    silent: alt.Chart, state: str, ends: tuple[float, float, float, float], x: alt.X, y: alt.Y
) -> alt.Chart:
    """Draw a line through the tiles of a state, between two places of each."""
    left, low, right, high = ends
    start_x, start_y = x.copy(), y.copy()
    start_x["bandPosition"], start_y["bandPosition"] = left, low
    line: alt.Chart = (
        silent.transform_filter(f"datum.state == '{state}'")
        .mark_rule(color=QUIET, strokeWidth=1)
        .encode(
            x=start_x,
            y=start_y,
            x2=alt.X2("column:N", bandPosition=right),
            y2=alt.Y2("area:N", bandPosition=high),
        )
    )
    return line
