"""Workbooks: cells under the heads of their columns, with all that stands behind them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from analysis.protection.scanner.archives import open_archive, read_covers, unpack_parts
from analysis.protection.scanner.fragments import Fragment, Part, Unread, UnreadableError
from analysis.protection.scanner.pivots import read_pivots
from analysis.protection.scanner.xml_parts import Node, read_nodes, read_notes, read_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.protection.scanner.fragments import Source

CELL = re.compile(r"([A-Z]{1,3})(\d+)")
# In a number format: what stands in quotes or behind a backslash, limits, and digits but nought.
LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[([<>=][^\]]*)\]|([1-9]\d*)')
READ_OTHERWISE = frozenset({"sheetData", "sst"})
EDGES = tuple(f"{w}{e}" for w in ("odd", "even", "first") for e in ("Header", "Footer"))
CODE = re.compile(r'&(?:[A-Z]|"[^"]*"|\d+)')
# A number of a column or a text; longer ones are an attack.
LONGEST_INDEX = 9
MOST_COLUMNS = 16_384
HIDDEN_STATES = ("hidden", "veryHidden")


def read_workbook(source: Source) -> Iterator[Fragment | Unread]:
    """Read a workbook, every part of it.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Fragment or Unread
        Rows of sheets, hidden ones strictly; notes beside the row that they stand at; rows of
        pivot caches; what number formats print; then the rest part by part.
    """
    failures: list[Unread] = []
    with open_archive(source.content) as archive:
        yield from read_covers(source, archive)
        parts = unpack_parts(source, archive, failures)
    yield from failures
    trees: dict[str, Node] = {}
    for name, part in parts.items():
        if not name.endswith((".xml", ".rels", ".vml")):
            yield from source.read(part)
            continue
        try:
            trees[name], notes = read_tree(part.content)
        except UnreadableError as failure:
            yield Unread(part.at(""), str(failure))
            continue
        _strip_codes(trees[name])
        yield from read_notes(part, notes)
        yield from read_nodes(part, trees[name], READ_OTHERWISE)
    yield from _read_sheets(source, parts, trees)
    yield from read_pivots(parts, trees)


def _read_sheets(
    source: Source, parts: Mapping[str, Source], trees: Mapping[str, Node]
) -> Iterator[Fragment | Unread]:
    shared = _strings(trees.get("xl/sharedStrings.xml"))
    used: set[int] = set()
    formats = _formats(trees.get("xl/styles.xml"))
    hidden, titles = _sheet_facts(trees)
    for name in sorted(trees):
        if not re.fullmatch(r"xl/(?:work|macro|dialog|chart)?sheets/[^/]+\.xml", name):
            continue
        about = (titles.get(name, ""),)
        notes = _sheet_notes(name, trees)
        sheet = _Sheet(shared, formats, notes, is_hidden=name in hidden)
        for words, row in sheet.rows(trees[name]):
            yield parts[name].fragment(words, row, about)
        used |= sheet.used
    # A text that no cell shows any more is still in the file.
    for number, text in enumerate(shared):
        if number not in used:
            yield source.hidden(f"xl/sharedStrings.xml, text {number + 1}", text)


class _Sheet:
    def __init__(
        self,
        shared: list[str],
        formats: Mapping[str, str],
        notes: Mapping[str, str],
        *,
        is_hidden: bool,
    ) -> None:
        self.shared, self.formats, self.notes = shared, formats, notes
        self.is_hidden = is_hidden
        self.used: set[int] = set()
        self.heads: dict[str, str] = {}

    def rows(self, tree: Node) -> Iterator[tuple[str, tuple[Part, ...]]]:
        unseen = _hidden_columns(tree)
        noted = set()
        for number, row in enumerate(tree.all("row"), start=1):
            line = row.attributes.get("r", str(number))
            closed = self.is_hidden or row.attributes.get("hidden") == "1"
            cells: list[Part] = []
            heads: dict[str, str] = {}
            for cell in row.children:
                reference = cell.attributes.get("r", "")
                found = CELL.fullmatch(reference)
                column = found[1] if found else ""
                is_hidden = closed or _index(column) in unseen
                pieces = list(self._pieces(cell, self.heads.get(column, ""), is_hidden=is_hidden))
                heads[column] = pieces[0].text if pieces else ""
                cells += pieces
                if reference in self.notes:
                    noted.add(reference)
                    key = self.heads.get(column, "")
                    cells.append(Part(self.notes[reference], key=key, is_hidden=True))
            self.heads = self.heads or heads
            if cells:
                yield f"row {line}", tuple(cells)
        for reference in sorted(set(self.notes) - noted):
            yield f"note at {reference}", (Part(self.notes[reference], is_hidden=True),)

    def _pieces(self, cell: Node, head: str, *, is_hidden: bool) -> Iterator[Part]:
        kind = cell.attributes.get("t", "n")
        for child in cell.children:
            text = child.whole_text
            if child.name == "v" and kind == "s" and text.isdecimal():
                place = int(text[:LONGEST_INDEX])
                self.used.add(place)
                text = self.shared[place] if place < len(self.shared) else ""
            if text:
                yield Part(text, key=head, is_hidden=is_hidden or child.name == "f")
        printed = self.formats.get(cell.attributes.get("s", ""), "")
        if printed:
            yield Part(printed, key=head, is_hidden=True)


def _strip_codes(tree: Node) -> None:
    # "&LKumanovo" puts the name to the left; with its code it is no name.
    for node in tree.all(*EDGES):
        node.text = CODE.sub(" ", node.text)


def _strings(tree: Node | None) -> list[str]:
    if tree is None:
        return []
    return ["".join(t.whole_text for t in item.all("t")) for item in tree.all("si")]


def _formats(tree: Node | None) -> dict[str, str]:
    """For each style of cells what its number format prints of itself."""
    if tree is None:
        return {}
    printed = {
        node.attributes.get("numFmtId", ""): printed_literals(node.attributes.get("formatCode", ""))
        for node in tree.all("numFmt")
    }
    styles = [x for cells in tree.all("cellXfs") for x in cells.children if x.name == "xf"]
    found = {i: printed.get(x.attributes.get("numFmtId", ""), "") for i, x in enumerate(styles)}
    return {str(style): text for style, text in found.items() if text}


def printed_literals(code: str) -> str:
    r"""Give what a number format prints of itself, whatever stands in the cell.

    Examples
    --------
    >>> printed_literals("#,##0.00"), printed_literals('"five" 5;[<7]0')
    ('', 'five 5 <7')
    """
    return " ".join("".join(found) for found in LITERAL.findall(code))


def _hidden_columns(tree: Node) -> frozenset[int]:
    found: set[int] = set()
    for node in tree.all("col"):
        own = node.attributes
        if own.get("hidden") in {"1", "true"} and own.get("min", "").isdecimal():
            last = own.get("max", own["min"])
            first = int(own["min"][:LONGEST_INDEX])
            found.update(range(first, min(int(last[:LONGEST_INDEX]), MOST_COLUMNS) + 1))
    return frozenset(found)


def _index(column: str) -> int:
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _relations(name: str, trees: Mapping[str, Node]) -> dict[str, str]:
    folder, file = posixpath.split(name)
    tree = trees.get(f"{folder}/_rels/{file}.rels")
    return {
        node.attributes.get("Id", ""): posixpath.normpath(
            posixpath.join("/" + folder, node.attributes.get("Target", ""))
        ).lstrip("/")
        for node in (tree.all("Relationship") if tree else ())
    }


def _sheet_facts(trees: Mapping[str, Node]) -> tuple[set[str], dict[str, str]]:
    book = trees.get("xl/workbook.xml")
    targets = _relations("xl/workbook.xml", trees)
    hidden, titles = set(), {}
    for node in book.all("sheet") if book else ():
        target = targets.get(node.attributes.get("id", ""), "")
        titles[target] = node.attributes.get("name", "")
        if node.attributes.get("state") in HIDDEN_STATES:
            hidden.add(target)
    return hidden, titles


def _sheet_notes(name: str, trees: Mapping[str, Node]) -> dict[str, str]:
    found: dict[str, str] = {}
    for target in _relations(name, trees).values():
        tree = trees.get(target)
        for node in tree.all("comment", "threadedComment") if tree else ():
            reference = node.attributes.get("ref", "")
            found[reference] = f"{found.get(reference, '')} {node.whole_text}".strip()
    return found
