"""The way of a case, stage by stage: reported, presumed, identified, assisted, prosecuted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.model import Bound, Column, Paragraph, Section, Table
from analysis.documents.trends.victims import period_words
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assessment.series import Series
    from analysis.assessment.trafficking import Trafficking
    from analysis.documents.wording import Wording

STAGES = (
    (mark("1. Reported"), ("trafficking_reports_persons",)),
    (mark("2. Presumed"), ("trafficking_presumed_victims_persons",)),
    (
        mark("3. Identified"),
        (
            "trafficking_identified_victims_persons",
            "trafficking_official_victims_persons",
            "trafficking_registered_victims_persons",
            "detected_victims_persons",
        ),
    ),
    (
        mark("4. Assisted"),
        ("victims_given_direct_assistance_persons", "victims_known_to_organisation_persons"),
    ),
    (
        mark("5. Investigated"),
        (
            "trafficking_suspects_persons",
            "trafficking_arrested_persons",
            "trafficking_under_investigation_persons",
        ),
    ),
    (
        mark("6. Prosecuted"),
        (
            "trafficking_prosecuted_persons",
            "trafficking_victims_recorded_by_prosecution_persons",
        ),
    ),
    (mark("7. Convicted"), ("trafficking_convicted_persons",)),
)


def cascade_section(found: Trafficking, w: Wording) -> Section:
    """Show the newest figure of each stage, every publisher on its own row.

    Parameters
    ----------
    found : Trafficking
    w : Wording

    Returns
    -------
    Section
        A stage without a figure keeps its row, with the word for it.
    """
    has_places = len(found.places) > 1
    every = (*found.victims, *found.justice)
    rows = [row for stage, ids in STAGES for row in _rows(found, stage, ids, every, w)]
    heads = (
        (mark("Stage"), False),
        (mark("Figure"), False),
        *(((mark("Place"), False),) if has_places else ()),
        (mark("Period"), False),
        (mark("Number"), True),
        (mark("Publisher"), False),
    )
    table = Table(
        "cascade",
        w.translate("Stage by stage: the newest figure of each publisher"),
        tuple(Column(w.translate(head), is_number=number) for head, number in heads),
        tuple(rows),
        (
            w.translate("Rows are never added up: they count different things."),
            w.translate(
                "A stage is no part of the one before it: sources, periods and persons differ, so "
                "that no share of one stage in another is computed."
            ),
        ),
    )
    warning = w.say(
        "Reported, presumed, identified, official, detected and assisted are different "
        "populations. They are never added up, and a difference between two of them is not an "
        "error. More identified victims may mean more trafficking, or more looking."
    )
    return Section(
        "cascade",
        w.translate("From report to conviction"),
        (Paragraph(warning, "warning"), table),
    )


def _rows(
    found: Trafficking, stage: str, ids: tuple[str, ...], every: Iterable[Series], w: Wording
) -> list[tuple[str | Bound, ...]]:
    has_places = len(found.places) > 1
    publishers = found.data.editions
    newest: dict[tuple[str, str, str], Series] = {}
    of_stage = [s for s in every if s.indicator.indicator_id in ids]
    for series in sorted(of_stage, key=lambda s: s.results[-1].period_end):
        publisher = publishers[series.results[-1].source_id][0]
        newest[series.indicator.indicator_id, series.area.area_id, publisher] = series
    if not newest:
        silent = Bound(w.translate("no data"), None, "", "no_data")
        place = (w.area(found.area),) if has_places else ()
        return [(w.translate(stage), w.translate("no figure is held"), *place, "–", silent, "–")]
    order = {area.area_id: at for at, area in enumerate(found.places)}
    # The newest first within each figure and place; a sort keeps the order of what is equal.
    listed = sorted(newest.items(), key=lambda p: p[1].results[-1].period_end, reverse=True)
    listed.sort(key=lambda pair: (ids.index(pair[0][0]), order[pair[0][1]]))
    return [
        (
            w.translate(stage),
            w.indicator(series.indicator),
            *((w.area(series.area),) if has_places else ()),
            period_words(series.results[-1]),
            w.cell(series.results[-1]),
            publisher,
        )
        for (_, _, publisher), series in listed
    ]
