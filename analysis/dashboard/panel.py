"""One indicator: its newest figure, chart, table, definition, quality and source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.assessment.reading import Reading
from analysis.assessment.series import Series, read_every_source, read_series
from analysis.dashboard.frame import render_part
from analysis.documents.about import say_expected
from analysis.documents.gap_words import HOLDERS
from analysis.documents.model import Bullets, Figure, Paragraph, Section
from analysis.documents.trends.figures import VERIFICATION
from analysis.documents.trends.pictures import LEAST_YEARS, choose_series, picture_series
from analysis.documents.trends.victims import every_source_table, period_words
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment.period import Period
    from analysis.catalog import Area, Indicator
    from analysis.documents.model import Block, Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.store.read import PublicData

FIGURE = "figure"
MEASURES = {
    "flow": mark("A flow: it counts what happens through a period."),
    "stock": mark("A stock: it counts who is there on one day. Years are never added up."),
}
PROVISIONAL = mark("p: provisional, published before the year was over.")
SCHEDULES = {
    "once": mark("once"),
    "census": mark("at each census"),
    "yearly": mark("every year"),
    "half-yearly": mark("every half year"),
    "monthly": mark("every month"),
    "irregular": mark("without a fixed date"),
}


@dataclass(frozen=True, slots=True)
class FigureReading(Reading):
    """One indicator in one area, or in each country of a group.

    Parameters
    ----------
    indicator : Indicator
    area : Area
        What was chosen.
    places : tuple of Area
        The areas whose rows are read.
    every : tuple of Series
        Every source and period.
    drawn : tuple of Series
        Whole years of the publisher that has most of them, one series a place.
    data : PublicData
    """

    indicator: Indicator
    area: Area
    places: tuple[Area, ...]
    every: tuple[Series, ...]
    drawn: tuple[Series, ...]
    data: PublicData

    @property
    def results(self) -> list[Result]:
        """Every observation that is shown."""
        return [r for s in (*self.every, *self.drawn) for r in s.results if r.reference]


def read_figure(
    data: PublicData, indicator_id: str, area: Area, places: Sequence[Area], years: Period
) -> FigureReading:
    """Read one indicator.

    Parameters
    ----------
    data : PublicData
    indicator_id : str
    area : Area
        What was chosen.
    places : sequence of Area
        The area, or the countries of the group, or the route.
    years : Period

    Returns
    -------
    FigureReading
    """
    span = years.first, years.last
    every = [s for p in places for s in read_every_source(data, indicator_id, p, *span)]
    drawn = [read_series(data, indicator_id, p, *span) for p in places]
    return FigureReading(
        data.indicators.get(indicator_id),
        area,
        tuple(places),
        tuple(every),
        tuple(choose_series(drawn)),
        data,
    )


def figure_section(reading: FigureReading, years: Period, w: Wording) -> Section:
    """Show an indicator: the newest figure, the chart, the table of every source.

    Parameters
    ----------
    reading : FigureReading
    years : Period
    w : Wording

    Returns
    -------
    Section
    """
    area = w.area(reading.area)
    heading = f"{w.indicator(reading.indicator)}: {area}, {years.first}–{years.last}"
    return Section(FIGURE, heading, tuple(_blocks(reading, area, w)))


def _blocks(reading: FigureReading, area: str, w: Wording) -> list[Block]:
    if not reading.every:
        silent = w.say(
            "No source that we hold has such figures of {area} in this period. That is not a zero.",
            area=area,
        )
        return [Paragraph(silent, "lead"), Paragraph(say_holder(reading.indicator, w))]
    blocks: list[Block] = []
    newest = _find_newest(reading)
    said = _say_newest(reading, newest, w)
    blocks += [Paragraph(said[0], "lead")] if len(said) == 1 else [Bullets(said)]
    if any(series.results[-1].status == "provisional" for series in newest):
        # A year that was not over looks like a fall: the chart leaves it out.
        blocks.append(Paragraph(w.say(PROVISIONAL), "note"))
    if reading.indicator.measure in MEASURES:
        blocks.append(Paragraph(w.say(MEASURES[reading.indicator.measure]), "note"))
    sources = {str(s["source_id"]): s for s in reading.data.sources.to_dict("records")}
    if reading.drawn:
        blocks.append(
            Figure(picture_series(FIGURE, reading.drawn, reading, _caption(reading, w), w))
        )
    else:
        blocks.append(
            Paragraph(
                w.say(
                    "There is no chart: no source has at least {n} whole years. The table has "
                    "every figure.",
                    n=str(LEAST_YEARS),
                ),
                "note",
            )
        )
    caption = w.translate("Every figure that we hold, with its source")
    table = every_source_table(FIGURE, reading.every, sources, caption, w)
    if any(r.status == "provisional" for s in reading.every for r in s.results):
        table = replace(table, notes=(*table.notes, w.translate(PROVISIONAL)))
    blocks.append(table)
    return blocks


def _caption(reading: FigureReading, w: Wording) -> str:
    """Name what is drawn: the years and publishers of the chart, fewer than those of the table."""
    drawn = [r for s in reading.drawn for r in s.results]
    names = dict.fromkeys(reading.data.editions[r.source_id][0] for r in drawn)
    first, last = min(r.year for r in drawn), max(r.year for r in drawn)
    subject = f"{w.indicator(reading.indicator)}: {w.area(reading.area)}"
    return f"{subject}, {first}–{last} ({'; '.join(names)})."


def _find_newest(reading: FigureReading) -> list[Series]:
    """Find the series with the newest figure of each place; of the same day, the first by name."""
    newest: dict[str, Series] = {}
    for series in reading.every:
        held = newest.get(series.area.area_id)
        if held is None or held.results[-1].period_end < series.results[-1].period_end:
            newest[series.area.area_id] = series
    return list(newest.values())


def _say_newest(
    reading: FigureReading, newest: Sequence[Series], w: Wording
) -> tuple[Sentence, ...]:
    return tuple(
        w.say(
            "{name}, {area}, {period}: {n} ({publisher}).",
            name=w.indicator(series.indicator),
            area=w.area(series.area),
            period=period_words(series.results[-1]),
            n=w.cell(series.results[-1]),
            publisher=reading.data.editions[series.results[-1].source_id][0],
        )
        for series in newest
    )


def say_holder(indicator: Indicator, w: Wording) -> Sentence:
    """Say who may have a figure that nobody has given."""
    return w.say("It may be held by: {holder}.", holder=name_holder(indicator, w))


def name_holder(indicator: Indicator, w: Wording) -> str:
    """Name who may have the figures of an indicator."""
    return w.translate(HOLDERS[indicator.owner])


def about_html(reading: FigureReading, w: Wording) -> str:
    """Write what the indicator counts, how good it is, who owns it and when it comes anew.

    Parameters
    ----------
    reading : FigureReading
    w : Wording

    Returns
    -------
    str
        Definitions stand in English, and say so, where the language has none.
    """
    indicator = reading.indicator
    sources = reading.sources.sort_values("as_of", ascending=False).to_dict("records")
    return render_part(
        "about.html.j2",
        w,
        definition=_text(indicator.definition_en, w),
        caveat=_text(indicator.caveat_en, w),
        owner=name_holder(indicator, w),
        schedule=w.translate(SCHEDULES.get(indicator.schedule, SCHEDULES["irregular"])),
        expected=say_expected(indicator, reading.sources["as_of"], w),
        sources=[
            (
                str(s["publisher"]),
                str(s["title"]),
                str(s["as_of"]) or w.translate("no date"),
                w.translate(VERIFICATION[str(s["verification"])]),
            )
            for s in sources
        ],
    )


def _text(english: str, w: Wording) -> tuple[str, str]:
    """Give a text of the catalogue with the language that it stands in."""
    if w.language.code == "en" or not english:
        return english, w.language.code
    if w.translate.has(english):
        return w.translate(english), w.language.code
    return english, "en"
