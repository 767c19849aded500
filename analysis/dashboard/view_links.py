"""Sections as a dashboard shows them: chart, table and files of each view, carried inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.dashboard.downloads import CSV, Download
from analysis.documents.html import section_html
from analysis.documents.model import Document, Provenance
from analysis.documents.rows import reading_rows
from analysis.documents.tables import mark_rows
from analysis.documents.view_files import ViewLink, fill_views, make_view_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment.reading import Reading
    from analysis.documents.model import Section
    from analysis.documents.wording import Wording
    from analysis.protection.ledger.standing import Standing

KINDS = {"svg": "image/svg+xml", "png": "image/png", "csv": CSV}


def sections_html(
    sections: Sequence[Section],
    slug: str,
    w: Wording,
    standing: Standing | None,
    reading: Reading | None = None,
) -> list[str]:
    """Write sections whose views hold their own files.

    Parameters
    ----------
    sections : sequence of Section
    slug : str
        First part of the names of files.
    w : Wording
    standing : Standing or None
        How the edition stands: each file says it.
    reading : Reading, optional
        What the sections print; without it tables have files as they are printed.

    Returns
    -------
    list of str
        One a section; files are addresses that need no server.
    """
    rows = None if reading is None else mark_rows(reading_rows(reading, w), standing, w)
    document = Document("", "", "", w.language, tuple(sections), Provenance("", "", "", ""))
    links = [
        ViewLink(
            file.subject,
            file.name,
            Download(file.name, "", KINDS[file.name.rsplit(".", 1)[-1]], file.content).href,
            len(file.content),
        )
        for file in make_view_files(document, slug, w, standing, rows)
    ]
    return [fill_views(section_html(s, w.language), links, w.language) for s in sections]
