"""The briefs of a country: on migration and asylum, on trafficking and victim protection.

As the brief of a municipality they say what the figures say; what should be done, people write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.assessment.migration import FORECAST
from analysis.assessment.trafficking import Trafficking
from analysis.documents.briefs.migration_findings import migration_evidence, migration_title
from analysis.documents.briefs.parts import (
    add_imprint,
    evidence_section,
    method_section,
    number_sources,
    numbered_sources,
)
from analysis.documents.briefs.trafficking_findings import trafficking_evidence, trafficking_title
from analysis.documents.model import Bullets, Document, Figure, Provenance, Section
from analysis.documents.notice import is_draft, profile_notice
from analysis.documents.trends.monitoring import policies_table
from analysis.documents.trends.pictures import choose_series, picture_series
from analysis.documents.trends.status_note import status_notes
from analysis.documents.wording import Wording
from analysis.text import mark, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment.migration import Migration
    from analysis.assessment.series import Series
    from analysis.documents.evidence import Evidence
    from analysis.documents.model import Block, Sentence
    from analysis.protection.ledger.standing import Standing

KEY_MESSAGES = 3
PANELS = 3
# By whether it is a draft.
SUBTITLES = {
    True: mark("For the institutions of {area}; draft for discussion, not a position"),
    False: mark("For the institutions of {area}; for discussion, not a position"),
}
NOT_MUNICIPAL = mark(
    "Victims of trafficking in human beings are not shown by municipality: the whole "
    "country identifies so few in a year that a municipal figure could point to a person."
)
POPULATIONS = mark(
    "Reported, presumed, identified, official, detected and assisted are different "
    "populations. They are never added up, and a difference between two of them is not an "
    "error. More identified victims may mean more trafficking, or more looking."
)


class BriefError(ValueError):
    """A brief that cannot be made of what was opened."""


@dataclass(frozen=True, slots=True)
class Content:
    """What the two briefs differ in.

    Parameters
    ----------
    name : str
        Of the picture, and part of the name of the file.
    title : Sentence
    findings : tuple of Evidence
    drawn : sequence of Series
    caption : Sentence
    extra : tuple of Section
    limits : tuple of Sentence
        What we do not know.
    """

    name: str
    title: Sentence
    findings: tuple[Evidence, ...]
    drawn: Sequence[Series]
    caption: Sentence
    extra: tuple[Section, ...]
    limits: tuple[Sentence, ...]


def compose_national(
    found: Migration | Trafficking,
    language: str,
    provenance: Provenance | None = None,
    standing: Standing | None = None,
) -> Document:
    """Compose the brief of a country in one language.

    Parameters
    ----------
    found : Migration or Trafficking
    language : str
        Code of a language.
    provenance : Provenance, optional
        Blank where an expert works by hand.
    standing : Standing, optional
        How the edition stands; a draft unless it is released.

    Returns
    -------
    Document

    Raises
    ------
    BriefError
        When the area is no country: below it no victims are shown, and several make no brief.
    """
    w = Wording(translator(language))
    if found.area.level != "country":
        msg = (
            f"A national brief was asked for '{found.area.name_en}', which is no country. Ask for "
            f"North Macedonia (MK) or Serbia (RS), or for the brief of the municipality."
        )
        raise BriefError(msg)
    content = (
        _of_trafficking(found, w) if isinstance(found, Trafficking) else _of_migration(found, w)
    )
    numbering = number_sources(content.findings)
    whole = Document(
        name=f"{found.area.slug}_{content.name}_{language}",
        title=str(content.title),
        subtitle=str(w.say(SUBTITLES[is_draft(standing)], area=w.area(found.area))),
        language=w.language,
        notice=profile_notice(found, w.translate),
        sections=(
            Section("key", w.translate("Key messages"), (Bullets(_key(content.findings)),)),
            *_chart(content, found, w),
            evidence_section(found, content.findings, numbering, w),
            *content.extra,
            Section(
                "unknown",
                w.translate("What we do not know"),
                (Bullets((*content.limits, *status_notes(found.places, w))),),
            ),
            method_section(w),
            Section("sources", w.translate("Sources"), (numbered_sources(found, numbering, w),)),
        ),
        provenance=provenance or Provenance("", found.data_date, "", ""),
        keywords=(found.area.area_id, found.area.slug, content.name),
    )
    return add_imprint(whole, standing, w)


def _key(findings: Sequence[Evidence]) -> tuple[Sentence, ...]:
    """Choose the claims that carry a number: what is not known is said further down."""
    said = [f.claim for f in findings if any(n.value is not None for n in f.claim.numbers)]
    return tuple(said[:KEY_MESSAGES])


def _chart(content: Content, found: Migration | Trafficking, w: Wording) -> tuple[Section, ...]:
    if not content.drawn:
        return ()
    picture = picture_series(content.name, content.drawn, found, str(content.caption), w)
    return (Section("chart", w.translate("The figures in one chart"), (Figure(picture),)),)


def _of_trafficking(found: Trafficking, w: Wording) -> Content:
    policies = policies_table(found.places, w)
    shown: tuple[Block, ...] = (policies,) if policies.rows else ()
    heading = w.translate("Laws and policies, with their dates")
    return Content(
        name="trafficking",
        title=trafficking_title(found, w),
        findings=trafficking_evidence(found, w),
        drawn=choose_series([t.series for t in found.trends])[:PANELS],
        caption=_caption(
            mark("Victims by status, {first}–{last}, one publisher a panel."), found, w
        ),
        extra=(Section("policy", heading, shown),) if shown else (),
        limits=(w.say(NOT_MUNICIPAL), w.say(POPULATIONS)),
    )


def _of_migration(found: Migration, w: Wording) -> Content:
    return Content(
        name="migration",
        title=migration_title(found, w),
        findings=migration_evidence(found, w),
        drawn=choose_series(_planned_by(found))[:PANELS],
        caption=_caption(mark("Flows of {area}, by year, {first}–{last}."), found, w),
        extra=(),
        limits=(
            w.say(
                "Years that are not over are left out of every test and every forecast, because a "
                "year that still runs looks like a fall."
            ),
            w.say(
                "Registered emigration is a gross under-count: only those who report it are in it. "
                "What other countries count of the citizens of {area} stands here, apart from it.",
                area=w.area(found.area),
            ),
        ),
    )


def _planned_by(found: Migration) -> list[Series]:
    """Put the flows that somebody plans by before all others."""
    every = [t.series for t in found.flows]
    return sorted(every, key=lambda s: s.indicator.indicator_id not in FORECAST)


def _caption(message: str, found: Migration | Trafficking, w: Wording) -> Sentence:
    return w.say(
        message,
        area=w.area(found.area),
        first=str(found.period.first),
        last=str(found.period.last),
    )
