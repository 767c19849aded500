"""The Word template of a brief, as it ships: an institution changes it, code does not.

Run ``python -m analysis.documents.word_template OUT.docx`` to make it again. What the template
has to keep are the styles below and the places ``{{ title }}``, ``{{ subtitle }}``,
``{{ draft }}`` and ``{{ body }}``; typeface, colours, crest and standing texts are free.
"""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from analysis.documents.paper import AUTHOR
from analysis.figures.theme import HERE, INK, QUIET, REGION, RULE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

# On every office machine, with Cyrillic letters; an institution sets its own.
TYPEFACE = "Calibri"
# Files carry no clock: the first date that a zip archive can hold.
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
PAGE_WIDTH, PAGE_HEIGHT = Mm(210), Mm(297)
MARGIN = Mm(20)
TITLE, SUBTITLE, HEADING, FINDING = "Title", "Subtitle", "Heading 1", "Heading 2"
TEXT, BULLET, CAPTION = "Normal", "List Bullet", "Caption"
DRAFT_STYLE, EVIDENCE, NOTE = "Draft", "Evidence", "Note"
NUMBER, TABLE, CELL = "Bound Number", "Patokaz Table", "Table Text"
# What the body is built with; title and subtitle are the template's own affair.
STYLES = (HEADING, FINDING, TEXT, BULLET, CAPTION, EVIDENCE, NOTE, NUMBER, TABLE, CELL)
# Style: size in points, colour, bold, space before and after in points.
LOOKS: dict[str, tuple[float, str, bool, float, float]] = {
    TEXT: (10.5, INK, False, 0, 4),
    TITLE: (21, HERE, True, 6, 2),
    SUBTITLE: (11, QUIET, False, 0, 6),
    HEADING: (13, HERE, True, 12, 5),
    FINDING: (11, INK, True, 8, 2),
    BULLET: (10.5, INK, False, 0, 3),
    CAPTION: (9, QUIET, False, 4, 4),
    DRAFT_STYLE: (9.5, INK, True, 0, 6),
    EVIDENCE: (9.5, INK, False, 0, 4),
    NOTE: (8.5, QUIET, False, 2, 2),
    CELL: (9, INK, False, 1, 1),
}


def build_template() -> bytes:
    """Make the template.

    Returns
    -------
    bytes
        A Word file; the same bytes each time.
    """
    document = docx.Document()
    _drop_preview(document)
    _set_page(document)
    for name, look in LOOKS.items():
        _set_style(document, name, look)
    _set_borders(document)
    bold = document.styles.add_style(NUMBER, WD_STYLE_TYPE.CHARACTER)
    bold.font.bold = True
    document.styles.element.append(parse_xml(_table_style()))
    for style, text in (
        (DRAFT_STYLE, "{{ draft }}"),
        (TITLE, "{{ title }}"),
        (SUBTITLE, "{{ subtitle }}"),
        (TEXT, "{{ body }}"),
    ):
        document.add_paragraph(text, style=style)
    _set_header_and_footer(document)
    core = document.core_properties
    core.author = core.last_modified_by = AUTHOR
    core.title, core.comments, core.keywords = "Template of a brief", "", ""
    core.created = core.modified = EPOCH
    core.revision = 1
    return save(document)


def save(document: WordDocument) -> bytes:
    """Write a Word document so that the same content has the same bytes.

    Parameters
    ----------
    document : docx.document.Document

    Returns
    -------
    bytes
        A zip archive whose entries are sorted and carry no clock.
    """
    raw = io.BytesIO()
    document.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w") as target:
        # The list of types stands first, as readers of the format expect.
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Unix, so that a machine with Windows writes the same byte here.
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name))
    return out.getvalue()


def _drop_preview(document: WordDocument) -> None:
    # The empty document of python-docx carries a preview picture of a page that is not ours.
    relations = document.part.package.rels
    for key in [k for k, r in relations.items() if r.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        relations.pop(key)


def _set_page(document: WordDocument) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = PAGE_WIDTH, PAGE_HEIGHT
    page.left_margin = page.right_margin = MARGIN
    page.top_margin = page.bottom_margin = MARGIN
    page.header_distance = page.footer_distance = Mm(9)


def _set_style(
    document: WordDocument, name: str, look: tuple[float, str, bool, float, float]
) -> None:
    size, colour, is_bold, before, after = look
    styles = document.styles
    known = {style.name for style in styles}
    style: Any = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name not in known:
        style.base_style = styles[TEXT]
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
    # The style of a table makes its head row bold; a style that says "not bold" would undo that.
    style.font.bold, style.font.italic = is_bold or (None if name == CELL else False), False
    _set_typeface(style)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing = 1.08
    if name in {EVIDENCE, DRAFT_STYLE}:
        shape.left_indent = Mm(3)
    shape.keep_with_next = name in {HEADING, FINDING, TITLE, DRAFT_STYLE}


def _set_typeface(style: Any) -> None:
    # A typeface of the theme would win over the name, so that its attributes go.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), TYPEFACE)
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)


def _set_borders(document: WordDocument) -> None:
    for name, side, width, colour in (
        (TITLE, None, 0, HERE),
        (HEADING, "bottom", 6, HERE),
        (EVIDENCE, "left", 18, RULE),
        (DRAFT_STYLE, "left", 24, REGION),
    ):
        shape = document.styles[name].element.get_or_add_pPr()
        for old in shape.findall(qn("w:pBdr")):
            shape.remove(old)
        if side is None:
            continue
        borders = OxmlElement("w:pBdr")
        line = OxmlElement(f"w:{side}")
        for key, value in (
            ("val", "single"),
            ("sz", str(width)),
            ("space", "6" if side == "left" else "2"),
            ("color", colour.removeprefix("#")),
        ):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
        shape.insert_element_before(
            borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
            "w:outlineLvl",
        )  # fmt: skip  # the order that the schema wants


def _table_style() -> str:
    strong, hair = HERE.removeprefix("#"), RULE.removeprefix("#")
    return f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="PatokazTable">
  <w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>
  <w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>
  <w:tblPr>
    <w:tblInd w:w="70" w:type="dxa"/>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="{strong}"/>
      <w:bottom w:val="single" w:sz="4" w:space="0" w:color="{hair}"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="{hair}"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="20" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>
      <w:bottom w:w="20" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/></w:rPr>
    <w:tcPr><w:tcBorders>
      <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{strong}"/>
    </w:tcBorders></w:tcPr>
  </w:tblStylePr>
</w:style>"""


def _set_header_and_footer(document: WordDocument) -> None:
    page = document.sections[0]
    head = page.header.paragraphs[0]
    head.text = "\t{{ draft_word }}"
    foot = page.footer.paragraphs[0]
    foot.text = "{{ foot }}\t"
    for paragraph in (head, foot):
        paragraph.style.font.size = Pt(8.5)
        paragraph.style.font.color.rgb = RGBColor.from_string(QUIET.removeprefix("#").upper())
        _set_typeface(paragraph.style)
        stops = paragraph.style.paragraph_format.tab_stops
        stops.clear_all()
        stops.add_tab_stop(PAGE_WIDTH - 2 * MARGIN, WD_TAB_ALIGNMENT.RIGHT)
    for position, field in enumerate(("PAGE", "NUMPAGES")):
        if position:
            foot.add_run(" / ")
        simple = OxmlElement("w:fldSimple")
        simple.set(qn("w:instr"), field)
        text = OxmlElement("w:r")
        shown = OxmlElement("w:t")
        shown.text = "1"
        text.append(shown)
        simple.append(text)
        foot._p.append(simple)  # noqa: SLF001  # python-docx has no way to add a field


def main(arguments: list[str]) -> int:
    """Write the template to the file that is named."""
    if len(arguments) != 1:
        sys.stderr.write("Name one file: python -m analysis.documents.word_template OUT.docx\n")
        return 2
    Path(arguments[0]).write_bytes(build_template())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
