"""Pictures of series: yearly bars, a panel for each figure or place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.documents.notice import profile_notice
from analysis.figures.charts import chart_registered
from analysis.figures.picture import Picture
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.assessment.reading import Reading
    from analysis.assessment.series import Series
    from analysis.documents.wording import Wording

MOST_PANELS = 8
LEAST_YEARS = 5
WITH_CROSSES = mark(
    "A panel of yearly bars for each of: {kinds}. Years with a withheld number carry a cross "
    "and no bar. The numbers stand in the table for download."
)
WITHOUT_CROSSES = mark(
    "A panel of yearly bars for each of: {kinds}. The numbers stand in the table for download."
)


def choose_series(every: Sequence[Series]) -> list[Series]:
    """Choose the series that are long enough to be drawn, the longest first where many are.

    Parameters
    ----------
    every : sequence of Series

    Returns
    -------
    list of Series
        At most eight, in the order given; series of zeros alone draw nothing.
    """
    fit = [s for s in every if len(s.references) >= LEAST_YEARS and any(r.value for r in s.results)]
    longest = sorted(fit, key=lambda s: -len(s.references))[:MOST_PANELS]
    return [s for s in fit if s in longest]


def picture_series(
    name: str, shown: Sequence[Series], reading: Reading, caption: str, w: Wording
) -> Picture:
    """Draw yearly bars, a panel a series.

    Parameters
    ----------
    name : str
        Short name of the picture.
    shown : sequence of Series
        All flows, or all stocks: the two never share a picture.
    reading : Reading
    caption : str
    w : Wording

    Returns
    -------
    Picture
    """
    # In a document about several places every panel names its own, even where it stands alone.
    has_places = reading.area.level == "group"
    publishers = [reading.data.editions[s.results[-1].source_id][0] for s in shown]
    differ = len(set(publishers)) > 1
    labels = [
        _label(s, w, has_places=has_places) + (f" ({publisher})" if differ else "")
        for s, publisher in zip(shown, publishers, strict=True)
    ]
    rows = pd.DataFrame(
        [
            {
                "kind": label,
                "order": order,
                "year": r.year,
                "persons": r.value,
                "label": w.number(r).text if r.is_number else "",
                "is_withheld": r.state == "suppressed",
                "is_provisional": r.status == "provisional",
            }
            for order, (label, series) in enumerate(zip(labels, shown, strict=True))
            for r in series.results
        ]
    )
    years = list(range(int(rows["year"].min()), int(rows["year"].max()) + 1))
    drawn = WITH_CROSSES if rows["is_withheld"].any() else WITHOUT_CROSSES
    alt = w.say(drawn, kinds="; ".join(labels))
    chart = chart_registered(rows, w.translate("withheld"), "", years)
    return Picture(
        name,
        chart,
        caption,
        str(alt),
        rows.drop(columns=["order", "label"]),
        w.language,
        profile_notice(reading, w.translate),
        tuple(r for series in shown for r in series.results),
    )


def _label(series: Series, w: Wording, *, has_places: bool) -> str:
    name = w.indicator(series.indicator)
    if not has_places or series.area.level == "route":
        return name
    return f"{name}: {w.area(series.area)}"
