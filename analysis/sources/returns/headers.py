"""Finding the header of a table: one row or two, in any of the languages and scripts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from analysis.sources.returns.remarks import ImportRefused, remark
from analysis.text import LANGUAGES, mark, translator
from analysis.text.script import latinise_serbian

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.sources.returns.columns import Kind

SEARCHED_ROWS = 40
LONGEST_HEADER = 120
MARKED = "[en] "
REASON_HEADER = mark("Why this row was set aside")
NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header of a table stands and what its columns are.

    Parameters
    ----------
    first, last : int
        Rows of the header, from 0.
    columns : dict of int to str
        Ids of the columns by their place, from 0.
    """

    first: int
    last: int
    columns: dict[int, str]


def header_key(text: str) -> str:
    """Reduce a header to what does not depend on script, case, accents and signs.

    Examples
    --------
    >>> header_key("Општина (назив)") == header_key("Opština naziv")
    True
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text[:LONGEST_HEADER]))
    latin = latinise_serbian(unicodedata.normalize("NFKC", plain)).casefold().replace("đ", "dj")
    apart = unicodedata.normalize("NFKD", latin)
    kept = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(NOT_WORDS.sub(" ", kept).split())


@cache
def own_headings() -> frozenset[str]:
    """Give the headings of the column of reasons that we write, in every language."""
    said = (translator(code)(REASON_HEADER) for code in LANGUAGES)
    return frozenset(header_key(form.removeprefix(MARKED)) for form in said)


@cache
def _vocabulary(kind: Kind) -> dict[str, str]:
    words: dict[str, str] = {}
    for column in kind.columns:
        said = [translator(code)(column.header) for code in LANGUAGES]
        for form in (column.column_id, column.header, *said, *column.known_as):
            words.setdefault(header_key(form.removeprefix(MARKED)), column.column_id)
    return words


def recognised(cells: Iterable[object], kinds: Iterable[Kind]) -> int:
    """Count the cells of a row that are headers of the kind that they fit best."""
    keys = {header_key(_bare(cell)) for cell in cells if isinstance(cell, str) and cell.strip()}
    return max((len(keys & _vocabulary(kind).keys()) for kind in kinds), default=0)


def find_header(rows: Sequence[Sequence[object]], kind: Kind) -> Header | None:
    """Find the header of a kind of return among the first rows of a sheet.

    Parameters
    ----------
    rows : sequence of sequence of object
        Cells, with merged ranges spread.
    kind : Kind

    Returns
    -------
    Header or None
        None when no row, nor two rows together, hold every column that the kind needs.

    Raises
    ------
    ImportRefused
        When a column stands twice.
    """
    words = _vocabulary(kind)
    for first in range(min(len(rows), SEARCHED_ROWS)):
        found = [_one_row(rows, first, words), _two_rows(rows, first, words)]
        fitting = [h for h in found if h and kind.needed <= set(h.columns.values())]
        if fitting:
            # Two rows only where the second names more columns than the first alone.
            best = max(fitting, key=lambda h: (len(h.columns), h.first - h.last))
            _refuse_twice(best)
            return best
    return None


def _match(cell: object, words: dict[str, str]) -> str:
    # A header that waits for its translation stands behind a mark in our own templates.
    return words.get(header_key(cell.removeprefix(MARKED)), "") if isinstance(cell, str) else ""


def _bare(cell: object) -> str:
    return cell.removeprefix(MARKED) if isinstance(cell, str) else ""


def _one_row(rows: Sequence[Sequence[object]], at: int, words: dict[str, str]) -> Header:
    matched = {place: _match(cell, words) for place, cell in enumerate(rows[at])}
    return Header(at, at, {place: name for place, name in matched.items() if name})


def _two_rows(rows: Sequence[Sequence[object]], at: int, words: dict[str, str]) -> Header | None:
    if at + 1 >= len(rows):
        return None
    upper, lower = rows[at], rows[at + 1]
    columns: dict[int, str] = {}
    for place in range(max(len(upper), len(lower))):
        top = upper[place] if place < len(upper) else None
        sub = lower[place] if place < len(lower) else None
        name = _match(f"{_bare(top)} {_bare(sub)}", words) or _match(sub, words)
        # A heading over several columns names none of them; over a blank it names its own.
        blank = sub is None or not str(sub).strip() or sub == top
        name = name or (_match(top, words) if blank else "")
        if name:
            columns[place] = name
    return Header(at, at + 1, columns)


def _refuse_twice(header: Header) -> None:
    names = list(header.columns.values())
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = mark(
            "The column '{column}' stands twice in the header. Keep one and send the file again."
        )
        raise ImportRefused(remark(message, column=twice[0]))
