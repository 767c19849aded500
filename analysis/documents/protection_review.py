"""The reviewer's sheet: what the second person looks at before an edition is released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.assessment.gaps import SECOND_HAND
from analysis.catalog import load_areas, load_indicators
from analysis.documents.model import Bullets, Column, Paragraph, Section, Table
from analysis.documents.protection_counts import WITHHELD
from analysis.protection.ledger.review import LIFT_ASKED, LIFTED
from analysis.text import format_count, mark

if TYPE_CHECKING:
    import pandas as pd

    from analysis.documents.model import Block
    from analysis.documents.protection_counts import Differences
    from analysis.documents.wording import Wording
    from analysis.protection.ledger.entries import Entry
    from analysis.protection.ledger.folder import Ledger
    from analysis.protection.ledger.review import Step
    from analysis.protection.ledger.standing import Standing

BOX = "\N{BALLOT BOX}"
LISTED = 40
STATES = {
    "draft": mark("draft: nobody has submitted it"),
    "submitted": mark("submitted: waits for the second person"),
    "returned": mark("returned: to be changed and submitted again"),
    "released": mark("released"),
}
STEPS = {
    "submitted": mark("submitted"),
    "returned": mark("returned"),
    "approved": mark("approved"),
    "lift_asked": mark("asked to lift the accepted remedies"),
    "lifted": mark("lifted the accepted remedies"),
}


@dataclass(frozen=True, slots=True)
class Review:
    """What the sheet is made from.

    Parameters
    ----------
    standing : Standing
    frame : pandas.DataFrame
        Public observations of this edition.
    former : Entry or None
        The release that it is held against; None before the first.
    differences : Differences or None
        From that release.
    steps : tuple of Step
        As :func:`list_steps` gives them, oldest first.
    is_demonstration : bool
    """

    standing: Standing
    frame: pd.DataFrame
    former: Entry | None
    differences: Differences | None
    steps: tuple[Step, ...]
    is_demonstration: bool


def list_steps(ledger: Ledger, standing: Standing, former: Entry | None) -> tuple[Step, ...]:
    """List the steps that a reviewer has to know of.

    Parameters
    ----------
    ledger : Ledger
    standing : Standing
        Of the edition.
    former : Entry or None
        The release that it is held against.

    Returns
    -------
    tuple of Step
        Those of this edition, and those by which remedies were lifted since that release: the
        edition is made without them.
    """
    newest = former.sha256 if former else ""
    return tuple(
        step
        for step in ledger.steps
        if (
            step.entry_sha256 == newest
            if step.kind in {LIFT_ASKED, LIFTED}
            else step.sha256 == standing.sha256
        )
    )


def review_sections(review: Review, w: Wording) -> tuple[Section, ...]:
    """Write the sheet.

    Parameters
    ----------
    review : Review
    w : Wording

    Returns
    -------
    tuple of Section
        The list to tick off, the cells that changed sides, who did what.
    """
    sides = [] if review.differences is None else [_sides(review.differences, w)]
    return (_checklist(review, w), *sides, _log(review, w))


def _number(count: int, w: Wording) -> str:
    return format_count(count, w.language)


def _checklist(review: Review, w: Wording) -> Section:
    frame = review.frame
    shown = frame["state"].ne(WITHHELD)
    facts = [
        (
            w.translate("The audit of this edition names no figure that could be worked out"),
            w.translate("see what the command said"),
        ),
        (
            w.translate("Withheld cells: the reasons above are those that the policy gives"),
            _number(int((~shown).sum()), w),
        ),
        *_differences(review, w),
        (
            w.translate("Notes beside shown figures: none tells of a person or a withheld number"),
            _number(int((shown & frame["note"].ne("")).sum()), w),
        ),
        (
            w.translate("Figures from a secondary source: each is confirmed or may wait"),
            _number(int((shown & frame["verification"].isin(SECOND_HAND)).sum()), w),
        ),
        (
            w.translate("Pages, briefs, tables and pictures: opened and read in each language"),
            "",
        ),
    ]
    if review.is_demonstration:
        facts.append(
            (
                w.translate("Synthetic figures: the edition is for training and says so"),
                w.translate("synthetic"),
            )
        )
    table = Table(
        "checklist",
        w.translate("What the second person looks at"),
        (
            Column(w.translate("Question"), is_number=False),
            Column(w.translate("In this edition")),
            Column(w.translate("Looked at")),
        ),
        tuple((question, fact, BOX) for question, fact in facts),
    )
    return Section("checklist", w.translate("Sheet for the reviewer"), (_against(review, w), table))


def _against(review: Review, w: Wording) -> Paragraph:
    if review.former is None:
        return Paragraph(w.say("There is no former release: every cell is new."))
    said = w.say(
        "Held against release {number} of {day}.",
        number=str(review.former.number),
        day=review.former.day,
    )
    return Paragraph(said)


def _differences(review: Review, w: Wording) -> list[tuple[str, str]]:
    found = review.differences
    if found is None:
        return []
    listed = (
        (w.translate("New cells: no place, period or group is one too many"), found.new),
        (w.translate("Cells withheld now that were shown: listed below"), found.withheld),
        (w.translate("Cells shown now that were withheld: listed below"), found.returned),
        (w.translate("Revised numbers: the source explains them"), found.revised),
        (w.translate("Cells that are gone: the reason is known"), found.gone),
    )
    return [(question, _number(len(cells), w)) for question, cells in listed]


def _sides(found: Differences, w: Wording) -> Section:
    heading = w.translate("Cells that changed sides")
    if not len(found.withheld) + len(found.returned):
        said = w.say("None: nothing that was shown is withheld now, and nothing the other way.")
        return Section("sides", heading, (Paragraph(said),))
    named = (
        (w.translate("withheld now, shown before"), found.withheld),
        (w.translate("shown now, withheld before"), found.returned),
    )
    rows = tuple(row for side, cells in named for row in _cell_rows(side, cells, w))
    heads = (mark("Figure"), mark("Area"), mark("Period"), mark("Change"))
    table = Table(
        "sides",
        w.translate("Cells that changed sides, without their numbers"),
        tuple(Column(w.translate(head), is_number=False) for head in heads),
        rows,
        (
            str(
                w.say(
                    "At most {n} of each kind are listed here; the table beside this page has all.",
                    n=str(LISTED),
                )
            ),
        ),
    )
    return Section("sides", heading, (table,))


def _cell_rows(side: str, cells: pd.DataFrame, w: Wording) -> list[tuple[str, ...]]:
    areas, indicators = load_areas(), load_indicators()
    return [
        (
            w.indicator(indicators.get(str(cell["indicator_id"]))),
            w.area(areas.get(str(cell["area_id"]))),
            str(cell["period_end"])[:7],
            side,
        )
        for cell in cells.head(LISTED).to_dict("records")
    ]


def _log(review: Review, w: Wording) -> Section:
    standing = review.standing
    nobody = w.translate("nobody yet")
    persons = Bullets(
        (
            w.say("State: {state}", state=w.translate(STATES.get(standing.state, standing.state))),
            w.say("Author: {name}", name=standing.author or nobody),
            w.say("Reviewer, another person: {name}", name=standing.reviewer or nobody),
            w.say("SHA-256 of the figures: {sha256}", sha256=standing.sha256),
        )
    )
    blocks: list[Block] = [persons]
    if review.steps:
        heads = (mark("Date"), mark("Step"), mark("Person"), mark("Because"))
        rows = tuple(
            (step.day, w.translate(STEPS.get(step.kind, step.kind)), step.by, step.because)
            for step in review.steps
        )
        columns = tuple(Column(w.translate(head), is_number=False) for head in heads)
        blocks.append(Table("log", w.translate("Log of this edition"), columns, rows))
    return Section("log", w.translate("Who did what"), tuple(blocks))
