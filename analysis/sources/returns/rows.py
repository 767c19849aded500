"""The rows of a table: records, and rows that are none, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.sources.returns.cells import CellError, Raw, read_cell, shown
from analysis.sources.returns.columns import SILENT, TOTAL
from analysis.sources.returns.headers import header_key, recognised
from analysis.sources.returns.parts import column_letters
from analysis.sources.returns.remarks import Remark, remark
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.sources.returns.columns import Column, Kind
    from analysis.sources.returns.headers import Header
    from analysis.sources.returns.reading import Sheet

TOTAL_WORDS = frozenset(
    header_key(word)
    for word in (
        "вкупно|се вкупно|севкупно|збир|меѓузбир|total|totals|sum|subtotal|grand total|"
        "gjithsej|gjithësej|shuma|totali|ukupno|svega|zbir|међузбир"
    ).split("|")
)
COUNTING = ("_persons", "_crossings", "_places")
TOTAL_STARTS = tuple(f"{word} " for word in ("vkupno", "gjithsej", "ukupno", "svega", "se vkupno"))

Held = str | float | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row stands aside: at a column, or as a whole where the column is blank."""

    column: str
    value: str
    why: Remark
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank.

    Parameters
    ----------
    sheet : int
        Place of the sheet in the file, from 1.
    number : int
        Row as the spreadsheet counts it.
    cells : dict of str to object
        Cells of the kind's columns as the file holds them.
    record : dict, optional
        What goes into the ledger; None for a row that is none.
    sort : str
        ``record``, ``failed``, ``conflict``, ``total``, ``note``, ``heading`` or ``above``.
    problems : tuple of Problem
    """

    sheet: int
    number: int
    cells: dict[str, Raw]
    record: dict[str, Held] | None
    sort: str
    problems: tuple[Problem, ...] = ()


def read_rows(kind: Kind, header: Header, sheet: Sheet, at: int, dash: str) -> list[Row]:
    """Read every row of a sheet that is neither blank nor its header.

    Parameters
    ----------
    kind : Kind
    header : Header
    sheet : Sheet
    at : int
        Place of the sheet in the file, from 1.
    dash : str
        State that a lone dash means.

    Returns
    -------
    list of Row
        In the order of the sheet; none is left out.
    """
    spread = sheet.spread()
    merged = _merged_numbers(kind, header, sheet)
    rows: list[Row] = []
    for place, raw in enumerate(sheet.rows):
        filled = [column for column, cell in enumerate(raw) if cell is not None]
        filled += [column for row, column in sheet.unread if row == place]
        if not filled or header.first <= place <= header.last:
            continue
        cells = {
            name: raw[column] if kind.column(name).is_number else spread[place][column]
            for column, name in header.columns.items()
        }
        sort, why = _sort(kind, header, place, raw, cells)
        if why is not None:
            text = next((shown(cell) for cell in raw if cell is not None), "")
            rows.append(Row(at, place + 1, cells, None, sort, (Problem("", text, why),)))
            continue
        blocked = {
            name: _blocked(column, place, sheet, merged) for column, name in header.columns.items()
        }
        rows.append(_record(kind, header, Row(at, place + 1, cells, None, ""), blocked, dash))
    return rows


def _merged_numbers(kind: Kind, header: Header, sheet: Sheet) -> set[tuple[int, int]]:
    numbers = {c for c, name in header.columns.items() if kind.column(name).is_number}
    return {
        (row, column)
        for (top, left), (bottom, right) in sheet.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if column in numbers
    }


def _blocked(column: int, place: int, sheet: Sheet, merged: set[tuple[int, int]]) -> Remark | None:
    if (place, column) in sheet.unread:
        return remark(
            mark(
                "The cell holds a formula whose result is not stored. Open the file, save it and "
                "send it again, or write the number."
            )
        )
    if (place, column) in merged:
        return remark(
            mark("The number stands in merged cells, so its row or column is not certain.")
        )
    return None


def _sort(
    kind: Kind, header: Header, place: int, raw: tuple[Raw, ...], cells: dict[str, Raw]
) -> tuple[str, Remark | None]:
    if place < header.first:
        return "above", remark(mark("The row stands above the header of the table."))
    said = [cell for cell in raw if cell is not None]
    if said and len(said) == 1 and isinstance(said[0], str) and len(kind.needed) > 1:
        return "note", remark(mark("A title or note inside or below the table is not a row of it."))
    if all(cell is None for cell in cells.values()) and said:
        return "note", remark(mark("The row has nothing in the columns of the table."))
    if all(isinstance(cell, str) for cell in said) and _repeats(kind, cells):
        return "heading", remark(mark("The header of the table stands here again."))
    if _is_total(kind, cells, said):
        return "total", remark(mark("A row of totals; sums are made anew from the rows."))
    return "", None


def _repeats(kind: Kind, cells: dict[str, Raw]) -> bool:
    return recognised(cells.values(), (kind,)) >= len(kind.needed)


def _is_total(kind: Kind, cells: dict[str, Raw], said: Sequence[Raw]) -> bool:
    labels = {
        name: cell
        for name, cell in cells.items()
        if isinstance(cell, str) and not kind.column(name).is_number
    }
    # In a column where 'total' may be chosen it is an answer, not the label of a sum.
    if any(_says_total(c) and not _takes_total(kind.column(n)) for n, c in labels.items()):
        return True
    first = said[0] if said else None
    return isinstance(first, str) and first not in labels.values() and _says_total(first)


def _takes_total(column: Column) -> bool:
    return column.holds == "country" or any(code == TOTAL for code, _ in column.choices)


def _says_total(text: str) -> bool:
    key = header_key(text)
    return key in TOTAL_WORDS or key.startswith(TOTAL_STARTS)


def _record(
    kind: Kind, header: Header, row: Row, blocked: dict[str, Remark | None], dash: str
) -> Row:
    record: dict[str, Held] = {}
    problems: list[Problem] = []
    places = {name: column_letters(column) for column, name in header.columns.items()}
    given = ""
    for column in kind.columns:
        name = column.column_id
        raw = row.cells.get(name)
        why = blocked.get(name)
        if why is not None:
            problems.append(Problem(places[name], shown(raw), why, name))
            continue
        try:
            cell = read_cell(_counted(column, record), raw, dash)
        except CellError as failure:
            problems.append(Problem(places.get(name, ""), shown(raw), failure.remark, name))
            continue
        if column.holds == "state":
            given = cell.text
            record, problem = _with_state(record, given, places.get(name, ""))
            problems += [problem] if problem else []
        elif column.is_number:
            record[name], record[f"{name}_state"] = cell.value, cell.state
        else:
            record[name] = cell.text
    problems += _backward(record, places)
    whole = None if problems else record
    sort = "failed" if problems else "record"
    return Row(row.sheet, row.number, row.cells, whole, sort, tuple(problems))


def _counted(column: Column, record: dict[str, Held]) -> Column:
    # The values of an indicator that counts are whole, so that 98.104 can only be thousands.
    if str(record.get("indicator_id", "")).endswith(COUNTING) and column.column_id == "value":
        return replace(column, holds="whole")
    return column


def _with_state(
    record: dict[str, Held], given: str, place: str
) -> tuple[dict[str, Held], Problem | None]:
    held = record.get("value_state")
    if not given or held is None or given == held:
        return record, None
    if held == "no_data" and given in SILENT:
        return {**record, "value_state": given}, None
    why = remark(
        mark("The state '{given}' contradicts the value, which says '{held}'."),
        given=given,
        held=str(held),
    )
    return record, Problem(place, given, why, "state")


def _backward(record: dict[str, Held], places: dict[str, str]) -> list[Problem]:
    for first, last in (("period_start", "period_end"), ("start", "end")):
        start, end = str(record.get(first) or ""), str(record.get(last) or "")
        if start and end and start > end:
            why = remark(mark("The period ends before it begins."))
            return [Problem(places.get(last, ""), end, why, last)]
    return []
