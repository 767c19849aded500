"""From a specification to SVG and PNG, with our font and the language's numbers."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import vl_convert
from babel.numbers import get_decimal_symbol, get_group_symbol

from analysis.figures.theme import REGION, theme

if TYPE_CHECKING:
    import altair as alt

    from analysis.text import Language

PNG_SCALE = 2.0
HIDDEN_TEXT = re.compile(r'<text\b[^>]*\bopacity="0"[^>]*>[^<]*</text>')


@lru_cache(maxsize=1)
def font_folder() -> str:
    """Give the folder of the font that ships as a dependency, and tell the renderer of it.

    Pictures must not depend on what fonts a machine has: labels would be measured otherwise,
    and the same chart would not be the same bytes.
    """
    folder = str(resources.files("font_source_sans_pro") / "files")
    vl_convert.register_font_directory(folder)
    return folder


def to_svg(chart: alt.TopLevelMixin, language: Language, title: str = "", notice: str = "") -> str:
    """Draw a chart as SVG.

    Parameters
    ----------
    chart : altair.Chart
    language : Language
        Decides the marks in numbers on axes.
    title : str
        Text alternative; becomes ``role="img"`` with an accessible name.
    notice : str
        Words that are drawn above the picture.

    Returns
    -------
    str
        An ``<svg>`` element without script, link or font reference.
    """
    font_folder()
    drawn = vl_convert.vegalite_to_svg(specification(chart, notice), format_locale=_marks(language))
    # Labels that would overlap stay in the file as invisible text, and come out when it is copied.
    drawn = HIDDEN_TEXT.sub("", drawn)
    if not title:
        return drawn
    name = html.escape(f"{notice}. {title}" if notice else title, quote=True)
    return re.sub(r"<svg\b", f'<svg role="img" aria-label="{name}"', drawn, count=1)


def to_png(
    chart: alt.TopLevelMixin,
    language: Language,
    scale: float = PNG_SCALE,
    notice: str = "",
) -> bytes:
    """Draw a chart as PNG.

    Parameters
    ----------
    chart : altair.Chart
    language : Language
    scale : float
        2 gives 144 dots an inch at the size of a page.
    notice : str
        Words that are drawn above the picture.

    Returns
    -------
    bytes
    """
    font_folder()
    return vl_convert.vegalite_to_png(
        specification(chart, notice), scale=scale, format_locale=_marks(language)
    )


def specification(chart: alt.TopLevelMixin, notice: str = "") -> dict[str, Any]:
    """Give the Vega-Lite specification of a chart with our theme, and with a notice, in it."""
    found: dict[str, Any] = chart.to_dict()
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
