"""The policy brief of a municipality: two pages from the same profile as its page.

A brief says what the figures say. What a council should do with them, people write: no sentence
here is a recommendation, and the brief carries its mark as a draft until somebody releases it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.briefs.municipal_findings import (
    applications_evidence,
    registered_evidence,
    residents_evidence,
    title_sentence,
)
from analysis.documents.briefs.parts import (
    add_imprint,
    evidence_section,
    method_section,
    number_sources,
    numbered_sources,
)
from analysis.documents.gap_words import gap_sentence
from analysis.documents.model import (
    Bullets,
    Document,
    Figure,
    Provenance,
    Section,
)
from analysis.documents.notice import is_draft, profile_notice
from analysis.documents.profile_pictures import picture_change, picture_map
from analysis.documents.profile_sections import unknown_section
from analysis.documents.profile_sentences import (
    against_sentence,
    registered_sentence,
    residents_sentence,
)
from analysis.documents.profile_tables import residents_table
from analysis.documents.wording import Wording
from analysis.text import mark, translator

if TYPE_CHECKING:
    from analysis.assessment import Gap, Profile
    from analysis.documents.evidence import Evidence
    from analysis.documents.model import Block
    from analysis.protection.ledger.standing import Standing
    from analysis.sources.boundaries import Boundaries

STANDING_GAPS = 2
# What a council should hear of first: that the figure in the title is not confirmed yet, then
# what is withheld, then what nobody has given.
HEADLINE = "resident_population_persons"
GAP_ORDER = ("withheld", "not_held", "second_hand", "years_missing", "no_row")
# By whether it is a draft.
SUBTITLES = {
    True: mark("For the council of {area}; draft for discussion, not a position"),
    False: mark("For the council of {area}; for discussion, not a position"),
}


def compose_municipal(
    profile: Profile,
    language: str,
    boundaries: Boundaries | None,
    provenance: Provenance | None = None,
    standing: Standing | None = None,
) -> Document:
    """Compose the brief of a municipality in one language.

    Parameters
    ----------
    profile : Profile
    language : str
        Code of a language.
    boundaries : Boundaries or None
        Without them the brief has no map.
    provenance : Provenance, optional
        Blank where an expert works by hand.
    standing : Standing, optional
        How the edition stands; a draft unless it is released.

    Returns
    -------
    Document

    Raises
    ------
    LanguageError
        When the language is not spoken.
    """
    w = Wording(translator(language))
    findings = (
        residents_evidence(profile, w),
        registered_evidence(profile, w),
        applications_evidence(profile, w),
    )
    own = [r for c in profile.residents for r in (c.before, c.after, c.change, c.change_pct)]
    numbering = number_sources(findings, own)
    origin = provenance or Provenance("", profile.data_date, "", "")
    whole = Document(
        name=f"{profile.area.slug}_{language}",
        title=str(title_sentence(profile, w)),
        subtitle=str(w.say(SUBTITLES[is_draft(standing)], area=w.area(profile.area))),
        language=w.language,
        notice=profile_notice(profile, w.translate),
        sections=(
            _key_section(profile, findings, w),
            Section(
                "chart",
                w.translate("The problem in one chart"),
                (Figure(picture_change(profile, w)),),
            ),
            evidence_section(profile, findings, numbering, w),
            _residents_section(profile, w, boundaries),
            _unknown_section(profile, w),
            method_section(w, has_censuses=True),
            Section("sources", w.translate("Sources"), (numbered_sources(profile, numbering, w),)),
        ),
        provenance=origin,
        keywords=(profile.area.area_id, profile.area.slug),
    )
    return add_imprint(whole, standing, w)


def _key_section(profile: Profile, findings: tuple[Evidence, ...], w: Wording) -> Section:
    third = registered_sentence(profile, w)
    if not any(number.value is not None for number in third.numbers):
        # A key message carries a figure; what is withheld or missing is said by the findings.
        third = findings[-1].claim
    items = (residents_sentence(profile.residents[0], w), against_sentence(profile, w), third)
    return Section("key", w.translate("Key messages"), (Bullets(items),))


def _residents_section(profile: Profile, w: Wording, boundaries: Boundaries | None) -> Section:
    blocks: list[Block] = [residents_table(profile, w)]
    if boundaries is not None:
        blocks.append(Figure(picture_map(profile, w, boundaries)))
    return Section("residents", w.translate("Who lives here"), tuple(blocks))


def _unknown_section(profile: Profile, w: Wording) -> Section:
    page = unknown_section(profile, w)
    lines = [item for block in page.blocks if isinstance(block, Bullets) for item in block.items]
    shown = lines[:STANDING_GAPS]
    if profile.gaps:
        shown.append(gap_sentence(most_relevant_gap(profile.gaps), w))
    return Section("unknown", page.heading, (Bullets(tuple(shown)),))


def most_relevant_gap(gaps: tuple[Gap, ...]) -> Gap:
    """Choose the gap that a council should hear of first; the first of its kind stands."""

    def rank(gap: Gap) -> int:
        if gap.indicator.indicator_id == HEADLINE:
            return -1
        return GAP_ORDER.index(gap.kind)

    return min(gaps, key=rank)
