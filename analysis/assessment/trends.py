"""Which way a series goes, said only where the rules allow it.

Whole series of a kind are judged together, so that among many municipalities few are called
rising or falling by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.assessment.jumps import is_jump
from analysis.assessment.reading import Computed
from analysis.assessment.series import Series, read_series
from analysis.methods import Result
from analysis.methods.rates import bound_mean
from analysis.methods.reasons import NO_FIGURE, TOO_SHORT, WITHHELD, mark
from analysis.methods.trends import label_trends, mark_recent_trends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.catalog import Area
    from analysis.methods.trends import Trends
    from analysis.store.read import PublicData

Label = Literal["rising", "falling", "no_clear_change", "cannot_say"]
YEARS = 10
CHANGE = "change_a_year"
PANDEMIC = (2020, 2021)
IS_STOCK = mark("a stock counts the same persons again each year")
SWINGS = mark("the numbers swing too much to say")
# How many times the yearly factor at the lower limit that at the upper limit may be.
WIDEST = 10
HAS_WITHHELD = mark("years of the series are withheld to protect persons")


@dataclass(frozen=True, slots=True)
class Trend:
    """What can be said of a series.

    Parameters
    ----------
    series : Series
        The years that were judged.
    label : {"rising", "falling", "no_clear_change", "cannot_say"}
        From the quasi-Poisson test, with false discoveries controlled among all areas.
    change : Result
        Change a year, per cent, with its 95 % interval; without a number where nothing can be
        said, and then with the reason.
    marker : str
        OHID's marker of the last five years, under its own name; blank where it has none.
    note : str
        What has to be said beside the label: that the series is too short to see any but a steep
        change, or that one year decides. A message of the catalogs.
    without_pandemic : str
        The label when 2020 and 2021 are left out.
    """

    series: Series
    label: Label
    change: Result
    marker: str = ""
    note: str = ""
    without_pandemic: Label = "cannot_say"

    @property
    def first_year(self) -> int:
        """First year that was judged."""
        return self.series.results[0].year if self.series.results else 0

    @property
    def computed(self) -> Computed:
        """The change a year as a row of its own."""
        return Computed(CHANGE, self.series.indicator, self.series.area, self.change)

    @property
    def last_year(self) -> int:
        """Last year that was judged."""
        return self.series.results[-1].year if self.series.results else 0


def judge_trends(
    data: PublicData,
    indicator_id: str,
    areas: Sequence[Area],
    last_year: int,
    first_year: int | None = None,
) -> dict[str, Trend]:
    """Judge the same indicator in several areas at once.

    Parameters
    ----------
    data : PublicData
    indicator_id : str
    areas : sequence of Area
        The family among which false discoveries are controlled.
    last_year : int
    first_year : int, optional
        Ten years, unless given.

    Returns
    -------
    dict of str to Trend
        By id of the area.
    """
    start = last_year - YEARS + 1 if first_year is None else first_year
    every = [read_series(data, indicator_id, area, start, last_year) for area in areas]
    refused = {s.area.area_id: _refuse(s) for s in every}
    open_ = [s for s in every if not refused[s.area.area_id]]
    judged = _judge(open_, list(range(start, last_year + 1))) if open_ else {}
    return {
        s.area.area_id: judged.get(s.area.area_id) or _silent(s, refused[s.area.area_id])
        for s in every
    }


def _refuse(series: Series) -> str:
    """Say why a series is not tested at all; blank where it is."""
    if series.indicator.measure == "stock":
        return IS_STOCK
    if not series.references:
        return WITHHELD if series.is_withheld else NO_FIGURE
    return HAS_WITHHELD if series.is_withheld else ""


def _judge(every: Sequence[Series], years: list[int]) -> dict[str, Trend]:
    counts = np.stack([s.counts(years) for s in every])
    breaks = np.stack([_breaks(s, years) for s in every])
    when = np.array(years, dtype=np.float64)
    trends = label_trends(counts, years=when, breaks=breaks)
    outside = label_trends(
        np.where(np.isin(years, PANDEMIC), np.nan, counts), years=when, breaks=breaks
    )
    lower, upper = bound_mean(counts, 0.95)[0.95]
    recent = mark_recent_trends(counts, lower, upper, when)
    found = {}
    for place, series in enumerate(every):
        last = series.results[-1]
        change = replace(
            trends.change.at(place).settle(),
            unit="percent",
            inputs=series.references,
            source_id=last.source_id,
            period_start=series.results[0].period_start,
            period_end=last.period_end,
            status="estimate",
        )
        label = _label(trends, place)
        if change.is_number and _swings(change):
            found[series.area.area_id] = _silent(series, SWINGS)
            continue
        marker, note = str(recent.marker[place]), str(trends.note[place])
        found[series.area.area_id] = Trend(
            series, label, change, marker, note, _label(outside, place)
        )
    return found


def _label(trends: Trends, place: int) -> Label:
    if not trends.change.at(place).is_number:
        return "cannot_say"
    names: dict[str, Label] = {"rising": "rising", "falling": "falling"}
    return names.get(str(trends.label[place]), "no_clear_change")


def _swings(change: Result) -> bool:
    """Whether the interval is so wide that its numbers would only be quoted wrongly."""
    low, high = (1 + (limit or 0.0) / 100 for limit in (change.lower, change.upper))
    return high > WIDEST * low


def _breaks(series: Series, years: list[int]) -> np.ndarray:
    """Mark the years before which the coverage seems to have changed."""
    by_year = {r.year: r for r in series.results if r.is_number}
    place_level = series.area.level == "municipality"
    return np.array(
        [
            place_level
            and y in by_year
            and y - 1 in by_year
            and is_jump(by_year[y - 1], by_year[y])
            for y in years
        ]
    )


def _silent(series: Series, reason: str) -> Trend:
    return Trend(
        series,
        "cannot_say",
        Result(state="not_applicable", unit="percent", reason=reason or TOO_SHORT),
    )
