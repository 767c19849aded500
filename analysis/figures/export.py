"""From a specification to SVG and PNG, with our font and the language's numbers."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Protocol

from babel.numbers import get_decimal_symbol, get_group_symbol

from analysis.figures.client import draw_png, draw_svg
from analysis.figures.looks import apply_look
from analysis.figures.outline import draw_outlined
from analysis.figures.render import font_folder
from analysis.figures.theme import REGION, theme

if TYPE_CHECKING:
    from analysis.figures.looks import Look
    from analysis.text import Language

__all__ = ["Drawable", "draw", "font_folder", "name_svg", "specification", "to_png", "to_svg"]

PNG_SCALE = 2.0
HIDDEN_TEXT = re.compile(r'<text\b[^>]*\bopacity="0"[^>]*>[^<]*</text>')
GROUP = re.compile(r"<g\b[^>]*>")
ROLE = re.compile(r' role="graphics-\w+"(?: aria-roledescription="[^"]*")?')


class Drawable(Protocol):
    """A chart: one of ours, or one of Altair's."""

    def to_dict(self) -> dict[str, Any]:
        """Give the Vega-Lite specification."""


def to_svg(
    chart: Drawable, language: Language, title: str = "", notice: str = "", look: Look = "light"
) -> str:
    """Draw a chart as SVG.

    Parameters
    ----------
    chart : Drawing or altair.Chart
    language : Language
        Decides the marks in numbers on axes.
    title : str
        Text alternative; becomes ``role="img"`` with an accessible name.
    notice : str
        Words that are drawn above the picture.
    look : {"light", "dark"}
        For paper, or for a dark screen.

    Returns
    -------
    str
        An ``<svg>`` element without script, link or font reference.
    """
    return name_svg(draw(chart, language, notice, look), title, notice)


def to_png(
    chart: Drawable,
    language: Language,
    scale: float = PNG_SCALE,
    notice: str = "",
    look: Look = "light",
) -> bytes:
    """Draw a chart as PNG.

    Parameters
    ----------
    chart : Drawing or altair.Chart
    language : Language
    scale : float
        2 gives 144 dots an inch at the size of a page.
    notice : str
        Words that are drawn above the picture.
    look : {"light", "dark"}
        For paper, or for a dark screen.

    Returns
    -------
    bytes
    """
    return draw_png(draw(chart, language, notice, look), scale)


def draw(chart: Drawable, language: Language, notice: str = "", look: Look = "light") -> str:
    """Draw a chart as the renderer does, before it gets its name: what PNG is made from too.

    Parameters
    ----------
    chart : Drawing or altair.Chart
    language : Language
    notice : str
    look : {"light", "dark"}

    Returns
    -------
    str
    """
    marks = _marks(language)
    looked = apply_look(specification(chart, notice), look)
    return draw_outlined(looked, lambda asked: draw_svg(asked, marks))


def name_svg(drawn: str, title: str = "", notice: str = "") -> str:
    """Give a drawn picture its accessible name, and take out what nobody sees.

    Parameters
    ----------
    drawn : str
    title : str
    notice : str

    Returns
    -------
    str
    """
    # Labels that would overlap stay in the file as invisible text, and come out when it is copied.
    drawn = HIDDEN_TEXT.sub("", drawn)
    if not title:
        return drawn
    # The whole picture has a name, so its groups need no roles, which would each want a name too.
    drawn = GROUP.sub(_take_nameless_role, drawn)
    name = html.escape(f"{notice}. {title}" if notice else title, quote=True)
    # A name may hold a backslash, which is no reference to a group.
    return re.sub(r"<svg\b", lambda _: f'<svg role="img" aria-label="{name}"', drawn, count=1)


def _take_nameless_role(tag: re.Match[str]) -> str:
    return tag[0] if "aria-label=" in tag[0] else ROLE.sub("", tag[0])


def specification(chart: Drawable, notice: str = "") -> dict[str, Any]:
    """Give the Vega-Lite specification of a chart with our theme, and with a notice, in it."""
    found = chart.to_dict()
    if not notice:
        return found | {"config": theme()}
    # A frame around the whole: charts of panels and layers have titles of their own.
    inside = {k: v for k, v in found.items() if k not in {"$schema", "config", "datasets"}}
    title = {"text": notice, "color": REGION, "anchor": "start", "fontSize": 14}
    kept = {k: found[k] for k in ("$schema", "datasets") if k in found}
    return kept | {"title": title, "vconcat": [inside], "config": theme()}


def _marks(language: Language) -> dict[str, Any]:
    return {
        "decimal": get_decimal_symbol(language.locale),
        "thousands": get_group_symbol(language.locale),
        "grouping": [3],
        "currency": ["", ""],
    }
