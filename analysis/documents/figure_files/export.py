"""All files of one figure: picture in three formats, rows in two, words in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.documents.figure_files.evidence_mark import FigureMark, embed_mark
from analysis.documents.figure_files.figure_rows import (
    FigureReading,
    list_observations,
    make_figure_rows,
)
from analysis.documents.figure_files.figure_words import list_citations, write_words
from analysis.documents.figure_files.formats import to_figure_pdf, to_figure_png, to_figure_svg
from analysis.documents.model import Figure
from analysis.documents.notice import mark_picture, standing_title
from analysis.documents.tables import to_csv_bytes, to_xlsx_bytes
from analysis.documents.wording import Wording
from analysis.text import translator

if TYPE_CHECKING:
    from analysis.assessment.reading import Reading
    from analysis.documents.model import Document
    from analysis.figures.picture import Picture
    from analysis.protection.ledger.standing import Standing


class FigureError(ValueError):
    """A figure that a document does not have."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What the files of a figure are made from.

    Parameters
    ----------
    document : Document
        The page or brief that the figure stands in; its language is the figure's.
    reading : Reading
        What that was composed from.
    policy : str
        Hash of the policy that protected the data.
    standing : Standing, optional
        How the edition stands. Unless it is released, the picture carries the word of a draft.
    """

    document: Document
    reading: Reading
    policy: str = ""
    standing: Standing | None = None


def list_figures(document: Document) -> dict[str, Picture]:
    """List the figures of a document by their short names, in reading order."""
    blocks = [block for section in document.sections for block in section.blocks]
    return {b.picture.name: b.picture for b in blocks if isinstance(b, Figure)}


def find_figure(document: Document, name: str) -> Picture:
    """Find a figure of a document.

    Parameters
    ----------
    document : Document
    name : str
        Its short name.

    Returns
    -------
    Picture

    Raises
    ------
    FigureError
        When there is none of this name; the sentence lists those that there are.
    """
    known = list_figures(document)
    if name not in known:
        msg = (
            f"'{document.title}' has no figure '{name}'. Expected one of: "
            f"{', '.join(known) or 'none, because nothing in it can be drawn'}."
        )
        raise FigureError(msg)
    return known[name]


def make_figure_files(exhibit: Exhibit, name: str, stem: str = "") -> dict[str, bytes]:
    """Make the files of a figure.

    Parameters
    ----------
    exhibit : Exhibit
    name : str
        Short name of the figure.
    stem : str
        What the names of the files begin with; place, figure and language unless given.

    Returns
    -------
    dict of str to bytes
        By file name: PNG with 300 dots an inch, SVG, PDF, the rows as CSV and as a workbook with
        a dictionary, and a text file with caption, text alternative and evidence. The same for
        the same arguments. All but CSV and text have a mark inside that says what they were made
        from; each row of the CSV says it for itself. A figure of what is no observation has no
        tables.

    Raises
    ------
    FigureError
        When the document has no such figure.
    """
    document, standing = exhibit.document, exhibit.standing
    w = Wording(translator(document.language.code))
    picture = mark_picture(find_figure(document, name), standing, w.translate)
    part = FigureReading(exhibit.reading, picture.results)
    mark = describe_figure(exhibit, picture, part)
    stem = stem or f"{exhibit.reading.area.slug}_{name}_{document.language.code}"
    words = write_words(picture, part, document.provenance, standing, w)
    files = {f"{stem}.txt": words.encode("utf-8"), **draw_files(picture, mark, stem, standing, w)}
    if mark.observations:
        rows = make_figure_rows(part, standing, w)
        sheet = to_xlsx_bytes(rows, part.sources, mark.title, w, standing)
        files[f"{stem}.csv"] = to_csv_bytes(rows)
        files[f"{stem}.xlsx"] = embed_mark(sheet, ".xlsx", mark)
    return dict(sorted(files.items()))


def draw_files(
    picture: Picture, mark: FigureMark, stem: str, standing: Standing | None, w: Wording
) -> dict[str, bytes]:
    """Draw a picture in its three formats, each with the mark inside.

    Parameters
    ----------
    picture : Picture
        With the word of a draft where the edition is one.
    mark : FigureMark
    stem : str
        What the names of the files begin with.
    standing : Standing or None
    w : Wording

    Returns
    -------
    dict of str to bytes
    """
    made = {
        ".svg": to_figure_svg(picture),
        ".png": to_figure_png(picture),
        ".pdf": to_figure_pdf(picture, standing_title(mark.title, standing, w.translate)),
    }
    return {f"{stem}{end}": embed_mark(content, end, mark) for end, content in made.items()}


def name_picture(picture: Picture) -> str:
    """Name a picture by the first sentence of its caption."""
    return picture.caption.partition(". ")[0].rstrip(".")


def describe_figure(exhibit: Exhibit, picture: Picture, part: FigureReading) -> FigureMark:
    """Say what a figure was made from, for its files.

    Parameters
    ----------
    exhibit : Exhibit
    picture : Picture
    part : FigureReading
        What the picture draws.

    Returns
    -------
    FigureMark
    """
    document = exhibit.document
    cited = list_citations(part)
    return FigureMark(
        observations=list_observations(picture.results),
        area=part.area.area_id,
        run=document.provenance.run_id,
        data_date=document.provenance.data_date,
        data=document.provenance.data_sha256,
        policy=exhibit.policy,
        title=name_picture(picture),
        language=document.language.code,
        citation="; ".join(cited),
        licence="; ".join(dict.fromkeys(part.sources["licence"])),
    )
