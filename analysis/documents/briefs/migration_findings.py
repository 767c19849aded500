"""The title and the findings of the brief on migration and asylum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.briefs.series_findings import (
    NOTHING,
    find_newest,
    newest_evidence,
    trend_evidence,
)
from analysis.documents.evidence import Evidence, say_share
from analysis.documents.trends.victims import period_words

if TYPE_CHECKING:
    from analysis.assessment.migration import Migration
    from analysis.assessment.trends import Trend
    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording

APPLICATIONS = ("asylum_applications_persons", "eu27_first_asylum_applicants_persons")
REFUGEES = ("unhcr_refugees_persons",)


def migration_title(found: Migration, w: Wording) -> Sentence:
    """Say how many applications there were, where and when.

    Parameters
    ----------
    found : Migration
        Of a country.
    w : Wording

    Returns
    -------
    Sentence
    """
    series = find_newest([t.series for t in found.flows], APPLICATIONS[:1])
    area = w.area(found.area)
    if series is None:
        return w.say("No figure on asylum applications in {area} is held", area=area)
    newest = [r for r in series.results if r.is_number][-1]
    return w.say(
        "{area} had {n} asylum applications in {period}",
        area=area,
        n=w.number(newest),
        period=period_words(newest),
    )


def migration_evidence(found: Migration, w: Wording) -> tuple[Evidence, ...]:
    """Choose the findings that the figures of a country allow.

    Parameters
    ----------
    found : Migration
    w : Wording

    Returns
    -------
    tuple of Evidence
        Applications, which way they go, the largest origin, refugees, citizens abroad; those
        without a figure are left out.
    """
    applications = find_newest([t.series for t in found.flows], APPLICATIONS[:1])
    refugees = find_newest(found.stocks, REFUGEES)
    abroad = _find_trend(found.abroad, APPLICATIONS[1:])
    made = (
        newest_evidence(applications, w) if applications else None,
        _say_trend(_find_trend(found.flows, APPLICATIONS[:1]), w),
        origin_evidence(found, w),
        newest_evidence(refugees, w) if refugees else None,
        _say_trend(abroad, w),
    )
    return tuple(one for one in made if one)


def _find_trend(trends: tuple[Trend, ...], indicator_ids: tuple[str, ...]) -> Trend | None:
    for trend in trends:
        if trend.series.indicator.indicator_id in indicator_ids and len(trend.series.results) > 1:
            return trend
    return None


def _say_trend(trend: Trend | None, w: Wording) -> Evidence | None:
    return trend_evidence(trend, w) if trend else None


def origin_evidence(found: Migration, w: Wording) -> Evidence | None:
    """Say from where most applicants came, with the share's interval.

    Parameters
    ----------
    found : Migration
    w : Wording

    Returns
    -------
    Evidence or None
        None where no source splits applications by origin.
    """
    if not found.origins or not found.origins[0].largest:
        return None
    origins = found.origins[0]
    first = origins.largest[0]
    return Evidence(
        claim=w.say(
            "Most applicants of {year} in {area} came from: {origin}.",
            year=str(origins.year),
            area=w.area(origins.area),
            origin=w.country(first.code),
        ),
        value=say_share(first.count, origins.total, first.share, w),
        comparator=NOTHING,
        period=str(origins.year),
        area=w.area(origins.area),
        limit=w.translate("small cells are rounded by the source, and some origins are not named"),
        results=(first.count, origins.total),
        share=first.share,
    )
