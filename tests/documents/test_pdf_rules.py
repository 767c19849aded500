"""Every kind of brief in every language meets each rule, and a broken one fails just that rule."""

from __future__ import annotations

import io

import pytest
from documents.pdf_rules import RULES, elements, find_pdf_faults
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    BooleanObject,
    DecodedStreamObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from analysis.assessment import load_profile
from analysis.assessment.migration import load_migration
from analysis.assessment.trafficking import load_trafficking
from analysis.documents.as_of import tell_as_of
from analysis.documents.as_of_paper import mark_document
from analysis.documents.brief_forms import FORMS
from analysis.documents.briefs import compose_brief
from analysis.documents.pdf import to_pdf
from analysis.protection.ledger.standing import Standing
from analysis.text import LANGUAGES

PERIOD = "2014-2025"
RELEASED = Standing("released", 1, "a", "b", "2026-01-01", "x")
KINDS = {
    "municipal": lambda space: load_profile(space, "kumanovo"),
    "migration": lambda space: load_migration(space, "MK", PERIOD),
    "trafficking": lambda space: load_trafficking(space, "MK", PERIOD),
}


@pytest.fixture(scope="module")
def content(workspace) -> bytes:
    """The one with most in it: pictures, tables, places to fill in."""
    reading = KINDS["municipal"](workspace)
    return to_pdf(compose_brief(reading, "mk", workspace, form="long"))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_brief_meets_every_rule_in_every_language(workspace, kind, form) -> None:
    reading = KINDS[kind](workspace)
    for language in LANGUAGES:
        made = to_pdf(compose_brief(reading, language, workspace, form=form))
        assert (language, find_pdf_faults(PdfReader(io.BytesIO(made)))) == (language, {})


def test_one_of_each_standing_meets_them(workspace, content) -> None:
    reading = KINDS["trafficking"](workspace)
    released = to_pdf(compose_brief(reading, "sq", workspace, standing=RELEASED), RELEASED)
    former = mark_document(
        content, ".pdf", tell_as_of("mk", "2025-12", has_failed=True, is_page=False), "mk"
    )

    for made in (content, released, former):
        assert find_pdf_faults(PdfReader(io.BytesIO(made))) == {}


def drop(*names):
    def change(writer):
        held = writer.root_object
        for name in names[:-1]:
            held = held[name].get_object()
        del held[names[-1]]

    return change


def each(kind, change):
    def change_all(writer):
        for element in elements(PdfReaderOf(writer), kind):
            change(element)

    return change_all


class PdfReaderOf:
    """A writer, for who walks a reader."""

    def __init__(self, writer):
        self.trailer = {"/Root": writer.root_object}


def put(element, name, value):
    element[NameObject(name)] = value


def rename(kind, other, *, last=False):
    def change(writer):
        found = elements(PdfReaderOf(writer), kind)
        put(found[-1 if last else 0], "/S", NameObject(other))

    return change


def blank_metadata(word, other):
    def change(writer):
        held = writer.root_object["/Metadata"].get_object()
        text = held.get_data().decode("utf-8")
        assert word in text
        made = StreamObject()
        made.set_data(text.replace(word, other).encode("utf-8"))
        made.update({NameObject("/Type"): NameObject("/Metadata")})
        put(writer.root_object, "/Metadata", made)

    return change


def change_fonts(change):
    def change_all(writer):
        for held in writer.pages[0]["/Resources"]["/Font"].values():
            change(held.get_object())

    return change_all


def drop_shapes(font):
    shapes = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    for name in [n for n in shapes if n.startswith("/FontFile")]:
        del shapes[name]


def paint_outside(writer):
    page = writer.pages[0]
    made = DecodedStreamObject()
    made.set_data(page.get_contents().get_data() + b"\n0 0 m 10 10 l S")
    page[NameObject("/Contents")] = writer._add_object(made)


def drop_a_row_cell(writer):
    row = elements(PdfReaderOf(writer), "/TR")[1]
    cells = row["/K"].get_object()
    del cells[-1]


def of_links(change):
    def change_all(writer):
        for page in writer.pages:
            for note in page.get("/Annots", []):
                change(note.get_object())

    return change_all


def drop_tabs(writer):
    del writer.pages[1]["/Tabs"]


BROKEN = {
    "identifies_itself": [blank_metadata("<pdfuaid:part>1<", "<pdfuaid:part>2<")],
    "is_marked": [
        lambda w: put(
            w.root_object["/MarkInfo"].get_object(), "/Marked", BooleanObject(value=False)
        ),
    ],
    "says_its_language": [
        drop("/Lang"),
        lambda w: put(w.root_object, "/Lang", TextStringObject("")),
    ],
    "shows_its_title": [
        drop("/ViewerPreferences", "/DisplayDocTitle"),
        blank_metadata("dc:title", "dc:other"),
    ],
    "describes_its_pictures": [each("/Figure", lambda e: put(e, "/Alt", TextStringObject(" ")))],
    "embeds_its_fonts": [
        change_fonts(lambda font: font.pop("/ToUnicode")),
        change_fonts(drop_shapes),
    ],
    "has_headings_in_order": [rename("/H1", "/H2"), rename("/H2", "/H3")],
    "has_tables_with_heads": [
        each("/TH", lambda e: put(e, "/S", NameObject("/TD"))),
        each("/TH", lambda e: e.pop("/A")),
        drop_a_row_cell,
    ],
    "has_all_content_tagged": [paint_outside],
    "has_its_text_in_blocks": [each("/P", lambda e: put(e, "/S", NameObject("/Div")))],
    "has_bookmarks": [drop("/Outlines"), rename("/H1", "/P", last=True)],
    "is_walked_by_structure": [drop_tabs],
    "has_links_in_structure": [
        of_links(lambda note: note.pop("/Contents", None)),
        of_links(lambda note: note.pop("/StructParent", None)),
    ],
}


def test_every_rule_has_its_broken_file() -> None:
    assert set(BROKEN) == set(RULES)


@pytest.mark.parametrize(
    ("name", "place"), [(name, i) for name, made in BROKEN.items() for i in range(len(made))]
)
def test_a_broken_file_fails_its_rule_and_no_other(content, name, place) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(content))
    BROKEN[name][place](writer)
    out = io.BytesIO()
    writer.write(out)

    assert set(find_pdf_faults(PdfReader(out))) == {name}


def test_a_file_without_structure_fails_what_needs_one() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    out = io.BytesIO()
    writer.write(out)

    found = find_pdf_faults(PdfReader(out))
    assert {"identifies_itself", "is_marked", "says_its_language", "has_headings_in_order"} <= set(
        found
    )
