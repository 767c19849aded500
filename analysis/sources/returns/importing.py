"""Importing one file: read, examine, check, and only then write, whole or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from analysis.sources.returns.aside import write_aside
from analysis.sources.returns.columns import STATES
from analysis.sources.returns.guards import guard, totals_agree
from analysis.sources.returns.headers import SEARCHED_ROWS, Header, find_header, recognised
from analysis.sources.returns.kinds import KINDS, Kind, find_kind
from analysis.sources.returns.ledger import (
    ASIDE,
    active_rows,
    alone,
    ledger_path,
    read_ledger,
    table_bytes,
    write_atomically,
)
from analysis.sources.returns.merging import Merged, merge
from analysis.sources.returns.personal import examine, examine_table
from analysis.sources.returns.reading import read_book
from analysis.sources.returns.remarks import ImportRefused, Remark, remark
from analysis.sources.returns.rows import Row, read_rows
from analysis.text import find_language, mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.sources.returns.reading import Book

DIGEST = 12
LONGEST_SHOWN = 120
MENDABLE = frozenset({"failed", "conflict"})


@dataclass(frozen=True, slots=True)
class SetAside:
    """One reason for which a row was not loaded.

    Parameters
    ----------
    sheet : str
        Name of the sheet.
    row : int
        Row as the spreadsheet counts it.
    column : str
        Letters of the column; blank where the row as a whole is meant.
    value : str
        The cell as shown to its sender.
    reason : Remark
    sort : str
        ``failed``, ``conflict``, ``total``, ``note``, ``heading`` or ``above``.
    """

    sheet: str
    row: int
    column: str
    value: str
    reason: Remark
    sort: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. ``rows_read == loaded + already_there + set_aside``, always.

    Parameters
    ----------
    kind : Kind
    file_name : str
    file_sha256 : str
    rows_read : int
        Rows that are neither blank nor the header.
    loaded, already_there, set_aside : int
    replaced : int
        Of the loaded rows, those that took the place of an older value.
    aside : tuple of SetAside
        Every reason for every row set aside; a row may have several.
    warnings : tuple of Remark
        Guards on figures that fail; the figures were loaded with them.
    notes : tuple of Remark
        What was chosen while reading.
    states : mapping of str to int
        Number of loaded numbers in each of the five states.
    mend : pathlib.Path, optional
        Workbook of the rows that can be mended and imported again.
    """

    kind: Kind
    file_name: str
    file_sha256: str
    rows_read: int
    loaded: int
    already_there: int
    set_aside: int
    replaced: int
    aside: tuple[SetAside, ...]
    warnings: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    states: Mapping[str, int] = field(default_factory=dict)
    mend: Path | None = None

    @property
    def failed(self) -> tuple[SetAside, ...]:
        """Reasons of the rows that can be mended."""
        return tuple(one for one in self.aside if one.sort in MENDABLE)


def import_file(
    content: bytes,
    file_name: str,
    kind: str | None,
    received: Path,
    language: str = "en",
    *,
    replace: bool = False,
    dash: str | None = None,
) -> ImportReport:
    """Import a return.

    Parameters
    ----------
    content : bytes
    file_name : str
    kind : str or None
        Id of the kind; None to tell it from the header.
    received : pathlib.Path
        ``data_raw/received`` of a workspace.
    language : str
        Language of the workbook of rows to mend.
    replace : bool
        Whether a newer value takes the place of an older one, which stays in the history.
    dash : str, optional
        State that a lone dash means in this file, where its sender said so.

    Returns
    -------
    ImportReport

    Raises
    ------
    ImportRefused
        When the file is refused whole; then nothing of it is on disk.
    LanguageError
        When the language is none of ours.
    """
    find_language(language)
    if dash is not None and dash not in STATES[1:]:
        message = mark("'{state}' is not what a dash may mean. Use one of: {known}.")
        raise ImportRefused(remark(message, state=dash, known=", ".join(STATES[1:])))
    kinds = [find_kind(kind)] if kind else list(KINDS.values())
    book = read_book(content, kinds)
    examine(book, file_name)
    chosen, headers = _choose(book, kinds)
    for at, header in headers.items():
        examine_table(chosen, header, book.sheets[at], at + 1)
    rows = [
        row
        for at, header in headers.items()
        for row in read_rows(chosen, header, book.sheets[at], at + 1, dash or chosen.dash)
    ]
    digest = hashlib.sha256(content).hexdigest()
    with alone(received):
        ledger = read_ledger(received, chosen)
        merged = merge(chosen, rows, ledger, digest, replace=replace)
        frame, warned = _guarded(chosen, merged)
        mend = _write(received, chosen, frame, merged, digest, language, ledger)
    warnings = [*(one.remark for one in totals_agree(chosen, rows)), *warned]
    name = file_name[:LONGEST_SHOWN]
    return _report(book, chosen, headers, merged, warnings, (name, digest, mend))


def _choose(book: Book, kinds: Sequence[Kind]) -> tuple[Kind, dict[int, Header]]:
    fitting: list[tuple[int, Kind, dict[int, Header]]] = []
    for kind in kinds:
        found = {at: find_header(sheet.spread(), kind) for at, sheet in enumerate(book.sheets)}
        headers = {at: header for at, header in found.items() if header is not None}
        if headers:
            named = max(len(header.columns) for header in headers.values())
            fitting.append((named, kind, headers))
    if not fitting:
        message = mark(
            "No sheet has the header of a return. Expected columns such as: {columns}. Take the "
            "template, copy the rows into it and send that."
        )
        rows = [row for sheet in book.sheets for row in sheet.spread()[:SEARCHED_ROWS]]
        near = max(kinds, key=lambda k: max((recognised(r, (k,)) for r in rows), default=0))
        needed = [c.header for c in near.columns if c.required]
        raise ImportRefused(remark(message, columns=", ".join(needed)))
    most = max(named for named, _, _ in fitting)
    best = [entry for entry in fitting if entry[0] == most]
    if len(best) > 1:
        message = mark("The header fits several kinds of returns: {kinds}. Say which one it is.")
        raise ImportRefused(remark(message, kinds=", ".join(k.kind_id for _, k, _ in best)))
    return best[0][1], best[0][2]


def _guarded(kind: Kind, merged: Merged) -> tuple[pd.DataFrame, list[Remark]]:
    frame = merged.ledger.reset_index(drop=True)
    standing = active_rows(frame)
    found = guard(kind, standing)
    sentences: dict[int, list[str]] = {}
    for index, warned in found:
        sentences.setdefault(index, []).append(warned.remark.say(str))
    said = frame.index.map(lambda index: " ".join(sentences.get(index, [])))
    return frame.assign(warning=pd.Series(said, index=frame.index, dtype=object)), [
        warned.remark for _, warned in found
    ]


def _write(
    received: Path,
    kind: Kind,
    frame: pd.DataFrame,
    merged: Merged,
    digest: str,
    language: str,
    before: pd.DataFrame,
) -> Path | None:
    mendable = [row for row in merged.aside if row.sort in MENDABLE]
    path = received / ASIDE / f"{digest[:DIGEST]}.xlsx"
    if mendable:
        write_atomically(path, write_aside(kind, mendable, language))
    try:
        if merged.loaded or len(frame) != len(before):
            write_atomically(ledger_path(received, kind), table_bytes(frame))
    except BaseException:
        # All or nothing: rows to mend are of no use where none were loaded.
        path.unlink(missing_ok=True)
        raise
    return path if mendable else None


def _report(
    book: Book,
    kind: Kind,
    headers: Mapping[int, Header],
    merged: Merged,
    warnings: list[Remark],
    file: tuple[str, str, Path | None],
) -> ImportReport:
    unread = [number for number in range(len(book.sheets)) if number not in headers]
    notes = [
        *book.notes,
        *(
            remark(
                mark("Sheet '{sheet}' was not read: it has no header of this return."),
                sheet=book.sheets[number].name,
            )
            for number in unread
            if book.sheets[number].rows
        ),
    ]
    return ImportReport(
        kind=kind,
        file_name=file[0],
        file_sha256=file[1],
        rows_read=merged.read,
        loaded=len(merged.loaded),
        already_there=merged.already_there,
        set_aside=len(merged.aside),
        replaced=merged.replaced,
        aside=tuple(one for row in merged.aside for one in _aside(book, row)),
        warnings=tuple(warnings),
        notes=tuple(notes),
        states=_states(kind, merged.loaded),
        mend=file[2],
    )


def _aside(book: Book, row: Row) -> list[SetAside]:
    return [
        SetAside(
            sheet=book.sheets[row.sheet - 1].name,
            row=row.number,
            column=problem.column,
            value=problem.value[:LONGEST_SHOWN],
            reason=problem.why,
            sort=row.sort,
        )
        for problem in row.problems
    ]


def _states(kind: Kind, rows: Sequence[Row]) -> dict[str, int]:
    counts = dict.fromkeys(STATES, 0)
    for row in rows:
        for column in kind.columns:
            if column.is_number:
                counts[str((row.record or {}).get(f"{column.column_id}_state", "no_data"))] += 1
    return counts
