"""The sections of a comparison: what is compared, with whom, what it means, where it is from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.peers import find_peers
from analysis.documents.about import about_section
from analysis.documents.compare_pictures import picture_compare
from analysis.documents.compare_sentences import (
    care_sentences,
    coverage_sentence,
    finding_sentence,
    peers_sentence,
)
from analysis.documents.compare_tables import compare_table, others_table
from analysis.documents.compare_words import peers_words, period_words
from analysis.documents.model import Bullets, Document, Figure, Paragraph, Provenance, Section
from analysis.documents.notice import profile_notice
from analysis.documents.profile_tables import sources_table
from analysis.documents.protection_words import policy_in_short
from analysis.documents.wording import Wording
from analysis.text import translator

if TYPE_CHECKING:
    from analysis.assessment.compare import PeerComparison
    from analysis.documents.model import Block


def compose_comparison(
    found: PeerComparison, language: str, provenance: Provenance | None = None
) -> Document:
    """Compose a comparison in one language: all that a page or a dashboard shows of it.

    Parameters
    ----------
    found : PeerComparison
    language : str
        Code of a language.
    provenance : Provenance, optional

    Returns
    -------
    Document

    Raises
    ------
    LanguageError
        When the language is not spoken.
    """
    w = Wording(translator(language))
    return Document(
        name=f"compare_{found.area.slug}_{found.indicator.indicator_id}_{language}",
        title=compare_title(found, w),
        subtitle=str(
            w.say(
                "{name}, {period}, beside {peers}",
                name=w.indicator(found.indicator),
                period=period_words(found, w),
                peers=peers_words(found.peers, w),
            )
        ),
        language=w.language,
        sections=compare_sections(found, w),
        provenance=provenance or Provenance("", found.data_date, "", ""),
        notice=profile_notice(found, w.translate),
    )


def compare_title(found: PeerComparison, w: Wording) -> str:
    """Name a comparison."""
    return str(w.say("{area} beside other municipalities", area=w.area(found.area)))


def compare_sections(found: PeerComparison, w: Wording) -> tuple[Section, ...]:
    """Give the sections of a comparison in reading order.

    Parameters
    ----------
    found : PeerComparison
    w : Wording

    Returns
    -------
    tuple of Section
        ``compare`` (finding, chart, table), ``peers``, ``about``, ``sources``.
    """
    return (
        figures_section(found, w),
        peers_section(found, w),
        about_section(found, w),
        Section("sources", w.translate("Sources"), (sources_table(found, w),)),
    )


def figures_section(found: PeerComparison, w: Wording) -> Section:
    """Show the finding, the chart and its table."""
    blocks: list[Block] = [
        Paragraph(finding_sentence(found, w), "lead"),
        Paragraph(coverage_sentence(found, w)),
        *(Paragraph(sentence, "warning") for sentence in care_sentences(found, w)),
        *(Figure(picture) for picture in picture_compare(found, w)),
        compare_table(found, w),
    ]
    differing = others_table(found, w)
    if differing:
        blocks.append(differing)
    if any(p.count.state == "suppressed" for p in found.places):
        blocks.append(Paragraph(policy_in_short(w), "note"))
    return Section("compare", w.indicator(found.indicator), tuple(blocks))


def peers_section(found: PeerComparison, w: Wording) -> Section:
    """Name both groups of peers, whichever is shown."""
    groups = [find_peers(found.data, found.area, kind) for kind in ("size", "region")]
    blocks: tuple[Block, ...] = (
        Bullets(tuple(peers_sentence(peers, w) for peers in groups)),
        Paragraph(
            w.say("Peers are chosen by size and place alone. They are no judgement of a place."),
            "note",
        ),
    )
    return Section("peers", w.translate("Who is compared"), blocks)
