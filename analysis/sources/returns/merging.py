"""Putting the rows of a file beside those already held: nothing is counted twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from analysis.sources.returns.ledger import BOOKKEEPING, active_rows
from analysis.sources.returns.remarks import remark
from analysis.sources.returns.rows import Held, Problem, Row
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.sources.returns.columns import Kind

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of the rows of a file.

    Parameters
    ----------
    ledger : pandas.DataFrame
        The ledger as it would be, its warnings still blank.
    loaded : tuple of Row
    aside : tuple of Row
        With their problems.
    already_there : int
        Rows whose key and values are held, or stand in the file before.
    replaced : int
    """

    ledger: pd.DataFrame
    loaded: tuple[Row, ...]
    aside: tuple[Row, ...]
    already_there: int
    replaced: int
    read: int = field(default=0)


def merge(
    kind: Kind, rows: Sequence[Row], ledger: pd.DataFrame, digest: str, *, replace: bool
) -> Merged:
    """Sort the rows of a file into new, held already, and contradicting.

    Parameters
    ----------
    kind : Kind
    rows : sequence of Row
    ledger : pandas.DataFrame
    digest : str
        SHA-256 of the file.
    replace : bool
        Whether a newer value takes the place of an older one.

    Returns
    -------
    Merged
    """
    columns = kind.ledger_columns
    held = {
        _key(kind, record): (index, _values(record, columns))
        for index, record in _records(active_rows(ledger))
    }
    torn = _contradicting(kind, rows)
    loaded: list[Row] = []
    aside: list[Row] = []
    seen: set[Key] = set()
    superseded: list[int] = []
    already = 0
    for row in rows:
        if row.record is None:
            aside.append(row)
            continue
        key, values = _key(kind, row.record), _values(row.record, columns)
        before = held.get(key)
        if key in torn:
            aside.append(_conflict(row, mark("The file gives this key twice, with other values.")))
        elif key in seen or (before and before[1] == values):
            already += 1
        elif before and not replace:
            aside.append(_conflict(row, mark("Another value is already held under this key.")))
        else:
            seen.add(key)
            loaded.append(row)
            superseded += [before[0]] if before else []
    new = _frame(kind, loaded, digest)
    old = ledger.assign(
        superseded_by=ledger["superseded_by"].where(~ledger.index.isin(superseded), digest)
    )
    whole = pd.concat([old, new], ignore_index=True) if len(old) else new
    return Merged(whole, tuple(loaded), tuple(aside), already, len(superseded), len(rows))


def _records(frame: pd.DataFrame) -> Iterable[tuple[int, dict[str, Held]]]:
    listed = frame.astype(object).where(frame.notna(), None).to_dict("records")
    for index, record in zip(frame.index, listed, strict=True):
        yield int(index), {str(name): value for name, value in record.items()}


def _key(kind: Kind, record: dict[str, Held]) -> Key:
    # Case and spaces do not make another centre or team.
    return tuple(" ".join(str(record[name]).casefold().split()) for name in kind.keys)


def _values(record: dict[str, Held], columns: Iterable[str]) -> tuple[Held, ...]:
    return tuple(
        value.casefold() if isinstance(value, str) else value
        for value in (record.get(name) for name in columns)
    )


def _contradicting(kind: Kind, rows: Iterable[Row]) -> set[Key]:
    seen: dict[Key, set[tuple[Held, ...]]] = {}
    for row in rows:
        if row.record is not None:
            key = _key(kind, row.record)
            seen.setdefault(key, set()).add(_values(row.record, kind.ledger_columns))
    return {key for key, values in seen.items() if len(values) > 1}


def _conflict(row: Row, message: str) -> Row:
    problem = Problem("", "", remark(message))
    return Row(row.sheet, row.number, row.cells, None, "conflict", (problem,))


def _frame(kind: Kind, rows: Sequence[Row], digest: str) -> pd.DataFrame:
    texts = {c.column_id for c in kind.columns if not c.is_number}
    numbers = {c.column_id for c in kind.columns if c.is_number}
    columns: dict[str, pd.Series] = {}
    for name in kind.ledger_columns:
        blank = "" if name in texts else "no_data"
        cells = [(row.record or {}).get(name, None if name in numbers else blank) for row in rows]
        columns[name] = pd.Series(cells, dtype="float64" if name in numbers else "object")
    filled = {
        "file_sha256": pd.Series([digest] * len(rows), dtype="object"),
        "sheet": pd.Series([row.sheet for row in rows], dtype="int64"),
        "row": pd.Series([row.number for row in rows], dtype="int64"),
        "superseded_by": pd.Series([""] * len(rows), dtype="object"),
        "warning": pd.Series([""] * len(rows), dtype="object"),
    }
    return pd.DataFrame(columns | {name: filled[name] for name in BOOKKEEPING})
