"""The numbers of a Word file, each with a bookmark, and a part that says where they come from.

A bookmark stays with its number while officials rewrite the sentence around it, and Word keeps the
part when it saves. So the file itself still answers where its 35 % is from.
"""

# ruff: noqa: SLF001  # python-docx hands out the XML of its parts under such names only

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from analysis.documents.traces import NAMESPACE, PLACE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    from analysis.documents.model import Document

PREFIX = "patokaz_"


def mark_number(run: Run) -> None:
    """Put a bookmark around a number; :func:`name_marks` gives it its name.

    Parameters
    ----------
    run : docx.text.run.Run
    """
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    run._r.addprevious(start)
    run._r.addnext(end)


def mark_place(paragraph: Paragraph, role: str) -> None:
    """Colour a warning, such as a place that is to be filled in, and keep it with what follows.

    Parameters
    ----------
    paragraph : docx.text.paragraph.Paragraph
    role : str
        Of the block; only a warning is coloured.
    """
    if role != "warning":
        return
    paragraph.paragraph_format.keep_with_next = True
    for run in paragraph.runs:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def name_marks(word: WordDocument, document: Document) -> None:
    """Name the bookmarks in reading order, and put in what each number comes from.

    Parameters
    ----------
    word : docx.document.Document
        With a bookmark around every bound number.
    document : Document
    """
    body = word.element.body
    starts = [b for b in body.iter(qn("w:bookmarkStart")) if b.get(qn("w:name")) is None]
    ends = [b for b in body.iter(qn("w:bookmarkEnd")) if b.get(qn("w:id")) is None]
    taken = [int(b.get(qn("w:id")) or 0) for b in body.iter(qn("w:bookmarkStart"))]
    first = max(taken, default=0) + 1
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
        for element in (start, end):
            element.set(qn("w:id"), str(first + number))
        start.set(qn("w:name"), f"{PREFIX}{number}")
    held = etree.Element(f"{{{NAMESPACE}}}numbers", nsmap={None: NAMESPACE})
    for number, bound in enumerate(document.numbers, start=1):
        etree.SubElement(
            held,
            f"{{{NAMESPACE}}}number",
            mark=f"{PREFIX}{number}",
            observation=bound.reference,
            inputs=" ".join(bound.inputs),
            method=bound.method,
            text=bound.text,
        )
    blob = etree.tostring(held, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI(PLACE), "application/xml", blob, word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
