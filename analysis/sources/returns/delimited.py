"""CSV as offices send it: whichever encoding and separator, chosen openly."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from analysis.sources.returns.archive import damaged
from analysis.sources.returns.headers import recognised
from analysis.sources.returns.parts import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, too_wide
from analysis.sources.returns.remarks import Remark, remark
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.sources.returns.columns import Kind

SEPARATORS = (";", "\t", ",")
LOOKED_AT = 30
NUL_SHARE = 0.2
HALF = 0.5
# Runs of two bytes above ASCII are words in Cyrillic; in Latin texts accents stand alone.
HIGH_RUN = re.compile(rb"[\x80-\xff]{2,}")
HIGH = re.compile(rb"[\x80-\xff]")


def decode(content: bytes) -> tuple[str, str]:
    """Decode text and tell by which encoding.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    tuple of (str, str)
        Text and name of the encoding: a mark at the beginning decides, then UTF-8 where the bytes
        are valid, then Windows-1251 where letters above ASCII come in runs as in Cyrillic words,
        else Windows-1250.

    Raises
    ------
    ImportRefused
        When the bytes are no text.

    Examples
    --------
    >>> decode("Општина".encode("cp1251"))
    ('Општина', 'cp1251')
    """
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _strictly(content, "utf-16")
    if content.count(0) > len(content) * NUL_SHARE:
        even = content[::2].count(0)
        return _strictly(content, "utf-16-be" if even * 2 > content.count(0) else "utf-16-le")
    try:
        return _strictly(content.removeprefix(b"\xef\xbb\xbf"), "utf-8")
    except ValueError:
        pass
    high = len(HIGH.findall(content))
    in_runs = sum(len(run) for run in HIGH_RUN.findall(content))
    return _strictly(content, "cp1251" if in_runs > high * HALF else "cp1250")


def _strictly(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise damaged() from None
    if "\x00" in text or re.search(r"<\s*(html|table|\?xml|!doctype)", text[:1000], re.IGNORECASE):
        raise damaged()
    return text, encoding


def read_delimited(
    content: bytes, kinds: Iterable[Kind]
) -> tuple[tuple[tuple[str | None, ...], ...], tuple[Remark, ...]]:
    """Read a text file as rows.

    Parameters
    ----------
    content : bytes
    kinds : iterable of Kind
        Kinds whose headers tell which separator is meant.

    Returns
    -------
    tuple
        Rows, blank cells as None, and what was chosen.

    Raises
    ------
    ImportRefused
        When the file is no text or has more rows or columns than a return.
    """
    text, encoding = decode(content)
    tables = {separator: _parse(text, separator) for separator in SEPARATORS}
    listed = tuple(kinds)
    best = max(SEPARATORS, key=lambda s: _fit(tables[s], listed))
    chosen = remark(
        mark("The file was read as text in {encoding}, with '{separator}' between the cells."),
        encoding=encoding,
        separator="TAB" if best == "\t" else best,
    )
    return tables[best], (chosen,)


def _fit(rows: tuple[tuple[str | None, ...], ...], kinds: tuple[Kind, ...]) -> tuple[int, int]:
    head = rows[:LOOKED_AT]
    widths = [sum(cell is not None for cell in row) for row in head]
    return (
        max((recognised(row, kinds) for row in head), default=0),
        max(set(widths), key=widths.count) if widths else 0,
    )


def _parse(text: str, separator: str) -> tuple[tuple[str | None, ...], ...]:
    rows: list[tuple[str | None, ...]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(tuple(cell.strip() or None for cell in row))
            cells += len(row)
            if len(rows) > MAX_ROWS or cells > MAX_CELLS:
                raise too_wide()
    except csv.Error:
        raise damaged() from None
    width = max((_used(row) for row in rows), default=0)
    return tuple(row[:width] + (None,) * (width - len(row)) for row in rows)


def _used(row: tuple[str | None, ...]) -> int:
    return max((place + 1 for place, cell in enumerate(row) if cell is not None), default=0)


def check_width(rows: tuple[tuple[object, ...], ...]) -> None:
    """Refuse rows that are wider than a return.

    Raises
    ------
    ImportRefused
    """
    if rows and len(rows[0]) > MAX_COLUMNS:
        raise too_wide()
