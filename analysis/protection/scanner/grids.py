"""Tables in the making: rows of cells under the heads of their columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.protection.scanner.fragments import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_COLUMNS = 2000


class Grid:
    """One table that is being read, element by element.

    Examples
    --------
    >>> grid = Grid()
    >>> rows = []
    >>> for tag, text in [("th", "Year"), ("th", "Refugees"), ("td", "2023"), ("td", "14")]:
    ...     if text in {"Year", "2023"}:
    ...         grid.open("tr", {})
    ...     grid.open(tag, {})
    ...     grid.add([Part(text)])
    ...     rows += grid.close(tag)
    ...     if text in {"Refugees", "14"}:
    ...         rows += grid.close("tr")
    >>> [(part.key, part.text) for part in rows[-1] if part.key]
    [('Year', '2023'), ('Refugees', '14')]
    """

    def __init__(self) -> None:
        self._heads: list[str] = []
        self._row: list[Part] = []
        self._row_heads: list[tuple[int, int, str]] = []
        self._texts: list[str] = []
        self._column = 0
        self._width = 1
        self._is_head_row = True
        self._has_body = False
        self.is_in_row = False
        self.is_in_cell = False

    def open(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take note that an element begins."""
        if tag == "tr":
            self._row, self._row_heads, self._column, self._is_head_row = [], [], 0, True
            self.is_in_row = True
        elif tag in {"td", "th"}:
            self.is_in_row = self.is_in_cell = True
            self._is_head_row = self._is_head_row and tag == "th"
            span = attributes.get("colspan", "1")
            self._width = min(int(span[:4]), MOST_COLUMNS) if span.isdecimal() else 1

    def add(self, parts: list[Part]) -> None:
        """Put pieces into the cell that is open."""
        head = self._head()
        self._row += [replace(p, key=f"{head} {p.key}".strip()) for p in parts]
        if self.is_in_cell:
            self._texts += [p.text for p in parts if not p.key and not p.is_hidden]

    def close(self, tag: str) -> list[list[Part]]:
        """Take note that an element ends; give the row that ended with it."""
        if tag in {"td", "th"}:
            self.is_in_cell = False
            # Cells without a head are still two texts, and no number in two halves.
            self._row.append(Part("\t"))
            text = " ".join(t.strip() for t in self._texts if t.strip())
            self._row_heads.append((self._column, self._width, text))
            self._texts = []
            self._column += max(self._width, 1)
            self._width = 1
            return []
        if tag != "tr":
            return []
        row, self._row = self._row, []
        # Only a row of heads and nothing else names the columns.
        if self._is_head_row and not self._has_body:
            for column, width, text in self._row_heads:
                self._name(column, width, text)
        self._has_body = self._has_body or (bool(row) and not self._is_head_row)
        self.is_in_row = self.is_in_cell = False
        return [row] if any(p.text.strip() for p in row) else []

    def _head(self) -> str:
        return self._heads[self._column] if self._column < len(self._heads) else ""

    def _name(self, first: int, width: int, text: str) -> None:
        self._heads += [""] * (first + width - len(self._heads))
        for column in range(first, first + width):
            self._heads[column] = f"{self._heads[column]} {text}".strip()
