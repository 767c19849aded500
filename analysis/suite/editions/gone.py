"""Pages that an edition has not any more, as a part of its report of differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.model import Bullets, Paragraph, Section
from analysis.documents.page import name_page
from analysis.suite.editions.edition import MISSING
from analysis.text import LANGUAGES, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.documents.wording import Wording
    from analysis.suite.editions.edition import Edition, PublishedRun

TITLE = mark("Pages that are not shown any more")
WHY = mark(
    "They were taken out of suite.toml, or no good result of them is left. Their records are kept; "
    "put them back into suite.toml to show them again."
)
ONE = mark("{page} ({language})")


def find_gone(before: Edition, after: Edition) -> tuple[PublishedRun, ...]:
    """Find the runs that one edition shows and the next does not.

    Parameters
    ----------
    before, after : Edition

    Returns
    -------
    tuple of PublishedRun
        As the former edition showed them, in its order.
    """
    shown = {run.name for run in after.runs if _is_shown(run)}
    return tuple(run for run in before.runs if _is_shown(run) and run.name not in shown)


def _is_shown(run: PublishedRun) -> bool:
    # A page that says that there is none is there for those that lead to it.
    return bool(run.files) and run.state != MISSING


def gone_section(gone: Sequence[PublishedRun], w: Wording) -> Section:
    """Write the section about pages that are not shown any more.

    Parameters
    ----------
    gone : sequence of PublishedRun
        One at least.
    w : Wording

    Returns
    -------
    Section
    """
    items = tuple(
        w.say(ONE, page=name_page(run.slug, w), language=LANGUAGES[run.language].own_name)
        for run in gone
    )
    name = f"gone-{w.language.code}"
    return Section(name, w.translate(TITLE), (Paragraph(w.say(WHY)), Bullets(items)))
