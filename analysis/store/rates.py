"""Figures that follow from figures: residual net migration, crude rates, merged areas.

Every row names its derivation in ``method``. Where a part is missing or withheld, the result is
missing or withheld: no part is ever taken for zero.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.store.derivation import (
    NUMERIC,
    RateError,
    Row,
    frame_like,
    records,
    row_from_parts,
)
from analysis.store.mergers import merge_areas
from analysis.store.schema import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

Cell = tuple[str, ...]

MIDYEAR = "midyear_population_persons"
RESIDUAL = "residual_net_migration_persons"
PER = 1000
RESIDUAL_METHOD = "residual: population change − (births − deaths)"
HALVES = "; half of the calendar years at both ends"


def residual_net_migration(
    frame: pd.DataFrame, births: str, deaths: str, population: str = MIDYEAR
) -> pd.DataFrame:
    """Compute net migration as what is left of population change after births and deaths.

    Parameters
    ----------
    frame : pandas.DataFrame
        Observations. It is not changed.
    births, deaths, population : str
        Indicators. Populations stand on single days. Births and deaths fill the time between two
        of them without a gap, or, between two mid-years, are given by calendar year: then half
        of the years at both ends is taken, ``method`` says so, and ``status`` is ``estimate``.

    Returns
    -------
    pandas.DataFrame
        One row for each two populations of an area that follow each other.

    Raises
    ------
    RateError
        When a population does not stand on one day, or a part is given twice.

    Examples
    --------
    >>> residual_net_migration(frame, "births_persons", "deaths_persons")  # doctest: +SKIP
    """
    events = {
        name: _by_cell(frame, name, ("period_start", "period_end")) for name in (births, deaths)
    }
    rows = []
    for cell, points in _points(frame, population).items():
        days = sorted(points)
        for first, last in pairwise(days):
            begin = first + timedelta(days=1)
            born = _between(events[births].get(cell, {}), begin, last)
            died = _between(events[deaths].get(cell, {}), begin, last)
            parts = [(1.0, points[last]), (-1.0, points[first])]
            parts += [(-w, row) for w, row in born] + [(w, row) for w, row in died]
            is_halved = any(weight % 1 for weight, _ in parts)
            rows.append(
                row_from_parts(
                    points[last],
                    [row for _, row in parts],
                    partial(_weigh, parts),
                    indicator_id=RESIDUAL,
                    period_start=begin.isoformat(),
                    period_end=last.isoformat(),
                    method=RESIDUAL_METHOD + (HALVES if is_halved else ""),
                    **({"status": "estimate"} if is_halved else {}),
                )
            )
    return frame_like(rows, frame)


def crude_rates(
    frame: pd.DataFrame, count: str, rate: str, population: str = MIDYEAR
) -> pd.DataFrame:
    """Compute a rate per 1,000 residents in the middle of the period.

    Parameters
    ----------
    frame : pandas.DataFrame
        Observations. It is not changed.
    count, rate, population : str
        The indicator that is counted, that which comes out, and that of the residents. Where no
        population stands in the middle of a period, the mean of those at its two ends is taken.

    Returns
    -------
    pandas.DataFrame
        One row for each row of ``count``, with numerator and denominator.

    Raises
    ------
    RateError
        When a population does not stand on one day, or is given twice.

    Examples
    --------
    >>> crude_rates(frame, "net_migration_persons", "net_migration_per_1000")  # doctest: +SKIP
    """
    populations = _points(frame, population)
    rows = []
    for row in records(frame.loc[frame["indicator_id"].eq(count)]):
        residents, how = _residents(row, populations.get(_cell(row), {}))
        total = sum(r["value"] for r in residents) / max(len(residents), 1)
        made = row_from_parts(
            row,
            [row, *residents],
            partial(_per_residents, row, total),
            indicator_id=rate,
            method=f"per {PER:,} residents: {count} / {how}",
        )
        if made["state"] in NUMERIC:
            made |= {"numerator": row["value"], "denominator": total}
        rows.append(made)
    return frame_like(rows, frame)


def _weigh(parts: list[tuple[float, Row]]) -> float:
    return float(sum(weight * row["value"] for weight, row in parts))


def _per_residents(row: Row, residents: float) -> float:
    return float(PER * row["value"] / residents) if residents else math.nan


def _between(events: Mapping[Cell, Row], begin: date, last: date) -> list[tuple[float, Row]]:
    """Give the events of a time with their weights; a gap is a part without data."""
    chosen, day = [], begin
    while day <= last:
        fitting = [
            end for start, end in events if start == day.isoformat() and end <= last.isoformat()
        ]
        if not fitting:
            break
        # The longest period first: a year stands for its months.
        chosen.append((1.0, events[day.isoformat(), max(fitting)]))
        day = date.fromisoformat(max(fitting)) + timedelta(days=1)
    if day > last:
        return chosen
    gap: Row = {"state": "no_data"}
    if (begin.month, begin.day, last.month, last.day) != (7, 1, 6, 30):
        return [(1.0, gap)]
    years = range(begin.year, last.year + 1)
    found = [events.get((f"{y}-01-01", f"{y}-12-31"), gap) for y in years]
    return [
        (0.5 if y in {begin.year, last.year} else 1.0, row)
        for y, row in zip(years, found, strict=True)
    ]


def _residents(row: Row, points: Mapping[date, Row]) -> tuple[list[Row], str]:
    begin, last = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
    middle = begin + (last - begin) / 2
    near = [d for d in points if abs((d - middle).days) <= 2]  # noqa: PLR2004 - 30 June, 1 July
    if near:
        return [points[min(near)]], "residents in the middle of the period"
    ends = [begin - timedelta(days=1), last]
    gap: Row = {"state": "no_data", "value": math.nan}
    return [points.get(day, gap) for day in ends], "mean of residents at both ends"


def _points(frame: pd.DataFrame, population: str) -> dict[Cell, dict[date, Row]]:
    long = frame.loc[
        frame["indicator_id"].eq(population) & frame["period_start"].ne(frame["period_end"])
    ]
    if len(long):
        row = long.iloc[0]
        msg = (
            f"{population} of {row['area_id']} is of {row['period_start']} to {row['period_end']}. "
            f"Give the one day that it stands on."
        )
        raise RateError(msg)
    found = _by_cell(frame, population, ("period_end",))
    return {
        cell: {date.fromisoformat(day): row for (day,), row in rows.items()}
        for cell, rows in found.items()
    }


def _by_cell(
    frame: pd.DataFrame, indicator: str, by: tuple[str, ...]
) -> dict[Cell, dict[Cell, Row]]:
    found: dict[Cell, dict[Cell, Row]] = {}
    for row in records(frame.loc[frame["indicator_id"].eq(indicator)]):
        rows = found.setdefault(_cell(row), {})
        key = tuple(row[name] for name in by)
        if key in rows:
            msg = (
                f"{indicator} of {row['area_id']}, {row['period_start']}, is given by "
                f"{rows[key]['source_id']} and {row['source_id']}. Choose one source before."
            )
            raise RateError(msg)
        rows[key] = row
    return found


def _cell(row: Row) -> Cell:
    return tuple(row[name] for name in ("area_id", *DIMENSIONS))


__all__ = ["RateError", "crude_rates", "merge_areas", "residual_net_migration"]
