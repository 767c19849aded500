"""Word files: paragraphs and rows of tables, and all that stands behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.protection.scanner.archives import open_archive, read_covers, unpack_parts
from analysis.protection.scanner.fragments import Part, Unread, UnreadableError
from analysis.protection.scanner.grids import Grid
from analysis.protection.scanner.xml_parts import Node, read_nodes, read_notes, read_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.protection.scanner.fragments import Fragment, Source

TEXT = ("t", "delText", "instrText", "delInstrText")
SPACES = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
PARAGRAPHS = frozenset({"p", "tbl"})
# Parts of which readers see the text as it stands.
SEEN = ("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes")


def read_word(source: Source) -> Iterator[Fragment | Unread]:
    """Read a Word file, every part of it.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Fragment or Unread
        Paragraphs and rows of tables; what was deleted and what is set as hidden strictly, with
        comments, properties, alternative texts and everything else.
    """
    failures: list[Unread] = []
    with open_archive(source.content) as archive:
        yield from read_covers(source, archive)
        parts = unpack_parts(source, archive, failures)
    yield from failures
    for name, part in parts.items():
        if not name.endswith((".xml", ".rels", ".vml")):
            yield from source.read(part)
            continue
        try:
            tree, notes = read_tree(part.content)
        except UnreadableError as failure:
            yield Unread(part.at(""), str(failure))
            continue
        yield from read_notes(part, notes)
        # Texts are read by paragraph; here it is the attributes, and texts of other parts.
        yield from read_nodes(part, tree, frozenset(TEXT))
        yield from _read_story(part, tree, is_hidden=not name.startswith(SEEN))


def _read_story(source: Source, tree: Node, *, is_hidden: bool) -> Iterator[Fragment | Unread]:
    waiting, before = [tree], ""
    number = 0
    while waiting:
        node = waiting.pop()
        if node.name == "p":
            number += 1
            parts = tuple(_runs(node, is_hidden=is_hidden))
            if parts:
                yield source.fragment(f"paragraph {number}", parts, (before,))
                before = "".join(p.text for p in parts)
        elif node.name == "tbl":
            for words, row in _rows(node, is_hidden=is_hidden):
                yield source.fragment(words, row, (before,))
        if node.name not in PARAGRAPHS:
            waiting.extend(reversed(node.children))


def _runs(paragraph: Node, *, is_hidden: bool) -> Iterator[Part]:
    """Join the texts of a paragraph; what is deleted or hidden stands apart."""
    seen: list[str] = []
    unseen: list[str] = []
    for run in paragraph.all("r", "fldSimple"):
        closed = any(True for _ in run.all("vanish", "webHidden"))
        for node in run.all():
            if node.name in SPACES:
                seen.append(SPACES[node.name])
            elif node.name in TEXT:
                (unseen if closed or node.name != "t" else seen).append(node.text)
    if "".join(seen).strip():
        yield Part("".join(seen), is_hidden=is_hidden)
    if "".join(unseen).strip():
        yield Part("".join(unseen), is_hidden=True)


def _rows(table: Node, *, is_hidden: bool) -> Iterator[tuple[str, tuple[Part, ...]]]:
    grid = Grid()
    for number, row in enumerate((n for n in table.children if n.name == "tr"), start=1):
        grid.open("tr", {})
        for cell in (n for n in row.children if n.name == "tc"):
            span = next((n.attributes.get("val", "1") for n in cell.all("gridSpan")), "1")
            # The first row heads the columns.
            grid.open("th" if number == 1 else "td", {"colspan": span})
            for paragraph in cell.all("p"):
                grid.add(list(_runs(paragraph, is_hidden=is_hidden)))
            grid.close("td")
        for parts in grid.close("tr"):
            yield f"row {number} of a table", tuple(parts)
