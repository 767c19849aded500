"""Until two persons have released an edition, every output says so; then none does."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from analysis import open_dashboard
from analysis.assessment import load_profile
from analysis.dashboard import base, frame
from analysis.dashboard.address import read_address
from analysis.dashboard.downloads import make_downloads
from analysis.dashboard.frame import edition_standing, page_frame
from analysis.documents.briefs.municipal import compose_municipal
from analysis.documents.compose import compose_profile
from analysis.documents.model import Figure
from analysis.documents.notice import DRAFT, DRAFT_WORD, is_draft, mark_picture, standing_key
from analysis.documents.page import index_html, page_html, welcome_html
from analysis.documents.pdf import to_pdf
from analysis.documents.profile_pictures import picture_change
from analysis.documents.protection_page import rules_html
from analysis.documents.rows import reading_rows
from analysis.documents.tables import mark_rows, to_csv_bytes, to_xlsx_bytes
from analysis.documents.word import to_docx
from analysis.documents.word_template import build_template
from analysis.documents.wording import Wording
from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.standing import Standing
from analysis.sources.boundary_files import workspace_boundaries
from analysis.suite import cache, publish
from analysis.suite.plan import plan_runs
from analysis.text import translator

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.assessment import Profile
    from analysis.documents.model import Document
    from analysis.figures import Picture
    from analysis.workspace import Workspace

AUTHOR, REVIEWER = "Ana Authorova", "Rita Reviewerova"
RELEASED = Standing("released", 3, AUTHOR, REVIEWER, "2026-11-22", "ab")
RELEASE = "Release 3, 2026-11-22"
UNRELEASED = [
    None,
    *(Standing(s, None, AUTHOR, REVIEWER, "", "ab") for s in ("draft", "submitted", "returned")),
    # A release without a number is none.
    replace(RELEASED, number=None),
]
HEADER = {
    "language": "en",
    "title": "Kumanovo: municipal profile",
    "subtitle": "",
    "data_date": "2025-12",
    "run_id": "ab12",
    "data_sha256": "cd",
    "version": "0",
}


@pytest.fixture(scope="module")
def profile(workspace: Workspace) -> Profile:
    return load_profile(workspace, "kumanovo")


@pytest.fixture(scope="module")
def w() -> Wording:
    return Wording(translator("en"))


@pytest.fixture(scope="module")
def drawn(profile: Profile, w: Wording) -> Picture:
    return picture_change(profile, w)


def _brief(workspace: Workspace, profile: Profile, standing: Standing | None) -> Document:
    return compose_municipal(profile, "en", workspace_boundaries(workspace), None, standing)


def _pages(standing: Standing | None) -> dict[str, str]:
    return {
        "page": page_html(HEADER, [], "kumanovo", ["en"], [], standing=standing),
        "index": index_html("en", ["kumanovo"], ["en"], standing=standing),
        "welcome": welcome_html(["mk", "en"], standing=standing),
        "rules": rules_html("en", ["en"], standing),
    }


@pytest.mark.parametrize("standing", UNRELEASED)
def test_whatever_is_not_released_is_a_draft(standing: Standing | None) -> None:
    assert is_draft(standing)
    assert standing_key(standing) == "draft"
    for name, text in _pages(standing).items():
        assert DRAFT in text, name
        assert RELEASE not in text


def test_pages_of_a_draft_say_it_above_in_the_title_and_behind_each_printed_page() -> None:
    for name, text in _pages(None).items():
        word = translator("mk")(DRAFT_WORD) if name == "welcome" else DRAFT_WORD
        assert f"<title>{word} – " in text, name
        assert re.search(rf'<p class="watermark" aria-hidden="true">{word}</p>', text), name
        head = text.partition("<main")[0]
        assert '<p class="draft" role="note" lang="en">' in head, name


def test_the_first_page_says_it_in_each_language() -> None:
    text = welcome_html(["mk", "en"])
    assert translator("mk")(DRAFT) in text
    assert DRAFT in text


def test_released_pages_say_which_release_and_name_nobody() -> None:
    for name, text in _pages(RELEASED).items():
        assert RELEASE in text, name
        assert "DRAFT" not in text, name
        assert DRAFT not in text, name
        assert 'class="watermark"' not in text, name
        assert AUTHOR not in text, name
        assert REVIEWER not in text, name


def test_the_sheet_shows_the_watermark_in_print_only(checkout: Path) -> None:
    sheet = (checkout / "analysis" / "documents" / "page.css").read_text(encoding="utf-8")
    screen, _, printed = sheet.partition("@media print")
    assert ".watermark { display: none; }" in screen
    assert re.search(r"\.watermark \{ display: block; position: fixed;", printed)


def test_every_page_of_a_pdf_says_that_it_is_a_draft(
    workspace: Workspace, profile: Profile
) -> None:
    reader = PdfReader(io.BytesIO(to_pdf(_brief(workspace, profile, None))))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) > 1
    assert all(DRAFT in text and "DRAFT" in text for text in texts)
    # Above the title as text, because the line at the head is furniture to a screen reader.
    assert texts[0].count(DRAFT) == 2
    assert reader.metadata is not None
    assert str(reader.metadata["/Title"]).startswith("DRAFT – Resident population")


def test_a_released_pdf_says_which_release_on_each_page(
    workspace: Workspace, profile: Profile
) -> None:
    brief = _brief(workspace, profile, RELEASED)
    content = to_pdf(brief, RELEASED)
    reader = PdfReader(io.BytesIO(content))
    texts = [page.extract_text() for page in reader.pages]
    assert all(RELEASE in text and "raft" not in text and "DRAFT" not in text for text in texts)
    assert reader.metadata is not None
    assert reader.metadata["/Title"] == brief.title
    assert not any(name.encode() in content for name in (AUTHOR, REVIEWER))
    assert to_pdf(_brief(workspace, profile, RELEASED), RELEASED) == content


def _word_texts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return {n: parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml")}


def test_a_word_file_says_it_at_the_head_of_each_page(
    workspace: Workspace, profile: Profile
) -> None:
    word = docx.Document(io.BytesIO(to_docx(_brief(workspace, profile, None))))
    assert DRAFT in word.sections[0].header.paragraphs[0].text
    assert word.core_properties.title.startswith("DRAFT – ")
    brief = _brief(workspace, profile, RELEASED)
    content = to_docx(brief, None, RELEASED)
    released = docx.Document(io.BytesIO(content))
    assert RELEASE in released.sections[0].header.paragraphs[0].text
    assert released.core_properties.title == brief.title
    for name, text in _word_texts(content).items():
        # The style of the line above the title is called so; no text is.
        assert "raft" not in text or name == "word/styles.xml" or 'w:val="Draft"' in text, name
        assert DRAFT not in text
        assert DRAFT_WORD not in text
        assert AUTHOR not in text


def test_no_template_loses_the_mark(workspace: Workspace, profile: Profile, tmp_path: Path) -> None:
    own = docx.Document(io.BytesIO(build_template()))
    page = own.sections[0]
    page.header.paragraphs[0].text = "Municipality of Nowhere"
    page.different_first_page_header_footer = True
    page.first_page_header.paragraphs[0].text = "Crest"
    own.settings.odd_and_even_pages_header_footer = True
    own.add_section()
    path = tmp_path / "own.docx"
    own.save(str(path))
    word = docx.Document(io.BytesIO(to_docx(_brief(workspace, profile, None), path)))
    for section in word.sections:
        heads = (section.header, section.first_page_header, section.even_page_header)
        for head in heads:
            assert "".join(t.text or "" for t in head._element.iter(qn("w:t"))).count(DRAFT) == 1
    assert "Municipality of Nowhere" in word.sections[0].header.paragraphs[1].text


def test_pictures_of_a_word_file_carry_the_word(workspace: Workspace, profile: Profile) -> None:
    def media(content: bytes) -> set[bytes]:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return {parts.read(n) for n in parts.namelist() if n.startswith("word/media/")}

    brief = _brief(workspace, profile, None)
    figures = [b.picture for s in brief.sections for b in s.blocks if isinstance(b, Figure)]
    translate = translator("en")
    assert media(to_docx(brief)) == {mark_picture(p, None, translate).png for p in figures}
    assert media(to_docx(brief, None, RELEASED)) == {p.png for p in figures}


def test_rows_say_it_one_by_one(profile: Profile, w: Wording) -> None:
    rows = reading_rows(profile, w)
    for standing, said in ((None, DRAFT), (RELEASED, RELEASE)):
        marked = mark_rows(rows, standing, w)
        back = pd.read_csv(io.BytesIO(to_csv_bytes(marked)), encoding="utf-8-sig")
        assert list(back.columns) == ["standing", *rows.columns]
        assert set(back["standing"]) == {said}
    assert "standing" not in rows


def test_a_workbook_says_it_in_rows_note_and_printed_heads(profile: Profile, w: Wording) -> None:
    for standing, said in ((None, DRAFT), (RELEASED, RELEASE)):
        rows = mark_rows(reading_rows(profile, w), standing, w)
        content = to_xlsx_bytes(rows, profile.data.sources, "Title", w, standing)
        book = openpyxl.load_workbook(io.BytesIO(content))
        data, dictionary, _, note = book.worksheets
        assert data["A2"].value == said
        assert dictionary["A2"].value == "standing"
        assert note["A2"].value == f"{said}."
        assert all(sheet.oddHeader.right.text == said for sheet in book.worksheets)
        tabs = {sheet.sheet_properties.tabColor is not None for sheet in book.worksheets}
        assert tabs == {is_draft(standing)}


def test_a_picture_of_a_draft_is_drawn_with_its_word(drawn: Picture) -> None:
    marked = mark_picture(drawn, None, translator("mk"))
    word = translator("mk")(DRAFT_WORD)
    assert f">{word}</text>" in marked.svg
    assert f'aria-label="{word}. ' in marked.svg
    assert marked.png != drawn.png
    assert mark_picture(drawn, RELEASED, translator("mk")) is drawn


def test_the_word_of_a_draft_takes_nothing_away(drawn: Picture) -> None:
    synthetic = replace(drawn, notice="Synthetic data")
    assert mark_picture(synthetic, None, translator("en")).notice == "Synthetic data · DRAFT"


def test_pictures_travel_with_the_mark_and_their_words(workspace: Workspace) -> None:
    run = next(r for r in plan_runs(workspace, ["kumanovo"]) if r.language == "en")
    profile = load_profile(workspace, "kumanovo")
    whole = compose_profile(profile, "en", workspace_boundaries(workspace))
    first = tuple(s for s in whole.sections if s.name == "registered")
    document = replace(whole, sections=first)
    for standing, said in ((None, DRAFT), (RELEASED, RELEASE)):
        (content,) = publish.picture_files(run, document, standing).values()
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            files = {name.rsplit(".", 1)[1]: bundle.read(name) for name in bundle.namelist()}
        assert said in files["txt"].decode()
        assert ("DRAFT" in files["svg"].decode()) is is_draft(standing)


def _dashboard(
    workspace: Workspace, standing: Standing | None, monkeypatch
) -> tuple[str, str, str]:
    def none() -> None:
        raise RuntimeError

    monkeypatch.setattr(base.asyncio, "get_running_loop", none)
    monkeypatch.setattr(base, "edition_standing", lambda _: standing)
    shown = open_dashboard("area=kumanovo&language=en", workspace)
    first = shown.first_view().markup
    shown.live_view()
    return first, shown._figures.value, shown._rest.value


def test_dashboards_say_it_before_and_after_the_controls_come(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, figures, rest = _dashboard(workspace, None, monkeypatch)
    for part in (first, figures):
        assert '<p class="part-draft" role="note"' in part
        assert DRAFT in part
        assert '<p class="part-watermark" aria-hidden="true">DRAFT</p>' in part
    assert r"DRAFT \u2013 Kumanovo" in rest
    first, figures, rest = _dashboard(workspace, RELEASED, monkeypatch)
    for part in (first, figures, rest):
        assert "DRAFT" not in part
        assert DRAFT not in part
        assert AUTHOR not in part
    assert RELEASE in first
    assert RELEASE in figures


def test_files_of_a_dashboard_carry_the_mark(profile: Profile, w: Wording, drawn: Picture) -> None:
    for standing in (None, RELEASED):
        files = {
            f.name.rsplit(".", 1)[1]: f.content
            for f in make_downloads(profile, [("Chart", drawn)], w, standing)
        }
        assert (DRAFT.encode() in files["csv"]) is is_draft(standing)
        assert (b"DRAFT" in files["svg"]) is is_draft(standing)
        assert (files["png"] == drawn.png) is not is_draft(standing)
        note = openpyxl.load_workbook(io.BytesIO(files["xlsx"])).worksheets[3]
        assert (note["A2"].value == f"{DRAFT}.") is is_draft(standing)


def test_the_frame_of_a_dashboard_bears_it_in_its_title(tmp_path: Path) -> None:
    asked = read_address("area=kumanovo&language=en")
    assert page_frame(asked, tmp_path)["title"] == "DRAFT – Kumanovo: municipal profile"
    assert page_frame(asked, tmp_path, RELEASED)["title"] == "Kumanovo: municipal profile"


def test_a_ledger_that_does_not_hold_makes_a_draft(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def torn(_: Workspace) -> Standing:
        msg = "The ledger was changed."
        raise LedgerError(msg)

    monkeypatch.setattr(frame, "read_standing", torn)
    assert edition_standing(workspace) is None
    assert "The ledger was changed." in caplog.text


def test_a_release_is_a_reason_to_run_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = plan_runs(workspace, ["kumanovo"])[0]

    def key(standing: Standing | None) -> cache.Key:
        monkeypatch.setattr(cache, "read_standing", lambda _: standing)
        return cache.Keys(workspace).make_key(run)

    drafts = {key(standing).digest for standing in UNRELEASED}
    assert len(drafts) == 1
    released = key(RELEASED)
    assert released.digest not in drafts
    assert key(replace(RELEASED, number=4)).digest != released.digest
    assert key(replace(RELEASED, day="2026-11-23")).digest != released.digest
    # Names stand on no page, so that they are no reason to run.
    assert key(replace(RELEASED, reviewer="Somebody Else")) == released
