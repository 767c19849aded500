"""Drawing in this process: from a specification to SVG, and from SVG to PNG.

Loading the renderer costs little; its first drawing starts an engine for JavaScript, which takes
half a second and threads of its own. So it is loaded when something is drawn here, and a process
that has its pictures drawn elsewhere never pays: see :mod:`analysis.figures.service`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@lru_cache(maxsize=1)
def font_folder() -> str:
    """Give the folder of the font that ships as a dependency."""
    return str(resources.files("font_source_sans_pro") / "files")


@lru_cache(maxsize=1)
def _renderer() -> Any:
    """Load the renderer and tell it of our font.

    Pictures must not depend on what fonts a machine has: labels would be measured otherwise,
    and the same chart would not be the same bytes.
    """
    import vl_convert

    vl_convert.register_font_directory(font_folder())
    return vl_convert


def render_svg(specification: Mapping[str, Any], marks: Mapping[str, Any]) -> str:
    """Draw a specification.

    Parameters
    ----------
    specification : mapping
        Vega-Lite. As a mapping and never as text: the renderer's own reading of JSON rounds the
        last digit of some numbers.
    marks : mapping
        Decimal and thousands marks, as d3-format wants them.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When it is no specification that can be drawn.
    """
    drawn: str = _renderer().vegalite_to_svg(dict(specification), format_locale=dict(marks))
    return drawn


def render_png(svg: str, scale: float) -> bytes:
    """Draw an SVG as PNG; without JavaScript, and the same bytes as from its specification.

    Parameters
    ----------
    svg : str
        As :func:`render_svg` gives it.
    scale : float

    Returns
    -------
    bytes
    """
    drawn: bytes = _renderer().svg_to_png(svg, scale=scale)
    return drawn


def render_pdf(svg: str) -> bytes:
    """Draw an SVG as PDF: letters stay letters, and no date is in it.

    Parameters
    ----------
    svg : str
        As :func:`render_svg` gives it. Its width and height are taken for points.

    Returns
    -------
    bytes
        The same for the same arguments.
    """
    drawn: bytes = _renderer().svg_to_pdf(svg)
    return drawn
