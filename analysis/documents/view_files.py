"""The files of a view: each chart as SVG and PNG, the rows of each table as CSV."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.documents.html import render
from analysis.documents.model import Figure, Table, block_numbers
from analysis.documents.notice import mark_picture
from analysis.documents.tables import to_csv_bytes, write_printed
from analysis.documents.views import PLAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.documents.model import Document
    from analysis.documents.wording import Wording
    from analysis.protection.ledger.standing import Standing
    from analysis.text import Language

# Where the template of a section leaves room: for the third choice, and for what it shows.
PICK = re.compile(r"<!-- patokaz:pick ([\w-]+) -->")
FILES = re.compile(r"<!-- patokaz:files ([\w-]+)((?: (?:picture|table):[\w-]+)*) -->")
PICTURE, TABLE = "picture", "table"


@dataclass(frozen=True, slots=True)
class ViewFile:
    """One file of a view.

    Parameters
    ----------
    subject : str
        ``picture:change`` or ``table:residents``.
    name : str
        File name, in the language of the page.
    content : bytes
    """

    subject: str
    name: str
    content: bytes

    @property
    def is_picture(self) -> bool:
        """Whether it is a chart; otherwise it is a table."""
        return self.subject.startswith(PICTURE)


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A file as a page leads to it: beside the page, or carried in the address itself."""

    subject: str
    name: str
    href: str
    size: int

    @property
    def is_picture(self) -> bool:
        """Whether it is a chart; otherwise it is a table."""
        return self.subject.startswith(PICTURE)

    @property
    def ending(self) -> str:
        """Format, as people say it."""
        return self.name.rsplit(".", 1)[-1].upper()

    @property
    def kib(self) -> int:
        """Size in KiB, at least one."""
        return max(1, round(self.size / 1024))


def make_view_files(
    document: Document,
    slug: str,
    w: Wording,
    standing: Standing | None = None,
    rows: pd.DataFrame | None = None,
) -> list[ViewFile]:
    """Make the files of every view of a document.

    Parameters
    ----------
    document : Document
    slug : str
        Name of the page in addresses, first part of each file name.
    w : Wording
    standing : Standing, optional
        How the edition stands: each picture says it, as each row does. A draft unless it is
        released.
    rows : pandas.DataFrame, optional
        All rows of the document, as :func:`~analysis.documents.tables.mark_rows` gives them.
        Without them a table counts what is no observation, and its file has it as it is printed.

    Returns
    -------
    list of ViewFile
        In reading order; the same bytes for the same document. A table that prints no figure of
        the rows has no file: what is not a figure is read where it stands.
    """
    made: list[ViewFile] = []
    for block in (b for section in document.sections for b in section.blocks):
        if isinstance(block, Figure):
            picture = mark_picture(block.picture, standing, w.translate)
            stem = f"{slug}_{picture.name}_{w.language.code}"
            subject = f"{PICTURE}:{picture.name}"
            made.append(ViewFile(subject, f"{stem}.svg", picture.svg.encode("utf-8")))
            made.append(ViewFile(subject, f"{stem}.png", picture.png))
        elif isinstance(block, Table) and block.name not in PLAIN:
            name = f"{slug}_{block.name}_table_{w.language.code}.csv"
            content = _table_bytes(block, rows, standing, w)
            if content:
                made.append(ViewFile(f"{TABLE}:{block.name}", name, content))
    return made


def _table_bytes(
    table: Table, rows: pd.DataFrame | None, standing: Standing | None, w: Wording
) -> bytes:
    if rows is None:
        return write_printed(table, standing, w) if any(block_numbers(table)) else b""
    shown = rows_of_table(table, rows)
    return to_csv_bytes(shown) if len(shown) else b""


def rows_of_table(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Choose the rows whose figures a table prints.

    Parameters
    ----------
    table : Table
    rows : pandas.DataFrame
        As :func:`~analysis.documents.rows.reading_rows` gives them. It is not changed.

    Returns
    -------
    pandas.DataFrame
        In the order of the rows. Withheld and missing figures are among them, with their state
        in words; what a method worked out is there with its inputs.
    """
    numbers = block_numbers(table)
    printed = {number.reference for number in numbers if number.reference}
    worked_out = {(n.method, " ".join(n.inputs)) for n in numbers if n.inputs}
    found = [
        observation in printed or (method, inputs) in worked_out
        for observation, method, inputs in zip(
            rows["observation_id"], rows["method"], rows["inputs"], strict=True
        )
    ]
    return rows.loc[found]


def fill_views(markup: str, links: Sequence[ViewLink], language: Language) -> str:
    """Write into the views of a page where their files are.

    Parameters
    ----------
    markup : str
        Sections as HTML.
    links : sequence of ViewLink
    language : Language

    Returns
    -------
    str
        The same markup; a view whose files are not among the links stays as it was, with chart
        and table.

    Examples
    --------
    >>> from analysis.text import find_language
    >>> fill_views("<!-- patokaz:pick a -->", [], find_language("en"))
    '<!-- patokaz:pick a -->'
    """
    by_subject: dict[str, list[ViewLink]] = {}
    for link in links:
        by_subject.setdefault(link.subject, []).append(link)
    found = {
        view: [link for subject in subjects.split() for link in by_subject.get(subject, [])]
        for view, subjects in FILES.findall(markup)
    }

    def fill(part: str, held: re.Match[str]) -> str:
        files = found.get(held[1])
        if not files:
            return held[0]
        return render("view_files.html.j2", language, part=part, view=held[1], files=files).strip()

    markup = PICK.sub(lambda held: fill("pick", held), markup)
    return FILES.sub(lambda held: fill("files", held), markup)
