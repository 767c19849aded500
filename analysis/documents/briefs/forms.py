"""The forms of a brief: the facts alone, two pages to decide by, or four pages to discuss.

All three hold the same figures. What only people can say (which decision is asked, why now, what
could be done, who should do what) is never made up: where nobody wrote it, the two forms for
decisions show the place for it, and the gate names it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.assessment.confidence import FEW_CASES
from analysis.documents.brief_forms import FACTS, LONG, PAGES, SHORT, check_form
from analysis.documents.briefs.own_tables import TABLES, make_table
from analysis.documents.briefs.own_text import HEADINGS
from analysis.documents.model import Bullets, Paragraph, Section, Sentence, Table
from analysis.documents.protection_words import policy_in_short
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.documents.model import Block, Document
    from analysis.documents.wording import Wording

SHORT_FINDINGS, SHORT_UNKNOWN = 3, 1
DECISION, EVIDENCE = "decision", "evidence"
ORDERS: Mapping[str, tuple[str, ...]] = {
    SHORT: (
        DECISION,
        "key",
        "chart",
        EVIDENCE,
        "recommendations",
        "unknown",
        "method",
        "sources",
        "imprint",
    ),
    LONG: (
        DECISION,
        "key",
        "chart",
        "why_now",
        EVIDENCE,
        "policy",
        "affected",
        "residents",
        "options",
        "recommendations",
        "objections",
        "unknown",
        "method",
        "sources",
        "imprint",
    ),
}
# What nobody but a person can say; an instruction without a digit, which would be a typed number.
PLACES: Mapping[str, str] = {
    DECISION: mark(
        "To be filled in: for whom this is, which decision is asked of which body, and by which "
        "session."
    ),
    "why_now": mark(
        "To be filled in: the law, the deadline, the money or the state of a policy that makes "
        "this the time."
    ),
    "options": mark(
        "To be filled in: what happens if nothing is done, and at least two other ways."
    ),
    "recommendations": mark(
        "To be filled in: who does what, by when, with which money, measured by which indicator, "
        "and on which finding it rests."
    ),
    "objections": mark(
        "To be filled in: what speaks against the recommendations, and who would bear it."
    ),
}
NOTHING = mark("Do nothing")
ROWS: Mapping[str, tuple[str, ...]] = {
    "options": (NOTHING, "A", "B"),
    "recommendations": ("", ""),
}
BLANK = "\N{HORIZONTAL ELLIPSIS}"
GROUPS = mark("The figures here count groups, and none of them one person: {groups}.")
CONFIDENCE = mark(
    "Confidence starts at high and loses a step for each weakness that the statement names. One "
    "step is moderate, two or more are low; below {cases} cases nothing is said of a change. A "
    "writer may lower it, never raise it."
)


def form_of(brief: Document) -> str:
    """Tell the form of a brief by its name.

    Examples
    --------
    >>> from analysis.documents.model import Document, Provenance
    >>> from analysis.text import find_language
    >>> made_from = Provenance("", "", "", "")
    >>> form_of(Document("butel_long_mk", "", "", find_language("mk"), (), made_from))
    'long'
    """
    stem = brief.name.removesuffix(f"_{brief.language.code}")
    return next((form for form in PAGES if stem.endswith(f"_{form}")), FACTS)


def shape_brief(
    facts: Document, written: Sequence[Section], groups: Sequence[str], form: str, w: Wording
) -> Document:
    """Give a brief its form.

    Parameters
    ----------
    facts : Document
        The brief as the figures alone make it.
    written : sequence of Section
        What people wrote, filled in.
    groups : sequence of str
        Names of the populations that its findings count.
    form : {"facts", "short", "long"}
    w : Wording

    Returns
    -------
    Document

    Raises
    ------
    FormError
        When the form is none of these.
    """
    if check_form(form) == FACTS:
        return replace(facts, sections=tuple(_put_in(facts.sections, written)))
    held = {s.name: s for s in (*facts.sections, *written)}
    held[EVIDENCE] = number_findings(held[EVIDENCE])
    held["method"] = _method_in_short(held["method"], w)
    held |= {name: make_place(name, w) for name in PLACES if name not in held}
    if form == SHORT:
        held |= _shorten(held)
    elif "affected" not in held:
        held["affected"] = _affected(groups, w)
    code = w.language.code
    return replace(
        facts,
        name=f"{facts.name.removesuffix(f'_{code}')}_{form}_{code}",
        sections=tuple(held[name] for name in ORDERS[form] if name in held),
    )


def _put_in(made: Sequence[Section], written: Sequence[Section]) -> Iterator[Section]:
    """Put the decision before all, and the rest where a reader has the facts."""
    yield from (s for s in written if s.name == DECISION)
    for section in made:
        yield section
        if section.name == EVIDENCE:
            yield from (s for s in written if s.name != DECISION)


def number_findings(section: Section) -> Section:
    """Give each finding the code that a recommendation names: F1, F2 and so on.

    Parameters
    ----------
    section : Section
        The evidence.

    Returns
    -------
    Section
    """
    blocks: list[Block] = []
    count = 0
    for block in section.blocks:
        if isinstance(block, Paragraph) and block.role == "lead":
            count += 1
            said = Sentence((f"F{count} · ", *block.sentence.parts))
            blocks.append(replace(block, sentence=said))
        else:
            blocks.append(block)
    return replace(section, blocks=tuple(blocks))


def make_place(name: str, w: Wording) -> Section:
    """Make the place for what a person has to write, marked so that nobody overlooks it.

    Parameters
    ----------
    name : str
        Of the section.
    w : Wording

    Returns
    -------
    Section
        A warning, and the empty table where the section has one.
    """
    blocks: list[Block] = [Paragraph(w.say(PLACES[name]), "warning")]
    if name in TABLES:
        blank = [Sentence((BLANK,))] * (len(TABLES[name]) - 1)
        rows = [
            [Sentence((w.translate(head) if head == NOTHING else head or BLANK,)), *blank]
            for head in ROWS[name]
        ]
        blocks.append(make_table(name, rows, w))
    return Section(name, w.translate(HEADINGS[name]), tuple(blocks))


def _affected(groups: Sequence[str], w: Wording) -> Section:
    said = w.say(GROUPS, groups="; ".join(dict.fromkeys(groups)))
    return Section("affected", w.translate(HEADINGS["affected"]), (Paragraph(said),))


def _method_in_short(section: Section, w: Wording) -> Section:
    rule = w.say(CONFIDENCE, cases=str(FEW_CASES))
    return replace(section, blocks=(Bullets((policy_in_short(w), rule)),))


def _shorten(held: Mapping[str, Section]) -> dict[str, Section]:
    """Keep the first findings, the first unknown, and the sources that are cited."""
    evidence = held[EVIDENCE]
    leads = [
        i for i, b in enumerate(evidence.blocks) if isinstance(b, Paragraph) and b.role == "lead"
    ]
    end = leads[SHORT_FINDINGS] if len(leads) > SHORT_FINDINGS else len(evidence.blocks)
    kept = replace(evidence, blocks=evidence.blocks[:end])
    said = "".join(str(b.sentence) for b in kept.blocks if isinstance(b, Paragraph))
    return {
        EVIDENCE: kept,
        "unknown": _keep_items(held["unknown"], SHORT_UNKNOWN),
        "sources": _keep_cited(held["sources"], said),
    }


def _keep_items(section: Section, most: int) -> Section:
    blocks = tuple(
        replace(b, items=b.items[:most]) if isinstance(b, Bullets) else b for b in section.blocks
    )
    return replace(section, blocks=blocks)


def _keep_cited(section: Section, said: str) -> Section:
    blocks = tuple(
        replace(b, rows=tuple(row for row in b.rows if str(row[0]) in said))
        if isinstance(b, Table)
        else b
        for b in section.blocks
    )
    return replace(section, blocks=blocks)
