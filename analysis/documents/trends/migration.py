"""The sections of the document on migration trends, one function a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.migration import FORECAST
from analysis.documents.method_tables import trend_blocks
from analysis.documents.model import Bullets, Document, Figure, Paragraph, Provenance, Section
from analysis.documents.notice import profile_notice
from analysis.documents.profile_tables import sources_table
from analysis.documents.statements.outlook import say_watch
from analysis.documents.statements.trends import choose_trends, say_places, say_trend
from analysis.documents.trends.figures import newest_table, shares_table
from analysis.documents.trends.outlook import outlook_section
from analysis.documents.trends.pictures import choose_series, picture_series
from analysis.documents.trends.status_note import status_notes
from analysis.documents.wording import Wording
from analysis.text import mark, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment.migration import Migration
    from analysis.assessment.series import Series
    from analysis.documents.model import Block, Sentence

FINDINGS = 5
# What is drawn beside each other for several countries; the rest stands in the tables.
COMPARED = frozenset({"asylum_applications_persons", "unhcr_refugees_persons"})


def compose_migration(
    found: Migration, language: str, provenance: Provenance | None = None
) -> Document:
    """Compose the document on migration in one language.

    Parameters
    ----------
    found : Migration
    language : str
        Code of a language.
    provenance : Provenance, optional

    Returns
    -------
    Document
    """
    w = Wording(translator(language))
    return Document(
        name=f"migration_{found.area.slug}_{language}",
        title=str(w.say("{area}: migration trends", area=w.area(found.area))),
        subtitle=str(
            w.say(
                "Flows and stocks, origins, the route and what receiving countries report, "
                "{first}–{last}",
                first=str(found.period.first),
                last=str(found.period.last),
            )
        ),
        language=w.language,
        sections=(
            _summary(found, w),
            _flows(found, w),
            _stocks(found, w),
            _origins(found, w),
            _route(found, w),
            _abroad(found, w),
            outlook_section(found, found.outlooks, w),
            _limits(found, w),
            Section("sources", w.translate("Sources"), (sources_table(found, w),)),
        ),
        provenance=provenance or Provenance("", found.data_date, "", ""),
        notice=profile_notice(found, w.translate),
    )


def _summary(found: Migration, w: Wording) -> Section:
    if len(found.places) > 1:
        lines = _by_figure(found, w)
    else:
        every = (*found.flows, *found.abroad, found.route)
        planned_by = [t for t in every if t.series.indicator.indicator_id in FORECAST]
        trends = choose_trends(planned_by, FINDINGS) or choose_trends(every, FINDINGS)
        lines = tuple(say_trend(t, w) for t in trends)
    if not lines:
        lines = (
            w.say(
                "No series of {area} is long enough in this period to say which way it goes.",
                area=w.area(found.area),
            ),
        )
    return Section("summary", w.translate("In short"), (Bullets(lines),))


def _by_figure(found: Migration, w: Wording) -> tuple[Sentence, ...]:
    """Say of each figure that people plan by in which places it rose or fell."""
    trends = [
        t
        for t in (*found.flows, *found.abroad)
        if t.series.indicator.indicator_id in FORECAST and len(t.series.references) > 1
    ]
    ids = dict.fromkeys(t.series.indicator.indicator_id for t in trends)
    lines = [
        say_places([t for t in trends if t.series.indicator.indicator_id == i], w) for i in ids
    ]
    return (*lines, say_trend(found.route, w))


def _drawn(
    name: str, every: Sequence[Series], found: Migration, caption: str, w: Wording
) -> list[Block]:
    shown = choose_series(every)
    return [Figure(picture_series(name, shown, found, caption, w))] if shown else []


def _compared(every: Sequence[Series], found: Migration) -> list[Series]:
    """Choose, for several places, the one figure of each kind that is compared in a picture."""
    if len(found.places) == 1:
        return list(every)
    return [s for s in every if s.indicator.indicator_id in COMPARED]


def _caption(message: str, found: Migration, w: Wording) -> str:
    return str(
        w.say(
            message,
            area=w.area(found.area),
            first=str(found.period.first),
            last=str(found.period.last),
        )
    )


def _flows(found: Migration, w: Wording) -> Section:
    heading = w.translate("Flows: what is counted through the year")
    if not found.flows:
        return Section("flows", heading, (_nothing(found, w),))
    caption = _caption(mark("Flows of {area}, by year, {first}–{last}."), found, w)
    blocks: list[Block] = [
        Paragraph(
            w.say(
                "A flow counts events through a year: applications, decisions, registered moves. "
                "It never shares a picture with a stock."
            ),
            "lead",
        ),
        *_drawn("flows", _compared([t.series for t in found.flows], found), found, caption, w),
        *trend_blocks(found.flows, w, "flow_trends"),
        _newest(found, "flow", w.translate("Flows: the newest figure from each source"), w),
    ]
    return Section("flows", heading, tuple(blocks))


def _stocks(found: Migration, w: Wording) -> Section:
    heading = w.translate("Stocks: who was there at the end of the year")
    if not found.stocks:
        return Section("stocks", heading, (_nothing(found, w),))
    caption = _caption(mark("Stocks of {area}, end of each year, {first}–{last}."), found, w)
    blocks: list[Block] = [
        Paragraph(
            w.say(
                "A stock counts the same persons again each year, so no direction is tested; the "
                "years stand beside each other as they are. Kinds of persons are never added up."
            ),
            "lead",
        ),
        *_drawn("stocks", _compared(found.stocks, found), found, caption, w),
        _newest(found, "stock", w.translate("Stocks: the newest figure from each source"), w),
    ]
    return Section("stocks", heading, tuple(blocks))


def _newest(found: Migration, measure: str, caption: str, w: Wording) -> Block:
    rows = [row for row in found.newest if row[0].measure == measure]
    sources = found.data.sources.to_dict("records")
    return newest_table(
        rows, sources, caption, w, f"newest_{measure}", has_places=len(found.places) > 1
    )


def _origins(found: Migration, w: Wording) -> Section:
    heading = w.translate("Where applicants come from")
    if not found.origins:
        silent = w.say(
            "No source that we hold splits applications in {area} by origin.",
            area=w.area(found.area),
        )
        return Section("origins", heading, (Paragraph(silent, "lead"),))
    blocks: list[Block] = [
        Paragraph(
            w.say(
                "Small cells are rounded by the source; no rate of recognition by origin is "
                "computed from them."
            ),
            "warning",
        ),
        *(shares_table(o, w) for o in found.origins),
    ]
    return Section("origins", heading, tuple(blocks))


def _route(found: Migration, w: Wording) -> Section:
    caption = _caption(
        mark(
            "Detections on the Western Balkan route, by year, {first}–{last}: crossings, not "
            "persons."
        ),
        found,
        w,
    )
    blocks: list[Block] = [
        Paragraph(say_trend(found.route, w), "lead"),
        Paragraph(
            w.say(
                "Detections are crossings of the external border of the European Union, not "
                "persons: one person may be counted several times. The whole history is "
                "revised each month."
            ),
            "warning",
        ),
        *_drawn("route", [found.route.series], found, caption, w),
        Bullets(tuple(say_watch(found.route_watch, w))),
    ]
    return Section("route", w.translate("The route"), tuple(blocks))


def _abroad(found: Migration, w: Wording) -> Section:
    heading = w.translate("What receiving countries report")
    lead = Paragraph(
        w.say(
            "Registered emigration is a gross under-count: only those who report it are in it. "
            "What other countries count of the citizens of {area} stands here, apart from it.",
            area=w.area(found.area),
        ),
        "lead",
    )
    if not found.abroad:
        return Section("abroad", heading, (lead, _nothing(found, w)))
    caption = _caption(mark("Citizens of {area} as others count them, {first}–{last}."), found, w)
    flows = [t.series for t in found.abroad if t.series.indicator.measure == "flow"]
    blocks: list[Block] = [
        lead,
        *_drawn("abroad", flows, found, caption, w),
        *trend_blocks(found.abroad, w, "abroad_trends"),
    ]
    return Section("abroad", heading, tuple(blocks))


def _nothing(found: Migration, w: Wording) -> Paragraph:
    return Paragraph(
        w.say(
            "No source that we hold has such figures of {area} in this period. That is not a zero.",
            area=w.area(found.area),
        )
    )


def _limits(found: Migration, w: Wording) -> Section:
    lines = (
        w.say(
            "A direction is named only where at least five whole years of one source without a "
            "break speak for it; with fewer than eight years only a steep change would be seen."
        ),
        w.say(
            "Flows jump with laws, borders and wars as much as with people; the test says whether "
            "a series changed, never why."
        ),
        w.say(
            "Figures on persons in UNHCR's tables name the place or the country that records "
            "them. Serbia in them includes Kosovo (S/RES/1244); Eurostat and Frontex list it "
            "apart."
        ),
        w.say(
            "Years that are not over are left out of every test and every forecast, because a year "
            "that still runs looks like a fall."
        ),
        w.say("Forecasts continue what was counted. They know of no decision, no war and no law."),
        w.say(
            "Below the country small numbers are withheld, and no series with a withheld year is "
            "judged, because a slope gives the number back."
        ),
    )
    return Section(
        "limits", w.translate("Limits"), (Bullets((*lines, *status_notes(found.places, w))),)
    )
