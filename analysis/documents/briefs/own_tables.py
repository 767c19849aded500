"""The two tables that people write in a brief: options, and recommendations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.documents.model import Bound, Column, Table
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording

# The columns of each, in order, as English messages.
TABLES = {
    "options": (
        mark("Course of action"),
        mark("Effect"),
        mark("Cost"),
        mark("Feasibility"),
        mark("Risk"),
        mark("Legal basis"),
    ),
    "recommendations": (
        mark("Who"),
        mark("What"),
        mark("By when"),
        mark("With which money"),
        mark("Measured by"),
        mark("Finding"),
    ),
}
CAPTIONS = {
    "options": mark("What could be done; a cost has its source, or is not costed"),
    "recommendations": mark("Who does what by when, and by what it is measured"),
}
RULE = re.compile(r"^\|(?:\s*:?-+:?\s*\|)+$")
ADDRESS = re.compile(r"\s*\(?(https?://[^\s)]+)\)?")


def is_rule(text: str) -> bool:
    """Tell whether a line is the rule below the head of a table.

    Examples
    --------
    >>> is_rule("|---|:--|"), is_rule("| a | b |")
    (True, False)
    """
    return bool(RULE.match(text))


def split_row(text: str, section: str) -> tuple[str, ...]:
    """Take a row apart.

    Parameters
    ----------
    text : str
        ``| one | two |``.
    section : str

    Returns
    -------
    tuple of str
        As many cells as the table of the section has columns; blank ones too.

    Raises
    ------
    ValueError
        When the section has no table, or the row has another number of cells.

    Examples
    --------
    >>> split_row("| A | more | not costed | yes | | law |", "options")
    ('A', 'more', 'not costed', 'yes', '', 'law')
    """
    if section not in TABLES:
        msg = f"'{section}' has no table. Write a paragraph, or items that begin with '-'."
        raise ValueError(msg)
    cells = tuple(
        cell.strip() for cell in text.strip().removeprefix("|").removesuffix("|").split("|")
    )
    heads = TABLES[section]
    if len(cells) != len(heads):
        msg = (
            f"the row has {len(cells)} cells. Expected {len(heads)} between the strokes: "
            f"{', '.join(heads)}."
        )
        raise ValueError(msg)
    return cells


def make_table(section: str, rows: Sequence[Sequence[Sentence]], w: Wording) -> Table:
    """Make the table of a section, with its head in the language of the document.

    Parameters
    ----------
    section : {"options", "recommendations"}
    rows : sequence of sequence of Sentence
    w : Wording

    Returns
    -------
    Table
        The address behind an amount of money stands in a note below it.
    """
    notes = [
        f"{ADDRESS.sub('', str(cell))}: {address}"
        for row in rows
        for cell in row
        for address in ADDRESS.findall(str(cell))
    ]
    return Table(
        section,
        w.translate(CAPTIONS[section]),
        tuple(Column(w.translate(head), is_number=False) for head in TABLES[section]),
        tuple(tuple(_cell(cell) for cell in row) for row in rows),
        tuple(notes),
    )


def _cell(said: Sentence) -> str | Bound:
    """Give a cell: a number that stands alone in it stays bound."""
    if len(said.parts) == 1 and isinstance(said.parts[0], Bound):
        return said.parts[0]
    return ADDRESS.sub("", str(said))
