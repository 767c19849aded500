"""The workbook of rows that could not be read: marked up, to be mended and imported again."""

from __future__ import annotations

import datetime as dt
import io
import math
from typing import TYPE_CHECKING

import xlsxwriter

from analysis.sources.returns.cells import safe_cell, shown
from analysis.sources.returns.headers import REASON_HEADER
from analysis.sources.returns.template import CREATED, OPTIONS, data_sheet
from analysis.text import mark, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.sources.returns.cells import Raw
    from analysis.sources.returns.columns import Kind
    from analysis.sources.returns.rows import Row
    from analysis.text import Translator

LONGEST_CELL = 32_000
WIDTH = 60


def write_aside(kind: Kind, rows: Sequence[Row], language: str) -> bytes:
    """Write rows that can be mended as a workbook of the template's columns.

    Parameters
    ----------
    kind : Kind
    rows : sequence of Row
        With their problems.
    language : str
        Language of headers and reasons.

    Returns
    -------
    bytes
        An XLSX workbook: each cell that cannot be read is coloured and carries its reason as a
        comment; a last column, which an import passes over, says the same in words.
    """
    say = translator(language)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": say(kind.name), "author": "Patokaz", "created": CREATED})
        sheet = data_sheet(book, kind.columns, say)
        bold = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        red = book.add_format({"bg_color": "#F8D7C4", "top": 1, "bottom": 1})
        last = len(kind.columns)
        sheet.write_string(0, last, say(REASON_HEADER), bold)
        sheet.set_column(last, last, WIDTH)
        for line, row in enumerate(rows, start=1):
            reasons = _reasons(row, say)
            for place, column in enumerate(kind.columns):
                wrong = reasons.get(column.column_id)
                _put(sheet, line, place, row.cells.get(column.column_id), red if wrong else None)
                if wrong:
                    sheet.write_comment(line, place, wrong, {"author": "Patokaz"})
            where = say(mark("Sheet {sheet}, row {row}: ")).format(sheet=row.sheet, row=row.number)
            sentences = " ".join(dict.fromkeys(p.why.say(say) for p in row.problems))
            sheet.write_string(line, last, safe_cell(where + sentences)[:LONGEST_CELL], wrapped)
    return out.getvalue()


def _reasons(row: Row, say: Translator) -> dict[str, str]:
    return {problem.name: problem.why.say(say) for problem in row.problems if problem.name}


def _put(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    place: int,
    raw: Raw,
    look: xlsxwriter.format.Format | None,
) -> None:
    if raw is None:
        sheet.write_blank(line, place, None, look)
    elif isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        sheet.write_string(line, place, safe_cell(_text(raw))[:LONGEST_CELL], look)
    else:
        sheet.write_number(line, place, raw, look)


def _text(raw: Raw) -> str:
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        return raw.isoformat()
    return shown(raw)
