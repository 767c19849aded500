"""The Word file as another office suite reads it: the same headings, cells and captions."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from pypdf import PdfReader

from analysis.assessment import load_profile
from analysis.documents.briefs.municipal import compose_municipal
from analysis.documents.word import to_docx
from analysis.sources.boundary_files import workspace_boundaries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOWN_STYLES = {"Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "List Bullet"}


def squeeze(text: str) -> str:
    # Lines are broken elsewhere on paper; what is compared is what is read.
    return "".join(text.split())


@pytest.mark.parametrize("language", ["mk", "en"])
def test_another_office_suite_reads_the_same(
    workspace: Workspace, save_by_office: Callable[[bytes, str, str], Path], language: str
) -> None:
    profile = load_profile(workspace, "kumanovo")
    content = to_docx(compose_municipal(profile, language, workspace_boundaries(workspace)))
    saved = save_by_office(content, "brief.docx", "pdf")
    pages = PdfReader(io.BytesIO(saved.read_bytes())).pages
    read = squeeze("".join(page.extract_text() for page in pages))
    word = docx.Document(io.BytesIO(content))
    texts = [p.text for p in word.paragraphs if p.style.name in SHOWN_STYLES]
    texts += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert len(texts) > 50
    assert not [text for text in texts if squeeze(text) not in read]
