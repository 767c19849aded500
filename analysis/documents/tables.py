"""Rows to download: as CSV, and as a workbook that explains itself."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING

import pandas as pd
import xlsxwriter

from analysis.documents.model import Bound
from analysis.documents.notice import draft_word, standing_words
from analysis.documents.protection_words import policy_in_short
from analysis.documents.rows import COLUMNS
from analysis.figures.theme import REGION
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.documents.model import Table
    from analysis.documents.wording import Wording
    from analysis.protection.ledger.standing import Standing

STANDING = "standing"
STANDING_MEANING = mark("How this edition stands: a draft, or which release it is")
SOURCE_COLUMNS: Mapping[str, str] = {
    "source_id": mark("Code"),
    "publisher": mark("Publisher"),
    "title": mark("Title"),
    "address": mark("Address"),
    "as_of": mark("Date"),
    "licence": mark("Licence"),
}
# Not the clock's: the same profile is the same bytes on every day.
CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # the file format knows no time zone
NUMBERS = ("value", "lower", "upper")
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31
WIDEST = 60
NARROWEST = 10


def mark_rows(rows: pd.DataFrame, standing: Standing | None, w: Wording) -> pd.DataFrame:
    """Say in every row how the edition stands, because rows are what people copy out of a table.

    Parameters
    ----------
    rows : pandas.DataFrame
        As :func:`~analysis.documents.rows.reading_rows` gives them. It is not changed.
    standing : Standing or None
        None where nobody has said: then it is a draft.
    w : Wording

    Returns
    -------
    pandas.DataFrame
        With a first column ``standing``, for drafts and releases alike.
    """
    marked = rows.copy()
    marked.insert(0, STANDING, standing_words(standing, w.translate))
    return marked


def to_csv_bytes(rows: pd.DataFrame) -> bytes:
    """Write rows as CSV that spreadsheets and programs read alike.

    Parameters
    ----------
    rows : pandas.DataFrame
        As :func:`~analysis.documents.rows.reading_rows` gives them.

    Returns
    -------
    bytes
        UTF-8 with a byte-order mark, without which Excel takes Cyrillic for another encoding;
        commas, decimal points, CRLF. Where the system's list separator is a semicolon the
        workbook of :func:`to_xlsx_bytes` opens without a question.
    """
    written = rows.assign(**{name: rows[name].map(_digits) for name in NUMBERS})
    return written.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def write_printed(table: Table, standing: Standing | None, w: Wording) -> bytes:
    """Write a table as it is printed, for one that counts what is no observation.

    Parameters
    ----------
    table : Table
    standing : Standing or None
        As in :func:`mark_rows`.
    w : Wording

    Returns
    -------
    bytes
        CSV as of :func:`to_csv_bytes`: numbers as programs read them, and the word where there
        is none.
    """
    said = standing_words(standing, w.translate)
    lines = [[said, *(_plain(cell) for cell in row)] for row in table.rows]
    frame = pd.DataFrame(lines, columns=[STANDING, *(column.label for column in table.columns)])
    return frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _plain(cell: str | Bound) -> str:
    if isinstance(cell, Bound) and cell.value is not None:
        return _digits(cell.value)
    return str(cell)


def _digits(value: float) -> str:
    if pd.isna(value):
        return ""
    return repr(float(value)).removesuffix(".0")


def to_xlsx_bytes(
    rows: pd.DataFrame,
    sources: pd.DataFrame,
    title: str,
    w: Wording,
    standing: Standing | None = None,
) -> bytes:
    """Write rows as a workbook: a note, the data, what the columns mean, the sources.

    Parameters
    ----------
    rows : pandas.DataFrame
        As :func:`~analysis.documents.rows.reading_rows` gives them.
    sources : pandas.DataFrame
        All sources; those that the rows name are written.
    title : str
    w : Wording
    standing : Standing, optional
        How the edition stands; a draft unless it is released. The note says it, and so does the
        head of each printed sheet.

    Returns
    -------
    bytes
        The same for the same arguments. No sheet is hidden and no cell computes.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "author": "Patokaz", "created": CREATED})
        used = sources.loc[sources["source_id"].isin(set(rows["source_id"]))]
        dictionary = pd.DataFrame(
            [(name, w.translate(text)) for name, text in _meanings(rows).items()],
            columns=[w.translate("Column"), w.translate("Meaning")],
        )
        listed = used[list(SOURCE_COLUMNS)].rename(
            columns={name: w.translate(text) for name, text in SOURCE_COLUMNS.items()}
        )
        _write_sheet(book, w.translate("Data"), rows)
        _write_sheet(book, w.translate("Dictionary"), dictionary)
        _write_sheet(book, w.translate("Sources"), listed)
        _write_note(book, w.translate("Note"), title, note_sentences(w, standing))
        _mark_sheets(book, standing, w)
    return out.getvalue()


def _meanings(rows: pd.DataFrame) -> Mapping[str, str]:
    return {STANDING: STANDING_MEANING, **COLUMNS} if STANDING in rows else COLUMNS


def _mark_sheets(book: xlsxwriter.Workbook, standing: Standing | None, w: Wording) -> None:
    said = standing_words(standing, w.translate).replace("&", "&&")
    for sheet in book.worksheets():
        sheet.set_header(f"&R{said}")
        if draft_word(standing, w.translate):
            sheet.set_tab_color(REGION)


def sheet_name(text: str) -> str:
    """Make a text fit for the name of a sheet, where brackets and slashes are not allowed.

    Examples
    --------
    >>> sheet_name("[en] Data")
    'en Data'
    """
    return FORBIDDEN.sub("", text)[:LONGEST_NAME]


def _write_sheet(book: xlsxwriter.Workbook, name: str, frame: pd.DataFrame) -> None:
    sheet = book.add_worksheet(sheet_name(name))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"valign": "top", "text_wrap": True})
    for column, label in enumerate(frame.columns):
        sheet.write_string(0, column, str(label), head)
        cells = frame[label].tolist()
        longest = max((len(str(c)) for c in [label, *cells]), default=0)
        sheet.set_column(column, column, min(max(longest + 2, NARROWEST), WIDEST))
        for line, cell in enumerate(cells, start=1):
            if isinstance(cell, float):
                if not pd.isna(cell):
                    sheet.write_number(line, column, cell)
            else:
                sheet.write_string(line, column, str(cell), text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_note(
    book: xlsxwriter.Workbook, name: str, title: str, sentences: tuple[str, ...]
) -> None:
    sheet = book.add_worksheet(sheet_name(name))
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, title, bold)
    for line, sentence in enumerate(sentences, start=1):
        sheet.write_string(line, 0, sentence, wrapped)


def note_sentences(w: Wording, standing: Standing | None = None) -> tuple[str, ...]:
    """Say what a reader of the rows has to know before using them; first, how they stand."""
    return (
        f"{standing_words(standing, w.translate)}.",
        w.translate(
            "A blank value is not a zero: the column with the state in words says whether the "
            "number is withheld, missing or does not apply."
        ),
        str(policy_in_short(w)),
        w.translate(
            "Stocks, flows and changes stand in one table; they count different things and are "
            "never added up."
        ),
        w.translate(
            "The difference of two censuses is a change of population, not migration; the "
            "censuses of 2002 and 2021 are not comparable one to one."
        ),
        w.translate("Who uses a figure names its source; the sheet of sources has the terms."),
    )
