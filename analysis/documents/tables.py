"""A profile as rows to download: one tidy table, as CSV and as a workbook that explains itself.

The rows are the protected observations that the page prints, in the order of the page, and the
change of residents of every municipality, which its map shows. A number that is withheld or
missing is a blank cell with its state in words beside it; it is never a zero.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter

from analysis.catalog import load_areas
from analysis.documents.notice import profile_notice
from analysis.protection import load_policy
from analysis.protection.suppress import CLOSING, SMALL, UNKNOWN
from analysis.store.schema import DIMENSIONS
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from analysis.assessment.reading import Reading
    from analysis.documents.wording import Wording

# What each column says, in the order of the columns.
COLUMNS: Mapping[str, str] = {
    "indicator_id": mark("Code of the indicator; the same in every language and edition"),
    "indicator": mark("Name of the indicator"),
    "unit": mark("What is counted: persons, per cent, crossings of a border, places"),
    "area_id": mark("Code of the area"),
    "area": mark("Name of the area"),
    "period_start": mark("First day of the period, year-month-day"),
    "period_end": mark("Last day of the period; a stock is counted on it"),
    "sex": mark("Sex; 'total' where the figure is not split"),
    "origin": mark("Country of origin (ISO 3166-1 alpha-3); 'total' where it is not split"),
    "citizenship": mark("Citizenship (ISO 3166-1 alpha-3); 'total' where it is not split"),
    "value": mark("The number. A blank cell is never a zero: see the state"),
    "state": mark("Code of the state: value, zero, suppressed, no_data or not_applicable"),
    "state_in_words": mark("The state in words"),
    "status": mark("final, provisional, estimate or survey"),
    "reason": mark("Why the number is withheld or missing"),
    "source_id": mark("Code of the source; see the sheet of sources"),
    "source": mark("Publisher and title of the source"),
    "licence": mark("Terms under which the source may be used again"),
    "observation_id": mark("Code of the figure, by which it can be traced to its file and line"),
}
STATES: Mapping[str, str] = {
    "value": mark("number"),
    "zero": mark("counted, and the count is zero"),
    "suppressed": mark("withheld"),
    "no_data": mark("no data"),
    "not_applicable": mark("does not apply"),
}
REASONS: Mapping[str, str] = {
    SMALL: mark("small count"),
    UNKNOWN: mark("share of an unknown count"),
    CLOSING: mark("withheld so that another count stays withheld"),
}
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
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31
WIDEST = 60
NARROWEST = 10


def reading_rows(reading: Reading, w: Wording) -> pd.DataFrame:
    """List every figure of a profile, or of another reading, one row each.

    Parameters
    ----------
    reading : Reading
    w : Wording

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`. ``value`` is blank unless the state is a number.
    """
    # By reference, each once, in the order in which the page first prints it.
    order = list(dict.fromkeys(r.reference for r in reading.rows if r.reference))
    frame = reading.data.frame
    rows = frame.loc[frame["observation_id"].isin(order)].set_index("observation_id", drop=False)
    rows = rows.loc[order]
    sources = reading.data.sources.set_index("source_id").to_dict("index")
    table = pd.DataFrame(
        [_row(row, sources[row["source_id"]], reading, w) for row in rows.to_dict("records")],
        columns=list(COLUMNS),
    ).astype({"value": float})
    notice = profile_notice(reading, w.translate)
    if notice:
        # In every row, because rows are what people copy out of a table.
        table.insert(0, "demonstration", notice)
    return table


def _row(
    row: Mapping[Hashable, Any], source: Mapping[Hashable, Any], reading: Reading, w: Wording
) -> dict[str, Any]:
    indicator = reading.data.indicators.get(str(row["indicator_id"]))
    reason = str(row["reason"])
    return {
        "indicator_id": indicator.indicator_id,
        "indicator": w.indicator(indicator),
        "unit": indicator.unit,
        "area_id": row["area_id"],
        "area": w.area(load_areas().get(str(row["area_id"]))),
        "period_start": row["period_start"],
        "period_end": row["period_end"],
        **{name: row[name] for name in DIMENSIONS},
        "value": row["value"],
        "state": row["state"],
        "state_in_words": w.translate(STATES[str(row["state"])]),
        "status": row["status"],
        "reason": w.translate(REASONS[reason]) if reason in REASONS else reason,
        "source_id": row["source_id"],
        "source": f"{source['publisher']}: {source['title']}",
        "licence": source["licence"],
        "observation_id": row["observation_id"],
    }


def to_csv_bytes(rows: pd.DataFrame) -> bytes:
    """Write rows as CSV that spreadsheets and programs read alike.

    Parameters
    ----------
    rows : pandas.DataFrame
        As :func:`reading_rows` gives them.

    Returns
    -------
    bytes
        UTF-8 with a byte-order mark, without which Excel takes Cyrillic for another encoding;
        commas, decimal points, CRLF. Where the system's list separator is a semicolon the
        workbook of :func:`to_xlsx_bytes` opens without a question.
    """
    written = rows.assign(value=rows["value"].map(_digits))
    return written.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _digits(value: float) -> str:
    if pd.isna(value):
        return ""
    return repr(float(value)).removesuffix(".0")


def to_xlsx_bytes(rows: pd.DataFrame, sources: pd.DataFrame, title: str, w: Wording) -> bytes:
    """Write rows as a workbook: a note, the data, what the columns mean, the sources.

    Parameters
    ----------
    rows : pandas.DataFrame
        As :func:`reading_rows` gives them.
    sources : pandas.DataFrame
        All sources; those that the rows name are written.
    title : str
    w : Wording

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
            [(name, w.translate(text)) for name, text in COLUMNS.items()],
            columns=[w.translate("Column"), w.translate("Meaning")],
        )
        listed = used[list(SOURCE_COLUMNS)].rename(
            columns={name: w.translate(text) for name, text in SOURCE_COLUMNS.items()}
        )
        _write_sheet(book, w.translate("Data"), rows)
        _write_sheet(book, w.translate("Dictionary"), dictionary)
        _write_sheet(book, w.translate("Sources"), listed)
        _write_note(book, w.translate("Note"), title, w)
    return out.getvalue()


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


def _write_note(book: xlsxwriter.Workbook, name: str, title: str, w: Wording) -> None:
    sheet = book.add_worksheet(sheet_name(name))
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, title, bold)
    for line, sentence in enumerate(note_sentences(w), start=1):
        sheet.write_string(line, 0, sentence, wrapped)


def note_sentences(w: Wording) -> tuple[str, ...]:
    """Say what a reader of the rows has to know before using them."""
    return (
        w.translate(
            "A blank value is not a zero: the column with the state in words says whether the "
            "number is withheld, missing or does not apply."
        ),
        str(
            w.say(
                "Numbers of persons under {limit} are withheld below the country, and so are "
                "those from which such a number could be computed.",
                limit=str(load_policy().below_national),
            )
        ),
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
