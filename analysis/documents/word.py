"""Documents as Word files that officials edit: real styles, real tables, described pictures.

The template carries typeface, crest and standing texts; docxtpl fills its places, and the body
is built with the template's own styles, so that an institution never touches code.
"""

# ruff: noqa: SLF001  # python-docx hands out the XML of its parts under such names only

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import docx
import jinja2
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate

from analysis.documents.model import Bound, Bullets, Figure, Paragraph, Sentence, Table
from analysis.documents.notice import mark_picture, standing_title, standing_words
from analysis.documents.paper import AUTHOR, TAGS, PaperError, foot_line, mark_line, origin
from analysis.documents.protection_header import set_header_line
from analysis.documents.word_marks import mark_number, mark_place, name_marks
from analysis.documents.word_template import (
    BULLET,
    CAPTION,
    CELL,
    EPOCH,
    EVIDENCE,
    FINDING,
    HEADING,
    NOTE,
    NUMBER,
    STYLES,
    TABLE,
    TEXT,
    build_template,
    save,
)
from analysis.text import translator

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document as WordDocument
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph

    from analysis.documents.model import Block, Document
    from analysis.figures import Picture
    from analysis.protection.ledger.standing import Standing

ROLES = {"text": TEXT, "lead": FINDING, "note": EVIDENCE, "warning": EVIDENCE}
ADDRESS = re.compile(r"^https?://\S+$")
# No text can hold it by chance.
BODY = "\N{OBJECT REPLACEMENT CHARACTER}body\N{OBJECT REPLACEMENT CHARACTER}"
# Shares of the width of a page.
COLUMNS: dict[str, tuple[float, ...]] = {
    "residents": (1.6, 1, 1, 1, 1),
    "sources": (0.6, 1.9, 2.7, 3.1, 1.2),
    "options": (1, 1.5, 1.1, 1.2, 1.2, 1.2),
    "recommendations": (1.4, 2.2, 1, 1.3, 1.1, 0.8),
}
PICTURES, FIRST_ID = {"change": 0.92, "map": 0.56}, 100_000


def to_docx(
    document: Document, template: Path | None = None, standing: Standing | None = None
) -> bytes:
    """Write a document as a Word file.

    Parameters
    ----------
    document : Document
    template : pathlib.Path, optional
        Template of the institution; the one that ships, where not given.
    standing : Standing, optional
        How the edition stands: it is said at the head of each page. A draft unless released; its
        pictures carry the word too, because charts are copied out of Word files.

    Returns
    -------
    bytes
        The same for the same document, template and standing.

    Raises
    ------
    PaperError
        When the template lacks a style or a place, or a picture its text alternative.
    """
    word = _fill(document, template, standing)
    _require_styles(word, document, template)
    marker = _find_body(word, document, template)
    for section in document.sections:
        _place(marker, word.add_paragraph(section.heading, style=HEADING))
        for block in section.blocks:
            _write_block(word, marker, _marked(block, standing, document))
    marker._p.getparent().remove(marker._p)
    name_marks(word, document)
    _set_language(word, TAGS[document.language.code])
    set_header_line(word, standing_words(standing, translator(document.language.code)))
    _set_properties(word, document, standing)
    return save(word)


def _fill(document: Document, template: Path | None, standing: Standing | None) -> WordDocument:
    translate = translator(document.language.code)
    filled = DocxTemplate(template or io.BytesIO(build_template()))
    # A place that the template misspells is an error, not a blank.
    strict = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    values = {
        "title": document.title,
        "subtitle": document.subtitle,
        "draft": mark_line(document, standing),
        # The place at the head of each page; it bears the name of what stands there most often.
        "draft_word": standing_words(standing, translate),
        "foot": foot_line(document),
        "body": BODY,
    }
    try:
        filled.render(values, jinja_env=strict, autoescape=True)
    except jinja2.TemplateError as error:
        msg = (
            f"The Word template '{template or 'that ships'}' cannot be filled: {error}. It may "
            f"use the places {', '.join(values)}. Correct the place in the template."
        )
        raise PaperError(msg) from error
    # Read anew: what docxtpl has filled, heads of pages, python-docx still holds unfilled.
    raw = io.BytesIO()
    filled.save(raw)
    return docx.Document(raw)


def _require_styles(word: WordDocument, document: Document, template: Path | None) -> None:
    known = {style.name for style in word.styles}
    missing = [name for name in STYLES if name not in known]
    if missing:
        msg = (
            f"'{document.name}' cannot be written: the Word template '{template}' lacks the "
            f"styles {', '.join(missing)}. Add them in Word, or begin with the template that "
            f"`python -m analysis.documents.word_template` makes."
        )
        raise PaperError(msg)


def _find_body(word: WordDocument, document: Document, template: Path | None) -> WordParagraph:
    for paragraph in word.paragraphs:
        if paragraph.text.strip() == BODY:
            return paragraph
    msg = (
        f"'{document.name}' cannot be written: the Word template '{template}' has no paragraph "
        f"that holds only {{{{ body }}}}. Add one where the sections should stand."
    )
    raise PaperError(msg)


def _place(marker: WordParagraph, paragraph: WordParagraph) -> WordParagraph:
    marker._p.addprevious(paragraph._p)
    return paragraph


def _marked(block: Block, standing: Standing | None, document: Document) -> Block:
    if not isinstance(block, Figure):
        return block
    translate = translator(document.language.code)
    return Figure(mark_picture(block.picture, standing, translate))


def _write_block(word: WordDocument, marker: WordParagraph, block: Block) -> None:
    if isinstance(block, Paragraph):
        line = _place(marker, word.add_paragraph(style=ROLES[block.role]))
        _say(line, block.sentence)
        mark_place(line, block.role)
    elif isinstance(block, Bullets):
        for item in block.items:
            line = _place(marker, word.add_paragraph(style=BULLET))
            # A rule or a finding is read whole, not over the turn of a page.
            line.paragraph_format.keep_together = True
            _say(line, item)
    elif isinstance(block, Table):
        _write_table(word, marker, block)
    else:
        _write_picture(word, marker, block.picture)


def _say(paragraph: WordParagraph, sentence: Sentence) -> None:
    for part in sentence.parts:
        run = paragraph.add_run(str(part), style=NUMBER if isinstance(part, Bound) else None)
        if isinstance(part, Bound):
            mark_number(run)


def _write_table(word: WordDocument, marker: WordParagraph, block: Table) -> None:
    caption = _place(marker, word.add_paragraph(block.caption, style=CAPTION))
    caption.paragraph_format.keep_with_next = True
    table = word.add_table(1 + len(block.rows), len(block.columns), style=TABLE)
    marker._p.addprevious(table._tbl)
    table.autofit = False
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _write_cell(cell, column.label, is_number=column.is_number)
        cell.paragraphs[0].runs[0].bold = True
    for row, values in zip(table.rows[1:], block.rows, strict=True):
        for cell, value, column in zip(row.cells, values, block.columns, strict=True):
            _write_cell(cell, value, is_number=column.is_number)
    _set_widths(word, table, COLUMNS.get(block.name, (1.0,) * len(block.columns)))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    description = OxmlElement("w:tblCaption")
    description.set(qn("w:val"), block.caption)
    table._tbl.tblPr.append(description)
    for note in block.notes:
        _place(marker, word.add_paragraph(note, style=NOTE))


def _write_cell(cell: _Cell, value: str | Bound, *, is_number: bool) -> None:
    paragraph = cell.paragraphs[0]
    text = str(value)
    paragraph.style = CELL
    if ADDRESS.match(text):
        _add_link(paragraph, text)
    else:
        run = paragraph.add_run(text)
        if isinstance(value, Bound):
            mark_number(run)
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_link(paragraph: WordParagraph, address: str) -> None:
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    shown = paragraph.add_run(address)
    shown.font.underline = True
    link.append(shown._r)
    paragraph._p.append(link)


def _set_widths(word: WordDocument, table: Any, shares: tuple[float, ...]) -> None:
    whole = _text_width(word)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(whole * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width


def _text_width(word: WordDocument) -> int:
    page = word.sections[0]
    return int(page.page_width or 0) - int(page.left_margin or 0) - int(page.right_margin or 0)


def _write_picture(word: WordDocument, marker: WordParagraph, picture: Picture) -> None:
    if not picture.alt.strip():
        msg = (
            f"The picture '{picture.name}' has no text alternative. Who cannot see it would "
            f"learn nothing: say what it shows, then write the document again."
        )
        raise PaperError(msg)
    paragraph = _place(marker, word.add_paragraph(style=TEXT))
    paragraph.paragraph_format.keep_with_next = True
    width = int(_text_width(word) * PICTURES.get(picture.name, 1))
    drawn: Any = paragraph.add_run().add_picture(io.BytesIO(picture.png), width=width)._inline
    # Beyond any small count: the number is nobody's, and stands beside words that name figures.
    drawn.docPr.set("id", str(FIRST_ID + int(drawn.docPr.get("id"))))
    for holder in (drawn.docPr, drawn.graphic.graphicData.pic.nvPicPr.cNvPr):
        holder.set("name", picture.name)
        holder.set("descr", picture.alt)
    _place(marker, word.add_paragraph(picture.caption, style=CAPTION))


def _set_language(word: WordDocument, tag: str) -> None:
    root = word.styles.element
    for language in root.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
    defaults = root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None and defaults.find(qn("w:lang")) is None:
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), tag)
        defaults.append(language)
    for theme in word.settings.element.iter(qn("w:themeFontLang")):
        theme.set(qn("w:val"), tag)


def _set_properties(word: WordDocument, document: Document, standing: Standing | None) -> None:
    core = word.core_properties
    core.title = standing_title(document.title, standing, translator(document.language.code))
    core.subject = document.subtitle
    core.author = core.last_modified_by = AUTHOR
    core.keywords = "; ".join(document.keywords)
    core.comments = "; ".join(origin(document))
    core.language = TAGS[document.language.code]
    core.version = document.provenance.version
    core.created = core.modified = EPOCH
    core.revision = 1
