"""A document that is not of the newest run says so: in its text, and at the head of each page."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from analysis.documents.as_of import MARKER, BannerError, tell_as_of
from analysis.documents.as_of_paper import NAME, mark_document

SENTENCE = "Data as of 2025-12: the newest run of this document failed."
OTHER = "Податоци заклучно со 2024: ова не е обновено."
TYPST = """
#set document(title: "A brief")
#set page(paper: "a4", margin: 20mm)
#set text(lang: "en")
= First heading
Some words.
#pagebreak()
= Second heading
More words.
"""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """A tagged PDF of two pages, as briefs are."""
    import typst

    files: Any = {"main.typ": TYPST.encode()}
    return bytes(typst.compile(files, format="pdf", pdf_standards=["ua-1"], timestamp=0))


@pytest.fixture(scope="module")
def word() -> bytes:
    """A Word file with a head of its own and another one on the first page."""
    made = docx.Document()
    made.add_heading("First heading")
    made.add_paragraph("Some words.")
    made.sections[0].different_first_page_header_footer = True
    made.sections[0].header.paragraphs[0].text = "Institution"
    made.sections[0].first_page_header.paragraphs[0].text = "Crest"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read_pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def read_word(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def texts(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in read_pdf(content).pages]


def heads(content: bytes) -> list[list[str]]:
    section = read_word(content).sections[0]
    return [[p.text for p in h.paragraphs] for h in (section.first_page_header, section.header)]


def test_the_sentence_tells_pages_from_documents() -> None:
    assert tell_as_of("en", "2025", has_failed=True) == (
        "Data as of 2025: the newest run of this page failed."
    )
    assert tell_as_of("en", "2025", has_failed=False, is_page=False) == (
        "Data as of 2025: this document has not been made from the newest figures yet."
    )


def test_each_page_of_a_pdf_shows_the_words_once(pdf: bytes) -> None:
    marked = mark_document(pdf, ".pdf", SENTENCE, "en")
    assert [text.count(SENTENCE) for text in texts(marked)] == [1, 1]
    assert "Some words." in texts(marked)[0]
    assert "More words." in texts(marked)[1]
    assert [SENTENCE in text for text in texts(pdf)] == [False, False]


def test_the_words_are_read_aloud_first_and_once(pdf: bytes) -> None:
    reader = read_pdf(mark_document(pdf, ".pdf", SENTENCE, "en"))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    whole = _top(reader)
    first = whole["/K"][0].get_object()
    assert (first["/S"], first["/P"], first["/Pg"]) == ("/P", whole, reader.pages[0])
    number = int(first["/K"])
    drawn = [page.get_contents().get_data().decode("latin-1") for page in reader.pages]
    assert f"/P <</MCID {number}>> BDC q /{NAME} Do Q EMC" in drawn[0]
    assert drawn[0].count(f"/MCID {number}>>") == 1
    # Later pages show it as furniture, which nobody has to hear again.
    assert f"/Artifact <</Type /Pagination /Subtype /Header>> BDC q /{NAME} Do Q EMC" in drawn[1]
    before = read_pdf(pdf).trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]
    after = root["/StructTreeRoot"]["/ParentTree"]
    key = int(reader.pages[0]["/StructParents"])
    entries = [dict(zip(t["/Nums"][::2], t["/Nums"][1::2], strict=True)) for t in (before, after)]
    had, has = (entry[key].get_object() for entry in entries)
    assert len(has) == len(had) + 1 == number + 1
    assert has[number].get_object() == first


def test_the_rest_of_a_pdf_stays(pdf: bytes) -> None:
    reader, former = read_pdf(mark_document(pdf, ".pdf", SENTENCE, "en")), read_pdf(pdf)
    assert reader.metadata == former.metadata
    assert reader.xmp_metadata is not None
    assert reader.trailer["/Root"]["/Lang"] == former.trailer["/Root"]["/Lang"]
    assert len(reader.pages) == 2


def test_letters_of_all_languages_have_a_face(pdf: bytes) -> None:
    assert OTHER in texts(mark_document(pdf, ".pdf", OTHER, "mk"))[0]


@pytest.mark.parametrize("kind", ["pdf", "word"])
def test_the_same_bytes_for_the_same_words(kind: str, request: pytest.FixtureRequest) -> None:
    content, suffix = request.getfixturevalue(kind), ".pdf" if kind == "pdf" else ".docx"
    kept = bytes(content)
    once = mark_document(content, suffix, SENTENCE, "en")
    assert once == mark_document(content, suffix, SENTENCE, "en") != content
    assert content == kept


def test_new_words_take_the_place_of_the_former_in_a_pdf(pdf: bytes) -> None:
    once = mark_document(pdf, ".pdf", SENTENCE, "en")
    twice = mark_document(once, ".pdf", OTHER, "mk")
    assert [text.count(OTHER) for text in texts(twice)] == [1, 1]
    assert [SENTENCE in text for text in texts(twice)] == [False, False]
    kinds = [[e.get_object()["/S"] for e in _top(c)["/K"]] for c in (pdf, once, twice)]
    assert kinds[1] == kinds[2] == ["/P", *kinds[0]]


def _top(document: PdfReader | bytes) -> Any:
    reader = read_pdf(document) if isinstance(document, bytes) else document
    whole = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    return whole[0].get_object() if isinstance(whole, list) else whole.get_object()


def test_a_word_file_says_it_first_and_at_the_head_of_each_page(word: bytes) -> None:
    marked = mark_document(word, ".docx", SENTENCE, "en")
    said = [p.text for p in read_word(marked).paragraphs]
    assert said == [SENTENCE, "First heading", "Some words."]
    assert read_word(marked).paragraphs[0].style.font.bold
    assert heads(marked) == [[SENTENCE, "Crest"], [SENTENCE, "Institution"]]


def test_new_words_take_the_place_of_the_former_in_a_word_file(word: bytes) -> None:
    once = mark_document(word, ".docx", SENTENCE, "en")
    twice = mark_document(once, ".docx", OTHER, "mk")
    assert [p.text for p in read_word(twice).paragraphs] == [OTHER, "First heading", "Some words."]
    assert heads(twice) == [[OTHER, "Crest"], [OTHER, "Institution"]]


@pytest.mark.parametrize("suffix", [".pdf", ".docx"])
def test_a_torn_file_is_refused(suffix: str) -> None:
    with pytest.raises(BannerError, match=f"cannot be put into a {suffix} file: .*Run it again"):
        mark_document(b"torn", suffix, SENTENCE, "en")


@pytest.mark.parametrize(
    "body", ["<body class='a'><main id='m'>", "<body><p>x</p><main>", "<body>"]
)
def test_a_document_of_html_says_it_where_its_text_begins(body: str) -> None:
    page = f"<!doctype html><html>{body}<h1>Brief</h1></html>".encode()
    once = mark_document(page, ".html", SENTENCE, "en").decode()
    assert f"{body}{MARKER}<p class" in once
    assert once.count(SENTENCE) == 1
    twice = mark_document(once.encode(), ".html", "<b> & more", "en").decode()
    assert SENTENCE not in twice
    assert twice.count("&lt;b&gt; &amp; more") == 1
    assert twice.endswith("</p><h1>Brief</h1></html>")


def test_html_without_a_text_is_refused() -> None:
    with pytest.raises(BannerError, match="has neither <main> nor <body> at which"):
        mark_document(b"<p>x</p>", ".html", SENTENCE, "en")


def test_other_files_have_no_place() -> None:
    with pytest.raises(
        BannerError, match=r"'\.csv' has no place for words\. Expected \.docx or \.html"
    ):
        mark_document(b"", ".csv", SENTENCE, "en")


def test_a_pdf_that_nobody_can_hear_is_refused() -> None:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(BannerError, match="a PDF without tags has no place for words"):
        mark_document(out.getvalue(), ".pdf", SENTENCE, "en")
