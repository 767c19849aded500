"""Opening office files: XLSX, XLS, ODS and CSV as rows of cells. Nothing in them is executed."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import python_calamine

from analysis.sources.returns.archive import check_size, damaged, pack, part_texts, unpack
from analysis.sources.returns.delimited import check_width, read_delimited
from analysis.sources.returns.parts import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Place,
    too_wide,
    unread_formulas,
    unread_formulas_ods,
)
from analysis.sources.returns.remarks import ImportRefused, Remark, remark
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.sources.returns.cells import Raw
    from analysis.sources.returns.columns import Kind

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

Merge = tuple[Place, Place]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands.

    Parameters
    ----------
    name : str
    rows : tuple of tuple
        Cells from A1, blank ones as None, all rows of one width.
    merges : tuple of Merge
        First and last place of each merged range, from 0.
    unread : frozenset of Place
        Cells with a formula whose result is not stored.
    """

    name: str
    rows: tuple[tuple[Raw, ...], ...]
    merges: tuple[Merge, ...] = ()
    unread: frozenset[Place] = frozenset()

    def spread(self) -> list[list[Raw]]:
        """Give the rows with the cell of each merged range in all its places."""
        rows = [list(row) for row in self.rows]
        for (top, left), (bottom, right) in self.merges:
            said = rows[top][left] if top < len(rows) and left < len(rows[top]) else None
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [said] * len(row[left : right + 1])
        return rows


@dataclass(frozen=True, slots=True)
class Book:
    """A file as it stands: its sheets and all else that it holds.

    Parameters
    ----------
    sheets : tuple of Sheet
    texts : dict of str to str
        Parts of the archive that are text; the examination for personal data reads them too.
    blobs : dict of str to bytes
        Parts that are not.
    notes : tuple of Remark
        What was chosen while reading.
    """

    sheets: tuple[Sheet, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Remark, ...] = ()


def read_book(content: bytes, kinds: Iterable[Kind]) -> Book:
    """Open a file by what it is, whatever its name says.

    Parameters
    ----------
    content : bytes
    kinds : iterable of Kind
        Kinds whose headers tell which separator a text file means.

    Returns
    -------
    Book

    Raises
    ------
    ImportRefused
        When the file is damaged, locked, no spreadsheet, or larger than a return.
    """
    check_size(content)
    if content.startswith(ZIP):
        return _read_archive(content)
    if content.startswith(COMPOUND):
        return Book(_calamine(content, {}), blobs={"xls": content}, notes=_kept_values())
    rows, notes = read_delimited(content, kinds)
    check_width(rows)
    return Book((Sheet("csv", rows),), notes=notes)


def _read_archive(content: bytes) -> Book:
    parts = unpack(content)
    texts = part_texts(parts)
    if "xl/workbook.xml" in texts:
        unread = unread_formulas(texts)
    elif parts.get("mimetype", b"").startswith(ODS_TYPE) and "content.xml" in texts:
        unread = unread_formulas_ods(texts["content.xml"])
    else:
        raise damaged()
    blobs = {name: data for name, data in parts.items() if name not in texts}
    macros = any("vbaproject" in n.lower() or n.startswith(("Basic/", "Scripts/")) for n in parts)
    notes = (remark(mark("The workbook holds macros. They were not run.")),) if macros else ()
    return Book(_calamine(pack(parts), unread), texts, blobs, notes)


def _kept_values() -> tuple[Remark, ...]:
    return (remark(mark("Formulas were not computed: their last results were read.")),)


def _calamine(content: bytes, unread: Mapping[str, frozenset[Place]]) -> tuple[Sheet, ...]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            _sheet(book.get_sheet_by_name(meta.name), unread.get(meta.name, frozenset()))
            for meta in book.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except ImportRefused:
        raise
    except BaseException as failure:
        # A panic of the reader is no Exception; what else is none is not ours to hold back.
        if isinstance(failure, Exception) or type(failure).__name__ == "PanicException":
            raise damaged() from None
        raise
    if len({sheet.name.casefold() for sheet in sheets}) < len(sheets):
        # No office program names two sheets alike; a place in such a file would not be certain.
        raise damaged()
    return tuple(sheets)


def _sheet(sheet: python_calamine.CalamineSheet, unread: frozenset[Place]) -> Sheet:
    height, width = sheet.total_height, sheet.total_width
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise too_wide()
    rows: list[list[Raw]] = [
        [None if cell == "" else cell for cell in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    width = max([width, *(len(row) for row in rows), *(place[1] + 1 for place in unread)])
    missing = max((place[0] + 1 for place in unread), default=0) - len(rows)
    rows += [[] for _ in range(missing)]
    return Sheet(
        sheet.name,
        tuple(tuple(row) + (None,) * (width - len(row)) for row in rows),
        _merges(sheet.merged_cell_ranges or [], len(rows), width),
        unread,
    )


def _merges(ranges: Iterable[tuple[Place, Place]], height: int, width: int) -> tuple[Merge, ...]:
    listed: list[Merge] = []
    spread = 0
    for (top, left), (bottom, right) in sorted(ranges):
        last = (min(bottom, height - 1), min(right, width - 1))
        if top <= last[0] and left <= last[1]:
            listed.append(((top, left), last))
            spread += (last[0] - top + 1) * (last[1] - left + 1)
    if spread > MAX_CELLS:
        raise too_wide()
    return tuple(listed)
