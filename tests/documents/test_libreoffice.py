"""The Word file as another office suite reads it: the same headings, cells and captions."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import docx
import pytest
from pypdf import PdfReader

from analysis.assessment import load_profile
from analysis.documents.briefs.municipal import compose_municipal
from analysis.documents.word import to_docx
from analysis.sources.boundary_files import workspace_boundaries

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOWN_STYLES = {"Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "List Bullet"}
SECONDS = 120


@pytest.fixture(scope="module")
def soffice() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return found
    sentence = "LibreOffice is missing: the Word file was NOT read by it (install soffice)."
    if os.environ.get("PATOKAZ_REQUIRE_BROWSER") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


def squeeze(text: str) -> str:
    # Lines are broken elsewhere on paper; what is compared is what is read.
    return "".join(text.split())


@pytest.mark.parametrize("language", ["mk", "en"])
def test_another_office_suite_reads_the_same(
    workspace: Workspace, tmp_path: Path, soffice: str, language: str
) -> None:
    profile = load_profile(workspace, "kumanovo")
    content = to_docx(compose_municipal(profile, language, workspace_boundaries(workspace)))
    source = tmp_path / "brief.docx"
    source.write_bytes(content)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    pages = PdfReader(io.BytesIO((tmp_path / "brief.pdf").read_bytes())).pages
    read = squeeze("".join(page.extract_text() for page in pages))
    word = docx.Document(io.BytesIO(content))
    texts = [p.text for p in word.paragraphs if p.style.name in SHOWN_STYLES]
    texts += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert len(texts) > 50
    assert not [text for text in texts if squeeze(text) not in read]
