"""What may come, and which months stand out: only where a method passed its test on the past."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.assessment.reading import Computed
from analysis.assessment.series import Series, read_series
from analysis.methods.forecast import forecast_counts
from analysis.methods.reasons import NO_FIGURE, mark
from analysis.methods.surveillance import watch_counts

if TYPE_CHECKING:
    from analysis.catalog import Area
    from analysis.methods import Result
    from analysis.store.read import PublicData

FORECAST = "forecast"
HORIZON = 2
# What is tried beside the naive methods. A damped trend takes three times as long as these two
# together, and a page waits for it.
MODELS = ("exponential smoothing", "local level")
MONTHS_SHOWN = 12
FIRST_YEAR = 1990
TOO_WIDE = mark("the range in which it may lie is too wide to plan by")
# How many times the lower end the upper end of the 80 % range may be.
WIDEST = 4
# Of a row: that its limits are those of the 80 % interval, and that no number stands between them.
RANGE = "forecast_80"
TOO_OLD = mark("the newest whole year lies too far back to continue from")
OLDEST = 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may come in the years after the last whole one.

    Parameters
    ----------
    series : Series
        What the forecast was made from.
    ahead : tuple of Result
        One a year, with the 95 % interval; empty where nothing is said.
    likely : tuple of Result
        The same with the 80 % interval; kept where it is too wide to plan by, so that it can be
        said how wide.
    method : str
        The method that was chosen on the past.
    reason : str
        Why this one, or why nothing is said. A message of the catalogs.
    """

    series: Series
    ahead: tuple[Result, ...]
    likely: tuple[Result, ...]
    method: str
    reason: str

    @property
    def computed(self) -> list[Computed]:
        """The forecasts as rows of their own; of one too wide to plan by, its printed range."""
        kind, found = (FORECAST, self.ahead) if self.ahead else (RANGE, self.likely[:1])
        return [
            Computed(kind, self.series.indicator, self.series.area, r if self.ahead else _bare(r))
            for r in found
        ]


def _bare(likely: Result) -> Result:
    """Keep of a forecast that nobody can plan by its range alone."""
    return replace(likely, state="not_applicable", value=None, reason=TOO_WIDE)


@dataclass(frozen=True, slots=True)
class WatchedMonth:
    """A month, what was to be expected, and whether it asks for a look."""

    month: Result
    expected: Result
    is_alarm: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """The newest months of a series, each beside what its past lets expect."""

    watched: tuple[WatchedMonth, ...]
    reason: str = ""

    @property
    def months(self) -> tuple[Result, ...]:
        """The observations of the months."""
        return tuple(w.month for w in self.watched)

    @property
    def alarms(self) -> tuple[WatchedMonth, ...]:
        """The months that ask for a look."""
        return tuple(w for w in self.watched if w.is_alarm)


def look_ahead(data: PublicData, indicator_id: str, area: Area, last_year: int) -> Outlook:
    """Forecast the years after the last whole one, where a method passed its test.

    Parameters
    ----------
    data : PublicData
    indicator_id : str
        A flow: a stock is not forecast.
    area : Area
    last_year : int
        Later years are left out.

    Returns
    -------
    Outlook
    """
    series = read_series(data, indicator_id, area, FIRST_YEAR, last_year)
    numbers = [r for r in series.results if r.is_number]
    if not numbers:
        return Outlook(series, (), (), "", NO_FIGURE)
    newest = numbers[-1].year
    if last_year - newest > OLDEST:
        return Outlook(series, (), (), "", TOO_OLD)
    years = range(numbers[0].year, newest + 1)
    counts = series.counts(years)
    if series.is_withheld:
        states = {r.year: r.state for r in series.results}
        given = np.array([states.get(y, "no_data") for y in years], dtype=object)
        found = forecast_counts(counts, "year", HORIZON, given=given, models=())
    else:
        found = forecast_counts(counts, "year", HORIZON, models=MODELS)
    made = found.estimates
    said = [made.at(step) for step in range(HORIZON)]
    if not all(r.is_number for r in said):
        return Outlook(series, (), (), "", said[0].reason)
    low, high = made.limits[0.8]
    ahead, likely = [], []
    for step, result in enumerate(said):
        year = newest + 1 + step
        whole = replace(
            result,
            # Half a person is not forecast: the middle is written as a whole number.
            value=float(round(result.value or 0.0)),
            state="value" if round(result.value or 0.0) else "zero",
            unit=series.indicator.unit,
            inputs=series.references,
            source_id=numbers[-1].source_id,
            period_start=f"{year}-01-01",
            period_end=f"{year}-12-31",
            status="estimate",
        )
        ahead.append(whole)
        likely.append(replace(whole, lower=float(low[step]), upper=float(high[step])))
    if (likely[0].upper or 0.0) > WIDEST * max(likely[0].lower or 0.0, 1.0):
        return Outlook(series, (), tuple(likely), "", TOO_WIDE)
    return Outlook(
        series, tuple(ahead), tuple(likely), str(found.method[()]), str(found.reason[()])
    )


def watch_months(data: PublicData, indicator_id: str, area: Area, last_year: int) -> Watch:
    """Hold the newest months of a series against what the same months of earlier years were.

    Parameters
    ----------
    data : PublicData
    indicator_id : str
        Counted by month.
    area : Area
    last_year : int
        Later years are left out.

    Returns
    -------
    Watch
        The last twelve months with a figure; an alarm is a prompt for a look, not a finding.
    """
    months = [
        r
        for r in data.series(indicator_id, area.area_id)
        if r.period_start[:7] == r.period_end[:7] and r.year <= last_year and r.is_number
    ]
    if not months:
        return Watch((), NO_FIGURE)
    places = [_month_number(r) for r in months]
    length = places[-1] - places[0] + 1
    counts = np.full(length, np.nan)
    counts[np.array(places) - places[0]] = [r.value for r in months]
    shown = months[-MONTHS_SHOWN:]
    ends = [_month_number(r) - places[0] for r in shown]
    # One row a month, which ends with it: what came later is not known yet.
    rows = np.full((len(ends), length), np.nan)
    for row, end in enumerate(ends):
        rows[row, length - end - 1 :] = counts[: end + 1]
    found = watch_counts(rows)
    watched = tuple(
        WatchedMonth(result, _expected(found.expected.at(i), result, months), bool(found.alarm[i]))
        for i, result in enumerate(shown)
    )
    reasons = {w.expected.reason for w in watched if not w.expected.is_number}
    silent = all(not w.expected.is_number for w in watched)
    return Watch(watched, min(reasons) if silent else "")


def _month_number(result: Result) -> int:
    return int(result.period_start[:4]) * 12 + int(result.period_start[5:7]) - 1


def _expected(made: Result, month: Result, months: list[Result]) -> Result:
    before = tuple(r.reference for r in months if r.period_end < month.period_start)
    whole = None if made.value is None else float(round(made.value))
    state = made.state if whole is None else ("value" if whole else "zero")
    return replace(
        made,
        state=state,
        value=whole,
        unit=month.unit or "crossings",
        inputs=before,
        source_id=month.source_id,
        period_start=month.period_start,
        period_end=month.period_end,
        status="estimate",
    )
