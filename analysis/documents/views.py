"""Chart, table, files: the blocks of a section that show the same figures, as one view of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.documents.model import Block, Figure, Paragraph, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Tables about the page itself, not about an indicator: they are read where they stand.
PLAIN = frozenset({"sources", "about"})


@dataclass(frozen=True, slots=True)
class View:
    """Figures that a reader sees as chart, as table, or takes along as files.

    Parameters
    ----------
    name : str
        Of the first table, or picture; the same in every language.
    figures : tuple of Figure
    tables : tuple of Table
    """

    name: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        """What there can be files of: ``picture:change``, ``table:residents``."""
        return (
            *(f"picture:{figure.picture.name}" for figure in self.figures),
            *(f"table:{table.name}" for table in self.tables),
        )


def arrange_views(section: Section) -> list[Block | View]:
    """Put charts and tables of the same figures together; all else stays where it is.

    Parameters
    ----------
    section : Section

    Returns
    -------
    list of Block or View
        In reading order. Neighbours are one view. A table and the charts after it are one too
        where only text of the same part stands between them; the text follows the view.

    Examples
    --------
    >>> arrange_views(Section("limits", "Limits", ()))
    []
    """
    arranged: list[Block | View] = []
    for run in _neighbours(section.blocks):
        view = _view(run)
        if view is None:
            arranged += run
            continue
        place = _half_before(arranged, view)
        if place is None:
            arranged.append(view)
        else:
            arranged[place] = _join(arranged[place], view)
    return arranged


def _neighbours(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    run: list[Block] = []
    for block in blocks:
        if run and not (_is_shown(block) and _is_shown(run[-1])):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _is_shown(block: Block) -> bool:
    return isinstance(block, Figure) or (isinstance(block, Table) and block.name not in PLAIN)


def _view(run: Sequence[Block]) -> View | None:
    if not _is_shown(run[0]):
        return None
    figures = tuple(block for block in run if isinstance(block, Figure))
    tables = tuple(block for block in run if isinstance(block, Table))
    return View(tables[0].name if tables else figures[0].picture.name, figures, tables)


def _half_before(arranged: Sequence[Block | View], view: View) -> int | None:
    """Find the table that a group of charts belongs to: the last one of the same part."""
    if view.tables:
        return None
    for place in range(len(arranged) - 1, -1, -1):
        before = arranged[place]
        if isinstance(before, View):
            return None if before.figures else place
        if isinstance(before, Paragraph) and before.role == "lead":
            return None
    return None


def _join(before: Block | View, view: View) -> View:
    if not isinstance(before, View):
        msg = f"'{view.name}' can only be joined to a view, not to a {type(before).__name__}."
        raise TypeError(msg)
    return View(before.name, before.figures + view.figures, before.tables + view.tables)
