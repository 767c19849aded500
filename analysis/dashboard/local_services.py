"""What is shown of trafficking in one municipality: bodies, services, figures of several years.

A yearly count of victims in a municipality could point to a person. None is published; should a
row ever come here it is left out all the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.assessment.series import Series
from analysis.assessment.trafficking import DOMAINS
from analysis.documents.model import Paragraph, Section
from analysis.documents.trends.victims import every_source_table

if TYPE_CHECKING:
    from analysis.assessment.trafficking import Trafficking
    from analysis.catalog import Area
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.store.read import PublicData

COUNTED = "flow"


def keep_local(found: Trafficking) -> Trafficking:
    """Leave out of a reading of a municipality all that is about its country.

    Parameters
    ----------
    found : Trafficking

    Returns
    -------
    Trafficking
        With its bodies and services, and with figures of several years where there are any.
    """
    return replace(
        found,
        places=(found.area,),
        victims=tuple(read_pooled(found.data, found.area)),
        justice=(),
        trends=(),
        splits=(),
        outlooks=(),
    )


def read_pooled(data: PublicData, area: Area) -> list[Series]:
    """Read the figures that put several years of a municipality together.

    Parameters
    ----------
    data : PublicData
    area : Area
        A municipality.

    Returns
    -------
    list of Series
        One an indicator and source; a figure of one year or less is in none.
    """
    held = data.find_held({area.area_id})
    wanted = [
        i
        for i in data.indicators
        if i.domain in DOMAINS and i.measure == COUNTED and i.indicator_id in held
    ]
    found: dict[tuple[str, str], list[Result]] = {}
    for indicator in wanted:
        for result in data.series(indicator.indicator_id, area.area_id):
            if _is_pooled(result):
                found.setdefault((indicator.indicator_id, result.source_id), []).append(result)
    return [
        Series(data.indicators.get(indicator_id), area, tuple(results))
        for (indicator_id, _), results in found.items()
    ]


def pooled_section(found: Trafficking, w: Wording) -> Section:
    """Show the figures of several years, or say that none is published.

    Parameters
    ----------
    found : Trafficking
        As :func:`keep_local` gives it.
    w : Wording

    Returns
    -------
    Section
    """
    heading = w.translate("Several years together")
    if not found.victims:
        silent = w.say(
            "No figure over several years is published of {area}. That is not a zero.",
            area=w.area(found.area),
        )
        return Section("pooled", heading, (Paragraph(silent),))
    sources = {str(s["source_id"]): s for s in found.data.sources.to_dict("records")}
    caption = w.translate("Figures over several years, with their source")
    return Section(
        "pooled", heading, (every_source_table("pooled", found.victims, sources, caption, w),)
    )


def _is_pooled(result: Result) -> bool:
    years = int(result.period_end[:4]) - int(result.period_start[:4])
    # Twelve months over New Year are one year.
    return years > 1 or (years == 1 and result.period_end[5:] >= result.period_start[5:])
