"""Tables of what methods found: rates beside the country, and which way series go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.model import Bullets, Column, Table
from analysis.documents.statements.rates import SHORT_STANDINGS
from analysis.documents.statements.trends import (
    MARKER_WORDS,
    WORDS,
    read_direction,
    say_trend,
)
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment.rates import Rate
    from analysis.assessment.trends import Trend
    from analysis.documents.model import Block, Bound
    from analysis.documents.wording import Wording


def rates_table(rates: Sequence[Rate], w: Wording, name: str = "rates") -> Table:
    """List counts in relation to residents, with interval, the country's rate and the standing."""
    rows = tuple(_rate_row(rate, w) for rate in rates)
    heads = (
        (mark("Figure"), False),
        (mark("Year"), False),
        (mark("Number"), True),
        (mark("Residents"), True),
        (mark("Per 1,000 residents"), True),
        (mark("95 % interval: from"), True),
        (mark("95 % interval: to"), True),
        (mark("The country"), True),
        (mark("Beside it"), False),
    )
    return Table(
        name,
        w.translate("In relation to residents, beside the country"),
        tuple(Column(w.translate(head), is_number=number) for head, number in heads),
        rows,
        (
            w.translate(
                "Intervals by Byar's method, exact below ten. “Similar” means that the country's "
                "rate lies inside the interval. Better and worse are said only where the "
                "catalogue says which direction is good."
            ),
        ),
    )


def _rate_row(rate: Rate, w: Wording) -> tuple[str | Bound, ...]:
    return (
        w.indicator(rate.indicator),
        str(rate.count.year),
        w.cell(rate.count),
        w.number(rate.residents),
        w.number(rate.rate),
        w.lower(rate.rate),
        w.upper(rate.rate),
        w.number(rate.benchmark),
        w.translate(SHORT_STANDINGS[rate.standing]),
    )


def trend_blocks(trends: Sequence[Trend], w: Wording, name: str = "trends") -> list[Block]:
    """Show which way series go: a table of those that were judged, a line for each that was not.

    Parameters
    ----------
    trends : sequence of Trend
    w : Wording
    name : str
        Name of the table.

    Returns
    -------
    list of Block
    """
    judged = [t for t in trends if t.change.is_number]
    silent = [t for t in trends if not t.change.is_number]
    blocks: list[Block] = []
    if len({t.series.area.area_id for t in trends}) > 1:
        ids = list(dict.fromkeys(t.series.indicator.indicator_id for t in judged))
        for i in ids:
            same = [t for t in judged if t.series.indicator.indicator_id == i]
            # What the columns mean is said once, under the last of the tables.
            notes = (_meaning(w),) if i == ids[-1] else ()
            blocks.append(_trends_table(same, w, f"{name}_{i}", notes, by_place=True))
    elif judged:
        blocks.append(_trends_table(judged, w, name, (_meaning(w),), by_place=False))
    if silent:
        blocks.append(Bullets(tuple(say_trend(t, w) for t in silent)))
    return blocks


def _meaning(w: Wording) -> str:
    return w.translate(
        "“Which way” comes from a quasi-Poisson test with false discoveries held to one in "
        "ten among the areas judged together, and the direction has to survive leaving "
        "out any single year. The OHID marker is another rule, shown for comparison."
    )


def _trends_table(
    trends: Sequence[Trend], w: Wording, name: str, notes: tuple[str, ...], *, by_place: bool
) -> Table:
    """List which way series go: by figure, or one figure by place under its own name."""
    rows = tuple(_trend_row(trend, w, by_place=by_place) for trend in trends)
    heads = (
        (mark("Place"), False) if by_place else (mark("Figure"), False),
        (mark("Years"), False),
        (mark("Which way"), False),
        (mark("Change a year"), True),
        (mark("95 % interval: from"), True),
        (mark("95 % interval: to"), True),
        (mark("Without 2020 and 2021"), False),
        (mark("OHID marker, last five years"), False),
    )
    return Table(
        name,
        w.indicator(trends[0].series.indicator)
        if by_place
        else w.translate("Which way the series go"),
        tuple(Column(w.translate(head), is_number=number) for head, number in heads),
        rows,
        notes,
    )


def _trend_row(trend: Trend, w: Wording, *, by_place: bool) -> tuple[str | Bound, ...]:
    said = read_direction(trend.label, trend.change)
    marker = MARKER_WORDS.get(trend.marker, MARKER_WORDS["cannot be calculated"])
    return (
        w.area(trend.series.area) if by_place else w.indicator(trend.series.indicator),
        f"{trend.first_year}–{trend.last_year}",
        w.translate(WORDS[said]),
        w.pace(trend.change),
        w.lower(trend.change),
        w.upper(trend.change),
        w.translate(WORDS[trend.without_pandemic]),
        w.translate(marker),
    )
