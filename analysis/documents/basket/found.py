"""What a reference leads to today: blocks with their figures, or that it is no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.documents.model import Figure, Table, block_numbers
from analysis.documents.views import View, arrange_views

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.assessment.reading import Reading
    from analysis.documents.basket.entries import Entry
    from analysis.documents.evidence import Evidence
    from analysis.documents.model import Block, Bound, Section
    from analysis.store.read import PublicData


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a view, with what it was read from.

    Parameters
    ----------
    section : Section
    reading : Reading, optional
        None where the section is about the data themselves.
    is_chosen : bool
        Whether it follows a field that the sections below it do not follow.
    """

    section: Section
    reading: Reading | None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """An evidence statement of a view.

    Parameters
    ----------
    name : str
        The same in every language.
    evidence : Evidence
    reading : Reading
    """

    name: str
    evidence: Evidence
    reading: Reading


@dataclass(frozen=True, slots=True)
class Shown:
    """All of a view that can be collected.

    Parameters
    ----------
    title : str
        What the view is called.
    parts : tuple of Part
        In reading order.
    findings : tuple of Finding
    """

    title: str
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with what its reference leads to.

    Parameters
    ----------
    entry : Entry
    title : str
        Of the view; blank where there is none any more.
    heading : str
        Of the section; blank for a finding.
    block : Figure, Table or Evidence, optional
        None where it does not exist any more.
    reading : Reading, optional
    numbers : tuple of Bound
        What a chart is drawn from, and what a table prints: by them its sources are found.
    tables : tuple of Table
        The tables of the same figures: what goes along as rows.
    """

    entry: Entry
    title: str = ""
    heading: str = ""
    block: Figure | Table | Evidence | None = None
    reading: Reading | None = None
    numbers: tuple[Bound, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def label(self) -> str:
        """What a reader knows it by: the caption, or the claim."""
        if self.block is None:
            return str(self.entry.reference)
        if isinstance(self.block, Figure):
            return self.block.picture.caption
        if isinstance(self.block, Table):
            return self.block.caption
        return str(self.block.claim)


def find_item(entry: Entry, shown: Shown | None, *, is_whole: bool = True) -> Item:
    """Find what an entry refers to.

    Parameters
    ----------
    entry : Entry
    shown : Shown or None
        The view that it names; None where there is no such view.
    is_whole : bool
        Whether the reference names every field of the view.

    Returns
    -------
    Item
        Without a block where the view has no such thing today.
    """
    if shown is None:
        return Item(entry)
    wanted = entry.reference
    if wanted.kind == "finding":
        for finding in shown.findings:
            if finding.name == wanted.name:
                made = finding.evidence
                sentences = (made.claim, made.value, made.comparator)
                numbers = tuple(n for s in sentences for n in s.numbers)
                return Item(entry, shown.title, "", made, finding.reading, numbers)
        return Item(entry, shown.title)
    for part in (p for p in shown.parts if is_whole or not p.is_chosen):
        for block in part.section.blocks:
            if _names(block, wanted.kind, wanted.name):
                return _item(entry, shown.title, block, part)
    return Item(entry, shown.title)


def _names(block: object, kind: str, name: str) -> bool:
    if kind == "picture":
        return isinstance(block, Figure) and block.picture.name == name
    return isinstance(block, Table) and block.name == name


def _item(entry: Entry, title: str, block: object, part: Part) -> Item:
    heading = part.section.heading
    if isinstance(block, Table):
        return Item(entry, title, heading, block, part.reading, block_numbers(block), (block,))
    if not isinstance(block, Figure):
        msg = f"A {type(block).__name__} cannot be collected; a figure or a table can."
        raise TypeError(msg)
    tables = _tables_beside(block, part.section)
    blocks: tuple[Block, ...] = tables or part.section.blocks
    numbers = tuple(n for one in blocks for n in block_numbers(one))
    return Item(entry, title, heading, block, part.reading, numbers, tables)


def _tables_beside(figure: Figure, section: Section) -> tuple[Table, ...]:
    """Give the tables of the view that a chart stands in: they print what it draws."""
    for block in arrange_views(section):
        if isinstance(block, View) and figure in block.figures:
            return block.tables
    return ()


def find_sources(item: Item, data: PublicData) -> tuple[str, ...]:
    """Find the sources of what was collected, in the order of its numbers.

    Parameters
    ----------
    item : Item
    data : PublicData

    Returns
    -------
    tuple of str
        Ids of sources.
    """
    ids = list(dict.fromkeys(i for n in item.numbers for i in (n.reference, *n.inputs) if i))
    found = [str(s) for s in data.take_rows(ids)["source_id"]] if ids else []
    block = item.block
    if block is not None and not isinstance(block, Figure | Table):
        found += [r.source_id for r in block.results]
    return tuple(dict.fromkeys(s for s in found if s))


def list_subjects(shown: Shown, plain: Iterable[str]) -> Sequence[tuple[str, str, str]]:
    """List what a view offers for collection.

    Parameters
    ----------
    shown : Shown
    plain : iterable of str
        Names of tables that are about the page itself.

    Returns
    -------
    sequence of (str, str, str)
        Kind, name and what a reader knows it by, in reading order; findings first.
    """
    left_out = set(plain)
    listed = [("finding", f.name, str(f.evidence.claim)) for f in shown.findings]
    for block in (b for part in shown.parts for b in part.section.blocks):
        if isinstance(block, Figure):
            listed.append(("picture", block.picture.name, block.picture.caption))
        elif isinstance(block, Table) and block.name not in left_out:
            listed.append(("table", block.name, block.caption))
    return listed
