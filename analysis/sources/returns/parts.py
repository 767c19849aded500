"""What the parts of a workbook say beyond its values: extents, formulas without results."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.sources.returns.remarks import ImportRefused, remark
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_ROWS = 60_000
MAX_COLUMNS = 256
MAX_CELLS = 2_000_000
LONGEST_COUNT = 9
TAG = re.compile(r"<(/?)(?:[\w-]+:)?(c|f|v|is)(?=[\s/>])([^<>]*?)(/?)>")
ODS_TAG = re.compile(
    r"<(/?)(table:table|table:table-row|table:table-cell|table:covered-table-cell|text:p)"
    r"(?=[\s/>])([^<>]*?)(/?)>"
)
REFERENCE = re.compile(r"\br=[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
SHEET = re.compile(r"<(?:\w+:)?sheet\s([^<>]*)/?>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*)/?>")
ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")

Place = tuple[int, int]


@dataclass(slots=True)
class _Extent:
    """How far one sheet reaches while it is gone through."""

    cells: int = 0
    unread: set[Place] = field(default_factory=set)

    def add(self, row: int, column: int, copies: int = 1) -> None:
        self.cells += copies
        if row >= MAX_ROWS or column >= MAX_COLUMNS or self.cells > MAX_CELLS:
            raise too_wide()


def too_wide() -> ImportRefused:
    """Say that a sheet has more rows or columns than a return can have."""
    return ImportRefused(
        remark(
            mark(
                "A sheet reaches further than {rows} rows or {columns} columns. Delete what "
                "stands beside the table, or send the table in parts."
            ),
            rows=MAX_ROWS,
            columns=MAX_COLUMNS,
        )
    )


def attributes(text: str) -> dict[str, str]:
    """Read the attributes of a tag, without their prefixes."""
    return {
        name.rpartition(":")[2]: html.unescape(double or single)
        for name, double, single in ATTRIBUTE.findall(text)
    }


def column_number(letters: str) -> int:
    """Give the place of a column from its letters: A is 0.

    Examples
    --------
    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """Give the letters of a column from its place.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    rest = number + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def sheet_parts(texts: Mapping[str, str]) -> dict[str, str]:
    """Find which part of an XLSX holds which sheet: names of sheets by part."""
    relations = {
        found.get("Id", ""): found.get("Target", "")
        for found in map(attributes, RELATION.findall(texts.get("xl/_rels/workbook.xml.rels", "")))
    }
    names: dict[str, str] = {}
    for found in map(attributes, SHEET.findall(texts.get("xl/workbook.xml", ""))):
        target = relations.get(found.get("id", ""), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        names[part] = found.get("name", "")
    return names


def unread_formulas(texts: Mapping[str, str]) -> dict[str, frozenset[Place]]:
    """Find the formulas of an XLSX whose results are not stored, by name of the sheet.

    Raises
    ------
    ImportRefused
        When a sheet reaches too far, or such a formula stands in a sheet that has no name.
    """
    names = sheet_parts(texts)
    found: dict[str, frozenset[Place]] = {}
    for part, text in texts.items():
        if not re.search(r"worksheets/[^/]*\.xml$", part) and part not in names:
            continue
        unread = _xlsx_sheet(text)
        if part in names:
            found[names[part]] = unread
        elif unread:
            raise too_wide()
    return found


def _xlsx_sheet(text: str) -> frozenset[Place]:
    extent = _Extent()
    place, formula, value = (0, -1), False, False
    for closing, tag, inside, empty in _tags(TAG, text):
        if tag == "c" and not closing:
            where = REFERENCE.search(inside)
            # Without a reference a cell follows the one before it.
            place = (
                (int(where.group(2)) - 1, column_number(where.group(1)))
                if where
                else (place[0], place[1] + 1)
            )
            formula = value = False
        elif tag == "f":
            formula = True
        elif not empty and not closing:
            value = True
        if tag != "c" and not closing:
            extent.add(*place)
        if tag == "c" and closing and formula and not value:
            extent.unread.add(place)
    return frozenset(extent.unread)


def _tags(pattern: re.Pattern[str], text: str) -> Iterator[tuple[bool, str, str, bool]]:
    for match in pattern.finditer(text):
        yield bool(match[1]), match[2], match[3], bool(match[4])


def unread_formulas_ods(text: str) -> dict[str, frozenset[Place]]:
    """Find the formulas of an ODS whose results are not stored, by name of the sheet.

    Raises
    ------
    ImportRefused
        When a sheet reaches too far, also by repeating cells.
    """
    found: dict[str, frozenset[Place]] = {}
    name, extent = "", _Extent()
    row, rows, column, copies = 0, 1, 0, 1
    held, spoken, computed = False, False, False
    for closing, tag, inside, empty in _tags(ODS_TAG, text):
        said = attributes(inside) if not closing else {}
        if tag == "table:table":
            if not closing:
                name, extent, row, rows = said.get("name", ""), _Extent(), 0, 0
            found[name] = frozenset(extent.unread)
        elif tag == "table:table-row" and not closing:
            row, column, rows = row + rows, 0, _times(said, "number-rows-repeated")
        elif tag == "text:p":
            spoken = spoken or not closing
        elif not closing and tag != "table:table-row":
            copies = _times(said, "number-columns-repeated")
            computed = "formula" in said
            held = any(
                key in said for key in ("value", "date-value", "boolean-value", "string-value")
            )
            spoken = False
        if tag.endswith("-cell") and (closing or empty):
            if held or spoken or computed:
                extent.add(row + max(rows, 1) - 1, column + copies - 1, copies * max(rows, 1))
            if computed and not held and not spoken:
                extent.unread.add((row, column))
            column, held, spoken, computed = column + copies, False, False, False
    return found


def _times(said: Mapping[str, str], name: str) -> int:
    text = said.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) <= LONGEST_COUNT else 1
