"""What a file says, piece by piece: sentences, cells, lines, in the order in which they are read.

A seal of bytes tells that a file was changed; its pieces tell a person what was changed. Pieces
are read from the file as it stands, without the code that wrote it.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SVG = "{http://www.w3.org/2000/svg}"
READ_TAGS = {
    "title": "title",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "p": "sentence",
    "li": "sentence",
    "figcaption": "caption",
    "caption": "caption",
    "th": "cell",
    "td": "cell",
}
# Entities and outside files are not read: a seal may be asked about a file of anybody.
PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": False}


class UnitsError(ValueError):
    """A file that cannot be read as what its name says."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece.

    Parameters
    ----------
    label : str
        Kind and place, such as ``sentence 12`` or ``table residents, row 3, column 2``.
    text : str
    """

    label: str
    text: str


def read_units(name: str, content: bytes) -> list[Unit]:
    r"""Read the pieces of a file.

    Parameters
    ----------
    name : str
        File name; its ending says how the file is read.
    content : bytes

    Returns
    -------
    list of Unit
        Empty for a kind of file that has no pieces, such as a picture of dots.

    Raises
    ------
    UnitsError
        When the file cannot be read as what its name says.

    Examples
    --------
    >>> [u.label for u in read_units("a.csv", b"area,n\nKumanovo,12\n")]
    ['line 1', 'line 2']
    """
    read = READERS.get(PurePosixPath(name).suffix.lower())
    if read is None:
        return []
    try:
        return list(read(content))
    except UnitsError:
        raise
    except Exception as broken:  # whatever the parser says: the file is not what it was
        kind = PurePosixPath(name).suffix.removeprefix(".").upper()
        msg = (
            f"'{name}' cannot be read as {kind} ({type(broken).__name__}). It was cut off or "
            f"changed by something that does not know the format. Fetch the file again."
        )
        raise UnitsError(msg) from broken


def _read_lines(content: bytes) -> Iterator[Unit]:
    for number, line in enumerate(content.decode("utf-8-sig").splitlines(), start=1):
        yield Unit(f"line {number}", line)


def _read_rows(content: bytes) -> Iterator[Unit]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    for number, row in enumerate(rows, start=1):
        yield Unit(f"line {number}", ", ".join(row))


def _read_html(content: bytes) -> Iterator[Unit]:
    tree = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    counts: dict[str, int] = {}
    for element in tree.iter(*READ_TAGS):
        kind = READ_TAGS[element.tag]
        label = _cell_label(element) if kind == "cell" else ""
        counts[kind] = counts.get(kind, 0) + 1
        yield Unit(label or f"{kind} {counts[kind]}", _squeeze(element.text_content()))
    for number, drawn in enumerate(tree.xpath("//*[local-name()='svg']"), start=1):
        yield Unit(f"name of picture {number}", drawn.get("aria-label") or "")
    for number, text in enumerate(tree.xpath("//*[local-name()='svg']//*[local-name()='text']"), 1):
        yield Unit(f"word {number} in a picture", _squeeze(text.text_content()))


def _cell_label(element: html.HtmlElement) -> str:
    table = next((a for a in element.iterancestors("table")), None)
    row = element.getparent()
    if table is None or row is None:
        return ""
    name = table.get("data-table") or table.get("id") or "without a name"
    rows = list(table.iter("tr"))
    return f"table {name}, row {rows.index(row) + 1}, column {list(row).index(element) + 1}"


def _read_svg(content: bytes) -> Iterator[Unit]:
    tree = etree.fromstring(content, etree.XMLParser(**PARSER))
    yield Unit("name of the picture", tree.get("aria-label") or "")
    for number, text in enumerate(tree.iter(f"{SVG}text"), start=1):
        yield Unit(f"word {number} in the picture", _squeeze("".join(text.itertext())))


def _read_word(content: bytes) -> Iterator[Unit]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        tree = etree.fromstring(parts.read("word/document.xml"), etree.XMLParser(**PARSER))
    body = tree.find(f"{WORD}body")
    if body is None:
        return
    sentences = tables = 0
    for block in body:
        if block.tag == f"{WORD}p":
            sentences += 1
            yield Unit(f"sentence {sentences}", _said(block))
        elif block.tag == f"{WORD}tbl":
            tables += 1
            yield from _word_cells(block, tables)


def _word_cells(table: etree._Element, number: int) -> Iterator[Unit]:
    for row_number, row in enumerate(table.iter(f"{WORD}tr"), start=1):
        for column, cell in enumerate(row.iter(f"{WORD}tc"), start=1):
            yield Unit(f"table {number}, row {row_number}, column {column}", _said(cell))


def _said(element: etree._Element) -> str:
    return _squeeze("".join(t.text or "" for t in element.iter(f"{WORD}t")))


def _read_workbook(content: bytes) -> Iterator[Unit]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row, start=1):
                yield Unit(f"sheet {sheet}, row {number}, column {column}", str(cell))


def _read_pdf(content: bytes) -> Iterator[Unit]:
    from pypdf import PdfReader

    for page, sheet in enumerate(PdfReader(io.BytesIO(content)).pages, start=1):
        for number, line in enumerate(sheet.extract_text().splitlines(), start=1):
            yield Unit(f"page {page}, line {number}", _squeeze(line))


def _squeeze(text: str) -> str:
    return " ".join(text.split())


READERS: dict[str, Callable[[bytes], Iterator[Unit]]] = {
    ".bib": _read_lines,
    ".csv": _read_rows,
    ".docx": _read_word,
    ".html": _read_html,
    ".json": _read_lines,
    ".md": _read_lines,
    ".pdf": _read_pdf,
    ".svg": _read_svg,
    ".txt": _read_lines,
    ".xlsx": _read_workbook,
}
