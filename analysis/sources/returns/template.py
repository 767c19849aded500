"""Templates that partners fill in: data with drop-down lists, a dictionary, examples."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING

import xlsxwriter

from analysis.sources.returns.cells import safe_cell
from analysis.sources.returns.kinds import find_kind
from analysis.text import mark, translator

if TYPE_CHECKING:
    from analysis.sources.returns.columns import Column
    from analysis.text import Translator

# Not the clock's: the same template is the same bytes on every day.
CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # the file format knows no time zone
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
ROWS_WITH_LISTS = 2000
LONGEST_LIST = 255
LONGEST_TITLE = 32
LONGEST_NAME = 31
WIDTH = 22
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
HOLDS = {
    "text": mark("text"),
    "hash": mark("salted hash of 16 to 128 hexadecimal digits; never a name or a number"),
    "choice": mark("one of the list"),
    "count": mark("whole number; <5 where withheld, .. where not known, blank where no data"),
    "amount": mark("number not below zero; .. where not known"),
    "number": mark("number; <5 where withheld, .. where not known, - where it does not apply"),
    "date": mark("date: 31.12.2024 or 2024-12-31"),
    "period": mark("period: 2024, 2024-03, 2024-Q1 or 2024-03..2024-12"),
    "area": mark("name or code of an area"),
    "indicator": mark("code of an indicator of the catalogue"),
    "country": mark("country code of three letters, or total"),
    "state": mark("one of the list; needed only where the value is blank"),
    "parts": mark("sums as 362+28, one after another with a semicolon"),
    "shares": mark("shares as 40/113=35.4, or ?/66=72 where only the whole is known"),
}


def write_template(kind: str, language_code: str) -> bytes:
    """Write the template of a kind of return.

    Parameters
    ----------
    kind : str
        Id of the kind.
    language_code : str

    Returns
    -------
    bytes
        An XLSX workbook, the same for the same arguments. Nothing in it computes.

    Raises
    ------
    ImportRefused
        When there is no such kind.
    LanguageError
        When the language is none of ours.
    """
    chosen, say = find_kind(kind), translator(language_code)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": say(chosen.name), "author": "Patokaz", "created": CREATED})
        data_sheet(book, chosen.columns, say)
        listed = book.add_worksheet(sheet_name(say(mark("Dictionary"))))
        examples = book.add_worksheet(sheet_name(say(mark("Examples"))))
        _dictionary(listed, book, chosen.columns, say)
        _examples(examples, book, chosen.columns, say)
    return out.getvalue()


def sheet_name(text: str) -> str:
    """Make a text fit for the name of a sheet."""
    return FORBIDDEN.sub("", text)[:LONGEST_NAME]


def choice_label(column: Column, code: str, say: Translator) -> str:
    """Give the name of a choice as the drop-down list shows it; the code where it has none."""
    name = dict(column.choices).get(code, code)
    said = say(name)
    # A name that is not translated yet would be shown behind a mark; the code is shorter.
    return code if said.startswith("[en] ") or "," in said else said


def data_sheet(
    book: xlsxwriter.Workbook,
    columns: tuple[Column, ...],
    say: Translator,
) -> xlsxwriter.worksheet.Worksheet:
    """Add the sheet that is filled in: headers and drop-down lists.

    Parameters
    ----------
    book : xlsxwriter.Workbook
    columns : tuple of Column
    say : Translator

    Returns
    -------
    xlsxwriter.worksheet.Worksheet
    """
    sheet = book.add_worksheet(sheet_name(say(mark("Data"))))
    plain = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    key = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#E7EEF5"}
    )
    for place, column in enumerate(columns):
        sheet.write_string(0, place, safe_cell(say(column.header)), key if column.key else plain)
        sheet.set_column(place, place, WIDTH)
        if column.choices:
            labels = [choice_label(column, code, say) for code, _ in column.choices]
            if len(",".join(labels)) > LONGEST_LIST:
                labels = [code for code, _ in column.choices]
            sheet.data_validation(
                1,
                place,
                ROWS_WITH_LISTS,
                place,
                {
                    "validate": "list",
                    "source": labels,
                    "error_title": say(mark("Not in the list"))[:LONGEST_TITLE],
                    "error_message": say(mark("Choose one of the list."))[:LONGEST_LIST],
                },
            )
    sheet.freeze_panes(1, 0)
    return sheet


def _dictionary(
    sheet: xlsxwriter.worksheet.Worksheet,
    book: xlsxwriter.Workbook,
    columns: tuple[Column, ...],
    say: Translator,
) -> None:
    yes, no = say(mark("yes")), say(mark("no"))
    heads = (
        say(mark("Column")),
        say(mark("Code of the column")),
        say(mark("What it holds")),
        say(mark("Part of the key")),
        say(mark("Required")),
        say(mark("Choices")),
    )
    rows = [
        (
            say(column.header),
            column.column_id,
            say(HOLDS[column.holds]),
            yes if column.key else no,
            yes if column.required else no,
            "; ".join(f"{code}: {say(name)}" for code, name in column.choices),
        )
        for column in columns
    ]
    _write(sheet, book, [heads, *rows])


def _examples(
    sheet: xlsxwriter.worksheet.Worksheet,
    book: xlsxwriter.Workbook,
    columns: tuple[Column, ...],
    say: Translator,
) -> None:
    # Turned on its side, so that a made-up example is never read as a row of the return.
    heads = (say(mark("Column")), say(mark("Example (made up)")))
    _write(sheet, book, [heads, *((say(c.header), c.example) for c in columns)])


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    book: xlsxwriter.Workbook,
    rows: list[tuple[str, ...]],
) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for line, row in enumerate(rows):
        for place, text in enumerate(row):
            sheet.write_string(line, place, safe_cell(text), wrapped if line else bold)
    sheet.set_column(0, len(rows[0]) - 1, WIDTH)
    sheet.freeze_panes(1, 0)
