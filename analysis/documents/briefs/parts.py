"""What every brief has: numbered sources, evidence, the method in short, an imprint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.assessment.confidence import FEW_CASES, OLD_AFTER_MONTHS, WIDE_POINTS
from analysis.documents.evidence import cite_source, evidence_sentence, judge_evidence
from analysis.documents.model import Bullets, Column, Paragraph, Section, Sentence, Table
from analysis.documents.notice import standing_words
from analysis.documents.paper import run_name
from analysis.documents.protection_words import policy_in_short
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.assessment.reading import Reading
    from analysis.documents.evidence import Evidence
    from analysis.documents.model import Block, Document
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.protection.ledger.standing import Standing

LICENCE = mark("MIT; figures under the terms of their publishers")


def number_sources(findings: Sequence[Evidence], before: Iterable[Result] = ()) -> dict[str, int]:
    """Give each source that a brief uses its number, in the order of first use.

    Parameters
    ----------
    findings : sequence of Evidence
    before : iterable of Result
        What is printed before the findings.

    Returns
    -------
    dict of str to int
        By id of the source, from 1.
    """
    cited = [r for finding in findings for r in finding.results]
    used = dict.fromkeys(r.source_id for r in [*before, *cited] if r.source_id)
    return {source_id: position for position, source_id in enumerate(used, start=1)}


def evidence_section(
    reading: Reading, findings: Sequence[Evidence], numbering: dict[str, int], w: Wording
) -> Section:
    """Set each finding with all that stands behind it.

    Parameters
    ----------
    reading : Reading
    findings : sequence of Evidence
    numbering : dict of str to int
    w : Wording

    Returns
    -------
    Section
    """
    blocks: list[Block] = []
    for finding in findings:
        sure = judge_evidence(finding, reading.data, reading.data_date) if finding.results else None
        blocks.append(Paragraph(finding.claim, "lead"))
        blocks.append(Paragraph(evidence_sentence(finding, sure, numbering, w), "note"))
    return Section("evidence", w.translate("What the evidence says"), tuple(blocks))


def method_section(w: Wording, *, has_censuses: bool = False) -> Section:
    """Say by which rules the figures are shown and judged.

    Parameters
    ----------
    w : Wording
    has_censuses : bool
        Whether censuses are compared.

    Returns
    -------
    Section
    """
    censuses = w.say(
        "Censuses are full counts without an interval. Their definitions differ, so that they "
        "are not comparable one to one."
    )
    rule = w.say(
        "Confidence starts at high and loses a step for each of: a figure older than {months} "
        "months; one read in a secondary source; one source that is not public; a changed "
        "definition or coverage; less than four fifths reporting; fewer than {cases} cases or "
        "an interval wider than {points} points; figures that fail a check of arithmetic. One "
        "step is moderate, two or more are low. A writer may lower it, never raise it.",
        months=str(OLD_AFTER_MONTHS),
        cases=str(FEW_CASES),
        points=f"{WIDE_POINTS:.0f}",
    )
    sentences = (policy_in_short(w), *((censuses,) if has_censuses else ()), rule)
    return Section("method", w.translate("Data and method"), (Bullets(sentences),))


def numbered_sources(reading: Reading, numbering: dict[str, int], w: Wording) -> Table:
    """List the sources of a document under the numbers that its statements cite.

    Parameters
    ----------
    reading : Reading
    numbering : dict of str to int
    w : Wording

    Returns
    -------
    Table
    """
    table = reading.data.sources.set_index("source_id")
    heads = (mark("No."), mark("Publisher"), mark("Title"), mark("Address"), mark("Date"))
    rows = tuple(
        (
            cite_source(number),
            str(table.at[source_id, "publisher"]),
            str(table.at[source_id, "title"]),
            str(table.at[source_id, "address"]),
            str(table.at[source_id, "as_of"]) or w.translate("no date"),
        )
        for source_id, number in numbering.items()
    )
    return Table(
        "sources",
        w.translate("Sources of this document; titles stand as published"),
        tuple(Column(w.translate(head), is_number=False) for head in heads),
        rows,
    )


def add_imprint(whole: Document, standing: Standing | None, w: Wording) -> Document:
    """Put behind a document how it stands, and what it was made from.

    Parameters
    ----------
    whole : Document
    standing : Standing or None
    w : Wording

    Returns
    -------
    Document
    """
    p = whole.provenance
    rows = (
        (w.translate("State"), standing_words(standing, w.translate)),
        (w.translate("Run"), run_name(whole)),
        (w.translate("Data as of"), p.data_date),
        (w.translate("SHA-256 of the data"), p.data_sha256),
        (w.translate("Version"), f"Patokaz {p.version}".strip()),
        (w.translate("Licence"), w.translate(LICENCE)),
    )
    # A few lines and no table: a third page that holds nothing else helps nobody.
    said = " · ".join(f"{label}:\N{NO-BREAK SPACE}{entry}" for label, entry in rows)
    note = Paragraph(Sentence((said,)), "note")
    imprint = Section("imprint", w.translate("Imprint"), (note,))
    return replace(whole, sections=(*whole.sections, imprint))
