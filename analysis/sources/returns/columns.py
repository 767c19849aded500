"""What a column of a return may hold, and what a kind of return is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal[
    "text",
    "hash",
    "choice",
    "count",
    "whole",
    "amount",
    "number",
    "date",
    "period",
    "area",
    "indicator",
    "country",
    "state",
    "parts",
    "shares",
]
STATES = ("value", "zero", "suppressed", "no_data", "not_applicable")
SILENT = frozenset({"suppressed", "no_data", "not_applicable"})
NUMERIC = frozenset({"count", "whole", "amount", "number"})
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a return.

    Parameters
    ----------
    column_id : str
        Name in the ledger.
    header : str
        Header in English, a message of the catalogs.
    known_as : tuple of str
        Headers in Macedonian, Albanian and Serbian that people write; they are only read.
    holds : str
        What the cells hold; a type of :data:`Type`.
    key : bool
        Whether the column is part of the key by which rows are told apart.
    required : bool
        Whether a blank cell makes the row fail. A blank number is ``no_data`` and may stand.
    choices : tuple of (str, str)
        Allowed codes with their names, messages of the catalogs.
    example : str
        A made-up cell.
    """

    column_id: str
    header: str
    known_as: tuple[str, ...]
    holds: Type
    key: bool = False
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    example: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the cells hold numbers, which carry one of the five states."""
        return self.holds in NUMERIC


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of return.

    Parameters
    ----------
    kind_id : str
        Name in commands and of the ledger.
    name : str
        Name in English, a message of the catalogs.
    columns : tuple of Column
    on_persons : bool
        Whether a row or a narrative may concern a person: then only columns of the template
        may stand in the file.
    dash : str
        State that a lone dash means. A sender who writes it for zero must have said so.
    """

    kind_id: str
    name: str
    columns: tuple[Column, ...]
    on_persons: bool = False
    dash: str = "not_applicable"

    @property
    def keys(self) -> tuple[str, ...]:
        """Ids of the columns that make the key."""
        return tuple(c.column_id for c in self.columns if c.key)

    @property
    def needed(self) -> frozenset[str]:
        """Ids of the columns without which a table is not of this kind."""
        return frozenset(c.column_id for c in self.columns if c.required)

    def column(self, column_id: str) -> Column:
        """Give a column by its id."""
        return next(c for c in self.columns if c.column_id == column_id)

    @property
    def ledger_columns(self) -> tuple[str, ...]:
        """Columns of content in the ledger: each number is followed by its state."""
        held: list[str] = []
        for column in self.columns:
            if column.holds == "state":
                continue
            held.append(column.column_id)
            if column.is_number:
                held.append(f"{column.column_id}_state")
        return tuple(held)
