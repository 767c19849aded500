"""The sections of the document on trafficking trends, one function a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.method_tables import trend_blocks
from analysis.documents.model import Bullets, Document, Figure, Paragraph, Provenance, Section
from analysis.documents.notice import profile_notice
from analysis.documents.profile_tables import sources_table
from analysis.documents.statements.trends import choose_trends, say_trend
from analysis.documents.trends.figures import newest_table
from analysis.documents.trends.monitoring import (
    milestones_table,
    policies_table,
    programmes_table,
    rounds_table,
    tiers_table,
)
from analysis.documents.trends.outlook import outlook_section
from analysis.documents.trends.pictures import choose_series, picture_series
from analysis.documents.trends.status_note import status_notes
from analysis.documents.trends.victims import every_source_table, period_words, splits_table
from analysis.documents.wording import Wording
from analysis.text import translator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from analysis.assessment.series import Series
    from analysis.assessment.trafficking import Trafficking
    from analysis.documents.model import Block, Sentence, Table

FINDINGS = 4
NEWEST = 4


def compose_trafficking(
    found: Trafficking, language: str, provenance: Provenance | None = None
) -> Document:
    """Compose the document on trafficking in one language.

    Parameters
    ----------
    found : Trafficking
    language : str
        Code of a language.
    provenance : Provenance, optional

    Returns
    -------
    Document
    """
    w = Wording(translator(language))
    return Document(
        name=f"trafficking_{found.area.slug}_{language}",
        title=str(w.say("{area}: trafficking trends", area=w.area(found.area))),
        subtitle=str(
            w.say(
                "Victims by status and source, justice, policy facts with their dates, "
                "{first}–{last}",
                first=str(found.period.first),
                last=str(found.period.last),
            )
        ),
        language=w.language,
        sections=(
            _summary(found, w),
            _victims(found, w),
            _splits(found, w),
            _justice(found, w),
            _policy(found, w),
            outlook_section(found, found.outlooks, w),
            _places(found, w),
            _limits(found, w),
            Section("sources", w.translate("Sources"), (sources_table(found, w),)),
        ),
        provenance=provenance or Provenance("", found.data_date, "", ""),
        notice=profile_notice(found, w.translate),
    )


def _summary(found: Trafficking, w: Wording) -> Section:
    lines: list[Sentence] = []
    if found.is_municipal:
        lines.append(_not_municipal(w))
    newest = _newest(found.victims)
    sources = _sources(found)
    for series in newest[:NEWEST]:
        result = series.results[-1]
        lines.append(
            w.say(
                "{name}, {area}, {period}: {n} ({publisher}).",
                name=w.indicator(series.indicator),
                area=w.area(series.area),
                period=period_words(result),
                n=w.number(result),
                publisher=str(sources[result.source_id]["publisher"]),
            )
        )
    lines += [say_trend(t, w) for t in choose_trends(found.trends, FINDINGS)]
    if not lines:
        lines.append(_nothing(found, w))
    return Section("summary", w.translate("In short"), (Bullets(tuple(lines)),))


def _newest(every: Sequence[Series]) -> list[Series]:
    """Choose, of each indicator and place, the source with the newest number; newest first."""
    known = [s for s in every if s.results[-1].is_number]
    known.sort(key=lambda s: s.results[-1].period_end, reverse=True)
    chosen: dict[tuple[str, str], Series] = {}
    for series in known:
        chosen.setdefault((series.indicator.indicator_id, series.area.area_id), series)
    return list(chosen.values())


def _victims(found: Trafficking, w: Wording) -> Section:
    heading = w.translate("Victims, by status and source")
    warning = Paragraph(
        w.say(
            "Reported, presumed, identified, official, detected and assisted are different "
            "populations. They are never added up, and a difference between two of them is not an "
            "error. More identified victims may mean more trafficking, or more looking."
        ),
        "warning",
    )
    if not found.victims:
        return Section("victims", heading, (warning, Paragraph(_nothing(found, w))))
    trends = _of(found, found.victims)
    shown = choose_series([t.series for t in trends])
    caption = w.say(
        "Victims by status, {first}–{last}, one publisher a panel.",
        first=str(found.period.first),
        last=str(found.period.last),
    )
    blocks: list[Block] = [warning]
    if shown:
        blocks.append(Figure(picture_series("victims", shown, found, str(caption), w)))
    blocks += trend_blocks(trends, w, "victim_trends")
    blocks.append(_figures("victims", found.victims, found, w))
    return Section("victims", heading, tuple(blocks))


def _figures(name: str, every: Sequence[Series], found: Trafficking, w: Wording) -> Table:
    """List every figure of a country; of several countries, the newest of each source."""
    sources = _sources(found)
    if len(found.places) > 1:
        # Editions of one publisher are one source: the latest of them has its newest figure.
        by_publisher: dict[tuple[str, str, str], Series] = {}
        for series in sorted(every, key=lambda s: s.results[-1].period_end):
            publisher = str(sources[series.results[-1].source_id]["publisher"])
            key = (series.indicator.indicator_id, series.area.area_id, publisher)
            by_publisher[key] = series
        chosen = {id(series) for series in by_publisher.values()}
        newest = [(s.indicator, s.area, s.results[-1]) for s in every if id(s) in chosen]
        caption = w.translate("The newest figure of each source; each country's page has all")
        return newest_table(newest, list(sources.values()), caption, w, name, has_places=True)
    caption = w.translate("Every figure that we hold, with its source")
    return every_source_table(name, every, sources, caption, w)


def _of(found: Trafficking, every: Sequence[Series]) -> list[Any]:
    ids = {s.indicator.indicator_id for s in every}
    return [t for t in found.trends if t.series.indicator.indicator_id in ids]


def _splits(found: Trafficking, w: Wording) -> Section:
    heading = w.translate("Forms of exploitation, sex, age and citizenship")
    if not found.splits:
        return Section("splits", heading, (Paragraph(_nothing(found, w)),))
    lead = Paragraph(
        w.say(
            "Parts of a country's count under five are withheld: so few persons could be "
            "recognised."
        ),
        "lead",
    )
    return Section(
        "splits",
        heading,
        (lead, splits_table(found.splits, _sources(found), w, has_places=len(found.places) > 1)),
    )


def _justice(found: Trafficking, w: Wording) -> Section:
    heading = w.translate("Justice")
    lead = Paragraph(
        w.say(
            "Cases and persons are different units, and a conviction follows an investigation by "
            "years: no ratio of one to the other is computed for the same year."
        ),
        "lead",
    )
    if not found.justice:
        return Section("justice", heading, (lead, Paragraph(_nothing(found, w))))
    blocks: list[Block] = [lead]
    trends = _of(found, found.justice)
    blocks += trend_blocks(trends, w, "justice_trends")
    blocks.append(_figures("justice", found.justice, found, w))
    return Section("justice", heading, tuple(blocks))


def _policy(found: Trafficking, w: Wording) -> Section:
    heading = w.translate("Policy facts, with their dates")
    held = found.monitoring
    tables: list[Table] = [policies_table(found.places, w)]
    tables += [rounds_table(held, w)] if held.rounds else []
    tables += [milestones_table(held, w)] if held.milestones else []
    tables += [programmes_table(held, w)] if held.programmes else []
    tables += [tiers_table(held, w)] if held.tiers else []
    blocks = tuple(t for t in tables if t.rows)
    return Section("policy", heading, blocks or (Paragraph(_nothing(found, w)),))


def _places(found: Trafficking, w: Wording) -> Section:
    heading = w.translate("Municipalities")
    lines: list[Sentence] = [_not_municipal(w)]
    for series in found.services:
        result = series.results[-1]
        message = (
            w.say(
                "{name}: {area} ({period}).",
                name=w.indicator(series.indicator),
                area=w.area(series.area),
                period=period_words(result),
            )
            if result.value
            else w.say(
                "{name}: {area} has none ({period}).",
                name=w.indicator(series.indicator),
                area=w.area(series.area),
                period=period_words(result),
            )
        )
        lines.append(message)
    return Section("places", heading, (Bullets(tuple(lines)),))


def _not_municipal(w: Wording) -> Sentence:
    return w.say(
        "Victims of trafficking in human beings are not shown by municipality: the whole "
        "country identifies so few in a year that a municipal figure could point to a person."
    )


def _nothing(found: Trafficking, w: Wording) -> Sentence:
    return w.say(
        "No source that we hold has such figures of {area} in this period. That is not a zero.",
        area=w.area(found.area),
    )


def _sources(found: Trafficking) -> Mapping[str, Mapping[Any, Any]]:
    return {str(s["source_id"]): s for s in found.data.sources.to_dict("records")}


def _limits(found: Trafficking, w: Wording) -> Section:
    lines = (
        w.say(
            "These are victims that somebody found. How many were never found is not known, and "
            "none of these numbers is an estimate of it."
        ),
        w.say(
            "Numbers are small: a change from one year to the next may be one case with many "
            "victims, one police action, or one more mobile team."
        ),
        w.say(
            "Most figures were read in reports about the countries, not in the registers "
            "themselves; their verification stands beside them."
        ),
        w.say(
            "A series is judged from one publisher alone. Where publishers differ, all are shown "
            "and none is preferred in silence."
        ),
        w.say(
            "A direction is named only where at least five whole years of one source without a "
            "break speak for it; with fewer than eight years only a steep change would be seen."
        ),
    )
    return Section(
        "limits", w.translate("Limits"), (Bullets((*lines, *status_notes(found.places, w))),)
    )
