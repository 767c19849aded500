"""Synthetic births, deaths and moves of municipalities, year by year, for demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_YEAR = 2013
LAST_YEAR = 2024
# Events a year per 1,000 residents: roughly what small municipalities of the region have.
PACES = {
    "live_births_persons": 9.5,
    "deaths_persons": 10.5,
    "internal_inmigration_persons": 4.0,
    "internal_outmigration_persons": 4.5,
    "emigrated_citizens_persons": 1.0,
}
MIDYEAR = "midyear_population_persons"
COUNTRY = "MK"
CENSUS = 2021
SHARE_WITH_TREND = 0.25
STEEPEST = 0.08

Key = tuple[str, str, int]


def make_movements(draw: np.random.Generator, residents: Mapping[str, int]) -> dict[Key, int]:
    """Draw yearly counts of every municipality, and add them up for the country.

    Parameters
    ----------
    draw : numpy.random.Generator
        Its state decides every number.
    residents : mapping of str to int
        Invented residents by id of the municipality.

    Returns
    -------
    dict
        Count by indicator, id of the area and year. A quarter of the series rise or fall by up
        to 8 % a year, so that screens show all that can be said of a series.

    Examples
    --------
    >>> made = make_movements(np.random.default_rng(1), {"MK-703": 90_000})
    >>> made["live_births_persons", "MK-703", 2024] == made["live_births_persons", "MK", 2024]
    True
    """
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    ids = list(residents)
    sizes = np.array([residents[i] for i in ids], dtype=float)
    shrinking: np.ndarray = (1 - draw.uniform(0.0, 0.012, len(ids)))[:, None] ** (years - CENSUS)
    people = np.rint(sizes[:, None] * shrinking).astype(int)
    counts = {MIDYEAR: people}
    for name, pace in PACES.items():
        level = pace * draw.lognormal(0, 0.15, len(ids))
        has_trend = draw.random(len(ids)) < SHARE_WITH_TREND
        slope = np.where(has_trend, draw.uniform(-STEEPEST, STEEPEST, len(ids)), 0.0)
        expected = people * level[:, None] / 1000 * np.exp(slope[:, None] * (years - FIRST_YEAR))
        counts[name] = draw.poisson(expected)
    made: dict[Key, int] = {}
    for name, table in counts.items():
        for row, area in enumerate(ids):
            made |= {(name, area, int(y)): int(c) for y, c in zip(years, table[row], strict=True)}
        totals = table.sum(axis=0)
        made |= {(name, COUNTRY, int(y)): int(c) for y, c in zip(years, totals, strict=True)}
    return made


def name_period(indicator_id: str, area_id: str, year: int) -> dict[str, str] | None:
    """Say what is particular about the period of a row, or that the row is left out.

    Parameters
    ----------
    indicator_id, area_id : str
    year : int

    Returns
    -------
    dict of str to str or None
        Residents stand on one day. None for those of the country from the census on: it has its
        own figures, split by sex.

    Examples
    --------
    >>> name_period("live_births_persons", "MK-703", 2024)
    {}
    """
    if indicator_id != MIDYEAR:
        return {}
    if area_id == COUNTRY and year >= CENSUS:
        return None
    day = f"{year}-06-30"
    return {"period_start": day, "period_end": day, "status": "estimate"}
