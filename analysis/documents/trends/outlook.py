"""What may come: forecasts that passed their test, drawn as ranges; early warning in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.documents.model import Bullets, Column, Figure, Paragraph, Section, Table
from analysis.documents.notice import profile_notice
from analysis.documents.statements.outlook import say_outlook
from analysis.documents.statements.trends import name_subject
from analysis.figures.outlook import chart_outlook
from analysis.figures.picture import Picture
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment.outlook import Outlook
    from analysis.assessment.reading import Reading
    from analysis.documents.model import Block, Bound
    from analysis.documents.wording import Wording

MOST_PANELS = 6
METHODS = {
    "naive": mark("as the last year"),
    "drift": mark("on along the line from first to last year"),
    "historical mean": mark("as the years on average"),
    "mean of the methods": mark("the mean of several methods"),
    "exponential smoothing": mark("exponential smoothing"),
    "local level": mark("a level that moves slowly"),
}


def outlook_section(found: Reading, outlooks: Sequence[Outlook], w: Wording) -> Section:
    """Show the forecasts that passed, and name the series for which nothing is said."""
    heading = w.translate("What may come")
    lead = Paragraph(
        w.say(
            "A forecast is shown only where its method was tested on the past of the series and "
            "no simpler one did better. It continues what was counted and knows of no decision."
        ),
        "lead",
    )
    said = [o for o in outlooks if o.ahead]
    blocks: list[Block] = [lead]
    if said:
        blocks += [
            Bullets(tuple(say_outlook(o, w) for o in said)),
            Figure(_picture(found, said, w)),
            _table(said, w),
        ]
    silent = [o for o in outlooks if not o.ahead]
    if silent or not said:
        lines = tuple(say_outlook(o, w) for o in silent) or (
            w.say("No series here is long enough for a forecast."),
        )
        blocks.append(Bullets(lines))
    return Section("outlook", heading, tuple(blocks))


def _table(outlooks: Sequence[Outlook], w: Wording) -> Table:
    has_places = len({o.series.area.area_id for o in outlooks}) > 1
    rows = tuple(
        _row(outlook, step, w, has_place=has_places)
        for outlook in outlooks
        for step in range(len(outlook.ahead))
    )
    heads = (
        (mark("Figure"), False),
        *(((mark("Place"), False),) if has_places else ()),
        (mark("Year"), False),
        (mark("Middle"), True),
        (mark("80 %: from"), True),
        (mark("80 %: to"), True),
        (mark("95 %: from"), True),
        (mark("95 %: to"), True),
        (mark("Method"), False),
    )
    return Table(
        "outlook",
        w.translate("What may come, with the ranges that hold four times in five and 19 in 20"),
        tuple(Column(w.translate(head), is_number=number) for head, number in heads),
        rows,
        (w.translate("Forecasts, not counts. The ranges say more than the middle."),),
    )


def _row(outlook: Outlook, step: int, w: Wording, *, has_place: bool) -> tuple[str | Bound, ...]:
    whole, likely = outlook.ahead[step], outlook.likely[step]
    return (
        w.indicator(outlook.series.indicator),
        *((w.area(outlook.series.area),) if has_place else ()),
        str(whole.year),
        w.number(whole),
        w.lower(likely),
        w.upper(likely),
        w.lower(whole),
        w.upper(whole),
        w.translate(METHODS[outlook.method]),
    )


def _picture(found: Reading, outlooks: Sequence[Outlook], w: Wording) -> Picture:
    shown = outlooks[:MOST_PANELS]
    labels = [name_subject(o.series, w) for o in shown]
    rows = []
    for label, outlook in zip(labels, shown, strict=True):
        rows += [
            {"series": label, "year": r.year, "count": r.value, "is_forecast": False}
            for r in outlook.series.results
            if r.is_number
        ]
        rows += [
            {
                "series": label,
                "year": whole.year,
                "count": whole.value,
                "is_forecast": True,
                "low_80": likely.lower,
                "high_80": likely.upper,
                "low_95": whole.lower,
                "high_95": whole.upper,
            }
            for whole, likely in zip(outlook.ahead, outlook.likely, strict=True)
        ]
    data = pd.DataFrame(rows)
    caption = w.say(
        "What was counted, and the ranges in which the next years may lie: dark four times in "
        "five, light 19 times in 20."
    )
    alt = w.say(
        "A panel of counted years as a line, followed by forecast years as bars of range, for each "
        "of: {kinds}. The numbers stand in the table that goes with it.",
        kinds="; ".join(labels),
    )
    return Picture(
        "outlook",
        chart_outlook(data, labels),
        str(caption),
        str(alt),
        data,
        w.language,
        profile_notice(found, w.translate),
        tuple(r for o in shown for r in (*o.series.results, *o.ahead, *o.likely)),
    )
