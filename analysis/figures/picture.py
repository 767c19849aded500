"""A picture: its specification, with what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.figures.client import draw_png
from analysis.figures.export import PNG_SCALE, draw, name_svg

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.export import Drawable
    from analysis.methods import Result
    from analysis.text import Language


@dataclass(frozen=True)
class Picture:
    """One chart or map.

    Parameters
    ----------
    name : str
        Short name, part of file names: ``change``.
    chart : Drawing or altair.Chart
        The specification.
    caption : str
        What the picture shows, with place, period and source.
    alt : str
        What a reader who cannot see it has to know; not the caption again.
    data : pandas.DataFrame
        The rows that are drawn, and no others.
    language : Language
        For numbers on axes.
    notice : str
        What is drawn above the picture wherever it goes: that its figures are synthetic.
    results : tuple of Result
        The results that it draws, also those without a number. Blank where it counts what is no
        figure, such as indicators that wait for data.
    """

    name: str
    chart: Drawable
    caption: str
    alt: str
    data: pd.DataFrame
    language: Language
    notice: str = ""
    results: tuple[Result, ...] = ()

    @cached_property
    def svg(self) -> str:
        """The picture as SVG."""
        return name_svg(self._drawn, self.alt, self.notice)

    @cached_property
    def png(self) -> bytes:
        """The picture as PNG, at twice the size for print."""
        return draw_png(self._drawn, PNG_SCALE)

    @cached_property
    def _drawn(self) -> str:
        # Once for both.
        return draw(self.chart, self.language, self.notice)
