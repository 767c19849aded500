"""One drawing as SVG, PNG and PDF: the same shapes, ready for a document without a screenshot."""

from __future__ import annotations

import io
import re
import struct
from typing import TYPE_CHECKING, Any

from analysis.documents.figure_files.mark_places import (
    PNG,
    copy_pdf,
    png_block,
    png_blocks,
    write_copy,
)
from analysis.documents.paper import AUTHOR, TAGS
from analysis.figures.client import draw_png
from analysis.figures.render import render_pdf

if TYPE_CHECKING:
    from analysis.figures.picture import Picture

DOTS_AN_INCH = 300
# A unit of a drawing is that of a web page; a chart of 620 units is as wide as the text of A4.
UNITS_AN_INCH = 96
POINTS_AN_INCH = 72
INCHES_A_METRE = 39.37007874
COORDINATES = re.compile(
    r'(\s(?:d|transform|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|width|height|points)=")([^"]*)(")'
)
LONG_NUMBER = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?")
DIGITS = 2
SIZE = re.compile(r'(\s(?:width|height)=")([\d.]+)(")')
INNER_NAME = re.compile(r' aria-label="[^"]*"| role="graphics-\w+"| aria-roledescription="[^"]*"')


def tidy_svg(drawn: str) -> str:
    """Round the coordinates of a drawing, and leave one name: that of the whole.

    Parameters
    ----------
    drawn : str
        As :attr:`Picture.svg` has it, with the accessible name on its first element.

    Returns
    -------
    str
        Names of single marks are gone: they repeat the numbers with all their digits, and nobody
        hears them where the whole has a name.

    Examples
    --------
    >>> tidy_svg('<svg aria-label="2024: 7"><path aria-label="x: 1.25" d="M0.12345,3h-.5"/></svg>')
    '<svg aria-label="2024: 7"><path d="M0.12,3h-.5"/></svg>'
    """
    start = drawn.find(">") + 1
    inner = INNER_NAME.sub("", drawn[start:])
    return drawn[:start] + COORDINATES.sub(_round_all, inner)


def _round_all(held: re.Match[str]) -> str:
    # A scale multiplies: two digits of it would move everything inside.
    if "scale" in held[2] or "matrix" in held[2]:
        return held[0]
    return held[1] + LONG_NUMBER.sub(_round, held[2]) + held[3]


def _round(number: re.Match[str]) -> str:
    # Adding zero takes the sign off a rounded nothing.
    return f"{round(float(number[0]), DIGITS) + 0.0:g}"


def _size_in_points(drawn: str) -> str:
    """Set the size of the page; the drawing inside keeps its own units."""
    end = drawn.find(">")
    return SIZE.sub(_to_points, drawn[:end]) + drawn[end:]


def _to_points(held: re.Match[str]) -> str:
    return f"{held[1]}{float(held[2]) * POINTS_AN_INCH / UNITS_AN_INCH:g}{held[3]}"


def to_figure_svg(picture: Picture) -> bytes:
    """Draw a picture as SVG with rounded coordinates and one name."""
    return tidy_svg(picture.svg).encode("utf-8")


def to_figure_png(picture: Picture) -> bytes:
    """Draw a picture as PNG with 300 dots an inch, and say so inside.

    Word and other programs take the size on paper from there; without it the picture would be
    four times too large.
    """
    drawn = draw_png(tidy_svg(picture.svg), DOTS_AN_INCH / UNITS_AN_INCH)
    dots = round(DOTS_AN_INCH * INCHES_A_METRE)
    size = png_block(b"pHYs", struct.pack(">IIB", dots, dots, 1))
    written = [PNG]
    for kind, body in png_blocks(drawn):
        if kind == b"pHYs":
            continue
        written.append(png_block(kind, body))
        if kind == b"IHDR":
            written.append(size)
    return b"".join(written)


def _order(part: Any, seen: set[int]) -> None:
    """Put the entries of each dictionary of a PDF in the order of their names.

    The renderer lists fonts in an order of its own each time, and numbers follow from the order.
    """
    held = part.get_object() if hasattr(part, "get_object") else part
    if id(held) in seen:
        return
    seen.add(id(held))
    if isinstance(held, dict):
        entries = sorted(dict.items(held))
        held.clear()
        held.update(entries)
        for _, entry in entries:
            _order(entry, seen)
    elif isinstance(held, list):
        for entry in list.__iter__(held):
            _order(entry, seen)


def to_figure_pdf(picture: Picture, title: str) -> bytes:
    """Draw a picture as PDF: one page of its size, letters as letters, no date.

    Parameters
    ----------
    picture : Picture
    title : str
        What programs show as the name of the document.

    Returns
    -------
    bytes
        The same for the same arguments.
    """
    from pypdf import PdfReader
    from pypdf.generic import NameObject, TextStringObject

    drawn = render_pdf(_size_in_points(tidy_svg(picture.svg)))
    reader = PdfReader(io.BytesIO(drawn))
    _order(reader.trailer, set())
    writer = copy_pdf(reader)
    writer.add_metadata({"/Title": title, "/Author": AUTHOR, "/Subject": picture.alt})
    tag = TAGS[picture.language.code]
    writer.root_object[NameObject("/Lang")] = TextStringObject(tag)
    return write_copy(writer)
