"""The report on protection: what an edition withholds, why, what it cost, and who looks at it.

It is for the staff, because it tells what protection cost, and lies in the restricted zone. Even so
it holds no withheld number: it is made from the public table, the ledger, and shares.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.catalog import load_indicators
from analysis.documents.html import render, section_html
from analysis.documents.page import page_marks
from analysis.documents.protection_cells import report_cells
from analysis.documents.protection_counts import compare_releases, select_protected
from analysis.documents.protection_review import Review, list_steps, review_sections
from analysis.documents.protection_rules import rules_sections
from analysis.documents.protection_sections import cost_sections
from analysis.documents.protection_told import told_section
from analysis.documents.protection_words import policy_in_short
from analysis.documents.wording import Wording
from analysis.protection import load_policy
from analysis.protection.details import join_reasons
from analysis.protection.ledger.folder import SHOWN, read_ledger, release_folder
from analysis.protection.ledger.standing import read_standing
from analysis.sources.demonstration import is_demonstration
from analysis.store.files import OBSERVATIONS, SOURCES, read_table, write_atomically
from analysis.text import find_language, translator

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.documents.model import Section
    from analysis.documents.protection_cost import EditionCost
    from analysis.protection.ledger.standing import Standing
    from analysis.workspace import Workspace

# The report lies beside the site, not in it.
SITE = "../site/"


def write_protection_report(
    workspace: Workspace, language: str, cost: EditionCost | None = None
) -> Path:
    """Write the report on the edition in the public zone, and its rows as CSV beside it.

    Parameters
    ----------
    workspace : Workspace
        Its public zone must have been built.
    language : str
        Code of a language.
    cost : EditionCost, optional
        What only the making of the edition can tell; without it the report says what public
        figures tell.

    Returns
    -------
    pathlib.Path
        ``restricted/protection_report_<language>.html``, a page to read and to print.

    Raises
    ------
    LanguageError
        When the language is not spoken.
    FileNotFoundError
        When nothing has been built yet.
    LedgerError
        When the ledger was changed.
    """
    w = Wording(translator(find_language(language).code))
    policy = load_policy()
    review = read_review(workspace)
    cells = select_protected(review.frame, load_indicators(), policy)
    sections = (
        *cost_sections(cells, policy, w, cost),
        *told_section(w, cost),
        *rules_sections(w, policy),
        *review_sections(review, w),
    )
    path = workspace.restricted / f"protection_report_{language}.html"
    rows = report_cells(cells, review.differences, w)
    written = rows.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
    write_atomically(path.with_suffix(".csv"), written)
    write_atomically(path, _page(sections, review.standing, w).encode("utf-8"))
    return path


def read_review(workspace: Workspace) -> Review:
    """Read what the reviewer's sheet is made from.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    Review
        Held against the newest release that is not the edition itself.
    """
    standing = read_standing(workspace)
    ledger = read_ledger(workspace)
    frame = join_reasons(read_table(workspace.public / OBSERVATIONS), workspace)
    own = standing.number if standing.is_released else None
    before = [entry for entry in ledger.entries if own is None or entry.number < own]
    former = before[-1] if before else None
    differences = None
    if former is not None:
        shown = read_table(release_folder(workspace, former.number) / SHOWN)
        differences = compare_releases(shown, frame)
    return Review(
        standing=standing,
        frame=frame,
        former=former,
        differences=differences,
        steps=list_steps(ledger, standing, former),
        is_demonstration=is_demonstration(
            read_table(workspace.public / SOURCES)["source_id"],
        ),
    )


def _page(sections: tuple[Section, ...], standing: Standing, w: Wording) -> str:
    language = w.language
    return render(
        "report.html.j2",
        language,
        root=SITE,
        style=Markup(_style()),  # noqa: S704  # our own file
        marks=page_marks([language.code], standing),
        policy=str(policy_in_short(w)),
        body=[Markup(section_html(s, language)) for s in sections],  # noqa: S704  # our templates
    )


def _style() -> str:
    # Written into the page: it is read where no site lies beside it. The font then is another one.
    text = (resources.files("analysis.documents") / "page.css").read_text(encoding="utf-8")
    return text.replace('url("', f'url("{SITE}assets/')
