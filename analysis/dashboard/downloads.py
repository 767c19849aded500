"""Files to take along: the rows and the charts of what is shown, carried inside the page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.documents.notice import mark_picture
from analysis.documents.rows import reading_rows
from analysis.documents.tables import mark_rows, to_csv_bytes, to_xlsx_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assessment.reading import Reading
    from analysis.documents.wording import Wording
    from analysis.figures import Picture
    from analysis.protection.ledger.standing import Standing

KILO = 1000
CSV = "text/csv;charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Download:
    """One file.

    Parameters
    ----------
    name : str
        File name: ``kumanovo_profile_mk.csv``.
    label : str
        What the link says.
    kind : str
        Media type.
    content : bytes
    """

    name: str
    label: str
    kind: str
    content: bytes

    @property
    def href(self) -> str:
        """The file as an address that needs no server."""
        return f"data:{self.kind};base64,{base64.b64encode(self.content).decode('ascii')}"

    @property
    def size(self) -> str:
        """The size for a reader who pays for the line: ``88 kB``."""
        return f"{max(round(len(self.content) / KILO), 1)}\N{NO-BREAK SPACE}kB"


def make_downloads(
    profile: Reading,
    pictures: Iterable[tuple[str, Picture]],
    w: Wording,
    standing: Standing | None = None,
    *,
    topic: str = "profile",
    title: str = "",
) -> tuple[Download, ...]:
    """Make the files of a profile, or of another reading.

    Parameters
    ----------
    profile : Reading
    pictures : iterable of (str, Picture)
        What each chart shows, in a word or two, and the chart.
    w : Wording
    standing : Standing, optional
        How the edition stands: each file says it. A draft unless it is released.
    topic : str
        What it is about, for the names of files.
    title : str
        What the note of the workbook is called; that of a profile unless given.

    Returns
    -------
    tuple of Download
        The rows as CSV and as a workbook, then each chart as SVG and PNG.
    """
    rows = mark_rows(reading_rows(profile, w), standing, w)
    slug, code = profile.area.slug, w.language.code
    title = title or str(w.say("{area}: municipal profile", area=w.area(profile.area)))
    files = [
        Download(
            f"{slug}_{topic}_{code}.xlsx",
            w.translate("Table for Excel (XLSX)"),
            XLSX,
            to_xlsx_bytes(rows, profile.data.sources, title, w, standing),
        ),
        Download(
            f"{slug}_{topic}_{code}.csv", w.translate("Table as CSV"), CSV, to_csv_bytes(rows)
        ),
    ]
    for label, picture in ((name, mark_picture(p, standing, w.translate)) for name, p in pictures):
        for ending, kind, content in (
            ("svg", "image/svg+xml", picture.svg.encode("utf-8")),
            ("png", "image/png", picture.png),
        ):
            name = f"{slug}_{picture.name}_{code}.{ending}"
            files.append(Download(name, f"{label} ({ending.upper()})", kind, content))
    return tuple(files)
